"""Somebody's convolution, run and judged: `verify`, and the functions of `symconv.testing`."""
