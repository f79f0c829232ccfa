"""The process that runs somebody's file: it answers requests until the other end closes.

Started as ``python -m symconv.implementations.child REQUESTS ANSWERS SECONDS`` with two file
descriptors.  It limits itself before it reads the file.  Standard input is closed, and what the
file prints goes nowhere.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable
from typing import Any

from symconv.errors import described
from symconv.implementations import probes, source, trials, wire
from symconv.implementations.interface import Form
from symconv.implementations.local import LocalSubject
from symconv.implementations.roles import ArgumentRole
from symconv.implementations.sizes import packed, unpacked

_MEMORY = 4 * 2**30
_FILES = 64 * 2**20


class Server:
    """Holds what one file defines."""

    def __init__(self, before_backward: Callable[[], None]) -> None:
        self.before_backward = before_backward
        self.file = ""
        self.known: list[source.Implementation] = []
        self.subjects: dict[int, LocalSubject] = {}

    def answer(self, request: dict[str, Any]) -> tuple[dict[str, Any], wire.Arrays]:
        """Return the answer to a request, as data and arrays.

        Raises:
            ImplementationError: the file or the implementation cannot be judged.
        """
        match request["ask"]:
            case "load":
                self.file = request["path"]
                module = source.load(self.file)
                wanted = request["name"]
                self.known = (
                    source.candidates(module) if wanted is None else [source.named(module, wanted)]
                )
                return {"names": [[each.name, each.line] for each in self.known]}, {}
            case "bind":
                return self._bound(request["which"], request["told"], request["backward"]), {}
            case "run":
                subject = self.subjects[request["which"]]
                asked = [each and probes.unpacked(each) for each in request["probes"]]
                runs = subject.run(unpacked(request["sizes"]), asked)
                return wire.of_runs(runs)
        raise ValueError(request["ask"])

    def _bound(self, which: int, told: dict[str, str], backward: bool) -> dict[str, Any]:
        implementation = self.known[which]
        found = trials.find(implementation, told, self.before_backward if backward else None)
        subject = self.subjects[which] = LocalSubject(implementation, found)
        return {
            "interface": found.interface.as_data(),
            "base": packed(found.base),
            "convolution": found.reading is not None,
            "binding": describe(found),
            "file": subject.caller.file,
            "functions": [
                [f.__name__, f.__code__.co_firstlineno]
                for f in map(_plain, implementation.functions())
            ],
        }


def _plain(function: Any) -> Any:
    return getattr(function, "__func__", function)


def describe(found: trials.Found) -> str:
    """Return what was bound, in one line."""
    binding = found.binding
    said = []
    for each in binding.arguments:
        if each.role is not None and each.role is not ArgumentRole.CONFIG:
            said.append(
                each.name if each.name == each.role.value else f"{each.name} is {each.role.value}"
            )
        said += [f"{each.name}.{key} is {role.value}" for key, role in each.entries]
    places = [
        f"{'.'.join(at)} is {role}"
        for at, role in ((binding.filter_at, "w"), (binding.bias_at, "b"))
        if at is not None
    ]
    tuples = [
        r.value for r, form in binding.forms.items() if form in (Form.EACH, Form.PAIRS, Form.FLAT)
    ]
    shown = [r for r in tuples if any(r == (a.role and a.role.value) for a in binding.arguments)]
    layout = f"x {binding.x}, w {binding.f}, y {binding.y}"
    more = f"; tuples for {' and '.join(shown)}" if shown else ""
    return f"{layout}; {', '.join([*said, *places])}{more}"


def serve(requests: int, answers: int) -> None:
    """Answer requests until there are no more."""
    with os.fdopen(requests, "rb") as incoming, os.fdopen(answers, "wb") as outgoing:

        def before_backward() -> None:
            """Say that the backward pass comes next, and wait until that was heard."""
            wire.send(outgoing, {"ok": True, "next": "backward"})
            wire.receive(incoming)

        server = Server(before_backward)
        wire.send(outgoing, {"ok": True, "next": "file"})
        while (received := wire.receive(incoming)) is not None:
            try:
                data, arrays = server.answer(received[0])
                wire.send(outgoing, {"ok": True, **data}, arrays)
            except source.ImplementationError as error:
                wire.send(outgoing, {"ok": False, "error": str(error)})
            except MemoryError:
                wire.send(outgoing, {"ok": False, "error": "it takes too much memory"})
            except SystemExit:
                wire.send(outgoing, {"ok": False, "error": "it ends the process (sys.exit)"})
            except Exception as error:
                wire.send(outgoing, {"ok": False, "error": described(error)})


def _limit(seconds: int) -> None:
    """Limit this process: memory, time, what it writes to files."""
    for kind, amount in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, _FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        most = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    _limit(int(sys.argv[3]))
    serve(int(sys.argv[1]), int(sys.argv[2]))
