"""Shows a derivation in a notebook: the closed forms of its gradients, as one display."""

from __future__ import annotations

from symconv.derivation import Derivation


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


Derivation.latex = latex
