"""Operator formulas in the claim language: ``\\text{conv}(\\text{pad}(dY, R-1), F^{rot180})``.

What a document calls convolution is correlation to one author and a flipped filter to another, so
a formula is written once for each meaning (`symconv.documents.operators.claims`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeGuard

from symconv.documents.elements.grids import from_matrix, layout_of
from symconv.documents.formulas.convention import Notation
from symconv.documents.formulas.layers import note, role_of
from symconv.documents.formulas.letters import EXTENTS, HALVES
from symconv.documents.mathematics.syntax import (
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
    WrittenSum,
)
from symconv.documents.mathematics.walk import walk
from symconv.documents.notation.reading import NotationReading
from symconv.documents.operators.operands import Operands
from symconv.formula import words

CORRELATION, CONVOLUTION = "correlation", "convolution"
SIGNS = ("*", "\\star", "\\circledast", "\\otimes")
_EDGE = re.compile(r"(?P<sign>.*?)(_(?P<edge>full|same))?\Z")
_CONVOLUTION = re.compile(
    rf"(?:(?P<edge>full|valid|same)[ _-]*)?({words.CONVOLVE.spellings})(_?2d?)?\Z"
)
_CORRELATION = re.compile(
    rf"(?:(?P<edge>full|valid|same)[ _-]*)?(cross[ _-]*|x)?({words.CORRELATE.spellings})(_?2d)?\Z"
)
ROTATION = re.compile(rf"({words.ROTATE.spellings})[ _-]*(180)?\Z")
PAD = re.compile(rf"(zero[ _-]*)?({words.PAD.spellings})\Z")
CROP = re.compile(rf"({words.CROP.spellings})\Z")
DILATE = re.compile(rf"({words.DILATE.spellings})\Z")
_TURNED = re.compile(rf"\(?({words.ROTATE.spellings})?[_{{]*(180)?[}}]*\)?")
SLIDES = re.compile(f"{_CONVOLUTION.pattern}|{_CORRELATION.pattern}".replace("?P<edge>", "?:"))
_MODE = re.compile(r"((?:mode|padding|pad) *= *)?[\"'`]*(full|valid|same)[\"'`]*\Z")


class Operators(Operands):
    """Writes one reading of a formula in the claim language.

    Attributes:
        meaning: what a convolution is.
        swapped: whether the second tensor is the one that is slid over: a sign does not tell.
        full: whether a bare sign means the full convolution.
        fixed: the meaning, where a word leaves no choice.
        slides: how many convolutions stand in the formula.
        bare: whether one of them is a sign.
        symmetric: whether one of them is full or a sign, so that its tensors may be swapped.
        odd: whether, so swapped, something slides over the filter.
    """

    def __init__(
        self,
        reading: Notation,
        meaning: str,
        swapped: bool = False,
        full: bool = False,
        second: AbstractSet[str] = frozenset(),
        sides: bool = False,
    ) -> None:
        super().__init__(reading, second, sides)
        self.meaning = meaning
        self.swapped = swapped
        self.full = full
        self.fixed = ""
        self.slides = 0
        self.bare = False
        self.symmetric = False
        self.odd = False

    def tensor(self, expression: Expression) -> str:
        """Return a tensor in the claim language."""
        match expression:
            case Symbol(name, None, place):
                return self.leaf(name, *place)
            case Derivative(Symbol(loss, None) as of, Symbol(name, None), place):
                if self.is_tensor(loss):
                    raise UnreadableError(
                        "a tensor differentiated by a tensor is no tensor", *place
                    )
                self.formula.derived(of)
                return self.leaf(name, *place, of="d")
            case Differential(Symbol(name, None), "d", place):
                return self.leaf(name, *place, of="d")
            case Power(base, exponent, place):
                return self.raised(base, "".join(t.text for t in exponent), place)
            case Call():
                return self.call(expression)
            case WrittenProduct():
                return self.product(expression)
            case Matrix():
                return self.matrix(expression)
            case _:
                raise UnreadableError("this is no tensor that is known", *expression.place)

    def leaf(self, name: str, start: int, end: int, of: str = "") -> str:
        """Return X, F or Y for a name, and with ``of`` = d the gradient.

        The claim language never flips the filter: where the document does, its F is turned.
        """
        reading = self.reading
        if name in reading.gradients and not of:
            return "dY"
        layers = self.formula.layers
        role = role_of(name, reading, layers, (start, end)) or _other_case(reading, name)
        if role is None and not of and name.split("^")[0] == "\\delta":
            note("Y", name, layers, (start, end))
            return "dY"  # by custom
        if role is None:
            ask = reading.hints.ask("names")
            raise UnreadableError(
                f"'{name}' is not a name of input, filter or output here{ask}", start, end
            )
        return f"rotate({of}{role})" if reading.flipped and role == "F" else of + role

    def is_tensor(self, name: str) -> bool:
        """Whether a name is input, filter or output."""
        return bool(self.reading.role(name))

    def raised(self, base: Expression, exponent: str, place: tuple[int, int]) -> str:
        """Return F^{rot180}."""
        plain = re.sub(r"\^?[{]?\\?circ[}]?", "", exponent.lower())
        if _TURNED.fullmatch(plain) and plain:
            return _rotated(self.tensor(base))
        if exponent in ("T", "\\top", "top"):
            reason = (
                "a transpose is no rotation by 180 degrees; write rot180(..) where that is meant"
            )
            raise UnreadableError(reason, *place)
        raise UnreadableError(f"'{exponent}' above a tensor is not understood", *place)

    def product(self, expression: WrittenProduct) -> str:
        """Return A * B, or a tensor beside words that only describe it."""
        factors: Sequence[Expression] = [
            f for f in expression.factors if not isinstance(f, WordsNode)
        ]
        said = " ".join(f.text.lower() for f in expression.factors if isinstance(f, WordsNode))
        turned = "rotat" in said or "flip" in said
        factors = [f for f in factors if not (turned and _is_angle(f))]
        if len(factors) == 1 and not any(expression.signs):
            inside = self.tensor(factors[0])
            return _rotated(inside) if turned and not inside.startswith("rotate") else inside
        if said and not any(expression.signs):
            # A matrix with its caption: both are the same tensor.
            named = {self.tensor(f).removeprefix("rotate(").rstrip(")") for f in factors}
            if len(named) == 1:
                return self.tensor(factors[0])
        factors, signs = bound(expression)
        sign, edge = parted(signs[0]) if signs else ("", "")
        if said or len(factors) != 2 or sign not in SIGNS:
            raise UnreadableError("this product of tensors is not understood", *expression.place)
        if edge:
            return self.slide(factors[0], factors[1], self.meaning, edge)
        self.bare = self.symmetric = True
        a, b = reversed(factors) if self.swapped and not self.full else factors
        return self.slide(a, b, self.meaning, "full" if self.full else "")

    def call(self, call: Call) -> str:
        """Return an operator with its arguments."""
        name = call.name.lower().strip()
        arguments = tuple(a for a in call.arguments if not is_keyword(a))
        if ROTATION.match(name) and len(arguments) == 1:
            return _rotated(self.tensor(arguments[0]))
        if PAD.match(name) and len(arguments) in (2, 3):
            return f"pad({self.tensor(arguments[0])}, {self.amounts(arguments[1:])})"
        if CROP.match(name) and len(arguments) in (2, 3):
            return f"crop({self.tensor(arguments[0])}, {self.amounts(arguments[1:])})"
        if DILATE.match(name) and len(arguments) in (2, 3):
            steps = ", ".join(self.steps(arguments[1:], 1))
            return f"dilate({self.tensor(arguments[0])}, ({steps}))"
        for pattern, meaning in ((_CONVOLUTION, self.meaning), (_CORRELATION, CORRELATION)):
            if (found := pattern.match(name)) and len(arguments) == 2:
                if pattern is _CORRELATION:
                    self.fixed = CORRELATION
                return self.slid(call, arguments, meaning, found["edge"] or "")
        if PAD.match(name) and len(arguments) == 1:
            raise UnreadableError("by how much is padded: write pad(.., R - 1)", *call.place)
        raise UnreadableError(f"'{call.name}' is no operator that is known", *call.place)

    def slid(self, call: Call, arguments: tuple[Expression, ...], meaning: str, edge: str) -> str:
        """Return a named convolution with its keywords."""
        keywords = ""
        for argument in filter(is_keyword, call.arguments):
            if (edge_ := mode(argument)) is not None:
                edge = edge_
            else:
                keywords += self.keyword(argument)
        if keywords and edge in ("full", "same"):
            raise UnreadableError(f"a {edge} convolution with a stride is not read", *call.place)
        a, b = arguments
        if keywords and meaning == CONVOLUTION:
            self.slides += 1
            return f"correlate({self.tensor(a)}, {_rotated(self.tensor(b))}{keywords})"
        return self.slide(a, b, meaning, edge)[:-1] + keywords + ")"

    def keyword(self, argument: Expression) -> str:
        """Return ``stride = (2, 1)`` as the claim language writes it."""
        name = argument.name.removesuffix("=") if isinstance(argument, Call) else ""
        if not isinstance(argument, Call) or name not in ("stride", "dilation", "padding", "pad"):
            raise UnreadableError("this keyword is not known here", *argument.place)
        if name in ("padding", "pad"):
            return f", padding={self.amounts(argument.arguments)}"
        steps = ", ".join(self.steps(argument.arguments, 1))
        return f", {name}=({steps})"

    def slide(self, a: Expression, b: Expression, meaning: str, edge: str) -> str:
        """Return a convolution or a correlation of two tensors."""
        self.slides += 1
        first, second = self.tensor(a), self.tensor(b)
        if self.swapped and meaning == CORRELATION and "F" in (first if edge != "full" else second):
            self.odd = True
        if edge == "same":
            return self.same(first, second, meaning, b)
        if edge == "full":
            self.symmetric = True
            if self.swapped:
                first, second = second, first
            role = re.sub(r"rotate|[()]", "", second)
            if meaning == CONVOLUTION:
                return f"convolve({first}, {second}, mode='full')"
            extents = EXTENTS.get(role.removeprefix("d"))
            if extents is None:
                raise UnreadableError("the extent of this tensor is not known", *b.place)
            margins = ", ".join(f"({e} - 1, {e} - 1)" for e in extents)
            return f"correlate(pad({first}, ({margins})), {second})"
        name = "correlate" if meaning == CORRELATION else "convolve"
        return f"{name}({first}, {second})"

    def same(self, first: str, second: str, meaning: str, b: Expression) -> str:
        """Return a convolution with as many elements as its first tensor; of an odd filter."""
        if re.sub(r"rotate|[()]", "", second) != "F":
            raise UnreadableError("'same' is read where a filter slides", *b.place)
        self.formula.used["half"] = "same"
        self.formula.where |= dict.fromkeys(f"{extent} % 2 == 1" for extent in HALVES)
        margins = ", ".join(f"({half}, {half})" for half in HALVES.values())
        slid = _rotated(second) if meaning == CONVOLUTION else second
        return f"correlate(pad({first}, ({margins})), {slid})"

    def matrix(self, matrix: Matrix) -> str:
        """Return the tensor that a matrix shows whole, as it is or turned."""
        cells = [c for row in matrix.rows for c in row if c is not None]
        if any(isinstance(part, WordsNode) for c in cells for part in _leaves(c)):
            return self.described(cells, matrix)
        grid = from_matrix(matrix)
        if grid is None or not isinstance(self.reading, NotationReading):
            raise UnreadableError("this matrix is not understood", *matrix.place)
        tensor = grid.tensors().most_common(1)[0][0]
        found = layout_of(grid, tensor, self.reading.rank)
        role = self.reading.role(tensor[1])
        if role is None or found is None or len({axis.step for axis in found[0]}) != 1:
            raise UnreadableError("this matrix is not understood", *matrix.place)
        size = 1
        for extent in self.reading.extents(role):
            size *= extent
        step = found[0][0].step
        if found[1] != size or len(grid.cells) != size or step not in (1, -1):
            raise UnreadableError("this matrix does not show one tensor whole", *matrix.place)
        name = self.leaf(tensor[1], *matrix.place, of="d" if tensor[0] == "gradient" else "")
        return name if step == 1 else _rotated(name)

    def described(self, cells: list[Expression], matrix: Matrix) -> str:
        """Return the tensor that words in a matrix name: 180 rotated / Filter F."""
        leaves = [leaf for cell in cells for leaf in _leaves(cell)]
        said = " ".join(leaf.text.lower() for leaf in leaves if isinstance(leaf, WordsNode))
        tensors = [
            leaf for leaf in leaves if not isinstance(leaf, WordsNode) and not _is_angle(leaf)
        ]
        if len(tensors) != 1:
            raise UnreadableError("these words are not understood", *matrix.place)
        inside = self.tensor(tensors[0])
        return _rotated(inside) if "rotat" in said or "flip" in said else inside


def bound(product: WrittenProduct) -> tuple[tuple[Expression, ...], tuple[str, ...]]:
    r"""Return factors with their signs, what is turned in one: \text{rot}_{180} F."""
    factors: list[Expression] = []
    signs: list[str] = []
    turns: Symbol | None = None
    for factor, sign in zip(product.factors, (*product.signs, ""), strict=True):
        if turns is None and not sign and _is_turn(factor) and factor is not product.factors[-1]:
            turns = factor
            continue
        whole = Call(turns.name, (factor,), turns.place) if turns is not None else factor
        factors.append(whole)
        signs.append(sign)
        turns = None
    return tuple(factors), tuple(signs[:-1])


def _is_turn(factor: Expression) -> TypeGuard[Symbol]:
    return isinstance(factor, Symbol) and ROTATION.match(factor.name.lower()) is not None


def is_correlation(name: str) -> bool:
    """Whether a word leaves no doubt that the filter is not turned."""
    return _CORRELATION.match(name) is not None


def parted(sign: str) -> tuple[str, str]:
    """Return a sign and how it treats the edge: \\ast and full."""
    found = _EDGE.match(sign)
    return (found["sign"], found["edge"] or "") if found else (sign, "")


def _rotated(tensor: str) -> str:
    """Return a tensor turned by 180 degrees; twice is not at all."""
    if re.fullmatch(r"rotate\(d?[XFY]\)", tensor):
        return tensor[len("rotate(") : -1]
    return f"rotate({tensor})"


def _other_case(reading: Notation, name: str) -> str | None:
    """Return the role of a matrix whose elements are written in another case: X of x_{00}."""
    roles = {reading.role(n) for n in reading.names if n.casefold() == name.casefold()}
    return roles.pop() if len(roles) == 1 else None


def is_keyword(expression: Expression) -> bool:
    """Whether an argument is a mode, or a keyword with its value."""
    if isinstance(expression, WordsNode):
        return _MODE.match(expression.text.strip().lower()) is not None
    return isinstance(expression, Call) and expression.name.endswith("=")


def mode(argument: Expression) -> str | None:
    """Return full, valid or same where a keyword says so."""
    match argument:
        case WordsNode(text) | Call("mode=" | "padding=" | "pad=", (WordsNode(text),)):
            found = _MODE.match(text.strip().lower())
            return found[2] if found else None
    return None


def _is_angle(expression: Expression) -> bool:
    match expression:
        case Number(value):
            return value == 180
        case Power(Number(value)):
            return value == 180
    return False


def _leaves(expression: Expression) -> Iterator[Expression]:
    parts = walk(expression, into=lambda node: isinstance(node, WrittenProduct))
    return (part for part in parts if not isinstance(part, WrittenProduct))


def is_operator_formula(expression: Expression) -> bool:
    """Whether a convolution or a correlation stands in an expression."""
    match expression:
        case Call(name):
            plain = name.lower().strip()
            if ROTATION.match(plain) or PAD.match(plain) or CROP.match(plain):
                return any(map(is_operator_formula, expression.arguments))
            return bool(_CONVOLUTION.match(plain) or _CORRELATION.match(plain))
        case WrittenProduct(factors, signs):
            return any(map(is_operator_formula, factors)) or (
                any(parted(sign)[0] in SIGNS for sign in signs) and all(map(_is_whole, factors))
            )
        case WrittenSum(terms):
            return any(is_operator_formula(term) for _, term in terms)
        case _:
            return False


def _is_whole(expression: Expression) -> bool:
    match expression:
        case Symbol(_, index):
            return index is None
        case Derivative(of, wrt):
            return of.index is None and wrt.index is None
        case Differential(Symbol(_, None)):
            return True
        case Power(base):
            return _is_whole(base)
        case Call():
            return True
    return False
