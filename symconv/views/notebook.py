"""Shows results in Python and in notebooks: verdicts first, and never a dump of fields.

A derivation is its verdicts and closed forms, as text and as one display of LaTeX; a judgement is
what ``symconv prove`` prints.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from symconv.derivation import Derivation
from symconv.proof.prover import Judgement

if TYPE_CHECKING:
    from symconv.telling.blocks import Block

LONGEST = 880
"""The most characters of a judgement, which ends after a whole line."""


def text(derivation: Derivation) -> str:
    """Return the verdicts and the closed forms, as ``symconv derive`` prints them."""
    from symconv.notation import Notation
    from symconv.telling import overview
    from symconv.views import plain

    return "\n".join(plain.lines(overview.summary(derivation), Notation()))


def latex(derivation: Derivation) -> str:
    """Return the closed forms of dX and dF, and of a layer's dB, between double dollars."""
    from symconv.mathematics.latex import aligned, aligned_row
    from symconv.notation import Notation
    from symconv.readings.layers import LayerReading
    from symconv.telling.writers import Latex

    if derivation.whole is not None:
        layer = derivation.whole.layer
        told = ("dX", "dF", "dB") if layer.bias else ("dX", "dF")
        reading = LayerReading(layer, Notation())
        return f"$${aligned(aligned_row(reading.closed_form(name)) for name in told)}$$"
    write = Latex(Notation())
    forms = derivation.closed_forms
    pairs = {"dX": forms["input_gradient"], "dF": forms["filter_gradient"]}.items()
    lines = (f"{write.tensor(g)} &= {write.formula(f)}" for g, f in pairs)
    return f"$${aligned(lines)}$$"


def markdown(derivation: Derivation) -> str:
    """Return what ``symconv derive --format markdown`` writes."""
    from symconv.notation import Notation
    from symconv.views import forms

    return "".join(forms.pieces("markdown", _told(derivation), Notation()))


def to_json(derivation: Derivation) -> str:
    """Return what ``symconv derive --format json`` writes."""
    from symconv.views import json

    return "".join(json.chunks(derivation))


def judgement(judged: Judgement) -> str:
    """Return a verdict with its grounds, as ``symconv prove`` prints it."""
    from symconv.proof.run import JudgedClaim
    from symconv.views.judgements import lines

    kept: list[str] = []
    for _, line in lines([JudgedClaim(judged)]):
        if sum(map(len, kept)) + len(kept) + len(line) > LONGEST:
            kept.append("  ..")
            break
        kept.append(line)
    return "\n".join(kept)


def _told(derivation: Derivation) -> Iterable[Block]:
    from symconv.telling.exposition import tell

    return tell(derivation)


Derivation.text = text
Derivation.latex = latex
Derivation.markdown = markdown
Derivation.to_json = to_json
Judgement.text = judgement
