"""What one claim may cost: steps that are counted, seconds as the last resort, and memory."""
