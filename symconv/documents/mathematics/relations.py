"""Signs that compare: which of them a word is, and what only bounds something."""

from __future__ import annotations

from collections.abc import Iterable

from symconv.documents.mathematics.tokens import Token

_ORDERS = {
    "le": "<=", "leq": "<=", "leqslant": "<=", "lt": "<",
    "ge": ">=", "geq": ">=", "geqslant": ">=", "gt": ">",
}  # fmt: skip


def relation(token: Token) -> str:
    """Return =, <, <=, >, >= or in for a sign that says where an index runs, else nothing."""
    if token.kind in ("=", "<", ">"):
        return token.kind
    if token.kind != "command":
        return ""
    return "in" if token.text == "in" else _ORDERS.get(token.text, "")


def is_inequality(words: Iterable[Token]) -> bool:
    r"""Whether words only bound something: 0 \le m - pu < R."""
    signs = {relation(word) for word in words} - {""}
    return bool(signs) and signs.isdisjoint(("=", "in"))
