r"""TeX's own fractions: {a \over b} is \frac{a}{b}."""

from __future__ import annotations

from collections.abc import Sequence

from symconv.documents.mathematics.tokens import Token


def with_fractions(tokens: Sequence[Token]) -> list[Token]:
    r"""Return words with {a \over b} turned into \frac{a}{b}."""
    result: list[list[Token]] = []
    opened: list[int] = []
    for token in tokens:
        if token.kind == "{":
            opened.append(len(result))
        elif token.kind == "}" and opened:
            opened.pop()
        elif token.kind == "command" and token.text == "over" and opened:
            brace = result[opened[-1]][-1]
            if len(result[opened[-1]]) == 1:  # the first in this group
                result[opened[-1]] = [Token("command", "frac", *brace[2:]), brace]
                token = Token("}", "}", *token[2:])
                result.append([token, Token("{", "{", *token[2:])])
                continue
        result.append([token])
    return [token for words in result for token in words]
