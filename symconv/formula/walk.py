"""The parts of a formula, of whatever kind, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass


def parts(formula: object) -> Iterator[object]:
    """Yield ``formula`` and every node, size, number and text inside it, outermost first."""
    waiting = [formula]
    while waiting:
        part = waiting.pop()
        yield part
        waiting.extend(reversed(inside(part)))


def inside(part: object) -> tuple[object, ...]:
    """Return what stands directly inside a part, in order: entries, values, or fields."""
    if isinstance(part, tuple):
        return part
    if isinstance(part, Mapping):
        return tuple(part.values())
    if is_dataclass(part):
        return tuple(getattr(part, field.name) for field in fields(part))
    return ()
