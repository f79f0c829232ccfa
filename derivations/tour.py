"""Make the notebook that shows symconv in Python, with the outputs of running it now:

python derivations/tour.py -o docs/tour.ipynb
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
Cell = nbformat.NotebookNode

PLACES = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR")
"""The variables that say where a kernel keeps what is its own."""

SECONDS = 300
"""How long a cell may take."""


def text(source: str) -> Cell:
    """Return a cell of Markdown."""
    return nbformat.v4.new_markdown_cell(source.strip())


def code(source: str) -> Cell:
    """Return a cell of Python."""
    return nbformat.v4.new_code_cell(source.strip())


CELLS = (
    text(
        """\
# A tour of symconv

symconv derives the gradients of a convolution, proves them, draws them, and finds the wrong ones
in documents. Run the cells as they are, or change the sizes. This notebook is made, outputs and
all, by `python derivations/tour.py -o docs/tour.ipynb`.
"""
    ),
    code(
        """\
from symconv import check, derive, figure, prove

d = derive(input=6, filter=3, stride=2)
d
"""
    ),
    text(
        """\
A 6x6 input, a 3x3 filter, stride 2: both gradients as dilate-pad-rotate convolutions, and what is
proved of them. The padding `(2, 3)` is not the textbook's `R - 1` on both sides: no window reaches
the last row and column, and the gradient there is 0.
"""
    ),
    code(
        """\
d.input_gradient[2, 2], d.input_gradient[5, 5], d.geometry.remainder
"""
    ),
    text(
        """\
Elements are sympy expressions, and the same at any size.
"""
    ),
    code(
        """\
figure("input-gradient", input=5, filter=3, stride=2, step=13)
"""
    ),
    text(
        """\
Without `step` the window moves, in a browser. `.save("slide.svg")` writes it, or `.png`, `.gif`.

## Every size

A proof at one size says nothing of others. `prove` judges a formula for all of them:
"""
    ),
    code(
        """\
textbook = prove("dX == correlate(pad(dilate(dY, (u, v)), (R-1, S-1)), rotate(F))")
textbook
"""
    ),
    text(
        """\
It is refuted by an example that one can check by hand, and mended. Where the stride divides what it
should, it holds:
"""
    ),
    code(
        """\
exact = prove(
    "dX == correlate(pad(dilate(dY, (u, v)), (R-1, S-1)), rotate(F))",
    where=["(H-R) % u == 0", "(W-S) % v == 0"],
)
exact.assert_proved()
exact
"""
    ),
    text(
        """\
`assert_proved()` and `assert_refuted()` are for tests; a judgement by itself is neither true nor
false. The derivation for symbolic sizes gives the same formula, rule by rule:
"""
    ),
    code(
        """\
derive(symbolic=True)
"""
    ),
    text(
        """\
## Layers, and a lecturer's names
"""
    ),
    code(
        """\
derive(input=6, filter=3, stride=2, channels=3, filters=4, bias=True, names="X,W,O")
"""
    ),
    text(
        """\
## Somebody's notes
"""
    ),
    code(
        r'''
notes = r"""
$$o_{1} = x_{1}w_{1} + x_{2}w_{2}$$

$$o_{2} = x_{2}w_{1} + x_{1}w_{2}$$

$$o_{3} = x_{3}w_{1} + x_{4}w_{2}$$

$$o_{4} = x_{4}w_{1} + x_{5}w_{2}$$
"""
found = check(notes)
found
'''.lstrip()
    ),
    code(
        """\
found.agree, found.wrong, found.not_judged
"""
    ),
    text(
        """\
`check` takes a file or a folder as well, and `found.assert_agrees()` is for tests.

## For a paper or a program
"""
    ),
    code(
        """\
print(d.latex())
"""
    ),
    code(
        """\
import json

[*json.loads(d.to_json())]
"""
    ),
)
"""What the notebook holds, in order."""


def notebook() -> Cell:
    """Return the notebook without outputs."""
    for number, cell in enumerate(CELLS):
        cell["id"] = f"cell-{number}"  # and not by chance
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(
        cells=list(CELLS), metadata={"kernelspec": kernel, "language_info": {"name": "python"}}
    )


def executed() -> str:
    """Return the notebook with its outputs, as a file holds it."""
    made = notebook()
    with tempfile.TemporaryDirectory() as own:  # whatever is configured for somebody's notebooks
        os.environ |= dict.fromkeys(PLACES, own)
        manager = AsyncKernelManager(kernel_name="python3", transport="ipc")  # and no open port
        client = NotebookClient(made, manager, timeout=SECONDS, record_timing=False)
        client.execute(cwd=str(ROOT), cleanup_kc=True)
    made.metadata["language_info"] = {"name": "python"}  # and not of which version
    return nbformat.writes(made) + "\n"


def main(arguments: list[str]) -> None:
    """Write the notebook to what follows -o."""
    target = Path(arguments[arguments.index("-o") + 1])
    target.write_text(executed(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
