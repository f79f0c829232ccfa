"""The sizes in operator formulas: how much is padded, by what is dilated, the stride.

A size says what holds on both axes: R - 1 is S - 1 on the width, u is v there.  Numbers hold for
the document's example only.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from symconv.documents.formulas import affine
from symconv.documents.formulas.convention import Notation
from symconv.documents.formulas.gathered import GatheredFormula
from symconv.documents.formulas.letters import HALVES
from symconv.documents.formulas.setting import mirrored
from symconv.documents.mathematics.syntax import Call, Expression, UnreadableError
from symconv.polynomial import Polynomial


class Operands:
    """Reads sizes, and remembers which letters and numbers occur.

    Attributes:
        formula: what the letters stand for.
        numbers: whether numbers occur, so that the formula is about the example alone.
        sides: whether the two amounts of a lone pair are before and after, on each axis, and not
            those of the two axes.
    """

    def __init__(
        self, reading: Notation, second: AbstractSet[str] = frozenset(), sides: bool = False
    ) -> None:
        self.reading = reading
        self.formula = GatheredFormula(reading, reading.rank, 0, second)
        self.numbers = False
        self.sides = sides

    def amounts(self, arguments: tuple[Expression, ...]) -> str:
        """Return (before, after) for each axis: of R-1, (1, 2) or ((1, 1), (0, 2))."""
        if len(arguments) == 1 and isinstance(arguments[0], Call) and not arguments[0].name:
            arguments = arguments[0].arguments
        if any(isinstance(a, Call) for a in arguments):
            pairs = [self.pair(a) for a in arguments]
            if len(pairs) == 1 and self.formula.rank == 1:
                pairs.append("(0, 0)")
        elif self.sides and len(arguments) == 2:
            before, after = (self.steps((a,), 0) for a in arguments)
            pairs = [f"({a}, {b})" for a, b in zip(before, after, strict=True)]
        else:
            pairs = [f"({a}, {a})" for a in self.steps(arguments, 0)]
        return f"({', '.join(pairs)})"

    def pair(self, argument: Expression) -> str:
        """Return the two amounts of one axis."""
        match argument:
            case Call("", (before, after)):
                self.numbers |= any(map(self.is_number, (before, after)))
                return f"({self.written(before)}, {self.written(after)})"
            case _:
                raise UnreadableError("this is no (before, after) pair", *argument.place)

    def steps(self, arguments: tuple[Expression, ...], idle: int) -> list[str]:
        """Return one size for each axis; where there is one axis, ``idle`` on the other."""
        if len(arguments) == 1 and isinstance(arguments[0], Call) and not arguments[0].name:
            arguments = arguments[0].arguments
        self.numbers |= any(map(self.is_number, arguments))
        sizes = [self.formula.polynomial(a) for a in arguments]
        if len(sizes) == 1:
            flat = Polynomial.constant(idle)
            one_axis = self.formula.rank == 1
            sizes.append(flat if one_axis else mirrored(sizes[0]))
        names = {name for size in sizes for name in size.names}
        odd = [f"{extent} % 2 == 1" for extent, half in HALVES.items() if half in names]
        self.formula.where.update(dict.fromkeys(odd))
        return [affine.text(size) for size in sizes]

    def written(self, argument: Expression) -> str:
        """Return one size."""
        return affine.text(self.formula.polynomial(argument))

    def is_number(self, argument: Expression) -> bool:
        """Whether a size is a number of an example; 0 is 0 in every one."""
        return bool(self.formula.polynomial(argument).value)
