"""Statements about sizes, paddings and shapes."""
