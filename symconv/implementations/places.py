"""Says exactly where something happens: a condition on sizes, true there and false elsewhere.

A condition is printed only where it separates all sizes that were seen; those on which the
conditions that are left disagree are tried as well, and then fresh ones.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symconv.implementations.interface import Interface
from symconv.implementations.plan import Pool
from symconv.implementations.predicates import Letters, Predicate, joined, single
from symconv.implementations.sizes import TrialSizes

_ROUNDS = 60
_POOL = 500
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
        single = [f"({p.text})" if " or " in p.text and len(self.parts) > 1 else p.text
                  for p in self.parts]  # fmt: skip
        return " and ".join(single)

    @property
    def weight(self) -> int:
        """How much one would rather not say it."""
        return sum(part.weight + 1 for part in self.parts)

    def holds(self, letters: Letters) -> bool:
        """Whether it holds of sizes."""
        return all(part.holds(letters) for part in self.parts)


Answer = tuple[bool, Letters] | None
"""Whether something happens at sizes, with their letters; None: nothing can be said of them."""


class Separator:
    """Searches a condition that holds of some sizes and not of others."""

    def __init__(
        self,
        face: Interface,
        accepts: Callable[[TrialSizes], bool],
        happens: Callable[[TrialSizes], Answer],
        seed: int = 0,
        fresh: int = 120,
    ) -> None:
        """Note what is asked.

        Args:
            face: what can be said.
            accepts: whether sizes are known to be taken.
            happens: tries sizes.
            seed: what fresh sizes are drawn by.
            fresh: how many fresh sizes are tried in the end.
        """
        plain = single(face)
        self.literals = [*plain, *(each.negated() for each in plain), *joined(face)]
        self.face, self.accepts, self.happens = face, accepts, happens
        self.seed, self.fresh = seed, fresh
        self.there: list[Letters] = []
        self.elsewhere = 0
        self.always = [True] * len(self.literals)
        self.excluded = [0] * len(self.literals)
        self.tried: set[TrialSizes] = set()

    def found(self, seen: Sequence[tuple[TrialSizes, bool, Letters]] = ()) -> Whereabouts | None:
        """Return the condition, or None where none is known.

        Args:
            seen: sizes, whether it happens there, and their letters.
        """
        for sizes, happens, letters in seen:
            self._note(sizes, happens, letters)
        pool = Pool(self.face, self.seed + 7).draw(_POOL, self.accepts)
        if not pool:
            return None
        letters_of = [sizes.letters() for sizes in pool]
        held = np.array([[each.holds(s) for s in letters_of] for each in self.literals])
        self._try(pool[:24])
        for _ in range(_ROUNDS):
            left = self._hypotheses()
            if not left:
                return None
            doubtful = self._doubtful(left, pool, held)
            if doubtful is None:
                break
            self._try([doubtful])
        first = self._hypotheses()
        self._try(Pool(self.face, self.seed + 13).draw(self.fresh, self.accepts))
        again = self._hypotheses()
        if not first or not again:
            return None
        return self._condition(again[0])

    def _note(self, sizes: TrialSizes, happens: bool, letters: Letters) -> None:
        if sizes in self.tried:
            return
        self.tried.add(sizes)
        holds = [each.holds(letters) for each in self.literals]
        if happens:
            self.there.append(letters)
            self.always = [a and b for a, b in zip(self.always, holds, strict=True)]
            return
        bit = 1 << self.elsewhere
        self.elsewhere += 1
        for k, each in enumerate(holds):
            if not each:
                self.excluded[k] |= bit

    def _try(self, several: Sequence[TrialSizes]) -> None:
        for sizes in several:
            if sizes not in self.tried and (answer := self.happens(sizes)) is not None:
                self._note(sizes, *answer)

    def _doubtful(
        self, left: Sequence[tuple[int, ...]], pool: Sequence[TrialSizes], held: NDArray[np.bool_]
    ) -> TrialSizes | None:
        """Return sizes on which the hypotheses that are left are most divided."""
        votes = np.array([held[list(parts)].all(axis=0) for parts in left]).sum(axis=0)
        divided = np.minimum(votes, len(left) - votes)
        order: list[int] = np.argsort(-divided, kind="stable").tolist()
        for k in order:
            if divided[k] == 0:
                return None
            if pool[k] not in self.tried:
                return pool[k]
        return None

    def _condition(self, parts: tuple[int, ...]) -> Whereabouts:
        return Whereabouts(tuple(self.literals[k] for k in parts))

    def _hypotheses(self) -> list[tuple[int, ...]]:
        """Return the simplest conditions that separate what was seen, the simplest first."""
        if not self.there:
            return []
        if not self.elsewhere:
            return [()]
        everywhere = (1 << self.elsewhere) - 1
        options = [
            (k, out)
            for k, (always, out) in enumerate(zip(self.always, self.excluded, strict=True))
            if always and out
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
