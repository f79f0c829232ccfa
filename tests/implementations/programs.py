"""A small right program, and what stands in its backward pass."""

FORWARD = """
import numpy as np

def conv_forward(x, w):
    R, S = w.shape[2:]
    y = np.zeros((len(x), len(w), x.shape[2] - R + 1, x.shape[3] - S + 1))
    for p in range(y.shape[2]):
        for q in range(y.shape[3]):
            y[:, :, p, q] = np.einsum('ncrs,kcrs->nk', x[:, :, p:p + R, q:q + S], w)
    return y

def conv_backward(dy, x, w):
    {first}
    R, S = w.shape[2:]
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for p in range(dy.shape[2]):
        for q in range(dy.shape[3]):
            dw += np.einsum('ncrs,nk->kcrs', x[:, :, p:p + R, q:q + S], dy[:, :, p, q])
            dx[:, :, p:p + R, q:q + S] += np.einsum('kcrs,nk->ncrs', w, dy[:, :, p, q])
    return dx, dw
"""


def program(first="pass"):
    """Return a program whose backward pass begins with a statement."""
    return FORWARD.format(first=first)
