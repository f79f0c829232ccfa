"""Dilate, pad and rotate: what happens to the gradient and to the filter before they meet."""

from __future__ import annotations

import numpy as np

from symconv.equation import Element
from symconv.figures import paddings
from symconv.figures.frames import Area, Arrow, Frame, Look, Panel, Tile, Tiles, tiles
from symconv.figures.labels import FormulaLabel, Label, Whole, Word, words
from symconv.figures.subject import Shape, Subject
from symconv.figures.windows import dilated_title, filter_panel, gradient_title, padded_gradient
from symconv.formula import closed_forms
from symconv.formula.nodes import Node, Rotate
from symconv.formula.words import CROP, DILATE, PAD, Role, letters
from symconv.proof.takeaways import times
from symconv.readings import pictures


def dilate(subject: Subject, step: int = 0) -> Frame:
    """Return dY before and after dilation by the stride."""
    geometry = subject.geometry
    before = Panel((Whole("dY"),), _gradient(subject))
    form = closed_forms.dilated_gradient(geometry)
    after = Panel(dilated_title(subject), tiles(pictures.read(form, subject.shapes)))
    between = [a.stride - 1 if a.output > 1 else 0 for a in geometry.axes]
    if not any(between):
        return Frame(
            words("Nothing is dilated: the gradient stays as it is"),
            ((before, Arrow(words("as it is")), after),),
            (words("no zeros between neighbours"),),
        )
    return Frame(
        words("Dilate: the stride's zeros between the elements of the gradient"),
        ((before, Arrow((Word(DILATE.name),)), after),),
        (
            _becomes(form, geometry.output, after),
            words(f"{' and '.join(paddings.counted(between))} of zeros between neighbours"),
        ),
    )


def _becomes(form: Node, before: Shape, after: Panel) -> Label:
    return (FormulaLabel(form), Word(f"   {times(before)} becomes {times(shape_of(after))}"))


PAD_HEADINGS = {
    (): "Nothing is added: the filter meets every input element as it is",
    (PAD,): "Pad: zeros around it, so that the filter meets every input element",
    (CROP,): "Crop: windows that met no input element are cut off",
    (PAD, CROP): "Pad and crop: zeros around it, windows that met no input element cut off",
}
"""What happens to the dilated gradient, by what is to be done."""


def pad(subject: Subject, step: int = 0) -> Frame:
    """Return the dilated dY before and after padding, the remainder's zeros tinted.

    Where it is cropped, what stays is framed.
    """
    geometry = subject.geometry
    dilated = closed_forms.dilated_gradient(geometry)
    amounts = closed_forms.input_gradient_padding(geometry)
    drawn = tiles(pictures.read(dilated, subject.shapes))
    before = Panel(dilated_title(subject), drawn, _kept(drawn, amounts))
    after = Panel(gradient_title(subject), tiles(padded_gradient(subject)))
    form = closed_forms.pad(dilated, amounts)
    work = paddings.to_do(amounts)
    return Frame(
        words(PAD_HEADINGS[work]),
        ((before, Arrow((Word(", ".join(each.name for each in work) or "as it is"),)), after),),
        (
            (FormulaLabel(form), Word(f"   {times(shape_of(after))}")),
            *(words(sentence) for sentence in _padding_words(subject, amounts)),
        ),
    )


def _kept(drawn: Tiles, amounts: closed_forms.Amounts) -> tuple[Area, ...]:
    """Return what a crop leaves of a grid; nothing where nothing is cropped, or nothing left."""
    if CROP not in paddings.to_do(amounts):
        return ()
    pairs = ((0, 0), *amounts)[-2:]
    extents = len(drawn), len(drawn[0])
    (row, rows), (column, columns) = (
        (max(-lo, 0), n - max(-lo, 0) - max(-hi, 0))
        for n, (lo, hi) in zip(extents, pairs, strict=True)
    )
    return (Area(row, column, rows, columns),) if min(rows, columns) > 0 else ()


def _padding_words(subject: Subject, amounts: closed_forms.Amounts) -> list[str]:
    geometry = subject.geometry
    around = ", ".join(
        f"{letter} - 1 = {axis.filter - 1}"
        for letter, axis in zip(letters(Role.FILTER), geometry.axes, strict=False)
    )
    if any(map(any, geometry.padding)) or max(geometry.dilation) > 1:
        extents = ", ".join(str(axis.extent - 1) for axis in geometry.axes)
        around = f"the filter's span less 1 ({extents}), less the padding of the input"
    said = [f"on each side {around}"]
    if rows := paddings.cropped(amounts):
        said.append(f"cropped: {rows}")
    late = paddings.hatched(amounts, geometry.remainder)
    if any(late):
        rest = " and ".join(paddings.counted(late))
        said.append(f"hatched: {rest} more at the end, the remainder that no window reached")
    spared = [rem - n for rem, n in zip(geometry.remainder, late, strict=True)]
    if any(spared):
        rest = " and ".join(paddings.counted(spared))
        said.append(f"at the end {rest} less to crop: the remainder that no window reached")
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
        Arrow((Word("flip rows" if grid.ndim > 1 else "flip"),)),
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
