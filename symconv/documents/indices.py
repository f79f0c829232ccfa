"""Index formulas -> claims for every size.

    \\frac{\\partial L}{\\partial x_{mn}}
        = \\sum_{ij} \\frac{\\partial L}{\\partial y_{ij}} f_{m-ui,n-vj}

becomes ``dX[m,n] == sum(dY[i,j]*F[m - i*u,n - j*v] for i in range(P) for j in range(Q))``.  A local
derivative dy_ij/dx_mn on the right is f_{m-ui,n-vj}; one on the left is claimed by what it makes
of the gradient.  Sums without limits run over the whole tensor that their index reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from symconv.documents import affine
from symconv.documents.affine import Polynomial
from symconv.documents.elements import Factor
from symconv.documents.letters import EXTENTS, STRIDES, Formula, Range, Read, index_parts
from symconv.documents.names import is_bias
from symconv.documents.prover import ClaimText
from symconv.documents.reader import read
from symconv.documents.reading import Reading
from symconv.documents.syntax import (
    BigSum,
    Derivative,
    Differential,
    Expression,
    Place,
    Product,
    Sum,
    Symbol,
    UnreadableError,
)


@dataclass(frozen=True, slots=True)
class IndexClaim:
    """An index formula as a claim.

    Attributes:
        target: dX, dF or Y.
        claim: what is stated.
        whole: the same with every sum over the whole tensor; None where no limits are stated.
        past: the sum whose limits run past the tensor that its index reads, if there is one.
        chain: whether it is the bare chain rule, true of every convolution.
    """

    target: str
    claim: ClaimText
    whole: ClaimText | None = None
    past: Place | None = None
    chain: bool = False


def index_claim(left: Expression, right: Expression, reading: Reading | None) -> IndexClaim:
    """Return what an index formula claims.

    Raises:
        UnreadableError: a letter, an index or a construct that is not known.
    """
    formula = _start(left, right, reading)
    target, local = _target(left, formula)
    free = list(formula.names.values())
    _body(right, formula)
    if local is not None:
        formula.reads.insert(0, local)
        for axis, name in enumerate(free[: formula.rank]):
            formula.ranges.insert(axis, Range(name, left.place))
        free = free[formula.rank :]
    if local is None and _is_chain_rule(target, free, formula) and not _stated(formula):
        return IndexClaim(target, ClaimText(f"chain rule of {target}"), chain=True)
    _only_plain(reading, left)
    where = _where(formula, reading)
    claim, past = _text(target, free, formula, False)
    whole = _text(target, free, formula, True)[0] if _stated(formula) else None
    return IndexClaim(
        target,
        ClaimText(claim, where),
        ClaimText(whole, where) if whole else None,
        past,
    )


def _start(left: Expression, right: Expression, reading: Reading | None) -> Formula:
    if reading is not None:
        return Formula(reading, reading.rank, reading.base)
    symbol = left.wrt if isinstance(left, Derivative) else left
    if isinstance(symbol, Differential) and symbol.of is not None:
        symbol = symbol.of
    count = 2
    if isinstance(symbol, Symbol) and symbol.index:
        one = symbol.index[0]
        count = len(symbol.index) if len(symbol.index) > 1 else 1 + (len(one) == 2)
    if count > 2:
        raise UnreadableError(f"an index with {count} parts", *left.place)
    return Formula(None, count, 1 if _starts_at_one(right) else 0)


def _stated(formula: Formula) -> bool:
    """Say whether a sum has limits."""
    return any(r.low is not None for r in formula.ranges)


def _only_plain(reading: Reading | None, left: Expression) -> None:
    """Refuse what the claim language says otherwise than documents do."""
    if reading is None:
        return
    g = reading.geometry
    if reading.flipped or any(p != (0, 0) for p in g.padding) or any(d != 1 for d in g.dilation):
        raise UnreadableError(
            "index formulas with padding, dilation or a flipped filter are not read yet",
            *left.place,
        )


def _starts_at_one(expression: Expression) -> bool:
    while isinstance(expression, BigSum):
        if expression.below and expression.below[-1].text == "1":
            return True
        expression = expression.of
    return False


def _target(left: Expression, formula: Formula) -> tuple[str, Read | None]:
    """Return the target's name, and for a local derivative the factor dY that it multiplies."""
    match left:
        case Derivative(of, wrt) if of.index is None:
            return _declared("d" + formula.role(wrt.name, wrt.place), wrt, formula), None
        case Differential(Symbol() as wrt, "d"):
            return _declared("d" + formula.role(wrt.name, wrt.place), wrt, formula), None
        case Derivative(of, wrt):
            if formula.role(of.name, of.place) != "Y":
                raise UnreadableError(f"'{of.name}' is not the output here", *of.place)
            _declared("Y", of, formula)
            above = Read("dY", formula.index(of, "Y"))
            return _declared("d" + formula.role(wrt.name, wrt.place), wrt, formula), above
        case Symbol(name, _, place):
            return _declared(formula.role(name, place), left, formula), None
        case _:
            raise UnreadableError("the left side is no element", *left.place)


def _declared(target: str, symbol: Symbol, formula: Formula) -> str:
    """Declare the letters of a target's index: each stands alone."""
    if target not in ("Y", "dX", "dF"):
        raise UnreadableError("the left side is given, not computed", *symbol.place)
    for part in index_parts(symbol, formula.rank):
        if len(part) != 1 or part[0].kind != "letter" or part[0].text in formula.names:
            raise UnreadableError(
                "the index on the left is not a letter for each axis",
                *(symbol.index_place or symbol.place),
            )
        formula.declare(part[0].text)
    return target


def _body(expression: Expression, formula: Formula) -> None:
    """Read sum signs and the product behind them."""
    if isinstance(expression, Sum):
        terms = [t for sign, t in expression.terms if not (sign == 1 and _is_bias(t))]
        if len(terms) != 1 or any(sign != 1 for sign, _ in expression.terms):
            raise UnreadableError("a formula of several sums", *expression.place)
        expression = terms[0]
    while isinstance(expression, BigSum):
        _limits(expression, formula)
        expression = expression.of
    factors = expression.factors if isinstance(expression, Product) else (expression,)
    for factor in factors:
        if isinstance(factor, BigSum):
            _body(factor, formula)
        else:
            _factor(factor, formula)


def _is_bias(expression: Expression) -> bool:
    return (
        isinstance(expression, Symbol)
        and expression.index is None
        and is_bias(Factor("scalar", expression.name, (), expression.place, expression.place))
    )


def _limits(sum_: BigSum, formula: Formula) -> None:
    """Read what stands below and above a sum sign: ij, or i = 0 and P - 1."""
    below = list(sum_.below)
    equals = next((k for k, t in enumerate(below) if t.kind == "="), None)
    letters = [t for t in (below if equals is None else below[:equals]) if t.kind != ","]
    if not letters or any(t.kind != "letter" for t in letters):
        raise UnreadableError("the index of this sum is not understood", *sum_.place[:1])
    low = high = None
    if equals is not None:
        if not sum_.above or equals + 1 == len(below):
            raise UnreadableError("this sum has one limit only", *sum_.place[:1])
        low = affine.polynomial(read(below[equals + 1 :]), formula.symbol)
        high = affine.polynomial(read(sum_.above), formula.symbol)
    elif sum_.above:
        raise UnreadableError("this sum has one limit only", *sum_.place[:1])
    for letter in letters:
        if letter.text in formula.names:
            raise UnreadableError(
                f"the index {letter.text} is used twice", letter.start, letter.end
            )
        name = formula.declare(letter.text)
        place = Place(letters[0].start, (sum_.above or letters)[-1].end)
        formula.ranges.append(Range(name, place, low, high))


def _factor(factor: Expression, formula: Formula) -> None:
    match factor:
        case Symbol(name, index, place) if index is not None:
            role = formula.role(name, place)
            own = formula.reading is not None and name in formula.reading.gradients
            own |= formula.reading is None and name.split("^")[0] == "\\delta"
            tensor = "dY" if own else role
            formula.reads.append(Read(tensor, formula.index(factor, role)))
        case Derivative(of, wrt, place) if of.index is None:
            tensor = "d" + formula.role(wrt.name, place)
            formula.reads.append(Read(tensor, formula.index(wrt, tensor)))
        case Differential(Symbol() as wrt, "d", place):
            tensor = "d" + formula.role(wrt.name, place)
            formula.reads.append(Read(tensor, formula.index(wrt, tensor)))
        case Derivative(of, wrt):
            formula.reads.append(_local(of, wrt, formula))
        case _:
            raise UnreadableError("this factor is not understood", *factor.place)


def _local(of: Symbol, wrt: Symbol, formula: Formula) -> Read:
    """Return dy_ij/dx_mn = f_{m-ui,n-vj}, and dy_ij/df_mn = x_{m+ui,n+vj}."""
    if formula.role(of.name, of.place) != "Y":
        raise UnreadableError(f"'{of.name}' is not the output here", *of.place)
    role = formula.role(wrt.name, wrt.place)
    if role not in ("X", "F"):
        raise UnreadableError(f"'{wrt.name}' is neither input nor filter here", *wrt.place)
    above, below = formula.index(of, "Y"), formula.index(wrt, role)
    b = affine.constant(formula.base)
    index = []
    for axis, (p, m) in enumerate(zip(above, below, strict=True)):
        step = affine.times({(STRIDES[axis],): 1}, affine.plus(p, b, -1))
        # Both are counted from the base: f - b = (m - b) - u*(p - b), x - b = (m - b) + u*(p - b).
        index.append(affine.plus(m, step, -1 if role == "X" else 1))
    formula.strided = True
    formula.local = above, below, role
    return Read("F" if role == "X" else "X", index)


def _where(formula: Formula, reading: Reading | None) -> tuple[str, ...]:
    """Return the hypotheses: the strides where the formula leaves them out, 1-D as W = S = 1."""
    where = dict(formula.where)
    if not formula.strided:
        stride = reading.geometry.stride if reading else (1,) * formula.rank
        for name, step in zip(STRIDES, stride, strict=False):
            where[f"{name} == {step}"] = None
    if formula.rank == 1:
        where.pop("u == v", None)
        where.update(dict.fromkeys(("W == 1", "S == 1", "v == 1")))
    if reading is not None and any(_numeric(r) for r in formula.ranges):
        g = reading.geometry
        for role, extents in (("X", g.input), ("F", g.filter)):
            for name, extent in zip(EXTENTS[role], extents, strict=False):
                where[f"{name} == {extent}"] = None
    return tuple(where)


def _numeric(range_: Range) -> bool:
    return range_.high is not None and set(range_.high) <= {()}


def _text(
    target: str, free: Sequence[str], formula: Formula, whole: bool
) -> tuple[str, Place | None]:
    """Return the claim's text, and the first sum that runs past its tensor."""
    b = affine.constant(formula.base)
    shift = {name: affine.plus({(name,): 1}, b) for name in free}
    last = ["z"] if formula.rank == 1 else []
    ranges, past = [], None
    for range_ in formula.ranges:
        extent = _extent(range_.name, formula)
        if range_.low is None or range_.high is None or (whole and extent):
            if extent is None:
                raise UnreadableError("the range of this index is not stated", *range_.place)
            low, stop = b, affine.plus({(extent,): 1}, b)
        else:
            low, stop = range_.low, affine.plus(range_.high, affine.constant(1))
            if extent and past is None and _runs_past(low, stop, extent, formula):
                past = range_.place
        start = "" if not low else f"{affine.text(low)}, "
        ranges.append(f"for {range_.name} in range({start}{affine.text(stop)})")
    reads = []
    for read_ in formula.reads:
        parts = [
            affine.text(affine.plus(affine.replaced(part, shift), b, -1)) for part in read_.index
        ]
        reads.append(f"{read_.tensor}[{','.join([*parts, *last])}]")
    product = "*".join(reads)
    summed = f"sum({product} {' '.join(ranges)})" if ranges else product
    return f"{target}[{','.join([*free, *last])}] == {summed}", past


def _runs_past(low: Polynomial, stop: Polynomial, extent: str, formula: Formula) -> bool:
    """Say whether limits certainly leave the tensor: by a constant, or by known numbers."""
    value: Mapping[str, Polynomial] = {}
    if formula.reading is not None:
        g = formula.reading.geometry
        known = dict(
            zip(
                (*EXTENTS["X"], *EXTENTS["F"], *EXTENTS["Y"]),
                (*_two(g.input), *_two(g.filter), *_two(g.output)),
                strict=True,
            )
        )
        if set(stop) <= {()}:
            value = {extent: affine.constant(known[extent])}
    last = affine.replaced({(extent,): 1}, value)
    over = affine.plus(affine.plus(stop, last, -1), affine.constant(formula.base), -1)
    under = affine.plus(low, affine.constant(formula.base), -1)
    return (set(over) == {()} and over[()] > 0) or (set(under) == {()} and under[()] < 0)


def _two(sizes: tuple[int, ...]) -> tuple[int, int]:
    return (sizes[0], sizes[1]) if len(sizes) > 1 else (sizes[0], 1)


def _extent(name: str, formula: Formula) -> str | None:
    """Return the extent of the tensor that an index reads by itself."""
    for read_ in formula.reads:
        for axis, part in enumerate(read_.index):
            if part == {(name,): 1}:
                return EXTENTS[read_.tensor.removeprefix("d")][axis]
    return None


def _is_chain_rule(target: str, free: Sequence[str], formula: Formula) -> bool:
    """Say whether the formula is dL/dx_mn = sum_ij dL/dy_ij dy_ij/dx_mn and nothing else."""
    summed = [{(r.name,): 1} for r in formula.ranges]
    upstream = [r.index for r in formula.reads if r.tensor == "dY"]
    wanted = (summed, [{(name,): 1} for name in free], target.removeprefix("d"))
    return len(formula.reads) == 2 and upstream == [summed] and formula.local == wanted


def is_index_formula(expression: Expression) -> bool:
    """Say whether letters stand for indices somewhere in an expression."""
    match expression:
        case Symbol(_, index):
            return index is not None and any(t.kind == "letter" for part in index for t in part)
        case Derivative(of, wrt):
            return is_index_formula(of) or is_index_formula(wrt)
        case Differential(Symbol() as of, "d"):
            return is_index_formula(of)
        case BigSum():
            return True
        case Product(factors):
            return any(map(is_index_formula, factors))
        case Sum(terms):
            return any(is_index_formula(term) for _, term in terms)
        case _:
            return False
