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
from symconv.proof.run import judge_all

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


BREAKS = [
    ("lecture.toml", "R-1", "R"),
    ("lecture.toml", "rotate(F)", "F"),
    ("remainder.toml", "(H-R) % u", "(H+R) % u"),
    ("transposed-convolution.toml", "stride=(u, v)", "stride=(v, u)"),
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
