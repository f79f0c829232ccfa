"""LaTeX mathematics as text: words, the tree they make, and the statements of a span."""
