"""Which letter is which: the tensors of a convolution from the shapes of its equations.

    y = sum a b              y is the output, a and b are input and filter
    dL/da = sum dL/dy b      likewise
    dL/da = sum dL/dy dy/da  likewise, without b
    dy/da = b                likewise

Equations that agree on those names make a system (`symconv.documents.notation.systems`); which of
a and b is the filter, the fit tells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence, Set
from typing import NamedTuple

from symconv.documents.elements.equations import (
    GRADIENT,
    LOCAL,
    SCALAR,
    VALUE,
    ElementEquation,
    WrittenFactor,
)

INPUTS = ("x", "X", "i", "I", "a", "A", "in", "input", "h")
FILTERS = ("f", "F", "w", "W", "k", "K", "h", "\\theta", "filter", "kernel", "weight", "g")
OUTPUTS = ("y", "Y", "o", "O", "z", "Z", "s", "out", "output")
_BIASES = ("b", "B", "\\beta", "bias", "b_0")
_GRADIENTS = ("\\delta", "\\Delta", "g", "G")
_ACCENTED = re.compile(r"\\[a-z]+\{(.+)\}")


class NameShape(NamedTuple):
    """What one equation says about names.

    Attributes:
        output: the output's name, or "" where the equation has a gradient's own name only.
        pair: input and filter, as far as they occur.
        gradient: the name of the output's gradient, where it has one of its own (delta).
    """

    output: str
    pair: frozenset[str]
    gradient: str = ""


def is_bias(factor: WrittenFactor) -> bool:
    """Whether a factor can be the bias of a forward equation, or its gradient."""
    named = factor.kind in (SCALAR, VALUE) or (factor.kind == GRADIENT and not factor.index)
    return named and is_bias_name(factor.name)


def is_bias_name(name: str) -> bool:
    """Whether a name is one that biases have."""
    return name.split("^")[0] in _BIASES


def shape(equation: ElementEquation, differentiated: Container[str] = ()) -> NameShape | None:
    """Return what an equation says about names, None where it is no equation of a convolution.

    Args:
        equation: the equation.
        differentiated: the tensors that the document differentiates the loss by.
    """
    target = equation.target
    if target.kind == LOCAL:
        values = [f.name for t in equation.terms for f in t.factors if f.kind == VALUE]
        return NameShape(target.of, frozenset({target.name, *values[:1]}))
    votes: Counter[tuple[str, ...]] = Counter()
    for term in equation.terms:
        factors = term.factors
        if len(factors) == 2:
            votes[_roles(target, factors)] += 1
        elif len(factors) == 1 and factors[0].kind == target.kind == GRADIENT:
            votes["bias", factors[0].name] += 1
        elif len(factors) == 1 and factors[0].kind == VALUE and _is_gradient_of_bias(target):
            votes["own-bias", factors[0].name] += 1
    votes.pop((), None)
    if not votes and _is_zero(equation):
        gradient = target.kind == GRADIENT
        return NameShape(
            "" if gradient else target.name, frozenset({target.name} if gradient else ())
        )
    if not votes:
        return None
    return _shape(target, max(votes, key=votes.__getitem__), differentiated)


def _is_zero(equation: ElementEquation) -> bool:
    """Whether an element is said to be 0: a gradient, or an output beside its bias, 0 + b."""
    added = [term.factors for term in equation.terms if term.factors]
    if equation.target.kind != VALUE or len(added) == len(equation.terms):
        return not added
    return all(len(factors) == 1 and is_bias(factors[0]) for factors in added)


def _is_gradient_of_bias(target: WrittenFactor) -> bool:
    return target.kind == GRADIENT and not target.index and is_bias(target)


def _roles(target: WrittenFactor, factors: Sequence[WrittenFactor]) -> tuple[str, ...]:
    a, b = factors
    if (a.kind, b.kind) == (VALUE, VALUE) and a.name != b.name:
        return ("values", *sorted((a.name, b.name)))
    if target.kind != GRADIENT:
        return ()
    if b.kind == GRADIENT or (a.kind == LOCAL and b.kind == VALUE):
        a, b = b, a
    if a.kind == GRADIENT and b.kind == VALUE:
        return "direct", a.name, b.name
    if a.kind == GRADIENT and b.kind == LOCAL:
        return "chain", a.name, b.name
    if a.kind == VALUE and b.kind == LOCAL:
        return "own-chain", a.name, b.of
    return ()


def _shape(
    target: WrittenFactor, roles: tuple[str, ...], differentiated: Container[str]
) -> NameShape | None:
    match roles:
        case ("values", a, b) if target.kind == VALUE:
            return NameShape(target.name, frozenset({a, b}))
        case ("values", a, b):
            own = _own_gradient(a, b, differentiated)
            return NameShape("", frozenset({target.name, b if own == a else a}), own)
        case ("direct", y, other):
            return NameShape(y, frozenset({target.name, other}))
        case ("chain", y, _):
            return NameShape(y, frozenset({target.name}))
        case ("own-chain", own, y):
            return NameShape(y, frozenset({target.name}), own)
        case ("bias", y):
            return NameShape(y, frozenset())
        case ("own-bias", own):
            return NameShape("", frozenset(), own)
    return None


def _own_gradient(a: str, b: str, differentiated: Container[str]) -> str:
    """Return which of two names is the gradient's own, as in dL/dx = sum delta w.

    No gradient is differentiated by again.
    """
    for name in (a, b):
        if _plain(name) in _GRADIENTS[:2]:
            return name
    if (a in differentiated) != (b in differentiated):
        return b if a in differentiated else a
    known = [name for name in (a, b) if _plain(name) in (*FILTERS, *INPUTS)]
    if len(known) == 1:
        return b if known[0] == a else a
    return next((name for name in (a, b) if _plain(name) in _GRADIENTS), b if known else a)


def samples(equations: Iterable[ElementEquation], names: Set[str]) -> dict[str, WrittenFactor]:
    """Return an element of every tensor as it is written, where one stands in an equation."""
    found: dict[str, WrittenFactor] = {}
    for equation in equations:
        for factor in equation.elements():
            if factor.kind == VALUE and factor.name in names and factor.place != factor.index_place:
                found.setdefault(factor.name, factor)
        if len(found) == len(names):
            break
    return found


def orders(pair: Iterable[str], outputs: Iterable[str]) -> list[tuple[str, str]]:
    """Return (input, filter) in both orders, the one that convention prefers first.

    Where both letters say which is which (x and w), there is one order only.
    """
    names = sorted(set(pair) - set(outputs)) or sorted(pair)
    if len(names) == 1:
        only = names[0]
        return [("", only)] if _plain(only) in FILTERS else [(only, "")]
    if len(names) != 2:
        return []
    a, b = names
    liking = (_plain(a) in INPUTS) + (_plain(b) in FILTERS)
    disliking = (_plain(b) in INPUTS) + (_plain(a) in FILTERS)
    if abs(liking - disliking) == 2:
        return [(a, b) if liking else (b, a)]
    return [(a, b), (b, a)] if liking >= disliking else [(b, a), (a, b)]


def _plain(name: str) -> str:
    """Return a name without layer, accent and primes."""
    name = name.split("^")[0].rstrip("'")
    accented = _ACCENTED.fullmatch(name)
    return accented[1] if accented else name


def conventional(name: str) -> str | None:
    """Return the role that convention gives to a letter."""
    plain = name.split("^")[0]
    for names, role in ((OUTPUTS[:4], "Y"), (INPUTS[:2], "X"), (FILTERS[:6], "F")):
        if plain in names:
            return role
    return None
