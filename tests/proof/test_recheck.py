"""A certificate is accepted as it is, and rejected when anything in it is changed."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import islice, product
from typing import Any

import pytest
import sympy

from symconv.claims.claim import Claim
from symconv.claims.statement import StatedClaim
from symconv.errors import SymconvError
from symconv.limits.budget import Budget, spending
from symconv.polynomial import Polynomial
from symconv.proof.certificate import (
    DENIAL,
    Certificate,
    CertificateError,
    Combination,
    EquationTerm,
    Lemma,
    Multiple,
)
from symconv.proof.certificate_claims import CertifiedClaim, certified_case
from symconv.proof.certificate_file import read, write
from symconv.proof.obligations import Obligation, cases
from symconv.proof.prover import argue, judge
from symconv.proof.recheck import check, is_proof, recheck
from symconv.proof.search import CertificateSearch
from symconv.proof.witness import check_witness, smallest_sizes
from symconv.readings.relation import Bound
from symconv.refutation.sizes import satisfies

CLAIMS = {
    "quotient": StatedClaim("(H+u-1)//u == -(-H//u)", id="ceil"),
    "max": StatedClaim("max(H, R) + min(H, R) == H + R", id="max"),
    "where": StatedClaim("H % u == R % u", id="where", where=("(H-R) % u == 0",)),
    "dX": StatedClaim(
        "dX == correlate(pad(dilate(dY, (u, v)), ((R-1, R-1+(H-R)%u), (S-1, S-1+(W-S)%v))), "
        "rotate(F))",
        id="dX",
    ),
    "lemma": StatedClaim("H//u//v == H//v//u", id="lemma"),
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
    assert data["schema"] == "symconv.certificate/2"
    assert accepted(data)


@pytest.mark.parametrize("name", ["quotient", "max", "where", "lemma", "declared"])
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
            # Words of one more axis are known on three axes; sizes alone say the same there.
            wider = path[-1] == "rank" and replacement == value + 1
            if replacement == value or twice or wider:
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
        read('{"schema": "symconv.certificate/2", "schema": "symconv.certificate/2", "claims": []}')


def test_the_former_format_is_refused_with_the_command_that_writes_it_anew() -> None:
    former = json.dumps(certificate("max")).replace("certificate/2", "certificate/1")
    with pytest.raises(CertificateError, match="symconv prove CLAIMS --certificate FILE"):
        read(former)


# The witness


@pytest.mark.parametrize("name", CLAIMS)
def test_the_witness_names_every_size_of_the_claim(name: str) -> None:
    (claim,) = certificate(name)["claims"]
    assert claim["witness"].keys() == CLAIMS[name].claim().integers.keys()
    assert accepted({"schema": "symconv.certificate/2", "claims": [claim]})


@pytest.mark.parametrize(
    ("name", "sizes", "why"),
    [
        ("dX", {"H": 0}, "the witness does not satisfy H >= 1"),
        ("dX", {"R": 2}, "the witness does not satisfy H >= R"),
        ("dX", {"u": "1"}, "witness has to hold integers"),
        ("dX", {"u": True}, "witness has to hold integers"),
        ("dX", {"k": 1}, "the witness is of H, W, R, S, u, v, k; the claim's sizes are H, W, R, S"),
        ("where", {"H": 2, "u": 2}, r"the witness does not satisfy \(H - R\) % u == 0"),
        ("declared", {"k": 10}, "the witness does not satisfy k <= 9"),
        ("declared", {"k": 0}, "the witness does not satisfy k >= 1"),
        ("dX", {"H": 2}, "the witness is not the smallest: H may be 1"),
    ],
)
def test_sizes_that_the_claim_does_not_speak_of_are_no_witness(
    name: str, sizes: dict[str, object], why: str
) -> None:
    data = certificate(name)
    data["claims"][0]["witness"] |= sizes
    with pytest.raises(CertificateError, match=f"^{CLAIMS[name].id}: .*{why}"):
        recheck(*read(json.dumps(data)))


def test_a_size_that_could_be_less_makes_another_witness() -> None:
    data = certificate("where")
    data["claims"][0]["witness"] = {"H": 10**30, "R": 5, "u": 1}
    with pytest.raises(CertificateError, match=r"not the smallest: H may be 9+$"):
        recheck(*read(json.dumps(data)))


@pytest.mark.parametrize(
    ("bound", "where", "least"),
    [("any", "k*k >= 2", 2), ("any", "k <= -3", -3), ("any", "k < 4", 0), ("-5..9", "k >= -7", -5)],
)
def test_a_size_that_may_be_negative_is_as_near_to_0_as_it_can_be(
    bound: str, where: str, least: int
) -> None:
    claim = StatedClaim("k + 1 == 1 + k", where=(where,), integers=(("k", bound),)).claim()
    assert smallest_sizes(claim) == {"k": least}
    for other in range(-9, 9):
        if other not in (least, -least):
            with pytest.raises(CertificateError):
                check_witness(claim, {"k": other})


def test_a_witness_that_leaves_a_size_out_is_none() -> None:
    data = certificate("dX")
    for name in data["claims"][0]["witness"]:
        assert not accepted(removed(data, ("claims", 0, "witness", name)))
    assert not accepted(removed(data, ("claims", 0, "witness")))


VACUOUS = {
    "sum": StatedClaim(
        "dX == correlate(dY, F)", id="vacuous", where=("H + W + R + S + u + v < 6",)
    ),
    "no filter fits": StatedClaim("dX == correlate(dY, F)", id="vacuous", where=("R > H", "S > W")),
    "declared": StatedClaim(
        "k == k + 1", id="vacuous", where=("k > 3",), integers=(("k", "1..3"),)
    ),
    "numbers": StatedClaim("1 == 2", id="vacuous", where=("1 == 2",)),
}


@pytest.mark.parametrize("name", VACUOUS)
def test_what_holds_of_no_sizes_has_certificates_and_no_witness(name: str) -> None:
    """From contradictory hypotheses everything follows, each obligation by an identity."""
    claim = VACUOUS[name].claim()
    argument, reason = argue(claim, CertificateSearch())
    assert argument is not None, reason
    found = [tuple(filter(None, each)) for each in argument.certificates]
    told = tuple(map(certified_case, argument.cases, found))
    for value in range(4):
        witness = tuple((name, value) for name in claim.integers)
        with pytest.raises(CertificateError, match=r"^vacuous: the witness"):
            recheck(CertifiedClaim(VACUOUS[name], witness, told))
    with spending(Budget(100_000)):
        assert smallest_sizes(claim) is None
    assert not judge(VACUOUS[name], timeout=5).proved


@pytest.mark.parametrize(
    ("statement", "where", "why"),
    [
        ("H // (u-1) == H // (u-1)", "u == 1", "a divisor is 0"),
        ("crop(X, ((u, 0), (0, 0))) == X", "u == 1", "pad leaves an element"),
        ("dilate(X, (u-1, 1)) == X", "u == 1", "the step of dilate is at least 1"),
        ("X[m,n] == sum(X[m + (k-m)//(u-1), n] for k in range(1))", "u == 1", "a divisor is 0"),
        ("correlate(F, X) == F", "H >= R + 1", "the filter fits"),
        ("vjp(correlate(X, F), X, G) == X", "R >= 2", "differ in shape"),
        ("X == dilate(X, (u, u))", "H >= 2 and u >= 2", "differ in shape"),
        ("(H, W) == (W, H)", "H >= 2", "differ in shape"),
        ("shape(rotate(X)) == (W, H)", "H >= 2", "differ in shape"),
    ],
)
def test_at_a_witness_both_sides_have_a_meaning_and_one_shape(
    statement: str, where: str, why: str
) -> None:
    tensors = (("G", "H x W"),) if "G" in statement else ()
    claim = StatedClaim(statement, where=(where,), tensors=tensors).claim()
    (least,) = islice(_satisfying(claim), 1)
    with pytest.raises(CertificateError, match=why):
        check_witness(claim, least)
    assert smallest_sizes(claim) is None


def _satisfying(claim: Claim) -> Iterator[dict[str, int]]:
    sizes = product(range(1, 4), repeat=len(claim.integers))
    choices = (dict(zip(claim.integers, each, strict=True)) for each in sizes)
    return filter(lambda choice: satisfies(claim, choice), choices)


# What is shown


@pytest.mark.parametrize("letter", ["\n", "\x1b", "\x7f", "\x9b", "\ud800", "\u202e", "\u2028"])
def test_what_cannot_be_printed_is_refused_wherever_it_stands(letter: str) -> None:
    data = certificate("declared")
    for path in places(data["claims"]):
        value = data["claims"]
        for step in path:
            value = value[step]
        if not isinstance(value, str):
            continue
        tampered = {**data, "claims": changed(data["claims"], path, f"{value}{letter}")}
        with pytest.raises(CertificateError, match="cannot be printed") as caught:
            read(json.dumps(tampered))
        assert str(caught.value).isprintable()
        assert str(caught.value).startswith("claim 1: " if path[-1] == "id" else "declared: ")
    claim = data["claims"][0]
    claim["witness"][f"k{letter}"] = 1
    with pytest.raises(CertificateError, match=r"^declared: .* cannot be printed"):
        read(json.dumps(data))


def test_what_cannot_be_printed_is_not_written() -> None:
    told = judge(StatedClaim("H == H", id="a\x1b[2Jb")).certified()
    assert told is not None
    with pytest.raises(CertificateError, match="cannot be printed"):
        write([told])


def test_a_hypothesis_on_two_lines_is_written_on_one() -> None:
    told = judge(StatedClaim("H % u == R % u", where=("(H -\n   R) % u == 0",))).certified()
    assert told is not None
    assert told.stated.where == ("(H - R) % u == 0",)
    assert recheck(*read(write([told])))


@pytest.mark.parametrize(
    "path", [("statement",), ("cases", 0, "obligations", 3, "goal"), ("where",)]
)
def test_a_rejection_names_its_claim(path: tuple[Any, ...]) -> None:
    data = certificate("dX")
    data["claims"].append(copy.deepcopy(data["claims"][0]))
    data["claims"][1]["id"] = "second"
    for replacement in ("nonsense(", ["H >= 9"], 5):
        tampered = changed(data, ("claims", 1, *path), replacement)
        with pytest.raises(CertificateError, match=r"^second: "):
            recheck(read(json.dumps(tampered))[1])


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


u, q = Polynomial.name("u"), Polynomial.name("q")

REMAINDER = Obligation(
    name="left 1",
    words="q*u is at least 0, q being H // u",
    hypotheses=tuple(
        Bound(str(each), each) for each in (u - 1, H - 1, H - q * u, q * u + u - H - 1)
    ),
    equations=(),
    goal=q * u,
)
LEMMA = Lemma(
    q,
    Combination(
        tuple(Multiple(Fraction(1, 2), places) for places in ((DENIAL, 0), (3,), (1,), (DENIAL,)))
    ),
)
BY_LEMMA = Combination(tuple(Multiple(Fraction(1), places) for places in ((DENIAL,), (4, 0), (4,))))


def test_a_lemma_is_proved_before_it_is_used() -> None:
    check(REMAINDER, Certificate((LEMMA,), BY_LEMMA))
    with pytest.raises(CertificateError, match="the multipliers do not give -1"):
        check(REMAINDER, Certificate((), BY_LEMMA))
    for proof in (
        Combination(()),
        replace(LEMMA.proof, terms=LEMMA.proof.terms[:-1]),
        Combination((Multiple(Fraction(1), (DENIAL,)), Multiple(Fraction(1), (4,)))),  # by itself
    ):
        with pytest.raises(CertificateError, match="the lemma q >= 0 fails"):
            check(REMAINDER, Certificate((replace(LEMMA, proof=proof),), BY_LEMMA))


def test_an_equation_is_the_polynomial_0_and_needs_no_multipliers() -> None:
    exact = replace(REMAINDER, hypotheses=(), goal=q * 0, exact=True)
    check(exact, Certificate())
    for obligation, certificate in (
        (replace(exact, goal=q), Certificate()),
        (exact, Certificate(proof=Combination(()))),
        (exact, Certificate((LEMMA,))),
    ):
        with pytest.raises(CertificateError, match="the two sides of an equation differ"):
            check(obligation, certificate)


def test_products_have_two_factors_at_most() -> None:
    """H*H*H >= 0 follows from H >= 0, by a product of three; the form knows none."""
    terms = (Multiple(Fraction(1), (DENIAL,)), Multiple(Fraction(1), (0, 0, 0)))
    assert not is_proof([H], [], H * H * H, Combination(terms))
    terms = (Multiple(Fraction(1), (DENIAL,)), Multiple(Fraction(1), (0, 0)))
    assert is_proof([H], [], H * H, Combination(terms))


def test_a_statement_is_in_its_usual_form() -> None:
    data = certificate("max")
    data["claims"][0]["statement"] = data["claims"][0]["statement"].replace(" == ", "  == ")
    with pytest.raises(CertificateError, match="max: the statement is not in its usual form"):
        recheck(*read(json.dumps(data)))


def test_what_is_at_least_0_is_not_multiplied_by_a_negative_number() -> None:
    """From H >= 1 it does not follow that H >= 5, though -1 = (4 - H) + 5*(H - 1) - 4*H."""
    terms = ((1, DENIAL), (5, 0), (-4, 1))
    proof = Combination(tuple(Multiple(Fraction(n), (place,)) for n, place in terms))
    assert not is_proof([H - 1, H], [], H - 5, proof)
    positive = (*proof.terms[:2], Multiple(Fraction(4), (1,)))
    assert is_proof([H - 1, -H], [], H - 5, replace(proof, terms=positive))


def test_multiple_that_says_nothing_is_refused() -> None:
    proof = Combination((Multiple(Fraction(1), (DENIAL,)), Multiple(Fraction(1), (0,))))
    assert is_proof([H - 1], [], H - 1, proof)
    idle = replace(proof, terms=(*proof.terms, Multiple(Fraction(0), (0,))))
    assert not is_proof([H - 1], [], H - 1, idle)


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
