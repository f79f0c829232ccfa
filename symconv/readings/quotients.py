"""Reads sizes as polynomials: a floor quotient becomes a named integer, its witness.

    floor(N/u) = q    where    0 <= N - q*u <= u - 1,    so that N mod u = N - q*u

for u >= 1, which is an obligation of its own: with u = 0 a witness would make everything provable.
Equal quotients share a witness, whoever asks.  To make them equal, what the divisor divides is
pulled out, floor((a*u + b)/u) = a + floor(b/u), a divisor that is a product is taken apart,
floor(N/(a*b)) = floor(floor(N/a)/b), and of N and its mirror one is chosen,
floor(N/u) = -1 - floor((-N - 1)/u), so that -(-H//u) and (H + u - 1)//u become the same.  What
is a digit, 0 <= a < u wherever it occurs, has the quotient 0: floor((t*u + a)/u) = t.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod

from symconv.errors import FormulaError, OutOfReachError
from symconv.formula.sizes import (
    Difference,
    Greatest,
    Least,
    Name,
    Product,
    Quotient,
    Remainder,
    Size,
    Sum,
    names,
)
from symconv.polynomial import ONE, ZERO, Monomial, Polynomial

LARGEST = 1_000
"""How many bits the factors of a polynomial may have."""

Order = Mapping[tuple[Size, Size], bool]
"""Whether left <= right, for each pair that ``min`` or ``max`` compares."""


@dataclass(frozen=True, slots=True)
class Witness:
    """The named integer q = floor(numerator / divisor).

    ``needs`` is how many divisors, in the order in which they were met, must be positive for the
    witness to exist.
    """

    name: str
    numerator: Polynomial
    divisor: Polynomial
    needs: int

    @property
    def remainder(self) -> Polynomial:
        """numerator mod divisor, in 0 .. divisor - 1."""
        return self.numerator - Polynomial.name(self.name) * self.divisor

    @property
    def text(self) -> str:
        """The quotient in Python's notation."""
        return f"{_bracketed(self.numerator)}//{_bracketed(self.divisor)}"


class Arithmetic:
    """Sizes as polynomials over one set of named integers, and the witnesses of their quotients.

    Attributes:
        values: what each declared name stands for, itself or what it is defined as.
        witnesses: by name, in the order of creation: each uses only earlier ones.
        divisors: everything that was divided by, in the order in which it was first met.
        indices: names that run over elements (or depend on them) instead of being sizes.
        digits: for some indices a, what each is below wherever it occurs: 0 <= a < digits[a].
        stems: what each index is called where it comes from.
        needs: how many of the divisors the quotients since it was last set to 0 rest on.
    """

    def __init__(self, taken: Iterable[str], order: Order) -> None:
        self.values: dict[str, Polynomial] = {}
        self.witnesses: dict[str, Witness] = {}
        self.divisors: list[Polynomial] = []
        self.indices: set[str] = set()
        self.digits: dict[str, Polynomial] = {}
        self.stems: dict[str, str] = {}
        self.needs = 0
        self._places = {name: place for place, name in enumerate(taken)}
        self._names = set(self._places)
        self._order = order

    def fresh(self, stem: str) -> str:
        """Return a name that nothing else has: ``stem``, or ``stem`` with a number."""
        name, number = stem, 2
        while name in self._names:
            name, number = f"{stem}{number}", number + 1
        self._names.add(name)
        return name

    def index(self, stem: str) -> str:
        """Return a fresh name for an index."""
        name = self.fresh(stem)
        self.indices.add(name)
        self.stems[name] = stem
        return name

    def polynomial(self, size: Size, at: Mapping[str, Polynomial] | None = None) -> Polynomial:
        """Return ``size`` as a polynomial; ``at`` says what the indices in it stand for.

        Raises:
            FormulaError: a name that is not declared.
            OutOfReachError: min or max of indices, or a divisor that depends on one.
        """
        at = at or {}
        match size:
            case int():
                return Polynomial.constant(size)
            case Name(name):
                return self._value(name, at)
            case Sum(left, right):
                return self.polynomial(left, at) + self.polynomial(right, at)
            case Difference(left, right):
                return self.polynomial(left, at) - self.polynomial(right, at)
            case Product(left, right):
                product = self.polynomial(left, at) * self.polynomial(right, at)
                if any(factor.bit_length() > LARGEST for factor in product.terms.values()):
                    raise OutOfReachError(f"a factor has more than {LARGEST} bits")
                return product
            case Quotient(left, right):
                return self._floor(self.polynomial(left, at), right, at)
            case Remainder(left, right):
                above, below = self.polynomial(left, at), self.polynomial(right, at)
                return above - self._floor(above, right, at) * below
            case Least(left, right):
                return self.polynomial(left if self._ordered(left, right, at) else right, at)
            case Greatest(left, right):
                return self.polynomial(right if self._ordered(left, right, at) else left, at)
            case _:
                raise TypeError(f"{type(size).__name__} has no polynomial")

    def quotient(self, numerator: Polynomial, divisor: Polynomial) -> Polynomial:
        """Return floor(numerator / divisor) as a polynomial with a witness where one is needed."""
        return self._by_each(numerator, _factors(divisor))

    def lowered(self, bound: Polynomial, digits: Iterable[str]) -> Polynomial:
        """Return what ``bound`` >= 0 says where ``digits`` are digits: of t*u + a, that t >= 0.

        The same follows of t*u - a - 1, that t - 1 >= 0.  Nothing is divided by what might be 0:
        where there is a digit below u, u is at least 1.
        """
        for name in digits:
            if name in bound.names:
                whole, rest = split(bound, self.digits[name])
                if not whole.names or name in whole.names:
                    continue  # of the digit alone nothing is left to say, and its range stays
                if rest == Polynomial.name(name):
                    bound = whole
                elif -rest - 1 == Polynomial.name(name):
                    bound = whole - 1
        return bound

    def names_below(self, name: str) -> set[str]:
        """Return the names that decide the value of ``name``: itself, or those of its quotient."""
        witness = self.witnesses.get(name)
        if witness is None:
            return {name}
        below = witness.numerator.names | witness.divisor.names
        return {name}.union(*map(self.names_below, below))

    def freed(self, values: Mapping[str, Polynomial]) -> list[tuple[str, Polynomial]] | None:
        """Try to make the quotients in ``values`` that depend on the replaced names plain names.

        With H = q*u + r the quotient H//u is q, whatever q is, exactly where 0 <= r <= u - 1.  Then
        q needs no definition any more; that r is in these bounds is returned, with the quotient's
        text: what has to be >= 0.  None where it is not possible.
        """
        found = set().union(*(value.names for value in values.values())) & self.witnesses.keys()
        hiding = [name for name in found if self.names_below(name) & values.keys()]
        bounds: list[tuple[str, Polynomial]] = []
        for name in hiding:
            number, divisors = self._unrolled(self.witnesses[name])
            base = prod(divisors, start=ONE)
            rest = number.substitute(values) - base * Polynomial.name(name)
            below = set[str]().union(*map(self.names_below, rest.names | base.names))
            if below & {*values, *hiding}:
                return None
            text = self.witnesses[name].text
            bounds += [
                (text, each) for each in (rest, base - rest - 1) if rest and not _holds(each)
            ]
        if any(self.names_below(other) & set(hiding) for other in found - set(hiding)):
            return None
        for name in hiding:
            del self.witnesses[name]
        return bounds

    def _unrolled(self, witness: Witness) -> tuple[Polynomial, tuple[Polynomial, ...]]:
        """Return what is divided, and by what: floor(floor(N/a)/b) is N by a and b, any order."""
        for name in witness.numerator.names & self.witnesses.keys():
            if witness.numerator == Polynomial.name(name):
                number, divisors = self._unrolled(self.witnesses[name])
                return number, tuple(sorted((*divisors, witness.divisor), key=str))
        return witness.numerator, (witness.divisor,)

    def renewed(
        self, values: Mapping[str, Polynomial]
    ) -> tuple[dict[str, Polynomial], list[Polynomial]]:
        """Substitute ``values`` in the quotients; return what else is replaced, and what else is 0.

        A witness whose quotient changes is replaced by the new quotient and forgotten.  Where the
        new one speaks of the old, nothing is replaced and their difference is an equation.
        """
        replaced, equations = dict(values), []
        for witness in list(self.witnesses.values()):
            above = witness.numerator.substitute(replaced)
            below = witness.divisor.substitute(replaced)
            if (above, below) == (witness.numerator, witness.divisor):
                continue
            renewed = self.quotient(above, below)
            if witness.name in set().union(*map(self.names_below, renewed.names)):
                equations.append(renewed - Polynomial.name(witness.name))
            else:
                replaced[witness.name] = renewed
                del self.witnesses[witness.name]
        return replaced, [equation for equation in equations if equation]

    def _floor(
        self, numerator: Polynomial, divisor: Size, at: Mapping[str, Polynomial]
    ) -> Polynomial:
        """Return floor(numerator / divisor); a product of sums, P*Q, is taken apart as written."""
        whole = self.polynomial(divisor, at)
        if len(whole.terms) > 1 and isinstance(divisor, Product):
            parts = [self.polynomial(part, at) for part in _product_of(divisor)]
            return self._by_each(numerator, [factor for part in parts for factor in _factors(part)])
        return self.quotient(numerator, whole)

    def _by_each(self, numerator: Polynomial, factors: list[Polynomial]) -> Polynomial:
        """Return the floor by the product of ``factors``: first by those that need no witness."""
        for factor in factors:
            if factor.names & self.indices:
                raise OutOfReachError(f"the divisor {factor} changes with an index")
            self._divide_by(factor)
        left = list(factors)
        while left:
            closed = (k for k, factor in enumerate(left) if self._is_closed(numerator, factor))
            numerator = self._divided(numerator, left.pop(next(closed, -1)))
        return numerator

    def _is_closed(self, numerator: Polynomial, divisor: Polynomial) -> bool:
        """Whether floor(numerator / divisor) takes no witness that is not there already."""
        _, rest = _split(numerator, divisor)
        if self._is_mirrored(rest):
            _, rest = _split(-rest - 1, divisor)
        numbers = rest.value is not None and divisor.value is not None
        return (
            numbers
            or not rest
            or self._is_digit(rest, divisor)
            or self._known(rest, divisor) is not None
        )

    def _is_digit(self, numerator: Polynomial, divisor: Polynomial) -> bool:
        """Whether ``numerator`` is an index that is in 0 .. divisor - 1 wherever it occurs."""
        (name, *others) = numerator.names or [""]
        below = None if others else self.digits.get(name)
        if below is None or numerator != Polynomial.name(name):
            return False
        if below.value is not None and divisor.value is not None:
            return below.value <= divisor.value
        return below == divisor

    def _divide_by(self, divisor: Polynomial) -> None:
        """Note that ``divisor`` has to be at least 1; a number need not be noted if it is."""
        if divisor.value is not None and divisor.value >= 1:
            return
        if divisor not in self.divisors:
            self.divisors.append(divisor)
        self.needs = max(self.needs, self.divisors.index(divisor) + 1)

    def _value(self, name: str, at: Mapping[str, Polynomial]) -> Polynomial:
        if name in at:
            return at[name]
        if name in self.values:
            return self.values[name]
        raise FormulaError(f"{name} is not declared")

    def _ordered(self, left: Size, right: Size, at: Mapping[str, Polynomial]) -> bool:
        if (left, right) not in self._order or (names(left) | names(right)) & at.keys():
            raise OutOfReachError("min or max of an index")
        return self._order[left, right]

    def _known(self, numerator: Polynomial, divisor: Polynomial) -> Witness | None:
        asked = self._unrolled(Witness("", numerator, divisor, 0))
        for witness in self.witnesses.values():
            if (witness.numerator, witness.divisor) == (numerator, divisor):
                return witness
        if len(asked[1]) > 1:
            for witness in self.witnesses.values():
                if self._unrolled(witness) == asked:
                    return witness
        return None

    def _divided(self, numerator: Polynomial, divisor: Polynomial) -> Polynomial:
        """Return floor(numerator / divisor) for a divisor that is not taken apart any further."""
        whole, rest = _split(numerator, divisor)
        if not rest or (rest.value is not None and divisor.value is not None):
            return whole  # a constant rest is smaller than the constant divisor
        if self._is_mirrored(rest):
            return whole - 1 - self._divided(-rest - 1, divisor)
        if self._is_digit(rest, divisor):
            return whole
        known = self._known(rest, divisor)
        if known is None:
            known = self._witness(rest, divisor)
        return whole + Polynomial.name(known.name)

    def _is_mirrored(self, numerator: Polynomial) -> bool:
        """Whether -numerator - 1 is to be divided instead: its first term is negative.

        The first term is the one whose names were declared first.
        """

        def place(monomial: Monomial) -> tuple[bool, list[tuple[int, str]]]:
            return not monomial, sorted(
                (self._places.get(n, len(self._places)), n) for n in monomial
            )

        return numerator.terms.get(min(numerator.terms, key=place, default=()), 0) < 0

    def _witness(self, numerator: Polynomial, divisor: Polynomial) -> Witness:
        below = numerator.names | divisor.names
        needs = [self.divisors.index(divisor) + 1 if divisor in self.divisors else 0]
        needs += [self.witnesses[name].needs for name in below & self.witnesses.keys()]
        witness = Witness(self.fresh("q"), numerator, divisor, max(needs))
        self.witnesses[witness.name] = witness
        if below & self.indices:
            self.indices.add(witness.name)
        self._note_groups(numerator, divisor, witness.name)
        return witness

    def _note_groups(self, number: Polynomial, divisor: Polynomial, quotient: str) -> None:
        """Note that floor(k/u), called ``quotient``, is below n if k is a digit below n*u."""
        for name in number.names & self.digits.keys():
            groups, left = split(self.digits[name], divisor)
            if number == Polynomial.name(name) and groups and not left:
                self.digits[quotient] = groups


def _product_of(size: Size) -> tuple[Size, ...]:
    """Return the sizes of which ``size`` is the product as it is written."""
    if isinstance(size, Product):
        return _product_of(size.left) + _product_of(size.right)
    return (size,)


def _factors(divisor: Polynomial) -> list[Polynomial]:
    """Return the names (and the constant) of a divisor that is one product, or the divisor."""
    if len(divisor.terms) != 1:
        return [divisor]
    ((monomial, factor),) = divisor.terms.items()
    each = [Polynomial.name(name) for name in monomial]
    return each if factor == 1 and each else [Polynomial.constant(factor), *each]


def _split(numerator: Polynomial, divisor: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Return (a, b) with numerator = a*divisor + b, as much as can be seen in a.

    The divisor is a name, a constant, or a sum that is divided by as a whole.  A constant that is
    not positive divides nothing: its obligation fails.
    """
    if divisor.value is not None:
        return _split_by_number(numerator, divisor.value)
    if len(divisor.terms) == 1:
        (name,) = divisor.names
        return _split_by_name(numerator, name)
    return split(numerator, divisor)


def split(numerator: Polynomial, divisor: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Return (a, b) with numerator = a*divisor + b, by long division, for any divisor.

    No product in b holds the greatest product of the divisor; b is 0 where it divides.
    """
    if divisor.value is not None:
        return _split_by_number(numerator, divisor.value)
    lead = max(divisor.terms, key=_greatness)
    whole, rest, left = ZERO, ZERO, numerator
    while left:
        monomial = max(left.terms, key=_greatness)
        term = Polynomial({monomial: left.terms[monomial]})
        others, remainder = _without(monomial, lead), left.terms[monomial] % divisor.terms[lead]
        if others is None or remainder:
            rest, left = rest + term, left - term
        else:
            multiple = Polynomial({others: left.terms[monomial] // divisor.terms[lead]})
            whole, left = whole + multiple, left - multiple * divisor
    return whole, rest


def _greatness(monomial: Monomial) -> tuple[int, Monomial]:
    return len(monomial), monomial


def _without(monomial: Monomial, other: Monomial) -> Monomial | None:
    """Return the quotient of two products of names, or None where there is none."""
    left = list(monomial)
    for name in other:
        if name not in left:
            return None
        left.remove(name)
    return tuple(left)


def _split_by_number(numerator: Polynomial, divisor: int) -> tuple[Polynomial, Polynomial]:
    if divisor < 1:
        return ZERO, numerator
    parts = {monomial: divmod(factor, divisor) for monomial, factor in numerator.terms.items()}
    whole = Polynomial({monomial: a for monomial, (a, _) in parts.items()})
    return whole, Polynomial({monomial: b for monomial, (_, b) in parts.items()})


def _split_by_name(numerator: Polynomial, name: str) -> tuple[Polynomial, Polynomial]:
    whole: dict[Monomial, int] = {}
    rest: dict[Monomial, int] = {}
    for monomial, factor in numerator.terms.items():
        if name in monomial:
            place = monomial.index(name)
            whole[monomial[:place] + monomial[place + 1 :]] = factor
        else:
            rest[monomial] = factor
    return Polynomial(whole), Polynomial(rest)


def _holds(bound: Polynomial) -> bool:
    """Whether ``bound`` is a number from 0 on."""
    return bound.value is not None and bound.value >= 0


def _bracketed(polynomial: Polynomial) -> str:
    return str(polynomial) if len(polynomial.terms) == 1 else f"({polynomial})"
