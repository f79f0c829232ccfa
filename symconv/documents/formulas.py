"""The verdict on equations that hold for every size: index formulas, operators, sizes."""

from __future__ import annotations

from symconv.documents.collect import Formula
from symconv.documents.judge import Judgement
from symconv.documents.notation import Region


def judge_formula(formula: Formula, region: Region | None) -> Judgement | None:
    """Return the verdict on a formula, None where it says nothing about a convolution."""
    return None
