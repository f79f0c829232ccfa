"""Find the equations about a convolution in somebody's document, and judge them.

A document becomes spans of mathematics, spans become tokens, tokens become statements; the
statements tell the notation, and each is judged against the relation of the geometry found.
Documents are data: nothing in them is executed, and no other file is read.
"""
