"""Which argument is what: a binding, found by names and proved by what the forward pass gives.

A binding that is wrong cannot be used: layouts and forms are accepted only where the forward pass,
called with them at a size whose extents all differ, gives the numbers of a convolution.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from symconv.implementations.frameworks import ArrayKind
from symconv.implementations.interface import Form
from symconv.implementations.roles import ArgumentRole, NamePlace, assign
from symconv.implementations.source import (
    Implementation,
    ImplementationError,
    definition_of,
    syntax,
)


@dataclass(frozen=True, slots=True)
class CallArgument:
    """One argument of a function.

    Attributes:
        name: its name.
        role: what it is for, or None: it keeps its default.
        entries: of a dictionary or an object of settings, its keys with their roles.
        required: whether it has no default.
        default: its default, or None.
    """

    name: str
    role: ArgumentRole | None
    entries: tuple[tuple[str, ArgumentRole], ...] = ()
    required: bool = True
    default: object = None


@dataclass(frozen=True, eq=False)
class CallBinding:
    """How an implementation is called.

    Attributes:
        rank: how many spatial axes.
        forward: the arguments of the forward pass.
        backwards: those of each backward function.
        constructor: those of the class.
        x: layout of the input; see `symconv.implementations.layouts`.
        f: layout of the filter.
        y: layout of the output.
        b: layout of the bias.
        forms: how sizes are said.
        passes_bias: whether a bias is given.
        filter_at: where an object keeps its filter: attribute, then key.
        bias_at: where it keeps its bias.
        order: which gradient each backward function returns at which place.
        transposed: whether the forward pass is a transposed convolution.
        arrays: whose arrays it works on.
    """

    rank: int
    forward: tuple[CallArgument, ...]
    backwards: tuple[tuple[CallArgument, ...], ...]
    constructor: tuple[CallArgument, ...]
    x: str
    f: str
    y: str = ""
    b: str = "K"
    forms: Mapping[ArgumentRole, Form] = field(default_factory=dict)
    passes_bias: bool = False
    filter_at: tuple[str, ...] | None = None
    bias_at: tuple[str, ...] | None = None
    order: tuple[tuple[str | None, ...], ...] = ()
    transposed: bool = False
    arrays: ArrayKind = ArrayKind.NUMPY

    @property
    def arguments(self) -> list[CallArgument]:
        """All arguments of constructor and forward pass."""
        return [*self.constructor, *self.forward]

    def said(self) -> set[ArgumentRole]:
        """Return every role that can be said, by an argument or an entry."""
        return {
            role
            for each in self.arguments
            for role in (each.role, *(r for _, r in each.entries))
            if role is not None
        }


def arguments(function: Any, place: NamePlace, told: Mapping[str, str]) -> tuple[CallArgument, ...]:
    """Return the arguments of a function with their roles.

    Args:
        function: a function, or a class for its constructor.
        place: where the names stand.
        told: what ``--bind`` says: the role of an argument, or of ``argument.key``.
    """
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return ()
    if parameters and parameters[0].name in ("self", "cls"):
        parameters = parameters[1:]
    usable = [p for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    names = [p.name for p in usable]
    by_name = {name: ArgumentRole(role) for name, role in told.items() if name in names}
    by_name |= {
        owner: ArgumentRole.CONFIG
        for owner in (name.partition(".")[0] for name in told if "." in name)
        if owner in names
    }
    free = [name for name in names if name not in by_name]
    roles = assign(free, place, skip={*by_name.values()} - {ArgumentRole.CONFIG}) | by_name
    _guess(usable, roles, place)
    made = []
    for p in usable:
        role = roles.get(p.name)
        entries: tuple[tuple[str, ArgumentRole], ...] = ()
        required = p.default is p.empty
        dotted = {
            name.partition(".")[2]: ArgumentRole(role_name)
            for name, role_name in told.items()
            if name.partition(".")[0] == p.name and "." in name
        }
        if role is ArgumentRole.CONFIG or dotted:
            role, entries = ArgumentRole.CONFIG, _entries(function, p.name, dotted)
            if not required and not entries:
                role = None
        default = None if required else p.default
        if isinstance(default, str) and role in (
            ArgumentRole.INPUT,
            ArgumentRole.FILTER,
            ArgumentRole.BIAS,
        ):
            role = None
        made.append(CallArgument(p.name, role, entries, required, default))
    return tuple(made)


def _guess(
    parameters: list[inspect.Parameter], roles: dict[str, ArgumentRole | None], place: NamePlace
) -> None:
    """Give the arrays that have no known name their roles by their order."""
    order = {
        NamePlace.FORWARD: [ArgumentRole.INPUT, ArgumentRole.FILTER, ArgumentRole.BIAS],
        NamePlace.BACKWARD: [ArgumentRole.UPSTREAM, ArgumentRole.CACHE],
    }.get(place, [])
    missing = [role for role in order if role not in roles.values()]
    for p in parameters:
        if roles.get(p.name) is None and p.default is p.empty and missing:
            roles[p.name] = missing.pop(0)


def _entries(
    function: Any, name: str, dotted: Mapping[str, ArgumentRole]
) -> tuple[tuple[str, ArgumentRole], ...]:
    """Return the keys that a function reads from an argument, as far as their names are known."""
    if inspect.isclass(function):
        function = function.__init__
    definition = definition_of(function, syntax(function))
    keys = [] if definition is None else [*dict.fromkeys(_keys(definition, name))]
    found = assign([k for k in keys if k not in dotted], NamePlace.CONFIG)
    found |= dotted
    return tuple((key, role) for key, role in found.items() if role is not None)


def _keys(definition: ast.AST, name: str) -> list[str]:
    keys = []
    for node in ast.walk(definition):
        match node:
            case ast.Subscript(value=ast.Name(id=owner), slice=ast.Constant(value=str(key))) if (
                owner == name
            ):
                keys.append(key)
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=owner), attr="get" | "pop" | "setdefault"),
                args=[ast.Constant(value=str(key)), *_],
            ) if owner == name:
                keys.append(key)
            case ast.Attribute(value=ast.Name(id=owner), attr=key) if owner == name and key not in (
                "get", "pop", "setdefault", "items", "keys", "values", "copy", "update",
            ):  # fmt: skip
                keys.append(key)
    return keys


def unbound(
    implementation: Implementation, groups: Mapping[str, tuple[CallArgument, ...]]
) -> ImplementationError | None:
    """Return that an argument cannot be bound, or None."""
    for function, group in groups.items():
        for each in group:
            empty = each.role is ArgumentRole.CONFIG and not each.entries
            if each.required and (each.role is None or empty):
                what = "is not known" if each.role is None else "has no key that is known"
                return ImplementationError(
                    f"{implementation.name}: argument {each.name!r} of {function} {what}; say what "
                    f"it is: --bind stride={each.name}"
                    + (".KEY" if each.role is ArgumentRole.CONFIG else "")
                    + f" (roles: {', '.join(ROLES_TO_SAY)})"
                )
    return None


ROLES_TO_SAY = ("x", "w", "b", "dy", "stride", "pad", "dilation", "groups", "cache", "None")
"""The roles that the message about an argument names; all of `ArgumentRole` are understood."""


def read_hints(text: str) -> dict[str, str]:
    """Return the role of each argument that is named, from ``x=A_prev,w=W,stride=hp.stride``.

    Raises:
        ImplementationError: an entry without ``=``, or a role that is not known.
    """
    told = {}
    known = {role.value for role in ArgumentRole}
    alike = {"f": "w", "weight": "w", "padding": "pad", "dout": "dy", "input": "x", "bias": "b",
             "filter": "w", "y": "dy"}  # fmt: skip
    for entry in filter(None, (each.strip() for each in text.split(","))):
        role, equals, name = (part.strip() for part in entry.partition("="))
        role = alike.get(role, role)
        if not equals or not name or role not in known:
            raise ImplementationError(
                f"--bind {entry!r} is not ROLE=ARGUMENT; roles are {', '.join(ROLES_TO_SAY)}, "
                "arguments are yours: --bind x=A_prev,stride=hparameters.stride"
            )
        told[name] = role
    return told
