"""Where the mathematics of a document stands: its text, spans, comments, tables, dialects."""
