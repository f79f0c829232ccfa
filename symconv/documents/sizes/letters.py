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

_LOW = {"\\ell": "l", "p_t": "l", "p_l": "l", "p_top": "l", "p_left": "l", "p_lo": "l"}
_HIGH = {"h": "h", "p_b": "h", "p_r": "h", "p_bottom": "h", "p_right": "h", "p_hi": "h"}
_COMMON = {
    "u": "u", "s": "u", "stride": "u", "p": "p", "pad": "p", "padding": "p", "d": "d",
    "dilation": "d", "D": "D", "K": "R", "k": "R", "kernel": "R", "a": "a",
    "output_padding": "a", **_LOW, **_HIGH,
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
_ROWS = {
    **_COMMON, "R": "R", "HH": "R", "stride_R": "u",
    **{f"{stem}_{c}": name for c in "hH" for stem, name in _BY_AXIS.items()},
    **{f"{word}_0": name for word, name in _PICKED.items()},
}  # fmt: skip
_COLUMNS = {
    **_COMMON, "S": "R", "WW": "R", "v": "u", "e": "d", "stride_S": "u",
    **{f"{stem}_{c}": name for c in "wW" for stem, name in _BY_AXIS.items()},
    **{f"{word}_1": name for word, name in _PICKED.items()},
}  # fmt: skip
_FREE = {**_COMMON, "R": "R", "F": "R", "f": "R", "S": "u", "P": "p"}
_TABLES = {0: (_ROWS, _ROWS | _FREE), 1: (_COLUMNS, _COLUMNS | _FREE), 2: (_FREE,)}
PADDING = {
    **_COMMON, **_ROWS, **_COLUMNS, "F": "R", "f": "R", "P": "p",
}  # fmt: skip
"""The letters of a statement about padding, which may be about either axis."""


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


_ANY = ("i", "n", "N", "I", "n_in", "W", "H", "W_in", "H_in", "input")

STATED = {
    "P": SizeName(("H", "H_in"), 0), "Q": SizeName(("W", "W_in"), 1),
    "H_out": SizeName(("H", "H_in", "H_1"), 0), "W_out": SizeName(("W", "W_in", "W_1"), 1),
    "H_2": SizeName(("H_1",), 0), "W_2": SizeName(("W_1",), 1),
    **{f"{h}{mark}": SizeName((h, f"{h}_in", f"{h}_i"), axis)
       for axis, letters in enumerate(("Hh", "Ww")) for h in letters for mark in ("'", "_o")},
    "n_H": SizeName(("n_H_prev", "n_H_in"), 0), "n_W": SizeName(("n_W_prev", "n_W_in"), 1),
    "L_out": SizeName(("L_in", "L"), 2),
    **{f"{o}_{h}": SizeName((h.upper(), f"{h.upper()}_in", f"I_{h}", f"i_{h}"), axis)
       for o in "oO" for axis, h in enumerate("hw")},
    "h_out": SizeName(("h_in", "h"), 0), "w_out": SizeName(("w_in", "w"), 1),
    **dict.fromkeys(("o", "O", "out", "output", "n_out"), SizeName(_ANY, 2)),
    "H": SizeName(("P", "H_out"), 0, False), "W": SizeName(("Q", "W_out"), 1, False),
    "H_in": SizeName(("P", "H_out"), 0, False), "W_in": SizeName(("Q", "W_out"), 1, False),
    "i": SizeName(("o",), 2, False), **dict.fromkeys(("n", "n_in"), SizeName(("n_out",), 2, False)),
    "o'": SizeName(("i'",), 2, primed=True), "i'": SizeName(("o'",), 2, False, primed=True),
    "P_full": SizeName(("H", "H_in"), 0, primed=True),
    "Q_full": SizeName(("W", "W_in"), 1, primed=True),
    "H_full": SizeName(("H", "H_in"), 0, primed=True),
    "W_full": SizeName(("W", "W_in"), 1, primed=True),
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
