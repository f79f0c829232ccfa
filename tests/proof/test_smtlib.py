from __future__ import annotations

import pytest

from symconv.claims.statement import StatedClaim
from symconv.polynomial import Polynomial
from symconv.proof.obligations import Obligation, cases
from symconv.proof.prover import argue, prove
from symconv.proof.search import CertificateSearch
from symconv.proof.smtlib import comment, names, obligation_lines, term
from symconv.readings.relation import Bound

TRUE = StatedClaim("(H+u-1)//u == -(-H//u)")
FALSE = StatedClaim("(H+u)//u == -(-H//u)")


def test_a_text_of_many_lines_stays_a_comment() -> None:
    assert comment("two\nlines\r(assert false)") == "two lines (assert false)"


def test_listed_sizes_are_declared_and_asserted() -> None:
    obligation = Obligation("n", "w", (Bound("h", Polynomial.read("H - R")),), (), -Polynomial({}))
    lines = list(obligation_lines(obligation, {"H": range(4, 13), "k": range(-2, 1)}))
    assert lines[1:6] == [
        "(declare-const |H| Int)",
        "(declare-const |R| Int)",
        "(declare-const |k| Int)",
        "(assert (<= 4 |H| 12))",
        "(assert (<= (- 2) |k| 0))",
    ]


def test_term_is_written_with_prefix_signs() -> None:
    assert term(Polynomial.read("-2*R*d + u - 3")) == "(+ (* (- 2) |R| |d|) |u| (- 3))"
    assert term(Polynomial.read("0")) == "0"


def test_names_are_declared_once() -> None:
    obligation = Obligation("n", "w", (Bound("h", Polynomial.read("H - R")),), (), -Polynomial({}))
    assert names(obligation) == ("H", "R")
    assert sum("declare-const" in line for line in obligation_lines(obligation)) == 2


def test_z3_answers_unsat_to_all_of_a_true_claim_only() -> None:
    z3 = pytest.importorskip("z3")
    for stated, expected in ((TRUE, True), (FALSE, False)):
        answers = []
        for obligation in (o for case in cases(stated.claim()) for o in case.obligations):
            solver = z3.Solver()
            solver.add(z3.parse_smt2_string("\n".join(obligation_lines(obligation))))
            answers.append(solver.check() == z3.unsat)
        assert all(answers) is expected


def test_crosscheck_agrees_with_certificates() -> None:
    pytest.importorskip("z3")
    assert prove(TRUE.statement, crosscheck=True).proved


def test_disagreement_is_a_loud_error(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("z3")
    from symconv.proof import crosscheck

    monkeypatch.setattr(crosscheck, "opinion", lambda *_: crosscheck.Opinion.FAILS)
    with pytest.raises(crosscheck.DisagreementError, match="please report"):
        prove(TRUE.statement, crosscheck=True)


def test_z3_settles_what_has_no_certificate_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("z3")
    monkeypatch.setattr(CertificateSearch, "certificate", lambda *_: None)
    judged = prove(TRUE.statement, crosscheck=True)
    assert judged.proved
    assert judged.summary == "proved for every size by z3, no certificate"
    assert judged.certified() is None
    assert judged.explained() == ()
    assert not prove(TRUE.statement).proved


def test_z3_does_not_settle_what_is_false(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("z3")
    monkeypatch.setattr(CertificateSearch, "certificate", lambda *_: None)
    assert argue(FALSE.claim(), CertificateSearch(), crosscheck=True)[0] is None


def test_missing_z3_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from symconv.proof.crosscheck import NoSolverError, available

    monkeypatch.setitem(sys.modules, "z3", None)
    assert not available()
    with pytest.raises(NoSolverError, match="pip install"):
        prove(TRUE.statement, crosscheck=True)
