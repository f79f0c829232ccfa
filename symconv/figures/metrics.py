"""How wide letters are, in thousandths of the size: those of Times, which serif fonts stay near.

The bundled font has exactly these widths; a browser's serif font may be a little wider, for which
the layout leaves room.
"""

from __future__ import annotations

# fmt: off
_REGULAR = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500,
    500, 500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667,
    722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722,
    722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500, 444, 333, 500,
    500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500,
    444, 480, 200, 480, 541,
]
_ITALIC = [
    250, 333, 420, 500, 500, 833, 778, 214, 333, 333, 500, 675, 250, 333, 250, 278, 500, 500,
    500, 500, 500, 500, 500, 500, 500, 500, 333, 333, 675, 675, 675, 500, 920, 611, 611, 667,
    722, 611, 611, 722, 722, 333, 444, 667, 556, 833, 667, 722, 611, 722, 611, 500, 556, 722,
    611, 833, 611, 556, 556, 389, 278, 389, 422, 500, 333, 500, 500, 444, 500, 444, 278, 500,
    500, 278, 278, 444, 278, 722, 500, 500, 500, 500, 389, 389, 278, 500, 444, 667, 444, 444,
    389, 400, 275, 400, 541,
]
_GREEK = [
    611, 611, 569, 587, 611, 556, 722, 722, 333, 667, 604, 833, 667, 639, 722, 722, 611, 0,
    594, 556, 556, 761, 611, 703, 723, 333, 556, 525, 394, 496, 278, 459, 525, 498, 394, 465,
    394, 405, 496, 491, 278, 480, 433, 502, 444, 428, 500, 501, 480, 406, 493, 358, 459, 553,
    440, 621, 706,
]
_SIGNS = {
    "°": 400, "±": 549, "·": 290, "×": 564, "–": 500, "—": 1000, "’": 333, "…": 1000, "←":
    1000, "↑": 500, "→": 1000, "↓": 500, "∂": 494, "∑": 713, "−": 564, "≠": 549, "≤": 549,
    "≥": 549,
}
# fmt: on

_GREEK_FROM = ord("Α")
UNKNOWN = 700
"""The width of a character that is not in the tables."""


def width(text: str, italic: bool) -> float:
    """Return the width of ``text`` at size 1."""
    ascii_widths = _ITALIC if italic else _REGULAR
    return sum(_character(character, ascii_widths) for character in text) / 1000


def _character(character: str, ascii_widths: list[int]) -> int:
    code = ord(character)
    if 0x20 <= code < 0x7F:
        return ascii_widths[code - 0x20]
    if 0 <= code - _GREEK_FROM < len(_GREEK):
        return _GREEK[code - _GREEK_FROM]
    return _SIGNS.get(character, UNKNOWN)
