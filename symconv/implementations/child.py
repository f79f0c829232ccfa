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
from pathlib import Path
from typing import Any

from symconv.errors import described
from symconv.implementations import excerpts, probes, source, trials, wire
from symconv.implementations.binding_data import binding_data, digest
from symconv.implementations.calls import Ending, Run
from symconv.implementations.frameworks import kind_of
from symconv.implementations.interface import Form
from symconv.implementations.local import LocalSubject
from symconv.implementations.roles import ArgumentRole
from symconv.implementations.sizes import packed, unpacked
from symconv.implementations.snippets import SnippetError, is_document

_MEMORY = 4 * 2**30
_FILES = 64 * 2**20


class Server:
    """Holds what one file defines."""

    def __init__(self, before_backward: Callable[[], None]) -> None:
        self.before_backward = before_backward
        self.file = ""
        self.digest: str | None = None
        self.known: list[source.Implementation] = []
        self.subjects: dict[int, LocalSubject] = {}
        self.edit: tuple[Any, ...] = ()
        self.edited: LocalSubject | None = None

    def answer(self, request: dict[str, Any]) -> tuple[dict[str, Any], wire.Arrays]:
        """Return the answer to a request, as data and arrays.

        Raises:
            ImplementationError: the file or the implementation cannot be judged.
        """
        match request["ask"]:
            case "load":
                self.file = request["path"]
                return self._loaded(request["name"]), {}
            case "bind":
                return self._bound(request["which"], request["told"], request["backward"]), {}
            case "run":
                subject = self._subject(request["which"], request["edit"])
                if subject is None:
                    refused = Run(Ending.REFUSED, message="it is no program")
                    return wire.of_runs([refused] * len(request["probes"]))
                asked = [each and probes.unpacked(each) for each in request["probes"]]
                runs = subject.run(unpacked(request["sizes"]), asked)
                return wire.of_runs(runs)
        raise ValueError(request["ask"])

    def _subject(self, which: int, edit: list[Any] | None) -> LocalSubject | None:
        """Return what runs, the edited one made once; None: that is no program."""
        if edit is None:
            return self.subjects[which]
        key = (which, *edit)
        if key != self.edit:
            self.edit, self.edited = key, self.subjects[which].with_edit(*edit)
        return self.edited

    def _loaded(self, wanted: str | None) -> dict[str, Any]:
        left_out: tuple[str, ...] = ()
        if is_document(self.file):
            try:
                module, left_out = excerpts.run(self.file)
            except (OSError, ValueError, SnippetError) as error:
                raise source.ImplementationError(f"it cannot be read: {error}") from None
        else:
            before = _digest(self.file)
            module = source.load(self.file)
            self.digest = before if before == _digest(self.file) else None
        try:
            self.known = (
                source.candidates(module) if wanted is None else [source.named(module, wanted)]
            )
        except source.ImplementationError as error:
            more = f"; left out: {self.file}:{left_out[0]}" if left_out else ""
            raise source.ImplementationError(f"{error}{more}") from None
        names = [[each.name, each.line] for each in self.known]
        patience = [kind_of(each.functions()).patience for each in self.known]
        if max(patience) > 1:
            _limit_time(max(patience))
        return {"names": names, "left_out": left_out, "patience": patience}

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
            "call": binding_data(found.binding),
            "owner": None if implementation.owner is None else implementation.owner.__name__,
            "digest": self.digest if _same_file(subject.caller.file, self.file) else None,
            "functions": [
                [f.__name__, f.__code__.co_firstlineno]
                for f in map(source.plain, implementation.functions())
                if hasattr(f, "__code__")
            ],
        }


def _digest(path: str) -> str | None:
    """Return what tells a file from others, or None where there is none."""
    try:
        return digest(Path(path).read_bytes())
    except OSError:
        return None


def _same_file(left: str, right: str) -> bool:
    return Path(left).resolve() == Path(right).resolve()


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


def _limit_time(times: int) -> None:
    """Let this process take longer by a factor, as far as its limit can be raised."""
    seconds, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (min(times * seconds, most), most))


def _limit(seconds: int) -> None:
    """Limit this process: memory, time, what it writes to files."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    most = 10 * seconds if hard == resource.RLIM_INFINITY else min(10 * seconds, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (min(seconds, most), most))
    for kind, amount in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_FSIZE, _FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        most = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    _limit(int(sys.argv[3]))
    serve(int(sys.argv[1]), int(sys.argv[2]))
