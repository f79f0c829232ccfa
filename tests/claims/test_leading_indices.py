"""Leading indices in claims mean what plain loops say, and operators act on what is left."""

from __future__ import annotations

import itertools
from collections import Counter

import layer_loops
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.claims.parse import parse_claim
from symconv.errors import GeometryError, ParseError
from symconv.formula.instantiation import instantiate
from symconv.formula.nodes import Dilate, IndexSum, Leaf, Pad, Read
from symconv.formula.sizes import evaluate, integers
from symconv.formula.vocabulary import GENERAL, vocabulary
from symconv.formula.words import LEADING, values
from symconv.geometry import Geometry, Layer
from symconv.proof.prover import Judgement, prove
from symconv.readings import terms
from symconv.refutation.search import judge_at

LAYER = ("batch", "groups", "channels", "bias", "padding", "crop", "dilation", "input-dilation")


def holds(statement, sizes, **options):
    """Whether a claim holds at these sizes, all axes evaluated at once."""
    claim = parse_claim(statement, **options)
    return judge_at(claim, {name: sizes[name] for name in claim.integers}) is None


@st.composite
def layers(draw):
    """Draw a layer of at most two images, channels and groups, small enough for plain loops."""
    small = st.integers(1, 2)
    rank = draw(st.integers(1, 2))
    each = st.tuples(*[st.integers(1, 3)] * rank)
    padding = tuple((draw(st.integers(-1, 1)), draw(st.integers(-1, 2))) for _ in range(rank))
    G = draw(small)
    while True:
        try:
            geometry = Geometry.of(
                tuple(size + 1 for size in draw(each)), draw(each), draw(each), padding,
                draw(st.tuples(*[small] * rank)), draw(st.tuples(*[small] * rank)), rank=rank,
            )  # fmt: skip
        except GeometryError:
            continue
        return Layer(geometry, draw(small), G * draw(small), G * draw(small), G)


def flat(layer, name, index):
    """Return an index of a leaf or a gradient as frameworks have it, group and channel in one."""
    K, C = layer.filters // layer.groups, layer.channels // layer.groups
    match name[-1]:
        case "X":
            n, g, c, *rest = index
            return (n, g * C + c, *rest)
        case "Y":
            n, g, k, *rest = index
            return (n, g * K + k, *rest)
        case "F":
            g, k, *rest = index
            return (g * K + k, *rest)
        case _:
            g, k = index
            return (g * K + k,)


@given(layers())
@settings(max_examples=25, deadline=None)
def test_the_gradients_of_a_layer_are_those_of_plain_loops(layer):
    words = vocabulary(LAYER, len(layer.geometry.axes))
    C, K = layer.channels // layer.groups, layer.filters // layer.groups
    at = values(layer.geometry) | {"N": layer.batch, "G": layer.groups, "C": C, "K": K}
    for name, size in words.definitions.items():
        at[name] = evaluate(size, at)
    shapes = {name: integers(shape, at) for name, shape in words.leaves.items()}
    expected = layer_loops.terms(layer)
    for name in ("dX", "dF", "dB"):
        table = terms.read(instantiate(words.tensors[name], at), shapes).sorted()
        found = Counter()
        for index in itertools.product(*map(range, table.shape)):
            for term in table.terms(index):
                factors = {leaf: flat(layer, leaf, at_) for leaf, at_ in term}
                key = tuple((leaf, factors[leaf]) for leaf in ("dY", "X", "F") if leaf in factors)
                found[flat(layer, name, index), key] += 1
        assert found == expected[name]


def test_the_leading_axes_follow_from_what_is_asked_for():
    assert {word for axis in LEADING for word in [axis.word]} < {*GENERAL}
    leaves = {
        word: [len(vocabulary([word]).leaves[name]) for name in ("X", "F", "dY")]
        for word in ("batch", "groups", "channels")
    }
    assert leaves == {"batch": [3, 2, 3], "groups": [3, 3, 3], "channels": [3, 4, 3]}
    assert vocabulary(["batch", "groups", "channels", "bias"]).leaves["b"] == (
        vocabulary(["groups"]).leaves["F"][0],
        vocabulary(["channels"]).leaves["F"][0],
    )


def test_operators_leave_the_leading_axes_alone():
    claim = parse_claim("V[n] == pad(dilate(V[n], 2), (1, 0))", rank=1, tensors={"V": "a x h"})
    assert isinstance(claim.right, IndexSum)
    lifted = Pad(Dilate(Leaf("V"), (1, 2)), ((0, 0), (1, 0)))
    assert [read.of for read in claim.right.reads] == [lifted]
    assert isinstance(claim.right.reads[0], Read)


OWN = {"V": "a x h", "M": "a x m"}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("V[n] == rotate(rotate(V[n]))", "V[n] == rotate(V[n])"),
        ("V[n] == crop(pad(V[n], (1, 2)), (1, 2))", "V[n] == crop(pad(V[n], (1, 2)), (2, 1))"),
        ("rotate(dilate(V[0], 2)) == dilate(rotate(V[0]), 2)", "dilate(V[0], 2) == V[0]"),
        ("V[n,i] == rotate(V[n])[h-1-i]", "V[n,i] == rotate(V[n])[h-i]"),
        ("rotate(V)[n] == rotate(V[a-1-n])", "rotate(V)[n] == rotate(V[n])"),
        ("V[n,i] == pad(V, 0)[n,i]", "V[n,i] == pad(V, 0)[n,i-1]"),
        ("V[n][i] == V[n,i]", "V[n][i] == V[i,n]"),
        ("V[n,0] == V[n,1-1]", "V[n,0] == V[n,1]"),
        ("V[0,0] == V[a-a,0]", "V[0,0] == V[a-1,0]"),
        ("V[0] == sum(V[n] for n in range(1))", "V[0] == sum(V[n] for n in range(2))"),
        ("correlate(V[0], M[0])[p] == sum(V[0,p+r]*M[0,r] for r in range(m))",
         "correlate(V[0], M[0])[p] == sum(V[0,p-r]*M[0,r] for r in range(m))"),
        ("dilate(correlate(V[n], M[j]), 2)[p] == dilate(correlate(V[n], M[j]), 2)[p]", None),
        ("subsample(correlate(V[0], M[a-1]), 2) == correlate(V[0], M[a-1], stride=2)",
         "subsample(correlate(V[0], M[a-1]), 2) == correlate(V[0], M[0], stride=2)"),
        ("V[n-1,i] == V[n-1,i]", None),
        ("shape(rotate(V[0])) == h", "shape(rotate(V[0])) == a"),
    ],
)  # fmt: skip
def test_fixed_indices_mean_what_they_say(right, wrong):
    sizes = {"a": 2, "h": 4, "m": 2}
    if wrong is None:  # names that are bound nowhere
        with pytest.raises(ValueError, match=r"unknown size|own indices"):
            holds(right, sizes, rank=1, tensors=OWN)
        return
    assert holds(right, sizes, rank=1, tensors=OWN)
    assert not holds(wrong, sizes, rank=1, tensors=OWN)


def test_a_read_outside_a_leading_axis_is_0():
    tensors = {"V": "a x h"}
    claim = "V[n] == sum(V[n+j] for j in range(2) if j == 0)"
    assert holds(claim, {"a": 2, "h": 2}, rank=1, tensors=tensors)
    beyond = "V[n] == sum(V[n+a*j] for j in range(2))"
    assert holds(beyond, {"a": 2, "h": 2}, rank=1, tensors=tensors)
    assert not holds(beyond.replace("a*j", "j"), {"a": 2, "h": 2}, rank=1, tensors=tensors)


def test_a_correlation_of_slices_is_0_outside_of_its_windows():
    tensors = {"V": "a x h", "M": "a x m", "Z": "a x p"}
    sizes = {"a": 1, "h": 4, "m": 2, "p": 5}
    inside = "Z[n] == pad(correlate(V[n], M[n]), (1, 1))"
    by_hand = "Z[n,i] == sum(V[n,i-1+r]*M[n,r] for r in range(m) if 0 <= i-1 <= h-m)"
    left = parse_claim(inside, rank=1, tensors=tensors).right
    right = parse_claim(by_hand, rank=1, tensors=tensors).right
    shapes = {"V": (1, 4), "M": (1, 2)}
    tables = [terms.read(instantiate(side, sizes), shapes).sorted() for side in (left, right)]
    assert [table.shape for table in tables] == [(1, 5), (1, 5)]
    elements = [[sorted(table.terms((0, i))) for i in range(5)] for table in tables]
    assert elements[0] == elements[1]
    assert elements[0][0] == []


def test_a_sum_of_slices_without_a_meaning_is_not_hidden_by_what_is_done_to_it() -> None:
    def judged(statement: str, size: str) -> Judgement:
        return prove(
            statement,
            rank=1,
            general="channels",
            tensors={"G": size, "D": "C x n2"},
            where=["H % 2 == 1", "2*n2 == H + 1"],
            define="D[c] == subsample(X[c], 2) + subsample(G, 2)",
        )

    assert judged("D[c] == subsample(X[c] + G, 2)", "H").proved
    assert judged("D[c] == subsample(rotate(X[c]) + G, 2)", "H").refuted
    with pytest.raises(ParseError, match="terms of several shapes"):
        judged("D[c] == subsample(X[c] + G, 2)", "N1")
