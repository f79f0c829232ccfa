"""Benchmarks: ratios against a named baseline, timed in the same run."""
