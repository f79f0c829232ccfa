"""Verdicts, and what earns them."""
