from __future__ import annotations

import pytest

from symconv.claims.statement import StatedClaim
from symconv.polynomial import Polynomial
from symconv.proof import crosscheck
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


def test_z3_that_cannot_tell_settles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("z3")
    monkeypatch.setattr(CertificateSearch, "certificate", lambda *_: None)
    monkeypatch.setattr(crosscheck, "EFFORT", 1)
    obligations = [o for case in cases(TRUE.claim()) for o in case.obligations]
    assert crosscheck.opinion(obligations[-1]) is crosscheck.Opinion.UNKNOWN
    judged = prove(TRUE.statement, crosscheck=True)
    assert not judged.proved
    assert "no certificate for" in str(judged.reason)


def test_z3_that_cannot_tell_takes_no_proof_away(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("z3")
    monkeypatch.setattr(crosscheck, "EFFORT", 1)
    judged = prove(TRUE.statement, crosscheck=True)
    assert judged.proved
    assert judged.argument is not None
    assert judged.argument.undecided > 0
    assert not judged.argument.by_solver


@pytest.mark.parametrize(
    ("hypotheses", "equations", "goal", "exact", "holds"),
    [
        (("H - 1",), ("H - R",), "R - 1", False, True),
        (("H - 1",), (), "R - 1", False, False),
        (("H - 2",), (), "H - 1", False, True),
        ((), (), "H - 1", False, False),
        (("H - 1",), (), "H", True, False),
        (("H - 1", "-H + 1"), (), "H - 1", True, True),
    ],
)
def test_z3_is_asked_what_the_obligation_says(
    hypotheses: tuple[str, ...], equations: tuple[str, ...], goal: str, exact: bool, holds: bool
) -> None:
    pytest.importorskip("z3")
    bounds, zero = (
        tuple(Bound(text, Polynomial.read(text)) for text in texts)
        for texts in (hypotheses, equations)
    )
    obligation = Obligation("n", "w", bounds, zero, Polynomial.read(goal), exact)
    said = crosscheck.opinion(obligation)
    assert said is (crosscheck.Opinion.HOLDS if holds else crosscheck.Opinion.FAILS)


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
