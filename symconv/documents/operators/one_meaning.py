"""One sign, one meaning: what is convolution in one formula is no correlation in the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from symconv.documents.formulas.stated import StatedFormula
from symconv.documents.mathematics.syntax import Call, Expression, WrittenProduct
from symconv.documents.mathematics.walk import walk
from symconv.documents.operators.formula import parted
from symconv.documents.verdicts.verdict import AGREE, EquationVerdict, not_judged

_OUTPUT = "y"


def with_one_meaning(
    formulas: Sequence[StatedFormula], judgements: Sequence[EquationVerdict | None]
) -> list[EquationVerdict | None]:
    """Return the verdicts; what agrees only if a sign means something else than elsewhere does not.

    The forward pass says what its sign means, else most formulas; where as many say one thing as
    the other, neither is judged.
    """
    result = list(judgements)
    using: dict[str, list[int]] = {}
    for k, (formula, judgement) in enumerate(zip(formulas, judgements, strict=True)):
        signs = {sign for side in formula.sides for sign in _signs(side)}
        if judgement and judgement.verdict == AGREE and judgement.meanings and len(signs) == 1:
            using.setdefault(signs.pop(), []).append(k)
    for sign, numbers in using.items():
        found = {k: j for k in numbers if (j := judgements[k])}
        meant = _meant(list(found.values()))
        for k, judgement in found.items():
            if not meant & judgement.meanings:
                here = " or ".join(sorted(judgement.meanings))
                reason = f"right only if {sign} means {here}, which it does not in other formulas"
                result[k] = not_judged(judgement.kind, judgement.place, reason)
    return result


def _meant(judgements: Sequence[EquationVerdict]) -> frozenset[str]:
    """Return what a sign means in a document, nothing where its formulas contradict each other."""
    forward = [j for j in judgements if j.target == _OUTPUT]
    votes = Counter(meaning for j in forward or judgements for meaning in j.meanings)
    most = max(votes.values())
    meant = frozenset(meaning for meaning, n in votes.items() if n == most)
    return meant if len(meant) == 1 or most == len(forward or judgements) else frozenset()


def _signs(tree: Expression) -> Iterator[str]:
    """Yield the words and signs that may mean a convolution."""
    for node in walk(tree):
        match node:
            case Call(name) if "conv" in name.lower():
                yield name.strip()
            case WrittenProduct(_, signs):
                yield from (parted(sign)[0] for sign in signs if sign)
