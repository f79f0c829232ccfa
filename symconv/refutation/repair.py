"""Mends a refuted claim: another amount for one padding or crop, so that it holds for every size.

Each axis is mended by itself: at one place of the formula its amounts, (before, after), are
replaced by other expressions in the sizes until both sides agree at all samples, and then the
caller's proof decides.  One amount is changed rather than two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import islice, product
from typing import TYPE_CHECKING

from symconv.claims.claim import Claim, ShapeOf, Side
from symconv.claims.mathematics import claim_text
from symconv.claims.parts import parts
from symconv.errors import SymconvError, TooLargeError
from symconv.formula.nodes import (
    Correlate,
    Dilate,
    IndexSum,
    Node,
    Pad,
    Rotate,
    children,
    rebuild,
)
from symconv.formula.sizes import integers
from symconv.formula.vocabulary import Vocabulary, vocabulary
from symconv.formula.words import RANKS, axes, axis_of
from symconv.limits.budget import spend
from symconv.readings import text
from symconv.refutation.amounts import Amounts, candidates
from symconv.refutation.axes import LOOK, SideAtSize, completed, factors_of, reading
from symconv.refutation.sizes import SizeGroup, groups, satisfies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from symconv.claims.statement import StatedClaim

Path = tuple[int, ...]
"""The way to a node: which of its children to follow from the root."""

SAMPLES = 250
"""At how many of the smallest sizes of an axis a mended claim is tried."""

ATTEMPTS = 3
"""How many mended claims are put to the proof."""

KEPT = 100_000
"""The most bytes of one side at one size that are kept for the next comparison."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A claim that holds where the refuted one did not.

    Attributes:
        stated: the mended claim.
        changes: what was changed, one text for each side: ``bottom: R - 1 becomes
            R - 1 + (H - R) % u``.
    """

    stated: StatedClaim
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Edit:
    """Amounts for one place on every axis, None where an axis is left as it is."""

    side: str
    path: Path
    amounts: tuple[Amounts | None, ...]


def repair(
    stated: StatedClaim,
    prove: Callable[[StatedClaim], bool],
    *,
    failing: Mapping[str, int] | None = None,
) -> Repair | None:
    """Return ``stated`` with one padding or crop mended, or None where that does not help.

    Args:
        stated: a refuted claim.
        prove: tells whether a claim holds for every size.
        failing: sizes at which ``stated`` fails, where some are known.

    Raises:
        OutOfBudgetError: the current budget is used up.
    """
    claim = stated.claim()
    if parts(claim) != (claim,):
        return None
    words = vocabulary(stated.general, stated.rank)
    tried: set[str] = set()
    for edit in _edits(claim, words, failing):
        mended = _mended(claim, edit)
        statement = claim_text(mended.left, mended.right, words)
        if statement in tried or mended.left == mended.right:
            continue
        tried.add(statement)
        candidate = replace(stated, statement=statement)
        if _is_proved(candidate, prove):
            return Repair(candidate, _changes(claim, edit))
        if len(tried) >= ATTEMPTS:
            return None
    return None


def _is_proved(candidate: StatedClaim, prove: Callable[[StatedClaim], bool]) -> bool:
    try:
        return prove(candidate)
    except SymconvError:
        return False


def _edits(claim: Claim, words: Vocabulary, failing: Mapping[str, int] | None) -> Iterator[_Edit]:
    """Yield edits after which both sides agree at all samples, the smallest change first."""
    axes = _axes(claim, failing) if claim.leaves else []
    wrong = [axis for axis in axes if not axis.agrees()]
    for changed, (side, path) in product(("one", "both"), list(_places(claim, words))):
        amounts: list[Amounts | None] = [None] * len(axes)
        for axis in wrong:
            amounts[axis.k] = _mending(claim, axis, side, path, changed)
            if amounts[axis.k] is None:
                break
        else:
            if any(amounts):
                yield _Edit(side, path, tuple(amounts))


def _mending(claim: Claim, axis: _Axis, side: str, path: Path, changed: str) -> Amounts | None:
    """Return amounts on this axis, at this place, with which both sides agree, or None."""
    whole = axis.sides[side]
    root = _root(whole)
    if root is None:
        return None
    ((before, after),) = _amounts(_node_at(root, path), 1)
    befores, afters = (candidates(claim, axis.column, each) for each in (before, after))
    one = [(before, each) for each in afters] + [(each, after) for each in befores]
    for amounts in one if changed == "one" else product(befores, afters):
        mended = _replaced(root, path, (amounts,))
        if axis.agrees(side, ShapeOf(mended) if isinstance(whole, ShapeOf) else mended):
            return amounts
    return None


@dataclass(frozen=True, slots=True)
class _Axis:
    """One axis of a refuted claim, and the sizes at which a mended one is tried.

    Attributes:
        k: which axis.
        column: its letters, in the table of letters.
        sides: the two sides on this axis.
        samples: the shapes of the leaves and the value of every integer.
    """

    k: int
    column: int
    sides: Mapping[str, Side]
    samples: tuple[tuple[Mapping[str, tuple[int, ...]], Mapping[str, int]], ...]
    _known: dict[tuple[str, int], SideAtSize]

    def agrees(self, side: str | None = None, mended: Side | None = None) -> bool:
        """Whether both sides are the same at all samples, one of them mended or none."""
        for n, (leaves, values) in enumerate(self.samples):
            spend(LOOK)
            try:
                left, right = (
                    reading(mended, leaves, values)
                    if name == side and mended is not None
                    else self._unchanged(name, n)
                    for name in ("left", "right")
                )
            except TooLargeError:
                return False
            if left != right or left.shape is None:
                return False
        return True

    def _unchanged(self, name: str, n: int) -> SideAtSize:
        if (name, n) in self._known:
            return self._known[name, n]
        found = reading(self.sides[name], *self.samples[n])
        if found.size <= KEPT:
            self._known[name, n] = found
        return found


def _axes(claim: Claim, failing: Mapping[str, int] | None) -> list[_Axis]:
    """Return the axes of ``claim``, none where it is no product of axes."""
    factors = factors_of(claim)
    if not all(factor.one_axis for factor in factors):
        return []
    known = [] if failing is None else [{name: failing[name] for name in claim.integers}]
    sizes = [completed(claim.definitions, each) for each in [*known, *_samples(claim)]]
    if not sizes:
        return []
    found = []
    rank = len(factors)
    columns = axes(rank) if rank in RANKS else range(rank)
    of = axis_of(rank) if rank in RANKS else {}
    for k, (column, factor) in enumerate(zip(columns, factors, strict=True)):
        mine = [name for name in sizes[0] if of.get(name, column) == column or name in factor.names]
        distinct = {tuple(each[name] for name in mine): each for each in reversed(sizes)}
        samples = tuple(
            ({name: integers(shape, each) for name, shape in factor.leaves.items()}, each)
            for each in reversed(distinct.values())
        )
        found.append(_Axis(k, column, {"left": factor.left, "right": factor.right}, samples, {}))
    return found


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


def _choices(group: SizeGroup) -> Iterator[dict[str, int]]:
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
            if root is None or root in defined:
                continue
            for path in sorted(_paths(root, defined), key=partial(_rank, root)):
                mendable = padded or not _is_spread(root, path)
                if isinstance(_node_at(root, path), Pad) == padded and mendable:
                    yield side, path


def _paths(node: Node, defined: set[Node]) -> Iterator[Path]:
    """Yield the way to every node, but not into defined tensors.

    What an index sum reads is left out as well: on one axis it reads less.
    """
    yield ()
    if node in defined or isinstance(node, IndexSum):
        return
    for k, child in enumerate(children(node)):
        for path in _paths(child, defined):
            yield (k, *path)


def _rank(root: Node, path: Path) -> tuple[bool, int]:
    """Return where a place stands in line: filters last, the inner place before the outer."""
    way = zip(_way(root, path), path, strict=False)
    return any(isinstance(node, Correlate) and k == 1 for node, k in way), -len(path)


def _is_spread(root: Node, path: Path) -> bool:
    """Whether a place lies inside of what is dilated or rotated."""
    return any(isinstance(node, Dilate | Rotate) for node in _way(root, path)[:-1])


def _tensor(claim: Claim, side: str) -> Node | None:
    return _root(claim.left if side == "left" else claim.right)


def _root(side: Side) -> Node | None:
    if isinstance(side, tuple):
        return None
    return side.of if isinstance(side, ShapeOf) else side


def _way(root: Node, path: Path) -> list[Node]:
    """Return the nodes from ``root`` to the one at ``path``, both included."""
    way = [root]
    for k in path:
        way.append(children(way[-1])[k])
    return way


def _node_at(root: Node, path: Path) -> Node:
    return _way(root, path)[-1]


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
        inside = list(children(node))
        inside[path[0]] = _replaced(inside[path[0]], path[1:], amounts)
        return rebuild(node, inside)
    kept = _amounts(node, len(amounts))
    of = node.of if isinstance(node, Pad) else node
    mended = tuple(new or old for new, old in zip(amounts, kept, strict=True))
    return Pad(of, mended) if any(pair != (0, 0) for pair in mended) else of


def _changes(claim: Claim, edit: _Edit) -> tuple[str, ...]:
    root = _tensor(claim, edit.side)
    assert root is not None
    node = _node_at(root, edit.path)
    kept = _amounts(node, len(edit.amounts))
    return tuple(
        f"{end}: {text.size(old)} becomes {text.size(new)}"
        for names, olds, news in zip(_ends(len(kept)), kept, edit.amounts, strict=True)
        for end, old, new in zip(names, olds, news or olds, strict=True)
        if old != new
    )


def _ends(rank: int) -> tuple[tuple[str, str], ...]:
    """Return what the two ends of each axis are called."""
    match rank:
        case 1:
            return (("start", "end"),)
        case 2:
            return (("top", "bottom"), ("left", "right"))
        case _:
            return tuple((f"start of axis {k}", f"end of axis {k}") for k in range(rank))
