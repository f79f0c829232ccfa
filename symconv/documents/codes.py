"""The stable list of codes: what each kind of slip is, with an example and the way out."""

from __future__ import annotations

from dataclasses import dataclass

from symconv.errors import SymconvError


class UnknownCodeError(SymconvError):
    """There is no such code."""


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of slip.

    Attributes:
        code: SC and three digits; never given to another meaning.
        name: in two or three words.
        meaning: what is wrong.
        example: a wrong equation, and what it should be.
    """

    code: str
    name: str
    meaning: str
    example: str


_WINDOW = "(3x3 filter, stride 2, indices from 0)"
CODES = {
    c.code: c
    for c in (
        Code(
            "SC201", "wrong term",
            "A product has a wrong element: its index is not the one that meets the other factor "
            "in this output's window. The index follows from m = p*u + r*d - padding on each axis.",
            rf"\frac{{\partial L}}{{\partial x_{{22}}}} = .. + \frac{{\partial L}}"
            rf"{{\partial y_{{10}}}} f_{{20}} + ..: write f_{{02}} {_WINDOW}",
        ),
        Code(
            "SC202", "missing term",
            "A product that adds to this element is not there: every window that covers an input "
            "counts, and every output counts for a filter element.",
            r"y_{0} = x_{0}f_{0} + x_{2}f_{2}: add x_{1}f_{1}",
        ),
        Code(
            "SC203", "extra term",
            "A product stands there that does not add to this element: no window brings its two "
            "factors together here.",
            r"\frac{\partial L}{\partial x_{0}} = \delta_{0}f_{0} + \delta_{1}f_{1}: the second "
            "product belongs to another input",
        ),
        Code(
            "SC204", "repeated term", "A product stands there twice.",
            r"y_{0} = x_{0}f_{0} + x_{0}f_{0} + x_{1}f_{1}: write each product once",
        ),
        Code(
            "SC205", "wrong sign or coefficient",
            "Every product of a convolution is added once, with a plus.",
            r"y_{0} = x_{0}f_{0} - x_{1}f_{1}: write a plus",
        ),
        Code(
            "SC206", "wrong left-hand side",
            "The right side is, product by product, another element than the one on the left.",
            r"y_{01} = x_{00}f_{00} + x_{01}f_{01} + ..: that is y_{00}",
        ),
        Code(
            "SC207", "indices of two factors exchanged",
            "The two factors of a product carry each other's index.",
            rf"x_{{02}}f_{{24}} should be x_{{24}}f_{{02}} {_WINDOW}",
        ),
        Code(
            "SC208", "wrong local derivative",
            "The derivative of an output with respect to an input is the filter element that "
            "multiplies it (with respect to a filter element: the input), or 0 if they never meet.",
            r"\frac{\partial y_{01}}{\partial x_{02}} = f_{02}: write f_{00} (stride 2)",
        ),
        Code(
            "SC209", "chain-rule factors do not meet",
            "In dL/dy dy/dx both factors name the same output, and the second one differentiates "
            "by the element on the left.",
            r"\frac{\partial L}{\partial y_{00}} \frac{\partial y_{01}}{\partial x_{02}}: "
            "00 and 01 differ",
        ),
        Code(
            "SC210", "wrong cell",
            "A cell of a table or a matrix breaks the layout that the other cells show.",
            "x_{20} in row 1, column 0 of a grid of x: write x_{10}",
        ),
        Code(
            "SC211", "wrong number",
            "A number of a worked example does not follow from the numbers that are given for the "
            "other tensors.",
            r"with x = (1, 2, 3) and \frac{\partial L}{\partial y} = (1, 0): "
            r"\frac{\partial L}{\partial f_{1}} = 3 should be 2",
        ),
        Code(
            "SC220", "wrong index formula",
            "A formula with a sum over indices does not hold for every size; the message names the "
            "smallest sizes at which it fails.",
            r"\frac{\partial L}{\partial x_{mn}} = \sum_{ij} \frac{\partial L}{\partial y_{ij}} "
            r"f_{i-m, j-n}: write f_{m-i, n-j}",
        ),
        Code(
            "SC221", "wrong limits",
            "The products of a sum are right but its limits are not: they leave out elements or "
            "run past the tensor.",
            r"\sum_{r=0}^{R} x_{i+r} f_{r}: the last r is R-1",
        ),
        Code(
            "SC230", "wrong operator formula",
            "A formula of convolution, padding and rotation does not hold; where a sign can mean "
            "convolution or correlation, neither reading holds.",
            r"\frac{\partial L}{\partial X} = \text{full conv}(\frac{\partial L}{\partial Y}, F) "
            "as correlation: the filter has to be rotated by 180 degrees",
        ),
        Code(
            "SC240", "wrong size",
            "The stated size is not the number of windows: P = floor((H + padding - D)/u) + 1 with "
            "D = d*(R - 1) + 1.",
            "P = (H - R)/u: add 1",
        ),
        Code(
            "SC250", "wrong sentence",
            "A sentence says of every convolution what is true of some, or of none: one of a "
            "closed list that lectures get wrong. What is denied, supposed or quoted is left "
            "alone, and what the example beside it makes true.",
            "the number of zeros padded on either side is equal to the stride: it is the filter's "
            "extent less one",
        ),
    )
}  # fmt: skip


def explain(code: str) -> Code:
    """Return what a code means.

    Raises:
        UnknownCodeError: there is no such code.
    """
    known = CODES.get(code.strip().upper())
    if known is None:
        raise UnknownCodeError(f"there is no code {code!r}; the codes are {', '.join(CODES)}")
    return known
