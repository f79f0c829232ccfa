r"""Hypotheses: which tensors a document speaks of, and where their elements meet.

A forward formula is the hypothesis that all gradients behind it are judged under.  Which of its
two factors is the input does not matter to them: both gradients are sums over the same relation.
It matters to the words: the input is what is read at a place that moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from symconv.documents.hypothesis.indexed_sums import IndexedSum
from symconv.documents.hypothesis.meeting import Meeting, Slot, SlotRun, meeting
from symconv.documents.notation.reading import Hints
from symconv.documents.source.place import Place
from symconv.polynomial import ONE, ZERO, Polynomial


@dataclass(frozen=True, slots=True)
class SlotAxis:
    """What a spatial axis has: input = stride * output + dilation * filter - low.

    Attributes:
        slots: the slots of input, filter and output.
        stride: how far the window moves.
        dilation: how far apart filter elements are.
        low: the padding before the first element, indices counted from 0.
        flipped: whether the filter runs backwards.
    """

    slots: tuple[Slot, Slot, Slot]
    stride: Polynomial
    dilation: Polynomial
    low: Polynomial
    flipped: bool = False


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What a document's formulas are taken to be about.

    Attributes:
        input: the name of the input.
        filter: the name of the filter.
        output: the name of the output.
        meeting: where their elements meet.
        axes: the same, axis by axis.
        base: the first index, None where nothing shows it.
        layers: what stands above the names of input, filter and output.
        place: the forward formula.
        known: the letters whose numbers hints say.
        shown: whether indices show it; an operator says nothing of what it leaves out.
    """

    input: str
    filter: str
    output: str
    meeting: Meeting
    axes: tuple[SlotAxis, ...]
    base: int | None
    layers: Mapping[str, str]
    place: Place
    known: Mapping[str, Polynomial] = field(default_factory=dict)
    shown: bool = True

    @property
    def names(self) -> frozenset[str]:
        """The names of the tensors."""
        return frozenset({self.input, self.filter, self.output})

    def over(self, rank: int) -> Hypothesis:
        """Return what operators say of one axis for so many axes, all of them alike."""
        if self.shown or len(self.axes) == rank:
            return self
        names = self.input, self.filter, self.output
        (axis,), (equation,) = self.axes, self.meeting.equations
        axes = []
        for k in range(rank):
            x, f, y = (f"{name}.{k}" for name in names)
            axes.append(replace(axis, slots=(x, f, y)))
        equations = [
            equation.substitute(
                {old: Polynomial.name(new) for old, new in zip(axis.slots, one.slots, strict=True)}
            )
            for one in axes
        ]
        met = Meeting.of(dict.fromkeys(names, rank), equations)
        return replace(self, meeting=met, axes=tuple(axes))

    def with_sizes(self, known: Mapping[str, Polynomial]) -> Hypothesis:
        """Return this hypothesis with numbers for some of its letters."""
        return replace(
            self,
            known={**self.known, **known},
            meeting=self.meeting.with_sizes(known),
            axes=tuple(
                replace(
                    axis,
                    stride=axis.stride.substitute(known),
                    dilation=axis.dilation.substitute(known),
                    low=axis.low.substitute(known),
                )
                for axis in self.axes
            ),
        )


def forward_hypothesis(said: IndexedSum, place: Place) -> Hypothesis | None:
    """Return what a forward formula supposes, None where it is no convolution.

    Raises:
        UnboundError: a letter is bound twice or never.
        UnreadableError: where its elements meet is not understood.
    """
    gradients = said.target.gradient or any(one.gradient for one in said.reads)
    if gradients or len(said.reads) != 2 or said.times != 1 or not said.general:
        return None
    met = meeting(said)
    if any("^" in one.tensor for one in (said.target, *said.reads)):
        return None  # what stands above it may be a channel
    if not met.tied or not all(map(_is_whole, met.runs.values())):
        return None
    mixed = [
        one.tensor
        for one in said.reads
        if any(axis_slot(one.tensor, k) not in met.solved for k in range(len(one.index)))
    ]
    (first, second), output = (one.tensor for one in said.reads), said.target.tensor
    for source in dict.fromkeys([*mixed, first, second]):
        filter_ = second if source == first else first
        base = _base(met, (source, filter_, output))
        axes = axes_of(met, (source, filter_, output), base or 0)
        if axes and are_alike(axes) and not any(map(_is_odd, axes)):
            layers = {one.tensor: one.layer for one in (said.target, *said.reads)}
            return Hypothesis(source, filter_, output, met, axes, base, layers, place)
    return None


def _is_odd(axis: SlotAxis) -> bool:
    """Whether windows go backwards or begin behind the first element, which nobody means.

    A flipped filter begins at the first element itself, or by a letter elsewhere.
    """
    low = axis.low.value
    backwards = all(n < 0 for n in axis.stride.terms.values())
    return backwards or (low is not None and (low < 0 or (axis.flipped and low != 0)))


def are_alike(axes: Sequence[SlotAxis]) -> bool:
    """Whether all axes are treated alike, up to letters, as an author would."""
    first, *others = axes
    return all(
        one.flipped == first.flipped
        and all(
            _shape(getattr(one, part)) == _shape(getattr(first, part))
            for part in ("stride", "dilation", "low")
        )
        for one in others
    )


def _shape(size: Polynomial) -> list[tuple[int, int]]:
    """Return a size without its letters."""
    return sorted((len(monomial), n) for monomial, n in size.terms.items())


def _is_whole(run: SlotRun) -> bool:
    """Whether limits are those of a tensor: from 0 or 1 to its extent, or about its middle."""
    extent = run.high - run.low + 1
    centred = run.low == -run.high or (run.low == ZERO and extent.terms.get((), 0) == 1)
    constant = extent.terms.get((), 0)
    return (
        not extent.names
        or constant == 0
        or (centred and all(n % 2 == 0 for monomial, n in extent.terms.items() if monomial))
    )


def axis_slot(tensor: str, entry: int) -> Slot:
    """Return the name of a tensor's entry."""
    return f"{tensor}.{entry}"


def _base(met: Meeting, tensors: tuple[str, ...]) -> int | None:
    """Return the first index that limits show, None where they show none."""
    lows = {run.low.value for name, run in met.runs.items() if name.rpartition(".")[0] in tensors}
    lows &= {0, 1}
    return lows.pop() if len(lows) == 1 else None


def axes_of(met: Meeting, tensors: tuple[str, str, str], base: int) -> tuple[SlotAxis, ...]:
    """Return the spatial axes of a relation, none where one is no axis of a convolution."""
    found = []
    for equation in met.equations:
        by_tensor = {name.rpartition(".")[0]: name for name in equation.names if "." in name}
        if len([name for name in equation.names if "." in name]) != 3 or set(by_tensor) != {
            *tensors
        }:
            return ()
        x, f, y = (by_tensor[tensor] for tensor in tensors)
        own, apart, step = (equation.coefficient_of(name) for name in (x, f, y))
        if own is None or apart is None or step is None or own.value not in (1, -1):
            return ()
        if own.value == 1:
            apart, step, equation = -apart, -step, -equation
        rest = equation.substitute({x: ZERO, f: ZERO, y: ZERO})
        centre = met.runs[f].low if f in met.runs and base == 0 else Polynomial.constant(base)
        low = -(rest + step * base + apart * centre - base)
        flipped = all(n < 0 for n in apart.terms.values())
        found.append(SlotAxis((x, f, y), step, -apart if flipped else apart, low, flipped))
    found.sort(key=lambda axis: axis.slots)
    used = [name for axis in found for name in axis.slots]
    return tuple(found) if len(set(used)) == len(used) else ()


def under_hints(own: Hypothesis, hints: Hints) -> Hypothesis | None:
    """Return a hypothesis with what hints say of it, None where they deny it."""
    if hints.base is not None and own.base not in (None, hints.base):
        return None
    if hints.names is not None and {*hints.names} != own.names:
        return None
    if hints.flipped is not None and any(axis.flipped != hints.flipped for axis in own.axes):
        return None
    lows = None if hints.padding is None else tuple(low for low, _ in hints.padding)
    known: dict[str, Polynomial] = {}
    for values, part in ((hints.stride, "stride"), (hints.dilation, "dilation"), (lows, "low")):
        for k, axis in enumerate(own.axes if values else ()):
            number = Polynomial.constant((values or ())[min(k, len(values or ()) - 1)])
            size: Polynomial = getattr(axis, part)
            (letter, *more) = [*size.names] or [""]
            if not more and size == Polynomial.name(letter):
                if known.setdefault(letter, number) != number:
                    return None
            elif size != number:
                return None
    return own.with_sizes(known)


def differences(own: tuple[SlotAxis, ...], here: tuple[SlotAxis, ...]) -> tuple[str, str]:
    """Return in words how two convolutions differ: with stride 1, with stride s."""
    mine: list[str] = []
    theirs: list[str] = []
    for part, plain in (("stride", ONE), ("padding", ZERO), ("dilation", ONE)):
        name = "low" if part == "padding" else part
        pairs = [(getattr(a, name), getattr(b, name)) for a, b in zip(own, here, strict=True)]
        unlike = [pair for pair in pairs if pair[0] != pair[1]]
        if unlike:
            for words, size in zip((mine, theirs), unlike[0], strict=True):
                shown = f"with {part} {size}"
                words.append("without padding" if part == "padding" and size == plain else shown)
    if any(a.flipped != b.flipped for a, b in zip(own, here, strict=True)):
        turned = any(axis.flipped for axis in own)
        mine.append("with a flipped filter" if turned else "without flipping")
        theirs.append("without flipping" if turned else "with a flipped filter")
    return ", ".join(mine), ", ".join(theirs)


def supposed(here: Hypothesis) -> str:
    """Return in words what numbers of a forward formula suppose: with stride 2; "" for nothing."""
    axis = here.axes[0]
    said = []
    for part, size, plain in (
        ("stride", axis.stride, ONE), ("padding", axis.low, ZERO), ("dilation", axis.dilation, ONE)
    ):  # fmt: skip
        if size.value is not None and size != plain:
            said.append(f"with {part} {size}")
    if axis.flipped:
        said.append("with a flipped filter")
    if here.base is None and counts_from_one(here):
        said = [f"{said[0]}, or where indices count from 1", *said[1:]]
    return ", ".join(said)


def counts_from_one(here: Hypothesis) -> bool:
    """Whether what looks like a padding of 1 is what indices that count from 1 need."""
    return all(
        axis.low == axis.stride == axis.dilation == ONE and not axis.flipped for axis in here.axes
    )
