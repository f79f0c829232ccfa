"""The documents' syntax tree, walked: what a node holds, a node made anew, all nodes in order.

Who interprets a tree says what is special about some nodes, and leaves the others to these: no
node is passed over because nobody thought of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from symconv.documents.mathematics.syntax import (
    BigSum,
    Call,
    Derivative,
    Differential,
    Expression,
    Floor,
    Indicator,
    Matrix,
    Number,
    Power,
    Symbol,
    WordsNode,
    WrittenProduct,
    WrittenQuotient,
    WrittenSum,
)


def children(node: Expression) -> tuple[Expression, ...]:
    """Return the nodes that a node holds, in the order in which they are written.

    Raises:
        TypeError: this is no node.
    """
    match node:
        case Symbol() | Number() | Indicator() | WordsNode():
            return ()
        case WrittenProduct(factors):
            return factors
        case WrittenSum(terms):
            return tuple(term for _, term in terms)
        case Derivative(of, wrt):
            return of, wrt
        case Differential(of):
            return () if of is None else (of,)
        case WrittenQuotient(above, below):
            return above, below
        case Power(base) | Floor(base) | BigSum(of=base):
            return (base,)
        case Call(_, arguments):
            return arguments
        case Matrix(rows):
            return tuple(cell for row in rows for cell in row if cell is not None)
    raise _unknown(node)


def rebuild(node: Expression, held: Sequence[Expression]) -> Expression:
    """Return a node with other nodes in the places of its `children`; the same where none differs.

    Raises:
        TypeError: this is no node, or a derivative would be one of more than a name.
        ValueError: there are fewer or more of them than the node holds.
    """
    own = children(node)
    if len(own) != len(held):
        raise ValueError(f"{len(held)} nodes for the {len(own)} that {type(node).__name__} holds")
    if all(new is old for new, old in zip(held, own, strict=True)):
        return node
    match node:
        case WrittenProduct():
            return replace(node, factors=tuple(held))
        case WrittenSum(terms):
            signs = (sign for sign, _ in terms)
            return replace(node, terms=tuple(zip(signs, held, strict=True)))
        case Derivative():
            of, wrt = map(_name, held)
            return replace(node, of=of, wrt=wrt)
        case Differential():
            return replace(node, of=_name(held[0]))
        case WrittenQuotient():
            above, below = held
            return replace(node, above=above, below=below)
        case Power():
            return replace(node, base=held[0])
        case Floor() | BigSum():
            return replace(node, of=held[0])
        case Call():
            return replace(node, arguments=tuple(held))
        case Matrix(rows):
            cells = iter(held)
            made = tuple(
                tuple(None if cell is None else next(cells) for cell in row) for row in rows
            )
            return replace(node, rows=made)
    raise _unknown(node)


def mapped(node: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """Return a node with what it holds changed; no deeper than that."""
    return rebuild(node, [change(child) for child in children(node)])


def walk(
    node: Expression, into: Callable[[Expression], bool] = lambda _: True
) -> Iterator[Expression]:
    """Yield a node and all that stands in it, outermost first, in order, without recursion.

    Args:
        node: where to begin.
        into: whether what a node holds is walked, too; the node itself is yielded in any case.
    """
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        if into(node):
            waiting.extend(reversed(children(node)))


def _name(node: Expression) -> Symbol:
    if not isinstance(node, Symbol):
        raise TypeError(f"{type(node).__name__} is no name to differentiate, or differentiate by")
    return node


def _unknown(node: object) -> TypeError:
    return TypeError(f"{type(node).__name__} is no node of a formula")
