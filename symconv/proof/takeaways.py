"""A lecture's sentences about the gradients, each of them judged at the sizes at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from symconv.claims.verdict import Proof, not_judged
from symconv.engines.engine import Defined, Engine
from symconv.errors import how_many, listed
from symconv.formula import closed_forms
from symconv.formula.nodes import Correlate, Node, Rotate, Subsample
from symconv.geometry import Geometry
from symconv.proof.instance import judge

MOST_ROWS = 3_000_000
"""A sentence about stride 1 is judged up to this many rows of tables: without the stride an axis
has many more of them than in the convolution that is derived."""


@dataclass(frozen=True, slots=True)
class Takeaway:
    """A sentence with its verdict.

    Attributes:
        wrt: the gradient it speaks of, ``input`` or ``filter``; ``forward`` for the forward pass.
        sentence: what is claimed.
        proof: the verdict on it, at one size.
        consequence: what the verdict means here, in numbers.
    """

    wrt: str
    sentence: str
    proof: Proof
    consequence: str


def takeaways(engine: Engine) -> Iterator[Takeaway]:
    """Yield the sentences that apply to the engine's geometry, each judged by the engine."""
    geometry = engine.geometry
    if geometry.transposed:
        yield from _transposed(engine)
        return
    if any(step > 1 for step in geometry.stride):
        yield _strided(engine)
    yield _full_convolution(engine)
    yield _size(engine)
    yield _textbook(
        engine,
        "input",
        "dX",
        closed_forms.textbook_input_gradient,
        "zeros on both sides of the dilated gradient, none for a remainder",
    )
    yield _textbook(
        engine,
        "filter",
        "dF",
        closed_forms.textbook_filter_gradient,
        "the dilated gradient over the whole input, nothing cropped",
    )


def _transposed(engine: Engine) -> Iterator[Takeaway]:
    """Yield what a transposed convolution and its gradient are in the terms of ordinary ones."""
    geometry = engine.geometry
    output = times(geometry.output)
    scattered = times([(a.input - 1) * a.stride + a.extent for a in geometry.axes])
    kept = "" if scattered == output else f"; padding and output padding make that {output}"
    yield Takeaway(
        "forward",
        "A transposed convolution spreads its input by the stride, and slides the rotated filter "
        "over it: it does what the input gradient of a convolution does.",
        judge(engine, "Y", closed_forms.forward(geometry), claim="transposed-forward"),
        f"What it scatters has size {scattered}{kept}.",
    )
    yield Takeaway(
        "input",
        "The input gradient is an ordinary convolution of the gradient, with the stride, and with "
        "the filter as it is.",
        judge(engine, "dX", closed_forms.input_gradient(geometry), claim="transposed-input"),
        f"A gradient of size {output} gives back {times(geometry.input)}.",
    )


def _strided(engine: Engine) -> Takeaway:
    geometry = engine.geometry
    padded = closed_forms.pad(closed_forms.spread_input(geometry), geometry.padding)
    dense = Correlate(padded, closed_forms.F, closed_forms.ones(geometry), geometry.dilation)
    kept = Subsample(dense, geometry.stride)
    every = tuple(axis.padded - axis.extent + 1 for axis in geometry.axes)
    needed = sum(n * r for n, r in zip(every, geometry.filter, strict=True))
    claim = "strided-is-subsampled"
    if needed <= MOST_ROWS:
        proof = judge(engine, "Y", kept, claim=claim)
    else:
        reason = f"with stride 1 its tables have {how_many(needed, 'row')}, more than {MOST_ROWS:,}"
        proof = not_judged(claim, reason)
    return Takeaway(
        "forward",
        f"A convolution with stride {stepping(geometry.stride)} is one with stride 1 of which "
        f"every {listed(ordinals(geometry.stride))} is kept, the rest dropped.",
        proof,
        f"Stride 1 gives {times(every)} outputs, of which {times(geometry.output)} are kept.",
    )


def _full_convolution(engine: Engine) -> Takeaway:
    geometry = engine.geometry
    around = tuple((axis.extent - 1, axis.extent - 1) for axis in geometry.axes)
    padded = closed_forms.pad(closed_forms.dilated_gradient(geometry), around)
    ones = closed_forms.ones(geometry)
    full = Correlate(padded, Rotate(closed_forms.F), ones, geometry.dilation)
    rest = tuple((-a.padding[0], a.remainder - a.padding[1]) for a in geometry.axes)
    dilated = "the dilated gradient" if max(geometry.stride) > 1 else "the gradient"
    sentence = f"The input gradient is the full convolution of {dilated} with the filter"
    if any(map(any, geometry.padding)):
        sentence += ", less the padding"
    spread = geometry.input_dilation
    if max(spread) > 1:
        sentence += f", of which every {listed(ordinals(spread))} is kept"
    unreached = [min(max(a.remainder - max(a.padding[1], 0), 0), a.input) for a in geometry.axes]
    if any(unreached):
        sentence += ", and zeros for what no window reached"
    size = tuple(
        a.extent + (a.output - 1) * a.stride + sum(amounts)
        for a, amounts in zip(geometry.axes, rest, strict=True)
    )
    zeros = f", {counted(unreached)} of them zeros" if any(unreached) else ""
    kept = closed_forms.pad(full, rest)
    if max(spread) > 1:
        kept = Subsample(kept, spread)
        zeros += f", of which {times(geometry.input)} are kept"
    return Takeaway(
        "input",
        sentence + ".",
        judge(engine, "dX", kept, claim="full-convolution"),
        f"It is {times(size)}{zeros}.",
    )


def _size(engine: Engine) -> Takeaway:
    geometry = engine.geometry
    dilated = tuple((a.output - 1) * a.stride + 1 for a in geometry.axes)
    amounts = closed_forms.input_gradient_padding(geometry)
    padded = tuple(n + lo + hi for n, (lo, hi) in zip(dilated, amounts, strict=True))
    extents = tuple(axis.extent for axis in geometry.axes)
    steps = f"{times(geometry.output)}, dilated {times(dilated)}, padded {times(padded)}"
    stride = geometry.input_dilation
    at = f" at stride {stepping(stride)}" if max(stride) > 1 else ""
    return Takeaway(
        "input",
        "Padding the gradient after dilation gives back the size of the input.",
        judge(engine, "dX", closed_forms.input_gradient(geometry), claim="size-recovered"),
        f"{steps}; a filter that spans {times(extents)}{at} leaves {times(geometry.input)}.",
    )


def _textbook(
    engine: Engine,
    wrt: str,
    gradient: Defined,
    form: Callable[[Geometry], Node],
    words: str,
) -> Takeaway:
    geometry = engine.geometry
    proof = judge(engine, gradient, form(geometry), claim=f"textbook-{wrt}-gradient")
    corrections = {
        "input": f"padding by {closed_forms.input_gradient_padding(geometry)}",
        "filter": f"padding X by {closed_forms.filter_gradient_padding(geometry)} (negative: crop)",
    }
    if proof.proved:
        because = (
            "the stride leaves no remainder"
            if not any(geometry.remainder)
            else "the remainder is smaller than the dilation"
        )
        consequence = f"True here, because {because}."
    else:
        found = failure(proof)
        consequence = f"{found[0].upper()}{found[1:]}; {corrections[wrt]} corrects it."
    return Takeaway(wrt, f"The textbook form of d{gradient[1]}: {words}.", proof, consequence)


def failure(proof: Proof) -> str:
    """Return what a refuted formula gives instead of what is right, in words."""
    found = proof.counterexample
    assert found is not None
    right, wrong = found.shapes
    if wrong is None:
        return f"it is undefined here ({found.undefined})"
    assert right is not None
    if wrong == right:
        return f"it has the right shape, {times(right)}, and wrong elements"
    missing = [b - a for a, b in zip(wrong, right, strict=True)]
    side = "short" if max(missing) > 0 else "too many"
    return (
        f"it gives {times(wrong)} instead of {times(right)}, {counted([abs(n) for n in missing])} "
        f"{side}"
    )


def times(sizes: Sequence[int]) -> str:
    """Return sizes as they are written: 5x5."""
    return "x".join(map(str, sizes))


def stepping(steps: Sequence[int]) -> str:
    """Return the steps of all axes as they are written: 2, or 2x3 where they differ."""
    return str(steps[0]) if len({*steps}) == 1 else times(steps)


def ordinals(steps: Sequence[int]) -> list[str]:
    """Return, for the axes with a step above 1, ``2nd row`` and ``3rd column``."""
    suffix = {1: "st", 2: "nd", 3: "rd"}
    return [
        f"{step}{suffix.get(step % 10, 'th') if step % 100 not in (11, 12, 13) else 'th'} {name}"
        for step, name in zip(steps, _axis_words(len(steps)), strict=True)
        if step > 1
    ]


def counted(numbers: Sequence[int]) -> str:
    """Return a number for each axis as what it counts, without zeros: 1 row and 2 columns."""
    words = [
        how_many(n, word) for n, word in zip(numbers, _axis_words(len(numbers)), strict=True) if n
    ]
    return listed(words)


def _axis_words(rank: int) -> Sequence[str]:
    """Return what is counted along each axis: rows down the height, columns across the width."""
    named = {1: ("element",), 2: ("row", "column"), 3: ("slice", "row", "column")}
    return named.get(rank) or [f"axis-{k} slice" for k in range(rank)]
