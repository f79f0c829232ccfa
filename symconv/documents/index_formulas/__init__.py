"""Sums over indices: read as they stand, made into claims, proved, or written out."""
