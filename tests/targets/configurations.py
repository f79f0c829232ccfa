"""Random layers, the modules that are exported for them, and what these make of whole numbers."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

import numpy as np
from targets import sums

from symconv.errors import GeometryError
from symconv.geometry import Axis, Geometry, Layer
from symconv.targets.modules import of_sizes, write
from symconv.targets.specification import AnySizes, ChannelLayout, Specification


@dataclass(frozen=True)
class Case:
    """A layer, and of which kind the module is."""

    layer: Layer
    symbolic: bool
    layout: ChannelLayout

    @property
    def specification(self) -> Specification:
        geometry = self.layer.geometry
        if self.symbolic:
            return Specification(AnySizes(len(geometry.axes), geometry.transposed), self.layout)
        return of_sizes(self.layer, self.layout)


def axis(rnd: random.Random, transposed: bool, most: int) -> Axis:
    while True:
        u, d = rnd.randint(1, 4), rnd.randint(1, 3)
        padding = (rnd.randint(-2, 4), rnd.randint(-2, 4))
        if rnd.random() < 0.3:
            padding = (abs(padding[0]),) * 2
        spread = 1 if transposed else rnd.choice((1, 1, 2, 3))
        more = rnd.randint(0, max(u, d) - 1) if transposed else 0
        sizes = rnd.randint(1, most), rnd.randint(1, 4)
        try:
            return Axis(*sizes, u, padding, d, spread, transposed, more)
        except GeometryError:
            continue


def cases(count: int, seed: int = 0, layouts=tuple(ChannelLayout)) -> list[Case]:
    """Return layers with one to three axes, groups, crops, dilations, some transposed."""
    rnd, found = random.Random(seed), []
    for _ in range(count):
        transposed, rank = rnd.random() < 0.3, rnd.choice((1, 2, 2, 3))
        geometry = Geometry(tuple(axis(rnd, transposed, 8 - rank) for _ in range(rank)))
        G = rnd.choice((1, 1, 2, 3))
        counts = rnd.randint(1, 3), G * rnd.randint(1, 2), G * rnd.randint(1, 2), G
        found.append(Case(Layer(geometry, *counts), rnd.random() < 0.4, rnd.choice(layouts)))
    return found


def features(found: list[Case]) -> dict[str, int]:
    """Return how many cases have each of what goes wrong most."""
    axes = [(case, axis) for case in found for axis in case.layer.geometry.axes]
    return {
        "remainder": sum(a.remainder > 0 for _, a in axes),
        "crop of more than there is": sum(min(a.padding) < 0 or a.padded > 3 for _, a in axes),
        "stride beyond the filter": sum(a.stride > a.extent for _, a in axes),
        "negative gradient padding": sum(max(a.padding) >= a.extent for _, a in axes),
        "input dilation": sum(a.input_dilation > 1 for _, a in axes),
        "output padding": sum(a.output_padding > 0 for _, a in axes),
        "output padding beyond the stride": sum(a.output_padding >= a.stride for _, a in axes),
        "groups": sum(case.layer.groups > 1 for case in found),
        "depthwise": sum(case.layer.depthwise for case in found),
        "symbolic": sum(case.symbolic for case in found),
        **{f"{n} axes": sum(len(c.layer.geometry.axes) == n for c in found) for n in (1, 2, 3)},
    }


def load(source: str) -> dict:
    """Return the names of a module."""
    names = {"__name__": "exported"}
    exec(compile(source, "exported.py", "exec"), names)
    return names


class Exported:
    """Modules of one target, each written and loaded once.

    Attributes:
        mutate: what is done to their text.
    """

    def __init__(self, target: str, mutate=lambda source: source) -> None:
        self.target, self.mutate, self.loaded = target, mutate, {}

    def module(self, case: Case) -> dict:
        specification = case.specification
        if specification not in self.loaded:
            source = write(self.target, specification, "symconv export")
            self.loaded[specification] = load(self.mutate(source))
        return self.loaded[specification]

    def results(self, case: Case, arrays) -> tuple:
        """Return y with bias, dX, dF and dB of x, f, dy and b, which are in the case's layout."""
        module, geometry = self.module(case), case.layer.geometry
        x, f, dy, b = arrays
        steps, sizes = {}, ((), ())
        if case.symbolic:
            last = "output_padding" if geometry.transposed else "input_dilation"
            names = ("stride", "padding", "dilation", last)
            steps = {n: getattr(geometry, n) for n in names} | {"groups": case.layer.groups}
            sizes = (geometry.input,), (geometry.filter,)
        return (
            module["forward"](x, f, b, **steps),
            module["input_gradient"](dy, f, *sizes[0], **steps),
            module["filter_gradient"](x, dy, *sizes[1], **steps),
            module["bias_gradient"](dy),
        )


def drawn(case: Case, seed: int) -> tuple:
    """Return x, f, dy and b of whole numbers, channels before space."""
    layer, random_numbers = case.layer, np.random.default_rng(seed)
    shapes = (layer.input, layer.filter, layer.output, (layer.filters,))
    return tuple(random_numbers.integers(-9, 9, shape, endpoint=True) for shape in shapes)


def moved(case: Case, arrays: tuple, kinds: str) -> tuple:
    """Return images (i), filters (f) and biases (b) in the layout of a case."""
    if case.layout is ChannelLayout.NCHW:
        return arrays
    filters = (0, 1) if case.layer.geometry.transposed else (1, 0)
    how = {
        "i": lambda array: np.moveaxis(array, 1, -1),
        "f": lambda array: np.moveaxis(array, filters, (-2, -1)),
        "b": lambda array: array,
    }
    return tuple(how[kind](array) for kind, array in zip(kinds, arrays, strict=True))


def operands(case: Case, seed: int) -> tuple:
    """Return x, f, dy and b in float64, in the layout of a case."""
    arrays = moved(case, drawn(case, seed), "ifib")
    return tuple(np.ascontiguousarray(array, dtype=np.float64) for array in arrays)


def difference(case: Case, seed: int, found: tuple) -> str | None:
    """Return which result is not as it belongs, and how; None where all are."""
    x, f, dy, b = drawn(case, seed)
    expected = moved(case, sums.tensors(case.layer, x, f, dy, b), "iifb")
    for name, right, value in zip(("y", "dx", "df", "db"), expected, found, strict=True):
        value = np.asarray(value)
        if value.shape != right.shape:
            return f"{name} of {case}: shape {value.shape}, not {right.shape}"
        if not np.array_equal(value, right):
            return f"{name} of {case}: other numbers"
    return None


def first_difference(exported: Exported, found: list[Case], convert=lambda array: array):
    """Return the first difference or error in these cases, None where there is none."""
    for seed, case in enumerate(found):
        arrays = tuple(map(convert, operands(case, seed)))
        try:
            wrong = difference(case, seed, exported.results(case, arrays))
        except Exception as error:
            wrong = f"{case}: {type(error).__name__}: {error}"
        if wrong:
            return wrong
    return None


def replaced(pattern: str, by: str):
    """Return a mutation of a text, which leaves texts alone that do not have the pattern."""
    return lambda source: re.sub(pattern, by, source)
