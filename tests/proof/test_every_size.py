"""Theorems have a proof for every size, and their mutant twins have none.

The search for a counterexample is left out: it is the proof that must fail for what is false.
"""

from __future__ import annotations

import math

import pytest

from symconv.claims.statement import StatedClaim
from symconv.errors import OutOfReachError
from symconv.limits.budget import Budget, spending
from symconv.proof.obligations import cases
from symconv.proof.prover import argue
from symconv.proof.search import CertificateSearch
from symconv.refutation.search import refute

D, E = "d*(R-1)", "e*(S-1)"
REM_H, REM_W = f"(H+pt+pb-{D}-1) % u", f"(W+pl+pr-{E}-1) % v"
WHOLE = ("(H-R) % u == 0", "(W-S) % v == 0")
FITS = ("H >= R", "W >= S")
PADDED = ("padding", "dilation")
CROPPED = ("padding", "dilation", "crop")

DX = "dX == correlate(pad(dilate(dY, (u, v)), (({}, {}), ({}, {}))), rotate(F){})"
DX_LECTURE = DX.format("R-1", "R-1", "S-1", "S-1", "")
DX_PLAIN = DX.format("R-1", "R-1+(H-R)%u", "S-1", "S-1+(W-S)%v", "")
DX_GENERAL = DX.format(
    f"{D}-pt", f"{D}-pb+{REM_H}", f"{E}-pl", f"{E}-pr+{REM_W}", ", dilation=(d, e)"
)
DF_GENERAL = (
    f"dF == correlate(pad(X, ((pt, pb-{REM_H}), (pl, pr-{REM_W}))), dilate(dY, (u, v)), "
    "stride=(d, e))"
)
TRANSPOSED = "dX == conv_transpose(dY, F, stride=(u, v), output_padding=((H-R)%u, (W-S)%v))"
VJP = (
    "vjp(correlate(pad(dilate(dY, (u, v)), ((R-1, R-1+(H-R)%u), (S-1, S-1+(W-S)%v))), "
    "rotate(F)), dY, X) == Y"
)


def stated(
    statement: str, where: tuple[str, ...] = (), general: tuple[str, ...] = ()
) -> StatedClaim:
    return StatedClaim(statement, where=where, general=general)


# id: (a theorem, a mutant of it)
PAIRS = {
    "forward": (
        stated("Y == correlate(X, F, stride=(u, v))"),
        stated("Y == correlate(X, rotate(F), stride=(u, v))"),
    ),
    "forward-padded": (
        stated(
            "Y == correlate(pad(X, ((pt, pb), (pl, pr))), F, stride=(u, v), dilation=(d, e))",
            general=CROPPED,
        ),
        stated(
            "Y == correlate(pad(X, ((pb, pt), (pl, pr))), F, stride=(u, v), dilation=(d, e))",
            general=CROPPED,
        ),
    ),
    "dX-lecture": (stated(DX_LECTURE, WHOLE), stated(DX_LECTURE)),
    "dX-one-axis-divides": (stated(DX_LECTURE, WHOLE), stated(DX_LECTURE, WHOLE[:1])),
    "dX-stride-1": (stated(DX_LECTURE, ("u == 1", "v == 1")), stated(DX_LECTURE, ("u <= 2",))),
    "dX-rotation": (stated(DX_PLAIN), stated(DX_PLAIN.replace("rotate(F)", "F"))),
    "dX-remainder-at-the-end": (
        stated(DX_PLAIN),
        stated(DX.format("R-1+(H-R)%u", "R-1", "S-1", "S-1+(W-S)%v", "")),
    ),
    "dX-sign-of-the-remainder": (stated(DX_PLAIN), stated(DX_PLAIN.replace("(H-R)", "(H+R)"))),
    "dX-padding": (stated(DX_GENERAL, general=PADDED), stated(DX_PLAIN, general=PADDED)),
    "dX-crop": (
        stated(DX_GENERAL, general=CROPPED),
        stated(DX_GENERAL.replace("-pt,", "-pb,"), general=CROPPED),
    ),
    "dX-dilation": (
        stated(DX_GENERAL, general=PADDED),
        stated(DX_GENERAL.replace("dilation=(d, e)", "stride=(d, e)"), general=PADDED),
    ),
    "dF-general": (
        stated(DF_GENERAL, general=CROPPED),
        stated(DF_GENERAL.replace("stride=", "dilation="), general=CROPPED),
    ),
    "dF-no-rotation": (
        stated(DF_GENERAL, general=PADDED),
        stated(
            DF_GENERAL.replace("dilate(dY, (u, v))", "rotate(dilate(dY, (u, v)))"), general=PADDED
        ),
    ),
    "dF-lecture": (
        stated("dF == correlate(X, dilate(dY, (u, v)))", WHOLE),
        stated("dF == correlate(X, dilate(dY, (u, v)))"),
    ),
    "strided-is-subsampled": (
        stated("Y == subsample(correlate(X, F), (u, v))"),
        stated("Y == subsample(correlate(X, F), (v, u))"),
    ),
    "size-recovery": (
        stated("H == (P-1)*u + R + (H-R)%u"),
        stated("H == (P-1)*u + R"),
    ),
    "size-recovery-general": (
        stated(f"H == (P-1)*u + {D} + 1 - pt - pb + {REM_H}", general=CROPPED),
        stated(f"H == (P-1)*u + {D} + 1 - pt - pb + (H-R) % u", general=CROPPED),
    ),
    "conv_transpose": (
        stated(TRANSPOSED),
        stated(TRANSPOSED.replace("(H-R)%u", "(H+R)%u")),
    ),
    "gradient-of-the-gradient": (stated(VJP), stated(VJP.replace("rotate(F)", "F"))),
    "index-sum": (
        stated("dX[m,n] == sum(dY[p,q]*F[m-p*u,n-q*v] for p in range(P) for q in range(Q))"),
        stated("dX[m,n] == sum(dY[p,q]*F[m-p*u,n-q*v] for p in range(1, P) for q in range(Q))"),
    ),
    "index-sum-with-condition": (
        stated(
            "dX[m,n] == sum(dY[(m-r)//u,(n-s)//v]*F[r,s] for r in range(R) for s in range(S) "
            "if (m-r)%u==0 if (n-s)%v==0)"
        ),
        stated(
            "dX[m,n] == sum(dY[(m-r)//u,(n-s)//v]*F[r,s] for r in range(R) for s in range(S) "
            "if (m-r)%u==0)"
        ),
    ),
    "ceil": (stated("(H+u-1)//u == -(-H//u)"), stated("(H+u)//u == -(-H//u)")),
    "nested-quotients": (stated("H//u//v == H//(u*v)"), stated("H//u//v == H//(u+v)")),
    "nested-quotients-commute": (stated("H//u//v == H//v//u"), stated("H//u//v == H//u//u")),
    "same-padding": (
        stated("shape(correlate(pad(X, (((R-1)//2, R//2), ((S-1)//2, S//2))), F)) == (H, W)"),
        stated("shape(correlate(pad(X, (((R-1)//2, (R-1)//2), ((S-1)//2, S//2))), F)) == (H, W)"),
    ),
    "max": (
        stated("max(H, W) + min(H, W) == H + W"),
        stated("max(H, W) + min(H, R) == H + W"),
    ),
    "dilated-ones": (
        stated("subsample(dilate(ones(H, W), (u, v)), (u, v)) == ones(H, W)"),
        stated("dilate(ones(H, W), (u, v)) == ones(u*(H-1) + 1, v*(W-1) + 1)"),
    ),
    "dilated-window": (
        stated(
            "correlate(X, dilate(ones(R, S), (u, v))) == correlate(X, ones(R, S), dilation=(u, v))",
            ("H >= u*(R-1) + 1", "W >= v*(S-1) + 1"),
        ),
        stated(
            "correlate(X, dilate(ones(R, S), (u, v))) == correlate(X, ones(u*(R-1)+1, v*(S-1)+1))",
            ("H >= u*(R-1) + 1", "W >= v*(S-1) + 1"),
        ),
    ),
    "exact-quotient": (
        stated("X[m,n] == sum(X[m,n] for k in range(H) if -2*k == -2*m)"),
        stated("X[m,n] == sum(X[m,n] for k in range(H) if 2*k == m)"),
    ),
    "quotient-of-an-index": (
        stated("X[m,n] == sum(X[k//2,n] for k in range(2*H) if 2*(k//2) == k if k == 2*m)"),
        stated("X[m,n] == sum(X[m,n] for k in range(2*H) if k//2 == m)"),
    ),
    "division-by-what-may-be-0": (
        StatedClaim("H == W", where=("k*H == k*W",), integers=(("k", ">= 1"),)),
        StatedClaim("H == W", where=("k*H == k*W",), integers=(("k", ">= -1"),)),
    ),
    "min-either-way": (
        stated("min(H, W) == min(W, H)"),
        stated("min(H, W) == max(W, H)"),
    ),
    "unequal-either-way": (
        stated("min(H, W) == H", ("H != W", "H <= W")),
        stated("min(H, W) == H", ("H != W",)),
    ),
    "at-least": (
        stated("min(H, W + 1) == W + 1", ("H > W",)),
        stated("min(H, W + 1) == W + 1", ("H >= W",)),
    ),
    "crop-that-leaves-something": (
        stated("crop(X, ((u, 0), (0, 0))) == crop(X, ((u, 0), (0, 0)))", ("H > u",)),
        stated("crop(X, ((u, 0), (0, 0))) == crop(X, ((u, 0), (0, 0)))", ("H >= u",)),
    ),
    "cotangent-of-the-right-shape": (
        stated("vjp(correlate(X, F), X, dY) == dX", ("u == 1", "v == 1")),
        stated("vjp(correlate(X, F), X, dY) == vjp(correlate(X, F), X, dY)"),
    ),
    "unequal": (
        stated("max(H, W) == min(H, W) + 1", ("H != W", "H <= W + 1", "W <= H + 1")),
        stated("max(H, W) == min(H, W) + 1", ("H <= W + 1", "W <= H + 1")),
    ),
    "noble-identity": (
        stated(
            "correlate(subsample(X, (u, v)), F) == "
            "subsample(correlate(X, F, dilation=(u, v)), (u, v))",
            ("(H-1)//u+1 >= R", "(W-1)//v+1 >= S"),
        ),
        stated(
            "correlate(subsample(X, (u, v)), F) == subsample(correlate(X, F), (u, v))",
            ("(H-1)//u+1 >= R", "(W-1)//v+1 >= S"),
        ),
    ),
    "rotated-ones": (
        stated("correlate(X, rotate(ones(R, S))) == correlate(X, ones(R, S))", FITS),
        stated("correlate(X, rotate(ones(R, S))) == correlate(X, ones(R, R))", (*FITS, "R <= S")),
    ),
    "crop-of-a-pad": (
        stated("crop(pad(X, ((u, v), (v, u))), ((u, v), (v, u))) == X"),
        stated("pad(crop(X, ((u, v), (v, u))), ((u, v), (v, u))) == X", ("H > u+v", "W > u+v")),
    ),
    "subsample-of-a-dilation": (
        stated("subsample(dilate(X, (u, v)), (u, v)) == X"),
        stated("dilate(subsample(X, (u, v)), (u, v)) == X", ("(H-1)%u == 0", "(W-1)%v == 0")),
    ),
    "one-by-one-filter": (
        stated("dX == pad(dilate(dY, (u, v)), ((0, (H-1)%u), (0, (W-1)%v)))", ("R == 1", "S == 1")),
        stated(DX_PLAIN.replace("rotate(F)", "F"), ("R <= 2", "S <= 2")),
    ),
}
# The left side of this mutant reads dY alone, the right one F as well: products of other tensors.
del PAIRS["one-by-one-filter"]

TRUE = {name: pair[0] for name, pair in PAIRS.items()}
FALSE = {name: pair[1] for name, pair in PAIRS.items()}


@pytest.mark.parametrize("name", TRUE)
def test_theorem_has_a_proof(name: str) -> None:
    argument, reason = argue(TRUE[name].claim(), CertificateSearch())
    assert argument is not None, reason
    assert not argument.by_solver


@pytest.mark.parametrize("name", FALSE)
def test_mutant_has_no_proof(name: str) -> None:
    claim = FALSE[name].claim()
    argument, _ = argue(claim, CertificateSearch())
    assert argument is None
    found = refute(claim)
    assert found.refutation is not None or found.undefined is not None


def test_box_filters_do_not_compose_to_a_box() -> None:
    claim = stated(
        "correlate(correlate(X, ones(R, S)), ones(R, S)) == correlate(X, ones(2*R-1, 2*S-1))",
        ("H >= 2*R-1", "W >= 2*S-1"),
    ).claim()
    with pytest.raises(OutOfReachError, match="how often a product occurs"):
        cases(claim)


def test_counts_that_differ_by_a_factor_are_not_equal() -> None:
    """Each element of X is counted R*S times on the left, and R times on the right."""
    claim = stated(
        "correlate(pad(ones(H, W), ((R-1, R-1), (S-1, S-1))), ones(R, S)) == ones(H+R-1, W+S-1)",
    ).claim()
    assert argue(claim, CertificateSearch())[0] is None


@pytest.mark.parametrize("divisor", ["(u-1)", "(u-u)", "(-2)", "(u-u-3)", "(u*(v-1))"])
def test_divisor_that_can_be_below_1_proves_nothing(divisor: str) -> None:
    claim = stated(f"H // {divisor} == H // {divisor}").claim()
    argument, reason = argue(claim, CertificateSearch())
    assert argument is None
    assert "divisor" in reason


@pytest.mark.parametrize(
    "where",
    ["(5*(u-1)) // (u-1) == 5", "u + 0*(H//(u-1)) >= 2", "u + 0*(H//(u-1)) == 2"],
)
def test_divisor_of_a_hypothesis_is_not_proved_by_that_hypothesis(where: str) -> None:
    """5 // (u-1) >= 1 makes sense for u >= 2 only; it must not be used to show that."""
    argument, reason = argue(stated("H + 1 == H + 1", (where,)).claim(), CertificateSearch())
    assert argument is None
    assert "the divisor u - 1 is at least 1" in reason


def test_sides_of_different_kinds_are_out_of_reach() -> None:
    from symconv.claims.claim import Claim
    from symconv.formula.sizes import Name

    with pytest.raises(OutOfReachError, match="different tensors"):
        cases(stated("X == F", ("H == R", "W == S")).claim())
    H, W = Name("H"), Name("W")
    with pytest.raises(OutOfReachError, match="different numbers of axes"):
        cases(Claim("ranks", "H == (H, W)", (H,), (H, W), {}, {"H": 1, "W": 1}, {}))


def test_hypothesis_that_says_what_is_known_does_no_harm() -> None:
    claim = stated("H//u//v == H//(u*v)", ("u >= 1", "H//u >= 0", "u >= 1")).claim()
    assert argue(claim, CertificateSearch())[0] is not None


def test_divisor_that_a_hypothesis_makes_positive_is_fine() -> None:
    claim = stated("(H*(u-1)) // (u-1) == H", ("u >= 2",)).claim()
    assert argue(claim, CertificateSearch())[0] is not None


def test_crop_larger_than_the_tensor_is_a_shift() -> None:
    """H=1, R=1, u=3, padding (2, 0): dY has one element, padded by (-2, 2)."""
    at = ("H == 1", "R == 1", "u == 3", "pt == 2", "pb == 0")
    claim = stated(DX_GENERAL, at, PADDED).claim()
    assert argue(claim, CertificateSearch())[0] is not None
    cropped_first = DX.format("0", f"{D}-pb+{REM_H}-pt", f"{E}-pl", f"{E}-pr+{REM_W}", "")
    mutant = stated(cropped_first, (*at, "d == 1", "e == 1"), PADDED).claim()
    assert argue(mutant, CertificateSearch())[0] is None


def test_product_of_one_leaf_with_itself_is_out_of_reach() -> None:
    from symconv.claims.claim import Claim
    from symconv.formula.nodes import Correlate, Leaf, Rotate
    from symconv.formula.sizes import Name

    square = Correlate(Leaf("F"), Rotate(Leaf("F")), (1, 1), (1, 1))
    shapes = {"F": (Name("R"), Name("S"))}
    claim = Claim("square", "F*F", square, square, shapes, {"R": 1, "S": 1}, {})
    with pytest.raises(OutOfReachError, match="F twice"):
        cases(claim)


def test_divisor_that_changes_with_an_index_is_out_of_reach() -> None:
    claim = stated("X[m,n] == X[m*(n+1)//(n+1), n]").claim()
    argument, reason = argue(claim, CertificateSearch())
    assert argument is None
    assert "the divisor j + 1 changes with an index" in reason


def test_comparison_of_indices_is_out_of_reach() -> None:
    claim = stated("X[m,n] == X[min(m, m), n]").claim()
    assert argue(claim, CertificateSearch())[0] is None


def test_too_many_cases_are_out_of_reach() -> None:
    terms = " + ".join(f"max(H, W+{n})" for n in range(8))
    argument, reason = argue(stated(f"{terms} == {terms}").claim(), CertificateSearch())
    assert argument is None
    assert "too many cases" in reason


def test_second_axis_costs_no_search() -> None:
    search = CertificateSearch()
    (case,) = cases(TRUE["dX-padding"].claim())
    for obligation in case.obligations:
        assert search.certificate(obligation) is not None
    searched = [o for o in case.obligations if not o.exact]
    assert len(search._found) <= len(searched) // 2 + 2


def test_search_ends_when_the_time_is_up() -> None:
    with spending(Budget(1_000)):
        argument, reason = argue(TRUE["dX-crop"].claim(), CertificateSearch())
    assert argument is None
    assert "steps" in reason
    with spending(Budget(10**9, deadline=-math.inf)):
        argument, reason = argue(TRUE["dX-crop"].claim(), CertificateSearch())
    assert argument is None
    assert "time" in reason


def test_what_is_remembered_costs_what_it_took() -> None:
    """Otherwise a verdict would depend on which claims were judged before."""
    search, claim = CertificateSearch(), TRUE["dX-padding"].claim()
    spent = []
    for _ in range(2):
        with spending(Budget(10**9)) as budget:
            assert argue(claim, search)[0] is not None
        spent.append(budget.spent)
    assert spent[1] >= spent[0]


def test_no_search_that_was_cut_short_is_remembered() -> None:
    search, claim = CertificateSearch(), TRUE["dX-padding"].claim()
    with spending(Budget(10**9)) as budget:
        assert argue(claim, CertificateSearch())[0] is not None
    for share in (20, 10, 5, 2):
        with spending(Budget(budget.spent // share)):
            assert argue(claim, search)[0] is None
    assert argue(claim, search)[0] is not None
