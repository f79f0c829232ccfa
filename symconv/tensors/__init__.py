"""A tensor at one size: sympy expressions, or a table of terms."""
