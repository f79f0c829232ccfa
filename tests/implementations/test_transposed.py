"""Transposed convolutions are recognised, and their gradients judged."""

import pytest
from implementations.test_right_programs import judged

from symconv.implementations import plan
from symconv.implementations.report import GradientVerdict

LOOPS = """\
import numpy as np

def conv_transpose2d(x, w, b, stride=1, padding=0, output_padding=0):
    N, C, H, W = x.shape
    _, K, R, S = w.shape
    P, Q = (H - 1) * stride + R + output_padding, (W - 1) * stride + S + output_padding
    y = np.zeros((N, K, P, Q))
    for i in range(H):
        for j in range(W):
            part = np.einsum('nc,ckrs->nkrs', x[:, :, i, j], w)
            y[:, :, i * stride:i * stride + R, j * stride:j * stride + S] += part
    return y[:, :, padding:P - padding, padding:Q - padding] + b[:, None, None]

def conv_transpose2d_backward(dy, x, w, stride=1, padding=0, output_padding=0):
    N, C, H, W = x.shape
    _, K, R, S = w.shape
    sides = (padding, padding)
    dyp = np.pad(dy, ((0, 0), (0, 0), sides, sides))
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for i in range(H):
        for j in range(W):
            window = dyp[:, :, i * stride:i * stride + R, j * stride:j * stride + S]
            dx[:, :, i, j] = np.einsum('nkrs,ckrs->nc', window, w)
            dw += np.einsum('nc,nkrs->ckrs', x[:, :, i, j], window)
    return dx, dw, dy.sum(axis=(0, 2, 3))
"""

CLASS = """\
import numpy as np

class Upsampling:
    def __init__(self, in_channels, out_channels, kernel_size, stride=1):
        self.W = np.random.randn(in_channels, out_channels, kernel_size)
        self.b = np.zeros(out_channels)
        self.stride = stride

    def forward(self, x):
        self.x = x
        N, C, H = x.shape
        _, K, R = self.W.shape
        y = np.zeros((N, K, (H - 1) * self.stride + R))
        for i in range(H):
            y[:, :, i * self.stride:i * self.stride + R] += np.tensordot(x[:, :, i], self.W, 1)
        return y + self.b[None, :, None]

    def backward(self, dout):
        dx, self.dW = np.zeros_like(self.x), np.zeros_like(self.W)
        for i in range(self.x.shape[2]):
            window = dout[:, :, i * self.stride:i * self.stride + self.W.shape[2]]
            dx[:, :, i] = np.tensordot(window, self.W, ((1, 2), (1, 2)))
            self.dW += np.tensordot(self.x[:, :, i], window, ((0,), (0,)))
        self.db = dout.sum((0, 2))
        return dx
"""


@pytest.fixture(autouse=True)
def _few_sizes(monkeypatch):
    monkeypatch.setattr(plan, "MOST", 8)
    monkeypatch.setattr(plan, "_POOL", 240)


def report_of(tmp_path, text):
    path = tmp_path / "transposed_program.py"
    path.write_text(text)
    (report,) = judged(path)
    return report


@pytest.mark.parametrize("text", [LOOPS, CLASS], ids=["names", "no names"])
def test_a_transposed_layer_is_right(tmp_path, text):
    report = report_of(tmp_path, text)
    assert report.forward == "transposed correlation, with bias"
    assert [each.verdict for each in report.gradients] == [GradientVerdict.RIGHT] * 3
    assert not report.is_wrong
    assert any(sizes.geometry.transposed for sizes, _ in report.geometries)
    padded = [max(sizes.geometry.output_padding) for sizes, outcome in report.geometries]
    assert (max(padded) > 0) == (text is LOOPS)


@pytest.mark.parametrize(
    ("right", "wrong", "gradient", "code", "where"),
    [
        ("ckrs->nc', window, w)", "ckrs->nc', window, w[:, :, ::-1, ::-1])", "dX", "V103", "R > 1"),
        ("dw += ", "dw = ", "dF", "V112", "H > 1 or W > 1"),
        ("dy.sum(axis=(0, 2, 3))", "dy[-1].sum(axis=(1, 2))", "db", "V201", "N > 1"),
    ],
)  # fmt: skip
def test_its_mutant_is_wrong(tmp_path, right, wrong, gradient, code, where):
    assert right in LOOPS
    report = report_of(tmp_path, LOOPS.replace(right, wrong))
    assert report.forward_right
    (fault,) = (each for each in report.gradients if each.name == gradient)
    assert (fault.verdict, fault.code) == (GradientVerdict.WRONG, code)
    assert where in fault.where
    if fault.formula and gradient == "dX":
        assert "F[c,k,r,s] with p = " in fault.belongs


def test_a_true_convolution_with_full_padding_is_none(tmp_path):
    text = """\
import numpy as np

def conv_full(x, w, stride=1):
    R, S = w.shape
    xp = np.pad(x, ((R - 1, R - 1), (S - 1, S - 1)))
    P, Q = (xp.shape[0] - R) // stride + 1, (xp.shape[1] - S) // stride + 1
    y = np.zeros((P, Q))
    for p in range(P):
        for q in range(Q):
            window = xp[p * stride:p * stride + R, q * stride:q * stride + S]
            y[p, q] = np.sum(window * w[::-1, ::-1])
    return y

def conv_full_backward(dy, x, w, stride=1):
    R, S = w.shape
    dxp = np.zeros((x.shape[0] + 2 * R - 2, x.shape[1] + 2 * S - 2))
    for p in range(dy.shape[0]):
        for q in range(dy.shape[1]):
            dxp[p * stride:p * stride + R, q * stride:q * stride + S] += dy[p, q] * w[::-1, ::-1]
    return dxp[R - 1:R - 1 + x.shape[0], S - 1:S - 1 + x.shape[1]]
"""
    report = report_of(tmp_path, text)
    assert report.forward == "true convolution"
    assert report.gradients[0].verdict is GradientVerdict.RIGHT
