"""Dilate, pad and rotate: what happens to the gradient and to the filter before they meet."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from symconv.equation import Element
from symconv.figures import paddings
from symconv.figures.frames import (
    Area,
    Arrow,
    Dimension,
    Frame,
    Look,
    Outline,
    Panel,
    Tile,
    Tiles,
    in_a_row,
    tiles,
)
from symconv.figures.labels import FormulaLabel, Label, MathematicsLabel, Whole, Word, words
from symconv.figures.subject import Shape, Subject
from symconv.figures.windows import along, gaps, numbers, padded_gradient, padded_input, title
from symconv.formula import closed_forms
from symconv.formula.closed_forms import Amounts
from symconv.formula.nodes import Node, Pad, Rotate
from symconv.formula.words import CROP, DILATE, PAD, Role, letters
from symconv.mathematics.tree import Quantity
from symconv.proof.takeaways import times
from symconv.readings import pictures


def slid_over(subject: Subject) -> tuple[Node, Amounts]:
    """Return what the rotated filter slides over, dilated, and how it is padded then.

    It is dY for dX; a transposed convolution does the same with X in its forward pass.
    """
    geometry = subject.geometry
    if not geometry.transposed:
        amounts = closed_forms.input_gradient_padding(geometry)
        return closed_forms.dilated_gradient(geometry), amounts
    padded = closed_forms.forward(geometry).of
    if isinstance(padded, Pad):
        return padded.of, numbers(padded)
    return padded, ((0, 0),) * len(geometry.axes)


def dilate(subject: Subject, step: int = 0) -> Frame:
    """Return dY before and after dilation by the stride; X of a transposed convolution."""
    geometry = subject.geometry
    form, _ = slid_over(subject)
    leaf, name, shape = (
        (closed_forms.X, "input", geometry.input)
        if geometry.transposed
        else (closed_forms.dY, "gradient", geometry.output)
    )
    before = Panel((Whole(leaf.name),), tiles(pictures.read(leaf, subject.shapes)))
    after = Panel(
        title(form),
        tiles(pictures.read(form, subject.shapes)),
        dimensions=(*_apart(geometry.stride, shape), *gaps(form, shape)),
    )
    axes = len(shape)
    between = [u - 1 if n > 1 else 0 for u, n in zip(geometry.stride, shape, strict=True)]
    if not any(between):
        return Frame(
            words(f"Nothing is dilated: the {name} stays as it is"),
            in_a_row((before, Arrow(words("as it is")), after), axes),
            (words("no zeros between neighbours"),),
        )
    return Frame(
        words(f"Dilate: the stride's zeros between the elements of the {name}"),
        in_a_row((before, Arrow((Word(DILATE.name),)), after), axes),
        (
            _becomes(form, shape, after),
            words(f"{' and '.join(paddings.counted(between))} of zeros between neighbours"),
        ),
    )


def _apart(stride: Shape, shape: Shape) -> Iterator[Dimension]:
    """Yield how far neighbours are apart after dilation."""
    for (direction, step), n in zip(along(stride), shape, strict=True):
        if step > 1 and n > 1:
            yield Dimension(direction, 0, step, words(f"stride {step}"))


def _becomes(form: Node, before: Shape, after: Panel) -> Label:
    return (
        FormulaLabel(form),
        Word(f"   {times(before)} becomes {times(shape_of(after, len(before)))}"),
    )


PAD_HEADINGS = {
    (): "Nothing is added: the filter meets every {} element as it is",
    (PAD,): "Pad: zeros around it, so that the filter meets every {} element",
    (CROP,): "Crop: windows that met no {} element are cut off",
    (PAD, CROP): "Pad and crop: zeros around it, windows that met no {} element cut off",
}
"""What happens to the dilated gradient, by what is to be done and what is computed."""


def pad(subject: Subject, step: int = 0) -> Frame:
    """Return the dilated dY before and after padding, the remainder's zeros tinted.

    Where it is cropped, what stays is framed.
    """
    transposed = subject.geometry.transposed
    dilated, amounts = slid_over(subject)
    drawn = tiles(pictures.read(dilated, subject.shapes))
    shape = (len(drawn), len(drawn[0]))[-len(amounts) :]
    before = Panel(title(dilated), drawn, _kept(drawn, amounts),
                   dimensions=_cut(subject, amounts, shape))  # fmt: skip
    form = closed_forms.pad(dilated, amounts)
    padded = padded_input(subject) if transposed else padded_gradient(subject)
    after = Panel(title(form), tiles(padded), dimensions=_added(subject, amounts, padded.shape))
    work = paddings.to_do(amounts)
    arrow = Arrow((Word(", ".join(each.name for each in work) or "as it is"),))
    return Frame(
        words(PAD_HEADINGS[work].format("output" if transposed else "input")),
        in_a_row((before, arrow, after), padded.ndim),
        (
            (FormulaLabel(form), Word(f"   {times(shape_of(after, padded.ndim))}")),
            *_padding_words(subject, amounts),
        ),
    )


def _added(subject: Subject, amounts: Amounts, shape: Shape) -> tuple[Dimension, ...]:
    """Return the sums that zeros are added by on each side of each axis of the padded tensor."""
    found = []
    for k, (direction, pair) in enumerate(along(amounts)):
        for amount, label, start in zip(
            pair, _sums(subject, k, pair), (0, shape[k] - pair[1]), strict=True
        ):
            if 0 < amount <= shape[k]:  # a crop may be larger than the tensor, and leave fewer
                found.append(Dimension(direction, start, amount, label))
    return tuple(found)


def _cut(subject: Subject, amounts: Amounts, shape: Shape) -> tuple[Dimension, ...]:
    """Return the sums that a tensor is cropped by on each side of each axis."""
    found = []
    for k, (direction, pair) in enumerate(along(amounts)):
        for amount, label, start in zip(
            pair, _sums(subject, k, pair), (0, shape[k] + pair[1]), strict=True
        ):
            if 0 < -amount <= shape[k]:
                found.append(Dimension(direction, start, -amount, label))
    return tuple(found)


def _sums(subject: Subject, k: int, pair: tuple[int, int]) -> tuple[Label, Label]:
    """Return the sums that an axis is padded by: the filter's span less 1, less the padding.

    At the end there is more: the remainder, or the output padding.
    """
    geometry = subject.geometry
    axis = geometry.axes[k]
    more = geometry.output_padding if geometry.transposed else geometry.remainder
    begin, end = (
        words(" ".join(filter(None, (f"{axis.extent} - 1", _less(pad), _less(-late), f"= {n}"))))
        for pad, late, n in zip(axis.padding, (0, more[k]), pair, strict=True)
    )
    return begin, end


def _less(number: int) -> str:
    """Return the end of a sum that a number is subtracted from; nothing for 0."""
    return f"{'-' if number > 0 else '+'} {abs(number)}" if number else ""


def _kept(drawn: Tiles, amounts: Amounts) -> tuple[Area, ...]:
    """Return what a crop leaves of a grid; nothing where nothing is cropped, or nothing left."""
    if CROP not in paddings.to_do(amounts):
        return ()
    pairs = ((0, 0), *amounts)[-2:]
    extents = len(drawn), len(drawn[0])
    (row, rows), (column, columns) = (
        (max(-lo, 0), n - max(-lo, 0) - max(-hi, 0))
        for n, (lo, hi) in zip(extents, pairs, strict=True)
    )
    return (Area(row, column, rows, columns, Outline.CROP),) if min(rows, columns) > 0 else ()


def _padding_words(subject: Subject, amounts: Amounts) -> list[Label]:
    geometry = subject.geometry
    named = list(zip(letters(Role.FILTER), geometry.axes, strict=False))
    around = ", ".join(f"{{}} - 1 = {axis.filter - 1}" for _, axis in named)
    extents_of = [MathematicsLabel(Quantity(letter)) for letter, _ in named]
    if any(map(any, geometry.padding)) or max(geometry.dilation) > 1:
        extents = ", ".join(str(axis.extent - 1) for axis in geometry.axes)
        whose = "output" if geometry.transposed else "input"
        around = f"the filter's span less 1 ({extents}), less the padding of the {whose}"
        extents_of = []
    said = []
    if rows := paddings.cropped(amounts):
        said.append(f"cropped: {rows}")
    if any(geometry.output_padding):
        more = " and ".join(paddings.counted(geometry.output_padding))
        said.append(f"{more} more at the end: the output padding")
    late = paddings.hatched(amounts, geometry.remainder)
    if any(late):
        rest = " and ".join(paddings.counted(late))
        said.append(f"hatched: {rest} more at the end, the remainder that no window reached")
    spared = [rem - n for rem, n in zip(geometry.remainder, late, strict=True)]
    if any(spared):
        rest = " and ".join(paddings.counted(spared))
        said.append(f"at the end {rest} less to crop: the remainder that no window reached")
    return [words(f"on each side {around}", *extents_of), *map(words, said)]


def rotate(subject: Subject, step: int = 0) -> Frame:
    """Return F, F with its rows flipped, and F rotated by 180 degrees."""
    grid = pictures.read(closed_forms.F, subject.shapes)
    first = Element("F", (0,) * grid.ndim)
    flipped = np.flip(grid, 0)
    turned = pictures.read(Rotate(closed_forms.F), subject.shapes)
    f = Panel(title(closed_forms.F), tiles(grid))
    panels = (
        Panel(f.title, _tracked(tiles(grid), first)),
        Arrow((Word("flip rows" if grid.ndim > 1 else "flip"),)),
        *((Panel(words("rows flipped"), _tracked(tiles(flipped), first)),
           Arrow((Word("flip columns"),))) if grid.ndim > 1 else ()),
        Panel((*f.title, Word(" rotated")), _tracked(tiles(turned), first)),
    )  # fmt: skip
    return Frame(
        words("Rotate: the filter by 180 degrees"),
        in_a_row(panels, grid.ndim),
        ((FormulaLabel(Rotate(closed_forms.F)), *_index_rule(subject)),),
    )


def _index_rule(subject: Subject) -> Label:
    """Return where the first element of F comes to lie."""
    shape = subject.geometry.filter
    last = Element("F", tuple(n - 1 for n in shape))
    return (Word("   begins with "), last, Word(" and ends with "),
            Element("F", (0,) * len(shape)))  # fmt: skip


def _tracked(drawn: Tiles, element: Element) -> Tiles:
    """Return tiles with one element marked, so that the eye can follow it."""
    return tuple(
        tuple(Tile(cell.label, Look.TARGET) if cell.label == (element,) else cell for cell in row)
        for row in drawn
    )


def shape_of(panel: Panel, axes: int) -> Shape:
    """Return how many rows and columns a panel has, on one axis only how many cells."""
    return (len(panel.tiles), len(panel.tiles[0]))[-axes:]
