"""Index and operator formulas as claims: the text that is asked of the prover, and the verdict."""

from __future__ import annotations

import pytest

from symconv.documents.check import check
from symconv.documents.formulas.convention import UNKNOWN
from symconv.documents.formulas.relation import shown
from symconv.documents.index_formulas.claims import index_claim
from symconv.documents.index_formulas.indices import bases, index_formula
from symconv.documents.mathematics.reader import read
from symconv.documents.mathematics.statements import statements
from symconv.documents.mathematics.syntax import UnreadableError
from symconv.documents.mathematics.tokens import tokenize
from symconv.documents.operators.claims import operator_claims
from symconv.documents.source.text import Document

GRAD_X = r"\frac{\partial L}{\partial x_{mn}}"
GRAD_F = r"\frac{\partial L}{\partial f_{rs}}"
GRAD_Y = r"\frac{\partial L}{\partial y_{ij}}"


def sides(text: str):
    (statement,) = statements(tokenize(text, 0, len(text)))
    return tuple(read(side) for side in statement.sides)


def claimed(text: str):
    left, right = sides(text)
    base = bases(right, UNKNOWN)[0]
    stated = index_formula(left, right, UNKNOWN, base)
    return index_claim(stated, shown(UNKNOWN, stated.formula.rank, base))


@pytest.mark.parametrize(
    ("text", "claim", "where"),
    [
        (rf"{GRAD_X} = \sum_{{ij}} {GRAD_Y} f_{{m - ui, n - vj}}",
         "dX[m,n] == sum(dY[i,j]*F[m - i*u,n - j*v] for i in range(P) for j in range(Q))", ()),
        (rf"{GRAD_X} = \sum_{{i=0}}^{{P-1}} \sum_{{j=0}}^{{Q-1}} {GRAD_Y} f_{{m - si, n - sj}}",
         "dX[m,n] == sum(dY[i,j]*F[m - i*u,n - j*u] for i in range(P) for j in range(Q))",
         ("u == v",)),
        (rf"{GRAD_F} = \sum_{{i,j}} {GRAD_Y} x_{{i \cdot u + r, vj + s}}",
         "dF[r,s] == sum(dY[i,j]*X[i*u + r,j*v + s] for i in range(P) for j in range(Q))", ()),
        (r"y_{i,j} = \sum_{r=0}^{R-1} \sum_{s=0}^{S-1} x_{i+r, j+s} f_{r,s}",
         "Y[i,j] == sum(X[i + r,j + s]*F[r,s] for r in range(R) for s in range(S))",
         ("u == 1", "v == 1")),
        (r"y_{ij} = \sum_{r=1}^{R} \sum_{s=1}^{S} x_{i+r-1, j+s-1} f_{rs}",
         "Y[i,j] == sum(X[i + r - 1,j + s - 1]*F[r - 1,s - 1] for r in range(1, R + 1) "
         "for s in range(1, S + 1))", ("u == 1", "v == 1")),
        (r"y_i = \sum_{r} x_{ui + r} f_r + b",
         "Y[i,z] == sum(X[i*u + r,z]*F[r,z] for r in range(R))", ("W == 1", "S == 1", "v == 1")),
        (r"\frac{\partial y_{ij}}{\partial x_{mn}} = f_{m-ui, n-vj}",
         "dX[m,n] == sum(dY[i,j]*F[m - i*u,n - j*v] for i in range(P) for j in range(Q))", ()),
    ],
)  # fmt: skip
def test_an_index_formula_becomes_a_claim(text, claim, where):
    made = claimed(text)
    assert made.claim.statement == claim
    assert made.claim.where == where


@pytest.mark.parametrize(
    "text",
    [
        rf"{GRAD_X} = \sum_{{ij}} {GRAD_Y} f_{{m - qi, n - vj}}",
        rf"{GRAD_X} = \sum_{{ij}} {GRAD_Y} q_{{m - i, n - j}}",
        rf"{GRAD_X} = \sum_{{k=1}}^{{M}} {GRAD_Y} f_{{m - i, n - j}}",
        rf"{GRAD_X} = \sum_{{i<P}} {GRAD_Y} f_{{m - i, n - j}}",
        rf"{GRAD_X} = \sum_{{ij}} {GRAD_Y} f_{{m - i}}",
        rf"{GRAD_X} = \sum_{{ij}} {GRAD_Y} f_{{m - i^2, n - j}}",
    ],
)
def test_an_unknown_letter_or_limit_makes_no_claim(text):
    with pytest.raises(UnreadableError):
        claimed(text)


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        (r"\frac{\partial L}{\partial F} = \text{conv}(X, \frac{\partial L}{\partial Y})",
         ["dF == correlate(X, dY)", "dF == convolve(X, dY)"]),
        (r"dX = \operatorname{conv}(\text{pad}(dY, R-1), \text{rot180}(F))",
         ["dX == correlate(pad(dY, ((R - 1, R - 1), (S - 1, S - 1))), rotate(F))",
          "dX == convolve(pad(dY, ((R - 1, R - 1), (S - 1, S - 1))), rotate(F))"]),
        (r"dX = \text{cross-correlation}(dY, F^{rot180})", ["dX == correlate(dY, rotate(F))"]),
        (r"dX = \text{full conv}(F, dY)",
         ["dX == correlate(pad(F, ((P - 1, P - 1), (Q - 1, Q - 1))), dY)",
          "dX == correlate(pad(dY, ((R - 1, R - 1), (S - 1, S - 1))), F)",
          "dX == convolve(F, dY, mode='full')", "dX == convolve(dY, F, mode='full')"]),
    ],
)  # fmt: skip
def test_an_operator_formula_becomes_a_claim_for_each_reading(text, claims):
    assert [c.claim.statement for c in operator_claims(*sides(text), UNKNOWN)] == claims


def verdicts(text: str) -> list[tuple[str, str | None]]:
    found = check(Document("notes", "markdown", text))
    return [(j.verdict, j.findings[0].code if j.findings else None) for j in found.judgements]


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        (rf"{GRAD_X} = \sum_{{ij}} {GRAD_Y} \frac{{\partial y_{{ij}}}}{{\partial x_{{mn}}}}",
         ("agree", None)),
        (rf"{GRAD_X} = \sum_{{ij}} {GRAD_Y} \frac{{\partial y_{{ji}}}}{{\partial x_{{mn}}}}",
         ("wrong", "SC220")),
        (rf"{GRAD_X} = \sum_{{ij}} {GRAD_Y} f_{{m - ui, n - vj}}", ("agree", None)),
        (rf"{GRAD_X} = \sum_{{ij}} {GRAD_Y} f_{{ui - m, n - vj}}", ("wrong", "SC220")),
        (r"y_{ij} = \sum_{r=0}^{R-1} \sum_{s=0}^{S-1} x_{i+r, j+s} f_{rs}", ("agree", None)),
        (r"y_{ij} = \sum_{r=0}^{R} \sum_{s=0}^{S-1} x_{i+r, j+s} f_{rs}", ("wrong", "SC221")),
        (r"y_{ij} = \sum_{r=0}^{R-2} \sum_{s=0}^{S-1} x_{i+r, j+s} f_{rs}", ("wrong", "SC221")),
        (r"y_{ij} = \sum_{r=0}^{N} \sum_{s=0}^{S-1} x_{i+r, j+s} f_{rs}", ("not-judged", None)),
        (r"\frac{\partial L}{\partial F} = \text{conv}(X, \frac{\partial L}{\partial Y})",
         ("agree", None)),
        (r"\frac{\partial L}{\partial F} = \text{conv}(F, \frac{\partial L}{\partial Y})",
         ("wrong", "SC230")),
        (r"dX = \text{full cross-correlation}(dY, \text{rot180}(F))", ("agree", None)),
        (r"dX = \text{full cross-correlation}(dY, F)", ("wrong", "SC230")),
        (r"dX = dY * \frac{\partial Y}{\partial X}", ("not-judged", None)),
        (r"\frac{\partial L}{\partial F} = \operatorname{correlate}(\operatorname{pad}(X, 2), "
         r"\frac{\partial L}{\partial Y})", ("not-judged", None)),
        (r"P = \lfloor (H - R)/u \rfloor + 1", ("agree", None)),
        (r"P = \left\lfloor \frac{H + 2p - R}{s} \right\rfloor + 1", ("agree", None)),
        (r"P = \frac{H - R + u}{u}", ("agree", None)),
        (r"P = \frac{H - R}{u}", ("wrong", "SC240")),
        (r"P = \frac{H - R}{u} - 1", ("wrong", "SC240")),
        (r"P = \frac{H - R}{q} + 1", ("not-judged", None)),
        (r"P = \frac{5 - 3}{2} + 1 = 2", ("agree", None)),
        (r"P = \frac{5 - 3}{2} + 1 = 3", ("wrong", "SC240")),
    ],
)  # fmt: skip
def test_formulas_for_every_size_are_judged(formula, verdict):
    assert verdicts(f"$$ {formula} $$") == [verdict]
