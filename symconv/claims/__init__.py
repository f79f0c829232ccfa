"""Claims: their parts, the files that hold them, and the verdicts on them."""
