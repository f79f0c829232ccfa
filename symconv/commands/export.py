"""``symconv export``: the code of a layer and its gradients, for NumPy, PyTorch or JAX."""

from __future__ import annotations

import sys
from typing import Any

import click

from symconv.commands import StrictCommand, completion, options, output
from symconv.errors import SymconvError


@click.command(
    "export",
    cls=StrictCommand,
    epilog="Exit status: 0 written, 1 --check found a difference, 2 bad usage.",
)
@click.option(
    "--target",
    "library",
    metavar="numpy|torch|jax",
    shell_complete=completion.targets,
    help="The library that the code is for.",
)
@options.geometry_options
@click.option(
    "--symbolic",
    is_flag=True,
    help="For every size: the functions take sizes as arguments; --rank and --transposed may be "
    "said.",
)
@click.option(
    "--layout",
    type=click.Choice(["NCHW", "NHWC"], case_sensitive=False),
    default="NCHW",
    metavar="NCHW|NHWC",
    help="Where channels stand; NHWC has filters RSCK.  [NCHW]",
)
@click.option(
    "--check",
    is_flag=True,
    help="Run the code in a process of its own, and compare it with the term tables.",
)
@click.option(
    "-o",
    "--output",
    "target",
    default="-",
    metavar="FILE",
    callback=output.ready,
    shell_complete=completion.files,
    help="Write there; - is stdout.",
)
def command(**given: Any) -> int:
    """Write a convolution and its gradients as a module of Python, which needs no symconv.

    It has forward(x, f, b=None), input_gradient(dy, f), filter_gradient(x, dy) and
    bias_gradient(dy), on x (N, C, H, W) and f (K, C/G, R, S), for any batch and channels.

    \b
    symconv export --target numpy --input 6 --stride 2 --check -o layer.py
    symconv export --target torch 'Conv2d(16, 32, 3, stride=2, padding=1)' --input 32
    symconv export --target jax --symbolic --rank 3 --layout NHWC -o convolution.py
    """
    context = click.get_current_context()
    from symconv.targets import modules
    from symconv.targets.specification import AnySizes, ChannelLayout, Specification

    library, layout = given["library"], ChannelLayout[given["layout"].upper()]
    if library is None:
        raise SymconvError("say for which library: --target numpy, torch or jax")
    modules.check_layout(library, layout)
    made_by = options.spelling(context)
    sizes = None
    if given["symbolic"]:
        _refuse_sizes(context, given)
        any_sizes = AnySizes(int(given["rank"] or 2), given["transposed"])
        specification = Specification(any_sizes, layout)
    else:
        sizes = options.sizes(context, given)
        specification = modules.of_sizes(sizes, layout)
    source = modules.write(library, specification, made_by)
    if given["check"] and not _agrees(source, library, specification, sizes):
        return 1
    output.write([source], given["target"])
    if given["target"] != "-":
        print(f"Wrote {given['target']}", file=sys.stderr)
    return 0


def _refuse_sizes(context: click.Context, given: dict[str, Any]) -> None:
    """Refuse sizes beside --symbolic.

    Raises:
        SymconvError: some are given.
    """
    names = (*options.SPATIAL, *options.CHANNELS, "bias", "layer")
    for name in names:
        if options.is_given(context, name):
            said = repr(given["layer"]) if name == "layer" else "--" + name.replace("_", "-")
            raise SymconvError(
                f"--symbolic takes its sizes from the arrays and arguments; drop {said}, "
                "or --symbolic"
            )


def _agrees(source: str, library: str, specification: Any, sizes: Any) -> bool:
    """Whether the module agrees with the term tables; what was compared is said on stderr."""
    from symconv.geometry import Layer
    from symconv.targets import check

    layer = sizes if isinstance(sizes, Layer) else None
    checked = check.compare(source, library, specification, layer)
    nothing = "" if checked.agrees else "; nothing is written"
    print(f"{checked}{nothing}", file=sys.stderr)
    return checked.agrees
