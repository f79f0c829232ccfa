r"""Formulas in letters behind their forward formula, right ones and wrong ones.

Each document states a forward pass and one gradient of it, y_a = \sum_r x_{sa+r} w_r and then
dL/dw_r = \sum_a dL/dy_a x_{sa+r}, or a mutant of that.  Which is which is told by plain loops at
small sizes; nothing here knows how documents are read.

    python -m benchmarks.formulas          # how many are found, how many agree
    python -m benchmarks.formulas --list   # and which are not
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import product

Sizes = Mapping[str, int]
Monomials = tuple[tuple[int, str], ...]
"""A sum as it is written: ((1, "s*a"), (1, "r"), (-1, "p"))."""


class Outcome(Enum):
    """What a checker says of a formula."""

    AGREE, WRONG, SILENT = "agree", "wrong", "silent"


@dataclass(frozen=True, slots=True)
class Style:
    """The letters of a document: tensors, loss, outputs' and filter's indices, and their sizes."""

    input: str
    filter: str
    output: str
    loss: str
    out: str
    inner: str
    whole: str
    extent: str
    stride: str
    padding: str
    dilation: str


STYLES = (
    Style("X", "W", "Y", "L", "ij", "mn", "kl", "K", "s", "p", "d"),
    Style("g", "c", "q", "E", "ab", "rt", "mn", "K", "s", "p", "d"),
    Style("x", "f", "y", "J", "ij", "kl", "mn", "R", "s", "p", "d"),
    Style("I", "K", "O", "E", "ij", "uv", "mn", "k", "s", "p", "d"),
    Style("a", "w", "z", "C", "pq", "rs", "mn", "K", "u", "P", "d"),
    Style("h", "k", "y", "L", "ij", "ab", "mn", "K", "S", "P", "D"),
)


@dataclass(frozen=True, slots=True)
class Shape:
    """The convolution of a document, as it is written: numbers, or letters of its style."""

    axes: int = 1
    base: int = 0
    stride: str = "1"
    padding: str = "0"
    dilation: str = "1"
    flipped: bool = False
    limits: bool = True
    channels: bool = False


@dataclass(frozen=True, slots=True)
class Factor:
    """A tensor with its index: X, F, Y or G (the gradient of the output)."""

    tensor: str
    index: tuple[Monomials, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """A target's element as the sum of products of two factors over letters.

    Attributes:
        target: Y, F for the filter's gradient, X for the input's.
        free: the letters of the target's index.
        summed: the letters below the sum signs, with limits or None.
    """

    target: str
    free: tuple[str, ...]
    summed: tuple[tuple[str, tuple[Monomials, Monomials] | None], ...]
    factors: tuple[Factor, Factor]


@dataclass(frozen=True, slots=True)
class Case:
    """A document, and whether its last formula is right."""

    name: str
    text: str
    right: bool


# Sums, as they are written


def _times(*names: str) -> str:
    return "*".join(name for name in names if name != "1")


def _sum(*terms: tuple[int, str]) -> Monomials:
    """Return a sum with its numbers added up behind all else."""
    constant = sum(n for n, word in terms if not word)
    rest = tuple((n, word) for n, word in terms if word)
    return (*rest, (constant, "")) if constant else rest


def _written(index: Monomials) -> str:
    text = ""
    for n, word in index:
        shown = word.replace("*", "")
        shown = f"{abs(n)}{shown}" if abs(n) != 1 and word else shown or str(abs(n))
        text += ("-" if n < 0 else "+" if text else "") + shown
    return text or "0"


def _value(index: Monomials, at: Mapping[str, int]) -> int:
    total = 0
    for n, word in index:
        for name in filter(None, word.split("*")):
            n *= at[name] if not name.isdecimal() else int(name)
        total += n
    return total


def _element(style: Style, factor: Factor) -> str:
    names = {"X": style.input, "F": style.filter, "Y": style.output, "G": style.output}
    index = ",".join(map(_written, factor.index))
    one = f"{names[factor.tensor]}_{{{index}}}"
    return rf"\frac{{\partial {style.loss}}}{{\partial {one}}}" if factor.tensor == "G" else one


def latex(style: Style, said: Sum) -> str:
    """Return a sum as a lecturer writes it."""
    names = {"X": style.input, "F": style.filter, "Y": style.output}
    left = f"{names[said.target]}_{{{','.join(said.free)}}}"
    if said.target != "Y":
        left = rf"\frac{{\partial {style.loss}}}{{\partial {left}}}"
    signs = ""
    for letter, limits in said.summed:
        low = f"{letter}={_written(limits[0])}" if limits else letter
        signs += rf"\sum_{{{low}}}" + (f"^{{{_written(limits[1])}}}" if limits else "")
    return f"{left} = {signs} " + r" \, ".join(_element(style, f) for f in said.factors)


# The right formulas


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the formulas of one convolution in one style."""

    style: Style
    shape: Shape

    def axes(self, letters: str) -> tuple[str, ...]:
        """Return one letter for each axis."""
        return tuple(letters[: self.shape.axes])

    def reads(self, out: str, inner: str, step: str = "", apart: str = "") -> Monomials:
        """Return the input's index: base + u (p - base) + d (r - base) - lo."""
        shape, base = self.shape, self.shape.base
        u, d = step or shape.stride, apart or shape.dilation
        sign = -1 if shape.flipped else 1
        terms = [(1, _times(u, out)), (sign, _times(d, inner))]
        if base:
            terms += _offset([(1, "")], [(-1, u), (-sign, d)])
        return _sum(*terms, *self.less(-1))

    def less(self, sign: int) -> list[tuple[int, str]]:
        """Return the padding as a term, or no term."""
        padding = self.shape.padding
        if padding.isdecimal():
            return [(sign * int(padding), "")] if int(padding) else []
        return [(sign, padding)]

    def limits(self, letter: str) -> tuple[str, tuple[Monomials, Monomials] | None]:
        """Return a letter of the filter with the limits of its sum."""
        if not self.shape.limits:
            return letter, None
        base = self.shape.base
        low = ((1, ""),) if base else ()
        extent = self.style.extent
        return letter, (low, ((1, extent),) if base else ((1, extent), (-1, "")))

    def forward(self) -> Sum:
        """Return the forward pass."""
        out, inner = self.axes(self.style.out), self.axes(self.style.inner)
        read = tuple(map(self.reads, out, inner))
        summed = tuple(map(self.limits, inner))
        return Sum("Y", out, summed, (Factor("X", read), Factor("F", _alone(inner))))

    def of_filter(self) -> Sum:
        """Return the filter's gradient, a sum over outputs."""
        out, inner = self.axes(self.style.out), self.axes(self.style.inner)
        read = tuple(map(self.reads, out, inner))
        summed = tuple((letter, None) for letter in out)
        return Sum("F", inner, summed, (Factor("G", _alone(out)), Factor("X", read)))

    def of_input(self) -> Sum:
        """Return it as a sum over outputs for a stride, over the filter else."""
        shape, style = self.shape, self.style
        whole, base = self.axes(style.whole), shape.base
        if shape.dilation != "1":
            inner = self.axes(style.inner)
            read = tuple(
                _sum(
                    (1, m), (-1, _times(shape.dilation, r)),
                    *(_offset([], [(1, shape.dilation)]) if base else []), *self.less(1),
                )
                for m, r in zip(whole, inner, strict=True)
            )  # fmt: skip
            summed = tuple(map(self.limits, inner))
            return Sum("X", whole, summed, (Factor("G", read), Factor("F", _alone(inner))))
        out = self.axes(style.out)
        sign = -1 if shape.flipped else 1
        extra: list[tuple[int, str]] = []
        if base:
            extra = _offset([] if sign == 1 else [(1, "")], [(sign, shape.stride)])
            if sign == -1:
                extra = _offset([(1, ""), (1, "")], [(-1, shape.stride)])
        read = tuple(
            _sum((sign, m), (-sign, _times(shape.stride, p)), *extra, *self.less(sign))
            for m, p in zip(whole, out, strict=True)
        )
        if sign == -1:  # x_{up-r}: r = up - m
            read = tuple(
                _sum((1, _times(shape.stride, p)), (-1, m), *extra, *self.less(-1))
                for m, p in zip(whole, out, strict=True)
            )
        summed = tuple((letter, None) for letter in out)
        return Sum("X", whole, summed, (Factor("G", _alone(out)), Factor("F", read)))


def _offset(
    ones: Sequence[tuple[int, str]], others: Sequence[tuple[int, str]]
) -> list[tuple[int, str]]:
    """Return letters, and numbers among them as constants."""
    return [*ones, *((n * int(w), "") if w.isdecimal() else (n, w) for n, w in others)]


def _alone(letters: Sequence[str]) -> tuple[Monomials, ...]:
    return tuple(((1, letter),) for letter in letters)


# Mutants


def mutants(writer: Writer, said: Sum) -> Iterator[tuple[str, Sum]]:
    """Yield what readers get wrong of a gradient: most of it is wrong, the loops tell."""
    shape = writer.shape
    make: Callable[[Writer], Sum] = Writer.of_filter if said.target == "F" else Writer.of_input
    forgotten = {"stride": "1", "padding": "0", "dilation": "1"}
    for part, plain in forgotten.items():
        if getattr(shape, part) != plain:
            yield f"no {part}", make(replace(writer, shape=replace(shape, **{part: plain})))
    if shape.stride != "1" and shape.dilation == "1":
        yield (
            "stride as dilation",
            make(replace(writer, shape=replace(shape, stride="1", dilation=shape.stride))),
        )
    yield "flipped", make(replace(writer, shape=replace(shape, flipped=not shape.flipped)))
    if not shape.channels:
        yield "other base", make(replace(writer, shape=replace(shape, base=1 - shape.base)))
    first, second = said.factors
    yield "off by one", _with(said, lambda f: f if _is_alone(f) else _moved(f, 1))
    yield (
        "exchanged",
        replace(
            said, factors=(Factor(first.tensor, second.index), Factor(second.tensor, first.index))
        ),
    )
    if shape.axes == 2:
        yield "one axis twice", _with(said, lambda f: f if _is_alone(f) else _twice(f, writer))
        if shape.stride != "1":
            yield "stride on one axis", _with(said, lambda f: _unstrided(f, shape.stride))


def _with(said: Sum, change: Callable[[Factor], Factor]) -> Sum:
    first, second = map(change, said.factors)
    return replace(said, factors=(first, second))


def _is_alone(factor: Factor) -> bool:
    return all(len(part) == 1 for part in factor.index)


def _moved(factor: Factor, by: int) -> Factor:
    """Return a factor with its index moved on every axis."""
    return replace(factor, index=tuple(_sum(*part, (by, "")) for part in factor.index))


def _twice(factor: Factor, writer: Writer) -> Factor:
    """Return g_{a+r,a+t} for g_{a+r,b+t}."""
    first, second = writer.style.out[:2]
    column = tuple((n, word.replace(second, first)) for n, word in factor.index[1])
    return replace(factor, index=(factor.index[0], column))


def _unstrided(factor: Factor, stride: str) -> Factor:
    if _is_alone(factor):
        return factor
    column = tuple(
        (n, "*".join(w for w in word.split("*") if w != stride)) for n, word in factor.index[1]
    )
    return replace(factor, index=(factor.index[0], column))


# Plain loops


def _sizes(shape: Shape, style: Style, whole: bool = False) -> Iterator[dict[str, int]]:
    """Yield small convolutions; ``whole`` asks for those whose stride divides."""
    for stride, padding, dilation, extent in product((2, 3), (1, 2), (2, 3), (2, 3)):
        at = {
            "u": stride if shape.stride == style.stride else int(shape.stride),
            "lo": padding if shape.padding == style.padding else int(shape.padding),
            "d": dilation if shape.dilation == style.dilation else int(shape.dilation),
            "R": extent,
        }
        # x_{up-r}: every output of a true convolution that reads from its first element on.
        reach = at["d"] * (extent - 1)
        for out in (3, 4):
            at["P"] = out
            if shape.flipped:
                at["H"] = at["u"] * (out - 1) + 1 - at["lo"]
            else:
                at["H"] = at["u"] * (out - 1) + reach + 1 - 2 * at["lo"]
                at["H"] += 0 if whole or at["u"] == 1 else 1
            if at["H"] > 1:
                yield dict(at)


def _meet(shape: Shape, at: Sizes) -> list[tuple[int, int, int]]:
    """Return all (m, r, p) on an axis that meet, counted from 0."""
    sign = -1 if shape.flipped else 1
    found = []
    for p, r in product(range(at["P"]), range(at["R"])):
        m = at["u"] * p + sign * at["d"] * r - at["lo"]
        if 0 <= m < at["H"]:
            found.append((m, r, p))
    return found


Table = Counter[tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]]
"""How often an element of the target is given a product of two elements."""
_ORDER = {"Y": ("X", "F"), "F": ("G", "X"), "X": ("G", "F")}


def truth(shape: Shape, target: str, at: Sizes) -> Table:
    """Return the products of every element of a target, counted from 0."""
    table: Table = Counter()
    for meeting in product(_meet(shape, at), repeat=shape.axes):
        m, r, p = (tuple(part) for part in zip(*meeting, strict=True))
        index = {"X": m, "F": r, "Y": p, "G": p}
        a, b = _ORDER[target]
        table[index[target], index[a], index[b]] += 1
    return table


def told(said: Sum, shape: Shape, style: Style, at: Sizes) -> Table:
    """Return what a sum says of them, every letter running through all that its limits allow."""
    base, extents = shape.base, {"X": at["H"], "F": at["R"], "Y": at["P"], "G": at["P"]}
    known = {style.extent: at["R"], style.stride: at["u"], style.padding: at["lo"]}
    known[style.dilation] = at["d"]
    runs = [range(base, base + extents[said.target])] * len(said.free)
    for letter, limits in said.summed:
        if limits:
            low, high = (_value(limit, known) for limit in limits)
            runs.append(range(low, high + 1))
        else:
            own = [f.tensor for f in said.factors if ((1, letter),) in f.index]
            runs.append(range(base, base + extents[own[0]]) if own else range(-9, 20))
    letters = [*said.free, *(letter for letter, _ in said.summed)]
    factors = sorted(said.factors, key=lambda f: _ORDER[said.target].index(f.tensor))
    table: Table = Counter()
    for values in product(*runs):
        here = {**known, **dict(zip(letters, values, strict=True))}
        first, second = (
            tuple(_value(part, here) - base for part in factor.index) for factor in factors
        )
        inside = all(
            0 <= i < extents[f.tensor]
            for f, index in zip(factors, (first, second), strict=True)
            for i in index
        )
        if inside:
            free = tuple(i - base for i in values[: len(said.free)])
            table[free, first, second] += 1
    return table


def is_right(said: Sum, shape: Shape, style: Style) -> bool:
    """Whether a sum holds at every small size."""
    few = list(_sizes(shape, style))[:: 3 if shape.axes == 1 else 9]
    return all(told(said, shape, style, at) == truth(shape, said.target, at) for at in few)


# Operators

Row = list[Counter[int]]


def pad(row: Row, before: int, after: int) -> Row:
    """Return a row with zeros around it, or less of it."""
    if before < 0 or after < 0:
        row = row[max(0, -before) : len(row) - max(0, -after)]
    return [*_zeros(before), *row, *_zeros(after)]


def _zeros(n: int) -> Row:
    return [Counter() for _ in range(max(0, n))]


def dilate(row: Row, step: int) -> Row:
    """Return a row with zeros between its elements."""
    return [
        row[k // step] if k % step == 0 else Counter() for k in range((len(row) - 1) * step + 1)
    ]


def correlate(row: Row, by: Row, stride: int = 1, apart: int = 1) -> list[Counter[tuple[int, int]]]:
    """Return the sums of products of numbered elements in every window."""
    reach = apart * (len(by) - 1) + 1
    found = []
    for start in range(0, len(row) - reach + 1, stride):
        total: Counter[tuple[int, int]] = Counter()
        for k, weights in enumerate(by):
            for (a, n), (b, m) in product(row[start + k * apart].items(), weights.items()):
                total[a, b] += n * m
        found.append(total)
    return found


@dataclass(frozen=True, slots=True)
class Slide:
    """conv(pad(dilate(A, step), amount), B): what slides over what, as it is written."""

    target: str
    over: str
    by: str
    turned: bool = False
    over_step: str = "1"
    by_step: str = "1"
    padding: Monomials = ()
    more: Monomials = ()
    apart: str = "1"

    def latex(self, style: Style, word: str) -> str:
        """Return it as a formula."""
        names = {"X": style.input, "F": style.filter}
        of = rf"\frac{{\partial {style.loss}}}{{\partial {style.output}}}"

        def shown(tensor: str, step: str) -> str:
            plain = of if tensor == "G" else names[tensor]
            return plain if step == "1" else rf"\text{{dilate}}({plain}, {step})"

        over = shown(self.over, self.over_step)
        if self.more:
            lo, hi = _written(self.padding), _written((*self.padding, *self.more))
            over = rf"\text{{pad}}({over}, ({lo}, {hi}))"
        elif self.padding:
            over = rf"\text{{pad}}({over}, {_written(self.padding)})"
        by = shown(self.by, self.by_step)
        by = rf"\text{{rot180}}({by})" if self.turned else by
        call = rf"\text{{{word}}}({over}, {by}" + (
            f", \\text{{stride}}={self.apart})" if self.apart != "1" else ")"
        )
        left = rf"\frac{{\partial {style.loss}}}{{\partial {names[self.target]}}}"
        return f"{left} = {call}"

    def table(self, style: Style, at: Sizes) -> list[Counter[tuple[int, int]]]:
        """Return the products of each element of the target, counted from 0."""
        extents = {"X": at["H"], "F": at["R"], "G": at["P"]}
        known = {style.extent: at["R"], style.stride: at["u"], style.padding: at["lo"]}
        known |= {style.dilation: at["d"], "rem": at.get("rem", 0)}

        def row(tensor: str, step: str) -> Row:
            own = [Counter([k]) for k in range(extents[tensor])]
            return dilate(own, _value(((1, step),), known))

        lo, more = _value(self.padding, known), _value(self.more, known)
        over = pad(row(self.over, self.over_step), lo, lo + more)
        by = row(self.by, self.by_step)
        apart = _value(((1, self.apart),), known)
        return correlate(over, by[::-1] if self.turned else by, stride=apart)


def slides(shape: Shape, style: Style) -> Iterator[tuple[str, Slide]]:
    """Yield gradients as operators and what readers get wrong of them."""
    u, d, less = shape.stride, shape.dilation, shape.padding
    filter_ = ((1, style.extent), (-1, ""))
    if d != "1":
        n = int(d) if d.isdecimal() else 1
        filter_ = (
            ((n, style.extent), (-n, "")) if d.isdecimal()
            else ((1, f"{d}*{style.extent}"), (-1, d))
        )  # fmt: skip
    around = filter_
    if less != "0":
        around = _sum(*filter_, (-int(less), "") if less.isdecimal() else (-1, less))
    own = ((1, less),) if not less.isdecimal() else ((int(less), ""),) if less != "0" else ()
    dx = Slide("X", "G", "F", True, u, d, around)
    yield "input's gradient", dx
    if u != "1":
        yield "input's gradient, not dilated", replace(dx, over_step="1")
        yield "input's gradient, padded by the stride", replace(dx, padding=((1, u),))
    if less != "0":
        yield "input's gradient, padding forgotten", replace(dx, padding=filter_)
        yield "input's gradient, padded as the input", replace(dx, padding=own)
    if d != "1":
        yield "input's gradient, filter not dilated", replace(dx, by_step="1")
    yield "input's gradient, not turned", replace(dx, turned=False)
    yield "input's gradient, not padded", replace(dx, padding=())
    df = Slide("F", "X", "G", False, "1", u, own, apart=d)
    yield "filter's gradient", df
    if u != "1":
        yield "filter's gradient, not dilated", replace(df, by_step="1")
        if d == "1":
            yield "filter's gradient, strided", replace(df, by_step="1", apart=u)
    if less != "0":
        yield "filter's gradient, not padded", replace(df, padding=())
    if d != "1":
        yield "filter's gradient, not strided", replace(df, apart="1")
    yield "filter's gradient, turned", replace(df, turned=True)


def slide_is_right(said: Slide, shape: Shape, style: Style) -> bool:
    """Whether operators hold wherever the stride divides."""
    a, b = ("X", "G") if said.target == "F" else ("G", "F")
    exchanged = (said.over, said.by) != (a, b)
    for at in _sizes(shape, style, whole=True):
        expected = truth(replace(shape, axes=1), said.target, at)
        found: Table = Counter()
        rows = said.table(style, at)
        if len(rows) != at["H" if said.target == "X" else "R"]:
            return False
        for k, row in enumerate(rows):
            for (one, other), n in row.items():
                i, j = (other, one) if exchanged else (one, other)
                key = ((k,), (j,), (i,)) if said.target == "F" else ((k,), (i,), (j,))
                found[key] += n
        if found != expected:
            return False
    return True


# Documents

_GEOMETRIES = (
    {}, {"stride": "s"}, {"stride": "2"}, {"padding": "p"}, {"padding": "1"}, {"dilation": "d"},
    {"dilation": "2"}, {"stride": "s", "padding": "p"}, {"stride": "2", "padding": "1"},
)  # fmt: skip


def _lettered(geometry: Mapping[str, str], style: Style) -> dict[str, str]:
    own = {"s": style.stride, "p": style.padding, "d": style.dilation}
    return {part: own.get(value, value) for part, value in geometry.items()}


def _document(*formulas: str) -> str:
    return "\n\n".join(f"$${formula}$$" for formula in formulas) + "\n"


def _distinct(cases: Iterator[Case]) -> Iterator[Case]:
    seen = set()
    for case in cases:
        if case.text not in seen:
            seen.add(case.text)
            yield case


def index_cases() -> Iterator[Case]:
    """Yield gradients as sums, each behind the forward pass."""
    turn = 0
    for axes, base, geometry in product((1, 2), (0, 1), _GEOMETRIES):
        for flipped in (False, True) if not geometry else (False,):
            for limits in (True, False) if base == 0 else (True,):
                turn += 1
                style = STYLES[turn % len(STYLES)]
                shape = Shape(
                    axes, base, **_lettered(geometry, style), flipped=flipped, limits=limits
                )
                if flipped and base:
                    continue
                writer = Writer(style, shape)
                if axes != 2 and style.extent == style.filter:
                    continue
                forward = latex(style, writer.forward())
                for right in (writer.of_filter(), writer.of_input()):
                    kinds = [("as it is", right), *mutants(writer, right)]
                    for kind, said in kinds:
                        name = f"{said.target} {kind}: {shape}"
                        held = is_right(said, shape, style)
                        yield Case(name, _document(forward, latex(style, said)), held)


def operator_cases() -> Iterator[Case]:
    """Yield gradients as operators, each behind the forward pass as a sum."""
    turn = 0
    for axes, geometry in product((1, 2), _GEOMETRIES):
        turn += 1
        style = STYLES[turn % len(STYLES)]
        style = replace(
            style, input=style.input.upper(), filter=style.filter.upper(),
            output=style.output.upper(),
        )  # fmt: skip
        if style.filter in (style.extent, style.loss) or style.input == style.loss:
            style = STYLES[0]
        shape = Shape(axes, 0, **_lettered(geometry, style))
        writer = Writer(style, shape)
        forward = latex(style, writer.forward())
        for word in ("corr", "conv"):
            for kind, said in slides(shape, style):
                turned = kind.endswith("turned")
                if word == "conv" and turned:
                    continue  # what conv means would be told by nothing
                held = slide_is_right(said, shape, style)
                yield Case(f"{kind}: {shape}", _document(forward, said.latex(style, word)), held)


_CHANNELS = ((r"\sum_{c}\sum_{r} x_{c,%sa+r}\, w_{k,c,r}", "y_{k,a}"),)


def channel_cases() -> Iterator[Case]:
    """Yield gradients with channels, whose sums are told by what stands on the left."""
    for stride, axes in product(("", "s", "2"), (1, 2)):
        two = axes == 2
        read = f"{stride}a+r" + (f",{stride}b+t" if two else "")
        plain = "a+r" + (",b+t" if two else "")
        out, inner, whole = ("a,b", "r,t", "m,n") if two else ("a", "r", "m")
        outs = r"\sum_{a}\sum_{b}" if two else r"\sum_{a}"
        inners = r"\sum_{r}\sum_{t}" if two else r"\sum_{r}"
        back = f"m-{stride}a" + (f",n-{stride}b" if two else "")
        forward = rf"y_{{k,{out}}} = \sum_{{c}}{inners} x_{{c,{read}}}\, w_{{k,c,{inner}}}"
        dy = rf"\frac{{\partial L}}{{\partial y_{{k,{out}}}}}"
        dw = rf"\frac{{\partial L}}{{\partial w_{{k,c,{inner}}}}}"
        dx = rf"\frac{{\partial L}}{{\partial x_{{c,{whole}}}}}"
        f = rf"w_{{k,c,{back}}}"
        said = {
            rf"{dw} = {outs} {dy}\, x_{{c,{read}}}": True,
            rf"{dw} = \sum_{{c}}{outs} {dy}\, x_{{c,{read}}}": False,
            rf"{dw} = {outs} {dy}\, x_{{k,{read}}}": False,
            rf"{dx} = \sum_{{k}}{outs} {dy}\, {f}": True,
            rf"{dx} = \sum_{{k}}{outs} {dy}\, w_{{c,k,{back}}}": False,
            rf"{dx} = {outs} {dy}\, {f}": False,
            rf"{dx} = \sum_{{c}}{outs} {dy}\, {f}": False,
        }
        if stride:
            said[rf"{dw} = {outs} {dy}\, x_{{c,{plain}}}"] = False
            lost = back.replace(stride, "")
            said[rf"{dx} = \sum_{{k}}{outs} {dy}\, w_{{k,c,{lost}}}"] = False
        for formula, held in said.items():
            yield Case(f"channels: {formula}", _document(forward, formula), held)


def remainder_cases() -> Iterator[Case]:
    """Yield the input's gradient with the remainder of a strided window, told for every size."""
    forward = r"Y_{i} = \sum_{r=0}^{R-1} X_{ui+r}\, F_{r}"
    for rest, held in (
        (r"(H-R) \bmod u", True), (r"(H+R) \bmod u", False), (r"(R-H) \bmod u", False),
        (r"H \bmod u", False), ("u-1", False), ("1", False),
    ):  # fmt: skip
        call = (
            r"\frac{\partial L}{\partial X} = \text{corr}(\text{pad}(\text{dilate}("
            rf"\frac{{\partial L}}{{\partial Y}}, u), (R-1, R-1+{rest})), \text{{rot180}}(F))"
        )
        yield Case(f"remainder {rest}", _document(forward, call), held)


def cases() -> Iterator[Case]:
    """Yield every document once."""
    kinds = (index_cases, operator_cases, channel_cases, remainder_cases)
    yield from _distinct(case for kind in kinds for case in kind())


# Measured


def judged(text: str) -> tuple[Outcome, Outcome]:
    """Return what `symconv check` says of a document's first and of its last formula."""
    from symconv.documents.check import check
    from symconv.documents.source.text import Document

    found = check(Document("formulas.md", "markdown", text)).judgements
    names = {"agree": Outcome.AGREE, "wrong": Outcome.WRONG}
    if not found:
        return Outcome.SILENT, Outcome.SILENT
    behind = text.rfind("$$", 0, len(text) - 4)
    last = [j for j in found if j.place.start >= behind]
    said = [names.get(str(j.verdict), Outcome.SILENT) for j in (found[0], *last)]
    return said[0], said[-1] if last else Outcome.SILENT


def main() -> None:
    """Print how many wrong formulas are found, and how many right ones agree."""
    counts: Counter[tuple[bool, Outcome]] = Counter()
    forwards: Counter[Outcome] = Counter()
    begun = time.perf_counter()
    for case in cases():
        first, last = judged(case.text)
        counts[case.right, last] += 1
        forwards[first] += 1
        missed = last is not (Outcome.AGREE if case.right else Outcome.WRONG)
        if "--list" in sys.argv and missed:
            print(f"{'right' if case.right else 'wrong'}, {last.value}: {case.name}\n{case.text}")
    took = time.perf_counter() - begun
    right, wrong = (sum(counts[kind, o] for o in Outcome) for kind in (True, False))
    print(f"{right + wrong} gradients in {took:.0f} s")
    print(f"wrong: {counts[False, Outcome.WRONG]} of {wrong} found", end=", ")
    print(f"{counts[False, Outcome.AGREE]} slip through")
    print(f"right: {counts[True, Outcome.AGREE]} of {right} agree", end=", ")
    print(f"{counts[True, Outcome.WRONG]} false alarms")
    print(f"forward: {forwards[Outcome.AGREE]} agree, {forwards[Outcome.WRONG]} false alarms")


if __name__ == "__main__":
    main()
