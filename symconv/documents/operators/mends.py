"""What a wrong operator formula should say: one operand of it, written otherwise.

A rotation, a padding, a mode, an operand: each is changed by itself, what authors mistake most
often first, until the formula holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import islice

from symconv.documents.formulas.convention import Notation
from symconv.documents.formulas.index_words import names_in
from symconv.documents.formulas.letters import DILATION, FILTER, PADDING, STRIDE, meaning
from symconv.documents.mathematics.syntax import (
    Call,
    Derivative,
    Differential,
    Expression,
    Number,
    Symbol,
    WordsNode,
    WrittenProduct,
    WrittenSum,
)
from symconv.documents.mathematics.walk import children, rebuild, walk
from symconv.documents.operators.formula import (
    DILATE,
    PAD,
    ROTATION,
    SIGNS,
    SLIDES,
    is_keyword,
    parted,
)
from symconv.documents.source.place import Place

_MOST = 40
"""So many changes are tried."""
_NOWHERE = Place(0, 0)
_ONE = Number(Fraction(1), _NOWHERE)


@dataclass(frozen=True, slots=True)
class Mend:
    """A formula with one operand changed.

    Attributes:
        tree: the formula.
        place: what was changed.
        message: what is wrong.
        fix: what to write there, "" where it is no text of its own.
    """

    tree: Expression
    place: Place
    message: str
    fix: str = ""


def mend(
    left: Expression,
    tree: Expression,
    notation: Notation,
    holds: Callable[[Expression], bool],
) -> Mend | None:
    """Return the first change of one operand with which a formula holds, None without one."""
    names = _names((left, tree), notation)
    letters = _Letters(tree)
    others = partial(_others, names)
    tries = _MOST
    for changes in (_turned, letters.padded, _treated, letters.dilated, _exchanged, others):
        found = list(islice(_everywhere(tree, changes), tries))
        # It is the filter that is rotated, where either of two tensors could be.
        found.sort(key=lambda change: shown_at(tree, change.place) != names[1])
        for change in found:
            if holds(change.tree):
                return change
        tries -= len(found)
    return None


def _names(sides: tuple[Expression, ...], notation: Notation) -> tuple[str, str, str]:
    """Return the names of input, filter and output in a formula, else those of convention."""
    named = {
        role: name for side in sides for name in _leaves(side) if (role := notation.role(name))
    }
    known = dict(zip("XFY", notation.names, strict=False)) or {role: role for role in "XFY"}
    x, f, y = (named.get(role, known[role]) for role in "XFY")
    return x, f, y


def _leaves(tree: Expression) -> Iterator[str]:
    for node in walk(tree, into=_holds_operands):
        match node:
            case Symbol(name) | Derivative(_, Symbol(name)) | Differential(Symbol(name)):
                yield name


def _holds_operands(node: Expression) -> bool:
    """Whether tensors stand in a node; letters in sums and quotients are sizes."""
    return isinstance(node, (Call, WrittenProduct))


def shown_at(tree: Expression, place: Place) -> str:
    """Return the tensor that stands at a place, bare or in an operator, "" for another thing."""
    match tree:
        case Call(_, parts) | WrittenProduct(parts):
            inside = next((p for p in parts if p.place.start <= place.start < p.place.end), None)
            return shown_at(inside, place) if inside is not None else next(_leaves(tree), "")
    return shown(tree)


Changes = Callable[[Expression], Iterator[Mend]]


def _everywhere(tree: Expression, changes: Changes) -> Iterator[Mend]:
    """Yield the changes of an expression and of all that stands in it, put back in their place."""
    yield from changes(tree)
    held = children(tree) if _holds_operands(tree) else ()
    for k, part in enumerate(held):
        for found in _everywhere(part, changes):
            yield replace(found, tree=rebuild(tree, (*held[:k], found.tree, *held[k + 1 :])))


def _turned(tree: Expression) -> Iterator[Mend]:
    """Rotate a tensor, or leave it as it is."""
    match tree:
        case Call(name, (inside,), place) if ROTATION.match(name.lower().strip()):
            yield Mend(
                inside, place, f"{shown(inside) or 'this'} must not be rotated here", shown(inside)
            )
        case _ if tensor := shown(tree):
            turned = Call("rot180", (tree,), tree.place)
            fix = rf"\text{{rot180}}({tensor})"
            yield Mend(turned, tree.place, f"{tensor} has to be rotated by 180 degrees", fix)


def _treated(tree: Expression) -> Iterator[Mend]:
    """Treat the edge otherwise."""
    for mode in ("full", "valid", "same"):
        message = f"a {mode} convolution is needed here"
        match tree:
            case Call(name, arguments, place) if SLIDES.match(name.lower().strip()):
                kept = tuple(a for a in arguments if not isinstance(a, WordsNode))
                bare = name.lower().strip()
                for edge in ("full", "valid", "same"):
                    bare = bare.removeprefix(edge).strip(" _-")
                yield Mend(Call(bare, (*kept, WordsNode(mode, place)), place), place, message)
            case WrittenProduct((a, b), (sign,), place) if parted(sign)[0] in SIGNS:
                edge = "" if mode == "valid" else f"_{mode}"
                yield Mend(WrittenProduct((a, b), (parted(sign)[0] + edge,), place), place, message)


def _exchanged(tree: Expression) -> Iterator[Mend]:
    """Exchange what slides and what it slides over."""
    message = "the two operands have to be exchanged"
    match tree:
        case Call(name, (a, b, *rest), place) if SLIDES.match(name.lower().strip()):
            if not is_keyword(b):
                yield Mend(Call(name, (b, a, *rest), place), place, message)
        case WrittenProduct((a, b), (sign,), place) if parted(sign)[0] in SIGNS:
            yield Mend(WrittenProduct((b, a), (sign,), place), place, message)


def _others(names: tuple[str, str, str], tree: Expression) -> Iterator[Mend]:
    """Put another tensor in the place of one."""
    if not (tensor := shown(tree)):
        return
    x, f, y = (Symbol(name, None, tree.place) for name in names)
    inline = isinstance(tree, Differential)
    loss = Symbol("L", None, tree.place)
    gradient = Differential(y, "d", tree.place) if inline else Derivative(loss, y, tree.place)
    for other in (gradient, x, f):
        if other != tree:
            name = shown(other)
            yield Mend(other, tree.place, f"{name} is needed here, not {tensor}", name)


class _Letters:
    """The letters that a formula has for its sizes."""

    def __init__(self, tree: Expression) -> None:
        known = {name: found.family for name in _sizes(tree) if (found := meaning(name))}
        named = {family: name for name, family in known.items()}
        self.filter = _letter(named.get(FILTER, "R"))
        self.others = {f: _letter(named[f]) for f in (STRIDE, PADDING, DILATION) if f in named}

    def padded(self, tree: Expression) -> Iterator[Mend]:
        """Pad a tensor by another amount."""
        match tree:
            case Call(name, (inside, *amounts), place) if PAD.match(name.lower().strip()):
                where = Place(amounts[0].place.start, amounts[-1].place.end) if amounts else place
                for amount in self._amounts():
                    message = f"the padding has to be {shown(amount)}"
                    yield Mend(Call(name, (inside, amount), place), where, message, shown(amount))

    def dilated(self, tree: Expression) -> Iterator[Mend]:
        """Dilate a tensor, by another step, or leave it as it is."""
        match tree:
            case Call(name, (inside, step), place) if DILATE.match(name.lower().strip()):
                if STRIDE in self.others:
                    stride = self.others[STRIDE]
                    message = f"the step has to be the stride, {shown(stride)}"
                    mended = Call(name, (inside, stride), place)
                    yield Mend(mended, step.place, message, shown(stride))
            case _ if (tensor := shown(tree)) and STRIDE in self.others:
                stride = self.others[STRIDE]
                mended = Call("dilate", (tree, stride), tree.place)
                fix = rf"\text{{dilate}}({tensor}, {shown(stride)})"
                message = f"{tensor} has to be dilated by the stride, {shown(stride)}"
                yield Mend(mended, tree.place, message, fix)

    def _amounts(self) -> Iterator[Expression]:
        spread: Expression = WrittenSum(((1, self.filter), (-1, _ONE)), _NOWHERE)
        if DILATION in self.others:
            spread = WrittenProduct((self.others[DILATION], spread), ("",), _NOWHERE)
        if PADDING in self.others:
            yield self.others[PADDING]
            yield WrittenSum(((1, spread), (-1, self.others[PADDING])), _NOWHERE)
        yield spread


def _letter(name: str) -> Symbol:
    return Symbol(name, None, _NOWHERE)


def _sizes(tree: Expression) -> Iterator[str]:
    """Yield the letters of the sizes in a formula."""
    match tree:
        case Call(name, arguments):
            sized = PAD.match(name.lower().strip()) or DILATE.match(name.lower().strip())
            for k, argument in enumerate(arguments):
                if name.endswith("=") or (sized and k) or not name:
                    yield from names_in(argument)
                yield from _sizes(argument)
        case _:
            for part in children(tree):
                yield from _sizes(part)


def shown(tree: Expression) -> str:
    """Return how a tensor or a size is written, "" for what is neither."""
    match tree:
        case Symbol(name, None):
            return name
        case Number(value):
            return str(value)
        case Derivative(Symbol(of, None), Symbol(wrt, None)):
            return rf"\frac{{\partial {of}}}{{\partial {wrt}}}"
        case Differential(Symbol(name, None), "d"):
            return f"d{name}"
        case WrittenSum(terms):
            signs = [("- " if sign < 0 else "+ ") + shown(term) for sign, term in terms]
            return " ".join(signs).removeprefix("+ ")
        case WrittenProduct((a, WrittenSum() as b), ("",)):
            return f"{shown(a)}({shown(b)})"
    return ""
