r"""The derivation for symbolic sizes, one axis at a time: why the closed forms are what they are.

On an axis, with D = d(R - 1) + 1 and padding (lo, hi), the product x_m f_r is part of y_p iff
m = pu + rd - lo.  Everything here rewrites this one equation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from symconv.figures.labels import words
from symconv.lecture.slide import General, Part, Prose, Slide
from symconv.views.writers import Latex

SIZES = (
    r"D = d(R-1)+1, \qquad P = \left\lfloor \frac{H+\ell+h-D}{u} \right\rfloor + 1, \qquad "
    r"\rho = (H+\ell+h-D) \bmod u"
)

FORWARD = r"y_p = \sum_{r=0}^{R-1} x_{pu+rd-\ell}\, f_r"

RELATION = r"m = pu + rd - \ell"

INPUT_SUM = (
    r"\frac{\partial L}{\partial x_m} = \sum_{(r,p)\,:\,m = pu+rd-\ell} "
    r"\frac{\partial L}{\partial y_p} f_r"
)

FILTER_SUM = (
    r"\frac{\partial L}{\partial f_r} = \sum_{p=0}^{P-1} "
    r"\frac{\partial L}{\partial y_p} x_{pu+rd-\ell}"
)

INPUT_SIZE = r"(P-1)u + 1 + (D-1-\ell) + (D-1-h+\rho) - (D-1) = H"

FILTER_SIZE = (
    r"\left\lfloor \frac{(H+\ell+h-\rho) - ((P-1)u+1)}{d} \right\rfloor + 1 "
    r"= \frac{D-1}{d} + 1 = R"
)


def slides(only: str, write: Latex) -> Iterator[Slide]:
    """Yield the slides that derive the gradients for any sizes.

    Args:
        only: ``all``, ``input`` or ``filter``.
        write: gives the letters of input, filter and output.
    """
    for told in _slides(only):
        yield Slide(told.title, tuple(_lettered(part, write) for part in told.parts))


def _lettered(part: Part, write: Latex) -> Part:
    """Return a part with the letters x, f and y as the notation has them."""
    if not isinstance(part, General):
        return part
    letters = {"x": write.letter("X"), "f": write.letter("F"), "y": write.letter("Y")}
    latex = re.sub(r"\b([xfy])_", lambda found: f"{letters[found[1]]}_", part.latex)
    return General(latex, part.lines)


def _slides(only: str) -> Iterator[Slide]:
    yield _relation()
    if only in ("all", "input"):
        yield _input()
    if only in ("all", "filter"):
        yield _filter()


def _slide(title: str, *parts: Part) -> Slide:
    return Slide(words(title), parts)


def _relation() -> Slide:
    return _slide(
        "Any sizes: one relation between three indices",
        Prose(words("Height and width are independent; on one axis, with u for the stride, d for "
                    "the dilation, and padding before and after:")),
        General(SIZES, 2),
        General(FORWARD, 2),
        Prose(words("So an input meets a filter element in an output exactly when")),
        General(RELATION),
        Prose(words("The forward pass sums over it at fixed p, the two gradients at fixed m and at "
                    "fixed r.")),
    )  # fmt: skip


def _input() -> Slide:
    return _slide(
        "Any sizes: the input gradient",
        General(INPUT_SUM, 2),
        Prose(words("Dilated by u and padded, the gradient of output p lies at position i; the "
                    "filter, rotated, has element r at position k:")),
        General(r"i = pu + D-1-\ell, \qquad k = R-1-r"),
        Prose(words("The window of m reads i = m + kd there, and that is the relation again:")),
        General(r"m + (R-1-r)d = pu + D-1-\ell \iff m = pu + rd - \ell"),
        Prose(words("The padding at the end makes the size right:")),
        General(INPUT_SIZE, 1),
    )  # fmt: skip


def _filter() -> Slide:
    return _slide(
        "Any sizes: the filter gradient",
        General(FILTER_SUM, 2),
        Prose(words("In the padded input the index is pu + rd. The dilated gradient has output p "
                    "at position pu, and its window for filter element r begins at rd: stride and "
                    "dilation have changed places, and nothing is rotated.")),
        Prose(words("Without the rows that no window reached, the size is right:")),
        General(FILTER_SIZE, 2),
    )  # fmt: skip
