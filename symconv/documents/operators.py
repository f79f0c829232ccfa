"""Operator formulas -> claims: ``\\text{conv}(\\text{pad}(dY, R-1), \\text{rot180}(F))``.

What a document calls convolution is correlation to one author and a flipped filter to another, so
a formula becomes several claims, one for each reading, and the verdict says which are right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from symconv.documents import affine
from symconv.documents.affine import Polynomial
from symconv.documents.grids import from_matrix, layout_of
from symconv.documents.letters import EXTENTS, STRIDES, conventional, written
from symconv.documents.prover import ClaimText
from symconv.documents.reading import Reading
from symconv.documents.syntax import (
    Call,
    Derivative,
    Differential,
    Expression,
    Matrix,
    Number,
    Place,
    Power,
    Product,
    Prose,
    Symbol,
    UnreadableError,
)

CORRELATION, CONVOLUTION = "correlation", "convolution"
_MIRROR = {"H": "W", "R": "S", "P": "Q", "u": "v"}
_SIGNS = ("*", "\\star", "\\circledast", "\\otimes")
_CONVOLUTION = re.compile(r"(full[ _-]*)?(valid[ _-]*)?conv(olution|olve|2d)?\Z")
_CORRELATION = re.compile(r"(full[ _-]*)?(valid[ _-]*)?(cross[ _-]*)?corr(elation|elate)?\Z")
_ROTATION = re.compile(r"(rot|rotate|flip)[ _-]*(180)?\Z")
_PAD = re.compile(r"(zero[ _-]*)?pad(ding|ded)?\Z")
_DILATE = re.compile(r"(dilat|upsamp)[a-z]*\Z")


@dataclass(frozen=True, slots=True)
class OperatorClaim:
    """One reading of an operator formula.

    Attributes:
        claim: what it states.
        reading: what its words and signs mean here: convolution or correlation, and whether a
            bare sign means the full one.
        implied: whether the reading adds something that the formula does not say.
    """

    claim: ClaimText
    reading: str
    implied: bool = False


def operator_claims(
    left: Expression, right: Expression, reading: Reading | None
) -> list[OperatorClaim]:
    """Return every reading of a formula as a claim.

    Raises:
        UnreadableError: a name, a word or a construct that is not known.
    """
    target = _Operators(reading, CORRELATION, False, False).tensor(left)
    if target not in ("Y", "dX", "dF"):
        raise UnreadableError("the left side is no result of a convolution", *left.place)
    found: dict[str, OperatorClaim] = {}
    for meaning, swapped, full in product((CORRELATION, CONVOLUTION), (False, True), (False, True)):
        operators = _Operators(reading, meaning, swapped, full)
        try:
            text = operators.tensor(right)
        except UnreadableError:
            if found:
                continue
            raise
        if not operators.slides:
            raise UnreadableError("no convolution stands here", *right.place)
        if (full and not operators.bare) or (swapped and not operators.symmetric):
            continue
        claim = _claim(f"{target} == {text}", operators, left.place)
        words = operators.fixed or meaning
        found.setdefault(str(claim), OperatorClaim(claim, words, full and operators.bare))
    return list(found.values())


def _plain(reading: Reading) -> bool:
    g = reading.geometry
    return (
        reading.rank == 2
        and not reading.flipped
        and not any(lo or hi for lo, hi in g.padding)
        and all(d == 1 for d in g.dilation)
    )


def _claim(statement: str, operators: _Operators, place: Place) -> ClaimText:
    """Return a claim for every size, or for the example's where numbers stand in it."""
    reading = operators.reading
    if operators.numbers and reading is not None and reading.rank == 2 and not reading.flipped:
        g = reading.geometry
        (top, bottom), (left, right) = g.padding
        values = {
            **dict(zip("HWRSuvde", (*g.input, *g.filter, *g.stride, *g.dilation), strict=True)),
            "pt": top, "pb": bottom, "pl": left, "pr": right,
        }  # fmt: skip
        sizes = ", ".join(f"{name}={value}" for name, value in values.items())
        return ClaimText(statement, general=("padding", "dilation"), sizes=sizes)
    if operators.numbers and reading is None:
        raise UnreadableError("numbers, where no sizes are known", *place)
    if reading is not None and not _plain(reading):
        raise UnreadableError("operator formulas with padding or dilation are not read yet", *place)
    where = () if operators.strided else tuple(f"{name} == 1" for name in STRIDES)
    return ClaimText(statement, where)


class _Operators:
    """Writes one reading of a formula in the claim language."""

    def __init__(self, reading: Reading | None, meaning: str, swapped: bool, full: bool) -> None:
        self.reading = reading
        self.meaning = meaning
        self.swapped = swapped
        self.full = full
        self.fixed = ""
        self.slides = 0
        self.bare = False
        self.symmetric = False
        self.strided = False
        self.numbers = False

    def tensor(self, expression: Expression) -> str:
        """Return a tensor in the claim language."""
        match expression:
            case Symbol(name, None, place):
                return self.leaf(name, place[0], place[1])
            case Derivative(Symbol(loss, None), Symbol(name, None), place):
                if self.is_tensor(loss):
                    raise UnreadableError(
                        "a tensor differentiated by a tensor is no tensor", *place
                    )
                return "d" + self.leaf(name, *place)
            case Differential(Symbol(name, None), "d", place):
                return "d" + self.leaf(name, *place)
            case Power(base, exponent, place):
                return self.raised(base, "".join(t.text for t in exponent), place)
            case Call():
                return self.call(expression)
            case Product():
                return self.product(expression)
            case Matrix():
                return self.matrix(expression)
            case _:
                raise UnreadableError("this is no tensor that is known", *expression.place)

    def leaf(self, name: str, start: int, end: int) -> str:
        """Return X, F or Y for a name."""
        role = self.reading.role(name) if self.reading else None
        if self.reading is not None and name in self.reading.gradients:
            return "dY"
        if role is None and self.reading is not None:
            role = self._other_case(name)
        if role is None and self.reading is None:
            role = conventional(name)
        if role is None:
            raise UnreadableError(
                f"'{name}' is not a name of input, filter or output here", start, end
            )
        return role

    def is_tensor(self, name: str) -> bool:
        """Say whether a name is input, filter or output."""
        return bool(self.reading.role(name) if self.reading else conventional(name))

    def _other_case(self, name: str) -> str | None:
        """Return the role of a matrix whose elements are written in small letters: X of x_{00}."""
        assert self.reading is not None
        return self.reading.role(name.lower()) if len(name) == 1 and name.isupper() else None

    def raised(self, base: Expression, exponent: str, place: tuple[int, int]) -> str:
        """Return F^{rot180}."""
        plain = exponent.lower().replace("\\circ", "").replace("circ", "")
        if re.fullmatch(r"\(?(rot|flip|rotate|rotated)?[_{]*(180)?[}]*\)?", plain) and plain:
            return f"rotate({self.tensor(base)})"
        raise UnreadableError(f"'{exponent}' above a tensor is not understood", *place)

    def product(self, expression: Product) -> str:
        """Return A * B, or a tensor beside words that only describe it."""
        factors = [f for f in expression.factors if not isinstance(f, Prose)]
        words = " ".join(f.text.lower() for f in expression.factors if isinstance(f, Prose))
        turned = "rotat" in words or "flip" in words
        factors = [f for f in factors if not (turned and _is_angle(f))]
        if len(factors) == 1 and not any(expression.signs):
            inside = self.tensor(factors[0])
            return f"rotate({inside})" if turned and not inside.startswith("rotate") else inside
        if words and not any(expression.signs):
            # A matrix with its caption: both are the same tensor.
            named = {self.tensor(f).removeprefix("rotate(").rstrip(")") for f in factors}
            if len(named) == 1:
                return self.tensor(factors[0])
        if words or len(factors) != 2 or expression.signs[0] not in _SIGNS:
            raise UnreadableError("this product of tensors is not understood", *expression.place)
        self.bare = True
        return self.slide(factors[0], factors[1], self.meaning, self.full)

    def call(self, call: Call) -> str:
        """Return an operator with its arguments."""
        name = call.name.lower().strip()
        arguments = tuple(a for a in call.arguments if not _is_keyword(a))
        keywords = "".join(self.keyword(a) for a in call.arguments if _is_keyword(a))
        if _ROTATION.match(name) and len(arguments) == 1:
            return f"rotate({self.tensor(arguments[0])})"
        if _PAD.match(name) and len(arguments) in (2, 3):
            inside = self.tensor(arguments[0])
            return f"pad({inside}, ({', '.join(self.amounts(arguments[1:]))}))"
        if _DILATE.match(name) and len(arguments) in (2, 3):
            self.strided = True
            return f"dilate({self.tensor(arguments[0])}, ({', '.join(self.steps(arguments[1:]))}))"
        for pattern, meaning in ((_CONVOLUTION, self.meaning), (_CORRELATION, CORRELATION)):
            if (found := pattern.match(name)) and len(arguments) == 2:
                if pattern is _CORRELATION:
                    self.fixed = CORRELATION
                slid = self.slide(*arguments, meaning, bool(found[1]))
                if keywords and (found[1] or not slid.startswith("correlate")):
                    raise UnreadableError("a stride in this operator is not read yet", *call.place)
                return slid[:-1] + keywords + ")"
        raise UnreadableError(f"'{call.name}' is no operator that is known", *call.place)

    def keyword(self, argument: Expression) -> str:
        """Return ``stride = (2, 1)`` as the claim language writes it."""
        assert isinstance(argument, Call)
        name = argument.name.removesuffix("=")
        if name not in ("stride", "dilation"):
            raise UnreadableError(f"'{name}' is not known here", *argument.place)
        self.strided = True
        return f", {name}=({', '.join(self.steps(argument.arguments))})"

    def slide(self, a: Expression, b: Expression, meaning: str, full: bool) -> str:
        """Return a convolution or a correlation of two tensors."""
        self.slides += 1
        first, second = self.tensor(a), self.tensor(b)
        if full:
            self.symmetric = True
            if self.swapped:
                first, second = second, first
            role = re.sub(r"\W|rotate|dilate|pad", "", second)
            if meaning == CONVOLUTION:
                return f"convolve({first}, {second}, mode='full')"
            extents = EXTENTS.get(role.removeprefix("d"))
            if extents is None:
                raise UnreadableError("the extent of this tensor is not known", *b.place)
            margins = ", ".join(f"({e} - 1, {e} - 1)" for e in extents)
            return f"correlate(pad({first}, ({margins})), {second})"
        name = "correlate" if meaning == CORRELATION else "convolve"
        return f"{name}({first}, {second})"

    def amounts(self, arguments: tuple[Expression, ...]) -> list[str]:
        """Return (before, after) for each axis: R-1, (1, 2) or ((1, 1), (0, 2))."""
        if len(arguments) == 1 and isinstance(arguments[0], Call) and not arguments[0].name:
            arguments = arguments[0].arguments
        if any(isinstance(a, Call) for a in arguments):
            return [f"({', '.join(self.pair(a))})" for a in arguments]
        return [f"({a}, {a})" for a in self.steps(arguments)]

    def pair(self, argument: Expression) -> list[str]:
        """Return the two amounts of one axis."""
        match argument:
            case Call("", (before, after)):
                return self.steps((before, after))
            case _:
                raise UnreadableError("this is no (before, after) pair", *argument.place)

    def steps(self, arguments: tuple[Expression, ...]) -> list[str]:
        """Return one size for each axis; R-1 alone means S-1 on the other axis."""
        if len(arguments) == 1 and isinstance(arguments[0], Call) and not arguments[0].name:
            arguments = arguments[0].arguments
        self.numbers |= any(isinstance(a, Number) for a in arguments)
        sizes = [affine.polynomial(a, self.size) for a in arguments]
        if len(sizes) == 1:
            sizes.append(_mirrored(sizes[0]))
        return [affine.text(size) for size in sizes]

    def size(self, symbol: Symbol) -> str:
        """Return a size's name."""
        name = written(symbol)
        if name in ("u", "v"):
            self.strided = True
            return name
        if name in ("s", "stride", "stride_R"):
            self.strided = True
            return "u"
        if name == "stride_S":
            self.strided = True
            return "v"
        if name in "HWRSPQ":
            return name
        raise UnreadableError(f"'{name}' is no size that is known", *symbol.place)

    def matrix(self, matrix: Matrix) -> str:
        """Return the tensor that a matrix shows whole, as it is or turned."""
        words = [c for row in matrix.rows for c in row if c is not None]
        if any(isinstance(part, Prose) for c in words for part in _leaves(c)):
            return self.described(words, matrix)
        grid = from_matrix(matrix)
        if grid is None or self.reading is None:
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
        name = ("d" if tensor[0] == "gradient" else "") + role
        return name if step == 1 else f"rotate({name})"

    def described(self, words: list[Expression], matrix: Matrix) -> str:
        """Return the tensor that words in a matrix name: 180 rotated / Filter F."""
        leaves = [leaf for word in words for leaf in _leaves(word)]
        said = " ".join(leaf.text.lower() for leaf in leaves if isinstance(leaf, Prose))
        tensors = [leaf for leaf in leaves if not isinstance(leaf, Prose) and not _is_angle(leaf)]
        if len(tensors) != 1:
            raise UnreadableError("these words are not understood", *matrix.place)
        inside = self.tensor(tensors[0])
        return f"rotate({inside})" if "rotat" in said or "flip" in said else inside


def _is_keyword(expression: Expression) -> bool:
    return isinstance(expression, Call) and expression.name.endswith("=")


def _is_angle(expression: Expression) -> bool:
    match expression:
        case Number(value):
            return value == 180
        case Power(Number(value)):
            return value == 180
    return False


def _leaves(expression: Expression) -> Iterator[Expression]:
    if isinstance(expression, Product):
        for factor in expression.factors:
            yield from _leaves(factor)
    else:
        yield expression


def _mirrored(size: Polynomial) -> Polynomial:
    """Return what a size of the height is on the width."""
    return affine.replaced(size, {name: {(twin,): 1} for name, twin in _MIRROR.items()})


def is_operator_formula(expression: Expression) -> bool:
    """Say whether a convolution or a correlation stands in an expression."""
    match expression:
        case Call(name):
            plain = name.lower().strip()
            return bool(_CONVOLUTION.match(plain) or _CORRELATION.match(plain))
        case Product(factors, signs):
            return any(map(is_operator_formula, factors)) or (
                any(sign in _SIGNS for sign in signs) and all(map(_is_whole, factors))
            )
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
