"""Functions of PyTorch and JAX that have a gradient of their own are judged."""

import pytest

from symconv.implementations import source, trials
from symconv.implementations.frameworks import ArrayKind, kind_of
from symconv.implementations.judge import Examiner, Outcome
from symconv.implementations.local import LocalSubject

CUSTOM_VJP = """\
from functools import partial
import jax
import jax.numpy as jnp

@partial(jax.custom_vjp, nondiff_argnums=(2,))
def conv1d(x, w, stride):
    windows = [x[:, :, p:p + w.shape[2]] for p in range(0, x.shape[2] - w.shape[2] + 1, stride)]
    return jnp.einsum("pncr,kcr->nkp", jnp.stack(windows), w)

def conv1d_fwd(x, w, stride):
    return conv1d(x, w, stride), (x, w)

def conv1d_bwd(stride, kept, g):
    x, w = kept
    dx, dw = jnp.zeros(x.shape), jnp.zeros(w.shape)
    for p in range(g.shape[2]):
        at = slice(p * stride, p * stride + w.shape[2])
        dx = dx.at[:, :, at].add(jnp.einsum("nk,kcr->ncr", g[:, :, p], w))
        dw += jnp.einsum("nk,ncr->kcr", g[:, :, p], x[:, :, at])
    return dx, dw

conv1d.defvjp(conv1d_fwd, conv1d_bwd)
"""

FUNCTION = """\
import torch

class Conv2dFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, stride=1, padding=0):
        ctx.save_for_backward(x, weight)
        ctx.stride, ctx.padding = stride, padding
        return torch.nn.functional.conv2d(x, weight, bias, stride, padding)

    @staticmethod
    def backward(ctx, grad_output):
        x, weight = ctx.saved_tensors
        said = {"stride": ctx.stride, "padding": ctx.padding}
        dx = torch.nn.grad.conv2d_input(x.shape, weight, grad_output, **said)
        dw = torch.nn.grad.conv2d_weight(x, weight.shape, grad_output, **said)
        return dx, dw, grad_output.sum((0, 2, 3)), None, None
"""

MODULE = """\
import torch

class Convolution(torch.nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        shape = (out_channels, in_channels, kernel_size, kernel_size)
        self.weight = torch.nn.Parameter(torch.randn(shape))

    def forward(self, x):
        self.x = x
        return torch.nn.functional.conv2d(x, self.weight)

    def backward(self, dout):
        self.dweight = torch.nn.grad.conv2d_weight(self.x, self.weight.shape, dout)
        return torch.nn.grad.conv2d_input(self.x.shape, self.weight, dout)
"""


REASONS = {"torch": "PyTorch is not installed", "jax": "JAX is not installed"}


def outcomes(tmp_path, text, library):
    """Return what the gradients of a program are at the sizes at which it was bound."""
    pytest.importorskip(library, reason=REASONS[library])
    path = tmp_path / "layers.py"
    path.write_text(text)
    (implementation,) = source.candidates(source.load(str(path)))
    found = trials.find(implementation, {})
    assert found.binding.arrays.value == library
    assert found.reading is not None
    examiner = Examiner(LocalSubject(implementation, found), found.interface)
    seen = examiner.examine(found.base)
    assert "hold numbers alone" in seen.looked
    assert not seen.every_input
    return seen.gradients


CASES = [
    (CUSTOM_VJP, "jax", "", "", None),
    (CUSTOM_VJP, "jax", "dw += jnp", "dw = jnp", "dF"),
    (FUNCTION, "torch", "", "", None),
    (FUNCTION, "torch", "return dx, dw, grad_output", "return dx, 2 * dw, grad_output", "dF"),
    (MODULE, "torch", "", "", None),
    (MODULE, "torch", "return torch.nn.grad", "return -torch.nn.grad", "dX"),
]


@pytest.mark.parametrize(("text", "library", "right", "wrong", "gradient"), CASES)
def test_a_function_of_a_library_is_judged(tmp_path, text, library, right, wrong, gradient):
    assert right in text
    found = outcomes(tmp_path, text.replace(right, wrong) if right else text, library)
    assert {Outcome.RIGHT, Outcome.WRONG} >= {*found.values()}
    assert [name for name, outcome in found.items() if outcome is Outcome.WRONG] == (
        [gradient] if gradient else []
    )


def test_a_library_that_is_not_there_is_one_line(run, tmp_path):
    path = tmp_path / "layers.py"
    path.write_text(FUNCTION.replace("torch", "torch_that_is_not_there"))
    done = run("verify", str(path))
    assert done.status == 2
    (line,) = done.err.splitlines()
    assert "No module named 'torch_that_is_not_there'" in line
    assert "pip install" in line


COMPARED = """\
import jax
import numpy as np

def conv_forward(x, w):
    return np.convolve(x, w)

def compared(x, w):
    return jax.numpy.abs(conv_forward(x, w) - jax.numpy.convolve(x, w))

def conv_jax(x, w):
    return added(x * w)

def added(x):
    return jax.numpy.sum(x)
"""


def test_whose_arrays_a_function_takes_is_seen_in_what_it_calls(tmp_path):
    pytest.importorskip("jax", reason=REASONS["jax"])
    path = tmp_path / "layers.py"
    path.write_text(COMPARED)
    module = source.load(str(path))
    assert kind_of([module.conv_forward]) is ArrayKind.NUMPY
    assert kind_of([module.conv_jax]) is ArrayKind.JAX
