"""Content apart from media: blocks, their order, stories, and the words of verdicts."""
