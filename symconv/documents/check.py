"""A document, checked: every equation about a convolution with its verdict."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from symconv.documents.collect import Collected, StatedEquation, collect
from symconv.documents.edges import Edges
from symconv.documents.elements.equations import (
    GRADIENT,
    SCALAR,
    VALUE,
    ElementEquation,
    read_index,
)
from symconv.documents.elements.grids import Grid, shown_whole
from symconv.documents.formulas.stated import StatedFormula, with_bounds
from symconv.documents.narrowing import narrowed
from symconv.documents.notation.comments import Directives, directives
from symconv.documents.notation.names import shape
from symconv.documents.notation.reading import Hints, NotationReading, Region
from symconv.documents.notation.regions import Stretch, infer
from symconv.documents.notation.surroundings import Surroundings
from symconv.documents.notation.truth import canonical_index, truth
from symconv.documents.notation.written_padding import lies_beside
from symconv.documents.sentences import sentences
from symconv.documents.sizes.shapes import judge_shape
from symconv.documents.source.escapes import readable
from symconv.documents.source.place import Place
from symconv.documents.source.prose import prose
from symconv.documents.source.text import Document
from symconv.documents.unmet import unmet
from symconv.documents.verdicts.cells import MATRIX_CELL, judge_grid
from symconv.documents.verdicts.judge import differences, judge
from symconv.documents.verdicts.margins import judge_margins
from symconv.documents.verdicts.shared_input import sharing, with_every_part
from symconv.documents.verdicts.verdict import (
    AGREE,
    NOT_JUDGED,
    WRONG,
    EquationVerdict,
    Finding,
    Ruling,
    not_judged,
)
from symconv.documents.worked import WorkedNumbers, examples_of, is_value

if TYPE_CHECKING:
    from symconv.documents.meanings.shown import Shown


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in one document.

    Attributes:
        document: the document.
        regions: the notations, in order.
        judgements: the verdicts, in the order of the document.
        warnings: what hints say of nothing that is here, one line each.
        shown: the notations that only formulas show, in order.
        sentences: the verdicts on sentences that are wrong; they are not counted as equations.

    Two are equal where documents and verdicts are; the notations follow from those.
    """

    document: Document
    regions: tuple[Region, ...] = field(compare=False)
    judgements: tuple[EquationVerdict, ...]
    warnings: tuple[str, ...] = ()
    shown: tuple[Shown, ...] = field(default=(), compare=False)
    sentences: tuple[EquationVerdict, ...] = ()

    @property
    def verdicts(self) -> tuple[EquationVerdict, ...]:
        """The verdicts on equations and on sentences, in the order of the document."""
        both = (*self.judgements, *self.sentences)
        return tuple(sorted(both, key=lambda j: (j.place.start, j.place.end)))

    def count(self, verdict: Ruling) -> int:
        """Return how many equations have this verdict."""
        return sum(j.verdict == verdict for j in self.judgements)

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many agree, are wrong, are not judged."""
        return self.count(AGREE), self.count(WRONG), self.count(NOT_JUDGED)


def check(document: Document, hints: Hints | None = None) -> Report:
    """Return the verdicts on a document.

    Args:
        document: what to read.
        hints: what is known of its notation; comments in the document add to them.

    Raises:
        DocumentError: a comment of the document addressed to symconv cannot be understood, or
            the document holds more mathematics than `symconv.documents.collect.MOST_MATHEMATICS`.
    """
    try:
        return _check(document, hints or Hints())
    finally:
        truth.cache_clear()  # it holds all equations of the document


def _check(document: Document, hints: Hints) -> Report:
    collected = collect(readable(document))
    said = directives(document, collected.layout)
    regions = narrowed(_regions(collected, said, hints), collected.formulas)
    near = Surroundings(regions)
    worked = WorkedNumbers(collected, near)
    layout = collected.layout
    words = prose(document.text, [*layout.code, *(place for place, _ in layout.comments)])
    formulas, shown = _formulas(collected, near, said, hints, words)
    elements = _elements(collected, regions, near, (worked, Edges(words)), document.text)
    found = [
        *(judgement for _, judgement in elements if judgement),
        *_cells(collected, near, document.text),
        *worked.tensors(),
        *(_with_fixes(judgement, document.text) for _, judgement in formulas if judgement),
        *(j for shape in collected.shapes if (j := judge_shape(shape, regions))),
    ]
    equations = [stated for stated, judgement in elements if judgement is None]
    others = [formula for formula, judgement in formulas if judgement is None]
    if equations or others or collected.given or collected.unread:
        from symconv.documents.leftovers import leftovers

        names = [*_tensors(near, said, hints, shown)], [*_gradients(near, shown)]
        found += list(leftovers(collected, equations, others, names, found))
    kept = [j for j in found if not said.ignored(j.place)]
    kept.sort(key=lambda j: (j.place.start, j.place.end))
    warnings = unmet(document, collected, said, hints)
    wrong = tuple(j for j in sentences(words, regions) if not said.ignored(j.place))
    return Report(document, tuple(regions), tuple(kept), warnings, shown, wrong)


def _tensors(
    near: Surroundings, said: Directives, hints: Hints, shown: Sequence[Shown]
) -> Iterator[str]:
    """Yield the names that elements, formulas or hints say to be tensors."""
    for region in near.regions:
        yield from (*region.system.outputs, *region.system.pair)
    for given in (hints, *(given for _, given in said.stretches)):
        yield from given.names or ()
    for convention, _ in (reading for one in shown for reading in one.readings):
        yield from filter(None, convention.names)


def _gradients(near: Surroundings, shown: Sequence[Shown]) -> Iterator[str]:
    """Yield the names that elements or formulas say to be those of gradients."""
    for region in near.regions:
        yield from region.system.gradients
    for convention, _ in (reading for one in shown for reading in one.readings):
        yield from convention.gradients


def _regions(collected: Collected, said: Directives, hints: Hints) -> list[Region]:
    """Infer the notation of every stretch between two comments that give hints."""
    extents = [e for grid in collected.grids if (e := shown_whole(grid))]
    extents += [e for shape in collected.shapes for e in shape.extents()]
    equations = [stated.equation for stated in collected.equations]
    stretches = [Stretch(hints.over(given)) for _, given in said.stretches]
    starts = [start for start, _ in said.stretches]
    differentiated = {e.target.name for e in equations if e.target.kind == GRADIENT}
    numeric = examples_of(collected).numbers
    for k, stated in enumerate(collected.equations):
        skipped = stated.gaps or said.ignored(stated.place) or is_value(stated, numeric)
        names = None if skipped else shape(stated.equation, differentiated)
        if names is not None:
            at = stated.equation.target.place.start
            stretches[bisect_right(starts, at) - 1].shapes[k] = names
    for whole in extents:
        stretches[bisect_right(starts, whole.offset) - 1].extents.append(whole)
    found = [region for stretch in stretches for region in infer(equations, stretch)]
    return sorted(found, key=lambda region: region.start)


def _elements(
    collected: Collected,
    regions: Sequence[Region],
    near: Surroundings,
    others: tuple[WorkedNumbers, Edges],
    text: str,
) -> list[tuple[StatedEquation, EquationVerdict | None]]:
    """Return the verdict on each equation of elements, None where it is about something else."""
    home = {k: region for region in regions for k in region.members}
    worked, edges = others
    shared = sharing(regions, [stated.equation for stated in collected.equations])
    result: list[tuple[StatedEquation, EquationVerdict | None]] = []
    for k, stated in enumerate(collected.equations):
        if stated.gaps:
            result.append((stated, _with_dots(stated, near, text)))
            continue
        region = home.get(k)
        judgement = _element(stated, region, text, near)
        judgement = worked.judged(stated, region, judgement)
        if judgement is not None and region is not None:
            reading = next(iter(region.readings), None)
            judgement = edges.held(stated.equation, judgement, reading)
        if judgement is not None and region is not None and id(region) in shared:
            judgement = with_every_part(judgement, region, shared[id(region)])
        result.append((stated, judgement))
    return result


def _with_dots(stated: StatedEquation, near: Surroundings, text: str) -> EquationVerdict:
    """Return the verdict on a sum with dots, by the notation around it."""
    names = {factor.name for factor in stated.equation.elements()}
    tries = [
        judge(stated.equation, region.readings, stated.place, text, stated.gaps)
        for region in near.around(stated.place.start, names)
    ]
    if not tries:
        reason = "which terms the dots leave out is not known; write all of them"
        return not_judged("element", stated.place, reason, stated.gaps[0].place)
    order = (AGREE, NOT_JUDGED, WRONG)
    return min(tries, key=lambda found: order.index(found.verdict))


def _element(
    stated: StatedEquation, region: Region | None, text: str, near: Surroundings
) -> EquationVerdict | None:
    kind = "element" if stated.matrix is None else MATRIX_CELL
    if region is None or not region.readings:
        names = {stated.equation.target.name} | {
            f.name for t in stated.equation.terms for f in t.factors
        }
        known = not near.names.isdisjoint(names)
        if region is None and not known and (near.names or not _adds_products(stated.equation)):
            return None
        if region is None and _says_padding(stated.equation, near):
            return None
        reason = region.reason if region else _unknown(stated.equation)
        return not_judged(kind, stated.place, reason)
    found = judge(stated.equation, region.readings, stated.place, text)
    return found if stated.matrix is None else replace(found, kind=kind)


def _says_padding(equation: ElementEquation, near: Surroundings) -> bool:
    """Whether an equation only tells that elements of the padding are 0: x_0 = x_5 = 0."""
    reading = near.of_input.get(equation.target.name)
    return reading is not None and all(
        factor.kind == VALUE
        and factor.name == reading.input
        and (index := read_index(factor.index, reading.rank)) is not None
        and lies_beside(canonical_index(index, "X", reading), reading)
        for factor in equation.elements()
    )


def _adds_products(equation: ElementEquation) -> bool:
    """Whether an equation has the looks of a convolution's: a sum of products of elements."""
    return sum(len(t.factors) == 2 and any(f.index for f in t.factors)
               for t in equation.terms) > 1  # fmt: skip


def _unknown(equation: ElementEquation) -> str:
    """Return why an equation belongs to no convolution that is known, and what would help."""
    letters = dict.fromkeys(
        f.name for t in equation.terms if len(t.factors) > 1 for f in t.factors if f.kind == SCALAR
    )
    if len(letters) > 1 and _adds_products(equation):
        shown = ", ".join(sorted(letters)[:9])
        return f"{shown} have no index; name the filter's elements like w_{{11}}, w_{{12}}"
    if letters:
        return f"what '{next(iter(letters))}' stands for is not known"
    return "this is no equation of a convolution that is known"


def _formulas(
    collected: Collected, near: Surroundings, said: Directives, hints: Hints, text: str
) -> tuple[list[tuple[StatedFormula, EquationVerdict | None]], tuple[Shown, ...]]:
    """Return the verdicts on formulas in their order, and what notations they show.

    Formulas are judged once more where some show what letters mean in the others.
    """
    bounded = with_bounds(collected.formulas, collected.bounds, text)
    stated = [f for f in bounded if not said.ignored(f.place)]
    if not stated:
        return [], ()
    # Documents of element equations alone need not wait for the road to the prover.
    from symconv.documents.every_size import judge_formula
    from symconv.documents.formulas.definitions import Definitions, past_names
    from symconv.documents.hypothesis.judgement import Hypotheses
    from symconv.documents.labels.channels import without_labels
    from symconv.documents.meanings.meant import Meanings
    from symconv.documents.meanings.order import with_one_order
    from symconv.documents.meanings.shown import shown
    from symconv.documents.obstacles import passed_over
    from symconv.documents.operators.one_meaning import with_one_meaning

    formulas = without_labels([past_names(formula) for formula in stated], text)
    hypotheses = Hypotheses.of(stated, text, said, hints)
    if not near.regions:
        hints = hypotheses.hints = hypotheses.shown(stated)
    held = [None if near.regions else hypotheses.verdict(formula) for formula in stated]
    meanings = Meanings(formulas, near, said, hints, text)
    each = [meanings.of(formula) for formula in formulas]
    meant: set[str] = set()
    for _ in range(2):
        definitions = Definitions(meant=meant)
        found = [
            known or judge_formula(formula, own, definitions) or passed_over(formula, near.names)
            for formula, own, known in zip(formulas, each, held, strict=True)
        ]
        if not meant:
            break
    if not near.regions:
        found = [
            hypotheses.doubted(formula, hypotheses.defines(formula, known))
            for formula, known in zip(stated, found, strict=True)
        ]
    found = with_one_order(formulas, each, with_one_meaning(formulas, found))
    return list(zip(stated, found, strict=True)), shown(meanings)


def _with_fixes(judgement: EquationVerdict, text: str) -> EquationVerdict:
    """Return a verdict whose mends are written out in the document's own words."""
    findings = tuple(_with_fix(finding, text) for finding in judgement.findings)
    return replace(judgement, findings=findings)


def _with_fix(finding: Finding, text: str) -> Finding:
    edit, (start, end) = finding.edit, finding.place
    if edit is None or finding.fix:
        return finding
    if text.endswith("\\left", 0, start):
        start -= len("\\left")
    mended = text[start : edit.place.start] + edit.text + text[edit.place.end : end]
    return replace(finding, fix=mended)


def _cells(collected: Collected, near: Surroundings, text: str) -> list[EquationVerdict]:
    result: list[EquationVerdict] = []
    for grid in collected.grids:
        names = {name for _, name in grid.tensors()}
        # A grid often shows the example that the next equation begins.
        tries = [
            _certain(_grid(grid, region.readings, text), region)
            for region in near.around(grid.place.start, names)
        ]
        if tries:
            found = min(tries, key=lambda found: sum(j.verdict != AGREE for j in found))
            result.extend(_at_once(found, grid.place))
    return result


def _grid(grid: Grid, readings: Sequence[NotationReading], text: str) -> list[EquationVerdict]:
    margins = judge_margins(grid, readings[0], MATRIX_CELL) if len(readings) == 1 else None
    return [*judge_grid(grid, readings, text), *([margins] if margins else [])]


def _at_once(found: list[EquationVerdict], place: Place) -> list[EquationVerdict]:
    """Return one verdict for a grid whose cells are all not judged for one reason."""
    same = all(j.verdict == NOT_JUDGED and j.reason == found[0].reason for j in found)
    if len(found) > 1 and same:
        return [not_judged(found[0].kind, place, found[0].reason)]
    return found


def _certain(found: list[EquationVerdict], region: Region) -> list[EquationVerdict]:
    """Call no cell wrong where the region has two readings, or reaches past what is seen."""
    guessed = len(region.readings) > 1 or any(
        unseen for axes in region.readings[0].unseen.values() for unseen in axes
    )
    if not guessed:
        return found
    hints = region.readings[0].hints
    reason = f"how far the tensors reach is not known here{hints.ask('input', 'filter', 'stride')}"
    if len(region.readings) > 1:
        reason = f"two readings fit: {differences(region.readings)}"
    return [not_judged(j.kind, j.place, reason) if j.verdict == WRONG else j for j in found]
