"""What is told, apart from the media: blocks, their order, stories, and the words of verdicts."""
