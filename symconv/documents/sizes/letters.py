"""What letters mean in size statements; it depends on the size that is stated.

Canonical names: X is the extent on the other side of the convolution (the input's where the
output's is stated, and the other way round), R the filter's, u the stride, d the dilation, D the
extent of the dilated filter, p the padding on either side, l and h before and behind, a what a
transposed convolution adds at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from symconv.documents.formulas.affine import Name
from symconv.documents.formulas.index_words import written
from symconv.documents.mathematics.syntax import (
    Symbol,
    UnreadableError,
)
from symconv.formula.words import AXES, Role, letters, letters_on

_LOW = {"\\ell": "l", **{f"{p}_{at}": "l" for p in "pP" for at in ("t", "l", "top", "left", "lo")}}
_HIGH = {"h": "h", **{f"{p}_{at}": "h" for p in "pP" for at in ("b", "r", "bottom", "right", "hi")}}
_COMMON = {
    "u": "u", "s": "u", "stride": "u", "p": "p", "pad": "p", "padding": "p", "d": "d",
    "dilation": "d", "K": "R", "k": "R", "kernel": "R", **_LOW, **_HIGH,
    **dict.fromkeys(("D", "k'", "K'", "k_eff", "K_eff"), "D"),
    **dict.fromkeys(("a", "A", "output_padding", "o_p", "p_o", "p_out"), "a"),
}  # fmt: skip
_BY_AXIS = {
    "k": "R", "K": "R", "f": "R", "F": "R", "s": "u", "S": "u", "p": "p", "P": "p", "d": "d",
}  # fmt: skip
"""What letters mean with the name of an axis below: k_h."""
_PICKED = {
    "kernel": "R", "stride": "u", "padding": "p", "pad": "p", "dilation": "d",
    "output_padding": "a",
}  # fmt: skip
"""What words mean with the number of an axis behind them: stride[0]."""
_JOINED = {
    both: name
    for stem, name in {"k": "R", "f": "R", "s": "u", "p": "p", "d": "d"}.items()
    for both in (stem, stem.upper())
}
"""What letters mean that are written together with the name of an axis: KH, kh."""


def _on(axis: int) -> dict[str, str]:
    """Return what letters mean on one axis."""
    roles = (Role.INPUT, Role.FILTER, Role.STRIDE, Role.DILATION)
    extent, filter_, stride, dilation = letters_on(axis, *roles)
    below = {
        f"{stem}_{c}": name for c in (extent.lower(), extent) for stem, name in _BY_AXIS.items()
    }
    joined = {
        stem + (extent if stem.isupper() else extent.lower()): name
        for stem, name in _JOINED.items()
    }
    picked = {f"{word}_{axis}": name for word, name in _PICKED.items()}
    own = {filter_: "R", extent * 2: "R", stride: "u", dilation: "d", f"stride_{filter_}": "u"}
    return {**_COMMON, **own, **below, **joined, **picked}


_ROWS, _COLUMNS = map(_on, AXES)
_FREE = {**_COMMON, **dict.fromkeys("RFf", "R"), "S": "u", "P": "p"}
_TABLES = {0: (_ROWS, _ROWS | _FREE), 1: (_COLUMNS, _COLUMNS | _FREE), 2: (_FREE,)}
PADDING = {
    **_COMMON, **_ROWS, **_COLUMNS, "F": "R", "f": "R", "P": "p",
}  # fmt: skip
"""The letters of a statement about padding, which may be about either axis."""
_EXTENTS = (*letters(Role.INPUT), *map(str.lower, letters(Role.INPUT)), "n")
SOLVED = {
    **PADDING, "S": "u", **dict.fromkeys((*_EXTENTS, "N", "i"), "X"),
    **{f"{c}{mark}": "X" for c in _EXTENTS for mark in ("_in", "_i")},
    **{f"{c}{mark}": "Y" for c in _EXTENTS for mark in ("_out", "_o", "'")},
    "o": "Y", "O": "Y",
}  # fmt: skip
"""The letters of a padding for which a size is solved: X gives Y then."""


@dataclass(frozen=True, slots=True)
class SizeName:
    """The size that a statement is about.

    Attributes:
        others: letters for the extent on the other side.
        axis: 0 for rows, 1 for columns, 2 where nothing says which.
        forward: whether it is an output, so that it counts windows.
        primed: whether a prime or a word says that the convolution is another one.
    """

    others: tuple[str, ...]
    axis: int
    forward: bool = True
    primed: bool = False

    def tables(self, left: str) -> Iterator[Mapping[str, str]]:
        """Yield what letters can mean, the likeliest first.

        D is the dilated filter's extent, or a dilation beside the filter's own.
        """
        for table in _TABLES[self.axis]:
            for own in (table, table | {"D": "d"}):
                yield {k: v for k, v in own.items() if k != left} | dict.fromkeys(self.others, "X")


_ANY = ("i", "n", "N", "I", "n_in", "input",
        *(f"{h}{mark}" for h in letters(Role.INPUT) for mark in ("", "_in")))  # fmt: skip


def _stated(axis: int) -> dict[str, SizeName]:
    """Return the sizes of one axis that statements are about."""
    H, P = letters_on(axis, Role.INPUT, Role.OUTPUT)
    h = H.lower()
    outer, inner = (H, f"{H}_in"), (P, f"{H}_out")
    libraries = ("O", "I", H), ("o", "i", h)
    return {
        P: SizeName(outer, axis), f"{H}_out": SizeName((*outer, f"{H}_1"), axis),
        f"{H}_2": SizeName((f"{H}_1",), axis),
        **{f"{c}{mark}": SizeName((c, f"{c}_in", f"{c}_i"), axis)
           for c in (H, h) for mark in ("'", "_o")},
        f"n_{H}": SizeName((f"n_{H}_prev", f"n_{H}_in"), axis),
        **dict.fromkeys((f"o_{h}", f"O_{h}"), SizeName((*outer, f"I_{h}", f"i_{h}"), axis)),
        f"{h}_out": SizeName((f"{h}_in", h), axis),
        **{f"{o}{c}": SizeName((f"{i}{c}", c, f"{c}_in"), axis) for o, i, c in libraries},
        **{f"{i}{c}": SizeName((f"{o}{c}",), axis, False) for o, i, c in libraries},
        **dict.fromkeys(outer, SizeName(inner, axis, False)),
        **dict.fromkeys((f"{P}_full", f"{H}_full"), SizeName(outer, axis, primed=True)),
    }  # fmt: skip


STATED = {
    **{name: size for axis in AXES for name, size in _stated(axis).items()},
    **{f"{c}_out": SizeName((f"{c}_in", c), 2) for c in "LT"}, "D_out": SizeName(("D_in",), 2),
    **dict.fromkeys(("o", "O", "out", "output", "n_out"), SizeName(_ANY, 2)),
    "i": SizeName(("o",), 2, False), **dict.fromkeys(("n", "n_in"), SizeName(("n_out",), 2, False)),
    "o'": SizeName(("i'",), 2, primed=True), "i'": SizeName(("o'",), 2, False, primed=True),
    **dict.fromkeys(("o_full", "n_full"), SizeName(("i", "n", "N"), 2, primed=True)),
}  # fmt: skip
"""The sizes that statements are about."""


def namer(table: Mapping[str, str]) -> Name:
    """Return what tells the canonical name of a symbol."""

    def name(symbol: Symbol) -> str:
        known = table.get(written(symbol))
        if known is None:
            raise UnreadableError(f"'{written(symbol)}' is no size that is known", *symbol.place)
        return known

    return name
