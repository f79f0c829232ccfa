"""Two roads to one verdict: what was read of a program, held against what it computed.

A gradient is right for every size where both say so: it was read and proved (`every_size`), and
opaque scalars went through the code at every size that was tried and gave the terms that belong
there.  That the reader has read the program that ran is seen in its numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from symconv.implementations import layouts
from symconv.implementations.binding import CallBinding
from symconv.implementations.binding_data import digest
from symconv.implementations.calls import Ending
from symconv.implementations.every_size import EverySize, ReadPath, every_size
from symconv.implementations.judge import Examined, Survey
from symconv.implementations.report import (
    GradientReport,
    GradientVerdict,
    ImplementationReport,
    VerdictScope,
)
from symconv.implementations.sizes import TrialSizes
from symconv.implementations.symbolic_call import LEAVES, SPREADS, WrittenImplementation
from symconv.implementations.worker import BoundImplementation
from symconv.programs.evaluation import TooManyError, evaluated
from symconv.programs.gradients import UPSTREAM, ReadArray

COMPARED = 10
"""At how many sizes the numbers are compared: those with the fewest products."""


def with_proofs(
    report: ImplementationReport, survey: Survey, bound: BoundImplementation
) -> ImplementationReport:
    """Return a report in which what is proved for every size is said so.

    Args:
        report: what the runs show.
        survey: the runs.
        bound: how the implementation is called, and where it stands.
    """
    right = [each for each in report.gradients if each.verdict is GradientVerdict.RIGHT]
    if not right:
        return report
    if report.faults or not report.forward_right:
        return _unproved(report, "something else is wrong")
    if all(each.scope is not VerdictScope.THESE_SIZES for each in right):
        return _unproved(report, "opaque scalars do not go through the code")
    text = _text(bound)
    if text is None:
        return _unproved(report, "the text that ran is not that of the file")
    first, *others = bound.functions
    written = WrittenImplementation(text, bound.owner, first, tuple(others))
    square = all(len({*each.sizes.geometry.filter}) == 1 for each in survey.examined)
    found = every_size(written, bound.call, bound.face, [each.name for each in right], square)
    reason = _disagreement(survey, found, bound.call) if found.proved else None
    if reason is not None:
        return _unproved(report, reason)
    gradients = tuple(_with_proof(each, found) for each in report.gradients)
    return replace(report, gradients=gradients)


def _with_proof(each: GradientReport, found: EverySize) -> GradientReport:
    if each.verdict is not GradientVerdict.RIGHT:
        return each
    if each.name not in found.proved:
        return replace(each, unproved=found.unproved.get(each.name))
    if each.scope is not VerdictScope.THESE_SIZES:
        return replace(each, unproved="opaque scalars do not go through the code")
    return replace(each, scope=VerdictScope.EVERY_SIZE, provided=found.provided)


def _unproved(report: ImplementationReport, reason: str) -> ImplementationReport:
    gradients = tuple(
        replace(each, unproved=reason) if each.verdict is GradientVerdict.RIGHT else each
        for each in report.gradients
    )
    return replace(report, gradients=gradients)


def _text(bound: BoundImplementation) -> str | None:
    """Return the text that ran, or None where the file holds another one by now."""
    try:
        text = Path(bound.file).read_bytes()
        return text.decode() if digest(text) == bound.digest else None
    except (OSError, UnicodeDecodeError):
        return None


def _disagreement(survey: Survey, found: EverySize, binding: CallBinding) -> str | None:
    """Return at which sizes what was read is not what the code computes, or None."""
    compared = 0
    for each in sorted(survey.examined, key=lambda seen: seen.sizes.cost):
        if compared == COMPARED:
            return None
        if each.ending is not Ending.DONE or "y" not in each.arrays:
            continue
        sizes = read_sizes(each.sizes)
        if not found.speaks_of(sizes):
            continue
        paths = [path for path in found.paths if path.speaks_of(sizes, each.sizes.named)]
        if len(paths) != 1:
            return f"it is read for other sizes than {each.sizes}"
        try:
            if not _agrees(paths[0], sizes, each, survey.face.bias, binding, found.proved):
                return f"it is read otherwise than it runs at {each.sizes}"
        except TooManyError:
            continue
        compared += 1
    return None if compared else "no numbers could be compared with what was read"


def read_sizes(sizes: TrialSizes) -> dict[str, int]:
    """Return the sizes by the names that the reader gives them."""
    layer = sizes.layer
    per_group = {"C": layer.group_channels, "K": layer.filters // layer.groups}
    steps = layer.geometry.input_dilation
    spread = dict(zip(SPREADS[sizes.rank], steps, strict=True)) | {"input_dilation": steps[0]}
    return dict(sizes.letters) | per_group | spread


def _agrees(
    path: ReadPath,
    sizes: Mapping[str, int],
    seen: Examined,
    bias: bool,
    binding: CallBinding,
    names: frozenset[str],
) -> bool:
    """Whether what was read gives the numbers that the code gave."""
    assert seen.probe is not None
    leaves = seen.probe.leaves(seen.sizes.layer, bias)
    ours = dict(zip("xfy", layouts.OURS[binding.rank], strict=True)) | {"b": "K"}
    theirs = {"x": binding.x, "f": binding.f, "y": binding.y, "b": binding.b}
    y = seen.arrays["y"]
    dy = seen.probe.upstream(y.shape)
    given = {
        name: layouts.to_theirs(np.asarray(array, np.float64), ours[role], theirs[role])
        for name, role, array in (
            ("X", "x", leaves.x), ("F", "f", leaves.f), ("b", "b", leaves.b), (UPSTREAM, "y", dy)
        )
        if array is not None
    }  # fmt: skip

    def same(array: ReadArray, right: NDArray[np.generic], role: str) -> bool:
        numbers = evaluated(array, sizes, given)
        found = layouts.to_ours(numbers, ours[role], theirs[role])
        if found is None or found.shape != right.shape:
            return False
        return bool(np.allclose(found, right.astype(np.float64), rtol=1e-9, atol=1e-6))

    program = path.program
    if not same(program.forward, y, "y"):
        return False
    roles = {"dX": "x", "dF": "f", "db": "b"}
    for name in names:
        if name not in seen.arrays:
            return False
        right = np.reshape(seen.arrays[name], -1) if name == "db" else seen.arrays[name]
        if not same(program.gradients[LEAVES[name]], right, roles[name]):
            return False
    return True
