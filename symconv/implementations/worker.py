"""Runs somebody's file in a child process, with limits, and starts it anew where it dies."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from symconv.implementations import probes, wire
from symconv.implementations.binding import CallBinding
from symconv.implementations.binding_data import call_binding
from symconv.implementations.calls import Ending, Run
from symconv.implementations.interface import Interface, interface
from symconv.implementations.probes import Probe
from symconv.implementations.sizes import TrialSizes, packed, unpacked
from symconv.implementations.source import ImplementationError

_BINDING = 6.0
"""Seconds that are enough for the search for a binding, which is many calls."""

_LOADING = 8.0
"""Seconds that are enough to import a file with its libraries."""

_STARTING = 20.0
"""Seconds that are enough to start Python, on a busy machine too."""

_TRIALS = 3
"""How often a backward pass is tried, at most, to see what it returns."""

_PATIENCE = 5
"""A library that compiles may take so many times as long."""

_DEATHS = 2
"""After so many deaths an implementation is not run any more."""


class DeadChildError(Exception):
    """The child process ended, or was ended, before it answered."""


@dataclass(frozen=True, slots=True)
class BoundImplementation:
    """What the child says of an implementation once its forward pass is understood.

    Attributes:
        face: what can be asked of it.
        base: sizes that it takes.
        convolution: whether its forward pass is a convolution there.
        binding: what was bound, in one line.
        file: the file in which its forward pass stands.
        functions: names and lines of the forward function and the backward ones.
        call: how it is called.
        owner: the name of its class, or None.
        digest: of the text that ran (`binding_data.digest`), or None: it is not known.
    """

    face: Interface
    base: TrialSizes
    convolution: bool
    binding: str
    file: str
    functions: tuple[tuple[str, int], ...]
    call: CallBinding
    owner: str | None
    digest: str | None


class Worker:
    """One file in a child process."""

    def __init__(self, path: str, name: str | None, timeout: float) -> None:
        """Note what to run; nothing runs yet.

        Args:
            path: a Python file, or the dotted name of a module.
            name: what to judge in it, or None: all that is found.
            timeout: seconds that one answer may take.
        """
        self.path, self.name, self.timeout = path, name, timeout
        self.process: subprocess.Popen[bytes] | None = None
        self.incoming: IO[bytes] | None = None
        self.outgoing: IO[bytes] | None = None
        self.bindings: dict[int, dict[str, str]] = {}
        self.blind: set[int] = set()
        self.in_backward = False
        self.left_out: tuple[str, ...] = ()
        self.patience: list[int] = []

    def load(self) -> list[tuple[str, int]]:
        """Return names and lines of the implementations in the file.

        Raises:
            ImplementationError: it cannot be imported, or holds none.
        """
        try:
            answer = self._load()
        except DeadChildError as error:
            raise ImplementationError(f"{self.path}: it cannot be imported: {error}") from None
        except ImplementationError as error:
            raise ImplementationError(f"{self.path}: {error}") from None
        self.left_out = tuple(map(str, answer["left_out"]))
        self.patience = [min(int(times), _PATIENCE) for times in answer["patience"]]
        return [(str(name), int(line)) for name, line in answer["names"]]

    def _load(self) -> dict[str, Any]:
        """Start the process and let it import the file."""
        request = {"ask": "load", "path": self.path, "name": self.name}
        return self._ask(request, max(self.timeout, min(4 * self.timeout, _LOADING)))[0]

    def bind(self, which: int, told: dict[str, str]) -> BoundImplementation:
        """Return how an implementation is called.

        Raises:
            ImplementationError: it cannot be.
        """
        try:
            answer = self._bind(which, told)
        except DeadChildError as error:
            raise ImplementationError(
                f"{self.path}: it cannot be judged: {error} while its forward pass was tried; "
                "judge another one with FILE:NAME, or give it more time with --timeout"
            ) from None
        except ImplementationError as error:
            raise ImplementationError(f"{self.path}: {error}") from None
        self.bindings[which] = told
        return BoundImplementation(
            interface(answer["interface"]),
            unpacked(answer["base"]),
            answer["convolution"],
            answer["binding"],
            answer["file"],
            tuple((name, line) for name, line in answer["functions"]),
            call_binding(answer["call"]),
            answer["owner"],
            answer["digest"],
        )

    def _bind(self, which: int, told: dict[str, str]) -> dict[str, Any]:
        """Ask for a binding; where the backward pass kills the process, without running it."""
        request = {"ask": "bind", "which": which, "told": told, "backward": True}
        if which in self.blind:
            request["backward"] = False
        try:
            self._loaded()
            return self._ask(request, self._binding(which))[0]
        except DeadChildError:
            if which in self.blind or not self.in_backward:
                raise
            self.blind.add(which)
            self._loaded()
            return self._ask({**request, "backward": False}, self._binding(which))[0]

    def _binding(self, which: int) -> float:
        """Return how many seconds the search for a binding may take."""
        return max(self.timeout, min(4 * self.timeout, _BINDING)) * self.patience[which]

    def _loaded(self) -> None:
        """Start the process and load the file, where it is not running."""
        if self.process is None:
            self._load()

    def run(
        self,
        which: int,
        sizes: TrialSizes,
        asked: Sequence[Probe | None],
        edit: tuple[int, str] | None = None,
    ) -> list[Run]:
        """Run an implementation; see `symconv.implementations.judge.JudgedSubject`.

        Args:
            which: its number in the file.
            sizes: the sizes.
            asked: the probes; None: opaque scalars.
            edit: the number of a line, and what it is to be; None: none.

        Raises:
            DeadChildError: the process ended.
        """
        self._revive(which)
        drawn = [None if each is None else probes.packed(each) for each in asked]
        request = {"ask": "run", "which": which, "sizes": packed(sizes), "probes": drawn}
        request["edit"] = edit
        answer, arrays = self._ask(request, self.timeout * self.patience[which])
        try:
            runs = wire.runs_of(answer, arrays)
        except wire.BrokenMessageError:
            self.close()
            raise DeadChildError("it answers nonsense") from None
        if len(runs) != len(asked):
            self.close()
            raise DeadChildError("it answers nonsense")
        return runs

    def _revive(self, which: int) -> None:
        if self.process is None:
            self._bind(which, self.bindings[which])

    def _ask(
        self, request: dict[str, Any], timeout: float | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        if self.process is None:
            self._start()
            self._exchange(None, _STARTING)
        self.in_backward = False
        answer, arrays = self._exchange(request, timeout or self.timeout)
        for _ in range(_TRIALS):
            if answer.get("next") != "backward":
                break
            self.in_backward = True
            answer, arrays = self._exchange({"ask": "go on"}, timeout or self.timeout)
        if not answer.get("ok"):
            raise ImplementationError(str(answer.get("error", "it gives no reason"))[:600])
        return answer, arrays

    def _exchange(
        self, request: dict[str, Any] | None, limit: float
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Send a request, if there is one, and return the message that comes back in time."""
        assert self.incoming is not None
        assert self.outgoing is not None
        try:
            if request is not None:
                wire.send(self.outgoing, request)
            ready = bool(select.select([self.incoming.fileno()], [], [], limit)[0])
            received = wire.receive(self.incoming) if ready else None
        except (OSError, wire.BrokenMessageError):
            ready, received = True, None
        if received is None:
            raise DeadChildError(self._obituary(ready, limit))
        return received

    def _obituary(self, ready: bool, limit: float) -> str:
        """Return why the process did not answer, and end it."""
        process = self.process
        assert process is not None
        if not ready:
            self.close()
            return f"it takes longer than {limit:g} s (an endless loop?)"
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
        status = process.returncode
        self.close()
        if status is None:
            return "it closes the pipe that answers go through"
        if status < 0:
            names: dict[int, str] = {
                signal.SIGSEGV: "a segmentation fault",
                signal.SIGXCPU: "its time being up",
                signal.SIGKILL: "being killed (out of memory?)",
            }
            return f"the process ends by {names.get(-status, f'signal {-status}')}"
        return f"the process ends by itself (exit status {status})"

    def _start(self) -> None:
        requests, theirs_in = os.pipe()[0:2]
        answers, theirs_out = os.pipe()[0:2]
        environment = {
            **os.environ,
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            "JAX_PLATFORMS": "cpu",
            "JAX_ENABLE_X64": "1",
            "XLA_FLAGS": "--xla_backend_optimization_level=0",  # each size is compiled anew
            "MPLBACKEND": "agg",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": os.pathsep.join(_path()),
        }
        given = requests, theirs_out, int(20 * self.timeout) + 60
        self.process = subprocess.Popen(
            [sys.executable, "-m", "symconv.implementations.child", *map(str, given)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(requests, theirs_out),
            env=environment,
            start_new_session=True,
        )
        os.close(requests)
        os.close(theirs_out)
        self.outgoing = os.fdopen(theirs_in, "wb")
        self.incoming = os.fdopen(answers, "rb", buffering=2**20)

    def close(self) -> None:
        """End the process and all that it started."""
        process, self.process = self.process, None
        if process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for stream in (self.incoming, self.outgoing):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self.incoming = self.outgoing = None


def _path() -> list[str]:
    """Return where the child finds this package."""
    here = str(Path(__file__).resolve().parents[2])
    before = os.environ.get("PYTHONPATH", "")
    return [here, *filter(None, before.split(os.pathsep))]


class RemoteSubject:
    """An implementation in a child process, which is started anew where it dies."""

    def __init__(self, worker: Worker, which: int, edit: tuple[int, str] | None = None) -> None:
        self.worker, self.which, self.edit = worker, which, edit
        self.deaths = 0
        self.last = ""
        self.edits: list[RemoteSubject] = []

    def run(self, sizes: TrialSizes, asked: Sequence[Probe | None]) -> list[Run]:
        """Run on each probe; a death of the process is an ending, and not ours."""
        if self.deaths >= _DEATHS:
            return [Run(Ending.DIED, message=self.last)] * len(asked)
        try:
            return self.worker.run(self.which, sizes, asked, self.edit)
        except (DeadChildError, ImplementationError) as error:
            slow = "takes longer" in str(error) or self.which in self.worker.blind
            self.deaths += _DEATHS if slow else 1
            self.last = str(error)
            return [Run(Ending.DIED, message=self.last)] * len(asked)

    def with_edit(self, line: int, text: str) -> RemoteSubject | None:
        """Return what runs with another line in its text; None where one of these has died."""
        if self.deaths or any(each.deaths for each in self.edits):
            return None
        self.edits.append(RemoteSubject(self.worker, self.which, (line, text)))
        return self.edits[-1]
