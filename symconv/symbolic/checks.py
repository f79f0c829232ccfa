"""Checks one rewriting: both sides at small sizes, and every condition for every size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import sympy

from symconv.claims.verdict import Verdict
from symconv.errors import FormulaError
from symconv.formula.nodes import Leaf
from symconv.formula.walk import parts
from symconv.formula.words import LEADING
from symconv.limits.budget import Budget, OutOfBudgetError, spending
from symconv.proof.certificate import Certificate
from symconv.proof.explanation import identity
from symconv.proof.obligations import Obligation
from symconv.proof.recheck import check
from symconv.proof.search import CertificateSearch
from symconv.symbolic.arrays import LARGEST, LARGEST_IN_LAYERS, Array, Planes, drawn
from symconv.symbolic.board import Defined, Rewriting
from symconv.symbolic.convolution import Convolution
from symconv.symbolic.evaluation import EvaluationError, evaluate
from symconv.symbolic.expressions import Expr

TIMEOUT = 30.0
"""Seconds after which a condition for which no certificate was found is not judged."""


@dataclass(frozen=True, slots=True)
class SideCondition:
    """A side condition, with the identity that settles it for every size.

    Attributes:
        obligation: what is to be shown, and from what.
        states: the comparison; empty for two sides that are the same.
        verdict: proved, or not judged.
        because: the identities, lemmas first; or why it is not judged.
    """

    obligation: Obligation
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
    """The check of one step.

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
    conditions: tuple[SideCondition, ...]
    failure: Failure | None = None
    reason: str | None = None


@dataclass(slots=True)
class Checker:
    """Checks the rewritings of one derivation; remembers tensors, values and certificates.

    Attributes:
        convolution: whose sizes are tried.
        search: where certificates come from.
    """

    convolution: Convolution
    search: CertificateSearch = field(default_factory=CertificateSearch)
    _instances: list[_Instance] = field(default_factory=list)

    def check(self, rewriting: Rewriting) -> Check:
        """Return the verdict on ``rewriting``."""
        with spending(Budget.of(TIMEOUT)):
            conditions = tuple(map(self.condition, rewriting.conditions))
        self._instances = self._instances or [
            _Instance(self.convolution, sizes, leaves(self.convolution, sizes))
            for sizes in self.convolution.grid()
        ]
        before_read, after_read = (
            _needed(side, rewriting.board.defined) for side in (rewriting.before, rewriting.after)
        )
        elements = 0
        for instance in self._instances:
            try:
                before = instance.value(rewriting.before, before_read, rewriting)
            except (EvaluationError, FormulaError) as error:
                why = f"the step begins with what has no value at {said(instance.sizes)}: {error}"
                return Check(Verdict.NOT_JUDGED, 0, elements, conditions, reason=why)
            failure = _compared(before, after_read, rewriting, instance)
            if failure:
                return Check(Verdict.REFUTED, 0, elements, conditions, failure=failure)
            elements += before.size
        counted = len(self._instances), elements, conditions
        for condition in conditions:
            if condition.verdict is not Verdict.PROVED:
                why = f"no certificate for: {condition.obligation.words}"
                return Check(Verdict.NOT_JUDGED, *counted, reason=why)
        return Check(Verdict.PROVED, *counted)

    def condition(self, obligation: Obligation) -> SideCondition:
        """Return the verdict on a side condition for every size; what is found is checked."""
        states = "" if obligation.exact else obligation.goal.compared(">=")
        try:
            certificate = self.search.certificate(obligation)
        except OutOfBudgetError:
            certificate = None
        if certificate is None:
            why = ("no certificate was found",)
            return SideCondition(obligation, states, Verdict.NOT_JUDGED, why)
        check(obligation, certificate)
        return SideCondition(obligation, states, Verdict.PROVED, _because(obligation, certificate))


def _because(obligation: Obligation, certificate: Certificate) -> tuple[str, ...]:
    if certificate.proof is None:
        return ("expanding both sides gives the same",)
    known = {n: bound.polynomial for n, bound in enumerate(obligation.hypotheses)}
    lines = []
    for lemma in certificate.lemmas:
        lines.append(identity(obligation, lemma.goal, lemma.proof, known))
        known[len(known)] = lemma.goal
    lines.append(identity(obligation, obligation.goal, certificate.proof, known))
    used = sorted({term.equation for term in certificate.proof.equations})
    zeros = (obligation.equations[place] for place in used)
    return (*lines, *(f"where {zero.polynomial} = 0, for {zero.words}" for zero in zeros))


def _compared(
    before: Array, read: Iterable[str], rewriting: Rewriting, instance: _Instance
) -> Failure | None:
    names = [index.name for index, _ in rewriting.free]
    try:
        after = instance.value(rewriting.after, read, rewriting)
    except (EvaluationError, FormulaError) as error:
        start = dict.fromkeys(names, 0)
        return Failure(instance.sizes, start, int(before.flat[0]), f"no value: {error}")
    if np.array_equal(before, after):
        return None
    where = tuple(map(int, np.argwhere(before != after)[0]))
    at = dict(zip(names, where, strict=True))
    return Failure(instance.sizes, at, int(before[where]), int(after[where]))


@dataclass(slots=True)
class _Instance:
    """One choice of sizes: its tensors, and the value found last, where the next step begins."""

    convolution: Convolution
    sizes: Mapping[str, int]
    tensors: dict[str, Array]
    _made: dict[str, Defined] = field(default_factory=dict)
    _last: tuple[Expr, Array] | None = None

    def value(self, of: Expr, read: Iterable[str], rewriting: Rewriting) -> Array:
        """Return ``of``, which reads these tensors of ``rewriting``, at all its free indices."""
        board = rewriting.board
        for name in read:
            defined = board.defined[name]
            if self._made.get(name) != defined:
                self.tensors[name] = self._array(name, defined)
                self._made[name] = defined
                self._last = None
        free = [(index, extent.evaluate(self.sizes)) for index, extent in rewriting.free]
        key = of, tuple(free)
        if self._last is None or self._last[0] != key:
            value = evaluate(of, board.convolution, self.sizes, self.tensors, free)
            self._last = key, value
        return self._last[1]

    def _array(self, name: str, defined: Defined) -> Array:
        """Return the tensor, which has to have the extents that the rule says."""
        made = self._planes(name, defined).array(self.tensors, self.sizes)
        whole = (*self.convolution.extents(name), *defined.shape)
        shape = tuple(extent.evaluate(self.sizes) for extent in whole)
        if made.shape != shape:
            raise EvaluationError(f"{name} has the shape {made.shape}, not {shape}")
        return made

    def _planes(self, name: str, defined: Defined) -> Planes:
        leaves = {part.name for part in parts(defined.node) if isinstance(part, Leaf)}
        return Planes(
            defined.node,
            tuple(axis.index for axis in self.convolution.leading(name)),
            tuple(axis.index for axis in defined.summed),
            {leaf: tuple(a.index for a in self.convolution.leading(leaf)) for leaf in leaves},
            {axis.index: self.sizes[axis.size] for axis in LEADING if axis.size in self.sizes},
        )


def _needed(of: Expr, defined: Mapping[str, Defined]) -> tuple[str, ...]:
    """Return the named tensors that ``of`` reads and those they are made of, in order."""
    read = {element.base.name for element in of.atoms(sympy.Indexed)}
    needed: list[str] = []
    for name, tensor in reversed(list(defined.items())):
        if name in read:
            read |= {part.name for part in parts(tensor.node) if isinstance(part, Leaf)}
            needed.insert(0, name)
    return tuple(needed)


def leaves(convolution: Convolution, sizes: Mapping[str, int]) -> dict[str, Array]:
    """Return X, F and dY at one size, and a bias where there is one, filled with large numbers."""
    names = ("X", "F", "dY", *(["b"] * convolution.biased))
    shapes = {
        name: tuple(
            n.evaluate(sizes) for n in (*convolution.extents(name), *convolution.shape(name))
        )
        for name in names
    }
    return drawn(shapes, LARGEST_IN_LAYERS if convolution.leading("Y") else LARGEST)


def said(sizes: Mapping[str, int]) -> str:
    """Return sizes in words."""
    return ", ".join(f"{name}={value}" for name, value in sizes.items())
