"""Chain-rule products whose two factors do not meet, and which index is the slip.

dL/dw_{01} = dL/dy_{00} dy_{00}/dw_{01} + dL/dy_{10} dy_{00}/dw_{01}: the output is y_{00} once
and y_{10} once, and only y_{10} is not in the sum yet.
"""

from __future__ import annotations

from symconv.documents.elements.equations import LOCAL, WrittenFactor
from symconv.documents.notation.truth import (
    Canonical,
    FoundTerm,
    Truth,
    element,
    local_parts,
    truth,
)
from symconv.documents.verdicts.spelling import Speller
from symconv.documents.verdicts.verdict import Finding
from symconv.equation import Element


def unmet(found: FoundTerm, read: Canonical, spell: Speller) -> Finding:
    """Return the finding that the two factors of a chain-rule product do not meet."""
    local = found.mismatch
    assert local is not None
    upstream = next(f for f in found.term.factors if f is not local)
    message = (
        f"{spell.source(local.place)} does not meet {spell.source(upstream.place)}: "
        "the chain rule needs the same output in both, and the element on the left"
    )
    slip = _slip(found, upstream, local, read, spell)
    if slip is None:
        return Finding("SC209", local.place, message)
    factor, meant = slip
    edit = spell.edit(factor, meant) if found.coefficient == 1 else None
    return Finding("SC209", factor.place, message, spell.instead(factor, meant), edit)


def _slip(
    found: FoundTerm, upstream: WrittenFactor, local: WrittenFactor, read: Canonical, spell: Speller
) -> tuple[WrittenFactor, Element] | None:
    """Return the factor with the index that is wrong, and what it should be of; None in doubt."""
    known = truth(spell.reading)
    above = element(upstream, known)
    output, wrt = local_parts(local, known)
    target = Element(read.target.tensor[1:], read.target.index)
    others = [f for f in read.found if f is not found and not f.mismatch]
    if wrt != target:
        certain = others and output.index == above.index and wrt.tensor == target.tensor
        return (local, target) if certain else None
    summed = {element(f, known).index for o in others for f in o.term.factors if f.kind != LOCAL}
    lacking = [
        index
        for index in (above.index, output.index)
        if index not in summed and _depends(index, wrt, known)
    ]
    if len(lacking) != 1:
        return None
    if lacking == [output.index]:
        return upstream, Element("dY", output.index)
    if local.of_place is None:
        return None
    return local._replace(index=local.of_index, index_place=local.of_place), Element(
        "Y", above.index
    )


def _depends(output: tuple[int, ...], wrt: Element, known: Truth) -> bool:
    """Whether there is such an output, and an element has a part in it."""
    there = all(0 <= i < extent for i, extent in zip(output, known.shapes["Y"], strict=True))
    return there and known.local(Element("Y", output), wrt) is not None
