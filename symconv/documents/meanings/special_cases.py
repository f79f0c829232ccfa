"""What the words of a document say of special cases: no padding, stride 1, s = 1."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection

from symconv.documents.source.place import Place

_SPECIAL = re.compile(
    r"\b(?:simplicity|simplif\w+|simplest|(?:simple|special|particular|plain) case|assum\w+"
    r"|suppos\w+|ignor\w+|omit\w*|neglect\w*|drop(?:s|ped|ping)?\b|unit (?:stride|step)"
    r"|undilated|unpadded|unstrided|non-strided|(?:without|no)\s+(?:\w+\s+)?"
    r"(?:padding|strid\w+|dilation)|(?:valid|same)\s+(?:padding|convolution)"
    r"|(?:stride|padding|dilation|step)\s*(?:is|of|=|:|being|equal\s+to)?\s*\$?(?:0|1|one|zero)\b)",
    re.IGNORECASE,
)
NEAR = 400
"""So many characters around formulas words may speak of a special case."""


class SpecialCases:
    """What the words of a document say of special cases: no padding, stride 1, s = 1."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.places = [said.start() for said in _SPECIAL.finditer(self.text)]
        self._numbered: dict[str, bool] = {}

    def is_general(self, forward: Place, place: Place, letters: Collection[str]) -> bool:
        """Whether nothing between a forward formula and what is behind it speaks of a special case.

        Neither do the words around them, nor does a letter of the forward formula get a number.
        """
        if forward.start > place.start:
            return False
        start = bisect_left(self.places, forward.start - NEAR)
        if start < bisect_left(self.places, place.end + NEAR):
            return False
        return not any(map(self._is_numbered, letters))

    def _is_numbered(self, letter: str) -> bool:
        """Whether a letter is said to be 0 or 1 somewhere."""
        if letter not in self._numbered:
            given = rf"(?<![A-Za-z\\]){re.escape(letter)}\s*(?:=|\\equiv|:=)\s*[01]\b"
            self._numbered[letter] = re.search(given, self.text) is not None
        return self._numbered[letter]
