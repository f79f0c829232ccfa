from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.claims.catalogue import load
from symconv.claims.parse import parse_claim
from symconv.claims.parts import parts
from symconv.claims.verdict import Verdict
from symconv.errors import OutOfReachError
from symconv.limits.budget import Budget, spending
from symconv.limits.memory import limited
from symconv.refutation.axes import factors_of
from symconv.refutation.search import example, is_instructive, judge_at, refute
from symconv.refutation.sizes import WEIGHTS, satisfies

DX = "dX == correlate(pad(dilate(dY, (u, v)), {}), rotate(F))"
LECTURE = DX.format("(R-1, S-1)")
EXACT = DX.format("((R-1, R-1 + (H-R) % u), (S-1, S-1 + (W-S) % v))")
PLUS = DX.format("((R-1, R-1 + (H+R) % u), (S-1, S-1 + (W+S) % v))")
GENERAL = ["padding", "dilation", "crop"]


def failing(statement: str, **options: object) -> dict[str, int]:
    found = refute(parse_claim(statement, **options)).refutation  # type: ignore[arg-type]
    assert found is not None
    return dict(found.sizes)


def test_the_forgotten_remainder_fails_first_where_the_stride_is_2() -> None:
    sizes = failing(LECTURE)
    assert (sizes["H"], sizes["R"], sizes["u"]) == (2, 1, 2)
    assert (sizes["W"], sizes["S"], sizes["v"]) == (1, 1, 1)


def test_the_example_that_teaches_has_no_1x1_filter() -> None:
    shown = example(parse_claim(LECTURE))
    assert shown is not None
    assert is_instructive(shown.sizes)
    assert shown.sizes["H"] + shown.sizes["W"] == 6
    assert shown.counterexample.shapes == ((3, 3), (2, 3))


def test_plus_for_minus_needs_stride_3() -> None:
    assert max(failing(PLUS)[name] for name in "uv") == 3
    assert refute(parse_claim(PLUS, where=["u <= 2", "v <= 2"])).refutation is None
    hidden = ["u == 3", "v == 3", "R % 3 == 0", "S % 3 == 0"]
    assert refute(parse_claim(PLUS, where=hidden)).refutation is None


def test_what_is_true_survives() -> None:
    found = refute(parse_claim(EXACT))
    assert found.refutation is None
    assert found.undefined is None
    assert found.compared > 10_000


def test_a_wrong_value_is_shown_as_two_equations() -> None:
    found = refute(parse_claim("correlate(X, F) == convolve(X, F)")).refutation
    assert found is not None
    assert found.counterexample.equations is not None
    left, right = found.counterexample.equations
    assert left.target.index == (0, 0)
    assert left.terms != right.terms
    assert len(left.terms) == len(right.terms) == 2


def test_an_undefined_side_is_named_with_the_reason() -> None:
    found = refute(parse_claim("rotate(X) == correlate(pad(X, ((-1, 0), 0)), ones(1, 1))"))
    assert found.refutation is not None
    assert found.refutation.counterexample.shapes == ((1, 1), None)
    assert "right: " in (found.refutation.counterexample.undefined or "")


def test_two_undefined_sides_are_reported_and_refute_nothing() -> None:
    claim = parse_claim("crop(X, ((1, 0), 0)) == pad(X, ((-1, 0), 0))")
    found = refute(claim)
    assert found.refutation is None
    assert found.undefined is not None
    sizes, reason = found.undefined
    assert sizes["H"] == 1
    assert reason


def test_a_divisor_that_can_be_0_leaves_a_side_undefined() -> None:
    claim = parse_claim("shape(X) == (H // (H - 1) * H, W)")
    found = refute(claim)
    assert found.refutation is not None
    assert "divisor" in (found.refutation.counterexample.undefined or "")


def test_contradictory_hypotheses_compare_nothing() -> None:
    for where in (["H < R"], ["H == 3", "H == 4"], ["H % 2 == 0", "H % 2 == 1"], ["0 == 1"]):
        found = refute(parse_claim("Y == rotate(Y)", where=where))
        assert found.compared == 0
        assert found.refutation is None


def test_a_false_claim_is_refuted_where_its_hypotheses_are_far_away() -> None:
    sizes = failing(LECTURE, where=["H == 100", "R == 9", "u == 4", "v == 1"])
    assert sizes["H"] == 100
    assert refute(parse_claim(LECTURE, where=["H == 101", "R == 9", "u == 4", "v == 1"])).compared


def test_hypotheses_that_tie_both_axes_are_kept() -> None:
    sizes = failing(LECTURE, where=["H == W", "R == S", "u == v"])
    assert sizes["H"] == sizes["W"]
    assert sizes["u"] == sizes["v"] == 2


def test_a_crop_larger_than_the_tensor_is_a_shift() -> None:
    claim = parse_claim("pad(dY, ((-2, 2), 0)) == pad(crop(dY, ((0, 0), 0)), ((-2, 2), 0))")
    assert refute(claim).refutation is None
    general = parse_claim(
        "dX == correlate(pad(dilate(dY, (u, v)),"
        " ((d*(R-1) - pt, d*(R-1) - pb + (H + pt + pb - d*(R-1) - 1) % u),"
        " (e*(S-1) - pl, e*(S-1) - pr + (W + pl + pr - e*(S-1) - 1) % v))),"
        " rotate(F), dilation=(d, e))",
        general=GENERAL,
    )
    sizes = dict.fromkeys(general.integers, 1) | {"u": 3, "pt": 2, "pb": 0, "pl": 0, "pr": 0}
    assert judge_at(general, sizes) is None


def test_supports_alone_do_not_make_two_boxes_one() -> None:
    statement = (
        "correlate(correlate(X, ones(R, S)), ones(R, S)) == correlate(X, ones(2*R-1, 2*S-1))"
    )
    sizes = failing(statement, where=["H >= 2*R - 1", "W >= 2*S - 1"])
    assert sizes["R"] + sizes["S"] == 3


def test_a_transposed_read_is_looked_at_whole() -> None:
    assert failing("X[m, n] == X[n, m]", where=["H == W"])["H"] == 2
    symmetric = "ones(H, W)[m, n] == ones(W, H)[n, m]"
    assert refute(parse_claim("X[m, n] == X[m, n]")).refutation is None
    with pytest.raises(ValueError, match="own indices"):
        parse_claim(symmetric.replace("[m, n]", "[m, m]").replace("[n, m]", "[m, m]"))
    corner = symmetric.replace("[m, n]", "[0, 0]").replace("[n, m]", "[0, 0]")
    assert refute(parse_claim(corner)).refutation is None


def test_multiplicities_that_cancel_between_the_axes_are_equal() -> None:
    twice_high = "correlate(pad(X, ((0, 1), 0)), ones(2, 1))"
    # Two boxes of ones: 2 on one axis and 1 on the other is the same as 1 and 2.
    claim = parse_claim(
        "correlate(ones(2, 1), ones(2, 1)) == correlate(ones(1, 2), ones(1, 2))",
    )
    assert refute(claim).refutation is None
    assert refute(parse_claim(f"{twice_high} == X")).refutation is not None


def test_a_leaf_twice_in_a_product_is_out_of_reach() -> None:
    with pytest.raises(OutOfReachError, match="X twice"):
        refute(parse_claim("correlate(X, X) == ones(1, 1)"))


def test_listed_sizes_are_all_looked_at() -> None:
    found = refute(parse_claim(EXACT, sizes="H=4..12, R=1..4, u=1..3"), most=None)
    assert found.complete
    assert found.compared == (9 * 4 * 3) ** 2


def test_a_listed_scope_is_not_left() -> None:
    found = refute(parse_claim(LECTURE, sizes="H=5, R=3, u=2"), most=None)
    assert found.complete
    assert found.refutation is None
    wider = refute(parse_claim(LECTURE, sizes="H=5..6, R=3, u=2"), most=None).refutation
    assert wider is not None
    assert wider.sizes["H"] == 6


@pytest.mark.parametrize("where", [[], ["H < R"]], ids=["true", "ruled out"])
def test_a_search_without_an_end_ends_with_its_budget(where: list[str]) -> None:
    claim = parse_claim(EXACT, where=where)
    with spending(Budget(20_000)) as budget:
        found = refute(claim, most=None)
    assert "steps" in str(found.ended)
    assert budget.spent < 21_000
    with spending(Budget(10**9, deadline=time.monotonic())):
        found = refute(claim, most=None)
    assert "time was up" in str(found.ended)


def test_a_search_sees_the_same_whatever_was_seen_before() -> None:
    claim = parse_claim(EXACT)
    seen = []
    for _ in range(2):
        with spending(Budget(5_000)):
            seen.append(refute(claim, most=None).compared)
    assert seen[0] == seen[1] > 0


def test_a_huge_padding_takes_no_room_where_few_products_are() -> None:
    found = refute(parse_claim("correlate(pad(X, 999999999), ones(1, 1)) == pad(X, 999999999)"))
    assert found.refutation is None
    assert found.too_large is None
    assert found.compared > 100


def test_a_huge_filter_is_too_large_and_says_so() -> None:
    summed = "correlate(pad({}, 999999998), ones(999999999, 999999999))"
    left, right = f"rotate({summed.format('X')})", summed.format("rotate(X)")
    with limited():
        found = refute(parse_claim(f"{left} == {right}"))
    assert found.refutation is None
    assert found.too_large


MUTANTS = [
    DX.format("((S-1, S-1 + (W-S) % v), (R-1, R-1 + (H-R) % u))"),
    DX.format("((u, u), (v, v))"),
    DX.format("((R-1 + (H-R) % u, R-1), (S-1, S-1 + (W-S) % v))"),
    "dF == correlate(X, dilate(dY, (u, v)))",
    "Y == correlate(X, F, stride=(v, u))",
    "dX[m, n] == sum(dY[m-r, n-s] * F[r, s] for r in range(R) for s in range(S))",
]


@pytest.mark.parametrize("statement", MUTANTS)
def test_the_smallest_sizes_are_the_smallest(statement: str) -> None:
    """No lighter choice of all six sizes fails, as a search over all of them tells."""
    claim = parse_claim(statement)
    found = refute(claim).refutation
    assert found is not None

    def weight(sizes: dict[str, int]) -> int:
        return sum(WEIGHTS.get(name, 1) * sizes[name] for name in claim.integers)

    limit = weight(dict(found.sizes))
    for values in itertools.product(range(1, 4), repeat=6):
        sizes = dict(zip(claim.integers, values, strict=True))
        if weight(sizes) < limit and satisfies(claim, sizes):
            assert judge_at(claim, sizes) is None


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([EXACT, LECTURE, PLUS, *MUTANTS]),
    st.fixed_dictionaries({name: st.integers(1, 6) for name in "HWRSuv"}),
)
def test_axes_one_by_one_and_the_whole_tell_the_same(statement: str, sizes: dict[str, int]) -> None:
    claim = parse_claim(statement)
    if not satisfies(claim, sizes):
        return
    scope = ", ".join(f"{name}={value}" for name, value in sizes.items())
    by_axes = refute(parse_claim(statement, sizes=scope), most=None).refutation
    assert (by_axes is None) == (judge_at(claim, sizes) is None)


ENTRIES = load(["derivations/claims"])


def test_there_are_enough_claims() -> None:
    expected = [entry.claim.expected for entry in ENTRIES]
    assert expected.count(Verdict.PROVED) >= 30
    assert expected.count(Verdict.REFUTED) >= 40


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.claim.id)
def test_every_false_claim_is_refuted_at_once_and_every_true_one_survives(entry) -> None:  # type: ignore[no-untyped-def]
    looked = [refute(part, most=200) for part in parts(entry.claim)]
    refuted = [found for found in looked if found.refutation is not None]
    assert bool(refuted) == (entry.claim.expected is Verdict.REFUTED)
    assert refuted or all(found.compared and found.undefined is None for found in looked)


def test_the_same_products_more_often_are_not_the_same() -> None:
    assert refute(parse_claim("correlate(ones(2, 1), ones(2, 1)) == ones(1, 1)")).refutation


def test_two_tensors_of_zeros_are_equal_whatever_their_other_axis() -> None:
    shifted_out = "pad(X, ((H, -H), {}))"
    statement = f"{shifted_out.format('0')} == {shifted_out.format('(1, -1)')}"
    assert refute(parse_claim(statement)).refutation is None


def test_a_stride_counts_twice_in_the_order() -> None:
    sizes = failing("max(u, 2) + max(H, 3) == 5")
    assert (sizes["H"], sizes["u"]) == (4, 1)


def test_a_claim_false_on_the_width_alone_leaves_the_height_at_its_least() -> None:
    sizes = failing("shape(subsample(X, (1, v))) == (H, W)")
    assert (sizes["H"], sizes["W"], sizes["v"]) == (1, 2, 2)


@pytest.mark.parametrize(
    ("relation", "true_at"),
    [("==", {2}), ("!=", {1, 3}), ("<=", {1, 2}), ("<", {1}), (">=", {2, 3}), (">", {3})],
)
def test_a_hypothesis_means_what_it_says(relation: str, true_at: set[int]) -> None:
    for text in (f"H {relation} 2", f"H + 0*R {relation} 2 + 0*R"):
        claim = parse_claim("correlate(X, F) == correlate(X, F)", where=[text])
        sizes = [{"H": h, "W": 1, "R": 1, "S": 1} for h in (1, 2, 3)]
        assert {each["H"] for each in sizes if satisfies(claim, each)} == true_at


@pytest.mark.parametrize("condition", ["k < 1", "k <= 0", "k == 0", "0 >= k", "1 > k", "k > 1"])
def test_a_condition_in_a_sum_keeps_exactly_one_of_three(condition: str) -> None:
    one = f"X[m, n] == sum(X[m, n] for k in range(3) if {condition})"
    assert refute(parse_claim(one)).refutation is None
    none = one.replace("range(3)", "range(3, 5)" if condition != "k > 1" else "range(2)")
    assert refute(parse_claim(none)).refutation is not None


@pytest.mark.parametrize(
    ("statement", "shared"),
    [
        ("dX == correlate(pad(dilate(dY, (u, v)), (R-1, S-1)), rotate(F))", True),
        ("dX[m,n] == sum(dY[p,q]*F[m-p*u,n-q*v] for p in range(P) for q in range(Q))", True),
        ("dF == correlate(X, dilate(dY, (u, 1)))", False),
        ("dF == correlate(crop(X, ((0, 1), (1, 0))), dilate(dY, (u, v)))", False),
        ("pad(X, ((R, R), (S, S))) == pad(X, ((R, R), (W, S)))", False),
    ],
)
def test_axes_that_say_the_same_in_other_letters_are_looked_at_once(
    statement: str, shared: bool
) -> None:
    first, second = factors_of(parse_claim(statement))
    assert (first._known is second._known) == shared
    sizes = {"H": 4, "R": 2, "u": 2, "W": 4, "S": 2, "v": 2}
    pairs = [each.at({name: sizes[name] for name in each.names}) for each in (first, second)]
    assert (pairs[0] == pairs[1]) or not shared
