"""Which sizes are tried: few, cheap, and so that each pair of conditions is met somewhere."""

from __future__ import annotations

import functools
import itertools
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from symconv.errors import GeometryError
from symconv.geometry import Axis, Geometry, Layer
from symconv.implementations.interface import Form, Interface
from symconv.implementations.predicates import Predicate, held, single
from symconv.implementations.sizes import TrialSizes

MOST = 24
"""How many geometries are planned."""

_POOL = 900
_TRIES = 9000
"""How often sizes are drawn at most, for code that takes few of them."""

_ASKED = 3
_COSTLY = 2000
_CHEAP = 150
"""Products of a forward pass: more are not planned; so many halve what a geometry is worth."""


class Pool:
    """Sizes that an interface can say, the small ones most often; for one seed always the same."""

    def __init__(self, face: Interface, seed: int = 0) -> None:
        self.face = face
        self.drawn = _drawn(face, seed)
        self.accepted: dict[Callable[[TrialSizes], bool], _Accepted] = {}

    def draw(self, number: int, accepts: Callable[[TrialSizes], bool]) -> list[TrialSizes]:
        """Return up to ``number`` different sizes that are accepted, the first ones that are drawn.

        Args:
            number: how many.
            accepts: whether an implementation is known to take sizes.
        """
        if accepts not in self.accepted:
            self.accepted[accepts] = _Accepted(filter(accepts, self.drawn.upto(_TRIES)))
        return self.accepted[accepts].first(number)


@dataclass(frozen=True, eq=False)
class _Accepted:
    """Sizes that were asked for so far, and those that come after them."""

    others: Iterator[TrialSizes]
    known: list[TrialSizes] = field(default_factory=list)

    def first(self, number: int) -> list[TrialSizes]:
        self.known.extend(itertools.islice(self.others, max(number - len(self.known), 0)))
        return self.known[:number]


class _Drawn:
    """Different sizes in the order in which they are drawn."""

    def __init__(self, face: Interface, seed: int) -> None:
        self.face = face
        self.random = random.Random(seed)
        self.found: dict[TrialSizes, int] = {}
        self.order: list[TrialSizes] = []
        self.tried = 0

    def upto(self, tries: int) -> Iterator[TrialSizes]:
        """Yield the different sizes of so many draws."""
        for k in itertools.count():
            while k == len(self.order) and self.tried < tries:
                self._draw()
            if k == len(self.order) or self.found[self.order[k]] > tries:
                return
            yield self.order[k]

    def _draw(self) -> None:
        self.tried += 1
        made = self._one()
        if made is not None and made not in self.found:
            self.found[made] = self.tried
            self.order.append(made)

    def _one(self) -> TrialSizes | None:
        face, draw = self.face, self.random
        square = draw.random() < 0.35
        plain = draw.random() < 0.3  # little that is unusual, for code that refuses much
        group = 1
        if face.groups and draw.random() < 0.5:
            group = draw.choice((2, 3))
        batch = draw.choice((1, 2, 3)) if face.batch else 1
        few = (1, 1, 2) if group > 1 else (1, 2, 3, 4)
        channels = group * draw.choice(few) if face.channels else 1
        filters = group * draw.choice(few) if face.filters else 1
        named = None
        if face.names:
            named = draw.choice(
                (*face.names, None) if face.padding is not Form.FIXED else face.names
            )
        axes: list[Axis] = []
        shared = {
            "u": self._step(face.stride, face.fixed_stride, plain),
            "d": self._step(face.dilation, 1, plain),
            "l": self._step(face.input_dilation, 1, plain),
            "p": self._pads(plain)[0],
            "R": draw.choice((1, 2, 3, 3, 4, 5)),
            "more": draw.choice((0, 0, 1, 2)) if face.transposed else 0,
        }
        for _ in range(face.rank):
            try:
                axis = axes[0] if square and axes else self._axis(shared, named, plain)
            except GeometryError:
                return None
            axes.append(axis)
        try:
            layer = Layer(Geometry(tuple(axes)), batch, channels, filters, group, face.bias)
        except GeometryError:
            return None
        made = TrialSizes(layer, named)
        reads = all(map(_reads_input, axes))
        return made if made.cost <= _COSTLY and reads else None

    def _step(self, form: Form, fixed: int, plain: bool) -> int:
        if form is Form.FIXED:
            return fixed
        return 1 if plain and self.random.random() < 0.7 else self.random.choice((1, 2, 2, 3, 4))

    def _pads(self, plain: bool) -> tuple[int, int]:
        amounts = (0, 0, 1) if plain else (0, 0, 1, 1, 2, 3, 4)
        return self.random.choice(amounts), self.random.choice(amounts)

    def _axis(self, shared: dict[str, int], named: str | None, plain: bool) -> Axis:
        """Return an axis; GeometryError where the numbers do not fit each other."""
        face, draw = self.face, self.random
        R = shared["R"] if face.kernel is Form.ONE else draw.choice((1, 2, 3, 3, 4, 5))
        u = self._step(face.stride, face.fixed_stride, plain)
        d = self._step(face.dilation, 1, plain)
        spread = self._step(face.input_dilation, 1, plain)
        u = shared["u"] if face.stride is Form.ONE else u
        d = min(shared["d"] if face.dilation is Form.ONE else d, 3)
        spread = shared["l"] if face.input_dilation is Form.ONE else spread
        lo, hi = self._pads(plain)
        match face.padding:
            case Form.FIXED | Form.NAME:
                lo = hi = face.fixed_padding
            case Form.ONE:
                lo = hi = shared["p"]
            case Form.EACH:
                hi = lo
        extent = d * (R - 1) + 1
        windows, rest = draw.choice((1, 2, 2, 3, 3, 4)), draw.randrange(u)
        if face.transposed:
            H = draw.choice((1, 2, 3, 4))
            each, same = draw.choice((0, 0, 1, 2)), shared["more"]
            more = {Form.FIXED: 0, Form.ONE: same}.get(face.output_padding, each)
            if more >= max(u, d):
                more = 0 if face.output_padding is Form.EACH else more
            return Axis(H, R, u, (lo, hi), d, 1, True, more)
        name = named or face.fixed_name
        if name == "same":
            H = draw.choice((1, 2, 3, 4, 5, 6, 7))
            (axis,) = Geometry.of((H,), (R,), (u,), "same", (d,)).axes
            return axis
        if name in ("valid", "full"):
            lo = hi = 0 if name == "valid" else extent - 1
        spread_input = (windows - 1) * u + extent + rest - lo - hi
        H = (max(spread_input, 1) - 1) // spread + 1
        return Axis(H, R, u, (lo, hi), d, spread)


@functools.lru_cache(maxsize=32)
def _drawn(face: Interface, seed: int) -> _Drawn:
    """Return what is drawn for an interface, which is kept: it is asked for again and again."""
    return _Drawn(face, seed)


def features(face: Interface) -> list[Predicate]:
    """Return what implementations often refuse, in the order in which it is asked."""
    known = {each.text: each for each in single(face)}
    wanted = [
        "N > 1", "C > 1", "K > 1", "H != W", "R != S", "R % 2 = 0", "S % 2 = 0", "stride > 1",
        "u > 1", "v > 1", "u != v", "pad > 0", "pt > 0", "pb > 0", "pl > 0", "pr > 0", "pt != pb",
        "dilation > 1", "d > 1", "G > 1", "output_padding > 0", "pad > R - 1", "stride > R",
    ]  # fmt: skip
    # The remainder first: a stride is often refused where it leaves one, and only there.
    found = [each for each in known.values() if "%" in each.text and each.text.endswith(" > 0")]
    found += [known[text] for text in wanted if text in known]
    smaller = [known[text] for text in ("R > 3", "H < R") if text in known]
    opposite = [
        known[t].negated() for t in ("R > 1", "R % 2 = 0", "pad > 0", "pt > 0") if t in known
    ]
    return found + smaller + opposite


def _reads_input(axis: Axis) -> bool:
    """Whether some window reaches an element of the input, and not padding alone."""
    if axis.transposed:
        return True
    u, d, lo, spread = axis.stride, axis.dilation, axis.padding[0], axis.input_dilation
    return any(
        0 <= place < axis.spread and place % spread == 0
        for p in range(axis.output)
        for place in range(p * u - lo, p * u - lo + axis.extent, d)
    )


class Questions:
    """Finds sizes that have one feature and little else: as near to the base as can be."""

    def __init__(self, face: Interface, base: TrialSizes, seed: int = 0) -> None:
        self.features = features(face)
        self.pool = [base, *Pool(face, seed).draw(_POOL // 2, lambda _: True)]
        self.letters = [sizes.letters for sizes in self.pool]
        self.held = held(self.features, self.letters).T
        unusual = (self.held != self.held[0]).sum(axis=1)
        self.order: list[int] = np.argsort(unusual, kind="stable").tolist()

    def sizes(self, k: int, refused: Sequence[Predicate]) -> list[TrialSizes]:
        """Return some sizes with feature ``k`` for which nothing holds that is refused.

        None where the base has the feature.  A feature is refused where all of them are.
        """
        found = [
            self.pool[at]
            for at in self.order
            if self.held[at, k] and not any(each.holds(self.letters[at]) for each in refused)
        ]
        if self.held[0, k]:
            return []
        others = found[_ASKED:]
        return found[:_ASKED] + others[:: max(len(others) // _ASKED, 1)][: 2 * _ASKED]


def cover(
    face: Interface,
    accepts: Callable[[TrialSizes], bool],
    runs: Callable[[TrialSizes], bool],
    done: Iterable[tuple[TrialSizes, bool]] = (),
    seed: int = 0,
) -> list[TrialSizes]:
    """Run sizes so that each pair of conditions that can be met together is met, and return them.

    Args:
        face: what can be said.
        accepts: whether sizes are known to be taken; others are not planned.
        runs: runs sizes and says whether they were taken.
        done: sizes that were tried already, and whether they were taken.
        seed: what sizes are drawn by.
    """
    pool = Pool(face, seed).draw(_POOL, accepts)
    if not pool:
        return []
    asked = single(face)
    both = _met(asked, pool)
    missing = (both.T @ both > 0).astype(np.float32)
    chances = _Chances(both.shape[1])
    done = list(done)
    for row, (_, was_taken) in zip(_met(asked, [s for s, _ in done]), done, strict=True):
        chances.note(row, was_taken)
        if was_taken:
            met = np.flatnonzero(row)
            missing[np.ix_(met, met)] = 0
    gain = ((both @ missing) * both).sum(axis=1)
    worth = 1 / (1 + np.array([sizes.cost for sizes in pool]) / _CHEAP)
    taken: list[TrialSizes] = []
    tried = 0
    while len(taken) < MOST and tried < 3 * MOST:
        best = int((gain * worth * chances.of(both)).argmax())
        if gain[best] * worth[best] <= 0:
            break
        tried += 1
        is_taken = runs(pool[best])
        chances.note(both[best], is_taken)
        if is_taken:
            taken.append(pool[best])
            met = np.flatnonzero(both[best])
            met = met[missing[np.ix_(met, met)].any(axis=0)]
            at = np.ix_(met, met)
            gain -= ((both[:, met] @ missing[at]) * both[:, met]).sum(axis=1)
            missing[at] = 0
        worth[best] = 0
    return taken


class _Chances:
    """How likely it is that sizes are taken: as those are with which they share the worst."""

    def __init__(self, conditions: int) -> None:
        self.tried, self.taken = np.ones(conditions), np.ones(conditions)

    def note(self, met: NDArray[np.float32], taken: bool) -> None:
        """Count sizes that were tried, by the conditions that they meet."""
        self.tried += met
        self.taken += met * taken

    def of(self, both: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the chance of sizes: of the conditions that each meets, the least share taken."""
        doubtful = np.flatnonzero(self.taken < self.tried)
        shares = (self.taken / self.tried)[doubtful]
        return np.asarray(np.where(both[:, doubtful], shares, 1.0).min(axis=1, initial=1.0))


def _met(asked: Sequence[Predicate], several: Sequence[TrialSizes]) -> NDArray[np.float32]:
    """Return which conditions and opposites of conditions sizes meet: a row for each size."""
    there = held(asked, [sizes.letters for sizes in several])
    return np.concatenate([there, ~there]).T.astype(np.float32)
