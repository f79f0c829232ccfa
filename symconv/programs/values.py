"""What a name of a program may hold: numbers, arrays, functions, objects, and what is not known."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from symconv.formula.sizes import Size
from symconv.programs.arrays import View

Value = object
"""Any of: Size (an integer), bool, str, None, Fraction, tuple, list, dict, `View`, and these."""


@dataclass(frozen=True, slots=True)
class RatioValue:
    """The float that ``number / by`` gives, which is exact as far as its floor is asked for."""

    number: Size
    by: Size


@dataclass(frozen=True, slots=True)
class RangeValue:
    """range(start, stop, step)."""

    start: Size
    stop: Size
    step: Size


@dataclass(frozen=True, eq=False, slots=True)
class RowsValue:
    """What a loop goes through whose length is not written.

    Attributes:
        extents: how many values each index takes; several where they are nested.
        item: the value at these indices.
    """

    extents: tuple[Size, ...]
    item: Callable[[Sequence[Size]], Value]


@dataclass(frozen=True, eq=False, slots=True)
class StrideValue:
    """How far apart in memory ``factor`` steps along an axis of an array are."""

    of: View
    axis: int
    factor: Size


@dataclass(frozen=True, slots=True)
class TypeValue:
    """A type: of numbers that stand for reals, or another one, by its name."""

    name: str

    @property
    def is_real(self) -> bool:
        """Whether it holds real numbers, up to rounding."""
        return self.name in ("float", "float32", "float64", "double", "single", "longdouble")


@dataclass(frozen=True, eq=False, slots=True)
class FunctionValue:
    """A function of the module, bound to its object or not."""

    node: ast.FunctionDef
    owner: ClassValue | None = None
    bound: Value | None = None


@dataclass(frozen=True, eq=False, slots=True)
class ClassValue:
    """A class of the module."""

    node: ast.ClassDef
    bases: tuple[ClassValue, ...] = ()


@dataclass(eq=False, slots=True)
class ObjectValue:
    """An object of a class of the module, or of settings."""

    owner: ClassValue | None
    attributes: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModuleValue:
    """A module that is imported, by its dotted name."""

    name: str


@dataclass(frozen=True, eq=False, slots=True)
class LibraryFunction:
    """A function of Python or numpy that is known, or a method of a value."""

    name: str
    of: Value | None = None


@dataclass(frozen=True, slots=True)
class UnknownValue:
    """A value that is not followed: it may be put somewhere, and replaced."""

    why: str
    shape: tuple[Size, ...] | None = None


@dataclass(frozen=True, slots=True)
class GoneValue:
    """What a name holds that was bound in a loop or under a condition, after it."""

    why: str


@dataclass(frozen=True, eq=False, slots=True)
class CarriedValue:
    """What a name holds in a round of a loop: what it held before, and what the round adds.

    Attributes:
        name: which name.
        delta: what this round has added so far.
        guards: how many conditions stood around the loop.
    """

    name: str
    delta: View | None
    guards: int


Arguments = Mapping[str, Value]
Handler = Callable[..., Value]
