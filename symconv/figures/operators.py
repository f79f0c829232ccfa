"""Dilate, pad and rotate: what happens to the gradient and to the filter before they meet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symconv.equation import Element
from symconv.errors import how_many
from symconv.figures.frames import Arrow, Frame, Look, Panel, Tile, Tiles, tiles
from symconv.figures.labels import FormulaLabel, Label, Whole, Word, words
from symconv.figures.subject import Shape, Subject
from symconv.figures.windows import dilated_title, filter_panel, gradient_title, padded_gradient
from symconv.formula import closed_forms
from symconv.formula.nodes import Node, Rotate
from symconv.formula.words import Role, letters
from symconv.proof.takeaways import times
from symconv.readings import pictures


def dilate(subject: Subject, step: int = 0) -> Frame:
    """Return dY before and after dilation by the stride."""
    geometry = subject.geometry
    before = Panel((Whole("dY"),), _gradient(subject))
    form = closed_forms.dilated_gradient(geometry)
    after = Panel(dilated_title(subject), tiles(pictures.read(form, subject.shapes)))
    zeros = " and ".join(counted([a.stride - 1 if a.output > 1 else 0 for a in geometry.axes]))
    said = (
        f"{zeros} of zeros between neighbours"
        if zeros
        else "no zeros between neighbours: nothing to dilate"
    )
    return Frame(
        words("Dilate: the stride's zeros between the elements of the gradient"),
        ((before, Arrow((Word("dilate"),)), after),),
        (
            *((_becomes(form, geometry.output, after),) if zeros else ()),
            words(said),
        ),
    )


def _becomes(form: Node, before: Shape, after: Panel) -> Label:
    return (FormulaLabel(form), Word(f"   {times(before)} becomes {times(shape_of(after))}"))


def pad(subject: Subject, step: int = 0) -> Frame:
    """Return the dilated dY before and after padding, the remainder's zeros tinted."""
    geometry = subject.geometry
    dilated = closed_forms.dilated_gradient(geometry)
    amounts = closed_forms.input_gradient_padding(geometry)
    before = Panel(dilated_title(subject), tiles(pictures.read(dilated, subject.shapes)))
    after = Panel(gradient_title(subject), tiles(padded_gradient(subject)))
    form = closed_forms.pad(dilated, amounts)
    return Frame(
        words("Pad: zeros around it, so that the filter meets every input element"),
        ((before, Arrow((Word("pad"),)), after),),
        (
            (FormulaLabel(form), Word(f"   {times(shape_of(after))}")),
            *(words(sentence) for sentence in _padding_words(subject)),
        ),
    )


def _padding_words(subject: Subject) -> list[str]:
    geometry = subject.geometry
    around = ", ".join(
        f"{letter} - 1 = {axis.filter - 1}"
        for letter, axis in zip(letters(Role.FILTER), geometry.axes, strict=False)
    )
    if any(map(any, geometry.padding)) or max(geometry.dilation) > 1:
        extents = ", ".join(str(axis.extent - 1) for axis in geometry.axes)
        around = f"the filter's span less 1 ({extents}), less the padding of the input"
    said = [f"on each side {around}"]
    if any(geometry.remainder):
        rest = " and ".join(counted(geometry.remainder))
        said.append(f"hatched: {rest} more at the end, the remainder that no window reached")
    return said


def rotate(subject: Subject, step: int = 0) -> Frame:
    """Return F, F with its rows flipped, and F rotated by 180 degrees."""
    grid = pictures.read(closed_forms.F, subject.shapes)
    first = Element("F", (0,) * grid.ndim)
    flipped = np.flip(grid, 0)
    turned = pictures.read(Rotate(closed_forms.F), subject.shapes)
    f = filter_panel(subject)
    panels = (
        Panel(f.title, _tracked(tiles(grid), first)),
        Arrow((Word("flip rows"),)),
        *((Panel(words("rows flipped"), _tracked(tiles(flipped), first)),
           Arrow((Word("flip columns"),))) if grid.ndim > 1 else ()),
        Panel((*f.title, Word(" rotated")), _tracked(tiles(turned), first)),
    )  # fmt: skip
    return Frame(
        words("Rotate: the filter by 180 degrees"),
        (panels,),
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


def shape_of(panel: Panel) -> tuple[int, int]:
    """Return how many rows and columns a panel has."""
    return len(panel.tiles), len(panel.tiles[0])


def _gradient(subject: Subject) -> Tiles:
    return tiles(pictures.read(closed_forms.dY, subject.shapes))


def counted(numbers: Sequence[int]) -> list[str]:
    """Return how many rows and how many columns, in words, those that are 0 left out."""
    names = ("row", "column")[-len(numbers) :]
    return [how_many(n, name) for n, name in zip(numbers, names, strict=True) if n]
