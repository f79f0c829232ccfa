"""A certificate that was found for one obligation serves another one only if it holds for it."""

from __future__ import annotations

import pytest

from symconv.polynomial import Polynomial
from symconv.proof.certificate import Certificate
from symconv.proof.obligations import Obligation
from symconv.proof.recheck import check
from symconv.proof.search import CertificateSearch
from symconv.readings.relation import Bound


def obligation(
    hypotheses: tuple[str, ...], equations: tuple[str, ...], goal: str, exact: bool = False
) -> Obligation:
    bounds, zero = (
        tuple(Bound(text, Polynomial.read(text)) for text in texts)
        for texts in (hypotheses, equations)
    )
    return Obligation("n", "w", bounds, zero, Polynomial.read(goal), exact)


ALIKE = [
    obligation(("H - R",), ("R - 1",), "H - 1"),
    obligation(("H - R",), ("R - 2",), "H - 1"),
    obligation(("H - R",), ("2*R - 2",), "H - 1"),
    obligation(("H - R", "R - 1"), (), "H - 1"),
    obligation(("R - 1", "H - R"), (), "H - 1"),
    obligation(("H - R",), ("R - 1",), "2*H - 1"),
    obligation(("W - S",), ("S - 1",), "W - 1"),
    obligation(("S - W",), ("W - 1",), "S - 1"),
]


@pytest.mark.parametrize("first", range(len(ALIKE)))
def test_obligations_that_look_alike_each_get_a_certificate_that_holds(first: int) -> None:
    search = CertificateSearch()
    for each in (ALIKE[first], *ALIKE):
        found = search.certificate(each)
        assert found is not None
        check(each, found)


def test_what_does_not_hold_gets_none_whatever_was_found_before() -> None:
    search = CertificateSearch()
    for each in ALIKE:
        search.certificate(each)
    for wrong in (
        obligation(("H - R",), ("R",), "H - 1"),
        obligation(("H - R",), (), "H - 1"),
        obligation(("R - H",), ("R - 1",), "H - 1"),
        obligation(("H - R",), ("R - 1",), "H - 2"),
    ):
        assert search.certificate(wrong) is None


def test_an_equation_is_certain_if_it_is_the_polynomial_0() -> None:
    assert CertificateSearch().certificate(obligation((), (), "0", exact=True)) == Certificate()
    assert CertificateSearch().certificate(obligation(("H",), (), "H", exact=True)) is None


def test_lemmas_that_do_not_follow_are_not_used() -> None:
    """q is not said to be at least 0, and q*u >= 0 does not follow."""
    search = CertificateSearch()
    assert search.certificate(obligation(("u - 1", "-q*u + H"), (), "q*u")) is None
    found = search.certificate(
        obligation(("u - 1", "H - 1", "-q*u + H", "q*u + u - H - 1"), (), "q*u")
    )
    assert found is not None
