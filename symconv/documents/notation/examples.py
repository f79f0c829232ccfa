"""Which runs of equations are examples of their own, where elements are stated anew.

A run that begins with an element that is stated anew (`symconv.documents.notation.restated`) is
another example if its own notation explains more of it than the one before; a slip in a copy does
not do that.  What no notation explains is part of neither.
"""

from __future__ import annotations

from dataclasses import replace

from symconv.documents.notation.context import Context
from symconv.documents.notation.cuts import LEAST_GAIN
from symconv.documents.notation.reading import Hints, Region
from symconv.documents.notation.restated import runs

_FEW = 4
"""A run and an example of at most so many times its size are read as one, too."""
_UNSPOKEN = (
    "these are other sums than before, and too few to speak for another example; "
    "say --input, --filter and --stride"
)


def examples(context: Context) -> list[Region]:
    """Return the examples of a system in order, each with the runs that go on with it."""
    first, *others = runs(context.system.members, context.equations)
    found, notations = [list(first)], [context.region(first)]
    for run in others:
        now = joined = notations[-1]
        if context.held(now, run) == len(run):
            found[-1] += run
            continue
        own = context.region(run)
        if len(found[-1]) <= _FEW * len(run):
            both = [*found[-1], *run]
            joined = context.as_one(both, (context.region(both), now, own))
        if _is_other(now, own, joined, context):
            found.append(list(run))
            notations.append(own)
        else:
            found[-1] += run
            notations[-1] = joined
    regions = [
        now
        if len(now.members) == len(members)
        else context.as_one(members, (context.region(members), now))
        for members, now in zip(found, notations, strict=True)
    ]
    if len(regions) == 1 or context.hints != Hints():
        return regions
    return [r if context.speaks(r) else replace(r, readings=(), reason=_UNSPOKEN) for r in regions]


def _is_other(before: Region, own: Region, joined: Region, context: Context) -> bool:
    """Whether a run is another example than the one before it."""
    if before.readings and own.readings:
        if context.contradict(before, own):
            return False
        parts = (before, own)
        gain = sum(sum(context.agreement(r)) - context.held(joined, r.members) for r in parts)
        if all(map(context.speaks, parts)) and gain >= _least_gain(before, own, context):
            return True
    if not joined.readings:
        return bool(own.readings)
    return context.hints == Hints() and (
        _denies(joined, before, context) or _denies(joined, own, context)
    )


def _least_gain(before: Region, own: Region, context: Context) -> int:
    """Return how many equations that agree only in two examples have to speak for them.

    One is enough where all agree and only the size is another: a slip would be none of it.
    """
    resized = context.resized(before, own)
    either = any(all(context.agreement(region)) for region in (before, own))
    return 1 if resized and either else LEAST_GAIN


def _denies(joined: Region, part: Region, context: Context) -> bool:
    """Whether half of a part or more is wrong where it is read with the other."""
    held = context.held(joined, part.members)
    return len(part.members) - held >= LEAST_GAIN and 2 * held <= len(part.members)
