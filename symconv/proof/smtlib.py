"""Writes an obligation as SMT-LIB 2, so that any solver of integer arithmetic can be asked.

It becomes a question: its hypotheses hold and its goal does not.  It holds iff that is ``unsat``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from symconv.polynomial import Monomial, Polynomial
from symconv.proof.obligations import Obligation


def obligation_lines(
    obligation: Obligation, scope: Mapping[str, range] | None = None
) -> Iterator[str]:
    """Yield the declarations and assertions that are unsatisfiable iff ``obligation`` holds.

    Args:
        obligation: what is asked about.
        scope: the values that sizes take, where they are listed.
    """
    scope = scope or {}
    yield f"; {comment(obligation.name)}: {comment(obligation.words)}"
    for name in sorted({*names(obligation), *scope}):
        yield f"(declare-const {_symbol(name)} Int)"
    for name, run in scope.items():
        yield f"(assert (<= {_number(run.start)} {_symbol(name)} {_number(run.stop - 1)}))"
    for bound in obligation.hypotheses:
        yield f"(assert (>= {term(bound.polynomial)} 0)) ; {comment(bound.words)}"
    for bound in obligation.equations:
        yield f"(assert (= {term(bound.polynomial)} 0)) ; {comment(bound.words)}"
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


def comment(text: str) -> str:
    """Return ``text`` so that it ends where its line ends."""
    return " ".join(text.split())
