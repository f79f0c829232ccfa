"""The rules of calculus: from the chain rule to a sum without deltas.

Each rule looks for the one shape it knows, rewrites it and says what has to hold for that to be
allowed.  Where the shape is not there it raises `RuleError`: it never passes something on.
"""

from __future__ import annotations

from dataclasses import replace

import sympy

from symconv.errors import how_many, listed
from symconv.formula.words import LEADING
from symconv.polynomial import ONE, Polynomial
from symconv.proof.obligations import Obligation
from symconv.symbolic.board import (
    Board,
    BoardEquation,
    Definition,
    Rewriting,
    Rule,
    Statement,
    ahead,
    at_least_zero,
    in_space,
    inside,
    rewritten,
    within,
)
from symconv.symbolic.convolution import ELEMENT, TURNED, WEIGHT, WINDOW
from symconv.symbolic.expressions import (
    LOSS,
    Between,
    Divides,
    Expr,
    RuleError,
    Summed,
    element,
    expression,
    is_element,
    partial,
    polynomial,
    quotient,
    symbol,
)


def _forward(board: Board) -> Rewriting:
    """Write down what an output is: the window that begins at p*u - lo, times the filter."""
    convolution = board.convolution
    if board.forward is not None:
        raise RuleError("the forward pass stands on the board already")
    window = (*convolution.places("Y"), *convolution.indices(WINDOW))
    image = convolution.image
    summed = term(convolution.forward, image)
    places = "row {}, column {}" if len(convolution.axes) > 1 else "{}"
    sentence = f"Output {{}} adds up the filter times the window of {{}} that begins at {places}"
    axes = convolution.axes
    starts = [Polynomial.name(a.indices[WINDOW]) * a.u - a.lo for a in axes]
    conditions: list[Obligation] = []
    if convolution.padded:
        sentence += "; {} is 0 outside."
    else:
        sentence += "."
        for k, axis in enumerate(axes):
            conditions += inside(board, k, image, axis.read, _with_windows(board, summed))
    names: list[object] = [element("Y", window), image, *starts, *([image] * convolution.padded)]
    sentence, more = _of_layer(board, sentence)
    after, before = convolution.forward, element("Y=", window)
    if convolution.biased:
        before += element("b", convolution.places("b"))
    named = board.named("Y=", convolution.formula, convolution.shape("Y"), convolution.summed)
    written: list[Statement] = [BoardEquation(element("Y", window), after)]
    if image != "X":
        named = named.named(image, convolution.spread, convolution.shape(image))
        written.insert(0, Definition(image, convolution.spread))
        sentence = (
            "Let {} be {} with {} zeros between neighbours." + board.likewise + f" {sentence}"
        )
        names = [image, "X", axes[0].l - 1, *names]
    return Rewriting(
        replace(named, forward=after),
        sentence,
        (*names, *more),
        tuple(written),
        before,
        after,
        tuple(zip(window, board.whole("Y"), strict=True)),
        tuple(conditions),
    )


def _of_layer(board: Board, sentence: str) -> tuple[str, list[object]]:
    """Return the sentence with what a layer adds up beyond the window, and its names."""
    convolution, names = board.convolution, list[object]()
    if convolution.summed:
        (axis,) = convolution.summed
        sentence += " It does so for every channel {} and adds them up."
        names.append(symbol(axis.index))
    if convolution.biased:
        sentence += " The bias {} is added once."
        names.append(element("b", convolution.places("b")))
    return sentence, names


def term(forward: Expr, tensor: str) -> Summed:
    """Return the term of an output that holds an element of ``tensor``, taken apart.

    Raises:
        RuleError: there is none, or there are several.
    """
    found = [
        one
        for one in sympy.Add.make_args(forward)
        if any(is_element(read, tensor) for read in one.atoms(sympy.Indexed))
    ]
    if len(found) != 1:
        raise RuleError(
            f"{tensor} stands in {how_many(len(found), 'term')} of an output; there must be one"
        )
    return Summed.of(found[0]) if isinstance(found[0], sympy.Sum) else Summed((found[0],), ())


def _with_windows(board: Board, summed: Summed) -> Summed:
    """Return the sum with the outputs' indices as if they were summed over, too."""
    windows = ((a.index(WINDOW), sympy.S.Zero, expression(a.P - 1)) for a in board.convolution.axes)
    return replace(summed, limits=(*windows, *summed.limits))


def _chain_rule(board: Board) -> Rewriting:
    """dL/dx = sum over all outputs of dL/dy * dy/dx."""
    asked = board.expression
    if not (isinstance(asked, sympy.Derivative) and asked.expr == LOSS):
        raise RuleError("there is no derivative of the loss on the board")
    window = board.outputs
    below = asked.variables[0]
    chained = element("dY", window) * partial(element("Y", window), below)
    limits = (
        (index, 0, expression(extent - 1))
        for index, extent in zip(window, board.whole("Y"), strict=True)
    )
    sentence = "{} depends on {} through the outputs only: what each of them passes on is added up."
    return rewritten(board, sympy.Sum(chained, *limits), sentence, (LOSS, below))


def _local_derivative(board: Board) -> Rewriting:
    """dy/dx: the products of y that hold x[m,n] keep their other factor."""
    found = [d for d in board.expression.atoms(sympy.Derivative) if is_element(d.expr, "Y")]
    if board.forward is None or len(found) != 1:
        raise RuleError("a local derivative needs the forward pass and one derivative of an output")
    derivative = found[0]
    below = derivative.variables[0]
    apart = {symbol(name): symbol(f"{name}'") for name in board.apart}
    image = board.convolution.image if board.wrt == "X" else board.wrt
    summed = term(board.forward.xreplace(apart), image)
    read = summed.reads(image)
    places = below.indices
    if image != board.wrt:  # x[m] is element m*l of the spread input
        steps = (expression(axis.l) for axis in board.convolution.axes)
        stands = (m * step for m, step in zip(in_space(board, below), steps, strict=True))
        places = (*ahead(board, below), *stands)
    deltas = [
        sympy.KroneckerDelta(wanted, index)
        for wanted, index in zip(places, read.indices, strict=True)
    ]
    after = summed.exchange([read], deltas).expression
    sentence = (
        "{} is a sum of products, and {} stands in those of them whose {} has this very index: "
        "{} is 1 for a = b, else 0."
    )
    names: list[object] = [derivative.expr, below, read.base.name]
    if board.wrt == "b":
        sentence = (
            "{} holds one element of the bias alone, and {} is that one where the indices are the "
            "same: {} is 1 for a = b, else 0."
        )
        names.pop()
    if image != board.wrt:
        sentence = (
            "{} is a sum of products, and {} is the element {} of {}: it stands in those products "
            "that read this very element; {} is 1 for a = b, else 0."
        )
        names.insert(2, element(image, places))
    return Rewriting(
        replace(board, expression=board.expression.xreplace({derivative: after})),
        sentence,
        (*names, sympy.KroneckerDelta(*sympy.symbols("a b"))),
        (BoardEquation(derivative, after),),
        derivative,
        after,
        (
            *zip(board.own, board.whole(board.wrt), strict=True),
            *zip(board.outputs, board.whole("Y"), strict=True),
        ),
    )


def _one_sum(board: Board) -> Rewriting:
    """Multiply the inner sum out: finite sums may be taken in any order."""
    outer = board.summed
    inner = [factor for factor in outer.factors if isinstance(factor, sympy.Sum)]
    if len(inner) != 1:
        raise RuleError("there is no sum inside of the sum")
    parts = Summed.of(inner[0])
    merged = outer.exchange(inner, parts.factors)
    after = replace(merged, limits=outer.limits + parts.limits).expression
    sentence = "Put into the chain rule; finite sums may be taken in any order."
    return rewritten(board, after, sentence)


def _same_channel(board: Board) -> Rewriting:
    """The deltas of image, group and channel leave one term of the sums over these."""
    convolution, summed = board.convolution, board.summed
    solved: list[object] = []
    conditions: list[Obligation] = []
    axes = convolution.leading(board.wrt)
    if not axes:
        raise RuleError(f"{board.wrt} has no image, group or channel")
    for axis in axes:
        index, other = symbol(axis.index), symbol(f"{axis.index}'")
        delta = sympy.KroneckerDelta(index, other)
        _, first, last = summed.limit(other)
        if delta not in summed.factors or polynomial(first):
            raise RuleError(f"there is no delta that determines {other}")
        factors = tuple(f.xreplace({other: index}) for f in summed.factors if f != delta)
        summed = Summed(factors, tuple(one for one in summed.limits if one[0] != other))
        own = Polynomial.name(axis.index)
        known = tuple(within(axis.index, Polynomial({}), Polynomial.name(axis.size) - 1))
        for side, goal in (("below", own), ("above", polynomial(last) - own)):
            words = f"{index} is not {side} the range of {other}"
            conditions.append(Obligation(words, words, known, (), goal))
        solved += [other, index]
    nouns, pairs = listed([axis.noun for axis in axes]), listed(["{} = {}"] * len(axes))
    sentence = (
        f"The deltas of {nouns} are 1 for {pairs} alone: of the sums over these one term is left."
        if len(axes) > 1
        else f"The delta of {nouns} is 1 for {pairs} alone: of the sum over it one term is left."
    )
    left = [index for index, *_ in summed.limits if index.name in _LEADING]
    if left:
        sentence += f" The sum over {listed(['{}'] * len(left))} stays, for {{}} has no such index."
        solved += [*left, board.wrt]
    return rewritten(board, summed.expression, sentence, solved, (), conditions)


_LEADING = {axis.index for axis in LEADING}


def _solve_deltas(board: Board) -> Rewriting:
    """A delta leaves one value of a summation index, where that is a whole number in range."""
    place = {"X": WINDOW, "F": WEIGHT}[board.wrt]
    summed, conditions, shown = board.summed, [], []
    for k in range(len(board.convolution.axes)):
        solved = _Solved.of(board, k, summed, board.convolution.axes[k].index(place))
        conditions += solved.conditions
        shown.append(solved)
        summed = solved.summed
    first = shown[0]
    if first.divisor == ONE:
        sentence = (
            "The delta is 1 for {} = {} alone, which lies in its range whatever {} is: the sum "
            "over {} keeps this one term."
        )
        names = (first.index, first.number, first.number, first.index)
    else:
        sentence = (
            "{} = {} has the one solution {} = {}. It is an output if it is a whole number, {}, "
            "and lies in 0..{}, that is {}: the sum over {} keeps this one term, or none."
        )
        names = (
            *first.delta,
            first.index,
            expression(first.number) / expression(first.divisor),
            Divides(expression(first.divisor), expression(first.number)),
            first.last,
            Between(0, expression(first.number), expression(first.last * first.divisor)),
            first.index,
        )
    return rewritten(board, summed.expression, sentence + board.likewise, names, (), conditions)


class _Solved:
    """One delta, solved for one index: the sum over that index is gone."""

    def __init__(self, board: Board, k: int, summed: Summed, index: Expr) -> None:
        first, last = map(polynomial, summed.limit(index)[1:])
        deltas = [
            factor
            for factor in summed.factors
            if isinstance(factor, sympy.KroneckerDelta) and factor.has(index)
        ]
        if len(deltas) != 1 or first:
            raise RuleError(f"there is no delta that determines {index}")
        difference = polynomial(deltas[0].args[0]) - polynomial(deltas[0].args[1])
        divisor = difference.coefficient_of(index.name)
        if divisor is None or not divisor:
            raise RuleError(f"the delta is not linear in {index}")
        if any(factor < 0 for factor in divisor.terms.values()):
            difference, divisor = -difference, -divisor
        self.index, self.last, self.divisor = index, last, divisor
        self.number = divisor * Polynomial.name(index.name) - difference
        self.delta = sorted(deltas[0].args, key=lambda side: side.has(index))
        self.conditions: list[Obligation] = []
        if divisor != ONE:
            words = f"{divisor} is not 0, so that there is one solution"
            self.conditions.append(at_least_zero(board, k, words, divisor - 1))
        self.summed = self._without_index(board, k, summed, deltas[0])

    @classmethod
    def of(cls, board: Board, k: int, summed: Summed, index: Expr) -> _Solved:
        """Return the delta on axis ``k`` that determines ``index``, solved."""
        return cls(board, k, summed, index)

    def _without_index(self, board: Board, k: int, summed: Summed, delta: Expr) -> Summed:
        value = expression(self.number) / expression(self.divisor)
        factors = [f.xreplace({self.index: value}) for f in summed.factors if f != delta]
        limits = tuple(limit for limit in summed.limits if limit[0] != self.index)
        if self.divisor != ONE:
            factors.append(Divides(expression(self.divisor), expression(self.number)))
        element_index = Polynomial.name(board.convolution.axes[k].indices[ELEMENT])
        if self.number == element_index and self.last == board.extent(k) - 1:
            words = f"{self.number} is not {{}} the range of {self.index}"
            self.conditions += [
                at_least_zero(board, k, words.format("below"), self.number),
                at_least_zero(board, k, words.format("above"), self.last - self.number),
            ]
        else:
            last = expression(self.last * self.divisor)
            factors.append(Between(0, expression(self.number), last))
        return Summed(tuple(factors), limits)


def _turn_filter(board: Board) -> Rewriting:
    """r = R - 1 - k: the same products in the opposite order."""
    summed, conditions = board.summed, []
    gradient = summed.reads("dY")
    turned = {}
    limits = {limit[0]: limit for limit in summed.limits}
    for k, axis in enumerate(board.convolution.axes):
        r, new = axis.index(WEIGHT), axis.index(TURNED)
        number, _ = quotient(in_space(board, gradient)[k])
        slope = number.coefficient_of(r.name)
        if r not in limits or not slope or any(factor > 0 for factor in slope.terms.values()):
            raise RuleError(f"the index of dY does not fall as {r} grows")
        _, first, last = limits[r]
        turned[r] = last - new
        limits[r] = (new, first, last)
        changed = Summed(summed.factors, (limits[r],))
        back = polynomial(last - new)
        conditions += [
            at_least_zero(board, k, f"{r} = {back} is not below 0", back, changed),
            at_least_zero(
                board, k, f"{r} = {back} is at most {last}", polynomial(last) - back, changed
            ),
        ]
    factors = tuple(factor.xreplace(turned) for factor in summed.factors)
    after = Summed(factors, tuple(limits.values())).expression
    (r, back), *_ = turned.items()
    sentence = (
        "As {} grows, the index of {} falls. Count the filter from its end, {} = {}, and both "
        "grow: the same products, added in the opposite order."
    )
    return rewritten(board, after, sentence + board.likewise, (r, "dY", r, back), (), conditions)


FORWARD = Rule("forward sum", "an output adds up its window times the filter", _forward)
CHAIN_RULE = Rule("chain rule", "what each output passes on is added up", _chain_rule)
LOCAL_DERIVATIVE = Rule(
    "local derivative", "a delta is 1 where both indices are the same, else 0", _local_derivative
)
ONE_SUM = Rule("one sum", "finite sums may be taken in any order", _one_sum)
SAME_CHANNEL = Rule(
    "image, group and channel", "of the sums over these one term is left", _same_channel
)
SOLVE_DELTAS = Rule("solve the deltas", "of each sum one term is left, or none", _solve_deltas)
TURN_FILTER = Rule(
    "turn the filter's index", "counted from its end, all indices grow together", _turn_filter
)

__all__ = [
    "CHAIN_RULE",
    "FORWARD",
    "LOCAL_DERIVATIVE",
    "ONE_SUM",
    "SAME_CHANNEL",
    "SOLVE_DELTAS",
    "TURN_FILTER",
]
