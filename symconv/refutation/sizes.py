"""Choices of sizes, the smallest first, and only those that satisfy the hypotheses.

The order is that of H + W + R + S + 2(u + v) + 3(d + e) + 4 (|pt| + |pb| + |pl| + |pr|) +
4 (N + G + K + C): what one image and two channels do not show, more seldom do.  An integer that a
claim declares counts once.  Sizes that no hypothesis and no axis ties together
are enumerated apart from each other (`groups`), so that two axes cost twice what one costs, not
its square.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from symconv.claims.claim import Claim, Condition
from symconv.errors import FormulaError
from symconv.formula.sizes import Name, Size, evaluate, names, substitute, weight
from symconv.formula.words import LEADING, PADDING, Role, letters
from symconv.limits.budget import spend

WEIGHTS: Mapping[str, int] = {
    **dict.fromkeys(letters(Role.STRIDE), 2),
    **dict.fromkeys(letters(Role.DILATION), 3),
    **dict.fromkeys(letters(*PADDING), 4),
    **{axis.size: 4 for axis in LEADING},
}
"""The cost of one more of a size in the order, where that is not 1."""

RELATIONS: Mapping[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
}

Values = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Domain:
    """The values that one integer takes, in the order in which they are tried.

    Attributes:
        first: the value tried first.
        last: the greatest value, or None.
        both_ways: whether first + n and first - n are tried together.
    """

    first: int
    last: int | None = None
    both_ways: bool = False

    def at(self, step: int) -> tuple[int, ...]:
        """Return the values at distance ``step`` from the first."""
        if self.both_ways and step:
            return tuple(
                v
                for v in (self.first + step, self.first - step)
                if self.last is None or v <= self.last
            )
        value = self.first + step
        return () if self.last is not None and value > self.last else (value,)

    @property
    def steps(self) -> int | None:
        """The number of steps after the first value, or None."""
        return None if self.last is None or self.both_ways else self.last - self.first


@dataclass(frozen=True, slots=True)
class SizeGroup:
    """Integers that are chosen together.

    Attributes:
        names: the integers, in the claim's order.
        domains: the values of each.
        checks: for each, the conditions that are decided once it has a value.
        steps: for each, what it takes to choose and check a value.
    """

    names: tuple[str, ...]
    domains: tuple[Domain, ...]
    checks: tuple[tuple[Condition, ...], ...]
    steps: tuple[int, ...]

    def at_weight(self, weight: int) -> Iterator[dict[str, int] | None]:
        """Yield the choices of exactly this weight above the least; None for one ruled out."""
        return self._extend(0, weight, {})

    def heaviest(self) -> int | None:
        """Return the weight of the heaviest choice, None without one, -1 without a choice."""
        total: int | None = 0
        for name, domain in zip(self.names, self.domains, strict=True):
            if domain.steps is not None and domain.steps < 0:
                return -1
            reach = None if domain.steps is None else WEIGHTS.get(name, 1) * domain.steps
            total = None if total is None or reach is None else total + reach
        return total

    def _reach(self, k: int, most: int) -> range:
        """Return how far from its first value integer ``k`` may lie."""
        steps = self.domains[k].steps
        return range((most if steps is None else min(most, steps)) + 1)

    def _extend(
        self, k: int, weight: int, chosen: dict[str, int]
    ) -> Iterator[dict[str, int] | None]:
        if k == len(self.names):
            if weight == 0:
                yield dict(chosen)
            return
        cost = WEIGHTS.get(self.names[k], 1)
        is_last = k == len(self.names) - 1
        if is_last and weight % cost:
            return
        for step in [weight // cost] if is_last else self._reach(k, weight // cost):
            for value in self.domains[k].at(step):
                spend(self.steps[k])
                chosen[self.names[k]] = value
                if all(holds(condition, chosen) for condition in self.checks[k]):
                    yield from self._extend(k + 1, weight - cost * step, chosen)
                else:
                    yield None
        chosen.pop(self.names[k], None)


def groups(claim: Claim, together: Iterable[Iterable[str]]) -> tuple[SizeGroup, ...]:
    """Return the integers of ``claim`` in groups that can be chosen independently.

    Args:
        claim: whose integers, assumptions and hypotheses.
        together: names that have to be in one group (those that one axis depends on).
    """
    conditions = conditions_of(claim)
    ties = [frozenset(tie) for tie in together] + [_names(c) for c in conditions]
    merged: list[frozenset[str]] = [frozenset({name}) for name in claim.integers]
    for tie in ties:
        touched = [group for group in merged if group & tie]
        if touched:
            merged = [g for g in merged if not g & tie] + [frozenset().union(*touched)]
    return tuple(
        _group(claim, tuple(n for n in claim.integers if n in group), conditions)
        for group in sorted(merged, key=lambda g: min(list(claim.integers).index(n) for n in g))
    )


def conditions_of(claim: Claim) -> tuple[Condition, ...]:
    """Return the assumptions and hypotheses of ``claim`` in its free integers alone."""
    return tuple(
        Condition(_free(each.left, claim), each.relation, _free(each.right, claim))
        for each in claim.assumptions + claim.where
    )


def is_vain(claim: Claim) -> bool:
    """Whether a condition on numbers alone fails, so that there are no sizes at all."""
    return any(not _names(each) and not holds(each, {}) for each in conditions_of(claim))


def holds(condition: Condition, values: Values) -> bool:
    """Whether ``condition`` holds; one without a value (a divisor below 1) does not."""
    try:
        left, right = evaluate(condition.left, values), evaluate(condition.right, values)
    except FormulaError:
        return False
    return RELATIONS[condition.relation](left, right)


def satisfies(claim: Claim, values: Values) -> bool:
    """Whether ``values`` lie in the scope of ``claim`` and satisfy all its conditions."""
    in_scope = claim.sizes is None or all(values[n] in run for n, run in claim.sizes.items())
    above = all(least is None or values[n] >= least for n, least in claim.integers.items())
    return in_scope and above and all(holds(each, values) for each in conditions_of(claim))


def _group(claim: Claim, chosen: Sequence[str], conditions: Iterable[Condition]) -> SizeGroup:
    checks: list[list[Condition]] = [[] for _ in chosen]
    for condition in conditions:
        deciding = _names(condition)
        if deciding and deciding <= set(chosen):
            checks[max(map(chosen.index, deciding))].append(condition)
        elif not deciding and chosen[0] == next(iter(claim.integers)):
            checks[0].append(condition)  # a condition on numbers alone: looked at once
    domains = tuple(_domain(claim, name, conditions) for name in chosen)
    steps = tuple(2 + sum(weight(c.left) + weight(c.right) for c in check) for check in checks)
    return SizeGroup(tuple(chosen), domains, tuple(map(tuple, checks)), steps)


def _domain(claim: Claim, name: str, conditions: Iterable[Condition]) -> Domain:
    """Return the values of ``name``: its scope, or from its least value, narrowed by bounds."""
    if claim.sizes is not None:
        return Domain(claim.sizes[name].start, claim.sizes[name].stop - 1)
    least, most = claim.integers[name], None
    for low, high in (_bounds(condition, name) for condition in conditions):
        least = low if least is None else least if low is None else max(least, low)
        most = high if most is None else most if high is None else min(most, high)
    if least is None:
        return Domain(0 if most is None else min(0, most), most, both_ways=True)
    return Domain(least, most)


def _free(size: Size, claim: Claim) -> Size:
    """Return ``size`` with what is defined written out, the last definition first."""
    for name in reversed(list(claim.definitions)):
        size = substitute(size, {name: claim.definitions[name]})
    return size


def _names(condition: Condition) -> frozenset[str]:
    return names(condition.left) | names(condition.right)


def _bounds(condition: Condition, name: str) -> tuple[int | None, int | None]:
    """Return what ``condition`` says of ``name`` alone, if it compares it with a number."""
    match condition:
        case Condition(Name(n), relation, size) if n == name and not names(size):
            pass
        case Condition(size, turned, Name(n)) if n == name and not names(size):
            relation = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(turned, turned)
        case _:
            return None, None
    try:
        bound = evaluate(size, {})
    except FormulaError:  # it divides by 0: the condition holds nowhere
        return None, None
    least = {"==": bound, ">=": bound, ">": bound + 1}.get(relation)
    most = {"==": bound, "<=": bound, "<": bound - 1}.get(relation)
    return least, most
