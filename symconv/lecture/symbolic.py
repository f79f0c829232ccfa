"""The derivation for any sizes, on one axis: why the closed forms are what they are.

What is shown stands on the board of `symconv.symbolic`, where every step is a rule that is checked
by itself; here it is put in order, with the names of a notation and its first index.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from symconv.figures.labels import Atom, Label, MathematicsLabel, words
from symconv.formula.nodes import Pad
from symconv.lecture.slide import DisplayedSum, Prose, Slide
from symconv.mathematics.tree import (
    BinarySign,
    Comparison,
    FloorRatio,
    Juxtaposition,
    Kronecker,
    Mathematics,
    Numeral,
    Operation,
    Over,
    Quantity,
    Ratio,
    RelationSign,
    Restricted,
    Summation,
    Through,
    equation,
)
from symconv.notation import Notation
from symconv.polynomial import Polynomial
from symconv.symbolic import recognition, remainder, rules
from symconv.symbolic.amounts import polynomial
from symconv.symbolic.board import Definition, Rewriting, Rule
from symconv.symbolic.convolution import (
    ELEMENT,
    SPACE,
    SPREAD,
    TURNED,
    WEIGHT,
    WINDOW,
    Convolution,
    SymbolicAxis,
)
from symconv.symbolic.expressions import expression
from symconv.symbolic.reading import BoardReading, sized
from symconv.symbolic.steps import RULES, run


def slides(only: str, notation: Notation) -> Iterator[Slide]:
    """Yield the slides that derive the gradients for any sizes.

    Args:
        only: ``all``, ``input`` or ``filter``.
        notation: the letters of input, filter and output, and where indices begin.
    """
    yield _relation(_Derived("F" if only == "filter" else "X", notation))
    if only in ("all", "input"):
        yield from _input(_Derived("X", notation))
    if only in ("all", "filter"):
        yield from _filter(_Derived("F", notation))


@cache
def _convolution() -> Convolution:
    return Convolution.of(SPACE, rank=1)


@cache
def _run(wrt: str) -> dict[Rule, Rewriting]:
    """Return what each rule does on the way to the gradient with respect to X or F."""
    return dict(run(_convolution(), wrt, RULES[wrt]))


@dataclass(frozen=True)
class _Derived:
    """One gradient, derived on one axis.

    Attributes:
        wrt: X or F.
        notation: how it is written.
    """

    wrt: str
    notation: Notation

    @property
    def axis(self) -> SymbolicAxis:
        """The only axis."""
        return _convolution().axes[0]

    @property
    def done(self) -> dict[Rule, Rewriting]:
        """What each rule does."""
        return _run(self.wrt)

    @property
    def read(self) -> BoardReading:
        """How the board is read: once the filter's index is summed away, it names the element."""
        letters = self.axis.indices
        renamed = {letters[ELEMENT]: letters[WEIGHT]} if self.wrt == "F" else {}
        return BoardReading(self.notation, renamed)

    def equation(self, rule: Rule) -> Comparison:
        """Return the equation that a rule leads to, without its conditions."""
        said = self.said(rule)
        compared = said.of if isinstance(said, Restricted) else said
        assert isinstance(compared, Comparison)
        return compared

    def conditions(self, rule: Rule) -> tuple[Mathematics, ...]:
        """Return the conditions of the equation that a rule leads to."""
        said = self.said(rule)
        return said.conditions if isinstance(said, Restricted) else ()

    def said(self, rule: Rule) -> Comparison | Restricted:
        """Return the last statement of a rule."""
        read = self.read.statement(self.done[rule].statements[-1])
        assert isinstance(read, Comparison | Restricted)
        return read

    def definition(self, rule: Rule, name: str) -> Mathematics:
        """Return what a rule defines a tensor to be."""
        return self.read.statement(self._defined(rule, name))

    def _defined(self, rule: Rule, name: str) -> Definition:
        for statement in self.done[rule].statements:
            if isinstance(statement, Definition) and statement.name == name:
                return statement
        raise LookupError(name)

    def padding(self, name: str) -> tuple[Polynomial, Polynomial]:
        """Return what is padded before and behind in the end, the remainder by its name."""
        node = self._defined(remainder.REMAINDER, name).node
        assert isinstance(node, Pad)
        ((before, behind),) = node.amounts
        return polynomial(before), polynomial(behind)

    def extent(self, name: str) -> Polynomial:
        """Return the extent of a tensor that has a name on the board."""
        return self.done[remainder.REMAINDER].board.shape(name)[0]

    def index(self, of: Polynomial) -> Mathematics:
        """Return a polynomial as an index."""
        return self.read.index(expression(of))

    def letter(self, place: int) -> Mathematics:
        """Return one of the indices."""
        return Quantity(self.axis.indices[place])


def _relation(told: _Derived) -> Slide:
    axis = told.axis
    quotient = FloorRatio(sized(axis.room), sized(axis.u))
    rest = Operation(sized(axis.room), BinarySign.MODULO, sized(axis.u))
    m, p, r = (told.letter(place) for place in (ELEMENT, WINDOW, WEIGHT))
    return Slide(
        words("Any sizes: one relation between three indices"),
        (
            Prose(words("Height and width are independent.  On one axis, with stride {}, dilation "
                        "{}, and {} zeros before the input and {} behind it:",
                        *_shown(*map(sized, (axis.u, axis.d, axis.lo, axis.hi))))),
            _display(equation(sized(axis.P), _plus(quotient, Numeral(1))),
                     equation(sized(axis.rem), rest)),
            _display(told.equation(rules.FORWARD)),
            Prose(words("So an input element meets a filter element in an output exactly when")),
            _display(equation(m, told.index(axis.read))),
            Prose(words("The forward pass sums over it at fixed {}, the two gradients at fixed {} "
                        "and at fixed {}.", *_shown(p, m, r))),
        ),
    )  # fmt: skip


def _input(told: _Derived) -> Iterator[Slide]:
    axis = told.axis
    turned = equation(told.letter(WEIGHT), told.index(axis.R - 1 - _name(axis, TURNED)))
    divides, within = told.conditions(rules.TURN_FILTER)
    before, behind = told.padding(recognition.PADDED["X"])
    span = axis.d * (axis.R - 1)
    padded = _plus(sized(told.extent(recognition.DILATED)), sized(before), sized(behind))
    yield Slide(
        words("Any sizes: the input gradient, solved for the output"),
        (
            _display(_related(told.equation(rules.ONE_SUM))),
            Prose(words("As {} grows, {} falls: count the filter from its end, {}, and solve for "
                        "{}.", *_shown(told.letter(WEIGHT), told.letter(WINDOW), turned,
                                       told.letter(WINDOW)))),
            _display(told.equation(rules.TURN_FILTER)),
            Prose(words("There is such an output only where")),
            _display(divides, within),
            Prose(words("and elsewhere nothing is added: there the gradient of the output is read "
                        "between its elements, or outside of it.")),
        ),
    )  # fmt: skip
    yield Slide(
        words("Any sizes: the input gradient is a correlation"),
        (
            Prose(words("Zeros between the elements, zeros around them, and the filter read from "
                        "its end:")),
            _display(told.definition(recognition.DILATE_READS, recognition.DILATED),
                     told.definition(remainder.REMAINDER, recognition.PADDED["X"]),
                     told.definition(recognition.ROTATE, recognition.ROTATED)),
            _display(told.equation(recognition.ROTATE)),
            _display(told.equation(recognition.CORRELATE)),
            Prose(words("With the remainder behind, the size is right:")),
            _display(equation(_minus(padded, sized(span)), sized(axis.H))),
        ),
    )  # fmt: skip


def _filter(told: _Derived) -> Iterator[Slide]:
    axis = told.axis
    before, behind = told.padding(recognition.PADDED["F"])
    dilated = told.extent(recognition.DILATED)
    padded = _plus(sized(axis.H), sized(before), sized(behind))
    room = FloorRatio(_minus(padded, sized(dilated)), sized(axis.d))
    reached = axis.H + before + behind - dilated - axis.division.polynomial
    sides = (
        _plus(room, Numeral(1)),
        _plus(Ratio(sized(reached), sized(axis.d)), Numeral(1)),
        sized(axis.R),
    )
    r, p, i = (told.letter(place) for place in (WEIGHT, WINDOW, SPREAD))
    spread = equation(i, told.index(_name(axis, WINDOW) * axis.u))
    yield Slide(
        words("Any sizes: the filter gradient"),
        (
            _display(told.equation(rules.SOLVE_DELTAS)),
            Prose(words("For a given {} every output reads one input element: there is nothing to "
                        "solve, and nothing to rotate.  Put zeros between the elements of the "
                        "gradient, so that output {} stands at {}:", *_shown(r, p, spread))),
            _display(told.definition(recognition.DILATE_SUM, recognition.DILATED)),
            _display(told.equation(recognition.DILATE_SUM)),
            Prose(words("Between the outputs nothing is added.  From {} to the next one the window "
                        "moves by {}: the dilation plays the stride's part.",
                        *_shown(r, sized(axis.d)))),
        ),
    )  # fmt: skip
    yield Slide(
        words("Any sizes: the filter gradient is a correlation"),
        (
            Prose(words("Zeros around the input, less what no window reaches:")),
            _display(told.definition(remainder.REMAINDER, recognition.PADDED["F"])),
            _display(told.equation(recognition.PAD)),
            _display(told.equation(recognition.CORRELATE)),
            Prose(words("Without what no window reaches, the size is right:")),
            _display(Comparison(sides, (RelationSign.IS, RelationSign.IS))),
        ),
    )  # fmt: skip


def _related(said: Comparison) -> Comparison:
    """Return a sum with a delta as one over the indices for which its two sides are equal."""
    left, right = said.sides
    match right:
        case Summation(over, Juxtaposition((*factors, Juxtaposition((Kronecker(a, b),))))):
            indices = tuple(limit.index for limit in over if isinstance(limit, Through))
            related = Over(indices, equation(a, b))
            return equation(left, Summation((related,), Juxtaposition(tuple(factors))))
    raise LookupError("there is no sum with one delta")


def _name(axis: SymbolicAxis, place: int) -> Polynomial:
    return Polynomial.name(axis.indices[place])


def _plus(first: Mathematics, *others: Mathematics) -> Mathematics:
    for other in others:
        first = Operation(first, BinarySign.PLUS, other)
    return first


def _minus(left: Mathematics, right: Mathematics) -> Mathematics:
    return Operation(left, BinarySign.MINUS, right)


def _shown(*trees: Mathematics) -> tuple[Atom, ...]:
    return tuple(map(MathematicsLabel, trees))


def _display(*statements: Mathematics) -> DisplayedSum:
    lines: list[Label] = [(MathematicsLabel(statement),) for statement in statements]
    return DisplayedSum(tuple(lines))
