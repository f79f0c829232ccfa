"""Words of mathematics -> a tree.  Strict: what the grammar does not know is `UnreadableError`.

    expression   [+-] term {(+|-) term}
    term         factor {[* / \\cdot \\times ...] factor}
    factor       number | symbol | fraction | derivative | sum | matrix | call | ( expression )

Every word is looked at a bounded number of times, and nesting is limited, so that reading is
linear in the text whatever the text is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from symconv.documents.mathematics.differentials import VARIATIONS
from symconv.documents.mathematics.enclosed import Enclosed
from symconv.documents.mathematics.overs import with_fractions
from symconv.documents.mathematics.scripts import ACCENTS, digits, gradient, layered, marked
from symconv.documents.mathematics.signs import CONVOLVES, convolved
from symconv.documents.mathematics.syntax import (
    BigSum,
    Call,
    Derivative,
    Differential,
    Expression,
    Floor,
    Indicator,
    Number,
    Symbol,
    UnreadableError,
    WordsNode,
    WrittenProduct,
    WrittenQuotient,
    WrittenSum,
)
from symconv.documents.mathematics.tokens import Token
from symconv.documents.mathematics.words import CLOSING, lowered
from symconv.documents.source.place import Place
from symconv.formula.words import CROP, DILATE, EXTREMES, PAD

RELATIONS = frozenset({"=", "<", ">"})
TIMES = {
    "bmod": "\\bmod", "cdot": "\\cdot", "times": "\\times", "*": "*", "ast": "*",
    "odot": "\\odot",
}  # fmt: skip
_BRACES = frozenset({"underbrace", "overbrace"})
_DOTS = frozenset({"dots", "cdots", "ldots", "dotsb", "dotsc", "dotsm", "vdots", "ddots"})
_FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"})
_ENDS = frozenset({"+", "-", ")", "]", "}", "=", "<", ">", "&", "row", "end", ",", ";", "label"})
_LONGEST_NUMBER = 12
_SIZED = ("zero", *(stem for sized in (PAD, CROP, DILATE) for stem in sized.stems))
"""Operators that may have a size below them."""


def read(tokens: Sequence[Token]) -> Expression:
    """Return the tree of a whole expression.

    Raises:
        UnreadableError: a word or a construct that is not known, with its place.
    """
    if any(token.text == "over" for token in tokens):
        tokens = with_fractions(tokens)
    reader = _Reader(tokens)
    tree = reader.expression()
    if reader.at < len(reader.tokens):
        raise reader.unknown()
    return tree


class _Reader(Enclosed):
    def expression(self) -> Expression:
        """Read terms and the signs between them."""
        first = self.at
        terms: list[tuple[int, Expression]] = []
        sign = self.sign()
        terms.append((sign, self.term()))
        while self.kind() in ("+", "-"):
            sign = self.sign()
            terms.append((sign, self.term()))
        if len(terms) == 1 and terms[0][0] == 1:
            return terms[0][1]
        return WrittenSum(tuple(terms), self.place(first))

    def sign(self) -> int:
        """Read any number of signs."""
        sign = 1
        while self.kind() in ("+", "-"):
            sign = -sign if self.next().kind == "-" else sign
        return sign

    def term(self) -> Expression:
        """Read factors side by side."""
        first = self.at
        factors: list[Expression] = [self.quotient()]
        signs: list[str] = []
        depth = self.depth
        while (kind := self.kind()) and kind not in _ENDS:
            sign = ""
            if self.command("bmod"):
                above = factors[0] if len(factors) == 1 else self.product(factors, signs, first)
                self.next()
                self.deeper()
                factors, signs = [Call("\\bmod", (above, self.quotient()), self.place(first))], []
                continue
            if self.command(*_BRACES) and self.kind(2) in ("+", "-"):
                break  # whether a sum goes on in it, or a factor stands in it, is not known
            if kind == "*":
                sign = self.next().text + self.mode()
            elif self.command("underset", "overset", "stackrel"):
                sign = self.marked()
            elif kind == "command":
                name = self.tokens[self.at].text
                if name in ("rfloor", "rceil"):
                    break
                sign = TIMES.get(name) or CONVOLVES.get(name) or ""
                if sign:
                    self.at += 1
                    sign += self.mode() if name in CONVOLVES or sign == "*" else ""
            factors.append(self.quotient())
            signs.append(sign)
        self.depth = depth
        if len(factors) == 1:
            return factors[0]
        return self.product(factors, signs, first)

    def product(self, factors: list[Expression], signs: list[str], first: int) -> WrittenProduct:
        """Return factors side by side."""
        return WrittenProduct(tuple(factors), tuple(signs), self.place(first))

    def quotient(self) -> Expression:
        """Read a factor, and what it is divided by inline."""
        first = self.at
        factor = self.evaluated(self.scripted(self.factor()))
        depth = self.depth
        while self.kind() == "/":
            self.next()
            self.deeper()
            if self.kind() == "/":  # R // 2
                self.next()
                below = self.scripted(self.factor())
                whole = self.place(first)
                factor = Floor(WrittenQuotient(factor, below, whole), whole)
                continue
            below = self.scripted(self.factor())
            factor = self.divided(factor, below, first)
        self.depth = depth
        if isinstance(factor, Differential) and factor.sign != "d":
            raise UnreadableError("a lone differential is not understood", *factor.place)
        return factor

    def divided(self, above: Expression, below: Expression, first: int) -> Expression:
        r"""Return a derivative if both are differentials, else the quotient.

        Over an element the \partial of a loss is meant below the bar, too, where it is left out.
        """
        if isinstance(above, Differential) and isinstance(below, Symbol) and below.index:
            below = Differential(below, above.sign, below.place)
        if isinstance(above, Differential) and isinstance(below, Differential):
            if below.of is None:
                raise UnreadableError("a derivative with respect to nothing", *below.place)
            of = above.of
            if of is None:
                operand = self.scripted(self.factor())
                if not isinstance(operand, Symbol):
                    raise UnreadableError("a derivative of what is not understood", *operand.place)
                of = operand
                self.parameters(of)
            return Derivative(of, below.of, self.place(first))
        for part in (above, below):
            if isinstance(part, Differential) and part.sign != "d":
                raise UnreadableError("a lone differential is not understood", *part.place)
        return WrittenQuotient(above, below, self.place(first))

    def factor(self) -> Expression:
        """Read a number, a name, a fraction ..., without what is written above it.

        Whatever nests does so by way of a factor.
        """
        self.deeper()
        found = self.unscripted()
        self.depth -= 1
        return found

    def unscripted(self) -> Expression:
        """Read a factor by the kind of its first word."""
        token = self.tokens[self.at] if self.at < len(self.tokens) else self.next()
        kind = token.kind
        if kind == "letter":
            if token.text == "d" and self.differential_follows():
                return self.differential()
            if token.text in VARIATIONS and self.variation_follows():
                return self.variation()
            if token.text == "D" and self.gradient_follows():
                return self.nabla()
            return self.symbol(self.next())
        if kind == "gradient":
            return gradient(self.next())
        if kind == "number":
            return self.number()
        if kind in ("(", "[", "{"):
            return self.group()
        if kind in ("word", "text"):
            return self.named()
        if kind == "begin":
            return self.cases() if token.text in ("cases", "dcases") else self.matrix()
        if kind == "command":
            return self.commanded(token)
        raise self.unknown()

    def number(self) -> Number:
        """Read a number."""
        token = self.next()
        if len(token.text) > _LONGEST_NUMBER:
            raise UnreadableError("this number is too long", token.start, token.end)
        return Number(Fraction(token.text), Place(token.start, token.end))

    def group(self) -> Expression:
        """Read what stands between brackets; braces around nothing are nothing, hence an error."""
        opening = self.next()
        first = self.at - 1
        if opening.kind != "{" and self.relates(CLOSING[opening.kind]):
            return Indicator(self.until(CLOSING[opening.kind]), self.place(first))
        parts = [self.expression()]
        while self.kind() == "," and opening.kind in ("(", "["):
            self.next()
            parts.append(self.expression())
        self.expect(CLOSING[opening.kind])
        if len(parts) > 1:
            return Call("", tuple(parts), self.place(first))
        if self.kind() in ("[", "(", "_", "index") and (name := convolved(parts[0])):
            return Symbol(name, None, self.place(first))
        if self.kind() in ("_", "index") and (name := marked(parts[0])):
            return Symbol(name, None, self.place(first))
        return replace(parts[0], place=self.place(first))

    def commanded(self, token: Token) -> Expression:
        """Read what begins with a command."""
        name = token.text
        if name in _FRACTIONS:
            return self.fraction()
        if name == "partial":
            return self.nabla() if self.kind(1) in ("_", "index") else self.differential()
        if name == "nabla":
            return self.nabla()
        if name in ACCENTS:
            return self.accented()
        if name in _BRACES:
            return self.braced()
        if name == "sum":
            return self.big_sum()
        if name in ("lfloor", "lceil"):
            return self.floor(name)
        if name in EXTREMES and self.kind(1) in CLOSING:
            return self.extreme()
        if name in _DOTS:
            raise UnreadableError(
                f"which terms '\\{name}' leaves out is not known; write all of them",
                token.start, token.end,
            )  # fmt: skip
        raise self.unknown()

    def braced(self) -> Expression:
        """Read \\underbrace{..}_{remark}: what stands in the braces."""
        first = self.at
        self.next()
        inside = self.part()
        if self.kind() in ("_", "^"):
            self.next()
            self.script()
        return replace(inside, place=self.place(first))

    def fraction(self) -> Expression:
        """Read \\frac{..}{..}; two differentials make a derivative."""
        first = self.at
        self.next()
        above = self.part()
        below = self.part()
        return self.divided(above, below, first)

    def part(self) -> Expression:
        """Read one argument of a fraction."""
        if self.kind() != "{":
            return self.factor()
        self.next()
        is_differential = self.command("partial") or (
            self.kind() == "letter" and self.tokens[self.at].text == "d"
        )
        if is_differential and self.only_differential():
            inside: Expression = self.differential()
        else:
            inside = self.expression()
        self.expect("}")
        return inside

    def differential(self) -> Differential:
        """Read a d or \\partial and the name behind it, if there is one."""
        first = self.at
        sign = "\\partial" if self.next().kind == "command" else "d"
        if self.kind() == "}" or self.kind() == "" or self.kind() == "/":
            return Differential(None, sign, self.place(first))
        of = self.spelled() or layered(self.scripted(self.factor()))
        if isinstance(of, WordsNode):
            of = Symbol(of.text, None, of.place)
        if not isinstance(of, Symbol):
            raise UnreadableError("a derivative of what is not understood", *of.place)
        self.parameters(of)
        return Differential(of, sign, self.place(first))

    def spelled(self) -> Symbol | None:
        r"""Read the letters of \partial Loss as one name, None where no such name follows."""
        first, k = self.at, 1
        while self.kind(k - 1) == self.kind(k) == "letter" and self.adjoins(k):
            k += 1
        if k == 1 or self.kind(k) not in ("}", "/"):
            return None
        name = "".join(self.next().text for _ in range(k))
        return Symbol(name, None, self.place(first))

    def nabla(self) -> Derivative | Differential:
        """Read \\nabla_{x_{00}} L or \\partial_{x_{00}} L; \\nabla x_{00} has no loss."""
        first = self.at
        self.next()
        if self.kind() in ("letter", "word", "text", "{") or self.command(*ACCENTS):
            gradient_of = self.scripted(self.factor())
            if isinstance(gradient_of, Symbol):
                return Differential(gradient_of, "d", self.place(first))
        self.expect("_")
        wrt = self.scripted(self.part()) if self.kind() == "{" else self.symbol(self.next(), False)
        wrt = Symbol(wrt.text, None, wrt.place) if isinstance(wrt, WordsNode) else layered(wrt)
        of = self.scripted(self.factor())
        if not isinstance(wrt, Symbol) or not isinstance(of, Symbol):
            raise UnreadableError("this gradient is not understood", *self.place(first))
        return Derivative(of, wrt, self.place(first))

    def big_sum(self) -> BigSum:
        """Read a sum sign, its limits, and the product behind it."""
        first = self.at
        self.next()
        below: tuple[Token, ...] = ()
        above: tuple[Token, ...] = ()
        while self.kind() in ("_", "^", "index"):
            sign = self.next()
            if sign.kind == "index":
                below = tuple(token for part in digits(sign) for token in part)
            elif sign.kind == "_":
                below = tuple(lowered(self.script()))
            else:
                above = tuple(lowered(self.script()))
        inside = self.term()
        return BigSum(below, above, inside, self.place(first))

    def named(self) -> Expression:
        """Read a word: an operator with its arguments, a name with an index, or prose."""
        first = self.at
        token = self.next()
        name = " ".join(token.text.replace("\\_", "_").split())
        if self.kind() in ("[", "(", "^") and self.is_indexed_name():
            return self.symbol(token._replace(text=name))
        if token.kind == "word" or self.kind() in ("_", "(", "index"):
            if self.kind() in ("_", "index") and name.lower().startswith("rot"):
                sign = self.next()
                angle = digits(sign)[0] if sign.kind == "index" else self.script()
                name += "".join(t.text for t in angle if t.kind == "number")
            elif self.kind() == "_" and name.lower().startswith(("conv", "corr", "cross", "xcorr")):
                self.next()
                word = "".join(t.text for t in self.script() if t.kind not in "{}").strip()
                name = f"{word} {name}"
            amount = self.amount() if name.lower().startswith(_SIZED) else ()
            if self.kind() == "(":
                found = self.call(name, first)
                return replace(found, arguments=(*found.arguments, *amount))
            return self.symbol(token._replace(text=name))
        return WordsNode(name, self.place(first))

    def amount(self) -> tuple[Expression, ...]:
        r"""Read what stands below an operator: \text{pad}_{K-1}(..), where its tensor follows."""
        first = self.at
        if self.kind() not in ("_", "index"):
            return ()
        sign = self.next()
        words = digits(sign)[0] if sign.kind == "index" else self.script()
        if self.kind() != "(":
            self.at = first
            return ()
        return (read(words),)

    def is_indexed_name(self) -> bool:
        """Whether a word is a tensor's name: in[0, 1], in(0, 1), in^{(l)}_{01}."""
        if self.kind() == "(":
            return self.is_numbered()
        return self.kind() == "^" or self.adjoins()

    def call(self, name: str, first: int) -> Call:
        """Read the arguments of an operator."""
        self.expect("(")
        arguments = [self.call_argument()]
        while self.kind() == ",":
            self.next()
            arguments.append(self.call_argument())
        self.expect(")")
        return Call(name, tuple(arguments), self.place(first))

    def call_argument(self) -> Expression:
        """Read one argument; ``stride = 2`` is a call of the name ``stride=``, 'full' is prose."""
        if self.kind() == "'":
            return self.quoted()
        if self.kind() not in ("text", "word") or self.kind(1) != "=":
            return self.expression()
        first = self.at
        name = self.next().text.strip().lower() + self.next().kind
        value = self.quoted() if self.kind() == "'" else self.expression()
        return Call(name, (value,), self.place(first))
