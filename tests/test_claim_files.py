"""The claims in `derivations/`: what they assert is so, and a formula that breaks turns CI red."""

from __future__ import annotations

import functools
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from symconv.claims.catalogue import load
from symconv.claims.verdict import Verdict
from symconv.proof.certificate_file import write
from symconv.proof.run import judge_all
from symconv.views import smtlib

CLAIMS = Path(__file__).parents[1] / "derivations" / "claims"

entries = functools.cache(lambda: load([CLAIMS]))


@functools.cache
def judged():
    return list(judge_all(entries(), timeout=30))


def test_there_are_enough_true_and_false_claims():
    expected = Counter(entry.claim.expected for entry in entries())
    assert expected[Verdict.PROVED] >= 30
    assert expected[Verdict.REFUTED] >= 40
    assert expected[Verdict.NOT_JUDGED] == 0


def test_ids_are_unique_over_all_files():
    ids = Counter(entry.stated.id for entry in entries())
    assert [name for name, count in ids.items() if count > 1] == []


def test_no_claim_is_stated_twice():
    stated = Counter(
        (entry.stated.statement, entry.stated.where, entry.stated.general, entry.stated.sizes)
        for entry in entries()
    )
    assert [what for what, count in stated.items() if count > 1] == []


def test_every_claim_is_as_expected():
    wrong = [each.judgement.stated.id for each in judged() if not each.judgement.as_expected]
    assert wrong == []
    assert len(judged()) == len(entries()) >= 70


def test_proofs_and_refutations_have_something_behind_them():
    for each in judged():
        judgement = each.judgement
        if judgement.verdict is Verdict.REFUTED:
            assert judgement.refutation is not None
            continue
        assert judgement.compared > 0, judgement.stated.id
        if judgement.claim.sizes is None:
            assert judgement.tried > 0, judgement.stated.id
            assert judgement.certified() is not None, judgement.stated.id


def test_z3_gives_every_question_the_answer_that_it_is_said_to_have():
    z3 = pytest.importorskip("z3")
    context = z3.Context()
    script = smtlib.text(judged(), timeout=30)
    statuses = re.findall(r"^\(set-info :status (\w+)\)$", script, re.MULTILINE)
    answers = z3.Z3_eval_smtlib2_string(context.ref(), script).split()
    assert Counter(zip(statuses, answers, strict=True)) == {("unsat", "unsat"): len(statuses)}
    assert len(statuses) > 1_000
    refuted = re.findall(r"^; claim (\S+): REFUTED at ", script, re.MULTILINE)
    assert len(refuted) == sum(e.claim.expected is Verdict.REFUTED for e in entries())


def test_the_kept_certificates_are_those_of_today():
    """A claim file that was changed needs `python derivations/regenerate.py`."""
    certified = [claim for each in judged() if (claim := each.judgement.certified())]
    assert write(certified) == (CLAIMS.parent / "certificates.json").read_text(encoding="utf-8")


BREAKS = [
    ("lecture.toml", "R-1", "R"),
    ("lecture.toml", "rotate(F)", "F"),
    ("remainder.toml", "(H-R) % u", "(H+R) % u"),
    ("transposed.toml", "stride=(u, v)", "stride=(v, u)"),
]


@pytest.mark.parametrize(("file", "right", "wrong"), BREAKS, ids=[f"{f}-{w}" for f, _, w in BREAKS])
def test_breaking_one_formula_turns_the_report_red(run, tmp_path, file, right, wrong):
    text = (CLAIMS / file).read_text(encoding="utf-8")
    claim = next(
        block
        for block in re.split(r"(?=^\[\[claim\]\])", text, flags=re.MULTILINE)
        if re.search(rf"^statement = .*{re.escape(right)}", block, re.MULTILINE)
        and "expected" not in block
    )
    path = tmp_path / file
    path.write_text(claim, encoding="utf-8")
    assert run("prove", str(path), "--format", "junit").status == 0
    statement = re.search(r"^statement = .*$", claim, re.MULTILINE).group()
    path.write_text(claim.replace(statement, statement.replace(right, wrong, 1)), encoding="utf-8")
    done = run("prove", str(path), "--format", "junit", "--timeout", "5")
    assert done.status == 1
    root = ET.fromstring(done.out)
    assert root.get("failures") == "1"
    assert root.find(".//failure").get("message").startswith("expected proved, refuted at ")
