"""The rules that recognise an operator: a sum with zeros in it is one over a larger tensor.

dilate, pad and rotate name a tensor and read it where the sum read an earlier one; what is left
is the sum that defines correlate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import sympy

from symconv.formula.nodes import Correlate, Dilate, Leaf, Pad, Rotate
from symconv.formula.sizes import Size
from symconv.formula.words import LayerAxis
from symconv.polynomial import Polynomial
from symconv.proof.obligations import Obligation
from symconv.symbolic import amounts
from symconv.symbolic.board import (
    Board,
    Definition,
    Rewriting,
    Rule,
    Statement,
    ahead,
    at_least_zero,
    equal,
    in_space,
    inside,
    rewritten,
)
from symconv.symbolic.convolution import ELEMENT, SPREAD, TURNED, WINDOW, through
from symconv.symbolic.expressions import (
    Between,
    Divides,
    Expr,
    RuleError,
    Summed,
    element,
    expression,
    polynomial,
    quotient,
    symbol,
)

DILATED = "D"
PADDED = {"X": "D'", "F": "X'"}
"""The tensors that are padded to find dX and dF: the dilated dY, and X."""
ROTATED = "F'"
GRADIENT = {"X": "dX", "F": "dF"}


def _dilate_reads(board: Board) -> Rewriting:
    """dY[a/u] where u divides a is dilate(dY, u)[a], which is 0 everywhere else."""
    summed = board.summed
    read = summed.reads("dY")
    parts = [quotient(index) for index in in_space(board, read)]
    gone, shape = [read], []
    conditions: list[Obligation] = []
    for k, (number, step) in enumerate(parts):
        last = (board.shape("dY")[k] - 1) * step
        gone.append(_bracket(summed, Divides, (step, number)))
        _bracket(summed, Between, (Polynomial({}), number, last))
        shape.append(last + 1)
        conditions.append(at_least_zero(board, k, "D has at least one element", last))
    numbers = [expression(number) for number, _ in parts]
    after = summed.exchange(gone, [element(DILATED, (*ahead(board, read), *numbers))]).expression
    return _dilated(board, [step for _, step in parts], shape, after, conditions, _READ_DILATED)


_READ_DILATED = (
    "Let {} be {} with {} zeros between neighbours, {} rows. It is 0 unless {}, so that nothing "
    "has to be said of divisibility any more."
)
_SUM_DILATED = (
    "Let {} be {} with {} zeros between neighbours, {} rows: {} = {} reaches every element "
    "of {}, and between them nothing is added."
)


def _dilate_sum(board: Board) -> Rewriting:
    """A sum over p of dY[p] at p*u is one over all i of dilate(dY, u)[i], 0 in between."""
    summed, steps, shape = board.summed, [], []
    conditions: list[Obligation] = []
    read = summed.reads("dY")
    if in_space(board, read) != board.convolution.indices(WINDOW):
        raise RuleError("dY is not read at the indices of the sum")
    factors = [factor for factor in summed.factors if factor != read]
    limits = {limit[0]: limit for limit in summed.limits}
    for k, axis in enumerate(board.convolution.axes):
        p, new = axis.index(WINDOW), axis.index(SPREAD)
        step = _step(factors, p.name)
        last = (board.shape("dY")[k] - 1) * step
        summed.limit(p)
        limits[p] = (new, expression(Polynomial({})), expression(last))
        factors = [_with_index(factor, p.name, step, new) for factor in factors]
        steps.append(step)
        shape.append(last + 1)
    indices = (*ahead(board, read), *board.convolution.indices(SPREAD))
    changed = Summed((element(DILATED, indices), *factors), tuple(limits.values()))
    named = board.named(DILATED, Leaf("dY"), shape)
    for k, axis in enumerate(board.convolution.axes):
        at = Polynomial.name(axis.index(WINDOW).name) * steps[k]
        conditions += inside(named, k, DILATED, at, summed)
        if not board.convolution.padded:
            image = board.convolution.image
            index = polynomial(in_space(board, changed.reads(image))[k])
            conditions += inside(board, k, image, index, changed)
    return _dilated(board, steps, shape, changed.expression, conditions, _SUM_DILATED)


def _dilated(
    board: Board,
    steps: list[Polynomial],
    shape: list[Polynomial],
    after: Expr,
    conditions: list[Obligation],
    sentence: str,
) -> Rewriting:
    if DILATED in board.defined:
        raise RuleError("dY was dilated before")
    node = Dilate(Leaf("dY"), tuple(map(amounts.size, steps)))
    axis = board.convolution.axes[0]
    tail: tuple[object, ...]
    if sentence is _READ_DILATED:
        first = in_space(board, board.summed.reads("dY"))[0]
        number, step = map(expression, quotient(first))
        tail = (Divides(step, number),)
    else:
        tail = (axis.index(SPREAD), Polynomial.name(axis.index(WINDOW).name) * steps[0], "dY")
    return rewritten(
        board.named(DILATED, node, shape),
        after,
        sentence + board.likewise,
        (DILATED, "dY", steps[0] - 1, shape[0], *tail),
        [Definition(DILATED, node)],
        conditions,
    )


def _step(factors: list[Expr], index: str) -> Polynomial:
    """Return by what ``index`` is multiplied wherever it occurs.

    Raises:
        RuleError: it does not occur, or it is multiplied by different numbers.
    """
    found = {
        polynomial(entry).coefficient_of(index)
        for factor in factors
        for entry in getattr(factor, "indices", factor.args)
        if index in polynomial(entry).names
    }
    if len(found) != 1 or None in found:
        raise RuleError(f"{index} is not read in steps of one length")
    step = found.pop()
    assert step is not None
    return step


def _with_index(factor: Expr, old: str, step: Polynomial, new: Expr) -> Expr:
    """Return ``factor`` with ``new`` in place of old*step."""
    if not isinstance(factor, sympy.Indexed):
        raise RuleError(f"{factor} stands where elements are expected")
    indices = []
    for entry in map(polynomial, factor.indices):
        if old in entry.names:
            entry = entry - Polynomial.name(old) * step + Polynomial.name(new.name)
        indices.append(expression(entry))
    return element(factor.base.name, indices)


def _pad_reads(board: Board) -> Rewriting:
    """Zeros before and after make every read an inside one: T[a] = pad(T, ..)[a - first]."""
    target, name = {"X": DILATED, "F": board.convolution.image}[board.wrt], PADDED[board.wrt]
    summed = board.summed
    read = summed.reads(target)
    entries = in_space(board, read)
    reaches = [_Reach.of(board, k, index, summed) for k, index in enumerate(entries)]
    ends = [extent - 1 for extent in board.shape(target)]
    gone = [read]
    if target == DILATED:
        for reach, end in zip(reaches, ends, strict=True):
            gone.append(_bracket(summed, Between, (Polynomial({}), reach.index, end)))
    sides = [(-reach.first, reach.last - end) for reach, end in zip(reaches, ends, strict=True)]
    node = Pad(Leaf(target), padding(sides))
    padded = board.named(name, node, [reach.last - reach.first + 1 for reach in reaches])
    indices = [reach.index - reach.first for reach in reaches]
    conditions = [sign for reach in reaches for sign in reach.signs]
    for k, index in enumerate(indices):
        conditions += inside(padded, k, name, index, summed)
        conditions.append(
            at_least_zero(board, k, f"{name} has an element", padded.shape(name)[k] - 1)
        )
    padded_read = element(name, (*ahead(board, read), *map(expression, indices)))
    after = summed.exchange(gone, [padded_read]).expression
    sentence = (
        "On the first axis {} is read from {} to {}, and it has the elements 0 to {}. Put {} zeros "
        "before it and {} behind (a number below 0 crops): then every read is inside of {}, whose "
        "index begins at 0."
    )
    names = (target, reaches[0].first, reaches[0].last, ends[0], *sides[0], name)
    return rewritten(
        padded, after, sentence + board.likewise, names, [Definition(name, node)], conditions
    )


@dataclass(frozen=True, slots=True)
class _Reach:
    """The least and the greatest value of an index that never falls as one of its parts grows."""

    index: Polynomial
    first: Polynomial
    last: Polynomial
    signs: tuple[Obligation, ...]

    @classmethod
    def of(cls, board: Board, k: int, entry: Expr, summed: Summed) -> _Reach:
        """Return the reach of ``entry`` on axis ``k``, over the element and all of the sum."""
        index, letter = polynomial(entry), board.convolution.axes[k].indices[ELEMENT]
        bounds = {letter: (Polynomial({}), board.extent(k) - 1)}
        for name, low, high in summed.limits:
            bounds[name.name] = polynomial(low), polynomial(high)
        signs = []
        for name in sorted(index.names & bounds.keys()):
            slope = index.coefficient_of(name)
            if slope is None:
                raise RuleError(f"{index} is not linear in {name}")
            if slope.value is None or slope.value < 0:
                words = f"the index does not fall as {name} grows"
                signs.append(at_least_zero(board, k, words, slope))
        first = index.substitute({name: low for name, (low, _) in bounds.items()})
        last = index.substitute({name: high for name, (_, high) in bounds.items()})
        return cls(index, first, last, tuple(signs))


def _rotate_filter(board: Board) -> Rewriting:
    """f[R - 1 - k] is rotate(f)[k]."""
    summed, conditions = board.summed, []
    read = summed.reads("F")
    turned = board.convolution.indices(TURNED)
    shape = board.shape("F")
    for k, (index, entry) in enumerate(zip(turned, in_space(board, read), strict=True)):
        mirrored = shape[k] - 1 - Polynomial.name(index.name)
        conditions += [
            equal("the filter is read from its end", polynomial(entry), mirrored),
            *inside(board, k, "F", polynomial(entry), summed),
        ]
        if polynomial(entry) != mirrored:
            raise RuleError("the filter is not read from its end")
    node = Rotate(Leaf("F"))
    after = summed.exchange([read], [element(ROTATED, (*ahead(board, read), *turned))]).expression
    sentence = "Reading the filter from its end is reading it turned by 180 degrees."
    definition = [Definition(ROTATED, node)]
    return rewritten(board.named(ROTATED, node, shape), after, sentence, (), definition, conditions)


def _correlate(board: Board) -> Rewriting:
    """sum over k of T[m*s + k*d] K[k] is correlate(T, K, stride=s, dilation=d)[m]."""
    summed, conditions, strides, dilations = board.summed, [], [], []
    of, by = (PADDED["X"], ROTATED) if board.wrt == "X" else (PADDED["F"], DILATED)
    if len(summed.factors) != 2:
        raise RuleError("there is more than one element of two tensors in the products")
    window, kernel = summed.reads(of), summed.reads(by)
    left = _summed_over(board, window, kernel)
    for k, axis in enumerate(board.convolution.axes):
        m, at = axis.index(ELEMENT).name, in_space(board, kernel)[k]
        index = polynomial(in_space(board, window)[k])
        stride, dilation = index.coefficient_of(m), index.coefficient_of(str(at))
        if not stride or not dilation or index != _slide(m, stride, str(at), dilation):
            raise RuleError(f"{index} is no place in a window that slides by {m}")
        _, first, last = summed.limit(at)
        if polynomial(first):
            raise RuleError(f"the sum over {at} does not begin at 0")
        size, span = board.shape(of)[k], dilation * (board.shape(by)[k] - 1)
        whole = board.shape(by)[k] - 1
        conditions += [
            equal(f"the sum is over all of {by}", polynomial(last), whole),
            equal(
                f"the last window ends where {of} ends",
                (board.extent(k) - 1) * stride + span,
                size - 1,
            ),
        ]
        strides.append(amounts.size(stride))
        dilations.append(amounts.size(dilation))
    node = Correlate(Leaf(of), Leaf(by), tuple(strides), tuple(dilations))
    name = GRADIENT[board.wrt]
    shape = [board.extent(k) for k in range(len(board.convolution.axes))]
    sentence = (
        "This is the sum that defines correlate: {} slides over {} and is multiplied with what it "
        "covers. The last window ends with the last element of {}, so that the result has the "
        "size of {}."
    )
    names: list[object] = [by, of, of, board.wrt]
    if left:
        sentence += " One such correlation for every {}, added up."
        names += [symbol(axis.index) for axis in left]
    return as_tensor(
        board.named(name, node, shape, left),
        name,
        sentence,
        names,
        (Definition(name, node, left),),
        conditions,
    )


def _summed_over(board: Board, window: Expr, kernel: Expr) -> tuple[LayerAxis, ...]:
    """Return the leading axes over which these two are summed.

    Raises:
        RuleError: they are read at other leading indices than their own.
    """
    convolution, found = board.convolution, dict[LayerAxis, None]()
    for read in (window, kernel):
        if ahead(board, read) != convolution.places(read.base.name):
            raise RuleError(f"{read} is not read at its own image, group and channel")
        found |= dict.fromkeys(convolution.leading(read.base.name))
    left = tuple(axis for axis in found if axis not in convolution.leading(board.wrt))
    limits = board.summed.limits
    if len(limits) != len(left) + len(convolution.axes):
        raise RuleError("the sum is not over one image, channel or filter and the elements")
    for limit in through(left):
        if limit not in limits:
            raise RuleError(f"the sum is not over all of {limit[0]}")
    return left


def _slide(m: str, stride: Polynomial, k: str, dilation: Polynomial) -> Polynomial:
    return Polynomial.name(m) * stride + Polynomial.name(k) * dilation


def as_tensor(
    board: Board,
    name: str,
    sentence: str,
    names: Iterable[object],
    statements: tuple[Statement, ...],
    conditions: Iterable[Obligation],
) -> Rewriting:
    """Return the rewriting to an element of ``name``, which is the gradient as a formula."""
    after = element(name, board.own)
    whole = rewritten(board, after, sentence, names, (), conditions)
    return replace(whole, statements=statements)


def _bracket(summed: Summed, kind: Expr, wanted: tuple[Polynomial, ...]) -> Expr:
    """Return the bracket of this kind that says this.

    Raises:
        RuleError: there is none.
    """
    for factor in summed.factors:
        if isinstance(factor, kind) and tuple(map(polynomial, factor.args)) == wanted:
            return factor
    said = ", ".join(map(str, wanted))
    raise RuleError(f"there is no bracket {kind.__name__}({said}) in the sum")


def padding(sides: Iterable[tuple[Polynomial, Polynomial]]) -> tuple[tuple[Size, Size], ...]:
    """Return the amounts of a padding as the claim language writes them."""
    return tuple((amounts.size(before), amounts.size(behind)) for before, behind in sides)


DILATE_READS = Rule(
    "dilate", "zeros between neighbours are read where nothing divides", _dilate_reads
)
DILATE_SUM = Rule("dilate", "the zeros between neighbours add nothing", _dilate_sum)
PAD = Rule("pad", "zeros around, so that every read lies inside", _pad_reads)
ROTATE = Rule("rotate", "read from its end is read turned by 180 degrees", _rotate_filter)
CORRELATE = Rule("correlate", "this is the sum that defines it", _correlate)

__all__ = ["CORRELATE", "DILATE_READS", "DILATE_SUM", "PAD", "ROTATE"]
