"""What letters and numbers mean: names, sizes, stride, padding, and where an example changes."""
