from __future__ import annotations

import time

import loops
import pytest
from strategies import CASES, cases

import symconv
from symconv.claims.verdict import Scope
from symconv.derivation import SYMPY_PRODUCTS, Derivation, derive
from symconv.equation import Element
from symconv.errors import GeometryError, SymconvError
from symconv.geometry import Geometry


@pytest.mark.parametrize("engine", ["sympy", "terms"])
@cases
def test_derive_tells_the_same_by_both_engines(sizes, engine):
    derivation = derive(sizes, engine=engine)
    expected = loops.terms(sizes)
    for name in ("Y", "dX", "dF"):
        found = derivation.tensor(name)
        listed = [(e.target.index, term) for e in found.equations(name) for term in e.terms]
        assert sorted(listed) == sorted(expected[name].elements())
    assert derivation.proved
    here = [proof.claim for proof in derivation.proofs if proof.scope is Scope.THIS_SIZE]
    assert here == ["input-gradient", "filter-gradient"]


def test_derive_takes_sizes_or_a_geometry():
    assert derive(5, 3, stride=2).geometry == derive(Geometry.of(5, 3, 2)).geometry
    assert derive().geometry == Geometry.of(5, 3)


def test_derive_uses_sympy_for_what_fits_a_screen_and_tables_beyond():
    small, large = derive(5, 3, stride=2), derive(32, 3)
    assert (small.engine, small.sample) == ("sympy", None)
    assert large.engine == "term tables"
    assert large.sample.agrees
    assert 4 * 9 < SYMPY_PRODUCTS < 30 * 30 * 9


def test_derive_is_quick_where_few_products_meet_a_large_input():
    """One window in a large input: few products, but many elements."""
    start = time.process_time()
    assert derive(300, 1, stride=300).proved
    assert time.process_time() - start < 5


def test_an_element_has_its_equation():
    derivation = derive(5, 3, stride=2)
    equation = derivation.equation(Element("dX", (2, 2)))
    assert equation.terms == derivation.input_gradient.terms((2, 2))
    assert len(equation.terms) == 4


def test_an_unknown_engine_is_refused():
    with pytest.raises(SymconvError, match="it must be sympy or terms"):
        derive(engine="z3")


def test_bad_sizes_are_refused():
    with pytest.raises(GeometryError):
        derive(2, 3)


@pytest.mark.parametrize("engine", ["sympy", "terms"])
def test_derive_on_one_and_on_three_axes(engine):
    assert derive((7,), (3,), (2,), engine=engine).proved
    assert derive((3, 4, 5), (2, 2, 3), (1, 2, 1), engine=engine).proved


def test_a_derivation_is_not_proved_where_the_sample_disagrees():
    import dataclasses

    derivation = derive(32, 3)
    assert derivation.proved
    wrong = dataclasses.replace(
        derivation, sample=dataclasses.replace(derivation.sample, agrees=False)
    )
    assert not wrong.proved


def test_a_derivation_is_not_proved_where_a_proof_failed():
    import dataclasses

    from symconv.engines.engine import SympyEngine
    from symconv.formula.closed_forms import textbook_input_gradient
    from symconv.proof.instance import judge

    sizes = CASES["H6R3u2"]
    refuted = judge(SympyEngine(sizes), "dX", textbook_input_gradient(sizes))
    derivation = derive(sizes)
    assert not dataclasses.replace(derivation, proofs=(refuted, *derivation.proofs[1:])).proved


def test_a_notebook_shows_latex():
    shown = symconv.derive(5, 3, stride=2)._repr_latex_()
    assert r"\begin{aligned}" in shown
    assert r"\operatorname{rotate}" in shown
    # a notebook takes what _repr_latex_ returns for text: math has to be marked
    assert shown.startswith("$$")
    assert shown.endswith("$$")


def test_the_package_offers_its_names():
    assert symconv.derive is derive
    assert symconv.Derivation is Derivation
    for name in symconv.__all__:
        assert getattr(symconv, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'deriv'"):
        symconv.deriv  # noqa: B018


def test_an_input_that_is_large_once_padded_is_not_drawn(run):
    sizes = ["--input", "2x7", "--filter", "2x4", "--stride", "1x2", "--dilation", "1x3"]
    for form in ("text", "latex", "markdown"):
        done = run("derive", *sizes, "--padding", "full", "--all", "--format", form)
        assert done.status == 0
        assert "not drawn" in done.out
