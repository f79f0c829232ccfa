"""Everything in a document that may be judged, still without a notation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise

from symconv.documents.elements.adjoints import with_gradients
from symconv.documents.elements.biases import with_biases
from symconv.documents.elements.equations import (
    ElementEquation,
    NotElementsError,
    element_equation,
    terms,
)
from symconv.documents.elements.grids import Grid, from_matrix, tables
from symconv.documents.elements.matrices import (
    cell_equations,
    holds_products,
    is_column,
    is_local,
    matrices_in,
)
from symconv.documents.elements.numbers import StatedNumbers, stated_numbers
from symconv.documents.elements.plain import plain_equations
from symconv.documents.elements.positions import with_element_names
from symconv.documents.elements.rows import stated_rows
from symconv.documents.formulas.stated import StatedBound, StatedFormula
from symconv.documents.mathematics.delimiters import with_own_delimiters
from symconv.documents.mathematics.dots import Gap, without_dots
from symconv.documents.mathematics.reader import RELATIONS, read
from symconv.documents.mathematics.relations import is_inequality
from symconv.documents.mathematics.signs import names_a_convolution
from symconv.documents.mathematics.statements import Statement, statements
from symconv.documents.mathematics.syntax import BigSum, Expression, Matrix, Number, UnreadableError
from symconv.documents.mathematics.tabulars import tabulars
from symconv.documents.mathematics.tokens import MOST_EXPANDED, Macros, Token, tokenize
from symconv.documents.mathematics.words import primed
from symconv.documents.sizes.numbers import arithmetic
from symconv.documents.sizes.shapes import StatedShape, shapes
from symconv.documents.source.lines import line_by_line
from symconv.documents.source.place import Place
from symconv.documents.source.spans import Layout, layout
from symconv.documents.source.text import Document, DocumentError, Language


@dataclass(frozen=True, slots=True)
class Unread:
    """An equation that the grammar does not know.

    Attributes:
        place: all of it.
        reason: what is not understood.
        reason_place: where.
        left: its left side, if that is understood.
        sure: whether it counts, whatever its left side is.
    """

    place: Place
    reason: str
    reason_place: Place
    left: Expression | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class StatedEquation:
    """An element equation with the place of its statement.

    Attributes:
        equation: the equation.
        place: the statement that it is part of.
        matrix: where the equation stands whose cell this is; None where it is none.
        gaps: dots in its sum.
    """

    equation: ElementEquation
    place: Place
    matrix: Place | None = None
    gaps: tuple[Gap, ...] = ()


@dataclass(slots=True)
class Collected:
    """What a document states.

    Attributes:
        equations: element equations, in order.
        formulas: the other equations that could be read.
        given: those of them that only say that something is a number.
        unread: those that could not.
        bounds: inequalities.
        grids: tables and matrices of elements.
        numbers: tensors given in numbers.
        shapes: tensors with their extents.
        layout: where mathematics and comments stand.
    """

    layout: Layout
    equations: list[StatedEquation] = field(default_factory=list)
    formulas: list[StatedFormula] = field(default_factory=list)
    given: list[StatedFormula] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    bounds: list[StatedBound] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    numbers: list[StatedNumbers] = field(default_factory=list)
    shapes: list[StatedShape] = field(default_factory=list)


_NAMES = frozenset({"letter", "word", "text", "gradient", "index", "begin"})
_OPENS = frozenset({"{", "(", "[", ","})
_GAP = 200
"""The most characters between the spans of one sum."""
_SIGN = re.compile(r"\$*[ \t]*([-+])[ \t]*\$*")
_EQUALS = re.compile(r"\$*[ \t]*(=)[ \t]*\$*")
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
MOST_MATHEMATICS = 2_000_000
"""The most mathematics that one document may hold, in characters: some thousands of equations."""


def collect(document: Document) -> Collected:
    """Return what a document states.

    Raises:
        DocumentError: it holds more mathematics than `MOST_MATHEMATICS`.
    """
    from symconv.documents.mathematics.macros import macros

    found = layout(document)
    if document.language == Language.LATEX:
        found = with_own_delimiters(found, document.text)
    _bounded(document, found)
    known = macros(document.text)
    if document.language == Language.LATEX:
        found.tables.extend(tabulars(document.text, found.spans))
    result = Collected(found, shapes=shapes(document.text, found.spans))
    plain: list[list[list[Place]]] = []
    for table in found.tables:
        rows = stated_rows(document.text, table, found.spans, known)
        for row in rows:
            place = Place(row.left.place.start, row.right.place.end)
            result.equations.append(StatedEquation(row.equation, place))
        if not rows:
            plain.append(table)
    result.grids.extend(tables(document.text, Layout(found.spans, [], plain), known))
    for words, environment in _continued(document.text, found, known):
        for statement in statements(words, environment):
            _take(statement, result)
    if known.left <= 0:
        raise DocumentError(
            f"{document.path}: its macros stand for more than {MOST_EXPANDED / 1e6:g} million "
            "words; write them out, or split the document"
        )
    result.equations.sort(key=lambda stated: stated.place.start)
    read_ = with_element_names([stated.equation for stated in result.equations])
    named = with_biases(with_gradients(read_))
    result.equations = [
        stated if equation is stated.equation else replace(stated, equation=equation)
        for stated, equation in zip(result.equations, named, strict=True)
    ]
    return result


def _continued(text: str, found: Layout, known: Macros) -> Iterator[tuple[list[Token], str]]:
    """Yield the words of each span, with those of spans after it that begin with a plus.

    A drawing sets the lines of a long sum one by one: each is a span of its own.
    """
    words: list[Token] = []
    kinds: set[str] = set()
    environment, end = "", 0
    for span in line_by_line(found.spans, text):
        more = tokenize(text, span.start, span.end, known)
        near = end <= span.start <= end + _GAP and not _PARAGRAPH.search(text, end, span.start)
        is_open = near and "=" in kinds and words[-1].kind not in (".", ";")
        sign = (_SIGN if is_open else _EQUALS).fullmatch(text, end, span.start) if near else None
        is_begun = near and words and kinds.isdisjoint(RELATIONS)
        if more and ((is_open and (sign or more[0].kind == "+")) or (is_begun and sign)):
            if sign:  # $y = a$ + $b$, $y$ = $a$
                kinds.add(sign[1])
                words.append(Token(sign[1], sign[1], *sign.span(1)))
            words += more
        else:
            if words:
                yield words, environment
            words, environment = more, span.environment
            kinds = {token.kind for token in words}
        end = span.end
    if words:
        yield words, environment


def _bounded(document: Document, found: Layout) -> None:
    """Refuse a document that would take minutes, before any of it is read."""
    size = sum(span.end - span.start for span in found.spans)
    if "<sub>" in document.text.lower():  # cells of such tables are read, too
        size += sum(c.end - c.start for table in found.tables for row in table for c in row)
    if size > MOST_MATHEMATICS:
        raise DocumentError(
            f"{document.path}: {size / 1e6:.1f} million characters of mathematics and tables, "
            f"more than {MOST_MATHEMATICS / 1e6:g} million; split the document"
        )


def _take(statement: Statement, result: Collected) -> None:
    words = [*chain.from_iterable(statement.sides), *statement.relations]
    if is_inequality(words):
        words.sort(key=lambda word: word.start)
        result.bounds.append(StatedBound(tuple(primed(words)), statement.place))
    if not statement.relations and any(t.kind == "begin" for t in statement.sides[0]):
        _lone(statement, result)
    for equation in _equalities(statement):
        _take_equation(equation, result)


def _equalities(statement: Statement) -> Iterator[Statement]:
    """Yield what a statement says to be equal: a = b of a = b > 0, of a = b ≈ c, of a = b = .

    Where nothing stands on one side, what stands on the other is said to equal nothing.
    """
    first = 0
    for k, side in enumerate(statement.sides):
        relation = statement.relations[k] if k < len(statement.relations) else None
        if side and relation is not None and relation.text == "=":
            continue
        end = k + 1 if side else k
        if end > first + 1:
            sides = statement.sides[first:end]
            place = Place(sides[0][0].start, sides[-1][-1].end)
            yield Statement(sides, statement.relations[first : end - 1], place)
        if not side:
            return
        first = k + 1


def _take_equation(statement: Statement, result: Collected) -> None:
    numbers = [side for side in statement.sides if not any(t.kind in _NAMES for t in side)]
    exact = [side for side in statement.sides if side not in numbers]
    if equations := plain_equations(statement.sides) or plain_equations(exact if numbers else ()):
        result.equations.extend(StatedEquation(e, statement.place) for e in equations)
        return
    if stated := _elided(statement):
        result.equations.append(stated)
        return
    sides: list[Expression] = []
    try:
        sides.extend(map(read, statement.sides))
    except UnreadableError as unreadable:
        left = sides[0] if sides else None
        why, sure = (unreadable.reason, unreadable.place), _speaks_of_tensors(statement)
        result.unread.append(Unread(statement.place, *why, left, sure))
        return
    _equations(tuple(sides), statement.place, result)


def _elided(statement: Statement) -> StatedEquation | None:
    """Return a = b + .. + c, an equation of elements whose sum holds dots; None for another."""
    if len(statement.relations) > 1:
        return None
    left, (right, gaps) = statement.sides[0], without_dots(statement.sides[1])
    if not gaps:
        return None
    try:
        found = plain_equations((left, right)) or [element_equation(read(left), read(right))]
    except (NotElementsError, UnreadableError):
        return None
    return StatedEquation(found[0], statement.place, gaps=gaps)


def _lone(statement: Statement, result: Collected) -> None:
    """Take the matrices of an expression that says nothing else."""
    try:
        tree = read(statement.sides[0])
    except UnreadableError:
        return
    _matrices(tree, result)


def _speaks_of_tensors(statement: Statement) -> bool:
    """Whether an unreadable equation looks like one of a convolution."""
    words = [t for side in statement.sides for t in side]
    if any(t.kind == "word" for t in words):
        return True
    if any(t.kind == "gradient" for t in words):
        return True
    if any(t.kind == "command" and t.text in ("partial", "nabla") for t in words):
        return True
    if any(a.kind == "letter" and b.kind == "index" for a, b in pairwise(words)):
        return True
    return any(
        (a.kind, c.kind) == ("letter", "letter") and b.kind in ("+", "-") and before.kind in _OPENS
        for before, a, b, c in zip(words, words[1:], words[2:], words[3:], strict=False)
    )


def _equations(sides: tuple[Expression, ...], place: Place, result: Collected) -> None:
    """Take a chain a = b = c as a = b, a = c."""
    if (numbers := stated_numbers(sides, place)) is not None:
        result.numbers.append(numbers)
        result.given.append(StatedFormula(sides, place))
        return
    named = [side for side in sides if not names_a_convolution(side)]
    sides = tuple(named) if len(named) > 1 else sides
    rest = []
    pictures = [sides[0]]
    for right in sides[1:]:
        pairs = list(cell_equations(sides[0], right))
        if not pairs or not holds_products(right):
            pictures.append(right)
        if pairs:
            _cells(pairs, place, result)
        elif isinstance(right, BigSum) and _holds_elements(right):
            reason = "a sum over equations of elements is not judged; write it for one example"
            result.unread.append(Unread(place, reason, right.place))
        elif not _element(sides[0], right, place, result):
            rest.append(right)
    for side in pictures:
        shown = isinstance(side, Matrix) and (is_column(side) or is_local(sides[0]))
        if len(sides) < 2 or not shown:
            _matrices(side, result)
    if not rest:
        return
    made = arithmetic(sides[0]) or not all(isinstance(side, Number) for side in rest)
    (result.formulas if made else result.given).append(StatedFormula((sides[0], *rest), place))


def _cells(pairs: list[tuple[Expression, Expression]], place: Place, result: Collected) -> None:
    """Take the equations of a matrix, cell by cell; those that are none are not read."""
    taken = [_element(left, cell, cell.place, result, place) for left, cell in pairs]
    if False in taken:
        left, cell = pairs[taken.index(False)]
        reason = "this cell is no sum of products of elements; write it as one"
        result.unread.append(Unread(place, reason, cell.place, left, sure=False))


def _holds_elements(big_sum: BigSum) -> bool:
    """Whether elements with numbers for indices are summed, as over a batch."""
    try:
        return any(f.index for term in terms(big_sum.of) for f in term.factors)
    except (NotElementsError, UnreadableError):
        return False


def _element(
    left: Expression,
    right: Expression,
    place: Place,
    result: Collected,
    matrix: Place | None = None,
) -> bool:
    try:
        equation = element_equation(left, right)
    except NotElementsError:
        return False
    except UnreadableError as unreadable:
        result.unread.append(Unread(place, unreadable.reason, unreadable.place))
        return True
    if matrix is not None:
        place = Place(
            min(equation.target.place.start, place.start) if left.place == place else place.start,
            place.end,
        )
    result.equations.append(StatedEquation(equation, place, matrix))
    return True


def _matrices(tree: Expression, result: Collected) -> None:
    for matrix in matrices_in(tree):
        if grid := from_matrix(matrix):
            result.grids.append(grid)
