from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.claims.claim import Condition, ShapeOf
from symconv.claims.declarations import declared
from symconv.claims.definitions import defined
from symconv.claims.mathematics import claim_text, condition_text
from symconv.claims.parse import parse_claim, parse_sides
from symconv.claims.theorems import theorems
from symconv.claims.verdict import Verdict
from symconv.errors import ParseError, SymconvError
from symconv.formula.nodes import Added, IndexSum, Leaf, Rotate, Vjp
from symconv.formula.parse import FormulaReader
from symconv.formula.sizes import Difference, Name, Remainder
from symconv.formula.vocabulary import vocabulary
from symconv.proof.prover import prove
from symconv.proof.recheck import recheck
from symconv.refutation.sizes import holds


def test_a_claim_knows_what_it_is_made_of() -> None:
    claim = parse_claim("dX == rotate(dX)", where=["(H - R) % u == 0"])
    assert isinstance(claim.left, Vjp)
    assert claim.right == Rotate(claim.left)
    assert list(claim.integers) == ["H", "W", "R", "S", "u", "v"]
    assert set(claim.definitions) == {"P", "Q"}
    assert set(claim.leaves) == {"X", "F", "dY"}
    assert claim.where == (
        Condition(Remainder(Difference(Name("H"), Name("R")), Name("u")), "==", 0),
    )
    assert list(map(condition_text, claim.assumptions)) == ["H >= R", "W >= S"]


def test_a_claim_about_one_tensor_assumes_nothing_of_others() -> None:
    claim = parse_claim("rotate(rotate(X)) == X")
    assert list(claim.integers) == ["H", "W"]
    assert not claim.assumptions
    assert not claim.definitions


def test_a_claim_about_the_height_leaves_the_width_alone() -> None:
    assert list(parse_claim("P == (H - R)//u + 1").integers) == ["H", "R", "u"]


def test_paddings_are_at_least_0_unless_they_may_crop() -> None:
    padded = parse_claim("Y == Y", general=["padding"]).integers
    cropped = parse_claim("Y == Y", general=["padding", "crop"]).integers
    assert {padded[name] for name in ("pt", "pb", "pl", "pr")} == {0}
    assert {cropped[name] for name in ("pt", "pb", "pl", "pr")} == {None}


def test_shapes_and_sizes_are_sides_too() -> None:
    assert parse_claim("shape(X) == (H, W)").left == ShapeOf(Leaf("X"))
    assert parse_claim("(H, W) == shape(X)").left == (Name("H"), Name("W"))
    assert parse_claim("H == min(H, H)").left == (Name("H"),)


def test_an_element_makes_the_other_side_a_sum_over_its_indices() -> None:
    claim = parse_claim("sum(X[m, k] for k in range(W)) * ones(1, 1)[0, 0] == X[m, n]")
    assert claim.right == Leaf("X")
    assert isinstance(claim.left, IndexSum)
    assert claim.left.indices == ("m", "n")


def test_hypotheses_may_be_chained_and_joined() -> None:
    claim = parse_claim("X == X", where=["1 <= H < 5 and W != 3"])
    assert [condition.relation for condition in claim.where] == ["<=", "<", "!="]


def test_declared_tensors_bring_their_sizes() -> None:
    claim = parse_claim("convolve(F, G) == F", tensors={"G": "R2 x S2"})
    assert claim.leaves["G"] == (Name("R2"), Name("S2"))
    assert claim.integers["R2"] == 1


def test_declared_integers_keep_their_bounds() -> None:
    claim = parse_claim(
        "pad(X, k) == pad(X, l)",
        integers={"k": "0..3", "l": ">= -2", "m": 1},
    )
    assert claim.integers["k"] == 0
    assert claim.integers["l"] == -2
    assert "m" not in claim.integers
    assert Condition(Name("k"), "<=", 3) in claim.assumptions


def test_listed_sizes_hold_for_the_twin_as_well() -> None:
    sizes = parse_claim("Y == Y", sizes="H=4..12, R=1..4, u=3").sizes
    assert sizes is not None
    assert sizes["H"] == sizes["W"] == range(4, 13)
    assert sizes["v"] == range(3, 4)


@pytest.mark.parametrize(
    ("statement", "options", "words"),
    [
        ("dX = Y", {}, "two equals signs"),
        ("dX", {}, "left == right"),
        ("X == X == X", {}, "split"),
        ("X <= X", {}, "write =="),
        ("X == (H, W)", {}, "the left side is a tensor, the right side is a shape"),
        ("H == (H, W)", {}, "a size"),
        ("shape(X) == (H, W, 1)", {}, "2 axes, the right side 3"),
        ("shape(X, F) == (H, W)", {}, "one tensor"),
        ("X[m, m] == X[m, m]", {}, "own indices"),
        ("X[m, n] == Q[m, n]", {}, "is a size where a tensor is needed"),
        ("X[m,n,o] == X[m,n,o]", {}, "the tensor has 2 axes"),
        ("X[m, n] == X[m]", {}, "1 index where the tensor has 2 axes"),
        ("X[m, n] == X[m, 1:2]", {}, "no slices"),
        ("X[m, n] == sum(X[k, n] for k in X)", {}, "range"),
        ("X[m, n] == sum([X[k, n] for k in range(H)])", {}, "for p in range"),
        ("X[m, n] == sum(X[k, n] for H in range(3))", {}, "choose another index"),
        ("X[m, n] == sum(X[k, n] for m in range(3))", {}, "choose another index"),
        ("X[m, n] == X[z, n]", {}, "unknown size z"),
        ("X[m, m+1] == X[m, m]", {}, "own indices"),
        ("X[m] == X[m, 0]", {}, "this is a number; 1 axis are left"),
        ("X[m] == X", {}, "2 axes where 1 are left"),
        ("X[m] == X[m] * X[0]", {}, "two tensors are multiplied"),
        ("X[m] == rotate(X[m, 0])", {}, "leaves a number"),
        ("X[m] == pad(X[m], m)", {}, "unknown size m"),
        ("X[m] == vjp(X[m], X, X[m])", {}, "vjp takes whole tensors"),
        ("X == X", {"general": ["bias"]}, "needs channels or groups"),
        ("N == N", {}, "general = batch only"),
        ("X == X", {"integers": {"G": 1}, "general": ["groups"]}, "has a meaning already"),
        ("X == X", {"where": ["H"]}, "where 'H'"),
        ("X == X", {"where": ["X == X"]}, "is a tensor"),
        ("X == X", {"where": ["H in W"]}, "one of =="),
        ("X == X", {"general": ["paddings"]}, "padding, dilation, crop"),
        ("X == X", {"tensors": {"X": "H x W"}}, "has a meaning already"),
        ("X == X", {"tensors": {"pad": "H x W"}}, "has a meaning already"),
        ("X == X", {"tensors": {"1G": "H x W"}}, "is no name"),
        ("X == X", {"tensors": {"G": "H x"}}, "tensor G"),
        ("X == X", {"tensors": {"G": "G x G"}}, "as a tensor and as an integer"),
        ("X == X", {"integers": {"k": "many"}}, "is no range"),
        ("X == X", {"integers": {"k": "3..1"}}, "3..1 holds no value"),
        ("X == X", {"integers": {"H": 1}}, "has a meaning already"),
        ("Y == Y", {"sizes": "H=4..12"}, "no values for R"),
        ("Y == Y", {"sizes": "H=4..12, P=2"}, "follows from"),
        ("Y == Y", {"sizes": "H=9..4"}, "holds no value"),
        ("Y == Y", {"sizes": "H=0..4"}, "at least 1"),
        ("Y == Y", {"sizes": "H<4"}, "H=4..12"),
        ("Y == Y", {"sizes": "H=1, H=2"}, "twice"),
        ("Y == Y", {"sizes": "h=1"}, "did you mean H?"),
        ("1 == 1", {"sizes": " , "}, "none are listed"),
    ],
)
def test_what_is_no_claim_gets_one_line_that_says_so(
    statement: str, options: dict[str, object], words: str
) -> None:
    with pytest.raises(ParseError) as raised:
        parse_claim(statement, **options)  # type: ignore[arg-type]
    assert words in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


def _of_shape(side: object, shape: object) -> object:
    if isinstance(side, Added):
        return Added(tuple(_of_shape(term, shape) for term in side.terms))  # type: ignore[misc]
    assert isinstance(side, IndexSum)
    return replace(side, shape=shape)  # type: ignore[arg-type]


@pytest.mark.parametrize("entry", theorems(), ids=lambda entry: entry.claim.id)
def test_a_claim_is_read_back_as_it_was_written(entry) -> None:  # type: ignore[no-untyped-def]
    stated = entry.stated
    tensors, integers = dict(stated.tensors), dict(stated.integers)
    words, _ = declared(vocabulary(stated.general, stated.rank), tensors, integers)
    words = defined(words, tensors, stated.define)
    left, right = entry.claim.left, entry.claim.right
    read = parse_sides(claim_text(left, right, words), words)
    if "[" in entry.stated.statement:  # an element has the shape of the other side
        shape = FormulaReader(words).extents(left)  # type: ignore[arg-type]
        right = _of_shape(right, shape)
    assert read == (left, right)


PIECES = (
    "X F dY Y dX dF H W R S P Q u v m n p ( ) [ ] , == = + - * // % 0 1 pad crop dilate rotate "
    "correlate convolve shape vjp ones sum min range( for in if and : ] [ . ' \n"
).split(" ")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join),
    st.one_of(st.just("H == 1"), st.text(max_size=20)),
)
def test_no_text_does_anything_but_parse_or_raise(statement: str, where: str) -> None:
    for text in (statement, f"X[m, n] == {statement}", f"shape({statement}) == (H, W)"):
        with contextlib.suppress(SymconvError):
            parse_claim(text, where=[where])


@pytest.mark.parametrize(
    ("true", "mutant"),
    [
        ("P*u <= H + u", "P*u <= H"),
        ("H - u < (P-1)*u + R <= H", "H - u < (P-1)*u + R < H"),
        ("H >= P >= 1", "H > P >= 1"),
        ("P <= min(H, H - R + 1) <= max(H, R)", "P < min(H, H - R + 1)"),
        ("H % u < u", "H % u < u - 1"),
        ("P == (H - R)//u + 1 > 0", "P == (H - R)//u + 1 > 1"),
    ],
)
def test_sizes_in_order_are_judged(true: str, mutant: str) -> None:
    proved = prove(true, rank=1)
    assert proved.proved
    certified = proved.certified()
    assert certified is not None
    assert recheck(certified)
    refuted = prove(mutant, rank=1)
    assert refuted.verdict is Verdict.REFUTED
    found = refuted.refutation
    assert found is not None
    assert not all(holds(each, found.sizes) for each in refuted.claim.order)
    listed = prove(true, rank=1, sizes="H=1..6, R=1..3, u=1..3", where="H >= R")
    assert listed.proved


def test_an_order_without_a_meaning_is_refuted() -> None:
    assert prove("H//(u - 1) >= 0", rank=1).verdict is Verdict.REFUTED
    assert prove("H//(u - 1) >= 0", rank=1, where="u >= 2").proved


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("X <= F", "only sizes are in order"),
        ("X[m] < F[m]", "only sizes are in order"),
        ("H != R", "a claim says == < <= > or >="),
        ("(H, W) <= (H, W)", "a tuple is no size"),
    ],
)
def test_what_is_no_order_gets_one_line(statement: str, words: str) -> None:
    with pytest.raises(ParseError, match=words):
        parse_claim(statement)


def test_a_shape_is_looked_at_whatever_the_tensors_hold() -> None:
    assert prove("shape(correlate(F, F)) == (1,)", rank=1).proved
    assert prove("shape(correlate(F, F)) == shape(F)", rank=1).verdict is Verdict.REFUTED
    assert prove("shape(conv_transpose(Y, F, stride=u, output_padding=(H-R)%u)) == shape(X)",
                 rank=1).proved  # fmt: skip
    forgotten = prove("shape(conv_transpose(Y, F, stride=u)) == shape(X)", rank=1)
    assert forgotten.verdict is Verdict.REFUTED
    assert prove("correlate(F, F)[i] == correlate(F, F)[i]", rank=1).verdict is Verdict.NOT_JUDGED
