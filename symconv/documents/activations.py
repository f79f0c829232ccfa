r"""Errors that pass an activation: \delta^{l-1} = \delta^l * rot180(W^l) \odot \sigma'(z^{l-1}).

The convolution gives the gradient of the layer's input; what the activation makes of it is an
elementwise factor.  It is not looked at: such a formula agrees up to it.
"""

from __future__ import annotations

from dataclasses import replace

from symconv.documents.formulas.convention import Notation
from symconv.documents.formulas.layers import layer_of
from symconv.documents.mathematics.syntax import Differential, Expression, Symbol, WrittenProduct
from symconv.documents.meanings.meant import tensors
from symconv.documents.operators.formula import is_operator_formula
from symconv.documents.verdicts.scopes import UP_TO_ACTIVATION
from symconv.documents.verdicts.verdict import AGREE, WRONG, EquationVerdict, not_judged

_DELTA = "\\delta^"
_TIMES = "\\odot"


def without_activation(
    left: Expression, right: Expression, notation: Notation
) -> tuple[Expression, Expression]:
    """Return what the convolution alone computes, and the convolution; else both as they are."""
    if isinstance(right, WrittenProduct) and right.signs.count(_TIMES) == 1:
        k = right.signs.index(_TIMES) + 1
        parts = (
            _product(right.factors[:k], right.signs[: k - 1], right),
            _product(right.factors[k:], right.signs[k:], right),
        )
        right = next(filter(is_operator_formula, parts), right)
    if isinstance(left, Symbol) and left.index is None and _follows(left.name, right):
        name = (*notation.names, "X")[0] + left.name.removeprefix("\\delta")
        left = Differential(Symbol(name, None, left.place), "d", left.place)
    return left, right


def _follows(name: str, right: Expression) -> bool:
    """Whether all layers on the right are that of a name and the next, an error's the next."""
    layer = layer_of(name) if name.startswith(_DELTA) else None
    named = {other: above for other in tensors(right) if (above := layer_of(other)) is not None}
    if layer is None or not any(other.startswith(_DELTA) for other in named):
        return False
    following = layer[0], layer[1] + 1
    return all(
        above == following or (above == layer and not other.startswith(_DELTA))
        for other, above in named.items()
    )


def _product(
    factors: tuple[Expression, ...], signs: tuple[str, ...], whole: WrittenProduct
) -> Expression:
    return factors[0] if len(factors) == 1 else WrittenProduct(factors, signs, whole.place)


def up_to_the_activation(judgement: EquationVerdict) -> EquationVerdict:
    """Return the verdict on a formula of which the convolution alone was judged."""
    if judgement.verdict == WRONG:
        reason = "an elementwise product, as of an activation"
        return not_judged(judgement.kind, judgement.place, reason)
    limits = "; ".join(filter(None, (judgement.scope, UP_TO_ACTIVATION)))
    return replace(judgement, scope=limits) if judgement.verdict == AGREE else judgement
