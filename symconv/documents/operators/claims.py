"""Operator formulas -> claims, one for each reading of what a sign or a word can mean."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

from symconv.documents.formulas import relation
from symconv.documents.formulas.convention import UNKNOWN, Notation
from symconv.documents.formulas.letters import (
    AFTER,
    BEFORE,
    BEHIND,
    DILATION,
    DILATIONS,
    HALVES,
    PADDING,
    SECOND_MEANINGS,
    STRIDE,
    STRIDES,
)
from symconv.documents.formulas.limited import note as letters_read
from symconv.documents.formulas.prover import ClaimText
from symconv.documents.formulas.setting import Setting, equation
from symconv.documents.mathematics.syntax import (
    Expression,
    Symbol,
    UnreadableError,
    WrittenProduct,
    WrittenSum,
)
from symconv.documents.notation.names import is_bias_name
from symconv.documents.operators.formula import CONVOLUTION, CORRELATION, Operators
from symconv.documents.source.place import Place
from symconv.formula.words import AXES, Role, letters, letters_on, values
from symconv.formula.words import PADDING as AROUND
from symconv.geometry import Axis, Geometry
from symconv.polynomial import ONE, Polynomial


@dataclass(frozen=True, slots=True)
class OperatorClaim:
    """One reading of an operator formula.

    Attributes:
        claim: what it states of the document's convolution.
        plain: what it states of a convolution without stride, padding and dilation, as far as
            the formula does not speak of them; None where that is the same.
        reading: what its words and signs mean here: convolution or correlation.
        implied: whether the reading adds something that the formula does not say.
        swapped: whether the second tensor is the one that is slid over.
        odd: whether something slides over the filter then.
        guessed: letters whose meaning is guessed.
        letters: how letters with several meanings were read, in words.
        used: the families of sizes that the formula has letters for.
        second: letters that are read in their second meaning.
        fixed: whether its words leave no choice.
    """

    claim: ClaimText
    plain: ClaimText | None
    reading: str
    implied: bool = False
    swapped: bool = False
    odd: bool = False
    guessed: tuple[str, ...] = ()
    letters: str = ""
    used: frozenset[str] = frozenset()
    second: tuple[str, ...] = ()
    fixed: bool = False


def operator_claims(left: Expression, right: Expression, reading: Notation) -> list[OperatorClaim]:
    """Return every reading of a formula as a claim.

    Raises:
        UnreadableError: a name, a word or a construct that is not known.
    """
    for side in (left, right):
        if isinstance(side, WrittenProduct) and "\\odot" in side.signs:
            raise UnreadableError("an elementwise product, as of an activation", *side.place)
    stated = Operators(reading, CORRELATION)
    target = stated.tensor(left)
    if target not in ("Y", "dX", "dF", "rotate(dF)"):
        raise UnreadableError("the left side is no result of a convolution", *left.place)
    if target == "Y":
        right = without_bias(right)
    found: dict[str, OperatorClaim] = {}
    error = None
    either = (False, True)
    for second, meaning, swapped, full, sides in product(
        SECOND_MEANINGS, (CORRELATION, CONVOLUTION), either, either, either
    ):
        operators = Operators(reading, meaning, swapped, full, second, sides)
        operators.formula.loss = stated.formula.loss
        operators.formula.layers.update(stated.formula.layers)
        try:
            text = operators.tensor(right)
        except UnreadableError as unreadable:
            error = error or unreadable
            continue
        if not operators.slides:
            raise UnreadableError("no convolution stands here", *right.place)
        if (full and not operators.bare) or (swapped and not operators.symmetric):
            continue
        if second <= operators.formula.ambiguous:
            claim = _claim(f"{target} == {text}", operators, full and operators.bare, left.place)
            read = letters_read(operators.formula)
            claim = replace(
                claim,
                swapped=swapped,
                odd=operators.odd,
                letters=read,
                fixed=bool(operators.fixed),
            )
            found.setdefault(f"{claim.claim}", claim)
    if not found and error is not None:
        raise error
    return list(found.values())


def without_bias(expression: Expression) -> Expression:
    """Return Y = X * F + b without b."""
    if not isinstance(expression, WrittenSum):
        return expression
    rest = [term for sign, term in expression.terms if not (sign == 1 and _is_bias(term))]
    return rest[0] if len(rest) == 1 and expression.terms[0][0] == 1 else expression


def _is_bias(term: Expression) -> bool:
    return isinstance(term, Symbol) and term.index is None and is_bias_name(term.name)


def _claim(statement: str, operators: Operators, implied: bool, place: Place) -> OperatorClaim:
    """Return a claim for every size, or for the example's where numbers stand in it."""
    reading = operators.reading
    words = operators.fixed or operators.meaning
    guessed, second = tuple(operators.formula.guessed), tuple(sorted(operators.formula.second))
    if operators.numbers:
        if reading.geometry is None:
            ask = reading.hints.ask("input", "filter", joined=", ")
            raise UnreadableError(f"numbers, where no sizes are known{ask}", *place)
        claim = at_the_example(statement, reading.geometry)
        return OperatorClaim(claim, None, words, implied, guessed=guessed, second=second)
    if "half" in operators.formula.used and any(n % 2 == 0 for n in reading.extents("F") or ()):
        raise UnreadableError("this is about filters of odd extent", *place)
    rank = operators.formula.rank
    example = relation.shown(reading, rank, 0)
    plain = relation.shown(UNKNOWN, rank, 0)
    if example is None or plain is None:
        raise UnreadableError("the axes of the example are not those of this formula", *place)
    claim = _under(statement, operators, example, reading)
    other = _under(statement, operators, plain, UNKNOWN)
    used = frozenset(operators.formula.used)
    plain_claim = None if other == claim else other
    return OperatorClaim(
        claim, plain_claim, words, implied, guessed=guessed, used=used, second=second
    )


def _under(statement: str, operators: Operators, setting: Setting, reading: Notation) -> ClaimText:
    """Return a claim for every size of a setting; letters of the formula stand for themselves."""
    used, where = operators.formula.used, dict(operators.formula.where)
    where.update(dict.fromkeys(setting.where))
    padded = bool({PADDING, BEHIND} & used.keys()) or any(axis.low for axis in setting.axes)
    padding = reading.geometry.padding if reading.geometry else ()
    padded |= any(map(any, padding))
    dilated = DILATION in used or any(a.dilation != ONE for a in setting.axes)
    for axis, one in enumerate(setting.axes):
        if STRIDE not in used:
            where.update(dict.fromkeys(equation(STRIDES[axis], one.stride)))
        if padded and PADDING not in used:
            low = one.low
            after = Polynomial.constant(padding[axis][1]) if axis < len(padding) else low
            if "half" in used and _is_half(axis, reading):
                low = after = Polynomial.name([*HALVES.values()][axis])
            where.update(dict.fromkeys(equation(BEFORE[axis], low)))
            if BEHIND not in used:
                where.update(dict.fromkeys(equation(AFTER[axis], after)))
        if dilated and DILATION not in used:
            where.update(dict.fromkeys(equation(DILATIONS[axis], one.dilation)))
    if operators.formula.rank == 1:
        flat = [f"{name} == 1" for name in letters_on(1, Role.INPUT, Role.FILTER, Role.STRIDE)]
        flat += [f"{name} == 0" for name in letters_on(1, *AROUND) if padded]
        flat += [f"{name} == 1" for name in letters_on(1, Role.DILATION) if dilated]
        where.update(dict.fromkeys(flat))
    general = ("padding",) * padded + ("dilation",) * dilated + _crop(reading.geometry)
    return ClaimText(statement, tuple(where), general)


def _is_half(axis: int, reading: Notation) -> bool:
    """Whether the example is padded by half its filter, which keeps the size."""
    if reading.geometry is None or axis >= len(reading.geometry.axes):
        return False
    one = reading.geometry.axes[axis]
    return one.dilation == 1 and set(one.padding) == {one.filter // 2}


def _crop(geometry: Geometry | None) -> tuple[str, ...]:
    """Return what lets padding be negative, where the example's is."""
    cropped = geometry is not None and any(min(pair) < 0 for pair in geometry.padding)
    return ("crop",) if cropped else ()


def at_the_example(statement: str, geometry: Geometry) -> ClaimText:
    """Return a claim at the sizes of the document's example."""
    flat = (Axis(1, 1),) * (len(AXES) - len(geometry.axes))
    sizes = values(Geometry((*geometry.axes, *flat)))
    plain = letters(Role.INPUT_DILATION)  # no document has an input that is dilated
    listed = ", ".join(f"{name}={value}" for name, value in sizes.items() if name not in plain)
    return ClaimText(statement, general=("padding", "dilation", *_crop(geometry)), sizes=listed)
