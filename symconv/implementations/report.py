"""What `verify` has to say of implementations: records, and the contract ``symconv.verify/1``.

{"schema", "implementations": [{"path", "name", "binding", "forward": {"verdict", "reason"},
  "gradients": [{"name", "verdict", "scope", "where", "code", "message", "formula", "belongs",
    "mend", "table", "line", "cell", "column", "sizes"}],
  "faults": [{"code", "message", "line", "cell"}],
  "conventions": [..], "refusals": [..], "left_out": [..], "geometries": [{"sizes", "outcome"}]}],
 "errors": [..]}
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from symconv.implementations.lines import SourceLine
from symconv.implementations.sizes import TrialSizes

SCHEMA = "symconv.verify/1"


class GradientVerdict(enum.Enum):
    """What is said of one gradient."""

    RIGHT = "right"
    WRONG = "wrong"
    CRASH = "crash"
    ABSENT = "absent"
    NOT_JUDGED = "not-judged"


class VerdictScope(enum.Enum):
    """How far a verdict holds."""

    EVERY_SIZE = "every size"
    THESE_SIZES = "these sizes"
    TESTED = "tested"


@dataclass(frozen=True, slots=True)
class GradientTerm:
    """One product in a gradient.

    Attributes:
        dy: the index of its element of dL/dY, (n, k, p, q).
        other: the index of its element of F in dX, of X in dF; None in the bias gradient.
        coefficient: what it is multiplied by.
    """

    dy: tuple[int, ...]
    other: tuple[int, ...] | None
    coefficient: float


@dataclass(frozen=True, slots=True)
class ElementTerms:
    """The terms of one element of a gradient.

    Attributes:
        gradient: dX, dF or db.
        shape: the extents of the gradient.
        output: the extents of Y.
        element: its index.
        computes: the terms that are there.
        belongs: those that belong.
        differing: the indices of all elements whose terms differ.
    """

    gradient: str
    shape: tuple[int, ...]
    output: tuple[int, ...]
    element: tuple[int, ...]
    computes: tuple[GradientTerm, ...]
    belongs: tuple[GradientTerm, ...]
    differing: frozenset[tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class TermDifference:
    """One element of a gradient: the terms that are there, and those that belong.

    Attributes:
        element: the element, in words.
        computes: the sum that is there, in words.
        belongs: the sum that belongs, in words.
        terms: both by their indices; None where some are no products of two tensors.
    """

    element: str
    computes: str
    belongs: str
    terms: ElementTerms | None = None


@dataclass(frozen=True, slots=True)
class SourceMend:
    """A line under which a gradient is right, as it was run.

    Attributes:
        text: the line, without its indentation.
        sizes: at how many sizes it was tried.
    """

    text: str
    sizes: int


@dataclass(frozen=True, eq=False)
class GradientReport:
    """What is said of one gradient.

    Attributes:
        name: dX, dF or db.
        verdict: the verdict.
        scope: how far it holds.
        sizes: at how many sizes it was looked at.
        where: where it is wrong, in one sentence.
        code: the kind of fault.
        message: the fault in one sentence.
        formula: what it computes, where that is known.
        belongs: what belongs there.
        table: one element with its terms.
        line: where in the file: the line of the mend where there is one.
        example: the sizes that show it best.
        mend: what the line should be.
        provided: where it is proved for every size, conditions on sizes under which that is so.
        unproved: why it is not proved for every size, where it is right.
    """

    name: str
    verdict: GradientVerdict
    scope: VerdictScope | None = None
    sizes: int = 0
    where: str | None = None
    code: str | None = None
    message: str | None = None
    formula: str | None = None
    belongs: str | None = None
    table: TermDifference | None = None
    line: SourceLine | None = None
    example: TrialSizes | None = None
    mend: SourceMend | None = None
    provided: tuple[str, ...] = ()
    unproved: str | None = None

    @property
    def is_fault(self) -> bool:
        """Whether the gradient is wrong or crashes."""
        return self.verdict in (GradientVerdict.WRONG, GradientVerdict.CRASH)


@dataclass(frozen=True, slots=True)
class ContractFault:
    """Something else that is wrong: inputs changed, runs that differ, a forward pass at fault."""

    code: str
    message: str
    line: SourceLine | None = None


@dataclass(frozen=True, eq=False)
class ImplementationReport:
    """What is said of one implementation.

    Attributes:
        path: the file, as it was given.
        name: the class or the forward function.
        binding: what was bound, in one line.
        forward: what the forward pass is, in words.
        forward_right: whether it is a convolution at all sizes that it takes.
        gradients: dX, dF and db.
        faults: what else is wrong.
        conventions: what is not an error, one note each.
        refusals: what it does not take, so that nothing is said of it.
        geometries: the sizes that were tried, with what came out.
        taken: how many of them it takes.
        left_out: of a notebook or Markdown, what did not run: a place and the reason.
    """

    path: str
    name: str
    binding: str
    forward: str
    forward_right: bool
    gradients: tuple[GradientReport, ...]
    faults: tuple[ContractFault, ...]
    conventions: tuple[str, ...]
    refusals: tuple[str, ...]
    geometries: tuple[tuple[TrialSizes, str], ...]
    taken: int
    left_out: tuple[str, ...] = ()

    @property
    def is_wrong(self) -> bool:
        """Whether something is wrong."""
        return bool(self.faults) or any(each.is_fault for each in self.gradients)

    @property
    def is_judged(self) -> bool:
        """Whether a verdict was said on any gradient."""
        return self.is_wrong or any(g.verdict is GradientVerdict.RIGHT for g in self.gradients)


@dataclass(frozen=True, eq=False)
class VerifyReport:
    """All that was judged, and what could not be."""

    implementations: tuple[ImplementationReport, ...]
    errors: tuple[str, ...] = ()

    @property
    def status(self) -> int:
        """The exit status: 0 right, 1 wrong, 2 nothing judged, or a file that could not be."""
        if any(each.is_wrong for each in self.implementations):
            return 1
        judged = [each for each in self.implementations if each.is_judged]
        return 0 if judged and not self.errors else 2


def as_data(report: VerifyReport) -> dict[str, Any]:
    """Return a report as JSON data."""
    return {
        "schema": SCHEMA,
        "implementations": [_implementation(each) for each in report.implementations],
        "errors": list(report.errors),
    }


def _implementation(each: ImplementationReport) -> dict[str, Any]:
    return {
        "path": each.path,
        "name": each.name,
        "binding": each.binding,
        "forward": {
            "verdict": "right" if each.forward_right else "wrong",
            "reason": each.forward,
        },
        "gradients": [_gradient(gradient) for gradient in each.gradients],
        "faults": [
            {
                "code": fault.code,
                "message": fault.message,
                "line": fault.line and fault.line.number,
                "cell": fault.line and fault.line.place.cell,
            }
            for fault in each.faults
        ],
        "conventions": list(each.conventions),
        "refusals": list(each.refusals),
        "left_out": list(each.left_out),
        "geometries": [
            {"sizes": sizes.as_data(), "outcome": outcome} for sizes, outcome in each.geometries
        ],
    }


def _gradient(each: GradientReport) -> dict[str, Any]:
    table = each.table
    return {
        "name": each.name,
        "verdict": each.verdict.value,
        "scope": each.scope and each.scope.value,
        "where": each.where,
        "code": each.code,
        "message": each.message,
        "formula": each.formula,
        "belongs": each.belongs,
        "mend": each.mend and {"text": each.mend.text, "sizes": each.mend.sizes},
        "table": table
        and {"element": table.element, "computes": table.computes, "belongs": table.belongs},
        "line": each.line and each.line.number,
        "cell": each.line and each.line.place.cell,
        "column": each.line and each.line.column,
        "sizes": each.example and each.example.as_data(),
        "provided": list(each.provided),
        "unproved": each.unproved,
    }


def counts(reports: Sequence[ImplementationReport]) -> tuple[int, int, int]:
    """Return how many gradients are right, wrong, and not judged."""
    every = [gradient for each in reports for gradient in each.gradients]
    right = sum(g.verdict is GradientVerdict.RIGHT for g in every)
    wrong = sum(g.is_fault for g in every)
    return right, wrong, len(every) - right - wrong
