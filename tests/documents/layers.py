r"""Documents about one convolution: its forward formula, then gradients, right or with one slip.

Every statement is a small tree of its own that is printed as LaTeX and evaluated with plain loops
over small sizes, so that what is right and what is wrong is decided here, by numbers: a tensor is
0 outside, a sum without limits runs over the tensor that its letter reads.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product
from math import prod

AXES = 2


@dataclass(frozen=True)
class Index:
    """A sum of products of letters and brackets, each with a coefficient: s(i - 1) + 2r - p."""

    terms: tuple[tuple[int, tuple[str | Index, ...]], ...] = ()

    def __add__(self, other: Index | str | int) -> Index:
        return Index(self.terms + index(other).terms)

    def __sub__(self, other: Index | str | int) -> Index:
        return Index(self.terms + tuple((-n, factors) for n, factors in index(other).terms))

    def times(self, factor: str | int) -> Index:
        """Return a multiple, a sum of several terms in brackets."""
        if factor == 1 or not self.terms:
            return self
        n, letters = (factor, ()) if isinstance(factor, int) else (1, (factor,))
        if len(self.terms) > 1:
            return Index(((n, (*letters, self)),))
        ((k, factors),) = self.terms
        return Index(((k * n, (*letters, *factors)),))

    def value(self, values: dict[str, int]) -> int:
        return sum(
            n * prod(values[f] if isinstance(f, str) else f.value(values) for f in factors)
            for n, factors in self.terms
        )

    def collected(self) -> Index:
        """Return the index with its numbers added up behind the letters."""
        number = sum(n for n, factors in self.terms if not factors)
        letters = [term for term in self.terms if term[1]]
        letters.sort(key=lambda term: term[0] < 0)
        return Index((*letters, *([(number, ())] if number else [])))

    def __str__(self) -> str:
        said = ""
        for n, factors in self.collected().terms:
            shown = "".join(_factor(factor) for factor in factors)
            shown = (str(abs(n)) if abs(n) != 1 or not factors else "") + shown
            said += ("-" if n < 0 else "+" if said else "") + shown
        return said or "0"


def _factor(factor: str | Index) -> str:
    if isinstance(factor, Index):
        return f"({factor})"
    return f"{factor} " if factor.startswith("\\") else factor


def index(of: Index | str | int) -> Index:
    if isinstance(of, Index):
        return of
    if isinstance(of, int):
        return Index(((of, ()),)) if of else Index()
    return Index(((1, (of,)),))


@dataclass(frozen=True)
class Layer:
    """A convolution and how its author writes it.

    ``stride``, ``padding`` and ``dilation`` are letters or numbers; the filter is square, of
    extent ``extent``.  ``full`` writes a flipped forward pass as x_{i-m}: padded by all there is.
    """

    rank: int = 2
    stride: str | int = 1
    padding: str | int = 0
    dilation: str | int = 1
    flipped: bool = False
    full: bool = False
    base: int = 0
    channels: bool = False
    limits: bool = True
    extent: str = "K"
    names: tuple[str, str, str] = ("X", "W", "Y")
    letters: tuple[str, str, str] = ("ij", "mn", "ab")
    loss: str = "L"

    def name(self, tensor: str) -> str:
        return self.names["XFY".index(tensor[-1])]

    @property
    def sizes(self) -> tuple[str, ...]:
        said = (self.stride, self.padding, self.dilation)
        return tuple(letter for letter in said if isinstance(letter, str))


# ----------------------------------------------------------------------------- statements


@dataclass(frozen=True)
class Element:
    """A tensor read at an index; its labels stand before."""

    tensor: str
    at: tuple[Index, ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class IndexStatement:
    """target = sum over ``sums`` of the product of two factors."""

    target: Element
    sums: tuple[tuple[str, Index | None, Index | None], ...]
    factors: tuple[Element, ...]


@dataclass(frozen=True)
class Tree:
    """An operator with its operands: pad, dilate, rot, corr, conv, or a tensor's name."""

    name: str
    operands: tuple[Tree, ...] = ()
    amounts: tuple[Index, ...] = ()
    options: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True)
class OperatorStatement:
    """target = tree."""

    target: str
    tree: Tree


Statement = IndexStatement | OperatorStatement


def low(layer: Layer) -> Index:
    """Return how much is padded before the input."""
    last = index(layer.extent) - 1
    return last if layer.full else index(layer.padding)


def read(layer: Layer, output: str, filter_: str) -> Index:
    """Return where the input is read: s(i - b) + d(m - b) + b - p, the filter turned or not."""
    b = layer.base
    if layer.full:
        return index(output) - filter_ + b
    place = (index(output) - b if b and layer.stride != 1 else index(output)).times(layer.stride)
    if layer.flipped:
        inside = (index(layer.extent) - 1 - (index(filter_) - b)).times(layer.dilation)
    elif b and layer.dilation != 1:
        inside = (index(filter_) - b).times(layer.dilation)
    else:
        inside = index(filter_).times(layer.dilation)
    whole = place + inside - index(layer.padding)
    if layer.flipped:
        return whole + (b if layer.stride != 1 else 0)
    return whole + b - (b if layer.stride == 1 else 0) - (b if layer.dilation == 1 else 0)


def met(layer: Layer, m: str, output: str) -> Index:
    """Return where the filter is read in the input's gradient, of dilation 1: m - s(i - b) + p."""
    b = layer.base
    if layer.full:
        return index(output) - m + b
    start = (index(output) - b if b and layer.stride != 1 else index(output)).times(layer.stride)
    if layer.flipped:
        last = index(layer.extent) - 1
        return last + start - m + (b if layer.stride == 1 else 2 * b) - index(layer.padding)
    return index(m) - start + (b if layer.stride == 1 else 0) + index(layer.padding)


def _labels(layer: Layer, tensor: str) -> tuple[str, ...]:
    if not layer.channels:
        return ()
    return {"X": ("c",), "F": ("f", "c"), "Y": ("f",)}[tensor[-1]]


def _at(layer: Layer, tensor: str, at: Iterator[Index] | list[Index]) -> Element:
    return Element(tensor, tuple(at), _labels(layer, tensor))


def _sums(layer: Layer, letters: str, last: str | None) -> tuple:
    """Sum over letters: over a whole tensor, or from the base to the filter's end."""
    sums = []
    for letter in letters[: layer.rank]:
        limits = (None, None)
        if last is not None and layer.limits:
            limits = (index(layer.base), index(last) - 1 + layer.base)
        sums.append((letter, *limits))
    return tuple(sums)


def forward(layer: Layer) -> IndexStatement:
    i, m, _ = layer.letters
    at = [read(layer, a, b) for a, b in zip(i[: layer.rank], m, strict=False)]
    sums = _sums(layer, m, layer.extent)
    channel = (("c", None, None),) if layer.channels else ()
    return IndexStatement(
        _at(layer, "Y", map(index, i[: layer.rank])),
        channel + sums,
        (_at(layer, "X", at), _at(layer, "F", map(index, m[: layer.rank]))),
    )


def of_filter(layer: Layer) -> IndexStatement:
    i, m, _ = layer.letters
    at = [read(layer, a, b) for a, b in zip(i[: layer.rank], m, strict=False)]
    return IndexStatement(
        _at(layer, "dF", map(index, m[: layer.rank])),
        _sums(layer, i, None),
        (_at(layer, "dY", map(index, i[: layer.rank])), _at(layer, "X", at)),
    )


def of_input(layer: Layer) -> IndexStatement | None:
    """Sum over the outputs; a dilation would divide."""
    if layer.dilation != 1:
        return None
    i, _, a = layer.letters
    at = [met(layer, m, p) for m, p in zip(a[: layer.rank], i, strict=False)]
    channel = (("f", None, None),) if layer.channels else ()
    return IndexStatement(
        _at(layer, "dX", map(index, a[: layer.rank])),
        channel + _sums(layer, i, None),
        (_at(layer, "dY", map(index, i[: layer.rank])), _at(layer, "F", at)),
    )


def of_input_by_filter(layer: Layer) -> IndexStatement | None:
    """Sum over the filter, of stride 1: dY_{a - dm + p} F_m."""
    if layer.stride != 1 or layer.flipped:
        return None
    _, m, a = layer.letters
    b = layer.base
    at = []
    for x, r in zip(a[: layer.rank], m, strict=False):
        step = (index(r) - b if b and layer.dilation != 1 else index(r)).times(layer.dilation)
        at.append(index(x) - step + (b if layer.dilation == 1 else 0) + index(layer.padding))
    channel = (("f", None, None),) if layer.channels else ()
    return IndexStatement(
        _at(layer, "dX", map(index, a[: layer.rank])),
        channel + _sums(layer, m, layer.extent),
        (_at(layer, "dY", at), _at(layer, "F", map(index, m[: layer.rank]))),
    )


def leaf(tensor: str) -> Tree:
    return Tree(tensor)


def padded(tree: Tree, amount: Index) -> Tree:
    return Tree("pad", (tree,), (amount,)) if amount.collected().terms else tree


def spread(tree: Tree, step: str | int) -> Tree:
    return Tree("dilate", (tree,), (index(step),)) if step != 1 else tree


def turned(tree: Tree) -> Tree:
    return tree.operands[0] if tree.name == "rot" else Tree("rot", (tree,))


def slid(a: Tree, b: Tree, **options: str | int) -> Tree:
    return Tree("corr", (a, b), (), tuple((k, v) for k, v in options.items() if v != 1))


def forward_operator(layer: Layer) -> OperatorStatement:
    filter_ = turned(leaf("F")) if layer.flipped else leaf("F")
    options = {"stride": layer.stride, "dilation": layer.dilation}
    return OperatorStatement("Y", slid(padded(leaf("X"), low(layer)), filter_, **options))


def of_filter_operator(layer: Layer) -> OperatorStatement:
    """Right where the stride divides; the filter's gradient is turned where the filter is."""
    tree = slid(
        padded(leaf("X"), low(layer)), spread(leaf("dY"), layer.stride), stride=layer.dilation
    )
    return OperatorStatement("dF", turned(tree) if layer.flipped else tree)


def of_input_operator(layer: Layer) -> OperatorStatement:
    """Right where the stride divides."""
    last = (index(layer.extent) - 1).times(layer.dilation)
    amount = Index() if layer.full else last - index(layer.padding)
    filter_ = leaf("F") if layer.flipped else turned(leaf("F"))
    return OperatorStatement(
        "dX",
        slid(padded(spread(leaf("dY"), layer.stride), amount), filter_, dilation=layer.dilation),
    )


# -------------------------------------------------------------------------------- LaTeX


def shown(statement: Statement, layer: Layer) -> str:
    if isinstance(statement, OperatorStatement):
        return f"{_tensor(statement.target, layer)} = {_tree(statement.tree, layer)}"
    left = _element(statement.target, layer)
    sums = "".join(map(_sum, statement.sums))
    factors = r"\, ".join(_element(factor, layer) for factor in statement.factors)
    return f"{left} = {sums} {factors}"


def _element(element: Element, layer: Layer) -> str:
    parts = [*element.labels, *map(str, element.at)]
    return _tensor(element.tensor, layer, "_{" + ",".join(parts) + "}")


def _tensor(tensor: str, layer: Layer, below: str = "") -> str:
    name = layer.name(tensor) + below
    if not tensor.startswith("d"):
        return name
    return rf"\frac{{\partial {layer.loss}}}{{\partial {name}}}"


def _sum(run: tuple[str, Index | None, Index | None]) -> str:
    letter, first, last = run
    if first is None:
        return rf"\sum_{{{letter}}}"
    return rf"\sum_{{{letter}={first}}}^{{{last}}}"


_WORDS = {"pad": "pad", "dilate": "dilate", "rot": "rot180", "corr": "corr", "conv": "conv"}


def _tree(tree: Tree, layer: Layer) -> str:
    if tree.name not in _WORDS:
        return _tensor(tree.name, layer)
    parts = [_tree(operand, layer) for operand in tree.operands]
    parts += [str(amount) for amount in tree.amounts]
    parts += [f"{key}={said}" for key, said in tree.options]
    return rf"\text{{{_WORDS[tree.name]}}}({', '.join(parts)})"


# -------------------------------------------------------------------- the truth, by loops


@dataclass
class Numbers:
    """Tensors of numbers at one choice of sizes, and what the layer makes of them."""

    layer: Layer
    values: dict[str, int]
    inputs: tuple[int, ...]
    tensors: dict[str, dict[tuple[int, ...], int]] = field(default_factory=dict)
    shapes: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def number(self, of: str | int) -> int:
        return self.values[of] if isinstance(of, str) else of

    def __post_init__(self) -> None:
        layer, rng = self.layer, random.Random(str((self.values, self.inputs)))
        K = self.values[layer.extent]
        s, d = self.number(layer.stride), self.number(layer.dilation)
        p = K - 1 if layer.full else self.number(layer.padding)
        outputs = tuple((H + 2 * p - d * (K - 1) - 1) // s + 1 for H in self.inputs)
        labels = {"X": (2,), "F": (2, 2), "Y": (2,)} if layer.channels else {}
        spatial = {"X": self.inputs, "F": (K,) * layer.rank, "Y": outputs}
        for role, extents in spatial.items():
            shape = (*labels.get(role, ()), *extents)
            self.shapes[role] = self.shapes["d" + role] = shape
        for given in ("X", "F", "dY"):
            cells = product(*map(range, self.shapes[given]))
            self.tensors[given] = {cell: rng.randint(1, 99) for cell in cells}
        for made in ("Y", "dX", "dF"):
            self.tensors[made] = dict.fromkeys(product(*map(range, self.shapes[made])), 0)
        x, f, dy = (self.tensors[given] for given in ("X", "F", "dY"))
        for cell in product(*map(range, outputs)):
            for r in product(range(K), repeat=layer.rank):
                at = tuple(o * s + k * d - p for o, k in zip(cell, r, strict=True))
                if any(not 0 <= m < H for m, H in zip(at, self.inputs, strict=True)):
                    continue
                own = tuple(K - 1 - k for k in r) if layer.flipped else r
                for c, k in product(range(2), repeat=2) if layer.channels else [(0, 0)]:
                    a, b, o = (
                        ((c, *at), (k, c, *own), (k, *cell)) if layer.channels else (at, own, cell)
                    )
                    self.tensors["Y"][o] += x[a] * f[b]
                    self.tensors["dX"][a] += dy[o] * f[b]
                    self.tensors["dF"][b] += dy[o] * x[a]

    @property
    def remainder(self) -> bool:
        layer = self.layer
        K, s = self.values[layer.extent], self.number(layer.stride)
        p = K - 1 if layer.full else self.number(layer.padding)
        reach = self.number(layer.dilation) * (K - 1) + 1
        return any((H + 2 * p - reach) % s for H in self.inputs)


def holds(statement: Statement, numbers: Numbers, turning: bool = False) -> bool:
    """Whether a statement is true of numbers, where a "conv" turns its filter or does not."""
    if isinstance(statement, OperatorStatement):
        wanted = _spatial(numbers, statement.target)
        return wanted == _made(statement.tree, numbers, turning)
    target, wanted = statement.target, numbers.tensors[statement.target.tensor]
    base = numbers.layer.base
    letters = [*target.labels, *(str(at) for at in target.at)]
    spans = [_span(run, statement, numbers) for run in statement.sums]
    for cell in wanted:
        here = dict(numbers.values)
        for k, (letter, place) in enumerate(zip(letters, cell, strict=True)):
            here[letter] = place + (base if k >= len(target.labels) else 0)
        total = 0
        for places in product(*spans):
            here.update(zip((run[0] for run in statement.sums), places, strict=True))
            total += prod(_value(factor, here, numbers) for factor in statement.factors)
        if total != wanted[cell]:
            return False
    return True


def _value(factor: Element, here: dict[str, int], numbers: Numbers) -> int:
    base = numbers.layer.base
    cell = tuple(here[label] for label in factor.labels)
    cell += tuple(at.value(here) - base for at in factor.at)
    return numbers.tensors[factor.tensor].get(cell, 0)


def _span(run: tuple, statement: IndexStatement, numbers: Numbers) -> range:
    letter, first, last = run
    if first is not None:
        return range(first.value(numbers.values), last.value(numbers.values) + 1)
    for factor in statement.factors:
        for k, label in enumerate(factor.labels):
            if label == letter:
                return range(numbers.shapes[factor.tensor][k])
        for k, at in enumerate(factor.at):
            if at.terms == index(letter).terms:
                base = numbers.layer.base
                n = numbers.shapes[factor.tensor][len(factor.labels) + k]
                return range(base, base + n)
    raise AssertionError(f"{letter} reads no tensor alone")


Plane = tuple[tuple[int, ...], dict[tuple[int, ...], int]]


def _spatial(numbers: Numbers, tensor: str) -> Plane:
    return numbers.shapes[tensor], numbers.tensors[tensor]


def _made(tree: Tree, numbers: Numbers, turning: bool) -> Plane:
    """Return what an operator makes."""
    if tree.name in numbers.tensors:
        return _spatial(numbers, tree.name)
    operands = [_made(operand, numbers, turning) for operand in tree.operands]
    amounts = [amount.value(numbers.values) for amount in tree.amounts]
    options = {key: numbers.number(said) for key, said in tree.options}
    match tree.name:
        case "pad":
            return _padded(operands[0], amounts[0])
        case "dilate":
            return _dilated(operands[0], amounts[0])
        case "rot":
            return _rotated(operands[0])
        case "conv" if turning:
            return _correlated(operands[0], _rotated(operands[1]), **options)
    return _correlated(*operands, **options)


def _padded(plane: Plane, n: int) -> Plane:
    shape, cells = plane
    grown = tuple(max(extent + 2 * n, 0) for extent in shape)
    moved = {tuple(k + n for k in cell): value for cell, value in cells.items()}
    return grown, {cell: moved.get(cell, 0) for cell in product(*map(range, grown))}


def _dilated(plane: Plane, step: int) -> Plane:
    shape, cells = plane
    grown = tuple((extent - 1) * step + 1 for extent in shape)
    moved = {tuple(k * step for k in cell): value for cell, value in cells.items()}
    return grown, {cell: moved.get(cell, 0) for cell in product(*map(range, grown))}


def _rotated(plane: Plane) -> Plane:
    shape, cells = plane
    return shape, {
        tuple(n - 1 - k for n, k in zip(shape, cell, strict=True)): value
        for cell, value in cells.items()
    }


def _correlated(a: Plane, b: Plane, stride: int = 1, dilation: int = 1) -> Plane:
    (big, x), (small, f) = a, b
    shape = tuple(
        max((H - dilation * (R - 1) - 1) // stride + 1, 0) for H, R in zip(big, small, strict=True)
    )
    made = {}
    for cell in product(*map(range, shape)):
        made[cell] = sum(
            value * x[tuple(o * stride + k * dilation for o, k in zip(cell, r, strict=True))]
            for r, value in f.items()
        )
    return shape, made


@lru_cache(maxsize=8)
def examples(layer: Layer) -> tuple[Numbers, ...]:
    """Return small sizes, each letter at two values or more; first those that strides divide."""
    found = []
    for rest in (0, 1):
        for s, p, d, K in ((2, 1, 2, 2), (1, 0, 1, 3), (3, 2, 1, 2)):
            values = {layer.extent: K}
            said = zip((layer.stride, layer.padding, layer.dilation), (s, p, d), strict=True)
            values |= {letter: n for letter, n in said if isinstance(letter, str)}
            own = [values[n] if isinstance(n, str) else n
                   for n in (layer.stride, layer.padding, layer.dilation)]  # fmt: skip
            pad = K - 1 if layer.full else own[1]
            least = max(own[0] + own[2] * (K - 1) + 1 - 2 * pad, 2)
            inputs = tuple(least + k * own[0] + rest for k in (1, 0)[: layer.rank])
            if not rest or own[0] > 1:
                found.append(Numbers(layer, values, inputs))
    return tuple(found)


RIGHT, DIVIDING, WRONG = "right", "right where the stride divides", "wrong"


def truth(statement: Statement, layer: Layer, ahead: Statement) -> str:
    """Return what plain loops say of a statement about a layer.

    A document's "conv" is what its forward formula does.  Where that is said by the word alone, it
    may turn the filter or not, but in all statements alike; beside a "corr" it may turn it, too.
    Operators say no first index.
    """
    ways = [(layer, layer.flipped)]
    if isinstance(ahead, OperatorStatement):
        ways = [(replace(layer, base=base), False) for base in (0, 1)]
        if _words(ahead.tree) == {"conv"}:
            ways += [(replace(meant, flipped=not layer.flipped), True) for meant, _ in ways]
        else:
            ways += [(meant, True) for meant, _ in ways]
    found = [_truth(statement, meant, turning) for meant, turning in ways]
    return min(found, key=(RIGHT, DIVIDING, WRONG).index)


def _words(tree: Tree) -> set[str]:
    own = {tree.name} & {"conv", "corr"}
    return own.union(*map(_words, tree.operands))


def _truth(statement: Statement, layer: Layer, turning: bool) -> str:
    whole = True
    for numbers in examples(layer):
        if holds(statement, numbers, turning):
            continue
        whole = False
        if not numbers.remainder:
            return WRONG
    return RIGHT if whole else DIVIDING


# -------------------------------------------------------------------------------- slips


def slips(layer: Layer) -> Iterator[tuple[str, Callable[[Layer], Statement | None], Layer]]:
    """Yield what may go wrong in a gradient: another layer's formula in the place of this one's."""
    for make in (of_filter, of_input, of_input_by_filter, of_filter_operator, of_input_operator):
        if layer.stride != 1:
            yield "missing stride", make, replace(layer, stride=1)
        if layer.padding != 0:
            yield "missing padding", make, replace(layer, padding=0)
        if layer.dilation != 1:
            yield "missing dilation", make, replace(layer, dilation=1)
        if layer.flipped:
            yield "missing flip", make, replace(layer, flipped=False, full=False)
        elif layer.base == 0:
            yield "a flip too many", make, replace(layer, flipped=True)
        if make in (of_filter, of_input, of_input_by_filter):
            yield "other base", make, replace(layer, base=1 - layer.base)


def moved(statement: Statement) -> Statement | None:
    """Return a statement that is off by one."""
    if isinstance(statement, IndexStatement):
        *rest, last = statement.factors
        at = (*last.at[:-1], last.at[-1] + 1)
        if any(len(part.terms) > 1 for part in last.at):
            return replace(statement, factors=(*rest, replace(last, at=at)))
        first = statement.factors[0]
        at = (*first.at[:-1], first.at[-1] + 1)
        return replace(statement, factors=(replace(first, at=at), *statement.factors[1:]))
    return replace(statement, tree=_first(statement.tree, "pad", lambda t: replace(
        t, amounts=(t.amounts[0] + 1,))))  # fmt: skip


def exchanged(statement: Statement) -> Statement | None:
    """Return a statement with its operands exchanged."""
    if isinstance(statement, OperatorStatement):
        return replace(statement, tree=_first(statement.tree, "corr", lambda t: replace(
            t, operands=t.operands[::-1])))  # fmt: skip
    if statement.target.labels:
        return None
    a, b = statement.factors
    factors = (replace(a, at=b.at), replace(b, at=a.at))
    return replace(statement, factors=factors)


def one_axis(statement: Statement) -> Statement | None:
    """Return a statement that forgets on one axis what the other has."""
    if isinstance(statement, OperatorStatement) or len(statement.target.at) < AXES:
        return None
    for k, factor in enumerate(statement.factors):
        first, second = factor.at
        if len(first.terms) > 1 and any(n != 1 or len(f) > 1 for n, f in second.terms):
            plain = Index(tuple((1, f[-1:]) for n, f in second.terms if n > 0 and f))
            factors = list(statement.factors)
            factors[k] = replace(factor, at=(first, plain))
            return replace(statement, factors=tuple(factors))
    return None


def unturned(statement: Statement) -> Statement | None:
    """Return an operator formula without its rotation, or with one more."""
    if isinstance(statement, IndexStatement):
        return None
    tree = statement.tree
    a, b = tree.operands if tree.name == "corr" else (None, None)
    if a is None or b is None:
        return replace(statement, tree=tree.operands[0])
    return replace(statement, tree=replace(tree, operands=(a, turned(b))))


def _first(tree: Tree, name: str, change: Callable[[Tree], Tree]) -> Tree:
    if tree.name == name:
        return change(tree)
    done, operands = False, []
    for operand in tree.operands:
        new = operand if done else _first(operand, name, change)
        done = done or new != operand
        operands.append(new)
    return replace(tree, operands=tuple(operands))


def worded(statement: Statement, word: str) -> Statement:
    """Return an operator formula with another word for what slides."""
    if isinstance(statement, IndexStatement):
        return statement

    def said(tree: Tree) -> Tree:
        name = word if tree.name == "corr" else tree.name
        return replace(tree, name=name, operands=tuple(map(said, tree.operands)))

    return replace(statement, tree=said(statement.tree))


# ---------------------------------------------------------------------------- documents


@dataclass(frozen=True)
class Line:
    """One statement of a document, with what the loops say of it."""

    text: str
    truth: str
    what: str


@dataclass(frozen=True)
class Notes:
    """A document: a forward formula, and gradients behind it."""

    layer: Layer
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return "".join(f"{'Then' if k else 'With'}\n\n$$ {line.text} $$\n\n"
                       for k, line in enumerate(self.lines))  # fmt: skip


NAMES = [("X", "W", "Y"), ("G", "C", "P"), ("x", "w", "y"), ("V", "K", "Z"), ("a", "w", "z"),
         ("I", "K", "S"), ("x", "h", "y"), ("U", "Q", "T")]  # fmt: skip
LETTERS = [("ij", "mn", "ab"), ("ij", "ab", "mn"), ("ab", "rt", "mn"), ("pq", "rs", "mn"),
           ("tu", "kl", "mn"), ("xy", "ij", "ab")]  # fmt: skip


def layers(rng: random.Random) -> Layer:
    """Return a layer at random, as somebody might write it."""
    rank = rng.choice((1, 2))
    flipped = rng.random() < 0.2
    full = flipped and rng.random() < 0.5
    stride = 1 if full else rng.choice((1, 1, 1, "s", "u", "v", "q", "D", r"\sigma", 2, 3))
    padding = 0 if flipped else rng.choice((0, 0, 0, "p", "z", r"\pi", 1))
    dilation = 1 if flipped else rng.choice((1, 1, 1, 1, "d", "e", r"\lambda", 2))
    base = rng.choice((0, 0, 0, 1)) if not flipped else 0
    while True:
        names, letters = rng.choice(NAMES), rng.choice(LETTERS)
        extent = rng.choice("KRk")
        used = {*names, *(c for group in letters for c in group), *(s for s in (
            stride, padding, dilation) if isinstance(s, str)), extent}  # fmt: skip
        count = 3 + sum(map(len, letters)) + sum(
            isinstance(s, str) for s in (stride, padding, dilation)) + 1  # fmt: skip
        beside = "R" in used and "s" in letters[1]  # whose R is not also S
        if len(used) == count and not {"c", "f"} & used and not beside:
            break
    channels = rng.random() < 0.15
    limits = base == 1 or rng.random() < 0.6
    return Layer(rank, stride, padding, dilation, flipped, full, base, channels, limits, extent,
                 names, letters, rng.choice("LEJ"))  # fmt: skip


def makers(layer: Layer) -> list[Callable[[Layer], Statement | None]]:
    """Return what makes the gradients of a layer; operators have no channels."""
    found: list[Callable[[Layer], Statement | None]] = [of_filter, of_input, of_input_by_filter]
    return found if layer.channels else [*found, of_filter_operator, of_input_operator]


def notes(seed: int) -> Notes:
    """Return a document with its truth, the same one for the same seed."""
    rng = random.Random(seed)
    layer = layers(rng)
    ahead: Statement = forward(layer)
    if not layer.channels and rng.random() < 0.3:
        ahead = worded(forward_operator(layer), rng.choice(("corr", "conv")))
    lines = [Line(shown(ahead, layer), RIGHT, "forward")]
    most = rng.choice((1, 1, 2))
    for make in rng.sample(makers(layer), len(makers(layer))):
        right = make(layer)
        if len(lines) > most or right is None:
            continue
        statement, what = right, "right"
        if rng.random() < 0.6:
            made = [(name, found) for name, maker, other in slips(layer)
                    if maker is make and (found := maker(other)) is not None]  # fmt: skip
            made += [(name, found) for name, change in (
                ("off by one", moved), ("operands exchanged", exchanged), ("one axis", one_axis),
                ("turned", unturned)) if (found := change(right)) is not None]  # fmt: skip
            what, statement = rng.choice(made)
        if isinstance(statement, OperatorStatement):
            statement = worded(statement, rng.choice(("conv", "corr")))
        lines.append(Line(shown(statement, layer), truth(statement, layer, ahead), what))
    return Notes(layer, tuple(lines))
