from __future__ import annotations

import re

import sympy

from symconv.proof.prover import prove

DX = "dX == correlate(pad(dilate(dY, (u, v)), ((R-1, R-1+(H-R)%u), (S-1, S-1+(W-S)%v))), rotate(F))"


def test_both_sides_reduce_to_the_relation() -> None:
    (proof,) = prove(DX).explained()
    for side in proof.sides:
        assert "i_dY*u + i_F = i" in side
        assert "dY[i_dY, j_dY]" in side
        assert "F[i_F, j_F]" in side
    assert proof.quotients[0].startswith("q = (H - R)//u")
    assert "at most once" in proof.counting


def test_window_of_the_gradient_is_settled_by_one_identity() -> None:
    (proof,) = prove(DX).explained()
    (line,) = {s.because for s in proof.settled if s.states == "i_dY*u <= q*u"}
    assert line == ("q*u - i_dY*u = (q - i_dY) + (u - 1)*(q - i_dY) >= 0",)


def test_identities_are_identities() -> None:
    """What stands left and right of the first equals sign is the same polynomial."""
    claims = [prove(DX), prove("(H+u-1)//u == -(-H//u)"), prove("H//u//v == H//v//u")]
    checked = 0
    for judged in claims:
        for proof in judged.explained():
            for line in (line for settled in proof.settled for line in settled.because):
                checked += _check(line)
    assert checked >= 8


def _check(line: str) -> int:
    if match := re.fullmatch(r"(?:first: )?([^=:]*) = (.*) >= \S+( > -1, an integer)?", line):
        assert sympy.expand(_value(match[1]) - _value(match[2])) == 0, line
        return 1
    if match := re.search(r"then t = (.*) >= 0, and 0 <= (.*) = -1,", line):
        total = _value(match[2]).subs(sympy.Symbol("t"), _value(match[1]))
        assert sympy.expand(total) == -1, line
        return 1
    assert line.startswith(("given: ", "expanding both")), line
    return 0


def _value(text: str) -> sympy.Expr:
    names = set(re.findall(r"[A-Za-z_]\w*", text))
    return sympy.sympify(text, locals={name: sympy.Symbol(name) for name in names})


def test_obligation_that_is_given_says_by_what() -> None:
    (proof,) = prove("rotate(rotate(X)) == X").explained()
    assert any(settled.because == ("given: H >= 1",) for settled in proof.settled)


def test_cases_are_explained_one_by_one() -> None:
    proofs = prove("max(H, W) + min(H, W) == H + W").explained()
    assert [proof.case for proof in proofs] == [("H <= W",), ("H > W",)]


def test_what_is_not_proved_is_not_explained() -> None:
    assert prove("H == W").explained() == ()
