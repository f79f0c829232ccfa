"""The group of commands; each lives in a module of its own, imported when it is called."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click

from symconv import __version__

COMMANDS = {
    "derive": "Derive the gradients of a convolution and prove their closed forms.",
    "prove": "Prove claims for every size, or refute them at the smallest.",
    "recheck": "Check certificates again, without any search.",
    "export": "Write a layer and its gradients as code for NumPy, PyTorch or JAX.",
    "figure": "Draw the forward pass and the gradients, step by step.",
    "slides": "Write the whole lecture for one convolution.",
    "check": "Find the wrong equations about convolution in documents and comments.",
    "verify": "Judge the backward pass of a convolution in Python code.",
    "explain": "Explain the codes of check and verify, the words of claims, and verdicts.",
}
"""The commands and what they do; here, so that --help imports none of them."""


MEANT = {
    "--kernel": "--filter",
    "--kernel-size": "--filter",
    "--weight": "--filter",
    "--image": "--input",
    "--size": "--input",
    "--pad": "--padding",
    "--pads": "--padding",
    "--strides": "--stride",
    "--in-channels": "--channels",
    "--out-channels": "--filters",
    "--batch-size": "--batch",
}
"""What others call an option."""


class StrictCommand(click.Command):
    """A command of which no argument or option may be empty or blank."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line as click does, after a look for values that say nothing.

        Raises:
            BadParameter: there is one.
        """
        if not ctx.resilient_parsing:
            given = self._given(ctx, args)
            asks = any(each.is_eager and each.name in given for each in self.get_params(ctx))
            for parameter in () if asks else self.params:  # --help answers whatever else is said
                if any(map(_is_blank, _values(given.get(parameter.name or "")))):
                    what = "it is empty or blank; write a value, or leave it out"
                    raise click.BadParameter(what, ctx, parameter)
        return super().parse_args(ctx, args)

    def _given(self, ctx: click.Context, args: list[str]) -> Mapping[str, Any]:
        """Return what is given, unconverted; an option of others is answered with ours."""
        try:
            return self.make_parser(ctx).parse_args(args=list(args))[0]
        except click.NoSuchOption as error:
            ours = MEANT.get(error.option_name)
            if any(ours in parameter.opts for parameter in self.params):
                said = f"No such option {error.option_name!r}. Did you mean {ours!r}?"
                raise click.NoSuchOption(error.option_name, said, ctx=ctx) from None
            raise


def _values(given: object) -> tuple[object, ...]:
    return tuple(given) if isinstance(given, (list, tuple)) else (given,)


def _is_blank(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


class Commands(click.Group):
    """A group that imports the module of a command only to run it."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the object ``command`` of the module that bears the command's name."""
        if cmd_name not in self.commands:
            return None
        module = importlib.import_module(f"symconv.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line; ``help prove`` is ``prove --help``."""
        if args[:1] == ["help"]:
            args = [*args[1:2], "--help"]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an interrupt is a `click.Abort`."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise click.Abort from None  # click would print an empty line first

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
    commands=[click.Command(name) for name in COMMANDS],  # names only; see get_command
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
@click.pass_context
def symconv(ctx: click.Context) -> None:
    """Derive the gradients of a convolution symbolically, and prove them.

    symconv writes out the forward pass, differentiates it, and proves that the gradients are the
    dilate-pad-rotate convolutions of the textbooks, or shows where those are wrong.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
