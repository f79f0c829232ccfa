"""The verdict on one element equation, under every notation that explains its region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symconv.documents.elements.equations import LOCAL, ElementEquation
from symconv.documents.mathematics.dots import Gap
from symconv.documents.mathematics.syntax import UnreadableError
from symconv.documents.notation.reading import SIZES, NotationReading
from symconv.documents.notation.truth import (
    LOCAL_KIND,
    Canonical,
    canonical,
    document_index,
    expected,
    holds,
    truth,
)
from symconv.documents.source.place import Place
from symconv.documents.verdicts.slips import slips, wrong_target
from symconv.documents.verdicts.verdict import (
    AGREE,
    NOT_JUDGED,
    WRONG,
    EquationVerdict,
    canonical_name,
    not_judged,
)
from symconv.documents.verdicts.written_terms import predicted
from symconv.equation import Element
from symconv.equation import Term as Product
from symconv.errors import how_many


def judge(
    equation: ElementEquation,
    readings: Sequence[NotationReading],
    place: Place,
    text: str,
    gaps: Sequence[Gap] = (),
) -> EquationVerdict:
    """Return the verdict under every reading; where they differ nothing is judged.

    Args:
        equation: what is stated.
        readings: the notations that may be meant.
        place: where the statement stands.
        text: the document.
        gaps: dots in the sum.
    """
    judgements = [_judge(equation, reading, place, text, gaps) for reading in readings]
    verdicts = {j.verdict for j in judgements}
    if len(verdicts) == 1 and (verdicts != {WRONG} or _same_slips(judgements)):
        return judgements[0]
    return not_judged(
        judgements[0].kind, place, f"two readings fit: {differences(readings)}", place
    )


def _same_slips(judgements: Sequence[EquationVerdict]) -> bool:
    return all(j.findings[0].place == judgements[0].findings[0].place for j in judgements)


def differences(readings: Sequence[NotationReading]) -> str:
    """Return in what readings differ, and the option that decides between them."""
    hints = readings[0].hints
    for name in ("stride", "dilation", "padding", "input", "filter"):
        values = dict.fromkeys(_sizes(getattr(r.geometry, name)) for r in readings)
        if len(values) > 1:
            return f"{name} {' or '.join(list(values)[:3])}{hints.ask(name)}"
    if len({r.input for r in readings}) > 1:
        return f"{readings[0].input} or {readings[1].input} is the input{hints.ask('names')}"
    return f"they differ in more than one way{hints.ask('input', 'filter', 'stride')}"


def _sizes(sizes: tuple[object, ...]) -> str:
    """Return sizes as the options take them: 2x1, or 1,2,0,0 for a padding."""
    pairs = [s for s in sizes if isinstance(s, tuple)]
    if any(low != high for low, high in pairs):
        return ",".join(str(n) for pair in pairs for n in pair)
    return "x".join(str(s[0]) if isinstance(s, tuple) else str(s) for s in sizes)


def _judge(
    equation: ElementEquation,
    reading: NotationReading,
    place: Place,
    text: str,
    gaps: Sequence[Gap],
) -> EquationVerdict:
    kind = _kind(equation)
    known = truth(reading)
    try:
        read = canonical(equation, known)
        wanted = expected(read, known)
    except UnreadableError as unreadable:
        return not_judged(kind, place, unreadable.reason, unreadable.place)
    except IndexError:
        return _outside(equation, read, reading, kind, place, text)
    target = target_name(read)
    found = tuple(f.product for f in read.found if f.product is not None and f.coefficient)
    ordered = tuple(sorted(wanted))
    if gaps:
        given = EquationVerdict(NOT_JUDGED, kind, place, target, found, ordered)
        return _with_dots(equation, read, wanted, reading, text, gaps, given)
    if holds(read, wanted) and (reading.sized or is_credible(reading)):
        if not wanted and _is_left_out(read.target, reading):
            ask = reading.hints.ask("input", "padding", joined=", ")
            return not_judged(
                kind, place, f"whether a window reaches this element is not known{ask}"
            )
        return EquationVerdict(AGREE, kind, place, target, found, ordered)
    if not is_credible(reading):
        return not_judged(kind, place, _too_little(reading))
    unseen = _beyond(read, wanted, reading)
    if unseen is not None:
        return not_judged(kind, place, f"{unseen}{reading.hints.ask('input', 'filter')}")
    findings = tuple(slips(equation, read, wanted, reading, text))
    missing = (e for product in wanted - read.counted().keys() for e in product)
    if any(e.tensor == "dY" and _is_unseen(e, reading) for e in missing):
        findings = tuple(replace(finding, edit=None) for finding in findings)
    return EquationVerdict(WRONG, kind, place, target, found, ordered, findings)


def _with_dots(
    equation: ElementEquation,
    read: Canonical,
    wanted: frozenset[Product],
    reading: NotationReading,
    text: str,
    gaps: Sequence[Gap],
    given: EquationVerdict,
) -> EquationVerdict:
    """Return the verdict on a sum with dots: on what is written out of it."""
    written = frozenset(predicted(read.found, gaps, wanted))
    if written and holds(read, written):
        return replace(given, verdict=AGREE, scope="as far as it is written out")
    strange = [f for f in read.found if f.mismatch or f.coefficient != 1 or f.product not in wanted]
    if not written or not strange or not is_credible(reading):
        reason = "what the dots leave out does not follow from the rest; write all of it"
        return replace(given, reason=reason, reason_place=gaps[0].place)
    certain = any(f.product in written for f in read.found)
    findings = tuple(
        finding if certain else replace(finding, fix="", edit=None)
        for finding in slips(equation, read, written, reading, text)
        if any(f.term.place.start <= finding.place.start < f.term.place.end for f in strange)
    )
    return replace(given, verdict=WRONG, findings=findings)


def _beyond(read: Canonical, wanted: frozenset[Product], reading: NotationReading) -> str | None:
    """Return why nothing is certainly missing: only products with elements unseen elsewhere are."""
    counts = read.counted()
    if any(f.mismatch for f in read.found) or not all(
        product in wanted and n == 1 for product, n in counts.items()
    ):
        return None
    missing = wanted - counts.keys()
    if missing and all(any(_is_unseen(e, reading) for e in product) for product in missing):
        return "whether input and filter reach farther than their elements here is not known"
    return None


def _outside(
    equation: ElementEquation,
    read: Canonical,
    reading: NotationReading,
    kind: str,
    place: Place,
    text: str,
) -> EquationVerdict:
    """Return the verdict on an element outside of its tensor: wrong where the sum is another's."""
    counts = read.counted()
    other = truth(reading).element_with(read.target.tensor, frozenset(counts))
    if other is not None and all(n == 1 for n in counts.values()) and is_credible(reading):
        findings = (wrong_target(equation, other, reading, text),)
        products = tuple(f.product for f in read.found if f.product is not None)
        return EquationVerdict(WRONG, kind, place, target_name(read), products, (), findings)
    extents = "x".join(map(str, truth(reading).shapes[read.target.tensor]))
    return not_judged(
        kind, place, f"this element lies outside of the {extents} tensor", equation.target.place
    )


def _is_left_out(target: Element, reading: NotationReading) -> bool:
    """Whether an element gets nothing only because one window fewer is seen than fits."""
    return (
        target.tensor == "dX"
        and not reading.sized
        and any(
            high < 0 <= low and m >= h + high
            for h, (low, high), m in zip(
                reading.geometry.input, reading.geometry.padding, target.index, strict=True
            )
        )
    )


def _is_unseen(element: Element, reading: NotationReading) -> bool:
    axes = reading.unseen.get(element.tensor.removeprefix("d"), ())
    index = document_index(element, reading)
    return any(i in unseen for i, unseen in zip(index, axes, strict=False))


def is_credible(reading: NotationReading) -> bool:
    """Whether enough equations speak for a reading to call others wrong."""
    explained, total = reading.support
    if reading.told:
        return explained * 2 >= total
    return explained >= 2 and explained * 3 >= total * 2


def _too_little(reading: NotationReading) -> str:
    """Return why a reading calls no equation wrong."""
    explained, total = reading.support
    agree = f"{explained} of {how_many(total, 'product')} agree"
    if reading.told:
        return f"only {agree} with the sizes that are said"
    return f"too few equations speak for a notation: {agree}{reading.hints.ask(*SIZES)}"


def _kind(equation: ElementEquation) -> str:
    if equation.target.kind == LOCAL:
        return LOCAL_KIND
    return "chain" if equation.adds_locals else "element"


def target_name(read: Canonical) -> str:
    """Return the target in canonical names: dx[2,2], y[0,1], dy[0,1]/dx[0,2]."""
    if read.wrt is None:
        return canonical_name(read.target)
    return f"d{canonical_name(read.target)}/d{canonical_name(read.wrt)}"
