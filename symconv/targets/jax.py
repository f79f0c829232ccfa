"""JAX: each tensor is one general convolution, which dilates and pads both of its operands."""

from __future__ import annotations

from symconv.targets.program import (
    Amounts,
    Correlation,
    EndName,
    LayerProgram,
    StepName,
    SumKind,
    amounts,
    program,
    steps,
)
from symconv.targets.signatures import (
    ALIASES,
    CHECK,
    FITS,
    REMAINDER,
    Bodies,
    functions,
    size_check,
)
from symconv.targets.source import Bracketed, PythonFunction, call, statement, tuple_of
from symconv.targets.specification import FixedSizes, Specification

ARRAY = "Array"

IMPORTS = ("import jax.numpy as jnp", "from jax import Array, lax")


def write(specification: Specification) -> tuple[tuple[str, ...], list[PythonFunction]]:
    """Return the aliases of types and the functions of a module."""
    parts = program(specification.transposed)
    bodies = Bodies(
        _body(specification, parts.forward, "y"),
        _body(specification, parts.input_gradient, "dx"),
        _body(specification, parts.filter_gradient, "df"),
        _bias_gradient(specification),
    )
    return (
        () if isinstance(specification.sizes, FixedSizes) else ALIASES,
        [*functions(specification, ARRAY, bodies), *_helpers(specification, parts)],
    )


def _helpers(specification: Specification, parts: LayerProgram) -> list[PythonFunction]:
    if isinstance(specification.sizes, FixedSizes):
        return [CHECK]
    return [FITS if specification.transposed else REMAINDER]


def _body(specification: Specification, correlation: Correlation, result: str) -> list[str]:
    sizes, of, by = specification.sizes, correlation.of, correlation.by
    lines: list[str] = []
    if not isinstance(sizes, FixedSizes):
        lines += _any_sizes(specification, correlation)
    filters = specification.filter_axes
    match correlation.kind:
        case SumKind.GATHER:
            axes = (specification.image_axes, filters, specification.image_axes)
        case SumKind.SCATTER:
            lines += _exchanged(specification)
            flipped = filters.translate(_EXCHANGE) if _ungrouped(specification) else filters
            axes = (specification.image_axes, flipped, specification.image_axes)
            space = [k for k, axis in enumerate(filters) if axis not in "OI"]
            lines += [f"    f = jnp.flip(f, {tuple_of(space)})"]
        case SumKind.FILTER:  # images are summed, so that batch and channels change places
            images = specification.image_axes
            by_axes = images.replace("C", "O").replace("N", "I")
            out = filters.replace("O", "C").replace("I", "N")
            axes = (images.translate(_TURNED), by_axes, out)
    parts: list[str | Bracketed] = [of, by, *_keywords(specification, correlation)]
    parts.append(Bracketed("dimension_numbers=(", tuple(f'"{one}"' for one in axes)))
    groups = "batch_group_count" if correlation.kind is SumKind.FILTER else "feature_group_count"
    if not isinstance(sizes, FixedSizes):
        parts.append(f"{groups}=groups")
    elif sizes.groups > 1:
        parts.append(f"{groups}={sizes.groups}")
    convolution = call("lax.conv_general_dilated", *parts)
    if result != "y":
        return [*lines, *statement("return ", convolution)]
    bias = "b" if specification.channels_last else f"b[:{', None' * specification.rank}]"
    return [
        *lines,
        *statement("y = ", convolution),
        f"    return y if b is None else y + {bias}",
    ]


_EXCHANGE = str.maketrans("OI", "IO")
_TURNED = str.maketrans("NC", "CN")


def _ungrouped(specification: Specification) -> bool:
    return isinstance(specification.sizes, FixedSizes) and specification.sizes.groups == 1


def _keywords(specification: Specification, correlation: Correlation) -> list[str | Bracketed]:
    """Return window strides, padding, and the dilations of both operands."""
    sizes = specification.sizes
    if isinstance(sizes, FixedSizes):
        geometry = sizes.geometry
        stride, spread, dilation = (
            steps(step, geometry)
            for step in (correlation.stride, correlation.spread, correlation.dilation)
        )
        by: Amounts = amounts(correlation, geometry)
        said: list[str | Bracketed] = [
            f"window_strides={tuple_of(stride)}",
            Bracketed("padding=(", tuple(map(tuple_of, by)), ",)" if len(by) == 1 else ")"),
        ]
        said += [f"lhs_dilation={tuple_of(spread)}"] if max(spread) > 1 else []
        return [*said, *([f"rhs_dilation={tuple_of(dilation)}"] if max(dilation) > 1 else [])]
    ones = tuple_of((1,) * sizes.rank)
    stride_name = ones if correlation.stride is StepName.ONE else correlation.stride.value
    padding = "padding" if _is_plain(correlation) else "amounts"
    named: list[str | Bracketed] = [f"window_strides={stride_name}", f"padding={padding}"]
    if correlation.spread is not StepName.ONE:
        named.append(f"lhs_dilation={correlation.spread.value}")
    return [*named, f"rhs_dilation={correlation.dilation.value}"]


def _is_plain(correlation: Correlation) -> bool:
    return correlation.kind is not SumKind.SCATTER and correlation.more is EndName.NOTHING


def _any_sizes(specification: Specification, correlation: Correlation) -> list[str]:
    """Return the lines that compute by how much the first operand is padded."""
    if _is_plain(correlation):
        return []
    more = correlation.more.value
    lines = []
    if correlation is not program(specification.transposed).forward:
        lines += size_check(specification, correlation)
    if correlation.kind is not SumKind.SCATTER:
        inside = f"(lo, hi - more) for (lo, hi), more in zip(padding, {more}, strict=True)"
        return [*lines, *statement("amounts = ", call("tuple", inside))]
    filters = size_of_filter(specification)
    inside = "(d * (r - 1) - lo, d * (r - 1) - hi + more) for r, d, (lo, hi), more in axes"
    return [
        *lines,
        f"    axes = zip({filters}, dilation, padding, {more}, strict=True)",
        *statement("amounts = ", call("tuple", inside)),
    ]


def size_of_filter(specification: Specification) -> str:
    """Return the spatial extents of the filter as source."""
    return f"f.shape[:{specification.rank}]" if specification.channels_last else "f.shape[2:]"


def _exchanged(specification: Specification) -> list[str]:
    """Return the lines that exchange inputs and outputs of the filter within each group."""
    sizes = specification.sizes
    if _ungrouped(specification):
        return []  # the order of its axes says it
    groups = str(sizes.groups) if isinstance(sizes, FixedSizes) else "groups"
    if not specification.channels_last:
        return [
            f"    f = f.reshape({groups}, -1, *f.shape[1:]).swapaxes(1, 2)",
            "    f = f.reshape(-1, *f.shape[2:])  # inputs and outputs exchanged in each group",
        ]
    rank = specification.rank
    space = f"*f.shape[:{rank}]"
    if specification.transposed:  # (R, S, C, K/G)
        return [
            f"    f = f.reshape({space}, {groups}, -1, f.shape[-1]).swapaxes(-1, -2)",
            f"    f = f.reshape({space}, -1, f.shape[-1])  # (R, S, K, C/G)",
        ]
    return [
        f"    f = f.reshape(*f.shape[:-1], {groups}, -1).swapaxes(-1, -3)",
        f"    f = f.reshape(*f.shape[:{rank + 1}], -1)  # (R, S, K/G, C)",
    ]


def _bias_gradient(specification: Specification) -> list[str]:
    axes = (0, *range(2, specification.rank + 2))
    if specification.channels_last:
        axes = tuple(range(specification.rank + 1))
    return [f"    return dy.sum(axis={tuple_of(axes)})"]
