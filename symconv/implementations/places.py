"""Says exactly where something happens: a condition on sizes, true there and false elsewhere.

A condition is printed only where it separates all sizes that were seen; those on which the
conditions that are left disagree are tried as well, and then fresh ones.
"""

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symconv.implementations.plan import Pool
from symconv.implementations.predicates import (
    Letters,
    Predicate,
    Truth,
    held,
    literals,
    some,
    within,
)
from symconv.implementations.sizes import TrialSizes

_ROUNDS = 60
_POOL = 500
_FIRST = 24
_MOST = 30
"""Hypotheses that are kept in each round."""


@dataclass(frozen=True, eq=False)
class Whereabouts:
    """A conjunction of conditions.

    Attributes:
        parts: all of which hold.
    """

    parts: tuple[Predicate, ...]

    @property
    def text(self) -> str:
        """The condition in letters; nothing where it is always true."""
        single = [within(p.text, "or") if len(self.parts) > 1 else p.text for p in self.parts]
        return " and ".join(single)

    @property
    def weight(self) -> int:
        """How much one would rather not say it."""
        return sum(part.weight + 1 for part in self.parts)

    def holds(self, letters: Letters) -> Truth:
        """Whether it holds of sizes; of many at once, an array."""
        return functools.reduce(operator.and_, (part.holds(letters) for part in self.parts), True)

    def among(self, several: Sequence[Letters]) -> NDArray[np.bool_]:
        """Return of which sizes it holds."""
        return np.asarray(held(self.parts, several).all(axis=0))


Answer = tuple[bool, Letters] | None
"""Whether something happens at sizes, with their letters; None: nothing can be said of them."""


class Separator:
    """Searches a condition that holds of some sizes and not of others."""

    def __init__(
        self,
        pool: Pool,
        accepts: Callable[[TrialSizes], bool],
        happens: Callable[[TrialSizes], Answer],
        fresh: int = 120,
    ) -> None:
        """Note what is asked.

        Args:
            pool: the sizes that can be said.
            accepts: whether sizes are known to be taken.
            happens: tries sizes.
            fresh: how many fresh sizes are tried in the end.
        """
        self.literals = literals(pool.face)
        self.pool, self.accepts, self.happens, self.fresh = pool, accepts, happens, fresh
        self.answers: dict[TrialSizes, Answer] = {}
        self.there = np.ones(len(self.literals), bool)
        """Which literals hold wherever it happens, so far."""
        self.somewhere = False
        self.elsewhere = np.zeros((len(self.literals), 0), bool)
        """Which literals do not hold at each of the sizes at which it does not happen."""

    def found(self, seen: Sequence[tuple[TrialSizes, bool, Letters]] = ()) -> Whereabouts | None:
        """Return the condition, or None where none is known.

        Args:
            seen: sizes, whether it happens there, and their letters.
        """
        self._note(seen)
        drawn = self.pool.draw(_POOL + self.fresh, self.accepts)
        if not drawn:
            return None
        pool = drawn[:_POOL]
        there = held(self.literals, [sizes.letters for sizes in pool])
        self._try(pool[:_FIRST])
        for _ in range(_ROUNDS):
            left = self._hypotheses()
            if not left:
                return None
            doubtful = self._doubtful(left, pool, there)
            if doubtful is None:
                break
            self._try([doubtful])
        first = self._hypotheses()
        fresh = (s for s in [*drawn[_POOL:], *pool[::-1]] if s not in self.answers)
        self._try(list(itertools.islice(fresh, self.fresh)))
        again = self._hypotheses()
        if not first or not again:
            return None
        return self._condition(again[0])

    def opposite(self) -> Whereabouts | None:
        """Return the condition as "a or b", by what holds wherever it does not happen.

        It is asked after no conjunction was found; what was tried is not tried again.
        """
        answers = {sizes: answer for sizes, answer in self.answers.items() if answer is not None}
        other = Separator(self.pool, self.accepts, self._not, self.fresh)
        found = other.found([(s, not happens, at) for s, (happens, at) in answers.items()])
        if found is None or not found.parts:
            return None
        return Whereabouts((some([part.negated() for part in found.parts]),))

    def _not(self, sizes: TrialSizes) -> Answer:
        answer = self.happens(sizes)
        return None if answer is None else (not answer[0], answer[1])

    def _note(self, seen: Sequence[tuple[TrialSizes, bool, Letters]]) -> None:
        rows = {s: (happens, at) for s, happens, at in seen if s not in self.answers}
        self.answers.update(rows)
        there = held(self.literals, [letters for happens, letters in rows.values() if happens])
        others = held(self.literals, [letters for happens, letters in rows.values() if not happens])
        self.somewhere |= there.shape[1] > 0
        self.there &= there.all(axis=1)
        self.elsewhere = np.concatenate([self.elsewhere, ~others], axis=1)

    def _try(self, several: Sequence[TrialSizes]) -> None:
        answers = [(s, self.happens(s)) for s in several if s not in self.answers]
        self._note([(sizes, *answer) for sizes, answer in answers if answer is not None])

    def _doubtful(
        self, left: Sequence[tuple[int, ...]], pool: Sequence[TrialSizes], there: NDArray[np.bool_]
    ) -> TrialSizes | None:
        """Return sizes on which the hypotheses that are left are most divided."""
        votes = np.array([there[list(parts)].all(axis=0) for parts in left]).sum(axis=0)
        divided = np.minimum(votes, len(left) - votes)
        order: list[int] = np.argsort(-divided, kind="stable").tolist()
        for k in order:
            if divided[k] == 0:
                return None
            if pool[k] not in self.answers:
                return pool[k]
        return None

    def _condition(self, parts: tuple[int, ...]) -> Whereabouts:
        return Whereabouts(tuple(self.literals[k] for k in parts))

    def _hypotheses(self) -> list[tuple[int, ...]]:
        """Return the simplest conditions that separate what was seen, the simplest first."""
        if not self.somewhere:
            return []
        if not self.elsewhere.shape[1]:
            return [()]
        everywhere = (1 << self.elsewhere.shape[1]) - 1
        useful = np.flatnonzero(self.there & self.elsewhere.any(axis=1)).tolist()
        packed = np.packbits(self.elsewhere[useful], axis=1, bitorder="little")
        options = [
            (k, int.from_bytes(row.tobytes(), "little"))
            for k, row in zip(useful, packed, strict=True)
        ]
        options.sort(key=lambda option: self.literals[option[0]].weight)
        found: list[tuple[int, ...]] = []
        for size in (1, 2, 3, 4):
            found += _combinations(options, size, everywhere)
            if len(found) >= 3 or (found and size >= 3):
                break
        return sorted(found, key=lambda parts: self._condition(parts).weight)[:_MOST]


def _combinations(
    options: Sequence[tuple[int, int]], size: int, everywhere: int
) -> list[tuple[int, ...]]:
    """Return the choices of ``size`` options that together exclude all that is elsewhere."""
    if size == 1:
        return [(each,) for each, out in options if out == everywhere]
    if size == 2:
        return [
            (a, b) for (a, x), (b, y) in itertools.combinations(options, 2) if x | y == everywhere
        ]
    # The first one excludes the most of what is elsewhere, so that few are tried.
    found: list[tuple[int, ...]] = []
    ranked = sorted(options, key=lambda option: -option[1].bit_count())
    for first, out in ranked[:20]:
        rest = [(each, more | out) for each, more in options if more & ~out and each != first]
        for more in _combinations(rest, size - 1, everywhere)[:8]:
            found.append((first, *more))
            if len(found) > 200:
                return found
    return found
