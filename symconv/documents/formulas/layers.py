r"""Layers above names: z^{l+1} = a^l * W^{l+1} beside an example that writes z, a and w without.

A tensor has one layer in a formula, and its input is not of the same layer as its output.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping

from symconv.documents.formulas.convention import Notation
from symconv.documents.mathematics.syntax import UnreadableError

Layers = MutableMapping[str, str]
"""The layers of a formula's tensors, by their roles."""


_LAYER = re.compile(r"[(\[]?(?P<letter>[A-Za-z]?|\\ell)(?P<number>[+-]?\d+)?[)\]]?")


def layer_of(name: str) -> tuple[str, int] | None:
    """Return the layer above a name, l-1 as its letter and -1; None where there is none."""
    _, _, above = name.partition("^")
    found = _LAYER.fullmatch(above)
    return (found["letter"], int(found["number"] or 0)) if above and found else None


def role_of(name: str, reading: Notation, layers: Layers, place: tuple[int, int]) -> str | None:
    """Return X, F or Y for a name with or without a layer, None for an unknown one.

    Raises:
        UnreadableError: the layers of the formula contradict each other.
    """
    exact = reading.role(name)
    stem = name.split("^")[0]
    if exact is not None or stem == name:
        return exact
    for same in (str, str.casefold):
        known = {reading.role(own) for own in reading.names if same(own) == same(stem)}
        if len(known) == 1 and (role := known.pop()) is not None:
            note(role, name, layers, place)
            return role
    return None


def note(role: str, name: str, layers: Layers, place: tuple[int, int]) -> None:
    """Note the layer of a tensor.

    Raises:
        UnreadableError: it is of another layer elsewhere, input and output are of one, or the
            filter belongs to neither.
    """
    layer = name.partition("^")[2]
    if layers.setdefault(role, layer) != layer:
        raise UnreadableError(f"'{name}' is of another layer here", *place)
    if layer and layers.get("X", "of X") == layers.get("Y", "of Y"):
        raise UnreadableError("input and output are of one layer here", *place)
    if all(layers.get(tensor) for tensor in "XFY") and layers["F"] not in (
        layers["X"],
        layers["Y"],
    ):
        raise UnreadableError("the filter belongs to another layer here", *place)
