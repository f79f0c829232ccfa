"""The walk over the documents' syntax tree: it loses no node, of whatever type."""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction
from typing import get_args

import pytest

from symconv.documents.mathematics.reader import read
from symconv.documents.mathematics.syntax import (
    BigSum,
    Call,
    Derivative,
    Differential,
    Expression,
    Floor,
    Indicator,
    Matrix,
    Number,
    Power,
    Symbol,
    WordsNode,
    WrittenProduct,
    WrittenQuotient,
    WrittenSum,
)
from symconv.documents.mathematics.tokens import tokenize
from symconv.documents.mathematics.walk import children, mapped, rebuild, walk
from symconv.documents.source.place import Place

HERE = Place(0, 1)
A, B, C = (Symbol(name, None, HERE) for name in "ABC")
ONE = Number(Fraction(1), HERE)
NODES: list[tuple[Expression, tuple[Expression, ...]]] = [
    (ONE, ()),
    (A, ()),
    (Derivative(A, B, HERE), (A, B)),
    (Differential(A, "d", HERE), (A,)),
    (Differential(None, "d", HERE), ()),
    (WrittenProduct((A, ONE, B), ("", "*"), HERE), (A, ONE, B)),
    (WrittenQuotient(A, ONE, HERE), (A, ONE)),
    (WrittenSum(((1, A), (-1, ONE)), HERE), (A, ONE)),
    (Power(A, (), HERE), (A,)),
    (Floor(A, HERE, up=True), (A,)),
    (Call("conv", (A, B, ONE), HERE), (A, B, ONE)),
    (BigSum((), (), A, HERE), (A,)),
    (Indicator((), HERE), ()),
    (Matrix(((A, None), (ONE, B)), HERE), (A, ONE, B)),
    (WordsNode("filter", HERE), ()),
]
IDS = [type(node).__name__ for node, _ in NODES]


def test_every_type_of_node_is_tried_here():
    assert {type(node) for node, _ in NODES} == {*get_args(Expression)}


@pytest.mark.parametrize(("node", "held"), NODES, ids=IDS)
def test_the_children_are_the_nodes_that_a_node_holds(node, held):
    assert children(node) == held
    assert {id(child) for child in children(node)} == {id(n) for n in nodes_in(node)}


def nodes_in(node: object) -> list[Expression]:
    """All nodes in the fields of a record, found by their types alone."""
    found: list[Expression] = []
    waiting = [getattr(node, field.name) for field in fields(node)]
    while waiting:
        part = waiting.pop()
        if isinstance(part, get_args(Expression)):
            found.append(part)
        elif isinstance(part, tuple) and not isinstance(part, Place):
            waiting.extend(part)
    return found


@pytest.mark.parametrize(("node", "held"), NODES, ids=IDS)
def test_a_rebuilt_node_holds_the_new_nodes_and_is_the_old_one_in_all_else(node, held):
    assert rebuild(node, held) is node
    fresh = [Symbol(f"N_{k}", None, HERE) for k in range(len(held))]
    made = rebuild(node, fresh)
    assert type(made) is type(node)
    assert list(children(made)) == fresh
    assert rebuild(made, held) == node


@pytest.mark.parametrize(("node", "held"), NODES, ids=IDS)
def test_a_node_is_not_rebuilt_with_more_or_fewer_nodes(node, held):
    with pytest.raises(ValueError, match=type(node).__name__):
        rebuild(node, [*held, A])
    if held:
        with pytest.raises(ValueError, match=type(node).__name__):
            rebuild(node, held[1:])


def test_only_a_name_is_differentiated():
    for node in (Derivative(A, B, HERE), Differential(A, "d", HERE)):
        with pytest.raises(TypeError, match="Number"):
            rebuild(node, [ONE] * len(children(node)))


@dataclass(frozen=True)
class Stranger:
    """No node of a formula."""

    of: object


@pytest.mark.parametrize("stranger", [Stranger(A), None, "A", (A, B)])
def test_what_is_no_node_is_an_error(stranger):
    with pytest.raises(TypeError, match=type(stranger).__name__):
        children(stranger)
    with pytest.raises(TypeError, match=type(stranger).__name__):
        rebuild(stranger, ())
    with pytest.raises(TypeError, match=type(stranger).__name__):
        list(walk(WrittenProduct((A, stranger), ("",), HERE)))


def tree(text: str) -> Expression:
    return read(tokenize(text, 0, len(text)))


def names(text: str, **into) -> list[str]:
    return [node.name for node in walk(tree(text), **into) if isinstance(node, Symbol)]


def test_a_walk_goes_through_all_of_a_tree_in_order():
    text = (
        r"\frac{A + 2 B}{C} \cdot \lfloor D^{T} \rfloor * \text{conv}(E, \sum_{i} F_{i} G)"
        r" \begin{bmatrix} H & 1 \\ & I \end{bmatrix} \frac{\partial J}{\partial K}"
    )
    assert names(text) == [*"ABCDEFGHIJK"]


def test_a_walk_stays_outside_where_it_is_told_to():
    text = r"A \, \text{conv}(B, C) \, \frac{\partial D}{\partial E}"
    assert names(text, into=lambda node: not isinstance(node, Call)) == [*"ADE"]
    assert names(text, into=lambda node: not isinstance(node, Derivative)) == [*"ABC"]


def test_a_walk_needs_no_recursion():
    node: Expression = A
    for _ in range(20_000):
        node = Floor(node, HERE)
    assert sum(1 for _ in walk(node)) == 20_001


def test_what_a_node_holds_is_changed_one_level_deep():
    inside = WrittenQuotient(A, B, HERE)
    assert mapped(WrittenSum(((1, inside), (-1, A)), HERE), lambda _: C) == WrittenSum(
        ((1, C), (-1, C)), HERE
    )
    same = WrittenProduct((inside, A), ("",), HERE)
    assert mapped(same, lambda node: node) is same
