"""Verdicts on claims as JSON, schema ``symconv.proof/1``: a contract for other programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from symconv.proof.prover import Judgement
from symconv.proof.run import JudgedClaim
from symconv.refutation.search import Refutation
from symconv.views.json import counterexample

SCHEMA = "symconv.proof/1"


def text(judged: Sequence[JudgedClaim]) -> str:
    """Return the JSON document of all verdicts."""
    data = {"schema": SCHEMA, "claims": [_claim(each) for each in judged]}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _claim(each: JudgedClaim) -> dict[str, Any]:
    judgement = each.judgement
    stated = judgement.stated
    return {
        "id": stated.id,
        "statement": stated.statement,
        "where": list(stated.where),
        "rank": stated.rank,
        "general": list(stated.general),
        "tensors": dict(stated.tensors),
        "integers": dict(stated.integers),
        "define": list(stated.define),
        "constants": dict(stated.constants),
        "sizes": stated.sizes,
        "assumed": list(judgement.assumed),
        "file": each.file or None,
        "line": each.line or None,
        "scope": judgement.scope.value,
        "verdict": judgement.verdict.value,
        "expected": judgement.claim.expected.value,
        "seconds": round(judgement.seconds, 3),
        "counterexample": _failure(judgement.refutation),
        "example": _failure(judgement.example),
        "repair": judgement.repair.stated.statement if judgement.repair else None,
        "proviso": list(judgement.proviso.where) if judgement.proviso else None,
        "reason": judgement.reason,
        "notes": list(judgement.notes),
        "crosscheck": _crosscheck(judgement),
    }


def _crosscheck(judgement: Judgement) -> dict[str, int] | None:
    """Return how many obligations z3 confirms and does not decide, None where it was not asked."""
    argument = judgement.argument
    if argument is None or not argument.opinions:
        return None
    return {"confirmed": argument.confirmed, "undecided": argument.undecided}


def _failure(refutation: Refutation | None) -> dict[str, Any] | None:
    if refutation is None:
        return None
    nothing: dict[str, Any] = {"element": None, "left": None, "right": None}
    return {"sizes": dict(refutation.sizes)} | nothing | counterexample(refutation.counterexample)
