from __future__ import annotations

import pytest

from symconv.claims.statement import StatedClaim
from symconv.refutation.repair import repair
from symconv.refutation.search import refute

DX = "dX == correlate(pad(dilate(dY, (u, v)), {}), rotate(F))"
EXACT = "((R - 1, R - 1 + (H - R) % u), (S - 1, S - 1 + (W - S) % v))"
DIVIDES = ("(H - R) % u == 0", "(W - S) % v == 0")


def survives(stated: StatedClaim) -> bool:
    found = refute(stated.claim())
    return found.refutation is None and found.undefined is None and found.compared > 0


def mended(statement: str, **options: tuple[str, ...]) -> str | None:
    found = repair(StatedClaim(statement, **options), survives)  # type: ignore[arg-type]
    return None if found is None else found.stated.statement


@pytest.mark.parametrize(
    "amounts",
    [
        "(R-1, S-1)",  # the remainder forgotten
        "((R-1, R-1 - (H-R) % u), (S-1, S-1 - (W-S) % v))",  # the wrong sign
        "((R-1, R-1 + (H+R) % u), (S-1, S-1 + (W+S) % v))",  # (N + K) % s
        "((R-1 + (H-R) % u, R-1), (S-1 + (W-S) % v, S-1))",  # at the wrong end
        "((S-1, S-1 + (W-S) % v), (R-1, R-1 + (H-R) % u))",  # on the wrong axis
        "((R-1, R-1 + (H-R) % u), (S-1, S-1))",  # forgotten on one axis only
        "((u, u + (H-R) % u), (v, v + (W-S) % v))",  # u for R-1
        "((R, R), (S, S))",
    ],
)
def test_the_input_gradient_is_mended(amounts: str) -> None:
    assert mended(DX.format(amounts)) == DX.format(EXACT)


def test_the_padding_by_the_stride_is_mended_to_the_filter_less_one() -> None:
    assert mended(DX.format("(u, v)"), where=DIVIDES) == DX.format(
        "((R - 1, R - 1), (S - 1, S - 1))"
    )


def test_the_forgotten_crop_is_put_where_it_was_missing() -> None:
    expected = "dF == correlate(crop(X, ((0, (H - R) % u), (0, (W - S) % v))), dilate(dY, (u, v)))"
    assert mended("dF == correlate(X, dilate(dY, (u, v)))") == expected


def test_with_padding_and_dilation_the_remainder_is_that_of_both() -> None:
    remainder = "(H + pt + pb - d*(R - 1) - 1) % u"
    found = mended(
        "dF == correlate(pad(X, ((pt, pb), (pl, pr))), dilate(dY, (u, v)), stride=(d, e))",
        general=("padding", "dilation"),
    )
    assert found is not None
    assert f"pb - {remainder}" in found


def test_the_change_is_told_axis_by_axis() -> None:
    found = repair(StatedClaim(DX.format("(R-1, S-1)")), survives)
    assert found is not None
    assert found.changes == (
        "bottom: R - 1 becomes R - 1 + (H - R) % u",
        "right: S - 1 becomes S - 1 + (W - S) % v",
    )


@pytest.mark.parametrize(
    "statement",
    [
        "dX == correlate(pad(dilate(dY, (u, v)), (R-1, S-1)), F)",  # no padding rotates
        "correlate(X, F) == convolve(X, F)",
        "P == (H - R)//u",
        "X[m, n] == X[n, m]",
        "dX[m, n] == sum(dY[p, q] * F[m-p, n-q] for p in range(P) for q in range(Q))",
    ],
)
def test_what_no_padding_mends_is_left_alone(statement: str) -> None:
    assert mended(statement) is None


def test_a_repair_that_is_not_proved_is_not_offered() -> None:
    assert repair(StatedClaim(DX.format("(R-1, S-1)")), lambda _: False) is None


def test_two_sides_are_not_made_the_same_text() -> None:
    found = mended("pad(X, ((1, 0), 0)) == pad(X, ((0, 1), 0))")
    assert found is None or found.split(" == ")[0] != found.split(" == ")[1]


def test_a_padding_inside_of_what_is_dilated_is_mended() -> None:
    padded = DX.replace("dilate(dY", "dilate(pad(dY, ((0, 0), (0, 1)))")
    assert mended(padded.format(EXACT)) == DX.format(EXACT)
