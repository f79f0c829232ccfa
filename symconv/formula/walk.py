"""All that a formula is made of, part by part, without recursion."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def parts(formula: object) -> Iterator[object]:
    """Yield ``formula`` and every node, size, number and text inside it, outermost first."""
    waiting = [formula]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, tuple):
            waiting.extend(reversed(part))
        elif is_dataclass(part):
            waiting.extend(getattr(part, field.name) for field in reversed(fields(part)))
