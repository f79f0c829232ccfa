"""Equations between elements of tensors, in sums, tables and matrices, still without a meaning."""
