"""Mathematics to be shown: one small tree, and the media that write it.

Readings make the tree (of a formula, an element, a claim, a line of a derivation); what stands in
it is what a person sees, names and first index as a notation has them.  A medium writes it: text
in ASCII and in Unicode, LaTeX, and, where figures are drawn, runs of glyphs.
"""
