"""A whole module: what it says of itself, what it imports, and its functions."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from symconv.errors import SymconvError
from symconv.formula import closed_forms
from symconv.formula.syntax import nearest, shown
from symconv.geometry import Geometry, Layer, Padding, Sizes, spatial
from symconv.readings import text
from symconv.targets import jax, numpy, torch
from symconv.targets.source import PythonFunction, module, paragraph
from symconv.targets.specification import AnySizes, ChannelLayout, FixedSizes, Specification


@dataclass(frozen=True, slots=True)
class Target:
    """A library that code is written for.

    Attributes:
        title: what it is called.
        imports: the lines that import all that its code may use.
        write: the aliases and functions of a module.
        layouts: those that it takes.
    """

    title: str
    imports: tuple[str, ...]
    write: Callable[[Specification], tuple[tuple[str, ...], list[PythonFunction]]]
    layouts: tuple[ChannelLayout, ...] = (ChannelLayout.NCHW, ChannelLayout.NHWC)


TARGETS = {
    "numpy": Target("NumPy", numpy.IMPORTS, numpy.write),
    "torch": Target("PyTorch", torch.IMPORTS, torch.write, (ChannelLayout.NCHW,)),
    "jax": Target("JAX", jax.IMPORTS, jax.write),
}

ALIASES = {"pytorch": "torch", "np": "numpy", "jnp": "jax"}
"""What others call a target."""


def target(name: str) -> Target:
    """Return the target of this name.

    Raises:
        SymconvError: there is none; the message says which is meant, or which there are.
    """
    if name not in TARGETS:
        known = nearest(name.lower(), TARGETS, ALIASES) or f"; there are {', '.join(TARGETS)}"
        raise SymconvError(f"unknown target {shown(name)!r}{known}")
    return TARGETS[name]


def write(name: str, specification: Specification, made_by: str) -> str:
    """Return the text of a module.

    Args:
        name: of the target.
        specification: what the module is for.
        made_by: the command that makes it.

    Raises:
        SymconvError: the target is unknown, or lacks the layout.
    """
    of = target(name)
    check_layout(name, specification.layout)
    aliases, functions = of.write(specification)
    body = "\n".join(line for function in functions for line in function.lines())
    imports = [*_used(of.imports, "\n".join((*aliases, body)))]
    lines = [*imports, "", *aliases] if aliases else imports
    return module(_docstring(of.title, specification, made_by), lines, functions)


def check_layout(name: str, layout: ChannelLayout) -> None:
    """Refuse a layout that the target lacks.

    Raises:
        SymconvError: it lacks it.
    """
    of = target(name)
    if layout not in of.layouts:
        takes = " and ".join(one.value for one in of.layouts)
        with_it = [other for other, each in TARGETS.items() if layout in each.layouts]
        raise SymconvError(
            f"{of.title}'s convolutions have no layout {layout.value}; "
            f"use --layout {takes}, or the target {' or '.join(with_it)}"
        )


def export(
    target: str,
    input: Sizes | Geometry | Layer = (5, 5),
    filter: Sizes = (3, 3),
    stride: Sizes = 1,
    padding: Padding = 0,
    dilation: Sizes = 1,
    *,
    input_dilation: Sizes = 1,
    transposed: bool = False,
    output_padding: Sizes = 0,
    rank: int | None = None,
    groups: int = 1,
    symbolic: bool = False,
    layout: str = "NCHW",
) -> str:
    """Return a convolution and its gradients as the source of a Python module.

    The module has ``forward(x, f, b=None)``, ``input_gradient(dy, f)``, ``filter_gradient(x, dy)``
    and ``bias_gradient(dy)`` on x (N, C, H, W), f (K, C/G, R, S) and dy (N, K, P, Q), for any batch
    and channels; a transposed convolution has f (C, K/G, R, S).  With ``symbolic`` the gradients
    take ``input_size`` and ``filter_size``, and all but that of the bias ``stride``, ``padding``,
    ``dilation``, ``input_dilation`` (or ``output_padding``) and ``groups``.

    Args:
        target: ``numpy``, ``torch`` or ``jax``.
        input: (H, W), or a whole `Geometry` or `Layer`.
        filter: (R, S).
        stride: (u, v).
        padding: as in `Geometry.of`.
        dilation: (d, e).
        input_dilation: as in `Geometry.of`.
        transposed: whether the convolution is a transposed one.
        output_padding: of a transposed convolution.
        rank: 1 to 3 spatial axes, where no size tells; 2 if nothing does.
        groups: G, which divides the channels.
        symbolic: whether the module is for every size, with sizes from its arguments.
        layout: ``NCHW``, or ``NHWC`` with filters (R, S, C/G, K).

    Raises:
        GeometryError: the sizes describe no convolution.
        SymconvError: an unknown target or layout, or sizes beside ``symbolic``.

    >>> source = export("numpy", 6, 3, stride=2)
    >>> "def input_gradient(dy: Array, f: Array) -> Array:" in source
    True
    """
    known = ChannelLayout.__members__.get(layout)
    if known is None:
        there = nearest(layout, ChannelLayout.__members__) or "; there are NCHW and NHWC"
        raise SymconvError(f"unknown layout {shown(layout)!r}{there}")
    if symbolic:
        said = (input, filter, stride, padding, dilation, input_dilation, output_padding, groups)
        if said != ((5, 5), (3, 3), 1, 0, 1, 1, 0, 1):
            raise SymconvError("symbolic=True takes its sizes from the arrays; drop the numbers")
        if rank not in (None, 1, 2, 3):
            raise SymconvError(f"rank is {rank}; it must be 1, 2 or 3")
        specification = Specification(AnySizes(rank or 2, transposed), known)
    elif isinstance(input, Geometry | Layer):
        specification = of_sizes(input, known)
    else:
        geometry = Geometry.of(
            input,
            filter,
            stride,
            padding,
            dilation,
            input_dilation,
            transposed=transposed,
            output_padding=output_padding,
            rank=rank,
        )
        specification = of_sizes(Layer(geometry, 1, groups, groups, groups), known)
    return write(target, specification, command(target, specification))


def of_sizes(sizes: Geometry | Layer, layout: ChannelLayout = ChannelLayout.NCHW) -> Specification:
    """Return the specification of a module for these sizes, and any batch and channels."""
    groups = sizes.groups if isinstance(sizes, Layer) else 1
    return Specification(FixedSizes(spatial(sizes), groups), layout)


def command(target: str, specification: Specification) -> str:
    """Return the command that makes a module."""
    words, sizes = ["symconv", "export", "--target", target], specification.sizes
    if isinstance(sizes, AnySizes):
        words += ["--rank", str(sizes.rank)]
        words += ["--transposed"] if sizes.transposed else []
        words += ["--symbolic"]
    else:
        words += _geometry_options(sizes)
    words += ["--layout", "NHWC"] if specification.channels_last else []
    return shlex.join(words)


def _geometry_options(sizes: FixedSizes) -> Iterator[str]:
    """Yield the options that say fixed sizes, in their order."""
    geometry = sizes.geometry
    yield from ("--input", _shortest(geometry.input), "--filter", _shortest(geometry.filter))
    if max(geometry.stride) > 1:
        yield from ("--stride", _shortest(geometry.stride))
    if any(map(any, geometry.padding)):
        yield from ("--padding", _padding(geometry))
    if max(geometry.dilation) > 1:
        yield from ("--dilation", _shortest(geometry.dilation))
    if max(geometry.input_dilation) > 1:
        yield from ("--input-dilation", _shortest(geometry.input_dilation))
    if len(geometry.axes) == 1:
        yield from ("--rank", "1")
    if sizes.groups > 1:
        yield from ("--groups", str(sizes.groups))
    if geometry.transposed:
        yield "--transposed"
    if any(geometry.output_padding):
        yield from ("--output-padding", _shortest(geometry.output_padding))


def _used(imports: Sequence[str], body: str) -> Iterator[str]:
    """Yield the imports that a module needs, a blank line between the groups that are left."""
    blank = begun = False
    for line in imports:
        head, _, names = line.rpartition("import ")
        used = [
            name
            for name in names.split(", ")
            if re.search(rf"\b{re.escape(name.split(' as ')[-1])}\b", body)
        ]
        if used and names:
            yield from [""] if blank and begun else []
            yield f"{head}import {', '.join(used)}"
            blank, begun = False, True
        blank = blank or not names


def _docstring(title: str, specification: Specification, made_by: str) -> list[str]:
    """Return what a module says of itself: formulas, scope, command and licence."""
    sizes = specification.sizes
    kind = "A transposed convolution" if specification.transposed else "A convolution"
    lines = [f"{kind} and its gradients, for {title}.", ""]
    if isinstance(sizes, AnySizes):
        lines += _about_any(sizes)
    else:
        lines += _about(sizes)
    lines += ["", "Made by:", "", *paragraph(_escaped(made_by), 1, 2), ""]
    return [
        *lines,
        "Licence: 0BSD. Free to use, copy and change, without any condition.",
    ]


def _about(sizes: FixedSizes) -> Iterator[str]:
    geometry, G = sizes.geometry, sizes.groups
    said = [f"Input {_times(geometry.input)}", f"filter {_times(geometry.filter)}"]
    for name in ("stride", "dilation", "input_dilation"):
        each = getattr(geometry, name)
        said += [f"{name.replace('_', ' ')} {_shortest(each)}"] if max(each) > 1 else []
    said += [f"padding {_padding(geometry)}"] if any(map(any, geometry.padding)) else []
    if any(geometry.output_padding):
        said.append(f"output padding {_times(geometry.output_padding)}")
    said += [f"{G} groups"] if G > 1 else []
    rest = f", remainder {_times(geometry.remainder)}" if any(geometry.remainder) else ""
    yield from paragraph(f"{', '.join(said)}: output {_times(geometry.output)}{rest}.")
    yield ""
    forms = (
        ("Y ", closed_forms.forward),
        ("dX", closed_forms.input_gradient),
        ("dF", closed_forms.filter_gradient),
    )
    for name, form in forms:
        yield from paragraph(f"{name} = {text.read(form(geometry))}", 1, 2)
    yield ""
    yield from _sums()
    yield from paragraph(
        "Scope: these sizes, any batch and channels. The formulas of dX and dF are cases of "
        "theorems that symconv proves for every size; this code computes the same sums."
    )


_DEFINED = {
    False: (
        "Y  = correlate(pad(dilate(X, l), (lo, hi)), F, stride=u, dilation=d)",
        "dX = correlate(pad(dilate(dY, u), (D-1-lo, D-1-hi+rem)), rotate(F), stride=l, dilation=d)",
        "dF = correlate(pad(dilate(X, l), (lo, hi-rem)), dilate(dY, u), stride=d)",
    ),
    True: (
        "Y  = correlate(pad(dilate(X, u), (D-1-lo, D-1-hi+op)), rotate(F), dilation=d)",
        "dX = correlate(pad(dY, (lo, hi-op)), F, stride=u, dilation=d)",
        "dF = correlate(pad(dY, (lo, hi-op)), dilate(X, u), stride=d)",
    ),
}


def _about_any(sizes: AnySizes) -> Iterator[str]:
    axes = {1: "One spatial axis", 2: "Two spatial axes", 3: "Three spatial axes"}[sizes.rank]
    letters = (
        "output_padding op and D = d*(R-1) + 1:"
        if sizes.transposed
        else "input_dilation l, D = d*(R-1) + 1 and rem = (l*(H-1) + 1 + lo + hi - D) % u:"
    )
    yield from paragraph(f"{axes}; on each, with stride u, padding (lo, hi), dilation d, {letters}")
    yield ""
    for line in _DEFINED[sizes.transposed]:
        yield from paragraph(line, 1, 2)
    yield ""
    yield from _sums()
    yield from paragraph(
        "Scope: every size, batch, channels and groups. symconv proves the formulas of dX and dF "
        "for all of them; this code computes the same sums."
    )


def _sums() -> list[str]:
    return paragraph(
        "In each group Y is summed over the channels, dX over the filters and dF over the images."
    )


def _padding(geometry: Geometry) -> str:
    """Return the padding as it is typed: 1, 1x2, or before,after for each axis."""
    if all(lo == hi for lo, hi in geometry.padding):
        return _shortest([lo for lo, _ in geometry.padding])
    return ",".join(str(n) for pair in geometry.padding for n in pair)


def _shortest(numbers: Sequence[int]) -> str:
    """Return one number where both of two axes have the same, else one for each."""
    return _times(numbers[:1] if len(numbers) == 2 and len({*numbers}) == 1 else numbers)


def _times(numbers: Sequence[int]) -> str:
    return "x".join(map(str, numbers))


def _escaped(command: str) -> str:
    """Return a command so that it ends no docstring."""
    return " ".join(command.split()).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
