"""What a formula is: a small tree of tensor operators (`symconv.formula.nodes`)."""
