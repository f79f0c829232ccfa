"""Which convolution formulas speak of, and in which notations they may be meant."""
