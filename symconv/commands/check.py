"""``symconv check``: the wrong equations of somebody's document."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from symconv.commands import StrictCommand, completion, output
from symconv.commands.progress import with_progress
from symconv.errors import SymconvError, described, how_many, traced

if TYPE_CHECKING:
    from symconv.documents.check import Report
    from symconv.documents.notation.reading import Hints
    from symconv.documents.source.text import Document

_EXTENSIONS = {".json": "json", ".sarif": "sarif", ".txt": "text", "": "text"}
_ALIKE = {"github": "text"}
_HINTS = ("input", "filter", "stride", "padding", "dilation", "names", "index_base", "forward")


@click.command(
    "check",
    cls=StrictCommand,
    epilog="Exit status: 0 all agree, 1 something is wrong, 2 bad usage or nothing was judged.",
)
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    metavar="FILE_OR_FOLDER...",
    shell_complete=completion.files,
)
@click.option(
    "--language",
    type=click.Choice(["markdown", "latex"]),
    help="How to read standard input, or files of another name.",
)
@click.option("--stdin-filename", metavar="NAME", help="What to call standard input.")
@click.option("--input", metavar="HxW", help="Hint: input size.")
@click.option("--filter", metavar="RxS", help="Hint: filter size.")
@click.option("--stride", metavar="N|NxM", help="Hint: step between windows.")
@click.option("--padding", metavar="N|NxM|t,b,l,r", help="Hint: zeros around the input.")
@click.option("--dilation", metavar="N|NxM", help="Hint: step between filter elements.")
@click.option("--names", metavar="X,F,Y", help="Hint: names of input, filter and output.")
@click.option("--index-base", metavar="0|1", help="Hint: where indices begin.")
@click.option(
    "--forward",
    type=click.Choice(["correlation", "convolution"]),
    help="Hint: whether the forward pass slides the filter as it is, or flipped.",
)
@click.option("--show-notation", is_flag=True, help="Show the notation found, with its evidence.")
@click.option("--fix", is_flag=True, help="Mend wrong terms in place where the mend is certain.")
@click.option("--diff", is_flag=True, help="Show what --fix would do, as a unified diff.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    help="Form of the output.  [by -o's extension, else text]",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 though something is wrong.")
@click.option("-v", "--verbose", is_flag=True, help="List what is not judged, with the reason.")
@output.target_options
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Find the wrong equations about convolution in Markdown and LaTeX documents.

    \b
    symconv check notes.md
    symconv check slides/ --fix --diff
    symconv check - --language latex < paper.tex
    """
    from symconv.documents.check import check
    from symconv.documents.source.text import load

    if not given["diff"]:
        given["form"] = output.chosen_format(
            given["form"], given["target"], _EXTENSIONS, alike=_ALIKE
        )
    reports: list[Report] = []
    diffs: list[str] = []
    mended = failed = 0
    files = _documents(paths, given)
    for file, hints in with_progress(files, len(files), "Checking", given["quiet"]):
        document = load(file, given["language"]) if file else _standard_input(given)
        try:
            report = check(document, hints)
            if given["fix"] or given["diff"]:
                report, count = _mend(report, hints, given, diffs)
                mended += count
        except SymconvError:
            raise
        except Exception as error:
            failed += 1
            said = described(traced(error))
            print(f"symconv: error: {document.path}: {said}", file=sys.stderr)
            continue
        reports.append(report)
    if failed and not reports:
        return 2
    if not given["quiet"] and given["form"] != "json":
        for report in reports:
            for warning in report.warnings:
                print(f"symconv: warning: {warning}", file=sys.stderr)
    if given["diff"]:
        output.write(diffs, given["target"])
    elif given["target"] != "-" or not given["quiet"]:
        _show(reports, given)
    if (given["fix"] or given["diff"]) and not given["quiet"]:
        verb = "mended" if given["fix"] and not given["diff"] else "can be mended"
        print(f"{how_many(mended, 'equation')} {verb}", file=sys.stderr)
    if given["target"] != "-" and not given["quiet"]:
        print(f"Wrote {given['target']}", file=sys.stderr)
    return 2 if failed else _status(reports, given["exit_zero"])


def _documents(paths: Sequence[str], given: dict[str, Any]) -> list[tuple[Path | None, Hints]]:
    """Return the files to check, None for standard input, each with its hints."""
    from symconv.documents.notation.config import config
    from symconv.documents.notation.hints import hints
    from symconv.documents.source.text import DocumentError
    from symconv.documents.sources import named

    told = hints({key: given[key] for key in _HINTS if given[key] is not None})
    found: list[tuple[Path | None, Hints]] = []
    for name in paths:
        if name == "-":
            found.append((None, told.over(config(Path.cwd()).hints)))
        else:
            found += named([name], told)
    if not found:
        raise DocumentError(f"no Markdown or LaTeX file in {' '.join(paths)}")
    return found


def _standard_input(given: dict[str, Any]) -> Document:
    from symconv.documents.source.text import LANGUAGES, Document, DocumentError, decode

    name = given["stdin_filename"] or "<stdin>"
    language = given["language"] or LANGUAGES.get(Path(name).suffix.lower())
    if language is None:
        why = (
            f"{name}: neither Markdown nor LaTeX by its name"
            if given["stdin_filename"]
            else ("standard input has no name")
        )
        raise DocumentError(f"{why}; say --language markdown or latex")
    if given["fix"] and not given["diff"]:
        raise DocumentError("standard input cannot be mended in place; say --diff")
    try:
        text, encoding = decode(sys.stdin.buffer.read())
    except OSError as error:
        raise DocumentError(f"cannot read standard input: {error.strerror or error}") from None
    return Document(name, language, text, encoding)


def _mend(
    report: Report, hints: Hints, given: dict[str, Any], diffs: list[str]
) -> tuple[Report, int]:
    """Mend a document; return the report to show, and how many equations were mended."""
    from symconv.documents.fix import diff, mend, save

    mended = mend(report, hints)
    if given["diff"]:
        diffs.extend(diff(report.document, mended.text))
        return report, mended.equations
    if mended.equations:
        save(report.document, mended.text)
    return mended.report, mended.equations


def _show(reports: Sequence[Report], given: dict[str, Any]) -> None:
    form, target = given["form"], given["target"]
    if form in ("json", "sarif"):
        import json

        if form == "json":
            from symconv.documents.report import as_data
        else:
            from symconv.views.sarif import as_data
        output.write([json.dumps(as_data(reports), indent=1, ensure_ascii=False) + "\n"], target)
    elif form == "github":
        from symconv.views import github

        output.write((line + "\n" for line in github.lines(reports)), target)
    else:
        from symconv.views import check_text

        told = {"verbose": given["verbose"], "notation": given["show_notation"]}
        console = output.console(given["color"]) if target == "-" else None
        if console is not None:
            check_text.show(check_text.lines(reports, **told, width=console.width), console)
            return
        plain = check_text.plain(check_text.lines(reports, **told))
        output.write((line + "\n" for line in plain), target)


def _status(reports: Sequence[Report], exit_zero: bool) -> int:
    if any(report.count("wrong") for report in reports):
        return 0 if exit_zero else 1
    silent = [report for report in reports if report.judgements and not report.count("agree")]
    if silent:
        raise NothingJudgedError(_why_nothing(silent[0]))
    if not any(report.judgements for report in reports):
        where = (
            reports[0].document.path if len(reports) == 1 else how_many(len(reports), "document")
        )
        raise NothingJudgedError(
            f"{where}: nothing was judged: no equation about a convolution was found"
        )
    return 0


def _why_nothing(report: Report) -> str:
    """Return that nothing was judged, with the reason that most of its equations have."""
    (reason, _), *others = Counter(j.reason for j in report.judgements).most_common(2)
    more = "; -v lists every reason" if others else ""
    return f"{report.document.path}: nothing was judged: {reason}{more}"


class NothingJudgedError(SymconvError):
    """A document in which nothing was judged does not pass."""
