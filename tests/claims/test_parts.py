"""Sums of tensors are judged product by product, and no term is forgotten."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.claims.claim import ShapeOf
from symconv.claims.parse import parse_claim
from symconv.claims.parts import parts
from symconv.claims.statement import StatedClaim
from symconv.claims.verdict import Verdict
from symconv.errors import ParseError
from symconv.formula.nodes import Added, Leaf, Pad, Rotate, Scaled, Vjp, children
from symconv.formula.summands import Summand, summands
from symconv.formula.vocabulary import vocabulary
from symconv.proof import prover
from symconv.proof.prover import Judgement, judge, prove
from symconv.proof.recheck import recheck
from symconv.refutation.search import CounterexampleSearch

G = {"G": "H x W"}
LAYER = ("batch", "channels", "bias")
FORWARD = "Y[n,k] == sum(correlate(X[n,c], F[k,c], stride=u) for c in range(C)) + b[k]"


def test_a_claim_without_a_sum_is_its_only_part() -> None:
    claim = parse_claim("rotate(rotate(X)) == X")
    assert parts(claim) == (claim,)


def test_operators_go_to_each_term() -> None:
    A, B, C = Leaf("A"), Leaf("B"), Leaf("C")
    added = Rotate(Added((A, Scaled(Rotate(B), -1))))
    assert summands(added) == (Summand(Rotate(A)), Summand(Rotate(Rotate(B)), -1))
    assert summands(Vjp(Added((A, B)), "B", Added((C, A)))) == (
        Summand(Vjp(B, "B", C)), Summand(Vjp(B, "B", A)),
    )  # fmt: skip
    assert summands(Vjp(Scaled(B, -2), "B", Scaled(C, 3))) == (Summand(Vjp(B, "B", C), -6),)


def test_a_bias_is_a_term_of_the_forward_pass_and_of_no_other_gradient() -> None:
    words = vocabulary(LAYER)
    assert isinstance(words.tensors["Y"], Added)
    gradient = Vjp(words.tensors["Y"], "X", Leaf("dY"))
    assert summands(gradient) == (Summand(words.tensors["dX"]),)
    assert summands(Vjp(words.tensors["Y"], "b", Leaf("dY"))) == (Summand(words.tensors["dB"]),)
    assert not any(isinstance(part, Added) for part in children(words.tensors["dX"]))


def test_terms_of_other_shapes_are_a_part_of_the_claim() -> None:
    found = parts(parse_claim("X + F == X + F"))
    assert [isinstance(part.left, ShapeOf) for part in found] == [True, False, False]
    nowhere = prove("X + F == X + F")
    assert nowhere.verdict is Verdict.NOT_JUDGED
    assert "neither side has a meaning at H=2, W=1, R=1, S=1: a sum" in str(nowhere.reason)
    assert prove("X + F == X + F", where=["H == R", "W == S"]).proved
    half = prove("X + F == X")
    assert half.refutation is not None
    assert half.refutation.counterexample.undefined == (
        "left: a sum of tensors of sizes 2x1 and 1x1"
    )
    assert prove("X + F == F + 2*X").refutation is not None  # where both have a meaning


def claim_of_one_more(statement: str, **more: object) -> Judgement:
    """Return the judgement on a claim about X, of odd size, and G with one element more."""
    return prove(
        statement, rank=1, tensors={"G": "N1"}, where=["N1 == H + 1", "H % 2 == 1"], **more
    )


def test_a_sum_without_a_meaning_is_not_hidden_by_what_is_done_to_it() -> None:
    halves = "subsample(X, 2) + subsample(G, 2)"
    assert claim_of_one_more(f"{halves} == subsample(G, 2) + subsample(X, 2)").proved
    for hidden in ("subsample(X + G, 2)", "rotate(subsample(G + X, 2))"):
        assert claim_of_one_more(f"{hidden} == {halves}").verdict is Verdict.REFUTED
        shapes = claim_of_one_more(f"shape({hidden}) == shape(subsample(X, 2))")
        assert shapes.verdict is Verdict.REFUTED
    listed = prove("subsample(X + G, 2) == subsample(X, 2) + subsample(G, 2)", rank=1,
                   tensors={"G": "N1"}, sizes="H=3, N1=4")  # fmt: skip
    assert listed.verdict is Verdict.REFUTED


def test_a_term_that_a_gradient_leaves_out_has_a_meaning_all_the_same() -> None:
    tensors = {"G": "N1", "dZ": "H"}
    statement = "vjp(X + crop(G, 5), X, dZ) == dZ"
    proved = prove(statement, rank=1, tensors=tensors, where="N1 == H + 10")
    assert proved.proved
    asked = parts(proved.stated.claim())
    assert [part.left == part.right for part in asked] == [True, False, False]
    assert isinstance(asked[0].left, Pad)  # the term alone, the shape of the sum, the sum
    assert isinstance(asked[1].left, ShapeOf)
    assert prove(statement, rank=1, tensors=tensors).verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    ("true", "mutant"),
    [
        ("rotate(X + G) == rotate(G) + rotate(X)", "rotate(X + G) == rotate(G) + X"),
        ("X + G == G + X", "X + G == X"),
        ("X + G == rotate(rotate(X + G))", "X == X + G"),
        ("correlate(X + G, F) == correlate(X, F) + correlate(G, F)",
         "correlate(X + G, F) == correlate(X, F) + correlate(G, rotate(F))"),
        ("vjp(rotate(X) + pad(G, 0), X, dY) == rotate(dY)",
         "vjp(rotate(X) + pad(G, 0), X, dY) == dY"),
        ("X + G == X + pad(G, ((0, 0), (0, 0)))", "X + G == X + pad(G, ((1, -1), (0, 0)))"),
    ],
)  # fmt: skip
def test_what_is_true_of_sums_is_proved_and_its_mutant_refuted(true: str, mutant: str) -> None:
    where = ["R == 1", "S == 1", "u == 1", "v == 1"] if "dY" in true else []
    assert prove(true, tensors=G, where=where).proved
    assert prove(mutant, tensors=G, where=where).verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    "mutant",
    [
        FORWARD.removesuffix(" + b[k]"),
        FORWARD.replace("b[k]", "b[0]"),
        FORWARD.replace(" for c in range(C)) + b[k]", " + b[k] for c in range(C))"),
        FORWARD.replace("F[k,c]", "rotate(F[k,c])"),
    ],
)
def test_a_bias_is_added_once_to_each_output_channel(mutant: str) -> None:
    judgement = prove(mutant, general=LAYER, rank=1)
    assert judgement.verdict is Verdict.REFUTED
    assert judgement.refutation is not None
    equations = judgement.refutation.counterexample.equations
    assert equations is not None
    leaves = {frozenset(factor.tensor for factor in term) for term in equations[0].terms}
    assert leaves == {frozenset({"X", "F"}), frozenset({"b"})}, "the whole element is shown"


def test_the_certificate_of_a_sum_has_the_obligations_of_every_part() -> None:
    certified = judge(StatedClaim(FORWARD, "forward", general=LAYER, rank=1)).certified()
    assert certified is not None
    assert len(certified.cases) == 3
    names = [each.name for case in certified.cases for each in case.obligations]
    assert len(set(names)) == len(names)
    assert {name[:6] for name in names} == {"part 1", "part 2", "part 3"}
    assert len(recheck(certified)) == 3


@pytest.mark.parametrize(
    ("true", "mutant"),
    [
        ("2*X == X + X", "3*X == X + X"),
        ("X + rotate(X) == rotate(X) + X", "X + rotate(X) == X + X"),
        ("2*(X + G) == X + 2*G + X", "2*(X + G) == X + G"),
        ("X + 0*X == X", "0*X == X"),
        ("0*X + 0*G == 0*G + 0*X", "0*X + 0*G == 0*G + X"),
        ("k*rotate(X) == rotate(k*X)", "k*rotate(X) == rotate(X)"),
        ("k*X == k*X + 0*X", "k*X == X"),
        ("rotate(2*X)[m,n] == 2*X[H-1-m,W-1-n]", "rotate(2*X)[m,n] == X[H-1-m,W-1-n]"),
        ("X[m,n] == sum(X[m,n] for j in range(1))", "X[m,n] == k*X[m,n]"),
        ("rotate(X)[m] == rotate(2*X[H-1-m]) ", "rotate(X)[m] == rotate(X[H-1-m])"),
    ],
)
def test_how_often_a_term_is_added_counts(true: str, mutant: str) -> None:
    options = {"tensors": G, "integers": {"k": ">= 1"}}
    if true.endswith(" "):  # the other way round
        true, mutant = mutant, true
    assert prove(true, **options).proved  # type: ignore[arg-type]
    assert prove(mutant, **options).verdict is Verdict.REFUTED  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("true", "mutant"),
    [
        ("X + rotate(X) == pad(X, 0) + rotate(pad(X, 0))",
         "X + rotate(X) == pad(X, 0) + pad(X, 0)"),
        ("X - rotate(rotate(X)) == 0*X", "X - rotate(X) == 0*X"),
        ("2*X - rotate(X) == X + pad(X, 0) - rotate(X)", "2*X - rotate(X) == X"),
        ("rotate(X - G) == rotate(X) - rotate(G)", "rotate(X - G) == rotate(G) - rotate(X)"),
        ("correlate(X - G, F) == correlate(X, F) - correlate(G, F)",
         "correlate(X - G, F) == correlate(G, F) - correlate(X, F)"),
        ("(X - G) - (G - X) == 2*X - 2*G", "(X - G) - (G - X) == 2*X"),
        ("X[m,n] - 3 == X[m,n] - 1 - 2", "X[m,n] - 3 == X[m,n] - 1"),
        ("X[m,n] + rotate(G)[m,n] == G[H-1-m,W-1-n] + X[m,n]",
         "X[m,n] + G[m,n] == -G[m,n] + X[m,n]"),
        ("k*X - X - k*X == 0*X - X", "k*X - X == 0*X"),
        ("vjp(correlate(-X, F), X, dZ) == -vjp(correlate(X, F), X, dZ)",
         "vjp(correlate(-X, F), X, dZ) == vjp(correlate(X, F), X, dZ)"),
    ],
)  # fmt: skip
def test_terms_are_matched_cancelled_and_counted(true: str, mutant: str) -> None:
    options = {
        "tensors": {"G": "H x W", "dZ": "H - R + 1, W - S + 1"},
        "integers": {"k": ">= 1"},
    }
    proved = prove(true, **options)  # type: ignore[arg-type]
    assert proved.proved
    certified = proved.certified()
    assert certified is not None
    recheck(certified)
    assert prove(mutant, **options).verdict is Verdict.REFUTED  # type: ignore[arg-type]


def test_a_term_without_a_meaning_is_not_cancelled() -> None:
    judgement = prove("X - crop(X, 3) + crop(X, 3) == X")
    assert judgement.refutation is not None
    assert "left: pad leaves" in str(judgement.refutation.counterexample.undefined)


def test_what_differs_in_a_difference_is_told_product_by_product() -> None:
    refutation = prove("3*X - rotate(X) == 2*X", rank=1).refutation
    assert refutation is not None
    found = refutation.counterexample
    assert (found.element, found.equations) == ((0,), None)
    said = [(str(each.term[0].index), each.left, each.right) for each in found.products]
    assert said == [("(0,)", 3, 2), ("(1,)", -1, 0)]


def test_sums_that_are_equal_but_not_term_by_term_are_out_of_reach() -> None:
    first, last = "pad(crop(X, (0, 1)), (0, 1))", "pad(crop(X, (H-1, 0)), (H-1, 0))"
    judgement = prove(f"{first} + {last} == X", rank=1, where="H >= 2")
    assert judgement.verdict is Verdict.NOT_JUDGED
    assert "not equal one by one" in str(judgement.reason)
    refuted = prove(f"{first} - {last} == X", rank=1, where="H >= 2")
    assert refuted.verdict is Verdict.REFUTED


TERMS = ("X", "rotate(X)", "pad(X, (1, -1))", "G", "rotate(rotate(X))", "rotate(G)")


def values(numbers: dict[str, int], h: int) -> np.ndarray:
    """Return what a sum is at one size, each element as the factors of x and g."""
    eye, zero = np.eye(h, dtype=int), np.zeros((h, h), dtype=int)
    x, g = np.hstack([eye, zero]), np.hstack([zero, eye])
    made = {
        "X": x, "rotate(X)": x[::-1], "rotate(rotate(X))": x, "G": g, "rotate(G)": g[::-1],
        "pad(X, (1, -1))": np.vstack([zero[:1].repeat(2, 1), x[:-1]]),
    }  # fmt: skip
    return sum((n * made[term] for term, n in numbers.items()), np.zeros((h, 2 * h), dtype=int))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(TERMS), st.integers(-2, 2)), min_size=2, max_size=6))
def test_random_sums_are_judged_as_arrays_say(chosen: list[tuple[str, int]]) -> None:
    cut = len(chosen) // 2
    sides = chosen[:cut], chosen[cut:]
    text = [" + ".join(f"({n})*{term}" for term, n in side) for side in sides]
    judgement = prove(" == ".join(text), rank=1, tensors={"G": "H"})
    totals = [{term: sum(n for t, n in side if t == term) for term in TERMS} for side in sides]
    equal = all((values(totals[0], h) == values(totals[1], h)).all() for h in range(1, 7))
    assert judgement.verdict is (Verdict.PROVED if equal else Verdict.REFUTED)


def test_a_refuted_sum_has_no_repair_and_no_note() -> None:
    judgement = prove("X + X == pad(X, 0)")
    assert (judgement.verdict, judgement.notes) == (Verdict.REFUTED, ())


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("X + 1 == X", "a number is not a tensor"),
        ("(H-R)*X == X", "a factor is an integer, or a product of sizes of at least 0"),
        ("c*X == X", "a factor is an integer, or a product of sizes of at least 0"),
        ("X*F == X", "tensors are added, taken away, multiplied by a number"),
        ("V + X == X", "3 axes and 2"),
        ("V[a] == rotate(sum(V[a] for b in range(1)))", "operators are linear"),
        ("V[a] == rotate((V[a] + V[0])[0])", "fix the indices of each term"),
    ],
)
def test_what_is_no_sum_gets_one_line(statement: str, words: str) -> None:
    with pytest.raises(ParseError) as raised:
        parse_claim(statement, tensors={"V": "k1 x H x W"}, integers={"c": "any"})
    assert words in str(raised.value)


@pytest.mark.parametrize("name", ["z", "i0", "i1", "z2", "i02"])
def test_a_factor_may_have_any_name(name: str) -> None:
    options = {"integers": {name: ">= 1"}, "tensors": {"A": f"{name} x {name}"}, "rank": 2}
    assert prove(f"{name}*A == A*{name}", **options).proved
    assert prove(f"rotate({name}*A) == {name}*rotate(A)", **options).proved
    assert prove(f"pad({name}*A, {name}) == {name}*pad(A, {name})", **options).proved
    refuted = prove(f"{name}*A == A", **options).refutation
    assert refuted is not None
    assert refuted.sizes == {name: 2}


def test_a_sum_is_looked_at_only_as_far_as_its_least_part(monkeypatch) -> None:
    seen = iter(range(9))

    def looked(part, **options):
        nth = next(seen)
        return CounterexampleSearch(compared=3 + nth, complete=nth > 0)

    monkeypatch.setattr(prover, "refute", looked)
    listed = prove("X + G == G + X", tensors=G, sizes="H=1..3,W=1..2")
    assert next(seen) == 2
    assert listed.verdict is Verdict.NOT_JUDGED
    assert "before every size was looked at" in str(listed.reason)
    assert listed.compared == 3
