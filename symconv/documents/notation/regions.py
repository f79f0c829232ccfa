"""Where a document changes its example: a system's equations in regions, each with its notation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from symconv.documents.elements.equations import VALUE, ElementEquation
from symconv.documents.elements.extents import Extents
from symconv.documents.notation.context import Context
from symconv.documents.notation.cuts import cut
from symconv.documents.notation.examples import examples
from symconv.documents.notation.names import NameShape
from symconv.documents.notation.reading import Hints, NotationReading, Region
from symconv.documents.notation.systems import TensorSystem, systems

_SURE = 3
"""So many equations that only one of two notations explains are no slips."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What stands between two comments that give hints.

    Attributes:
        hints: what is said of the notation there.
        shapes: what the equations there say of names, by their numbers, in order.
        extents: the grids there that show a whole tensor.
    """

    hints: Hints
    shapes: dict[int, NameShape] = field(default_factory=dict)
    extents: list[Extents] = field(default_factory=list)


def infer(equations: Sequence[ElementEquation], stretch: Stretch) -> list[Region]:
    """Return the regions of a stretch, each with every notation that explains it best."""
    found: list[Region] = []
    for system in systems(stretch.shapes):
        if stretch.hints.names is not None:
            _named(system, stretch.hints.names)
        found.extend(regions(Context(system, equations, stretch.extents, stretch.hints)))
    return sorted(found, key=lambda region: region.start)


def _named(system: TensorSystem, names: tuple[str, str, str]) -> None:
    x, f, y = names
    if system.pair <= {x, f} and set(system.outputs) <= {y, y.lower(), y.upper()}:
        system.pair = {x, f}
        system.outputs = system.outputs or [y]


def regions(context: Context) -> list[Region]:
    """Return the regions of one system, in order."""
    found = [region for example in examples(context) for region in cut(example, context)]
    found = [_believed(region, context) for region in found]
    return [_with_those_beside(region, found, context) for region in found]


def _believed(region: Region, context: Context) -> Region:
    """Return a region without notation where it makes most sums wrong, forward ones above all.

    They are another thing's, such as a product of matrices, or what is said of the notation is.
    """
    if not region.readings:
        return region
    products = [n for n in region.members if _holds_products(context.equations[n], 1)]
    sums = [n for n in products if _holds_products(context.equations[n], 2)]
    forward = [n for n in sums if context.equations[n].target.kind == VALUE]
    if len(forward) < 2:
        return region
    if context.hints != Hints():
        each = (replace(region, readings=(reading,)) for reading in region.readings)
        told = any(2 * context.held(one, forward) >= len(forward) for one in each)
        if told or len(forward) < _SURE:
            return region
        reason = "most forward equations here do not agree with what is said of the notation"
        return replace(region, readings=(), reason=reason)
    if any(2 * context.held(region, part) >= len(part) for part in (forward, sums, products)):
        return region
    return replace(region, readings=(), reason=_why_none(forward, context))


def _why_none(forward: Sequence[int], context: Context) -> str:
    """Return why most forward equations are none of a convolution."""
    for n in forward:
        for factor in context.equations[n].elements():
            if factor.index[:1] and factor.index[0].startswith("-"):
                return f"{factor.name} counts from below 0; number its elements from 0 or 1"
    ask = context.hints.ask("input", "filter", "stride")
    ask += " if they are" if ask else ""
    return f"most forward equations here are none of a convolution{ask}"


def _holds_products(equation: ElementEquation, least: int) -> bool:
    """Whether so many products stand in an equation."""
    return sum(len(term.factors) == 2 for term in equation.terms) >= least


def _with_those_beside(region: Region, found: Sequence[Region], context: Context) -> Region:
    """Return a region with the notations beside it, too, where too little tells it from them.

    Under the same letters it is an example of its own, or its equations are wrong.
    """
    if not region.readings or context.hints.complete(region.readings[0].rank):
        return region
    k = next(k for k, other in enumerate(found) if other is region)
    before = [r for r in found[:k] if _is_example(r, context)][-1:]
    behind = [r for r in found[k + 1 :] if _is_example(r, context)][:1]
    others = [
        reading
        for other in (*before, *behind)
        if not _stands_alone(region, other, context)
        for reading in other.readings
        if reading.geometry != region.readings[0].geometry
    ]
    return replace(region, readings=(*region.readings, *others))


def _stands_alone(region: Region, other: Region, context: Context) -> bool:
    """Whether a region is surely not of the notation of another: slips would not be so many.

    A forward pass, or a grid that shows a tensor, has to be among what the other denies, unless
    the other is of another size only: then the sums are the same.
    """
    resized = context.resized(region, other)
    if not _is_example(region, context, None if resized else other):
        return False
    if resized and all(context.agreement(region)):
        return True
    return len(context.targets(region, other)) >= _SURE


def _is_example(region: Region, context: Context, denied_by: Region | None = None) -> bool:
    """Whether a forward pass of its own speaks for a region, or a grid that shows a tensor.

    What another region has as well is not its own.
    """
    if not region.readings:
        return False
    reading = region.readings[0]
    last = context.equations[region.members[-1]].target.place.start
    names = {reading.input, *reading.outputs}
    return context.has_forward(region, denied_by) or any(
        e.name in names
        and region.start <= e.offset <= last
        and (denied_by is None or not _reaches(denied_by.readings[0], e))
        for e in context.extents
    )


def _reaches(reading: NotationReading, shown: Extents) -> bool:
    """Whether a tensor is as large under a reading as a grid shows it."""
    extents = reading.extents(reading.role(shown.name) or "")
    sizes = zip(shown.least, shown.greatest, strict=True)
    return extents == tuple(greatest + 1 - least for least, greatest in sizes)
