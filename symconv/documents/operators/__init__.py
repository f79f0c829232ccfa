"""Operator formulas: pad, dilate, rotate, convolve, made into claims and proved."""
