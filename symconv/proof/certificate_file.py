"""Certificates as data: claims, and what proves each for every size, as JSON.

    {"schema": "symconv.certificate/2",
     "claims": [{"id": .., "statement": .., "where": [..], "rank": 2, "general": [..],
                 "tensors": {..}, "integers": {..}, "witness": {"H": 1, ..},
                 "cases": [{"when": [..], "hypotheses": [..], "equations": [..],
                            "quotients": {"q": "(H - R)//u"}, "counting": ..,
                            "obligations": [..]}]}]}

A claim that defines tensors has ``"define": ["Z[i] == .."]``, too.

The witness is a choice of sizes that satisfies all that the claim assumes, none less than it has
to be, so that the proof is not about nothing.  A case says by which comparisons it is
distinguished, what is known of the sizes, what its quotients stand for, and why products occur
equally often.  An obligation states the hypotheses (>= 0) and equations (= 0) that it needs and
its goal as polynomials, then the multipliers under which -1 is the sum of products of them,
"denial" being -goal - 1:

    {"name": "left 5", "says": .., "relation": ">= 0", "goal": "i_dY*u",
     "hypotheses": [["u >= 1", "u - 1"], ..], "equations": [],
     "lemmas": [{"goal": "q", "multipliers": [..]}],
     "multipliers": [{"times": "1", "of": ["denial"]}, {"times": "1/2", "of": [0, 3]},
                     {"times": "-1", "equation": 0, "by": "u"}]}

Places count the hypotheses from 0, then the lemmas.  So whoever can multiply polynomials can check
an obligation by itself (`derivations/check_certificates.py` does); that these are the obligations
of the claim, `symconv.proof.recheck` checks.

What is read is held against this form: an unknown or missing field is an error, and so is a
character that cannot be printed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symconv.claims.statement import StatedClaim
from symconv.polynomial import Monomial, Polynomial
from symconv.proof.certificate import (
    DENIAL,
    Certificate,
    CertificateError,
    Combination,
    EquationTerm,
    Lemma,
    Multiple,
)
from symconv.proof.certificate_claims import CertifiedCase, CertifiedClaim, CertifiedObligation
from symconv.proof.fields import Fields, check_printable, listed, unique

SCHEMA = "symconv.certificate/2"
FORMER = "symconv.certificate/1"


def write(claims: Sequence[CertifiedClaim]) -> str:
    """Return the file that holds ``claims``.

    Raises:
        CertificateError: a text of a claim holds a character that cannot be printed.
    """
    data = {"schema": SCHEMA, "claims": [_claim_data(claim) for claim in claims]}
    check_printable(data)
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _claim_data(claim: CertifiedClaim) -> dict[str, Any]:
    stated = claim.stated
    return {
        "id": stated.id,
        "statement": stated.statement,
        "where": list(stated.where),
        "rank": stated.rank,
        "general": list(stated.general),
        "tensors": dict(stated.tensors),
        "integers": dict(stated.integers),
        **({"define": list(stated.define)} if stated.define else {}),
        **({"constants": dict(stated.constants)} if stated.constants else {}),
        "witness": dict(claim.witness),
        "cases": [_case_data(case) for case in claim.cases],
    }


def _case_data(case: CertifiedCase) -> dict[str, Any]:
    return {
        "when": list(case.when),
        "hypotheses": [list(pair) for pair in case.hypotheses],
        "equations": [list(pair) for pair in case.equations],
        "quotients": dict(case.quotients),
        "counting": case.counting,
        "obligations": [_obligation_data(obligation) for obligation in case.obligations],
    }


def _obligation_data(obligation: CertifiedObligation) -> dict[str, Any]:
    proof = obligation.certificate
    return {
        "name": obligation.name,
        "says": obligation.says,
        "relation": obligation.relation,
        "goal": obligation.goal,
        "hypotheses": [list(pair) for pair in obligation.hypotheses],
        "equations": [list(pair) for pair in obligation.equations],
        "lemmas": [
            {"goal": str(lemma.goal), "multipliers": _multiplier_data(lemma.proof)}
            for lemma in proof.lemmas
        ],
        "multipliers": None if proof.proof is None else _multiplier_data(proof.proof),
    }


def _multiplier_data(proof: Combination) -> list[dict[str, Any]]:
    terms: list[dict[str, Any]] = [
        {
            "times": str(term.multiplier),
            "of": ["denial" if place == DENIAL else place for place in term.hypotheses],
        }
        for term in proof.terms
    ]
    return terms + [
        {
            "times": str(term.multiplier),
            "equation": term.equation,
            "by": str(Polynomial({term.monomial: 1})),
        }
        for term in proof.equations
    ]


def read(text: str) -> tuple[CertifiedClaim, ...]:
    """Return the claims of a file.

    Raises:
        CertificateError: the text is not of the form that the module states.
    """
    return tuple(read_claim(data, nth) for nth, data in enumerate(claims_of(text), start=1))


def claims_of(text: str) -> tuple[object, ...]:
    """Return the data of each claim in a file, for `read_claim`.

    Raises:
        CertificateError: the text is no certificate, or holds no claim, or two of one id.
    """
    try:
        data = json.loads(text, object_pairs_hook=unique)
    except (ValueError, RecursionError) as error:
        raise CertificateError(f"the certificate is no JSON: {error}") from None
    given = Fields(data, "the file")
    schema = given.text("schema")
    if schema == FORMER:
        raise CertificateError(
            f"{FORMER} holds no witness; write the file anew: "
            "symconv prove CLAIMS --certificate FILE"
        )
    if schema != SCHEMA:
        raise CertificateError(f"the schema is {schema[:40]!r}; it must be {SCHEMA!r}")
    claims = given.each("claims", lambda claim: claim)
    given.end()
    ids = [claim["id"] for claim in claims if isinstance(claim, dict) and "id" in claim]
    if not claims or any(ids.count(id) > 1 for id in ids):
        raise CertificateError("a certificate holds at least one claim, each id once")
    return claims


def read_claim(data: object, nth: int) -> CertifiedClaim:
    """Return a claim of a file, the ``nth`` in it.

    Raises:
        CertificateError: the data is not of the form that the module states; the message names
            the claim.
    """
    id = data.get("id") if isinstance(data, dict) else None
    label = id[:100] if isinstance(id, str) and id.isprintable() and id else f"claim {nth}"
    try:
        check_printable(data)
        return _read_claim(data)
    except CertificateError as error:
        raise CertificateError(f"{label}: {error}") from None


def _read_claim(data: object) -> CertifiedClaim:
    given = Fields(data, "a claim")
    stated = StatedClaim(
        id=given.text("id"),
        statement=given.text("statement"),
        where=given.texts("where"),
        rank=given.number("rank"),
        general=given.texts("general"),
        tensors=given.pairs("tensors"),
        integers=given.bounds("integers"),
        define=given.texts("define") if "define" in given.data else (),
        constants=given.tables("constants") if "constants" in given.data else (),
    )
    witness = given.numbers("witness")
    cases = given.each("cases", _read_case)
    given.end()
    return CertifiedClaim(stated, witness, cases)


def _read_case(data: object) -> CertifiedCase:
    given = Fields(data, "a case")
    case = CertifiedCase(
        when=given.texts("when"),
        hypotheses=given.each("hypotheses", _read_pair),
        equations=given.each("equations", _read_pair),
        quotients=given.pairs("quotients"),
        counting=given.text("counting"),
        obligations=given.each("obligations", _read_obligation),
    )
    given.end()
    return case


def _read_obligation(data: object) -> CertifiedObligation:
    given = Fields(data, "an obligation")
    lemmas = given.each("lemmas", _read_lemma)
    proof = given.optional("multipliers", _read_combination)
    obligation = CertifiedObligation(
        name=given.text("name"),
        says=given.text("says"),
        relation=given.text("relation"),
        goal=given.text("goal"),
        hypotheses=given.each("hypotheses", _read_pair),
        equations=given.each("equations", _read_pair),
        certificate=Certificate(lemmas, proof),
    )
    given.end()
    return obligation


def _read_lemma(data: object) -> Lemma:
    given = Fields(data, "a lemma")
    lemma = Lemma(_polynomial(given.text("goal")), _read_combination(given.take("multipliers")))
    given.end()
    return lemma


def _read_combination(data: object) -> Combination:
    terms, equations = [], []
    for entry in listed(data, "multipliers"):
        given = Fields(entry, "a multiplier")
        times = _fraction(given.text("times"))
        if "of" in given.data:
            terms.append(Multiple(times, given.each("of", _read_place)))
        else:
            place, by = _read_place(given.take("equation")), given.text("by")
            equations.append(EquationTerm(times, place, _monomial(by)))
        given.end()
    return Combination(tuple(terms), tuple(equations))


def _read_pair(data: object) -> tuple[str, str]:
    match data:
        case [str(words), str(polynomial)]:
            return words, polynomial
        case _:
            raise CertificateError("a hypothesis has to be a pair of texts")


def _read_place(data: object) -> int:
    match data:
        case "denial":
            return DENIAL
        case int() if not isinstance(data, bool) and data >= 0:
            return data
        case _:
            raise CertificateError(f"{str(data)[:40]!r} is no place of a hypothesis")


def _polynomial(text: str) -> Polynomial:
    try:
        return Polynomial.read(text)
    except ValueError as error:
        raise CertificateError(str(error)[:200]) from None


def _monomial(text: str) -> Monomial:
    match list(_polynomial(text).terms.items()):
        case [(monomial, 1)]:
            return monomial
        case _:
            raise CertificateError(f"{text[:40]!r} is no product of names")


def _fraction(text: str) -> Fraction:
    if not re.fullmatch(r"-?\d{1,100}(/\d{1,100})?", text, re.ASCII) or str(_value(text)) != text:
        raise CertificateError(f"{text[:40]!r} is no multiplier in lowest terms")
    return _value(text)


def _value(text: str) -> Fraction:
    above, _, below = text.partition("/")
    return Fraction(int(above), int(below or 1) or 1)
