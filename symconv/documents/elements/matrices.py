"""Matrices in a formula: which of them lay a tensor out, and equations of them, cell by cell.

[y_{00} y_{01}] = [x_{00}f_{00} + .. ..]     the cells, one by one
dL/dX = [..], dy_{00}/dF = [..]              the targets are named by their places
[y_{00}; y_{01}] = [f_{00} f_{01} 0; ..] x   multiplied out first
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symconv.documents.elements.equations import NotElementsError, WrittenTerm, terms
from symconv.documents.elements.grids import from_matrix
from symconv.documents.mathematics.syntax import (
    Call,
    Derivative,
    Differential,
    Expression,
    Matrix,
    Number,
    Power,
    Symbol,
    UnreadableError,
    WordsNode,
    WrittenProduct,
    WrittenSum,
)
from symconv.documents.mathematics.tokens import Token
from symconv.documents.mathematics.walk import children
from symconv.documents.source.place import Place

_TRANSPOSES = frozenset({"T", "t", "top", "intercal"})
_MULTIPLIES = frozenset({"", "\\cdot", "\\times"})


def matrices_in(tree: Expression) -> Iterator[Matrix]:
    """Yield the matrices of a formula that lay something out; not the factors of a product."""
    match tree:
        case Matrix():
            yield tree
        case WrittenProduct(factors, signs):
            for k, part in enumerate(factors):
                if not (isinstance(part, (Matrix, Power)) and _multiplies(factors, signs, k)):
                    yield from matrices_in(part)
        case _:
            for part in children(tree):
                yield from matrices_in(part)


def _multiplies(factors: Sequence[Expression], signs: Sequence[str], k: int) -> bool:
    """Whether a factor belongs to a matrix product, and is laid out for the product's sake."""
    beside = [(signs[j - 1], factors[j]) for j in (k + 1,) if j < len(factors)]
    beside += [(signs[j], factors[j]) for j in (k - 1,) if j >= 0]
    return any(
        sign in _MULTIPLIES and not isinstance(other, (WordsNode, Number)) for sign, other in beside
    )


def cell_equations(left: Expression, right: Expression) -> Iterator[tuple[Expression, Expression]]:
    """Yield the equations of a matrix equation, cell by cell."""
    left, right = laid_out(left), laid_out(multiplied(right))
    if not isinstance(right, Matrix):
        return
    if is_local(left):
        yield from _by_position(left, right)
    elif isinstance(left, Matrix):
        if [len(r) for r in left.rows] != [len(r) for r in right.rows]:
            return
        for row, other in zip(left.rows, right.rows, strict=True):
            yield from (
                (a, b) for a, b in zip(row, other, strict=True) if a is not None and b is not None
            )
    elif _is_tensor(left) and _states_sums(left, right) and not _lays(right):
        yield from _by_position(left, right)


def _states_sums(left: Expression, right: Matrix) -> bool:
    """Whether the cells of tensor = matrix are its elements, and no picture of other tensors.

    A gradient's cells may be single products, and zeros where nothing meets.
    """
    if isinstance(left, Derivative):
        return not from_matrix(right) or holds_products(right)
    return not from_matrix(right) and not _plain(right)


def laid_out(expression: Expression) -> Expression:
    """Return a list of sums, or of elements, as a row; a transposed matrix the other way round."""
    match expression:
        case Call("", parts, place):
            return Matrix((parts,), place)
    return transposed(expression)


def _is_tensor(expression: Expression) -> bool:
    match expression:
        case Symbol(_, None) | Derivative(Symbol(_, None), Symbol(_, None)):
            return True
    return False


def is_local(expression: Expression) -> bool:
    """Whether this is dy_{00}/dX, an element's derivative by a whole tensor."""
    match expression:
        case Derivative(Symbol(_, tuple()), Symbol(_, None)):
            return True
    return False


def _lays(matrix: Matrix) -> bool:
    """Whether a matrix only shows where each local derivative stands, as a Jacobian does."""
    return all(
        isinstance(cell, Derivative) and cell.of.index is not None
        for row in matrix.rows
        for cell in row
    )


def holds_products(expression: Expression) -> bool:
    """Whether a cell of a matrix is a product of two elements."""
    grid = from_matrix(expression) if isinstance(expression, Matrix) else None
    return grid is not None and any(len(cell.factors) == 2 for cell in grid.cells)


def _plain(matrix: Matrix) -> bool:
    cells = [c for row in matrix.rows for c in row]
    return any(c is None or isinstance(c, (Number, Matrix)) for c in cells) and not any(
        isinstance(c, WrittenSum) for c in cells
    )


def _by_position(left: Expression, right: Matrix) -> Iterator[tuple[Expression, Expression]]:
    """Yield tensor = matrix of sums, the targets named by their places."""
    indices = list(_indices(right))
    alone = any(len(index) == 1 == len(index[0]) for index in indices)  # x_9 beside x_{10}
    flat = alone and 1 in (len(right.rows), len(right.rows[0]))
    if not flat:
        indices = [index if len(index) > 1 else tuple(*index) for index in indices]
    base = 0 if any("0" in index for index in indices) else 1
    if flat:
        for i, cell in enumerate(c for row in right.rows for c in row):
            if cell is not None:
                yield _at(left, (i + base,), cell.place), cell
        return
    for i, row in enumerate(right.rows):
        for j, cell in enumerate(row):
            if cell is not None:
                yield _at(left, (i + base, j + base), cell.place), cell


def _at(tensor: Expression, index: tuple[int, ...], place: Place) -> Expression:
    words = tuple((Token("number", str(i), place.start, place.end),) for i in index)
    match tensor:
        case Derivative(of, wrt):
            return Derivative(of, Symbol(wrt.name, words, place, place), place)
        case Symbol(name):
            return Symbol(name, words, place, place)
        case _:
            return tensor


def _indices(matrix: Matrix) -> Iterator[tuple[str, ...]]:
    found: list[WrittenTerm] = []
    for cell in (cell for row in matrix.rows for cell in row if cell is not None):
        try:
            found += terms(cell)
        except (NotElementsError, UnreadableError):
            continue
    most = max((len(term.factors) for term in found), default=0)
    for term in found:
        if len(term.factors) == most:  # and is no bias b_0 beside products
            yield from (factor.index for factor in term.factors)


def multiplied(expression: Expression) -> Expression:
    """Return a product of two matrices multiplied out, anything else as it is."""
    match expression:
        case WrittenProduct((first, second), (sign,)) if sign in _MULTIPLIES:
            a, b = transposed(first), transposed(second)
            if (
                not isinstance(a, Matrix)
                or not isinstance(b, Matrix)
                or not b.rows
                or any(len(row) != len(b.rows) for row in a.rows)
            ):
                return expression
            width = len(b.rows[0])
            if any(len(row) != width for row in b.rows) or len(a.rows) * width > 10_000:
                return expression
            rows = tuple(
                tuple(_dot(row, [other[j] for other in b.rows]) for j in range(width))
                for row in a.rows
            )
            return Matrix(rows, expression.place)
        case _:
            return expression


def transposed(expression: Expression) -> Expression:
    """Return a matrix with a T above it the other way round, anything else as it is."""
    match expression:
        case Power(Matrix(rows), exponent, place) if len({len(row) for row in rows}) == 1:
            words = [t.text.lstrip("\\") for t in exponent if t.kind not in ("{", "}")]
            if len(words) == 1 and words[0] in _TRANSPOSES:
                return Matrix(tuple(zip(*rows, strict=True)), place)
    return expression


def _dot(row: Sequence[Expression | None], column: Sequence[Expression | None]) -> Expression:
    parts = tuple(
        (1, WrittenProduct((a, b), ("",), a.place))
        for a, b in zip(row, column, strict=True)
        if a is not None and b is not None
    )
    places = [part.place for _, part in parts]
    return WrittenSum(parts, Place(places[0].start, places[-1].end) if places else Place(0, 0))


def is_column(matrix: Matrix) -> bool:
    """Whether a matrix stacks elements of a plane: y_{11} above y_{12}."""
    if not matrix.rows or any(len(row) != 1 for row in matrix.rows):
        return False
    match matrix.rows[0][0]:
        case (
            Symbol(_, tuple() as index)
            | Derivative(_, Symbol(_, tuple() as index))
            | Differential(Symbol(_, tuple() as index))
        ):
            return sum(len(t.text) for part in index for t in part) > 1
    return False
