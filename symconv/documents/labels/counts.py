r"""Letters that count elements: M is the filter's extent in \sum_{m=1}^{M} w_m x_{i+m-1}.

A sum over all of m says no more of M than how many w_m there are.  That is a guess: it may show
that a formula is right, never that it is wrong.  A letter counts the same in all formulas.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import NamedTuple

from symconv.documents.formulas.counted import Counted
from symconv.documents.formulas.letters import meaning
from symconv.documents.formulas.roles import element, factors_of
from symconv.documents.formulas.stated import StatedFormula
from symconv.documents.index_formulas.signs import LetterRun, joined, ranges_in, runs
from symconv.documents.labels.labels import Indexed, indexed
from symconv.documents.mathematics.syntax import (
    BigSum,
    Expression,
    UnreadableError,
)
from symconv.documents.mathematics.tokens import Token
from symconv.documents.mathematics.walk import mapped


class LabelledAxis(NamedTuple):
    """One axis of a tensor, which may have a gradient's own name."""

    tensor: str
    number: int


Axes = frozenset[LabelledAxis]
_SHAPE = re.compile(
    r"(?P<name>[A-Za-z])\}{0,2} {0,2}\\in {0,2}\\(?:mathbb ?\{?R\}?|R)\^"
    r"(?P<shape>\{[^{}]{1,60}\}|[A-Za-z])"
)
_MOST = 100
"""So many elements at most stand in a formula that is looked at."""


def with_counts(
    formulas: Sequence[StatedFormula], taken: AbstractSet[str], text: str = ""
) -> list[StatedFormula]:
    """Return formulas with what their letters count.

    Args:
        formulas: the formulas of a document.
        taken: letters that count channels.
        text: the document, which may say of what tensor's shape a letter is.
    """
    votes: dict[str, Counter[Axes]] = {}
    shapes = _shapes(text)
    found = [
        {a: axes for a, axes in _counting(formula, taken).items() if _fits(axes, shapes.get(a))}
        for formula in formulas
    ]
    for counted in found:
        for letter, axes in counted.items():
            votes.setdefault(letter, Counter())[axes] += 1
    meant = {letter: _most(said) for letter, said in votes.items()}
    return [
        _resolved(formula, {a: axes for a, axes in own.items() if meant[a] == axes}, shapes.keys())
        for formula, own in zip(formulas, found, strict=True)
    ]


def _shapes(text: str) -> dict[str, set[str]]:
    r"""Return the tensors in whose shapes letters stand, as in x \in \mathbb{R}^n."""
    found: dict[str, set[str]] = {}
    for shape in _SHAPE.finditer(text):
        for letter in re.findall("[A-Za-z]", shape["shape"]):
            found.setdefault(letter, set()).add(shape["name"].casefold())
    return found


def _fits(axes: Axes, tensors: AbstractSet[str] | None) -> bool:
    return tensors is None or all(axis.tensor.casefold() in tensors for axis in axes)


def _most(said: Counter[Axes]) -> Axes | None:
    """Return what most formulas say, None where as many say something else."""
    (first, most), *others = [*said.most_common(2)]
    return None if others and others[0][1] == most else first


def _counting(formula: StatedFormula, taken: AbstractSet[str]) -> dict[str, Axes]:
    """Return the axes that letters of a formula may count."""
    try:
        here = [run for side in formula.sides[1:] for run in ranges_in(side)]
        elements = list(_elements(formula))
    except UnreadableError:
        return {}
    if len(elements) > _MOST or not any(one.inside for one in elements):
        return {}  # where nothing slides, a letter may count anything
    found: dict[str, set[LabelledAxis]] = {}
    spoken = {*taken, *(name for one in elements for name in (*one.names, *one.inside))}
    for run in here:
        axes = {axis for name in run.names for axis in _axes(name, elements)}
        if run.whole and len(run.letters) == 1 and len(axes) == len(run.names):
            found.setdefault(next(iter(run.letters)), set()).update(axes)
        else:
            spoken |= run.letters
    unknown = {
        letter: frozenset(axes)
        for letter, axes in found.items()
        if letter not in spoken and meaning(letter) is None and len({a.tensor for a in axes}) == 1
    }
    told = Counter(axis for axes in unknown.values() for axis in axes)
    counted = {axis for axis, letters in told.items() if letters == 1}
    summed = {axis for run in here for name in run.names for axis in _axes(name, elements)}
    # Beside a known size on the other axis, or another letter, an unknown one is no style.
    half = {axis.tensor for axis in summed - counted}
    return {a: axes for a, axes in unknown.items() if half.isdisjoint(x.tensor for x in axes)}


def _elements(formula: StatedFormula) -> Iterator[Indexed]:
    for factor in (factor for side in formula.sides[1:] for factor in factors_of(side)):
        if (one := element(factor)) is not None:
            yield from (indexed(symbol) for symbol in (one.symbol, one.of) if symbol is not None)


def _axes(name: str, elements: Sequence[Indexed]) -> set[LabelledAxis]:
    """Return the axes that an index reads by itself."""
    return {
        LabelledAxis(one.symbol.name, k)
        for one in elements
        for k, own in enumerate(one.names)
        if own == name
    }


def _resolved(
    formula: StatedFormula, counted: Mapping[str, Axes], said: AbstractSet[str]
) -> StatedFormula:
    if not counted:
        return formula
    left, *others = formula.sides
    elements = list(_elements(formula))
    letters = {
        letter: Counted(letter, *min(axes), square=len(axes) > 1, said=letter in said)
        for letter, axes in counted.items()
    }
    return replace(formula, sides=(left, *(_side(side, elements, letters) for side in others)))


def _side(
    tree: Expression, elements: Sequence[Indexed], counted: Mapping[str, Counted]
) -> Expression:
    """Return a side whose sum signs say what their letters count."""
    match tree:
        case BigSum(of=inside):
            found = [_run(run, elements, counted) for run in runs(tree)]
            return replace(
                tree,
                below=tuple(joined([run.below for run in found])),
                above=tuple(joined([run.above for run in found if run.above])),
                of=_side(inside, elements, counted),
            )
    return mapped(tree, lambda part: _side(part, elements, counted))


def _run(run: LetterRun, elements: Sequence[Indexed], counted: Mapping[str, Counted]) -> LetterRun:
    letter = next((a for a in run.letters if a in counted), None)
    if letter is None:
        return run
    axis = min(axis for name in run.names for axis in _axes(name, elements))
    meant = counted[letter]._replace(tensor=axis.tensor, axis=axis.number)

    def told(words: Sequence[Token]) -> tuple[Token, ...]:
        return tuple(t._replace(text=meant.text) if t.text == letter else t for t in words)

    return replace(run, below=told(run.below), above=told(run.above))
