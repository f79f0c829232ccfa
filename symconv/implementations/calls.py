"""Calls somebody's forward and backward pass at one size, and tells what became of it.

This module runs in the process that runs the file, or in that of the tests that use
`symconv.testing`.
"""

from __future__ import annotations

import contextlib
import enum
import linecache
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from symconv.implementations import layouts, opaque
from symconv.implementations.binding import CallArgument, CallBinding
from symconv.implementations.frameworks import array_of, like, numpy_of
from symconv.implementations.interface import Form
from symconv.implementations.roles import GRADIENTS, ArgumentRole, NamePlace, gradient, roles
from symconv.implementations.sizes import TrialSizes
from symconv.implementations.source import Implementation, in_one_line, plain
from symconv.implementations.truth import Leaves

Array = np.ndarray[Any, Any]


class Ending(enum.Enum):
    """How a run ended."""

    DONE = "done"
    REFUSED = "refused"  # the code raised, or asserted something, by itself
    FAILED = "failed"  # the forward pass failed otherwise
    CRASHED = "crashed"  # the backward pass failed after the forward pass was done
    LOOKED = "looked"  # opaque scalars cannot pass through
    DIED = "died"  # the process ended, or was ended


@dataclass(frozen=True, eq=False)
class Run:
    """What one run left behind.

    Attributes:
        ending: how it ended.
        arrays: ``y``, ``dX``, ``dF``, ``db`` in our layouts, as far as they were found.
        shapes: theirs, where they have not as many axes as they should.
        message: the error, in one line.
        line: where in the file it arose.
        changed: the inputs that were changed in place.
        updated: whether the parameters of an object were changed.
        tables: of a run on opaque scalars, the terms of each array.
        extents: their shapes, in our layouts.
    """

    ending: Ending
    arrays: dict[str, Array] = field(default_factory=dict)
    shapes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    message: str = ""
    line: int | None = None
    changed: tuple[str, ...] = ()
    updated: bool = False
    tables: dict[str, Array] = field(default_factory=dict)
    extents: dict[str, tuple[int, ...]] = field(default_factory=dict)


class Settings(dict[str, Any]):
    """A dictionary whose entries are attributes as well."""

    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__


Upstream = Callable[[tuple[int, ...]], Array]
"""Gives dL/dY for the shape of Y."""


def _fresh(array: Array) -> Array:
    """Return a copy that its owner may change, in the order of memory that numpy gives."""
    if array.dtype == object:
        return array.copy().view(opaque.OpaqueArray)
    return np.array(array, order="C")


class Caller:
    """Calls one implementation under one binding."""

    def __init__(self, implementation: Implementation, binding: CallBinding) -> None:
        self.implementation = implementation
        self.binding = binding
        self.layouts = dict(zip("xfy", layouts.OURS[binding.rank], strict=True))
        if binding.transposed:
            self.layouts["f"] = "C" + "K" + self.layouts["f"][2:]
        code = plain(implementation.functions()[0])
        self.file = getattr(getattr(code, "__code__", None), "co_filename", "")

    def run(self, sizes: TrialSizes, leaves: Leaves, upstream: Upstream | None) -> Run:
        """Run forward and backward pass.

        Args:
            sizes: what the implementation is told.
            leaves: X, F and b in our layouts; numbers, or opaque scalars.
            upstream: gives dL/dY for the shape of Y; None: the backward pass is not run.
        """
        is_opaque = leaves.x.dtype == object
        with self._allocating() if is_opaque else contextlib.nullcontext():
            try:
                given = self._given(sizes, leaves)
                kept = {} if is_opaque else {k: v.copy() for k, v in given.items()}
                call = _Call(self, sizes, given)
                y = call.forward()
            except opaque.LookedAtDataError as error:
                return Run(Ending.LOOKED, message=str(error))
            except (Exception, SystemExit) as error:
                return self._ended(error, Ending.FAILED, {})
            found, shapes = {}, {}
            ours = self._ours(y, self.binding.y, self.layouts["y"])
            if ours is None:
                shapes["y"] = np.shape(y)
            else:
                found["y"] = ours
            if upstream is None or ours is None:
                return Run(Ending.DONE, found, shapes)
            dy = layouts.to_theirs(upstream(ours.shape), self.layouts["y"], self.binding.y)
            given["dy"] = _fresh(dy)
            kept |= {} if is_opaque else {"dy": given["dy"].copy()}
            try:
                gradients = call.backward()
            except opaque.LookedAtDataError as error:
                return Run(Ending.LOOKED, message=str(error))
            except (Exception, SystemExit) as error:
                return self._ended(error, Ending.CRASHED, found)
        for name, value in gradients.items():
            theirs, mine = {
                "dX": (self.binding.x, self.layouts["x"]),
                "dF": (self.binding.f, self.layouts["f"]),
                "db": (self.binding.b, "K"),
            }[name]
            if name == "db":
                ours = array_of(value)
                # A bias gradient may have axes of one element in any place.
                ours = ours.reshape(-1) if ours.size == sizes.layer.filters else None
            else:
                ours = self._ours(value, theirs, mine)
            if ours is None:
                shapes[name] = tuple(np.shape(value))
            else:
                found[name] = ours
        changed = tuple(k for k in kept if k != "f" and not np.array_equal(kept[k], given[k]))
        updated = call.updated
        if "f" in kept and not np.array_equal(kept["f"], given["f"]):
            if self.implementation.owner is None:
                changed = (*changed, "f")
            else:
                updated = True
        return Run(Ending.DONE, found, shapes, changed=changed, updated=updated)

    def _given(self, sizes: TrialSizes, leaves: Leaves) -> dict[str, Array]:
        """Return the arrays in their layouts."""
        binding = self.binding
        made = {
            "x": layouts.to_theirs(leaves.x, self.layouts["x"], binding.x),
            "f": layouts.to_theirs(leaves.f, self.layouts["f"], binding.f),
        }
        if leaves.b is not None:
            made["b"] = layouts.to_theirs(leaves.b, "K", binding.b)
        return {k: _fresh(v) for k, v in made.items()}

    def _ours(self, value: object, theirs: str, ours: str) -> Array | None:
        array = array_of(value)
        if not theirs:
            return array
        return layouts.to_ours(array, ours, theirs)

    @contextlib.contextmanager
    def _allocating(self) -> Iterator[None]:
        """Let the modules of the implementation allocate for opaque scalars."""
        changed = [(space, opaque.stand_in(space)) for space in self.implementation.spaces]
        before = [{name: space[name] for name in names} for space, names in changed]
        for space, names in changed:
            space.update(names)
        try:
            yield
        finally:
            for (space, _), names in zip(changed, before, strict=True):
                space.update(names)

    def _ended(self, error: Exception | SystemExit, ending: Ending, found: dict[str, Array]) -> Run:
        """Return a run that ended with an error; what the code raises by itself is a refusal."""
        frames = traceback.extract_tb(error.__traceback__)
        mine = [frame for frame in frames if frame.filename == self.file]
        last = frames[-1] if frames else None
        said = in_one_line(error)
        source = (linecache.getline(last.filename, last.lineno or 0) if last else "").strip()
        spaces = {space.get("__file__") for space in self.implementation.spaces}
        raised = (
            source.split(maxsplit=1)[:1] == ["raise"]
            and last is not None
            and (last.filename == self.file or last.filename in spaces)
        )
        asserted = isinstance(error, AssertionError) and ending is Ending.FAILED
        if raised or asserted or isinstance(error, NotImplementedError):
            ending = Ending.REFUSED
        return Run(ending, found, message=said, line=mine[-1].lineno if mine else None)


class _Call:
    """One forward pass with its backward pass."""

    def __init__(self, caller: Caller, sizes: TrialSizes, given: dict[str, Array]) -> None:
        self.caller, self.sizes, self.given = caller, sizes, given
        self.binding, self.owner = caller.binding, caller.implementation.owner
        self.cache: Any = None
        self.object: Any = None
        self.updated = False
        self.settings: dict[str, Settings] = {}

    def forward(self) -> Any:
        """Return Y in their layout."""
        implementation, binding = self.caller.implementation, self.binding
        if self.owner is not None:
            self.object = self.owner(**self._arguments(binding.constructor))
            self._put()
            function: Any = getattr(self.object, implementation.forward)
        else:
            function = implementation.forward
        named = self._arguments(binding.forward)
        returned = function(**named)
        if isinstance(returned, tuple) and returned and not np.isscalar(returned[0]):
            y, *rest = returned
            self.cache = rest[0] if len(rest) == 1 else tuple(rest)
            return y
        if isinstance(returned, dict):
            names = [k for k in returned if k.lower() in ("y", "z", "out", "output")]
            self.cache = returned
            return returned[names[0]] if names else next(iter(returned.values()))
        return returned

    def backward(self) -> dict[str, Any]:
        """Return the gradients in their layouts, by our names."""
        implementation, binding = self.caller.implementation, self.binding
        found: dict[str, Any] = {}
        before = self._state()
        for k, each in enumerate(implementation.backwards):
            function = getattr(self.object, each) if self.owner is not None else each
            returned = function(**self._arguments(binding.backwards[k]))
            order = binding.order[k] if k < len(binding.order) else ()
            named = {a.name: GRADIENTS[a.role] for a in binding.forward if a.role in GRADIENTS}
            found |= {n: v for n, v in _gradients(returned, order, named) if n not in found}
        if self.object is not None:
            for name, value in attributes(self.object):
                if name not in found and value is not None:
                    found[name] = value
            after = self._state()
            for name, old in before.items():
                if old.dtype != object and not np.array_equal(old, after[name]):
                    self.updated = True
                rate = any(a.role is ArgumentRole.RATE for a in self._all_arguments())
                if name not in found and rate:
                    found[name] = old - after[name]
        return found

    def _all_arguments(self) -> list[CallArgument]:
        return [*self.binding.arguments, *(a for group in self.binding.backwards for a in group)]

    def _state(self) -> dict[str, Array]:
        """Return copies of the parameters that an object keeps."""
        if self.object is None:
            return {}
        kept = {"dF": self.binding.filter_at, "db": self.binding.bias_at}
        if not self.binding.passes_bias:
            kept["db"] = None
        return {
            name: array_of(get(self.object, at)).copy()
            for name, at in kept.items()
            if at is not None
        }

    def _put(self) -> None:
        """Give an object our filter and bias."""
        binding = self.binding
        if binding.filter_at is not None:
            put(self.object, binding.filter_at, self.given["f"].copy())
        if binding.bias_at is not None and binding.passes_bias:
            put(self.object, binding.bias_at, self.given["b"].copy())

    def _arguments(self, group: tuple[CallArgument, ...]) -> dict[str, Any]:
        named: dict[str, Any] = {}
        for each in group:
            if each.role is None:
                continue
            if each.role is ArgumentRole.CONFIG:
                settings = self.settings.setdefault(each.name, Settings())
                for key, role in each.entries:
                    settings[key] = self._value(role, None)
                named[each.name] = settings
                continue
            if each.role is ArgumentRole.NOTHING and not each.required:
                continue
            if each.role is ArgumentRole.BIAS and not self.binding.passes_bias:
                if each.required:
                    named[each.name] = self._value(each.role, None)
                continue
            if each.role in _NOT_SAID and not each.required:
                form = self.binding.forms.get(each.role)
                if form is Form.FIXED:
                    continue
            named[each.name] = self._value(each.role, each)
        return named

    def _value(self, role: ArgumentRole, argument: CallArgument | None) -> Any:
        """Return what an argument of this role is given."""
        arrays = {
            ArgumentRole.INPUT: "x",
            ArgumentRole.FILTER: "f",
            ArgumentRole.BIAS: "b",
            ArgumentRole.UPSTREAM: "dy",
        }
        if role in arrays:
            array = self.given.get(arrays[role])
            return None if array is None else self.binding.arrays.given(array)
        if role is ArgumentRole.CACHE:
            return self._cache()
        form = self.binding.forms.get(role, Form.ONE)
        return said(role, form, self.sizes, self.binding, argument)

    def _cache(self) -> Any:
        """Return what the forward pass left, or what it is to fill."""
        if self.cache is None:
            self.cache = Settings()
        return self.cache


_NOT_SAID = (
    ArgumentRole.STRIDE,
    ArgumentRole.PADDING,
    ArgumentRole.DILATION,
    ArgumentRole.GROUPS,
    ArgumentRole.INPUT_DILATION,
    ArgumentRole.OUTPUT_PADDING,
)


def said(
    role: ArgumentRole,
    form: Form,
    sizes: TrialSizes,
    binding: CallBinding,
    argument: CallArgument | None = None,
) -> Any:
    """Return a size as an implementation is told it."""
    layer, geometry = sizes.layer, sizes.geometry
    per_axis: dict[ArgumentRole, tuple[int, ...]] = {
        ArgumentRole.STRIDE: geometry.stride,
        ArgumentRole.DILATION: geometry.dilation,
        ArgumentRole.INPUT_DILATION: geometry.input_dilation,
        ArgumentRole.OUTPUT_PADDING: geometry.output_padding,
        ArgumentRole.KERNEL: geometry.filter,
        ArgumentRole.INPUT_SIZE: geometry.input,
        ArgumentRole.FILTER_SIZE: geometry.filter,
    }
    if role is ArgumentRole.PADDING:
        pairs = geometry.padding
        if sizes.named is not None:
            upper = argument is not None and str(argument.default).isupper()
            return sizes.named.upper() if upper else sizes.named
        if form is Form.PAIRS:
            return pairs
        if form is Form.FLAT:
            return tuple(n for pair in pairs for n in pair)
        return tuple(lo for lo, _ in pairs) if form is Form.EACH else pairs[0][0]
    if role in per_axis:
        values = per_axis[role]
        return values if form is Form.EACH else values[0]
    if role in (ArgumentRole.INPUT_SHAPE, ArgumentRole.FILTER_SHAPE):
        theirs = binding.x if role is ArgumentRole.INPUT_SHAPE else binding.f
        ours = layouts.OURS[binding.rank][0 if role is ArgumentRole.INPUT_SHAPE else 1]
        if binding.transposed and role is ArgumentRole.FILTER_SHAPE:
            ours = "CK" + ours[2:]
        extents = dict(
            zip(
                ours, layer.input if role is ArgumentRole.INPUT_SHAPE else layer.filter, strict=True
            )
        )
        if argument is not None and argument in binding.constructor:
            theirs = theirs.replace("N", "") if role is ArgumentRole.INPUT_SHAPE else theirs
        return tuple(extents.get(letter, 1) for letter in theirs)
    last = len(geometry.axes) - 1
    height, width = geometry.axes[max(last - 1, 0)], geometry.axes[last]
    return {
        ArgumentRole.GROUPS: layer.groups,
        ArgumentRole.CHANNELS: layer.channels,
        ArgumentRole.FILTERS: layer.filters,
        ArgumentRole.BATCH: layer.batch,
        ArgumentRole.HAS_BIAS: binding.passes_bias,
        ArgumentRole.RATE: 1.0,
        ArgumentRole.NOTHING: None,
        ArgumentRole.STRIDE_H: height.stride,
        ArgumentRole.STRIDE_W: width.stride,
        ArgumentRole.PAD_H: height.padding[0],
        ArgumentRole.PAD_W: width.padding[0],
        ArgumentRole.PAD_TOP: height.padding[0],
        ArgumentRole.PAD_BOTTOM: height.padding[1],
        ArgumentRole.PAD_LEFT: width.padding[0],
        ArgumentRole.PAD_RIGHT: width.padding[1],
        ArgumentRole.DILATION_H: height.dilation,
        ArgumentRole.DILATION_W: width.dilation,
        ArgumentRole.KERNEL_H: height.filter,
        ArgumentRole.KERNEL_W: width.filter,
        ArgumentRole.INPUT_H: height.input,
        ArgumentRole.INPUT_W: width.input,
    }[role]


def _gradients(
    returned: Any, order: tuple[str | None, ...], named: Mapping[str, str]
) -> Iterator[tuple[str, Any]]:
    """Yield the gradients that a backward function returns, by our names.

    Args:
        returned: what it returned.
        order: which gradient stands at which place.
        named: which gradient belongs to an argument of the forward pass.
    """
    if isinstance(returned, Mapping):
        for key, value in returned.items():
            name = named.get(str(key)) or gradient(str(key)) or _plain(str(key))
            if name is not None and value is not None:
                yield name, value
        return
    if returned is None:
        return
    values = list(returned) if isinstance(returned, (tuple, list)) else [returned]
    for name, value in zip(order, values, strict=False):
        if name is not None and value is not None:
            yield name, value


def _plain(name: str) -> str | None:
    """Return which gradient an entry of a dictionary of gradients is: ``grads['W']`` is dF."""
    for role in roles(name, NamePlace.FORWARD):
        if role in GRADIENTS:
            return GRADIENTS[role]
    return None


def attributes(owner: object) -> Iterator[tuple[str, Any]]:
    """Yield the gradients that an object keeps, by our names: ``self.dW``, ``self.grads['b']``."""
    for name, value in list(_slots(owner)):
        if isinstance(value, Mapping):
            of_gradients = "grad" in name.lower() or name.lower().startswith("d")
            for key, inner in value.items():
                if numpy_of(inner) is not None:
                    found = gradient(str(key)) or (_plain(str(key)) if of_gradients else None)
                    if found:
                        yield found, inner
        elif numpy_of(value) is not None or np.isscalar(value):
            if (found := gradient(name)) and not isinstance(value, (str, bool)):
                yield found, value
        elif numpy_of(getattr(value, "grad", None)) is not None and (found := _plain(name)):
            yield found, value.grad


def _slots(owner: object) -> Iterator[tuple[str, Any]]:
    yield from vars(owner).items()


def get(owner: Any, at: tuple[str, ...]) -> Any:
    """Return what stands at a path of an attribute and, perhaps, a key or an attribute of it."""
    value = getattr(owner, at[0])
    for key in at[1:]:
        value = value[key] if isinstance(value, Mapping) else getattr(value, key)
    return value


def put(owner: Any, at: tuple[str, ...], value: Any) -> None:
    """Put an array at a path, as one of the kind that stands there; see `get`."""
    value = like(get(owner, at), value)
    if len(at) == 1:
        setattr(owner, at[0], value)
        return
    inner = getattr(owner, at[0])
    if isinstance(inner, Mapping):
        inner[at[1]] = value  # type: ignore[index]
    else:
        setattr(inner, at[1], value)


def arrays_of(owner: object) -> Iterator[tuple[tuple[str, ...], Array]]:
    """Yield every array that an object keeps, with its path."""
    for name, value in list(_slots(owner)):
        if (array := numpy_of(value)) is not None:
            yield (name,), array
        elif isinstance(value, Mapping):
            for key, inner in value.items():
                if (array := numpy_of(inner)) is not None:
                    yield (name, key), array
        else:
            for inner_name in ("data", "value", "array"):
                array = numpy_of(getattr(value, inner_name, None))
                if array is not None:
                    yield (name, inner_name), array
                    break
