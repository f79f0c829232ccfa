"""The views of a derivation by the name of their format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from symconv.notation import Notation
from symconv.telling.blocks import Block


def pieces(
    form: str, told: Iterable[Block], notation: Notation, comments: Sequence[str] = ()
) -> Iterator[str]:
    """Return the text of a derivation's blocks, piece by piece.

    Args:
        form: text, latex, standalone, markdown or mathml.
        told: what is told, in order.
        notation: how it is written.
        comments: lines for a reader of the source, in the formats that have comments.
    """
    match form:
        case "latex":
            from symconv.views import document

            return document.latex(told, notation, comments)
        case "standalone":
            from symconv.views import standalone

            return standalone.page(told, notation, comments)
        case "markdown":
            from symconv.views import document

            return document.markdown(told, notation, comments)
        case "mathml":
            from symconv.views import mathml

            return mathml.page(told, notation, comments)
        case "text":
            from symconv.views import plain

            return (f"{line}\n" for line in plain.lines(told, notation))
        case _:
            raise ValueError(f"no view is called {form}")
