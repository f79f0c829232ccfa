"""Asks z3, where it is installed, for integers at which an obligation fails.

What it says is not believed: it is a lead, which is evaluated (`symconv.refutation.leads`).  z3 is
given work that is counted, not seconds, and small integers are asked for first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from symconv.limits.budget import current
from symconv.proof.crosscheck import LONGEST, available
from symconv.proof.obligations import Case, Obligation
from symconv.proof.smtlib import names, obligation_lines

WORK = 2_000_000
"""How much z3 may do for one question, in its own units."""

LARGEST = (64, 4096, None)
"""How large the integers may be that are asked for, one question each; None is any."""


def models(obligation: Obligation) -> Iterator[Mapping[str, int]]:
    """Yield integers at which ``obligation`` fails, as z3 says; none where it is not installed."""
    if not available():
        return
    import z3

    budget = current()
    seconds = LONGEST if budget is None else min(budget.seconds, LONGEST)
    for largest in LARGEST:
        solver = z3.Solver()
        solver.set("rlimit", WORK)
        solver.set("timeout", max(1, int(1000 * seconds)))
        solver.add(z3.parse_smt2_string("\n".join(obligation_lines(obligation))))
        integers = {name: z3.Int(name) for name in names(obligation)}
        if largest is not None:
            solver.add([z3.And(-largest <= n, n <= largest) for n in integers.values()])
        if solver.check() == z3.sat:
            model = solver.model()
            values = (model.evaluate(n, model_completion=True) for n in integers.values())
            yield {name: value.as_long() for name, value in zip(integers, values, strict=True)}


def sizes_of(
    model: Mapping[str, int], case: Case, free: Mapping[str, int | None]
) -> dict[str, int]:
    """Return what a model says of the free integers of a claim.

    Args:
        model: the value of every name in an obligation.
        case: to which the obligation belongs: how names were solved for others.
        free: the free integers of the claim, with their least values.
    """
    sizes = {}
    for name in free:
        if name in model:
            sizes[name] = model[name]
        elif name in case.solved and case.solved[name].names <= model.keys():
            sizes[name] = case.solved[name].evaluate(model)
    return sizes


def led(obligation: Obligation, case: Case, free: Mapping[str, int | None]) -> tuple[str, ...]:
    """Return the free integers that ``obligation`` is about, those of its goal first."""
    bounds = (*obligation.hypotheses, *obligation.equations)
    polynomials = (obligation.goal, *(bound.polynomial for bound in bounds))
    found = dict.fromkeys(name for polynomial in polynomials for name in sorted(polynomial.names))
    hidden = [name for name in case.solved if case.solved[name].names & found.keys()]
    return tuple(name for name in (*found, *hidden) if name in free)
