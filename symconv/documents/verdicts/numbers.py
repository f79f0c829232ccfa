"""Worked examples in numbers: what is stated is evaluated, never matched with products.

A product with an element that is 0 may be left out, numbers may stand for elements, and a 0 is a
value.  Where the numbers that it takes are not given, nothing is judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
)
from symconv.documents.elements.grids import Tensor
from symconv.documents.elements.numbers import StatedNumbers
from symconv.documents.mathematics.syntax import UnreadableError
from symconv.documents.notation.reading import NotationReading
from symconv.documents.notation.truth import Truth, canonical_index, element, truth
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
_NOT_GIVEN = "the numbers that this follows from are not given"
_MADE = ("Y", "dX", "dF")

Values = Mapping[Element, Fraction]
"""The elements that are given in numbers."""
_Form = dict[tuple[Element, ...], Fraction]
"""Products of elements with their coefficients; the empty product is a number."""


class WorkedExamples:
    """What a document gives in numbers.

    Attributes:
        stated: tensors as matrices of numbers, in order.
        single: elements of tensors that are said to be numbers, in order.
        numbers: whether anything but a 0 is said to be a number.
    """

    def __init__(
        self, stated: Sequence[StatedNumbers], equations: Sequence[ElementEquation]
    ) -> None:
        self.stated = stated
        self.single = [e for e in equations if is_number(e) and e.target.kind == VALUE]
        self.numbers = bool(stated) or any(is_number(e) and _total(e.terms) for e in equations)

    def given(self, place: Place, reading: NotationReading) -> Values:
        """Return the elements whose numbers are given before a place, the last ones said."""
        known = truth(reading)
        found: dict[Element, Fraction] = {}
        for numbers in self.stated:
            if numbers.place.start <= place.start:
                for tensor in numbers.tensors:
                    if (name := tensor_of(tensor, reading)) is not None:
                        found.update(_laid(numbers, name, known))
        for equation in self.single:
            if equation.place.start < place.start:
                try:
                    one = element(equation.target, known)
                except UnreadableError:
                    continue
                if one.tensor in ("X", "F"):
                    found[one] = _total(equation.terms)
        return found


def judge_tensor(
    numbers: StatedNumbers, readings: Sequence[NotationReading], examples: WorkedExamples
) -> list[EquationVerdict]:
    """Return the verdict on every number of a tensor that follows from others, else one."""
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
    given = {
        one: value
        for one, value in examples.given(numbers.place, reading).items()
        if one.tensor != made
    }
    wanted = {one: _wanted(one, known, given) for one in laid}
    if not laid or any(set(form) - {()} for form in wanted.values()):
        reason = _GIVEN if made is None else _NOT_GIVEN
        yield not_judged(MATRIX_CELL, numbers.place, reason)
        return
    places = dict(_places(numbers, made or "", known))
    for one, value in laid.items():
        right = wanted[one].get((), Fraction(0))
        agreed = EquationVerdict(
            AGREE, MATRIX_CELL, places[one], canonical_name(one), scope=WITH_NUMBERS
        )
        yield agreed if value == right else _wrong(agreed, places[one], right)


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
    first, *others = [_in_numbers(equation, reading, examples, found) for reading in readings]
    if any(other.verdict != first.verdict for other in others):
        return not_judged(found.kind, found.place, f"two readings fit: {differences(readings)}")
    return first


def _holds_numbers(equation: ElementEquation) -> bool:
    """Whether numbers stand where elements would."""
    return any(len(term.factors) < 2 and abs(term.coefficient) != 1 for term in equation.terms)


def _in_numbers(
    equation: ElementEquation,
    reading: NotationReading,
    examples: WorkedExamples,
    found: EquationVerdict,
) -> EquationVerdict:
    known = truth(reading)
    given = examples.given(found.place, reading)
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
    if is_number(equation) and not examples.numbers:
        return found  # a 0 where nothing is a number
    if any(_is_open(products, given) for products in known.terms(target)):
        return not_judged(found.kind, found.place, _NOT_GIVEN, equation.place)
    if set(wanted) <= {()} and set(stated) <= {()}:
        return _wrong(found, equation.place, wanted.get((), Fraction(0)))
    return not_judged(found.kind, found.place, "not right with the numbers given", equation.place)


def _is_open(product: tuple[Element, ...], given: Values) -> bool:
    """Whether no factor of a product is given."""
    return not any(one in given for one in product)


def _wrong(found: EquationVerdict, place: Place, right: Fraction) -> EquationVerdict:
    shown = right.numerator if right.denominator == 1 else right
    finding = Finding("SC211", place, f"with the numbers given this is {shown}")
    return replace(found, verdict=WRONG, findings=(finding,), scope="", reason="")


def _total(terms: Sequence[WrittenTerm]) -> Fraction:
    return sum((Fraction(term.coefficient) for term in terms), Fraction(0))


def _stated(terms: Sequence[WrittenTerm], known: Truth, given: Values) -> _Form:
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


def _wanted(target: Element, known: Truth, given: Values) -> _Form:
    """Return what an element is with numbers put in."""
    form: _Form = {}
    for product in known.terms(target):
        _add(form, product, Fraction(1), given)
    return form


def _add(form: _Form, product: Sequence[Element], times: Fraction, given: Values) -> None:
    times *= prod((given[one] for one in product if one in given), start=Fraction(1))
    left = tuple(sorted(one for one in product if one not in given))
    total = form.pop(left, Fraction(0)) + times
    if total:
        form[left] = total


def tensor_of(tensor: Tensor, reading: NotationReading) -> str | None:
    """Return X, dY and so on for a tensor, whose matrix may be written in the other case."""
    kind, name = tensor
    if kind == VALUE and name in reading.gradients:
        return "dY"
    role = reading.role(name) or reading.role(name.swapcase())
    if role is None:
        return None
    return "d" + role if kind == GRADIENT else role


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
