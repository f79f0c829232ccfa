"""Common mistakes, drawn: what each gives, where it differs from the gradient, marked as wrong.

Whether a mistake shows depends on the sizes: padding by the stride is right where the stride
happens to be the filter's span less 1.  So each is judged, and drawn only where it is refuted.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from symconv.claims.verdict import Proof, Verdict
from symconv.engines.engine import Defined, TermEngine
from symconv.equation import Element, Term
from symconv.errors import FormulaError, GeometryError
from symconv.figures.captions import equation_lines
from symconv.figures.frames import Frame, Key, Look, Mood, Panel, Tile, Tiles, in_a_row, plain
from symconv.figures.labels import (
    FormulaLabel,
    Label,
    Sign,
    Whole,
    Word,
    total,
    words,
)
from symconv.figures.subject import Subject
from symconv.formula import closed_forms
from symconv.formula.nodes import Correlate, Node, Rotate
from symconv.geometry import Geometry
from symconv.proof.instance import judge
from symconv.proof.takeaways import stepping, times


@dataclass(frozen=True, slots=True)
class Mistake:
    """A formula that people write, and what is wrong with it.

    Attributes:
        name: a short name.
        words: what was done.
        gradient: dX or dF, which it is meant to be.
        formula: what it is at a geometry.
    """

    name: str
    words: str
    gradient: Defined
    formula: Callable[[Geometry], Node]


def _unrotated(geometry: Geometry) -> Node:
    right = closed_forms.input_gradient(geometry)
    return Correlate(right.of, closed_forms.F, right.stride, right.dilation)


def _padded_by_the_stride(geometry: Geometry) -> Node:
    amounts = tuple((step, step) for step in geometry.stride)
    padded = closed_forms.pad(closed_forms.dilated_gradient(geometry), amounts)
    by = Rotate(closed_forms.F)
    return Correlate(padded, by, geometry.input_dilation, geometry.dilation)


def _rotated(geometry: Geometry) -> Node:
    right = closed_forms.input_gradient(geometry)
    return Correlate(right.of, Rotate(right.by), right.stride, right.dilation)


def _output_padding_kept(geometry: Geometry) -> Node:
    right = closed_forms.filter_gradient(geometry)
    padded = closed_forms.pad(closed_forms.dY, geometry.padding)
    return Correlate(padded, right.by, right.stride, right.dilation)


MISTAKES = (
    Mistake("no-rotation", "the filter is not rotated", "dX", _unrotated),
    Mistake("pad-by-stride", "padded by the stride", "dX", _padded_by_the_stride),
    Mistake(
        "no-remainder", "the remainder is forgotten", "dX", closed_forms.textbook_input_gradient
    ),
    Mistake("no-crop", "the remainder is not cut off", "dF", closed_forms.textbook_filter_gradient),
)

TRANSPOSED_MISTAKES = (
    Mistake("rotation", "the filter is rotated", "dX", _rotated),
    Mistake("no-output-padding", "the output padding is kept", "dF", _output_padding_kept),
)


def mistakes(geometry: Geometry) -> tuple[Mistake, ...]:
    """Return the mistakes that people make with such a convolution."""
    return TRANSPOSED_MISTAKES if geometry.transposed else MISTAKES


def showing(geometry: Geometry) -> tuple[Mistake, ...]:
    """Return the mistakes that show at a geometry: those that do not give the gradient there.

    Of two that come to the same formula there, the later one is told.
    """
    by_formula = {each.formula(geometry): each for each in mistakes(geometry)}
    return tuple(each for each in by_formula.values() if _shows(each, geometry))


@functools.cache
def _shows(mistake: Mistake, geometry: Geometry) -> bool:
    proof = judge(TermEngine(geometry), mistake.gradient, mistake.formula(geometry))
    return proof.verdict is Verdict.REFUTED


def shows_first(mistake: Mistake, geometry: Geometry) -> Geometry | None:
    """Return the nearest geometry at which a mistake shows: larger input, stride, then filter."""
    return next((near for near in _near(geometry) if _shows(mistake, near)), None)


def _near(geometry: Geometry) -> Iterator[Geometry]:
    """Yield geometries by how much of this one they change."""
    transposed = geometry.transposed
    for stride, filter, late in ((0, 0, 0), (0, 0, 1), (1, 0, 0), (1, 0, 1), (0, 1, 0), (1, 1, 0)):
        for more in range(max(geometry.stride) + 2):
            with suppress(GeometryError):
                yield Geometry(
                    tuple(
                        replace(
                            axis,
                            input=axis.input + more,
                            stride=axis.stride + stride,
                            filter=axis.filter + filter,
                            output_padding=axis.output_padding + late * transposed,
                        )
                        for axis in geometry.axes
                    )
                )


def hidden(geometry: Geometry) -> list[str]:
    """Return lines that say where the mistakes that do not show at a geometry show first."""
    by_place: dict[str, list[str]] = {}
    for mistake in mistakes(geometry):
        if not _shows(mistake, geometry):
            near = shows_first(mistake, geometry)
            where = f"shows first {_where(near, geometry)}" if near else "shows at no size near"
            by_place.setdefault(where, []).append(mistake.words)
    return [f"{where}: {', '.join(said)}" for where, said in by_place.items()]


def _where(near: Geometry, geometry: Geometry) -> str:
    """Return in which sizes a geometry differs from another one."""
    changes = []
    if near.input != geometry.input:
        changes.append(f"at {times(near.input)}")
    if near.stride != geometry.stride:
        changes.append(f"with stride {stepping(near.stride)}")
    if near.filter != geometry.filter:
        changes.append(f"with a filter of {times(near.filter)}")
    if near.output_padding != geometry.output_padding:
        changes.append(f"with output padding {times(near.output_padding)}")
    return " ".join(changes)


def wrong(subject: Subject, step: int) -> Frame:
    """Return what one mistake gives beside the gradient: what differs, what is missing."""
    shown = showing(subject.geometry)
    mistake = shown[step]
    form = mistake.formula(subject.geometry)
    proof = judge(subject.engine, mistake.gradient, form, claim=mistake.name)
    shape = subject.tensor(mistake.gradient).shape
    elements = {i: plain(Element(mistake.gradient, i)) for i in np.ndindex(*shape)}
    truth = Panel((Whole(mistake.gradient),), _grid(elements))
    given = _given(subject, mistake, form)
    unshown = hidden(subject.geometry) if step == len(shown) - 1 else []
    return Frame(
        words(f"A mistake: {mistake.words}"),
        in_a_row((truth, Sign("≠"), given), len(shape)),
        ((FormulaLabel(form),), *_verdict(proof), *map(words, unshown)),
        mood=Mood.WRONG,
        legend=_legend(given),
    )


def _given(subject: Subject, mistake: Mistake, form: Node) -> Panel:
    """Return the grid that a mistake gives, and ghosts of what it does not give.

    A cell that is outside of the gradient is wrong, too.
    """
    truth = subject.tensor(mistake.gradient)
    try:
        given = subject.engine.tensor(form)
    except FormulaError:
        given = None
    shape = (0,) * len(truth.shape) if given is None else given.shape
    elsewhere = {tuple(truth.terms(i)): i for i in np.ndindex(*truth.shape)}
    cells = {}
    for index in np.ndindex(*map(max, shape, truth.shape)):
        element = Element(mistake.gradient, index)
        due = _lies_in(index, truth.shape)
        if given is None or not _lies_in(index, shape):
            cells[index] = Tile((element,), Look.MISSING) if due else Tile((), Look.BLANK)
            continue
        terms = given.terms(index)
        if due and terms == truth.terms(index):
            cells[index] = plain(element)
            continue
        other = elsewhere.get(tuple(terms)) if terms else None
        sum_there = (Element(mistake.gradient, other),) if other else _summed(terms)
        cells[index] = Tile(sum_there, Look.WRONG)
    long = any(len(tile.label) > 2 for tile in cells.values())
    return Panel(words(mistake.words), _grid(cells), size=(1.8, 1) if long else (1, 1))


def _lies_in(index: Sequence[int], shape: Sequence[int]) -> bool:
    return all(i < n for i, n in zip(index, shape, strict=True))


def _summed(terms: Sequence[Term]) -> Label:
    """Return a sum as far as a cell has room for it: one product, and whether there are more."""
    if len(terms) > 1:
        return (*terms[0], Word(" + …"))
    return total(terms)


def _grid(cells: Mapping[tuple[int, ...], Tile]) -> Tiles:
    shape = tuple(max(indices) + 1 for indices in zip(*cells, strict=True))
    grid = np.empty(shape, dtype=object)
    for index, tile in cells.items():
        grid[index] = tile
    return tuple(map(tuple, np.atleast_2d(grid)))


def _legend(given: Panel) -> tuple[Key, ...]:
    """Return what the marks on a grid stand for."""
    looks = {tile.look for row in given.tiles for tile in row}
    said = {Look.WRONG: "not what the gradient has there", Look.MISSING: "missing"}
    return tuple(Key(look, words(text)) for look, text in said.items() if look in looks)


def _verdict(proof: Proof) -> tuple[Label, ...]:
    """Return the verdict in words, with both values where an element differs."""
    found = proof.counterexample
    assert found is not None  # only what shows is drawn
    if found.undefined:
        return (words(f"REFUTED for this size: {found.undefined}"),)
    right, wrong = found.shapes
    if found.equations is None:
        assert right is not None
        assert wrong is not None
        sizes = " instead of ".join("x".join(map(str, shape)) for shape in (wrong, right))
        return (words(f"REFUTED for this size: it gives {sizes}"),)
    truth, given = found.equations
    first, *rest = equation_lines(given)
    return (
        words("REFUTED for this size:"),
        *equation_lines(truth),
        (Word("but the mistake gives "), *first[2:]),
        *rest,
    )
