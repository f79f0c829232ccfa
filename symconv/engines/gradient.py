"""Differentiates the forward equations by the chain rule.

    dL/dx[m,n] = sum over p, q of dL/dy[p,q] * dy[p,q]/dx[m,n]

and the same with f for x.  The local derivatives are sympy's own ``diff``; dL/dy[p,q] is a
symbol, since the loss is not ours to know.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import sympy

from symconv.equation import Element
from symconv.tensors.expressions import Expressions, leaf, symbol, total


def local_derivatives(output: sympy.Expr) -> dict[sympy.Symbol, sympy.Expr]:
    """Return dy/ds for every symbol s that occurs in the forward equation of one output."""
    return {s: sympy.diff(output, s) for s in output.free_symbols}


def gradient(y: Expressions, wrt: str, shape: tuple[int, ...]) -> Expressions:
    """Return dL/d``wrt``, of the shape of ``wrt``, from the forward equations ``y``.

    Args:
        y: the forward pass, shape (P, Q).
        wrt: ``X`` or ``F``.
        shape: (H, W) or (R, S).
    """
    symbols = leaf(wrt, shape)
    wanted = set(symbols.flat)
    chain = defaultdict(list)
    for window in np.ndindex(*y.shape):
        dy = symbol(Element("dY", window))
        for s in y[window].free_symbols & wanted:
            chain[s].append(dy * sympy.diff(y[window], s))
    array = np.empty(shape, dtype=object)
    for index in np.ndindex(*shape):
        array[index] = total(chain[symbols[index]])
    return Expressions(array)
