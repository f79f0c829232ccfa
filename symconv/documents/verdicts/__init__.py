"""The verdicts on element equations: what is wrong, at which term, and how it is mended."""
