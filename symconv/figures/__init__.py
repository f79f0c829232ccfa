"""Figures: what is in a frame, where it lies, in which colours; the drawing is the views' work."""
