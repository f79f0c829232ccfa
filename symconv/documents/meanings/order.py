r"""The order of layers: in z^{l} = a^{l-1} * W^{l} the output is one layer above its input.

An output is of its input's layer or of the next one, and likewise of its filter's.  All formulas
of a document keep to one order: what contradicts most of them does not agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from symconv.documents.formulas.convention import Notation
from symconv.documents.formulas.layers import layer_of
from symconv.documents.formulas.stated import StatedFormula
from symconv.documents.meanings.meant import Meant, tensors_of
from symconv.documents.verdicts.scopes import UP_TO_ACTIVATION
from symconv.documents.verdicts.verdict import AGREE, EquationVerdict, not_judged

_USUAL = (0, 1)


class _Step(NamedTuple):
    """By how many layers the output is above another tensor, X or F."""

    role: str
    layers: int


def with_one_order(
    formulas: Sequence[StatedFormula],
    meant: Sequence[Meant],
    judgements: Sequence[EquationVerdict | None],
) -> list[EquationVerdict | None]:
    """Return the verdicts; what has its layers in another order than others does not agree."""
    result = list(judgements)
    found = {
        k: steps
        for k, (formula, judgement) in enumerate(zip(formulas, judgements, strict=True))
        if judgement is not None and judgement.verdict == AGREE
        if UP_TO_ACTIVATION not in judgement.scope  # whose layers are known already
        if (steps := set(_steps(formula, meant[k].notations[0])))
    }
    votes = Counter(step for steps in found.values() for step in steps)
    for k, steps in found.items():
        judgement = result[k]
        if judgement is not None and (reason := next(_odd(steps, votes), "")):
            result[k] = not_judged(judgement.kind, judgement.place, reason)
    return result


def _odd(steps: set[_Step], votes: Counter[_Step]) -> Iterator[str]:
    """Yield what is odd about the layers of a formula."""
    for step in steps:
        name = "input" if step.role == "X" else "filter"
        others = [n for other, n in votes.items() if other.role == step.role and other != step]
        if step.layers not in _USUAL:
            yield f"the output is not of its {name}'s layer, and not of the next one"
        elif max(others, default=0) >= votes[step]:
            yield f"output and {name} are of other layers in other formulas"


def _steps(formula: StatedFormula, notation: Notation) -> Iterator[_Step]:
    """Yield the steps between the layers of a formula's tensors, as far as they have some."""
    layers: dict[str, tuple[str, int]] = {}
    for name in tensors_of(formula):
        role = _role(name, name.split("^")[0], notation)
        if role and (layer := layer_of(name)) is not None:
            layers[role] = layer
    if "Y" in layers:
        letter, output = layers["Y"]
        for role in "XF":
            own, number = layers.get(role, ("", 0))
            if role in layers and own == letter:
                yield _Step(role, output - number)


def _role(name: str, stem: str, notation: Notation) -> str | None:
    """Return the role of a tensor in any layer, in either case."""
    if name in notation.gradients or stem == "\\delta":
        return "Y"
    alike = (own for own in notation.names if own.casefold() == stem.casefold())
    return notation.role(name) or notation.role(stem) or notation.role(next(alike, ""))
