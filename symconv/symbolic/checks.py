"""Checks one rewriting: both sides at small sizes, and every condition for every size."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from symconv.errors import FormulaError
from symconv.proof.certificate import Certificate
from symconv.proof.explain import identity
from symconv.proof.obligations import Obligation
from symconv.proof.recheck import check
from symconv.proof.search import OutOfTimeError, Search
from symconv.proof.verdict import Verdict
from symconv.symbolic.arrays import Array, array, drawn
from symconv.symbolic.board import Board, Rewriting
from symconv.symbolic.convolution import Convolution
from symconv.symbolic.evaluate import EvaluationError, evaluate
from symconv.symbolic.expressions import Expr

TIMEOUT = 30.0
"""Seconds after which a condition for which no certificate was found is not judged."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A side condition, with the identity that settles it for every size.

    Attributes:
        words: what it says.
        states: the comparison.
        verdict: proved, or not judged.
        because: the identities, lemmas first; or why it is not judged.
    """

    words: str
    states: str
    verdict: Verdict
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Small sizes at which a step is wrong: one element, before and after.

    Attributes:
        sizes: the value of every size.
        index: the element.
        before: its value as it was.
        after: its value, or why it has none.
    """

    sizes: Mapping[str, int]
    index: Mapping[str, int]
    before: int
    after: int | str


@dataclass(frozen=True, slots=True)
class Check:
    """What can be said of one step.

    Attributes:
        verdict: of the rewriting and its conditions together.
        sizes: at how many choices of sizes both sides were evaluated.
        elements: how many elements were compared.
        conditions: the side conditions.
        failure: where it fails; present iff refuted.
        reason: why it is not judged; present iff so.
    """

    verdict: Verdict
    sizes: int
    elements: int
    conditions: tuple[Condition, ...]
    failure: Failure | None = None
    reason: str | None = None


@dataclass(slots=True)
class Checker:
    """Checks rewritings of one convolution; remembers values and certificates.

    Attributes:
        convolution: whose sizes are tried.
        search: where certificates come from.
    """

    convolution: Convolution
    search: Search = field(default_factory=Search)
    _grid: tuple[dict[str, int], ...] = ()

    def check(self, rewriting: Rewriting) -> Check:
        """Return the verdict on ``rewriting``."""
        self.search.deadline = time.monotonic() + TIMEOUT
        conditions = tuple(map(self.condition, rewriting.conditions))
        self._grid = self._grid or self.convolution.grid()
        elements = 0
        for sizes in self._grid:
            try:
                before = _evaluated(rewriting.before, rewriting, sizes)
            except (EvaluationError, FormulaError) as error:
                why = f"the step begins with what has no value at {_said(sizes)}: {error}"
                return Check(Verdict.NOT_JUDGED, 0, 0, conditions, reason=why)
            failure = _compared(before, rewriting, sizes)
            if failure:
                return Check(Verdict.REFUTED, 0, elements, conditions, failure=failure)
            elements += before.size
        still_open = [c for c in conditions if c.verdict is not Verdict.PROVED]
        counted = len(self._grid), elements, conditions
        if still_open:
            why = f"no certificate for {still_open[0].states}"
            return Check(Verdict.NOT_JUDGED, *counted, reason=why)
        return Check(Verdict.PROVED, *counted)

    def condition(self, obligation: Obligation) -> Condition:
        """Return the verdict on a side condition for every size; what is found is checked."""
        states = obligation.goal.compared("=" if obligation.exact else ">=")
        try:
            certificate = self.search.certificate(obligation)
        except OutOfTimeError:
            certificate = None
        if certificate is None:
            why = ("no certificate was found",)
            return Condition(obligation.words, states, Verdict.NOT_JUDGED, why)
        check(obligation, certificate)
        return Condition(
            obligation.words, states, Verdict.PROVED, _because(obligation, certificate)
        )


def _because(obligation: Obligation, certificate: Certificate) -> tuple[str, ...]:
    if certificate.proof is None:
        return ("expanding both sides gives the same",)
    known = {n: bound.polynomial for n, bound in enumerate(obligation.hypotheses)}
    lines = []
    for lemma in certificate.lemmas:
        lines.append(identity(obligation, lemma.goal, lemma.proof, known))
        known[len(known)] = lemma.goal
    return (*lines, identity(obligation, obligation.goal, certificate.proof, known))


def _compared(before: Array, rewriting: Rewriting, sizes: dict[str, int]) -> Failure | None:
    names = [index.name for index, _ in rewriting.free]
    try:
        after = _evaluated(rewriting.after, rewriting, sizes)
    except (EvaluationError, FormulaError) as error:
        start = dict.fromkeys(names, 0)
        return Failure(sizes, start, int(before.flat[0]), f"no value: {error}")
    if np.array_equal(before, after):
        return None
    where = tuple(map(int, np.argwhere(before != after)[0]))
    at = dict(zip(names, where, strict=True))
    return Failure(sizes, at, int(before[where]), int(after[where]))


def _evaluated(expression: Expr, rewriting: Rewriting, sizes: dict[str, int]) -> Array:
    board = rewriting.board
    free = [(index, extent.evaluate(sizes)) for index, extent in rewriting.free]
    return evaluate(expression, board.convolution, sizes, _tensors(board, sizes), free)


def _tensors(board: Board, sizes: Mapping[str, int]) -> dict[str, Array]:
    """Return the leaves and every tensor that the derivation has named, at one size."""
    shapes = {name: _numbers(board.convolution.shape(name), sizes) for name in ("X", "F", "dY")}
    tensors = drawn(shapes)
    for name, defined in board.defined.items():
        tensors[name] = array(defined.node, tensors, sizes)
    return tensors


def _numbers(shape: Sequence[object], sizes: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(extent.evaluate(sizes) for extent in shape)  # type: ignore[attr-defined]


def _said(sizes: Mapping[str, int]) -> str:
    return ", ".join(f"{name}={value}" for name, value in sizes.items())
