"""Change symconv's theorems at random and see whether a verdict is ever wrong.

    python -m benchmarks.mutants [NUMBER] [SECONDS]        # 2000 mutants, 5 s each
    python -m benchmarks.mutants shelf [NUMBER] [SECONDS]  # of the claims of derivations/claims

Each mutant is a theorem with an operator or a size expression changed, or two; a third of them is
asked for listed sizes alone, and some hold numbers beyond 64 bits.  Its verdict is held against
values on integer arrays (`benchmarks.numeric`): what is proved has to hold at all sizes of a random
grid in its scope, what is refuted has to fail where the counterexample says, and must have no proof
for every size.  A contradiction ends with exit status 1.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cached_property
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.edits import edited
from benchmarks.numeric import LARGEST, UndefinedError, value
from symconv.claims.catalogue import load
from symconv.claims.claim import Claim, ShapeOf, Side, check_products
from symconv.claims.mathematics import claim_text
from symconv.claims.statement import StatedClaim
from symconv.claims.theorems import theorems
from symconv.claims.verdict import Verdict
from symconv.errors import SymconvError, TooLargeError
from symconv.formula import nodes, sizes
from symconv.formula.vocabulary import vocabulary
from symconv.limits.budget import Budget, spending
from symconv.proof.prover import argue, judge
from symconv.proof.search import CertificateSearch
from symconv.refutation.sizes import satisfies

POINTS = 120
"""At how many sizes a verdict is held against values."""

FEW = 25
"""At how many sizes a verdict on a claim of the shelf is."""

SHELF = str(Path(__file__).parent.parent / "derivations" / "claims")

MOST_LISTED = 300
"""The most combinations of sizes that a mutant lists."""

HUGE = sizes.Product(sizes.Product(65536, 65536), sizes.Product(65536, 65536))
"""2^64: what wraps does so here, and comes back to where it began."""

Values = dict[str, int]


@dataclass(frozen=True)
class Mutant:
    """A theorem with one change, and what to hold its verdict against."""

    theorem: str
    stated: StatedClaim
    claim: Claim
    grid: Iterable[tuple[Values, Any]]
    """Sizes, and the value of the left side, once it is known."""


def mutants(number: int, seed: int = 0, points: int = POINTS) -> Iterator[Mutant]:
    """Yield ``number`` different mutants of the theorems; always the same ones for a seed.

    Each is held against its theorem's values at ``points`` sizes, where it is proved.
    """
    draw = random.Random(seed)
    originals = [(entry.stated, entry.claim) for entry in theorems()]
    grids = {stated.id: _Grid(claim, f"{seed} {stated.id}", points) for stated, claim in originals}
    made, seen = 0, set()
    while made < number:
        stated, claim = draw.choice(originals)
        right = claim.right
        for _ in range(draw.choice((1, 1, 2))):
            right = draw.choice(list(_changes(right, claim, draw)))
        try:
            statement = claim_text(claim.left, right, vocabulary(stated.general, stated.rank))
            mutant = replace(stated, statement=statement)
            parsed = mutant.claim()
            grid: Iterable[tuple[Values, Any]] = grids[stated.id]
            if draw.randrange(3) == 0:
                mutant = replace(mutant, sizes=_listed(parsed, draw))
                parsed = mutant.claim()
                grid = list(_grid(parsed, draw))
                if not grid:  # nothing is claimed
                    continue
        except SymconvError:
            continue
        if (statement, mutant.sizes) not in seen:
            seen.add((statement, mutant.sizes))
            made += 1
            yield Mutant(stated.id, mutant, parsed, grid)


class _Grid:
    """Sizes in the scope of a theorem with its left side: evaluated once a mutant is proved."""

    def __init__(self, claim: Claim, seed: str, points: int) -> None:
        self.claim, self.seed, self.points = claim, seed, points

    def __iter__(self) -> Iterator[tuple[Values, Any]]:
        return iter(self._evaluated)

    @cached_property
    def _evaluated(self) -> list[tuple[Values, Any]]:
        return list(_grid(self.claim, random.Random(self.seed), self.points))


def shelf_mutants(number: int, seed: int = 0, folder: str = SHELF) -> Iterator[Mutant]:
    """Yield ``number`` different claims of the shelf, each with one edit of its text.

    Left out is what is no claim any more, and what is refused in one line: products that hold a
    tensor twice.
    """
    draw = random.Random(seed)
    originals = [each.stated for each in load([folder]) if each.claim.expected is Verdict.PROVED]
    made, seen = 0, set()
    while made < number:
        stated = draw.choice(originals)
        texts = [stated.statement, *stated.define]
        n = draw.randrange(len(texts))
        texts[n] = draw.choice(list(edited(texts[n])))
        mutant = replace(stated, statement=texts[0], define=tuple(texts[1:]))
        if (stated.id, *texts) in seen:
            continue
        seen.add((stated.id, *texts))
        try:
            claim = mutant.claim()
            check_products(claim)
        except SymconvError:
            continue
        made += 1
        yield Mutant(stated.id, mutant, claim, _grid(claim, random.Random(made), FEW))


def verdict(mutant: Mutant, seconds: float) -> tuple[Verdict, str]:
    """Return the verdict on a mutant, and what contradicts it, if anything does."""
    judgement = judge(mutant.stated, timeout=seconds)
    contradiction = ""
    if judgement.refutation is not None:
        at = _completed(mutant.claim, judgement.refutation.sizes)
        with suppress(TooLargeError):  # of the arrays; what is looked for is a contradiction
            if _same(_value(mutant.claim.left, mutant.claim, at), mutant.claim, at):
                contradiction = f"refuted at {at}, where both sides are equal"
        if _argued(mutant, seconds):
            contradiction = f"refuted at {at}, and a proof for every size is found"
    elif judgement.proved:
        for at, left in mutant.grid:
            with suppress(TooLargeError):
                if not _same(left, mutant.claim, at):
                    contradiction = f"proved, and fails at {at}"
                    break
    return judgement.verdict, contradiction


def _argued(mutant: Mutant, seconds: float) -> bool:
    """Whether a proof for every size is found of a mutant, whatever refutes it."""
    if mutant.claim.sizes is not None:
        return False
    with spending(Budget.of(seconds)), suppress(SymconvError):
        return argue(mutant.claim, CertificateSearch())[0] is not None
    return False


def _listed(claim: Claim, draw: random.Random) -> str:
    """Return a list of sizes, such as ``H=2..4, R=1``, of all integers of a claim."""
    runs, combinations = [], 1
    for name in draw.sample(list(claim.integers), len(claim.integers)):
        small = _small(name, claim.integers[name])
        first = draw.choice(small[:2])
        last = first + draw.randrange(min(4, MOST_LISTED // combinations))
        combinations *= last - first + 1
        runs.append(f"{name}={first}..{last}")
    return ", ".join(runs)


def _grid(claim: Claim, draw: random.Random, points: int = POINTS) -> Iterator[tuple[Values, Any]]:
    """Yield sizes in the scope of a claim, at most ``points`` of them, and its left side."""
    listed = claim.sizes or {}
    found = 0
    for _ in range(points * (3 if listed else 100)):
        if found == points:
            break
        at = {
            name: draw.choice(listed.get(name) or _small(name, least))
            for name, least in claim.integers.items()
        }
        if satisfies(claim, at):
            at = _completed(claim, at)
            found += 1
            with suppress(TooLargeError):
                yield at, _value(claim.left, claim, at)


def _completed(claim: Claim, at: Mapping[str, int]) -> Values:
    """Return ``at`` with the integers that the others define."""
    every = dict(at)
    for name, definition in claim.definitions.items():
        every[name] = sizes.evaluate(definition, every)
    return every


def _small(name: str, least: int | None) -> range:
    """Return small values of a named integer; one without a least value may be negative."""
    first = -2 if least is None else least
    return range(first, first + {"H": 6, "W": 6}.get(name, 3 if least is not None else 5))


def _same(left: Any, claim: Claim, at: Values) -> bool:
    right = _value(claim.right, claim, at)
    if left is None or right is None:
        return left is right
    return bool(np.shape(left) == np.shape(right) and np.all(left == right))


def _value(side: Side, claim: Claim, at: Values) -> Any:
    """Return the value of a side, or None where it has none."""
    numbers = np.random.default_rng(abs(sum(at.values())))
    leaves = {}
    try:
        for name, shape in claim.leaves.items():
            extents = [sizes.evaluate(size, at) for size in shape]
            if prod(extents) > LARGEST:
                raise TooLargeError(f"{name} has shape {extents}")
            # Never 0, and large: two different sums of products are then equal by no accident.
            leaves[name] = numbers.integers(10**6, 10**9, extents).astype(object)
        if isinstance(side, tuple):
            return np.array([sizes.evaluate(size, at) for size in side])
        if isinstance(side, ShapeOf):
            return np.array(value(side.of, leaves, at).shape)
        return value(side, leaves, at)
    except TooLargeError:
        raise
    except (UndefinedError, SymconvError):
        return None


def _changes(part: Any, claim: Claim, draw: random.Random) -> Iterator[Any]:
    """Yield ``part`` with one change, for every place and some changes at each."""
    yield from _changed_here(part, claim, draw)
    if isinstance(part, tuple):
        for k, inner in enumerate(part):
            for changed in _changes(inner, claim, draw):
                yield (*part[:k], changed, *part[k + 1 :])
    elif is_dataclass(part):
        for field in fields(part):
            for changed in _changes(getattr(part, field.name), claim, draw):
                yield replace(part, **{field.name: changed})


def _changed_here(part: Any, claim: Claim, draw: random.Random) -> Iterator[Any]:
    match part:
        case nodes.Rotate(of) | nodes.Dilate(of, _):
            yield of
        case nodes.Leaf():
            yield nodes.Rotate(part)
        case nodes.Pad(of, amounts):
            yield nodes.Pad(of, tuple((hi, lo) for lo, hi in amounts))
            yield nodes.Pad(of, amounts[::-1])
        case nodes.Correlate(of, by, stride, dilation):
            yield nodes.Correlate(of, by, dilation, stride)
        case sizes.Sum(left, right):
            yield sizes.Difference(left, right)
            yield left
        case sizes.Difference(left, right):
            yield sizes.Sum(left, right)
            yield sizes.Difference(right, left)
        case sizes.Product(left, right):
            yield sizes.Sum(left, right)
        case sizes.Remainder(left, right):
            yield sizes.Quotient(left, right)
            yield 0
        case sizes.Quotient(left, right):
            yield sizes.Remainder(left, right)
        case sizes.Name(name) if name in claim.integers:
            yield sizes.Sum(part, sizes.Product(draw.choice([-1, 0, 1, part]), HUGE))
            yield sizes.Remainder(part, HUGE)
            yield sizes.Difference(sizes.Sum(part, HUGE), HUGE)
            yield sizes.Name(draw.choice([n for n in claim.integers if n != name]))
        case int():
            yield part + 1
            yield part - 1


def _told(mutant: Mutant) -> str:
    return "; ".join((mutant.stated.statement, *mutant.stated.define))


def main() -> int:
    arguments = sys.argv[1:]
    source = mutants
    if arguments[:1] == ["shelf"]:
        source, arguments = shelf_mutants, arguments[1:]
    number = int(arguments[0]) if arguments else 2000
    seconds = float(arguments[1]) if len(arguments) > 1 else 5.0
    counts: Counter[Verdict] = Counter()
    wrong, slowest, start = 0, 0.0, time.perf_counter()
    for mutant in source(number):
        began = time.perf_counter()
        said, contradiction = verdict(mutant, seconds)
        slowest = max(slowest, time.perf_counter() - began)
        counts[said] += 1
        if contradiction:
            wrong += 1
            print(f"CONTRADICTION {mutant.theorem}: {_told(mutant)}: {contradiction}")
        if said is Verdict.NOT_JUDGED:
            print(f"not judged: {mutant.theorem}: {_told(mutant)}", flush=True)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict)
    print(
        f"{number} mutants in {time.perf_counter() - start:.0f} s (slowest {slowest:.1f} s): "
        f"{told}; {wrong} contradictions, {counts[Verdict.NOT_JUDGED] / number:.1%} not judged"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
