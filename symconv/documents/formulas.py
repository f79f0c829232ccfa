"""The verdict on equations that hold for every size: index formulas, operators, sizes."""

from __future__ import annotations

from symconv.documents.collect import Formula
from symconv.documents.index_verdicts import INDEX, judge_index
from symconv.documents.indices import is_index_formula
from symconv.documents.operators import OperatorClaim, is_operator_formula, operator_claims
from symconv.documents.prover import ClaimText, ask
from symconv.documents.reading import Reading, Region
from symconv.documents.sizes import SIZE, judge_size
from symconv.documents.syntax import Derivative, Differential, Expression, Place, UnreadableError
from symconv.documents.verdict import AGREE, NOT_JUDGED, WRONG, Finding, Judgement, not_judged

OPERATOR = "operator"


def judge_formula(formula: Formula, region: Region | None) -> Judgement | None:
    """Return the verdict on a formula, None where it says nothing about a convolution."""
    reading = region.readings[0] if region and region.readings else None
    left, right = formula.sides[0], formula.sides[1]
    if any(map(is_index_formula, formula.sides)):
        if not _is_element(left):
            return None
        return judge_index(left, right, reading, formula.place)
    if any(map(is_operator_formula, formula.sides)):
        if is_operator_formula(left) and not is_operator_formula(right):
            left, right = right, left
        return _judge_operators(left, right, reading, formula.place)
    return judge_size(formula.sides, formula.place)


def _is_element(expression: Expression) -> bool:
    return is_index_formula(expression) or isinstance(expression, (Derivative, Differential))


def _judge_operators(
    left: Expression, right: Expression, reading: Reading | None, place: Place
) -> Judgement:
    try:
        claims = operator_claims(left, right, reading)
    except UnreadableError as unreadable:
        return not_judged(OPERATOR, place, unreadable.reason, unreadable.place)
    answers = [(claim, ask(claim.claim)) for claim in claims]
    right_ones = [claim for claim, answer in answers if answer.verdict == AGREE]
    target = claims[0].claim.statement.split(" ", 1)[0].lower()
    if any(not claim.implied for claim in right_ones):
        return _agreement(right_ones, reading, target, place)
    if right_ones:
        return not_judged(
            OPERATOR, place, f"right only if the sign means a full {right_ones[0].reading}"
        )
    if _divides(claims, reading):
        return Judgement(AGREE, OPERATOR, place, target, note="where the stride divides H - R")
    if any(answer.verdict == NOT_JUDGED for _, answer in answers):
        return not_judged(OPERATOR, place, next(
            answer.reason for _, answer in answers if answer.verdict == NOT_JUDGED))  # fmt: skip
    if any(claim.claim.sizes for claim, _ in answers) and not (reading and reading.sized):
        return not_judged(
            OPERATOR, place, "how far input and padding reach is not shown; say --input, --padding"
        )
    finding = Finding("SC230", right.place, "; ".join(
        f"as {claim.reading}: {answer.reason}" for claim, answer in answers[:2]))  # fmt: skip
    return Judgement(WRONG, OPERATOR, place, target, findings=(finding,))


def _divides(claims: list[OperatorClaim], reading: Reading | None) -> bool:
    """Say whether a formula holds where the stride divides H - R, as it does in the example."""
    if reading is not None and any(reading.geometry.remainder):
        return False
    conditions = ("(H - R) % u == 0", "(W - S) % v == 0")
    return any(
        ask(ClaimText(claim.claim.statement, (*claim.claim.where, *conditions))).verdict == AGREE
        for claim in claims
        if not claim.implied and "dilate" in claim.claim.statement
    )


def _agreement(
    claims: list[OperatorClaim], reading: Reading | None, target: str, place: Place
) -> Judgement:
    meanings = dict.fromkeys(claim.reading for claim in claims if not claim.implied)
    strided = reading is not None and any(u != 1 for u in reading.geometry.stride)
    if strided and any("u == 1" in claim.claim.where for claim in claims):
        return not_judged(OPERATOR, place, "right for stride 1; the example here has another")
    return Judgement(AGREE, OPERATOR, place, target, note=f"as {' and as '.join(meanings)}")


__all__ = ["INDEX", "OPERATOR", "SIZE", "judge_formula"]
