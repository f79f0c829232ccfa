"""NumPy: windows as a strided view, one matrix product for each group.

The columns of all windows serve the forward pass and the filter's gradient.  The input's gradient
is their transpose: each product is added where its window lies, so that the zeros of the dilated
dY are never multiplied, which at stride 2 would be three products of four.
"""

from __future__ import annotations

import math
from dataclasses import replace

from symconv.formula.words import LETTERS, Role, letters
from symconv.geometry import Geometry
from symconv.targets.padding import PaddingSource, index
from symconv.targets.program import (
    Amounts,
    Correlation,
    EndName,
    LayerProgram,
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
from symconv.targets.source import Bracketed, PythonFunction, call, statement, tuple_of
from symconv.targets.specification import AnySizes, ChannelLayout, FixedSizes, Specification

ARRAY = "Array"

IMPORTS = (
    "import math",
    "from typing import Any",
    "",
    "import numpy as np",
    "from numpy.lib.stride_tricks import sliding_window_view",
    "from numpy.typing import NDArray",
)

ALIAS = "Array = NDArray[Any]"


def write(specification: Specification) -> tuple[tuple[str, ...], list[PythonFunction]]:
    """Return the aliases of types and the functions of a module."""
    sizes = specification.sizes
    parts = program(specification.transposed)
    if isinstance(sizes, FixedSizes):
        bodies, helpers = _fixed(specification, sizes, parts)
        aliases = [ALIAS]
    else:
        bodies, helpers = _any(specification, sizes, parts)
        aliases = [ALIAS, *ALIASES]
    return tuple(aliases), [*functions(specification, ARRAY, bodies), *helpers]


# What channels behind the spatial axes need: views, no copies.


def _first(specification: Specification, *names: str) -> list[str]:
    """Return the lines that put channels before the spatial axes."""
    if not specification.channels_last:
        return []
    rank = specification.rank
    axes = (*range(rank, rank + 2), *range(rank))
    if not specification.transposed:
        axes = (rank + 1, rank, *range(rank))
    moved = f"f.transpose{tuple_of(axes)}"
    return [f"    {n} = {moved if n == 'f' else f'np.moveaxis({n}, -1, 1)'}" for n in names]


def _last(specification: Specification, name: str) -> list[str]:
    """Return the lines that put the channels of a result behind the spatial axes."""
    if not specification.channels_last:
        return []
    if name != "df":
        return [f"    {name} = np.moveaxis({name}, 1, -1)"]
    behind = (0, 1) if specification.transposed else (1, 0)
    return [f"    df = df.transpose{tuple_of((*range(2, specification.rank + 2), *behind))}"]


def _returned(specification: Specification, name: str) -> list[str]:
    """Return the lines that give a result back, y with its bias."""
    lines = _last(specification, name)
    if name != "y":
        return [*lines, f"    return {name}"]
    bias = "b" if specification.channels_last else f"b[:{', None' * specification.rank}]"
    return [*lines, f"    return y if b is None else y + {bias}"]


def _bias_gradient(specification: Specification) -> list[str]:
    axes = (0, *range(2, specification.rank + 2))
    if specification.channels_last:
        axes = tuple(range(specification.rank + 1))
    return [f"    db: {ARRAY} = dy.sum(axis={tuple_of(axes)})", "    return db"]


def _of(specification: Specification, order: str) -> str:
    """Return a shape of images in letters, such as (N, C, R, S, P, Q)."""
    space = {LETTERS[role][0]: role for role in (Role.FILTER, Role.OUTPUT)}
    rank = specification.rank
    return ", ".join(
        ", ".join(letters(space[one], rank=rank)) if one in space else one for one in order
    )


# Fixed sizes: only the steps that they need.


def _zeros(name: str, sizes: Steps) -> Bracketed:
    shape = Bracketed("(", (f"*{name}.shape[:2]", *map(str, sizes)))
    return call("np.zeros", shape, f"{name}.dtype")


def _pad(name: str, by: Amounts) -> Bracketed:
    return call("np.pad", name, Bracketed("(", ("(0, 0)", "(0, 0)", *map(tuple_of, by))))


_SOURCE = PaddingSource(_zeros, _pad)


def _fixed(
    specification: Specification, sizes: FixedSizes, parts: LayerProgram
) -> tuple[Bodies, list[PythonFunction]]:
    def body(correlation: Correlation, result: str) -> list[str]:
        tensors = [t for t in ("x", "dy", "f") if t in (correlation.of, correlation.by)]
        lines = _first(specification, *tensors)
        match correlation.kind:
            case SumKind.GATHER:
                lines += _fixed_gather(correlation, sizes, result)
            case SumKind.SCATTER:
                lines += _fixed_scatter(correlation, sizes, result)
            case SumKind.FILTER:
                lines += _fixed_filter(correlation, sizes, specification.transposed)
        return [*lines, *_returned(specification, result)]

    bodies = Bodies(
        body(parts.forward, "y"),
        body(parts.input_gradient, "dx"),
        body(parts.filter_gradient, "df"),
        _bias_gradient(specification),
    )
    return bodies, [_fixed_columns(specification, sizes, parts), CHECK]


def _gathers(parts: LayerProgram) -> Correlation:
    """Return the correlation whose windows are the columns."""
    forward = parts.forward
    return forward if forward.kind is SumKind.GATHER else parts.input_gradient


def _fixed_columns(
    specification: Specification, sizes: FixedSizes, parts: LayerProgram
) -> PythonFunction:
    gather, geometry, groups = _gathers(parts), sizes.geometry, sizes.groups
    rank = len(geometry.axes)
    extents = geometry.output if gather.of == "dy" else geometry.input
    count = math.prod(geometry.input if gather.of == "dy" else geometry.output)
    of, spans = gather.of, tuple(axis.extent for axis in geometry.axes)
    lines = _SOURCE.spread(of, extents, steps(gather.spread, geometry), amounts(gather, geometry))
    axes = tuple(range(2, 2 + rank))
    view = call("sliding_window_view", of, tuple_of(spans), f"axis={tuple_of(axes)}")
    lines += statement("windows = ", view)
    every = (0, 0)
    taken = index(
        (every,) * 2 * rank, (*steps(gather.stride, geometry), *steps(gather.dilation, geometry))
    )
    if taken:
        lines += [f"    windows = windows{taken}"]
    order = (0, 1, *range(2 + rank, 2 + 2 * rank), *axes)
    shape = _of(specification, "NCRP" if gather.of == "x" else "NKRP")
    lines += [f"    windows = windows.transpose{tuple_of(order)}  # ({shape})"]
    images = f"len({of})" if groups == 1 else f"len({of}), {groups}"
    lines += [f"    return windows.reshape({images}, -1, {count})"]
    channels = f"C{'' if groups == 1 else f'/{groups}'}".replace("C", "C" if of == "x" else "K")
    inside = " * ".join((channels, *map(str, geometry.filter)))
    shape = ", ".join(("N", *([] if groups == 1 else [str(groups)]), inside, str(count)))
    return PythonFunction(
        "_columns",
        (f"{of}: {ARRAY}",),
        ARRAY,
        f"Return the windows of {of} as columns, shape ({shape}).",
        tuple(lines),
    )


def _rows(name: str, groups: int, transposed: bool = False) -> str:
    """Return a filter as a matrix for each group, its outputs in rows."""
    if groups == 1:
        return f"{name}.reshape(len({name}), -1){'.T' if transposed else ''}"
    matrix = f"{name}.reshape({groups}, len({name}) // {groups}, -1)"
    return f"{matrix}.swapaxes(1, 2)" if transposed else matrix


def _fixed_gather(correlation: Correlation, sizes: FixedSizes, result: str) -> list[str]:
    of, geometry = correlation.of, sizes.geometry
    outputs = geometry.output if of == "x" else geometry.input
    shape = ", ".join((f"len({of})", "len(f)", *map(str, outputs)))
    return [
        f"    {result} = {_rows('f', sizes.groups)} @ _columns({of})",
        f"    {result} = {result}.reshape({shape})",
    ]


def _fixed_scatter(correlation: Correlation, sizes: FixedSizes, result: str) -> list[str]:
    of, geometry, groups = correlation.of, sizes.geometry, sizes.groups
    inputs = geometry.output if of == "dy" else geometry.input
    count = math.prod(inputs)
    columns = f"len({of}), " + ("len(f)" if groups == 1 else f"{groups}, len(f) // {groups}")
    shape = ", ".join((f"len({of})", "-1", *map(str, (*geometry.filter, *inputs))))
    stride, dilation = (steps(s, geometry) for s in (StepName.STRIDE, StepName.DILATION))
    ends = [(n - 1) * u + 1 for n, u in zip(inputs, stride, strict=True)]
    more = surplus(correlation.more, geometry)
    full = [
        end + axis.extent - 1 + rest
        for end, axis, rest in zip(ends, geometry.axes, more, strict=True)
    ]
    lines = [
        f"    rows = {of}.reshape({columns}, {count})",
        f"    products = {_rows('f', groups, True)} @ rows",
    ]
    lines += [f"    products = products.reshape({shape})"]
    zeros = call(
        "np.zeros", Bracketed("(", ("*products.shape[:2]", *map(str, full))), "products.dtype"
    )
    lines += statement(f"{result} = ", zeros)
    return [
        *lines,
        *_taps(geometry, result, ends, stride, dilation),
        *_SOURCE.cut(result, geometry.padding, steps(correlation.stride, geometry)),
    ]


def _taps(
    geometry: Geometry, result: str, ends: list[int], stride: Steps, dilation: Steps
) -> list[str]:
    """Return the loop that adds the products of each filter element where they belong."""
    names = "trs"[{1: slice(1, 2), 2: slice(1, 3), 3: slice(0, 3)}[len(ends)]]
    slices = []
    for name, end, u, d in zip(names, ends, stride, dilation, strict=True):
        first = name if d == 1 else f"{d} * {name}"
        slices.append(f"{first} : {first} + {end}" + (f" : {u}" if u > 1 else ""))
    extents = ", ".join(map(str, geometry.filter))
    taps = ", ".join(names)
    loop = f"range({extents})" if len(names) == 1 else f"np.ndindex({extents})"
    part = Bracketed(f"{result}[", (":", ":", *slices), "]")
    return [
        f"    for {taps} in {loop}:",
        *statement("part = ", part, 2),
        f"        part += products[:, :, {taps}]",
    ]


def _fixed_filter(correlation: Correlation, sizes: FixedSizes, transposed: bool) -> list[str]:
    of, by, groups, geometry = correlation.of, correlation.by, sizes.groups, sizes.geometry
    extents = ", ".join(map(str, geometry.filter))
    count = math.prod(geometry.filter)
    inner = f"{of}.shape[1]" if groups == 1 else f"{of}.shape[1] // {groups}"
    rows = f"{by}.shape[1]" if groups == 1 else f"{groups}, {by}.shape[1] // {groups}"
    width = inner if count == 1 else f"{inner} * {count}"
    zeros = call("np.zeros", f"({rows}, {width})", f"np.result_type({of}, {by})")
    image = _rows("image", groups)
    turned = "columns.T" if groups == 1 else "columns.swapaxes(1, 2)"
    return [
        *statement("df = ", zeros),
        f"    for image, columns in zip({by}, _columns({of}), strict=True):",
        f"        df += {image} @ {turned}",
        f"    df = df.reshape({by}.shape[1], {inner}, {extents})",
    ]


# Any size: from the arrays and the arguments.


def _any(
    specification: Specification, sizes: AnySizes, parts: LayerProgram
) -> tuple[Bodies, list[PythonFunction]]:
    inside = replace(specification, layout=ChannelLayout.NCHW)

    def body(correlation: Correlation, result: str) -> list[str]:
        tensors = [t for t in ("x", "dy", "f") if t in (correlation.of, correlation.by)]
        lines = _first(specification, *tensors)
        match correlation.kind:
            case SumKind.GATHER:
                lines += _any_gather(inside, correlation, result)
            case SumKind.SCATTER:
                lines += _any_scatter(inside, correlation, result)
            case SumKind.FILTER:
                lines += _any_filter(inside, correlation)
        return [*lines, *_returned(specification, result)]

    bodies = Bodies(
        body(parts.forward, "y"),
        body(parts.input_gradient, "dx"),
        body(parts.filter_gradient, "df"),
        _bias_gradient(specification),
    )
    helpers = [_any_pad(sizes.rank), _any_windows(specification), _any_scattered(specification)]
    if not sizes.transposed:
        helpers = [_any_dilate(sizes.rank), *helpers]
    return bodies, [*helpers, FITS if sizes.transposed else REMAINDER]


def _any_amounts(correlation: Correlation) -> tuple[list[str], str]:
    """Return the lines before, and the amounts by which a gathering operand is padded."""
    if correlation.more is EndName.NOTHING:
        return [], "padding"
    lines = statement(
        "amounts = ",
        Bracketed(
            "tuple(",
            (
                "(lo, hi - more) for (lo, hi), more in "
                f"zip(padding, {correlation.more.value}, strict=True)",
            ),
        ),
    )
    return lines, "amounts"


def _any_windows_of(inside: Specification, correlation: Correlation, extents: str) -> list[str]:
    of = correlation.of
    checks = [] if correlation.more is EndName.NOTHING else size_check(inside, correlation)
    lines, amounts = _any_amounts(correlation)
    spread = of if correlation.spread is StepName.ONE else f"_dilate({of}, input_dilation)"
    return [
        *checks,
        *lines,
        f"    {of} = _pad({spread}, {amounts})",
        f"    windows = _windows({of}, {extents}, stride, dilation)",
    ]


def _any_gather(inside: Specification, correlation: Correlation, result: str) -> list[str]:
    of = correlation.of
    windows = f"windows.shape[-{inside.rank}:]"
    return [
        *_any_windows_of(inside, correlation, "f.shape[2:]"),
        f"    columns = windows.reshape(len({of}), groups, -1, math.prod({windows}))",
        f"    {result} = f.reshape(groups, len(f) // groups, -1) @ columns",
        f"    {result} = {result}.reshape(len({of}), len(f), *{windows})",
    ]


def _any_scatter(inside: Specification, correlation: Correlation, result: str) -> list[str]:
    of = correlation.of
    checks = size_check(inside, correlation) if correlation.more is EndName.REMAINDER else []
    taken = (
        []
        if correlation.stride is StepName.ONE
        else [f":: input_dilation[{k}]" for k in range(inside.rank)]
    )
    return [
        *checks,
        f"    rows = {of}.reshape(len({of}), groups, len(f) // groups, -1)",
        "    products = f.reshape(groups, len(f) // groups, -1).swapaxes(1, 2) @ rows",
        f"    products = products.reshape(len({of}), -1, *f.shape[2:], *{of}.shape[2:])",
        f"    {result} = _scatter(products, stride, dilation, {correlation.more.value})",
        f"    {result} = _pad({result}, tuple((-lo, -hi) for lo, hi in padding))",
        *([f"    {result} = {result}[:, :, {', '.join(taken)}]"] if taken else []),
    ]


def _any_filter(inside: Specification, correlation: Correlation) -> list[str]:
    of, by = correlation.of, correlation.by
    return [
        *_any_windows_of(inside, correlation, "filter_size"),
        f"    rows = {by}.reshape(len({by}), groups, {by}.shape[1] // groups, -1)",
        f"    columns = windows.reshape(len({of}), groups, -1, rows.shape[-1])",
        f"    df = np.zeros((*rows.shape[1:3], columns.shape[2]), np.result_type({of}, {by}))",
        "    for row, column in zip(rows, columns, strict=True):",
        "        df += row @ column.swapaxes(1, 2)",
        f"    df = df.reshape({by}.shape[1], -1, *filter_size)",
    ]


def _body(*lines: str) -> tuple[str, ...]:
    return tuple(f"    {line}" for line in lines)


def _every(names: str, rank: int) -> str:
    """Return a slice by a step for each axis, as its formatter writes it."""
    return ", ".join(f":: {names}[{k}]" for k in range(rank))


def _any_dilate(rank: int) -> PythonFunction:
    return PythonFunction(
        "_dilate",
        (f"x: {ARRAY}", "steps: Size"),
        ARRAY,
        "Put steps - 1 zeros between neighbours on each spatial axis.",
        _body(
            "size = ((n - 1) * step + 1 for n, step in zip(x.shape[2:], steps, strict=True))",
            "spread = np.zeros((*x.shape[:2], *size), x.dtype)",
            f"spread[:, :, {_every('steps', rank)}] = x",
            "return spread",
        ),
    )


def _any_pad(rank: int) -> PythonFunction:
    kept = (
        "kept = [",
        "    slice(max(-lo, 0), n - max(-hi, 0))",
        "    for n, (lo, hi) in zip(x.shape[2:], amounts, strict=True)",
        "]",
    )
    return PythonFunction(
        "_pad",
        (f"x: {ARRAY}", "amounts: Pads"),
        ARRAY,
        "Pad the spatial axes with zeros; where an amount is negative, crop after that.",
        _body(
            "zeros = [(max(lo, 0), max(hi, 0)) for lo, hi in amounts]",
            "x = np.pad(x, [(0, 0), (0, 0), *zeros])",
            *kept,
            "return x[(slice(None), slice(None), *kept)]",
        ),
    )


def _any_windows(specification: Specification) -> PythonFunction:
    rank = specification.rank
    axes = tuple(range(2, 2 + rank))
    order = (0, 1, *range(2 + rank, 2 + 2 * rank), *axes)
    steps_of_both = (f":: {name}[{k}]" for name in ("stride", "dilation") for k in range(rank))
    every = Bracketed("windows[", (":", ":", *steps_of_both), "]")
    shape = _of(specification, "NCRP" if not specification.transposed else "NKRP")
    return PythonFunction(
        "_windows",
        (f"x: {ARRAY}", "size: Size", "stride: Size", "dilation: Size"),
        ARRAY,
        f"Return all windows, shape ({shape}).",
        _body(
            "spans = tuple(d * (r - 1) + 1 for r, d in zip(size, dilation, strict=True))",
            f"windows = sliding_window_view(x, spans, axis={tuple_of(axes)})",
            *(line[4:] for line in statement("windows = ", every)),
            f"return windows.transpose{tuple_of(order)}",
        ),
    )


def _any_scattered(specification: Specification) -> PythonFunction:
    rank = specification.rank
    shape = _of(specification, "NCRP" if not specification.transposed else "NKRP")
    if specification.transposed:  # the products are spread from the input over the output
        shape = _of(specification, "NKR") + ", " + ", ".join("DHW"[-rank:])
    return PythonFunction(
        "_scatter",
        (f"products: {ARRAY}", "stride: Size", "dilation: Size", "more: Size"),
        ARRAY,
        f"Add products ({shape}) where their windows lie.",
        _body(
            f"taps, size = products.shape[2:{2 + rank}], products.shape[{2 + rank}:]",
            "ends = [(p - 1) * u + 1 for p, u in zip(size, stride, strict=True)]",
            "full = [",
            "    end + d * (r - 1) + rest",
            "    for end, r, d, rest in zip(ends, taps, dilation, more, strict=True)",
            "]",
            "out = np.zeros((*products.shape[:2], *full), products.dtype)",
            "for tap in np.ndindex(*taps):",
            "    at = [",
            "        slice(r * d, r * d + end, u)",
            "        for r, d, end, u in zip(tap, dilation, ends, stride, strict=True)",
            "    ]",
            "    part = out[(slice(None), slice(None), *at)]",
            "    part += products[(slice(None), slice(None), *tap)]",
            "return out",
        ),
    )
