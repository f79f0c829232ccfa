"""Make the generated documents anew, or check that they are what their commands make.

Each names, in its first line, the command that made it:

    python derivations/regenerate.py            # write them
    python derivations/regenerate.py --check    # compare them; exit status 1 if one differs
"""

from __future__ import annotations

import difflib
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
MARK = "Made by: "

FIGURES = {"input-gradient.svg": "symconv figure input-gradient --stride 2"}
"""Figures are for other people's pages and say nothing of how they were made."""


def command(document: Path) -> list[str]:
    """Return the command that made a document: its first line names it, save for figures."""
    if document.name in FIGURES:
        return shlex.split(FIGURES[document.name])
    first = document.read_text(encoding="utf-8").splitlines()[0]
    return shlex.split(first[first.index(MARK) + len(MARK) :].rstrip("->?"))


def made(document: Path) -> str:
    """Return what the document's command makes today."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / document.name
        program, *arguments = command(document)
        symconv = ["-m", "symconv"] if program == "symconv" else []
        run = [sys.executable, *symconv, *arguments, "-o", str(target)]
        subprocess.run(run, check=True, stderr=subprocess.DEVNULL)
        return target.read_text(encoding="utf-8")


def main() -> int:
    """Write or check all documents; return 1 where one is out of date, or where there is none."""
    documents = sorted(path for path in HERE.rglob("*") if path.suffix in (".md", ".svg", ".tex"))
    stale = 0
    for document in documents:
        old, new = document.read_text(encoding="utf-8"), made(document)
        if "--check" not in sys.argv:
            document.write_text(new, encoding="utf-8")
        elif old != new:
            stale += 1
            names = (str(document), "what its command makes")
            sys.stdout.writelines(
                difflib.unified_diff(old.splitlines(True), new.splitlines(True), *names)
            )
    print(f"{len(documents)} documents, {stale} out of date")
    return 1 if stale or not documents else 0


if __name__ == "__main__":
    sys.exit(main())
