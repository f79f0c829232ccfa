"""The edit of one line under which a gradient is right: found by running the edited program.

A mend is told where the edited program gives the gradient of the forward pass at every size that
was planned and at further ones, no other gradient suffers, and no other edit of its kind does the
same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from symconv.implementations.edits import EditKind, LineEdit, edits, kinds_for
from symconv.implementations.judge import Examiner, JudgedSubject, Outcome, Survey
from symconv.implementations.lines import BackwardSource
from symconv.implementations.report import GradientReport, ImplementationReport, SourceMend
from symconv.implementations.sizes import TrialSizes

MOST = 320
"""So many edits are tried for one gradient."""

_FURTHER = 16
"""At so many sizes beside the planned ones a mend is tried."""


class EditableSubject(JudgedSubject, Protocol):
    """What can be run with a line of its text changed."""

    def with_edit(self, line: int, text: str) -> JudgedSubject | None:
        """Return what runs with another line in its text, or None where that cannot be run."""


def with_mends(
    report: ImplementationReport, survey: Survey, subject: EditableSubject, source: BackwardSource
) -> ImplementationReport:
    """Return a report whose wrong gradients have their mends, as far as one was found.

    Args:
        report: what the runs show.
        survey: the runs.
        subject: what is run.
        source: the text of the backward pass.
    """
    if not any(each.is_fault for each in report.gradients):
        return report
    search = _MendSearch(survey, subject, source)
    gradients = tuple(
        search.mended(each) if each.is_fault and each.code != "V305" else each
        for each in report.gradients
    )
    return replace(report, gradients=gradients)


class _MendSearch:
    def __init__(self, survey: Survey, subject: EditableSubject, source: BackwardSource) -> None:
        self.survey, self.subject, self.source = survey, subject, source
        self.examiners: dict[LineEdit, Examiner] = {}
        self.planned = [each for each in survey.examined if each.reading is not None]
        pool = survey.pool.draw(4 * _FURTHER, survey.accepts)
        self.further = [sizes for sizes in pool if sizes not in survey.examiner.seen][:_FURTHER]

    def mended(self, gradient: GradientReport) -> GradientReport:
        """Return what is said of a gradient with its mend, or as it is."""
        name, tried = gradient.name, 0
        failing = sorted(
            (each.sizes for each in self.planned if each.is_wrong(name)),
            key=lambda sizes: sizes.cost,
        )
        # A mean of one gradient alone is no error at any size by itself.
        failing = failing or [e.sizes for e in self.planned if e.sizes.layer.batch > 1]
        if not failing:
            return gradient
        for kind in kinds_for(gradient.code):
            mends = []
            for edit in self._edits(kind):
                tried += 1
                if tried > MOST:
                    return gradient
                if self._is_right(edit, name, failing):
                    mends.append(edit)
            if len(mends) == 1:
                return self._told(gradient, mends[0])
            if mends:
                return gradient
        return gradient

    def _edits(self, kind: EditKind) -> Iterator[LineEdit]:
        for definition in self.source.definitions:
            yield from edits(definition, self.source.lines, kind)

    def _is_right(self, edit: LineEdit, name: str, failing: Sequence[TrialSizes]) -> bool:
        """Whether a gradient is right under an edit, and the others are what they were."""
        if edit not in self.examiners:
            subject = self.subject.with_edit(edit.line, edit.text)
            if subject is None:
                return False
            self.examiners[edit] = Examiner(subject, self.survey.face)
        examiner = self.examiners[edit]
        if any(examiner.glance(s).gradients.get(name) is not Outcome.RIGHT for s in failing[:2]):
            return False
        for before in self.planned:
            after = examiner.examine(before.sizes)
            if after.gradients.get(name) is not Outcome.RIGHT or after.reading is None:
                return False
            kept = (Outcome.RIGHT, Outcome.MEAN)
            for other, outcome in before.gradients.items():
                if outcome in kept and after.gradients.get(other) is not outcome and other != name:
                    return False
        taken = [seen for s in self.further if (seen := examiner.glance(s)).reading is not None]
        return all(seen.gradients.get(name) is Outcome.RIGHT for seen in taken)

    def _told(self, gradient: GradientReport, edit: LineEdit) -> GradientReport:
        line = self.source.at(edit.line)
        if line is None:
            return gradient
        tried = len(self.planned) + len(self.further)
        return replace(gradient, mend=SourceMend(edit.text.strip(), tried), line=line)
