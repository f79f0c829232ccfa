"""Shows verdicts on claims as text: what was proved, where a claim fails and how to mend it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from symconv.claims.assumptions import assumed_texts
from symconv.claims.claim import Claim
from symconv.claims.constants import in_brief
from symconv.claims.definitions import undefined
from symconv.claims.mathematics import shape_text
from symconv.claims.statement import StatedClaim
from symconv.claims.verdict import MOST_TERMS, Verdict
from symconv.equation import Element, Equation
from symconv.errors import described, how_many, traced
from symconv.formula.sizes import evaluate
from symconv.notation import Notation
from symconv.proof.prover import Argument, Judgement
from symconv.proof.run import JudgedClaim
from symconv.refutation.search import Refutation
from symconv.telling.words import VERDICTS
from symconv.telling.writers import Plain
from symconv.views import hues

if TYPE_CHECKING:
    from rich.console import Console

Line = tuple[str, str]
"""A role, which a terminal gives a style, and the text."""

STYLES = {
    **{verdict.value: style for verdict, style in hues.VERDICTS.items()},
    "statement": "bold",
    "unexpected": hues.VERDICTS[Verdict.REFUTED],
    "repair": hues.RIGHT,
    "note": hues.NOTE,
    "aside": hues.FAINT,
}

INDENT = "  "


def show(judged: Sequence[JudgedClaim], console: Console, *, proofs: bool) -> None:
    """Print verdicts on a terminal.

    Args:
        judged: the claims with their verdicts.
        console: the terminal.
        proofs: whether the whole proofs are told.
    """
    print_lines(lines(judged, proofs=proofs), console)


def print_lines(told: Iterable[Line], console: Console) -> None:
    """Print lines on a terminal, each in its style, wrapped under their first word."""
    from rich.text import Text

    for role, line in told:
        hanging = len(line) - len(line.lstrip()) + 2
        for part in textwrap.wrap(
            line, console.width, subsequent_indent=" " * hanging, break_on_hyphens=False
        ) or [""]:
            console.print(Text(part, style=STYLES.get(role, "")), soft_wrap=True)


def lines(judged: Sequence[JudgedClaim], *, proofs: bool = False) -> Iterator[Line]:
    """Yield the lines of all verdicts, then what they come to, unless there is one claim alone."""
    for each in judged:
        yield from _claim(each, proofs)
        if len(judged) > 1:
            yield "", ""
    if len(judged) > 1:
        yield from count(judged)


def count(judged: Sequence[JudgedClaim]) -> Iterator[Line]:
    """Yield how many claims have which verdict, and which are not as expected."""
    verdicts = [each.judgement.verdict for each in judged]
    told = [", ".join(f"{verdicts.count(each)} {VERDICTS[each].lower()}" for each in Verdict)]
    arguments = [each.judgement.argument for each in judged]
    asked = [argument for argument in arguments if argument is not None and argument.opinions]
    if asked:
        total = how_many(sum(len(argument.opinions) for argument in asked), "obligation")
        told.append(f"of {total} {crosschecked(asked)}")
    wrong = [each for each in judged if not each.judgement.as_expected]
    told.append(f"{len(wrong)} not as expected:" if wrong else "all as expected")
    total = how_many(len(judged), "claim")
    yield ("unexpected" if wrong else "statement"), f"{total}: {'; '.join(told)}"
    for each in wrong:
        stated = each.judgement.stated
        place = f"{each.file}:{each.line}: {stated.id}" if each.file else stated.statement
        yield "unexpected", f"{INDENT}{place}"


def reason(each: JudgedClaim) -> str:
    """Return in one line why a claim has its verdict."""
    judgement = each.judgement
    said = judgement.summary
    if judgement.refutation is not None:
        failure = (line.strip() for _, line in _failure(judgement, judgement.refutation))
        said += f": {'; '.join(failure)}".replace(":; ", ": ")
    granted = "; ".join(assumed_texts(judgement.claim))
    return f"{said} (where {granted})" if granted else said


def sizes(values: Mapping[str, int]) -> str:
    """Return sizes as they are written: H=4, W=1."""
    return ", ".join(f"{name}={value}" for name, value in values.items())


def write_terms(equation: Equation) -> str:
    """Return the right side of an equation between elements, indices counted from 0."""
    return Plain(Notation()).sum(equation.terms[:12], max(len(equation.terms) - 12, 0))


def _claim(each: JudgedClaim, proofs: bool) -> Iterator[Line]:
    judgement = each.judgement
    stated = judgement.stated
    scope = "" if judgement.verdict is Verdict.NOT_JUDGED else f" for {judgement.scope}"
    if judgement.refutation is not None:
        scope = f" at {sizes(found)}" if (found := judgement.refutation.sizes) else ""
    place = f"  {stated.id}" if each.file else ""
    yield judgement.verdict.value, f"{VERDICTS[judgement.verdict]}{scope}{place}"
    asserted = each.file or judgement.claim.expected is not Verdict.PROVED
    if not judgement.as_expected and asserted:
        where = f"{each.file}:{each.line}" if each.file else "--expected"
        said = f"not as expected: {where} says {judgement.claim.expected}"
        yield "unexpected", f"{INDENT}{said}"
    yield from claimed(stated, judgement.claim)
    yield from assumed(judgement.claim)
    if each.note:
        yield "aside", f"{INDENT}{each.note}"
    yield from _as_far_as_told(_grounds(each))
    for note in judgement.notes:
        yield "note", f"{INDENT}note: {note}"
    if proofs and judgement.argument is not None:
        yield from _as_far_as_told(_proof(judgement))


def _as_far_as_told(told: Iterator[Line]) -> Iterator[Line]:
    """Yield lines; an error among them becomes a note, and takes no other verdict away."""
    try:
        yield from told
    except Exception as error:
        yield "note", f"{INDENT}note: the rest is not told: {described(traced(error))}"


def claimed(stated: StatedClaim, claim: Claim | None = None) -> Iterator[Line]:
    """Yield all that a claim says: its statement, what it speaks of, and where it is to hold.

    Shapes are told as they were read in ``claim``, where it is known.
    """
    read = {} if claim is None else claim.leaves
    yield "statement", f"{INDENT}{stated.statement}"
    if stated.rank != 2:
        yield "", f"{INDENT}on {how_many(stated.rank, 'axis')}"
    if stated.general:
        yield "", f"{INDENT}Y with {', '.join(stated.general)}"
    for name, shape in stated.tensors:
        told = shape_text(read[name]) if name in read else shape
        yield "", f"{INDENT}with {name} = {told}"
    for name, rows in stated.constants:
        yield "", f"{INDENT}with {name} = {in_brief(rows)}"
    for definition in stated.define:
        yield "", f"{INDENT}with {definition}"
    for name, bound in stated.integers:
        yield "", f"{INDENT}with {_bounded(name, bound)}"
    for where in stated.where:
        yield "", f"{INDENT}where {where}"
    if stated.sizes:
        yield "", f"{INDENT}for {stated.sizes}"


def assumed(claim: Claim) -> Iterator[Line]:
    """Yield what a claim takes for granted."""
    for text in assumed_texts(claim):
        yield "", f"{INDENT}where {text}"


def _bounded(name: str, bound: str | int) -> str:
    """Return a declared integer with its bound: ``k >= 1``, ``k = 0..3``, ``any integer k``."""
    if isinstance(bound, int):
        return f"{name} >= {bound}"
    text = " ".join(bound.split())
    if text in ("any", "integer"):
        return f"any integer {name}"
    return f"{name} {text}" if text.startswith(">=") else f"{name} = {text}"


def _grounds(each: JudgedClaim) -> Iterator[Line]:
    """Yield what stands behind a verdict."""
    judgement = each.judgement
    if judgement.refutation is not None:
        yield from _indented(_failure(judgement, judgement.refutation))
        if judgement.example is not None:
            yield "", f"{INDENT}and at {sizes(judgement.example.sizes)}:"
            yield from _indented(_indented(_failure(judgement, judgement.example)))
        yield from _indented(_meant(judgement))
        yield from _indented(_proviso(judgement))
        yield from _indented(_repair(judgement))
    elif judgement.reason is not None:
        yield "", f"{INDENT}{judgement.reason}"
        yield from _indented(_proviso(judgement))
    elif judgement.argument is None:
        said = f"every choice of the sizes was evaluated, {judgement.compared:,} in all"
        yield "aside", f"{INDENT}{said}"
    else:
        yield "aside", f"{INDENT}{_argument(each)}"


def _argument(each: JudgedClaim) -> str:
    judgement = each.judgement
    assert judgement.argument is not None
    certificates = [each for case in judgement.argument.certificates for each in case]
    alone = certificates.count(None)
    means = f"{'each ' if len(certificates) > 1 else ''}with a certificate"
    if alone:
        means = f"{alone} by z3 alone, no certificate"
    told = [f"{how_many(len(certificates), 'obligation')}, {means}"]
    if judgement.argument.opinions:
        told.append(crosschecked([judgement.argument]))
    return "; ".join((*told, f"tried at {how_many(judgement.tried, 'random size')}"))


def crosschecked(arguments: Sequence[Argument]) -> str:
    """Return how many obligations z3 confirms, and how many it does not decide."""
    confirmed = sum(argument.confirmed for argument in arguments)
    undecided = sum(argument.undecided for argument in arguments)
    return f"z3 confirms {confirmed:,}, does not decide {undecided:,}"


def _indented(lines: Iterator[Line]) -> Iterator[Line]:
    for role, line in lines:
        yield role, f"{INDENT}{line}"


def _failure(judgement: Judgement, refutation: Refutation) -> Iterator[Line]:
    """Yield what is wrong at one size."""
    found = refutation.counterexample
    left, right = map(_shape, found.shapes)
    if judgement.claim.order and found.undefined is None:
        yield "", f"here it says {_put_in(judgement.claim, refutation.sizes)}"
    elif found.undefined is not None:
        side, _, why = found.undefined.partition(": ")
        yield "", f"the {side} side has no meaning: {why}"
    elif found.element is not None:
        yield "", f"the first element that differs is {_written('', found.element)}:"
        for product in found.products[:MOST_TERMS]:
            written = Plain(Notation()).sum((product.term,), 0)
            weights = f"{product.left} on the left, {product.right} on the right"
            yield "", f"{INDENT}{written} has the factor {weights}"
        if (more := len(found.products) - MOST_TERMS) > 0:
            yield "", f"{INDENT}and {how_many(more, 'more product')}"
    elif found.equations is None:
        yield "", f"{_named(judgement) or 'the left side'} is {left}, the right side {right}"
    else:
        first, second = found.equations
        yield "", f"the first element that differs is {_written('', first.target.index)}:"
        yield "", f"{INDENT}{_left_side(judgement, first.target)} = {write_terms(first)}"
        yield "", f"{INDENT}the right side gives {write_terms(second)}"


def _put_in(claim: Claim, sizes: Mapping[str, int]) -> str:
    """Return a claim that sizes are in order, with numbers put in: ``7 <= 5``."""
    told = [str(evaluate(claim.order[0].left, sizes))]
    told += [f"{each.relation} {evaluate(each.right, sizes)}" for each in claim.order]
    return " ".join(told)


def _repair(judgement: Judgement) -> Iterator[Line]:
    """Yield how to mend the claim, if that was found."""
    repair = judgement.repair
    if repair is None:
        return
    under = " under the same hypotheses" if judgement.stated.where else ""
    yield "repair", f"Repair, proved for {judgement.scope}{under}:"
    if "conv_transpose" in judgement.stated.statement:
        yield (
            "aside",
            f"{INDENT}(conv_transpose is written out; what its output_padding adds is at the end)",
        )
    for change in repair.changes:
        yield "repair", f"{INDENT}{change}"
    yield "repair", f"{INDENT}{repair.stated.statement}"


def _meant(judgement: Judgement) -> Iterator[Line]:
    """Yield how to define a tensor, where a claim seems to say what one is."""
    claim, declared = judgement.claim, [name for name, _ in judgement.stated.tensors]
    for left, right in ((claim.left, claim.right), (claim.right, claim.left)):
        name = undefined(left, right, declared)
        if name is not None:
            yield (
                "note",
                f"{name} may be any tensor; to say what it is, define it: "
                f"--define '{judgement.stated.statement}'",
            )


def _proviso(judgement: Judgement) -> Iterator[Line]:
    """Yield under which more hypotheses the claim holds, if that was found."""
    if judgement.proviso is not None:
        where = " and ".join(judgement.proviso.where)
        yield "repair", f"As it is, proved for {judgement.scope} where {where}"


def _left_side(judgement: Judgement, target: Element) -> str:
    """Return the left side's element by name, if it has one; else say which side it is."""
    name = _named(judgement)
    return Plain(Notation()).element(Element(name, target.index)) if name else "the left side"


def _named(judgement: Judgement) -> str:
    """Return the name of the left side, if it is one of Y, dX, dF, or ''."""
    name = judgement.stated.statement.split("==")[0].split("[")[0].strip()
    return name if name in ("Y", "dX", "dF") else ""


def _written(name: str, index: tuple[int, ...]) -> str:
    return Plain(Notation()).index(name, index)


def _shape(shape: tuple[int, ...] | None) -> str:
    return "undefined" if shape is None else "x".join(map(str, shape)) or "a number"


def _proof(judgement: Judgement) -> Iterator[Line]:
    for told in judgement.explained():
        if told.case:
            yield "", f"{INDENT}Case {' and '.join(told.case)}"
        for quotient in told.quotients:
            yield "", f"{INDENT}Let {quotient}."
        for side, words in zip(("left", "right"), told.sides, strict=False):
            yield "", f"{INDENT}An element of the {side} side is {words}."
        if told.counting:
            yield "", f"{INDENT}Multiplicity: {told.counting}."
        for settled in told.settled:
            yield "", f"{INDENT}{settled.name}: {settled.words}: {settled.states}"
            for because in settled.because:
                yield "aside", f"{INDENT}{INDENT}{INDENT}{because}"
