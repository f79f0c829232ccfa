"""Shows a derivation in a notebook: the closed forms of dX and dF, as one display."""

from __future__ import annotations

from symconv.derivation import Derivation


def latex(derivation: Derivation) -> str:
    """Return the closed forms of dX and dF between double dollars."""
    from symconv.mathematics.latex import aligned
    from symconv.notation import Notation
    from symconv.telling.writers import Latex

    write = Latex(Notation())
    forms = derivation.closed_forms
    pairs = {"dX": forms["input_gradient"], "dF": forms["filter_gradient"]}.items()
    lines = (f"{write.tensor(g)} &= {write.formula(f)}" for g, f in pairs)
    return f"$${aligned(lines)}$$"


Derivation.latex = latex
