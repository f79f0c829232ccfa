"""Slides, and the parts of them that every kind of slides knows how to show."""

from __future__ import annotations

from dataclasses import dataclass

from symconv.claims.verdict import Proof, Scope
from symconv.errors import how_many
from symconv.figures.frames import Frame
from symconv.figures.labels import Label
from symconv.telling.words import VERDICTS


@dataclass(frozen=True, slots=True)
class Prose:
    """A sentence."""

    label: Label


@dataclass(frozen=True, slots=True)
class DisplayedSum:
    """An equation, set off, in one line or several; or several equations below each other."""

    lines: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class SlideTable:
    """A table; the first row is its head."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure in one step or several, shown one after the other.

    Attributes:
        name: a short name, for a file.
        frames: the steps.
        caption: whether the captions belong to the picture.
    """

    name: str
    frames: tuple[Frame, ...]
    caption: bool = True


@dataclass(frozen=True, slots=True)
class JudgedStatement:
    """A statement with its verdict, and what that means here."""

    label: Label
    proof: Proof
    consequence: str = ""

    @property
    def verdict(self) -> str:
        """The verdict in capitals."""
        return VERDICTS[self.proof.verdict]

    @property
    def scope(self) -> str:
        """What the verdict is about, and how it was come by, as one says it aloud."""
        proof = self.proof
        if proof.reason:
            return f": {proof.reason}"
        if proof.proved and proof.scope is Scope.THIS_SIZE:
            return f" for {proof.scope}, all {how_many(proof.elements, 'element')}, term by term"
        return f" for {proof.scope}"


@dataclass(frozen=True, slots=True)
class Command:
    """A command line."""

    text: str


Part = Prose | DisplayedSum | SlideTable | Drawing | JudgedStatement | Command


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide.

    Attributes:
        title: its heading.
        parts: what is on it, from top to bottom.
        notes: what the lecturer may say, for those who hold the lecture alone.
    """

    title: Label
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()
