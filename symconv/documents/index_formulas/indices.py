"""Index formulas as they stand: target, sums and the elements that are multiplied.

    \\frac{\\partial L}{\\partial x_{mn}}
        = \\sum_{ij} \\frac{\\partial L}{\\partial y_{ij}} f_{m-ui,n-vj}

has the target dX with the free indices m and n, the ranges i and j, and the reads dY[i,j] and
F[m - i*u, n - j*v].  What it claims depends on the convolution that it is about
(`symconv.documents.formulas.relation`); the claim's text is made in
`symconv.documents.index_formulas.claims`.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from symconv.documents.formulas import affine
from symconv.documents.formulas.convention import Notation
from symconv.documents.formulas.definitions import Definitions
from symconv.documents.formulas.gathered import GatheredFormula
from symconv.documents.formulas.index_words import index_parts
from symconv.documents.formulas.layers import note
from symconv.documents.formulas.letters import BEFORE, DILATIONS, EXTENTS, STRIDES
from symconv.documents.formulas.parts import MADE, LocalFactor, StatedRange, TensorRead
from symconv.documents.formulas.stated import StatedBound
from symconv.documents.index_formulas.centred import centred
from symconv.documents.index_formulas.guards import hold
from symconv.documents.index_formulas.limits import limits
from symconv.documents.mathematics.reader import read
from symconv.documents.mathematics.relations import relation
from symconv.documents.mathematics.syntax import (
    BigSum,
    Derivative,
    Differential,
    Expression,
    Indicator,
    Number,
    Symbol,
    UnreadableError,
    WrittenProduct,
    WrittenSum,
)
from symconv.documents.mathematics.walk import children, walk
from symconv.documents.notation.names import is_bias_name
from symconv.documents.notation.reading import NotationReading
from symconv.documents.operators.formula import CORRELATION, Operators
from symconv.documents.source.place import Place
from symconv.errors import how_many
from symconv.polynomial import Polynomial

_TRANSPOSED = "a local derivative of a transposed convolution is not read"
_MOST = 16
"""So many conditions are put to the proof: two axes need eight."""


@dataclass(frozen=True, slots=True)
class IndexFormula:
    """An index formula.

    Attributes:
        target: dX, dF or Y.
        free: the indices on the left, in the names of the claim.
        formula: sums, factors and letters.
        place: the left side.
    """

    target: str
    free: tuple[str, ...]
    formula: GatheredFormula
    place: Place

    @property
    def stated(self) -> bool:
        """Whether a sum has limits."""
        limited = any(r.low is not None or r.high is not None for r in self.formula.ranges)
        return limited or bool(self.formula.guards)

    @property
    def numbered(self) -> bool:
        """Whether a limit is a number."""
        return any(r.high is not None and r.high.value is not None for r in self.formula.ranges)

    @property
    def one_sided(self) -> str:
        """A letter of the one axis of the input that has any, as in x_{ui+r,j+s}; "" for none."""
        steps = {*STRIDES, *DILATIONS, *BEFORE}
        own = [part.names & steps for one in self.formula.reads if one.tensor == "X"
               for part in one.index]  # fmt: skip
        if all(own) or not any(own):
            return ""
        letter = min(frozenset().union(*own))
        return self.formula.spelled.get(letter, letter)

    @property
    def usual(self) -> bool:
        """Whether the factors are those of the target: x and f of y, dy and f of dx."""
        roles = {read.tensor for read in self.formula.reads}
        roles |= {"F" if local.wrt == "X" else "X" for local in self.formula.locals}
        return not roles <= {"X", "F", "Y", "dX", "dF", "dY"} or roles == set(MADE[self.target])

    @property
    def slides(self) -> bool:
        """Whether an index adds up two others, as in every sum over windows.

        Without a sum a local derivative is that of an activation: dL/dz_ij = dL/da_ij da_ij/dz_ij.
        """
        letters = {*self.formula.names.values()}
        indices = [part for read in self.formula.reads for part in read.index]
        indices += self.formula.conditions
        if self.formula.locals:
            return bool(self.formula.ranges)
        return any(len(letters & part.names) > 1 for part in indices)

    @property
    def chain_rule(self) -> bool:
        """Whether it is dL/dx_mn = sum_ij dL/dy_ij dy_ij/dx_mn, over all of y, and nothing else."""
        formula = self.formula
        if len(formula.reads) != 1 or len(formula.locals) != 1:
            return False
        if formula.conditions or formula.guards:
            return False
        summed = [Polynomial.name(r.name) for r in formula.ranges]
        (upstream,), (local,) = formula.reads, formula.locals
        return (
            upstream.tensor == "dY"
            and upstream.index == local.above == summed
            and local.below == [Polynomial.name(name) for name in self.free]
            and local.wrt == self.target.removeprefix("d")
            and all(map(self._whole, formula.ranges, EXTENTS["Y"]))
        )

    def _whole(self, range_: StatedRange, extent: str) -> bool:
        base = Polynomial.constant(self.formula.base)
        last = Polynomial.name(extent) + base - 1
        return range_.low in (None, base) and range_.high in (None, last)


def index_formula(
    left: Expression,
    right: Expression,
    reading: Notation,
    base: int,
    second: AbstractSet[str] = frozenset(),
    definitions: Definitions | None = None,
    bounds: Sequence[StatedBound] = (),
) -> IndexFormula:
    """Return an index formula as it stands.

    Args:
        left: the element that is computed.
        right: the sum.
        reading: the notation, as far as it is known.
        base: the first index.
        second: letters that are read in their second meaning.
        definitions: tensors that the document defines.
        bounds: what is said of the summed indices behind the formula.

    Raises:
        UnreadableError: a letter, an index or a construct that is not known.
    """
    definitions = definitions or Definitions()
    formula = GatheredFormula(reading, _rank(left), base, second)
    target, local = _target(left, formula)
    free = list(formula.names.values())
    formula.kronecker = local is not None
    if isinstance(left, Symbol) and local is None and isinstance(right, WrittenSum):
        right = _without_letter(right, formula)
    body(right, formula, definitions, bounds)
    formula.squared()
    if local is not None:
        formula.reads.insert(0, local)
        for axis, name in enumerate(free[: formula.rank]):
            formula.ranges.insert(axis, StatedRange(name, left.place))
        free = free[formula.rank :]
    return IndexFormula(target, tuple(free), formula, left.place)


def bases(right: Expression, reading: Notation) -> Sequence[int]:
    """Return the first indices that a formula may have, the likeliest first."""
    starts = [
        "0" if any(t.kind == "-" for t in s.below) else s.below[-1].text
        for s in walk(right)
        if isinstance(s, BigSum) and s.above and s.below
    ]
    if reading.base is not None:
        return reading.base, 1 - reading.base
    if starts:
        return (1,) if starts[0] == "1" and "0" not in starts else (0,)
    return 0, 1


def _rank(left: Expression) -> int:
    """Return the number of axes: the parts of the index on the left."""
    symbol = left.wrt if isinstance(left, Derivative) else left
    if isinstance(symbol, Differential) and symbol.of is not None:
        symbol = symbol.of
    if not isinstance(symbol, Symbol) or not symbol.index:
        return 2
    one = symbol.index[0]
    count = len(symbol.index) if len(symbol.index) > 1 else 1 + (len(one) == 2)
    if count > 2:
        raise UnreadableError(f"an index with {how_many(count, 'part')}", *left.place)
    return count


def _target(left: Expression, formula: GatheredFormula) -> tuple[str, TensorRead | None]:
    """Return the target's name, and for a local derivative the factor dY that it multiplies."""
    match left:
        case Derivative(of, wrt) if of.index is None:
            formula.derived(of)
            gradient = "d" + formula.role(wrt.name, wrt.place)
            return _declared(formula.tensor(gradient), wrt, formula), None
        case Differential(Symbol() as wrt, "d"):
            gradient = "d" + formula.role(wrt.name, wrt.place)
            return _declared(formula.tensor(gradient), wrt, formula), None
        case Derivative(of, wrt):
            if formula.reading.transposed:
                raise UnreadableError(_TRANSPOSED, *of.place)
            if formula.role(of.name, of.place) != "Y":
                raise UnreadableError(f"'{of.name}' is not the output here", *of.place)
            _declared("Y", of, formula)
            above = TensorRead("dY", formula.index(of))
            return _declared("d" + formula.role(wrt.name, wrt.place), wrt, formula), above
        case Symbol(name, _, place):
            return _declared(formula.tensor(formula.role(name, place)), left, formula), None
        case _:
            raise UnreadableError("the left side is no element", *left.place)


def _declared(target: str, symbol: Symbol, formula: GatheredFormula) -> str:
    """Declare the letters of a target's index: each stands alone."""
    if target not in ("Y", "dX", "dF"):
        raise UnreadableError("the left side is given, not computed", *symbol.place)
    for axis, part in enumerate(index_parts(symbol, formula.rank)):
        if len(part) != 1 or part[0].kind != "letter" or part[0].text in formula.names:
            raise UnreadableError(
                "the index on the left is not a letter for each axis",
                *(symbol.index_place or symbol.place),
            )
        formula.declare(part[0].text)
        formula.axes[part[0].text] = axis
    return target


def body(
    expression: Expression,
    formula: GatheredFormula,
    definitions: Definitions,
    bounds: Sequence[StatedBound] = (),
) -> None:
    """Read sum signs and the product behind them, and what is said of the summed indices."""
    _sum(expression, formula, definitions)
    summed = {range_.name for range_ in formula.ranges}
    for bound in bounds:
        if any(formula.names.get(word.text) in summed for word in bound.words):
            hold(bound.words, formula)
    if len(formula.guards) + len(formula.conditions) > _MOST:
        reason = f"more than {_MOST} conditions on the indices of one sum"
        raise UnreadableError(reason, *expression.place)
    centred(formula)


def _sum(expression: Expression, formula: GatheredFormula, definitions: Definitions) -> None:
    if isinstance(expression, WrittenSum):
        terms = [t for sign, t in expression.terms if not (sign == 1 and _is_bias(t, formula))]
        if len(terms) != 1 or any(sign != 1 for sign, _ in expression.terms):
            raise UnreadableError("a formula of several sums", *expression.place)
        expression = terms[0]
    while isinstance(expression, BigSum):
        limits(expression, formula)
        expression = expression.of
    factors = expression.factors if isinstance(expression, WrittenProduct) else (expression,)
    indicated = any(isinstance(factor, Indicator) for factor in factors)
    for factor in factors:
        if isinstance(factor, BigSum):
            _sum(factor, formula, definitions)
        elif not (indicated and _indicates(factor)):
            _factor(factor, formula, definitions)


def _without_letter(added: WrittenSum, formula: GatheredFormula) -> Expression:
    """Return a forward sum without the one letter that it adds and that is nothing else."""
    rest = [
        (sign, term)
        for sign, term in added.terms
        if not (sign == 1 and isinstance(term, Symbol) and _is_unknown(term, formula))
    ]
    return (
        WrittenSum(tuple(rest), added.place) if len(rest) == 1 and len(added.terms) == 2 else added
    )


def _is_unknown(term: Symbol, formula: GatheredFormula) -> bool:
    known = formula.reading.role(term.name) or formula.names.get(term.name)
    return term.index is None and not known


def _indicates(factor: Expression) -> bool:
    """Whether a factor is the 1 or the I before a condition."""
    match factor:
        case Number(value):
            return value == 1
        case Symbol("I" | "\\chi", None):
            return True
    return False


def _is_bias(expression: Expression, formula: GatheredFormula) -> bool:
    """Whether a term is the bias: one number, or one for each output as in b_{ij}."""
    if not isinstance(expression, Symbol) or not is_bias_name(expression.name):
        return False
    own = [token.text for part in expression.index or () for token in part]
    return not own or own == list(formula.names)[: formula.rank]


def _factor(factor: Expression, formula: GatheredFormula, definitions: Definitions) -> None:
    match factor:
        case Indicator(words) | Symbol("I" | "\\chi", (words,)) if any(map(relation, words)):
            hold(words, formula)
        case Symbol("\\delta", (a,)) if formula.kronecker and len(a) > 2:
            formula.conditions.append(affine.polynomial(read(a), formula.symbol))
        case Symbol("\\delta", (a, b)) if formula.kronecker:
            both = (affine.polynomial(read(side), formula.symbol) for side in (a, b))
            formula.conditions.append(next(both) - next(both))
        case Symbol(name, index, place) if index is not None:
            if (defined := definitions.find(name)) is not None:
                formula.reads.append(TensorRead(_written(defined, formula), formula.index(factor)))
                return
            tensor = formula.tensor(_tensor(name, place, formula))
            formula.reads.append(TensorRead(tensor, formula.index(factor)))
        case Derivative(of, wrt, place) if of.index is None:
            formula.derived(of)
            gradient = "d" + formula.role(wrt.name, place)
            formula.reads.append(TensorRead(formula.tensor(gradient), formula.index(wrt)))
            formula.kronecker |= gradient == "dY"
        case Differential(Symbol() as wrt, "d", place):
            gradient = "d" + formula.role(wrt.name, place)
            formula.reads.append(TensorRead(formula.tensor(gradient), formula.index(wrt)))
        case Derivative(of, wrt):
            formula.locals.append(_local(of, wrt, formula))
        case Symbol(name, None):
            reason = f"{name} is no element; a sum beside an activation or a number is not judged"
            raise UnreadableError(reason, *factor.place)
        case _:
            raise UnreadableError("this factor is not understood", *factor.place)


def _tensor(name: str, place: Place, formula: GatheredFormula) -> str:
    """Return the tensor that a name stands for; delta is the output's gradient by custom."""
    reading = formula.reading
    if name in reading.gradients:
        return "dY"
    if name.split("^")[0] == "\\delta" and reading.role(name) is None:
        if isinstance(reading, NotationReading):
            formula.guessed[name] = "output's gradient"
        note("Y", name, formula.layers, place)
        return "dY"
    return formula.role(name, place)


def _written(defined: Expression, formula: GatheredFormula) -> str:
    """Return a tensor that the document defines in the claim language."""
    one_axis = formula.rank == 1
    operators = Operators(formula.reading, CORRELATION, second=formula.second, sides=one_axis)
    text = operators.tensor(defined)
    if operators.numbers:
        raise UnreadableError("numbers in the definition of a tensor", *defined.place)
    for family, style in operators.formula.used.items():
        formula.used.setdefault(family, style)
    formula.where.update(operators.formula.where)
    formula.guessed.update(operators.formula.guessed)
    return text


def _local(of: Symbol, wrt: Symbol, formula: GatheredFormula) -> LocalFactor:
    """Return a factor dy_ij/dx_mn or dy_ij/df_rs."""
    if formula.role(of.name, of.place) != "Y":
        raise UnreadableError(f"'{of.name}' is not the output here", *of.place)
    if formula.reading.transposed:
        raise UnreadableError(_TRANSPOSED, *of.place)
    role = formula.role(wrt.name, wrt.place)
    if role not in ("X", "F"):
        raise UnreadableError(f"'{wrt.name}' is neither input nor filter here", *wrt.place)
    return LocalFactor(formula.index(of), formula.index(wrt), role, of.place)


def is_index_formula(expression: Expression) -> bool:
    """Whether letters stand for indices somewhere in an expression."""
    match expression:
        case Symbol(_, index):
            return index is not None and any(t.kind == "letter" for part in index for t in part)
        case BigSum():
            return True
        case Derivative() | Differential() | WrittenProduct() | WrittenSum():
            return any(map(is_index_formula, children(expression)))
        case _:
            return False  # sizes have letters below them, too: k_h
