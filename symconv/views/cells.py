"""The text of a grid's cells, and whether a grid fits."""

from __future__ import annotations

from symconv.mathematics.tree import BinarySign
from symconv.readings.pictures import Grid, PictureCell
from symconv.telling.writers import Writer


def cell_lines(cell: PictureCell, write: Writer, stacked: bool) -> tuple[str, ...]:
    """Return what stands in a cell, on one line or, stacked, on one for each factor.

    A covered zero is written as a product with 0, as lecturers do.
    """
    if not stacked:
        return (write.cell(cell),)
    under = write.element(cell.element) if cell.element else "0"
    if not cell.covered:
        return under, ""
    over = write.element(cell.over) if cell.over else "0"
    return under, f"{write.medium.signs[BinarySign.DOT]}{over}"


def is_stacked(grid: Grid) -> bool:
    """Whether covered cells need two lines: those that hold a derivative."""
    elements = [e for cell in grid.flat if cell.covered for e in (cell.element, cell.over) if e]
    return any(element.tensor == "dY" for element in elements)


def boxed_width(cells: list[list[tuple[str, ...]]]) -> int:
    """Return the width of a boxed grid with a space on both sides of each cell."""
    widths = [
        max(len(line) for cell in column for line in cell) for column in zip(*cells, strict=True)
    ]
    return sum(widths) + 3 * len(widths) + 1
