r"""What operators suppose: Y = \text{conv}(X, W, \text{stride}=s), or two gradients without it.

A word or a sign may mean a correlation or a convolution, so each makes a hypothesis of its own.
Where no forward formula stands, gradients show which tensor is which, if they are right for one
assignment alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from symconv.documents.formulas.layers import layer_of
from symconv.documents.formulas.letters import STRIDE, meaning
from symconv.documents.formulas.stated import StatedFormula
from symconv.documents.hypothesis.hypotheses import Hypothesis, SlotAxis
from symconv.documents.hypothesis.meeting import Meeting
from symconv.documents.hypothesis.operator_gradients import judged_operator
from symconv.documents.hypothesis.rows import EXTENTS, FILTER, INPUT, OUTPUT, TARGET
from symconv.documents.hypothesis.slides import SlideReader, SlideReading, tensor_of
from symconv.documents.mathematics.syntax import (
    Call,
    Derivative,
    Expression,
    Power,
    Symbol,
    UnreadableError,
    WrittenProduct,
    WrittenSum,
)
from symconv.documents.mathematics.walk import children
from symconv.documents.notation.names import conventional, is_bias_name
from symconv.documents.operators.formula import is_keyword
from symconv.documents.source.place import Place
from symconv.documents.verdicts.verdict import AGREE
from symconv.polynomial import ONE, ZERO, Polynomial

_MOST = 60
"""So many gradients without a forward formula are tried together."""


def operator_forwards(
    formula: StatedFormula, own: Mapping[str, str]
) -> Iterator[tuple[SlideReading, Hypothesis]]:
    """Yield what an operator formula of the output supposes, for each meaning of its sign."""
    left, right = formula.sides[0], without_bias(formula.sides[1])
    try:
        output, gradient = tensor_of(left, own)
        found = [tensor_of(leaf, own) for leaf in leaves(right)]
        if gradient or len(found) != 2 or any(of for _, of in found):
            return
        (source, _), (filter_, _) = found
        if len({output, source, filter_}) != 3:
            return
        turned = isinstance(right, WrittenProduct) and _filter_first(left, *leaves(right))
        if turned:
            source, filter_ = filter_, source
        reader = SlideReader({source: INPUT, filter_: FILTER}, own, _size)
        readings = list(reader.readings(right))
    except UnreadableError:
        return
    for reading in readings:
        axis = _axis(reading, (source, filter_, output))
        if axis is not None and not reading.full and reading.swapped == turned:
            yield reading, _hypothesis((source, filter_, output), axis, formula.place)


def without_bias(right: Expression) -> Expression:
    """Return an operator formula without the bias that it adds, W * A + b."""
    match right:
        case WrittenSum(((1, slide), (1, Symbol(name, None)))) if is_bias_name(name):
            return slide
    return right


def _filter_first(output: Expression, first: Expression, second: Expression) -> bool:
    """Whether W * A slides the first tensor over the second, as layers or usual letters say."""
    names = [one.name for one in (output, first, second) if isinstance(one, Symbol)]
    if len(names) < 3:
        return False
    above, one, other = map(layer_of, names)
    if above is not None and above in (one, other) and one != other:
        return one == above
    return conventional(names[1]) == "F" or conventional(names[2]) == "X"


def _size(letter: str) -> Polynomial:
    """Return a letter of a keyword or of a padding: it stands for itself."""
    return Polynomial.name(letter)


def leaves(tree: Expression) -> Iterator[Expression]:
    """Yield the tensors in an operator formula, amounts and keywords left out."""
    match tree:
        case Symbol() | Derivative():
            yield tree
        case Call(_, (first, *rest)):
            tensors = [one for one in rest if not is_keyword(one)]
            slides = "conv" in tree.name.lower() or "corr" in tree.name.lower()
            for one in (first, *(tensors if slides else ())):
                yield from leaves(one)
        case WrittenProduct((Symbol(name), Symbol()), ("",)) if name.startswith("\\"):
            yield tree
        case WrittenProduct(factors, signs) if factors and not any(signs):
            yield tree
        case WrittenProduct(factors, signs):
            k = next(k for k, sign in enumerate(signs) if sign)
            for own, between in (
                (factors[: k + 1], signs[:k]), (factors[k + 1 :], signs[k + 1 :])
            ):  # fmt: skip
                yield from leaves(
                    own[0] if len(own) == 1 else WrittenProduct(own, between, tree.place)
                )
        case Power(base):
            yield from leaves(base)
        case _:
            for child in children(tree):
                yield from leaves(child)


def _axis(reading: SlideReading, names: tuple[str, str, str]) -> SlotAxis | None:
    equation = reading.met.equation.substitute({TARGET: Polynomial.name(OUTPUT)})
    x, f, y = (equation.coefficient_of(part) for part in (INPUT, FILTER, OUTPUT))
    if x != ONE or f is None or y is None:
        return None
    rest = equation.substitute({INPUT: ZERO, FILTER: ZERO, OUTPUT: ZERO})
    flipped = all(n > 0 for n in f.terms.values())
    slots = (f"{names[0]}.0", f"{names[1]}.0", f"{names[2]}.0")
    return SlotAxis(slots, -y, f if flipped else -f, rest, flipped)


def _hypothesis(names: tuple[str, str, str], axis: SlotAxis, place: Place) -> Hypothesis:
    x, f, y = map(Polynomial.name, axis.slots)
    apart = axis.dilation * f
    equation = x - axis.stride * y - (-apart if axis.flipped else apart) + axis.low
    met = Meeting.of(dict.fromkeys(names, 1), [equation])
    return Hypothesis(*names, met, (axis,), None, {}, place, shown=False)


def shown_by_gradients(
    formulas: Sequence[StatedFormula], own: Mapping[str, str]
) -> Iterator[Hypothesis]:
    """Yield what gradients with operators suppose, where they are all right in one way alone."""
    groups: dict[frozenset[str], list[tuple[StatedFormula, str, str, str]]] = {}
    for formula in formulas:
        if (named := _named(formula, own)) is not None:
            groups.setdefault(frozenset(named), []).append((formula, *named))
    for group in groups.values():
        if len(group) > _MOST or len({output for *_, output in group}) != 1:
            continue
        targets = {target for _, target, _, _ in group}
        rights = [formula.sides[1] for formula, *_ in group]
        first, target, other, output = group[0]
        strides = [ONE, *(Polynomial.name(letter) for letter in _strides(*rights))]
        found: dict[tuple[str, str], list[Hypothesis]] = {}
        for (source, filter_), stride, flipped in product(
            ((target, other), (other, target)), strides, (False, True)
        ):
            axis = _plain_axis((source, filter_, output), stride, flipped)
            here = _hypothesis((source, filter_, output), axis, first.place)
            if all(_agrees(formula, here, own) for formula, *_ in group):
                found.setdefault((source, filter_), []).append(here)
        if len(found) == 1 and (len(targets) == 2 or len(strides) > 1):
            yield from next(iter(found.values()))


def is_right_with_a_flipped_filter(formula: StatedFormula, own: Mapping[str, str]) -> bool:
    """Whether a gradient alone is right if the forward pass is a true convolution."""
    named = _named(formula, own)
    if named is None:
        return False
    target, other, output = named
    source, filter_ = (other, target) if conventional(target) == "F" else (target, other)
    axis = _plain_axis((source, filter_, output), ONE, flipped=True)
    return _agrees(formula, _hypothesis((source, filter_, output), axis, formula.place), own)


def _plain_axis(names: tuple[str, str, str], stride: Polynomial, flipped: bool) -> SlotAxis:
    """Return an axis without padding and dilation."""
    low = -(EXTENTS[FILTER] - 1) if flipped else ZERO
    x, f, y = (f"{name}.0" for name in names)
    return SlotAxis((x, f, y), stride, ONE, low, flipped)


def _agrees(formula: StatedFormula, here: Hypothesis, own: Mapping[str, str]) -> bool:
    left, right = formula.sides[:2]
    found = judged_operator(left, right, here, own, formula.place, "")
    return found is not None and found.verdict == AGREE


def _named(formula: StatedFormula, own: Mapping[str, str]) -> tuple[str, str, str] | None:
    """Return the tensor of a gradient, what it is made of, and the output."""
    left, *rights = formula.sides
    if len(rights) != 1:
        return None
    try:
        target, gradient = tensor_of(left, own)
        found = [tensor_of(leaf, own) for leaf in leaves(rights[0])]
    except UnreadableError:
        return None
    values = [name for name, of in found if not of]
    outputs = [name for name, of in found if of]
    if not gradient or len(values) != 1 or len(outputs) != 1:
        return None
    names = target, values[0], outputs[0]
    return names if len({*names}) == 3 else None


def with_strides(here: Hypothesis, right: Expression) -> Iterator[tuple[str, Hypothesis]]:
    """Yield what operators leave open with each letter of a formula that may be its stride."""
    (axis, *others) = here.axes
    if here.shown or others or axis.stride != ONE:
        return
    for letter in _strides(right):
        freed = replace(axis, stride=Polynomial.name(letter))
        yield letter, _hypothesis((here.input, here.filter, here.output), freed, here.place)


def _strides(*formulas: Expression) -> list[str]:
    """Return the letters that may stand for the stride in gradients."""
    found = {
        symbol.name
        for right in formulas
        for symbol in _amounts(right)
        if (known := meaning(symbol.name)) is not None and known.family == STRIDE
    }
    return sorted(found)


def _amounts(tree: Expression) -> Iterator[Symbol]:
    """Yield the letters of keywords and amounts."""
    match tree:
        case Call(_, (first, *rest)):
            for one in (first, *rest) if is_keyword(tree) else rest:
                yield from (node for node in _symbols(one))
            yield from _amounts(first)
        case _:
            for child in children(tree):
                yield from _amounts(child)


def _symbols(tree: Expression) -> Iterator[Symbol]:
    if isinstance(tree, Symbol):
        yield tree
    for child in children(tree):
        yield from _symbols(child)
