"""The views of a derivation by the name of their format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symconv.blocks import Block
from symconv.notation import Notation


def pieces(form: str, told: Iterable[Block], notation: Notation, made_by: str) -> Iterator[str]:
    """Return the text of a derivation's blocks, piece by piece.

    Args:
        form: text, latex, standalone, markdown or mathml.
        told: what is told, in order.
        notation: how it is written.
        made_by: the command that makes it, for the formats that have comments.
    """
    match form:
        case "latex":
            from symconv.views import document

            return document.latex(told, notation, made_by)
        case "standalone":
            from symconv.views import standalone

            return standalone.page(told, notation, made_by)
        case "markdown":
            from symconv.views import document

            return document.markdown(told, notation, made_by)
        case "mathml":
            from symconv.views import mathml

            return mathml.page(told, notation, made_by)
        case "text":
            from symconv.views import plain

            return (f"{line}\n" for line in plain.lines(told, notation))
        case _:
            raise ValueError(f"no view is called {form}")
