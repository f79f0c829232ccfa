"""A letter that counts a tensor's elements, as it stands in the limits of a sum."""

from __future__ import annotations

from typing import NamedTuple

_PART = "\n"


class Counted(NamedTuple):
    """A letter that counts a tensor's elements on an axis, as one word of a limit.

    Attributes:
        letter: the letter.
        tensor: the tensor's name.
        axis: the axis, of those that slide.
        square: whether the same letter counts both axes.
        said: whether the document says so in words.
    """

    letter: str
    tensor: str
    axis: int
    square: bool = False
    said: bool = False

    @property
    def text(self) -> str:
        """Return all of it as one name, which no document can hold: names have no line breaks."""
        said = (self.letter, self.tensor, str(self.axis), "1" * self.square, "1" * self.said)
        return _PART.join(said)

    @classmethod
    def of(cls, name: str) -> Counted | None:
        """Return what a name says, None for the name of something else."""
        if _PART not in name:
            return None
        letter, tensor, axis, square, said = name.split(_PART)
        return cls(letter, tensor, int(axis), bool(square), bool(said))
