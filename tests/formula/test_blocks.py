"""A formula on its blocks is the whole formula, and blocks are as small as its indices let them."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from symconv.claims.parse import parse_claim
from symconv.claims.parts import parts
from symconv.errors import OutOfReachError, TooLargeError
from symconv.refutation.axes import completed, differ, factors_of
from symconv.refutation.search import judge_at

OWN = {"V": "a x h", "M": "a x m", "Z": "a x z"}
SIZES = st.fixed_dictionaries(
    {"a": st.integers(1, 2), "h": st.integers(1, 4), "m": st.integers(1, 2), "z": st.integers(1, 5)}
)
FIRST = st.sampled_from(["n", "0", "a-1", "n-1", "n+1", "a-1-n"])


def images(name):
    return FIRST.map(lambda first: f"{name}[{first}]")


def tensors(of):
    """Return strategies for formulas of one axis, made of these."""
    return st.one_of(
        of.map("rotate({})".format),
        st.tuples(of, st.integers(-1, 1), st.integers(-1, 1)).map(
            lambda drawn: f"pad({drawn[0]}, ({drawn[1]}, {drawn[2]}))"
        ),
        of.map("dilate({}, 2)".format),
        of.map("subsample({}, 2)".format),
        st.tuples(of, images("M")).map(lambda pair: f"correlate({pair[0]}, {pair[1]})"),
    )


SIDES = st.recursive(images("V"), tensors, max_leaves=4)
STATEMENTS = st.one_of(
    SIDES.map("Z[n] == {}".format),
    SIDES.map("V[n] == {}".format),
    SIDES.map("V[n] == sum({} for j in range(a))".format),
    SIDES.map(lambda side: f"V[n] == sum({side.replace('n', 'j')} for j in range(a))"),
    st.tuples(SIDES, SIDES).map(lambda pair: f"rotate(V)[n] == {pair[0]} + Z[n]*1"),
    st.tuples(SIDES, st.sampled_from(["i", "i-1", "h-i", "i*2"])).map(
        lambda pair: f"V[n,i] == ({pair[0]})[{pair[1]}]"
    ),
    SIDES.map(lambda side: f"V[0] == {side.replace('n', '0')}"),
)


@given(STATEMENTS, SIZES)
@example("V[n] == sum(correlate(V[n], M[j]) for j in range(a))", {"a": 2, "h": 3, "m": 1, "z": 1})
@example("V[n,i] == V[i,n]", {"a": 2, "h": 2, "m": 1, "z": 1})
@example("V[n,i] == sum(M[n,j] for j in range(i))", {"a": 1, "h": 3, "m": 2, "z": 1})
@example("V[n,i] == sum(M[n,j] for j in range(i, m))", {"a": 2, "h": 3, "m": 2, "z": 1})
@settings(max_examples=150, deadline=None)
def test_blocks_tell_what_the_whole_tells(statement, sizes):
    try:
        claim = parse_claim(statement, rank=1, tensors=OWN)
        pieces = parts(claim)
    except OutOfReachError:
        return
    for part in pieces:
        at = {name: sizes[name] for name in part.integers}
        every = completed(part.definitions, at)
        try:
            by_blocks = differ([block.at(at) for block in factors_of(part)])
            whole = judge_at(part, at) is not None
        except (TooLargeError, OutOfReachError):
            continue
        assert by_blocks == whole, (statement, every)


def blocks(statement, **options):
    return [factor.names for factor in factors_of(parse_claim(statement, **options))]


def test_images_channels_and_axes_are_blocks_of_their_own():
    layer = ("batch", "groups", "channels")
    gradient = "dX[n,g,c] == sum(correlate(dY[n,g,k], F[g,k,c]) for k in range(K))"
    found = blocks(gradient, general=layer)
    assert {frozenset(names) for names in found if not {"H", "W"} & {*names}} == {
        frozenset({"N"}), frozenset({"G"}), frozenset({"K"}), frozenset({"C"}),
    }  # fmt: skip
    assert [names for names in found if {"H", "W"} & {*names}] == [("H", "R", "u"), ("W", "S", "v")]


def test_indices_that_meet_in_one_place_tie_their_axes():
    tied = "V[n,i] == sum(V[n,i+j] for j in range(1))"
    assert blocks(tied, rank=1, tensors=OWN) == [("a",), ("h",)]
    assert blocks("V[n,i] == V[i,n]", rank=1, tensors=OWN) == [("a", "h")]
    assert blocks("V[n,i] == V[n+i,i]", rank=1, tensors=OWN) == [("a", "h")]
    assert blocks("V[n,i] == V[n,i]*ones(1)[n-i]", rank=1, tensors=OWN) == [("a", "h")]
