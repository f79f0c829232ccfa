"""Arrays of numbers from files of numpy, for ``symconv derive --values``."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from symconv.engines.engine import leaf_shapes
from symconv.errors import SymconvError
from symconv.geometry import Geometry
from symconv.notation import Notation
from symconv.readings.values import Array, zeros


def load(path: str, geometry: Geometry, notation: Notation) -> dict[str, Array]:
    """Return the arrays of a ``.npz``, by name, or the one of a ``.npy``, by its shape.

    Args:
        path: the file; nothing in it is executed.
        geometry: the sizes that the arrays must have.
        notation: whose letters name the arrays, as do X, F and dY.

    Raises:
        SymconvError: it cannot be read, or an array is unknown, of another shape, or not of
            finite real numbers.
    """
    shapes = leaf_shapes(geometry)
    given = _read(path)
    if isinstance(given, Mapping):
        names = {alias: name for name in shapes for alias in _aliases(name, notation)}
        unknown = [alias for alias in given if alias not in names]
        if unknown:
            raise SymconvError(
                f"--values {path!r} has an array {unknown[0]!r}; name them {', '.join(shapes)}"
            )
        return {names[a]: _exact(path, a, given[a], shapes[names[a]]) for a in given}
    fitting = [name for name, shape in shapes.items() if shape == given.shape]
    stem = Path(path).stem.casefold()
    named = [name for name in fitting if name.casefold() == stem] or fitting
    if len(named) != 1:
        has = " x ".join(map(str, given.shape)) or "no axes"
        known = ", ".join(f"{n} {' x '.join(map(str, s))}" for n, s in shapes.items())
        raise SymconvError(
            f"--values {path!r} holds {has}, and it must be one of {known}: "
            "change the sizes, or write an .npz with names"
        )
    return {named[0]: _exact(path, named[0], given, given.shape)}


def _aliases(name: str, notation: Notation) -> set[str]:
    if not name.startswith("d"):
        return {name, name.lower(), notation.letter(name)}
    return {name, name.lower(), f"d{notation.letter(name[1:])}"}


def _read(path: str) -> Any:
    try:
        loaded = np.load(path, allow_pickle=False)
        return dict(loaded) if isinstance(loaded, Mapping) else loaded
    except OSError as error:
        reason = error.strerror or "it is no file of numpy"
        raise SymconvError(f"cannot read --values {path!r}: {reason}") from None
    except Exception:  # numpy, zipfile and zlib raise what they like for a damaged file
        raise SymconvError(
            f"cannot read --values {path!r}: it is no .npy or .npz of numbers"
        ) from None


def _exact(path: str, alias: str, array: Any, shape: tuple[int, ...]) -> Array:
    """Return an array as exact numbers: what a float is, is a fraction."""
    if array.shape != shape:
        has, needs = (" x ".join(map(str, s)) or "no axes" for s in (array.shape, shape))
        raise SymconvError(f"--values {path!r}: {alias} is {has}, and must be {needs}")
    if array.dtype.kind not in "iuf" or not np.isfinite(array).all():
        raise SymconvError(
            f"--values {path!r}: {alias} is of {array.dtype}; it must hold finite real numbers"
        )
    made = zeros(shape)
    for index in np.ndindex(*shape):
        number = array[index]
        made[index] = int(number) if array.dtype.kind in "iu" else _exactly(number)
    return made


def _exactly(number: np.floating[Any]) -> int | Fraction:
    exact = Fraction(*number.as_integer_ratio())
    return exact.numerator if exact.denominator == 1 else exact
