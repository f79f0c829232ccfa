"""Remainders other than 0, parities, products of three strides: hypotheses and their proofs.

Each theorem has a twin whose hypotheses do not suffice: it is refuted and has no proof.
"""

from __future__ import annotations

from typing import Any

import pytest

from symconv.claims.statement import StatedClaim
from symconv.claims.verdict import Verdict
from symconv.proof.certificate_file import read, write
from symconv.proof.prover import argue, judge
from symconv.proof.recheck import recheck
from symconv.proof.search import CertificateSearch

LECTURE = "dX == correlate(pad(dilate(dY, u), (R-1, R-1 + {})), rotate(F))"
STRIDES: dict[str, Any] = {"integers": (("k", ">= 1"), ("l", ">= 1"))}

PAIRS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...], dict[str, Any]]] = {
    "odd input, stride 2": (
        LECTURE.format(0),
        ("H % 2 == 1", "R == 3", "u == 2"),
        ("H % 2 == 0", "R == 3", "u == 2"),
        {},
    ),
    "equal remainders": (LECTURE.format(0), ("H % u == R % u",), ("H % u == (R + 1) % u",), {}),
    "a remainder of one": (LECTURE.format(1), ("(H-R) % u == 1",), ("(H-R) % u == 2",), {}),
    "the largest remainder": (
        LECTURE.format("u - 1"),
        ("(H-R) % u == u - 1",),
        ("(H-R) % u == u - 2",),
        {},
    ),
    "a named remainder": (
        LECTURE.format("k"),
        ("H % u == k", "R % u == 0"),
        ("H % u == k", "R % u == k"),
        {"integers": (("k", ">= 0"),)},
    ),
    "remainders of remainders": ("H % 2 == 1", ("H % 4 == 3",), ("H % 3 == 1",), {}),
    "two remainders are one": (
        "H % 6 == 4",
        ("H % 3 == 1", "H % 2 == 0"),
        ("H % 3 == 1", "H % 2 == 1"),
        {},
    ),
    "parities": (
        "H == W",
        ("H % 2 == W % 2", "W <= H", "H <= W + 1"),
        ("H % 2 == W % 2", "W <= H", "H <= W + 2"),
        {"rank": 2},
    ),
    "a product of three divides": (
        "H % (u*l) == 0",
        ("H % (u*k*l) == 0",),
        ("H % (u*k) == 0",),
        STRIDES,
    ),
    "three strides are one": (
        "subsample(subsample(subsample(X, u), k), l) == subsample(X, u*k*l)",
        (),
        (),
        STRIDES,
    ),
    "three strides in any order": ("H//(u*k*l) == ((H//u)//l)//k", (), (), STRIDES),
    "three strided layers are one": (
        "correlate(correlate(correlate(X, F, stride=u), G, stride=k), E, stride=l) == "
        "correlate(X, convolve(convolve(F, dilate(G, u), mode='full'), dilate(E, u*k), "
        "mode='full'), stride=u*k*l)",
        ("H >= R + u*(m-1) + u*k*(n-1)",),
        ("H >= R + u*(m-1)", "u*k*(n-1) <= H"),
        {**STRIDES, "tensors": (("G", "m"), ("E", "n"))},
    ),
}


def _claim(statement: str, where: tuple[str, ...], more: dict[str, Any]) -> StatedClaim:
    return StatedClaim(statement, where=where, **{"rank": 1, **more})


@pytest.mark.parametrize("name", PAIRS)
def test_what_the_hypotheses_imply_is_proved(name: str) -> None:
    statement, where, _, more = PAIRS[name]
    judged = judge(_claim(statement, where, more))
    assert judged.verdict is Verdict.PROVED, judged.reason


@pytest.mark.parametrize("name", [name for name, (_, _, twin, _) in PAIRS.items() if twin])
def test_what_they_do_not_imply_has_no_proof(name: str) -> None:
    statement, _, twin, more = PAIRS[name]
    judged = judge(_claim(statement, twin, more))
    assert judged.verdict is not Verdict.PROVED
    assert argue(_claim(statement, twin, more).claim(), CertificateSearch())[0] is None


@pytest.mark.parametrize(
    ("statement", "more"),
    [
        ("subsample(subsample(subsample(X, u), k), l) == subsample(X, u*k)", STRIDES),
        ("H//(u*k*l) == ((H//u)//k)//k", STRIDES),
        ("H % (u*k*l) == H % (u*k)", STRIDES),
    ],
)
def test_products_of_other_strides_are_refuted(statement: str, more: dict[str, Any]) -> None:
    assert judge(_claim(statement, (), more)).verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    "where",
    [
        ("2*H == 2*W + 1",),
        ("3*H == 6*W + 1",),
        ("4*H + 6*W == 7",),
        ("H % 2 == 1", "H % 2 == 0"),
        ("H % 4 == 3", "H % 2 == 0"),
        ("H % 2 == 1", "W % 2 == 0", "H == W"),
        ("H % u == 1", "u == 1"),
        ("H % u == u",),
        ("H % u == -1",),
    ],
)
def test_hypotheses_that_contradict_each_other_are_said_to(where: tuple[str, ...]) -> None:
    judged = judge(_claim("H == W", where, {"rank": 2}))
    assert judged.verdict is Verdict.NOT_JUDGED
    assert judged.reason is not None
    assert judged.reason.startswith("the hypotheses contradict ")


@pytest.mark.parametrize(
    "where", [("2*H == 2*W",), ("H % 2 == 1", "W % 2 == 0"), ("H % u == 1", "u >= 2")]
)
def test_hypotheses_that_do_not_are_refuted_by_sizes(where: tuple[str, ...]) -> None:
    assert judge(_claim("H == W + 1", where, {"rank": 2})).verdict is Verdict.REFUTED


def test_proofs_from_remainders_are_checked_again_from_the_claim() -> None:
    for name in ("odd input, stride 2", "a named remainder", "three strides are one"):
        statement, where, _, more = PAIRS[name]
        stated = _claim(statement, where, more)
        told = judge(stated).certified()
        assert told is not None
        (claim,) = read(write([told]))
        assert recheck(claim)
