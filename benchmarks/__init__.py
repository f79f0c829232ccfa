"""Measurements, each as a multiple of importing sympy, and long runs."""
