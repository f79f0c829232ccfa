"""`symconv.testing`, as a test suite of somebody else uses it."""

import numpy as np
import pytest

from symconv.implementations.source import ImplementationError
from symconv.testing import assert_vjp, geometries


def forward(x, w, stride=1):
    R, S = w.shape[2:]
    y = np.zeros((len(x), len(w), (x.shape[2] - R) // stride + 1, (x.shape[3] - S) // stride + 1))
    for p in range(y.shape[2]):
        for q in range(y.shape[3]):
            window = x[:, :, p * stride : p * stride + R, q * stride : q * stride + S]
            y[:, :, p, q] = np.einsum("ncrs,kcrs->nk", window, w)
    return y


def backward(dy, x, w, stride=1):
    R, S = w.shape[2:]
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for p in range(dy.shape[2]):
        for q in range(dy.shape[3]):
            i, j = p * stride, q * stride
            dw += np.einsum("ncrs,nk->kcrs", x[:, :, i : i + R, j : j + S], dy[:, :, p, q])
            dx[:, :, i : i + R, j : j + S] += np.einsum("kcrs,nk->ncrs", w, dy[:, :, p, q])
    return dx, dw


def wrong_backward(dy, x, w, stride=1):
    dx, dw = backward(dy, x, w, stride)
    return (dx if stride < 3 else -dx), dw


class Layer:
    def __init__(self, in_channels, out_channels, kernel_size):
        self.w = np.zeros((out_channels, in_channels, kernel_size, kernel_size))

    def forward(self, x):
        self.x = x
        return forward(x, self.w)

    def backward(self, dy):
        dx, self.dw = backward(dy, self.x, self.w)
        return dx


class WrongLayer(Layer):
    def backward(self, dy):
        dx, self.dw = backward(dy, self.x, self.w)
        return dx / 2


def test_a_right_pair_passes():
    assert_vjp(forward, backward)


def test_a_wrong_pair_fails_with_its_place():
    with pytest.raises(AssertionError, match="exactly where stride > 2") as failed:
        assert_vjp(forward, wrong_backward)
    assert "V205" in str(failed.value)
    assert "-1 * dX" in str(failed.value)


def test_a_right_class_passes():
    assert_vjp(Layer)


def test_a_wrong_class_fails():
    with pytest.raises(AssertionError, match="V205: dX"):
        assert_vjp(WrongLayer)


def test_what_cannot_be_called_is_said():
    with pytest.raises(ImplementationError, match="no backward function"):
        assert_vjp(forward)
    with pytest.raises(ImplementationError, match="no forward and backward"):
        assert_vjp(int)


@pytest.mark.parametrize("g", geometries(padding=False), ids=str)
def test_geometries_check_what_is_right(g):
    y = forward(g.x, g.w, g.stride)
    dx, dw = backward(g.dy, g.x, g.w, g.stride)
    g.check(y=y + g.b[:, None, None], dx=dx, dw=dw, db=g.dy.sum(axis=(0, 2, 3)))


@pytest.mark.parametrize("name", ["y", "dx", "dw", "db"])
def test_geometries_refute_what_is_wrong(name):
    g = geometries(padding="pairs", dilation="each", groups=True)[5]
    right = {"y": g.y, "dx": None, "dw": None, "db": g.dy.sum(axis=(0, 2, 3))}[name]
    if right is None:
        right = np.zeros(g.layer.input if name == "dx" else g.layer.filter)
    else:
        g.check(**{name: right})
    changed = right.copy()
    changed.flat[-1] += 1
    with pytest.raises(AssertionError, match=r"instead of"):
        g.check(**{name: changed})
    with pytest.raises(AssertionError, match="shape"):
        g.check(**{name: changed[:0]})


def test_geometries_are_few_and_as_asked():
    every = geometries(square=True, batch=False, where=lambda layer: layer.channels > 1)
    assert 0 < len(every) <= 24
    for g in every:
        assert g.layer.batch == 1 < g.layer.channels
        assert len({*g.layer.geometry.axes}) == 1
        assert not (g.dy == 1).all()
    with pytest.raises(ValueError, match="nothing to check"):
        every[0].check()
    with pytest.raises(ValueError, match="no sizes are left"):
        geometries(where=lambda layer: False)
