"""Formulas for every size: sums over indices and operators, made into claims and proved."""
