"""Where a run of equations changes its example though it states no element anew: cuts are tried.

A cut has to earn itself: it must make at least two more equations agree, and leave enough on
either side to speak for a notation of its own, so that two slips do not become an example.
What is read off a part without slips is tried for the whole, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from symconv.documents.notation.context import Context
from symconv.documents.notation.reading import Region

LEAST_GAIN = 2
"""So many more equations have to agree."""
_MOST_CUTS = 24
_LONG = 400
_CLEAREST = 6
_DEEPEST = 6


def cut(whole: Region, context: Context, depth: int = 0) -> list[Region]:
    """Return the regions that a region falls into, itself where no cut earns its place."""
    agreeing = context.agreement(whole)
    if agreeing.count(False) < LEAST_GAIN or depth == _DEEPEST or len(whole.members) < 4:
        return [whole]
    gain, best = LEAST_GAIN - 1, None
    tried = {_notation(whole): whole}
    for k in _places(agreeing):
        parts = _parted(whole, k, agreeing, gain + 1, context)
        for part in parts:
            if part.readings and whole.readings:
                tried.setdefault(_notation(part), part)
        if len(parts) < 2:
            continue
        gained = sum(sum(context.agreement(part)) for part in parts) - sum(agreeing)
        if gained > gain and _may_part(whole, parts, context):
            gain, best = gained, parts
    one = context.as_one(whole.members, list(tried.values()))
    more = sum(context.agreement(one)) - sum(agreeing)
    if best is None or gain - more < LEAST_GAIN:
        return cut(one, context, depth + 1) if more > 0 else [whole]
    return [region for part in best for region in cut(part, context, depth + 1)]


def _notation(region: Region) -> object:
    """Return what tells the first notation of a region from another."""
    if not region.readings:
        return None
    first = region.readings[0]
    return first.names, first.base, first.flipped, first.geometry


def _may_part(whole: Region, parts: Sequence[Region], context: Context) -> bool:
    """Whether both parts are examples, and no forward equation is given up for them."""
    agreeing = context.forward(whole)
    return (
        all(map(context.speaks, parts))
        and not context.contradict(*parts)
        and agreeing <= context.forward(parts[0]) | context.forward(parts[1])
    )


def _parted(
    whole: Region, k: int, agreeing: Sequence[bool], least: int, context: Context
) -> list[Region]:
    """Return the two parts of a cut, one where it cannot make so many more equations agree.

    No cut gains more than equations that do not agree yet: where most of them stand is tried
    first, and what is left is worked out only if it may still be enough.
    """
    members = whole.members
    failing = {n for n, agrees in zip(members, agreeing, strict=True) if not agrees}
    sides = [members[:k], members[k:]]
    most = len(failing)
    parts: list[Region] = []
    for side in sorted((0, 1), key=lambda side: -len(failing.intersection(sides[side]))):
        part = context.region(sides[side])
        parts.append(part)
        there = failing.intersection(sides[side])
        most -= len(there) - context.held(part, there)
        if most < least:
            break
    return sorted(parts, key=lambda part: part.start)


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
