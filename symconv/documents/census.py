r"""Which equations of a document count: each of them is judged, or listed as not judged.

An equation counts by its left side.  That is

    a tensor             Y, Y_{ij}, Y^T: a name that the document uses for a tensor of a convolution
    a gradient           \frac{\partial L}{\partial X} by whatever it may be, dX, \nabla_X L, \delta
    a local derivative   \frac{\partial Y}{\partial X} of or by a tensor
    a size               H_{out}, said to be a sum or a quotient of sizes

A name is a tensor's where elements, indices or hints say so, where a loss is differentiated by
it, and where it stands beside a sign or a word of convolution.

What only gives a name or a value states nothing: H = 5, K = R, X = [1 2; 3 4], \delta = dL/dY,
D = dilate(dY, u).  So do equations about other things, which have other left sides: a loss, f(x),
a softmax.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeGuard

from symconv.documents.elements.equations import GRADIENT, LOCAL, LOSSES, ElementEquation
from symconv.documents.formulas.definitions import makes
from symconv.documents.formulas.index_words import names_in, written
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
from symconv.documents.mathematics.walk import children, walk
from symconv.documents.notation.names import FILTERS, INPUTS, OUTPUTS, conventional
from symconv.documents.operators.formula import is_operator_formula
from symconv.documents.sizes.judge import is_size
from symconv.documents.sizes.letters import PADDING, STATED
from symconv.documents.sizes.numbers import arithmetic
from symconv.formula.words import CONVOLVE, CORRELATE

_WORDS = frozenset(word for word in (*INPUTS, *FILTERS, *OUTPUTS) if word.isalpha() and word[1:])
"""Tensors that are called by a word: input, kernel, out."""
_SLIDES = re.compile("|".join((*CONVOLVE.stems, *CORRELATE.stems)))
_RESHAPES = re.compile(r"vec|flatten|reshape|(un)?squeeze")
_MARKED = re.compile(
    r"(?:d|D|grad[ _]|dL[ _]d|\\delta |\\Delta )(?P<of>[^ _].*)"
    r"|(?P<by>.+)[._ ]grad|\\bar\{(?P<bar>.+)\}"
)
"""Names that say that they are gradients."""
_SAYS = (
    (re.compile(r"\bgrad|\bderivative"), "gradient"),
    (re.compile(r"\b(size|height|width|length|dimensions?|padding)\b"), "size"),
    (re.compile(r"\b(output|input|filter|kernel|feature map|activation map)s?\b"), "tensor"),
)
_INDEX = frozenset({"letter", "number", "+", "-", "*", "/", "(", ")", "{", "}", "_", "'"})
"""The words of an index."""
_LAYER = re.compile(r"\^[^_]*")
_SIZED = ("", "\\max", "\\min", "\\bmod", "floor", "ceil")
_FEWEST = 2
"""A letter may stand for anything; so many sizes that it is made of say that it is one."""


class LeftSide(Enum):
    """What an equation says something about."""

    TENSOR = "tensor"
    GRADIENT = "gradient"
    LOCAL = "local derivative"
    SIZE = "size"


@dataclass(frozen=True, slots=True)
class Census:
    """What the names of a document stand for, as far as it decides which equations count.

    Attributes:
        tensors: the names of tensors, without layers.
        operands: names that only stand beside a sign or a word of convolution.
        gradients: names of gradients.
    """

    tensors: frozenset[str]
    operands: frozenset[str] = frozenset()
    gradients: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        names: Iterable[str],
        gradients: Iterable[str],
        equations: Iterable[ElementEquation],
        formulas: Sequence[Sequence[Expression]],
    ) -> Census:
        """Return the census of a document.

        Args:
            names: names that are known to be tensors.
            gradients: names that are known to be those of gradients.
            equations: its element equations.
            formulas: the sides of its other equations.
        """
        by = (f.name for e in equations for f in e.elements() if f.kind == GRADIENT)
        nodes = [node for sides in formulas for side in sides for node in walk(side)]
        differentiated = (
            node.wrt.name for node in nodes if isinstance(node, Derivative) and _is_loss(node.of)
        )
        tensors = frozenset(map(_plain, (*names, *by, *differentiated)))
        slid = (name for node in nodes for name in _slid(node))
        made = (sides[0].name for sides in formulas if _is_made(sides[0], sides[1:]))
        return cls(tensors, frozenset(map(_plain, (*slid, *made))), frozenset(gradients))

    def counts(self, left: Expression, rights: Sequence[Expression]) -> LeftSide | None:
        """Return what an equation is about, None where it does not count.

        ``rights`` may be empty, where they cannot be read.
        """
        found = self._kind(left)
        if found is not None and self._names(left, rights):
            return None
        match found:
            case LeftSide.GRADIENT if isinstance(left, (Symbol, Differential)):
                return None if _is_constant(rights) else found
            case LeftSide.TENSOR:
                given = bool(rights) and all(map(_is_value, rights))
                return None if given or self._defines(left, rights) else found
            case LeftSide.SIZE:
                return found if self._sizes(left, rights) else None
        if found is None and self._is_function(left, rights):
            return LeftSide.TENSOR
        return found

    def counts_element(self, equation: ElementEquation) -> bool:
        """Whether an equation of elements counts."""
        target = equation.target
        if target.kind == GRADIENT:
            return True
        if target.kind == LOCAL:
            return self._is_local(target.of, target.name)
        made = any(len(term.factors) > 1 for term in equation.terms) or len(equation.terms) > 1
        return made and self._is_tensor(target.name, element=True)

    def _is_tensor(self, name: str, element: bool = False) -> bool:
        """Whether a name is a tensor's: X is that of elements x, an element x_{ij} that of X."""
        plain = _plain(name)
        forms = {plain, plain.lower(), plain.upper() if element else plain}
        return not all(map(forms.isdisjoint, (self.tensors, self.operands, self.gradients)))

    def _is_local(self, of: str, by: str) -> bool:
        """Whether a derivative is that of a tensor by a tensor, dY/dX by convention."""
        usual = conventional(of) == "Y" and conventional(by) in ("X", "F")
        return usual or self._is_tensor(of) or self._is_tensor(by)

    def _knows(self, name: str) -> bool:
        """Whether a name is a tensor's, here or by convention."""
        return self._is_tensor(name) or conventional(name) is not None

    def _kind(self, left: Expression) -> LeftSide | None:
        """Return what a side is, by itself."""
        for node in walk(left):
            match node:
                case Derivative(of, wrt):
                    if _is_loss(of):
                        return LeftSide.GRADIENT
                    if self._is_local(of.name, wrt.name):
                        return LeftSide.LOCAL
                case Differential(Symbol(name)) if self._knows(name):
                    return LeftSide.GRADIENT
                case Symbol(name) if name.startswith("("):  # (x * w)(t)
                    return LeftSide.TENSOR
        match left:
            case Symbol():
                return self._named(left)
            case Power(base):
                return self._kind(base)
            case WordsNode(text):
                return _said(text)
            case Call(name, (inside,)) if _RESHAPES.match(name.lower()):
                return self._kind(inside)
            case Call(name, (Symbol(inside),)) if name.lower() == "grad":
                return LeftSide.GRADIENT if self._is_tensor(inside) else None
            case WrittenQuotient(above, below) if _variation(below):
                loss = _variation(above) in LOSSES
                known = self._is_tensor(_variation(below))
                return LeftSide.GRADIENT if loss else LeftSide.LOCAL if known else None
            case Call("") | Matrix():
                found = {self._kind(part) for part in children(left)}
                return found.pop() if len(found) == 1 else None
            case Call() if is_operator_formula(left):
                return LeftSide.TENSOR
            case WrittenSum(((_, term),)):
                return self._kind(term)
            case WrittenProduct():
                return self._product(left)
        return None

    def _product(self, left: WrittenProduct) -> LeftSide | None:
        """Return what 2 Y, \\Delta X or X * F is."""
        if is_operator_formula(left):
            return LeftSide.TENSOR
        if is_size(left):
            return LeftSide.SIZE
        if self._is_tensor(_variation(left)):
            return LeftSide.GRADIENT
        words = [f for f in left.factors if isinstance(f, WordsNode)]
        others = [f for f in left.factors if f not in words and arithmetic(f) is None]
        if len(others) == 1:
            return self._kind(others[0])
        return next((kind for word in words if (kind := _said(word.text))), None)

    def _named(self, symbol: Symbol) -> LeftSide | None:
        """Return what a name stands for."""
        name = symbol.name
        mark = _MARKED.fullmatch(name)
        if mark and self._is_tensor(mark["of"] or mark["by"] or mark["bar"]):
            return LeftSide.GRADIENT
        if _plain(name) == "\\delta" or name.lower().startswith("grad"):
            return LeftSide.GRADIENT if self.tensors or self.operands else None
        if _is_loss(symbol) and self._is_tensor(_below(symbol)):
            return LeftSide.GRADIENT
        if self._is_tensor(name, symbol.index is not None) or name.lower() in _WORDS:
            return LeftSide.TENSOR
        return LeftSide.SIZE if _size_name(symbol) else None

    def _names(self, left: Expression, rights: Sequence[Expression]) -> bool:
        r"""Whether an equation only names derivatives: \delta = dL/dY, dL/dY = G, a Jacobian."""
        if len(rights) != 1:
            return False
        match left, rights[0]:
            case Derivative(), Matrix():
                return all(isinstance(cell, Derivative) for cell in children(rights[0]))
            case Derivative(), Symbol(name):
                own = _plain(name) == "\\delta" or name in self.gradients
                return own or not self._is_tensor(name)
            case Symbol() | Differential(), Derivative():
                return True
        return False

    def _defines(self, left: Expression, rights: Sequence[Expression]) -> bool:
        """Whether an equation gives a name of the document's own to a tensor made of others."""
        match left:
            case Symbol(name, None):
                own = _plain(name) not in self.tensors and name.lower() not in _WORDS
            case Symbol(_, tuple(parts)):  # X_{pad}
                own = any(token.kind in ("word", "text") for part in parts for token in part)
            case _:
                own = isinstance(left, Power)  # F_{rot180}
        return own and bool(rights) and makes(rights[0])

    def _is_function(self, left: Expression, rights: Sequence[Expression]) -> bool:
        """Whether y(t) = \\sum_k .. is an output, written as a function of its index."""
        match left:
            case WrittenProduct((Symbol(name, None), Symbol()), ("",)) if self._is_tensor(name):
                return any(isinstance(node, BigSum) for side in rights for node in walk(side))
        return False

    def _sizes(self, left: Expression, rights: Sequence[Expression]) -> bool:
        """Whether what may be a size is said to be made of sizes."""
        name = _size_name(left) if isinstance(left, Symbol) else "a pair"
        plain = len(name) > 1
        if not rights:
            return plain
        for side in rights:
            if _is_value(side) or not all(map(_is_arithmetic, walk(side))):
                continue
            letters = {_LAYER.sub("", name) for name in names_in(side)}
            known = {letter for letter in letters if letter in PADDING or letter in STATED}
            others = letters.intersection(STATED[name].others if name in STATED else ())
            if known if plain else len(known) >= _FEWEST and others:
                return True
        return False


def _slid(node: Expression) -> Iterator[str]:
    """Yield the names of the tensors that a convolution is made of."""
    match node:
        case Call(name, arguments) if _SLIDES.search(name.lower()):
            yield from filter(None, map(_operand, arguments))
        case WrittenProduct(factors) if is_operator_formula(node):
            yield from filter(None, map(_operand, factors))


def _is_made(left: Expression, rights: Sequence[Expression]) -> TypeGuard[Symbol]:
    """Whether a name is made by a convolution; what is a loss is not, whatever it is of."""
    if not isinstance(left, Symbol) or _is_loss(left):
        return False
    return any(any(_slid(node)) for side in rights for node in walk(side))


def _operand(node: Expression) -> str:
    """Return the tensor that stands somewhere, bare or in an operator, "" for other things."""
    match node:
        case Symbol(name):
            return name
        case Differential(Symbol(name)) | Derivative(_, Symbol(name)):
            return name
        case Power(base):
            return _operand(base)
        case Call(name, (first, *_)) if not name.endswith("="):
            return _operand(first)
    return ""


def _variation(node: Expression) -> str:
    r"""Return the X of \delta X, "" for other things."""
    match node:
        case WrittenProduct((Symbol("\\Delta" | "\\delta", None), Symbol(name)), ("",)):
            return name
        case Symbol(name) if name.startswith("\\delta "):
            return name.removeprefix("\\delta ")
    return ""


def _plain(name: str) -> str:
    """Return a name without its layer."""
    return name.split("^")[0]


def _is_loss(symbol: Symbol) -> bool:
    return symbol.name.split("^")[0] in LOSSES


def _below(symbol: Symbol) -> str:
    """Return the one letter of an index, as of L_X, "" for another index."""
    words = [token for part in symbol.index or () for token in part if token.kind not in "{}"]
    return words[0].text if [token.kind for token in words] == ["letter"] else ""


def _said(text: str) -> LeftSide | None:
    """Return what words speak of."""
    for pattern, kind in _SAYS:
        if pattern.search(text.lower().replace("_", " ")):
            return LeftSide(kind)
    return None


def _size_name(symbol: Symbol) -> str:
    """Return the name of a size without its layer, "" for other names."""
    name = written(Symbol(symbol.name.split("^")[0], symbol.index, symbol.place))
    bare = Symbol(name, None, symbol.place)
    return name if is_size(bare) else ""


def _is_arithmetic(node: Expression) -> bool:
    """Whether sizes are made of such nodes."""
    match node:
        case Call(name):
            return name in _SIZED
        case Symbol() | Number() | WrittenSum() | WrittenProduct() | WrittenQuotient() | Floor():
            return True
    return False


def _is_constant(rights: Sequence[Expression]) -> bool:
    r"""Whether a name is given a number, as the \delta of \delta_{ij} = 1 where i = j."""
    return bool(rights) and all(_is_value(s) and not isinstance(s, Symbol) for s in rights)


def _is_value(side: Expression) -> bool:
    """Whether a side is a number, a name, or a list of them: what gives no more than a value."""
    match side:
        case Symbol(_, index):  # and no E[x * w], which looks like a name with an index
            words = (token for part in index or () for token in part)
            return all(token.kind in _INDEX for token in words)
        case WordsNode() | Derivative() | Indicator():
            return True
        case WrittenProduct(factors):
            return arithmetic(side) is not None or all(
                isinstance(factor, (Number, Indicator)) for factor in factors
            )
        case Call("") | Matrix():
            return all(map(_is_value, children(side)))
    return arithmetic(side) is not None
