from __future__ import annotations

import re

import pytest
from strategies import CASES, SPREAD, TRANSPOSED, cases

from symconv.claims.verdict import Verdict
from symconv.engines.engine import SympyEngine, TermEngine
from symconv.geometry import Geometry
from symconv.proof.takeaways import ordinals, takeaways

engines = pytest.mark.parametrize("engine", [SympyEngine, TermEngine], ids=["sympy", "terms"])


def judged(engine, sizes):
    return {each.proof.claim: each for each in takeaways(engine(sizes))}


@engines
@cases
def test_what_holds_for_every_size_is_proved_at_each(engine, sizes):
    found = judged(engine, sizes)
    true = {"full-convolution", "size-recovered"}
    if any(step > 1 for step in sizes.stride):
        true.add("strided-is-subsampled")
    assert set(found) == true | {"textbook-input-gradient", "textbook-filter-gradient"}
    assert all(found[claim].proof.proved for claim in true)


@engines
@cases
def test_the_textbook_forms_hold_where_there_is_no_remainder(engine, sizes):
    found = judged(engine, sizes)
    assert found["textbook-input-gradient"].proof.proved == (not any(sizes.remainder))
    small = all(r < d for r, d in zip(sizes.remainder, sizes.dilation, strict=True))
    assert found["textbook-filter-gradient"].proof.proved == small


def test_a_remainder_is_told_with_what_is_missing_and_what_corrects_it():
    found = judged(SympyEngine, CASES["H6R3u2"])
    wrong = found["textbook-input-gradient"]
    assert wrong.proof.verdict is Verdict.REFUTED
    assert wrong.consequence == (
        "It gives 5x5 instead of 6x6, 1 row and 1 column short; "
        "padding by ((2, 3), (2, 3)) corrects it."
    )
    assert found["textbook-filter-gradient"].consequence == (
        "It gives 4x4 instead of 3x3, 1 row and 1 column too many; "
        "padding X by ((0, -1), (0, -1)) (negative: crop) corrects it."
    )


def test_a_remainder_on_one_axis_is_told_of_that_axis():
    found = judged(SympyEngine, Geometry.of((6, 5), 3, 2))
    assert "6x5, 1 row short" in found["textbook-input-gradient"].consequence
    found = judged(SympyEngine, Geometry.of((5, 7), 3, (2, 3)))
    assert "5x7, 1 column short" in found["textbook-input-gradient"].consequence


def test_without_a_remainder_it_says_why_the_textbook_form_is_right():
    found = judged(SympyEngine, CASES["H5R3u2"])
    assert found["textbook-input-gradient"].consequence == (
        "True here, because the stride leaves no remainder."
    )
    sizes = Geometry.of(6, 2, 2, 0, 2)
    assert sizes.remainder == (1, 1)
    found = judged(SympyEngine, sizes)
    assert found["textbook-filter-gradient"].consequence == (
        "True here, because the remainder is smaller than the dilation."
    )


def test_dropping_rows_is_told_in_numbers():
    strided = judged(SympyEngine, Geometry.of(7, 3, (2, 3)))["strided-is-subsampled"]
    assert "every 2nd row and 3rd column is kept" in strided.sentence
    assert strided.consequence == "Stride 1 gives 5x5 outputs, of which 3x2 are kept."
    one = judged(SympyEngine, Geometry.of(7, 3, (2, 1)))["strided-is-subsampled"]
    assert "every 2nd row is kept" in one.sentence


def test_the_size_is_recovered_step_by_step():
    size = judged(SympyEngine, CASES["H6R3u2"])["size-recovered"]
    assert size.consequence == "2x2, dilated 3x3, padded 8x8; a filter that spans 3x3 leaves 6x6."


def zero_rows(sizes):
    """Count the rows and columns at the end of dX that hold no product at all."""
    dx = TermEngine(sizes).tensor("dX")
    H, W = sizes.input
    rows = columns = 0
    while rows < H and not any(dx.terms((H - 1 - rows, n)) for n in range(W)):
        rows += 1
    while columns < W and not any(dx.terms((m, W - 1 - columns)) for m in range(H)):
        columns += 1
    return rows, columns


def test_zeros_for_what_no_window_reached_are_counted():
    sizes = CASES["H6R3u2"]
    full = judged(SympyEngine, sizes)["full-convolution"]
    assert zero_rows(sizes) == (1, 1)
    assert full.consequence == "It is 6x6, 1 row and 1 column of them zeros."


@cases
def test_no_zeros_are_claimed_where_the_remainder_lies_in_the_padding(sizes):
    """Windows may leave out rows of the padding only: then every input has its gradient."""
    full = judged(TermEngine, sizes)["full-convolution"]
    claimed = [
        int(found[1])
        if (found := re.search(rf"(\d+) {word}s?\b.* of them zeros", full.consequence))
        else 0
        for word in ("row", "column")
    ]
    assert all(c <= n for c, n in zip(claimed, zero_rows(sizes), strict=True))
    assert ("no window reached" in full.sentence) == any(claimed)


@pytest.mark.parametrize(
    ("step", "word"),
    [(2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"),
     (22, "22nd"), (111, "111th"), (112, "112th"), (101, "101st")],
)  # fmt: skip
def test_ordinals_are_english(step, word):
    assert ordinals((step, 1)) == [f"{word} row"]


@pytest.mark.parametrize(
    ("sizes", "kept", "zeros", "short"),
    [
        (Geometry.of((10,), (2,), 3), "every 3rd element is kept", "2 elements of", "2 elements"),
        (Geometry.of((4, 5, 6), (2, 2, 2), 3),
         "every 3rd slice, 3rd row and 3rd column is kept", "2 slices and 1 column of",
         "2 slices and 1 column"),
    ],
)  # fmt: skip
def test_what_is_counted_has_a_name_on_one_axis_and_on_three(sizes, kept, zeros, short):
    found = judged(TermEngine, sizes)
    assert kept in found["strided-is-subsampled"].sentence
    assert f", {zeros} them zeros" in found["full-convolution"].consequence
    assert f", {short} short; " in found["textbook-input-gradient"].consequence
    assert f", {short} too many; " in found["textbook-filter-gradient"].consequence


@pytest.mark.parametrize("sizes", SPREAD.values(), ids=SPREAD.keys())
def test_sentences_hold_with_an_input_dilation_and_on_other_ranks(sizes):
    for takeaway in takeaways(TermEngine(sizes)):
        textbook = takeaway.sentence.startswith("The textbook form")
        assert takeaway.proof.proved or (textbook and any(sizes.remainder))


@pytest.mark.parametrize("sizes", TRANSPOSED.values(), ids=TRANSPOSED.keys())
def test_what_is_said_of_transposed_convolutions_is_proved(sizes):
    told = list(takeaways(TermEngine(sizes)))
    assert [takeaway.wrt for takeaway in told] == ["forward", "input"]
    assert all(takeaway.proof.proved for takeaway in told)
