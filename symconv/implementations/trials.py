"""Finds the binding of an implementation by trying its forward pass on sizes that all differ.

This module runs in the process that runs the file.
"""

from __future__ import annotations

import itertools
import linecache
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from symconv.errors import GeometryError
from symconv.geometry import Axis, Geometry, Layer
from symconv.implementations import layouts
from symconv.implementations.binding import CallBinding, arguments, unbound
from symconv.implementations.calls import Array, Caller, Ending, _Call, arrays_of
from symconv.implementations.forwards import identify
from symconv.implementations.frameworks import array_of, kind_of
from symconv.implementations.interface import Form, Interface
from symconv.implementations.probes import Probe
from symconv.implementations.roles import ArgumentRole, NamePlace, gradient, roles
from symconv.implementations.sizes import TrialSizes
from symconv.implementations.source import (
    Implementation,
    ImplementationError,
    gradient_of_function,
    in_one_line,
    plain,
    returned_names,
    syntax,
)
from symconv.implementations.truth import ForwardReading

_PROBE = Probe(0)
_ATTEMPTS = 6_000
_SECONDS = 4.0

_Base = tuple[tuple[int, ...], tuple[int, ...], int, int, int]

_BASES: dict[int, tuple[_Base, ...]] = {
    2: (
        ((6, 7), (4, 2), 2, 3, 5),
        ((6, 7), (3, 1), 2, 4, 5),
        ((6, 8), (3, 3), 2, 4, 5),
        ((6, 6), (3, 3), 2, 4, 5),
        ((6, 8), (3, 3), 1, 4, 5),
        ((6, 6), (3, 3), 1, 1, 1),
        ((28, 28), (3, 3), 1, 1, 2),
    ),
    1: (((9,), (4,), 2, 3, 5), ((9,), (3,), 2, 4, 5), ((9,), (3,), 1, 1, 1)),
    3: (((4, 5, 6), (1, 2, 3), 2, 3, 4), ((4, 4, 4), (2, 2, 2), 1, 3, 4)),
}
"""TrialSizes to begin with, for each number of axes: input, filter, N, C, K; all extents differ."""


@dataclass(frozen=True, eq=False)
class Found:
    """A binding that the forward pass confirmed.

    Attributes:
        binding: which argument is what.
        interface: what can be asked.
        base: the sizes at which it was confirmed.
        reading: what the forward pass is there.
    """

    binding: CallBinding
    interface: Interface
    base: TrialSizes
    reading: ForwardReading | None


def find(
    implementation: Implementation,
    told: Mapping[str, str],
    before_backward: Callable[[], None] | None = lambda: None,
) -> Found:
    """Return how an implementation is called.

    Args:
        implementation: what is to be called.
        told: the role of each name that ``--bind`` gives.
        before_backward: called before the backward pass is run to see what it returns; None: it
            may not be run.

    Raises:
        ImplementationError: an argument is not known, or no call gave a convolution.
    """
    return _Search(implementation, told, before_backward).found()


class _Search:
    def __init__(
        self,
        implementation: Implementation,
        told: Mapping[str, str],
        before_backward: Callable[[], None] | None,
    ) -> None:
        self.implementation, self.before_backward = implementation, before_backward
        functions = implementation.functions()
        owner = implementation.owner
        self.constructor = arguments(owner, NamePlace.CONSTRUCTOR, told) if owner else ()
        self.forward = arguments(functions[0], NamePlace.FORWARD, told)
        self.backwards = tuple(arguments(each, NamePlace.BACKWARD, told) for each in functions[1:])
        names = [getattr(each, "__name__", "backward") for each in functions]
        groups = {names[0]: self.forward, **dict(zip(names[1:], self.backwards, strict=False))}
        if owner is not None:
            groups = {f"{owner.__name__}()": self.constructor, **groups}
        if error := unbound(implementation, groups):
            raise error
        self.arrays = kind_of(functions)
        self.attempts = 0
        self.end = time.process_time() + _SECONDS * kind_of(functions).patience
        self.seen = ""
        self.refusals: list[str] = []
        self.table: Found | None = None

    def found(self) -> Found:
        ranks = self._ranks()
        # The plainest sizes and whole layouts of every rank come before all others of the first.
        for few, rank in itertools.product((True, False), ranks):
            if few and self.seen:  # arrays of another rank are taken
                continue
            for base, forms in self._starts(rank, few):
                if (found := self._at(base, forms, few)) is not None:
                    return self._completed(found)
        if self.table is not None:
            return self._completed(self.table)
        name = self.implementation.name
        if self.seen:
            raise ImplementationError(
                f"{name}: the forward pass is no convolution in any layout: {self.seen}; say what "
                "its arguments are: --bind x=NAME,w=NAME, or which function it is: FILE:NAME"
            )
        why = max(self.refusals, key=self.refusals.count) if self.refusals else "nothing came back"
        raise ImplementationError(
            f"{name}: the forward pass accepts none of the sizes and layouts that were tried "
            f"({why}); say what its arguments are: --bind x=NAME,w=NAME,stride=NAME"
        )

    def _ranks(self) -> list[int]:
        name = self.implementation.name.lower()
        for rank in (1, 3):
            if f"{rank}d" in name:
                return [rank, 2]
        return [2, 1, 3]

    def _roles(self) -> set[ArgumentRole]:
        return {
            role
            for each in (*self.constructor, *self.forward)
            for role in (each.role, *(r for _, r in each.entries))
            if role is not None
        }

    def _starts(
        self, rank: int, few: bool
    ) -> Iterator[tuple[TrialSizes, dict[ArgumentRole, Form]]]:
        """Yield sizes to begin with, and forms to say them in; ``few``: the plainest sizes."""
        known, bases = self._roles(), _BASES[rank]
        strides = (1,) if {ArgumentRole.STRIDE, ArgumentRole.STRIDE_H} & known else (1, 2, 3)
        starts: list[tuple[_Base, int | tuple[int, ...]]] = [*itertools.product(bases, strides)]
        if few:
            each = itertools.product(strides, repeat=1 if rank == 3 else rank)
            several = [steps * rank if rank == 3 else steps for steps in each]
            starts = [*starts[:1], *itertools.product(self._written(rank), several)]
        for forms, (sizes, stride) in itertools.product(self._forms(known), starts):
            extents, filter, N, C, K = sizes
            kernel_one = forms.get(ArgumentRole.KERNEL) is Form.ONE
            if kernel_one and len({*filter}) > 1:
                continue
            named = "valid" if forms.get(ArgumentRole.PADDING) is Form.NAME else None
            paddings: tuple[str | int, ...] = ("valid", "same") if named else (0, 1)
            if few:
                paddings = paddings[:1]
            for padding in paddings if ArgumentRole.PADDING in known else (0,):
                geometry = Geometry.of(extents, filter, stride, padding)
                word = padding if isinstance(padding, str) else None
                yield TrialSizes(Layer(geometry, N, C, K), word), forms

    def _written(self, rank: int) -> Iterator[_Base]:
        """Yield sizes that stand in the forward pass as tuples: code for one size alone."""
        code = getattr(plain(self.implementation.functions()[0]), "__code__", None)
        found = [
            each
            for each in (code.co_consts if code is not None else ())
            if isinstance(each, tuple)
            and len(each) == rank
            and all(type(n) is int and 0 < n < 40 for n in each)
        ]
        for extents, filter in itertools.permutations(found, 2):
            if all(R <= H for H, R in zip(extents, filter, strict=True)):
                yield extents, filter, 2, 3, 5

    def _forms(self, known: set[ArgumentRole]) -> list[dict[ArgumentRole, Form]]:
        """Return the forms to try: those of the defaults first, the simplest next."""
        sizes = (
            ArgumentRole.STRIDE,
            ArgumentRole.DILATION,
            ArgumentRole.KERNEL,
            ArgumentRole.INPUT_DILATION,
            ArgumentRole.OUTPUT_PADDING,
        )
        free = [role for role in sizes if role in known]
        paddings = [Form.ONE, Form.EACH, Form.PAIRS, Form.FLAT, Form.NAME]
        padded = ArgumentRole.PADDING in known
        found = []
        defaults = {a.role: a.default for a in (*self.constructor, *self.forward)}
        if isinstance(defaults.get(ArgumentRole.PADDING), str):
            paddings = [Form.NAME, *paddings[:4]]
        if isinstance(pair := defaults.get(ArgumentRole.PADDING), (tuple, list)):
            paired = isinstance(pair[0], (tuple, list)) if pair else False
            first = Form.PAIRS if paired else Form.FLAT if len(pair) > 3 else Form.EACH
            paddings.sort(key=lambda form: form is not first)
        tuples = any(isinstance(defaults.get(role), (tuple, list)) for role in free)
        for padding in paddings if padded else [Form.FIXED]:
            uniform = (Form.EACH, Form.ONE) if tuples else (Form.ONE, Form.EACH)
            for form in uniform:
                found.append(dict.fromkeys(free, form) | {ArgumentRole.PADDING: padding})
            if len(free) > 1:
                for mixed in itertools.product(uniform, repeat=min(len(free), 3)):
                    if len({*mixed}) > 1:
                        chosen = dict(zip(free, mixed, strict=False))
                        chosen |= {r: Form.ONE for r in free if r not in chosen}
                        found.append(chosen | {ArgumentRole.PADDING: padding})
        backward = dict.fromkeys((ArgumentRole.INPUT_SIZE, ArgumentRole.FILTER_SIZE), Form.EACH)
        for each in found:
            each.update({role: form for role, form in backward.items() if role not in each})
            if not padded:
                del each[ArgumentRole.PADDING]
        return found

    def _at(self, base: TrialSizes, forms: dict[ArgumentRole, Form], whole: bool) -> Found | None:
        """Return what is found at some sizes, over all layouts; ``whole``: that lack no axis."""
        rank = base.rank
        has_bias = ArgumentRole.BIAS in self._roles() or self.implementation.owner is not None
        for x, f in itertools.product(layouts.INPUTS[rank], layouts.FILTERS[rank]):
            if ("C" in x) != ("C" in f) or (whole and len(x) + len(f) < 2 * (rank + 2)):
                continue
            layer = base.layer
            layer = Layer(
                layer.geometry,
                layer.batch if "N" in x else 1,
                layer.channels if "C" in x else 1,
                layer.filters if "K" in f else 1,
            )
            sizes = TrialSizes(layer, base.named)
            for b in layouts.BIASES[rank] if has_bias and not whole else ("K",):
                if b == "" and layer.filters > 1:
                    continue
                binding = CallBinding(
                    rank, self.forward, self.backwards, self.constructor, x, f, "", b, forms,
                    arrays=self.arrays,
                )  # fmt: skip
                found, next_layout = self._attempt(binding, sizes)
                if found is not None:
                    return found
                if self.attempts > _ATTEMPTS or time.process_time() > self.end:
                    return None
                if next_layout:
                    break
        return None

    def _attempt(self, binding: CallBinding, sizes: TrialSizes) -> tuple[Found | None, bool]:
        """Return what a call gives, and whether another layout of the bias is of no use."""
        self.attempts += 1
        bound, wants_bias = self._with_state(binding, sizes)
        if bound is None:
            return None, not wants_bias
        leaves = _PROBE.leaves(sizes.layer, bound.passes_bias)
        run = Caller(self.implementation, bound).run(sizes, leaves, None)
        if run.ending is not Ending.DONE:
            self.refusals.append(run.message)
            return None, not wants_bias
        y = run.arrays["y"]
        if y.dtype.kind not in "fiu":
            return None, not wants_bias
        spatial = layouts.OURS[binding.rank][2][2:]
        known = {"N": sizes.layer.batch, "K": sizes.layer.filters}
        for theirs in layouts.outputs(y.shape, known, spatial):
            ours = layouts.to_ours(y, layouts.OURS[binding.rank][2], theirs)
            if ours is None:
                continue
            whole = replace(bound, y=theirs)
            for kind, told in self._kinds(whole, sizes):
                reading = self._reading(kind, told, ours)
                if reading is None or not self._spreads(kind, told, reading):
                    continue
                if kind.passes_bias and not reading.bias:
                    kind = replace(kind, passes_bias=False, bias_at=None)
                return Found(kind, Interface(binding.rank), told, reading), True
            if self.table is None and ours.shape[2:] == sizes.layer.geometry.output:
                self.table = Found(whole, Interface(binding.rank), sizes, None)
        said = "x".join(map(str, y.shape)) or "a number"
        self.seen = f"from {sizes} it gives {said} that is no sum of windows"
        return None, not wants_bias

    def _kinds(
        self, binding: CallBinding, sizes: TrialSizes
    ) -> list[tuple[CallBinding, TrialSizes]]:
        """Return what a forward pass may be, a convolution or a transposed one: the likely first.

        Both are called in the same way; the filter of a transposed one has channels first.
        """
        found = [(binding, sizes)]
        try:
            axes = [
                Axis(axis.input, axis.filter, axis.stride, axis.padding, axis.dilation, 1, True)
                for axis in sizes.geometry.axes
            ]
        except GeometryError:  # the padding takes the whole output away
            return found
        layer = replace(sizes.layer, geometry=Geometry(tuple(axes)))
        transposed = replace(binding, transposed=True), TrialSizes(layer, sizes.named)
        return [transposed, *found] if self._is_transposed else [*found, transposed]

    def _reading(
        self, binding: CallBinding, sizes: TrialSizes, y: Array | None = None
    ) -> ForwardReading | None:
        """Return what a forward pass is at some sizes, or None: no convolution of this kind.

        Args:
            binding: how it is called.
            sizes: what it is told.
            y: what came out, where it ran as a convolution; None: it is run.
        """
        if y is None or binding.transposed:
            leaves = _PROBE.leaves(sizes.layer, binding.passes_bias)
            run = Caller(self.implementation, binding).run(sizes, leaves, None)
            if run.ending is not Ending.DONE or "y" not in run.arrays:
                return None
            y = run.arrays["y"]
        return identify(sizes, _PROBE, binding.passes_bias, y)

    @cached_property
    def _is_transposed(self) -> bool:
        """Whether names say that the forward pass is a transposed convolution."""
        names = [self.implementation.name, *map(str, (self.implementation.forward,))]
        words = re.compile(r"transpos|deconv|upconv|fractional|tconv", re.I)
        says = any(words.search(name) for name in names)
        return says or ArgumentRole.OUTPUT_PADDING in self._roles()

    def _spreads(self, binding: CallBinding, sizes: TrialSizes, reading: ForwardReading) -> bool:
        """Whether a reading holds where the stride is above 1, if it is asked by nothing else.

        With stride 1 a transposed convolution is a true convolution with full padding.
        """
        axes, told = reading.layer.geometry.axes, sizes.geometry.axes
        own = any(a.padding[0] > b.padding[0] for a, b in zip(axes, told, strict=True))
        if ArgumentRole.STRIDE not in self._roles() or not (binding.transposed or own):
            return True
        wider = [replace(a, input=a.input + 2, stride=2) for a in told]
        try:
            layer = replace(sizes.layer, geometry=Geometry(tuple(wider)))
        except GeometryError:
            return True
        return self._reading(binding, TrialSizes(layer, sizes.named)) is not None

    def _with_state(
        self, binding: CallBinding, sizes: TrialSizes
    ) -> tuple[CallBinding | None, bool]:
        """Return the binding with where an object keeps its parameters; None: it has none."""
        taken = {a.role for a in binding.arguments}
        takes_bias = ArgumentRole.BIAS in taken
        if self.implementation.owner is None:
            return replace(binding, passes_bias=takes_bias), takes_bias
        binding = replace(binding, passes_bias=True)
        caller = Caller(self.implementation, binding)
        leaves = _PROBE.leaves(sizes.layer, bias=True)
        try:
            given = caller._given(sizes, leaves)
            call = _Call(caller, sizes, given)
            made = self.implementation.owner(**call._arguments(binding.constructor))
        except (Exception, SystemExit) as error:
            self.refusals.append(in_one_line(error))
            return None, False
        if ArgumentRole.FILTER in taken:
            return replace(binding, passes_bias=takes_bias), takes_bias
        at = _slot(made, given["f"].shape, ArgumentRole.FILTER)
        if at is None:
            try:
                call.object = made
                getattr(made, self.implementation.forward)(**call._arguments(binding.forward))
            except (Exception, SystemExit) as error:
                self.refusals.append(in_one_line(error))
                return None, False
            at = _slot(made, given["f"].shape, ArgumentRole.FILTER)
            if at is None:
                return None, False
        bias_at = _slot(made, given["b"].shape, ArgumentRole.BIAS)
        if bias_at is None and _has_bias(made, given["b"].size):
            return None, True  # its bias has another layout
        has_bias = bias_at is not None or takes_bias
        bound = replace(binding, filter_at=at, bias_at=bias_at, passes_bias=has_bias)
        return bound, False

    def _completed(self, found: Found) -> Found:
        """Return what was found, with all that can be said, and what the backward pass gives."""
        binding, base = found.binding, found.base
        said = binding.said()
        forms = dict(binding.forms)

        def accepts(sizes: TrialSizes, forms: dict[ArgumentRole, Form]) -> bool:
            """Whether the forward pass is a convolution with the padding that it is told."""
            trial = replace(binding, forms=forms)
            leaves = _PROBE.leaves(sizes.layer, binding.passes_bias)
            run = Caller(self.implementation, trial).run(sizes, leaves, None)
            if run.ending is not Ending.DONE or "y" not in run.arrays:
                return False
            reading = identify(sizes, _PROBE, binding.passes_bias, run.arrays["y"])
            if reading is None:
                return False
            told = [lo for lo, _ in sizes.geometry.padding]
            return (
                sizes.named is not None or [lo for lo, _ in reading.layer.geometry.padding] == told
            )

        layer, rank = base.layer, base.rank

        def with_geometry(named: str | None = None, **sizes: Any) -> TrialSizes:
            geometry = layer.geometry
            usual: dict[str, Any] = {
                "input": tuple(n + 4 for n in geometry.input),
                "filter": geometry.filter,
                "transposed": geometry.transposed,
            }
            if named is not None:
                usual["padding"] = named
            made = replace(layer, geometry=Geometry.of(**{**usual, **sizes}))
            return TrialSizes(made, named or base.named)

        steps = (1, 2, 3)[:rank] if rank > 1 else (2,)
        for role, word in ((ArgumentRole.STRIDE, "stride"), (ArgumentRole.DILATION, "dilation")):
            if role in said and forms.get(role) is Form.ONE and rank > 1:
                raised = forms | {role: Form.EACH}
                if accepts(with_geometry(None, **{word: steps}), raised):
                    forms = raised
        if ArgumentRole.KERNEL in said and forms.get(ArgumentRole.KERNEL) is Form.ONE and rank > 1:
            raised = forms | {ArgumentRole.KERNEL: Form.EACH}
            wider = tuple(range(2, 2 + rank))
            trial = with_geometry(filter=wider)
            if self.implementation.owner is None or accepts(trial, raised):
                forms = raised
        names: tuple[str, ...] = ()
        if ArgumentRole.PADDING in said:
            form = forms.get(ArgumentRole.PADDING)
            if form in (Form.ONE, Form.EACH, Form.NAME):
                pairs = ((1, 2), (0, 3), (2, 1))[:rank]
                choices = [(Form.PAIRS, pairs), (Form.FLAT, pairs)]
                if rank > 1:
                    choices.append((Form.EACH, tuple((lo, lo) for lo, _ in pairs)))
                for better, amounts in choices:
                    raised = forms | {ArgumentRole.PADDING: better}
                    trial = with_geometry(padding=amounts)
                    if accepts(replace(trial, named=None), raised):
                        forms = raised
                        break
                else:
                    if form is Form.NAME:
                        one = forms | {ArgumentRole.PADDING: Form.ONE}
                        if accepts(replace(with_geometry(padding=1), named=None), one):
                            forms = one
            if binding.transposed:
                names = ("valid",) if forms.get(ArgumentRole.PADDING) is Form.NAME else ()
            elif forms.get(ArgumentRole.PADDING) is Form.NAME or self._mentions("same"):
                names = tuple(
                    word
                    for word in ("valid", "same", "full")
                    if self._mentions(word) and accepts(with_geometry(named=word), forms)
                )
        binding = replace(binding, forms=forms)
        backward = {a.role for group in self.backwards for a in group}
        order, ran = self._order(binding, base)
        if not ran and ArgumentRole.KERNEL in backward - said:
            other = replace(binding, forms=forms | {ArgumentRole.KERNEL: Form.EACH})
            if self._order(other, base)[1]:
                binding, (order, _) = other, self._order(other, base)
        binding = replace(binding, order=order)
        return replace(
            found,
            binding=binding,
            interface=self._interface(binding, base, found.reading, names),
        )

    def _mentions(self, word: str) -> bool:
        """Whether a string stands in the file that is this word, in whatever case."""
        function: Any = self.implementation.functions()[0]
        code = getattr(getattr(function, "__func__", function), "__code__", None)
        if code is None:
            return False
        text = "".join(linecache.getlines(code.co_filename)).lower()
        return f"'{word}'" in text or f'"{word}"' in text

    def _interface(
        self,
        binding: CallBinding,
        base: TrialSizes,
        reading: ForwardReading | None,
        names: tuple[str, ...],
    ) -> Interface:
        said, forms = binding.said(), binding.forms

        def form(role: ArgumentRole, first: ArgumentRole) -> Form:
            if role in said:
                return forms.get(role, Form.ONE)
            return Form.EACH if first in said else Form.FIXED

        padding = form(ArgumentRole.PADDING, ArgumentRole.PAD_H)
        if padding is Form.FIXED and ArgumentRole.PAD_TOP in said:
            padding = Form.FLAT
        stride = form(ArgumentRole.STRIDE, ArgumentRole.STRIDE_H)
        fixed, fixed_name = 0, None
        if padding is Form.FIXED and reading is not None:
            fixed = reading.layer.geometry.axes[-1].padding[0]
            fixed_name = self._own_padding(binding, base, reading)
        if padding is Form.NAME:
            padding = Form.FIXED
        return Interface(
            rank=binding.rank,
            batch="N" in binding.x,
            channels="C" in binding.x,
            filters="K" in binding.f,
            bias=binding.passes_bias,
            groups=ArgumentRole.GROUPS in said,
            stride=stride,
            padding=padding,
            dilation=form(ArgumentRole.DILATION, ArgumentRole.DILATION_H),
            input_dilation=form(ArgumentRole.INPUT_DILATION, ArgumentRole.INPUT_DILATION),
            output_padding=form(ArgumentRole.OUTPUT_PADDING, ArgumentRole.OUTPUT_PADDING),
            kernel=forms.get(ArgumentRole.KERNEL, Form.EACH)
            if ArgumentRole.KERNEL in said
            else Form.EACH,
            names=names,
            fixed_stride=base.geometry.stride[0],
            fixed_padding=0 if fixed_name else fixed,
            fixed_name=fixed_name,
            transposed=binding.transposed,
        )

    def _own_padding(
        self, binding: CallBinding, base: TrialSizes, reading: ForwardReading
    ) -> str | None:
        """Return ``same`` or ``full`` where the code pads so by itself, whatever the filter."""
        axes = reading.layer.geometry.axes
        if binding.transposed or all(axis.padding == (0, 0) for axis in axes):
            return None
        filters = base.geometry.filter
        if all(axis.output == -(-axis.input // axis.stride) for axis in axes):
            return "same" if filters != (1,) * len(filters) else None
        if axes[0].padding[0] == axes[0].extent - 1 > 0:
            return "full"
        return None

    def _order(
        self, binding: CallBinding, base: TrialSizes
    ) -> tuple[tuple[tuple[str | None, ...], ...], bool]:
        """Return which gradient each backward function returns where, and whether they ran."""
        caller = Caller(self.implementation, binding)
        leaves = _PROBE.leaves(base.layer, binding.passes_bias)
        given = caller._given(base, leaves)
        shapes = {"dX": given["x"].shape, "dF": given["f"].shape}
        if "b" in given:
            shapes["db"] = given["b"].shape
        call = _Call(caller, base, given)
        returned: list[Any] = []
        try:
            assert self.before_backward is not None
            y = array_of(call.forward())
            ours = layouts.to_ours(y, layouts.OURS[binding.rank][2], binding.y)
            assert ours is not None
            dy = _PROBE.upstream(ours.shape)
            given["dy"] = layouts.to_theirs(dy, layouts.OURS[binding.rank][2], binding.y).copy()
            self.before_backward()
            for k, each in enumerate(self.implementation.backwards):
                function = each if call.owner is None else getattr(call.object, each)
                returned.append(function(**call._arguments(binding.backwards[k])))
            ran = True
        except (Exception, SystemExit):
            ran = False
        orders: list[tuple[str | None, ...]] = []
        for k, function in enumerate(self.implementation.functions()[1:]):
            names = [n and gradient(n) for n in returned_names(function, syntax(function))]
            whole = gradient_of_function(function.__name__)
            if whole is not None and len(names) <= 1:
                orders.append((whole,))
                continue
            values = returned[k] if k < len(returned) else None
            orders.append(_ordered(values, names, shapes))
        return tuple(orders), ran


def _ordered(
    values: Any, names: list[str | None], shapes: dict[str, tuple[int, ...]]
) -> tuple[str | None, ...]:
    """Return which gradients a function returns: by names, then by shapes, then in order."""
    listed = list(values) if isinstance(values, (tuple, list)) else [values]
    if values is None:
        listed = [None] * len(names)
    if isinstance(values, dict):
        return ()
    order: list[str | None] = [None] * len(listed)
    if len(names) == len(listed):
        for k, name in enumerate(names):
            if name not in order:
                order[k] = name
    for k, value in enumerate(listed):
        if order[k] is None and value is not None:
            fitting = [n for n, s in shapes.items() if np.shape(value) == s and n not in order]
            order[k] = fitting[0] if len(fitting) == 1 else None
    if not any(order):
        order = [*("dX", "dF", "db")[: len(listed)], *[None] * (len(listed) - 3)]
    elif None in order and len(listed) > 1:
        rest = [n for n in ("dX", "dF", "db") if n not in order and n in shapes]
        for k, name in enumerate(order):
            if name is None and rest and (listed[k] is None or np.ndim(listed[k])):
                order[k] = rest.pop(0)
    return tuple(order)


def gradient_free(at: tuple[str, ...]) -> bool:
    """Whether a path is that of a parameter, not of its gradient."""
    return all(gradient(each) is None for each in at)


def _slot(owner: object, shape: tuple[int, ...], role: ArgumentRole) -> tuple[str, ...] | None:
    """Return where an object keeps an array of this shape that is no gradient of it."""
    fitting = [at for at, value in arrays_of(owner) if value.shape == shape]
    named = [at for at in fitting if any(role in roles(each, NamePlace.FORWARD) for each in at)]
    free = [at for at in fitting if gradient_free(at)]
    chosen = named or (free if role is ArgumentRole.FILTER else [])
    return chosen[0] if chosen else None


def _has_bias(owner: object, size: int) -> bool:
    """Whether an object keeps a bias of this many elements, in whatever shape."""
    return any(
        value.size == size
        and any(ArgumentRole.BIAS in roles(each, NamePlace.FORWARD) for each in at)
        for at, value in arrays_of(owner)
        if gradient_free(at)
    )
