"""The verdict on an operator formula.

Every meaning of its signs and words is asked for.  It agrees where one that adds nothing to the
formula holds for the document's convolution; what holds without the example's stride, padding or
dilation only is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from symconv.documents.formulas import relation
from symconv.documents.formulas.convention import UNKNOWN, Convention, Notation
from symconv.documents.formulas.letters import AFTER, BEFORE, HALVES
from symconv.documents.formulas.parts import MADE
from symconv.documents.formulas.prover import ClaimText, ask
from symconv.documents.mathematics.syntax import (
    Call,
    Expression,
    Number,
    UnreadableError,
    WrittenSum,
)
from symconv.documents.mathematics.walk import children, rebuild
from symconv.documents.operators.claims import (
    OperatorClaim,
    at_the_example,
    operator_claims,
)
from symconv.documents.operators.formula import CONVOLUTION, CORRELATION, DILATE
from symconv.documents.operators.forward import operator_forward
from symconv.documents.operators.mends import mend
from symconv.documents.source.place import Place
from symconv.documents.verdicts.scopes import AT_THE_EXAMPLE, dividing
from symconv.documents.verdicts.verdict import (
    AGREE,
    NOT_JUDGED,
    WRONG,
    EquationVerdict,
    Finding,
    not_judged,
)
from symconv.formula.words import AXES, PADDING, Role, letters_on

OPERATOR = "operator"
_ZEROS = re.compile(r"\bzeros?\b")
"""What says how many zeros stand between neighbours."""
_FULL = re.compile(
    r"\bfull\b|完全卷积|全卷积|宽卷积|convolution complète|convolución completa|volle faltung"
)
"""What says that a convolution reaches past the edges."""
_TRUE = re.compile(
    r"\b(?:true|proper|mathematical|genuine|real|strict) convolution|flipp|cross-corr"
)
"""What says that a convolution is no correlation."""
_HALF = tuple(HALVES.values())
_TENSOR = re.compile(r"\bd?[XFY]\b")


def judge_operators(
    left: Expression,
    right: Expression,
    reading: Notation,
    place: Place,
    words: str = "",
    known: AbstractSet[str] = frozenset(),
) -> EquationVerdict:
    """Return the verdict on an operator formula.

    Args:
        left: the tensor that is computed.
        right: operators.
        reading: the notation, as far as it is known.
        place: all of it.
        words: what is said beside it, which may say what a sign means.
        known: letters whose guessed meaning another formula supports.
    """
    if reading.transposed:
        reason = "operators of a transposed convolution are not judged"
        return not_judged(OPERATOR, place, reason)
    try:
        claims = operator_claims(left, right, reading)
    except UnreadableError as unreadable:
        return not_judged(OPERATOR, place, unreadable.reason, unreadable.place)
    claims.sort(key=lambda claim: (claim.implied, claim.swapped, len(claim.second)))
    odd = [claim for claim in claims if claim.odd]
    claims = [claim for claim in claims if not claim.odd]
    right_ones = _right_ones(claims)
    target = claims[0].claim.statement.split(" ", 1)[0].lower()
    target = target.removeprefix("rotate(").rstrip(")")
    said = [claim for claim in right_ones if not claim.implied]
    if said:
        if reason := _other_meaning(said, reading, words):
            return not_judged(OPERATOR, place, reason)
        denied = relation.denied_by_words(reading, said[0].used, words)
        if denied and target != "y":
            return not_judged(OPERATOR, place, denied)
        limits = AT_THE_EXAMPLE if said[0].claim.sizes else ""
        return _agreement(said, place, target, _joined(_assumed(said, reading, target), limits))
    if right_ones and _FULL.search(words):
        meanings = frozenset(claim.reading for claim in right_ones)
        note = f"as a full {right_ones[0].reading}, which the words beside it say"
        return EquationVerdict(AGREE, OPERATOR, place, target, note=note, meanings=meanings)
    if right_ones:
        reason = f"right only if the sign means a full {right_ones[0].reading}; write *_{{full}}"
        return not_judged(OPERATOR, place, reason)
    for scope, holding in _limited(claims, reading):
        if holding:
            if reason := _other_meaning(holding, reading, words):
                return not_judged(OPERATOR, place, reason)
            assumed = _assumed(holding, reading, target)
            return _agreement(holding, place, target, _joined(assumed, scope))
    if any(_holds(claim) or _divides(claim) for claim in odd):
        return not_judged(OPERATOR, place, "right only if the first tensor slides over the filter")
    if reason := _open(claims, reading, known) or _defined(right, left, reading, target):
        return not_judged(OPERATOR, place, reason)
    counted = _by_zeros(right) if _ZEROS.search(words) else right
    if counted != right and _is_right(left, counted, reading):
        reason = "right if the number in dilate counts zeros, as the words beside it may say"
        return not_judged(OPERATOR, place, reason)
    finding = _finding(left, right, reading, claims)
    return EquationVerdict(WRONG, OPERATOR, place, target, findings=(finding,))


def _agreement(
    holding: Sequence[OperatorClaim], place: Place, target: str, scope: str
) -> EquationVerdict:
    """Return the verdict on a formula of which these readings hold, perhaps somewhere only."""
    words = f"as {' and as '.join(dict.fromkeys(claim.reading for claim in holding))}"
    note = ", ".join(filter(None, (words, holding[0].letters)))
    meanings = frozenset(claim.reading for claim in holding)
    return EquationVerdict(
        AGREE, OPERATOR, place, target, note=note, scope=scope, meanings=meanings
    )


def _assumed(holding: Sequence[OperatorClaim], reading: Notation, target: str) -> str:
    """Return what a gradient assumes of a convolution that nothing shows."""
    return relation.assumed(reading, holding[0].used) if target != "y" else ""


def _joined(*limits: str) -> str:
    return "; ".join(filter(None, limits))


def _other_meaning(holding: Sequence[OperatorClaim], reading: Notation, words: str) -> str:
    """Return why a word that may mean two things does not mean what makes a formula right.

    What a document calls its convolution is what its forward formula does, turned or not.
    """
    if not isinstance(reading, Convention) or not (reading.ahead and reading.counted):
        return ""
    usual = CONVOLUTION if reading.flipped else CORRELATION
    if any(claim.reading == usual or claim.fixed for claim in holding) or _TRUE.search(words):
        return ""
    other = holding[0].reading
    return f"right only as {other}; the forward formula here is a {usual}"


def _limited(
    claims: Sequence[OperatorClaim], reading: Notation
) -> Iterator[tuple[str, list[OperatorClaim]]]:
    """Yield where alone a formula may hold, and its readings that hold there."""
    said = [claim for claim in claims if not claim.implied and not claim.claim.sizes]
    if reading.geometry is None or not any(reading.geometry.remainder):
        holding = _right_ones(said, _divides)
        yield (_where_dividing(holding[0].claim) if holding else ""), holding
    if _is_padded_in_full(reading):
        yield "where the input is padded in full", _right_ones(said, _holds_in_full)
    if reading.geometry is not None and set(reading.geometry.filter) == {1}:
        yield "for filters of one element", _right_ones(said, _holds_at_one_element)


def _where_dividing(claim: ClaimText) -> str:
    return dividing(claim.general, "pb == pt" in claim.where)


def _finding(
    left: Expression, right: Expression, reading: Notation, claims: Sequence[OperatorClaim]
) -> Finding:
    """Return what is wrong: the operand that has to be another, where one alone mends it."""
    why = "; ".join(f"as {claim.reading}: {_why(claim.claim)}" for claim in claims[:2])
    why = "; ".join(filter(None, (_denied(claims, reading), why)))

    plain = [claim for claim in claims if not claim.implied]
    if reading.geometry is not None and (holding := _right_ones(plain, _divides)):
        reason = f"right {_where_dividing(holding[0].claim)}, as it does not in the example here"
        return Finding("SC230", right.place, f"{reason}; {why}")
    found = mend(left, right, reading, lambda tree: _is_right(left, tree, reading))
    if found is None:
        return Finding("SC230", right.place, why)
    return Finding("SC230", found.place, f"{found.message}; as it stands, {why}", found.fix)


def _is_right(left: Expression, right: Expression, reading: Notation) -> bool:
    """Whether a formula holds as it is written, where the stride divides if need be."""
    try:
        found = operator_claims(left, right, reading)
    except UnreadableError:
        return False
    said = [claim for claim in found if not (claim.implied or claim.second)]
    divided = reading.geometry is None or not any(reading.geometry.remainder)
    return any(_holds(claim) or (divided and _divides(claim)) for claim in said)


def _by_zeros(tree: Expression) -> Expression:
    """Return a formula whose ``dilate(T, s - 1)`` inserts s - 1 zeros, with the steps s."""
    match tree:
        case Call(name, (inside, WrittenSum(((1, step), (-1, Number(1))))), place) if DILATE.match(
            name.lower().strip()
        ):
            return Call(name, (_by_zeros(inside), step), place)
        case _:
            return rebuild(tree, tuple(map(_by_zeros, children(tree))))


def _denied(claims: Sequence[OperatorClaim], reading: Notation) -> str:
    """Return what denies a formula that is right in the plain case, "" where it is not."""
    for claim in claims:
        here = _authority(claim, reading)
        plain, example = relation.shown(UNKNOWN, 2, 0), relation.shown(reading, 2, 0)
        if here is None or claim.plain is None or plain is None or example is None:
            continue
        if ask(claim.plain).verdict == AGREE:
            mine, shown = relation.differences(plain, example, claim.used)
            return f"right {mine}; {here.said} {shown}"
    return ""


def _why(claim: ClaimText) -> str:
    """Return why a claim does not hold."""
    return _strange(claim) or ask(claim).reason


def _strange(claim: ClaimText) -> str:
    """Return which tensors a result is not made of, "" where it may be."""
    left, right = claim.statement.split(" == ", 1)
    target = left.removeprefix("rotate(").rstrip(")")
    made, here = MADE[target], sorted(_TENSOR.findall(right))
    if here == sorted(made) or not {"dX", "dF"}.isdisjoint(here):  # a differential, perhaps
        return ""
    return f"{target} is made of {' and '.join(made)}, not of {' and '.join(here)}"


def _holds(claim: OperatorClaim) -> bool:
    return ask(claim.claim).verdict == AGREE


def _right_ones(
    claims: Sequence[OperatorClaim], holds: Callable[[OperatorClaim], bool] = _holds
) -> list[OperatorClaim]:
    """Return the readings that hold; those that add something only where no other holds."""
    found: list[OperatorClaim] = []
    for claim in claims:
        if found and (claim.implied or claim.swapped or claim.second):
            break
        if holds(claim):
            found.append(claim)
    return found


def _open(claims: Sequence[OperatorClaim], reading: Notation, known: AbstractSet[str]) -> str:
    """Return why a formula that does not hold is not wrong, "" where it is."""
    for claim in claims:
        if claim.plain and ask(claim.plain).verdict == AGREE:
            plain, example = relation.shown(UNKNOWN, 2, 0), relation.shown(reading, 2, 0)
            if plain is not None and example is not None:
                mine, shown = relation.differences(plain, example, claim.used)
                here = _authority(claim, reading)
                if here is not None and here.sure:
                    continue  # wrong by it
                said = here.said if here is not None else "the example here is"
                if mine and shown:
                    return f"right {mine}; {said} {shown}"
            return "right in the plain case; the example here is another"
    halves = [claim for claim in claims if "half" in claim.used]
    if _holds_padded(halves, _HALF) or _holds_padded(halves, _HALF, _where_it_divides):
        if reading.geometry is not None:
            return "right where the input is padded by half the filter; the example here is not"
        say = reading.hints.ask("input", "filter", "padding")
        return f"right where half the filter is padded, which nothing here shows{say}"
    for claim in claims:
        answer = ask(claim.claim)
        if answer.verdict == NOT_JUDGED and not _strange(claim.claim):
            return answer.reason
    if guessed := [name for claim in claims for name in claim.guessed if name not in known]:
        return f"not right, but what {guessed[0]} stands for is a guess"
    if any(claim.claim.sizes for claim in claims) and not reading.sized:
        say = reading.hints.ask("input", "padding", joined=", ")
        return f"how far input and padding reach is not shown{say}"
    if _holds_at_the_example(claims, reading):
        return "right at the sizes of the example here, not for every size"
    return ""


def _defined(right: Expression, left: Expression, reading: Notation, target: str) -> str:
    """Return why a forward formula is not wrong: it may say another convolution than is shown."""
    if target != "y" or not isinstance(reading, Convention) or reading.geometry is not None:
        return ""
    said = operator_forward(right, replace(reading, hints=replace(reading.hints, flipped=None)))
    example = relation.shown(reading, 2, 0)
    for one in said.settings if said is not None and example is not None else ():
        notation = replace(reading, setting=one, ahead=False, counted=False)
        own = relation.shown(notation, 2, 0)
        if own is None or example is None or own.flipped != one.flipped:
            continue  # what a hint denies
        if any(_holds(claim) for claim in operator_claims(left, right, notation)):
            mine, _ = relation.differences(own, example)
            if reading.ahead:
                return f"right {mine}, which the forward formula here has not"
            say = reading.hints.ask(*relation.options(own, example), joined=", ")
            return f"right {mine}, which nothing here shows{say}"
    return ""


def _authority(claim: OperatorClaim, reading: Notation) -> relation.Authority | None:
    """Return what denies that the document is about a plain convolution."""
    plain, example = relation.shown(UNKNOWN, 2, 0), relation.shown(reading, 2, 0)
    if not isinstance(reading, Convention) or plain is None or example is None:
        return None
    return relation.authority(plain, example, reading, claim.used)


def _holds_at_one_element(claim: OperatorClaim) -> bool:
    """Whether a formula holds for a filter of one element."""
    where = (*claim.claim.where, "R == 1", "S == 1")
    return ask(replace(claim.claim, where=where)).verdict == AGREE


def _is_padded_in_full(reading: Notation) -> bool:
    """Whether every filter element of the example meets every input element."""
    return reading.geometry is not None and all(
        set(axis.padding) == {axis.dilation * (axis.filter - 1)} for axis in reading.geometry.axes
    )


def _holds_in_full(claim: OperatorClaim) -> bool:
    """Whether a formula holds where the input is padded by d(R - 1) on all sides."""
    if "padding" not in claim.claim.general:
        return False
    dilated = "dilation" in claim.claim.general
    spans = ("d*(R - 1)", "e*(S - 1)") if dilated else ("R - 1", "S - 1")
    return ask(_where_padded(claim.claim, spans)).verdict == AGREE


def _holds_padded(
    claims: Sequence[OperatorClaim],
    spans: tuple[str, ...],
    within: Callable[[ClaimText], ClaimText] = lambda claim: claim,
) -> bool:
    """Whether a formula holds where the input is padded so on all sides."""
    return any(
        ask(within(_where_padded(claim.claim, spans))).verdict == AGREE
        for claim in claims
        if not claim.implied and not claim.claim.sizes
    )


def _where_padded(claim: ClaimText, spans: tuple[str, ...]) -> ClaimText:
    rest = [c for c in claim.where if c.split(" ", 1)[0] not in (*BEFORE, *AFTER)]
    sides = (*zip(BEFORE, spans, strict=True), *zip(AFTER, spans, strict=True))
    where = (*rest, *(f"{side} == {span}" for side, span in sides))
    return replace(claim, where=where, general=tuple(dict.fromkeys(("padding", *claim.general))))


def _holds_at_the_example(claims: Sequence[OperatorClaim], reading: Notation) -> bool:
    geometry = reading.geometry
    if reading.flipped or geometry is None:
        return False
    return any(
        ask(at_the_example(claim.claim.statement, geometry)).verdict == AGREE
        for claim in claims
        if not claim.implied and not claim.claim.sizes
    )


def _divides(claim: OperatorClaim) -> bool:
    """Whether a formula holds where the stride divides H - R."""
    if claim.claim.sizes is not None or not _may_divide(claim.claim):
        return False
    return ask(_where_it_divides(claim.claim)).verdict == AGREE


def _may_divide(claim: ClaimText) -> bool:
    """Whether a claim may hold where the stride divides: no size without a remainder denies it.

    One that speaks of the remainder is about every stride.
    """
    dilated = "dilate(" in claim.statement or "dilation=" in claim.statement
    if not dilated or "%" in claim.statement:
        return False
    return all(ask(sized).verdict != WRONG for sized in claim.without_remainder())


def _where_it_divides(claim: ClaimText) -> ClaimText:
    conditions = tuple(_without_rest(axis, claim.general) for axis in AXES)
    return ClaimText(claim.statement, (*claim.where, *conditions), claim.general)


def _without_rest(axis: int, general: Sequence[str]) -> str:
    """Return that the stride of an axis leaves no remainder, in the claim language."""
    roles = (Role.INPUT, Role.FILTER, Role.STRIDE, Role.DILATION, *PADDING)
    extent, filter_, stride, dilation, *margin = letters_on(axis, *roles)
    padded = " + ".join([extent, *(margin if "padding" in general else [])])
    span = f"{dilation}*({filter_} - 1) - 1" if "dilation" in general else filter_
    return f"({padded} - {span}) % {stride} == 0"
