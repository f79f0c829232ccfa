"""Claim files: TOML with one ``[[claim]]`` for each claim, its verdict asserted.

[[claim]]
id = "dx-remainder-forgotten"              # required, unique in the file
statement = "dX == correlate(pad(..), rotate(F))"           # required
where = ["(H - R) % u == 0"]               # hypotheses
rank = 2                                   # how many axes, 1 to 3
general = ["padding", "dilation"]          # what Y has; also crop, input-dilation,
                                           # batch, channels, groups, bias
tensors = { G = "R2 x S2" }                # more tensors; new names are sizes >= 1
define = ["Z[i] == A[i-k]"]                # what tensors are that were declared; dZ is a leaf then
constants = { M = [[1, 0], [-1, "1/2"]] }  # tensors of numbers, fractions as texts
integers = { k = ">= 0" }                  # more integers: ">= 0", "0..3", "any" or the least
sizes = "H=4..12, R=1..4, u=1..3"          # listed sizes instead of every size
expected = "refuted"                       # proved (if not said), refuted, not-judged
note = "Where it stands, and what is wrong with it."
"""

from __future__ import annotations

import re
import sys
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symconv.claims.constants import rows
from symconv.claims.statement import StatedClaim
from symconv.claims.verdict import Verdict
from symconv.errors import ParseError, SymconvError
from symconv.formula.syntax import nearest, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from symconv.claims.claim import Claim

LARGEST = 5_000_000
"""The most bytes that a claim file may have."""

_FIELDS: Mapping[str, type] = {
    "id": str,
    "statement": str,
    "where": list,
    "general": list,
    "tensors": dict,
    "integers": dict,
    "define": list,
    "constants": dict,
    "sizes": str,
    "rank": int,
    "expected": str,
    "note": str,
}

_TYPES: Mapping[type, str] = {
    int: "a number",
    str: "a text",
    list: "a list of texts",
    dict: "a table",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A claim and where it stands.

    Attributes:
        stated: the claim as it is written.
        claim: the claim as it was read, with the verdict that the file expects.
        file: the file's path, or ``-`` for standard input.
        line: the line of its id, counted from 1.
        note: what the file says about it.
        topic: what the file is about: the first sentence of the comment at its head.
    """

    stated: StatedClaim
    claim: Claim
    file: str
    line: int
    note: str = ""
    topic: str = ""


def load(paths: Iterable[str | Path]) -> tuple[Entry, ...]:
    """Return the claims of all files, folders (their ``*.toml``, sorted) and ``-`` (stdin).

    Raises:
        ParseError: a file that cannot be read, holds no claim, or a claim that is none; the
            message names file, line and id.
    """
    return tuple(entry for path in paths for entry in _load(str(path)))


def entries(text: str, file: str) -> tuple[Entry, ...]:
    """Return the claims in the TOML ``text`` of ``file``.

    Raises:
        ParseError: as `load`.
    """
    found = _claims(text, file)
    lines = _lines_of_ids(text, [str(each.get("id", "")) for each in found])
    made: dict[str, Entry] = {}
    for each, line in zip(found, lines, strict=True):
        entry = _entry(each, file, line)
        if entry.claim.id in made:
            first = made[entry.claim.id].line
            raise ParseError(f"{file}:{line}: the id {entry.claim.id} is used in line {first}")
        made[entry.claim.id] = replace(entry, topic=_topic(text))
    return tuple(made.values())


def _topic(text: str) -> str:
    """Return the first sentence of the comment at the head of a file, without control letters."""
    head = (re.match(r"(?:#.*\n?)+", text) or [""])[0]
    words = " ".join(head.replace("#", " ").split())
    sentence = re.split(r"(?<=\.) (?=[A-Z])", words, maxsplit=1)[0].rstrip(".")
    return "".join(letter if letter.isprintable() else "?" for letter in sentence)


def _load(path: str) -> tuple[Entry, ...]:
    if path == "-":
        return entries(_standard_input(), "-")
    place = Path(path)
    if not place.is_dir():
        return entries(_text(place), path)
    files = sorted(file for file in place.rglob("*.toml") if file.is_file())
    if not files:
        raise ParseError(f"{path}: no claim files (*.toml) in this folder")
    return tuple(entry for file in files for entry in entries(_text(file), str(file)))


def _standard_input() -> str:
    try:
        return _decoded(sys.stdin.buffer.read(LARGEST + 1), "-")
    except OSError as error:
        raise ParseError(f"cannot read standard input: {error.strerror or error}") from None


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return _decoded(file.read(LARGEST + 1), str(path))
    except OSError as error:
        raise ParseError(f"{path}: {error.strerror or error}") from None


def _decoded(data: bytes, file: str) -> str:
    if len(data) > LARGEST:
        raise ParseError(f"{file}: larger than {LARGEST} bytes; split it into several files")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ParseError(f"{file}: byte {error.start} is not UTF-8") from None


def _claims(text: str, file: str) -> Sequence[Mapping[str, Any]]:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ParseError(f"{file}: no TOML: {error}") from None
    except (RecursionError, ValueError):
        raise ParseError(f"{file}: no TOML that can be read: nested too deeply") from None
    for key in document:
        if key != "claim":
            raise ParseError(f"{file}: unknown key {shown(key)}; claims stand under [[claim]]")
    found = document.get("claim", [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise ParseError(f"{file}: claims stand under [[claim]], with two brackets")
    if not found:
        raise ParseError(f"{file}: no [[claim]] in this file")
    return found


def _entry(given: Mapping[str, Any], file: str, line: int) -> Entry:
    where = f"{file}:{line}: claim {shown(str(given.get('id', '(without id)')))}"
    try:
        _check_fields(given)
        stated = _stated(given)
        claim = stated.claim(_verdict(given))
    except SymconvError as error:
        raise ParseError(f"{where}: {error}") from None
    note = " ".join(given.get("note", "").split())
    return Entry(stated, claim, file, line, "".join(c if c.isprintable() else "?" for c in note))


def _stated(given: Mapping[str, Any]) -> StatedClaim:
    return StatedClaim(
        statement=" ".join(given["statement"].split()),
        id=given["id"],
        where=tuple(given.get("where", ())),
        general=tuple(given.get("general", ())),
        tensors=tuple(given.get("tensors", {}).items()),
        integers=tuple(given.get("integers", {}).items()),
        sizes=given.get("sizes"),
        rank=given.get("rank", 2),
        define=tuple(" ".join(text.split()) for text in given.get("define", ())),
        constants=tuple((name, rows(each)) for name, each in given.get("constants", {}).items()),
    )


def _check_fields(given: Mapping[str, Any]) -> None:
    for name, value in given.items():
        if name not in _FIELDS:
            known = nearest(name, _FIELDS) or f"; known are {', '.join(_FIELDS)}"
            raise ParseError(f"unknown key {shown(name)}{known}")
        if not isinstance(value, _FIELDS[name]):
            raise ParseError(f"{name} has to be {_TYPES[_FIELDS[name]]}")
        if isinstance(value, list) and not all(isinstance(each, str) for each in value):
            raise ParseError(f"{name} has to be a list of texts")
    for name in ("id", "statement"):
        if not given.get(name, "").strip():
            raise ParseError(f"{name} is missing")
    if not re.fullmatch(r"[A-Za-z0-9][\w.:-]{0,99}", given["id"]):
        raise ParseError("an id is made of letters, digits and - _ . :")
    for name, shape in given.get("tensors", {}).items():
        if not isinstance(shape, str):
            raise ParseError(f"tensors: the shape of {shown(name)} has to be a text: 'R2 x S2'")


def _verdict(given: Mapping[str, Any]) -> Verdict:
    word = given.get("expected", Verdict.PROVED.value)
    if word not in list(Verdict):
        raise ParseError(f"expected is {shown(word)!r}; it is one of {', '.join(Verdict)}")
    return Verdict(word)


def _lines_of_ids(text: str, ids: Sequence[str]) -> list[int]:
    """Return the line of each id, or of its ``[[claim]]`` where it has none."""
    headers = [m.start() for m in re.finditer(r"^[ \t]*\[\[\s*claim\s*\]\]", text, re.MULTILINE)]
    lines = []
    for k, id_ in enumerate(ids):
        start = headers[k] if k < len(headers) else 0
        found = re.compile(rf"^[ \t]*id\s*=\s*[\"']{re.escape(id_)}[\"']", re.MULTILINE).search(
            text, start
        )
        at = found.start() if found and id_ else start
        lines.append(text.count("\n", 0, at) + 1)
    return lines
