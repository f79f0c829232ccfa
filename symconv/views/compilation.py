"""Compiles LaTeX with what the machine has: tectonic, latexmk or pdflatex."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from symconv.errors import SymconvError

COMPILERS = {
    "latexmk": ["-pdf", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape"],
    "pdflatex": ["-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape"],
    "tectonic": ["--untrusted"],
}
"""What compiles LaTeX, in the order of preference, and how it is called."""

LONGEST = 600
"""Seconds after which a compiler is given up."""


def pdf(tex: str) -> bytes:
    """Return the PDF of a LaTeX document.

    Raises:
        SymconvError: there is no compiler, or it failed.
    """
    name = next((name for name in COMPILERS if shutil.which(name)), None)
    if name is None:
        raise SymconvError(
            "no latexmk, pdflatex or tectonic here; install TeX Live (Debian: "
            "texlive-latex-recommended texlive-pictures), or write .tex"
        )
    with tempfile.TemporaryDirectory(prefix="symconv-") as folder:
        source = Path(folder, "document.tex")
        source.write_text(tex, encoding="utf-8")
        # Twice for pdflatex alone: the first run learns the number of pages.
        for _ in range(2 if name == "pdflatex" else 1):
            _run([name, *COMPILERS[name], source.name], folder)
        return source.with_suffix(".pdf").read_bytes()


def _run(command: list[str], folder: str) -> None:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        raise SymconvError(f"{command[0]} took more than {LONGEST} s; write .tex") from None
    if done.returncode:
        log = done.stdout.decode(errors="replace").splitlines()
        errors = [line for line in log if line.startswith("!")] or log[-1:] or ["no message"]
        raise SymconvError(f"{command[0]} failed: {errors[0].lstrip('! ')}; write .tex to see why")
