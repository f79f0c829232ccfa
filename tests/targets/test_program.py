"""What exported modules compute is what is proved: the closed forms, at every geometry."""

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import CASES, SPREAD, every_geometry, transposed_axes
from strategies import TRANSPOSED as TRANSPOSED_CASES

from symconv.formula import closed_forms
from symconv.geometry import Geometry
from symconv.targets.program import EndName, StepName, SumKind, node, program

FORMS = {
    "forward": closed_forms.forward,
    "input_gradient": closed_forms.input_gradient,
    "filter_gradient": closed_forms.filter_gradient,
}
NAMED = CASES | SPREAD | TRANSPOSED_CASES


def agrees(name, correlation, geometry):
    return node(correlation, geometry) == FORMS[name](geometry)


@pytest.mark.parametrize("geometry", NAMED.values(), ids=NAMED.keys())
def test_each_correlation_is_its_closed_form(geometry):
    for name in FORMS:
        assert agrees(name, getattr(program(geometry.transposed), name), geometry)


transposed = st.lists(transposed_axes(), min_size=1, max_size=3).map(tuple).map(Geometry)


@settings(max_examples=60)
@given(st.one_of(every_geometry(), transposed))
def test_at_any_geometry(geometry):
    for name in FORMS:
        assert agrees(name, getattr(program(geometry.transposed), name), geometry)


@pytest.mark.parametrize("of_transposed", [False, True])
@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("field", ["kind", "spread", "stride", "dilation", "more"])
def test_with_any_other_part_it_is_not(name, field, of_transposed):
    right = getattr(program(of_transposed), name)
    kinds = {"kind": SumKind, "more": EndName}
    geometries = [g for g in NAMED.values() if g.transposed == of_transposed]
    assert field in {each.name for each in fields(right)}
    for value in kinds.get(field, StepName):
        wrong = replace(right, **{field: value})
        if wrong != right and not _says_the_same(wrong, right, of_transposed):
            assert not all(agrees(name, wrong, geometry) for geometry in geometries), value


def _says_the_same(wrong, right, of_transposed):
    """Whether two differ only in what a convolution, or a transposed one, does not have."""
    none = {StepName.ONE, StepName.INPUT_DILATION} if of_transposed else set()
    ends = {EndName.NOTHING, EndName.REMAINDER if of_transposed else EndName.OUTPUT_PADDING}
    pairs = [
        ({getattr(wrong, n), getattr(right, n)}, none) for n in ("spread", "stride", "dilation")
    ]
    pairs.append(({wrong.more, right.more}, ends))
    return wrong.kind is right.kind and all(len(p) == 1 or p <= same for p, same in pairs)
