"""Judges the claims of a run one after the other, and keeps beside each where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from symconv.claims.catalogue import Entry
from symconv.claims.verdict import Verdict
from symconv.errors import traced
from symconv.proof.crosscheck import NoSolverError
from symconv.proof.prover import Judgement, judge, unjudged
from symconv.proof.search import CertificateSearch


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A claim with its verdict and where it stands.

    Attributes:
        judgement: the verdict and what stands behind it.
        file: where the claim stands; empty for one that was typed.
        line: the line of its id.
        note: what the file says about it.
    """

    judgement: Judgement
    file: str = ""
    line: int = 0
    note: str = ""


def judge_all(
    entries: Iterable[Entry], *, timeout: float, crosscheck: bool = False
) -> Iterator[JudgedClaim]:
    """Yield the claims with their verdicts; what is refuted against expectation gets a repair.

    A claim at which symconv itself fails is not judged; the others are.

    Args:
        entries: the claims.
        timeout: seconds for each claim, its repair included.
        crosscheck: whether z3 is asked, too.

    Raises:
        NoSolverError: z3 is asked for and not installed.
    """
    search = CertificateSearch()
    for entry in entries:
        expected = entry.claim.expected
        try:
            judgement = judge(
                entry.stated,
                expected=expected,
                timeout=timeout,
                search=search,
                crosscheck=crosscheck,
                mend=expected is not Verdict.REFUTED,
            )
        except NoSolverError:
            raise
        except Exception as error:
            judgement = unjudged(entry.stated, expected, traced(error))
        yield JudgedClaim(judgement, entry.file, entry.line, entry.note)
