r"""One axis of an operator formula: where the elements of two tensors meet in a third.

pad, crop, dilate and rotate move the elements of a row: element i stands at ``scale * i + offset``
of ``extent`` places.  What slides over what then says where elements meet,

    out * stride + dilation * place in b = place in a

which is an equation between three indices, as a sum over indices is one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from symconv.polynomial import ONE, ZERO, Polynomial

INPUT, FILTER, OUTPUT, TARGET = "X", "F", "Y", "target"
EXTENTS = {part: Polynomial.name(f"{part}#") for part in (INPUT, FILTER, OUTPUT)}


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """The elements of a tensor along one axis.

    Attributes:
        part: input, filter, or output for its gradient.
        scale: how far apart neighbours are; negative where they run backwards.
        offset: where the first element is.
        extent: how many places there are.
    """

    part: str
    scale: Polynomial
    offset: Polynomial
    extent: Polynomial

    @classmethod
    def whole(cls, part: str) -> PlacedRow:
        """Return a tensor as it is."""
        return cls(part, ONE, ZERO, EXTENTS[part])

    def padded(self, before: Polynomial, after: Polynomial) -> PlacedRow:
        """Return the row with zeros around it."""
        return replace(self, offset=self.offset + before, extent=self.extent + before + after)

    def dilated(self, step: Polynomial) -> PlacedRow:
        """Return the row with ``step - 1`` zeros between places."""
        return replace(
            self,
            scale=self.scale * step,
            offset=self.offset * step,
            extent=(self.extent - 1) * step + 1,
        )

    def turned(self) -> PlacedRow:
        """Return the row backwards."""
        return replace(self, scale=-self.scale, offset=self.extent - 1 - self.offset)

    def place(self) -> Polynomial:
        """Return where the element with the tensor's own index stands."""
        return self.scale * Polynomial.name(self.part) + self.offset


@dataclass(frozen=True, slots=True)
class RowMeeting:
    """What slides over what.

    Attributes:
        equation: what is 0 where elements meet.
        reach: how far the window can move.
        stride: how far it moves at once: reach / stride + 1 elements come out.
        parts: what meets.
    """

    equation: Polynomial
    reach: Polynomial
    stride: Polynomial
    parts: frozenset[str]


def slid(
    a: PlacedRow, b: PlacedRow, stride: Polynomial = ONE, dilation: Polynomial = ONE
) -> RowMeeting:
    """Return where elements meet when b slides over a, unturned, within it."""
    out = Polynomial.name(TARGET)
    equation = a.place() - stride * out - dilation * b.place()
    reach = a.extent - dilation * (b.extent - 1) - 1
    return RowMeeting(equation, reach, stride, frozenset({a.part, b.part}))


def scattered(
    a: PlacedRow, b: PlacedRow, stride: Polynomial, dilation: Polynomial, padding: Polynomial
) -> RowMeeting:
    """Return where elements meet in a transposed convolution of a with the filter b."""
    out = Polynomial.name(TARGET)
    equation = stride * a.place() + dilation * b.place() - padding - out
    reach = (a.extent - 1) * stride + dilation * (b.extent - 1) - padding * 2
    return RowMeeting(equation, reach, ONE, frozenset({a.part, b.part}))


def divided(whole: Polynomial, by: Polynomial) -> Polynomial | None:
    """Return a quotient by a number or a product of letters, None where it is no polynomial."""
    if by == ONE:
        return whole
    if len(by.terms) != 1:
        return None
    ((names, factor),) = by.terms.items()
    found: dict[tuple[str, ...], int] = {}
    for monomial, n in whole.terms.items():
        rest = list(monomial)
        for name in names:
            if name not in rest:
                return None
            rest.remove(name)
        if n % factor:
            return None
        found[tuple(rest)] = n // factor
    return Polynomial(found)
