"""How far the tensors reach on one axis: what the explained products and the grids span."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from symconv.documents.fit import AxisFit, Triple
from symconv.documents.reading import Hints, Index
from symconv.errors import GeometryError
from symconv.geometry import Axis, Geometry

_MOST_EMPTY = 4
"""The most windows behind the input that count as windows."""


def axis_of(
    fit: AxisFit,
    columns: Sequence[Triple],
    shown: Mapping[str, int],
    base: int,
    hints: Hints,
    k: int,
    idle: Sequence[int],
    empty: Sequence[int],
) -> Axis | None:
    """Return the axis that the explained triples span, None where they contradict each other.

    ``idle`` holds how many elements the input has at least where a gradient is said to be 0,
    ``empty`` how many the output has where an element of it is.
    """

    def hinted(sizes: tuple[int, ...] | None) -> int | None:
        return sizes[k] if sizes is not None and k < len(sizes) else None

    u, d, b = fit.stride, abs(fit.dilation), base
    R = hinted(hints.filter) or max(max(r for _, r, _ in columns) + 1 - b, shown.get("F", 0))
    if fit.dilation > 0:
        low = b - b * u - b * d - fit.constant
    else:
        low = b - b * u + d * (b + R - 1) - fit.constant
    P = max(max(p for _, _, p in columns) + 1 - b, shown.get("seen Y", 0), shown.get("Y", 0))
    H = hinted(hints.input) or shown.get("X", 0)
    seen = max(m for m, _, _ in columns) + 1 - b
    if hints.padding is not None and k < len(hints.padding):
        low, high = hints.padding[k]
        H = H or max(seen, (P - 1) * u + d * (R - 1) + 1 - low - high)
    else:
        P = _windows_behind(P, fit, max([seen, *idle]), d * (R - 1) + 1, low, empty)
        H, high = _end(H, seen, P, shown.get("Y"), (R, u, d, low), idle)
    if low < 0 or H < 1:
        return None
    try:
        return Axis(H, R, u, (low, high), d)
    except GeometryError:
        return None


def _windows_behind(
    P: int, fit: AxisFit, known: int, extent: int, low: int, empty: Sequence[int]
) -> int:
    """Return the number of windows with those behind the input that are said to be 0.

    They lie wholly in padding as wide as a window; one that reaches the input says something
    else, and changes nothing here.
    """
    if P * fit.stride - low < known or extent > low:
        return P
    return max([P, *(n for n in empty if n <= P + _MOST_EMPTY)])


def _end(
    H: int,
    seen: int,
    P: int,
    whole: int | None,
    sizes: tuple[int, int, int, int],
    idle: Sequence[int],
) -> tuple[int, int]:
    """Return the input's extent and the padding behind it: as in front, unless sizes forbid it."""
    R, u, d, low = sizes
    needed = (P - 1) * u + d * (R - 1) + 1 - low
    if not H:
        H = max(seen, needed - low)
        # Elements that no window reaches are part of the input as long as no window fits there.
        H = max([H, *(n for n in idle if n + 2 * low < needed + low + u)])
    windows = (H + 2 * low - d * (R - 1) - 1) // u + 1
    if windows < P or (whole is not None and windows > whole):
        return H, needed - H
    return H, low


def denied(geometry: Geometry, base: int, idle: Sequence[Index], empty: Sequence[Index]) -> int:
    """Return how many statements that an element is 0 a geometry denies.

    Args:
        geometry: the sizes.
        base: the first index.
        idle: elements of the input whose gradient is said to be 0.
        empty: elements of the output that are said to be 0.
    """
    reached = [[set(_reached(axis, p)) for p in range(axis.output)] for axis in geometry.axes]
    rows = [set().union(*windows) for windows in reached]
    full = [{p for p, window in enumerate(windows) if window} for windows in reached]
    return sum(
        all(i - base in known for i, known in zip(index, axes, strict=True))
        for indices, axes in ((idle, rows), (empty, full))
        for index in set(indices)
    )


def _reached(axis: Axis, p: int) -> Iterator[int]:
    """Yield the elements of the input under a window."""
    for r in range(axis.filter):
        m = p * axis.stride - axis.padding[0] + r * axis.dilation
        if 0 <= m < axis.input:
            yield m
