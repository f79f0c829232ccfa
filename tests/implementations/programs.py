"""A small right program, what stands in its backward pass, and what is said of files."""

from symconv.implementations import local, source, trials
from symconv.implementations.diagnosis import Named, diagnose
from symconv.implementations.judge import survey

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


def judged(path):
    """Return the reports on a file, run in this process."""
    for implementation in source.candidates(source.load(str(path))):
        found = trials.find(implementation, {})
        subject = local.LocalSubject(implementation, found)
        functions = tuple(
            (f.__name__, f.__code__.co_firstlineno)
            for f in (getattr(f, "__func__", f) for f in implementation.functions())
        )
        named = Named(str(path), implementation.name, "", subject.caller.file, functions)
        yield diagnose(named, survey(subject, found.interface, found.base))
