"""``symconv derive``: equations, gradients and closed forms of one convolution, proved."""

from __future__ import annotations

import sys
from typing import Any

import click

from symconv.commands import StrictCommand, options, output


@click.command(
    "derive", cls=StrictCommand, epilog="Exit status: 0 proved, 1 not proved, 2 bad usage."
)
@options.geometry_options
@click.option(
    "--wrt",
    type=click.Choice(["input", "filter", "all"]),
    default="all",
    help="Which gradients.  [all]",
)
@click.option(
    "--element",
    "elements",
    multiple=True,
    metavar="'x[m,n]'",
    help="Tell the story of an element of input, filter or output; repeatable.  Of a layer: "
    "'x[n,c][h,w]', 'b[k]'.",
)
@click.option(
    "--symbolic",
    is_flag=True,
    help="Derive for symbolic sizes: every step by a named rule, and checked.",
)
@click.option(
    "--general",
    type=options.ListType(),
    metavar="LIST",
    help="With --symbolic: padding,dilation,crop,input-dilation (crop: the padding may be "
    "negative), and for a layer batch,channels,groups,bias.",
)
@options.notation_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "latex", "standalone", "markdown", "mathml", "json"]),
    help="Form of the output.  [by -o's extension, else text]",
)
@click.option(
    "--all", "everything", is_flag=True, help="Show everything: every equation, sum and picture."
)
@click.option(
    "--numbers", is_flag=True, help="Put in small whole numbers: every product and every sum."
)
@click.option("--seed", type=click.IntRange(0), metavar="N", help="Which numbers are drawn.  [0]")
@click.option(
    "--values",
    metavar="FILE",
    help="Put in the arrays of a .npz (x, f, dy) or .npy; what is missing is drawn.",
)
@click.option("--brief", is_flag=True, help="Show the gradients and their verdicts alone.")
@click.option(
    "-v", "--verbose", is_flag=True, help="Show what verdicts rest on; every step's, if symbolic."
)
@output.target_options
def command(**given: Any) -> int:
    """Derive the forward pass and both gradients of a convolution, and prove the closed forms.

    \b
    symconv derive --stride 2
    symconv derive --input 6 --filter 3 --stride 2 --element 'x[2,2]'
    symconv derive --input 3 --filter 2 --names X,F,O --index-base 1 -o lecture.tex
    symconv derive --input 32 --padding 1 --channels 16 --filters 32 --groups 4 --bias
    symconv derive 'Conv2d(16, 32, 3, stride=2, padding=1)' --input 32 --batch 8
    symconv derive --symbolic --general padding,dilation
    symconv derive --symbolic --general batch,channels,bias
    """
    given["made_by"] = options.spelling(click.get_current_context())
    form = output.chosen_format(given["form"], given["target"])
    if given["symbolic"] or given["general"] is not None:
        from symconv.commands import derive_symbolic

        return derive_symbolic.run(click.get_current_context(), form, given)
    if given["brief"]:
        _check_brief(form, given)
    sizes = options.sizes(click.get_current_context(), given)
    notation = options.notation(given)
    elements = [options.element(text, notation, sizes) for text in given["elements"]]

    from symconv.derivation import derive

    computation = _computation(sizes, form, notation, given)
    derivation = computation.derivation if computation else derive(sizes)
    to_screen = given["target"] == "-"
    if not (given["quiet"] and to_screen):
        told = _told(derivation, computation, form, elements, given)
        _show(derivation, told, form, notation, given)
    if not to_screen and not given["quiet"]:
        print(f"Wrote {given['target']}", file=sys.stderr)
    return 0 if derivation.proved and (computation is None or computation.agrees) else 1


def _computation(sizes: Any, form: str, notation: Any, given: dict[str, Any]) -> Any:
    """Return the derivation with numbers put in, None where nobody asks for them."""
    from symconv.errors import SymconvError
    from symconv.geometry import Geometry

    if not given["numbers"] and given["values"] is None:
        if given["seed"] is not None:
            raise SymconvError("--seed is for numbers that are drawn; add --numbers")
        return None
    if given["elements"]:
        raise SymconvError("--numbers and --element exclude each other; drop one")
    if form == "json":
        raise SymconvError("--numbers is for people; choose text, LaTeX, Markdown or MathML")
    if not isinstance(sizes, Geometry):
        raise SymconvError(
            "--numbers is for one image, one channel and one filter; drop more of them"
        )

    from symconv.commands import values
    from symconv.derivation import derive
    from symconv.telling import numbers

    loaded = values.load(given["values"], sizes, notation) if given["values"] else None
    drawn = numbers.drawn(sizes, given["seed"] or 0, loaded)
    return numbers.compute(derive(sizes), drawn)


def _check_brief(form: str, given: dict[str, Any]) -> None:
    from symconv.errors import SymconvError

    if form != "text":
        raise SymconvError(f"--brief is for text, and this would be {form}; drop one")
    excluded = {"everything": "--all", "elements": "--element", "numbers": "--numbers"}
    for name, flag in {**excluded, "values": "--values"}.items():
        if given[name]:
            raise SymconvError(f"--brief and {flag} exclude each other; drop one")


def _show(derivation: Any, told: Any, form: str, notation: Any, given: dict[str, Any]) -> None:
    target, wrt = given["target"], given["wrt"]
    if form == "json":
        from symconv.views import json

        output.write(json.chunks(derivation, wrt, given["everything"]), target)
        return
    console = output.console(given["color"]) if target == "-" and form == "text" else None
    if console is not None:
        from symconv.views import terminal

        with output.paged(console, given["everything"]):
            terminal.show(told, notation, console)
        return
    from symconv.views import forms

    comments = [f"Made by: {given['made_by']}", *options.hints(notation, derivation.geometry)]
    output.write(forms.pieces(form, told, notation, comments), target)


def _told(
    derivation: Any, computation: Any, form: str, elements: Any, given: dict[str, Any]
) -> Any:
    """Return the blocks: of text on the screen the first screen, else all of them."""
    from symconv.telling import exposition, overview

    everything = given["everything"] or given["target"] != "-"
    if computation is not None:
        from symconv.telling import numbers

        return numbers.tell(computation, given["wrt"], everything)
    if given["brief"]:
        return overview.brief(derivation, given["wrt"], given["verbose"])
    if form == "text" and not (everything or elements):
        return overview.tell(derivation, given["wrt"], given["verbose"])
    return exposition.tell(
        derivation, given["wrt"], elements, everything, chained=given["everything"]
    )
