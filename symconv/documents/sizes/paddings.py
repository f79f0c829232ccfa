"""Statements about padding: ``p = (R - 1)/2``, ``p_{full} = R - 1``, ``padding = R - 1 - p``.

Each of them is a choice that has a name: same, full, the padding of the input's gradient.  What
is none of them may be somebody's choice, and is not judged, unless its own name says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    WrittenQuotient,
)
from symconv.documents.sizes.letters import PADDING, SOLVED, namer
from symconv.documents.sizes.numbers import SIZE
from symconv.documents.sizes.windows import SMALL
from symconv.documents.source.place import Place
from symconv.documents.verdicts.verdict import AGREE, WRONG, EquationVerdict, Finding, not_judged
from symconv.errors import how_many
from symconv.geometry import Axis, Geometry
from symconv.polynomial import ONE, Polynomial

_STEMS = ("p", "pad", "padding", "P")


def is_padding(symbol: Symbol) -> bool:
    """Whether a name is one for padding: p, pad_h, p_{full}, padding', P'."""
    name = written(symbol)
    stem = name.split("_")[0].rstrip("'")
    return stem in _STEMS and name not in ("P",) and not name.startswith("P_full")


def judge_padding(
    left: Symbol,
    right: Expression,
    place: Place,
    example: Geometry | None,
    words: str,
    only: bool = False,
) -> EquationVerdict | None:
    """Return the verdict on a statement about padding, None where it says nothing.

    A full padding has to be said to be one, in its name or around it, or to be the example's.  With
    ``only``, for a letter that may mean a size, it says nothing unless it agrees or holds no extent
    but the filter's.
    """
    solved = _judge_solved(left, right, place)
    if only and (solved or any(name not in PADDING for name in names_in(right))):
        return solved if solved is not None and solved.verdict == AGREE else None
    if solved is not None:
        return solved
    name = written(left)
    label = name.partition("_")[2].lower()
    if isinstance(right, Number) or (isinstance(right, Symbol) and label != "full"):
        return None
    try:
        twice, floor = _doubled(right, PADDING)
    except UnreadableError as unreadable:
        if not _is_about_filters(right):
            return None  # a probability, perhaps
        return not_judged(SIZE, place, unreadable.reason, unreadable.place)
    if not _is_about_filters(right):
        return None
    known = _known(twice, floor)
    if label == "full" and known != _FULL:
        return _wrong(left, right, place, "a full convolution pads by d*(R - 1): R - 1")
    if known is None or (label == "same" and known != _SAME):
        return not_judged(SIZE, place, _NO_NAME, right.place)
    said = known == {"same": _SAME, "full": _FULL}.get(label) or any(
        word in words for word in _WORDS[known]
    )
    shown = example is not None and all(map(_PADS[known], example.axes))
    if not said and not shown and (known == _FULL or (known == _SAME and example is not None)):
        here = "which nothing here says" if example is None else "the example here is not so padded"
        return not_judged(SIZE, place, f"the padding that {_DOES[known]}; {here}", right.place)
    scope = _KEEPS if known == _SAME else ""
    return EquationVerdict(AGREE, SIZE, place, name.lower(), note=known, scope=scope)


def _is_about_filters(expression: Expression) -> bool:
    """Whether a filter's extent stands in an expression."""
    return any(PADDING.get(name) in ("R", "D") for name in names_in(expression))


def _judge_solved(left: Symbol, right: Expression, place: Place) -> EquationVerdict | None:
    """Return the verdict on a size solved for its padding, None where no extents stand there.

    Where windows of a padded input are to be Y, or X again where no Y is said, twice the padding
    is (Y - 1)*u + D - X; of a transposed convolution it is (X - 1)*u + D - Y.
    """
    try:
        twice, _ = _doubled(right, SOLVED)
    except UnreadableError:
        return None
    used = twice.names
    spread = next((s for needs, s in _SPREADS if needs <= used), None)
    if "X" not in used or spread is None:
        return None
    spelled = {SOLVED[name]: name for name in names_in(right)}
    x, y = Polynomial.name("X"), Polynomial.name("Y" if "Y" in used else "X")
    step = Polynomial.name("u") if "u" in used else ONE
    agreed = EquationVerdict(AGREE, SIZE, place, written(left).lower(), scope=_WHOLE)
    if twice == (y - 1) * step + spread + 1 - x:
        return replace(agreed, note=_SOLVED if "Y" in used else _SAME)
    if twice == (x - 1) * step + spread + 1 - y:
        return replace(agreed, note=_TRANSPOSED)
    if "Y" in used:
        names = sorted(used)
        for values in product(*(SMALL[name] for name in names)):
            sizes = dict(zip(names, values, strict=True))
            doubled = twice.evaluate(sizes)
            room = sizes["X"] + doubled - spread.evaluate(sizes) - 1
            windows = room // sizes.get("u", 1) + 1
            if doubled >= 0 and doubled % 2 == 0 and room >= 0 and windows != sizes["Y"]:
                shown = ", ".join(f"{spelled[name]}={sizes[name]}" for name in names)
                reason = f"at {shown}: so padded, an input has {how_many(windows, 'window')}"
                return _wrong(left, right, place, f"{reason}, not {sizes['Y']}")
    return not_judged(SIZE, place, _NO_NAME, right.place)


def _wrong(left: Symbol, right: Expression, place: Place, message: str) -> EquationVerdict:
    finding = Finding("SC240", right.place, message)
    return EquationVerdict(WRONG, SIZE, place, written(left).lower(), findings=(finding,))


_R, _D = Polynomial.name("R"), Polynomial.name("D")
_SPREADS = (
    ({"D"}, _D - 1),
    ({"R", "d"}, (_R - 1) * Polynomial.name("d")),
    ({"R"}, _R - 1),
)
"""The extent of the dilated filter less one, by the letters that it takes."""
_SAME, _FULL = "keeps the size", "of a full convolution"
_SOLVED, _TRANSPOSED = "that gives this output", "of a transposed convolution"
_WHOLE = "where it is a whole number"
_NO_NAME = "this is the padding neither of same, nor of full, nor of the gradient"
_KEEPS = "for stride 1 and odd filters"
_GRADIENT = "of the input's gradient"
_WORDS = {_SAME: ("same", "keep", "preserv", "half"), _FULL: ("full",), _GRADIENT: ()}
_PADS: Mapping[str, Callable[[Axis], bool]] = {
    _SAME: lambda axis: set(axis.padding) == {(axis.extent - 1) // 2},
    _FULL: lambda axis: set(axis.padding) == {axis.extent - 1},
    _GRADIENT: lambda axis: True,
}
_DOES = {_SAME: "keeps the size", _FULL: "a full convolution has"}


def _doubled(expression: Expression, table: Mapping[str, str]) -> tuple[Polynomial, bool]:
    """Return twice the padding, and whether it is rounded down.

    Raises:
        UnreadableError: a letter or a divisor that is not known.
    """
    floor = isinstance(expression, Floor)
    inside = expression.of if isinstance(expression, Floor) else expression
    name = namer(table)
    if isinstance(inside, WrittenQuotient):
        if affine.polynomial(inside.below, name).value != 2:
            raise UnreadableError("this divisor is not understood", *inside.below.place)
        return affine.polynomial(inside.above, name), floor
    return affine.polynomial(inside, name) * 2, floor


def _known(twice: Polynomial, floor: bool) -> str | None:
    """Return what a padding is good for, None where it is none that has a name."""
    for _, spread in _SPREADS:
        if twice == spread or (floor and twice == spread + 1 and ("d",) not in twice.terms
                               and ("R",) in twice.terms and len(twice.terms) == 1):  # fmt: skip
            return _SAME
        if twice == spread * 2:
            return _FULL
        for padding in ("p", "l", "h"):
            if twice == (spread - Polynomial.name(padding)) * 2:
                return _GRADIENT
    return None
