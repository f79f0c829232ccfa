from __future__ import annotations

import loops
import numeric
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutants import MUTANTS, mutants, right
from strategies import CASES, cases, geometries

from symconv.engines.engine import leaf_shapes
from symconv.errors import FormulaError, TooLargeError
from symconv.formula import closed_forms
from symconv.formula.nodes import Correlate, Dilate, Leaf, Ones, Pad, Rotate, Subsample, Vjp
from symconv.limits.memory import limited
from symconv.readings import terms

X, F, dY = Leaf("X"), Leaf("F"), Leaf("dY")
ONE = (1, 1)
SHAPES = {"X": (4, 3), "F": (2, 2), "dY": (3, 2)}


def elements(node, shapes=SHAPES):
    """Return the tensor as a dict from index to terms, only those with terms."""
    read = terms.read(node, shapes).sorted()
    return {e.target.index: e.terms for e in read.equations("T") if e.terms}


def test_a_leaf_is_itself():
    assert elements(F) == {(i, j): ((("F", (i, j)),),) for i in range(2) for j in range(2)}


@pytest.mark.parametrize(
    ("node", "shape", "places"),
    [
        # where the four elements of F go, in their order
        (Pad(F, ((1, 0), (0, 2))), (3, 4), [(1, 0), (1, 1), (2, 0), (2, 1)]),
        (Pad(F, ((-1, 0), (0, 0))), (1, 2), [None, None, (0, 0), (0, 1)]),
        (Pad(F, ((0, 0), (1, -1))), (2, 2), [(0, 1), None, (1, 1), None]),
        (Pad(F, ((-3, 4), (0, 0))), (3, 2), [None, None, None, None]),
        (Dilate(F, (2, 3)), (3, 4), [(0, 0), (0, 3), (2, 0), (2, 3)]),
        (Rotate(F), (2, 2), [(1, 1), (1, 0), (0, 1), (0, 0)]),
        (Subsample(F, (2, 1)), (1, 2), [(0, 0), (0, 1), None, None]),
        (Subsample(F, (1, 5)), (2, 1), [(0, 0), None, (1, 0), None]),
    ],
    ids=["pad", "crop", "shift", "crop-beyond", "dilate", "rotate", "subsample", "subsample-far"],
)
def test_an_operator_moves_elements(node, shape, places):
    sources = [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert terms.read(node, SHAPES).shape == shape
    assert elements(node) == {
        place: ((("F", source),),)
        for source, place in zip(sources, places, strict=True)
        if place is not None
    }


def test_correlate_multiplies_what_meets():
    read = elements(Correlate(X, F, ONE, ONE))
    assert set(read) == {(i, j) for i in range(3) for j in range(2)}
    assert read[1, 0] == (
        (("X", (1, 0)), ("F", (0, 0))),
        (("X", (1, 1)), ("F", (0, 1))),
        (("X", (2, 0)), ("F", (1, 0))),
        (("X", (2, 1)), ("F", (1, 1))),
    )


def test_correlate_with_ones_adds_up_a_window():
    read = elements(Correlate(X, Ones((2, 2)), ONE, ONE))
    assert read[0, 0] == tuple((("X", index),) for index in ((0, 0), (0, 1), (1, 0), (1, 1)))


def test_two_boxes_repeat_what_both_cover():
    """1 1 over 1 1 is 1 2 1, not 1 1 1."""
    box = Ones((2, 1))
    read = elements(Correlate(Correlate(X, box, ONE, ONE), box, ONE, ONE))
    assert read[0, 0] == tuple((("X", (i, 0)),) for i in (0, 1, 1, 2))
    single = elements(Correlate(X, Ones((3, 1)), ONE, ONE))
    assert single[0, 0] == tuple((("X", (i, 0)),) for i in (0, 1, 2))


def test_ones_have_empty_products():
    table = terms.read(Correlate(Ones((3, 3)), Ones((2, 2)), ONE, ONE), {}).sorted()
    assert table.shape == (2, 2)
    assert table.terms((1, 1)) == ((),) * 4


def test_vjp_swaps_a_leaf_for_the_cotangent():
    forward = Correlate(X, F, ONE, ONE)
    assert elements(Vjp(forward, "F", dY), SHAPES)[0, 1] == tuple(
        (("dY", (p, q)), ("X", (p, q + 1))) for p in range(3) for q in range(2)
    )


@cases
def test_vjp_of_the_forward_pass_is_the_gradient(sizes):
    forward = closed_forms.forward(sizes)
    for leaf, gradient in (("X", "dX"), ("F", "dF")):
        read = terms.read(Vjp(forward, leaf, dY), leaf_shapes(sizes)).sorted()
        found = {(e.target.index, term): 1 for e in read.equations(leaf) for term in e.terms}
        assert found == loops.terms(sizes)[gradient]


@pytest.mark.parametrize(
    ("node", "says"),
    [
        (Leaf("Z"), "unknown tensor Z; known are X, F, dY"),
        (Pad(F, ((-1, -1), (0, 0))), "pad leaves a tensor of shape (0, 2)"),
        (Pad(F, ((-9, 1), (0, 0))), "pad leaves a tensor of shape (-6, 2)"),
        (Ones((0, 3)), "ones leaves a tensor of shape (0, 3)"),
        (Dilate(F, (0, 1)), "dilate by (0, 1); a step is at least 1"),
        (Subsample(F, (1, -1)), "subsample by (1, -1)"),
        (Correlate(F, X, ONE, ONE), "on axis 0 the filter spans 4, the tensor only 2"),
        (Correlate(X, F, ONE, (1, 3)), "on axis 1 the filter spans 4, the tensor only 3"),
        (Correlate(X, F, (0, 1), ONE), "a step is at least 1"),
        (Correlate(X, X, ONE, ONE), "a product would hold X twice"),
        (Vjp(Correlate(X, F, ONE, ONE), "dY", dY), "dY does not occur"),
        (Vjp(Correlate(X, F, ONE, ONE), "X", F), "has shape (3, 2), its cotangent (2, 2)"),
    ],
)  # fmt: skip
def test_a_formula_without_meaning_is_an_error_that_says_why(node, says):
    with pytest.raises(FormulaError) as raised:
        terms.read(node, SHAPES)
    assert says in str(raised.value)


@pytest.mark.parametrize(
    "node",
    [
        Ones((10**5, 10**5)),
        Leaf("A"),
        Rotate(Ones((10**5, 10**5))),
        Correlate(Pad(Ones((3000, 3000)), ((99, 99), (99, 99))), Ones((99, 99)), ONE, ONE),
    ],
    ids=["ones", "leaf", "rotate", "correlate"],
)
def test_a_tensor_beyond_the_memory_is_refused_before_it_is_made(node):
    with limited(), pytest.raises(TooLargeError, match="smaller"):
        terms.read(node, {"A": (10**5, 10**5)})


def test_a_tensor_beyond_62_bits_is_refused():
    with pytest.raises(TooLargeError, match="62 bits can number; use smaller"):
        terms.read(Pad(F, ((2**31, 0), (2**31, 0))), SHAPES)


def test_a_large_tensor_of_few_terms_is_none_of_a_large_table():
    table = terms.read(Pad(F, ((10**9, 10**8), (10**8, 0))), SHAPES).sorted()
    assert table.terms((10**9, 10**8 + 1)) == ((("F", (0, 1)),),)
    assert len(table) == 4


def test_an_unknown_node_is_an_error():
    with pytest.raises(TypeError, match="cannot read"):
        terms.read("X", SHAPES)


def test_one_dimension_and_three_are_read():
    line = terms.read(Correlate(X, F, (1,), (2,)), {"X": (5,), "F": (2,)}).sorted()
    assert line.shape == (3,)
    assert line.terms((1,)) == ((("X", (1,)), ("F", (0,))), (("X", (3,)), ("F", (1,))))
    block = terms.read(Correlate(X, F, (1,) * 3, (1,) * 3), {"X": (3,) * 3, "F": (2,) * 3})
    assert (block.shape, len(block)) == ((2, 2, 2), 64)


def agrees(node, sizes):
    """Assert that the tables give the values that the operators' definitions give."""
    arrays, shapes = loops.integers(sizes), leaf_shapes(sizes)
    expected = numeric.evaluate(node, arrays, shapes)
    if expected is None:
        with pytest.raises(FormulaError):
            terms.read(node, shapes)
        return
    values, shape = expected
    table = terms.read(node, shapes).sorted()
    assert table.shape == shape
    assert {e.target.index: loops.value(e.terms, arrays) for e in table.equations("T")} == values


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("gradient", ["dX", "dF"])
def test_closed_forms_have_the_values_of_their_operators(name, gradient):
    agrees(right(CASES[name], gradient), CASES[name])


@mutants
def test_wrong_closed_forms_have_the_values_of_their_operators(mutant):
    agrees(mutant.formula(mutant.sizes), mutant.sizes)


@st.composite
def formulas(draw, depth=3):
    """Draw a formula of dY alone, meaningful or not."""
    node = dY
    small = st.integers(-2, 3)
    steps = st.tuples(st.integers(1, 3), st.integers(1, 3))
    for _ in range(draw(st.integers(0, depth))):
        node = draw(
            st.one_of(
                st.tuples(st.tuples(small, small), st.tuples(small, small)).map(
                    lambda amounts, of=node: Pad(of, amounts)
                ),
                steps.map(lambda by, of=node: Dilate(of, by)),
                steps.map(lambda by, of=node: Subsample(of, by)),
                st.just(Rotate(node)),
                steps.map(lambda by, of=node: Correlate(of, Ones((2, 1)), by, ONE)),
                steps.map(lambda by, of=node: Correlate(of, Ones((1, 2)), ONE, by)),
            )
        )
    by = draw(st.sampled_from([None, F, Rotate(F), X]))
    return node if by is None else Correlate(node, by, draw(steps), draw(steps))


@given(formulas(), geometries())
@settings(max_examples=150)
def test_any_formula_has_the_values_of_its_operators(node, sizes):
    agrees(node, sizes)


def test_every_mutant_is_of_a_gradient():
    assert {mutant.gradient for mutant in MUTANTS.values()} == {"dX", "dF"}
