"""The board that a rule sees, and one rewriting of what stands on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from symconv.formula.nodes import Node
from symconv.formula.words import LayerAxis
from symconv.polynomial import Polynomial
from symconv.proof.obligations import Obligation
from symconv.readings.relation import Bound
from symconv.symbolic.convolution import ELEMENT, WINDOW, Convolution, SymbolicAxis
from symconv.symbolic.expressions import LOSS, Expr, RuleError, Summed, element, partial, polynomial


@dataclass(frozen=True, slots=True)
class Defined:
    """A tensor that the derivation has given a name.

    Attributes:
        node: a formula of earlier ones; of a layer, of one image, one channel and one filter.
        shape: its extents in space.
        summed: the leading axes over which the formula is summed.
    """

    node: Node
    shape: tuple[Polynomial, ...]
    summed: tuple[LayerAxis, ...] = ()


@dataclass(frozen=True, slots=True)
class BoardEquation:
    """``left`` = ``right``, between elements."""

    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Definition:
    """The tensor ``name`` is ``node``, summed over leading axes."""

    name: str
    node: Node
    summed: tuple[LayerAxis, ...] = ()


@dataclass(frozen=True, slots=True)
class Division:
    """(P - 1)*u = room - rem: what the division with remainder says on one axis."""

    axis: SymbolicAxis


Statement = BoardEquation | Definition | Division


@dataclass(frozen=True, slots=True)
class Board:
    """The state of the derivation of one gradient.

    Attributes:
        convolution: whose gradient it is.
        wrt: X, F or b.
        expression: what the gradient's element equals.
        forward: the sum that an output is, once it has been written down.
        defined: tensors that were given a name, in order.
    """

    convolution: Convolution
    wrt: str
    expression: Expr
    forward: Expr | None = None
    defined: Mapping[str, Defined] = field(default_factory=dict)

    @classmethod
    def blank(cls, convolution: Convolution, wrt: str) -> Board:
        """Return the board with nothing but the question: dL/dx[m,n].

        Raises:
            RuleError: the gradient of a bias is asked for where there is none.
        """
        if wrt == "b" and not convolution.biased:
            raise RuleError("the convolution has no bias")
        board = cls(convolution, wrt, LOSS)
        return replace(board, expression=board.gradient)

    @property
    def gradient(self) -> Expr:
        """The element of the gradient: dL/dx[m,n]."""
        return partial(LOSS, element(self.wrt, self.own))

    @property
    def own(self) -> tuple[Expr, ...]:
        """The indices of the gradient's element, those of a bias without any in space."""
        space = () if self.wrt == "b" else self.convolution.indices(ELEMENT)
        return (*self.convolution.places(self.wrt), *space)

    @property
    def apart(self) -> frozenset[str]:
        """The letters of leading indices that the gradient's element has: others get a prime."""
        return frozenset(axis.index for axis in self.convolution.leading(self.wrt))

    @property
    def outputs(self) -> tuple[Expr, ...]:
        """The indices of an output that are not those of the gradient's element."""
        convolution = self.convolution
        return (*convolution.places("Y", self.apart), *convolution.indices(WINDOW))

    def whole(self, tensor: str) -> tuple[Polynomial, ...]:
        """Return all extents of a tensor, the leading ones first."""
        return (*self.convolution.extents(tensor), *self.shape(tensor))

    @property
    def summed(self) -> Summed:
        """The sum that stands on the board."""
        return Summed.of(self.expression)

    @property
    def likewise(self) -> str:
        """What ends a sentence that spoke of the first axis, where there is another one."""
        return " The other axis likewise." if len(self.convolution.axes) > 1 else ""

    def named(
        self,
        name: str,
        node: Node,
        shape: Iterable[Polynomial],
        summed: tuple[LayerAxis, ...] = (),
    ) -> Board:
        """Return the board with one more tensor."""
        one = Defined(node, tuple(shape), summed)
        return replace(self, defined={**self.defined, name: one})

    def shape(self, tensor: str) -> tuple[Polynomial, ...]:
        """Return the extents in space of a leaf or a named tensor."""
        if tensor in self.defined:
            return self.defined[tensor].shape
        return self.convolution.shape(tensor)

    def extent(self, k: int) -> Polynomial:
        """Return the extent of the gradient on axis ``k``."""
        return self.shape(self.wrt)[k]


@dataclass(frozen=True, slots=True)
class Rewriting:
    """The work of one rule.

    Attributes:
        board: what stands there now.
        sentence: what was done and why; braces stand for ``names``.
        names: expressions, polynomials, or names of tensors.
        statements: what is written down.
        before: what was there, or the part of it that was rewritten.
        after: what equals it now.
        free: the indices at which both are compared, with their extents.
        conditions: what has to hold for the rule to be allowed.
    """

    board: Board
    sentence: str
    names: tuple[object, ...]
    statements: tuple[Statement, ...]
    before: Expr
    after: Expr
    free: tuple[tuple[Expr, Polynomial], ...]
    conditions: tuple[Obligation, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule: matches what stands on the board and rewrites it, or raises `RuleError`.

    Attributes:
        name: its name.
        idea: what it does, in a few words that name no letter.
        apply: does it.
    """

    name: str
    idea: str
    apply: Callable[[Board], Rewriting]


def rewritten(
    board: Board,
    after: Expr,
    sentence: str,
    names: Iterable[object] = (),
    definitions: Iterable[Statement] = (),
    conditions: Iterable[Obligation] = (),
) -> Rewriting:
    """Return the rewriting of the whole expression on ``board`` to ``after``."""
    return Rewriting(
        replace(board, expression=after),
        sentence,
        tuple(names),
        (*definitions, BoardEquation(board.gradient, after)),
        board.expression,
        after,
        tuple(zip(board.own, board.whole(board.wrt), strict=True)),
        tuple(conditions),
    )


def ranges(board: Board, k: int, summed: Summed | None = None) -> tuple[Bound, ...]:
    """Return what is known on axis ``k``: its sizes, the element's index, the sum's indices."""
    axis = board.convolution.axes[k]
    bounds = [*axis.known]
    if board.shape(board.wrt):
        bounds += within(axis.index(ELEMENT).name, Polynomial({}), board.extent(k) - 1)
    for index, first, last in summed.limits if summed else ():
        if index.name in axis.indices:
            bounds += within(index.name, polynomial(first), polynomial(last))
    return tuple(bounds)


def within(name: str, first: Polynomial, last: Polynomial) -> list[Bound]:
    """Return what is known of an index that runs from ``first`` to ``last``."""
    index = Polynomial.name(name)
    return [
        Bound(f"{first} <= {name}", index - first),
        Bound(f"{name} <= {last}", last - index),
    ]


def at_least_zero(
    board: Board, k: int, words: str, goal: Polynomial, summed: Summed | None = None
) -> Obligation:
    """Return the obligation that ``goal`` >= 0 on axis ``k``."""
    axis = board.convolution.axes[k]
    return Obligation(words, words, ranges(board, k, summed), (axis.division,), goal)


def in_space(board: Board, read: Expr) -> tuple[Expr, ...]:
    """Return the indices in space of an element."""
    return tuple(read.indices[len(board.convolution.leading(read.base.name)) :])


def ahead(board: Board, read: Expr) -> tuple[Expr, ...]:
    """Return the leading indices of an element."""
    return tuple(read.indices[: len(board.convolution.leading(read.base.name))])


def equal(words: str, left: Polynomial, right: Polynomial) -> Obligation:
    """Return the obligation that two polynomials are the same."""
    return Obligation(words, words, (), (), left - right, exact=True)


def inside(
    board: Board, k: int, tensor: str, index: Polynomial, summed: Summed | None = None
) -> tuple[Obligation, Obligation]:
    """Return the obligations that ``tensor`` has an element at ``index`` on axis ``k``."""
    last = board.shape(tensor)[k] - 1
    return (
        at_least_zero(board, k, f"{tensor} is read from its first element on", index, summed),
        at_least_zero(board, k, f"{tensor} is read up to its last element", last - index, summed),
    )
