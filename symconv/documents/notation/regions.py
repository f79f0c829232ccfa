"""Where a document changes its example: a system's equations cut into regions.

A cut has to earn itself: it must make at least two more equations agree, and leave enough on
either side to speak for a notation of its own, so that two slips do not become an example.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from symconv.documents.elements.equations import GRADIENT, VALUE, ElementEquation
from symconv.documents.elements.extents import Extents
from symconv.documents.notation.inference import readings
from symconv.documents.notation.names import Shape
from symconv.documents.notation.reading import Hints, Reading, Region
from symconv.documents.notation.systems import System, systems
from symconv.documents.notation.truth import agrees

_MOST_CUTS = 24
_LONG = 400
_CLEAREST = 6
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Stretch:
    """What stands between two comments that give hints.

    Attributes:
        hints: what is said of the notation there.
        shapes: what the equations there say of names, by their numbers, in order.
        extents: the grids there that show a whole tensor.
    """

    hints: Hints
    shapes: dict[int, Shape] = field(default_factory=dict)
    extents: list[Extents] = field(default_factory=list)


def infer(equations: Sequence[ElementEquation], stretch: Stretch) -> list[Region]:
    """Return the regions of a stretch, each with every notation that explains it best."""
    found: list[Region] = []
    for system in systems(stretch.shapes):
        if stretch.hints.names is not None:
            _named(system, stretch.hints.names)
        found.extend(regions(system, equations, stretch.extents, stretch.hints))
    return sorted(found, key=lambda region: region.start)


def _named(system: System, names: tuple[str, str, str]) -> None:
    x, f, y = names
    if system.pair <= {x, f} and set(system.outputs) <= {y, y.lower(), y.upper()}:
        system.pair = {x, f}
        system.outputs = system.outputs or [y]


def regions(
    system: System, equations: Sequence[ElementEquation], extents: Sequence[Extents], hints: Hints
) -> list[Region]:
    """Return the regions of one system, in order."""
    members = tuple(system.members)
    whole = _region(system, members, equations, extents, hints)
    found = _cut(whole, equations, extents, hints, 0)
    if hints == Hints():
        found = [_believed(region, equations) for region in found]
    return [_with_the_one_before(region, found, equations, extents, hints) for region in found]


def _believed(region: Region, equations: Sequence[ElementEquation]) -> Region:
    """Return a region without notation where it makes most sums wrong, forward ones above all.

    They are another thing's, such as a product of matrices.
    """
    if not region.readings:
        return region
    products = [e for k in region.members if _holds_products(e := equations[k], 1)]
    sums = [equation for equation in products if _holds_products(equation, 2)]
    forward = [equation for equation in sums if equation.target.kind == VALUE]
    told = (forward, sums, products)
    if len(forward) < 2 or any(_mostly(part, region.readings[0]) for part in told):
        return region
    reason = (
        "most forward equations here are none of a convolution; say --input, --filter and --stride "
        "if they are"
    )
    return replace(region, readings=(), reason=reason)


def _mostly(equations: Sequence[ElementEquation], reading: Reading) -> bool:
    """Say whether at least half of the equations agree."""
    return 2 * sum(agrees(equation, reading) for equation in equations) >= len(equations)


def _holds_products(equation: ElementEquation, least: int) -> bool:
    """Say whether so many products stand in an equation."""
    return sum(len(term.factors) == 2 for term in equation.terms) >= least


def _with_the_one_before(
    region: Region,
    found: Sequence[Region],
    equations: Sequence[ElementEquation],
    extents: Sequence[Extents],
    hints: Hints,
) -> Region:
    """Return a region of gradients alone with the notation of the forward pass before it, too.

    Under the same letters they are an example of their own, or wrong as a whole.
    """
    if len(found) == 1 or not region.readings or _is_example(region, equations, extents):
        return region
    before = [r for r in found if r.start < region.start and _is_example(r, equations, extents)]
    if not before or hints.complete(region.readings[0].rank):
        return region
    others = [r for r in before[-1].readings if r.geometry != region.readings[0].geometry]
    return replace(region, readings=(*region.readings, *others))


def _is_example(
    region: Region, equations: Sequence[ElementEquation], extents: Sequence[Extents]
) -> bool:
    """Say whether a forward pass of its own speaks for a region, or a grid that shows a tensor."""
    if not region.readings:
        return False
    reading = region.readings[0]
    last = equations[region.members[-1]].target.place.start
    names = {reading.input, *reading.outputs}
    return _has_forward(region, equations) or any(
        e.name in names and region.start <= e.offset <= last for e in extents
    )


def _cut(
    whole: Region,
    equations: Sequence[ElementEquation],
    extents: Sequence[Extents],
    hints: Hints,
    depth: int,
) -> list[Region]:
    """Return the regions that a stretch falls into, itself where no cut earns its place."""
    members = whole.members
    agreeing = _agreement(whole, equations)
    if agreeing.count(False) < 2 or depth == _DEEPEST or len(members) < 4:
        return [whole]
    best: tuple[int, list[Region]] | None = None
    for k in _places(agreeing):
        least = 2 if best is None else best[0] + 1
        parts = _parted(whole, k, agreeing, least, equations, extents, hints)
        if parts is None:
            continue
        held = [_agreement(part, equations) for part in parts]
        gain = sum(map(sum, held)) - sum(agreeing)
        speaking = all(_speaks(p, h, equations) for p, h in zip(parts, held, strict=True))
        if gain >= least and speaking and not _contradict(parts, equations):
            best = gain, parts
    if best is None:
        return [whole]
    return [
        region
        for part in best[1]
        for region in _cut(
            part, equations, _near(extents, equations, part.members, members), hints, depth + 1
        )
    ]


def _contradict(parts: Sequence[Region], equations: Sequence[ElementEquation]) -> bool:
    """Say whether gradients alone deny a forward pass: of the same tensors, or of a turned filter.

    That is no new example, but a mistake in all of them.
    """
    first, second = (part.readings[0] for part in parts)
    same = all(first.extents(role) == second.extents(role) for role in "XFY")
    return (same or first.flipped != second.flipped) and not all(
        _has_forward(part, equations) for part in parts
    )


def _has_forward(region: Region, equations: Sequence[ElementEquation]) -> bool:
    """Say whether a forward equation or a local derivative agrees."""
    return any(
        equations[k].target.kind != GRADIENT and agrees(equations[k], region.readings[0])
        for k in region.members
    )


def _parted(
    whole: Region,
    k: int,
    agreeing: Sequence[bool],
    least: int,
    equations: Sequence[ElementEquation],
    extents: Sequence[Extents],
    hints: Hints,
) -> list[Region] | None:
    """Return the two parts of a cut, None where it cannot make so many more equations agree.

    No cut gains more than equations that do not agree yet: where most of them stand is tried
    first, and what is left is worked out only if it may still be enough.
    """
    members = whole.members
    failing = {n for n, agrees_ in zip(members, agreeing, strict=True) if not agrees_}
    sides = [members[:k], members[k:]]
    order = sorted((0, 1), key=lambda side: -len(failing.intersection(sides[side])))
    most = len(failing)
    parts: dict[int, Region] = {}
    for side in order:
        near = _near(extents, equations, sides[side], members)
        part = parts[side] = _region(whole.system, sides[side], equations, near, hints)
        there = failing.intersection(sides[side])
        most -= len(there) - sum(_holds(part, equations[n]) for n in there)
        if most < least:
            return None
    return [parts[0], parts[1]]


def _holds(region: Region, equation: ElementEquation) -> bool:
    """Say whether an equation agrees with the first reading of a region."""
    return bool(region.readings) and agrees(equation, region.readings[0])


def _region(
    system: System,
    members: tuple[int, ...],
    equations: Sequence[ElementEquation],
    extents: Sequence[Extents],
    hints: Hints,
) -> Region:
    found, reason = readings([equations[k] for k in members], system, extents, hints)
    return Region(system, members, found, reason, equations[members[0]].target.place.start)


def _agreement(region: Region, equations: Sequence[ElementEquation]) -> list[bool]:
    if not region.readings:
        return [False] * len(region.members)
    return [agrees(equations[k], region.readings[0]) for k in region.members]


def _places(agreeing: Sequence[bool]) -> list[int]:
    """Return where to try a cut: where agreement begins or ends, and between in short stretches.

    In a long stretch only places are tried that part agreement from slips most clearly, so that
    a slip here and there costs no more the longer the document is.
    """
    n = len(agreeing)
    if n <= _LONG:
        flips = [k for k in range(2, n - 1) if agreeing[k] != agreeing[k - 1] or k % 2 == 0]
        return flips[:: max(1, len(flips) // _MOST_CUTS)]
    before = list(accumulate(agreeing, initial=0))
    flips = [k for k in range(2, n - 1) if agreeing[k] != agreeing[k - 1]]
    flips.sort(key=lambda k: (-abs(n * before[k] - k * before[n]), k))
    return sorted(flips[:_CLEAREST])


def _near(
    extents: Sequence[Extents],
    equations: Sequence[ElementEquation],
    part: tuple[int, ...],
    members: tuple[int, ...],
) -> list[Extents]:
    """Return the grids that stand in a part, or close before it."""
    first, last = equations[part[0]].target.place.start, equations[part[-1]].target.place.start
    before = [equations[k].target.place.start for k in members if k < part[0]]
    low = before[-1] if before else -1
    after = [equations[k].target.place.start for k in members if k > part[-1]]
    high = after[0] if after else None
    middle = (last + high) // 2 if high is not None else None
    return [
        e for e in extents if e.offset > low and (middle is None or e.offset < max(middle, first))
    ]


def _speaks(region: Region, agreeing: Sequence[bool], equations: Sequence[ElementEquation]) -> bool:
    """Say whether a part is an example of its own.

    It needs equations of three elements that agree, or of two outputs: a slip that is copied
    from slide to slide is still one slip.
    """
    targets = {
        (t.kind, t.name, t.index, t.of_index)
        for k, agrees_ in zip(region.members, agreeing, strict=True)
        if agrees_ and (t := equations[k].target)
    }
    forward = any(kind != GRADIENT for kind, *_ in targets)
    mostly = 2 * sum(agreeing) > len(agreeing)
    return bool(region.readings) and mostly and len(targets) >= (2 if forward else 3)
