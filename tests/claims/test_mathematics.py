"""Claims, repairs and counterexamples in every medium."""

from __future__ import annotations

import pytest
from tools import katex_failures

from symconv.claims import mathematics
from symconv.claims.parse import parse_claim
from symconv.claims.theorems import theorems
from symconv.formula.vocabulary import vocabulary
from symconv.mathematics.latex import LATEX
from symconv.mathematics.text import ASCII, UNICODE
from symconv.notation import Notation
from symconv.proof.prover import prove
from symconv.readings.elements import Namer

WORDS = vocabulary()

WRONG = "dX == correlate(pad(dilate(dY, (u, v)), ((R-1, R-1), (S-1, S-1))), rotate(F))"


def test_a_claim_calls_defined_tensors_by_name() -> None:
    claim = parse_claim("shape(dX) == (H, W)")
    assert ASCII.write(mathematics.claim(claim, WORDS)) == "shape(dX) == (H, W)"
    assert LATEX.write(mathematics.claim(claim, WORDS)) == (
        r"\operatorname{shape}\left(\frac{\partial L}{\partial X}\right) = (H, W)"
    )


def test_a_size_is_no_tuple() -> None:
    claim = parse_claim("P == (H - R)//u + 1")
    assert UNICODE.write(mathematics.claim(claim, WORDS)) == "P == ⌊(H − R)/u⌋ + 1"


@pytest.mark.parametrize(
    ("hypothesis", "latex"),
    [
        ("(H - R) % u == 0", r"(H - R) \bmod u = 0"),
        ("H != R", r"H \neq R"),
        ("min(H, W) >= R - 1", r"\min\left(H,\ W\right) \ge R - 1"),
    ],
)
def test_a_hypothesis_is_a_comparison(hypothesis: str, latex: str) -> None:
    (condition,) = parse_claim("X == X", where=[hypothesis]).where
    assert ASCII.write(mathematics.condition(condition)) == hypothesis
    assert LATEX.write(mathematics.condition(condition)) == latex


def test_a_repair_and_a_counterexample_have_latex() -> None:
    judgement = prove(WRONG)
    assert judgement.repair is not None
    assert judgement.refutation is not None
    mended = mathematics.claim(judgement.repair.stated.claim(), WORDS)
    assert ASCII.write(mended) == judgement.repair.stated.statement
    assert r"R - 1 + (H - R) \bmod u" in LATEX.write(mended)
    shown = [LATEX.write(mended)]
    found = prove("dX == rotate(dX)", sizes="H=2,W=1,R=1,S=1,u=1,v=1").refutation
    assert found is not None
    equations = found.counterexample.equations
    assert equations is not None
    for equation in equations:
        shown.append(LATEX.write(Namer(Notation()).equation(equation)))
        assert r"\partial y_{" in shown[-1]
    assert katex_failures(shown) == []


@pytest.mark.katex
def test_katex_renders_every_theorem() -> None:
    bodies = []
    for entry in theorems():
        words = vocabulary(entry.stated.general)
        bodies.append(LATEX.write(mathematics.claim(entry.claim, words)))
        conditions = (*entry.claim.where, *entry.claim.assumptions)
        bodies += [LATEX.write(mathematics.condition(condition)) for condition in conditions]
    assert len(bodies) > 20
    assert katex_failures(bodies) == []
