r"""The forward pass written with operators, Y = conv(pad(X, p), F, stride=s), as a relation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from symconv.documents.formulas.convention import Convention
from symconv.documents.formulas.gathered import GatheredFormula
from symconv.documents.formulas.letters import (
    BEFORE,
    DILATION,
    DILATIONS,
    PADDING,
    SECOND_MEANINGS,
    STRIDE,
    STRIDES,
    Meaning,
    meaning,
)
from symconv.documents.formulas.own_letters import meanings
from symconv.documents.formulas.relation import extents_of
from symconv.documents.formulas.setting import OneAxis, Setting, mirrored
from symconv.documents.mathematics.syntax import (
    Call,
    Expression,
    Power,
    Symbol,
    UnreadableError,
    WrittenProduct,
)
from symconv.documents.operators.claims import without_bias
from symconv.documents.operators.formula import (
    CORRELATION,
    PAD,
    SIGNS,
    SLIDES,
    Operators,
    bound,
    is_correlation,
    is_keyword,
    parted,
)
from symconv.polynomial import ONE, ZERO, Polynomial

_FAMILIES = {
    "stride=": STRIDE, "dilation=": DILATION, "padding=": PADDING, "pad=": PADDING,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Slide:
    """What slides over what, with its keywords."""

    operands: tuple[Expression, Expression]
    keywords: tuple[Call, ...] = ()
    correlation: bool = False


class OperatorForward(NamedTuple):
    """What an operator formula of the output says: its input, its filter, and the relation."""

    input: str
    filter: str
    settings: tuple[Setting, ...]


def operator_forward(right: Expression, notation: Convention) -> OperatorForward | None:
    """Return what an operator formula of the output says, None where it is not understood.

    A turned filter is that of a true convolution, or it undoes one where a word may mean either.
    """
    slide = _slide(without_bias(right))
    operands = _operands(slide, notation) if slide is not None else None
    if slide is None or operands is None:
        return None
    found: list[Setting] = []
    for second in SECOND_MEANINGS:
        formula = GatheredFormula(notation, notation.rank or 2, 0, second)
        try:
            axes = _axes(slide.keywords, operands.amounts, formula)
        except UnreadableError:
            continue
        if not second <= formula.ambiguous:
            continue
        if operands.turned:
            either: tuple[bool, ...] = (True,) if slide.correlation else (False, True)
        else:
            either = (False,)
        for flipped in either:
            one = Setting(
                axes, 0, flipped, where=extents_of(formula), spelled=dict(formula.spelled)
            )
            if one not in found:
                found.append(one)
    return OperatorForward(operands.input, operands.filter, tuple(found)) if found else None


def forward_letters(right: Expression) -> dict[str, Meaning]:
    """Return what letters mean by the keywords and operators that they stand in.

    A letter that has a usual meaning keeps it: a keyword with another one's letter is a slip.
    """
    slide = _slide(without_bias(right))
    if slide is None:
        return {}
    places: dict[str, str] = {}
    for keyword in slide.keywords:
        family = _FAMILIES.get(keyword.name)
        if family is not None and len(keyword.arguments) == 1:
            places |= dict.fromkeys(_letter(keyword.arguments[0]), family)
    for operand in slide.operands:
        match operand:
            case Call(name, (_, amount)) if PAD.match(name.lower().strip()):
                places |= dict.fromkeys(_letter(amount), PADDING)
    return meanings((places, places))


def forward_operands(right: Expression) -> tuple[str, str] | None:
    """Return the names of input and filter by what is done to them, None where nothing tells.

    What is padded is the input, what is turned is the filter.
    """
    slide = _slide(without_bias(right))
    if slide is None:
        return None
    for a, b in (slide.operands, slide.operands[::-1]):
        padded = isinstance(a, Call) and PAD.match(a.name.lower().strip()) is not None
        bare = a.arguments[0] if isinstance(a, Call) and padded and a.arguments else a
        if not isinstance(bare, Symbol) or bare.index is not None:
            continue
        names = {name for name in _names(b) if name != bare.name}
        if len(names) == 1 and (padded or not isinstance(b, Symbol)):
            return bare.name, names.pop()
    return None


def _letter(expression: Expression) -> Iterator[str]:
    if not isinstance(expression, Symbol) or expression.index is not None:
        return
    known = meaning(expression.name)
    if known is None or known.guessed or known.axis == 1:
        yield expression.name


def _slide(right: Expression) -> _Slide | None:
    """Return the one convolution that an expression is, None for another one."""
    match right:
        case Call(name, arguments) if SLIDES.match(name.lower().strip()):
            operands = [a for a in arguments if not is_keyword(a)]
            keywords = [a for a in arguments if is_keyword(a)]
            calls = tuple(k for k in keywords if isinstance(k, Call) and k.name in _FAMILIES)
            if len(operands) != 2 or len(calls) < len(keywords):
                return None
            bare = is_correlation(name.lower().strip())
            return _Slide((operands[0], operands[1]), calls, bare)
        case WrittenProduct():
            factors, signs = bound(right)
            if len(factors) == 2 and signs and parted(signs[0])[0] in SIGNS:
                return None if parted(signs[0])[1] else _Slide((factors[0], factors[1]))
    return None


class _Operands(NamedTuple):
    """Input and filter by their names, how much the input is padded, and whether the filter turns.

    ``amounts`` is empty where nothing is padded.
    """

    input: str
    filter: str
    amounts: tuple[Expression, ...]
    turned: bool


def _operands(slide: _Slide, notation: Convention) -> _Operands | None:
    """Return what slides over what, in either order; None for other things."""
    for a, b in (slide.operands, slide.operands[::-1]):
        amounts: tuple[Expression, ...] = ()
        match a:
            case Call(name, (inside, *said)) if PAD.match(name.lower().strip()):
                a, amounts = inside, tuple(said)
        filter_ = _filter(b, notation)
        if filter_ is None or not isinstance(a, Symbol) or a.index is not None:
            continue
        if notation.role(a.name) == "X":
            return _Operands(a.name, filter_[0], amounts, filter_[1])
    return None


def _filter(expression: Expression, notation: Convention) -> tuple[str, bool] | None:
    """Return the filter's name and whether it is turned, None for another thing."""
    try:
        found = Operators(notation, CORRELATION).tensor(expression)
    except UnreadableError:
        return None
    names = {name for name in _names(expression) if notation.role(name) == "F"}
    if found not in ("F", "rotate(F)") or len(names) != 1:
        return None
    return names.pop(), found != "F"


def _names(expression: Expression) -> Iterator[str]:
    match expression:
        case Symbol(name):
            yield name
        case Call(_, parts) | WrittenProduct(parts):
            for part in parts:
                yield from _names(part)
        case Power(base):
            yield from _names(base)


def _axes(
    keywords: Sequence[Call], amounts: Sequence[Expression], formula: GatheredFormula
) -> tuple[OneAxis, ...]:
    """Return the relation on each axis.

    Raises:
        UnreadableError: something is not known, or padded twice.
    """
    said = {_FAMILIES[k.name]: _steps(k.arguments, formula) for k in keywords}
    if amounts and PADDING in said:
        raise UnreadableError("padded twice", *amounts[0].place)
    nothing = (ZERO,) * formula.rank
    lows = _steps(amounts, formula) if amounts else said.get(PADDING, nothing)
    ones = (ONE,) * formula.rank
    strides, dilations = said.get(STRIDE, ones), said.get(DILATION, ones)
    for steps, names in ((strides, STRIDES), (dilations, DILATIONS)):
        if not all(_is_step(step, names) for step in steps):
            raise UnreadableError("a letter for something else", *keywords[0].place)
    if PADDING in formula.used and not all(_is_step(low, BEFORE) for low in lows):
        raise UnreadableError("the padding is not the letter's", *(amounts or keywords)[0].place)
    return tuple(OneAxis(*part) for part in zip(strides, dilations, lows, strict=True))


def _is_step(size: Polynomial, names: tuple[str, ...]) -> bool:
    """Whether a size is a number, or one of the letters that stand for it."""
    return size.value is not None or any(size == Polynomial.name(name) for name in names)


def _steps(arguments: Sequence[Expression], formula: GatheredFormula) -> tuple[Polynomial, ...]:
    """Return one size for each axis.

    Raises:
        UnreadableError: more than that, or a letter that is not known.
    """
    if len(arguments) == 1 and isinstance(arguments[0], Call) and not arguments[0].name:
        arguments = arguments[0].arguments
    if len(arguments) > formula.rank:
        raise UnreadableError("more sizes than axes", *arguments[0].place)
    sizes = [formula.polynomial(argument) for argument in arguments]
    return (*sizes, *(mirrored(size) for size in sizes * (formula.rank - len(sizes))))
