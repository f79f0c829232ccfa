"""Shows results in Python and in notebooks: verdicts first, and never a dump of fields.

A derivation is its verdicts and closed forms, as text and as one display of LaTeX; a judgement is
what ``symconv prove`` prints.
"""

from __future__ import annotations

from collections.abc import Iterable

from symconv.claims.verdict import Proof, Verdict
from symconv.derivation import Derivation
from symconv.errors import listed
from symconv.proof.prover import Judgement
from symconv.telling.overview import GRADIENT_OF
from symconv.views.pane import fenced, judged_row, pane, shortened

LONGEST_DERIVATION = 1480
"""The most characters of a derivation that is shown by itself."""


def text(derivation: Derivation) -> str:
    """Return the verdicts and the closed forms, as ``symconv derive`` prints them."""
    from symconv.telling import overview
    from symconv.views import plain

    return "\n".join(plain.lines(overview.summary(derivation), derivation.notation))


def brief(derivation: Derivation) -> str:
    """Return the lines of `text`, up to a length."""
    lines = (("", line) for line in text(derivation).splitlines())
    return "\n".join(line for _, line in shortened(lines, LONGEST_DERIVATION))


def latex(derivation: Derivation) -> str:
    """Return the closed forms of dX and dF, and of a layer's dB, between double dollars."""
    from symconv.mathematics.latex import aligned

    return f"$${aligned(_rows(derivation).values())}$$"


def display(derivation: Derivation) -> str:
    """Return the closed forms between double dollars, each with its verdicts below it."""
    from symconv.mathematics.latex import aligned
    from symconv.telling.words import VERDICTS

    rows: list[str] = []
    for gradient, row in _rows(derivation).items():
        scopes: dict[Verdict, list[str]] = {}
        for proof in derivation.proofs:
            if GRADIENT_OF[proof.claim] == gradient:
                scopes.setdefault(proof.verdict, []).append(f"for {proof.scope}")
        said = (f"{VERDICTS[verdict]} {listed(where)}" for verdict, where in scopes.items())
        rows += [row, judged_row("; ".join(said))]
    return f"$${aligned(rows)}$$"


def _rows(derivation: Derivation) -> dict[str, str]:
    """Return the closed form of each gradient as a row of aligned equations."""
    from symconv.mathematics.latex import aligned_row
    from symconv.readings.layers import LayerReading
    from symconv.telling.writers import Latex

    if derivation.whole is not None:
        layer = derivation.whole.layer
        told = ("dX", "dF", "dB") if layer.bias else ("dX", "dF")
        reading = LayerReading(layer, derivation.notation)
        return {name: aligned_row(reading.closed_form(name)) for name in told}
    write = Latex(derivation.notation)
    forms = derivation.closed_forms
    pairs = {"dX": forms["input_gradient"], "dF": forms["filter_gradient"]}
    return {g: f"{write.tensor(g)} &= {write.formula(f)}" for g, f in pairs.items()}


def markdown(derivation: Derivation) -> str:
    """Return what ``symconv derive --format markdown`` writes."""
    from symconv.telling.exposition import tell
    from symconv.views import forms

    return "".join(forms.pieces("markdown", tell(derivation), derivation.notation))


def to_json(derivation: Derivation) -> str:
    """Return what ``symconv derive --format json`` writes."""
    from symconv.views import json

    return "".join(json.chunks(derivation))


def proof_json(judged: Proof) -> str:
    """Return a proof as ``symconv derive --format json`` writes it among others."""
    import json

    from symconv.views.json import proof

    return json.dumps(proof(judged), indent=1) + "\n"


def judgement(judged: Judgement) -> str:
    """Return a verdict with its grounds, as ``symconv prove`` prints it, up to a length."""
    return "\n".join(line for _, line in shortened(_judgement(judged)))


def judgement_html(judged: Judgement) -> str:
    """Return a verdict with its grounds in colours."""
    from symconv.views.judgements import STYLES

    lines = shortened(_judgement(judged))
    return pane([(line, STYLES.get(role, ""))] for role, line in lines)


def judgement_latex(judged: Judgement) -> str:
    """Return what a claim states, and below it where, between double dollars."""
    from symconv.claims import mathematics
    from symconv.mathematics.latex import LATEX, aligned, aligned_row

    claim, stated = judged.claim, judged.stated
    words = stated.words()
    rows = [aligned_row(mathematics.claim(claim, words))]
    for definition in mathematics.definitions(claim, dict(stated.tensors), words):
        rows.append(rf"&\quad \text{{where }} {LATEX.write(definition)}")
    for condition in claim.where:
        rows.append(rf"&\quad \text{{where }} {LATEX.write(mathematics.condition(condition))}")
    return f"$${aligned(rows)}$$"


def judgement_markdown(judged: Judgement) -> str:
    """Return a verdict with all its grounds: the first line bold, the rest as it is."""
    (_, first), *rest = _judgement(judged)
    return f"**{first}**\n\n" + fenced(line for _, line in rest)


def judgement_json(judged: Judgement) -> str:
    """Return what ``symconv prove --format json`` writes."""
    from symconv.proof.run import JudgedClaim
    from symconv.views import proof_json

    return proof_json.text([JudgedClaim(judged)])


def _judgement(judged: Judgement) -> Iterable[tuple[str, str]]:
    from symconv.proof.run import JudgedClaim
    from symconv.views.judgements import lines

    return lines([JudgedClaim(judged)])


Derivation.text = text
Derivation.brief = brief
Derivation.latex = latex
Derivation.display = display
Derivation.markdown = markdown
Derivation.to_json = to_json
Proof.to_json = proof_json
Judgement.text = judgement
Judgement.html = judgement_html
Judgement.latex = judgement_latex
Judgement.markdown = judgement_markdown
Judgement.to_json = judgement_json
