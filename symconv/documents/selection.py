"""Which codes count: those that are selected, less those that are ignored.

A finding whose code does not count stays where it is, marked: what it says of its equation holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from symconv.documents.check import Report
from symconv.documents.codes import CODES, UnknownCodeError
from symconv.documents.verdicts.verdict import EquationVerdict
from symconv.formula.syntax import nearest, shown


@dataclass(frozen=True, slots=True)
class Selection:
    """Which codes count.

    Attributes:
        select: codes, or what codes begin with; empty for all of them.
        ignore: the same, of what does not count.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def counts(self, code: str) -> bool:
        """Whether a code counts: what says most of it decides, and what ignores it wins a draw.

        >>> both = Selection(select=("SC201",), ignore=("SC2",))
        >>> both.counts("SC201"), both.counts("SC240"), Selection(ignore=("SC2",)).counts("SC201")
        (True, False, False)
        """
        return _closest(self.select or ("",), code) > _closest(self.ignore, code)

    def marked(self, report: Report) -> Report:
        """Return a report whose findings are marked as ignored where their code does not count."""
        judgements, sentences = map(self._marked, (report.judgements, report.sentences))
        return replace(report, judgements=judgements, sentences=sentences)

    def _marked(self, verdicts: Iterable[EquationVerdict]) -> tuple[EquationVerdict, ...]:
        return tuple(
            replace(
                verdict,
                findings=tuple(
                    replace(finding, ignored=not self.counts(finding.code))
                    for finding in verdict.findings
                ),
            )
            for verdict in verdicts
        )


def _closest(begins: Iterable[str], code: str) -> int:
    """Return the length of the longest beginning that a code has, -1 where it has none."""
    return max((len(begin) for begin in begins if code.startswith(begin)), default=-1)


def codes(written: str) -> tuple[str, ...]:
    """Return the codes, or beginnings of codes, that are written with commas between them.

    Raises:
        UnknownCodeError: no code begins so; the message names the nearest.

    >>> codes("sc201, SC24")
    ('SC201', 'SC24')
    """
    words = tuple(word.strip() for word in written.split(","))
    for word in words:
        if not word or not any(code.startswith(word.upper()) for code in CODES):
            raise UnknownCodeError(
                f"there is no code {shown(word)!r}{nearest(word.upper(), CODES)}"
                " (symconv explain codes lists all)"
            )
    return tuple(word.upper() for word in words)
