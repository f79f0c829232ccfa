"""Mends a refuted claim: another amount for one padding or crop, so that it holds for every size.

Each axis is mended by itself: at one place of the formula its amounts, (before, after), are
replaced by other expressions in the sizes until both sides agree at all samples, and then the
caller's proof decides.  One amount is changed rather than two.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from symconv.errors import SymconvError
from symconv.formula.nodes import Correlate, Node, Pad, Subsample, Vjp
from symconv.formula.sizes import (
    Difference,
    Name,
    Quotient,
    Remainder,
    Size,
    Sum,
    minus,
    names,
    plus,
    substitute,
    times,
)
from symconv.formula.text import size_text
from symconv.formula.vocabulary import TWINS, Vocabulary, vocabulary
from symconv.proof.claim import Claim, ShapeOf
from symconv.proof.claim_text import claim_text
from symconv.proof.factors import factors_of
from symconv.proof.sizes import Group, groups, satisfies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from symconv.proof.stated import Stated

Path = tuple[str, ...]
"""The way to a node: the fields to follow from the root."""

Amounts = tuple[Size, Size]
"""What is added before and after, on one axis."""

SAMPLES = 250
"""At how many of the smallest sizes of an axis a mended claim is tried."""

ATTEMPTS = 3
"""How many mended claims are put to the proof."""

_HEIGHT_OF = {width: Name(height) for height, width in TWINS.items()}
_WIDTH_OF = {height: Name(width) for height, width in TWINS.items()}


@dataclass(frozen=True, slots=True)
class Repair:
    """A claim that holds where the refuted one did not.

    Attributes:
        stated: the mended claim.
        changes: what was changed, one text for each side: ``bottom: R - 1 becomes
            R - 1 + (H - R) % u``.
    """

    stated: Stated
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Edit:
    """Amounts for one place on every axis, None where an axis is left as it is."""

    side: str
    path: Path
    amounts: tuple[Amounts | None, ...]


def repair(
    stated: Stated,
    prove: Callable[[Stated], bool],
    *,
    failing: Mapping[str, int] | None = None,
    deadline: float | None = None,
) -> Repair | None:
    """Return ``stated`` with one padding or crop mended, or None where that does not help.

    Args:
        stated: a refuted claim.
        prove: tells whether a claim holds for every size.
        failing: sizes at which ``stated`` fails, where some are known.
        deadline: when to stop, on the clock of `time.monotonic`; None is never.
    """
    claim = stated.claim()
    words = vocabulary(stated.general)
    tried: set[str] = set()
    for edit in _edits(claim, words, failing, deadline):
        mended = _mended(claim, edit)
        statement = claim_text(mended.left, mended.right, words)
        if statement in tried or mended.left == mended.right:
            continue
        tried.add(statement)
        candidate = replace(stated, statement=statement)
        if _is_proved(candidate, prove):
            return Repair(candidate, _changes(claim, edit))
        if len(tried) >= ATTEMPTS or _is_late(deadline):
            return None
    return None


def _is_proved(candidate: Stated, prove: Callable[[Stated], bool]) -> bool:
    try:
        return prove(candidate)
    except SymconvError:
        return False


def _edits(
    claim: Claim,
    words: Vocabulary,
    failing: Mapping[str, int] | None,
    deadline: float | None,
) -> Iterator[_Edit]:
    """Yield edits after which both sides agree at all samples, the smallest change first."""
    axes = factors_of(claim)
    if len(axes) not in (1, 2) or any(len(shape) != len(axes) for shape in claim.leaves.values()):
        return
    known = [{name: failing[name] for name in claim.integers}] if failing else []
    samples = [*known, *_samples(claim)]
    wrong = [k for k in range(len(axes)) if not _agree(claim, k, samples)]
    for changed, (side, path) in product(("one", "both"), list(_places(claim, words))):
        amounts: list[Amounts | None] = [None] * len(axes)
        for k in wrong:
            amounts[k] = _mending(claim, k, side, path, changed, samples, deadline)
            if amounts[k] is None:
                break
        else:
            if any(amounts):
                yield _Edit(side, path, tuple(amounts))
        if _is_late(deadline):
            return


def _mending(
    claim: Claim,
    k: int,
    side: str,
    path: Path,
    changed: str,
    samples: Sequence[Mapping[str, int]],
    deadline: float | None,
) -> Amounts | None:
    """Return amounts for axis ``k`` at this place with which both sides agree, or None."""
    rank = len(next(iter(claim.leaves.values()), (0, 0)))
    before, after = _amounts(_node_at(_tensor(claim, side), path), rank)[k]
    if changed == "one":
        choices: Iterator[Amounts] = iter(
            [(before, each) for each in _candidates(claim, k, after)]
            + [(each, after) for each in _candidates(claim, k, before)]
        )
    else:
        choices = product(_candidates(claim, k, before), _candidates(claim, k, after))
    for amounts in choices:
        if _is_late(deadline):
            return None
        each = tuple(amounts if axis == k else None for axis in range(rank))
        if _agree(_mended(claim, _Edit(side, path, each)), k, samples):
            return amounts
    return None


def _candidates(claim: Claim, k: int, amount: Size) -> list[Size]:
    """Return what ``amount`` might have to be on axis ``k``, the smallest change first."""
    words = _Words.of(claim, k)
    bases: list[Size] = [amount]
    if isinstance(amount, Sum | Difference):
        bases.append(amount.left)
    bases.append(substitute(amount, _WIDTH_OF if k else _HEIGHT_OF))
    bases += [minus(words.reach, lost) for lost in (*words.margin, 0)]
    bases += [words.filter, *words.margin, 0]
    bases += words.halves
    bases += [plus(amount, 1), minus(amount, 1)]
    found: dict[Size, None] = {}
    for base in bases:
        found |= dict.fromkeys([base, *words.with_remainder(base)])
    return [each for each in found if names(each) <= {*claim.integers, *claim.definitions}]


@dataclass(frozen=True, slots=True)
class _Words:
    """What the amounts of one axis are made of.

    Attributes:
        filter: R.
        margin: (lo, hi), the padding.
        reach: D - 1.
        halves: D - 1 in two parts, the smaller first.
        remainder: (H + lo + hi - D) % u.
    """

    filter: Size
    margin: Amounts
    reach: Size
    halves: Amounts
    remainder: Size

    @classmethod
    def of(cls, claim: Claim, k: int) -> _Words:
        """Return the words of axis ``k``, 0 and 1 for the padding and dilation it has not."""
        H, R, u, d, lo, hi = (
            _WIDTH_OF[name] if k else Name(name) for name in ("H", "R", "u", "d", "pt", "pb")
        )
        margin: Amounts = (
            lo if lo.name in claim.integers else 0,
            hi if hi.name in claim.integers else 0,
        )
        padded = plus(plus(H, margin[0]), margin[1])
        if d.name not in claim.integers:
            halves: Amounts = Quotient(minus(R, 1), 2), Quotient(R, 2)
            return cls(R, margin, minus(R, 1), halves, Remainder(minus(padded, R), u))
        reach = times(d, minus(R, 1))
        halves = Quotient(reach, 2), minus(reach, Quotient(reach, 2))
        return cls(R, margin, reach, halves, Remainder(minus(minus(padded, reach), 1), u))

    def with_remainder(self, base: Size) -> tuple[Size, ...]:
        """Return ``base`` with the remainder added, and with it taken away."""
        match base:
            case Sum(left, right) | Difference(left, right) if right == self.remainder:
                return (left,)
        return plus(base, self.remainder), minus(base, self.remainder)


def _agree(claim: Claim, k: int, samples: Sequence[Mapping[str, int]]) -> bool:
    """Tell whether both sides are the same on axis ``k`` at all samples."""
    factors = factors_of(claim)
    if k >= len(factors):
        return False
    for values in samples:
        left, right = factors[k].at(values)
        if left != right or left.shape is None:
            return False
    return True


def _samples(claim: Claim) -> Iterator[dict[str, int]]:
    """Yield sizes that satisfy the hypotheses: the smallest of every group, the rest least."""
    parts = groups(claim, [factor.names for factor in factors_of(claim)])
    smallest = [list(islice(_choices(part), SAMPLES)) for part in parts]
    if not all(smallest):
        return
    rest = {name: value for choices in smallest for name, value in choices[0].items()}
    for choices in smallest:
        for choice in choices:
            if satisfies(claim, {**rest, **choice}):
                yield {**rest, **choice}


def _choices(group: Group) -> Iterator[dict[str, int]]:
    for weight in range(200):
        for values in group.at_weight(weight):
            if values is not None:
                yield values


def _places(claim: Claim, words: Vocabulary) -> Iterator[tuple[str, Path]]:
    """Yield where something is padded, then where it could be."""
    defined = set(words.tensors.values())
    for padded in (True, False):
        for side in ("right", "left"):
            root = _tensor(claim, side)
            paths = list(_paths(root, (), defined)) if root is not None else []
            for path in sorted(paths, key=lambda path: ("by" in path, -len(path))):
                if isinstance(_node_at(root, path), Pad) == padded:
                    yield side, path


def _paths(node: Node, path: Path, defined: set[Node]) -> Iterator[Path]:
    if node in defined and not path:
        return
    yield path
    if node in defined:
        return
    for name in ("of", "by", "cotangent"):
        child = getattr(node, name, None)
        if child is not None and isinstance(node, Pad | Correlate | Subsample | Vjp):
            yield from _paths(child, (*path, name), defined)


def _tensor(claim: Claim, side: str) -> Node | None:
    root = getattr(claim, side)
    if isinstance(root, tuple):
        return None
    return root.of if isinstance(root, ShapeOf) else root


def _node_at(root: Node | None, path: Path) -> Node:
    node = root
    for name in path:
        node = getattr(node, name)
    assert node is not None
    return node


def _amounts(node: Node, rank: int) -> tuple[Amounts, ...]:
    return node.amounts if isinstance(node, Pad) else ((0, 0),) * rank


def _mended(claim: Claim, edit: _Edit) -> Claim:
    """Return ``claim`` with the amounts of ``edit``."""
    root = _tensor(claim, edit.side)
    assert root is not None
    new = _replaced(root, edit.path, edit.amounts)
    whole = ShapeOf(new) if isinstance(getattr(claim, edit.side), ShapeOf) else new
    return replace(claim, left=whole) if edit.side == "left" else replace(claim, right=whole)


def _replaced(node: Node, path: Path, amounts: tuple[Amounts | None, ...]) -> Node:
    if path:
        child: dict[str, Any] = {path[0]: _replaced(getattr(node, path[0]), path[1:], amounts)}
        return replace(node, **child)
    kept = _amounts(node, len(amounts))
    of = node.of if isinstance(node, Pad) else node
    mended = tuple(new or old for new, old in zip(amounts, kept, strict=True))
    return Pad(of, mended) if any(pair != (0, 0) for pair in mended) else of


def _changes(claim: Claim, edit: _Edit) -> tuple[str, ...]:
    node = _node_at(_tensor(claim, edit.side), edit.path)
    kept = _amounts(node, len(edit.amounts))
    ends = (("top", "bottom"), ("left", "right")) if len(kept) == 2 else (("start", "end"),)
    return tuple(
        f"{end}: {size_text(old)} becomes {size_text(new)}"
        for names, olds, news in zip(ends, kept, edit.amounts, strict=True)
        for end, old, new in zip(names, olds, news or olds, strict=True)
        if old != new
    )


def _is_late(deadline: float | None) -> bool:
    return deadline is not None and time.monotonic() > deadline
