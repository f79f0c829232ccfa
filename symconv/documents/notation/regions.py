"""Where a document changes its example: a system's equations in regions, each with its notation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from symconv.documents.elements.equations import VALUE, ElementEquation
from symconv.documents.elements.extents import Extents
from symconv.documents.notation.context import Context
from symconv.documents.notation.cuts import cut
from symconv.documents.notation.examples import examples
from symconv.documents.notation.names import Shape
from symconv.documents.notation.reading import Hints, Region
from symconv.documents.notation.systems import System, systems


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
        found.extend(regions(Context(system, equations, stretch.extents, stretch.hints)))
    return sorted(found, key=lambda region: region.start)


def _named(system: System, names: tuple[str, str, str]) -> None:
    x, f, y = names
    if system.pair <= {x, f} and set(system.outputs) <= {y, y.lower(), y.upper()}:
        system.pair = {x, f}
        system.outputs = system.outputs or [y]


def regions(context: Context) -> list[Region]:
    """Return the regions of one system, in order."""
    found = [region for example in examples(context) for region in cut(example, context)]
    found = _parted_best(found, context)
    if context.hints == Hints():
        found = [_believed(region, context) for region in found]
    return [_with_the_one_before(region, found, context) for region in found]


def _parted_best(found: list[Region], context: Context) -> list[Region]:
    """Return regions parted where most equations agree with what they stand in."""
    for i in range(len(found) - 1):
        one, other = found[i], found[i + 1]
        both = (*one.members, *other.members)
        before = [0, *accumulate(context.holds(one, n) for n in both)]
        behind = [0, *accumulate(context.holds(other, n) for n in reversed(both))][::-1]
        agreeing = [a + b for a, b in zip(before, behind, strict=True)]
        here = len(one.members)
        k = max(range(1, len(both)), key=lambda k: (agreeing[k], -abs(k - here)))
        if agreeing[k] > agreeing[here] and one.readings and other.readings:
            found[i : i + 2] = context.region(both[:k]), context.region(both[k:])
    return found


def _believed(region: Region, context: Context) -> Region:
    """Return a region without notation where it makes most sums wrong, forward ones above all.

    They are another thing's, such as a product of matrices.
    """
    if not region.readings:
        return region
    products = [n for n in region.members if _holds_products(context.equations[n], 1)]
    sums = [n for n in products if _holds_products(context.equations[n], 2)]
    forward = [n for n in sums if context.equations[n].target.kind == VALUE]
    told = (forward, sums, products)
    if len(forward) < 2 or any(2 * context.held(region, part) >= len(part) for part in told):
        return region
    reason = (
        "most forward equations here are none of a convolution; say --input, --filter and --stride "
        "if they are"
    )
    return replace(region, readings=(), reason=reason)


def _holds_products(equation: ElementEquation, least: int) -> bool:
    """Say whether so many products stand in an equation."""
    return sum(len(term.factors) == 2 for term in equation.terms) >= least


def _with_the_one_before(region: Region, found: Sequence[Region], context: Context) -> Region:
    """Return a region of gradients alone with the notation of the forward pass before it, too.

    Under the same letters they are an example of their own, or wrong as a whole.
    """
    if len(found) == 1 or not region.readings or _is_example(region, context):
        return region
    before = [r for r in found if r.start < region.start and _is_example(r, context)]
    if not before or context.hints.complete(region.readings[0].rank):
        return region
    others = [r for r in before[-1].readings if r.geometry != region.readings[0].geometry]
    return replace(region, readings=(*region.readings, *others))


def _is_example(region: Region, context: Context) -> bool:
    """Say whether a forward pass of its own speaks for a region, or a grid that shows a tensor."""
    if not region.readings:
        return False
    reading = region.readings[0]
    last = context.equations[region.members[-1]].target.place.start
    names = {reading.input, *reading.outputs}
    return context.has_forward(region) or any(
        e.name in names and region.start <= e.offset <= last for e in context.extents
    )
