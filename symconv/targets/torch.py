"""PyTorch: conv and conv_transpose, with padding in a step of its own where they do not take it.

conv_transpose takes padding that is the same on both sides and not negative; the remainder is its
output_padding, which is always smaller than the stride.  Else it is called without padding, and
what the forward pass had padded is cut off.  The filter's gradient is a convolution in which
images and channels change places, and stride and dilation.
"""

from __future__ import annotations

from collections.abc import Sequence

from symconv.geometry import Geometry
from symconv.targets.padding import PaddingSource
from symconv.targets.program import (
    Amounts,
    Correlation,
    EndName,
    StepName,
    Steps,
    SumKind,
    amounts,
    program,
    steps,
    surplus,
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
from symconv.targets.source import Bracketed, PythonFunction, call, each, statement, tuple_of
from symconv.targets.specification import AnySizes, FixedSizes, Specification

ARRAY = "Tensor"

IMPORTS = (
    "from torch import Tensor",
    "from torch.nn.functional import conv1d, conv2d, conv3d, conv_transpose1d, conv_transpose2d, "
    "conv_transpose3d, pad",
)


def write(specification: Specification) -> tuple[tuple[str, ...], list[PythonFunction]]:
    """Return the aliases of types and the functions of a module."""
    sizes, parts = specification.sizes, program(specification.transposed)
    made = (
        (parts.forward, "y"),
        (parts.input_gradient, "dx"),
        (parts.filter_gradient, "df"),
    )
    if isinstance(sizes, FixedSizes):
        bodies = [fixed(correlation, sizes, result) for correlation, result in made]
        helpers = [CHECK]
    else:
        bodies = [_any(specification, sizes.rank, *one) for one in made]
        helpers = _helpers(sizes)
    axes = tuple_of((0, *range(2, specification.rank + 2)))
    bias = [f"    return dy.sum(dim={axes})"]
    forward, input_gradient, filter_gradient = bodies
    return (
        () if isinstance(sizes, FixedSizes) else ALIASES,
        [
            *functions(
                specification, ARRAY, Bodies(forward, input_gradient, filter_gradient, bias)
            ),
            *helpers,
        ],
    )


# Fixed sizes: only the steps that they need.


def _zeros(name: str, sizes: Steps) -> Bracketed:
    return call(f"{name}.new_zeros", Bracketed("(", (f"*{name}.shape[:2]", *map(str, sizes))))


def _pad(name: str, by: Amounts) -> Bracketed:
    last_first = tuple(n for pair in reversed(by) for n in pair)
    return call("pad", name, tuple_of(last_first))


_SOURCE = PaddingSource(_zeros, _pad)


def is_even(padding: Amounts) -> bool:
    """Whether convolutions take this padding: the same on both sides, and not negative."""
    return all(lo == hi >= 0 for lo, hi in padding)


def fixed(correlation: Correlation, sizes: FixedSizes, result: str) -> list[str]:
    """Return the lines of a function for sizes that are known."""
    match correlation.kind:
        case SumKind.GATHER:
            return _fixed_gather(correlation, sizes, result)
        case SumKind.SCATTER:
            return _fixed_scatter(correlation, sizes, result)
        case SumKind.FILTER:
            return _fixed_filter(correlation, sizes)


def _keywords(
    stride: Steps,
    padding: Steps,
    dilation: Steps,
    groups: int,
    output_padding: Steps = (0,),
) -> list[str]:
    """Return the arguments that are not as they are where nobody says them."""
    said = [f"stride={each(stride)}"] if max(stride) > 1 else []
    said += [f"padding={each(padding)}"] if any(padding) else []
    said += [f"output_padding={each(output_padding)}"] if any(output_padding) else []
    said += [f"dilation={each(dilation)}"] if max(dilation) > 1 else []
    return [*said, *([f"groups={groups}"] if groups > 1 else [])]


def _prepared(correlation: Correlation, geometry: Geometry) -> tuple[list[str], Steps]:
    """Return the lines that spread and pad the first operand, and the padding that is left."""
    extents = geometry.output if correlation.of == "dy" else geometry.input
    spread, by = steps(correlation.spread, geometry), amounts(correlation, geometry)
    nothing = ((0, 0),) * len(by)
    if is_even(by):
        return _SOURCE.spread(correlation.of, extents, spread, nothing), tuple(lo for lo, _ in by)
    return _SOURCE.spread(correlation.of, extents, spread, by), (0,) * len(by)


def _fixed_gather(correlation: Correlation, sizes: FixedSizes, result: str) -> list[str]:
    geometry = sizes.geometry
    lines, padding = _prepared(correlation, geometry)
    stride, dilation = (steps(s, geometry) for s in (correlation.stride, correlation.dilation))
    operands = (correlation.of, "f", *(["b"] if result == "y" else []))
    convolution = call(
        f"conv{len(geometry.axes)}d",
        *operands,
        *_keywords(stride, padding, dilation, sizes.groups),
    )
    return [*lines, *statement("return ", convolution)]


def one_line(
    correlation: Correlation, geometry: Geometry, groups: int, operands: Sequence[str]
) -> Bracketed | None:
    """Return the one call of conv_transpose that is a tensor which scatters; None: there is none.

    Args:
        correlation: of the kind SCATTER.
        geometry: the sizes.
        groups: G.
        operands: the names of what is spread, the filter, and perhaps a bias.
    """
    if not is_even(geometry.padding) or max(steps(correlation.stride, geometry)) > 1:
        return None
    return call(
        f"conv_transpose{len(geometry.axes)}d",
        *operands,
        *_keywords(
            steps(correlation.spread, geometry),
            tuple(lo for lo, _ in geometry.padding),
            steps(correlation.dilation, geometry),
            groups,
            surplus(correlation.more, geometry),
        ),
    )


def _fixed_scatter(correlation: Correlation, sizes: FixedSizes, result: str) -> list[str]:
    geometry, of = sizes.geometry, correlation.of
    bias = ["b"] if result == "y" else []
    whole = one_line(correlation, geometry, sizes.groups, (of, "f", *bias))
    if whole is not None:
        return statement("return ", whole)
    unpadded = _unpadded(correlation, sizes, (of, "f"))
    lines = [
        *statement(f"{result} = ", unpadded),
        *_SOURCE.cut(result, geometry.padding, steps(correlation.stride, geometry)),
    ]
    return [*lines, *_returned(result, len(geometry.axes))]


def _unpadded(correlation: Correlation, sizes: FixedSizes, operands: Sequence[str]) -> Bracketed:
    """Return the call of conv_transpose that leaves what the forward pass had padded."""
    geometry = sizes.geometry
    return call(
        f"conv_transpose{len(geometry.axes)}d",
        *operands,
        *_keywords(
            steps(correlation.spread, geometry),
            (0,),
            steps(correlation.dilation, geometry),
            sizes.groups,
            surplus(correlation.more, geometry),
        ),
    )


def typed(sizes: FixedSizes) -> tuple[str, ...]:
    """Return dX as somebody types it: one line, or two where the padding needs a step of its own.

    >>> typed(FixedSizes(Geometry.of(6, 3, 2, 1)))
    ('dX = conv_transpose2d(dy, w, stride=2, padding=1, output_padding=1)',)
    """
    geometry, ones = sizes.geometry, (1,) * len(sizes.geometry.axes)
    correlation = program(geometry.transposed).input_gradient
    stride = steps(correlation.stride, geometry)
    if correlation.kind is SumKind.SCATTER:
        whole = one_line(correlation, geometry, sizes.groups, ("dy", "w"))
        if whole is not None:
            return (f"dX = {whole.line}",)
        cut = _SOURCE.cut_away("dX", geometry.padding, stride)
        return f"dX = {_unpadded(correlation, sizes, ('dy', 'w')).line}", f"dX = {cut}"
    by = amounts(correlation, geometry)
    even = is_even(by)
    keywords = _keywords(
        stride,
        tuple(lo for lo, _ in by) if even else (0,),
        steps(correlation.dilation, geometry),
        sizes.groups,
    )
    line = f"dX = {call(f'conv{len(by)}d', 'dy', 'w', *keywords).line}"
    if even:
        return (line,)
    padded = _SOURCE.cut_away("dy", tuple((-lo, -hi) for lo, hi in by), ones)
    return f"dy = {padded}", line


def _returned(result: str, rank: int) -> list[str]:
    if result != "y":
        return [f"    return {result}"]
    return [f"    return y if b is None else y + b[:{', None' * rank}]"]


def _regrouped(name: str, groups: str, rank: int) -> list[str]:
    """Return the lines that make images the channels of a convolution, for each group."""
    order = (2, 1, 0, *range(3, 3 + rank))
    return [
        f"    {name} = {name}.reshape(len({name}), {groups}, -1, *{name}.shape[2:])",
        f"    {name} = {name}.permute{tuple_of(order)}.flatten(1, 2)",
    ]


def _fixed_filter(correlation: Correlation, sizes: FixedSizes) -> list[str]:
    geometry, of, by = sizes.geometry, correlation.of, correlation.by
    rank = len(geometry.axes)
    lines, padding = _prepared(correlation, geometry)
    stride, dilation = (steps(s, geometry) for s in (correlation.stride, correlation.dilation))
    first = f"{of}.transpose(0, 1)"
    if sizes.groups > 1:
        lines += _regrouped(of, str(sizes.groups), rank)
        first = of
    convolution = call(
        f"conv{rank}d",
        first,
        f"{by}.transpose(0, 1)",
        *_keywords(stride, padding, dilation, sizes.groups),
    )
    return [*lines, *statement("df = ", convolution), "    return df.transpose(0, 1)"]


# Any size: from the arrays and the arguments.


def _any(
    specification: Specification, rank: int, correlation: Correlation, result: str
) -> list[str]:
    of, by = correlation.of, correlation.by
    checks = []
    if correlation is not program(specification.transposed).forward:
        checks = size_check(specification, correlation)
    bias = "b" if result == "y" else "None"
    match correlation.kind:
        case SumKind.SCATTER:
            return [*checks, *_any_scatter(correlation, rank, result)]
        case SumKind.GATHER:
            lines = _any_prepared(correlation)
            said = (of, "f", bias, "stride", "0", "dilation", "groups")
            gather = call(f"conv{rank}d", *said)
            return [*checks, *lines, *statement("return ", gather)]
        case SumKind.FILTER:
            lines = [*_any_prepared(correlation), *_regrouped(of, "groups", rank)]
            said = (of, f"{by}.transpose(0, 1)", "None", "dilation", "0", "stride", "groups")
            lines += statement("df = ", call(f"conv{rank}d", *said))
            return [*checks, *lines, "    return df.transpose(0, 1)"]


def _any_prepared(correlation: Correlation) -> list[str]:
    of, more = correlation.of, correlation.more
    spread = (
        of if correlation.spread is StepName.ONE else f"_dilate({of}, {correlation.spread.value})"
    )
    if more is EndName.NOTHING:
        return [f"    {of} = _pad({spread}, padding)"]
    inside = f"(lo, hi - more) for (lo, hi), more in zip(padding, {more.value}, strict=True)"
    return [
        *statement("amounts = ", call("tuple", inside)),
        f"    {of} = _pad({spread}, amounts)",
    ]


def _any_scatter(correlation: Correlation, rank: int, result: str) -> list[str]:
    said = (
        correlation.of,
        "f",
        "None",
        "stride",
        "0",
        correlation.more.value,
        "groups",
        "dilation",
    )
    lines = [
        *statement(f"{result} = ", call(f"conv_transpose{rank}d", *said)),
        f"    {result} = _pad({result}, tuple((-lo, -hi) for lo, hi in padding))",
    ]
    if correlation.stride is not StepName.ONE:
        taken = ", ".join(f":: {correlation.stride.value}[{k}]" for k in range(rank))
        lines.append(f"    {result} = {result}[:, :, {taken}]")
    return [*lines, *_returned(result, rank)]


def _helpers(sizes: AnySizes) -> list[PythonFunction]:
    every = ", ".join(f":: steps[{k}]" for k in range(sizes.rank))
    dilate = PythonFunction(
        "_dilate",
        ("x: Tensor", "steps: Size"),
        ARRAY,
        "Put steps - 1 zeros between neighbours on each spatial axis.",
        (
            "    size = ((n - 1) * step + 1 for n, step in zip(x.shape[2:], steps, strict=True))",
            "    spread = x.new_zeros((*x.shape[:2], *size))",
            f"    spread[:, :, {every}] = x",
            "    return spread",
        ),
    )
    padded = PythonFunction(
        "_pad",
        ("x: Tensor", "amounts: Pads"),
        ARRAY,
        "Pad the spatial axes with zeros, then crop: pad() would crop first.",
        (
            "    last_first = [n for pair in reversed(amounts) for n in pair]",
            "    x = pad(x, [max(n, 0) for n in last_first])",
            "    return pad(x, [min(n, 0) for n in last_first])",
        ),
    )
    if sizes.transposed:
        return [padded, FITS]
    return [dilate, padded, REMAINDER]
