"""What a claim takes for granted: only what its tensors need, and all of it shown."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.claims.assumptions import (
    Assumption,
    Reason,
    assumed,
    assumed_texts,
    unassuming,
)
from symconv.claims.claim import Condition
from symconv.claims.mathematics import condition_text
from symconv.claims.parse import parse_claim
from symconv.claims.theorems import theorems
from symconv.errors import FormulaError, ParseError
from symconv.formula.sizes import evaluate

HEIGHT, WIDTH = "H >= R", "W >= S"


def fits(statement: str, **options: object) -> list[str]:
    claim = parse_claim(statement, **options)  # type: ignore[arg-type]
    return [condition_text(each) for each in assumed(claim) if each.reason is Reason.FITS]


@pytest.mark.parametrize(
    ("statement", "options", "found"),
    [
        ("Y == Y", {}, [HEIGHT, WIDTH]),
        ("dX == dX", {}, [HEIGHT, WIDTH]),
        ("dF == dF", {}, [HEIGHT, WIDTH]),
        ("dY == rotate(dY)", {}, [HEIGHT, WIDTH]),
        ("shape(Y) == (H, W)", {}, [HEIGHT, WIDTH]),
        ("P == H", {}, [HEIGHT]),
        ("(H, Q) == (H, S)", {}, [WIDTH]),
        ("H == H", {"where": ["P >= 2"]}, [HEIGHT]),
        ("G == G", {"tensors": {"G": "Q"}}, [WIDTH]),
        ("pad(X, (R, S)) == X", {}, []),
        ("correlate(X, ones(R, S)) == X", {}, []),
        ("convolve(X, F) == X", {}, [HEIGHT, WIDTH]),
        ("X == F", {}, [HEIGHT, WIDTH]),
        ("rotate(F) == F", {}, []),
        ("max(H, R) == H", {}, []),
        ("(H - R) // u == H", {}, []),
    ],
)
def test_the_filter_fits_only_where_the_tensors_that_need_it_are_spoken_of(
    statement: str, options: dict[str, object], found: list[str]
) -> None:
    assert fits(statement, **options) == found


def test_with_padding_and_dilation_the_padded_input_has_room_for_the_dilated_filter() -> None:
    claim = parse_claim("dX == dX", general=["padding", "dilation"])
    assert list(assumed_texts(claim)) == [
        "the filter fits: H + pt + pb >= d*(R - 1) + 1, W + pl + pr >= e*(S - 1) + 1",
        "sizes are positive: H, W, R, S, u, v, d, e >= 1",
        "nothing is cropped: pt, pb, pl, pr >= 0",
    ]
    crop = parse_claim("dX == dX", general=["padding", "crop"])
    assert not any("nothing is cropped" in text for text in assumed_texts(crop))


def test_a_declared_tensor_has_elements_and_what_is_plain_is_not_said() -> None:
    claim = parse_claim(
        "G == A",
        tensors={"G": "H + a - 2, (W - 1)//v + 1", "A": "k x n"},
        integers={"a": ">= 0", "k": "0..3"},
    )
    assert list(assumed_texts(claim)) == [
        "no tensor is empty: H + a - 2 >= 1, k >= 1",
        "sizes are positive: H, W, v, n >= 1",
    ]


def test_what_a_claim_states_is_not_assumed() -> None:
    claim = parse_claim("pad(X, k) == X", integers={"k": "0..3"})
    assert claim.declared == {"k"}
    assert list(assumed_texts(claim)) == ["sizes are positive: H, W >= 1"]
    bare = unassuming(claim)
    assert bare.integers == {"H": None, "W": None, "k": 0}
    assert list(map(condition_text, bare.assumptions)) == ["k <= 3"]


def test_listed_sizes_say_their_values_themselves() -> None:
    claim = parse_claim("dX == dX", sizes="H=1..5, R=1..3, u=1")
    assert list(assumed_texts(claim)) == [f"the filter fits: {HEIGHT}, {WIDTH}"]


@pytest.mark.parametrize("entry", theorems(), ids=lambda entry: entry.claim.id)
def test_every_theorem_assumes_that_the_filter_fits(entry) -> None:  # type: ignore[no-untyped-def]
    own = bool(entry.stated.tensors)
    fits = "no tensor is empty" if own else "the filter fits: "
    assert next(assumed_texts(entry.claim)).startswith(fits)


def test_an_assumption_is_a_condition_that_a_claim_could_state() -> None:
    for entry in theorems():
        texts = [condition_text(each) for each in assumed(entry.claim)]
        again = replace(entry.stated, where=tuple(texts)).claim()
        said = [Condition(each.left, each.relation, each.right) for each in assumed(entry.claim)]
        assert list(again.where) == said


SIZES = st.recursive(
    st.sampled_from(["H", "R", "k", "0", "1", "2", "7"]),
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from("+ - * // %".split()), inner)
        | st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), inner, inner)
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(SIZES, st.integers(1, 5), st.integers(1, 5), st.integers(-2, 3))
def test_a_shape_that_is_not_assumed_has_elements_wherever_it_has_a_value(
    text: str, H: int, R: int, k: int
) -> None:
    """What is left out of the assumptions because it is plain must be so."""
    try:
        claim = parse_claim("G == G", tensors={"G": text}, integers={"k": ">= -2"})
    except ParseError:  # a number below 1
        return
    if any(isinstance(each, Assumption) for each in claim.assumptions):
        return
    (extent,) = claim.leaves["G"]
    with contextlib.suppress(FormulaError):
        assert evaluate(extent, {"H": H, "R": R, "k": k}) >= 1
