"""``symconv explain``: what the codes of ``symconv check`` mean."""

from __future__ import annotations

import json

import click

from symconv.commands import StrictCommand


@click.command(
    "explain", cls=StrictCommand, epilog="Exit status: 0, or 2 for a code that does not exist."
)
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text",
    help="Form of the output.  [text]",
)  # fmt: skip
def command(codes: tuple[str, ...], form: str) -> int:
    """Explain codes of symconv check; without one, list them all.

    \b
    symconv explain SC201
    """
    from symconv.documents.codes import CODES, explain

    chosen = [explain(code) for code in codes] or list(CODES.values())
    if form == "json":
        data = [
            {"code": c.code, "name": c.name, "meaning": c.meaning, "example": c.example}
            for c in chosen
        ]
        click.echo(json.dumps(data, indent=1, ensure_ascii=False))
    elif not codes:
        for c in chosen:
            click.echo(f"{c.code}  {c.name}")
    else:
        click.echo("\n\n".join(f"{c.code}: {c.name}\n\n{c.meaning}\n\n  {c.example}"
                                for c in chosen))  # fmt: skip
    return 0
