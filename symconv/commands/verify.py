"""``symconv verify``: somebody's convolution, judged."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from symconv.commands import StrictCommand, completion, output
from symconv.errors import how_many

if TYPE_CHECKING:
    from symconv.implementations.report import VerifyReport

_EXTENSIONS = {".json": "json", ".sarif": "sarif", ".xml": "junit", ".txt": "text", "": "text"}
_ALIKE = {"github": "text"}


@click.command(
    "verify",
    cls=StrictCommand,
    epilog="Exit status: 0 every gradient is right, 1 something is wrong, 2 bad usage or nothing "
    "was judged.",
)
@click.argument(
    "paths",
    nargs=-1,
    metavar="[FILE[:NAME]]...",
    shell_complete=completion.files,
)
@click.option(
    "--bind",
    "bindings",
    metavar="ROLE=ARGUMENT,..",
    help="What arguments are, where their names do not tell: x=A_prev,stride=hparameters.stride.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1, max=600),
    default=5.0,
    show_default=True,
    help="Seconds that one call of your code may take.",
)
@click.option(
    "--cases",
    metavar="FILE.npz",
    shell_complete=completion.files,
    help="For code in any language: write sizes and numbers there.",
)
@click.option(
    "--answers",
    metavar="FILE.npz",
    shell_complete=completion.files,
    help="Judge what code computed from --cases: dx_0, dw_0, db_0, dx_1, ..",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, help="Draw other sizes.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "junit", "github", "sarif"]),
    help="Form of the output.  [by -o's extension, else text]",
)
@click.option(
    "--figure",
    metavar="FILE",
    shell_complete=completion.files,
    help="Draw the wrong terms there: .svg, .png or .tikz.",
)
@click.option("--dark", is_flag=True, help="With --figure: light on dark.")
@click.option("-v", "--verbose", is_flag=True, help="List every size that was tried.")
@output.target_options
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Judge the backward pass of a convolution in Python code: functions or classes.

    It runs your code in a child process, with limits on time and memory. The gradients are compared
    with those of your own forward pass, at sizes that are chosen so that each kind of fault shows:
    which one is wrong, exactly where, and what it computes instead.
    Loops and slices of numpy are read as well: what is right is proved for every size, or -v says
    why not.

    \b
    symconv verify layers.py
    symconv verify layers.py:Conv2d --format json
    symconv verify conv.py --bind x=A_prev,w=W,stride=hparameters.stride
    symconv verify --cases cases.npz
    """
    from symconv.implementations.answers import case_file, judge_answers
    from symconv.implementations.binding import read_hints
    from symconv.implementations.report import as_data
    from symconv.implementations.verify import verify
    from symconv.views import verify_formats, verify_text

    form = output.chosen_format(given["form"], given["target"], _EXTENSIONS, alike=_ALIKE)
    told = read_hints(given["bindings"] or "")
    if given["figure"]:
        _figure_form(given["figure"])
        output.check_writable(given["figure"], "--figure")
    elif given["dark"]:
        raise click.UsageError("--dark goes with --figure FILE.svg")
    asked = [bool(paths), bool(given["cases"]), bool(given["answers"])]
    if sum(asked) != 1:
        raise click.UsageError("give files of Python, or --cases FILE.npz, or --answers FILE.npz")
    if given["cases"]:
        output.check_writable(given["cases"], "--cases")
        output.write_bytes(case_file(given["seed"]), given["cases"])
        if not given["quiet"]:
            print(f"Wrote {given['cases']}", file=sys.stderr)
        return 0
    if given["answers"]:
        report = judge_answers(given["answers"], given["seed"])
    else:
        report = verify(list(paths), told, given["timeout"], given["seed"])
    if report.errors:
        first, *others = report.errors
        more = f" (and {how_many(len(others), 'other')}; --format json lists all)" * bool(others)
        print(f"symconv: error: {' '.join(first.split())}{more}", file=sys.stderr)
    if given["figure"] and report.implementations:
        _draw(report, given["figure"], given["dark"], given["quiet"])
    target = given["target"]
    if target == "-" and given["quiet"]:
        return report.status
    if form in ("json", "sarif"):
        data = as_data(report) if form == "json" else verify_formats.sarif(report)
        output.write([json.dumps(data, indent=1, ensure_ascii=False) + "\n"], target)
    elif form == "junit":
        output.write([verify_formats.junit(report)], target)
    elif form == "github":
        output.write((f"{line}\n" for line in verify_formats.github(report)), target)
    elif report.implementations:
        console = output.console(given["color"]) if target == "-" else None
        if console is not None:
            for style, line in verify_text.lines(report, console.width, given["verbose"]):
                console.print(line, style=style or None, markup=False, highlight=False)
        else:
            plain = verify_text.lines(report, 80, given["verbose"])
            output.write((line + "\n" for _, line in plain), target)
    if target != "-" and not given["quiet"]:
        print(f"Wrote {target}", file=sys.stderr)
    return report.status


def _figure_form(path: str) -> str:
    """Return the format of a figure by the name of its file."""
    from symconv.views.verify_figure import FORMATS

    form = Path(path).suffix.removeprefix(".")
    if form not in FORMATS:
        known = ", ".join(f".{each}" for each in FORMATS)
        raise click.UsageError(f"--figure {path}: its name must end in {known}")
    return form


def _draw(report: VerifyReport, path: str, dark: bool, quiet: bool) -> None:
    from symconv.views.verify_figure import draw

    data = draw(report, _figure_form(path), dark)
    if data is not None:
        output.write_bytes(data, path)
    if not quiet:
        none = "Nothing to draw: no gradient is wrong in terms that are known, in one or two axes"
        print(none if data is None else f"Wrote {path}", file=sys.stderr)
