"""Reads JSON objects whose every field is known: one missing or left over is an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from symconv.claims.constants import Rows, rows
from symconv.errors import ParseError
from symconv.proof.certificate import CertificateError

Part = TypeVar("Part")


def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return the fields of an object (a hook for `json.loads`).

    Raises:
        ValueError: a field is given twice.
    """
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a field is given twice")
    return dict(pairs)


def check_printable(data: object) -> None:
    """Check that every text in ``data`` can be shown as it is, keys too.

    Control characters could rewrite what a terminal shows, and lone surrogates cannot be written.

    Raises:
        CertificateError: a text holds a character that cannot be printed.
    """
    match data:
        case str() if not data.isprintable():
            hidden = next(letter for letter in data if not letter.isprintable())
            raise CertificateError(
                f"{data[:40]!a} holds U+{ord(hidden):04X}, which cannot be printed"
            )
        case dict():
            for key, value in data.items():
                check_printable(key)
                check_printable(value)
        case list():
            for value in data:
                check_printable(value)


def listed(data: object, what: str) -> list[object]:
    """Return ``data`` if it is a list.

    Raises:
        CertificateError: it is none.
    """
    if not isinstance(data, list):
        raise CertificateError(f"{what} has to be a list")
    return data


class Fields:
    """The fields of one JSON object, each of which has to be taken once.

    Every method takes one field and raises a CertificateError where it is missing or is not what
    is asked for; `end` raises one where a field was not taken.
    """

    def __init__(self, data: object, what: str) -> None:
        if not isinstance(data, dict):
            raise CertificateError(f"{what} has to be an object")
        self.data: dict[str, object] = dict(data)
        self.what = what

    def take(self, name: str) -> object:
        """Return a field, whatever it is."""
        if name not in self.data:
            raise CertificateError(f"{self.what} has no field {name!r}")
        return self.data.pop(name)

    def text(self, name: str) -> str:
        """Return a field that is a text."""
        value = self.take(name)
        if not isinstance(value, str):
            raise CertificateError(f"{self.what}: {name} has to be a text")
        return value

    def number(self, name: str) -> int:
        """Return a field that is an integer."""
        value = self.take(name)
        if type(value) is not int:
            raise CertificateError(f"{self.what}: {name} has to be an integer")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a field that is a list of texts."""
        entries = listed(self.take(name), name)
        if not all(isinstance(entry, str) for entry in entries):
            raise CertificateError(f"{self.what}: {name} has to be a list of texts")
        return tuple(str(entry) for entry in entries)

    def each(self, name: str, reader: Callable[[object], Part]) -> tuple[Part, ...]:
        """Return a field that is a list, each entry read."""
        return tuple(map(reader, listed(self.take(name), name)))

    def optional(self, name: str, reader: Callable[[object], Part]) -> Part | None:
        """Return a field, read, or None where it is null."""
        data = self.take(name)
        return None if data is None else reader(data)

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """Return a field that is an object of texts."""
        entries = self._mapping(name)
        if not all(isinstance(value, str) for value in entries.values()):
            raise CertificateError(f"{self.what}: {name} has to hold texts")
        return tuple((key, str(value)) for key, value in entries.items())

    def numbers(self, name: str) -> tuple[tuple[str, int], ...]:
        """Return a field that is an object of integers."""
        entries = []
        for key, value in self._mapping(name).items():
            if not isinstance(value, int) or isinstance(value, bool):
                raise CertificateError(f"{self.what}: {name} has to hold integers")
            entries.append((key, value))
        return tuple(entries)

    def tables(self, name: str) -> tuple[tuple[str, Rows], ...]:
        """Return a field that is an object of numbers in rows."""
        try:
            return tuple((key, rows(value)) for key, value in self._mapping(name).items())
        except ParseError as error:
            raise CertificateError(f"{self.what}: {name}: {error}") from None

    def bounds(self, name: str) -> tuple[tuple[str, str | int], ...]:
        """Return a field that is an object of texts and integers."""
        entries = []
        for key, value in self._mapping(name).items():
            if not isinstance(value, str | int) or isinstance(value, bool):
                raise CertificateError(f"{self.what}: {name} has to hold bounds")
            entries.append((key, value))
        return tuple(entries)

    def _mapping(self, name: str) -> Mapping[str, object]:
        value = self.take(name)
        if not isinstance(value, dict):
            raise CertificateError(f"{self.what}: {name} has to be an object")
        return value

    def end(self) -> None:
        """Check that no field is left."""
        if self.data:
            raise CertificateError(f"{self.what} has an unknown field {min(self.data)!r}")
