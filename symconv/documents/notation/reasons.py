"""Why no notation is believed, and what a user can say about it."""

from __future__ import annotations

from collections.abc import Sequence

from symconv.documents.notation.facts import Facts
from symconv.documents.notation.reading import Hints

CONTRADICTION = (
    "two readings fit: the one forward equation, or the gradients, which contradict it; say "
    "--input, --filter, --stride, --padding and --dilation"
)
FEW_PRODUCTS = 4
"""Fewer products than these speak for no notation by themselves."""


def why_none(gathered: Sequence[Facts], is_strange: bool, hints: Hints) -> str:
    """Return why no notation is believed, and what to say."""
    if is_strange:
        ask = hints.ask("padding", "dilation", "forward convolution", joined=" or ")
        return (
            f"these equations are too few to speak for padding, dilation or a flipped filter{ask}"
        )
    if all(len(facts.joint) < FEW_PRODUCTS for facts in gathered):
        return f"too few products speak for a notation{hints.wish()}"
    if hints != Hints():
        return (
            f"with what is said of {hints.said()} no notation explains these products{hints.wish()}"
        )
    return "no stride, padding and dilation explain these products"
