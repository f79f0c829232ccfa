"""The gradients of your convolution, checked in your own tests.

>>> import numpy as np
>>> from symconv.testing import assert_vjp
>>> def forward(x, w):
...     R, S = w.shape
...     y = np.zeros((x.shape[0] - R + 1, x.shape[1] - S + 1))
...     for p in range(y.shape[0]):
...         for q in range(y.shape[1]):
...             y[p, q] = np.sum(x[p:p + R, q:q + S] * w)
...     return y
>>> def backward(dy, x, w):
...     R, S = w.shape
...     dx, dw = np.zeros(x.shape), np.zeros(w.shape)
...     for p in range(dy.shape[0]):
...         for q in range(dy.shape[1]):
...             dx[p:p + R, q:q + S] += w * dy[p, q]
...             dw += x[p:p + R, q:q + S] * dy[p, q]
...     return dx, dw
>>> assert_vjp(forward, backward)

`assert_vjp` runs in this process, at sizes that it plans for what your code takes.  For code
that is called in another way, `geometries` gives the sizes, the numbers, and what belongs to them:

    @pytest.mark.parametrize("g", geometries(), ids=str)
    def test_my_layer(g):
        y, cache = my_forward(g.x, g.w, g.b, g.stride, g.padding)
        dx, dw, db = my_backward(g.dy, cache)
        g.check(y=y, dx=dx, dw=dw, db=db)
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symconv.geometry import Layer
from symconv.implementations.binding import read_hints
from symconv.implementations.diagnosis import Named, diagnose
from symconv.implementations.gradients import belongs
from symconv.implementations.interface import Form, Interface
from symconv.implementations.judge import survey
from symconv.implementations.lines import BackwardSource
from symconv.implementations.local import LocalSubject
from symconv.implementations.mends import with_mends
from symconv.implementations.plan import cover
from symconv.implementations.probes import Probe
from symconv.implementations.report import VerifyReport
from symconv.implementations.sizes import TrialSizes
from symconv.implementations.source import (
    Implementation,
    ImplementationError,
    of_class,
    plain,
)
from symconv.implementations.trials import find
from symconv.implementations.truth import Leaves, Products, agree, convolution

__all__ = ["TestGeometry", "assert_vjp", "geometries"]


def assert_vjp(forward: Any, *backward: Callable[..., Any], bind: str = "", seed: int = 0) -> None:
    """Assert that the gradients of a convolution are those of its own forward pass.

    Args:
        forward: the forward function, or a class with a forward and a backward method.
        backward: the function of all gradients, or one function for each.
        bind: what arguments are, where names do not tell: ``x=A_prev,stride=hp.stride``.
        seed: what sizes are drawn by.

    Raises:
        AssertionError: a gradient is wrong, with all that is known about it.
        ImplementationError: the functions cannot be called, or are no convolution.
    """
    implementation = _implementation(forward, backward)
    found = find(implementation, read_hints(bind))
    subject = LocalSubject(implementation, found)
    functions = tuple(
        (f.__name__, f.__code__.co_firstlineno)
        for f in map(plain, implementation.functions())
        if hasattr(f, "__code__")
    )
    named = Named(subject.caller.file, implementation.name, "", subject.caller.file, functions)
    seen = survey(subject, found.interface, found.base, seed)
    source = BackwardSource(named.file, named.functions)
    report = with_mends(diagnose(named, seen), seen, subject, source)
    if report.is_wrong:
        from symconv.views.verify_text import lines

        told_lines = lines(VerifyReport((report,)), 80)
        raise AssertionError("\n".join(line for _, line in told_lines))


def _implementation(forward: Any, backward: tuple[Callable[..., Any], ...]) -> Implementation:
    module = sys.modules.get(getattr(forward, "__module__", ""), None)
    spaces = [getattr(plain(f), "__globals__", {}) for f in (forward, *backward)]
    if module is not None:
        spaces.append(vars(module))
    distinct = tuple({id(space): space for space in spaces}.values())
    if inspect.isclass(forward):
        made = of_class(forward, forward.__name__, distinct)
        if made is None:
            raise ImplementationError(
                f"{forward.__name__}: the class has no forward and backward methods"
            )
        return made
    if not backward:
        raise ImplementationError(
            "there is no backward function; give assert_vjp(forward, backward), or a class"
        )
    name = getattr(forward, "__name__", "forward")
    return Implementation(name, forward, backward, None, 0, distinct)


@dataclass(frozen=True)
class TestGeometry:
    """One choice of sizes, with numbers and what belongs to them.

    Attributes:
        layer: the sizes.
        seed: what the numbers are drawn by.
        dtype: their type.
    """

    __test__ = False  # no test of pytest's

    layer: Layer
    seed: int = 1
    dtype: str = "float64"

    def __str__(self) -> str:
        """Return the sizes as a name for a test."""
        return str(TrialSizes(self.layer)).replace(", ", "-").replace(" ", "")

    @property
    def _probe(self) -> Probe:
        return Probe(self.seed, self.dtype)

    @cached_property
    def _leaves(self) -> Leaves:
        return self._probe.leaves(self.layer, bias=True)

    @property
    def x(self) -> NDArray[Any]:
        """The input, shape (N, C, H, W)."""
        return self._leaves.x.copy()

    @property
    def w(self) -> NDArray[Any]:
        """The filter, shape (K, C/G, R, S)."""
        return self._leaves.f.copy()

    @property
    def b(self) -> NDArray[Any]:
        """The bias, shape (K,)."""
        assert self._leaves.b is not None
        return self._leaves.b.copy()

    @property
    def dy(self) -> NDArray[Any]:
        """The gradient dL/dY, shape (N, K, P, Q); never ones."""
        return self._probe.upstream(self.layer.output)

    @property
    def stride(self) -> Any:
        """The stride: one number where it is the same on all axes, else a tuple."""
        return _one(self.layer.geometry.stride)

    @property
    def padding(self) -> Any:
        """The padding: one number, one for each axis, or (before, after) pairs."""
        pairs = self.layer.geometry.padding
        if all(lo == hi for lo, hi in pairs):
            return _one(tuple(lo for lo, _ in pairs))
        return pairs

    @property
    def dilation(self) -> Any:
        """The dilation: one number where it is the same on all axes, else a tuple."""
        return _one(self.layer.geometry.dilation)

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return self.layer.groups

    @property
    def _products(self) -> Products:
        return convolution(self.layer)

    @property
    def y(self) -> NDArray[Any]:
        """The output with its bias, shape (N, K, P, Q)."""
        leaves = self._leaves
        plain = self._products.forward(leaves.x.astype(float), leaves.f.astype(float))
        rank = len(self.layer.geometry.axes)
        return np.asarray(plain + self.b.reshape((1, -1) + (1,) * rank))

    def check(
        self,
        *,
        y: Any = None,
        dx: Any = None,
        dw: Any = None,
        db: Any = None,
    ) -> None:
        """Assert that what was computed from `x`, `w`, `b` and `dy` is what belongs there.

        Args:
            y: the output with its bias.
            dx: the gradient of the input.
            dw: the gradient of the filter.
            db: the gradient of the bias, of K elements in any shape.

        Raises:
            AssertionError: one of them is wrong, with its first wrong element.
            ValueError: none was given.
        """
        given = {"y": y, "dX": dx, "dF": dw, "db": db}
        if all(value is None for value in given.values()):
            raise ValueError("nothing to check; give y=, dx=, dw= or db=")
        for name, value in given.items():
            if value is not None:
                self._check(name, np.asarray(value))

    def _check(self, name: str, found: NDArray[Any]) -> None:
        leaves = self._leaves
        wide = Leaves(leaves.x.astype(float), leaves.f.astype(float), None)
        amounts = Leaves(np.abs(wide.x), np.abs(wide.f), None)
        dy = self.dy.astype(float)
        if name == "y":
            right, scale = self.y, self._products.forward(amounts.x, amounts.f)
            scale = scale + np.abs(self.b).max()
        else:
            right = belongs(name, self._products, wide, dy)
            scale = belongs(name, self._products, amounts, np.abs(dy))
        if name == "db" and found.size == right.size:
            found = found.reshape(right.shape)
        if found.shape != right.shape:
            raise AssertionError(
                f"{name} has shape {found.shape} instead of {right.shape} "
                f"at {TrialSizes(self.layer)}"
            )
        if not agree(found, right, scale):
            difference = np.abs(found.astype(float) - right)
            worst = np.unravel_index(int(np.nan_to_num(difference, nan=np.inf).argmax()),
                                     right.shape)  # fmt: skip
            where = ", ".join(str(int(k)) for k in worst)
            raise AssertionError(
                f"{name}[{where}] is {found[worst]:g} instead of {right[worst]:g} "
                f"at {TrialSizes(self.layer)}"
            )


def _one(sizes: tuple[int, ...]) -> Any:
    return sizes[0] if len({*sizes}) == 1 else sizes


def geometries(
    rank: int = 2,
    *,
    stride: bool | str = True,
    padding: bool | str = True,
    dilation: bool | str = False,
    groups: bool = False,
    batch: bool = True,
    square: bool = False,
    where: Callable[[Layer], bool] | None = None,
    dtype: str = "float64",
    seed: int = 0,
) -> Sequence[TestGeometry]:
    """Return sizes for ``pytest.mark.parametrize``, at most 24, that meet each pair of conditions.

    Args:
        rank: how many spatial axes, 1 to 3.
        stride: whether strides above 1 are wanted; ``"each"``: others on each axis.
        padding: whether padding is; ``"each"`` for each axis, ``"pairs"`` for each side.
        dilation: whether dilations above 1 are; ``"each"``: others on each axis.
        groups: whether groups are.
        batch: whether batches of several images are.
        square: whether all axes have the same sizes.
        where: which layers are wanted, by their sizes.
        dtype: float64 or float32.
        seed: what sizes are drawn by.

    Raises:
        ValueError: no sizes are left.
    """
    forms = {False: Form.FIXED, True: Form.ONE, "each": Form.EACH, "pairs": Form.PAIRS}
    face = Interface(
        rank,
        batch=batch,
        groups=groups,
        stride=forms[stride],
        padding=forms[padding],
        dilation=forms[dilation],
    )

    def accepts(sizes: TrialSizes) -> bool:
        layer = sizes.layer
        if square and len({*layer.geometry.axes}) > 1:
            return False
        return where is None or where(layer)

    found = cover(face, accepts, lambda _: True, seed=seed)
    if not found:
        raise ValueError("no sizes are left; ask for less with where=")
    return [TestGeometry(sizes.layer, seed + 1, dtype) for sizes in found]
