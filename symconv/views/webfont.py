"""The font that comes with symconv, cut down to the characters of one picture, for its file.

A picture that holds its font looks the same wherever it is shown, and fetches nothing.
"""

from __future__ import annotations

import base64
import functools
import itertools
import struct
import zlib
from collections.abc import Iterator, Mapping
from importlib import resources

LAYOUT = {"GDEF", "GPOS", "GSUB", "gasp"}
"""The tables that plain text does without."""

_DIRECTORY = struct.Struct(">4sIII")

# Flags of a part of a composite glyph, as TrueType names them.
_WORDS, _SCALE, _MORE, _TWO_SCALES, _MATRIX = 0x01, 0x08, 0x20, 0x40, 0x80


def faces(written: Mapping[bool, str]) -> tuple[str, str]:
    """Return the name of a family of fonts, and the style sheet that holds it.

    The name belongs to the characters, so that pictures on one page do not take each other's font.

    Args:
        written: the text that is upright (False), and the text that is italic (True).
    """
    needed = {italic: "".join(sorted(set(text))) for italic, text in sorted(written.items())}
    family = f"symconv-{zlib.crc32(repr(needed).encode()):08x}"
    rules = (_rule(family, italic, characters) for italic, characters in needed.items())
    return family, "\n".join(rules)


def _rule(family: str, italic: bool, characters: str) -> str:
    data = base64.b64encode(subset(_file(italic), characters)).decode()
    style = "italic" if italic else "normal"
    source = f"url(data:font/ttf;base64,{data})"
    return f"@font-face{{font-family:{family};font-style:{style};src:{source}}}"


@functools.cache
def _file(italic: bool) -> bytes:
    name = f"SymconvSerif-{'Italic' if italic else 'Regular'}.ttf"
    return resources.files("symconv.figures").joinpath("fonts", name).read_bytes()


def subset(font: bytes, characters: str) -> bytes:
    """Return a TrueType font in which the glyphs of all other characters are empty.

    Glyphs keep their numbers and widths.  A character that the font lacks is passed over: whoever
    shows the text looks for it in the next family.
    """
    tables = {tag: data for tag, data in _tables(font) if tag not in LAYOUT}
    numbers = _numbers(tables["cmap"])
    glyphs = _glyphs(tables)
    kept = {0}
    for character in characters:
        kept |= _with_parts(numbers.get(ord(character), 0), glyphs)
    shown = [glyph if number in kept else b"" for number, glyph in enumerate(glyphs)]
    ends = itertools.accumulate(map(len, shown), initial=0)
    tables["glyf"] = b"".join(shown)
    tables["loca"] = b"".join(struct.pack(">H", end // 2) for end in ends)
    return _font(tables)


def _tables(font: bytes) -> Iterator[tuple[str, bytes]]:
    (count,) = struct.unpack_from(">H", font, 4)
    for k in range(count):
        tag, _, start, length = _DIRECTORY.unpack_from(font, 12 + _DIRECTORY.size * k)
        yield tag.decode("ascii"), font[start : start + length]


def _numbers(cmap: bytes) -> dict[int, int]:
    """Return the glyph of each character, from a table in format 4, the only one in our fonts."""
    (start,) = struct.unpack_from(">I", cmap, 8)
    form, _, _, doubled = struct.unpack_from(">4H", cmap, start)
    if form != 4:
        raise ValueError(f"a table of characters in format {form}, not 4")
    segments = doubled // 2
    words = struct.unpack(f">{(len(cmap) - start) // 2}H", cmap[start:])
    ends, starts = words[7 : 7 + segments], words[8 + segments : 8 + 2 * segments]
    shifts, jumps = (8 + 2 * segments, 8 + 3 * segments)
    found = {}
    for k, (first, last) in enumerate(zip(starts, ends, strict=True)):
        shift, jump = words[shifts + k], words[jumps + k]
        for code in range(first, last + 1):
            number = code if not jump else words[jumps + k + jump // 2 + code - first]
            found[code] = (number + shift) % 0x10000 if number or not jump else 0
    return found


def _glyphs(tables: Mapping[str, bytes]) -> list[bytes]:
    """Return the outlines by number; places are in units of two bytes in our fonts."""
    places = struct.unpack(f">{len(tables['loca']) // 2}H", tables["loca"])
    return [tables["glyf"][2 * a : 2 * b] for a, b in itertools.pairwise(places)]


def _with_parts(number: int, glyphs: list[bytes]) -> set[int]:
    """Return a glyph and, if it is composite, all glyphs that it is made of."""
    found, glyph = {number}, glyphs[number]
    if not glyph or struct.unpack_from(">h", glyph)[0] >= 0:
        return found
    at, flags = 10, _MORE
    while flags & _MORE:
        flags, part = struct.unpack_from(">HH", glyph, at)
        found |= _with_parts(part, glyphs)
        at += 8 if flags & _WORDS else 6
        at += 2 if flags & _SCALE else 4 if flags & _TWO_SCALES else 8 if flags & _MATRIX else 0
    return found


def _font(tables: Mapping[str, bytes]) -> bytes:
    """Return a font file with these tables."""
    power = 1 << len(tables).bit_length() - 1
    head = struct.pack(
        ">I4H", 0x00010000, len(tables), 16 * power, power.bit_length() - 1,
        16 * (len(tables) - power),
    )  # fmt: skip
    start = len(head) + _DIRECTORY.size * len(tables)
    directory, body = b"", b""
    for tag, data in sorted(tables.items()):
        whole = data + b"\0" * (-len(data) % 4)
        total = sum(struct.unpack(f">{len(whole) // 4}I", whole)) % 2**32
        directory += _DIRECTORY.pack(tag.encode("ascii"), total, start + len(body), len(data))
        body += whole
    return head + directory + body
