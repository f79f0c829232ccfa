"""A certificate is accepted as it is, and rejected when anything in it is changed."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
import sympy

from symconv.claims.statement import StatedClaim
from symconv.errors import SymconvError
from symconv.polynomial import Polynomial
from symconv.proof.certificate import DENIAL, CertificateError, Combination, EquationTerm, Multiple
from symconv.proof.certificate_file import read, write
from symconv.proof.obligations import cases
from symconv.proof.prover import judge
from symconv.proof.recheck import is_proof, recheck

CLAIMS = {
    "quotient": StatedClaim("(H+u-1)//u == -(-H//u)", id="ceil"),
    "max": StatedClaim("max(H, R) + min(H, R) == H + R", id="max"),
    "where": StatedClaim("H % u == R % u", id="where", where=("(H-R) % u == 0",)),
    "dX": StatedClaim(
        "dX == correlate(pad(dilate(dY, (u, v)), ((R-1, R-1+(H-R)%u), (S-1, S-1+(W-S)%v))), "
        "rotate(F))",
        id="dX",
    ),
    "declared": StatedClaim(
        "rotate(rotate(G)) == G",
        id="declared",
        tensors=(("G", "k x 3"),),
        integers=(("k", "1..9"),),
    ),
}


def certificate(name: str) -> dict[str, Any]:
    argument = judge(CLAIMS[name]).certified()
    assert argument is not None
    data: dict[str, Any] = json.loads(write([argument]))
    return data


def accepted(data: object) -> bool:
    try:
        for claim in read(json.dumps(data)):
            recheck(claim)
    except SymconvError:
        return False
    return True


def places(data: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(data, dict):
        for key, value in data.items():
            yield from places(value, (*path, key))
    elif isinstance(data, list):
        for n, value in enumerate(data):
            yield from places(value, (*path, n))


def changed(data: Any, path: tuple[Any, ...], value: object) -> Any:
    new = copy.deepcopy(data)
    at = new
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return new


def removed(data: Any, path: tuple[Any, ...]) -> Any:
    new = copy.deepcopy(data)
    at = new
    for step in path[:-1]:
        at = at[step]
    del at[path[-1]]
    return new


def other(value: object) -> list[object]:
    """Return what may be put in place of a value."""
    match value:
        case str():
            number = Fraction(value) if value.lstrip("-").replace("/", "").isdigit() else None
            more = [] if number is None else [str(number + 1), str(number / 2), str(-number), "0"]
            return [value + "x", value + " + 1", "", *more]
        case int():
            return [value + 1, -1, "denial"]
        case list():
            return [[], [*value, *value[:1]]] if value else [["x"]]
        case dict():
            return [{}]
        case _:
            return ["x", []]


@pytest.mark.parametrize("name", CLAIMS)
def test_certificate_is_accepted_as_it_is(name: str) -> None:
    data = certificate(name)
    assert data["schema"] == "symconv.certificate/1"
    assert accepted(data)


@pytest.mark.parametrize("name", ["quotient", "max", "where", "declared"])
def test_certificate_with_any_field_changed_is_rejected(name: str) -> None:
    """The id is a label alone; all else is held against the claim or decides."""
    data = certificate(name)
    for path in places(data):
        if not path or path[-1] == "id":
            continue
        value = data
        for step in path:
            value = value[step]
        for replacement in other(value):
            twice = path[-1] == "where" and replacement  # a hypothesis said twice says the same
            if replacement == value or twice:
                continue
            tampered = changed(data, path, replacement)
            assert not accepted(tampered), (path, value, replacement)
        assert not accepted(removed(data, path)), path


def test_every_multiplier_of_the_gradient_matters() -> None:
    data = certificate("dX")
    obligations = data["claims"][0]["cases"][0]["obligations"]
    for n, obligation in list(enumerate(obligations))[::3]:
        for k, term in enumerate(obligation["multipliers"] or []):
            path = ("claims", 0, "cases", 0, "obligations", n, "multipliers", k)
            doubled = str(Fraction(term["times"]) * 2)
            assert not accepted(changed(data, (*path, "times"), doubled))
            assert not accepted(removed(data, path))


def test_missing_obligation_is_rejected() -> None:
    data = certificate("dX")
    for n in range(len(data["claims"][0]["cases"][0]["obligations"])):
        assert not accepted(removed(data, ("claims", 0, "cases", 0, "obligations", n)))


def test_certificate_of_another_claim_is_rejected() -> None:
    data = certificate("dX")
    false = data["claims"][0]["statement"].replace("+ (H-R)%u", "").replace("+(H-R)%u", "")
    assert false != data["claims"][0]["statement"]
    assert not accepted(changed(data, ("claims", 0, "statement"), false))
    assert not accepted(changed(data, ("claims", 0, "where"), ["H >= 2*R"]))
    assert not accepted(changed(data, ("claims", 0, "general"), ["padding"]))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": "symconv.certificate/2", "claims": []}', "[" * 100_000]
)
def test_text_that_is_no_certificate_is_rejected(text: str) -> None:
    with pytest.raises(CertificateError):
        read(text)


def test_field_given_twice_is_rejected() -> None:
    with pytest.raises(CertificateError, match="twice"):
        read('{"schema": "symconv.certificate/1", "schema": "symconv.certificate/1", "claims": []}')


H, R = Polynomial.name("H"), Polynomial.name("R")


@pytest.mark.parametrize(
    ("terms", "equations"),
    [
        ([Multiple(Fraction(-1), (DENIAL,)), Multiple(Fraction(-1), (0,))], []),
        ([Multiple(Fraction(1), (DENIAL,)), Multiple(Fraction(1), (7,))], []),
        ([Multiple(Fraction(1), (DENIAL,)), Multiple(Fraction(1), (-2,))], []),
        ([Multiple(Fraction(1), (DENIAL, 0, 0))], []),
        ([Multiple(Fraction(1), ())], []),
        ([Multiple(Fraction(1), (DENIAL,))], [EquationTerm(Fraction(1), 3, ())]),
    ],
)
def test_combination_that_breaks_a_rule_proves_nothing(
    terms: list[Multiple], equations: list[EquationTerm]
) -> None:
    proof = Combination(tuple(terms), tuple(equations))
    assert not is_proof([H - 1], [R - 1], H - 1, proof)


def test_negative_multiplier_of_an_equation_is_allowed() -> None:
    proof = Combination(
        (Multiple(Fraction(1), (DENIAL,)), Multiple(Fraction(1), (0,))),
        (EquationTerm(Fraction(-1), 0, ()),),
    )
    assert is_proof([H - 1], [R - 1], H - R, proof)


@pytest.mark.parametrize("name", CLAIMS)
def test_sympy_expands_every_certificate_to_minus_one(name: str) -> None:
    judged = judge(CLAIMS[name])
    assert judged.argument is not None
    for case, proofs in zip(judged.argument.cases, judged.argument.certificates, strict=True):
        for obligation, proof in zip(case.obligations, proofs, strict=True):
            assert proof is not None
            known = [to_sympy(bound.polynomial) for bound in obligation.hypotheses]
            zero = [to_sympy(bound.polynomial) for bound in obligation.equations]
            for lemma in proof.lemmas:
                assert expanded(known, zero, to_sympy(lemma.goal), lemma.proof) == -1
                known.append(to_sympy(lemma.goal))
            goal = to_sympy(obligation.goal)
            if obligation.exact:
                assert goal == 0
            else:
                assert proof.proof is not None
                assert expanded(known, zero, goal, proof.proof) == -1


def to_sympy(polynomial: Polynomial) -> sympy.Expr:
    products = (f * sympy.Mul(*map(sympy.Symbol, m)) for m, f in polynomial.terms.items())
    return sum(products, sympy.Integer(0))


def expanded(known: list[Any], zero: list[Any], goal: Any, proof: Combination) -> Any:
    total = sympy.Integer(0)
    for term in proof.terms:
        assert term.multiplier > 0
        product = sympy.Rational(term.multiplier.numerator, term.multiplier.denominator)
        for place in term.hypotheses:
            product *= -goal - 1 if place == DENIAL else known[place]
        total += product
    for multiple in proof.equations:
        factor = sympy.Rational(multiple.multiplier.numerator, multiple.multiplier.denominator)
        total += factor * sympy.Mul(*map(sympy.Symbol, multiple.monomial)) * zero[multiple.equation]
    return sympy.expand(total)


def test_checker_does_not_import_the_search() -> None:
    program = (
        "import sys; import symconv.proof.recheck, symconv.proof.certificate_file; "
        "print([name for name in sys.modules if name in "
        "('symconv.proof.search', 'symconv.proof.simplex', 'sympy', 'z3')])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_every_case_is_listed() -> None:
    data = certificate("max")
    assert len(data["claims"][0]["cases"]) == len(cases(CLAIMS["max"].claim())) > 1
    assert not accepted(removed(data, ("claims", 0, "cases", 0)))
