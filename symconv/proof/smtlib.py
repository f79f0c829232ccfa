"""Writes obligations as SMT-LIB 2, so that any solver of integer arithmetic can be asked.

Each obligation is one ``check-sat`` between push and pop: its hypotheses hold and its goal does
not.  The answer has to be ``unsat`` every time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symconv.polynomial import Monomial, Polynomial
from symconv.proof.obligations import Case, Obligation


def script(claims: Iterable[tuple[str, Iterable[Case]]]) -> str:
    """Return the obligations of all claims, each claim with its name, as one file."""
    lines = [
        "; Every check-sat has to answer unsat: then each claim holds for every size.",
        "(set-logic QF_NIA)",
        "(set-info :smt-lib-version 2.6)",
        "(set-info :status unsat)",
    ]
    for name, cases in claims:
        lines += ["", f"; claim {_comment(name)}"]
        for case in cases:
            lines += [f"; where {_comment(split)}" for split in case.splits]
            for obligation in case.obligations:
                lines += ["(push 1)", *obligation_lines(obligation), "(check-sat)", "(pop 1)"]
    return "\n".join(lines) + "\n(exit)\n"


def obligation_lines(obligation: Obligation) -> Iterator[str]:
    """Yield the declarations and assertions that are unsatisfiable iff ``obligation`` holds."""
    yield f"; {_comment(obligation.name)}: {_comment(obligation.words)}"
    for name in names(obligation):
        yield f"(declare-const {_symbol(name)} Int)"
    for bound in obligation.hypotheses:
        yield f"(assert (>= {term(bound.polynomial)} 0)) ; {_comment(bound.words)}"
    for bound in obligation.equations:
        yield f"(assert (= {term(bound.polynomial)} 0)) ; {_comment(bound.words)}"
    relation = "=" if obligation.exact else ">="
    yield f"(assert (not ({relation} {term(obligation.goal)} 0)))"


def names(obligation: Obligation) -> tuple[str, ...]:
    """Return the named integers in ``obligation``."""
    bounds = (*obligation.hypotheses, *obligation.equations)
    polynomials = [obligation.goal, *(bound.polynomial for bound in bounds)]
    return tuple(sorted(frozenset().union(*(p.names for p in polynomials))))


def term(polynomial: Polynomial) -> str:
    """Return ``polynomial`` as an SMT-LIB term.

    >>> term(Polynomial.read("2*R*d - u"))
    '(+ (* 2 |R| |d|) (* (- 1) |u|))'
    """
    products = [_product(monomial, factor) for monomial, factor in polynomial.terms.items()]
    if len(products) > 1:
        return f"(+ {' '.join(products)})"
    return products[0] if products else "0"


def _product(monomial: Monomial, factor: int) -> str:
    parts = [] if factor == 1 and monomial else [_number(factor)]
    parts += map(_symbol, monomial)
    return f"(* {' '.join(parts)})" if len(parts) > 1 else parts[0]


def _number(value: int) -> str:
    return str(value) if value >= 0 else f"(- {-value})"


def _symbol(name: str) -> str:
    return f"|{name}|"


def _comment(text: str) -> str:
    return " ".join(text.split())
