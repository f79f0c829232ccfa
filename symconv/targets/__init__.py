"""Targets: a convolution and its gradients as source code for NumPy, PyTorch and JAX."""
