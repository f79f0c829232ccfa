"""What stands between a beginning and an end: matrices, floors and ceilings."""

from __future__ import annotations

from symconv.documents.mathematics.relations import relation
from symconv.documents.mathematics.signs import EdgeGrammar
from symconv.documents.mathematics.syntax import (
    Call,
    Expression,
    Floor,
    Indicator,
    Matrix,
    Number,
    UnreadableError,
    WrittenProduct,
)
from symconv.documents.mathematics.tokens import Token
from symconv.documents.mathematics.words import CLOSING
from symconv.documents.source.place import Place

MATRICES = frozenset([
    "matrix", "bmatrix", "pmatrix", "vmatrix", "Vmatrix", "Bmatrix", "smallmatrix", "array",
    "tabular",
])  # fmt: skip


class Enclosed(EdgeGrammar):
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

    def cases(self) -> WrittenProduct:
        r"""Read \begin{cases} a & b \\ 0 & \text{else} \end{cases}: a where b holds, else 0."""
        first = self.at
        unknown = UnreadableError("these cases are not understood", *self.next()[2:])
        found: list[Expression] = []
        while self.kind() != "end":
            value, said = self.expression(), self.row()
            zero = isinstance(value, Number) and value.value == 0
            if zero == any(map(relation, said)):
                raise unknown
            if not zero:
                place = Place(said[0].start, said[-1].end)
                found += [value, Indicator(said, place)]
            if self.kind() == "row":
                self.next()
        self.expect("end")
        if len(found) != 2:
            raise unknown
        return WrittenProduct(tuple(found), ("",), self.place(first))

    def row(self) -> tuple[Token, ...]:
        """Take the words of a row that is left; its remarks only join."""
        words: list[Token] = []
        while self.kind() not in ("row", "end"):
            word = self.next()
            if word.kind == "text" and word.text.strip().lower() in ("and", "und", "et"):
                word = word._replace(kind=",")
            if word.kind not in ("text", "&", "quad"):
                words.append(word)
        while words and words[0].kind == ",":
            words.pop(0)
        while words and words[-1].kind in (",", ".", ";"):
            words.pop()
        return tuple(words)

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
