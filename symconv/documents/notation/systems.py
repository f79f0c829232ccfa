"""The convolutions of a document: equations that agree on the names of their tensors."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from symconv.documents.notation.names import NameShape


@dataclass(eq=False, slots=True)
class TensorSystem:
    """The names of one convolution, and the equations that use them.

    Attributes:
        outputs: names of the output; more than one only where they differ in case.
        pair: names of input and filter.
        gradients: own names of the output's gradient.
        members: numbers of its equations, in the order of the document.
    """

    outputs: list[str]
    pair: set[str]
    gradients: set[str] = field(default_factory=set)
    members: list[int] = field(default_factory=list)

    def names(self) -> set[str]:
        """Return every name it uses for tensors."""
        return {*self.outputs, *self.pair, *self.gradients}


def systems(shapes: Mapping[int, NameShape]) -> list[TensorSystem]:
    """Return the systems of numbered equations; those that fit no system are members of none."""
    found = _Found()
    settled = _settled(shapes)
    # Complete equations found systems, the others join them.
    for k, s in sorted(
        settled.items(), key=lambda ks: (len(ks[1].pair) < 2, not ks[1].output, ks[0])
    ):
        home = found.home(s)
        if home is None and (len(s.pair) >= 2 or (s.output and s.pair)):
            home = found.new()
        if home is not None:
            found.join(home, s, k)
    return _absorbed(found.systems)


def _settled(shapes: Mapping[int, NameShape]) -> dict[int, NameShape]:
    """Return shapes whose gradient's own name fits the pairs of forward equations.

    Of dL/dx = sum g w alone nobody knows whether g or w is the gradient; y = sum x w tells.
    """
    forward = {s.pair for s in shapes.values() if s.output and len(s.pair) == 2}
    outputs = {s.output for s in shapes.values() if s.output and len(s.pair) == 2}
    settled = {k: _turned(s, forward) if s.gradient else s for k, s in shapes.items()}
    return {k: s for k, s in settled.items() if not s.gradient or s.gradient not in outputs}


def _turned(s: NameShape, forward: Container[frozenset[str]]) -> NameShape:
    if s.pair not in forward and len(s.pair) == 2:
        for name in s.pair:
            other = s.pair - {name} | {s.gradient}
            if other in forward:
                return NameShape(s.output, other, name)
    return s


class _Found:
    """The systems found so far, with those to look at for a name.

    Attributes:
        systems: all of them, in order.
    """

    def __init__(self) -> None:
        self.systems: list[TensorSystem] = []
        self._with_name: dict[str, list[int]] = {}
        self._with_output: dict[str, list[int]] = {}
        self._with_gradient: dict[str, list[int]] = {}
        self._incomplete: dict[str, list[int]] = {}

    def home(self, s: NameShape) -> int | None:
        """Return the number of the system that an equation belongs to."""
        if s.gradient and not s.pair and not s.output:
            return next(iter(self._with_gradient.get(s.gradient, ())), None)
        likely = [n for n in self._sharing(s) if s.pair <= self.systems[n].pair]
        for n in likely:
            if not s.output or s.output in self.systems[n].outputs:
                return n
        for n in likely:
            if s.output.casefold() in (name.casefold() for name in self.systems[n].outputs):
                return n
        for n in self._incomplete.get(s.output, ()):
            if len(self.systems[n].pair | s.pair) <= 2:
                return n
        return None

    def _sharing(self, s: NameShape) -> Sequence[int]:
        """Return the systems with a name of an equation: with the one that fewest have."""
        lists = [self._with_name.get(name, []) for name in s.pair]
        if s.output:
            lists.append(self._with_output.get(s.output.casefold(), []))
        return min(lists, key=len) if lists else range(len(self.systems))

    def new(self) -> int:
        """Return the number of a system that has no names yet."""
        self.systems.append(TensorSystem([], set()))
        return len(self.systems) - 1

    def join(self, n: int, s: NameShape, k: int) -> None:
        """Add equation ``k``, and what it says of names, to system ``n``."""
        system = self.systems[n]
        system.members.append(k)
        if s.gradient:
            system.gradients.add(s.gradient)
            _note(self._with_gradient, s.gradient, n)
        if s.pair <= system.pair and (not s.output or s.output in system.outputs):
            return
        system.pair |= s.pair
        if s.output and s.output not in system.outputs:
            system.outputs.append(s.output)
        for name in system.pair:
            _note(self._with_name, name, n)
        for output in system.outputs:
            _note(self._with_output, output.casefold(), n)
            if len(system.pair) < 2:
                _note(self._incomplete, output, n)
            elif n in self._incomplete.get(output, ()):
                self._incomplete[output].remove(n)


def _note(numbers: dict[str, list[int]], name: str, n: int) -> None:
    """Add a number to those of a name, in order."""
    known = numbers.setdefault(name, [])
    k = bisect_left(known, n)
    if known[k : k + 1] != [n]:
        known.insert(k, n)


def _absorbed(found: list[TensorSystem]) -> list[TensorSystem]:
    """Give a small system that differs by one name to the large one: the name is a slip there."""
    kept: list[TensorSystem] = []
    using: dict[Collection[str], list[int]] = {}
    for system in sorted(found, key=lambda s: -len(s.members)):
        near = sorted({n for key in _shared(system) for n in using.get(key, ())})
        home = next((kept[n] for n in near if _slip(system, kept[n])), None)
        if home is None:
            for key in {*_shared(system), *((name,) for name in system.pair)}:
                using.setdefault(key, []).append(len(kept))
            kept.append(system)
        else:
            home.members.extend(system.members)
    for system in kept:
        system.members.sort()
    return kept


def _shared(system: TensorSystem) -> Iterator[Collection[str]]:
    """Yield what a large system has to share with a small one whose slip is in one name."""
    yield frozenset(system.pair)
    for name in system.pair:
        if not system.outputs:
            yield (name,)
        yield from ((output, name) for output in system.outputs)


def _slip(small: TensorSystem, large: TensorSystem) -> bool:
    if len(small.members) * 3 > len(large.members):
        return False
    same_output = bool(set(small.outputs) & set(large.outputs)) or not small.outputs
    common = len(small.pair & large.pair)
    return (same_output and common == 1) or (not same_output and common == 2)
