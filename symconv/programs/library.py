"""The functions of numpy and Python that are read, each by what it says of sizes and elements.

Each takes exactly the arguments that are listed; what is not listed is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from symconv.formula.sizes import Name, Size
from symconv.programs import operations, rounding
from symconv.programs.arrays import Memory, View
from symconv.programs.indexing import is_integer
from symconv.programs.parameters import (
    MISSING,
    Parameters,
    array_of,
    axes_of,
    check_real,
    shape_of,
)
from symconv.programs.reshaping import reshaped, shared
from symconv.programs.values import (
    RowsValue,
    StrideValue,
    TypeValue,
    UnknownValue,
    Value,
)


def _zeros(memory: Memory, a: Parameters) -> Value:
    check_real(memory, a["dtype"])
    shape = shape_of(memory, a["shape"])
    if not shape:
        raise memory.refuse("an array without axes")
    return memory.allocated(shape)


def _empty(memory: Memory, a: Parameters) -> Value:
    check_real(memory, a["dtype"])
    return memory.allocated(shape_of(memory, a["shape"]), unwritten=True)


def _full(memory: Memory, a: Parameters) -> Value:
    check_real(memory, a["dtype"])
    if a["dtype"] is None and not isinstance(a["fill_value"], Fraction):
        raise memory.refuse("np.full makes integers of an integer")
    made = memory.allocated(shape_of(memory, a["shape"]))
    return operations.added(memory, made, array_of(memory, a["fill_value"]))


def _ones(memory: Memory, a: Parameters) -> Value:
    return _full(memory, {**a, "fill_value": Fraction(1)})


def _zeros_like(memory: Memory, a: Parameters) -> Value:
    check_real(memory, a["dtype"])
    if isinstance(a["a"], UnknownValue) and a["a"].shape is not None:
        return memory.allocated(a["a"].shape)
    return memory.allocated(array_of(memory, a["a"]).shape)


def _empty_like(memory: Memory, a: Parameters) -> Value:
    check_real(memory, a["dtype"])
    return memory.allocated(array_of(memory, a["a"]).shape, unwritten=True)


def _copy(memory: Memory, a: Parameters) -> Value:
    check_real(memory, a["dtype"])
    of = array_of(memory, a["a"])
    if not isinstance(a["a"], View) or not of.ndim:
        raise memory.refuse("an array is made of numbers")
    return operations.copied(memory, of)


def _same(memory: Memory, a: Parameters) -> Value:
    """An array that may be the same memory or a copy of it."""
    check_real(memory, a["dtype"])
    if not isinstance(a["a"], View):
        raise memory.refuse("an array is made of numbers")
    return shared(a["a"])


def _pad(memory: Memory, a: Parameters) -> Value:
    if a["mode"] != "constant" or _constant(a["constant_values"]) != 0:
        raise memory.refuse("np.pad with something else than zeros")
    of = array_of(memory, a["array"])
    widths = a["pad_width"]
    if is_integer(widths):
        widths = (widths,)
    if not isinstance(widths, (tuple, list)):
        raise memory.refuse("the amounts of np.pad are no tuple")
    pairs: list[tuple[Size, Size]] = []
    flat = all(map(is_integer, widths))
    for entry in (widths,) if flat else widths:
        amounts = (entry,) if is_integer(entry) else entry
        if not isinstance(amounts, (tuple, list)) or not all(map(is_integer, amounts)):
            raise memory.refuse("the amounts of np.pad are no pairs of integers")
        if len(amounts) not in (1, 2):
            raise memory.refuse("the amounts of np.pad are no pairs of integers")
        pairs.append((amounts[0], amounts[-1]))
    if len(pairs) == 1:
        pairs *= of.ndim
    if len(pairs) != of.ndim:
        raise memory.refuse("np.pad is given another number of pairs than there are axes")
    return operations.padded(memory, of, pairs)


def _constant(value: Value) -> Value:
    while isinstance(value, (tuple, list)) and value:
        if any(entry != value[0] for entry in value):
            return None
        value = value[0]
    return value


def _sum(memory: Memory, a: Parameters) -> Value:
    check_real(memory, a["dtype"])
    if a["out"] is not None:
        raise memory.refuse("a sum that is put into another array")
    of = array_of(memory, a["a"])
    axes = None if a["axis"] is None else axes_of(memory, a["axis"], of.ndim)
    return operations.summed(memory, of, axes, _flag(memory, a["keepdims"]))


def _flag(memory: Memory, value: Value) -> bool:
    if not isinstance(value, bool):
        raise memory.refuse("a switch is neither True nor False")
    return value


def _multiply(memory: Memory, a: Parameters) -> Value:
    return operations.multiplied(memory, array_of(memory, a["x1"]), array_of(memory, a["x2"]))


def _add(memory: Memory, a: Parameters) -> Value:
    return operations.added(memory, array_of(memory, a["x1"]), array_of(memory, a["x2"]))


def dot(memory: Memory, a: Parameters) -> Value:
    """Return np.dot: over the last axis of the first and the second to last of the second."""
    left, right = array_of(memory, a["a"]), array_of(memory, a["b"])
    if not left.ndim or not right.ndim:
        return operations.multiplied(memory, left, right)
    first = [f"a{n}" for n in range(left.ndim)]
    second = [f"b{n}" for n in range(right.ndim)]
    second[max(right.ndim - 2, 0)] = first[-1]
    return _contracted(memory, left, first, right, second)


def matmul(memory: Memory, a: Parameters) -> Value:
    """Return a @ b: over the last axis of the first and the second to last of the second."""
    left, right = array_of(memory, a["a"]), array_of(memory, a["b"])
    if left.ndim < 2 or right.ndim < 2:
        if not left.ndim or not right.ndim:
            raise memory.refuse("a matrix product with a number")
        return dot(memory, {"a": left, "b": right})
    first = [f"s{n}" for n in range(left.ndim, 2, -1)] + ["row", "sum"]
    second = [f"s{n}" for n in range(right.ndim, 2, -1)] + ["sum", "column"]
    stack = max(first[:-2], second[:-2], key=len)
    operations.check_same(memory, left.shape[-1], right.shape[-2])
    pairs = [(left, first), (right, second)]
    return operations.contracted(memory, pairs, [*stack, "row", "column"])


def _contracted(
    memory: Memory, left: View, first: list[str], right: View, second: list[str]
) -> View:
    shared_labels = {*first} & {*second}
    for label in shared_labels:  # these raise where extents differ, even where one of them is 1
        extents = left.shape[first.index(label)], right.shape[second.index(label)]
        if not memory.knowledge.same(*extents):
            raise memory.refuse("a product over axes whose extents are not seen to be equal")
    output = [label for label in (*first, *second) if label not in shared_labels]
    return operations.contracted(memory, [(left, first), (right, second)], output)


def _tensordot(memory: Memory, a: Parameters) -> Value:
    left, right = array_of(memory, a["a"]), array_of(memory, a["b"])
    axes = a["axes"]
    if type(axes) is int and 0 <= axes <= min(left.ndim, right.ndim):
        pairs = [*range(left.ndim - axes, left.ndim)], [*range(axes)]
    elif isinstance(axes, (tuple, list)) and len(axes) == 2:
        pairs = axes_of(memory, axes[0], left.ndim), axes_of(memory, axes[1], right.ndim)
    else:
        raise memory.refuse("the axes of tensordot are neither a number nor two lists")
    if len(pairs[0]) != len(pairs[1]):
        raise memory.refuse("tensordot is given two lists of axes of different lengths")
    first = [f"a{n}" for n in range(left.ndim)]
    second = [f"b{n}" for n in range(right.ndim)]
    for one, other in zip(*pairs, strict=True):
        second[other] = first[one]
    return _contracted(memory, left, first, right, second)


def _einsum(memory: Memory, a: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
    if keywords.keys() - {"optimize"} or not a or not isinstance(a[0], str):
        raise memory.refuse("einsum is read with a string of subscripts and arrays alone")
    operands = [array_of(memory, value) for value in a[1:]]
    inputs, arrow, output = a[0].replace(" ", "").partition("->")
    labels = inputs.split(",")
    letters = inputs.replace(",", "") + output
    if not letters.isalpha() or len(labels) != len(operands) or len({*output}) < len(output):
        raise memory.refuse("einsum is read with letters alone, one list for each array")
    if not arrow:
        every = "".join(labels)
        output = "".join(sorted(letter for letter in {*every} if every.count(letter) == 1))
    for word, operand in zip(labels, operands, strict=True):
        if len(word) != operand.ndim or not {*output} <= {*inputs}:
            raise memory.refuse("einsum is given other letters than its arrays have axes")
    if len(operands) == 1 and len({*inputs}) < len(inputs):
        raise memory.refuse("einsum of the diagonal of one array, which may share its memory")
    if len(operands) == 1 and sorted(inputs) == sorted(output):  # the same memory
        return operations.transposed(memory, operands[0], [inputs.index(n) for n in output])
    return operations.contracted(memory, list(zip(operands, labels, strict=True)), output)


def _windows(memory: Memory, a: Parameters) -> Value:
    of = array_of(memory, a["x"])
    extents = shape_of(memory, a["window_shape"])
    axes = [*range(of.ndim)] if a["axis"] is None else axes_of(memory, a["axis"], of.ndim)
    if len(axes) != len(extents):
        raise memory.refuse("a window has another number of axes than are named")
    return operations.windows(memory, of, extents, axes)


def _as_strided(memory: Memory, a: Parameters) -> Value:
    of = array_of(memory, a["x"])
    steps = a["strides"]
    if not isinstance(steps, (tuple, list)):
        raise memory.refuse("the strides of as_strided are no tuple")
    along = [(s.axis, s.factor) for s in steps if isinstance(s, StrideValue) and s.of is of]
    if len(along) < len(steps):
        raise memory.refuse("as_strided is read with multiples of the strides of its own array")
    return operations.strided(memory, of, shape_of(memory, a["shape"]), along)


def _flip(memory: Memory, a: Parameters) -> Value:
    of = array_of(memory, a["m"])
    axes = [*range(of.ndim)] if a["axis"] is None else axes_of(memory, a["axis"], of.ndim)
    return operations.flipped(memory, of, axes)


def _rot90(memory: Memory, a: Parameters) -> Value:
    of = array_of(memory, a["m"])
    axes = axes_of(memory, a["axes"], of.ndim)
    if a["k"] != 2 or len(axes) != 2:
        raise memory.refuse("rot90 is read by half a turn alone")
    return operations.flipped(memory, of, axes)


def transpose(memory: Memory, a: Parameters) -> Value:
    """Return an array with its axes in another order."""
    of = array_of(memory, a["a"])
    axes = [*range(of.ndim)][::-1] if a["axes"] is None else axes_of(memory, a["axes"], of.ndim)
    return operations.transposed(memory, of, axes)


def _swapaxes(memory: Memory, a: Parameters) -> Value:
    of = array_of(memory, a["a"])
    axes = [*range(of.ndim)]
    one, other = axes_of(memory, [a["axis1"], a["axis2"]], of.ndim)
    axes[one], axes[other] = axes[other], axes[one]
    return operations.transposed(memory, of, axes)


def _moveaxis(memory: Memory, a: Parameters) -> Value:
    of = array_of(memory, a["a"])
    sources = axes_of(memory, a["source"], of.ndim)
    targets = axes_of(memory, a["destination"], of.ndim)
    if len(sources) != len(targets):
        raise memory.refuse("moveaxis is given two lists of different lengths")
    order = [axis for axis in range(of.ndim) if axis not in sources]
    for target, source in sorted(zip(targets, sources, strict=True)):
        order.insert(target, source)
    return operations.transposed(memory, of, order)


def _expand_dims(memory: Memory, a: Parameters) -> Value:
    of = array_of(memory, a["a"])
    count = len(a["axis"]) if isinstance(a["axis"], (tuple, list)) else 1
    new = axes_of(memory, a["axis"], of.ndim + count)
    shape, radix = list(of.shape), list(of.radix)
    for axis in sorted(new):
        shape.insert(axis, 1)
        radix.insert(axis, None)
    indices = memory.indices(shape)
    at = [Name(name) for axis, name in enumerate(indices) if axis not in new]
    return memory.view(of, shape, indices, at, radix)


def _squeeze(memory: Memory, a: Parameters) -> Value:
    of = array_of(memory, a["a"])
    if a["axis"] is None:
        raise memory.refuse("squeeze is read with the axes that it takes away")
    gone = axes_of(memory, a["axis"], of.ndim)
    if any(not memory.knowledge.same(of.shape[axis], 1) for axis in gone):
        raise memory.refuse("squeeze takes away an axis that is not seen to be 1")
    kept = [axis for axis in range(of.ndim) if axis not in gone]
    indices = memory.indices([of.shape[axis] for axis in kept])
    at: list[Size] = [0] * of.ndim
    for axis, name in zip(kept, indices, strict=True):
        at[axis] = Name(name)
    shape = [of.shape[axis] for axis in kept]
    return memory.view(of, shape, indices, at, [of.radix[axis] for axis in kept])


def _reshape(memory: Memory, a: Parameters) -> Value:
    return reshaped(memory, array_of(memory, a["a"]), shape_of(memory, a["newshape"]))


def _length(memory: Memory, a: Parameters) -> Value:
    match a["obj"]:
        case View() as of if of.ndim:
            return of.shape[0]
        case tuple() | list() | dict() | str() as of:
            return len(of)
    raise memory.refuse("the length of something else than an array or a tuple")


def _shape(memory: Memory, a: Parameters) -> Value:
    return array_of(memory, a["a"]).shape


def _result_type(memory: Memory, a: Parameters) -> Value:
    for value in a.values():
        if not isinstance(value, View) and value is not None:
            check_real(memory, value)
    return TypeValue("float64")


def _ndindex(memory: Memory, a: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
    extents = a[0] if len(a) == 1 and isinstance(a[0], (tuple, list)) else a
    if keywords or not extents or not all(map(is_integer, extents)):
        raise memory.refuse("np.ndindex of something else than integers")
    return RowsValue(shape_of(memory, tuple(extents)), tuple)


def _unknown(name: str) -> Callable[..., Value]:
    def unknown(memory: Memory, a: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        shape: tuple[Size, ...] | None = None
        given = keywords.get("size", a)
        if name.endswith(("randn", "rand")):
            given = a
        elif "size" not in keywords:
            given = a[-1] if a and isinstance(a[-1], tuple) else None
        if isinstance(given, (tuple, list)) and given and all(map(is_integer, given)):
            shape = tuple(given)
        elif given is not None and is_integer(given):
            shape = (given,)
        return UnknownValue(f"a value of {name} is read", shape)

    return unknown


_LIKE = {"a": MISSING, "dtype": None}
_MADE = {"shape": MISSING, "dtype": None}

FUNCTIONS: dict[str, tuple[Mapping[str, Any], Callable[[Memory, Parameters], Value]]] = {
    "numpy.zeros": (_MADE, _zeros),
    "numpy.empty": (_MADE, _empty),
    "numpy.ones": (_MADE, _ones),
    "numpy.full": ({"shape": MISSING, "fill_value": MISSING, "dtype": None}, _full),
    "numpy.zeros_like": (_LIKE, _zeros_like),
    "numpy.empty_like": (_LIKE, _empty_like),
    "numpy.copy": (_LIKE, _copy),
    "numpy.array": (_LIKE, _copy),
    "numpy.asarray": (_LIKE, _same),
    "numpy.ascontiguousarray": (_LIKE, _same),
    "numpy.pad": (
        {"array": MISSING, "pad_width": MISSING, "mode": "constant", "constant_values": 0},
        _pad,
    ),
    "numpy.sum": (
        {"a": MISSING, "axis": None, "dtype": None, "out": None, "keepdims": False},
        _sum,
    ),
    "numpy.multiply": ({"x1": MISSING, "x2": MISSING}, _multiply),
    "numpy.add": ({"x1": MISSING, "x2": MISSING}, _add),
    "numpy.dot": ({"a": MISSING, "b": MISSING}, dot),
    "numpy.matmul": ({"a": MISSING, "b": MISSING}, matmul),
    "numpy.tensordot": ({"a": MISSING, "b": MISSING, "axes": 2}, _tensordot),
    "numpy.lib.stride_tricks.sliding_window_view": (
        {"x": MISSING, "window_shape": MISSING, "axis": None},
        _windows,
    ),
    "numpy.lib.stride_tricks.as_strided": (
        {"x": MISSING, "shape": MISSING, "strides": MISSING, "subok": False, "writeable": True},
        _as_strided,
    ),
    "numpy.flip": ({"m": MISSING, "axis": None}, _flip),
    "numpy.flipud": ({"m": MISSING, "axis": 0}, _flip),
    "numpy.fliplr": ({"m": MISSING, "axis": 1}, _flip),
    "numpy.rot90": ({"m": MISSING, "k": 1, "axes": (0, 1)}, _rot90),
    "numpy.transpose": ({"a": MISSING, "axes": None}, transpose),
    "numpy.swapaxes": ({"a": MISSING, "axis1": MISSING, "axis2": MISSING}, _swapaxes),
    "numpy.moveaxis": ({"a": MISSING, "source": MISSING, "destination": MISSING}, _moveaxis),
    "numpy.expand_dims": ({"a": MISSING, "axis": MISSING}, _expand_dims),
    "numpy.squeeze": ({"a": MISSING, "axis": None}, _squeeze),
    "numpy.reshape": ({"a": MISSING, "newshape": MISSING}, _reshape),
    "numpy.floor": ({"x": MISSING}, lambda m, a: rounding.whole(m, a, rounding.floored)),
    "numpy.ceil": ({"x": MISSING}, lambda m, a: rounding.whole(m, a, rounding.raised)),
    "math.floor": ({"x": MISSING}, rounding.floored),
    "math.ceil": ({"x": MISSING}, rounding.raised),
    "math.prod": ({"a": MISSING}, rounding.product),
    "numpy.prod": ({"a": MISSING}, rounding.product),
    "numpy.shape": ({"a": MISSING}, _shape),
    "numpy.result_type": ({"x": MISSING, "y": None}, _result_type),
    "len": ({"obj": MISSING}, _length),
    "int": ({"x": MISSING}, rounding.truncated),
    "divmod": ({"x": MISSING, "y": MISSING}, rounding.quotient_and_rest),
}
"""The functions with fixed arguments: names, defaults, and what they give."""


LISTS: dict[str, Callable[[Memory, Sequence[Value], Mapping[str, Value]], Value]] = {
    "numpy.einsum": _einsum,
    "numpy.ndindex": _ndindex,
    "min": lambda m, a, k: rounding.extreme(m, [*a, *k.values()], greatest=False),
    "max": lambda m, a, k: rounding.extreme(m, [*a, *k.values()], greatest=True),
    **{
        f"numpy.random.{name}": _unknown(f"np.random.{name}")
        for name in ("randn", "rand", "normal", "uniform", "standard_normal", "random")
    },
}
"""The functions that take any number of arguments."""

METHODS: dict[str, str] = {
    "sum": "numpy.sum",
    "dot": "numpy.dot",
    "copy": "numpy.copy",
    "squeeze": "numpy.squeeze",
    "swapaxes": "numpy.swapaxes",
}
"""The methods of arrays that are functions of numpy as well."""
