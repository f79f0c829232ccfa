r"""The derivation for symbolic sizes, one axis at a time: why the closed forms are what they are.

On an axis, with D = d(R - 1) + 1 and padding (lo, hi), the product x_m f_r is part of y_p iff
m = pu + rd - lo.  Everything here rewrites this one equation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from symconv.figures.labels import words
from symconv.lecture.slide import General, Part, Prose, Slide
from symconv.telling.writers import Latex

SIZES = (
    r"D = d(R-1)+1, \qquad P = \left\lfloor \frac{H+\ell+h-D}{u} \right\rfloor + 1, \qquad "
    r"\rho = (H+\ell+h-D) \bmod u"
)

INPUT_SIZE = r"(P-1)u + 1 + (D-1-\ell) + (D-1-h+\rho) - (D-1) = H"

FILTER_SIZE = (
    r"\left\lfloor \frac{(H+\ell+h-\rho) - ((P-1)u+1)}{d} \right\rfloor + 1 "
    r"= \frac{D-1}{d} + 1 = R"
)


@dataclass(frozen=True)
class _Counting:
    """What depends on where indices begin.

    Attributes:
        base: the first index, 0 or 1.
    """

    base: int

    def first(self, index: str) -> str:
        """Return how many elements come before an index."""
        return f"({index}-1)" if self.base else index

    @property
    def one(self) -> str:
        """The first index as a summand."""
        return " + 1" if self.base else ""

    def last(self, extent: str) -> str:
        """Return the last index of an axis."""
        return extent if self.base else f"{extent}-1"

    @property
    def padded(self) -> str:
        """The input that meets r in p, in the padded input."""
        return f"{self.first('p')}u + {self.first('r')}d{self.one}"

    @property
    def read(self) -> str:
        """The input that meets r in p."""
        return rf"{self.padded} - \ell"

    @property
    def forward(self) -> str:
        """The forward pass."""
        return rf"y_p = \sum_{{r={self.base}}}^{{{self.last('R')}}} x_{{{self.read}}}\, f_r"

    @property
    def input_sum(self) -> str:
        """The gradient of the input."""
        return (
            rf"\frac{{\partial L}}{{\partial x_m}} = \sum_{{(r,p)\,:\,m = {self.read}}} "
            r"\frac{\partial L}{\partial y_p} f_r"
        )

    @property
    def filter_sum(self) -> str:
        """The gradient of the filter."""
        return (
            rf"\frac{{\partial L}}{{\partial f_r}} = \sum_{{p={self.base}}}^{{{self.last('P')}}} "
            rf"\frac{{\partial L}}{{\partial y_p}} x_{{{self.read}}}"
        )

    @property
    def positions(self) -> str:
        """Where the dilated, padded gradient has output p, and the rotated filter element r."""
        dilated = "D" if self.base else "D-1"
        rotated = "R-r+1" if self.base else "R-1-r"
        return rf"i = {self.first('p')}u + {dilated}-\ell, \qquad k = {rotated}"

    @property
    def window(self) -> str:
        """That the window of m is the relation."""
        dilated, turned = ("D", "R-r") if self.base else ("D-1", "R-1-r")
        return rf"m + ({turned})d = {self.first('p')}u + {dilated}-\ell \iff m = {self.read}"


def slides(only: str, write: Latex) -> Iterator[Slide]:
    """Yield the slides that derive the gradients for any sizes.

    Args:
        only: ``all``, ``input`` or ``filter``.
        write: gives the letters of input, filter and output, and where indices begin.
    """
    for told in _slides(only, _Counting(write.notation.base)):
        yield Slide(told.title, tuple(_lettered(part, write) for part in told.parts))


def _lettered(part: Part, write: Latex) -> Part:
    """Return a part with the letters x, f and y as the notation has them."""
    if not isinstance(part, General):
        return part
    letters = {"x": write.letter("X"), "f": write.letter("F"), "y": write.letter("Y")}
    latex = re.sub(r"\b([xfy])_", lambda found: f"{letters[found[1]]}_", part.latex)
    return General(latex, part.lines)


def _slides(only: str, counting: _Counting) -> Iterator[Slide]:
    yield _relation(counting)
    if only in ("all", "input"):
        yield _input(counting)
    if only in ("all", "filter"):
        yield _filter(counting)


def _slide(title: str, *parts: Part) -> Slide:
    return Slide(words(title), parts)


def _relation(counting: _Counting) -> Slide:
    return _slide(
        "Any sizes: one relation between three indices",
        Prose(words("Height and width are independent; on one axis, with u for the stride, d for "
                    "the dilation, and padding before and after:")),
        General(SIZES, 2),
        General(counting.forward, 2),
        Prose(words("So an input meets a filter element in an output exactly when")),
        General(f"m = {counting.read}"),
        Prose(words("The forward pass sums over it at fixed p, the two gradients at fixed m and at "
                    "fixed r.")),
    )  # fmt: skip


def _input(counting: _Counting) -> Slide:
    read = f"m + {counting.first('k')}d"
    return _slide(
        "Any sizes: the input gradient",
        General(counting.input_sum, 2),
        Prose(words("Dilated by u and padded, the gradient of output p lies at position i; the "
                    "filter, rotated, has element r at position k:")),
        General(counting.positions),
        Prose(words(f"The window of m reads i = {read} there, and that is the relation again:")),
        General(counting.window),
        Prose(words("The padding at the end makes the size right:")),
        General(INPUT_SIZE, 1),
    )  # fmt: skip


def _filter(counting: _Counting) -> Slide:
    output, element = (f"{counting.first(i)}{n}{counting.one}" for i, n in ("pu", "rd"))
    return _slide(
        "Any sizes: the filter gradient",
        General(counting.filter_sum, 2),
        Prose(words(f"In the padded input the index is {counting.padded}. The dilated gradient "
                    f"has output p at position {output}, and its window for filter element r "
                    f"begins at {element}: stride and dilation have changed places, and nothing "
                    "is rotated.")),
        Prose(words("Without the rows that no window reached, the size is right:")),
        General(FILTER_SIZE, 2),
    )  # fmt: skip
