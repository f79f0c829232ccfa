"""The verdict on equations that hold for every size: index formulas, operators, sizes."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from symconv.documents.activations import up_to_the_activation, without_activation
from symconv.documents.formulas.convention import Convention, Notation
from symconv.documents.formulas.definitions import Definitions
from symconv.documents.formulas.roles import is_output
from symconv.documents.formulas.stated import StatedFormula
from symconv.documents.index_formulas.bias_gradients import bias_of, judge_bias_gradient
from symconv.documents.index_formulas.indices import is_index_formula
from symconv.documents.index_formulas.verdicts import INDEX, judge_index
from symconv.documents.index_formulas.written_out import is_at_an_element, judge_at_element
from symconv.documents.mathematics.syntax import (
    Call,
    Derivative,
    Differential,
    Expression,
    Floor,
    Number,
    Symbol,
    WrittenProduct,
    WrittenQuotient,
    WrittenSum,
)
from symconv.documents.meanings.meant import Meant, difference, special
from symconv.documents.meanings.transposed import NAMED
from symconv.documents.operators.formula import is_operator_formula
from symconv.documents.operators.verdicts import OPERATOR, judge_operators
from symconv.documents.sizes.judge import is_size, judge_size
from symconv.documents.sizes.numbers import SIZE
from symconv.documents.source.place import Place
from symconv.documents.verdicts.verdict import AGREE, WRONG, EquationVerdict, not_judged, worst


def judge_formula(
    formula: StatedFormula, meant: Meant, definitions: Definitions
) -> EquationVerdict | None:
    """Return the verdict on a formula, None where it says nothing about a convolution.

    A definition is taken, not judged.  What notations differ in is not judged; nor is what the
    formula alone would make a convolution, and then a wrong one.
    """
    left, right = formula.sides[:2]
    if formula.refused is not None:
        return not_judged(INDEX, formula.place, formula.refused.reason, formula.refused.place)
    if not _is_tensor(left, meant.notations[0]) and definitions.take(left, right):
        return None
    found = _each(formula, meant.notations, meant, definitions)
    if not found:
        return None
    first = found[0]
    if first.verdict != AGREE and (other := _elsewhere(formula, meant, definitions)):
        return other
    if any(judgement.verdict != first.verdict for judgement in found):
        reason = f"two readings fit: {difference(meant.notations)}"
        return not_judged(first.kind, formula.place, reason)
    if (first.verdict == WRONG and not meant.sure) or (first.verdict == AGREE and meant.odd):
        return not_judged(first.kind, formula.place, _unsure(meant.notations[0]))
    if meant.unread and (first.verdict == AGREE or (first.verdict, first.kind) == (WRONG, INDEX)):
        return not_judged(first.kind, formula.place, _UNREAD)
    if first.verdict == AGREE and meant.general:
        return _beside(worst(found), formula, meant, definitions)
    usual = not any(notation.transposed for notation in meant.notations)
    if first.verdict == WRONG and first.kind != SIZE and usual and NAMED.search(meant.words):
        return not_judged(first.kind, formula.place, _TRANSPOSED)
    return worst(found)


_TRANSPOSED = "the words beside it speak of a transposed convolution, whose formula is another one"
_UNREAD = "the stride and padding of the forward formula here are not understood"


def _beside(
    agreed: EquationVerdict, formula: StatedFormula, meant: Meant, definitions: Definitions
) -> EquationVerdict:
    """Return the verdict on what is right for an example, and for no other stride perhaps."""
    general = _each(formula, meant.general, meant, definitions)
    if not general or all(judgement.verdict == AGREE for judgement in general):
        return agreed
    here = f"{special(meant.notations[0], meant.general[0])}, as in the example here"
    return replace(agreed, scope="; ".join(filter(None, (here, agreed.scope))))


def _each(
    formula: StatedFormula,
    notations: Sequence[Notation],
    meant: Meant,
    definitions: Definitions,
) -> list[EquationVerdict]:
    """Return the verdict in every notation, none where it says nothing in one of them."""
    found = [_judged(formula, notation, meant, definitions) for notation in notations]
    judgements = [judgement for judgement in found if judgement is not None]
    return judgements if len(judgements) == len(found) else []


def _elsewhere(
    formula: StatedFormula, meant: Meant, definitions: Definitions
) -> EquationVerdict | None:
    """Return the verdict on what another forward formula of the document makes right."""
    for notation in meant.others:
        for judgement in _each(formula, [notation], meant, definitions):
            if judgement.verdict == AGREE and isinstance(notation, Convention):
                here = f"{special(notation, meant.notations[0])}, as another formula here"
                return replace(judgement, scope="; ".join(filter(None, (here, judgement.scope))))
    return None


def _unsure(notation: Notation) -> str:
    if own := next(filter(is_output, notation.gradients), ""):
        way = ", or say --names" if notation.hints.names is None else ""
        return f"{own} is the output by its name, not its gradient; write dL/d{own}{way}"
    x, f, y = (name or "?" for name in notation.names[:3])
    ask = notation.hints.ask("names")
    return f"nothing else here shows that {x} is the input, {f} the filter and {y} the output{ask}"


def _judged(
    formula: StatedFormula, reading: Notation, meant: Meant, definitions: Definitions
) -> EquationVerdict | None:
    """Return the verdict in one notation; in a = b = c both b and c have to be right."""
    left, *others = formula.sides
    words = meant.words
    if _states_a_size(left, reading) and not any(map(is_operator_formula, others)):
        return judge_size(formula.sides, formula.place, reading.geometry, words, meant.sizes)
    if any(map(is_index_formula, formula.sides)):
        numbered = any(is_at_an_element(left, side) for side in others)
        if not _is_element(left) and not numbered:
            return None
        if not any(_tensors(side, reading) for side in formula.sides):
            return None
        found = [_index(left, side, reading, formula, definitions, words) for side in others]
        return worst(found)
    if any(map(is_operator_formula, formula.sides)):
        others = [definitions.put(side) for side in others]
        known = definitions.meant
        return worst(
            [_operators(left, side, reading, formula.place, words, known) for side in others]
        )
    return judge_size(formula.sides, formula.place, reading.geometry, words, meant.sizes)


def _index(
    left: Expression,
    right: Expression,
    reading: Notation,
    formula: StatedFormula,
    definitions: Definitions,
    words: str,
) -> EquationVerdict:
    """Return the verdict; what is right has to be so within the bounds that are said behind it."""
    if bias_of(left, right) is not None:
        return judge_bias_gradient(left, right, reading, formula.place)
    if is_at_an_element(left, right):
        return judge_at_element(left, right, reading, formula.place, definitions)
    found = judge_index(left, right, reading, formula.place, definitions, words=words)
    bounds = formula.bounds
    if found.verdict != AGREE or not bounds:
        return found
    within = judge_index(left, right, reading, formula.place, definitions, bounds, words)
    if within.verdict == AGREE:
        return found
    reason = "right, but not within the bounds that are said behind it"
    return not_judged(found.kind, found.place, reason, bounds[0].place)


def _tensors(expression: Expression, reading: Notation) -> bool:
    """Whether a tensor stands in an expression, and not only a size such as rem_H."""
    match expression:
        case Symbol(name):
            return bool(reading.role(name))
        case WrittenProduct(factors):
            return any(_tensors(factor, reading) for factor in factors)
        case WrittenSum(terms):
            return any(_tensors(term, reading) for _, term in terms)
        case Number() | WrittenQuotient() | Floor() | Call("\\bmod"):
            return False
    return True


def _is_tensor(left: Expression, reading: Notation) -> bool:
    """Whether the left side is input, filter or output, and not a name of its own."""
    if isinstance(left, Differential):
        return False
    return not isinstance(left, Symbol) or bool(reading.role(left.name))


def _states_a_size(left: Expression, reading: Notation) -> bool:
    """Whether the left side names a size and no tensor of the document."""
    tensor = isinstance(left, Symbol) and left.name in reading.names
    return is_size(left) and not tensor


def _operators(
    left: Expression,
    right: Expression,
    reading: Notation,
    place: Place,
    words: str,
    known: AbstractSet[str],
) -> EquationVerdict:
    if is_operator_formula(left) and not is_operator_formula(right):
        left, right = right, left
    plain = without_activation(left, right, reading)
    found = judge_operators(*plain, reading, place, words, known)
    return found if plain == (left, right) else up_to_the_activation(found)


def _is_element(expression: Expression) -> bool:
    return is_index_formula(expression) or isinstance(expression, (Derivative, Differential))


__all__ = ["INDEX", "OPERATOR", "SIZE", "judge_formula"]
