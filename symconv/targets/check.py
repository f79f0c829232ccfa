"""An exported module beside the term tables: both on the same whole numbers, every element.

The module runs in a process of its own, in float64, where sums of small whole numbers are exact;
the term tables (`symconv.engines`) come from the relation of the indices, and share no formula with
the module.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symconv.engines.layer import LayerEngine
from symconv.engines.memory import check_terms
from symconv.errors import SymconvError, how_many
from symconv.formula.layer_forms import LayerTensor
from symconv.geometry import Geometry, Layer
from symconv.targets import child, plans
from symconv.targets.specification import AnySizes, Specification
from symconv.tensors.factored import FactoredTable

Array = NDArray[np.int64]

LARGEST = 9
"""The numbers that are put in lie between this and its negative."""

SECONDS = 300
"""The time after which a module is given up."""


@dataclass(frozen=True, slots=True)
class ModuleCheck:
    """What came of comparing a module with the term tables.

    Attributes:
        layers: the sizes at which it was compared.
        elements: how many numbers were compared.
        difference: the first of them that is not as it belongs, in a sentence; None: all are.
    """

    layers: tuple[Layer, ...]
    elements: int
    difference: str | None

    @property
    def agrees(self) -> bool:
        """Whether every number is as it belongs."""
        return self.difference is None

    def __str__(self) -> str:
        if self.difference is not None:
            return f"WRONG: {self.difference}"
        if len(self.layers) == 1:
            (layer,) = self.layers
            where = (
                f"at this size with {how_many(layer.batch, 'image')}, "
                f"{how_many(layer.channels, 'channel')} and {how_many(layer.filters, 'filter')}"
            )
        else:
            where = f"at {how_many(len(self.layers), 'size')} ({plans.told(self.layers)})"
        return (
            f"Checked: y with and without bias, dx, df and db equal the term tables {where}, "
            f"{how_many(self.elements, 'element')}."
        )


def compare(
    source: str, target: str, specification: Specification, given: Layer | None = None
) -> ModuleCheck:
    """Return how an exported module compares with the term tables.

    Args:
        source: the text of the module, which is run in a process of its own.
        target: the library that it is written for.
        specification: what the module is for.
        given: the layer whose channels are to be taken, where there are few of them.

    Raises:
        SymconvError: the library is not installed, or the module ends the process that runs it.
    """
    layers = plans.planned(specification, given)
    drawn = [_drawn(layer, seed) for seed, layer in enumerate(layers)]
    answers = _run(source, target, specification, layers, drawn)
    elements = 0
    for number, (layer, arrays) in enumerate(zip(layers, drawn, strict=True)):
        for name, expected in _expected(layer, arrays).items():
            where = f"{name} of {_sizes(layer)}"
            error = answers.get(f"{number}.{name} error")
            if error is not None:
                return ModuleCheck(tuple(layers), elements, f"{where} fails: {error}")
            found = _channels_first(name, answers[f"{number}.{name}"], specification)
            if found.shape != expected.shape:
                said = f"{where} has the shape {found.shape} instead of {expected.shape}"
                return ModuleCheck(tuple(layers), elements, said)
            wrong = np.argwhere(found != expected)
            if len(wrong):
                at = tuple(int(i) for i in wrong[0])
                said = f"{where} is {found[at]:g} at {list(at)} instead of {expected[at]}"
                return ModuleCheck(tuple(layers), elements, said)
            elements += expected.size
    return ModuleCheck(tuple(layers), elements, None)


def _sizes(layer: Layer) -> str:
    counts = f"batch {layer.batch}, channels {layer.channels}, filters {layer.filters}"
    return f"{layer.geometry!r} with {counts} and groups {layer.groups}"


def _drawn(layer: Layer, seed: int) -> dict[str, Array]:
    random = np.random.default_rng(seed)
    shapes = {"x": layer.input, "f": layer.filter, "b": (layer.filters,), "dy": layer.output}
    return {
        name: random.integers(-LARGEST, LARGEST, shape, endpoint=True)
        for name, shape in shapes.items()
    }


def _expected(layer: Layer, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Return what the term tables say of each result."""
    engine = LayerEngine(layer)
    leaves = {"X": arrays["x"], "F": arrays["f"], "dY": arrays["dy"]}

    def value(name: LayerTensor) -> Array:
        return evaluated(engine.tensor(name), leaves)

    y, rank = value("Y"), len(layer.geometry.axes)
    return {
        "y": y + arrays["b"].reshape(-1, *(1,) * rank),
        "y without b": y,
        "dx": value("dX"),
        "df": value("dF"),
        "db": value("dB"),
    }


def evaluated(table: FactoredTable, leaves: Mapping[str, Array]) -> Array:
    """Return the numbers that a layer's terms add up to.

    Args:
        table: with a block for images, one for channels, and the others in space.
        leaves: X, F and dY, as far as they occur.

    Raises:
        TooLargeError: the terms in space do not fit the memory.
    """
    images, channels, *space = table.blocks
    spatial = FactoredTable(tuple(space))
    check_terms(len(spatial))
    at = spatial.multiplied_out().columns()
    sizes = [math.prod(block.shape) for block in (images, channels)]
    size = math.prod(spatial.shape)
    found = np.zeros((*sizes, size), np.int64)
    factors = [factor.name for factor in table.factors]
    flat = {
        name: leaves[name].reshape(
            *(math.prod(block.factors[k].shape) for block in (images, channels)), -1
        )
        for k, name in enumerate(factors)
    }
    rows = [_rows(block.columns()) for block in (images, channels)]
    for image in rows[0]:
        for channel in rows[1]:
            product = np.ones(len(at["target"]))
            for name in factors:
                product *= flat[name][image[name], channel[name]][at[name]]
            summed = np.bincount(at["target"], product, size)  # exact: sums of whole numbers
            found[image["target"], channel["target"]] += summed.astype(np.int64)
    return found.reshape(table.shape)


def _rows(columns: Mapping[str, Any]) -> list[dict[str, int]]:
    names = list(columns)
    return [
        dict(zip(names, map(int, row), strict=True)) for row in zip(*columns.values(), strict=True)
    ]


# The module's own side.


def _run(
    source: str,
    target: str,
    specification: Specification,
    layers: Sequence[Layer],
    drawn: Sequence[Mapping[str, Array]],
) -> dict[str, Any]:
    """Return what the module makes of the arrays."""
    cases: dict[str, Any] = {
        f"{number}.{name}": np.ascontiguousarray(
            _in_layout(name, array, specification), dtype=np.float64
        )
        for number, arrays in enumerate(drawn)
        for name, array in arrays.items()
    }
    cases["calls"] = np.array(json.dumps([_calls(specification, layer) for layer in layers]))
    environment = {
        "JAX_ENABLE_X64": "1",
        "JAX_PLATFORMS": "cpu",
        "XLA_FLAGS": "--xla_backend_optimization_level=0",  # each is run once
        **os.environ,
    }
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("exported.py", "cases.npz", "answers.npz")]
        module, given, answers = paths
        module.write_text(source, encoding="utf-8")
        np.savez(given, **cases)
        words = [sys.executable, "-P", child.__file__, str(module), target, *map(str, paths[1:])]
        try:
            done = subprocess.run(
                words,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise SymconvError(
                f"the check took more than {SECONDS} s; use smaller sizes, or drop --check"
            ) from None
        if done.returncode == child.MISSING:
            raise SymconvError(
                f"nothing is checked: {done.stdout.strip()} is not installed where symconv runs; "
                f"install it there, or drop --check"
            )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise SymconvError(f"nothing is checked: the module ends its process: {last[:300]}")
        with np.load(answers) as found:
            return dict(found)


def _calls(specification: Specification, layer: Layer) -> dict[str, dict[str, Any]]:
    """Return what each function is given beside its arrays."""
    geometry = layer.geometry
    steps: dict[str, Any] = {}
    own: dict[str, dict[str, Any]] = {}
    if isinstance(specification.sizes, AnySizes):
        last = "output_padding" if geometry.transposed else "input_dilation"
        names = ("stride", "padding", "dilation", last)
        steps = {name: getattr(geometry, name) for name in names} | {"groups": layer.groups}
        own = _sizes_of_gradients(geometry)
    given = {
        name: steps | own.get(name, {}) for name in ("forward", "input_gradient", "filter_gradient")
    }
    return {**given, "bias_gradient": {}}


def _sizes_of_gradients(geometry: Geometry) -> dict[str, dict[str, Any]]:
    return {
        "input_gradient": {"input_size": geometry.input},
        "filter_gradient": {"filter_size": geometry.filter},
    }


def _in_layout(name: str, array: Array, specification: Specification) -> Array:
    """Return an operand with its channels where the module has them."""
    if not specification.channels_last or name == "b":
        return array
    if name != "f":
        return np.moveaxis(array, 1, -1)
    first = (0, 1) if specification.transposed else (1, 0)
    return np.moveaxis(array, first, (-2, -1))


def _channels_first(name: str, array: Any, specification: Specification) -> Any:
    """Return a result with its channels before the spatial axes."""
    if not specification.channels_last or name == "db" or array.ndim < 3:
        return array
    if name != "df":
        return np.moveaxis(array, -1, 1)
    first = (0, 1) if specification.transposed else (1, 0)
    return np.moveaxis(array, (-2, -1), first)
