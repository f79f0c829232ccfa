"""``symconv prove``: judge claims for every size."""

from __future__ import annotations

import fnmatch
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from symconv.commands import StrictCommand, completion, options, output
from symconv.commands.progress import with_progress
from symconv.errors import SymconvError
from symconv.formula.words import SIZES, letters_on

if TYPE_CHECKING:
    from symconv.claims.catalogue import Entry
    from symconv.proof.run import JudgedClaim

FORMATS = ("text", "json", "junit", "github", "smtlib")
EXTENSIONS = {".json": "json", ".xml": "junit", ".smt2": "smtlib", ".txt": "text", "": "text"}


def _letters(axis: int) -> str:
    """Return the letters of the sizes on one axis: all that ``--general`` makes known."""
    return " ".join(letters_on(axis, *SIZES))


@click.command(
    "prove",
    cls=StrictCommand,
    epilog="Exit status: 0 all as expected, 1 some claim is not, 2 bad usage or nothing judged.",
)
@click.argument("claims", nargs=-1, shell_complete=completion.files)
@click.option("--where", multiple=True, metavar="HYPOTHESIS", help="As '(H - R) % u == 0'.")
@click.option(
    "--general",
    type=options.ListType(),
    default=(),
    metavar="LIST",
    help="What Y has beyond the lecture's convolution: padding,dilation,crop,input-dilation; "
    "batch,channels,groups,bias (sizes N, C and K per group, G; X[n,g,c], F[g,k,c], Y[n,g,k], "
    "b[g,k]).",
)
@click.option(
    "--rank",
    type=click.Choice(["1", "2", "3"]),
    metavar="1|2|3",
    help=f"How many axes: one has the letters {_letters(0)}; two also {_letters(1)}; three also "
    f"{_letters(2)}.  [2]",
)
@click.option("--sizes", metavar="RANGES", help="Listed sizes instead of all: H=4..12,R=1..4.")
@click.option(
    "--tensor",
    "tensors",
    multiple=True,
    metavar="G=R2xS2",
    help="One more tensor; new names in its shape are sizes.",
)
@click.option(
    "--integer",
    "integers",
    multiple=True,
    metavar="k=0..3",
    help="One more integer; also k>=1, k=any.",
)
@click.option(
    "--define",
    "definitions",
    multiple=True,
    metavar="'Z[i] == ..'",
    help="What a declared tensor is; dZ is a tensor then, as in vjp(Z, A, dZ).",
)
@click.option(
    "-k",
    "picks",
    multiple=True,
    metavar="ID",
    shell_complete=completion.claim_ids,
    help="Only claims with this in the name; * and ? match.",
)
@click.option(
    "--expected",
    type=click.Choice(["proved", "refuted", "not-judged"]),
    help="The verdict that a typed claim is to have.  [proved]",
)
@click.option("--list", "listing", is_flag=True, help="Name the claims, judge none.")
@click.option("--show-proof", is_flag=True, help="Tell the whole proof of each proved claim.")
@click.option(
    "--certificate",
    metavar="FILE",
    callback=output.ready,
    shell_complete=completion.files,
    help="Write what `symconv recheck` checks again.",
)
@click.option("--crosscheck", is_flag=True, help="Ask z3 as well (needs the extra smt).")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    metavar="SECONDS",
    help="For each claim.  [30]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="Form of the output.  [by -o's extension, else text]",
)
@output.target_options
def command(claims: tuple[str, ...], **given: Any) -> int:
    """Judge claims: proved for every size, or refuted at the smallest sizes.

    CLAIMS are statements with == (sizes also with <= and <), claim files (TOML), folders of them,
    or - for a claim file on standard input; without any, the theorems that symconv rests on are
    judged.

    \b
    symconv prove
    symconv prove 'dX == correlate(pad(dilate(dY, (u, v)), ((R-1, R-1), (S-1, S-1))), rotate(F))'
    symconv prove 'max(H, R) == H' --where 'H >= R'
    symconv prove 'Y[n,k] == sum(correlate(X[n,c], F[k,c], stride=(u,v)) for c in range(C))' \\
        --general batch,channels
    symconv prove 'convolve(F, G, mode="full") == convolve(G, F, mode="full")' --tensor G=R2xS2
    symconv prove 'crop(pad(X, k), k) == X' --integer k=0..3
    symconv prove 'rotate(F) == F' --expected refuted
    symconv prove 'P*u <= H + u'
    symconv prove 'dF == correlate(X, dilate(dY, (u, v)))' --sizes H=4..9,R=1..4,u=1
    symconv prove derivations/ --format junit -o claims.xml
    """
    form = output.chosen_format(given["form"], given["target"], EXTENSIONS)
    entries = _picked(_entries(claims, given), given["picks"])
    if given["listing"]:
        output.write((f"{line}\n" for line in _listing(entries)), given["target"])
        return 0

    judged = _judged(entries, given)
    if not (given["quiet"] and given["target"] == "-"):
        _show(judged, form, given)
    if given["target"] != "-" and not given["quiet"]:
        _tell(judged, given["target"])
    for each in judged:
        if each.judgement.fault is not None:
            said = f"{each.judgement.stated.id}: {each.judgement.reason}"
            print(f"symconv: error: {said}", file=sys.stderr)
    if given["certificate"] and not _write_certificates(judged, given["certificate"]):
        return _status(judged) or 2
    return _status(judged)


def _entries(claims: Sequence[str], given: dict[str, Any]) -> list[Entry]:
    from symconv.claims.catalogue import load
    from symconv.claims.theorems import theorems

    inline = [claim for claim in claims if _is_statement(claim)]
    files = [claim for claim in claims if not _is_statement(claim)]
    about_typed = (
        "where", "general", "rank", "sizes", "tensors", "integers", "definitions", "expected",
    )  # fmt: skip
    if not inline and any(given[name] for name in about_typed):
        raise SymconvError(
            "--where, --general, --rank, --sizes, --tensor, --integer, --define and --expected "
            "belong to a claim that is typed; give one, or write them into the claim file"
        )
    if not claims:
        return list(theorems())
    typed = [_typed(claim, given, nth) for nth, claim in enumerate(inline, start=1)]
    return typed + list(load(files))


def _is_statement(text: str) -> bool:
    """Whether an argument is a statement and no path, if one with a single equals sign."""
    if text.endswith(".toml") or not re.search(r"[=(<>!]", text):
        return False
    try:
        return not Path(text).exists()
    except (OSError, ValueError):  # longer than any path may be
        return True


def _typed(statement: str, given: dict[str, Any], nth: int = 1) -> Entry:
    from symconv.claims.catalogue import Entry
    from symconv.claims.statement import StatedClaim
    from symconv.claims.verdict import Verdict

    stated = StatedClaim(
        statement=" ".join(statement.split()),
        id="inline" if nth == 1 else f"inline-{nth}",
        where=given["where"],
        general=given["general"],
        tensors=tuple(_named("--tensor", text, "G=R2xS2") for text in given["tensors"]),
        integers=tuple(_named("--integer", text, "k=0..3 or k>=0") for text in given["integers"]),
        sizes=given["sizes"],
        rank=int(given["rank"] or 2),
        define=given["definitions"],
    )
    expected = Verdict(given["expected"] or Verdict.PROVED)
    return Entry(stated, stated.claim(expected), "", 0)


def _named(option: str, text: str, example: str) -> tuple[str, str]:
    """Return the name and the value in ``G=R2xS2``, ``k=0..3`` or ``k>=0``."""
    match = re.fullmatch(r"\s*([^\W\d]\w*)\s*(=|(?=>=))\s*(.*\S)\s*", text)
    if not match:
        raise SymconvError(f"{option} {text!r} is not of the form {example}")
    return match[1], match[3]


def _picked(entries: list[Entry], picks: Sequence[str]) -> list[Entry]:
    if not picks:
        return entries
    patterns = [pick if {*"*?["} & {*pick} else f"*{pick}*" for pick in picks]
    chosen = [e for e in entries if any(fnmatch.fnmatchcase(e.stated.id, p) for p in patterns)]
    if not chosen:
        raise SymconvError(f"-k {' '.join(picks)}: no such claim; --list names them")
    return chosen


def _listing(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield a line for each claim; of several files, below what each is about."""
    groups = [list(group) for _, group in groupby(entries, key=lambda entry: entry.file)]
    for group in groups:
        if len(groups) > 1 and group[0].topic:
            yield f"# {group[0].topic}"
        yield from map(_listed, group)


def _listed(entry: Entry) -> str:
    place = f"{entry.file}:{entry.line}: " if entry.line else ""
    return f"{place}{entry.stated.id} ({entry.claim.expected}): {entry.stated.statement}"


def _judged(entries: Sequence[Entry], given: dict[str, Any]) -> list[JudgedClaim]:
    from symconv.proof.run import judge_all

    judging = judge_all(entries, timeout=given["timeout"], crosscheck=given["crosscheck"])
    return list(with_progress(judging, len(entries), "Judging", given["quiet"]))


def _write_certificates(judged: Sequence[JudgedClaim], target: str) -> bool:
    """Write the certificates and return whether there are any."""
    from symconv.proof.certificate_file import write

    certified = [claim for each in judged if (claim := each.judgement.certified())]
    ids = [claim.stated.id for claim in certified]
    if twice := next((each for each in ids if ids.count(each) > 1), None):
        raise SymconvError(f"--certificate {target}: two claims have the id {twice}; rename one")
    if certified:
        output.write([write(certified)], target)
    else:
        why = "no claim was proved for every size by certificates"
        print(f"symconv: {target!r} not written: {why}", file=sys.stderr)
    return bool(certified)


def _show(judged: Sequence[JudgedClaim], form: str, given: dict[str, Any]) -> None:
    from symconv.views import annotations, judgements, junit, proof_json, smtlib

    target = given["target"]
    match form:
        case "json":
            output.write([proof_json.text(judged)], target)
        case "junit":
            output.write([junit.text(judged)], target)
        case "smtlib":
            output.write([smtlib.text(judged, given["timeout"])], target)
        case "github":
            output.write((f"{line}\n" for line in annotations.lines(judged)), target)
        case _:
            console = output.console(given["color"]) if target == "-" else None
            if console is not None:
                judgements.show(judged, console, proofs=given["show_proof"])
                return
            told = judgements.lines(judged, proofs=given["show_proof"])
            output.write((f"{line}\n" for _, line in told), target)


def _tell(judged: Sequence[JudgedClaim], target: str) -> None:
    """Print on stderr what was written, and the summary of the file."""
    from symconv.views import judgements

    for _, line in judgements.count(judged):
        print(line, file=sys.stderr)
    print(f"Wrote {target}", file=sys.stderr)


def _status(judged: Sequence[JudgedClaim]) -> int:
    from symconv.claims.verdict import Verdict

    if all(each.judgement.verdict is Verdict.NOT_JUDGED for each in judged):
        return 2
    if any(each.judgement.fault is not None for each in judged):
        return 2
    return 0 if all(each.judgement.as_expected for each in judged) else 1
