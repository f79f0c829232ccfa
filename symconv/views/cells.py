"""The text of a grid's cells, and whether a grid fits."""

from __future__ import annotations

from symconv.readings.pictures import Grid, PictureCell
from symconv.telling.writers import Plain


def cell_lines(cell: PictureCell, write: Plain, stacked: bool) -> tuple[str, ...]:
    """Return what stands in a cell, on one line or, stacked, on one for each factor.

    A covered zero is written as a product with 0, as lecturers do.
    """
    under = write.element(cell.element) if cell.element else "0"
    if not cell.covered:
        return (under, "") if stacked else (under,)
    over = write.element(cell.over) if cell.over else "0"
    if stacked:
        return under, f"{write.dot}{over}"
    if cell.element and cell.over:
        # As a lecturer writes it: dL/dy before what it is multiplied by.
        first = sorted((cell.element, cell.over), key=lambda e: e.tensor != "dY")
        return (write.term(tuple(first)),)
    other = cell.element or cell.over
    return (f"0{write.dot}{write.element(other)}" if other else "0",)


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
