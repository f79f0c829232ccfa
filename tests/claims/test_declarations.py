"""What a claim declares: shapes in every spelling, and the ranges of integers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.claims.mathematics import shape_text
from symconv.claims.parse import parse_claim
from symconv.claims.statement import StatedClaim
from symconv.errors import ParseError
from symconv.readings.text import size as size_text


def shape(text: str, **options: object) -> list[str]:
    claim = parse_claim("G == G", tensors={"G": text}, **options)  # type: ignore[arg-type]
    return list(map(size_text, claim.leaves["G"]))


@pytest.mark.parametrize(
    ("text", "extents"),
    [
        ("R2xS2", ["R2", "S2"]),
        ("R2 x S2", ["R2", "S2"]),
        ("R2, S2", ["R2", "S2"]),
        ("(R2, S2)", ["R2", "S2"]),
        ("HxWxC", ["H", "W", "C"]),
        ("axb", ["a", "b"]),
        ("5x5", ["5", "5"]),
        ("2xN", ["2", "N"]),
        ("Nx2", ["N", "2"]),
        ("N\tx\t2", ["N", "2"]),
        ("n", ["n"]),
        ("n,", ["n"]),
        ("3", ["3"]),
        ("(H-1)x(W-1)", ["H - 1", "W - 1"]),
        ("H-1xW", ["H - 1", "W"]),
        ("max(H,R)", ["max(H, R)"]),
        ("max(H,R)x2", ["max(H, R)", "2"]),
        ("2xmax(H, R)", ["2", "max(H, R)"]),
        ("max(H, R) x min(W, S)", ["max(H, R)", "min(W, S)"]),
        ("H - R + 1, W - S + 1", ["H - R + 1", "W - S + 1"]),
        ("Nx x 2", ["Nx", "2"]),
        ("Nx, 2", ["Nx", "2"]),
        ("Nx,", ["Nx"]),
        ("N xN", ["N", "N"]),
    ],
)
def test_an_x_stands_between_two_extents(text: str, extents: list[str]) -> None:
    assert shape(text) == extents


def test_a_known_name_keeps_its_x() -> None:
    assert shape("Nx", integers={"Nx": ">= 1"}) == ["Nx"]
    assert shape("NxxNx", integers={"NxxNx": ">= 1"}) == ["NxxNx"]
    claim = parse_claim("A == B", tensors={"A": "Nx x 2", "B": "Nx x 2"})
    assert claim.leaves["A"] == claim.leaves["B"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Nx", "blanks around the x between two extents, or a comma, as in 'Nx x 2' and 'Nx,'"),
        ("xN", "an extent is missing beside an x"),
        ("x", "an extent is missing beside an x"),
        ("N x", "an extent is missing beside an x"),
        ("2 x 0", "an extent is 0; a tensor has at least 1 element on an axis"),
        ("-1", "an extent is -1"),
        ("n - 1", "unknown size n"),
        ("", "the text is empty"),
        ("a b", "invalid syntax"),
        ("H,,W", "invalid syntax"),
        ("(H, W) x 2", "a tuple is no size"),
        ("X", "X is a tensor where a size is needed"),
        ("G", "as a tensor and as an integer"),
    ],
)
def test_what_is_no_shape_is_named_with_its_tensor(text: str, says: str) -> None:
    with pytest.raises(ParseError) as raised:
        shape(text)
    assert says in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


NAMES = st.from_regex(r"[A-Wa-w][A-Wa-w0-9]{0,3}", fullmatch=True).filter(
    lambda name: name not in parse_names() and name not in PYTHON
)
PYTHON = {"as", "if", "in", "is", "or", "and", "def", "del", "for", "not", "from", "else", "elif"}


def parse_names() -> set[str]:
    from symconv.formula.vocabulary import vocabulary

    return {*vocabulary().names(), "pt", "pb", "pl", "pr", "d", "e"}


@settings(max_examples=100, deadline=None)
@given(st.lists(NAMES | st.integers(1, 99).map(str), min_size=1, max_size=4))
def test_every_spelling_of_a_shape_is_the_same(extents: list[str]) -> None:
    if "G" in extents:
        return
    for between in ("x", " x ", "  x  ", ", ", ","):
        assert shape(between.join(extents)) == extents
    assert shape(f"({', '.join(extents)},)") == extents


def test_a_size_that_one_tensor_introduces_is_known_to_the_next() -> None:
    claim = parse_claim("A == crop(B, 1)", tensors={"A": "n", "B": "n + 2"})
    assert list(claim.integers) == ["n"]
    with pytest.raises(ParseError, match="unknown size n"):
        parse_claim("A == A", tensors={"B": "n + 2", "A": "n"})


def test_an_integer_beside_a_tensor_states_the_range_of_its_extent() -> None:
    claim = parse_claim("A == A", tensors={"A": "n"}, integers={"n": "2..5"})
    assert claim.integers == {"n": 2}
    assert claim.declared == {"n"}


@pytest.mark.parametrize("kind", ["tensor", "integer"])
def test_nothing_is_declared_twice(kind: str) -> None:
    twice = {f"{kind}s": (("A", "3..4" if kind == "integer" else "3"),) * 2}
    with pytest.raises(ParseError, match=f"{kind} A is declared twice; drop one"):
        StatedClaim("H == H", **twice).claim()  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["R2xS2", "n - 1, k", "(H-R, W)", "max(H, R)", "H - 1", "5x5"])
def test_a_shape_is_read_back_as_it_is_told(text: str) -> None:
    more = {"n": ">= 2", "k": ">= 1"}
    claim = parse_claim("G == G", tensors={"G": text}, integers=more)
    told = shape_text(claim.leaves["G"])
    assert parse_claim("G == G", tensors={"G": told}, integers=more).leaves == claim.leaves
