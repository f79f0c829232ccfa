"""The forward pass, written out from its definition as sympy expressions.

    y[p,q] = sum over r, s of x[p*u + r*d - top, q*v + s*e - left] * f[r,s]

where x is 0 outside the input; with an input dilation l, x stands at every l-th place and is 0
between.  A transposed convolution scatters each x[m] f[r] into y[m*u + r*d - lo].  It is the start
of the derivative road: nothing here knows the operators that the closed forms are made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import sympy

from symconv.equation import Element
from symconv.geometry import Axis, Geometry
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
            pixel = tuple(
                _read(axis, p, r) for axis, p, r in zip(geometry.axes, window, tap, strict=True)
            )
            read = tuple(m for m in pixel if m is not None)
            if len(read) == len(pixel):
                products.append(symbol(Element("X", read)) * symbol(Element("F", tap)))
        yield window, total(products)


def _read(axis: Axis, p: int, r: int) -> int | None:
    """Return the input element that filter element r reads in window p, None for a zero.

    A transposed convolution has y[m*u + r*d - lo] += x[m] f[r]: it reads m = (p + lo - r*d) / u.
    """
    if axis.transposed:
        place, step = p + axis.padding[0] - r * axis.dilation, axis.stride
    else:
        place, step = p * axis.stride + r * axis.dilation - axis.padding[0], axis.input_dilation
    m, between = divmod(place, step)
    return m if between == 0 and 0 <= m < axis.input else None
