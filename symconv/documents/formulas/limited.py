"""Where alone an index formula speaks of a convolution, and how its letters were read."""

from __future__ import annotations

from symconv.documents.formulas.gathered import GatheredFormula
from symconv.documents.verdicts.scopes import AT_THE_EXAMPLE, ODD_FILTERS


def scope(formula: GatheredFormula, numbered: bool = False) -> str:
    """Return the conditions under which a formula that holds does so.

    Args:
        formula: what was read; letters that nothing says to count a tensor may count another.
        numbered: whether numbers stand where sizes would.
    """
    said = [f"where {letter} is the extent of {tensor}" for letter, tensor in formula.supposed]
    if "half" in formula.used or formula.halves:
        said.append(ODD_FILTERS)
    if formula.from_middle:
        said.append("where the filter's indices count from its middle")
    if numbered:
        said.append(AT_THE_EXAMPLE)
    return "; ".join(said)


def note(formula: GatheredFormula) -> str:
    """Return which letters were read in one of their meanings."""
    counted = {letter for letter, _ in formula.supposed}
    said = [f"{a} for the {family}" for a, family in formula.guessed.items() if a not in counted]
    if formula.second:
        said.append(f"another meaning of {' and '.join(sorted(formula.second))}")
    return f"with {', '.join(said)}" if said else ""
