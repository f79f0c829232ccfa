from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.mutants import THEOREMS, judged, mutants
from symconv.proof import obligations, prove
from symconv.proof.obligations import Case


def test_mutants_contradict_no_proof() -> None:
    kinds = Counter(judged(claim, limit=5, most=60).verdict for claim in mutants(200, seed=3))
    assert kinds["CONTRADICTION"] == 0
    assert kinds["refuted"] > 150
    assert kinds["open"] <= 10


def test_unchanged_theorems_are_proved() -> None:
    for stated in THEOREMS:
        assert judged(stated.claim(), limit=5).verdict == "proved", stated.statement


@pytest.mark.parametrize("left_out", [("size",), ("left", "right"), ("divisor", "defined")])
def test_proof_that_leaves_obligations_out_is_contradicted(
    monkeypatch: pytest.MonkeyPatch, left_out: tuple[str, ...]
) -> None:
    """The run notices: without one kind of obligation, some mutant is proved and refuted."""

    def careless(claim: object) -> tuple[Case, ...]:
        from dataclasses import replace

        return tuple(
            replace(
                case,
                obligations=tuple(o for o in case.obligations if not o.name.startswith(left_out)),
            )
            for case in obligations.cases(claim)  # type: ignore[arg-type]
        )

    monkeypatch.setattr(prove, "cases", careless)
    kinds = Counter(judged(claim, limit=5, most=60).verdict for claim in mutants(60, seed=3))
    assert kinds["CONTRADICTION"] > 0
