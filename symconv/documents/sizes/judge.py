"""Size statements: ``P = \\lfloor (H - R)/u \\rfloor + 1``, and the same with numbers.

A statement is brought to the form floor(N/u); it is right iff N is the polynomial
H + lo + hi - D + u, with D = d*(R - 1) + 1, or where a transposed convolution makes the size
(P - 1)*u + D - lo - hi.  Two polynomials are equal or they are not, and where they are not, small
sizes show it.  A statement that leaves the filter out is about something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from symconv.documents.formulas import affine
from symconv.documents.formulas.index_words import names_in, written
from symconv.documents.mathematics.syntax import (
    Expression,
    Floor,
    Number,
    Symbol,
    UnreadableError,
    WrittenProduct,
    WrittenQuotient,
    WrittenSum,
)
from symconv.documents.mathematics.walk import walk
from symconv.documents.sizes.examples import ShownParts, axes_of, held
from symconv.documents.sizes.letters import STATED, SizeName, namer
from symconv.documents.sizes.numbers import SIZE, arithmetic, judge_numbers
from symconv.documents.sizes.paddings import is_padding, judge_padding
from symconv.documents.source.place import Place
from symconv.documents.verdicts.scopes import dividing
from symconv.documents.verdicts.verdict import (
    AGREE,
    WRONG,
    EquationVerdict,
    Finding,
    not_judged,
    worst,
)
from symconv.errors import how_many
from symconv.geometry import Axis, Geometry
from symconv.polynomial import ONE, ZERO, Polynomial

_SMALL = {
    "X": range(3, 9), "R": range(1, 4), "u": range(1, 4), "p": range(2), "d": range(1, 3),
    "D": range(1, 4), "l": range(2), "h": range(2), "a": range(2),
}  # fmt: skip
_CEILED = re.compile(r"\bceil|\bround(?:ed|s|ing)? up|\bpool", re.IGNORECASE)


def judge_size(
    sides: tuple[Expression, ...],
    place: Place,
    example: Geometry | None = None,
    words: str = "",
    beside: ShownParts | None = None,
) -> EquationVerdict | None:
    """Return the verdict on a size statement, None where it is none.

    Args:
        sides: what is said to be equal.
        place: all of it.
        example: the sizes of the example that it stands beside.
        words: what is said around it.
        beside: what hints or the forward formula before it say; None where nothing does.
    """
    sides = _without_names(sides)
    left, right = sides[0], sides[1]
    if _is_pair(left) and _is_pair(right):
        return _judge_pair(sides, place, example, words, beside)
    if arithmetic(left) is not None:
        return judge_numbers(sides, place, example, words)
    if not isinstance(left, Symbol) or arithmetic(right) is not None:
        return judge_numbers(sides[1:], place, example, words) if len(sides) > 2 else None
    if is_padding(left):
        return judge_padding(left, right, place, example, words)
    stated = STATED.get(written(left))
    if stated is None or isinstance(right, (Number, Symbol)):
        return None
    if not _is_made(right):
        return None
    if written(left) in ("i", "n") and not set(names_in(right)) & set(stated.others):
        return None  # an index
    found = _judge(left, right, stated, place, axes_of(example, stated.axis), beside, words)
    numbers = judge_numbers(sides[2:], place, example, words) if len(sides) > 3 else None
    return found if numbers is None else worst([found, numbers])


def _without_names(sides: tuple[Expression, ...]) -> tuple[Expression, ...]:
    """Return H = .. for a chain H = W = .. of sizes with several names."""
    first = next((k for k, side in enumerate(sides) if not _is_named(side)), len(sides))
    return (sides[0], *sides[first:]) if 1 < first < len(sides) else sides


def _is_named(side: Expression) -> bool:
    return isinstance(side, Symbol) and written(side) in STATED


def _is_made(expression: Expression) -> bool:
    """Whether an expression is a product with a sum or a division in it, as every size is."""
    parts = walk(expression, into=lambda node: isinstance(node, WrittenProduct))
    return any(isinstance(part, (WrittenSum, WrittenQuotient, Floor)) for part in parts)


def is_size(left: Expression) -> bool:
    """Whether the left side of a statement is the name of a size: H_{out}, p_{full}."""
    match left:
        case Symbol():
            return written(left) in STATED or is_padding(left)
        case WrittenProduct((Symbol() as height, Symbol() as width), ("\\times",)):
            pair = STATED.get(written(height)), STATED.get(written(width))
            return [size.axis for size in pair if size] in ([0, 1], [2, 2])
    return False


def _is_pair(expression: Expression) -> bool:
    """Whether an expression is a height times a width."""
    match expression:
        case WrittenProduct((a, b), ("\\times",)):
            return arithmetic(a) is None and arithmetic(b) is None
    return False


def _judge_pair(
    sides: tuple[Expression, ...],
    place: Place,
    example: Geometry | None,
    words: str,
    beside: ShownParts | None,
) -> EquationVerdict | None:
    """Judge P x Q = (H - R + 1) x (W - S + 1), side by side."""
    left, right = sides[:2]
    if not isinstance(left, WrittenProduct) or not isinstance(right, WrittenProduct):
        return None
    pairs = zip(left.factors, right.factors, strict=True)
    found = [judge_size(pair, place, example, words, beside) for pair in pairs]
    if len(sides) != 2 or any(j is None for j in found):
        return None
    return worst([j for j in found if j is not None])


def _judge(
    left: Symbol,
    right: Expression,
    stated: SizeName,
    place: Place,
    axes: Sequence[Axis],
    beside: ShownParts | None,
    words: str,
) -> EquationVerdict:
    """Judge a size under every meaning of its letters, the likeliest first."""
    found: list[EquationVerdict] = []
    errors: list[UnreadableError] = []
    for table in stated.tables(written(left)):
        try:
            above, below = quotient(right, table)
        except UnreadableError as unreadable:
            errors.append(unreadable)
            continue
        used = {*above.names, *below.names}
        if {"D", "R"} <= used:
            continue  # the dilated filter's extent beside its own
        shown = _numbers_shown(above, below, beside) if beside is not None else ""
        if shown and stated.forward and not stated.primed:
            agreed = EquationVerdict(AGREE, SIZE, place, written(left).lower())
            letters = used | {name[0] for name in ("padding", "dilation") if name in shown}
            exact = below != ONE and not _is_rounded(right)
            limit = _where_whole(agreed, letters, stated).scope if exact else ""
            scope = "; ".join(filter(None, (f"{shown}, as is said here", limit)))
            found.append(replace(agreed, scope=scope))
            continue
        verdict = _verdict(above, below, stated, place, right.place, written(left))
        if verdict.verdict == WRONG and (reason := _rounded_up(right, above, below, used, words)):
            verdict = not_judged(SIZE, place, reason, right.place)
        if stated.forward and verdict.verdict == AGREE and not verdict.note:
            exact = below != ONE and not _is_rounded(right)
            whole = _where_whole(verdict, used, stated) if exact else verdict
            verdict = held(whole, used, axes, beside)
        found.append(verdict)
    if found:
        return next((j for j in found if j.verdict == AGREE), found[0])
    return not_judged(SIZE, place, errors[0].reason, errors[0].place)


def _rounded_up(
    right: Expression, above: Polynomial, below: Polynomial, used: set[str], words: str
) -> str:
    """Return why a size that is rounded up is not wrong, "" where it is none, or may be.

    A pooling in ceil mode has windows that begin inside and end outside: one more where the stride
    does not divide.
    """
    if not _is_rounded(right, up=True):
        return ""
    windows = _windows(_spread(used), _padding(used), below)
    if above != windows + below - 1 and _CEILED.search(words) is None:
        return ""
    return "a size that is rounded up is that of a pooling in ceil mode, which is not judged"


def _is_rounded(expression: Expression, up: bool = False) -> bool:
    """Whether a size is rounded, and not divided exactly; with ``up`` whether upwards."""
    return any(isinstance(part, Floor) and (part.up or not up) for part in walk(expression))


def _where_whole(judgement: EquationVerdict, used: set[str], stated: SizeName) -> EquationVerdict:
    """Return what agrees where a quotient is a whole number."""
    general = ["padding"] * bool(used & set("plh")) + ["dilation"] * bool(used & {"d", "D"})
    return replace(judgement, scope=dividing(general, "p" in used, stated.axis % 2))


def quotient(expression: Expression, table: Mapping[str, str]) -> tuple[Polynomial, Polynomial]:
    """Return N and u of floor(N/u), for sums of a quotient and a rest, with or without the floor.

    Raises:
        UnreadableError: two quotients, or a letter that is not in the table.
    """
    name = namer(table)
    terms = expression.terms if isinstance(expression, WrittenSum) else ((1, expression),)
    above, below, rest = ZERO, ONE, ZERO
    quotients = 0
    for sign, term in terms:
        inside: Expression = term.of if isinstance(term, Floor) else term
        if isinstance(inside, WrittenQuotient) and sign == 1:
            quotients += 1
            above = affine.polynomial(inside.above, name)
            below = affine.polynomial(inside.below, name)
        elif inside is not term and sign == 1:
            above, below = quotient(inside, table)
            quotients += 1
        else:
            rest = rest + affine.polynomial(term, name) * sign
        if isinstance(term, Floor) and term.up:
            above = above + below - 1
    if quotients > 1:
        raise UnreadableError("two quotients in one size", *expression.place)
    return above + rest * below, below


def _verdict(
    above: Polynomial,
    below: Polynomial,
    stated: SizeName,
    place: Place,
    wrong: Place,
    target: str,
) -> EquationVerdict:
    used = {*above.names, *below.names}
    if below not in (Polynomial.name("u"), ONE):
        return not_judged(SIZE, place, "this divisor is not understood", wrong)
    spread = _spread(used)
    padding = _padding(used)
    windows = _windows(spread, padding, below)
    if stated.forward and above == windows and not target.endswith("_full"):
        if stated.primed:
            return not_judged(SIZE, place, "right, but not of a transposed convolution", wrong)
        return EquationVerdict(AGREE, SIZE, place, target.lower())
    full = _windows(spread, spread * 2, below)
    transposed = _transposed(used, spread, padding)
    if below == ONE and above == transposed and ("u" in used or not stated.forward):
        found = EquationVerdict(
            AGREE, SIZE, place, target.lower(), note="of a transposed convolution"
        )
        return found if "a" in used or "u" not in used else _where_whole(found, used, stated)
    if above == full and stated.primed:
        return EquationVerdict(AGREE, SIZE, place, target.lower(), note="of a full convolution")
    if above in (full, transposed):
        return not_judged(SIZE, place, "right for a full convolution, which nothing here says")
    if not used & {"R", "D"} or "X" not in used:
        return not_judged(SIZE, place, "no filter or no other extent stands in this size", wrong)
    backward = not stated.forward or (
        below == ONE and any({"X", "u"} <= set(m) for m in above.terms)
    )
    if target.endswith("_full"):
        return _against(above, below, full, place, wrong, target)
    if backward:
        return _inverted(above, (spread, padding), below, place, wrong, target)
    return _against(above, below, windows, place, wrong, target)


def _numbers_shown(above: Polynomial, below: Polynomial, beside: ShownParts) -> str:
    """Return the numbers beside it with which a size is right: ``with stride 2``, "" for none."""
    used = {*above.names, *below.names}
    spread, padded = _spread(used), _padding(used)
    step = Polynomial.name("u") if "u" in used else ONE
    parts = []
    if beside.stride.isdecimal() and "u" not in used:
        step = Polynomial.constant(int(beside.stride))
        parts.append(f"stride {beside.stride}")
    if beside.padding.isdecimal() and not used & set("plh"):
        padded = Polynomial.constant(2 * int(beside.padding))
        parts.append(f"padding {beside.padding}")
    if beside.dilation.isdecimal() and not used & set("dD"):
        spread = spread * int(beside.dilation)
        parts.append(f"dilation {beside.dilation}")
    right = below == step and above == _windows(spread, padded, step)
    return f"with {' and '.join(parts)}" if right and parts else ""


def _spread(used: set[str]) -> Polynomial:
    """Return D - 1 with the names that a statement uses."""
    if "D" in used:
        return Polynomial.name("D") - 1
    filter_ = Polynomial.name("R") - 1
    return filter_ * Polynomial.name("d") if "d" in used else filter_


def _padding(used: set[str]) -> Polynomial:
    """Return lo + hi with the names that a statement uses."""
    if used & {"l", "h"}:
        return Polynomial.name("l") + Polynomial.name("h")
    return Polynomial.name("p") * 2 if "p" in used else ZERO


def _windows(spread: Polynomial, padding: Polynomial, below: Polynomial) -> Polynomial:
    """Return X + lo + hi - D + u."""
    return Polynomial.name("X") + padding - (spread + 1) + below


def _transposed(used: set[str], spread: Polynomial, padding: Polynomial) -> Polynomial:
    """Return (X - 1)*u + D - lo - hi, and what is added at the end."""
    step = Polynomial.name("u") if "u" in used else ONE
    total = (Polynomial.name("X") - 1) * step + spread + 1 - padding
    return total + Polynomial.name("a") if "a" in used else total


def _against(
    above: Polynomial,
    below: Polynomial,
    wanted: Polynomial,
    place: Place,
    wrong: Place,
    target: str,
) -> EquationVerdict:
    """Return the verdict wrong with the smallest sizes that show it, if any do."""
    for sizes in _choices(above, below, wanted):
        if wanted.evaluate(sizes) - below.evaluate(sizes) < 0:
            continue
        said = above.evaluate(sizes) // below.evaluate(sizes)
        true = wanted.evaluate(sizes) // below.evaluate(sizes)
        if said != true:
            reason = (
                f"at {_shown(sizes, target)} {how_many(true, 'window')} would be right, not {said}"
            )
            return _wrong(reason, place, wrong, target)
    return not_judged(SIZE, place, "no small size decides this", wrong)


def _inverted(
    above: Polynomial,
    relation: tuple[Polynomial, Polynomial],
    below: Polynomial,
    place: Place,
    wrong: Place,
    target: str,
) -> EquationVerdict:
    """Return the verdict wrong where the stated size does not have X windows."""
    if below != ONE:
        return not_judged(SIZE, place, "a quotient in a transposed size is not read", wrong)
    spread, padding = relation
    for sizes in _choices(above, spread, padding, Polynomial.name("u")):
        said = above.evaluate(sizes)
        windows = (said + padding.evaluate(sizes) - spread.evaluate(sizes) - 1) // sizes["u"] + 1
        if windows != sizes["X"]:
            reason = (
                f"at {_shown(sizes, target)} an extent of {said} has {how_many(windows, 'window')}"
            )
            return _wrong(reason, place, wrong, target)
    return not_judged(SIZE, place, "right for some remainder of the stride", wrong)


def _wrong(reason: str, place: Place, wrong: Place, target: str) -> EquationVerdict:
    finding = Finding("SC240", wrong, reason)
    return EquationVerdict(WRONG, SIZE, place, target.lower(), findings=(finding,))


def _choices(*polynomials: Polynomial) -> Iterator[dict[str, int]]:
    """Yield small values of every name in polynomials."""
    used = sorted({name for polynomial in polynomials for name in polynomial.names})
    for values in product(*(_SMALL[name] for name in used)):
        yield dict(zip(used, values, strict=True))


def _shown(sizes: Mapping[str, int], target: str) -> str:
    """Return sizes in words, the other extent by its usual letter."""
    stated = STATED.get(target)
    other = stated.others[0] if stated else "X"
    return ", ".join(f"{other if name == 'X' else name}={n}" for name, n in sizes.items())
