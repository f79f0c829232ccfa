"""What is said: claims, the files they stand in, and the words for verdicts on them."""
