"""Channels, filters, batches and groups: indices that only say which convolution is meant."""
