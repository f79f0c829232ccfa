"""``symconv slides``: the whole lecture for one convolution, ready to show."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from symconv.commands import StrictCommand, completion, options, output
from symconv.errors import SymconvError
from symconv.geometry import spatial

EXTENSIONS = {".tex": "beamer", ".pdf": "pdf", ".md": "marp", ".markdown": "marp",
              ".html": "revealjs", ".htm": "revealjs"}  # fmt: skip
TITLE = "Backpropagation through a convolution"


@click.command(
    "slides", cls=StrictCommand, epilog="Exit status: 0 written, 1 not proved, 2 bad usage."
)
@options.geometry_options
@click.option(
    "--only",
    type=click.Choice(["input", "filter", "forward"]),
    help="Only this part: the gradient of input or filter, or the forward pass.",
)
@click.option(
    "--element",
    "elements",
    multiple=True,
    metavar="'x[m,n]'",
    help="Tell the story of this element of input or filter; repeatable.  [good examples]",
)
@click.option("--title", default=TITLE, help=f"Title of the lecture.  [{TITLE}]")
@click.option("--author", default="", help="Who holds it.")
@options.notation_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["beamer", "pdf", "marp", "revealjs"]),
    help="Form of the slides.  [by -o's extension (.tex .pdf .md .html), else beamer]",
)
@click.option("-q", "--quiet", is_flag=True, help="No text; the exit status tells.")
@click.option(
    "-o",
    "--output",
    "target",
    default="-",
    metavar="FILE",
    shell_complete=completion.files,
    help="Write there; - is stdout.",
)
def command(**given: Any) -> int:
    """Write a complete lecture: example, forward pass, gradients, closed forms, proofs.

    \b
    symconv slides --stride 2 -o lecture.tex
    symconv slides --input 3 --filter 2 --author 'A. Lecturer' -o lecture.pdf
    symconv slides --stride 2 -o lecture.html
    symconv slides --stride 2 --only input -o lecture.md
    """
    target = given["target"]
    form = output.chosen_format(given["form"], target, EXTENSIONS, "beamer", alike={})
    if form in ("pdf", "marp") and target == "-":
        raise SymconvError(f"--format {form} writes more than text; say where with -o FILE")
    if target != "-":
        output.check_writable(target, "-o", folders=form in ("marp", "revealjs"))
    context = click.get_current_context()
    called = options.spelling(context)
    sizes = options.sizes(context, given)
    geometry = spatial(sizes)
    notation = options.notation(given)
    tensors = {"X": geometry.input, "F": geometry.filter}
    elements = tuple(notation.read(text, tensors) for text in given["elements"])

    from symconv.derivation import derive
    from symconv.figures.subject import Subject
    from symconv.lecture.talk import Talk

    Subject(geometry)  # before any work: is it small enough to draw?
    only = given["only"] or "all"
    talk = Talk(derive(sizes), only, elements, called, notation)
    _write(talk, form, given)
    if target != "-" and not given["quiet"]:
        print(f"Wrote {target}", file=sys.stderr)
    return 0 if talk.derivation.proved else 1


def _write(talk: Any, form: str, given: dict[str, Any]) -> None:
    from symconv.lecture.talk import sizes, tell

    comments = options.hints(talk.notation, talk.derivation.geometry)
    heading = (given["title"], sizes(talk), given["author"], comments)
    if form in ("beamer", "pdf"):
        from symconv.views import beamer

        pieces = list(beamer.deck(tell(talk), talk.notation, *heading))
        if form == "beamer":
            output.write(pieces, given["target"])
        else:
            from symconv.views import compilation

            output.write_bytes(compilation.pdf("".join(pieces)), given["target"])
        return
    if form == "revealjs":
        from symconv.views import reveal_deck

        output.write([reveal_deck.deck(tell(talk), talk.notation, *heading)], given["target"])
        return
    from symconv.views import markdown_deck

    files = markdown_deck.deck(tell(talk), talk.notation, Path(given["target"]), *heading)
    output.write_together(files)
