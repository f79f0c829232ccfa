"""A binding as JSON data: what the process that runs the file says of it to the one that asks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from symconv.implementations.binding import CallArgument, CallBinding
from symconv.implementations.interface import Form
from symconv.implementations.roles import ArgumentRole

_PLAIN = ("rank", "x", "f", "y", "b", "passes_bias", "transposed")


def digest(text: bytes) -> str:
    """Return what tells one text from all others."""
    return hashlib.sha256(text).hexdigest()


def binding_data(binding: CallBinding) -> dict[str, Any]:
    """Return a binding as JSON data; of defaults, texts alone are kept."""
    return {name: getattr(binding, name) for name in _PLAIN} | {
        "forward": [_argument_data(each) for each in binding.forward],
        "constructor": [_argument_data(each) for each in binding.constructor],
        "backwards": [[_argument_data(each) for each in group] for group in binding.backwards],
        "forms": {role.value: form.value for role, form in binding.forms.items()},
        "filter_at": binding.filter_at,
        "bias_at": binding.bias_at,
        "order": binding.order,
    }


def call_binding(data: dict[str, Any]) -> CallBinding:
    """Return the binding that `binding_data` made data of."""
    return CallBinding(
        **{name: data[name] for name in _PLAIN},
        forward=_arguments(data["forward"]),
        constructor=_arguments(data["constructor"]),
        backwards=tuple(map(_arguments, data["backwards"])),
        forms={ArgumentRole(role): Form(form) for role, form in data["forms"].items()},
        filter_at=_path(data["filter_at"]),
        bias_at=_path(data["bias_at"]),
        order=tuple(map(tuple, data["order"])),
    )


def _argument_data(each: CallArgument) -> dict[str, Any]:
    return {
        "name": each.name,
        "role": each.role and each.role.value,
        "entries": [[key, role.value] for key, role in each.entries],
        "required": each.required,
        "default": each.default if isinstance(each.default, str) else None,
    }


def _arguments(data: Iterable[dict[str, Any]]) -> tuple[CallArgument, ...]:
    return tuple(
        CallArgument(
            each["name"],
            each["role"] and ArgumentRole(each["role"]),
            tuple((key, ArgumentRole(role)) for key, role in each["entries"]),
            each["required"],
            each["default"],
        )
        for each in data
    )


def _path(data: list[str] | None) -> tuple[str, ...] | None:
    return None if data is None else tuple(data)
