"""The four functions of an exported module: their signatures, docstrings and checks of sizes.

They are the same in every target; only the type of arrays and the bodies differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from symconv.targets.program import Correlation, SumKind
from symconv.targets.source import INDENT, PythonFunction, call, statement, tuple_of
from symconv.targets.specification import FixedSizes, Specification


@dataclass(frozen=True, slots=True)
class Bodies:
    """The bodies of the four functions, each line indented, without the checks of sizes."""

    forward: Sequence[str]
    input_gradient: Sequence[str]
    filter_gradient: Sequence[str]
    bias_gradient: Sequence[str]


_TENSORS: Mapping[str, tuple[str, str]] = {
    "x": ("x", "the input"),
    "f": ("f", "the filter"),
    "b": ("b", "the bias"),
    "dy": ("y", "dL/dy, the gradient of the output"),
}


def functions(specification: Specification, array: str, bodies: Bodies) -> list[PythonFunction]:
    """Return the four functions.

    Args:
        specification: what is exported.
        array: the type of arrays.
        bodies: what they do.
    """
    made = (
        ("forward", "y", ("x", "f", "b"), "the output y", bodies.forward),
        ("input_gradient", "x", ("dy", "f"), "dL/dx", bodies.input_gradient),
        ("filter_gradient", "f", ("x", "dy"), "dL/df", bodies.filter_gradient),
        ("bias_gradient", "b", ("dy",), "dL/db", bodies.bias_gradient),
    )
    return [
        _function(specification, array, name, of, tensors, said, body)
        for name, of, tensors, said, body in made
    ]


def _function(
    specification: Specification,
    array: str,
    name: str,
    of: str,
    tensors: tuple[str, ...],
    said: str,
    body: Sequence[str],
) -> PythonFunction:
    fixed = isinstance(specification.sizes, FixedSizes)
    parameters = [f"{t}: {array}" + (" | None = None" if t == "b" else "") for t in tensors]
    arguments = [_argument(specification, tensor) for tensor in tensors]
    raises = "the arrays are not of these spatial sizes."
    if not fixed and name != "bias_gradient":
        own = {"input_gradient": "input_size", "filter_gradient": "filter_size"}.get(name)
        if own:
            parameters.append(f"{own}: Size")
            letters = f"the spatial extents of {'x' if own == 'input_size' else 'f'}"
            arguments.append(f"{own}: {letters}.")
        parameters += ["*", *_steps(specification)]
        arguments += _ARGUMENTS[specification.transposed]
        raises = "dy is not of the size that the others give." if own else ""
    checks = _checks(specification, tensors) if fixed else []
    if name == "bias_gradient":
        arguments, checks, raises = [], [], ""
    said = f"Return {said}, shape {specification.shape(of)}."
    if name == "bias_gradient":
        said = f"{said[:-1]}: the sum of dy over images and windows."
    return PythonFunction(
        name, tuple(parameters), array, said, _ended((*checks, *body)), tuple(arguments), raises
    )


def _ended(body: tuple[str, ...]) -> tuple[str, ...]:
    """Return a body that gives back what it would assign to a name only to give it back."""
    *lines, before, last = ("", *body)
    name = last.removeprefix(f"{INDENT}return ")
    assigned = f"{INDENT}{name} = "
    if not before.startswith(assigned):
        return body
    return (*lines[1:], f"{INDENT}return {before.removeprefix(assigned)}")


def _argument(specification: Specification, tensor: str) -> str:
    shaped, noun = _TENSORS[tensor]
    none = ", or None" if tensor == "b" else ""
    return f"{tensor}: {noun}, shape {specification.shape(shaped)}{none}."


def _steps(specification: Specification) -> list[str]:
    """Return the parameters of a module for any size, with their types and defaults."""
    ones, zeros = (tuple_of((n,) * specification.rank) for n in (1, 0))
    last = "output_padding" if specification.transposed else "input_dilation"
    return [
        f"stride: Size = {ones}",
        f"padding: Pads = {tuple_of(((0, 0),) * specification.rank)}",
        f"dilation: Size = {ones}",
        f"{last}: Size = {zeros if specification.transposed else ones}",
        "groups: int = 1",
    ]


_ARGUMENTS = {
    False: (
        "stride: the step between windows, for each axis.",
        "padding: (before, after) for each axis; negative numbers crop.",
        "dilation: the step between filter elements, for each axis.",
        "input_dilation: the step between input elements, for each axis.",
        "groups: G, which divides C and K.",
    ),
    True: (
        "stride: the step between input elements in the output, for each axis.",
        "padding: (before, after) for each axis, what is cut off the output.",
        "dilation: the step between filter elements, for each axis.",
        "output_padding: elements added at the end of each axis of the output.",
        "groups: G, which divides C and K.",
    ),
}


def _checks(specification: Specification, tensors: Sequence[str]) -> list[str]:
    """Return the lines that check the spatial sizes of the arguments."""
    assert isinstance(specification.sizes, FixedSizes)
    geometry = specification.sizes.geometry
    extents = {"x": geometry.input, "dy": geometry.output, "f": geometry.filter}
    images = "1:-1" if specification.channels_last else "2:"
    filters = f":{specification.rank}" if specification.channels_last else "2:"
    lines = []
    for tensor in tensors:
        if tensor != "b":
            of = f"{tensor}.shape[{filters if tensor == 'f' else images}]"
            said = call("_check", f'"{tensor}"', of, tuple_of(extents[tensor]))
            lines += statement("", said)
    return lines


def size_check(specification: Specification, correlation: Correlation) -> list[str]:
    """Return the lines by which a gradient of any size learns the remainder, or is refused."""
    images, filters = (
        ("1:-1", f":{specification.rank}") if specification.channels_last else ("2:", "2:")
    )
    by_filter = correlation.kind is SumKind.FILTER
    last = "output_padding" if specification.transposed else "input_dilation"
    sizes = (
        f"dy.shape[{images}]",
        f"x.shape[{images}]" if by_filter else "input_size",
        "filter_size" if by_filter else f"f.shape[{filters}]",
        *("stride", "padding", "dilation", last),
    )
    if specification.transposed:
        return statement("", call("_check", *sizes))
    return statement("remainder = ", call("_remainder", *sizes))


CHECK = PythonFunction(
    "_check",
    ("name: str", "size: tuple[int, ...]", "expected: tuple[int, ...]"),
    "None",
    "Raise a ValueError where an array is of other spatial sizes.",
    (
        f"{INDENT}if tuple(size) != expected:",
        f'{INDENT * 2}raise ValueError(f"{{name}} is of {{size}}; this code is for {{expected}}")',
    ),
)
"""The helper of modules for fixed sizes."""

ALIASES = ("Size = tuple[int, ...]", "Pads = tuple[tuple[int, int], ...]")
"""The types of sizes in modules for any size."""

REMAINDER = PythonFunction(
    "_remainder",
    (
        "output_size: Size",
        "input_size: Size",
        "filter_size: Size",
        "stride: Size",
        "padding: Pads",
        "dilation: Size",
        "input_dilation: Size",
    ),
    "Size",
    "Return how many elements at the end of each padded axis no window reaches.",
    tuple(
        f"{INDENT}{line}"
        for line in (
            "remainder = []",
            "sizes = zip(output_size, input_size, filter_size, padding, strict=True)",
            "steps = zip(stride, dilation, input_dilation, strict=True)",
            "for (p, h, r, (lo, hi)), (u, d, step) in zip(sizes, steps, strict=True):",
            "    windows, rest = divmod(step * (h - 1) + lo + hi - d * (r - 1), u)",
            "    if windows + 1 != p:",
            '        raise ValueError(f"an input of {h} gives {windows + 1} outputs, not {p}")',
            "    remainder.append(rest)",
            "return tuple(remainder)",
        )
    ),
)
"""The helper of convolutions of any size: the remainder, and whether the sizes fit together."""

FITS = PythonFunction(
    "_check",
    (
        "output_size: Size",
        "input_size: Size",
        "filter_size: Size",
        "stride: Size",
        "padding: Pads",
        "dilation: Size",
        "output_padding: Size",
    ),
    "None",
    "Raise a ValueError where the sizes do not fit together.",
    tuple(
        f"{INDENT}{line}"
        for line in (
            "sizes = zip(output_size, input_size, filter_size, padding, strict=True)",
            "steps = zip(stride, dilation, output_padding, strict=True)",
            "for (p, h, r, (lo, hi)), (u, d, more) in zip(sizes, steps, strict=True):",
            "    size = (h - 1) * u + d * (r - 1) + 1 - lo - hi + more",
            "    if size != p:",
            '        raise ValueError(f"an input of {h} gives {size} outputs, not {p}")',
        )
    ),
)
"""The helper of transposed convolutions of any size."""
