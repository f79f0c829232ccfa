"""Index formulas -> claims for every size.

    dX[m,n] == sum(dY[i,j]*F[m - i*u,n - j*v] for i in range(P) for j in range(Q))

A local derivative dy_ij/dx_mn on the right is f_{m-ui,n-vj}; one on the left is claimed by what
it makes of the gradient.  Sums without limits run over the whole tensor that their index reads.
In the claim language the filter is never flipped, and indices count from 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from symconv.documents.formulas import affine
from symconv.documents.formulas.convention import Notation
from symconv.documents.formulas.gathered import GatheredFormula
from symconv.documents.formulas.letters import (
    BEFORE,
    BEHIND,
    DILATION,
    DILATIONS,
    EXTENTS,
    HALVES,
    PADDING,
    STRIDE,
    STRIDES,
)
from symconv.documents.formulas.parts import Guard, LocalFactor, StatedRange
from symconv.documents.formulas.prover import ClaimText
from symconv.documents.formulas.relation import squares
from symconv.documents.formulas.setting import Setting, equation
from symconv.documents.index_formulas.indices import IndexFormula
from symconv.documents.mathematics.syntax import UnreadableError
from symconv.documents.notation.reading import NotationReading
from symconv.documents.source.place import Place
from symconv.polynomial import ONE, ZERO, Polynomial


@dataclass(frozen=True, slots=True)
class IndexClaim:
    """An index formula as a claim.

    Attributes:
        claim: what is stated.
        whole: the same with every sum over the whole tensor; None where no limits are stated.
        past: the index whose limits run past the tensor that it reads, if there is one.
        unsure: whether it depends on the sizes if a sum runs past its tensor.
        shorter: the same without the last element of a tensor that the document defines; if one
            of them holds as well, that element does not exist.
        tighter: the same with one bound that moves drawn in by one, and where it stands; likewise.
        alone: the same with the limits of one index, or one bound, and no other.
        ends: how far the limits of an index are from those of its tensor.
    """

    claim: ClaimText
    whole: ClaimText | None = None
    past: StatedRange | None = None
    unsure: bool = False
    shorter: tuple[ClaimText, ...] = ()
    tighter: tuple[tuple[ClaimText, Place], ...] = ()
    alone: tuple[tuple[ClaimText, StatedRange | Guard], ...] = ()
    ends: Mapping[str, Ends] = field(default_factory=dict)


class Ends(NamedTuple):
    """The limits of an index beside those of its tensor.

    Attributes:
        under: how much above the first element it begins.
        over: how much behind the last one it stops.
        last: the last element's index.
    """

    under: Polynomial
    over: Polynomial
    last: Polynomial


def index_claim(stated: IndexFormula, setting: Setting) -> IndexClaim:
    """Return what an index formula claims of a convolution.

    Raises:
        UnreadableError: the range of an index is not known, or a local derivative with dilation.
    """
    writer = _Writer(stated, setting)
    where, general = writer.hypotheses(), writer.general()
    claim, past, unsure = writer.text(False)
    whole = writer.text(True)[0] if stated.stated else None
    parts: tuple[StatedRange | Guard, ...] = (*stated.formula.ranges, *stated.formula.guards)
    return IndexClaim(
        ClaimText(claim, where, general),
        ClaimText(whole, where, general) if whole is not None and whole != claim else None,
        past,
        unsure,
        tuple(ClaimText(writer.text(False, name)[0], where, general) for name in writer.defined()),
        tuple(
            (ClaimText(writer.text(False, tight=guard)[0], where, general), guard.place)
            for guard in stated.formula.guards
        ),
        tuple((ClaimText(writer.text(True, only=part)[0], where, general), part) for part in parts),
        {
            r.name: writer.ends(r.low, r.high, extent)
            for r in stated.formula.ranges
            if r.low is not None and r.high is not None
            if (extent := stated.formula.extent(r.name)) is not None
        },
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    stated: IndexFormula
    setting: Setting

    @property
    def formula(self) -> GatheredFormula:
        return self.stated.formula

    @property
    def padded(self) -> bool:
        spoken = {PADDING, BEHIND} & self.formula.used.keys()
        return bool(spoken) or any(axis.low for axis in self.setting.axes)

    @property
    def dilated(self) -> bool:
        return DILATION in self.formula.used or any(a.dilation != ONE for a in self.setting.axes)

    @property
    def anywhere(self) -> bool:
        """Whether the chain rule is told of outputs by their own index, whatever the stride is.

        In dL/dx_m = sum_r dL/dy_{m-r} dy_{m-r}/dx_m the outputs that a window meets are counted.
        """
        above = [part for local in self.formula.locals for part in local.above]
        return bool(above) and all(len(part.terms) == 1 for part in above)

    def general(self) -> tuple[str, ...]:
        """Return what the convolution has beyond the lecture's."""
        return ("padding",) * self.padded + ("dilation",) * self.dilated

    def hypotheses(self) -> tuple[str, ...]:
        """Return what is known of stride, padding and dilation, and 1-D as W = S = 1."""
        used, where = self.formula.used, dict(self.formula.where)
        if self.formula.rank == 2:
            where.update(dict.fromkeys(self.setting.where))
        for axis, one in enumerate(self.setting.axes):
            if STRIDE not in used and not self.anywhere:
                where.update(dict.fromkeys(equation(STRIDES[axis], one.stride)))
            if self.padded and PADDING not in used and not self.anywhere:
                where.update(dict.fromkeys(equation(BEFORE[axis], one.low)))
            if self.dilated and DILATION not in used:
                where.update(dict.fromkeys(equation(DILATIONS[axis], one.dilation)))
        if self.formula.rank == 1:
            flat = ["W == 1", "S == 1", "v == 1"]
            flat += ["pl == 0", "pr == 0"] * self.padded + ["e == 1"] * self.dilated
            where.update(dict.fromkeys(flat))
        return (*where, *self._numbers())

    def _numbers(self) -> list[str]:
        """Return the sizes of the example where numbers are limits."""
        reading = self.formula.reading
        if any(self.setting.filter):
            return [f"{name} == {n}" for name, n in zip(EXTENTS["F"], self.setting.filter,
                    strict=False) if n]  # fmt: skip
        if not self.stated.numbered or reading.rank != self.formula.rank:
            return []
        return [
            f"{name} == {extent}"
            for role in "XF"
            for name, extent in zip(EXTENTS[role], reading.extents(role) or (), strict=False)
        ]

    def text(
        self,
        whole: bool,
        short: str = "",
        tight: Guard | None = None,
        only: StatedRange | Guard | None = None,
    ) -> tuple[str, StatedRange | None, bool]:
        """Return the claim's text, the first index that runs past its tensor, and if one may."""
        last = ["z"] if self.formula.rank == 1 else []
        ranges, past, unsure = [], None, False
        for range_ in self.formula.ranges:
            low, stop, strays = self._limits(range_, whole and range_ is not only)
            past = past or (range_ if strays else None)
            unsure |= strays is None
            if range_.name == short:
                stop = stop - 1
            start = "" if not low else f"{affine.text(low)}, "
            ranges.append(f"for {range_.name} in range({start}{affine.text(stop)})")
        for condition in self.formula.conditions:
            ranges.append(f"if {affine.text(self._zero(condition, 0))} == 0")
        reads = [(r.tensor, list(map(self._zero, r.index))) for r in self.formula.reads]
        reads = [(t, self._turned(i) if t == "F" else i) for t, i in reads]
        reads += [self._local(local) for local in self.formula.locals]
        factors = [f"{t}[{','.join([*map(affine.text, index), *last])}]" for t, index in reads]
        guards = [g for g in self.formula.guards if not whole or g is only]
        factors += [self._guard(guard, guard is tight) for guard in guards]
        product = "*".join(factors)
        summed = f"sum({product} {' '.join(ranges)})" if ranges else product
        element = f"{self.stated.target}[{','.join([*self.stated.free, *last])}]"
        return f"{element} == {summed}", past, unsure

    def _guard(self, guard: Guard, tight: bool) -> str:
        """Return a factor that is 1 where a polynomial is at least 0, else 0.

        No index is greater than its extent, and none is below 0: that bounds the polynomial.
        """
        least = self._zero(guard.least, 0)
        if tight:
            least = least - guard.step
        target = EXTENTS[self.stated.target.removeprefix("d")]
        ends = {
            name: Polynomial.name(extent)
            for name, extent in zip(self.stated.free, target, strict=False)
        }
        for range_ in self.formula.ranges:
            ends[range_.name] = self._limits(range_, False)[1] - 1
        greatest = Polynomial({m: n for m, n in least.terms.items() if n > 0}).substitute(ends)
        return f"ones({affine.text(greatest + 1)})[{affine.text(least)}]"

    def _zero(self, index: Polynomial, base: int | None = None) -> Polynomial:
        """Return an index counted from 0, the free indices in the claim's own counting."""
        own_base, first = self.setting.base, self.setting.first
        shift: dict[str, Polynomial] = {}
        for axis, name in enumerate(self.stated.free):
            own = Polynomial.name(name)
            if self.stated.target == "dF" and self.setting.flipped:
                own = _last(axis) - own
            shift[name] = own + (own_base if first is None else first)
        return index.substitute(shift) - (own_base if base is None else base)

    def _turned(self, index: list[Polynomial]) -> list[Polynomial]:
        """Return an index of the filter as it is counted where nothing is flipped."""
        if not self.setting.flipped:
            return index
        return [_last(axis) - part for axis, part in enumerate(index)]

    def _local(self, local: LocalFactor) -> tuple[str, list[Polynomial]]:
        """Return dy_ij/dx_mn = f_{m-ui+lo,n-vj+lo}, and dy_ij/df_mn = x_{dm+ui-lo,en+vj-lo}."""
        above, below = map(self._zero, local.above), map(self._zero, local.below)
        if local.wrt == "X" and self.dilated:
            raise UnreadableError("a local derivative with dilation is not read", *local.place)
        inside = list(below)
        index = []
        if local.wrt == "F":
            inside = self._turned(inside)
        for axis, (p, m) in enumerate(zip(above, inside, strict=True)):
            low = Polynomial.name(BEFORE[axis]) if self.padded else ZERO
            step = Polynomial.name(STRIDES[axis]) * p - low
            if local.wrt == "F" and self.dilated:
                m = Polynomial.name(DILATIONS[axis]) * m
            index.append(m - step if local.wrt == "X" else m + step)
        return ("F" if local.wrt == "X" else "X"), index

    def _limits(
        self, range_: StatedRange, whole: bool
    ) -> tuple[Polynomial, Polynomial, bool | None]:
        """Return where a range begins and stops, and whether it runs past its tensor."""
        b = Polynomial.constant(self.setting.base)
        extent = self.formula.extent(range_.name)
        low, high = (None, None) if whole and extent else (range_.low, range_.high)
        if low is None or high is None:
            if extent is None:
                raise UnreadableError("the range of this index is not stated", *range_.place)
            low = b if low is None else low
            last = Polynomial.name(extent) + b - 1
            high = last if high is None else high
        stop = high + 1
        return low, stop, False if extent is None else self._strays(low, stop, extent)

    def defined(self) -> list[str]:
        """Return the stated indices that read a tensor of the document by themselves."""
        reads = [r.index for r in self.formula.reads if r.tensor.removeprefix("d") not in EXTENTS]
        return [
            r.name
            for r in self.formula.ranges
            if r.low is not None and any(Polynomial.name(r.name) in index for index in reads)
        ]

    def _strays(self, low: Polynomial, stop: Polynomial, extent: str) -> bool | None:
        """Whether limits leave the tensor: by a constant, or by known numbers.

        None where that depends on the sizes: then elements that do not exist may be read.
        """
        under, over, _ = self.ends(low, stop - 1, extent)
        if (over.value or 0) > 0 or (under.value or 0) < 0:
            return True
        return None if over.names | under.names and not any(self.setting.filter) else False

    def ends(self, low: Polynomial, high: Polynomial, extent: str) -> Ends:
        """Return how far limits are from those of a tensor, and its last index."""
        base = self.setting.base
        whole = Polynomial.name(extent)
        reading = self.formula.reading
        known = _known(reading, extent) if reading.rank == self.formula.rank else None
        if high.value is not None and known is not None:
            whole = Polynomial.constant(known)
        last = whole + base - 1
        over = high - last
        for equal in (self._outputs(), squares(self.formula.where), self._odd()):
            over = over.substitute(equal)
        if extent not in self.formula.spelled:
            for equal in (self._outputs(), squares(self.formula.where)):
                last = last.substitute(equal)
        return Ends(low - base, over, last)

    def _odd(self) -> dict[str, Polynomial]:
        """Return R = 2*(R//2) + 1 where filters are odd."""
        return {
            extent: Polynomial.name(half) * 2 + 1
            for extent, half in HALVES.items()
            if f"{extent} % 2 == 1" in self.formula.where
        }

    def _outputs(self) -> dict[str, Polynomial]:
        """Return P = H - R + 1 where nothing is padded and the stride is 1."""
        if not self.setting.plain or {STRIDE, PADDING, DILATION} & self.formula.used.keys():
            return {}
        return {
            p: Polynomial.name(h) - _last(axis)
            for axis, (p, h) in enumerate(zip(EXTENTS["Y"], EXTENTS["X"], strict=True))
        }


def _last(axis: int) -> Polynomial:
    return Polynomial.name(EXTENTS["F"][axis]) - 1


def _known(reading: Notation, extent: str) -> int | None:
    """Return an extent of the example, or one that is said; None where it is only inferred."""
    role, axis = next((r, names.index(extent)) for r, names in EXTENTS.items() if extent in names)
    shape = reading.extents(role)
    unseen = reading.unseen.get(role, ()) if isinstance(reading, NotationReading) else ()
    return None if shape is None or any(unseen[axis : axis + 1]) else shape[axis]
