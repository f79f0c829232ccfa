"""Common mistakes, drawn: what each gives, where it differs from the gradient, marked as wrong.

Whether a mistake shows depends on the sizes: padding by the stride is right where the stride
happens to be the filter's span less 1.  So each is judged, and a frame says what was found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from symconv.claims.verdict import Proof
from symconv.engines.engine import Defined
from symconv.equation import Element
from symconv.errors import FormulaError
from symconv.figures.captions import equation_lines
from symconv.figures.frames import LOOKS, Frame, Look, Mood, Panel, Tile
from symconv.figures.labels import FormulaLabel, Label, Sign, Whole, Word, lines_of, words
from symconv.figures.subject import Subject
from symconv.formula import closed_forms
from symconv.formula.nodes import Correlate, Node, Rotate
from symconv.geometry import Geometry
from symconv.proof.instance import judge


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


def wrong(subject: Subject, step: int) -> Frame:
    """Return what one mistake gives beside the gradient, the cells that differ marked."""
    mistake = mistakes(subject.geometry)[step]
    form = mistake.formula(subject.geometry)
    proof = judge(subject.engine, mistake.gradient, form, claim=mistake.name)
    shape = subject.tensor(mistake.gradient).shape
    truth = Panel((Whole(mistake.gradient),), _rows(shape, mistake.gradient, {}))
    return Frame(
        words(f"A mistake: {mistake.words}"),
        ((truth, Sign("=" if proof.proved else "≠"), _given(subject, mistake, form)),),
        ((FormulaLabel(form),), *_verdict(proof)),
        mood=Mood.PLAIN if proof.proved else Mood.WRONG,
    )


def _given(subject: Subject, mistake: Mistake, form: Node) -> Panel:
    """Return the grid that a mistake gives; a cell outside the gradient is wrong, too."""
    title: Label = (Word(mistake.words),)
    try:
        given = subject.engine.tensor(form)
    except FormulaError:
        return Panel(title, ((Tile((Word("undefined"),), Look.WRONG),),), size=(3, 1))
    truth = subject.tensor(mistake.gradient)
    differing = {
        index: Look.WRONG
        for index in np.ndindex(*given.shape)
        if any(i >= n for i, n in zip(index, truth.shape, strict=True))
        or given.terms(index) != truth.terms(index)
    }
    return Panel(title, _rows(given.shape, mistake.gradient, differing))


def _rows(
    shape: tuple[int, ...], tensor: str, looks: dict[tuple[int, ...], Look]
) -> tuple[tuple[Tile, ...], ...]:
    grid = np.empty(shape, dtype=object)
    for index in np.ndindex(*shape):
        wrong = index in looks
        label: Label = (Sign("≠"),) if wrong else (Element(tensor, index),)
        grid[index] = Tile(label, Look.WRONG if wrong else LOOKS[tensor])
    return tuple(map(tuple, np.atleast_2d(grid)))


def _verdict(proof: Proof) -> tuple[Label, ...]:
    """Return the verdict in words, with both values where there is a counterexample."""
    found = proof.counterexample
    if found is None:
        return (words("It gives the gradient all the same: at this size it does not show"),)
    if found.undefined:
        return (words(f"REFUTED for this size: {found.undefined}"),)
    right, wrong = found.shapes
    if found.equations is None:
        assert right is not None
        assert wrong is not None
        sizes = " instead of ".join("x".join(map(str, shape)) for shape in (wrong, right))
        return (words(f"REFUTED for this size: it gives {sizes}"),)
    truth, given = found.equations
    return (
        words("REFUTED for this size:"),
        *equation_lines(truth),
        (Word("but the mistake gives "), *lines_of(given, [given.terms])[0][2:]),
    )
