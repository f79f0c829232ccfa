"""symconv: the gradients of a convolution, derived symbolically and proved."""

__version__ = "0.1.0"
