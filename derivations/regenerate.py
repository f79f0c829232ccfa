"""Make the generated files anew, or check that they are what their commands make.

A document names, in its first line, the command that made it; figures and certificates cannot:

    python derivations/regenerate.py            # write them
    python derivations/regenerate.py --check    # compare them; exit status 1 if one differs
"""

from __future__ import annotations

import difflib
import os
import shlex
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
MARK = "Made by: "

PICTURES = {
    "forward": "--stride 2 --step 2",
    "contributions": "--stride 2 --element 'x[2,2]'",
    "filter-gradient": "--stride 2 --step 5",
    "pad": "--input 6 --stride 2",
    "channels": "--channels 3 --filters 2 --step 2",
    "wrong": "--input 6 --stride 2",
}
"""The still pictures of docs/gallery.md, each light and dark: kind and options."""

COMMANDS = {
    # A pattern stands for a whole name; a name by itself for all that hold it.
    "symconv/proof/closed_forms.json": (
        "symconv prove -k '[i]nput-gradient' -k '[f]ilter-gradient' -k '*-axis' -q --certificate"
    ),
    "symconv/proof/layers.json": "symconv prove -k '*layer-*' -q --certificate",
    "derivations/certificates.json": "symconv prove derivations/claims -q --certificate",
    "derivations/input-gradient.svg": "symconv figure input-gradient --stride 2 -o",
    "docs/pictures/input-gradient-dark.svg": "symconv figure input-gradient --stride 2 --dark -o",
    **{
        f"docs/pictures/{kind}{suffix}.svg": f"symconv figure {kind} {options}{flag} -o"
        for kind, options in PICTURES.items()
        for suffix, flag in (("", ""), ("-dark", " --dark"))
    },
    **{
        f"docs/pictures/backward-{name}{suffix}.svg": (
            f"python derivations/backward_passes.py --figure {name}{flag} -o"
        )
        for name in ("padding", "sum", "stride")
        for suffix, flag in (("", ""), ("-dark", " --dark"))
    },
    "docs/claims.md": "symconv explain claims --format markdown -o",
    "docs/codes.md": "symconv explain codes --format markdown -o",
    "docs/backward-passes.md": "python derivations/backward_passes.py -o",
    "docs/tour.ipynb": "python derivations/tour.py -o",
}
"""What makes the files that do not say it themselves, each given the file's name at the end.

The closed forms come first: the documents rest on their certificates.
"""


def documents() -> list[Path]:
    """Return all generated files: those of `COMMANDS`, and the documents that name theirs."""
    known = [ROOT / name for name in COMMANDS]
    found = sorted(path for path in HERE.rglob("*") if path.suffix in (".md", ".svg", ".tex"))
    return known + [path for path in found if path not in known]


def command(document: Path) -> list[str]:
    """Return the command that made a document, up to its target: its first line names it."""
    known = COMMANDS.get(document.relative_to(ROOT).as_posix())
    if known is not None:
        return shlex.split(known)
    first = document.read_text(encoding="utf-8").splitlines()[0]
    return [*shlex.split(first[first.index(MARK) + len(MARK) :].rstrip("->?")), "-o"]


def made(document: Path) -> str:
    """Return what the document's command makes today."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / document.name
        program, *arguments = command(document)
        symconv = ["-m", "symconv"] if program == "symconv" else []
        run = [sys.executable, *symconv, *arguments, str(target)]
        subprocess.run(run, check=True, stderr=subprocess.DEVNULL, cwd=ROOT)
        return target.read_text(encoding="utf-8")


def main() -> int:
    """Write or check all documents; return 1 where one is out of date, or where there is none."""
    generated, stale = documents(), 0
    checked = "--check" in sys.argv
    with ThreadPoolExecutor(os.cpu_count()) as at_once:
        texts = (at_once.map if checked else map)(made, generated)
        for document, new in zip(generated, texts, strict=True):
            old = document.read_text(encoding="utf-8")
            if not checked:
                document.write_text(new, encoding="utf-8")
            elif old != new:
                stale += 1
                names = (str(document), "what its command makes")
                sys.stdout.writelines(
                    difflib.unified_diff(old.splitlines(True), new.splitlines(True), *names)
                )
    print(f"{len(generated)} documents, {stale} out of date")
    return 1 if stale or not generated else 0


if __name__ == "__main__":
    sys.exit(main())
