"""Formulas and sizes as trees: nothing is lost on a walk, and an unknown node is an error."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.formula import nodes, sizes
from symconv.formula.axes import on_axis
from symconv.formula.extents import extents
from symconv.formula.factors import factors
from symconv.formula.instantiation import instantiate
from symconv.formula.nodes import Node
from symconv.formula.sizes import Name, Size
from symconv.formula.walk import parts
from symconv.readings.quotients import Arithmetic

BINARY = [kind for kind in get_args(Size) if kind not in (int, Name)]
SIZES: st.SearchStrategy[Size] = st.recursive(
    st.one_of(st.integers(-9, 99), st.sampled_from([Name("H"), Name("R"), Name("u")])),
    lambda of: st.one_of(*(st.builds(kind, of, of) for kind in BINARY)),
    max_leaves=5,
)
EACH = st.tuples(SIZES, SIZES)


def _made_of(of: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        st.builds(nodes.Pad, of, st.tuples(EACH, EACH)),
        st.builds(nodes.Dilate, of, EACH),
        st.builds(nodes.Subsample, of, EACH),
        st.builds(nodes.Rotate, of),
        st.builds(nodes.Correlate, of, of, EACH, EACH),
        st.builds(nodes.Vjp, of, st.just("X"), of),
        st.builds(
            nodes.IndexSum,
            EACH,
            st.just(("m", "n")),
            st.tuples(st.builds(nodes.Range, st.just("p"), SIZES, SIZES)),
            st.tuples(st.builds(nodes.Read, of, EACH), st.builds(nodes.Read, of, EACH)),
        ),
    )


FORMULAS: st.SearchStrategy[Node] = st.recursive(
    st.one_of(st.builds(nodes.Leaf, st.sampled_from("XF")), st.builds(nodes.Ones, EACH)),
    _made_of,
    max_leaves=4,
)


def everything(node: Node) -> Counter[Node]:
    """Return every formula inside ``node``, by its children alone."""
    found = Counter([node])
    for child in nodes.children(node):
        found += everything(child)
    return found


@settings(max_examples=100, deadline=None)
@given(FORMULAS)
def test_the_children_are_all_formulas_inside(node: Node) -> None:
    assert everything(node) == Counter(part for part in parts(node) if isinstance(part, Node))
    assert nodes.rebuild(node, nodes.children(node)) == node


@settings(max_examples=100, deadline=None)
@given(FORMULAS)
def test_every_size_inside_is_changed(node: Node) -> None:
    def marked(of: Node) -> Node:
        whole = nodes.rebuild(of, map(marked, nodes.children(of)))
        return nodes.with_sizes(whole, lambda size: Name("changed"))

    left = {part for part in parts(marked(node)) if isinstance(part, Size)}
    assert left <= {Name("changed")}
    assert nodes.with_sizes(node, lambda size: size) == node


@settings(max_examples=100, deadline=None)
@given(SIZES)
def test_a_size_is_made_of_its_children(size: Size) -> None:
    assert sizes.rebuild(size, sizes.children(size)) == size
    inside = [part for part in parts(size) if isinstance(part, Name)]
    assert sizes.names(size) == {part.name for part in inside}


@settings(max_examples=100, deadline=None)
@given(SIZES)
def test_no_name_is_left_where_all_are_replaced(size: Size) -> None:
    numbers = {"H": 7, "R": 3, "u": 2}
    replaced = sizes.substitute(size, numbers)
    assert sizes.names(replaced) == set()
    if isinstance(replaced, int):
        assert replaced == sizes.evaluate(size, numbers)


def test_children_of_another_number_are_refused() -> None:
    pad = nodes.Pad(nodes.Leaf("X"), ((1, 1),))
    with pytest.raises(ValueError, match="unpack"):
        nodes.rebuild(pad, [])
    with pytest.raises(ValueError, match="unpack"):
        nodes.rebuild(nodes.Leaf("X"), [pad])
    with pytest.raises(ValueError, match="unpack"):
        sizes.rebuild(sizes.Sum(1, 2), [1, 2, 3])


@dataclass(frozen=True)
class Transpose:
    """A node that nothing knows."""

    of: Node
    left: int = 1
    right: int = 2


@pytest.mark.parametrize(
    "walk",
    [
        nodes.children,
        lambda node: nodes.rebuild(node, []),
        lambda node: nodes.with_sizes(node, lambda size: size),
        factors,
        lambda node: instantiate(node, {}),
        lambda node: on_axis(node, 0),
        lambda node: extents(node, {}),
        sizes.children,
        lambda size: sizes.rebuild(size, [1, 2]),
        sizes.names,
        lambda size: sizes.substitute(size, {}),
        lambda size: sizes.evaluate(size, {}),
        Arithmetic([], {}).polynomial,
    ],
)
def test_an_unknown_node_is_an_error(walk) -> None:
    with pytest.raises(TypeError, match="Transpose"):
        walk(Transpose(nodes.Leaf("X")))
