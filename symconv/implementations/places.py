"""Says exactly where something happens: a condition on sizes, true there and false elsewhere.

A condition is printed only where it separates all sizes that were seen; those on which the
conditions that are left disagree are tried as well, and then fresh ones.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from symconv.implementations.interface import Interface
from symconv.implementations.plan import Pool
from symconv.implementations.predicates import Letters, Predicate, joined, single
from symconv.implementations.sizes import TrialSizes

_ROUNDS = 40
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


class Separator:
    """Searches a condition that holds of some sizes and not of others."""

    def __init__(
        self,
        face: Interface,
        accepts: Callable[[TrialSizes], bool],
        happens: Callable[[TrialSizes], tuple[bool, Letters] | None],
        seed: int = 0,
    ) -> None:
        """Note what is asked.

        Args:
            face: what can be said.
            accepts: whether sizes are known to be taken.
            happens: tries sizes; whether it happens there, with their letters, or None: refused.
            seed: what fresh sizes are drawn by.
        """
        plain = single(face)
        self.literals = [*plain, *(each.negated() for each in plain), *joined(face)]
        self.face, self.accepts, self.happens = face, accepts, happens
        self.seed = seed
        self.there: list[Letters] = []
        self.elsewhere: list[Letters] = []
        self.tried: set[TrialSizes] = set()

    def found(self, seen: Sequence[tuple[TrialSizes, bool, Letters]]) -> Whereabouts | None:
        """Return the condition, or None where none is known.

        Args:
            seen: sizes, whether it happens there, and their letters.
        """
        for sizes, happens, letters in seen:
            self._note(sizes, happens, letters)
        pool = Pool(self.face, self.seed + 7).draw(700, self.accepts)
        known = [(sizes, sizes.letters()) for sizes in pool]
        for step in range(8):  # what always happens needs more than what was planned
            self._try(pool[step * 3 : step * 3 + 3])
        for _ in range(_ROUNDS):
            left = self._hypotheses()
            if not left:
                return None
            doubtful = self._doubtful(left, known)
            if doubtful is None:
                break
            self._try([doubtful])
        best = self._hypotheses()
        fresh = Pool(self.face, self.seed + 13).draw(60, self.accepts)
        self._try(fresh)
        again = self._hypotheses()
        if not best or not again:
            return None
        return again[0]

    def _note(self, sizes: TrialSizes, happens: bool, letters: Letters) -> None:
        if sizes not in self.tried:
            self.tried.add(sizes)
            (self.there if happens else self.elsewhere).append(letters)

    def _try(self, several: Sequence[TrialSizes]) -> None:
        for sizes in several:
            if sizes not in self.tried and (answer := self.happens(sizes)) is not None:
                self._note(sizes, *answer)

    def _doubtful(
        self, left: Sequence[Whereabouts], known: Sequence[tuple[TrialSizes, Letters]]
    ) -> TrialSizes | None:
        """Return sizes on which the hypotheses that are left are most divided."""
        best, most = None, 0
        for sizes, letters in known:
            if sizes in self.tried:
                continue
            votes = sum(each.holds(letters) for each in left)
            if (divided := min(votes, len(left) - votes)) > most:
                best, most = sizes, divided
        if best is not None:
            return best
        return None

    def _hypotheses(self) -> list[Whereabouts]:
        """Return the simplest conditions that separate what was seen, the simplest first."""
        if not self.there:
            return []
        if not self.elsewhere:
            return [Whereabouts(())]
        everywhere = (1 << len(self.elsewhere)) - 1
        options: list[tuple[Predicate, int]] = []
        for each in self.literals:
            if all(each.holds(s) for s in self.there):
                out = sum(1 << k for k, s in enumerate(self.elsewhere) if not each.holds(s))
                if out:
                    options.append((each, out))
        options.sort(key=lambda option: option[0].weight)
        found: list[Whereabouts] = []
        for size in (1, 2, 3, 4):
            for parts in _combinations(options, size, everywhere):
                found.append(Whereabouts(parts))
            if len(found) >= 3 or (found and size >= 3):
                break
        return sorted(found, key=lambda each: each.weight)[:_MOST]


def _combinations(
    options: Sequence[tuple[Predicate, int]], size: int, everywhere: int
) -> list[tuple[Predicate, ...]]:
    """Return the choices of ``size`` options that together exclude all that is elsewhere."""
    if size == 1:
        return [(each,) for each, out in options if out == everywhere]
    if size == 2:
        return [
            (a, b) for (a, x), (b, y) in itertools.combinations(options, 2) if x | y == everywhere
        ]
    # The first one excludes the most of what is elsewhere, so that few are tried.
    found: list[tuple[Predicate, ...]] = []
    ranked = sorted(options, key=lambda option: -option[1].bit_count())[:40]
    for first, out in ranked[:20]:
        rest = [(each, more) for each, more in options if more & ~out and each is not first]
        for more in _combinations([(e, o | out) for e, o in rest], size - 1, everywhere)[:8]:
            found.append((first, *more))
            if len(found) > 200:
                return found
    return found
