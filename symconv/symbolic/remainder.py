"""The last rule: P is a quotient that was rounded down, and what it leaves is the remainder."""

from __future__ import annotations

from symconv.formula.nodes import Leaf, Node, Pad, children, rebuild, with_sizes
from symconv.formula.sizes import Remainder, Size, substitute
from symconv.polynomial import Polynomial
from symconv.symbolic import amounts
from symconv.symbolic.board import (
    Board,
    Definition,
    Division,
    Rewriting,
    Rule,
    equal,
)
from symconv.symbolic.expressions import RuleError, is_element
from symconv.symbolic.recognition import GRADIENT, PADDED, as_tensor, padding

CLOSED = {"X": "dX=", "F": "dF="}
"""The gradient's formula once more, in sizes that are given instead of P and the remainder."""


def _sizes_and_remainder(board: Board) -> Rewriting:
    """Replace P by its definition: the division that rounds down leaves the remainder."""
    name = GRADIENT[board.wrt]
    if not is_element(board.expression, name):
        raise RuleError("the gradient is no formula yet")
    padded = PADDED[board.wrt]
    pad = board.defined[padded].node
    if not isinstance(pad, Pad):
        raise RuleError(f"{padded} is not padded")
    sides, conditions = [], []
    for axis, pair in zip(board.convolution.axes, pad.amounts, strict=True):
        before, behind = map(amounts.polynomial, pair)
        recovered = _without(behind, axis.P, axis.division.polynomial)
        sides.append((before, recovered))
        both = behind - recovered
        zero = axis.division.polynomial
        words = "what is padded behind changes by a multiple of what is 0 by the division"
        conditions.append(equal(words, both, zero if both == zero else -zero))
    shown = Pad(pad.of, padding(sides))
    node = _expanded(board, board.defined[name].node, {padded: shown})
    axes = board.convolution.axes
    known: dict[str, Size] = {
        str(a.rem): Remainder(amounts.size(a.room), amounts.size(a.u)) for a in axes
    }
    closed = _substituted(node, known)
    first, axis, summed = sides[0], axes[0], board.defined[name].summed
    sentence = (
        "{} rounds down: {} elements at the end reach no window. Divide with remainder and put "
        "this for {}: what is padded behind becomes {}."
    )
    return as_tensor(
        board.named(CLOSED[board.wrt], closed, board.defined[name].shape, summed),
        CLOSED[board.wrt],
        sentence + board.likewise,
        (axis.P, axis.rem, (axis.P - 1) * axis.u, first[1]),
        (*map(Division, axes), Definition(padded, shown), Definition(name, closed, summed)),
        conditions,
    )


def _without(of: Polynomial, size: Polynomial, zero: Polynomial) -> Polynomial:
    """Return ``of`` with a multiple of ``zero`` added, so that ``size`` is gone."""
    name = str(size)
    ours, theirs = of.coefficient_of(name), zero.coefficient_of(name)
    if not ours or ours not in (theirs, -theirs if theirs else None):
        raise RuleError(f"{size} cannot be replaced in {of}")
    return of - zero if ours == theirs else of + zero


def _expanded(board: Board, node: Node, known: dict[str, Node]) -> Node:
    """Return ``node`` with every named tensor written out."""
    match node:
        case Leaf(name) if name in known:
            return _expanded(board, known[name], known)
        case Leaf(name) if name in board.defined:
            return _expanded(board, board.defined[name].node, known)
        case _:
            return rebuild(node, (_expanded(board, child, known) for child in children(node)))


def _substituted(node: Node, known: dict[str, Size]) -> Node:
    """Return ``node`` with names in its sizes replaced."""
    whole = rebuild(node, (_substituted(child, known) for child in children(node)))
    return with_sizes(whole, lambda size: substitute(size, known))


REMAINDER = Rule(
    "size and remainder",
    "what no window reaches is the remainder of a division",
    _sizes_and_remainder,
)
