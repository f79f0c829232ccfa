"""The two roads to Y, dX and dF: forward equations that sympy differentiates, and the relation."""
