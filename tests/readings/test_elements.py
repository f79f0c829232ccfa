from __future__ import annotations

import numpy as np
import pytest
from strategies import CASES, derived

from symconv.equation import Element, Equation
from symconv.formula import closed_forms
from symconv.mathematics.latex import LATEX
from symconv.mathematics.text import ASCII, UNICODE
from symconv.mathematics.tree import Component, Letter, LossGradient, Partial
from symconv.notation import Notation
from symconv.readings import pictures
from symconv.readings.elements import Namer

USUAL = Namer(Notation())
OTHERS = Namer(Notation(("X", r"\theta", "O"), base=1))

x, f, dy = Element("X", (2, 1)), Element("F", (0, 0)), Element("dY", (1, 12))


def test_names_and_the_first_index_are_those_of_the_notation() -> None:
    assert ASCII.write(OTHERS.element(x)) == "X[3,2]"
    assert UNICODE.write(OTHERS.element(f)) == "θ₁₁"
    assert LATEX.write(OTHERS.element(dy)) == r"\frac{\partial L}{\partial O_{2,13}}"
    assert LATEX.write(OTHERS.tensor("dF")) == r"\frac{\partial L}{\partial \theta}"


@pytest.mark.parametrize("declared", ["data", "dG", "GX", "delta"])
def test_a_declared_tensor_keeps_its_name(declared: str) -> None:
    for names in (USUAL, OTHERS):
        element = names.element(Element(declared, (0,)))
        assert isinstance(element, Component)
        assert ASCII.write(element) == f"{declared}[{names.notation.base}]"
        assert names.tensor(declared) == Letter(declared)


def test_gradients_are_derivatives_of_the_loss() -> None:
    for tensor in ("dX", "dF", "dY"):
        assert isinstance(USUAL.tensor(tensor), LossGradient)
        assert isinstance(USUAL.element(Element(tensor, (0, 0))), Partial)


def test_an_equation_of_the_derivation_is_one_tree() -> None:
    equation = derived(CASES["H5R3u2"]).equation(Element("dX", (2, 2)))
    assert UNICODE.write(USUAL.equation(equation)) == (
        "∂L/∂x₂₂ = ∂L/∂y₀₀ f₂₂ + ∂L/∂y₀₁ f₂₀ + ∂L/∂y₁₀ f₀₂ + ∂L/∂y₁₁ f₀₀"
    )


def test_what_is_not_shown_is_counted_and_what_is_marked_is_set_off() -> None:
    total = USUAL.total(((x, f), (dy, f)), more=7, marked=x)
    assert ASCII.write(total) == "[x[2,1] f[0,0]] + dL/dy[1,12] f[0,0] + ... (7 more terms)"
    assert LATEX.write(total).startswith(r"\boldsymbol{x_{21}f_{00}} + ")
    assert ASCII.write(USUAL.equation(Equation(x, ()))) == "x[2,1] = 0"


def test_a_closed_form_is_an_equation() -> None:
    form = closed_forms.filter_gradient(CASES["H6R3u2"])
    assert ASCII.write(OTHERS.closed_form("dF", form)) == (
        "dtheta = correlate(crop(X, ((0, 1), (0, 1))), dilate(dO, (2, 2)))"
    )


def test_the_chain_rule_has_an_index_for_each_axis() -> None:
    assert ASCII.write(USUAL.chain_rule("F", 1)) == "dL/df[m] = sum_i dL/dy[i] dy[i]/df[m]"
    assert UNICODE.write(USUAL.chain_rule("X", 3)) == "∂L/∂xₘₙₒ = Σᵢⱼₖ ∂L/∂yᵢⱼₖ ∂yᵢⱼₖ/∂xₘₙₒ"


def test_a_covered_zero_is_a_product() -> None:
    sizes = {"X": (2,), "F": (2,), "dY": (2,)}
    under = pictures.read(closed_forms.pad(closed_forms.dY, ((1, 0),)), sizes)
    over = pictures.read(closed_forms.F, sizes)
    cells = pictures.overlay(under, over, (0,), (1,))
    written = [ASCII.write(USUAL.cell(cell)) for cell in np.ravel(cells)]
    assert written == ["0*f[0]", "dL/dy[0] f[1]", "dL/dy[1]"]
