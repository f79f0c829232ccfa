"""What fails only beyond the smallest sizes is found where numbers and doubling lead."""

from __future__ import annotations

import pytest

from symconv.claims.parse import parse_claim
from symconv.claims.verdict import Verdict
from symconv.limits.budget import Budget, spending
from symconv.proof import models, prover
from symconv.proof.prover import prove
from symconv.refutation.axes import factors_of
from symconv.refutation.leads import follow, leads, numbers
from symconv.refutation.search import Refutation, judge_at, refute

DX = "dX == correlate(pad(dilate(dY, (u, v)), ((R-1, {}), (S-1, S-1 + (W-S)%v))), rotate(F))"

FALSE = {
    "H // 18 == 0": ((), {"H": 18}),
    "H // 1000 == 0": ((), {"H": 1000}),
    "H // 65536*65536*0 == H // 65536": ((), {"H": 65536}),
    "H // (65536*65536*65536*65536) == 0": ((), {"H": 2**64}),
    "H % 100 == H": (("H <= 100",), {"H": 100}),
    "min(H, 5000) == H": ((), {"H": 5001}),
    "(H + W) // 5000 == 0": ((), {"H": 4999, "W": 1}),
    "H*H // 123456789 == 0": ((), {"H": 11112}),
    "pad(X, ((0, min(H, 300) - H), (0, 0))) == X": ((), {"H": 301, "W": 1}),
    "subsample(X, (max(1, H - 200), 1)) == X": ((), {"H": 202, "W": 1}),
    DX.format("R-1 + min((H-R)%u, 5)"): (
        (),
        {"H": 7, "W": 1, "R": 1, "S": 1, "u": 7, "v": 1},
    ),
    DX.format("R-1 + min((H-R)%u, 40)"): (
        (),
        {"H": 42, "W": 1, "R": 1, "S": 1, "u": 42, "v": 1},
    ),
}


@pytest.mark.parametrize("statement", FALSE)
def test_a_claim_false_far_away_is_refuted_at_its_smallest_sizes(statement: str) -> None:
    where, smallest = FALSE[statement]
    judged = prove(statement, where=where)
    assert judged.verdict is Verdict.REFUTED, judged.summary
    assert judged.refutation is not None
    sizes = {name: judged.refutation.sizes[name] for name in judged.claim.integers}
    assert sizes == smallest
    assert judge_at(judged.claim, sizes) is not None


TRUE = {
    "H // 18 == 0": ("H < 18",),
    "H % 100 == H": ("H < 100",),
    "min(H, 5000) == H": ("H <= 5000",),
    DX.format("R-1 + min((H-R)%u, 5)"): ("u <= 6",),
}


@pytest.mark.parametrize("statement", TRUE)
def test_no_lead_leaves_the_hypotheses(statement: str) -> None:
    judged = prove(statement, where=TRUE[statement])
    assert judged.verdict is not Verdict.REFUTED


def test_numbers_are_those_of_the_claim_and_their_neighbours() -> None:
    claim = parse_claim("pad(X, ((7, 0), (0, 0))) == X", where=["H <= 300*300", "W != 5 - 9"])
    found = set(numbers(claim))
    assert {6, 7, 8, 89_999, 90_000, 90_001, 299, 300, 301, 3, 4, 5, 9} <= found
    assert not found & {0, 1, 20, 100}


def test_leads_are_the_numbers_then_names_doubled_alone_and_together() -> None:
    claim = parse_claim("(H + W) // 50 == 0")
    found = list(leads(claim, ("W", "H")))
    assert found.index({"H": 50}) < found.index({"W": 16})
    assert found.index({"W": 16}) < found.index({"H": 16}) < found.index({"W": 16, "H": 16})
    assert found.index({"W": 16, "H": 16}) < found.index({"W": 32})
    assert {"H": 2**63, "W": 2**63} in found


def test_what_somebody_else_knows_is_evaluated_before_it_is_shown() -> None:
    claim = parse_claim("H*H // 1000003 == 0")
    axes = factors_of(claim)
    assert follow(claim, axes, (), [{"H": 7}, {"H": 999}]) is None
    found = follow(claim, axes, (), [{"H": 7}, {"H": 999}, {"H": 12345}])
    assert isinstance(found, Refutation)
    assert found.sizes == {"H": 1001}


def test_a_lead_too_far_for_the_memory_is_no_counterexample() -> None:
    claim = parse_claim("X == rotate(X)", where=["H >= 1000000000"])
    with spending(Budget(10**6)):
        assert follow(claim, factors_of(claim), ("H",)) is None


def test_the_smallest_sizes_alone_do_not_show_it() -> None:
    """What leads are for: the first search, as far as it goes, sees nothing wrong."""
    found = refute(parse_claim("H // 1000 == 0"))
    assert found.refutation is None
    assert found.compared > 10


def test_z3_knows_where_a_claim_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only at H = 1637 and W = 271: with the claim's own numbers out of sight, z3 has to say so."""
    hidden = "max(0, 1 - (H - 1637)*(H - 1637) - (W - 271)*(W - 271)) == 0"

    def little(*claim: object, **how: object) -> object:
        return refute(*claim, **{**how, "most": 20})  # type: ignore[arg-type]

    def told(*leads: object) -> object:
        return follow(*leads) if len(leads) == 4 else None  # type: ignore[arg-type]

    monkeypatch.setattr(prover, "refute", little)
    monkeypatch.setattr(prover, "follow", lambda *_: None)
    assert prove(hidden).verdict is Verdict.NOT_JUDGED
    monkeypatch.setattr(prover, "follow", told)
    judged = prove(hidden)
    assert judged.verdict is Verdict.REFUTED, judged.summary
    assert judged.refutation is not None
    assert judged.refutation.sizes == {"H": 1637, "W": 271}


def test_without_z3_there_are_no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "available", lambda: False)
    assert prove("(H*H*H - H) % 6 == 0").verdict is Verdict.NOT_JUDGED
