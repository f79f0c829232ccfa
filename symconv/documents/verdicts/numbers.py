"""Worked examples in numbers: what is stated is evaluated, never matched with products.

A product with an element that is 0 may be left out, numbers may stand for elements, and a 0 is a
value.  Where the numbers that it takes are not given, nothing is judged.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from math import prod

from symconv.documents.elements.equations import (
    GRADIENT,
    LOCAL,
    SCALAR,
    VALUE,
    ElementEquation,
    WrittenTerm,
    read_index,
)
from symconv.documents.elements.grids import Tensor
from symconv.documents.elements.numbers import StatedNumbers
from symconv.documents.mathematics.syntax import UnreadableError
from symconv.documents.notation.reading import NotationReading
from symconv.documents.notation.truth import Truth, canonical_index, document_index, element, truth
from symconv.documents.source.place import Place
from symconv.documents.verdicts.cells import MATRIX_CELL
from symconv.documents.verdicts.judge import differences
from symconv.documents.verdicts.scopes import WITH_NUMBERS
from symconv.documents.verdicts.verdict import (
    AGREE,
    WRONG,
    EquationVerdict,
    Finding,
    canonical_name,
    not_judged,
)
from symconv.equation import Element

_GIVEN = "given in numbers, and taken as given"
NOT_GIVEN = "the numbers that this follows from are not given"
"""Why numbers that nothing else here says are not judged."""
_MADE = ("Y", "dX", "dF")
_MOST_DIGITS = 9

_Form = dict[tuple[Element, ...], Fraction]
"""Products of elements with their coefficients; the empty product is a number."""


class WorkedExamples:
    """What a document gives in numbers.

    Attributes:
        numbers: whether anything but a 0 is said to be a number.
    """

    def __init__(
        self, stated: Sequence[StatedNumbers], equations: Sequence[ElementEquation]
    ) -> None:
        values = [e for e in equations if is_number(e)]
        self.numbers = bool(stated) or any(total(e.terms) for e in values)
        self._tensors: dict[Tensor, list[StatedNumbers]] = {}
        for numbers in stated:
            for tensor in numbers.tensors:
                self._tensors.setdefault(tensor, []).append(numbers)
        self._single: dict[tuple[str, tuple[int, ...]], list[ElementEquation]] = {}
        for equation in values:
            target = equation.target
            for rank in (1, 2) if target.kind == VALUE else ():
                if (index := read_index(target.index, rank)) is not None:
                    self._single.setdefault((target.name, index), []).append(equation)

    def tensor(self, tensor: Tensor, offset: int) -> StatedNumbers | None:
        """Return the last numbers of a tensor that begin at a place or before, None without."""
        found = self._tensors.get(tensor, [])
        k = bisect_right(found, offset, key=lambda numbers: numbers.place.start)
        return found[k - 1] if k else None

    def element(self, name: str, index: tuple[int, ...], offset: int) -> Fraction | None:
        """Return the last number before a place that an element is said to be, None without."""
        found = self._single.get((name, index), [])
        k = bisect_left(found, offset, key=lambda equation: equation.place.start)
        return total(found[k - 1].terms) if k else None


class GivenNumbers:
    """The elements that are given in numbers before a place, in one notation."""

    def __init__(
        self, examples: WorkedExamples, offset: int, reading: NotationReading, without: str = ""
    ) -> None:
        self.examples = examples
        self.offset = offset
        self.reading = reading
        known = truth(reading)
        self._laid: dict[Element, Fraction] = {}
        for tensor, role in tensors_of(reading):
            numbers = self.examples.tensor(tensor, offset)
            if numbers is not None and role != without:
                self._laid.update(_laid(numbers, role, known))

    def get(self, one: Element) -> Fraction | None:
        """Return the number of an element, None where it is not given."""
        if one in self._laid or one.tensor not in ("X", "F"):
            return self._laid.get(one)
        reading = self.reading
        name = reading.input if one.tensor == "X" else reading.filter
        return self.examples.element(name, document_index(one, reading), self.offset)


def judge_tensor(
    numbers: StatedNumbers, readings: Sequence[NotationReading], examples: WorkedExamples
) -> list[EquationVerdict]:
    """Return the verdict on every number of a tensor that follows from others, else one.

    A matrix that gives an input, a filter or an output its numbers states nothing, and gets none.
    """
    found = [list(_tensor(numbers, reading, examples)) for reading in readings]
    if any([j.verdict for j in other] != [j.verdict for j in found[0]] for other in found):
        reason = f"two readings fit: {differences(readings)}"
        return [not_judged(MATRIX_CELL, numbers.place, reason)]
    return found[0]


def _tensor(
    numbers: StatedNumbers, reading: NotationReading, examples: WorkedExamples
) -> Iterator[EquationVerdict]:
    roles = {r for tensor in numbers.tensors if (r := tensor_of(tensor, reading)) is not None}
    made = next((role for role in _MADE if role in roles), None)
    known = truth(reading)
    laid = dict(_laid(numbers, made, known)) if made is not None else {}
    given = GivenNumbers(examples, numbers.place.start, reading, without=made or "")
    wanted = {one: _wanted(one, known, given) for one in laid}
    if not laid or any(set(form) - {()} for form in wanted.values()):
        if any(kind == GRADIENT for kind, _ in numbers.tensors):
            reason = _GIVEN if made is None else NOT_GIVEN
            yield not_judged(MATRIX_CELL, numbers.place, reason)
        return
    places = dict(_places(numbers, made or "", known))
    for one, value in laid.items():
        right = wanted[one].get((), Fraction(0))
        agreed = EquationVerdict(
            AGREE, MATRIX_CELL, places[one], canonical_name(one), scope=WITH_NUMBERS
        )
        yield compared(agreed, value, right, places[one])


def is_number(equation: ElementEquation) -> bool:
    """Whether an element is said to be a number, and nothing else."""
    return bool(equation.terms) and not any(term.factors for term in equation.terms)


def judge_in_numbers(
    equation: ElementEquation,
    readings: Sequence[NotationReading],
    examples: WorkedExamples,
    found: EquationVerdict,
) -> EquationVerdict:
    """Return the verdict on an equation that is not right in symbols.

    Args:
        equation: what is stated.
        readings: every notation that may be meant.
        examples: what the document gives in numbers.
        found: the verdict in symbols.
    """
    if found.verdict == AGREE or not (_holds_numbers(equation) or examples.numbers):
        return found
    if equation.target.kind == LOCAL or (is_number(equation) and not examples.numbers):
        return found  # a 0 where nothing is a number
    first, *others = [_in_numbers(equation, reading, examples, found) for reading in readings]
    if any(other.verdict != first.verdict for other in others):
        return not_judged(found.kind, found.place, f"two readings fit: {differences(readings)}")
    return first


def _holds_numbers(equation: ElementEquation) -> bool:
    """Whether numbers stand where elements would."""
    alone = [term for term in equation.terms if len(term.factors) < 2]
    # A 0 beside products is a cell of a matrix that multiplies a column.
    units = (1, -1) if len(alone) == len(equation.terms) else (0, 1, -1)
    return is_number(equation) or any(
        term.coefficient not in units if term.factors else term.coefficient for term in alone
    )


def _in_numbers(
    equation: ElementEquation,
    reading: NotationReading,
    examples: WorkedExamples,
    found: EquationVerdict,
) -> EquationVerdict:
    known = truth(reading)
    given = GivenNumbers(examples, found.place.start, reading)
    try:
        target = element(equation.target, known)
        if target.tensor not in _MADE:
            return not_judged(found.kind, found.place, _GIVEN) if is_number(equation) else found
        stated = _stated(equation.terms, known, given)
        wanted = _wanted(target, known, given)
    except (UnreadableError, IndexError):
        return found
    if stated == wanted:
        return replace(
            found, verdict=AGREE, target=canonical_name(target), findings=(), reason="",
            reason_place=None, scope=WITH_NUMBERS,
        )  # fmt: skip
    if not _holds_numbers(equation):
        return found
    if any(_is_open(products, given) for products in known.terms(target)):
        return not_judged(found.kind, found.place, NOT_GIVEN, equation.place)
    if set(wanted) <= {()} and set(stated) <= {()}:
        said, right = (form.get((), Fraction(0)) for form in (stated, wanted))
        agreed = replace(found, target=canonical_name(target), scope=WITH_NUMBERS)
        return compared(agreed, said, right, equation.place)
    return not_judged(found.kind, found.place, "not right with the numbers given", equation.place)


def _is_open(product: tuple[Element, ...], given: GivenNumbers) -> bool:
    """Whether no factor of a product is given."""
    return all(given.get(one) is None for one in product)


def compared(
    found: EquationVerdict, said: Fraction, right: Fraction, place: Place
) -> EquationVerdict:
    """Return the verdict on a number that is said to be another; it may be rounded to decimals.

    Args:
        found: the verdict if it is right.
        said: the number that stands there.
        right: what it should be.
        place: where it stands.
    """
    clean = replace(found, verdict=AGREE, findings=(), reason="", reason_place=None)
    if said == right:
        return clean
    if _is_rounded(said, right):
        return replace(clean, scope=f"{found.scope}, rounded")
    finding = Finding("SC211", place, f"{found.scope} this is {shown_number(right)}")
    return replace(clean, verdict=WRONG, findings=(finding,), scope="")


def shown_number(number: Fraction) -> str:
    """Return a number as documents write it, a short decimal or a fraction.

    >>> shown_number(Fraction(13, 200)), shown_number(Fraction(4, 3)), shown_number(Fraction(-2))
    ('0.065', '4/3', '-2')
    """
    short = f"{float(number):.9g}"
    return short if Fraction(short) == number else str(number)


def _is_rounded(said: Fraction, right: Fraction) -> bool:
    """Whether a decimal number is another one, rounded to as many digits as it has."""
    digits = next((k for k in range(1, _MOST_DIGITS) if (said * 10**k).denominator == 1), 0)
    whole = said.denominator == 1
    return digits > 0 and not whole and abs(said - right) * 10**digits <= Fraction(1, 2)


def total(terms: Sequence[WrittenTerm]) -> Fraction:
    """Return the sum of numbers."""
    return sum((Fraction(term.coefficient) for term in terms), Fraction(0))


def _stated(terms: Sequence[WrittenTerm], known: Truth, given: GivenNumbers) -> _Form:
    """Return what is stated with numbers put in.

    Raises:
        UnreadableError: something stands there that is no element.
    """
    form: _Form = {}
    for term in terms:
        if any(factor.kind in (LOCAL, SCALAR) for factor in term.factors):
            raise UnreadableError("no element", *term.place)
        product = tuple(element(factor, known) for factor in term.factors)
        _add(form, product, Fraction(term.coefficient), given)
    return form


def _wanted(target: Element, known: Truth, given: GivenNumbers) -> _Form:
    """Return what an element is with numbers put in."""
    form: _Form = {}
    for product in known.terms(target):
        _add(form, product, Fraction(1), given)
    return form


def _add(form: _Form, product: Sequence[Element], times: Fraction, given: GivenNumbers) -> None:
    known = [given.get(one) for one in product]
    times *= prod((value for value in known if value is not None), start=Fraction(1))
    open_ = (one for one, value in zip(product, known, strict=True) if value is None)
    left = tuple(sorted(open_))
    total = form.pop(left, Fraction(0)) + times
    if total:
        form[left] = total


def tensor_of(tensor: Tensor, reading: NotationReading) -> str | None:
    """Return X, dY and so on for a tensor, whose matrix may be written in the other case."""
    return next((role for known, role in tensors_of(reading) if known == tensor), None)


def tensors_of(reading: NotationReading) -> Iterator[tuple[Tensor, str]]:
    """Yield the tensors of a notation and its gradients, in either case, with what they are."""
    named = [(reading.input, "X"), (reading.filter, "F"), *((y, "Y") for y in reading.outputs)]
    cases = dict.fromkeys((name, role) for name, role in named if name)
    for name, role in [*cases, *((name.swapcase(), role) for name, role in cases)]:
        if reading.role(name) in (None, role):
            yield (VALUE, name), role
            yield (GRADIENT, name), f"d{role}"
    for name in reading.gradients:
        yield (VALUE, name), "dY"


def _laid(numbers: StatedNumbers, tensor: str, known: Truth) -> Iterator[tuple[Element, Fraction]]:
    """Yield the elements of a tensor with their numbers, none where the shape is another one."""
    for one, (row, column) in _positions(numbers, tensor, known):
        yield one, numbers.rows[row][column].value


def _places(numbers: StatedNumbers, tensor: str, known: Truth) -> Iterator[tuple[Element, Place]]:
    for one, (row, column) in _positions(numbers, tensor, known):
        yield one, numbers.rows[row][column].place


def _positions(
    numbers: StatedNumbers, tensor: str, known: Truth
) -> Iterator[tuple[Element, tuple[int, int]]]:
    """Yield the elements of a tensor with the cells that they stand in."""
    reading, role = known.reading, tensor.removeprefix("d")
    shape = reading.extents(role)
    if shape not in (numbers.shape, (len(numbers.rows) * len(numbers.rows[0]),)):
        return
    if len(shape) == 1 and 1 not in numbers.shape:
        return
    height, width = numbers.shape
    for row in range(height):
        for column in range(width):
            place = (row, column) if len(shape) > 1 else (row * width + column,)
            index = tuple(k + reading.base for k in place)
            yield Element(tensor, canonical_index(index, role, reading)), (row, column)
