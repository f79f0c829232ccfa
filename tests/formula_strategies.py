"""Random sizes and formulas, every kind of them."""

from __future__ import annotations

from hypothesis import strategies as st

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


def _pairs(sizes: st.SearchStrategy[Size]) -> st.SearchStrategy[Size]:
    kinds = st.sampled_from([Sum, Difference, Product, Least, Greatest])
    divided = st.builds(
        lambda kind, left, right: kind(left, right),
        st.sampled_from([Quotient, Remainder]),
        sizes,
        st.one_of(st.integers(1, 9), st.sampled_from([Name("u"), Name("R")]), sizes),
    )
    return st.one_of(st.builds(lambda kind, a, b: kind(a, b), kinds, sizes, sizes), divided)


def sizes(names: str, least: int = -9) -> st.SearchStrategy[Size]:
    """Return sizes in these one-letter names."""
    leaves = st.one_of(st.integers(least, 99), st.sampled_from([Name(name) for name in names]))
    return st.recursive(leaves, _pairs, max_leaves=8)


SIZES = sizes("HWRSuvPQ")
EACH = st.tuples(SIZES, SIZES)


def _operators(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        st.builds(Pad, nodes, st.tuples(EACH, EACH)),
        st.builds(Dilate, nodes, EACH),
        st.builds(Subsample, nodes, EACH),
        st.builds(Rotate, nodes),
        st.builds(Correlate, nodes, st.builds(Ones, EACH), EACH, EACH),
    )


_OF_X = st.recursive(st.just(Leaf("X")), _operators, max_leaves=3)
_GRADIENTS = st.builds(Vjp, _OF_X, st.just("X"), st.builds(Rotate, st.just(Leaf("dY"))))

TENSORS = st.one_of(_OF_X, st.recursive(_GRADIENTS, _operators, max_leaves=2))
"""Formulas that hold X once in every product, and of gradients with respect to X."""


@st.composite
def index_sums(draw: st.DrawFn) -> IndexSum:
    """Return a sum whose element has the indices m and n, over at most two more."""
    ranges = tuple(
        Range(name, draw(sizes("HRu")), draw(sizes("HRu")))
        for name in draw(st.sampled_from([(), ("p",), ("p", "q")]))
    )
    index = st.tuples(*[sizes("mnRu" + "".join(run.index for run in ranges))] * 2)
    first = Read(draw(TENSORS), draw(index))
    factors = st.sampled_from([Leaf("F"), Ones((Name("R"), 2)), Rotate(Leaf("F"))])
    others = [Read(draw(factors), draw(index))] if draw(st.booleans()) else []
    return IndexSum((Name("H"), Name("W")), ("m", "n"), ranges, (first, *others))
