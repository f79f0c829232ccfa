"""The letters that a symbolic derivation has for sizes and indices, so that no tensor takes one."""

from __future__ import annotations

from collections.abc import Collection

from symconv.errors import SymconvError
from symconv.formula.words import BESIDE_LEADING, LEADING, Role, letters
from symconv.notation import Notation

TAKEN = frozenset(letters(*Role)) | {"D", r"\delta"}
"""The letters of sizes and indices, of the dilated filter's extent and the Kronecker delta."""


def check_names(notation: Notation, general: Collection[str]) -> None:
    """Refuse names of tensors that have a meaning in the derivation already.

    Raises:
        SymconvError: one has, with letters that are free.
    """
    taken, layer = TAKEN, any(axis.word in general for axis in LEADING)
    if layer:
        taken |= {letter for axis in LEADING for letter in (axis.index, axis.size)}
        taken |= {letter for pair in BESIDE_LEADING.values() for letter in pair}
    if "input-dilation" in general:
        taken |= {"E"}
    free = "x, f, y, a or z" if layer else "x, f, y, g, o or z"
    for tensor in ("X", "F", "Y"):
        for name in (notation.letter(tensor), notation.tensor(tensor)):
            if name in taken:
                given = ",".join(notation.names)
                raise SymconvError(
                    f"names {given!r}: {name} has a meaning in the symbolic derivation already; "
                    f"use another letter, such as {free}"
                )
