"""Slides, and the parts of them that every kind of slides knows how to show."""

from __future__ import annotations

from dataclasses import dataclass

from symconv.claims.verdict import Proof
from symconv.figures.frames import Frame
from symconv.figures.labels import Label


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


@dataclass(frozen=True, slots=True)
class Command:
    """A command line."""

    text: str


Part = Prose | DisplayedSum | SlideTable | Drawing | JudgedStatement | Command


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide."""

    title: Label
    parts: tuple[Part, ...]
