"""Which letter is which: the tensors of a convolution from the shapes of its equations.

    y = sum a b              y is the output, a and b are input and filter
    dL/da = sum dL/dy b      likewise
    dL/da = sum dL/dy dy/da  likewise, without b
    dy/da = b                likewise

Equations that agree on those names make a *system*; which of a and b is the filter, the fit tells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from symconv.documents.elements import GRADIENT, LOCAL, SCALAR, VALUE, ElementEquation, Factor

INPUTS = ("x", "X", "i", "I", "a", "A", "in", "input", "h")
FILTERS = ("f", "F", "w", "W", "k", "K", "h", "\\theta", "filter", "kernel", "weight", "g")
OUTPUTS = ("y", "Y", "o", "O", "z", "Z", "s", "out", "output")
_BIASES = ("b", "B", "\\beta", "bias", "b_0")
_GRADIENTS = ("\\delta", "\\Delta", "g", "G")
_ACCENTED = re.compile(r"\\[a-z]+\{(.+)\}")


class Shape(NamedTuple):
    """What one equation says about names.

    Attributes:
        output: the output's name, or "" where the equation has a gradient's own name only.
        pair: input and filter, as far as they occur.
        gradient: the name of the output's gradient, where it has one of its own (delta).
    """

    output: str
    pair: frozenset[str]
    gradient: str = ""


@dataclass(eq=False, slots=True)
class System:
    """The names of one convolution, and the equations that use them.

    Attributes:
        outputs: names of the output; more than one only where they differ in case.
        pair: names of input and filter.
        gradients: own names of the output's gradient.
        members: numbers of its equations, in the order of the document.
    """

    outputs: list[str]
    pair: set[str]
    gradients: set[str] = field(default_factory=set)
    members: list[int] = field(default_factory=list)

    def names(self) -> set[str]:
        """Return every name it uses for tensors."""
        return {*self.outputs, *self.pair, *self.gradients}


def is_bias(factor: Factor) -> bool:
    """Say whether a factor can be the bias of a forward equation, or its gradient."""
    named = factor.kind in (SCALAR, VALUE) or (factor.kind == GRADIENT and not factor.index)
    return named and factor.name.split("^")[0] in _BIASES


def shape(equation: ElementEquation) -> Shape | None:
    """Return what an equation says about names, None where it is no equation of a convolution."""
    target = equation.target
    if target.kind == LOCAL:
        values = [f.name for t in equation.terms for f in t.factors if f.kind == VALUE]
        return Shape(target.of, frozenset({target.name, *values[:1]}))
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
    if not votes and not any(term.factors for term in equation.terms):
        gradient = target.kind == GRADIENT
        return Shape("" if gradient else target.name, frozenset({target.name} if gradient else ()))
    if not votes:
        return None
    return _shape(target, max(votes, key=votes.__getitem__))


def _is_gradient_of_bias(target: Factor) -> bool:
    return target.kind == GRADIENT and not target.index and is_bias(target)


def _roles(target: Factor, factors: Sequence[Factor]) -> tuple[str, ...]:
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


def _shape(target: Factor, roles: tuple[str, ...]) -> Shape | None:
    match roles:
        case ("values", a, b) if target.kind == VALUE:
            return Shape(target.name, frozenset({a, b}))
        case ("values", a, b):
            own = _own_gradient(a, b)
            return Shape("", frozenset({target.name, b if own == a else a}), own)
        case ("direct", y, other):
            return Shape(y, frozenset({target.name, other}))
        case ("chain", y, _):
            return Shape(y, frozenset({target.name}))
        case ("own-chain", own, y):
            return Shape(y, frozenset({target.name}), own)
        case ("bias", y):
            return Shape(y, frozenset())
        case ("own-bias", own):
            return Shape("", frozenset(), own)
    return None


def _own_gradient(a: str, b: str) -> str:
    """Return which of two names is the gradient's own, as in dL/dx = sum delta w."""
    for name in (a, b):
        if _plain(name) in _GRADIENTS[:2]:
            return name
    known = [name for name in (a, b) if _plain(name) in (*FILTERS, *INPUTS)]
    if len(known) == 1:
        return b if known[0] == a else a
    return next((name for name in (a, b) if _plain(name) in _GRADIENTS), b if known else a)


def systems(shapes: Sequence[Shape | None]) -> list[System]:
    """Return the systems of a document; equations that fit no system are members of none."""
    found: list[System] = []
    shapes = _settled(shapes)
    numbered = [(k, s) for k, s in enumerate(shapes) if s is not None]
    # Complete equations found systems, the others join them.
    for k, s in sorted(numbered, key=lambda ks: (len(ks[1].pair) < 2, not ks[1].output, ks[0])):
        system = _home(found, s)
        if system is None and len(s.pair) < 2 and not (s.output and s.pair):
            continue
        if system is None:
            system = System([s.output] if s.output else [], set(s.pair))
            found.append(system)
        _join(system, s, k)
    return _absorbed(found)


def _settled(shapes: Sequence[Shape | None]) -> list[Shape | None]:
    """Return shapes whose gradient's own name fits the pairs of forward equations.

    Of dL/dx = sum g w alone nobody knows whether g or w is the gradient; y = sum x w tells.
    """
    forward = {s.pair for s in shapes if s is not None and s.output and len(s.pair) == 2}
    return [_turned(s, forward) if s is not None and s.gradient else s for s in shapes]


def _turned(s: Shape, forward: Container[frozenset[str]]) -> Shape:
    if s.pair not in forward and len(s.pair) == 2:
        for name in s.pair:
            other = s.pair - {name} | {s.gradient}
            if other in forward:
                return Shape(s.output, other, name)
    return s


def _home(found: Iterable[System], s: Shape) -> System | None:
    candidates = list(found)
    if s.gradient and not s.pair and not s.output:
        return next((system for system in candidates if s.gradient in system.gradients), None)
    for system in candidates:
        same = not s.output or s.output in system.outputs
        if same and s.pair <= system.pair:
            return system
    for system in candidates:
        alias = any(s.output.casefold() == name.casefold() for name in system.outputs)
        if s.output and alias and s.pair <= system.pair:
            return system
    for system in candidates:
        if s.output in system.outputs and len(system.pair) < 2 and len(system.pair | s.pair) <= 2:
            return system
    return None


def _join(system: System, s: Shape, k: int) -> None:
    if s.output and s.output not in system.outputs:
        system.outputs.append(s.output)
    system.pair |= s.pair
    if s.gradient:
        system.gradients.add(s.gradient)
    system.members.append(k)


def _absorbed(found: list[System]) -> list[System]:
    """Give a small system that differs by one name to the large one: the name is a slip there."""
    large = sorted(found, key=lambda s: -len(s.members))
    kept: list[System] = []
    for system in large:
        home = next((k for k in kept if _slip(system, k)), None)
        if home is None:
            kept.append(system)
        else:
            home.members.extend(system.members)
    for system in kept:
        system.members.sort()
    return kept


def _slip(small: System, large: System) -> bool:
    if len(small.members) * 3 > len(large.members):
        return False
    same_output = bool(set(small.outputs) & set(large.outputs)) or not small.outputs
    common = len(small.pair & large.pair)
    return (same_output and common == 1) or (not same_output and common == 2)


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
