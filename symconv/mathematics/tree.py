"""The tree: frozen records without behaviour, a closed set.

A name is written as its LaTeX macro where it is Greek: ``\\delta``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Any, ClassVar, dataclass_transform


@dataclass_transform(frozen_default=True)
class Node:
    """A frozen record, equal to what is of its kind and has equal parts.

    A frozen dataclass is the same; to make thirty of them would take a fiftieth of the time of
    ``symconv derive``.
    """

    __match_args__: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls.__match_args__ = tuple(cls.__annotations__)  # type: ignore[misc]

    def __init__(self, *parts: Any, **named: Any) -> None:
        names = self.__match_args__
        if named or len(parts) != len(names):
            parts = self._completed(parts, named)
        self.__dict__.update(zip(names, parts, strict=True))

    @classmethod
    def _completed(cls, parts: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        """Return all parts in order: those given by name, and those that have a default."""
        names = cls.__match_args__[len(parts) :]
        given = [named[n] if n in named else vars(cls)[n] for n in names if n in named | vars(cls)]
        if len(parts) + len(given) != len(cls.__match_args__) or named.keys() - set(names):
            raise TypeError(f"{cls.__name__} is made of {', '.join(cls.__match_args__)}")
        return (*parts, *given)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        parts = ", ".join(f"{name}={part!r}" for name, part in self.__dict__.items())
        return f"{type(self).__name__}({parts})"


class BinarySign(Enum):
    """What stands between two operands."""

    PLUS = "+"
    MINUS = "-"
    TIMES = "*"
    DOT = "a dot that is always written, as in 0·x"
    MODULO = "%"
    SPATIAL = "a convolution in space, of one image and one filter"


class RelationSign(Enum):
    """What stands between two sides; the values are those of the claim language."""

    IS = "="
    EQUAL = "=="
    UNEQUAL = "!="
    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="
    DIVIDES = "divides"
    MEANS = "if and only if"


class Numeral(Node):
    """An integer."""

    value: int


class Letter(Node):
    """The name of a tensor, of its elements, or of the loss: one letter or a word."""

    name: str
    primes: int = 0


class Quantity(Node):
    """A named integer: H, u, pt, rem_H, or an index."""

    name: str


class LossGradient(Node):
    """The derivative of the loss by a whole tensor: dX in text, a fraction in LaTeX."""

    of: Letter


class Partial(Node):
    """The partial derivative of ``above`` by ``below``, both of them elements, or the loss."""

    above: Mathematics
    below: Mathematics


class IndexGroup(Node):
    """Indices that stand together: below the line, or ``raised`` above it."""

    entries: tuple[Mathematics, ...]
    raised: bool = False


class Component(Node):
    """An element of a tensor: one group of indices, or several."""

    of: Mathematics
    groups: tuple[IndexGroup, ...]


class Negation(Node):
    """Minus ``of``."""

    of: Mathematics


class Operation(Node):
    """``left`` and ``right`` with a sign between them; brackets are for the medium to set."""

    left: Mathematics
    sign: BinarySign
    right: Mathematics


class Addition(Node):
    """Terms with a plus between them."""

    terms: tuple[Mathematics, ...]


class Juxtaposition(Node):
    """A product without a sign: factors one after the other."""

    factors: tuple[Mathematics, ...]


class Ratio(Node):
    """``above`` divided by ``below`` without a rest."""

    above: Mathematics
    below: Mathematics


class FloorRatio(Node):
    """``above`` divided by ``below``, rounded down."""

    above: Mathematics
    below: Mathematics


class Through(Node):
    """A summation index that runs from ``first`` through ``last``."""

    index: Mathematics
    first: Mathematics
    last: Mathematics


class Below(Node):
    """A summation index that runs from ``start`` on and stays below ``stop``."""

    index: Mathematics
    start: Mathematics
    stop: Mathematics


class Over(Node):
    """Summation indices that run over all of their values, or over those with ``where``."""

    indices: tuple[Mathematics, ...]
    where: Comparison | None = None


class Summation(Node):
    """The sum of ``body`` over indices, the outermost one first."""

    over: tuple[Through | Below | Over, ...]
    body: Mathematics


class Application(Node):
    """An operator and its arguments.

    Attributes:
        operator: its name.
        arguments: what it is applied to.
        options: more arguments, by their names.
        known: whether it is a function that everybody has the same name for, such as min.
    """

    operator: str
    arguments: tuple[Mathematics, ...]
    options: tuple[tuple[str, Mathematics], ...] = ()
    known: bool = False


class AllOnes(Node):
    """The tensor of this shape that is 1 everywhere."""

    shape: tuple[Mathematics, ...]


class Kronecker(Node):
    """1 where both sides are the same, else 0."""

    left: Mathematics
    right: Mathematics


class Series(Node):
    """Entries in brackets, with commas between them."""

    entries: tuple[Mathematics, ...]


class Comparison(Node):
    """Sides with relations between them, one fewer: ``0 <= m <= H - 1``."""

    sides: tuple[Mathematics, ...]
    signs: tuple[RelationSign, ...]


class Restricted(Node):
    """A statement that holds where all conditions do."""

    of: Mathematics
    conditions: tuple[Mathematics, ...]


class Omitted(Node):
    """Terms of a sum that are counted instead of shown."""

    count: int


class Emphasis(Node):
    """What the eye is to find."""

    of: Mathematics


class Phrase(Node):
    """Words between mathematics."""

    text: str


Mathematics = (
    Numeral
    | Letter
    | Quantity
    | LossGradient
    | Partial
    | Component
    | Negation
    | Operation
    | Addition
    | Juxtaposition
    | Ratio
    | FloorRatio
    | Summation
    | Application
    | AllOnes
    | Kronecker
    | Series
    | Comparison
    | Restricted
    | Omitted
    | Emphasis
    | Phrase
)


def component(of: Mathematics, entries: tuple[Mathematics, ...]) -> Component:
    """Return an element with one group of indices."""
    return Component(of, (IndexGroup(entries),))


def equation(left: Mathematics, right: Mathematics) -> Comparison:
    """Return ``left`` = ``right``."""
    return Comparison((left, right), (RelationSign.IS,))


def last_below(stop: Mathematics) -> Mathematics:
    """Return the last integer below ``stop``: stop - 1, written as people write it."""
    match stop:
        case Numeral(value):
            return Numeral(value - 1)
        case Operation(left, BinarySign.PLUS, Numeral(1)):
            return left
        case Operation(left, BinarySign.PLUS, Numeral(value)) if value > 1:
            return Operation(left, BinarySign.PLUS, Numeral(value - 1))
        case Operation(left, BinarySign.MINUS, Numeral(value)) if value >= 0:
            return Operation(left, BinarySign.MINUS, Numeral(value + 1))
        case _:
            return Operation(stop, BinarySign.MINUS, Numeral(1))


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes that ``node`` is made of, in order."""
    return tuple(_nodes(vars(node).values()))


def rebuild(node: Node, parts: Sequence[Node]) -> Node:
    """Return ``node`` with other children, in the order of `children`.

    Raises:
        ValueError: they are not as many.
    """
    if len(parts) != len(children(node)):
        raise ValueError(f"{type(node).__name__} has {len(children(node))} children here")
    left = iter(parts)
    return type(node)(*(_exchanged(part, left) for part in vars(node).values()))


def nodes(tree: Node) -> Iterator[Node]:
    """Yield ``tree`` and every node in it, outermost first."""
    yield tree
    for child in children(tree):
        yield from nodes(child)


def _nodes(parts: Iterable[object]) -> Iterator[Node]:
    for part in parts:
        if isinstance(part, Node):
            yield part
        elif isinstance(part, tuple):
            yield from _nodes(part)


def _exchanged(part: Any, left: Iterator[Node]) -> Any:
    if isinstance(part, Node):
        return next(left)
    return tuple(_exchanged(one, left) for one in part) if isinstance(part, tuple) else part
