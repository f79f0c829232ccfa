"""Judges a claim: refutes it at its smallest sizes, or proves it for every size.

    refute    small sizes are looked at first; a counterexample settles the claim
    prove     every obligation gets a certificate, which is checked before it is believed
    try       what is proved has to hold at a hundred random sizes, too

What is neither refuted nor certified is not judged, and the open obligation is named; where it
is asked to, z3 may settle it, and then the judgement says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import ClassVar, TypeVar

from symconv.claims.assumptions import assumed, unassuming
from symconv.claims.claim import Claim, check_products
from symconv.claims.constants import rows
from symconv.claims.mathematics import condition_text
from symconv.claims.parts import parts
from symconv.claims.statement import StatedClaim
from symconv.claims.verdict import Provable, Scope, Verdict, counterexample_text
from symconv.errors import FormulaError, OutOfReachError, TooLargeError, described, traced
from symconv.limits.budget import Budget, OutOfBudgetError, current, share, spending
from symconv.limits.memory import limited
from symconv.proof.certificate import Certificate, CertificateError
from symconv.proof.certificate_claims import CertifiedClaim, certified_case
from symconv.proof.crosscheck import DisagreementError, Opinion, confirm, opinion
from symconv.proof.explanation import Explanation, explain
from symconv.proof.models import led, models, sizes_of
from symconv.proof.obligations import Case, Obligation, cases, contradiction
from symconv.proof.proviso import Proviso, at_least, proviso
from symconv.proof.recheck import check
from symconv.proof.search import CertificateSearch
from symconv.proof.witness import smallest_sizes
from symconv.refutation.axes import AxisPair, factors_of
from symconv.refutation.leads import follow
from symconv.refutation.repair import ATTEMPTS, Repair, repair
from symconv.refutation.search import (
    FAR,
    CounterexampleSearch,
    Refutation,
    example,
    is_instructive,
    judge_at,
    meaningless,
    refute,
    shown,
)
from symconv.refutation.trial import ContradictionError, try_out

T = TypeVar("T")

TIMEOUT = 30.0
"""Seconds that a claim is given, unless somebody says otherwise."""

FIRST_LOOK, LONG_LOOK = 100, 2_000
"""How many choices of the sizes of an axis are looked at before a proof is tried, and after."""

NOTHING_FOUND = "no sizes were found that satisfy the hypotheses; do they contradict?"

LONGER = "a longer timeout may settle it"
"""What is said where a claim's budget was used up."""

TRIALS = 100
"""At how many random sizes a proved claim is tried."""

GLANCE, PROOF, FURTHER, EXTRA = 1 / 10, 1 / 2, 1 / 2, 1 / 3
"""The part of what is left of the budget that is given to the first look and to the trials, to the
proof, to larger sizes, and to an example or a repair, which no verdict depends on."""


@dataclass(frozen=True, slots=True)
class Argument:
    """The proof of a claim for every size: its cases, and a certificate for every obligation.

    Attributes:
        cases: the cases of the claim.
        certificates: for each obligation of each case; None where z3 alone settles it.
        opinions: what z3 says of each, where it was asked.
    """

    cases: tuple[Case, ...]
    certificates: tuple[tuple[Certificate | None, ...], ...]
    opinions: tuple[Opinion, ...] = ()

    @property
    def by_solver(self) -> bool:
        """Whether some obligation rests on z3 alone."""
        return any(certificate is None for each in self.certificates for certificate in each)

    @property
    def confirmed(self) -> int:
        """How many obligations z3 says hold."""
        return self.opinions.count(Opinion.HOLDS)

    @property
    def undecided(self) -> int:
        """How many obligations z3 was asked about in vain."""
        return self.opinions.count(Opinion.UNKNOWN)


@dataclass(frozen=True, slots=True, repr=False)
class Judgement(Provable):
    """What can be said of a claim, and what stands behind it.

    Attributes:
        stated: the claim as it was written.
        claim: the claim as it was read.
        verdict: proved, refuted or not judged.
        seconds: how long that took.
        refutation: the smallest sizes at which the claim fails; present iff refuted.
        example: larger sizes at which it fails, where the smallest teach little.
        repair: a claim that holds instead, where one was looked for and found.
        proviso: hypotheses under which it holds as it is, likewise.
        argument: what proves it for every size.
        reason: why it is not judged; present iff that is so.
        compared: at how many sizes both sides were compared before the proof.
        tried: at how many random sizes a proof was tried out.
        notes: what could not be added to the verdict (an example, a repair, trials), and why.
        fault: the error of symconv that kept it from being judged, or None.
        witness: the smallest sizes that a proof for every size speaks of.
        late: whether the clock ended something, so that another time more may be found.
    """

    stated: StatedClaim
    claim: Claim
    verdict: Verdict
    seconds: float = field(compare=False)
    refutation: Refutation | None = None
    example: Refutation | None = None
    repair: Repair | None = None
    proviso: Proviso | None = None
    argument: Argument | None = None
    reason: str | None = None
    compared: int = 0
    tried: int = 0
    notes: tuple[str, ...] = ()
    fault: Exception | None = None
    witness: Mapping[str, int] | None = None
    late: bool = field(default=False, compare=False)

    text: ClassVar[Callable[[Judgement], str]] = object.__repr__
    html: ClassVar[Callable[[Judgement], str]] = object.__repr__
    latex: ClassVar[Callable[[Judgement], str]] = object.__repr__
    markdown: ClassVar[Callable[[Judgement], str]] = object.__repr__
    to_json: ClassVar[Callable[[Judgement], str]] = object.__repr__
    """The verdict as the command prints it; the view of notebooks registers itself here."""

    @property
    def proved(self) -> bool:
        """Whether the claim is proved in its scope."""
        return self.verdict is Verdict.PROVED

    @property
    def refuted(self) -> bool:
        """Whether the claim is refuted at some size."""
        return self.verdict is Verdict.REFUTED

    @property
    def as_expected(self) -> bool:
        """Whether the verdict is the one that the claim asserts, and no error of symconv's."""
        return self.fault is None and self.verdict is self.claim.expected

    @property
    def scope(self) -> Scope:
        """The sizes that the verdict speaks of."""
        return Scope.EVERY_SIZE if self.claim.sizes is None else Scope.LISTED_SIZES

    @property
    def assumed(self) -> tuple[str, ...]:
        """What the verdict takes for granted, as hypotheses: ``("H >= R", "W >= S", "H >= 1")``."""
        return tuple(map(condition_text, assumed(self.claim)))

    @property
    def shortcoming(self) -> str:
        """Why the claim is not proved, in one line: where it fails and how, or the reason."""
        where = "".join(f" where {hypothesis}" for hypothesis in self.stated.where)
        said = f"{self.stated.statement}{where}: {self.summary}"
        if self.refutation is None:
            return said
        return f"{said}: {counterexample_text(self.refutation.counterexample)}"

    @property
    def summary(self) -> str:
        """The verdict in one line."""
        if self.refutation is not None:
            sizes = ", ".join(f"{name}={n}" for name, n in self.refutation.sizes.items())
            return f"refuted at {sizes}" if sizes else "refuted"
        if self.reason is not None:
            return f"not judged: {self.reason}"
        if self.argument is not None and self.argument.by_solver:
            return f"proved for {self.scope} by z3, no certificate"
        return f"proved for {self.scope}"

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return self.html()

    def __hash__(self) -> int:
        return hash((self.stated, self.verdict))

    def certified(self) -> CertifiedClaim | None:
        """Return what a certificate file says of this claim, if certificates prove it."""
        if self.argument is None or self.argument.by_solver or self.witness is None:
            return None
        found = (tuple(filter(None, each)) for each in self.argument.certificates)
        pairs = zip(self.argument.cases, found, strict=True)
        certified = tuple(certified_case(*pair) for pair in pairs)
        return CertifiedClaim(self.stated.in_one_line(), tuple(self.witness.items()), certified)

    def explained(self) -> tuple[Explanation, ...]:
        """Return the proof in words and identities, case by case; empty without certificates."""
        if self.argument is None or self.argument.by_solver:
            return ()
        found = (tuple(filter(None, each)) for each in self.argument.certificates)
        return tuple(map(explain, self.argument.cases, found))


def prove(
    statement: str,
    *,
    where: str | Iterable[str] = (),
    general: str | Iterable[str] = (),
    sizes: str | None = None,
    tensors: Mapping[str, str] | None = None,
    integers: Mapping[str, str | int] | None = None,
    define: str | Iterable[str] = (),
    constants: Mapping[str, object] | None = None,
    rank: int = 2,
    timeout: float = TIMEOUT,
    crosscheck: bool = False,
) -> Judgement:
    """Judge the claim that ``statement`` makes, for every size.

    >>> prove("rotate(rotate(X)) == X").proved
    True
    >>> prove("dX == correlate(pad(dY, (R-1, S-1)), rotate(F))", where="u*v == 1").proved
    True

    Args:
        statement: two sides with ``==`` between them.
        where: hypotheses, such as ``(H - R) % u == 0``; one may be given as it is.
        general: what Y has beyond the lecture's convolution: padding, dilation, crop,
            input-dilation, batch, channels, groups, bias.
        sizes: a scope such as ``H=4..12, R=1..4``; None is every size.
        tensors: more leaves with their extents, such as ``{"G": "R2 x S2"}``.
        integers: more integers with their bounds, such as ``{"k": ">= 1"}``.
        define: what declared tensors are, such as ``Z[i] == sum(M[i,j]*A[j] for j in range(n1))``.
        constants: tensors of exact numbers, such as ``{"AT": [[1, 1], [1, "-1/2"]]}``.
        rank: how many axes the convolution has, 1 to 3.
        timeout: seconds after which the claim is not judged.
        crosscheck: whether to put every obligation to z3 as well.

    Raises:
        ParseError: one of the texts cannot be read.
        NoSolverError: z3 is asked for and not installed.
        DisagreementError: z3 refutes what a certificate proves.
    """
    stated = StatedClaim(
        statement=" ".join(statement.split()),
        where=_texts(where),
        general=_texts(general),
        tensors=tuple((tensors or {}).items()),
        integers=tuple((integers or {}).items()),
        sizes=sizes,
        rank=rank,
        define=_texts(define),
        constants=tuple((name, rows(each)) for name, each in (constants or {}).items()),
    )
    return judge(stated, timeout=timeout, crosscheck=crosscheck, mend=True)


def _texts(given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def judge(
    stated: StatedClaim,
    *,
    expected: Verdict = Verdict.PROVED,
    timeout: float = TIMEOUT,
    search: CertificateSearch | None = None,
    crosscheck: bool = False,
    mend: bool = False,
) -> Judgement:
    """Judge ``stated``.

    Args:
        stated: a claim as it is written.
        expected: the verdict that somebody asserts.
        timeout: seconds after which the claim is not judged.
        search: remembers certificates; claims that are judged with one search share them.
        crosscheck: whether to put every obligation to z3 as well.
        mend: whether to look for a repair, should the claim be refuted.

    Raises:
        ParseError: the claim cannot be read.
        NoSolverError: z3 is asked for and not installed.
        DisagreementError: z3 refutes what a certificate proves, or a certificate proves nothing.
        ContradictionError: an error of symconv, see `symconv.refutation.trial`.
    """
    start, budget = time.monotonic(), Budget.of(timeout)
    claim, extras = stated.claim(expected), _Extras()
    with spending(budget), limited():
        found = _judged(claim, search or CertificateSearch(), crosscheck, extras)
        if isinstance(refutation := found.get("refutation"), Refutation):
            found["example"] = extras.of("larger example", lambda: _larger(claim, refutation))
            if mend:
                found["repair"] = extras.of("repair", lambda: _mended(stated, refutation))
        if mend and (isinstance(refutation, Refutation) or found.pop("nowhere", False)):
            found["proviso"] = extras.of("proviso", lambda: _holding(stated))
        found.pop("nowhere", None)
    return Judgement(
        stated,
        claim,
        seconds=time.monotonic() - start,
        notes=tuple(extras.notes),
        late=budget.late,
        **found,  # type: ignore[arg-type]
    )


def unjudged(stated: StatedClaim, expected: Verdict, fault: Exception) -> Judgement:
    """Return that ``fault``, an error of symconv itself, kept ``stated`` from being judged."""
    claim = stated.claim(expected)
    reason = described(fault)
    return Judgement(stated, claim, Verdict.NOT_JUDGED, 0.0, reason=reason, fault=fault)


@dataclass(slots=True)
class _Extras:
    """What may be added to a verdict, which stands without it: an error here becomes a note."""

    notes: list[str] = field(default_factory=list)

    def of(
        self, what: str, work: Callable[[], T], fatal: tuple[type[Exception], ...] = ()
    ) -> T | None:
        """Return what ``work`` does; where it fails, None, with a note why there is no ``what``.

        Errors that are ``fatal`` to the verdict are raised.
        """
        try:
            return work()
        except fatal:
            raise
        except Exception as error:
            self.notes.append(f"no {what}: {described(traced(error))}")
            return None


def _judged(
    claim: Claim, search: CertificateSearch, crosscheck: bool, extras: _Extras
) -> dict[str, object]:
    """Return the verdict, and what stands behind it, within the current budget."""
    try:
        check_products(claim)
        if claim.sizes is not None:
            return _listed(claim)
        return _every_size(claim, search, crosscheck, extras)
    except (OutOfReachError, TooLargeError, FormulaError, MemoryError) as error:
        return _open(described(error))
    except OutOfBudgetError as error:
        return _open(f"{error} before it was judged; {LONGER}")


def _listed(claim: Claim) -> dict[str, object]:
    """Look at every size of the scope."""
    looked = _look(claim, _pieces(claim), most=None)
    if looked.refutation is not None:
        return _refuted(looked.refutation)
    if looked.undefined is not None:
        return _nowhere(looked.undefined, looked.compared)
    if looked.too_large is not None:
        return _open(looked.too_large, looked.compared)
    if looked.ended is not None or not looked.complete:
        return _open(f"{looked.ended} before every size was looked at; {LONGER}", looked.compared)
    if not looked.compared:
        return _open("no listed sizes satisfy the hypotheses; list others")
    return {"verdict": Verdict.PROVED, "compared": looked.compared}


def _every_size(
    claim: Claim, search: CertificateSearch, crosscheck: bool, extras: _Extras
) -> dict[str, object]:
    pieces = _pieces(claim)
    with share(GLANCE):
        looked = _look(claim, pieces, most=FIRST_LOOK)
    if looked.refutation is not None:
        return _refuted(looked.refutation)
    if not looked.compared and _contradictory(claim, search):
        return _open(
            f"the hypotheses contradict {_what(claim, search)}: there are no such sizes; drop one"
        )
    with share(PROOF):
        attempt = _attempted(claim, search, crosscheck)
    if attempt.argument is None or not looked.compared or looked.undefined is not None:
        most = 1 if attempt.argument is not None and looked.undefined is None else LONG_LOOK
        with share(FURTHER):
            looked = _look(claim, pieces, most=most, far=None)
    if looked.refutation is not None:
        return _refuted(looked.refutation)
    if looked.undefined is not None:
        return _nowhere(looked.undefined, looked.compared)
    if attempt.argument is None and (beyond := _beyond(pieces, attempt)) is not None:
        whole = _whole(claim, beyond)
        return _nowhere(_unmet(claim, beyond)) if whole is None else _refuted(whole)
    if not looked.compared and (attempt.argument is None or looked.too_large is None):
        return _open(_nothing_compared(looked))
    if attempt.argument is None:
        return _open(looked.too_large or attempt.reason, looked.compared)
    witness = smallest_sizes(claim)
    if witness is None:
        return _open(NOTHING_FOUND)
    with share(GLANCE):
        tried = extras.of("trials", lambda: _tried(pieces), (ContradictionError,))
    return {
        "verdict": Verdict.PROVED,
        "argument": attempt.argument,
        "compared": looked.compared,
        "tried": tried or 0,
        "witness": witness,
    }


_Pieces = tuple[tuple[Claim, tuple[AxisPair, ...]], ...]
"""The parts of a claim, each with its blocks."""


def _pieces(claim: Claim) -> _Pieces:
    return tuple((part, factors_of(part)) for part in parts(claim))


def _whole(claim: Claim, found: Refutation) -> Refutation | None:
    """Return the refutation of a part as one of the claim, with all its terms.

    None where neither side of the claim has a meaning: there it says nothing.
    """
    if parts(claim) == (claim,):
        return found
    sizes = {name: found.sizes[name] for name in claim.integers}
    return None if judge_at(claim, sizes) is None else shown(claim, sizes)


def _look(
    claim: Claim, pieces: _Pieces, *, most: int | None, far: int | None = FAR
) -> CounterexampleSearch:
    """Return what a search through the sizes of every part finds, the first that fails alone."""
    found = []
    for part, axes in pieces:
        looked = refute(part, most=most, far=far, axes=axes)
        if looked.refutation is not None:
            whole = _whole(claim, looked.refutation)
            if whole is not None:
                return replace(looked, refutation=whole)
            looked = replace(looked, refutation=None, undefined=_unmet(claim, looked.refutation))
        found.append(looked)
    if len(found) == 1:
        return found[0]
    return CounterexampleSearch(
        compared=min(each.compared for each in found),
        undefined=next(filter(None, (each.undefined for each in found)), None),
        complete=all(each.complete for each in found),
        too_large=next(filter(None, (each.too_large for each in found)), None),
        ended=next(filter(None, (each.ended for each in found)), None),
    )


def _unmet(claim: Claim, found: Refutation) -> tuple[Mapping[str, int], str]:
    """Return where neither side of a claim has a meaning, as a part of it shows, and why."""
    sizes = {name: found.sizes[name] for name in claim.integers}
    return sizes, meaningless(claim, sizes)


def _tried(pieces: _Pieces) -> int:
    """Return at how many random sizes every part was found to hold."""
    return min(try_out(part, times=TRIALS) for part, _ in pieces)


def _refuted(refutation: Refutation) -> dict[str, object]:
    return {"verdict": Verdict.REFUTED, "refutation": refutation}


def _nothing_compared(looked: CounterexampleSearch) -> str:
    if looked.too_large is not None:
        return looked.too_large
    if looked.ended is not None:
        return f"{looked.ended} before both sides could be compared at any size; {LONGER}"
    return NOTHING_FOUND


def _beyond(pieces: _Pieces, attempt: _Attempt) -> Refutation | None:
    """Return where a claim fails beyond the smallest sizes, if a lead is found."""
    found = (_beyond_in(part, axes, attempt) for part, axes in pieces)
    return next(filter(None, found), None)


def _beyond_in(claim: Claim, axes: tuple[AxisPair, ...], attempt: _Attempt) -> Refutation | None:
    names: tuple[str, ...] = ()
    if attempt.open is not None:
        names = led(*attempt.open, claim.integers)
    with share(FURTHER):
        found = follow(claim, axes, names)
    if found is None and attempt.open is not None:
        obligation, case = attempt.open
        pins = (sizes_of(model, case, claim.integers) for model in models(obligation))
        found = follow(claim, axes, names, pins)
    return found


def _larger(claim: Claim, refutation: Refutation) -> Refutation | None:
    """Return larger sizes that teach more than those of ``refutation``, if those teach little."""
    if is_instructive(refutation.sizes):
        return None
    sizes = {name: refutation.sizes[name] for name in claim.integers}
    try:
        with share(EXTRA):
            for part in parts(claim):
                if judge_at(part, sizes) is not None:
                    larger = example(part)
                    return None if larger is None else _whole(claim, larger)
            return None
    except OutOfBudgetError:
        return None


def _mended(stated: StatedClaim, refutation: Refutation) -> Repair | None:
    """Return a repair that is proved in the scope of ``stated``."""

    def holds(candidate: StatedClaim) -> bool:
        with share(1 / ATTEMPTS):
            found = _judged(candidate.claim(), CertificateSearch(), False, _Extras())
        return found["verdict"] is Verdict.PROVED

    try:
        with share(EXTRA):
            return repair(stated, holds, failing=refutation.sizes)
    except OutOfBudgetError:
        return None


def _holding(stated: StatedClaim) -> Proviso | None:
    """Return hypotheses under which ``stated`` is proved for every size."""
    if stated.sizes is not None:
        return None
    search = CertificateSearch()

    def holds(candidate: StatedClaim) -> bool:
        with share(1 / ATTEMPTS):
            found = _judged(candidate.claim(), search, False, _Extras())
        return found["verdict"] is Verdict.PROVED

    def lacks(candidate: StatedClaim) -> str | None:
        claim = candidate.claim()
        with share(1 / ATTEMPTS):
            attempt = _attempted(claim, search, False)
        if attempt.open is None:
            return None
        obligation, _ = attempt.open
        meaning = obligation.kind in ("divisor", "defined")
        known = set(obligation.goal.names) <= claim.integers.keys()
        return at_least(obligation.goal) if meaning and known else None

    try:
        with share(EXTRA):
            return proviso(stated, holds, lacks)
    except OutOfBudgetError:
        return None


def _open(reason: str, compared: int = 0) -> dict[str, object]:
    return {"verdict": Verdict.NOT_JUDGED, "reason": reason, "compared": compared}


def _nowhere(undefined: tuple[Mapping[str, int], str], compared: int = 0) -> dict[str, object]:
    """Return that neither side has a meaning at some sizes, so that nothing is said there."""
    sizes, why = undefined
    at = ", ".join(f"{name}={value}" for name, value in sizes.items())
    reason = f"neither side has a meaning at {at}: {why}"
    return _open(reason, compared) | {"nowhere": True}


def _what(claim: Claim, search: CertificateSearch) -> str:
    """Return what contradictory hypotheses contradict: each other, or what is assumed."""
    return "each other" if _contradictory(unassuming(claim), search) else "what is assumed"


def _contradictory(claim: Claim, search: CertificateSearch) -> bool:
    """Whether the hypotheses are certain to hold nowhere."""
    sizes = replace(claim, left=(0,), right=(0,), leaves={})  # whatever it says of them
    try:
        return all(search.certificate(contradiction(case)) is not None for case in cases(sizes))
    except (OutOfReachError, OutOfBudgetError, TooLargeError):
        return False


def argue(
    claim: Claim, search: CertificateSearch, crosscheck: bool = False
) -> tuple[Argument | None, str]:
    """Return a proof of ``claim`` for every size, each certificate checked, or None and why not.

    Nothing is refuted here, and nothing tried out: see `judge`.
    """
    attempt = _attempted(claim, search, crosscheck)
    return attempt.argument, attempt.reason


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A proof, or why there is none: often an obligation that stays open, with its case."""

    argument: Argument | None
    reason: str = ""
    open: tuple[Obligation, Case] | None = None


def _attempted(claim: Claim, search: CertificateSearch, crosscheck: bool) -> _Attempt:
    try:
        found = cases(claim)
        certificates = tuple(
            tuple(
                _certificate(obligation, case, search, crosscheck)
                for obligation in case.obligations
            )
            for case in found
        )
        opinions: tuple[Opinion, ...] = ()
        if crosscheck:
            obligations = ((each, case) for case in found for each in case.obligations)
            pairs = zip(obligations, chain.from_iterable(certificates), strict=True)
            opinions = tuple(_asked(*open_, certificate) for open_, certificate in pairs)
    except (OutOfReachError, TooLargeError) as error:
        return _Attempt(None, str(error))
    except OutOfBudgetError as error:
        return _Attempt(None, f"{error} before a proof was found; {LONGER}")
    except _StillOpenError as error:
        obligation, _ = error.open
        why = f"{obligation.words}, {obligation.goal.compared('>=')}"
        settled = "a hypothesis may be missing, or z3 may settle it (crosscheck)"
        return _Attempt(None, f"no certificate for: {why}; {settled}", error.open)
    return _Attempt(Argument(found, certificates, opinions))


def _certificate(
    obligation: Obligation, case: Case, search: CertificateSearch, crosscheck: bool
) -> Certificate | None:
    """Return a certificate that was checked, or None where there is none and z3 is to be asked.

    Raises:
        DisagreementError: what the search found proves nothing.
    """
    certificate = search.certificate(obligation)
    if certificate is None:
        if not crosscheck:
            raise _StillOpenError(obligation, case)
        return None
    try:
        check(obligation, certificate)
    except CertificateError as error:
        raise DisagreementError(
            f"internal error: a certificate that was found does not hold: {error}; "
            "please report this"
        ) from error
    return certificate


def _asked(obligation: Obligation, case: Case, certificate: Certificate | None) -> Opinion:
    """Return what z3 says of ``obligation``, which has to hold by z3 or by ``certificate``."""
    budget = current()
    seconds = TIMEOUT if budget is None else budget.seconds
    if certificate is not None:
        return confirm(obligation, seconds)
    said = opinion(obligation, seconds)
    if said is not Opinion.HOLDS:
        raise _StillOpenError(obligation, case)
    return said


class _StillOpenError(Exception):
    def __init__(self, obligation: Obligation, case: Case) -> None:
        super().__init__(obligation.name)
        self.open = obligation, case
