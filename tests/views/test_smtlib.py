"""SMT-LIB 2: what is asked, and that z3 answers what the status says."""

from __future__ import annotations

import re

import pytest

from symconv.claims.catalogue import entries
from symconv.proof.run import judge_all
from symconv.views.smtlib import text

FILE = """
[[claim]]
id = "right"
statement = "dX == correlate(pad(dilate(dY, (u, v)), (R-1, S-1)), rotate(F))"
where = ["(H - R) % u == 0", "(W - S) % v == 0"]

[[claim]]
id = "cases"
statement = "max(H, W) + min(H, W) == H + W"

[[claim]]
id = "forgotten"
statement = "dX == correlate(pad(dilate(dY, (u, v)), (R-1, S-1)), rotate(F))"
expected = "refuted"

[[claim]]
id = "listed"
statement = "dX == correlate(pad(dilate(dY, (u, v)), (R-1, S-1)), rotate(F))"
sizes = "H=5, R=3, u=1..2"

[[claim]]
id = "open"
statement = "X == rotate(X)"
where = ["H >= 1000000000"]
expected = "not-judged"

[[claim]]
id = "square"
statement = "Y == correlate(X, X)"
expected = "not-judged"
"""


@pytest.fixture(scope="module")
def script():
    return text(list(judge_all(entries(FILE, "c.toml"), timeout=3)), timeout=60)


def block(script: str, claim: str) -> str:
    """Return what is written about one claim."""
    return re.search(rf"^; claim {claim}: .*?(?=^; claim |^\(exit\))", script, re.M | re.S).group()


def statuses(script: str) -> list[str]:
    return re.findall(r"^\(set-info :status (\w+)\)\n\(check-sat\)$", script, re.M)


def test_the_header_says_nothing_of_the_answers(script):
    head, _, _ = script.partition("; claim")
    assert re.findall(r"^\(.*\)$", head, re.M) == [
        "(set-info :smt-lib-version 2.6)", "(set-logic QF_NIA)",
    ]  # fmt: skip
    assert script.endswith("\n(exit)\n")


def test_brackets_balance_and_each_question_has_a_status(script):
    code = "".join(line.partition(";")[0] for line in script.splitlines())
    assert code.count("(") == code.count(")")
    asked = len(statuses(script))
    assert asked == script.count("(check-sat)") == script.count("(push 1)") > 50
    assert asked == script.count("(pop 1)") == script.count("(assert (not ")


def test_what_is_proved_has_unsat_questions_alone(script):
    for claim, scope in (("right", "every size"), ("cases", "every size")):
        told = block(script, claim)
        assert told.startswith(f"; claim {claim}: PROVED for {scope}\n")
        assert set(statuses(told)) == {"unsat"}
    assert "\n; where (H - R) % u == 0\n" in block(script, "right")
    assert "\n; where H <= W\n" in block(script, "cases")
    assert "\n; where H > W\n" in block(script, "cases")


def test_what_is_refuted_is_named_and_left_out(script):
    told = block(script, "forgotten")
    assert told.startswith("; claim forgotten: REFUTED at H=2, W=1, R=1, S=1, u=2, v=1")
    assert told.endswith("; no questions: it is false\n\n")
    assert all(line.startswith(";") for line in told.split("\n") if line)


def test_listed_sizes_are_asserted_in_each_question(script):
    told = block(script, "listed")
    assert told.startswith("; claim listed: PROVED for listed sizes\n")
    asked = len(statuses(told))
    assert asked > 20
    for assertion in ("(<= 5 |H| 5)", "(<= 5 |W| 5)", "(<= 3 |S| 3)", "(<= 1 |u| 2)"):
        assert told.count(f"(assert {assertion})") == asked


def test_what_is_not_judged_is_said_to_be_unknown(script):
    assert set(statuses(block(script, "open"))) == {"unsat", "unknown"}
    told = block(script, "square")
    assert told.startswith("; claim square: NOT JUDGED: a product holds X twice")
    assert statuses(told) == []


def test_z3_answers_what_the_status_says(script):
    z3 = pytest.importorskip("z3")
    context = z3.Context()
    answers = z3.Z3_eval_smtlib2_string(context.ref(), script).split()
    told = statuses(script)
    assert len(answers) == len(told)
    pairs = set(zip(told, answers, strict=True))
    assert ("unknown", "sat") in pairs, "a tensor is not always what it is when rotated"
    assert ("unsat", "sat") not in pairs
    assert ("unsat", "unsat") in pairs
