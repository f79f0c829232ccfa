"""Shows derivations for symbolic sizes in Python and in notebooks: verdicts and closed forms."""

from __future__ import annotations

from symconv.errors import how_many
from symconv.mathematics.tree import Comparison
from symconv.symbolic.steps import Gradient, Symbolic
from symconv.views.pane import judged_row


def text(derivation: Symbolic) -> str:
    """Return the verdict on each gradient, and its closed form."""
    from symconv.telling.words import VERDICTS
    from symconv.telling.writers import Plain

    write = Plain(derivation.notation)
    lines = []
    for gradient in derivation.gradients:
        steps = how_many(len(gradient.steps), "step")
        verdict = VERDICTS[gradient.theorem.verdict]
        lines.append(f"{verdict}  {write.tensor(gradient.name)}  for every size, found in {steps}")
        if not gradient.proved:
            lines.append(f"  {gradient.shortcoming}")
    for gradient in derivation.gradients:
        lines.append(write(_closed_form(derivation, gradient)))
    return "\n".join(lines)


def latex(derivation: Symbolic) -> str:
    """Return the closed forms of the gradients, between double dollars."""
    from symconv.mathematics.latex import aligned, aligned_row

    rows = (aligned_row(_closed_form(derivation, one)) for one in derivation.gradients)
    return f"$${aligned(rows)}$$"


def display(derivation: Symbolic) -> str:
    """Return the closed forms between double dollars, each with its verdict below it."""
    from symconv.mathematics.latex import aligned, aligned_row
    from symconv.telling.words import VERDICTS

    rows: list[str] = []
    for one in derivation.gradients:
        said = f"{VERDICTS[one.theorem.verdict]} for every size"
        more = "" if one.proved else "; not every step is proved"
        rows += [aligned_row(_closed_form(derivation, one)), judged_row(said + more)]
    return f"$${aligned(rows)}$$"


def markdown(derivation: Symbolic) -> str:
    """Return what ``symconv derive --symbolic --format markdown`` writes."""
    from symconv.telling.symbolic import tell
    from symconv.views import forms

    return "".join(forms.pieces("markdown", tell(derivation), derivation.notation))


def to_json(derivation: Symbolic) -> str:
    """Return what ``symconv derive --symbolic --format json`` writes."""
    from symconv.views import symbolic_json

    return "".join(symbolic_json.chunks(derivation))


def _closed_form(derivation: Symbolic, gradient: Gradient) -> Comparison:
    """Return what a gradient is: its definition, or, of a bias, the sum that the steps end with."""
    from symconv.symbolic.reading import BoardReading

    board = BoardReading(derivation.notation, convolution=derivation.convolution)
    bias = gradient.name == "dB"
    last = gradient.steps[-1].rewriting.statements[-1]
    stated = board.statement(last if bias else gradient.definition)
    assert isinstance(stated, Comparison)  # as every definition is, and a sum without conditions
    return stated


Symbolic.text = text
Symbolic.latex = latex
Symbolic.display = display
Symbolic.markdown = markdown
Symbolic.to_json = to_json
