"""The relation of a formula, read at numbers, is the table of its terms."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symconv.errors import FormulaError, OutOfReachError
from symconv.formula.instantiation import instantiate
from symconv.formula.nodes import (
    Correlate,
    Dilate,
    IndexSum,
    Leaf,
    Node,
    Ones,
    Pad,
    Range,
    Read,
    Rotate,
    Subsample,
    Vjp,
)
from symconv.formula.sizes import (
    Difference,
    Name,
    Product,
    Quotient,
    Remainder,
    Size,
    Sum,
)
from symconv.polynomial import Polynomial
from symconv.proof.elimination import eliminate, named
from symconv.readings import terms
from symconv.readings.quotients import Arithmetic
from symconv.readings.relation import Relation, RelationReader

NAMES = ("a", "b", "c", "s", "t")
LEAVES = {"X": (Name("a"),), "F": (Name("b"),), "G": (Name("c"),)}
FURTHEST = 16
"""Summation indices that are left over are tried from -FURTHEST to FURTHEST."""

atoms = st.one_of(st.integers(-1, 3), st.sampled_from([Name(n) for n in NAMES]))
positive = st.one_of(st.integers(1, 3), st.sampled_from([Name("s"), Name("t")]))


def _grown(inner: st.SearchStrategy[Size]) -> st.SearchStrategy[Size]:
    pairs = st.sampled_from([Sum, Difference, Product])
    return st.one_of(
        st.builds(lambda kind, x, y: kind(x, y), pairs, inner, inner),
        st.builds(
            lambda kind, x, y: kind(x, y),
            st.sampled_from([Quotient, Remainder]),
            inner,
            st.one_of(positive, st.builds(Product, positive, positive), inner),
        ),
    )


sizes = st.recursive(atoms, _grown, max_leaves=4)
steps = st.one_of(positive, positive, positive, st.sampled_from([Difference(Name("s"), 1)]))


@st.composite
def formulas(draw: st.DrawFn, leaves: tuple[str, ...] = ("X", "F", "G"), depth: int = 3) -> Node:
    """Draw a formula of one axis in which no product holds a leaf twice."""
    kinds = ["leaf", "ones"]
    if depth:
        kinds += ["pad", "pad", "dilate", "rotate", "subsample", "read"]
        kinds += ["correlate", "correlate", "vjp", "sum"] if len(leaves) > 1 else []
    kind = draw(st.sampled_from(kinds))
    inner = formulas(leaves, depth - 1)
    match kind:
        case "leaf" if leaves:
            return Leaf(draw(st.sampled_from(leaves)))
        case "leaf" | "ones":
            return Ones((draw(sizes),))
        case "pad":
            return Pad(draw(inner), ((draw(sizes), draw(sizes)),))
        case "dilate":
            return Dilate(draw(inner), (draw(steps),))
        case "rotate":
            return Rotate(draw(inner))
        case "subsample":
            return Subsample(draw(inner), (draw(steps),))
        case "read":
            return _sum_of(draw, [draw(inner)])
        case "vjp":
            wrt, rest = leaves[0], leaves[1:]
            of = Pad(Leaf(wrt), ((draw(sizes), draw(sizes)),))
            by = draw(formulas(rest[:1], depth - 1))
            product = Correlate(of, by, (draw(steps),), (draw(steps),))
            return Vjp(product, wrt, draw(formulas(rest[1:], depth - 1)))
    here = draw(st.integers(1, len(leaves) - 1))
    left, right = formulas(leaves[:here], depth - 1), formulas(leaves[here:], depth - 1)
    if kind == "sum":
        return _sum_of(draw, [draw(left), draw(right)])
    return Correlate(draw(left), draw(right), (draw(steps),), (draw(steps),))


def _sum_of(draw: st.DrawFn, tensors: list[Node]) -> Node:
    index = st.sampled_from([Name("m"), Name("p"), Difference(Name("m"), Name("p"))])
    scaled = st.builds(lambda i, f, k: Sum(Product(i, f), k), index, positive, sizes)
    divided = st.builds(Quotient, index, positive)
    reads = tuple(Read(of, (draw(st.one_of(index, scaled, divided)),)) for of in tensors)
    runs = draw(st.lists(st.builds(Range, st.just("p"), sizes, sizes), min_size=1, max_size=1))
    return IndexSum((draw(sizes),), ("m",), tuple(runs), reads)


def witnesses(arithmetic: Arithmetic, at: Mapping[str, int]) -> dict[str, int]:
    values = dict(at)
    for witness in arithmetic.witnesses.values():
        try:
            above, below = witness.numerator.evaluate(values), witness.divisor.evaluate(values)
        except KeyError:  # of an index that was eliminated
            continue
        if below >= 1:
            values[witness.name] = above // below
    return values


def holds(relation: Relation, at: Mapping[str, int]) -> bool:
    return all(bound.polynomial.evaluate(at) >= 0 for bound in relation.guards) and not any(
        equation.evaluate(at) for equation in relation.equations
    )


def counted(
    reduced: Relation, arithmetic: Arithmetic, at: Mapping[str, int], ranges: dict[str, int]
) -> Counter[tuple[int, ...]]:
    """Count the choices of the summation indices for every index of the result and the leaves."""
    found: Counter[tuple[int, ...]] = Counter()
    tried = range(-FURTHEST, FURTHEST + 1)
    for chosen in itertools.product(*map(range, ranges.values())):
        for sums in itertools.product(tried, repeat=len(reduced.sums)):
            indices = dict(zip(ranges, chosen, strict=True)) | dict(
                zip(reduced.sums, sums, strict=True)
            )
            values = witnesses(arithmetic, {**at, **indices})
            if holds(reduced, values):
                found[chosen] += 1
                assert all(bound.polynomial.evaluate(values) >= 0 for bound in reduced.facts)
    return found


def check(node: Node, at: dict[str, int]) -> None:
    arithmetic = Arithmetic(NAMES, {})
    arithmetic.values = {name: Polynomial.name(name) for name in NAMES}
    leaves = {
        leaf: tuple(arithmetic.polynomial(extent) for extent in shape)
        for leaf, shape in LEAVES.items()
    }
    reader = RelationReader(arithmetic, leaves)
    shape = reader.shape(node)
    out = arithmetic.index("i")
    relation = reader.at(node, (Polynomial.name(out),))
    order = [factor.leaf for factor in relation.factors]
    names = {leaf: arithmetic.index(f"i_{leaf}") for leaf in order}
    indices = {leaf: (Polynomial.name(name),) for leaf, name in names.items()}
    reduced = eliminate(named(relation, indices), arithmetic)
    values = witnesses(arithmetic, at)
    defined = all(
        divisor.evaluate(values) >= 1 for divisor in arithmetic.divisors if _known(divisor, values)
    ) and all(_known(divisor, values) for divisor in arithmetic.divisors)
    defined = defined and all(
        bound.polynomial.evaluate(values) >= 0 for bound in reader.requirements
    )
    defined = defined and not any(bound.polynomial.evaluate(values) for bound in reader.equal)
    given_shapes = {leaf: (at[extent.name],) for leaf, (extent,) in LEAVES.items()}
    try:
        table = terms.read(instantiate(node, at), given_shapes)
    except FormulaError:
        assert not defined
        return
    if not defined:  # stricter than need be: a*b >= 1 does not say a >= 1
        assert any(divisor.evaluate(values) < 1 for divisor in arithmetic.divisors)
        return
    assert tuple(extent.evaluate(values) for extent in shape) == table.shape
    columns = {factor.name: ids for factor, ids in zip(table.factors, table.ids, strict=True)}
    rows = zip(table.target, *(columns[leaf] for leaf in order), strict=True)
    expected = Counter(tuple(map(int, row)) for row in rows)
    ranges = {out: table.shape[0]} | {names[leaf]: given_shapes[leaf][0] for leaf in order}
    assume(len(reduced.sums) < 2)
    assert counted(reduced, arithmetic, at, ranges) == expected


def _known(polynomial: Polynomial, values: Mapping[str, int]) -> bool:
    return polynomial.names <= values.keys()


@given(formulas(), st.fixed_dictionaries({name: st.integers(1, 4) for name in NAMES}))
@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
def test_relation_at_numbers_is_the_table_of_terms(node: Node, at: dict[str, int]) -> None:
    try:
        check(node, at)
    except OutOfReachError:
        assume(False)
