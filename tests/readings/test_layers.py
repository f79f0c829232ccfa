"""Who is summed in a layer, as it is shown, against plain loops over all images and channels."""

from __future__ import annotations

import itertools
import math

import layer_loops
import pytest
from strategies import LAYERS

from symconv.geometry import Geometry, Layer
from symconv.mathematics.text import ASCII
from symconv.mathematics.tree import (
    Addition,
    BinarySign,
    Component,
    Mathematics,
    Numeral,
    Operation,
    Over,
    Partial,
    Summation,
    equation,
    nodes,
)
from symconv.notation import Notation
from symconv.readings.layers import OPERANDS, LayerReading, leading_axes, space

USUAL = Notation()

every_layer = pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS.keys())


def flat(layer: Layer, tensor: str, at: dict[str, int]) -> tuple[int, ...]:
    """Return the leading indices of a tensor as frameworks have them."""
    n, k = at.get("n", 0), at.get("k", 0)
    g, c = (at["c"], 0) if layer.depthwise else (at.get("g", 0), at.get("c", 0))
    inner, outer = g * layer.group_channels + c, g * layer.group_filters + k
    match tensor:
        case "X":
            return n, inner
        case "F":
            return (inner, k) if layer.geometry.transposed else (outer, c)
        case "Y":
            return n, outer
        case _:
            return (outer,)


def letters(tree: Mathematics) -> tuple[str, ...]:
    """Return the leading indices that are written on an element, in order."""
    of = tree.below if isinstance(tree, Partial) else tree
    raised = (group for group in getattr(of, "groups", ()) if group.raised)
    return tuple(entry.name for group in raised for entry in group.entries)


def body(tree: Mathematics) -> tuple[list[str], list[Mathematics]]:
    """Return the letters that a shown sum runs over, and what is multiplied in it."""
    match tree:
        case Addition((_bias, total)):
            return body(total)
        case Summation(over, inside):
            summed = [i.name for each in over for i in each.indices]
            return summed, body(inside)[1]
        case Operation(left, BinarySign.SPATIAL, right):
            return [], [left, right]
        case _:
            return [], [tree]


def shown_sums(layer: Layer, tensor: str, statement) -> set:
    """Return which leading indices meet where, as a reader of the statement would find it."""
    left, right = statement.sides
    summed, factors = body(right)
    sizes = {axis.name: axis.size for axes in leading_axes(layer).values() for axis in axes}
    free = letters(left)
    running = [*free, *(letter for letter in summed if letter in sizes)]
    target = tensor.removeprefix("d") if tensor != "dB" else "b"
    found = set()
    for values in itertools.product(*(range(sizes[letter]) for letter in running)):
        at = dict(zip(running, values, strict=True))
        for operand, factor in zip(OPERANDS[tensor], factors, strict=True):
            assert set(letters(factor)) <= at.keys()
            assert letters(factor) == tuple(a.name for a in leading_axes(layer)[operand[-1]])
        terms = tuple((name, flat(layer, name[-1], at)) for name in OPERANDS[tensor])
        found.add((flat(layer, target, at), terms))
    return found


def looped(layer: Layer, tensor: str) -> set:
    """Return the same from loops over every element."""
    many = {"X": 2, "F": 2, "Y": 2, "dY": 2}
    own = 1 if tensor == "dB" else 2
    return {
        (target[:own], tuple(sorted((t, index[: many[t]]) for t, index in term)))
        for (target, term) in layer_loops.terms(layer)[tensor]
    }


def in_order(found: set) -> set:
    return {(target, tuple(sorted(terms))) for target, terms in found}


@every_layer
@pytest.mark.parametrize("tensor", OPERANDS)
def test_the_sums_over_channels_are_those_of_the_loops(layer, tensor):
    if tensor == "dB" and not layer.bias:
        return
    statement = LayerReading(layer, USUAL).channels(tensor)
    assert in_order(shown_sums(layer, tensor, statement)) == looped(layer, tensor)


def test_a_sum_that_is_forgotten_is_not_that_of_the_loops():
    layer = LAYERS["groups"]
    statement = LayerReading(layer, USUAL).channels("dX")
    (over,), inside = statement.sides[1].over, statement.sides[1].body
    wrong = equation(statement.sides[0], Summation((Over(over.indices[:-1]),), inside))
    with pytest.raises(AssertionError):
        assert in_order(shown_sums(layer, "dX", wrong)) == looped(layer, "dX")


@every_layer
def test_as_many_are_added_up_as_is_said(layer):
    reading = LayerReading(layer, USUAL)
    for tensor in ("Y", "dX", "dF"):
        found = shown_sums(layer, tensor, reading.channels(tensor))
        targets = {target for target, _ in found}
        assert len(found) == len(targets) * reading.count(tensor)
    assert reading.count("dB") == layer.batch * math.prod(layer.geometry.output)


def channels(layer, tensor, notation=USUAL, **at):
    return ASCII.write(LayerReading(layer, notation, at).channels(tensor))


SIZES = Geometry.of(5, 3)
WRITTEN = {
    "one of everything": (Layer(SIZES, bias=True), "y = b + x * f", "dL/dx = dL/dy * f"),
    "images alone": (Layer(SIZES, 4), "y[n] = x[n] * f", "dL/dx[n] = dL/dy[n] * f"),
    "channels alone": (
        Layer(SIZES, 1, 3, 2), "y[k] = sum_c x[c] * f[k,c]", "dL/dx[c] = sum_k dL/dy[k] * f[k,c]",
    ),
    "groups": (
        Layer(SIZES, 2, 4, 6, 2),
        "y[n,g,k] = sum_c x[n,g,c] * f[g,k,c]",
        "dL/dx[n,g,c] = sum_k dL/dy[n,g,k] * f[g,k,c]",
    ),
    "depthwise": (
        Layer(SIZES, 2, 3, 3, 3), "y[n,c] = x[n,c] * f[c]", "dL/dx[n,c] = dL/dy[n,c] * f[c]",
    ),
    "depthwise, two filters each": (
        Layer(SIZES, 2, 3, 6, 3),
        "y[n,c,k] = x[n,c] * f[c,k]",
        "dL/dx[n,c] = sum_k dL/dy[n,c,k] * f[c,k]",
    ),
    "transposed": (
        Layer(Geometry.of(3, 2, transposed=True), 1, 2, 3),
        "y[k] = sum_c x[c] * f[c,k]",
        "dL/dx[c] = sum_k dL/dy[k] * f[c,k]",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("layer", "y", "dx"), WRITTEN.values(), ids=WRITTEN.keys())
def test_only_the_parts_that_are_there_are_written(layer, y, dx):
    assert channels(layer, "Y") == y
    assert channels(layer, "dX") == dx


def test_an_index_may_be_a_number_in_the_base_of_the_notation():
    layer = Layer(SIZES, 2, 3, 4)
    assert channels(layer, "dX", n=1, c=2) == "dL/dx[1,2] = sum_k dL/dy[1,k] * f[k,2]"
    others = Notation(("X", "F", "O"), base=1)
    assert channels(layer, "dX", others, n=1, c=2) == "dL/dX[2,3] = sum_k dL/dO[2,k] * F[k,3]"


def test_closed_forms_and_chain_rules_have_the_same_sums():
    reading = LayerReading(Layer(Geometry.of(5, 3, 2), 2, 3, 4, bias=True), USUAL)
    assert ASCII.write(reading.closed_form("dX")) == (
        "dX[n,c] = sum_k correlate(pad(dilate(dY[n,k], (2, 2)), ((2, 2), (2, 2))), rotate(F[k,c]))"
    )
    assert ASCII.write(reading.closed_form("dB")) == "dB[k] = sum_npq dY[n,k][p,q]"
    assert ASCII.write(reading.chain_rule("F")) == (
        "dL/df[k,c][r,s] = sum_n sum_pq dL/dy[n,k][p,q] dy[n,k][p,q]/df[k,c][r,s]"
    )


def test_the_bias_gives_way_to_a_tensor_of_its_name():
    layer = Layer(SIZES, bias=True)
    assert channels(layer, "Y", Notation(("a", "b", "y"))) == "y = bias + a * b"
    assert channels(layer, "dB", Notation(("a", "b", "y"))) == "dL/dbias = sum_pq dL/dy[p,q]"


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_each_axis_has_letters_of_its_own(rank):
    named = [*space("X", rank), *space("F", rank), *space("Y", rank)]
    assert len(set(named)) == len(named) == 3 * rank
    assert not set(named) & {"n", "g", "c", "k"}


@every_layer
def test_no_number_stands_where_an_index_runs(layer):
    tree = LayerReading(layer, USUAL).closed_form("dX")
    for node in nodes(tree):
        if isinstance(node, Component):
            assert not any(isinstance(e, Numeral) for group in node.groups for e in group.entries)
