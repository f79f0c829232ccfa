"""Numbers taken apart, k = t*s + a: no product is lost, and none is counted twice."""

from __future__ import annotations

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
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
def test_sums_over_digits_are_what_their_tables_say(node: Node, at: dict[str, int]) -> None:
    try:
        check(node, at)
    except OutOfReachError:
        assume(False)
