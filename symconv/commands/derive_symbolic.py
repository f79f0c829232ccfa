"""``symconv derive --symbolic``: the gradients for symbolic sizes, rule by rule."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from symconv.commands import options, output
from symconv.errors import SymconvError
from symconv.notation import Notation
from symconv.symbolic.names import check_names

if TYPE_CHECKING:
    from symconv.symbolic.steps import Symbolic

NUMBERS = (
    "input", "filter", "stride", "padding", "dilation", "elements", "everything", "brief",
    "numbers", "seed", "values",
)  # fmt: skip
"""Options that speak of one size."""

LAYERS = (
    "layer", "batch", "channels", "filters", "groups", "bias", "rank", "input_dilation",
    "transposed", "output_padding",
)  # fmt: skip
"""Options that describe a layer by numbers, or one that the symbolic derivation is not about."""

WORDS = {
    "batch": "batch",
    "channels": "channels",
    "filters": "channels",
    "groups": "groups",
    "bias": "bias",
    "input_dilation": "input-dilation",
}
"""What to say in ``--general`` instead of an option that gives a number."""


def run(context: click.Context, form: str, given: dict[str, Any]) -> int:
    """Derive for symbolic sizes, show it, and return the exit status: 0 if all is proved.

    Raises:
        SymconvError: options that do not fit, or names that are taken.
        ParseError: an unknown word in ``--general``.
    """
    _check(context, given)
    notation = options.notation(given)
    general = given["general"] or ()
    check_names(notation, general)

    from symconv.symbolic.steps import derive

    derivation = derive(general, given["wrt"])
    to_screen = given["target"] == "-"
    if not (given["quiet"] and to_screen):
        _show(derivation, form, notation, given)
    if not to_screen and not given["quiet"]:
        print(f"Wrote {given['target']}", file=sys.stderr)
    return 0 if derivation.proved else 1


def _check(context: click.Context, given: dict[str, Any]) -> None:
    if not given["symbolic"]:
        raise SymconvError("--general is for symbolic sizes; add --symbolic, or say --padding 1")
    for name in LAYERS:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            flag = "a layer" if name == "layer" else f"--{name.replace('_', '-')}"
            way_out = (
                f"for any value say --general {WORDS[name]}"
                if name in WORDS
                else "it is about a convolution in the plane: drop one"
            )
            raise SymconvError(f"--symbolic and {flag} exclude each other; {way_out}")
    for name in NUMBERS:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            flag = next(p.opts[-1] for p in context.command.params if p.name == name)
            raise SymconvError(f"--symbolic and {flag} exclude each other; {_instead(name)}")


def _instead(name: str) -> str:
    if name in ("padding", "dilation"):
        return f"for any {name} say --general {name}"
    return "the sizes are symbols, so drop one"


def _show(derivation: Symbolic, form: str, notation: Notation, given: dict[str, Any]) -> None:
    from symconv.telling.symbolic import tell

    target = given["target"]
    on_screen = target == "-" and form == "text"
    told = tell(derivation, evidence=given["verbose"] or not on_screen, base=notation.base)
    console = output.console(given["color"]) if on_screen else None
    if console is not None:
        from symconv.views import terminal

        with output.paged(console, given["verbose"]):
            terminal.show(told, notation, console)
        return
    if form == "json":
        if notation.base:
            raise SymconvError("in JSON symbolic indices count from 0; drop --index-base")
        from symconv.views import symbolic_json

        output.write(symbolic_json.chunks(derivation), target)
        return
    from symconv.views import forms

    comments = [f"Made by: {given['made_by']}", *options.hints(notation)]
    output.write(forms.pieces(form, told, notation, comments), target)
