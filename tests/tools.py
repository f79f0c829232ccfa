"""Programs outside of Python that a test may need: without them it skips and says so.

Where SYMCONV_REQUIRE_TOOLS is set, as in CI, a program that is missing is a failure.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from benchmarks import browsers

KATEX = Path(__file__).parent / "katex"


def missing(what: str) -> None:
    """Skip the test, or fail it where tools are required."""
    if os.environ.get("SYMCONV_REQUIRE_TOOLS"):
        pytest.fail(f"{what}, and SYMCONV_REQUIRE_TOOLS is set")
    pytest.skip(what)


def compile_latex(fragment: str, folder: Path, preamble: str = "") -> str:
    """Compile a fragment inside an amsmath document and return TeX's log; fail on an error."""
    if not shutil.which("pdflatex"):
        missing("pdflatex is not installed")
    document = (
        "\\documentclass{article}\n\\usepackage{amsmath}\n"
        "\\usepackage[a0paper,landscape,margin=1cm]{geometry}\n"
        f"{preamble}\\begin{{document}}\n{fragment}\n\\end{{document}}\n"
    )
    (folder / "document.tex").write_text(document, encoding="ascii")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "document.tex"],
        cwd=folder,
        capture_output=True,
        timeout=60,
        check=False,
    )
    log = (folder / "document.log").read_text(encoding="latin-1")
    assert done.returncode == 0, log[-2000:]
    assert (folder / "document.pdf").stat().st_size > 1000
    return log


def katex_failures(bodies: list[str]) -> list[dict[str, str]]:
    """Return the display bodies that KaTeX refuses in strict mode."""
    if not shutil.which("node"):
        missing("node is not installed")
    if not (KATEX / "node_modules" / "katex").is_dir():
        missing("KaTeX is not installed: run npm ci in tests/katex")
    done = subprocess.run(
        ["node", "render.mjs"],
        cwd=KATEX,
        input=json.dumps(bodies),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(done.stdout)


def look(
    browser: str, page: str, files: browsers.Files | None = None, less_motion: bool = False
) -> tuple[Any, list[str]]:
    """Return what a page told in a browser, and what went wrong in it."""
    try:
        return browsers.look(browser, page, files, less_motion)
    except LookupError as error:
        missing(str(error))
        raise
