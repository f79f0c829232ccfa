"""Signs and keywords of a convolution: \\ast_{full}, \\underset{full}{*}, mode = 'full'."""

from __future__ import annotations

from symconv.documents.mathematics.differentials import Differentials
from symconv.documents.mathematics.syntax import (
    Expression,
    Symbol,
    UnreadableError,
    WordsNode,
    WrittenProduct,
)

CONVOLVES = {"star": "\\star", "circledast": "\\circledast", "otimes": "\\otimes"}

EDGES = {"full": "_full", "valid": "", "same": "_same"}
"""How a convolution treats the edge, as it is written behind its sign."""


def convolved(expression: Expression) -> str:
    """Return the name (f*g) of what a sign makes of two tensors, "" for other expressions."""
    match expression:
        case WrittenProduct((Symbol(a, None), Symbol(b, None)), (sign,)) if sign in (
            "*",
            *CONVOLVES.values(),
        ):
            return f"({a}*{b})"
    return ""


def names_a_convolution(expression: Expression) -> bool:
    """Whether an expression is (f*g)[n], which only names what another side is."""
    return isinstance(expression, Symbol) and expression.name.startswith("(")


class EdgeGrammar(Differentials):
    """The part of the grammar that reads how a convolution treats the edge."""

    def mode(self) -> str:
        """Read the full of a sign with an index, \\ast_{full}."""
        if self.kind() != "_":
            return ""
        first = self.at
        self.next()
        word = "".join(t.text for t in self.script()).strip().lower()
        if word not in EDGES:
            raise UnreadableError("this sign is not understood", *self.place(first))
        return EDGES[word]

    def marked(self) -> str:
        """Read \\underset{full}{*}."""
        first = self.at
        self.next()
        word = "".join(t.text for t in self.script() if t.kind not in "{}").strip().lower()
        sign = [t for t in self.script() if t.kind not in "{}"]
        name = (CONVOLVES | {"ast": "*", "*": "*"}).get(sign[0].text) if len(sign) == 1 else None
        if name is None or word not in EDGES:
            raise UnreadableError("this sign is not understood", *self.place(first))
        return name + EDGES[word]

    def quoted(self) -> WordsNode:
        """Read 'full'."""
        first = self.at
        self.next()
        words = []
        while self.kind() in ("letter", "word", "text"):
            words.append(self.next().text)
        self.expect("'")
        return WordsNode("".join(words), self.place(first))
