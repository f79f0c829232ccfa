"""Judges the claims of a run one after the other, with what a report shows beside each verdict."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from symconv.errors import OutOfReachError, SymconvError
from symconv.proof.catalogue import Entry
from symconv.proof.obligations import cases
from symconv.proof.prove import TRIALS, Judgement, judge
from symconv.proof.repair import Repair, repair
from symconv.proof.search import Search
from symconv.proof.stated import Stated
from symconv.proof.trial import try_out
from symconv.proof.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with its verdict and all that a report shows.

    Attributes:
        judgement: the verdict and what stands behind it.
        file: where the claim stands; empty for one that was typed.
        line: the line of its id.
        note: what the file says of it.
        repair: what makes a refuted claim hold for every size, if that was found.
        confirmed: how many obligations z3 confirmed, where it was asked.
    """

    judgement: Judgement
    file: str = ""
    line: int = 0
    note: str = ""
    repair: Repair | None = None
    confirmed: int | None = None


def judge_all(
    entries: Iterable[Entry], *, timeout: float, repairs: bool = True, crosscheck: bool = False
) -> Iterator[Judged]:
    """Yield the claims with their verdicts.

    Args:
        entries: the claims.
        timeout: seconds for each claim, its repair included.
        repairs: whether a repair is sought where a claim is refuted against expectation.
        crosscheck: whether z3 is asked, too.
    """
    search = Search()
    for entry in entries:
        deadline = time.monotonic() + timeout
        judgement = judge(
            entry.stated, expected=entry.claim.expected, timeout=timeout, search=search
        )
        confirmed = None
        if crosscheck:
            judgement, confirmed = _crosschecked(judgement, deadline)
        mended = None
        if repairs and judgement.refutation is not None and not judgement.as_expected:
            mended = mend(judgement.stated, deadline)
        yield Judged(judgement, entry.file, entry.line, entry.note, mended, confirmed)


def mend(stated: Stated, deadline: float) -> Repair | None:
    """Return a repair of a refuted claim that is proved for every size, or None."""
    if stated.sizes is not None:
        return None

    def proved(candidate: Stated) -> bool:
        return judge(candidate, timeout=deadline - time.monotonic()).proved

    return repair(stated, proved, deadline=deadline)


def _crosschecked(judgement: Judgement, deadline: float) -> tuple[Judgement, int | None]:
    """Ask z3 for every obligation; it settles what has no certificate and was not refuted."""
    from symconv.proof.crosscheck import Opinion, confirm, opinion

    if judgement.argument is not None:
        obligations = [o for case in judgement.argument.cases for o in case.obligations]
        return judgement, sum(map(confirm, obligations))
    if judgement.verdict is not Verdict.NOT_JUDGED or not judgement.compared:
        return judgement, None
    try:
        obligations = [o for case in cases(judgement.claim) for o in case.obligations]
    except (OutOfReachError, SymconvError):
        return judgement, None
    if not all(opinion(obligation) is Opinion.HOLDS for obligation in obligations):
        return judgement, None
    tried = try_out(judgement.claim, times=TRIALS, deadline=deadline)
    settled = replace(judgement, verdict=Verdict.PROVED, reason=None, tried=tried)
    return settled, len(obligations)
