"""``symconv check``: the wrong equations of somebody's document."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
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
    from symconv.views.check_text import Line

_EXTENSIONS = {".json": "json", ".sarif": "sarif", ".txt": "text", "": "text"}
_ALIKE = {"github": "text", "concise": "text"}
_HINTS = ("input", "filter", "stride", "padding", "dilation", "names", "index_base", "forward")


def _codes(ctx: click.Context, parameter: click.Parameter, given: Sequence[str]) -> tuple[str, ...]:
    """Return the codes, or beginnings of codes, that an option names."""
    from symconv.documents.selection import codes

    try:
        return tuple(code for written in given for code in codes(written))
    except SymconvError as error:
        raise SymconvError(f"{parameter.opts[0]}: {error}") from None


@click.command(
    "check",
    cls=StrictCommand,
    epilog="Exit status: 0 all agree, 1 something is wrong, 2 bad usage or nothing was judged.",
)
@click.argument(
    "paths",
    nargs=-1,
    metavar="[FILE_OR_FOLDER]...",
    shell_complete=completion.files,
)
@click.option(
    "--language",
    type=click.Choice(["markdown", "latex", "rst", "notebook", "doxygen"]),
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
@click.option(
    "--select",
    multiple=True,
    metavar="CODES",
    callback=_codes,
    shell_complete=completion.codes,
    help="Count only these codes, or what begins so: SC201,SC24.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="CODES",
    callback=_codes,
    shell_complete=completion.codes,
    help="Do not count these codes; the longer of two beginnings decides.",
)
@click.option("--show-notation", is_flag=True, help="Show the notation found, with its evidence.")
@click.option("--fix", is_flag=True, help="Mend wrong terms in place where the mend is certain.")
@click.option("--diff", is_flag=True, help="Show what --fix would do, as a unified diff.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "concise", "json", "github", "sarif"]),
    help="Form of the output; concise is one line for each slip.  [by -o's extension, else text]",
)
@click.option(
    "--statistics", is_flag=True, help="Show how many slips each code has instead of each slip."
)
@click.option(
    "--all", "unfolded", is_flag=True, help="Show every repeat of a slip, not its line alone."
)
@click.option(
    "--allow-unjudged", is_flag=True, help="Exit with 0 where nothing was judged, with a note."
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 though something is wrong.")
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="List what is not judged, with the reason; implies --all.",
)
@output.target_options
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Find the wrong equations about convolution in documents: Markdown, LaTeX,
    reStructuredText, notebooks, and comments for Doxygen.

    Without a name, those in the current folder and below are checked.

    \b
    symconv check notes.md
    symconv check slides/ --fix --diff
    symconv check --select SC2 --ignore SC240 --format concise
    symconv check - --language latex < paper.tex
    """
    from symconv.documents.check import check
    from symconv.documents.selection import Selection
    from symconv.documents.source.text import load

    if not given["diff"]:
        given["form"] = output.chosen_format(
            given["form"], given["target"], _EXTENSIONS, alike=_ALIKE
        )
    _refuse_statistics(given)
    selection = Selection(given["select"], given["ignore"])
    reports: list[Report] = []
    diffs: list[str] = []
    mended = failed = 0
    files = _documents(paths, given)
    for file, hints in with_progress(files, len(files), "Checking", given["quiet"]):
        document = load(file, given["language"]) if file else _standard_input(given)
        try:
            report = selection.marked(check(document, hints))
            if given["fix"] or given["diff"]:
                report, count = _mend(report, hints, given, diffs)
                report = selection.marked(report)
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
    if not paths and not given["quiet"]:
        looked = how_many(len(files), "document")
        print(f"No file was named: looked at {looked} in the current folder", file=sys.stderr)
    return 2 if failed else _status(reports, given)


def _documents(paths: Sequence[str], given: dict[str, Any]) -> list[tuple[Path | None, Hints]]:
    """Return the files to check, None for standard input, each with its hints."""
    from symconv.documents.notation.config import config
    from symconv.documents.notation.hints import hints
    from symconv.documents.source.text import READ, DocumentError
    from symconv.documents.sources import named

    told = hints({key: given[key] for key in _HINTS if given[key] is not None})
    found: list[tuple[Path | None, Hints]] = []
    for name in paths or ["."]:
        if name == "-":
            found.append((None, told.over(config(Path.cwd()).hints)))
        else:
            found += named([name], told)
    if not found:
        where = " ".join(paths) or "the current folder"
        raise DocumentError(f"no document in {where}: {READ} are read")
    return found


def _standard_input(given: dict[str, Any]) -> Document:
    from symconv.documents.source.text import DocumentError, decode, document, language_of

    name = given["stdin_filename"] or "<stdin>"
    language = given["language"] or language_of(name)
    if given["fix"] and not given["diff"]:
        raise DocumentError("standard input cannot be mended in place; say --diff")
    try:
        text, encoding = decode(sys.stdin.buffer.read())
    except OSError as error:
        raise DocumentError(f"cannot read standard input: {error.strerror or error}") from None
    return document(name, text, language, encoding)


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

        console = output.console(given["color"]) if target == "-" else None
        lines = _lines(reports, given, console.width if console else check_text.WIDEST)
        if console is not None:
            check_text.show(lines, console)
            return
        output.write((line + "\n" for line in check_text.plain(lines)), target)


def _lines(reports: Sequence[Report], given: dict[str, Any], width: int) -> Iterable[Line]:
    """Return the lines of the text that is asked for, as wide as that."""
    from symconv.views import check_concise, check_text

    if given["statistics"]:
        return check_concise.statistics(reports)
    if given["form"] == "concise":
        return check_concise.lines(reports, given["verbose"])
    return check_text.lines(
        reports, given["verbose"], given["show_notation"], width, given["unfolded"]
    )


def _refuse_statistics(given: dict[str, Any]) -> None:
    """Refuse statistics in what is no text."""
    other = "--diff" if given["diff"] else f"--format {given['form']}"
    if given["statistics"] and (given["diff"] or given["form"] not in ("text", "concise")):
        raise SymconvError(f"--statistics are text, and {other} is not; drop one of them")


def _status(reports: Sequence[Report], given: dict[str, Any]) -> int:
    """Return the exit status; where nothing was judged, tell so, or raise."""
    from symconv.documents.verdicts.verdict import WRONG

    if any(j.verdict == WRONG and not j.ignored for r in reports for j in r.verdicts):
        return 0 if given["exit_zero"] else 1
    why = _why_nothing(reports)
    if why and not given["allow_unjudged"]:
        raise NothingJudgedError(why)
    if why and not given["quiet"]:
        print(f"symconv: note: {why}", file=sys.stderr)
    return 0


def _why_nothing(reports: Sequence[Report]) -> str:
    """Return where nothing was judged, and why; "" where something was in every document."""
    silent = [report for report in reports if report.judgements and not report.counts[0]]
    if silent:
        others = f" (nor in {how_many(len(silent) - 1, 'other document')})" if silent[1:] else ""
        return f"{silent[0].document.path}: nothing was judged{others}: {_reason(silent[0])}"
    if any(report.judgements for report in reports):
        return ""
    where = reports[0].document.path if len(reports) == 1 else how_many(len(reports), "document")
    return f"{where}: nothing was judged: no equation about a convolution was found"


def _reason(report: Report) -> str:
    """Return why nothing in a document was judged: what is said of most of its equations."""
    ignored = sum(judgement.ignored for judgement in report.judgements)
    if ignored:
        return (
            f"{how_many(ignored, 'wrong equation')} aside, which --select or --ignore leaves out, "
            "no equation is understood; --allow-unjudged lets that pass"
        )
    (reason, _), *others = Counter(j.reason for j in report.judgements).most_common(2)
    return f"{reason}; -v lists every reason" if others else reason


class NothingJudgedError(SymconvError):
    """A document in which nothing was judged does not pass."""
