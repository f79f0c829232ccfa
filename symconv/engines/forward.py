"""The forward pass, written out from its definition as sympy expressions.

    y[p,q] = sum over r, s of x[p*u + r*d - top, q*v + s*e - left] * f[r,s]

where x is 0 outside the input; with an input dilation l, x stands at every l-th place and is 0
between.  It is the start of the derivative road: nothing here knows the
operators that the closed forms are made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import sympy

from symconv.equation import Element
from symconv.geometry import Geometry
from symconv.tensors.expressions import Expressions, symbol, total


def forward(geometry: Geometry) -> Expressions:
    """Return Y, shape (P, Q), as sums of products x f.

    >>> print(forward(Geometry.of(3, 2))[0, 1])
    f_00*x_01 + f_01*x_02 + f_10*x_11 + f_11*x_12
    """
    array = np.empty(geometry.output, dtype=object)
    for window, expression in outputs(geometry, np.ndindex(*geometry.output)):
        array[window] = expression
    return Expressions(array)


def outputs(
    geometry: Geometry,
    windows: Iterable[tuple[int, ...]],
    taps: Sequence[tuple[int, ...]] | None = None,
) -> Iterator[tuple[tuple[int, ...], sympy.Expr]]:
    """Yield (window, y at that window) for each of the ``windows``.

    With ``taps``, only the products of these filter elements are written out.
    """
    for window in windows:
        products = []
        for tap in taps or np.ndindex(*geometry.filter):
            places = [
                p * axis.stride + r * axis.dilation - axis.padding[0]
                for axis, p, r in zip(geometry.axes, window, tap, strict=True)
            ]
            pixel = tuple(
                place // axis.input_dilation
                for axis, place in zip(geometry.axes, places, strict=True)
            )
            if all(
                place % axis.input_dilation == 0 and 0 <= m < axis.input
                for axis, place, m in zip(geometry.axes, places, pixel, strict=True)
            ):
                products.append(symbol(Element("X", pixel)) * symbol(Element("F", tap)))
        yield window, total(products)
