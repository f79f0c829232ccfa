"""The verdict on the cells of a grid, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symconv.documents.elements.equations import GRADIENT, WrittenFactor, read_index
from symconv.documents.elements.grids import AxisLayout, Grid, GridCell, Tensor, blocks, layout_of
from symconv.documents.notation.reading import NotationReading
from symconv.documents.notation.truth import canonical_index
from symconv.documents.verdicts.verdict import (
    AGREE,
    WRONG,
    Edit,
    EquationVerdict,
    Finding,
    canonical_name,
)
from symconv.documents.verdicts.verdict import not_judged as _not_judged
from symconv.equation import Element

MATRIX_CELL = "matrix-cell"
_COMPLETE = 0.75


def judge_grid(
    grid: Grid, readings: Sequence[NotationReading], text: str
) -> Iterator[EquationVerdict]:
    """Yield the verdict on every cell that holds an element."""
    reading = readings[0]
    if reading.rank == 1 and grid.is_plane():
        return
    unknown = sorted({f.name for c in grid.cells for f in c.factors if not _role(f, reading)})
    for part in _parts(grid, reading):
        layouts = {
            tensor: found
            for tensor in part.tensors()
            if tensor[1] not in unknown and (found := layout_of(part, tensor, reading.rank))
        }
        for cell in part.cells:
            yield from _judge(cell, part, layouts, reading, text)


def _parts(grid: Grid, reading: NotationReading) -> list[Grid]:
    """Return the grids side by side, where the widest tensor is shown more than once."""
    counts = grid.tensors()
    if reading.rank != 2 or not counts:
        return [grid]
    tensor = counts.most_common(1)[0][0]
    role = reading.role(tensor[1])
    if role is None or layout_of(grid, tensor, 2) is not None:
        return [grid]
    return blocks(grid, reading.extents(role)[1])


def _role(factor: WrittenFactor, reading: NotationReading) -> str | None:
    return "Y" if factor.name in reading.gradients else reading.role(factor.name)


Layouts = dict[Tensor, tuple[tuple[AxisLayout, ...], int, int]]


def _judge(
    cell: GridCell, grid: Grid, layouts: Layouts, reading: NotationReading, text: str
) -> Iterator[EquationVerdict]:
    findings = []
    found, wanted = [], []
    for factor in cell.factors:
        tensor = factor.kind, factor.name
        role = _role(factor, reading)
        if role is None:
            yield _not_judged(MATRIX_CELL, cell.place, f"'{factor.name}' is not known here",
                              factor.place)  # fmt: skip
            return
        alone = set(reading.extents(role)) == {1}
        if tensor not in layouts and not alone:
            yield _not_judged(
                MATRIX_CELL, cell.place, "how these cells lay a tensor out is not understood"
            )
            return
        index = read_index(factor.index, reading.rank)
        if index is None:
            yield _not_judged(MATRIX_CELL, cell.place, "this index does not fit the others",
                              factor.index_place)  # fmt: skip
            return
        # The only element of a 1x1 filter may stand in any cell.
        right = (
            (reading.base,) * reading.rank
            if alone
            else _expected(cell, grid, layouts[tensor][0], reading, role)
        )
        found.append(_element(factor, index, role, reading))
        if right is not None:
            wanted.append(_element(factor, right, role, reading))
        if index != right:
            findings.append(_slip(factor, right, text))
    for tensor, right in _absent(cell, grid, layouts, reading):
        role = reading.role(tensor[1]) or "Y"
        kind = "d" if tensor[0] == GRADIENT else ""
        wanted.append(Element(kind + role, canonical_index(right, role, reading)))
        findings.append(_absence(cell, tensor, right))
    if not cell.factors and not findings:
        return
    product = (tuple(found),) if found and not cell.zero else ()
    yield EquationVerdict(
        WRONG if findings else AGREE,
        MATRIX_CELL,
        cell.place,
        canonical_name(wanted[0]) if wanted else "",
        product,
        (tuple(wanted),) if wanted else (),
        tuple(findings),
    )


def _expected(
    cell: GridCell, grid: Grid, axes: tuple[AxisLayout, ...], reading: NotationReading, role: str
) -> tuple[int, ...] | None:
    """Return the index that a layout puts into a cell, None where it puts none."""
    positions = (cell.row, cell.column) if reading.rank == 2 else (grid.along(cell),)
    index = []
    extents = reading.extents(role)
    for axis, position, extent in zip(axes, positions, extents, strict=True):
        i = axis.index_at(position)
        if i is None or not 0 <= i - reading.base < extent:
            return None
        index.append(i)
    return tuple(index)


def _element(
    factor: WrittenFactor, index: tuple[int, ...], role: str, reading: NotationReading
) -> Element:
    gradient = factor.kind == GRADIENT or factor.name in reading.gradients
    return Element(("d" if gradient else "") + role, canonical_index(index, role, reading))


def _slip(factor: WrittenFactor, right: tuple[int, ...] | None, text: str) -> Finding:
    shown = " ".join(text[factor.place.start : factor.place.end].split())
    if right is None:
        return Finding("SC210", factor.place, f"{shown} does not belong into this cell")
    digits = ("" if max(right) < 10 and len(factor.index) == 1 else ",").join(map(str, right))
    start, end = factor.index_place
    fix = text[factor.place.start : start] + digits + text[end : factor.place.end]
    return Finding(
        "SC210",
        factor.place,
        f"{shown} should be {fix}: the cells around it say so",
        fix,
        Edit(factor.index_place, digits),
    )


def _absent(
    cell: GridCell, grid: Grid, layouts: Layouts, reading: NotationReading
) -> Iterator[tuple[Tensor, tuple[int, ...]]]:
    """Yield the elements that a cell lacks though nearly all of their tensor is shown."""
    here = {(f.kind, f.name) for f in cell.factors}
    for tensor, (axes, obeying, _) in layouts.items():
        role = reading.role(tensor[1])
        if tensor in here or role is None:
            continue
        size = 1
        for extent in reading.extents(role):
            size *= extent
        right = _expected(cell, grid, axes, reading, role)
        if right is not None and size > 2 and obeying >= _COMPLETE * size:
            yield tensor, right


def _absence(cell: GridCell, tensor: Tensor, right: tuple[int, ...]) -> Finding:
    digits = ("" if max(right) < 10 else ",").join(map(str, right))
    what = "the gradient of " if tensor[0] == GRADIENT else ""
    return Finding("SC210", cell.place, f"{what}{tensor[1]}_{{{digits}}} is missing in this cell")
