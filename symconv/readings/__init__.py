"""The ways to read a formula, one module each; adding one touches no other."""
