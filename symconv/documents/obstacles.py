"""What keeps an equation that counts from being judged, and what would settle it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from symconv.documents.census import LeftSide
from symconv.documents.elements.equations import NotElementsError, numeric_index
from symconv.documents.elements.matrices import multiplied
from symconv.documents.formulas.definitions import named_gradient
from symconv.documents.formulas.index_words import names_in
from symconv.documents.formulas.stated import StatedFormula
from symconv.documents.index_formulas.indices import is_index_formula
from symconv.documents.index_formulas.verdicts import INDEX
from symconv.documents.mathematics.syntax import (
    BigSum,
    Call,
    Derivative,
    Differential,
    Expression,
    Matrix,
    Number,
    Power,
    Symbol,
    UnreadableError,
    WordsNode,
    WrittenProduct,
    WrittenQuotient,
    WrittenSum,
)
from symconv.documents.mathematics.walk import children, walk
from symconv.documents.operators.formula import CROP, DILATE, PAD, ROTATION, SLIDES
from symconv.documents.operators.verdicts import OPERATOR
from symconv.documents.sizes.numbers import SIZE, arithmetic
from symconv.documents.verdicts.verdict import EquationVerdict, not_judged

_FEWEST = 2
"""Fewer products of elements than these are no convolution's."""
_TRANSPOSES = ("T", "\\top", "top", "t", "intercal", "\\intercal")


def passed_over(formula: StatedFormula, known: frozenset[str]) -> EquationVerdict | None:
    """Return the verdict on an equation of elements that no other reading took, if it is one.

    Args:
        formula: the equation.
        known: the names of tensors; empty where there are none.
    """
    if named_gradient(*formula.sides[:2]) is not None:
        return None
    names = [name for side in formula.sides for name in _products(multiplied(side))]
    left = formula.sides[0]
    if len(names) < _FEWEST or (known and known.isdisjoint(frozenset().union(*names))):
        return _about_an_element(formula, known)
    match left:
        case (
            Symbol(_, None) | Power(Symbol(_, None)) | Derivative(Symbol(_, None), Symbol(_, None))
        ):
            reason = "an element of what stands left has to be named: give it an index"
        case WrittenProduct(factors) if any(isinstance(f, Matrix) for f in factors):
            reason = "which tensor this product is is not said; write it left, as in Y = .."
        case _:
            reason = "no side is one element, or one matrix of elements"
    return not_judged("element", formula.place, reason, left.place)


def _about_an_element(formula: StatedFormula, known: frozenset[str]) -> EquationVerdict | None:
    """Return the verdict on what is said of one element of a known tensor, if something is."""
    left, right = formula.sides[0], formula.sides[-1]
    element = left.wrt if isinstance(left, Derivative) else left
    named = isinstance(element, Symbol) and element.index is not None and element.name in known
    if not named or isinstance(right, Number):
        return None
    reason = "what stands right is no sum of products of elements"
    return not_judged("element", formula.place, reason, right.place)


def _products(tree: Expression) -> Iterator[frozenset[str]]:
    """Yield the names in every product of two or more things that holds an element."""
    for node in walk(tree):
        if isinstance(node, WrittenProduct):
            names = frozenset(name for factor in node.factors for name in _elements(factor))
            if names:
                yield names


def _elements(tree: Expression) -> Iterator[str]:
    match tree:
        case Symbol(name, tuple()) | Derivative(_, Symbol(name, tuple())):
            symbol = tree.wrt if isinstance(tree, Derivative) else tree
            try:
                numeric_index(symbol)
            except (NotElementsError, UnreadableError):
                return
            yield name
        case Power(Symbol(name), (first, *_)) if first.kind == "number":
            yield name
        case _:
            return


def left_over(formula: StatedFormula, about: LeftSide) -> EquationVerdict:
    """Return the verdict on an equation that counts and that no reading took: why that is so."""
    left, *rights = formula.sides
    if about is LeftSide.SIZE:
        layered = any("^" in name for side in rights for name in names_in(side))
        reason = (
            "sizes with layers above are not read; write them without"
            if layered
            else ("this size is not understood; write it as floor((H + 2P - K)/S) + 1")
        )
        return not_judged(SIZE, formula.place, reason, rights[0].place)
    kind = INDEX if any(map(is_index_formula, formula.sides)) else OPERATOR
    if found := next(filter(None, map(_obstacle, (*rights, left))), None):
        node, reason = found
        return not_judged(kind, formula.place, reason, node.place)
    if reason := _value(rights[-1], about):
        return not_judged(kind, formula.place, reason, rights[-1].place)
    reason = (
        "no convolution, and no sum of products of elements, stands here; write it with conv(..), "
        "pad(..), dilate(..) and rot180(..), or with a sum over indices"
    )
    return not_judged(kind, formula.place, reason, rights[0].place)


def _is_unknown(node: Expression) -> bool:
    """Whether a node is an operator that is not known."""
    if not isinstance(node, Call) or not node.name or node.name.endswith("="):
        return False
    name = node.name.lower().strip()
    return not any(pattern.match(name) for pattern in (SLIDES, ROTATION, PAD, CROP, DILATE))


def _factors(node: Expression, is_one: Callable[[Expression], bool]) -> int:
    """Return how many factors of a product are of a kind."""
    return sum(map(is_one, node.factors)) if isinstance(node, WrittenProduct) else 0


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps an equation from being judged, and what would settle it."""

    is_at: Callable[[Expression], bool]
    reason: str


_OBSTACLES = (
    Obstacle(
        lambda node: isinstance(node, WordsNode),
        "words are not read; write what they say in symbols",
    ),
    Obstacle(
        _is_unknown,
        "'{name}' is no operator that is known; write conv(..), corr(..), pad(..), dilate(..), "
        "rot180(..), and what acts on elements in an equation of its own",
    ),
    Obstacle(
        lambda node: (
            isinstance(node, Power) and any(t.text in _TRANSPOSES for t in node.exponent[:1])
        ),
        "a transpose is no rotation by 180 degrees; write rot180(..) where that is meant, and "
        "conv(..) for what a matrix does",
    ),
    Obstacle(
        lambda node: isinstance(node, WrittenProduct) and "\\odot" in node.signs,
        "an elementwise product, as of an activation; write the convolution in an equation of its "
        "own",
    ),
    Obstacle(
        lambda node: isinstance(node, WrittenQuotient) and arithmetic(node) is None,
        "a quotient of tensors is not read; write what is not divided in an equation of its own",
    ),
    Obstacle(
        lambda node: isinstance(node, Matrix) and None not in map(arithmetic, children(node)),
        "no convolution that is known here gives these numbers",
    ),
    Obstacle(
        lambda node: isinstance(node, Matrix),
        "what these cells are is not known; write elements with their indices, as x_{{11}}, or the "
        "name of the tensor",
    ),
    Obstacle(
        lambda node: _factors(node, lambda factor: isinstance(factor, Derivative)) > 1,
        "a chain rule of whole tensors says nothing of their elements; write it for one element, "
        "with a sum",
    ),
    Obstacle(
        lambda node: _factors(node, _is_tensor) > 1,
        "tensors side by side are a product of matrices; write a sign, or conv(.., ..), where a "
        "convolution is meant",
    ),
    Obstacle(
        lambda node: isinstance(node, BigSum),
        "what this sum adds up is not understood; write products of elements behind it",
    ),
    Obstacle(
        lambda node: isinstance(node, WrittenSum) and len(node.terms) > 1,
        "a sum of whole tensors is not judged; write each part in an equation of its own",
    ),
)
"""What a reader would name first, stands first."""


def _obstacle(side: Expression) -> tuple[Expression, str] | None:
    """Return the first obstacle in a side, where it is and why it is one, None without."""
    for obstacle in _OBSTACLES:
        for node in filter(obstacle.is_at, walk(side)):
            return node, obstacle.reason.format(name=getattr(node, "name", ""))
    return None


def _is_tensor(factor: Expression) -> bool:
    """Whether a factor may be a whole tensor."""
    return isinstance(factor, (Symbol, Derivative, Differential, Power))


def _value(side: Expression, about: LeftSide) -> str:
    """Return the reason that a value or a name is neither right nor wrong."""
    match side:
        case Symbol(name):
            return f"that this {about.value} equals {name} is not judged; write it with products"
    if arithmetic(side) is not None:
        return (
            f"a {about.value} in numbers is judged beside the numbers of its tensors only; write "
            "it in symbols"
        )
    return ""
