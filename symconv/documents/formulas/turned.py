r"""A filter that is turned element by element: \tilde F_{r,s} = F_{R-1-r,S-1-s}."""

from __future__ import annotations

from symconv.documents.formulas import affine
from symconv.documents.formulas.index_words import index_parts, written
from symconv.documents.formulas.letters import FILTER, meaning
from symconv.documents.mathematics.reader import read
from symconv.documents.mathematics.syntax import Call, Expression, Symbol, UnreadableError
from symconv.documents.notation.names import conventional
from symconv.formula.words import AXES
from symconv.polynomial import Polynomial


def turned(left: Expression, right: Expression) -> Call | None:
    """Return the rotation that such an equation defines, None for another equation."""
    match left, right:
        case Symbol(own, tuple()), Symbol(other, tuple(parts), place) if own != other:
            rank = len(parts)
        case _:
            return None
    if conventional(other) != "F" or not 0 < rank <= len(AXES):
        return None
    try:
        axes = zip(index_parts(left, rank), index_parts(right, rank), strict=True)
        firsts = {_first(read(a), read(b), axis) for axis, (a, b) in enumerate(axes)}
    except UnreadableError:
        return None
    if len(firsts) > 1 or None in firsts:
        return None
    return Call("rot180", (Symbol(other, None, place),), place)


def _first(index: Expression, mirrored: Expression, axis: int) -> int | None:
    """Return the first index of which R - 1 - r is the mirrored one, None for another."""
    if not isinstance(index, Symbol):
        return None
    ends = affine.polynomial(mirrored, written) + Polynomial.name(written(index))
    last = ends.terms.get((), 0)
    extent = ends - last
    if last not in (-1, 1) or len(extent.terms) != 1:
        return None
    (((*names,), times),) = extent.terms.items()
    known = meaning(names[0]) if len(names) == 1 and times == 1 else None
    if known is None or known.family != FILTER or known.axis not in (None, axis):
        return None
    return (last + 1) // 2
