"""Reads convolutions in Python as index sums, without running them, and proves their gradients."""
