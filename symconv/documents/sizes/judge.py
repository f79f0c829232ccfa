"""Size statements: ``P = \\lfloor (H - R)/u \\rfloor + 1``, in chains, in pairs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

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
from symconv.documents.sizes.letters import STATED, SizeName
from symconv.documents.sizes.mends import mend
from symconv.documents.sizes.numbers import SIZE, arithmetic, judge_numbers
from symconv.documents.sizes.paddings import is_padding, judge_padding
from symconv.documents.sizes.spreads import is_spread, judge_spread
from symconv.documents.sizes.windows import WindowCount
from symconv.documents.source.place import Place
from symconv.documents.verdicts.verdict import (
    AGREE,
    WRONG,
    EquationVerdict,
    not_judged,
    worst,
)
from symconv.geometry import Axis, Geometry

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
    if is_spread(left) and (spread := judge_spread(left, right, place)) is not None:
        return spread
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
    if found.verdict != AGREE and written(left) == "P":  # somebody's letter for the padding
        found = judge_padding(left, right, place, example, words, only=True) or found
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
            return written(left) in STATED or is_padding(left) or is_spread(left)
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
            size = WindowCount.of(left, right, stated, table, place)
        except UnreadableError as unreadable:
            errors.append(unreadable)
            continue
        if {"D", "R"} <= size.used:
            continue  # the dilated filter's extent beside its own
        shown = size.numbers_shown(beside) if beside is not None else ""
        if shown and stated.forward and not stated.primed:
            letters = size.used | {n[0] for n in ("padding", "dilation") if n in shown}
            limit = size.where_whole(letters) if not size.is_whole else ""
            scope = "; ".join(filter(None, (f"{shown}, as is said here", limit)))
            found.append(replace(size.agreed(), scope=scope))
            continue
        verdict = size.verdict()
        if verdict.verdict == WRONG:
            verdict = _wrong(size, verdict, words)
        if stated.forward and verdict.verdict == AGREE and not verdict.note:
            limit = "" if size.is_whole else size.where_whole(size.used)
            verdict = held(replace(verdict, scope=limit), size.used, axes, beside)
        found.append(verdict)
    if found:
        return next((j for j in found if j.verdict == AGREE), found[0])
    furthest = max(errors, key=lambda error: error.place.start)
    return not_judged(SIZE, place, furthest.reason, furthest.place)


def _wrong(size: WindowCount, verdict: EquationVerdict, words: str) -> EquationVerdict:
    """Return what is wrong with its mend, unless it may be the size of a pooling."""
    if size.is_rounded_up and (size.would_be_ceiled or _CEILED.search(words)):
        reason = "a size that is rounded up is that of a pooling in ceil mode, which is not judged"
        return not_judged(SIZE, size.place, reason, size.right.place)
    edit = mend(size.right, size.holds)
    (finding,) = verdict.findings
    return replace(verdict, findings=(replace(finding, edit=edit),))
