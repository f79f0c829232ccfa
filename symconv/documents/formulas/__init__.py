"""What formulas for every size are made of: letters, indices, sizes, what a document defines."""
