"""Writes a vector as a combination of others with multipliers >= 0, exactly: no rounding.

Phase 1 of the simplex method on integers: rows are kept as sparse integer vectors divided by
their greatest common divisor, and Bland's rule (always the first column that helps, always the
first row that limits it) makes it end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import gcd

from symconv.limits.budget import spend

Place = tuple[str, ...]
Vector = Mapping[Place, int]
Row = dict[int, int]

RIGHT = -1
"""The place of the right-hand side in a row."""


def combination(columns: Sequence[Vector], target: Place) -> dict[int, Fraction] | None:
    """Return multipliers >= 0 under which ``columns`` add up to -1 at ``target``, 0 elsewhere.

    Args:
        columns: sparse integer vectors.
        target: the entry that is to become -1.

    Returns:
        The multipliers that are not 0, by column, or None where there are none.

    Raises:
        OutOfBudgetError: the current budget is used up.
    """
    useful = _useful(columns, target)
    rows = _rows(columns, useful, target)
    if rows is None:
        return None
    last = rows.pop()
    basis = _eliminate(rows, last)
    return _ascend(rows, last, basis)


def _useful(columns: Sequence[Vector], target: Place) -> list[int]:
    """Return the columns that can have a multiplier above 0.

    Where an entry other than the target has one sign in all columns, nothing can cancel it.
    """
    useful = list(range(len(columns)))
    while True:
        spend(1 + len(useful))
        signs: dict[Place, int] = {}
        for n in useful:
            for place, factor in columns[n].items():
                signs[place] = signs.get(place, 0) | (1 if factor > 0 else 2)
        kept = [n for n in useful if all(signs[p] == 3 or p == target for p in columns[n])]
        if len(kept) == len(useful):
            return kept
        useful = kept


def _rows(columns: Sequence[Vector], useful: list[int], target: Place) -> list[Row] | None:
    """Return the equations, one for each entry, that of the target last; None if it has none."""
    rows: dict[Place, Row] = {}
    for n in useful:
        for place, factor in columns[n].items():
            rows.setdefault(place, {})[n] = factor
    last = rows.pop(target, None)
    if last is None or all(factor > 0 for factor in last.values()):
        return None
    return [*rows.values(), {n: -factor for n, factor in last.items()} | {RIGHT: 1}]


def _eliminate(rows: list[Row], last: Row) -> list[int]:
    """Give each row a basic column, which no other row holds; drop rows that say nothing.

    Every right-hand side but the last is 0, so that any pivot is admissible.
    """
    basis: list[int] = []
    done: list[Row] = []
    while rows:
        row = min(rows, key=len)
        rows.remove(row)
        if not row:
            continue
        spend(1 + len(row) * len(rows) // 10)
        column = min(row, key=lambda n: (sum(n in other for other in rows), n))
        if row[column] < 0:
            row = {n: -factor for n, factor in row.items()}
        for other in (*rows, *done, last):
            _clear(other, row, column)
        basis.append(column)
        done.append(row)
    rows[:] = done
    return basis


def _ascend(rows: list[Row], last: Row, basis: list[int]) -> dict[int, Fraction] | None:
    """Pivot until the last row can be satisfied, or no column can help any more."""
    while True:
        spend(1 + (len(last) + len(rows)) // 10)
        entering = min((n for n, factor in last.items() if factor > 0 and n != RIGHT), default=None)
        if entering is None:
            return None
        limiting = [r for r, row in enumerate(rows) if row.get(entering, 0) > 0]
        if not limiting:
            return _solution(rows, last, basis, entering)
        leaving = min(limiting, key=basis.__getitem__)
        pivot = rows[leaving]
        for r, row in enumerate(rows):
            if r != leaving:
                _clear(row, pivot, entering)
        _clear(last, pivot, entering)
        basis[leaving] = entering


def _solution(rows: list[Row], last: Row, basis: list[int], entering: int) -> dict[int, Fraction]:
    amount = Fraction(last[RIGHT], last[entering])
    solution = {entering: amount}
    for row, column in zip(rows, basis, strict=True):
        if entering in row:
            solution[column] = amount * Fraction(-row[entering], row[column])
    return solution


def _clear(row: Row, pivot: Row, column: int) -> None:
    """Subtract a multiple of ``pivot`` so that ``row`` no longer holds ``column``."""
    ours = row.get(column)
    if ours is None:
        return
    spend(1 + (len(row) + len(pivot)) // 5)
    theirs = pivot[column]
    common = gcd(ours, theirs)
    ours, theirs = ours // common, theirs // common
    if theirs != 1:
        for n in row:
            row[n] *= theirs
    for n, factor in pivot.items():
        changed = row.get(n, 0) - ours * factor
        if changed:
            row[n] = changed
        else:
            row.pop(n, None)
    content = gcd(*row.values()) if row else 1
    if content > 1:
        for n in row:
            row[n] //= content
