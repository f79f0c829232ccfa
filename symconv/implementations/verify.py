"""Verifies files: each in a child process, each implementation by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from symconv.errors import SymconvError, described, traced
from symconv.implementations.agreement import with_proofs
from symconv.implementations.diagnosis import Named, diagnose
from symconv.implementations.judge import survey
from symconv.implementations.lines import BackwardSource
from symconv.implementations.mends import with_mends
from symconv.implementations.report import ImplementationReport, VerifyReport
from symconv.implementations.snippets import NOTEBOOKS, is_document
from symconv.implementations.source import ImplementationError
from symconv.implementations.worker import RemoteSubject, Worker

TIMEOUT = 5.0
"""Seconds that one call of somebody's code may take."""


def targets(paths: list[str]) -> Iterator[tuple[str, str | None]]:
    """Yield every file with the name to judge in it: ``FILE``, ``FILE:NAME``, a folder, a module.

    Raises:
        ImplementationError: there is no such file, or it is none of Python.
    """
    for given in paths:
        path, _, name = given.partition(":") if not Path(given).exists() else (given, "", "")
        file = Path(path)
        if file.is_dir():
            found = sorted(
                each
                for each in file.rglob("*")
                if each.suffix in (".py", *NOTEBOOKS)
                and not each.name.startswith(("test_", "_"))
                and ".ipynb_checkpoints" not in each.parts
            )
            if not found:
                raise ImplementationError(
                    f"{path}: no Python file and no notebook in this folder; Markdown is given by "
                    "its name"
                )
            yield from ((str(each), None) for each in found)
        elif file.suffix == ".py" or is_document(path) or file.exists():
            if not file.is_file():
                raise ImplementationError(f"{path}: no such file")
            if file.suffix != ".py" and not is_document(path):
                raise ImplementationError(
                    f"{path}: it is no file of Python, no notebook and no Markdown; give "
                    "FILE.py[:NAME]"
                )
            yield path, name or None
        elif all(part.isidentifier() for part in path.split(".")):
            yield path, name or None
        else:
            raise ImplementationError(f"{path}: no such file")


def verify(
    paths: list[str],
    told: dict[str, str] | None = None,
    timeout: float = TIMEOUT,
    seed: int = 0,
    watch: Callable[[str], None] = lambda _: None,
) -> VerifyReport:
    """Return what is said of the implementations in files.

    Args:
        paths: see `targets`.
        told: what ``--bind`` says.
        timeout: seconds that one call may take.
        seed: what sizes are drawn by.
        watch: told of each implementation before it is judged.
    """
    several = len(paths) > 1 or any(Path(path).is_dir() for path in paths)
    reports: list[ImplementationReport] = []
    errors: list[str] = []
    for path, name in targets(paths):
        worker = Worker(path, name, timeout)
        try:
            for which, (label, _) in enumerate(worker.load()):
                watch(f"{path}:{label}")
                try:
                    report = _judged(worker, which, label, told or {}, seed)
                    reports.append(replace(report, left_out=worker.left_out if not which else ()))
                except ImplementationError as error:
                    errors.append(str(error))
        except ImplementationError as error:
            if "no convolution with a backward pass" not in str(error) or not several:
                errors.append(str(error))
        finally:
            worker.close()
    if not reports and not errors:
        errors.append(f"{paths[0]}: no convolution with a backward pass was found in any file")
    return VerifyReport(tuple(reports), tuple(errors))


def _judged(
    worker: Worker, which: int, label: str, told: dict[str, str], seed: int
) -> ImplementationReport:
    bound = worker.bind(which, told)
    if not bound.convolution:
        raise ImplementationError(
            f"{worker.path}: {label}: the forward pass is no convolution at {bound.base}, in any "
            "layout; say what its arguments are, --bind x=NAME,w=NAME, or judge FILE:NAME"
        )
    subject = RemoteSubject(worker, which)
    try:
        seen = survey(subject, bound.face, bound.base, seed)
        named = Named(worker.path, label, bound.binding, bound.file, bound.functions)
        report = with_mends(
            diagnose(named, seen), seen, subject, BackwardSource(named.file, named.functions)
        )
        return with_proofs(report, seen, bound)
    except SymconvError:
        raise
    except Exception as error:
        said = described(traced(error))
        raise ImplementationError(f"{worker.path}: {label}: {said}") from None
