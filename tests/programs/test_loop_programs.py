"""Loop programs are proved for every size; their mutants are wrong somewhere, and not proved."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from benchmarks.loop_programs import LOOPS
from benchmarks.read_programs import right_program, tried

FOLDER = TemporaryDirectory()


@cache
def program(name):
    """Return a right program with its binding and sizes."""
    return right_program(name, LOOPS[name], Path(FOLDER.name))


def judged(name, text, number):
    """Return what a program computes, and what is proved of it."""
    return tried(program(name), text, Path(FOLDER.name) / f"{name}_{number}.py", sizes=14)


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_program_is_proved(name):
    found = judged(name, LOOPS[name], "right")
    assert not found.wrong
    assert not found.reasons
    assert {"dX", "dF"} <= found.proved


MUTANTS = [
    ("scalars", "dx[n, c, h, v] +=", "dx[n, c, h, v] =", "dX"),
    ("scalars", "db[k] += dy", "db[k] = dy", "db"),
    ("scalars", "0 <= h < H and 0 <= v < W:\n                                    dw",
     "0 < h < H and 0 <= v < W:\n                                    dw", "dF"),
    ("scalars", "dx, dw, db = np.zeros(x.shape)", "dx, dw, db = x", "dX"),
    ("scalars", "x[n, c, h, v] * dy[n, k, p, q]", "x[n, c, h, v] * dy[0, k, p, q]", "dF"),
    ("scalars", "+ s - pad\n                                if 0 <= h < H and 0 <= v < W:\n   "
     "                                 dw", "+ s - stride\n                                if 0 "
     "<= h < H and 0 <= v < W:\n                                    dw", "dX"),
    ("skipping", "g.T @ x[:, :, h, v]", "g.T @ x[:, :, h - 1, v]", "dF"),
    ("skipping", "dx[:, :, h, v] += g", "dx[:, :, v, h] += g", "dX"),
    ("windows", "dw[k] += xp", "dw[k] = xp", "dF"),
    ("windows", "dxp[:, :, pad:pad + H, pad:pad + W]", "dxp[:, :, pad:-pad, pad:-pad]", "dX"),
    ("windows", "dxp[:, :, pad:pad + H, pad:pad + W]", "dxp[:, :, :H, :W]", "dX"),
    ("windows", "dxp = np.zeros(xp.shape)", "dxp = xp", "dX"),
    ("windows", "dy.sum(axis=(0, 2, 3))", "dy.sum(axis=(0, 2))", "db"),
    ("windows", "for q in range(Q):\n                    h, v", "for q in range(Q - 1):\n"
     "                    h, v", "dX"),
    ("cases", "    if pad > 0:\n", "    if pad >= 0:\n", "dX"),
    ("cases", "dx_pad[:, :, rows, cols] += w[f] * d", "dx_pad[:, :, cols, rows] += w[f] * d", "dX"),
    ("channels_last", "'nhwc,nk->hwck', patch, g)", "'nhwc,nk->hwck', patch, g[::-1])", "dF"),
    ("channels_last", "i * sh:i * sh + kh, j * sw:j * sw + kw, :] +=",
     "i * sh:i * sh + kh, j * sh:j * sh + kw, :] +=", "dX"),
    ("dilated", "dw[:, :, r, s] = np", "dw[:, :, s, r] = np", "dF"),
    ("dilated", "slice(r * d, r * d + u * (P - 1) + 1, u)\n            cols = slice(s * e, s * e"
     " + v * (Q - 1) + 1, v)\n            dw", "slice(r * u, r * u + d * (P - 1) + 1, d)\n"
     "            cols = slice(s * e, s * e + v * (Q - 1) + 1, v)\n            dw", "dF"),
    ("one_axis", "a = p * stride", "a = p * stride - padding", "dX"),
    ("one_axis", "dxp[:, :, padding:padding + x.shape[2]]", "dxp[:, :, padding:]", "dX"),
    ("one_axis_scalars", "w[k] * dy[i]", "w[-k] * dy[i]", "dX"),
    ("three_axes", "range(dy.shape[4])", "range(dy.shape[3])", "dX"),
    ("plane", "kernel[::-1, ::-1]", "kernel", "dX"),
    ("plane", "((h - 1, h - 1), (w - 1, w - 1))", "((w - 1, w - 1), (h - 1, h - 1))", "dX"),
    ("flipped", "np.flip(dw, axis=(2, 3))", "np.flip(dw, axis=(1, 2))", "dF"),
    ("grouped", "dxp[:, g * Cg:(g + 1) * Cg, rows, cols] +=", "dxp[:, :Cg, rows, cols] +=", "dX"),
    ("columns", "self.W.reshape(K, -1))", "self.W.reshape(-1, K).T)", "dX"),
    ("columns", "col = col.reshape(N, P, Q, C, R, S)",
     "col = col.reshape(N, P, Q, C, S, R).transpose(0, 1, 2, 3, 5, 4)", "dX"),
    ("same", "before = self.k // 2\n        self.dw", "before = (self.k - 1) // 2\n        self.dw",
     "dX"),
    ("carried", "total = 0\n", "total = 1\n", "dF"),
    ("carried", "                    total = 0\n", "", "dF"),
    ("helpers", "here += np.tensordot", "here = here + np.tensordot", "dX"),
    ("helpers", "dW = np.zeros_like(W)", "dW = W", "dF"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "right", "wrong", "gradient"), MUTANTS)
def test_a_wrong_gradient_is_not_proved(name, right, wrong, gradient):
    text = LOOPS[name]
    assert right in text
    number = MUTANTS.index((name, right, wrong, gradient))
    found = judged(name, text.replace(right, wrong), number)
    assert gradient in found.wrong
    assert gradient not in found.proved
