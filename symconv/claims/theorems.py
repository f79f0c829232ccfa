"""The theorems that symconv itself rests on: `theorems.toml` beside this module."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from symconv.claims.catalogue import Entry, entries

FILE = "theorems.toml"


@cache
def theorems() -> tuple[Entry, ...]:
    """Return symconv's own theorems, each for every size, in the order of a lecture."""
    text = files("symconv.claims").joinpath(FILE).read_text(encoding="utf-8")
    return entries(text, FILE)
