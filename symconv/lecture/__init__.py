"""The lecture: the order of its slides and what is on them, whatever they are written in."""
