"""Grids of cells: tables of a Markdown document and matrices of a formula.

A grid shows a tensor laid out: plain, as a window's products x f, with zeros between and around,
or reversed.  On each axis the place of an element is ``sign*step*index + offset``; what most cells
say is the layout, and a cell that breaks it is a slip.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from symconv.documents.elements.equations import (
    GRADIENT,
    VALUE,
    NotElementsError,
    WrittenFactor,
    read_index,
    terms,
)
from symconv.documents.elements.extents import Extents
from symconv.documents.mathematics.reader import read
from symconv.documents.mathematics.syntax import Expression, Matrix, UnreadableError
from symconv.documents.mathematics.tokens import Macros, tokenize
from symconv.documents.source.place import Place
from symconv.documents.source.spans import Layout, Span

_SIGNED = tuple(step * sign for step in range(1, 9) for sign in (1, -1))
"""The steps that a tensor may be laid out with, the likeliest first; -1 turns it."""
_CREDIBLE = 0.6

Tensor = tuple[str, str]
"""Kind and name: ("value", "x"), ("gradient", "y")."""


class GridCell(NamedTuple):
    """A cell: its row and column, its elements, and whether a 0 stands there."""

    row: int
    column: int
    factors: tuple[WrittenFactor, ...]
    zero: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells that stand in rows and columns; what is prose or empty is left out."""

    cells: tuple[GridCell, ...]
    place: Place

    def is_plane(self) -> bool:
        """Whether there are several rows and several columns."""
        return len({c.row for c in self.cells}) > 1 and len({c.column for c in self.cells}) > 1

    def along(self, cell: GridCell) -> int:
        """Return where a cell stands in a grid that is one row or one column."""
        return cell.row if len({c.row for c in self.cells}) > 1 else cell.column

    def tensors(self) -> Counter[Tensor]:
        """Return how many cells hold each tensor."""
        counts: Counter[Tensor] = Counter()
        for cell in self.cells:
            counts.update({(f.kind, f.name) for f in cell.factors})
        return counts


class AxisLayout(NamedTuple):
    """place = step*index + offset on one axis; a negative step is a reversed tensor."""

    step: int
    offset: int
    support: int

    def index_at(self, position: int) -> int | None:
        """Return which index stands at a position, None between two of them."""
        quotient, rest = divmod(position - self.offset, self.step)
        return None if rest else quotient


def tables(text: str, layout: Layout, macros: Macros) -> Iterator[Grid]:
    """Yield the grids among the tables of a document."""
    spans = iter(layout.spans)
    span = next(spans, None)
    for table in layout.tables:
        cells = []
        for i, row in enumerate(table):
            for j, place in enumerate(row):
                while span and span.end < place.start:
                    span = next(spans, None)
                inside = []
                while span and span.start <= place.end:
                    inside.append(span)
                    span = next(spans, None)
                cell = _table_cell(text, i, j, place, inside, macros)
                if cell is not None:
                    cells.append(cell)
        if grid := _grid(cells):
            yield grid


def _table_cell(
    text: str, row: int, column: int, place: Place, spans: list[Span], macros: Macros
) -> GridCell | None:
    raw = text[place.start : place.end]
    if len(raw) > 2_000:
        return None
    if len(spans) == 1 and not set(text[place.start : spans[0].start]) - set("$ *\\(\t"):
        start, end = spans[0].start, spans[0].end
        if set(text[end : place.end]) - set("$ *\\)\t\r\n"):
            return None
    elif not spans and (raw.strip(" *\r\n") == "0" or "<sub>" in raw.lower()):
        start, end = place.start, place.end
    else:
        return None
    try:
        return _cell(row, column, read(tokenize(text, start, end, macros)))
    except UnreadableError:
        return None


def _cell(row: int, column: int, expression: Expression) -> GridCell | None:
    """Return what a cell shows, None where it is more than one product."""
    try:
        found = terms(expression)
    except (NotElementsError, UnreadableError):
        return None
    if len(found) != 1 or len(found[0].factors) > 2 or found[0].coefficient not in (0, 1):
        return None
    term = found[0]
    if any(f.kind not in (VALUE, GRADIENT) for f in term.factors):
        return None
    if term.coefficient == 1 and not term.factors:
        return None
    return GridCell(row, column, term.factors, term.coefficient == 0, term.place)


def from_matrix(matrix: Matrix) -> Grid | None:
    """Return a matrix as a grid, None where its cells are more than single products."""
    cells = []
    for i, row in enumerate(matrix.rows):
        for j, expression in enumerate(row):
            if expression is None:
                continue
            cell = _cell(i, j, expression)
            if cell is None:
                return None
            cells.append(cell)
    return _grid(cells)


def _grid(cells: list[GridCell]) -> Grid | None:
    holding = [cell for cell in cells if cell.factors]
    if len(holding) < 2:
        return None
    return Grid(tuple(cells), Place(cells[0].place.start, cells[-1].place.end))


def blocks(grid: Grid, width: int) -> list[Grid]:
    """Return the grids that stand side by side, each ``width`` columns wide."""
    columns = [cell.column for cell in grid.cells]
    first, count = min(columns), max(columns) - min(columns) + 1
    if count <= width or count % width:
        return [grid]
    parts: list[list[GridCell]] = [[] for _ in range(count // width)]
    for cell in grid.cells:
        parts[(cell.column - first) // width].append(cell)
    return [Grid(tuple(part), Place(part[0].place.start, part[-1].place.end))
            for part in parts if part]  # fmt: skip


def layout_of(
    grid: Grid, tensor: Tensor, rank: int
) -> tuple[tuple[AxisLayout, ...], int, int] | None:
    """Return a tensor's layout with the cells that obey it and those that hold the tensor.

    None where fewer than most obey one layout.
    """
    shown = list(_shown(grid, tensor, rank))
    if len(shown) < 2:
        return None
    axes = _layouts(
        [
            Counter((position[_axis(k, rank, shown)], index[k]) for position, index in shown)
            for k in range(rank)
        ]
    )
    obeying = sum(
        all(
            layout.index_at(position[_axis(k, rank, shown)]) == index[k]
            for k, layout in enumerate(axes)
        )
        for position, index in shown
    )
    if obeying < 2 or obeying < _CREDIBLE * len(shown):
        return None
    return tuple(axes), obeying, len(shown)


def _axis(k: int, rank: int, shown: Sequence[tuple[tuple[int, int], tuple[int, ...]]]) -> int:
    return 0 if rank == 1 and len({p[0] for p, _ in shown}) > 1 else k + 2 - rank


def _shown(
    grid: Grid, tensor: Tensor, rank: int
) -> Iterator[tuple[tuple[int, int], tuple[int, ...]]]:
    for cell in grid.cells:
        for factor in cell.factors:
            index = read_index(factor.index, rank)
            if (factor.kind, factor.name) == tensor and index is not None:
                yield (cell.row, cell.column), index


def _layouts(axes: Sequence[Counter[tuple[int, int]]]) -> list[AxisLayout]:
    """Return the layout of each axis; where another says as much, all axes have one step.

    A tensor is turned on both axes or on none: one slip in four cells must not turn one axis.
    """
    best = [max((_at(pairs, step) for step in _SIGNED), key=_support) for pairs in axes]
    if len({layout.step for layout in best}) > 1:
        for step in _SIGNED:
            alike = [_at(pairs, step) for pairs in axes]
            if list(map(_support, alike)) == list(map(_support, best)):
                return alike
    return best


def _support(layout: AxisLayout) -> int:
    return layout.support


def _at(pairs: Counter[tuple[int, int]], step: int) -> AxisLayout:
    """Return the best layout of an axis with this step."""
    offsets: Counter[int] = Counter()
    for (position, index), times in pairs.items():
        offsets[position - step * index] += times
    return AxisLayout(step, *offsets.most_common(1)[0])


def shown_whole(grid: Grid) -> Extents | None:
    """Return the tensor that fills a grid plainly, with its least and greatest index."""
    counts = grid.tensors()
    if not counts:
        return None
    tensor, count = counts.most_common(1)[0]
    rows = sorted({cell.row for cell in grid.cells})
    columns = sorted({cell.column for cell in grid.cells})
    if count != len(rows) * len(columns) or count != len(grid.cells) or count < 2:
        return None
    index = next(f.index for f in grid.cells[0].factors if (f.kind, f.name) == tensor)
    rank = len(index) if len(index) > 1 else len(index[0])
    if rank not in (1, 2) or (rank == 1 and len(rows) > 1 and len(columns) > 1):
        return None
    found = layout_of(grid, tensor, rank)
    if found is None or any(layout.step != 1 for layout in found[0]):
        return None
    sides = [rows, columns] if rank == 2 else [rows if len(rows) > 1 else columns]
    least = tuple(side[0] - axis.offset for side, axis in zip(sides, found[0], strict=True))
    greatest = tuple(side[-1] - axis.offset for side, axis in zip(sides, found[0], strict=True))
    return Extents(tensor[1], grid.place.start, least, greatest)
