"""Write docs/backward-passes.md: ten wrong backward passes, and what `symconv verify` says of each.

python derivations/backward_passes.py -o docs/backward-passes.md
python derivations/backward_passes.py --figure stride -o docs/pictures/backward-stride.svg
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

RIGHT = """\
import numpy as np


def conv_forward(x, w, b, stride=1, pad=0):
    R, S = w.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    P, Q = (xp.shape[2] - R) // stride + 1, (xp.shape[3] - S) // stride + 1
    y = np.zeros((x.shape[0], w.shape[0], P, Q))
    for p in range(P):
        for q in range(Q):
            window = xp[:, :, p * stride : p * stride + R, q * stride : q * stride + S]
            y[:, :, p, q] = np.einsum("ncrs,kcrs->nk", window, w) + b
    return y, (x, w, stride, pad)


def conv_backward(dy, cache):
    x, w, stride, pad = cache
    N, C, H, W = x.shape
    K, _, R, S = w.shape
    P, Q = dy.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for p in range(P):
        for q in range(Q):
            i, j = p * stride, q * stride
            dw += np.einsum("ncrs,nk->kcrs", xp[:, :, i : i + R, j : j + S], dy[:, :, p, q])
            dxp[:, :, i : i + R, j : j + S] += np.einsum("kcrs,nk->ncrs", w, dy[:, :, p, q])
    dx = dxp[:, :, pad : pad + H, pad : pad + W]
    db = dy.sum(axis=(0, 2, 3))
    return dx, dw, db
"""

WRONG = (
    ("An empty slice", "pad : pad + H, pad : pad + W", "pad:-pad, pad:-pad"),
    ("The padding is not taken off", "pad : pad + H, pad : pad + W", ":H, :W"),
    ("= where += belongs", "dw += np.einsum", "dw = np.einsum"),
    ("The last image alone", "db = dy.sum(axis=(0, 2, 3))", "db = dy[-1].sum(axis=(1, 2))"),
    ("The stride is forgotten", "i, j = p * stride, q * stride", "i, j = p, q"),
    ("The filter is turned", '"kcrs,nk->ncrs", w,', '"kcrs,nk->ncrs", w[:, :, ::-1, ::-1],'),
    ("A loop ends too early", "for p in range(P):\n        for q in range(Q):\n            i, j",
     "for p in range(P - 1):\n        for q in range(Q):\n            i, j"),
    ("Height for width", "i, j = p * stride, q * stride", "i, j = p * stride, p * stride"),
    ("A mean of one gradient alone", "db = dy.sum(axis=(0, 2, 3))",
     "db = dy.mean(axis=(0, 2, 3))"),
    ("The input is changed", "dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)",
     "dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)\n    dy *= 1.5\n    dy /= 3"),
)  # fmt: skip
"""A title, the right lines, and the wrong ones."""

FIGURES = {
    "padding": "The padding is not taken off",
    "sum": "= where += belongs",
    "stride": "The stride is forgotten",
}
"""The faults whose wrong terms are drawn, by the name of the picture."""

INTRODUCTION = """\
# Ten wrong backward passes

What [`symconv verify`](verify.md) says of ten faults that a gradient check at one size often
passes. Each is one change of the program at the end. Made by `derivations/backward_passes.py`.

The pictures are `symconv verify layers.py --figure terms.svg`: the wrong elements of the gradient,
the products that one of them is the sum of, each at its window, and those that belong. Wrong
formulas, the remainder above all, are drawn by `symconv figure wrong` ([gallery](gallery.md)).
"""

PICTURE = """\
<picture>
  <source media="(prefers-color-scheme: dark)" srcset="pictures/backward-{name}-dark.svg">
  <img alt="Terms that are there, and terms that belong" src="pictures/backward-{name}.svg">
</picture>
"""


def verified(text: str, *options: str) -> str:
    """Return what the command prints of a program in which something is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "layers.py").write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "symconv", "verify", "layers.py", *options]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 1:
        raise SystemExit(f"not found wrong: {done.stdout}{done.stderr}")
    return done.stdout


def draw(name: str, target: str, dark: bool) -> None:
    """Write the figure of the wrong terms of a fault."""
    title = FIGURES[name]
    (changes,) = ([right, wrong] for each, right, wrong in WRONG if each == title)
    path = str(Path(target).resolve())
    verified(RIGHT.replace(*changes), "--figure", path, *["--dark"] * dark)


def said(text: str) -> str:
    """Return what the command says of a program, without what it says of all of them."""
    lines = verified(text).splitlines()
    return "\n".join(line for line in lines if not line.startswith(("  read as", "  not said")))


def page() -> str:
    """Return the page."""
    parts = [INTRODUCTION]
    for title, right, wrong in WRONG:
        assert RIGHT.count(right) == 1, title
        changed = RIGHT.replace(right, wrong)
        old, new = RIGHT.splitlines(), changed.splitlines()
        shown = [line.strip() for line in new if line not in old]
        parts.append(f"## {title}\n\n```text\n{chr(10).join(shown)}\n```\n")
        parts.append(f"```text\n{said(changed)}\n```\n")
        parts += [PICTURE.format(name=name) for name, drawn in FIGURES.items() if drawn == title]
    parts.append(f"## The right program\n\n```text\n{RIGHT}```\n")
    return "\n".join(parts)


def main() -> None:
    """Write the page, or one of its pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--figure", choices=FIGURES)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("-o", "--output", required=True)
    given = parser.parse_args()
    if given.figure is not None:
        draw(given.figure, given.output, given.dark)
    else:
        Path(given.output).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
