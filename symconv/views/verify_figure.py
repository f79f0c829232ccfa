"""The wrong terms of what `verify` judged, as one picture."""

from __future__ import annotations

from symconv.figures.layout import Style, lay_out
from symconv.figures.palette import DARK, LIGHT
from symconv.figures.scene import stacked
from symconv.figures.wrong_terms import wrong_terms
from symconv.implementations.report import VerifyReport
from symconv.notation import Notation
from symconv.views.figure import encoded

FORMATS = ("svg", "png", "tikz")


def draw(report: VerifyReport, form: str, dark: bool) -> bytes | None:
    """Return the picture of all wrong gradients whose terms are known; None: there is none.

    Args:
        report: what was judged.
        form: svg, png or tikz.
        dark: whether light on dark.
    """
    frames = [frame for each in report.implementations for frame in wrong_terms(each)]
    if not frames:
        return None
    style = Style(Notation())
    scene = stacked(lay_out(frames, style, apart=True), 1)
    palette = DARK if dark else LIGHT
    said = "the terms that are there, and those that belong"
    return encoded([scene], form, palette, style.notation, said)
