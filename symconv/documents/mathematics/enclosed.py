"""What stands between a beginning and an end: matrices, floors and ceilings."""

from __future__ import annotations

from symconv.documents.mathematics.signs import Signs
from symconv.documents.mathematics.syntax import Call, Expression, Floor, Matrix, UnreadableError
from symconv.documents.mathematics.words import CLOSING

MATRICES = frozenset([
    "matrix", "bmatrix", "pmatrix", "vmatrix", "Vmatrix", "Bmatrix", "smallmatrix", "array",
    "tabular",
])  # fmt: skip


class Enclosed(Signs):
    """The part of the grammar that reads expressions with a beginning and an end."""

    def expression(self) -> Expression:
        """Read an expression; the whole grammar says how."""
        raise NotImplementedError

    def floor(self, name: str) -> Floor:
        """Read \\lfloor .. \\rfloor, or the ceiling."""
        first = self.at
        self.next()
        inside = self.expression()
        closing = "r" + name[1:]
        if not self.command(closing):
            raise self.unknown(f"expected \\{closing}")
        self.next()
        return Floor(inside, self.place(first), name == "lceil")

    def extreme(self) -> Call:
        r"""Read \max(a, b) or \min\{a, b\}."""
        first = self.at
        name = "\\" + self.next().text
        closing = CLOSING[self.next().kind]
        parts = [self.expression()]
        while self.kind() == ",":
            self.next()
            parts.append(self.expression())
        self.expect(closing)
        return Call(name, tuple(parts), self.place(first))

    def matrix(self) -> Matrix:
        """Read \\begin{bmatrix} .. \\end{bmatrix}, and arrays."""
        first = self.at
        opening = self.next()
        if opening.text not in MATRICES:
            raise UnreadableError(f"{opening.text} inside a formula", opening.start, opening.end)
        if opening.text in ("array", "tabular") and self.kind() == "{":
            self.script()
        rows: list[tuple[Expression | None, ...]] = []
        while True:
            row = self.matrix_row()
            if len(row) > 1 or row[0] is not None:
                rows.append(row)
            if self.kind() == "row":
                self.next()
                continue
            break
        self.expect("end")
        return Matrix(tuple(rows), self.place(first))

    def matrix_row(self) -> tuple[Expression | None, ...]:
        """Read cells up to the end of a row."""
        cells: list[Expression | None] = []
        while True:
            empty = self.kind() in ("&", "row", "end", "")
            cells.append(None if empty else self.expression())
            if self.kind() != "&":
                return tuple(cells)
            self.next()
