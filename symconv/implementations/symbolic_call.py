"""The calls of an implementation with letters for sizes, and arrays named X, F, b and dY.

What its functions are called with is what `symconv.implementations.calls` calls them with.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from symconv.formula.sizes import Name, Size, minus, plus, times
from symconv.formula.words import RANKS, Role, letters
from symconv.implementations import layouts
from symconv.implementations.binding import CallArgument, CallBinding
from symconv.implementations.interface import Form, Interface
from symconv.implementations.roles import GRADIENTS, ArgumentRole, NamePlace, gradient, roles
from symconv.implementations.sizes import DILATIONS, PADDINGS, SPATIAL, STRIDES, TAPS
from symconv.programs.arrays import Memory, View
from symconv.programs.gradients import UPSTREAM, ReadArray, ReadProgram
from symconv.programs.interpreter import Interpreter
from symconv.programs.knowledge import Knowledge, Paths, SizeComparison
from symconv.programs.refusal import UnreadError
from symconv.programs.reshaping import reshaped
from symconv.programs.terms import collected
from symconv.programs.values import FunctionValue, ObjectValue, UnknownValue, Value
from symconv.proof.search import CertificateSearch

LEAVES = {"dX": "X", "dF": "F", "db": "b"}
"""The array that each gradient is with respect to."""

SPREADS = {rank: letters(Role.INPUT_DILATION, rank=rank) for rank in RANKS}
"""The names of the dilations of the input."""


@dataclass(frozen=True, slots=True)
class WrittenImplementation:
    """Where an implementation stands in its file.

    Attributes:
        text: the file.
        owner: the name of its class, or None.
        forward: name and line of the forward function.
        backwards: names and lines of the backward ones.
    """

    text: str
    owner: str | None
    forward: tuple[str, int]
    backwards: tuple[tuple[str, int], ...]


class FixedSizesError(Exception):
    """A program is made for numbers as extents; ``sizes`` says which."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        super().__init__()
        self.sizes = sizes


class SymbolicCall:
    """The calls of one implementation, with letters for sizes, on one path.

    Attributes:
        memory: its arrays, and what is known of sizes.
        knowledge: what is known of sizes.
    """

    def __init__(
        self,
        binding: CallBinding,
        face: Interface,
        word: str | None,
        supposed: Mapping[str, Size],
        paths: Paths,
        search: CertificateSearch,
    ) -> None:
        """Give every size its letter.

        Args:
            binding: how the implementation is called.
            face: what can be said to it.
            word: what it is told for its padding, or None: numbers.
            supposed: sizes that are not free: what they are.
            paths: which path is read.
            search: remembers certificates.
        """
        self.binding, self.face, self.word = binding, face, word
        self.supposed = supposed
        rank = binding.rank
        self.least: dict[str, int] = {}
        self.letters: dict[str, Size] = {"1": 1}
        groups = self._size("G") if face.groups else 1
        self.letters["N"] = self._size("N") if "N" in binding.x else 1
        channels = self._size("C") if "C" in binding.x else 1
        filters = self._size("K") if "K" in binding.f else 1
        self.groups = groups
        self.channels, self.filters = times(groups, channels), times(groups, filters)
        self.group_channels = channels
        self.input = [self._size(letter) for letter in SPATIAL[rank]]
        taps = TAPS[rank] if face.kernel is not Form.ONE else TAPS[rank][:1] * rank
        self.taps = [self._size(letter) for letter in taps]
        self.stride = self._steps(face.stride, "stride", STRIDES[rank], face.fixed_stride)
        self.dilation = self._steps(face.dilation, "dilation", DILATIONS[rank], 1)
        self.padding = self._amounts()
        self.spread = self._steps(face.input_dilation, "input_dilation", SPREADS[rank], 1)
        facts = list(self._fits())
        self.knowledge = Knowledge(self.least, facts, paths, search)
        self.memory = Memory(self.knowledge)
        self.facts = facts
        self.leaves: dict[str, tuple[Size, ...]] = {}
        self.given: dict[str, View] = {}
        ours_x, ours_f, _ = layouts.OURS[rank]
        x = {
            "N": self.letters["N"],
            "C": self.channels,
            **dict(zip(ours_x[2:], self.input, strict=True)),
        }
        f = {
            "K": self.filters,
            "C": self.group_channels,
            **dict(zip(ours_f[2:], self.taps, strict=True)),
        }
        self._give("x", "X", binding.x, x)
        self._give("f", "F", binding.f, f)
        if binding.passes_bias:
            self._give("b", "b", binding.b, {"K": self.filters})

    def _size(self, name: str, least: int = 1) -> Size:
        if name in self.supposed:
            return self.supposed[name]
        self.least[name] = least
        return Name(name)

    def _steps(self, form: Form, word: str, letters: Sequence[str], fixed: int) -> list[Size]:
        rank = self.binding.rank
        if form is Form.FIXED:
            return [fixed] * rank
        if form is Form.ONE:
            return [self._size(word)] * rank
        return [self._size(letter) for letter in letters]

    def _amounts(self) -> list[tuple[Size, Size]]:
        """Return what is said of the padding."""
        face, rank = self.face, self.binding.rank
        if self.word is not None or face.padding is Form.FIXED:
            fixed = face.fixed_padding if self.word is None else 0
            return [(fixed, fixed)] * rank
        if face.padding is Form.ONE:
            one = self._size("pad", 0)
            return [(one, one)] * rank
        pairs: list[tuple[Size, Size]] = []
        for lo, hi in PADDINGS[rank]:
            before = self._size(lo, 0)
            both = face.padding in (Form.PAIRS, Form.FLAT)
            pairs.append((before, self._size(hi, 0) if both else before))
        return pairs

    def _fits(self) -> Iterator[SizeComparison]:
        """Yield that the filter fits the padded input, unless the padding sees to that."""
        if (self.word or self.face.fixed_name) in ("same", "full"):
            return
        for n, r, d, step, (lo, hi) in zip(
            self.input, self.taps, self.dilation, self.spread, self.padding, strict=True
        ):
            spread = plus(times(step, minus(n, 1)), 1)
            extent = plus(times(d, minus(r, 1)), 1)
            yield SizeComparison(minus(plus(plus(spread, lo), hi), extent))

    def _give(self, role: str, name: str, layout: str, sizes: Mapping[str, Size]) -> None:
        shape = tuple(self.knowledge.tidy(sizes.get(letter, 1)) for letter in layout)
        self.leaves[name] = shape
        self.given[role] = self.memory.given(name, shape)

    # The calls.

    def program(self, run: Interpreter, written: WrittenImplementation) -> ReadProgram:
        """Read forward and backward pass.

        Raises:
            UnreadError: something is not read.
            PathRefusedError: the program raises.
        """
        self.settings: dict[str, ObjectValue] = {}
        self.cache: Value = None
        owner: ObjectValue | None = None
        if written.owner is not None:
            kind = run.module_value(written.owner)
            made = run.called(kind, [], self._arguments(self.binding.constructor))
            if not isinstance(made, ObjectValue):
                raise UnreadError(f"{written.owner} is no class that is read")
            owner = made
            if self.binding.filter_at is not None:
                _put(owner, self.binding.filter_at, self.given["f"])
            if self.binding.bias_at is not None and self.binding.passes_bias:
                _put(owner, self.binding.bias_at, self.given["b"])
        forward = _function(run, owner, written, written.forward)
        y = self._output(run.called(forward, [], self._arguments(self.binding.forward)))
        if not isinstance(y, View) or not y.ndim:
            raise UnreadError("the forward pass gives no array")
        output = self._array(y)
        self.leaves[UPSTREAM] = output.shape
        self.given["dy"] = self.memory.given(UPSTREAM, output.shape)
        found: dict[str, Value] = {}
        for k, each in enumerate(written.backwards):
            function = _function(run, owner, written, each)
            returned = run.called(function, [], self._arguments(self.binding.backwards[k]))
            order = self.binding.order[k] if k < len(self.binding.order) else ()
            for name, value in _gradients(returned, order):
                found.setdefault(name, value)
        if owner is not None:
            for name, value in _attributes(owner):
                found.setdefault(name, value)
        gradients = {}
        for name, value in found.items():
            if isinstance(value, View) and LEAVES[name] in self.leaves:
                gradients[LEAVES[name]] = self._array(self._shaped(name, value))
        return ReadProgram(
            self.leaves,
            self.least,
            (*self.facts, *self.knowledge.assumed),
            self.letters["N"],
            output,
            gradients,
        )

    def _shaped(self, name: str, value: View) -> View:
        """Return a bias gradient with the axes of the bias; axes of one element come and go."""
        wanted = self.leaves[LEAVES[name]]
        if name != "db" or value.ndim == len(wanted):
            return value
        return reshaped(self.memory, value, wanted)

    def _array(self, view: View) -> ReadArray:
        indices = self.memory.indices(view.shape)
        terms = self.memory.element(view, tuple(map(Name, indices)))
        tidied = (term.tidied(self.knowledge.tidy) for term in terms)
        kept = collected(term for term in tidied if not term.impossible)
        return ReadArray(view.shape, indices, tuple(kept))

    def _output(self, returned: Value) -> Value:
        """Return Y, and keep what goes to the backward pass."""
        if isinstance(returned, tuple) and returned:
            y, *rest = returned
            self.cache = rest[0] if len(rest) == 1 else tuple(rest)
            return y
        if isinstance(returned, dict):
            names = [k for k in returned if str(k).lower() in ("y", "z", "out", "output")]
            self.cache = returned
            return returned[names[0]] if names else next(iter(returned.values()))
        return returned

    def _arguments(self, group: tuple[CallArgument, ...]) -> dict[str, Value]:
        named: dict[str, Value] = {}
        for each in group:
            if each.role is None:
                continue
            if each.role is ArgumentRole.CONFIG:
                settings = self.settings.setdefault(each.name, ObjectValue(None))
                for key, role in each.entries:
                    settings.attributes[key] = self._value(role, None)
                named[each.name] = settings
                continue
            if each.role is ArgumentRole.NOTHING and not each.required:
                continue
            if each.role is ArgumentRole.BIAS and not self.binding.passes_bias:
                if each.required:
                    named[each.name] = self.given.get("b")
                continue
            fixed = self.binding.forms.get(each.role) is Form.FIXED
            if each.role in _NOT_SAID and not each.required and fixed:
                continue
            named[each.name] = self._value(each.role, each)
        return named

    def _value(self, role: ArgumentRole, argument: CallArgument | None) -> Value:
        arrays = {
            ArgumentRole.INPUT: "x",
            ArgumentRole.FILTER: "f",
            ArgumentRole.BIAS: "b",
            ArgumentRole.UPSTREAM: "dy",
        }
        if role in arrays:
            return self.given.get(arrays[role])
        if role is ArgumentRole.CACHE:
            if self.cache is None:
                self.cache = ObjectValue(None)
            return self.cache
        return self._said(role, self.binding.forms.get(role, Form.ONE), argument)

    def _said(self, role: ArgumentRole, form: Form, argument: CallArgument | None) -> Value:
        """Return a size as the implementation is told it; see `symconv.implementations.calls`."""
        per_axis: dict[ArgumentRole, list[Size]] = {
            ArgumentRole.STRIDE: self.stride,
            ArgumentRole.DILATION: self.dilation,
            ArgumentRole.INPUT_DILATION: self.spread,
            ArgumentRole.OUTPUT_PADDING: [0] * self.binding.rank,
            ArgumentRole.KERNEL: self.taps,
            ArgumentRole.INPUT_SIZE: self.input,
            ArgumentRole.FILTER_SIZE: self.taps,
        }
        if role is ArgumentRole.PADDING:
            pairs = self.padding
            if self.word is not None:
                upper = argument is not None and str(argument.default).isupper()
                return self.word.upper() if upper else self.word
            if form is Form.PAIRS:
                return tuple(pairs)
            if form is Form.FLAT:
                return tuple(n for pair in pairs for n in pair)
            return tuple(lo for lo, _ in pairs) if form is Form.EACH else pairs[0][0]
        if role in per_axis:
            return tuple(per_axis[role]) if form is Form.EACH else per_axis[role][0]
        if role in (ArgumentRole.INPUT_SHAPE, ArgumentRole.FILTER_SHAPE):
            of_input = role is ArgumentRole.INPUT_SHAPE
            layout = self.binding.x if of_input else self.binding.f
            shape = self.leaves["X" if of_input else "F"]
            told = argument is not None and argument in self.binding.constructor
            pairs_of = zip(layout, shape, strict=True)
            return tuple(n for letter, n in pairs_of if not (told and of_input and letter == "N"))
        last = self.binding.rank - 1
        h, w = max(last - 1, 0), last
        known: dict[ArgumentRole, Value] = {
            ArgumentRole.GROUPS: self.groups,
            ArgumentRole.CHANNELS: self.channels,
            ArgumentRole.FILTERS: self.filters,
            ArgumentRole.BATCH: self.letters["N"],
            ArgumentRole.HAS_BIAS: self.binding.passes_bias,
            ArgumentRole.RATE: 1,
            ArgumentRole.NOTHING: None,
            ArgumentRole.STRIDE_H: self.stride[h],
            ArgumentRole.STRIDE_W: self.stride[w],
            ArgumentRole.PAD_H: self.padding[h][0],
            ArgumentRole.PAD_W: self.padding[w][0],
            ArgumentRole.PAD_TOP: self.padding[h][0],
            ArgumentRole.PAD_BOTTOM: self.padding[h][1],
            ArgumentRole.PAD_LEFT: self.padding[w][0],
            ArgumentRole.PAD_RIGHT: self.padding[w][1],
            ArgumentRole.DILATION_H: self.dilation[h],
            ArgumentRole.DILATION_W: self.dilation[w],
            ArgumentRole.KERNEL_H: self.taps[h],
            ArgumentRole.KERNEL_W: self.taps[w],
            ArgumentRole.INPUT_H: self.input[h],
            ArgumentRole.INPUT_W: self.input[w],
        }
        return known[role]


_NOT_SAID = (
    ArgumentRole.STRIDE,
    ArgumentRole.PADDING,
    ArgumentRole.DILATION,
    ArgumentRole.GROUPS,
    ArgumentRole.INPUT_DILATION,
)


def _function(
    run: Interpreter,
    owner: ObjectValue | None,
    written: WrittenImplementation,
    at: tuple[str, int],
) -> Value:
    """Return a function or a method, at the line at which it ran."""
    name, line = at
    if owner is None:
        found = run.module_value(name)
    else:
        assert owner.owner is not None
        found = run.member(owner.owner, name)
    if not isinstance(found, FunctionValue):
        raise UnreadError(f"{name} is no function that is read")
    node = found.node
    if min([node.lineno, *(each.lineno for each in node.decorator_list)]) != line:
        raise UnreadError(f"{name} is defined elsewhere as well", line)
    static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in node.decorator_list)
    return found if owner is None or static else FunctionValue(node, found.owner, owner)


def _put(owner: ObjectValue, at: tuple[str, ...], value: View) -> None:
    """Put an array where an object keeps it: an attribute, and a key or an attribute of that.

    Raises:
        FixedSizesError: what stands there has numbers where the array has letters.
    """
    known = owner.attributes.get(at[0])
    shape = known.shape if isinstance(known, (View, UnknownValue)) else None
    if shape is not None and len(shape) == len(value.shape):
        fixed = {
            letter.name: number
            for letter, number in zip(value.shape, shape, strict=True)
            if isinstance(letter, Name) and isinstance(number, int)
        }
        if fixed:
            raise FixedSizesError(fixed)
    if len(at) == 1:
        owner.attributes[at[0]] = value
        return
    inner = owner.attributes.get(at[0])
    if isinstance(inner, dict):
        inner[at[1]] = value
    elif isinstance(inner, ObjectValue):
        inner.attributes[at[1]] = value
    else:
        raise UnreadError(f"what the object keeps as {at[0]} is not read")


def _gradients(returned: Value, order: tuple[str | None, ...]) -> Iterator[tuple[str, Value]]:
    """Yield the gradients that a backward function returns, by our names."""
    if isinstance(returned, dict):
        for key, value in returned.items():
            name = gradient(str(key)) or _plain(str(key))
            if name is not None and value is not None:
                yield name, value
        return
    if returned is None:
        return
    values = returned if isinstance(returned, (tuple, list)) else [returned]
    for name, value in zip(order, values, strict=False):
        if name is not None and value is not None:
            yield name, value


def _plain(name: str) -> str | None:
    for role in roles(name, NamePlace.FORWARD):
        if role in GRADIENTS:
            return GRADIENTS[role]
    return None


def _attributes(owner: ObjectValue) -> Iterator[tuple[str, Value]]:
    """Yield the gradients that an object keeps, by our names."""
    for name, value in owner.attributes.items():
        if isinstance(value, dict):
            of_gradients = "grad" in name.lower() or name.lower().startswith("d")
            for key, inner in value.items():
                found = gradient(str(key)) or (_plain(str(key)) if of_gradients else None)
                if found and isinstance(inner, View):
                    yield found, inner
        elif isinstance(value, View):
            if found := gradient(name):
                yield found, value
        elif isinstance(value, ObjectValue):
            inner = value.attributes.get("grad")
            if isinstance(inner, View) and (found := _plain(name)):
                yield found, inner
