r"""The gradient of the bias: every output adds it once, so \frac{\partial L}{\partial b} sums them.

\frac{\partial L}{\partial b} = \sum_{i,j} \frac{\partial L}{\partial y_{ij}}
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from symconv.documents.formulas import relation
from symconv.documents.formulas.convention import Notation
from symconv.documents.formulas.definitions import Definitions
from symconv.documents.formulas.gathered import GatheredFormula
from symconv.documents.formulas.letters import EXTENTS
from symconv.documents.formulas.limited import note, scope
from symconv.documents.formulas.parts import StatedRange
from symconv.documents.formulas.roles import element, factors_of
from symconv.documents.index_formulas.indices import bases, body
from symconv.documents.mathematics.syntax import (
    Derivative,
    Differential,
    Expression,
    Number,
    Symbol,
    UnreadableError,
    WrittenProduct,
)
from symconv.documents.mathematics.walk import mapped
from symconv.documents.notation.names import is_bias_name
from symconv.documents.source.place import Place
from symconv.documents.verdicts.verdict import (
    AGREE,
    NOT_JUDGED,
    WRONG,
    EquationVerdict,
    Finding,
    not_judged,
)
from symconv.polynomial import Polynomial

INDEX = "index"
_MOST_AXES = 2


def bias_of(left: Expression, right: Expression) -> Symbol | None:
    """Return the bias whose gradient is stated; None where two tensors meet: B may be a filter."""
    match left:
        case Derivative(Symbol(_, None), wrt) | Differential(Symbol() as wrt, "d"):
            return wrt if is_bias_name(wrt.name) and upstream(right) is not None else None
    return None


def upstream(right: Expression) -> Symbol | None:
    """Return the element of the output's gradient that is summed, None for another sum."""
    found = [element(factor) for factor in factors_of(right) if not _is_one(factor)]
    (only,) = found if len(found) == 1 else (None,)
    return only.symbol if only is not None and only.of is None else None


def _is_one(factor: Expression) -> bool:
    """Whether a factor is dy_ij/db, or 1."""
    match factor:
        case Number(value):
            return value == 1
        case Derivative(Symbol(_, tuple()), wrt):
            return is_bias_name(wrt.name)
    return False


def judge_bias_gradient(
    left: Expression, right: Expression, reading: Notation, place: Place
) -> EquationVerdict:
    """Return the verdict on a bias's gradient: a sum over all outputs, each once."""
    summed = upstream(right)
    if summed is None or not summed.index:
        return not_judged(INDEX, place, "this is no sum of the output's gradient", right.place)
    found = [_judged(left, right, summed, reading, place, b) for b in bases(right, reading)]
    order = (AGREE, NOT_JUDGED, WRONG)
    return min(found, key=lambda judgement: order.index(judgement.verdict))


def _judged(
    left: Expression, right: Expression, summed: Symbol, reading: Notation, place: Place, base: int
) -> EquationVerdict:
    parts = summed.index or ()
    rank = len(parts) if len(parts) > 1 else 1 + (len(parts[0]) == _MOST_AXES)
    formula = GatheredFormula(reading, rank, base)
    try:
        if isinstance(left, Derivative):
            formula.derived(left.of)
        body(_without_ones(right), formula, Definitions())
    except UnreadableError as unreadable:
        return not_judged(INDEX, place, unreadable.reason, unreadable.place)
    (read,) = formula.reads if len(formula.reads) == 1 else (None,)
    if read is None or read.tensor != "dY" or formula.conditions:
        return not_judged(INDEX, place, "this is no sum of the output's gradient", right.place)
    if Counter(read.index) != Counter(Polynomial.name(one.name) for one in formula.ranges):
        return not_judged(INDEX, place, "not every index of the output is summed", right.place)
    for range_ in formula.ranges:
        misses = list(_misses(range_, formula, base))
        if any(miss.names for miss in misses):
            return not_judged(INDEX, place, "whether this sum is over all outputs is not known",
                              range_.place)  # fmt: skip
        if any(misses):
            reason = "this sum is not over all outputs"
            findings = (Finding("SC221", range_.place, reason),)
            return EquationVerdict(WRONG, INDEX, place, "db", findings=findings)
    return EquationVerdict(AGREE, INDEX, place, "db", note=note(formula), scope=scope(formula))


def _without_ones(tree: Expression) -> Expression:
    """Return a sum without its factors dy_ij/db, which are 1."""
    match tree:
        case WrittenProduct(factors, signs, place):
            kept = tuple(_without_ones(factor) for factor in factors if not _is_one(factor))
            return WrittenProduct(kept, signs[: len(kept) - 1], place)
    return mapped(tree, _without_ones)


def _misses(range_: StatedRange, formula: GatheredFormula, base: int) -> Iterator[Polynomial]:
    """Yield by how much stated limits miss the output's."""
    if range_.low is None or range_.high is None:
        return
    axis = formula.reads[0].index.index(Polynomial.name(range_.name))
    extent = Polynomial.name(EXTENTS["Y"][axis])
    known = formula.reading.extents("Y") or ()
    if range_.high.value is not None and len(known) == formula.rank:
        extent = Polynomial.constant(known[axis])
    yield range_.low - base
    misses = [range_.high - (extent + base - 1)]
    shown = relation.shown(formula.reading, formula.rank, base)
    if shown is not None and shown.plain:  # P = H - R + 1
        h, r = (Polynomial.name(EXTENTS[tensor][axis]) for tensor in "XF")
        misses.append(range_.high - (h - r + base))
    yield min(misses, key=lambda miss: (bool(miss.names), bool(miss)))
