"""A proof in words and identities: what both sides reduce to, and what settles each obligation.

pad reads inside: 0 <= q*u - i_dY*u
    q*u - i_dY*u = (q - i_dY) + (u - 1)*(q - i_dY) >= 0
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from symconv.polynomial import Polynomial
from symconv.proof.certificate import DENIAL, Certificate, Combination
from symconv.proof.obligations import Case, Obligation
from symconv.readings.relation import Relation

DENIED = "t"
"""What -goal - 1 is called in a proof by contradiction, if nothing else is."""


@dataclass(frozen=True, slots=True)
class Settled:
    """One obligation, and why it holds.

    Attributes:
        name: the obligation's name.
        words: what it says.
        states: it as a comparison of polynomials.
        because: the identities that settle it, lemmas first.
    """

    name: str
    words: str
    states: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The proof of one case.

    Attributes:
        case: what distinguishes the case from others, empty if it is the only one.
        quotients: what equations determine, and what the named quotients stand for.
        sides: what each side is the sum of, and where; empty for sizes and shapes.
        counting: why products occur equally often.
        settled: the obligations.
    """

    case: tuple[str, ...]
    quotients: tuple[str, ...]
    sides: tuple[str, ...]
    counting: str
    settled: tuple[Settled, ...]


def explain(case: Case, certificates: Sequence[Certificate]) -> Explanation:
    """Return the proof of ``case`` by ``certificates``, one for each obligation in order."""
    pairs = list(zip(case.obligations, certificates, strict=True))
    occurring = set().union(*(o.goal.names for o, _ in pairs))
    for obligation, _ in pairs:
        occurring |= set().union(*(h.polynomial.names for h in obligation.hypotheses))
    for side in case.reduced or ():
        occurring |= side.names
    known = {bound.polynomial for bound in case.ranges}
    return Explanation(
        case=case.splits,
        quotients=(
            *(f"{name} = {value}" for name, value in case.solved.items()),
            *(
                f"{w.name} = {w.text}, remainder {w.remainder}"
                for w in case.witnesses
                if w.name in occurring
            ),
        ),
        sides=tuple(_reduced(side, known) for side in case.reduced or ()),
        counting=case.counting,
        settled=tuple(_settled(obligation, certificate) for obligation, certificate in pairs),
    )


def identity(obligation: Obligation, goal: Polynomial, proof: Combination, known: Known) -> str:
    """Return the line that shows ``goal`` >= 0.

    Where the denial of the goal is used once, by itself, the goal is written as a sum of what is
    not negative; else what the denial leads to is written out.
    """
    given = _given(obligation, goal)
    if given is not None:
        return f"given: {given}"
    denials = [term for term in proof.terms if DENIAL in term.hypotheses]
    if len(denials) == 1 and denials[0].hypotheses == (DENIAL,):
        return _direct(obligation, goal, proof, known, denials[0].multiplier)
    total = _sum(_parts(obligation, proof, known, Fraction(1)))
    return (
        f"were {goal} <= -1, then {DENIED} = {-goal - 1} >= 0, and 0 <= {total} = -1, "
        "which is impossible"
    )


Known = Mapping[int, Polynomial]
"""The hypotheses and lemmas by their places."""


def _settled(obligation: Obligation, certificate: Certificate) -> Settled:
    states = obligation.goal.compared("=" if obligation.exact else ">=")
    if obligation.exact:
        return Settled(
            obligation.name, obligation.words, states, ("expanding both gives the same",)
        )
    known = {n: bound.polynomial for n, bound in enumerate(obligation.hypotheses)}
    lines = []
    for lemma in certificate.lemmas:
        lines.append(f"first: {identity(obligation, lemma.goal, lemma.proof, known)}")
        known[len(known)] = lemma.goal
    if certificate.proof is not None:
        lines.append(identity(obligation, obligation.goal, certificate.proof, known))
    return Settled(obligation.name, obligation.words, states, tuple(lines))


def _direct(
    obligation: Obligation,
    goal: Polynomial,
    proof: Combination,
    known: Known,
    times: Fraction,
) -> str:
    parts = _parts(obligation, proof, known, 1 / times)
    rest = 1 / times - 1
    if rest or not parts:
        parts.append((rest, ""))
    end = ">= 0" if rest >= 0 else f">= {rest} > -1, an integer"
    return f"{goal} = {_sum(parts)} {end}"


def _parts(
    obligation: Obligation, proof: Combination, known: Known, scale: Fraction
) -> list[tuple[Fraction, str]]:
    """Return the terms of ``proof``, the denial by itself left out where it is solved for."""
    named = {DENIAL: DENIED} | {n: _bracketed(polynomial) for n, polynomial in known.items()}
    direct = sum(DENIAL in term.hypotheses for term in proof.terms) == 1
    parts = [
        (term.multiplier * scale, "*".join(named[place] for place in term.hypotheses))
        for term in proof.terms
        if not (direct and term.hypotheses == (DENIAL,))
    ]
    for term in proof.equations:
        equation = _bracketed(obligation.equations[term.equation].polynomial)
        parts.append((term.multiplier * scale, "*".join((*term.monomial, equation))))
    return parts


def _sum(parts: list[tuple[Fraction, str]]) -> str:
    text = ""
    for factor, product in parts:
        sign = "-" if factor < 0 else "+"
        number = "" if abs(factor) == 1 and product else str(abs(factor))
        text += f" {sign} " + "*".join(part for part in (number, product) if part)
    text = text.removeprefix(" + ")
    return "-" + text[3:] if text.startswith(" - ") else text


def _reduced(relation: Relation, known: set[Polynomial]) -> str:
    """Return which products a side is the sum of, and where: what is ``known`` is not repeated."""
    reads = "*".join(
        f"{factor.leaf}[{', '.join(map(str, factor.index))}]" for factor in relation.factors
    )
    where = [equation.compared("=") for equation in relation.equations]
    where += [
        guard.polynomial.compared(">=")
        for guard in relation.guards
        if guard.polynomial and guard.polynomial not in known
    ]
    said = f" where {', '.join(dict.fromkeys(where))}" if where else ""
    over = f" over {', '.join(relation.sums)}" if relation.sums else ""
    return f"the sum of {reads or 1}{over}{said}"


def _given(obligation: Obligation, goal: Polynomial) -> str | None:
    """Return the words of the hypothesis that is the goal itself, or None."""
    for bound in obligation.hypotheses:
        if bound.polynomial == goal:
            return bound.words
    return None


def _bracketed(polynomial: Polynomial) -> str:
    (factor, *others) = [*polynomial.terms.values()] or [0]
    return str(polynomial) if not others and factor >= 0 else f"({polynomial})"
