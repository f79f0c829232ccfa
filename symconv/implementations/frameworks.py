"""Arrays of PyTorch and JAX, and their functions with a gradient of their own.

Nothing is imported here that somebody's file did not import: a library is there or is not meant.
A ``torch.autograd.Function`` and a ``jax.custom_vjp`` become a forward and a backward function, so
that they are called as the library calls them, and judged like any others.
"""

from __future__ import annotations

import enum
import functools
import inspect
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symconv.implementations.opaque import LookedAtDataError


class ArrayKind(enum.Enum):
    """Whose arrays a function works on."""

    NUMPY = "numpy"
    TORCH = "torch"
    JAX = "jax"

    @property
    def patience(self) -> int:
        """How many times as long as usual a call may take: JAX compiles for every size anew."""
        return 5 if self is ArrayKind.JAX else 1

    def given(self, array: NDArray[Any]) -> Any:
        """Return an array as one of this kind, in the same memory where that can be.

        Raises:
            LookedAtDataError: it holds opaque scalars, and this kind holds numbers alone.
        """
        if self is ArrayKind.NUMPY:
            return array
        _check_numbers(array)
        if self is ArrayKind.TORCH:
            return sys.modules["torch"].from_numpy(array)
        return sys.modules["jax.numpy"].asarray(array)


def numpy_of(value: object) -> NDArray[Any] | None:
    """Return an array of any kind as one of numpy; None: it is no array."""
    if isinstance(value, np.ndarray):
        return value
    torch, jax = sys.modules.get("torch"), sys.modules.get("jax")
    if torch is not None and isinstance(value, torch.Tensor):
        return np.asarray(value.detach().cpu())
    if jax is not None and isinstance(value, jax.Array):
        return np.asarray(value)
    return None


def array_of(value: object) -> NDArray[Any]:
    """Return what somebody's function gave as an array of numpy."""
    found = numpy_of(value)
    return np.asarray(value) if found is None else found


def _check_numbers(array: NDArray[Any]) -> None:
    if array.dtype == object:
        raise LookedAtDataError("PyTorch and JAX hold numbers alone")


def like(old: object, array: NDArray[Any]) -> Any:
    """Return an array as one of the kind of what it takes the place of.

    Raises:
        LookedAtDataError: see `ArrayKind.given`.
    """
    torch, jax = sys.modules.get("torch"), sys.modules.get("jax")
    if torch is not None and isinstance(old, torch.Tensor):
        _check_numbers(array)
        made = torch.from_numpy(array)
        return torch.nn.Parameter(made) if isinstance(old, torch.nn.Parameter) else made
    if jax is not None and isinstance(old, jax.Array):
        _check_numbers(array)
        return sys.modules["jax.numpy"].asarray(array)
    return array


def kind_of(functions: list[Callable[..., Any]]) -> ArrayKind:
    """Return whose arrays functions work on: by the modules that they use, and what they call."""
    used = {name for function in functions for name in _modules(function, set())}
    for kind in (ArrayKind.TORCH, ArrayKind.JAX):
        if kind.value in used and kind.value in sys.modules:
            return kind
    return ArrayKind.NUMPY


def _modules(function: Any, seen: set[int]) -> Iterator[str]:
    """Yield the libraries whose names stand in a function, or in others that it calls."""
    function = inspect.unwrap(getattr(function, "__func__", function))
    code, space = getattr(function, "__code__", None), getattr(function, "__globals__", {})
    if code is None or id(code) in seen:
        return
    seen.add(id(code))
    waiting = [code]
    while waiting:
        code = waiting.pop()
        waiting += [each for each in code.co_consts if isinstance(each, types.CodeType)]
        for name in code.co_names:
            value = space.get(name)
            if isinstance(value, types.ModuleType):
                yield value.__name__.partition(".")[0]
            elif inspect.isfunction(value) and value.__globals__ is space:
                yield from _modules(value, seen)
            elif callable(value):
                yield _library(value)


def _library(function: Any) -> str:
    """Return the library that a function is of; a built-in one may belong to a class alone."""
    owner = getattr(function, "__self__", None)
    named = getattr(function, "__module__", None) or getattr(owner, "__module__", None)
    return str(named or type(owner).__module__).partition(".")[0]


@dataclass(frozen=True, eq=False)
class OwnGradient:
    """A function whose library calls a gradient of its own.

    Attributes:
        forward: the function; it returns the output, and what `backward` needs.
        backward: returns the gradients by the names of the arguments.
        hidden: the functions that it is made of, which are no implementations by themselves.
    """

    forward: Callable[..., Any]
    backward: Callable[..., Any]
    hidden: tuple[Any, ...] = ()


def own_gradient(value: object) -> OwnGradient | None:
    """Return a function of PyTorch or JAX with its gradient, or None: it is something else."""
    torch, jax = sys.modules.get("torch"), sys.modules.get("jax")
    if torch is not None and isinstance(value, type):
        if issubclass(value, torch.autograd.Function) and value is not torch.autograd.Function:
            return _of_torch(value, torch)
        return None
    inner = value
    while jax is not None and inner is not None:
        if isinstance(inner, jax.custom_vjp):
            return _of_jax(value, inner, jax)
        inner = getattr(inner, "__wrapped__", None)
    return None


def _of_torch(owner: Any, torch: Any) -> OwnGradient:
    plain = inspect.getattr_static(owner, "forward")
    plain = getattr(plain, "__func__", plain)
    parameters = list(inspect.signature(plain).parameters.values())
    if owner.setup_context is torch.autograd.Function.setup_context:
        parameters = parameters[1:]  # the context
    signature = inspect.Signature(parameters)

    def forward(*given: Any, **named: Any) -> Any:
        bound = signature.bind(*given, **named)
        bound.apply_defaults()
        tensors = {
            name: value.requires_grad_()
            for name, value in bound.arguments.items()
            if isinstance(value, torch.Tensor) and value.is_floating_point()
        }
        y = owner.apply(*bound.args)
        return (y.detach() if isinstance(y, torch.Tensor) else y), (y, tensors)

    def backward(dy: Any, cache: Any) -> Mapping[str, Any]:
        y, tensors = cache
        found = torch.autograd.grad(y, [*tensors.values()], dy, allow_unused=True)
        return dict(zip(tensors, found, strict=True))

    written = inspect.getattr_static(owner, "backward", None)
    if "backward" not in vars(owner) and "vjp" in vars(owner):
        written = inspect.getattr_static(owner, "vjp")
    return _named(forward, backward, plain, getattr(written, "__func__", written), signature)


def _of_jax(called: Any, inner: Any, jax: Any) -> OwnGradient:
    signature = inspect.signature(inner.fun)

    def forward(*given: Any, **named: Any) -> Any:
        bound = signature.bind(*given, **named)
        bound.apply_defaults()
        names = [name for name, value in bound.arguments.items() if isinstance(value, jax.Array)]

        def of_arrays(*arrays: Any) -> Any:
            bound.arguments.update(zip(names, arrays, strict=True))
            return called(*bound.args, **bound.kwargs)

        y, pull = jax.vjp(of_arrays, *(bound.arguments[name] for name in names))
        return y, (pull, names)

    def backward(dy: Any, cache: Any) -> Mapping[str, Any]:
        pull, names = cache
        return dict(zip(names, pull(dy), strict=True))

    parts = tuple(getattr(inner, name, None) for name in ("fun", "fwd", "bwd"))
    return _named(forward, backward, inner.fun, parts[2] or inner.fun, signature, parts)


def _named(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    front: Any,
    back: Any,
    signature: inspect.Signature,
    hidden: tuple[Any, ...] = (),
) -> OwnGradient:
    """Return the pair, each with the name and the lines of what it stands for."""
    arguments = inspect.signature(backward)
    functools.update_wrapper(forward, front)
    functools.update_wrapper(backward, back)
    forward.__signature__ = signature  # type: ignore[attr-defined]
    backward.__signature__ = arguments  # type: ignore[attr-defined]
    return OwnGradient(forward, backward, hidden)
