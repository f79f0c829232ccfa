"""Puts obligations to z3 as a second opinion (the extra ``smt``).

z3 is not trusted where there is a certificate, and the certificate does not need it; that both
say the same is a test of both.
"""

from __future__ import annotations

from enum import StrEnum

from symconv.errors import InternalError, SymconvError, to_install
from symconv.proof.obligations import Obligation
from symconv.proof.smtlib import obligation_lines

LONGEST = 3600.0
"""The most seconds that z3 is ever given."""

EFFORT = 10_000_000
"""The most steps of z3 for one question, some seconds: its answer hangs on no clock."""


class Opinion(StrEnum):
    """The opinion of z3 on an obligation."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"


class NoSolverError(SymconvError):
    """z3 is not installed."""


class DisagreementError(InternalError):
    """Two that judge one obligation say the opposite: an error of symconv or of z3."""


def available() -> bool:
    """Whether z3 can be asked."""
    try:
        import z3  # noqa: F401
    except ImportError:
        return False
    return True


def opinion(obligation: Obligation, seconds: float = 10.0) -> Opinion:
    """Return what z3 says of ``obligation``.

    Args:
        obligation: what is to hold.
        seconds: after which z3 is to give up.

    Raises:
        NoSolverError: z3 is not installed.
    """
    try:
        import z3
    except ImportError:
        raise NoSolverError(f"z3 is not installed; {to_install('smt')}") from None
    solver = z3.Solver()
    solver.set("timeout", max(1, int(min(seconds, LONGEST) * 1000)))
    solver.set("rlimit", EFFORT)
    solver.add(z3.parse_smt2_string("\n".join(obligation_lines(obligation))))
    answer = solver.check()
    if answer == z3.unsat:
        return Opinion.HOLDS
    return Opinion.FAILS if answer == z3.sat else Opinion.UNKNOWN


def confirm(obligation: Obligation, seconds: float = 10.0) -> Opinion:
    """Return what z3 says of an obligation that has a certificate: that it holds, or nothing.

    Raises:
        DisagreementError: z3 refutes it.
        NoSolverError: z3 is not installed.
    """
    said = opinion(obligation, seconds)
    if said is Opinion.FAILS:
        raise DisagreementError(
            f"internal error: z3 refutes {obligation.words!r}, which has a certificate; "
            "please report this"
        )
    return said
