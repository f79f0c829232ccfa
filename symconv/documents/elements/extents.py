"""How far a tensor reaches, as a document shows it."""

from dataclasses import dataclass

Index = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Extents:
    """A grid that shows a whole tensor: its name, where it stands, its least and greatest index."""

    name: str
    offset: int
    least: Index
    greatest: Index
