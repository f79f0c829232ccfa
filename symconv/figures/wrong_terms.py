"""The wrong terms of somebody's gradient: which products are there, and which belong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symconv.equation import Element
from symconv.figures.frames import (
    LOOKS,
    Area,
    Frame,
    Key,
    Look,
    Mood,
    Panel,
    Tile,
    Tiles,
    in_a_row,
)
from symconv.figures.labels import Label, Sign, Whole, Word, words
from symconv.implementations.report import (
    ElementTerms,
    GradientReport,
    GradientTerm,
    ImplementationReport,
)

_OTHERS = {"dX": "F", "dF": "X"}
"""What dL/dY is multiplied by in the products of a gradient."""

_TENSORS = {"dX": "dX", "dF": "dF", "db": "dB"}
"""What this package calls a gradient."""

_FIXED = {"dX": ("image", "channel"), "dF": ("filter", "channel"), "db": ()}
"""What the leading indices of a gradient count."""


def wrong_terms(report: ImplementationReport) -> list[Frame]:
    """Return a frame for each wrong gradient whose terms are known, in one or two axes."""
    return [
        _frame(report, gradient, gradient.table.terms)
        for gradient in report.gradients
        if gradient.table is not None and gradient.table.terms is not None
        if len(gradient.table.terms.output) <= 4
    ]


def _frame(report: ImplementationReport, gradient: GradientReport, terms: ElementTerms) -> Frame:
    rank = len(terms.output) - 2
    given = _Drawn(terms)
    name = gradient.name
    parts = (given.gradient(), Sign("   "), given.sums(there=True), Sign("≠"), given.sums(False))
    panels = [part for part in parts if isinstance(part, Panel)]
    looks = {tile.look for panel in panels for row in panel.tiles for tile in row}
    legend = {
        Look.PRODUCT: "there, and belongs",
        Look.WRONG: "wrong",
        Look.MISSING: "missing",
    }
    said = [
        (Word(text),)
        for text in (
            gradient.message,
            f"computes: {gradient.formula}" if gradient.formula else None,
            f"belongs: {gradient.belongs}" if gradient.belongs else None,
            gradient.where and gradient.where.partition(":")[0],
            f"mend: {gradient.mend.text}" if gradient.mend else None,
        )
        if text
    ]
    return Frame(
        words(f"{report.name}: the terms of {name}"),
        in_a_row(parts, rank),
        tuple(said),
        mood=Mood.WRONG,
        legend=tuple(Key(look, words(text)) for look, text in legend.items() if look in looks),
        about=str(gradient.example or ""),
    )


class _Drawn:
    """The panels of one element's terms: one image and one filter of dL/dY."""

    def __init__(self, terms: ElementTerms) -> None:
        self.terms = terms
        there, belong = set(terms.computes), set(terms.belongs)
        shown = [*(each for each in terms.computes if each not in belong)]
        shown += [each for each in terms.belongs if each not in there] or [*terms.computes]
        self.plane = shown[0].dy[:2] if shown else (0, 0)
        self.computes, self.belongs = (self._by_window(s) for s in (terms.computes, terms.belongs))

    def _by_window(
        self, several: Sequence[GradientTerm]
    ) -> dict[tuple[int, ...], list[GradientTerm]]:
        found: dict[tuple[int, ...], list[GradientTerm]] = {}
        for each in several:
            if each.dy[:2] == self.plane:
                found.setdefault(each.dy[2:], []).append(each)
        return found

    def gradient(self) -> Panel:
        """Return the gradient, its wrong elements marked, the one that is told framed."""
        terms = self.terms
        name, lead = terms.gradient, 0 if terms.gradient == "db" else 2
        fixed, at = terms.element[:lead], terms.element[lead:]
        cells = {}
        for index in np.ndindex(*terms.shape[lead:]):
            wrong = (*fixed, *index) in terms.differing
            cells[index] = Tile(_element(name, index), Look.WRONG if wrong else _look(name))
        row, column = at if len(at) > 1 else (0, *at)
        counted = zip(_FIXED[name], fixed, strict=True)
        note = ", ".join(f"{word} {k}" for word, k in counted)
        title = (Whole(_TENSORS[name]),)
        return Panel(title, _rows(cells), (Area(row, column, 1, 1),), note=words(note))

    def sums(self, there: bool) -> Panel:
        """Return the products that make the element, each at the window that it comes from.

        Args:
            there: those that are there; else those that belong.
        """
        mine, others = self.computes, self.belongs
        if not there:
            mine, others = others, mine
        cells = {}
        for index in np.ndindex(*self.terms.output[2:]):
            found = mine.get(index, [])
            if not found:
                cells[index] = Tile((), Look.PENDING)
                continue
            alike = {*found} == {*others.get(index, [])}
            strange = Look.WRONG if there else Look.MISSING
            cells[index] = Tile(self._summed(found), Look.PRODUCT if alike else strange)
        n, k = self.plane
        at = self.terms.element
        element = _element(self.terms.gradient, at if len(at) == 1 else at[2:])
        title = (*element, Word(" is the sum of" if there else " should be the sum of"))
        wide = (1.0, 1.0) if self.terms.gradient == "db" else (1.9, 1.0)
        return Panel(title, _rows(cells), size=wide, note=words(f"image {n}, filter {k}"))

    def _summed(self, several: Sequence[GradientTerm]) -> Label:
        first, *more = several
        label: Label = _element("dY", first.dy[2:])
        if first.other is not None:
            label = (*label, *_element(_OTHERS[self.terms.gradient], first.other[2:]))
        if first.coefficient != 1:
            label = (Word(f"{first.coefficient:.3g} "), *label)
        return (*label, Word(" + …")) if more else label


def _element(tensor: str, index: tuple[int, ...]) -> Label:
    return (Element(_TENSORS.get(tensor, tensor), index),)


def _look(tensor: str) -> Look:
    return LOOKS.get(tensor, Look.FILTER)


def _rows(cells: dict[tuple[int, ...], Tile]) -> Tiles:
    shape = tuple(max(indices) + 1 for indices in zip(*cells, strict=True))
    grid = np.empty(shape, dtype=object)
    for index, tile in cells.items():
        grid[index] = tile
    return tuple(map(tuple, np.atleast_2d(grid)))
