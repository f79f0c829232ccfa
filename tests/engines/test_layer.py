from __future__ import annotations

from collections import Counter
from dataclasses import replace

import layer_loops
import numpy as np
import pytest
from hypothesis import given, settings
from strategies import LAYERS, layers

from symconv.engines.layer import LayerEngine
from symconv.formula.layer_forms import layer_form
from symconv.formula.nodes import Range
from symconv.geometry import Geometry, Layer
from symconv.proof.instance import judge

every_layer = pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS.keys())


def counted(tensor):
    return Counter(
        (equation.target.index, term)
        for equation in tensor.equations("T")
        for term in equation.terms
    )


@every_layer
def test_tensors_of_a_layer_have_the_products_of_the_loops(layer):
    engine, expected = LayerEngine(layer), layer_loops.terms(layer)
    shapes = {"Y": layer.output, "dX": layer.input, "dF": layer.filter, "dB": (layer.filters,)}
    for name, shape in shapes.items():
        assert engine.tensor(name).shape == shape
        assert counted(engine.tensor(name)) == expected[name]
        assert counted(engine.tensor(layer_form(layer, name))) == expected[name]


@given(layers())
@settings(max_examples=60)
def test_both_roads_agree_with_loops_for_any_layer(layer):
    engine, expected = LayerEngine(layer), layer_loops.terms(layer)
    for name in ("Y", "dX", "dF", "dB"):
        assert counted(engine.tensor(name)) == expected[name]
        assert judge(engine, name, layer_form(layer, name)).proved


def test_a_large_layer_is_a_few_small_tables():
    layer = Layer(Geometry.of(56, 3, 1, 1), 32, 64, 64)
    engine = LayerEngine(layer)
    for name in ("dX", "dF", "dB"):
        assert judge(engine, name, layer_form(layer, name)).proved
    assert len(engine.tensor("dX")) > 3 * 10**9


def forgotten_sum(form):
    return replace(form, channels=replace(form.channels, ranges=(Range("k", 0, 1),)))


def one_image(form):
    return replace(form, images=replace(form.images, ranges=(Range("n", 0, 1),)))


LAYER = Layer(Geometry.of(5, 3, 2), 2, 4, 6, 2, bias=True)

MUTANTS = {
    "channel sum forgotten": ("dX", forgotten_sum(layer_form(LAYER, "dX"))),
    "one image of the batch": ("dF", one_image(layer_form(LAYER, "dF"))),
    "bias of one image": ("dB", one_image(layer_form(LAYER, "dB"))),
    "groups ignored": ("dX", layer_form(replace(LAYER, groups=1), "dX")),
    "groups ignored in dF": ("dF", layer_form(replace(LAYER, groups=1), "dF")),
    "a remainder forgotten": (
        "dX",
        layer_form(replace(LAYER, geometry=Geometry.of(6, 3, 2)), "dX"),
    ),
}


@pytest.mark.parametrize(("name", "form"), MUTANTS.values(), ids=MUTANTS.keys())
def test_a_wrong_form_of_a_layer_is_refuted(name, form):
    proof = judge(LayerEngine(LAYER), name, form)
    assert proof.verdict.value == "refuted"
    found = proof.counterexample
    assert (
        found.shapes[0] != found.shapes[1] or found.equations[0].terms != found.equations[1].terms
    )


@every_layer
def test_gradients_of_a_layer_are_those_of_jax(layer):
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    geometry = layer.geometry
    draw = np.random.default_rng(0)
    shapes = {"X": layer.input, "F": layer.filter, "dY": layer.output}
    dense = {name: draw.integers(-9, 10, shape).astype(float) for name, shape in shapes.items()}

    def convolved(x, f):
        stride, padding, spread = geometry.stride, geometry.padding, geometry.input_dilation
        if geometry.transposed:  # the input spread by the stride, the filter turned
            G = layer.groups
            parts = f.reshape(G, layer.channels // G, *f.shape[1:]).swapaxes(1, 2)
            f = jax.numpy.flip(
                parts.reshape(layer.filters, layer.channels // G, *f.shape[2:]),
                range(2, f.ndim),
            )
            reach = [d * (r - 1) for d, r in zip(geometry.dilation, geometry.filter, strict=True)]
            more = zip(reach, padding, geometry.output_padding, strict=True)
            padding = [(far - lo, far - hi + op) for far, (lo, hi), op in more]
            stride, spread = (1,) * len(reach), stride
        return jax.lax.conv_general_dilated(
            x,
            f,
            window_strides=stride,
            padding=padding,
            lhs_dilation=spread,
            rhs_dilation=geometry.dilation,
            feature_group_count=layer.groups,
        )

    y, pull_back = jax.vjp(convolved, dense["X"], dense["F"])
    dx, df = pull_back(dense["dY"])
    engine = LayerEngine(layer)
    for name, expected in (("Y", y), ("dX", dx), ("dF", df)):
        found = np.zeros(expected.shape)
        for (target, term), count in counted(engine.tensor(name)).items():
            found[target] += count * np.prod([dense[e.tensor][e.index] for e in term])
        assert (found == np.asarray(expected)).all()


@pytest.mark.parametrize(
    ("sizes", "says"),
    [
        ({"channels": 4, "groups": 3}, "groups is 3, which does not divide 4 channels"),
        ({"channels": 4, "filters": 3, "groups": 2}, "does not divide 3 filters; use 2 or 4"),
        ({"batch": 0}, "batch is 0; it must be at least 1"),
    ],
)
def test_an_impossible_layer_is_refused_with_the_way_out(sizes, says):
    from symconv.errors import GeometryError

    with pytest.raises(GeometryError, match=says):
        Layer(Geometry.of(5, 3), **sizes)
