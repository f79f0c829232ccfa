"""Polynomials in named integers with integer coefficients: frozen, exact, small.

>>> H, R, u = (Polynomial.name(n) for n in "HRu")
>>> str((H - R) * u + 1)
'H*u - R*u + 1'
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import gcd, prod

from symconv.limits.budget import spend

Monomial = tuple[str, ...]
"""The names that are multiplied, sorted, a power as a repetition; () is the constant 1."""


class Polynomial:
    """A sum of monomials with integer coefficients, none of them 0; equal by value."""

    __slots__ = ("_hash", "_names", "_text", "terms")

    terms: Mapping[Monomial, int]

    def __init__(self, terms: Mapping[Monomial, int]) -> None:
        spend(2 + len(terms) // 4)
        self.terms = {monomial: factor for monomial, factor in terms.items() if factor}
        self._hash: int | None = None
        self._names: frozenset[str] | None = None
        self._text: str | None = None

    @classmethod
    def constant(cls, value: int) -> Polynomial:
        """Return the polynomial that is ``value`` everywhere."""
        return cls({(): value})

    @classmethod
    def name(cls, name: str) -> Polynomial:
        """Return the polynomial that is one named integer."""
        return cls({(name,): 1})

    @classmethod
    def read(cls, text: str) -> Polynomial:
        """Return the polynomial that ``str`` writes as ``text``.

        Raises:
            ValueError: no polynomial is written like that.
        """
        signed = text if text.startswith("-") else f"+ {text}"
        parts = signed.replace("-", "- ", 1).split() if text.startswith("-") else signed.split()
        terms: dict[Monomial, int] = {}
        for sign, product in zip(parts[::2], parts[1::2], strict=False):
            monomial, factor = _product(product)
            terms[monomial] = terms.get(monomial, 0) + (-factor if sign == "-" else factor)
        total = cls(terms)
        if str(total) != text:
            raise ValueError(f"{text[:200]!r} is not how a polynomial is written")
        return total

    @property
    def names(self) -> frozenset[str]:
        """The named integers that occur."""
        if self._names is None:
            self._names = frozenset(name for monomial in self.terms for name in monomial)
        return self._names

    @property
    def value(self) -> int | None:
        """The constant that this polynomial is, or None where names occur."""
        if any(self.terms):
            return None
        return self.terms.get((), 0)

    @property
    def content(self) -> int:
        """The greatest common divisor of the coefficients; 0 for the polynomial 0."""
        return gcd(*self.terms.values())

    def __add__(self, other: Polynomial | int) -> Polynomial:
        total = dict(self.terms)
        for monomial, factor in _terms(other):
            total[monomial] = total.get(monomial, 0) + factor
        return Polynomial(total)

    def __sub__(self, other: Polynomial | int) -> Polynomial:
        total = dict(self.terms)
        for monomial, factor in _terms(other):
            total[monomial] = total.get(monomial, 0) - factor
        return Polynomial(total)

    def __mul__(self, other: Polynomial | int) -> Polynomial:
        if not isinstance(other, Polynomial):
            return Polynomial({monomial: a * other for monomial, a in self.terms.items()})
        spend(len(self.terms) * len(other.terms))
        total: dict[Monomial, int] = {}
        for left, a in self.terms.items():
            for right, b in other.terms.items():
                monomial = _times(left, right)
                total[monomial] = total.get(monomial, 0) + a * b
        return Polynomial(total)

    def __neg__(self) -> Polynomial:
        return self * -1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Polynomial) and self.terms == other.terms

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.terms.items()))
        return self._hash

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __repr__(self) -> str:
        return f"Polynomial({self})"

    def __str__(self) -> str:
        """Return it as a person would write it, the products first: ``R*d - d + 1``."""
        if self._text is None:
            self._text = self._written()
        return self._text

    def _written(self) -> str:
        text = ""
        for monomial, factor in sorted(self.terms.items(), key=lambda term: _order(*term)):
            sign = "-" if factor < 0 else "+"
            text += f" {sign} {_term(monomial, abs(factor))}"
        text = text.removeprefix(" + ") or "0"
        return "-" + text[3:] if text.startswith(" - ") else text

    def compared(self, relation: str) -> str:
        """Return this polynomial ``>=`` 0 (or ``=`` 0) with its negative terms on the left.

        >>> Polynomial.read("H - R - 1").compared(">=")
        'R + 1 <= H'
        """
        positive = Polynomial({m: factor for m, factor in self.terms.items() if factor > 0})
        negative = Polynomial({m: -factor for m, factor in self.terms.items() if factor < 0})
        return f"{negative} {'<=' if relation == '>=' else relation} {positive}"

    def substitute(self, values: Mapping[str, Polynomial]) -> Polynomial:
        """Return this polynomial with the names in ``values`` replaced, all at once."""
        if self.names.isdisjoint(values):
            return self
        total = Polynomial({})
        for monomial, factor in self.terms.items():
            kept = tuple(name for name in monomial if name not in values)
            product = Polynomial({kept: factor})
            for name in monomial:
                if name in values:
                    product = product * values[name]
            total = total + product
        return total

    def evaluate(self, at: Mapping[str, int]) -> int:
        """Return the value where the names are as ``at`` says."""
        return sum(f * prod(at[name] for name in monomial) for monomial, f in self.terms.items())

    def coefficient_of(self, name: str) -> Polynomial | None:
        """Return c where this polynomial is c*name + rest, or None where it is not linear in it."""
        found: dict[Monomial, int] = {}
        for monomial, factor in self.terms.items():
            match monomial.count(name):
                case 0:
                    continue
                case 1:
                    found[tuple(other for other in monomial if other != name)] = factor
                case _:
                    return None
        return Polynomial(found)


ZERO = Polynomial({})
ONE = Polynomial.constant(1)


def _product(text: str) -> tuple[Monomial, int]:
    """Return the product that is written with ``*``: names, and a number before them or alone."""
    first, *others = text.split("*")
    number = first.isascii() and first.isdigit()
    names = others if number else [first, *others]
    for name in names:
        if not name.isidentifier():
            raise ValueError(f"{name[:200]!r} is neither a number nor a name")
    return tuple(sorted(names)), int(first) if number else 1


def _terms(value: Polynomial | int) -> Iterator[tuple[Monomial, int]]:
    return iter(value.terms.items()) if isinstance(value, Polynomial) else iter([((), value)])


def _times(left: Monomial, right: Monomial) -> Monomial:
    if not left or not right:
        return left or right
    return tuple(sorted(left + right))


def _order(monomial: Monomial, factor: int) -> tuple[bool, int, bool, Monomial]:
    return not monomial, -len(monomial), factor < 0, monomial


def _term(monomial: Monomial, factor: int) -> str:
    if not monomial:
        return str(factor)
    return "*".join(([str(factor)] if factor != 1 else []) + list(monomial))
