"""The knowledge about the sizes of a claim: bounds, hypotheses, the quotients' remainders.

Equations among the hypotheses are solved for a name where they can be, H = R + q*u for
(H - R) % u == 0, and the name is replaced everywhere; what is left stays an equation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from symconv.polynomial import Monomial, Polynomial
from symconv.proof.elimination import solution, solved
from symconv.readings.quotients import Arithmetic, Witness
from symconv.readings.relation import Bound


@dataclass(frozen=True, slots=True)
class HypothesisSystem:
    """The assumptions: ``bounds`` are >= 0, ``equations`` are 0."""

    bounds: tuple[Bound, ...] = ()
    equations: tuple[Bound, ...] = ()

    def __add__(self, other: HypothesisSystem) -> HypothesisSystem:
        return HypothesisSystem(self.bounds + other.bounds, self.equations + other.equations)

    def substitute(self, values: Mapping[str, Polynomial]) -> HypothesisSystem:
        """Return this system with ``values`` in place of names; what has become 0 is dropped."""
        return HypothesisSystem(
            substituted(self.bounds, values), substituted(self.equations, values)
        )

    def about(self, goal: Polynomial, witnesses: Mapping[str, Witness]) -> HypothesisSystem:
        """Return what may have to do with ``goal``: what is linked to it by common names.

        The remainder bounds of every witness that occurs are added.  A goal without names can
        follow from a contradiction alone, which may be anywhere.
        """
        reached = set(goal.names)
        if goal.value is not None and goal.value < 0:
            reached.update(*(b.polynomial.names for b in (*self.bounds, *self.equations)))
        bounds: dict[Bound, None] = {}
        equations: dict[Bound, None] = {}
        for size in _growing(reached):
            del size
            for name in [name for name in witnesses if name in reached]:
                for bound in remainder_bounds(witnesses[name]):
                    bounds.setdefault(bound)
            for kept, found in ((bounds, self.bounds), (equations, self.equations)):
                for bound in found:
                    if not bound.polynomial.names or bound.polynomial.names & reached:
                        kept.setdefault(bound)
            for bound in (*bounds, *equations):
                reached |= bound.polynomial.names
        return HypothesisSystem(_distinct(_in_order(self.bounds, bounds)), tuple(equations))


def remainder_bounds(witness: Witness) -> tuple[Bound, Bound]:
    """Return 0 <= numerator - q*divisor <= divisor - 1."""
    quotient = f"{witness.name} = {witness.text}"
    return (
        Bound(f"{quotient}: remainder >= 0", witness.remainder),
        Bound(f"{quotient}: remainder < divisor", witness.divisor - witness.remainder - 1),
    )


def solve(
    system: HypothesisSystem, names: Iterable[str], arithmetic: Arithmetic
) -> tuple[HypothesisSystem, dict[str, Polynomial]]:
    """Return ``system`` with its equations solved for as many of ``names`` as possible, and how.

    Names that come first are replaced first.
    """
    order = tuple(names)
    values: dict[str, Polynomial] = {}
    while (found := _solvable(system, order, arithmetic, solved)) is not None:
        system, values = _put(system, values, found, arithmetic)
    return system, values


def solve_exactly(
    system: HypothesisSystem, names: Iterable[str], arithmetic: Arithmetic
) -> tuple[HypothesisSystem, dict[str, Polynomial]]:
    """Solve as `solve` does, and for names whose own exact quotients stand in the solution.

    (H - R) % u == 0 says H = R + q*u with q = (H - R)//u.  From then on q is any integer, without
    a definition: the quotient is q whatever q is.  H % u == r says H = q*u + r, and 0 <= r < u
    besides.  That is for sizes only: who sums over H would have to sum over q.
    """
    order = list(names)
    values: dict[str, Polynomial] = {}
    owed: list[Bound] = []

    def exact(equation: Polynomial, name: str, arithmetic: Arithmetic) -> Polynomial | None:
        value = solution(equation, name)
        if value is None or name in value.names:
            return None
        quotients = value.names & arithmetic.witnesses.keys()
        bounds = arithmetic.freed({name: value})
        if bounds is None:
            return None
        order.extend(sorted(quotients - arithmetic.witnesses.keys()))
        owed.extend(Bound(f"a remainder of {text}", bound) for text, bound in bounds)
        return value

    for solver in (solved, exact, solved, exact, solved):
        while (found := _solvable(system, tuple(order), arithmetic, solver)) is not None:
            system += HypothesisSystem(tuple(owed))
            owed.clear()
            system, values = _put(system, values, found, arithmetic)
    return system, values


Solver = Callable[[Polynomial, str, Arithmetic], Polynomial | None]


def _put(
    system: HypothesisSystem,
    values: dict[str, Polynomial],
    found: dict[str, Polynomial],
    arithmetic: Arithmetic,
) -> tuple[HypothesisSystem, dict[str, Polynomial]]:
    """Substitute a solution for its name, in the system and in the solutions before it."""
    replaced, more = arithmetic.renewed(found)
    values = {name: value.substitute(replaced) for name, value in values.items()} | replaced
    renewed = tuple(Bound("equal quotients", equation) for equation in more)
    return system.substitute(replaced) + HypothesisSystem((), renewed), values


def primitive(equation: Polynomial, positive: frozenset[str]) -> Polynomial:
    """Return ``equation`` = 0 without the factors that all its products share.

    Args:
        equation: what is 0.
        positive: names that are known to be at least 1.
    """
    if not equation:
        return equation
    content = equation.content
    terms = {monomial: factor // content for monomial, factor in equation.terms.items()}
    for name in sorted(positive):
        while all(name in monomial for monomial in terms):
            terms = {_without(monomial, name): factor for monomial, factor in terms.items()}
    return Polynomial(terms)


def positive_names(bounds: Iterable[Bound]) -> frozenset[str]:
    """Return the names that a bound says are at least 1."""
    found = set()
    for bound in bounds:
        match list(bound.polynomial.terms.items()):
            case [((name,), 1), ((), least)] | [((), least), ((name,), 1)] if least <= -1:
                found.add(name)
    return frozenset(found)


def substituted(bounds: tuple[Bound, ...], values: Mapping[str, Polynomial]) -> tuple[Bound, ...]:
    """Return ``bounds`` with ``values`` in place of names, without those that say 0 >= 0."""
    changed = (replace(b, polynomial=b.polynomial.substitute(values)) for b in bounds)
    return tuple(bound for bound in changed if bound.polynomial)


def _solvable(
    system: HypothesisSystem, names: tuple[str, ...], arithmetic: Arithmetic, solver: Solver
) -> dict[str, Polynomial] | None:
    positive = positive_names(system.bounds)
    for equation in system.equations:
        simple = primitive(equation.polynomial, positive)
        for name in names:
            value = solver(simple, name, arithmetic) if name in simple.names else None
            if value is not None:
                return {name: value}
    return None


def _growing(reached: set[str]) -> Iterable[int]:
    """Yield as long as ``reached`` grows."""
    size = -1
    while size != len(reached):
        size = len(reached)
        yield size


def _without(monomial: Monomial, name: str) -> Monomial:
    place = monomial.index(name)
    return monomial[:place] + monomial[place + 1 :]


def _in_order(first: tuple[Bound, ...], kept: Mapping[Bound, None]) -> list[Bound]:
    """Return the kept bounds, those of ``first`` in their own order before the others."""
    known = dict.fromkeys(bound for bound in first if bound in kept)
    return [*known, *(bound for bound in kept if bound not in known)]


def _distinct(bounds: Iterable[Bound]) -> tuple[Bound, ...]:
    """Return ``bounds`` without those that say what an earlier one says, or nothing."""
    seen: dict[Polynomial, Bound] = {}
    for bound in bounds:
        if bound.polynomial.value is None or bound.polynomial.value < 0:
            seen.setdefault(bound.polynomial, bound)
    return tuple(seen.values())
