"""Messages between this process and the one that runs somebody's file: JSON and plain arrays.

A message is a line of JSON with its length before it, and the bytes of its arrays after it.
Nothing that is received is ever run: arrays are numbers of known types, and no pickle is read.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from typing import IO, Any

import numpy as np

from symconv.implementations.calls import Ending, Run

Arrays = Mapping[str, "np.ndarray[Any, Any]"]

_LARGEST = 64 * 2**20
_KINDS = "fiub"


class BrokenMessageError(Exception):
    """What came is no message of ours."""


def send(stream: IO[bytes], data: Mapping[str, Any], arrays: Arrays | None = None) -> None:
    """Write one message."""
    arrays = arrays or {}
    kept = {k: np.ascontiguousarray(v) for k, v in arrays.items() if v.dtype.kind in _KINDS}
    heads = [[name, array.dtype.str, list(array.shape)] for name, array in kept.items()]
    head = json.dumps({"data": data, "arrays": heads}).encode()
    stream.write(struct.pack("<Q", len(head)) + head)
    for array in kept.values():
        stream.write(array.tobytes())
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]] | None:
    """Return the next message, or None where there are no more.

    Raises:
        BrokenMessageError: it is cut off, too long, or not of this form.
    """
    start = stream.read(8)
    if not start:
        return None
    try:
        (length,) = struct.unpack("<Q", start)
        if length > _LARGEST:
            raise BrokenMessageError("a message is too long")
        message = json.loads(stream.read(length))
        arrays = {}
        for name, kind, shape in message["arrays"]:
            dtype = np.dtype(kind)
            size = math.prod(shape) * dtype.itemsize
            if dtype.kind not in _KINDS or not 0 <= size <= _LARGEST:
                raise BrokenMessageError("an array is none of numbers, or too large")
            arrays[name] = np.frombuffer(stream.read(size), dtype).reshape(shape)
        return message["data"], arrays
    except (struct.error, ValueError, KeyError, TypeError) as error:
        raise BrokenMessageError(str(error)) from None


def of_runs(runs: list[Run]) -> tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]:
    """Return runs as data and arrays."""
    data: list[dict[str, Any]] = []
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    for k, run in enumerate(runs):
        data.append(
            {
                "ending": run.ending.value,
                "shapes": run.shapes,
                "message": run.message,
                "line": run.line,
                "changed": run.changed,
                "updated": run.updated,
                "extents": run.extents,
            }
        )
        arrays |= {f"{k} array {name}": array for name, array in run.arrays.items()}
        arrays |= {f"{k} table {name}": table for name, table in run.tables.items()}
    return {"runs": data}, arrays


def runs_of(data: Mapping[str, Any], arrays: Mapping[str, np.ndarray[Any, Any]]) -> list[Run]:
    """Return the runs that `of_runs` made data of.

    Raises:
        BrokenMessageError: the data are not of this form.
    """
    try:
        found = []
        for k, each in enumerate(data["runs"]):
            parts: dict[str, dict[str, np.ndarray[Any, Any]]] = {"array": {}, "table": {}}
            for key, array in arrays.items():
                number, kind, name = key.split(" ")
                if int(number) == k:
                    parts[kind][name] = array
            found.append(
                Run(
                    Ending(each["ending"]),
                    parts["array"],
                    {name: tuple(shape) for name, shape in each["shapes"].items()},
                    str(each["message"])[:300],
                    each["line"],
                    tuple(each["changed"]),
                    bool(each["updated"]),
                    parts["table"],
                    {name: tuple(shape) for name, shape in each["extents"].items()},
                )
            )
        return found
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BrokenMessageError(str(error)) from None
