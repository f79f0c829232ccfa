"""Wrong closed forms, each as somebody has published it, with a size that shows it.

Every mutant stands beside the right form: what proves the one must refute the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from symconv.formula.nodes import Correlate, Dilate, Leaf, Node, Pad, Rotate
from symconv.geometry import Geometry

X, F, dY = Leaf("X"), Leaf("F"), Leaf("dY")
ONE = (1, 1)


@dataclass(frozen=True)
class Mutant:
    """A wrong formula for ``gradient``; ``shows`` is whether shape or element gives it away."""

    gradient: str
    formula: Callable[[Geometry], Node]
    sizes: Geometry
    shows: str


def _dx(g, amounts, dilated=None, by=None, spread=None):
    dilated = Dilate(dY, g.stride) if dilated is None else dilated
    return Correlate(
        Pad(dilated, amounts), Rotate(F) if by is None else by, ONE, spread or g.dilation
    )


def _df(g, amounts, steps=None, stride=None, dilation=ONE):
    return Correlate(Pad(X, amounts), Dilate(dY, steps or g.stride), stride or g.dilation, dilation)


def right_amounts(g):
    """Return the padding of the right dX, written out once more."""
    return tuple(
        (d * (R - 1) - lo, d * (R - 1) - hi + (H + lo + hi - d * (R - 1) - 1) % u)
        for H, R, u, d, (lo, hi) in zip(
            g.input, g.filter, g.stride, g.dilation, g.padding, strict=True
        )
    )


def right_crop(g):
    """Return the padding of X in the right dF, written out once more."""
    return tuple(
        (lo, hi - (H + lo + hi - d * (R - 1) - 1) % u)
        for H, R, u, d, (lo, hi) in zip(
            g.input, g.filter, g.stride, g.dilation, g.padding, strict=True
        )
    )


def right(g, gradient):
    """Return the right closed form of dX or dF."""
    return _dx(g, right_amounts(g)) if gradient == "dX" else _df(g, right_crop(g))


def _swapped(pair):
    return pair[::-1]


MUTANTS = {
    "dX-no-rotation": Mutant(
        "dX", lambda g: _dx(g, right_amounts(g), by=F), Geometry.of(5, 3, 2), "element"
    ),
    "dX-padded-by-the-stride": Mutant(
        "dX", lambda g: _dx(g, tuple((u, u) for u in g.stride)), Geometry.of(9, 3, 3), "shape"
    ),
    "dX-padded-by-the-stride-before": Mutant(
        "dX",
        lambda g: _dx(
            g,
            tuple((u, lo + hi - u) for u, (lo, hi) in zip(g.stride, right_amounts(g), strict=True)),
        ),
        Geometry.of(6, 3, 3),
        "element",
    ),
    "dX-padded-R-1-with-a-remainder": Mutant(
        "dX",
        lambda g: _dx(g, tuple((R - 1, R - 1) for R in g.filter)),
        Geometry.of(6, 3, 2),
        "shape",
    ),
    "dX-remainder-before": Mutant(
        "dX",
        lambda g: _dx(g, tuple(map(_swapped, right_amounts(g)))),
        Geometry.of(6, 3, 2),
        "element",
    ),
    "dX-N-plus-K-mod-u": Mutant(
        "dX",
        lambda g: _dx(
            g,
            tuple(
                (R - 1, R - 1 + (H + R) % u)
                for H, R, u in zip(g.input, g.filter, g.stride, strict=True)
            ),
        ),
        Geometry.of(8, 2, 3),
        "shape",
    ),
    "dX-u-zeros-between": Mutant(
        "dX",
        lambda g: _dx(g, right_amounts(g), Dilate(dY, tuple(u + 1 for u in g.stride))),
        Geometry.of(5, 3, 2),
        "shape",
    ),
    "dX-u-zeros-between-and-shorter-padding": Mutant(
        "dX",
        lambda g: _dx(
            g,
            tuple(
                (lo, hi - (P - 1)) for P, (lo, hi) in zip(g.output, right_amounts(g), strict=True)
            ),
            Dilate(dY, tuple(u + 1 for u in g.stride)),
        ),
        Geometry.of(5, 3, 2),
        "element",
    ),
    "dX-axes-swapped-in-the-padding": Mutant(
        "dX", lambda g: _dx(g, right_amounts(g)[::-1]), Geometry.of(5, (3, 2)), "shape"
    ),
    "dX-axes-swapped-in-the-stride": Mutant(
        "dX",
        lambda g: _dx(g, right_amounts(g), Dilate(dY, g.stride[::-1])),
        Geometry.of((7, 7), (3, 3), (1, 2)),
        "shape",
    ),
    "dX-missing-crop": Mutant(
        "dX",
        lambda g: _dx(g, tuple((max(lo, 0), max(hi, 0)) for lo, hi in right_amounts(g))),
        Geometry.of(4, 3, 2, 4),
        "shape",
    ),
    "dX-filter-not-dilated": Mutant(
        "dX", lambda g: _dx(g, right_amounts(g), spread=ONE), Geometry.of(7, 2, 1, 0, 3), "shape"
    ),
    "dX-padding-forgotten": Mutant(
        "dX",
        lambda g: _dx(g, tuple((R - 1, R - 1) for R in g.filter)),
        Geometry.of(5, 3, 2, 1),
        "shape",
    ),
    "dF-missing-crop": Mutant("dF", lambda g: _df(g, g.padding), Geometry.of(6, 3, 2), "shape"),
    "dF-crop-before": Mutant(
        "dF", lambda g: _df(g, tuple(map(_swapped, right_crop(g)))), Geometry.of(6, 3, 2), "element"
    ),
    "dF-stride-and-dilation-exchanged": Mutant(
        "dF",
        lambda g: _df(g, right_crop(g), steps=g.dilation, stride=g.stride),
        Geometry.of(7, 2, 3, 0, 2),
        "element",
    ),
    "dF-stride-and-dilation-exchanged-without-dilation": Mutant(
        "dF",
        lambda g: _df(g, right_crop(g), steps=g.dilation, stride=g.stride),
        Geometry.of(5, 3, 2),
        "shape",
    ),
    "dF-u-zeros-between": Mutant(
        "dF",
        lambda g: _df(g, right_crop(g), steps=tuple(u + 1 for u in g.stride)),
        Geometry.of(5, 3, 2),
        "shape",
    ),
    "dF-not-dilated": Mutant(
        "dF", lambda g: _df(g, right_crop(g), steps=ONE), Geometry.of(5, 3, 2), "shape"
    ),
    "dF-axes-swapped-in-the-stride": Mutant(
        "dF",
        lambda g: _df(g, right_crop(g), steps=g.stride[::-1]),
        Geometry.of((9, 5), (3, 3), (2, 1)),
        "shape",
    ),
    "dF-rotated": Mutant(
        "dF", lambda g: Rotate(_df(g, right_crop(g))), Geometry.of(5, 3, 2), "element"
    ),
}

mutants = pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS.keys())
"""Run a test on every mutant."""
