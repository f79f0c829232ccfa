"""Formulas: small trees of tensor operators (`symconv.formula.nodes`)."""
