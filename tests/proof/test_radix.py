"""Numbers taken apart, k = t*s + a: no product is lost, and none is counted twice."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from relation_tables import NAMES, check

from symconv.errors import OutOfReachError
from symconv.formula.nodes import IndexSum, Leaf, Node, Ones, Range, Read
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

positive = st.sampled_from([2, 3, Name("s"), Name("t"), Product(Name("s"), Name("t"))])
extents = st.sampled_from([3, Name("a"), Name("s"), Name("t"), Product(Name("s"), Name("t"))])


def _indices(*known: str) -> st.SearchStrategy[Size]:
    """Return indices in these names: i, i//s, i % s, i*s + j, and sums of two, moved a little."""
    index = st.sampled_from([Name(name) for name in known])
    apart = st.builds(
        lambda kind, i, s: kind(i, s), st.sampled_from([Quotient, Remainder]), index, positive
    )
    flat = st.builds(lambda i, s, j: Sum(Product(i, s), j), index, positive, index)
    deep = st.builds(
        lambda kind, i, s: kind(i, s),
        st.sampled_from([Quotient, Remainder]),
        st.one_of(apart, flat, st.builds(lambda i: Sum(i, 1), index)),
        positive,
    )
    once = st.one_of(index, apart, apart, flat, flat, deep)
    kinds = st.sampled_from([Sum, Difference])
    return st.one_of(once, once, st.builds(lambda kind, i, j: kind(i, j), kinds, once, once))


def _range(name: str, *known: str) -> st.SearchStrategy[Range]:
    moving = _indices(*known)
    return st.one_of(
        st.builds(lambda stop: Range(name, 0, stop), extents),
        st.builds(lambda stop: Range(name, 0, stop), extents),
        st.builds(lambda stop: Range(name, 1, stop), extents),
        st.builds(
            lambda i, j, n: Range(name, Greatest(0, i), Least(n, j)), moving, moving, extents
        ),
    )


@st.composite
def sums(draw: st.DrawFn) -> Node:
    """Draw a sum over one or two indices whose reads take them apart."""
    runs = [draw(_range("p", "m"))]
    if draw(st.booleans()):
        runs.append(draw(_range("q", "m", "p")))
    known = _indices("m", *(run.index for run in runs))
    reads = [Read(Leaf(leaf), (draw(known),)) for leaf in draw(st.sampled_from(["X", "XF"]))]
    if draw(st.booleans()):
        reads.append(Read(Ones((draw(st.sampled_from([1, 2, Name("s")])),)), (draw(known),)))
    return IndexSum((draw(extents),), ("m",), tuple(runs), tuple(reads))


@given(sums(), st.fixed_dictionaries({name: st.integers(1, 4) for name in NAMES}))
@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
def test_sums_over_digits_are_what_their_tables_say(node: Node, at: dict[str, int]) -> None:
    try:
        check(node, at)
    except OutOfReachError:
        assume(False)


s, t, p, q = map(Name, "stpq")
TRAPS: dict[str, tuple[tuple[Range, ...], Size]] = {
    "a digit of a smaller number": ((Range("p", 0, 3),), Quotient(p, 2)),
    "a digit of a larger number": ((Range("p", 0, 2),), Quotient(p, 3)),
    "a quotient of a quotient": (
        (Range("p", 0, Product(s, t)),),
        Quotient(Quotient(p, t), t),
    ),
    "a digit beside its quotient": (
        (Range("p", 0, Product(s, t)),),
        Sum(Remainder(p, t), Quotient(p, t)),
    ),
    "a number that is carried": (
        (Range("p", 0, Product(s, t)),),
        Quotient(Quotient(Sum(p, 1), t), s),
    ),
    "a number from below 0": ((Range("p", -1, t),), Sum(Quotient(p, t), 1)),
    "a number from above 0": ((Range("p", 1, Sum(t, 1)),), Quotient(p, t)),
    "a number that moves": ((Range("p", 0, t), Range("q", 0, Sum(p, 1))), Quotient(q, t)),
    "two ways to write an index": (
        (Range("p", 0, Sum(s, 1)), Range("q", 0, t)),
        Sum(Product(q, s), p),
    ),
    "one way to write an index": ((Range("p", 0, s), Range("q", 0, t)), Sum(Product(q, s), p)),
    "one way, from above": (
        (Range("p", 0, s), Range("q", 0, t)),
        Difference(Product(Sum(q, 1), s), Sum(p, 1)),
    ),
    "not every digit": ((Range("p", 1, s), Range("q", 0, t)), Sum(Product(q, s), p)),
    "an empty range": ((Range("p", 0, Difference(s, s)),), Quotient(p, t)),
}


@pytest.mark.parametrize("name", TRAPS)
def test_traps_of_digits_are_what_their_tables_say(name: str) -> None:
    runs, index = TRAPS[name]
    compared = 0
    for one, other in itertools.product(range(1, 4), range(1, 4)):
        node = IndexSum((1,), ("m",), runs, (Read(Leaf("X"), (index,)),))
        compared += check(node, {"a": 4, "b": 1, "c": 1, "s": one, "t": other}, most=2)
    assert compared or name == "an empty range"
