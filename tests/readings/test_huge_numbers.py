"""Formulas with numbers of any size mean what plain Python says: nothing wraps on the way."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from plain import Plain, UndefinedError, plain

from symconv.errors import FormulaError, TooLargeError
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
    Greatest,
    Least,
    Name,
    Product,
    Quotient,
    Remainder,
    Size,
    Sum,
)
from symconv.limits.memory import limited
from symconv.readings import rows, shapes, terms

HUGE = [2**k + step for k in (31, 32, 62, 63, 64, 96) for step in (-2, -1, 0, 1)]
huge = st.sampled_from([*HUGE, *(-n for n in HUGE)])
numbers = st.one_of(st.integers(-3, 4), huge)
steps = st.one_of(st.integers(1, 3), st.integers(1, 3), huge.map(abs))
around = st.builds(
    Product, st.sampled_from([2**31, 2**32, -(2**32)]), st.sampled_from([2**32, 2**33])
)
"""Numbers made of halves that fit 64 bits: what wraps does so here, back to where it began."""
LEAVES = ("X", "F")


@st.composite
def formulas(draw: st.DrawFn, rank: int, leaves: tuple[str, ...] = LEAVES, depth: int = 3) -> Node:
    """Draw a formula of this many axes in which no product holds a leaf twice."""
    kinds = ["leaf", "leaf", "ones"]
    if depth:
        kinds += ["pad", "shift", "shift", "dilate", "rotate", "subsample", "read", "read"]
        kinds += ["correlate", "vjp"] if len(leaves) > 1 else []
    inner = formulas(rank, leaves, depth - 1)

    def each(strategy: st.SearchStrategy[int]) -> tuple[int, ...]:
        return tuple(draw(strategy) for _ in range(rank))

    match draw(st.sampled_from(kinds)):
        case "leaf" if leaves:
            return Leaf(draw(st.sampled_from(leaves)))
        case "leaf" | "ones":
            return Ones(each(st.integers(0, 3)))
        case "pad":
            return Pad(draw(inner), tuple(zip(each(numbers), each(numbers), strict=True)))
        case "shift":  # there and back, or nearly
            there, back = each(numbers), each(st.integers(-1, 2))
            amounts = tuple((n, more - n) for n, more in zip(there, back, strict=True))
            return Pad(draw(inner), amounts)
        case "dilate":
            return Dilate(draw(inner), each(steps))
        case "rotate":
            return Rotate(draw(inner))
        case "subsample":
            return Subsample(draw(inner), each(steps))
        case "read":
            return _sum_of(draw, draw(inner), rank)
        case "correlate":
            of, by = (
                draw(formulas(rank, leaves[:1], depth - 1)),
                draw(formulas(rank, leaves[1:], depth - 1)),
            )
            return Correlate(of, by, each(steps), each(steps))
        case _:
            of = Pad(Leaf(leaves[0]), tuple(zip(each(numbers), each(numbers), strict=True)))
            return Vjp(of, leaves[0], draw(formulas(rank, leaves[1:], depth - 1)))


def _sum_of(draw: st.DrawFn, of: Node, rank: int) -> IndexSum:
    names = ("m", "n")[:rank]
    sizes = _sizes((*names, "k"))
    start = draw(numbers)
    run = Range("k", start, Sum(start, draw(st.integers(-1, 3))))
    shape = tuple(draw(st.integers(1, 3)) for _ in names)
    return IndexSum(shape, names, (run,), (Read(of, tuple(draw(sizes) for _ in names)),))


def _sizes(names: tuple[str, ...]) -> st.SearchStrategy[Size]:
    def grown(inner: st.SearchStrategy[Size]) -> st.SearchStrategy[Size]:
        pairs = st.sampled_from([Sum, Sum, Difference, Product, Least, Greatest])
        divided = st.sampled_from([Quotient, Remainder])
        return st.one_of(
            st.builds(lambda kind, left, right: kind(left, right), pairs, inner, inner),
            st.builds(lambda kind, left, right: kind(left, right), divided, inner, steps),
        )

    name = st.sampled_from(names).map(Name)
    once_around = st.builds(lambda i, j, n: Sum(i, Product(j, n)), name, name, around)
    return st.one_of(
        once_around, st.recursive(st.one_of(name, numbers, around), grown, max_leaves=5)
    )


def by_definition(node: Node, leaves: dict[str, tuple[int, ...]]) -> Plain | None:
    try:
        return plain(node, leaves)
    except UndefinedError:
        return None


def by_tables(node: Node, leaves: dict[str, tuple[int, ...]]) -> Plain | None:
    try:
        table = terms.read(node, leaves)
    except FormulaError:
        return None
    at: dict[tuple[int, ...], Counter[object]] = {}
    for target, *ids in zip(table.target.tolist(), *(c.tolist() for c in table.ids), strict=True):
        term = sorted(
            (factor.name, _index(number, factor.shape))
            for factor, number in zip(table.factors, ids, strict=True)
        )
        at.setdefault(_index(target, table.shape), Counter())[tuple(term)] += 1
    return Plain(table.shape, at)  # type: ignore[arg-type]


def by_rows(node: Node, leaves: dict[str, tuple[int, ...]]) -> Plain | None:
    try:
        tensor = rows.read(node, {name: n for name, (n,) in leaves.items()}, {})
    except FormulaError:
        return None
    at: dict[tuple[int, ...], Counter[object]] = {}
    for i, products in tensor.at.items():
        for term in products:
            factors = sorted((f, (k,)) for f, k in zip(tensor.factors, term, strict=True))
            at.setdefault((i,), Counter())[tuple(factors)] += 1
    return Plain((tensor.extent,), at)  # type: ignore[arg-type]


def _index(number: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    index = []
    for extent in reversed(shape):
        number, i = divmod(number, extent)
        index.append(i)
    return tuple(reversed(index))


quick = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@quick
@given(st.data(), st.sampled_from([1, 2]))
def test_tables_are_what_plain_python_says(data: st.DataObject, rank: int) -> None:
    node = data.draw(formulas(rank))
    leaves = {name: tuple(data.draw(st.integers(1, 3)) for _ in range(rank)) for name in LEAVES}
    try:
        with limited():
            found = by_tables(node, leaves)
    except TooLargeError:
        assume(False)
    assert found == by_definition(node, leaves)


@quick
@given(formulas(1), st.integers(1, 3), st.integers(1, 3))
def test_rows_are_what_plain_python_says(node: Node, x: int, f: int) -> None:
    leaves = {"X": (x,), "F": (f,)}
    try:
        with limited():
            found = by_rows(node, leaves)
    except TooLargeError:
        assume(False)
    assert found == by_definition(node, leaves)


def test_a_filter_of_zeros_over_a_huge_tensor_takes_no_time() -> None:
    padded = Pad(Leaf("X"), ((2**64, 2**64),))
    zeros = Subsample(Pad(Leaf("F"), ((1, 0),)), (5,))
    node = Correlate(padded, zeros, (1,), (1,))
    assert by_rows(node, {"X": (2,), "F": (3,)}) == Plain((2**65 + 2,), {})


@quick
@given(st.data(), st.sampled_from([1, 2]))
def test_a_formula_has_the_shape_of_its_tensor(data: st.DataObject, rank: int) -> None:
    node = data.draw(formulas(rank))
    leaves = {name: tuple(data.draw(st.integers(1, 3)) for _ in range(rank)) for name in LEAVES}
    expected = by_definition(node, leaves)
    try:
        shape = shapes.read(node, leaves)
    except FormulaError:
        assert expected is None
        return
    if shapes.is_decided(node):
        assert expected is not None
    if expected is not None:
        assert shape == expected.shape


@pytest.mark.parametrize("wrapped", [2**63, 2**64, 2**64 + 1])
def test_an_index_that_would_wrap_to_an_element_reads_nothing(wrapped: int) -> None:
    far = IndexSum((2,), ("m",), (), (Read(Leaf("X"), (Sum(Name("m"), wrapped),)),))
    near = Remainder(Sum(Name("m"), wrapped), 2)
    assert len(terms.read(far, {"X": (3,)})) == 0
    assert (
        len(terms.read(IndexSum((2,), ("m",), (), (Read(Leaf("X"), (near,)),)), {"X": (3,)})) == 2
    )
