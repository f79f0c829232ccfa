"""Reads what stands on the board as mathematics to be shown, with the names of a notation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sympy

from symconv.formula.words import BESIDE_LEADING, LEADING, LayerAxis, letters
from symconv.mathematics.tree import (
    Addition,
    BinarySign,
    Comparison,
    Component,
    IndexGroup,
    Juxtaposition,
    Kronecker,
    Letter,
    LossGradient,
    Mathematics,
    Numeral,
    Operation,
    Partial,
    Quantity,
    Ratio,
    RelationSign,
    Restricted,
    Summation,
    Through,
    component,
    equation,
)
from symconv.notation import LOSS as LOSS_NAME
from symconv.notation import Notation
from symconv.polynomial import ONE, Polynomial
from symconv.readings import mathematics
from symconv.readings.elements import Namer
from symconv.readings.mathematics import Lettering
from symconv.symbolic.amounts import GROUPED, size
from symconv.symbolic.board import BoardEquation, Definition, Division, Statement
from symconv.symbolic.convolution import PLACES, Convolution, through
from symconv.symbolic.expressions import (
    LOSS,
    Between,
    Divides,
    Expr,
    is_element,
    polynomial,
    quotient,
)

FACTORS = ("dY", "D", "D'", "X", "E", "X'", "Y", "F", "F'")
"""The order of the factors of a product: as a lecturer writes them."""

_LEADING = tuple(axis.index for axis in LEADING)

LETTERS = (
    *letters(*PLACES),
    *(letter for letters_ in BESIDE_LEADING.values() for letter in letters_),
    *_LEADING,
    *(f"{letter}'" for letter in _LEADING),
)
"""The names of all indices; other names are sizes."""


@dataclass(frozen=True, slots=True)
class BoardReading:
    """Reads statements and what is named in sentences.

    On the board indices count from 0.  Where the notation counts from 1 the letters in a statement
    do, too: what stands for p on the board is p - 1.  Sentences are to be read in a notation that
    counts from 0: a polynomial in them does not say whether it is an index.

    Attributes:
        notation: names and the first index.
        renamed: other letters for some indices.
        convolution: whose leading indices tensors have; without one they have none.
    """

    notation: Notation
    renamed: Mapping[str, str] = field(default_factory=dict)
    convolution: Convolution | None = None

    @property
    def names(self) -> Namer:
        """What tensors and their elements are called."""
        return Namer(self.notation)

    def statement(self, of: Statement) -> Mathematics:
        """Return a statement."""
        match of:
            case BoardEquation(left, right):
                conditions: list[Mathematics] = []
                said = equation(self._factor(left), self._side(right, conditions))
                return Restricted(said, tuple(conditions)) if conditions else said
            case Definition(name, node, summed):
                names = Lettering(self._plane, crops=False)  # the rule pads, whatever the sign
                formula = mathematics.read(node, names)
                if summed:
                    limits = (self._through(*limit) for limit in through(summed))
                    formula = Summation(tuple(limits), formula)
                return equation(self._plane(name), formula)
            case Division(axis):
                rest = Operation(sized(axis.room), BinarySign.MODULO, sized(axis.u))
                reached = equation(sized((axis.P - 1) * axis.u), sized(axis.room - axis.rem))
                return Restricted(reached, (equation(sized(axis.rem), rest),))

    def name(self, thing: object) -> Mathematics:
        """Return what stands for a brace in a sentence."""
        match thing:
            case str():
                return self.tensor(thing)
            case Polynomial():
                return sized(thing)
            case _:
                return self._factor(thing)

    def tensor(self, name: str) -> Letter | LossGradient:
        """Return a whole tensor by its name on the board: X, dY, D, F'."""
        return self.names.whole(name.removesuffix("'"), primes=name.count("'"))

    def _plane(self, name: str) -> Mathematics:
        """Return a tensor with its leading indices: dY[n,k]."""
        whole = self.tensor(name)
        leading = self._leading(name)
        places = tuple(Quantity(axis.index) for axis in leading)
        return Component(whole, (IndexGroup(places, raised=True),)) if places else whole

    def _leading(self, name: str) -> tuple[LayerAxis, ...]:
        return self.convolution.leading(name) if self.convolution else ()

    def index(self, of: Expr) -> Mathematics:
        """Return an index: a polynomial, or one divided by another."""
        above, below = quotient(of)
        if below == ONE:
            return self._sized(self._shifted(above) + self.notation.base)
        divided = Ratio(self._sized(self._shifted(above)), sized(below))
        base = Numeral(self.notation.base)
        return Operation(divided, BinarySign.PLUS, base) if base.value else divided

    def _shifted(self, of: Polynomial) -> Polynomial:
        """Return what ``of`` is in the letters that are shown."""
        shown = {name: self.renamed.get(name, name) for name in of.names if name in LETTERS}
        base = self.notation.base
        return of.substitute({name: Polynomial.name(new) - base for name, new in shown.items()})

    def _sized(self, of: Polynomial) -> Mathematics:
        return sized(of, (*GROUPED, *LETTERS) if self.notation.base else GROUPED)

    def _element(self, of: Expr) -> Mathematics:
        name = of.base.name
        letter = self.names.letter(name.removesuffix("'"), primes=name.count("'"))
        first = len(self._leading(name))
        if not first:
            return component(letter, tuple(map(self.index, of.indices)))
        indices = tuple(map(self.index, of.indices))
        groups = IndexGroup(indices[:first], raised=True), IndexGroup(indices[first:])
        return Component(letter, tuple(group for group in groups if group.entries))

    def _factor(self, of: Expr) -> Mathematics:
        match of:
            case _ if of == LOSS:
                return Letter(LOSS_NAME)
            case sympy.Indexed() if is_element(of, "dY"):
                return Partial(Letter(LOSS_NAME), self._element(of))
            case sympy.Indexed():
                return self._element(of)
            case Between() | Divides():
                return self._bracket(of)
            case sympy.Derivative():
                return Partial(self._factor(of.expr), self._element(of.variables[0]))
            case sympy.KroneckerDelta():
                sides = sorted(of.args, key=lambda side: (not side.is_Symbol, str(side)))
                return Kronecker(*map(self.index, sides))
            case _:
                return self.index(of)

    def _side(self, of: Expr, conditions: list[Mathematics]) -> Mathematics:
        """Return a sum or a product; what its brackets say is put to the conditions."""
        if isinstance(of, sympy.Add):
            terms = sorted(of.args, key=_place)
            return Addition(tuple(self._side(term, conditions) for term in terms))
        if isinstance(of, sympy.Sum):
            body = self._product(of.function, conditions)
            return Summation(tuple(self._through(*limit) for limit in of.limits), body)
        return self._product(of, conditions)

    def _product(self, of: Expr, conditions: list[Mathematics]) -> Mathematics:
        factors: list[Mathematics] = []
        deltas: list[Mathematics] = []
        for factor in sorted(sympy.Mul.make_args(of), key=_place):
            match factor:
                case Between() | Divides():
                    conditions.append(self._bracket(factor))
                case sympy.KroneckerDelta():
                    deltas.append(self._factor(factor))
                case sympy.Sum():
                    factors.append(self._side(factor, conditions))
                case _:
                    factors.append(self._factor(factor))
        if deltas:  # what says where the terms are is not torn apart
            factors.append(Juxtaposition(tuple(deltas)))
        return Juxtaposition(tuple(factors)) if len(factors) != 1 else factors[0]

    def _through(self, index: Expr, first: Expr, last: Expr) -> Through:
        return Through(self.index(index), self.index(first), self.index(last))

    def _bracket(self, of: Expr) -> Comparison:
        sides = tuple(self._sized(self._shifted(polynomial(side))) for side in of.args)
        if isinstance(of, Divides):
            return Comparison(sides, (RelationSign.DIVIDES,))
        return Comparison(sides, (RelationSign.AT_MOST, RelationSign.AT_MOST))


def sized(of: Polynomial, grouped: Iterable[str] = GROUPED) -> Mathematics:
    """Return a polynomial as a lecturer writes it."""
    return mathematics.size(size(of, grouped))


def _place(factor: Expr) -> tuple[int, str]:
    match factor:
        case sympy.Indexed():
            return FACTORS.index(factor.base.name) if factor.base.name in FACTORS else 9, ""
        case sympy.Derivative():
            return 1, ""
        case sympy.Sum():
            return 10, ""
        case sympy.KroneckerDelta():
            return 11, _axis(factor)
        case Divides():
            return 12, _axis(factor)
        case _:
            return 13, _axis(factor)


def _axis(factor: Expr) -> str:
    """Return a key that puts the first axis before the second: m before n, and before both
    image, group and channel."""
    found = {symbol.name.rstrip("'") for symbol in factor.free_symbols}
    if len(found) == 1 and (name := found.pop()) in _LEADING:
        return f" {_LEADING.index(name)}"
    return "".join(sorted(s.name for s in factor.free_symbols if s.name in "ijmnopq"))
