from __future__ import annotations

import loops
import numeric
import pytest
from hypothesis import given, settings
from mutants import MUTANTS, mutants, right
from strategies import cases, geometries

from symconv.claims.verdict import Scope, Verdict
from symconv.engines.engine import SympyEngine, TermEngine, leaf_shapes
from symconv.formula import closed_forms
from symconv.formula.nodes import Correlate, Dilate, Leaf, Ones, Pad, Rotate, Subsample
from symconv.geometry import Geometry
from symconv.proof.instance import judge

X, F, dY = Leaf("X"), Leaf("F"), Leaf("dY")
ONE = (1, 1)

engines = pytest.mark.parametrize("engine", [SympyEngine, TermEngine], ids=["sympy", "terms"])


@engines
@cases
def test_both_closed_forms_are_proved(engine, sizes):
    total = sum(loops.terms(sizes)["Y"].values())
    for gradient, form in (
        ("dX", closed_forms.input_gradient(sizes)),
        ("dF", closed_forms.filter_gradient(sizes)),
    ):
        proof = judge(engine(sizes), gradient, form, claim="it", statement="this")
        assert proof.verdict is Verdict.PROVED
        assert proof.proved
        assert proof.scope is Scope.THIS_SIZE
        assert proof.elements == len(
            loops.indices({"dX": sizes.input, "dF": sizes.filter}[gradient])
        )
        assert proof.terms == total
        assert (proof.claim, proof.statement, proof.engine) == ("it", "this", engine.name)
        assert (proof.counterexample, proof.reason) == (None, None)
        assert proof.seconds >= 0


@given(geometries())
@settings(max_examples=30)
def test_both_closed_forms_are_proved_by_sympy_at_any_size(sizes):
    engine = SympyEngine(sizes)
    assert judge(engine, "dX", closed_forms.input_gradient(sizes)).proved
    assert judge(engine, "dF", closed_forms.filter_gradient(sizes)).proved


@given(geometries(extra=9))
@settings(max_examples=100)
def test_both_closed_forms_are_proved_by_tables_at_any_size(sizes):
    engine = TermEngine(sizes)
    assert judge(engine, "dX", closed_forms.input_gradient(sizes)).proved
    assert judge(engine, "dF", closed_forms.filter_gradient(sizes)).proved


@engines
@mutants
def test_the_right_form_is_proved_where_its_mutant_is_refuted(engine, mutant):
    form = right(mutant.sizes, mutant.gradient)
    assert judge(engine(mutant.sizes), mutant.gradient, form).proved


@engines
@mutants
def test_a_wrong_closed_form_is_refuted(engine, mutant):
    """The counterexample is checked by evaluating both sides, which shares nothing with it."""
    sizes, wrong = mutant.sizes, mutant.formula(mutant.sizes)
    proof = judge(engine(sizes), mutant.gradient, wrong)
    assert proof.verdict is Verdict.REFUTED
    assert not proof.proved
    found = proof.counterexample
    arrays = loops.integers(sizes)
    given_values, given_shape = numeric.evaluate(wrong, arrays, leaf_shapes(sizes))
    true_values = (
        loops.input_gradient(sizes, arrays["dY"], arrays["F"])
        if mutant.gradient == "dX"
        else loops.filter_gradient(sizes, arrays["dY"], arrays["X"])
    )
    true_shape = sizes.input if mutant.gradient == "dX" else sizes.filter
    assert found.shapes == (true_shape, given_shape)
    assert found.undefined is None
    if mutant.shows == "shape":
        assert given_shape != true_shape
        assert found.equations is None
        return
    first = next(index for index in true_values if true_values[index] != given_values[index])
    left, right_ = found.equations
    assert left.target == right_.target == (mutant.gradient, first)
    assert loops.value(left.terms, arrays) == true_values[first]
    assert loops.value(right_.terms, arrays) == given_values[first]


def test_mutants_are_shown_by_elements_and_by_shapes_for_both_gradients():
    kinds = {(mutant.gradient, mutant.shows) for mutant in MUTANTS.values()}
    assert len(kinds) == 4


@engines
@given(sizes=geometries(extra=5))
@settings(max_examples=25)
def test_textbook_forms_hold_exactly_where_there_is_no_remainder(engine, sizes):
    def verdict(gradient, form):
        return judge(engine(sizes), gradient, form).proved

    dx, df = (
        closed_forms.textbook_input_gradient(sizes),
        closed_forms.textbook_filter_gradient(sizes),
    )
    assert verdict("dX", dx) == (not any(sizes.remainder))
    # what is not cropped only shows where it makes room for one more filter element
    fits = all(rem < d for rem, d in zip(sizes.remainder, sizes.dilation, strict=True))
    assert verdict("dF", df) == fits


@engines
def test_one_green_size_proves_nothing(engine):
    """Padding by R - 1 passes at 7x7 and fails at 8x8."""
    for H, expected in ((7, Verdict.PROVED), (8, Verdict.REFUTED)):
        sizes = Geometry.of(H, 3, 2)
        form = closed_forms.textbook_input_gradient(sizes)
        assert judge(engine(sizes), "dX", form).verdict is expected


@engines
def test_a_crop_larger_than_the_tensor_is_a_shift(engine):
    sizes = Geometry.of(1, 1, 3, ((2, 0), (2, 0)))
    rotated, dilated = Rotate(F), Dilate(dY, (3, 3))
    before, after = ((-2, 0), (-2, 0)), ((0, 2), (0, 2))

    def form(of):
        return Correlate(of, rotated, ONE, ONE)

    shift = Pad(dilated, ((-2, 2), (-2, 2)))
    assert judge(engine(sizes), "dX", form(shift)).proved
    assert judge(engine(sizes), "dX", form(Pad(Pad(dilated, after), before))).proved
    crop_first = judge(engine(sizes), "dX", form(Pad(Pad(dilated, before), after)))
    assert crop_first.verdict is Verdict.REFUTED
    assert crop_first.counterexample.undefined
    assert crop_first.counterexample.shapes == ((1, 1), None)


@engines
def test_a_crop_that_leaves_only_zeros_gives_the_filter_gradient_zero(engine):
    sizes = Geometry.of(3, 1, 3, ((2, -2), (2, -2)))
    assert sizes.output == (1, 1)
    tensor = engine(sizes).tensor(closed_forms.filter_gradient(sizes))
    assert tensor.terms((0, 0)) == loops_terms(sizes)
    assert judge(engine(sizes), "dF", closed_forms.filter_gradient(sizes)).proved


def loops_terms(sizes):
    return tuple(term for (_, term) in loops.terms(sizes)["dF"])


@engines
def test_boxes_are_compared_with_their_multiplicity(engine):
    sizes = Geometry.of(5, 2)
    box, wide = Ones((1, 2)), Ones((1, 3))

    def slide(of, by):
        return Correlate(of, by, ONE, ONE)

    twice = slide(slide(X, box), box)
    assert judge(engine(sizes), twice, slide(X, slide(Pad(box, ((0, 0), (1, 1))), box))).proved
    proof = judge(engine(sizes), twice, slide(X, wide))
    assert proof.verdict is Verdict.REFUTED
    left, right_ = proof.counterexample.equations
    assert left.terms == tuple((("X", (0, j)),) for j in (0, 1, 1, 2))
    assert right_.terms == tuple((("X", (0, j)),) for j in (0, 1, 2))


@engines
def test_boxes_of_numbers_are_compared(engine):
    sizes = Geometry.of(3, 2)
    four = Correlate(Ones((3, 3)), Ones((2, 2)), ONE, ONE)
    assert judge(engine(sizes), four, four).proved
    assert judge(engine(sizes), four, Ones((2, 2))).verdict is Verdict.REFUTED


@engines
def test_formulas_of_other_leaves_are_refuted_unless_both_are_zero(engine):
    sizes = Geometry.of(3, 3)
    far = ((3, -3), (0, 0))
    assert judge(engine(sizes), X, F).verdict is Verdict.REFUTED
    assert judge(engine(sizes), Pad(X, far), Pad(F, far)).proved


@engines
def test_strided_is_subsampled_only_with_the_right_step(engine):
    sizes = Geometry.of(7, 3, 2)
    dense = Correlate(X, F, ONE, ONE)
    assert judge(engine(sizes), "Y", Subsample(dense, (2, 2))).proved
    assert judge(engine(sizes), "Y", Subsample(dense, (3, 3))).verdict is Verdict.REFUTED


@engines
def test_a_side_without_meaning_refutes_and_says_why(engine):
    sizes = Geometry.of(5, 3)
    proof = judge(engine(sizes), "dX", Correlate(F, X, ONE, ONE))
    assert proof.verdict is Verdict.REFUTED
    assert proof.counterexample.shapes == ((5, 5), None)
    assert "span" in proof.counterexample.undefined
    other_way = judge(engine(sizes), Correlate(F, X, ONE, ONE), "dX")
    assert other_way.counterexample.shapes == (None, (5, 5))


@engines
def test_two_sides_without_meaning_are_not_judged(engine):
    nonsense = Correlate(F, X, ONE, ONE)
    proof = judge(engine(Geometry.of(5, 3)), nonsense, nonsense)
    assert proof.verdict is Verdict.NOT_JUDGED
    assert not proof.proved
    assert "both sides are undefined" in proof.reason
    assert proof.elements == 0


@engines
def test_a_step_of_zero_has_no_meaning(engine):
    proof = judge(engine(Geometry.of(5, 3)), "dX", Dilate(dY, (0, 0)))
    assert proof.verdict is Verdict.REFUTED
    assert proof.counterexample.undefined


@engines
def test_a_product_that_holds_a_leaf_twice_is_not_judged(engine):
    """It is not linear in the leaf, and a term table cannot hold it."""
    proof = judge(engine(Geometry.of(3, 3)), "Y", Correlate(X, X, ONE, ONE))
    assert proof.verdict is Verdict.NOT_JUDGED
    assert "twice" in proof.reason
