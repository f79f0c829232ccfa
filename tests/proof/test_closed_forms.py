"""The proofs that come with symconv are about the closed forms at hand, and are checked."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import (
    CASES,
    SPREAD,
    TRANSPOSED,
    every_geometry,
    geometries,
    layers,
    transposed_axes,
)

from symconv.claims.theorems import theorems
from symconv.claims.verdict import Scope, Verdict
from symconv.derivation import derive
from symconv.errors import SymconvError
from symconv.formula import closed_forms
from symconv.formula.axes import on_axis
from symconv.formula.instantiation import instantiate
from symconv.formula.nodes import Correlate, Pad
from symconv.formula.sizes import Quotient, Sum, children, evaluate, rebuild
from symconv.formula.words import values
from symconv.geometry import Geometry, Layer
from symconv.proof import closed_forms as shipped
from symconv.proof.certificate import CertificateError
from symconv.proof.layer_blocks import shortened
from symconv.readings import text

FILE = Path(shipped.__file__).with_name(shipped.FILE)


@pytest.fixture
def afresh():
    """Forget what was read and checked, before and after."""
    shipped._certified.cache_clear()
    shipped._theorem.cache_clear()
    yield
    shipped._certified.cache_clear()
    shipped._theorem.cache_clear()


@given(geometries())
@example(Geometry.of(5, 3, 2))
@example(CASES["H8R3u2crop"])
@example(CASES["H9R3u3d2p1"])
@example(CASES["H1R1u3p20"])
@settings(max_examples=60)
def test_every_geometry_is_an_instance_of_the_theorems(geometry):
    proofs = shipped.every_size(geometry)
    assert [proof.claim for proof in proofs] == ["input-gradient", "filter-gradient"]
    for proof in proofs:
        assert (proof.verdict, proof.scope) == (Verdict.PROVED, Scope.EVERY_SIZE)
        assert proof.obligations > 20


@given(every_geometry())
@settings(max_examples=60)
def test_every_rank_and_input_dilation_is_an_instance_axis_by_axis(geometry):
    assert [proof.scope for proof in shipped.every_size(geometry)] == [Scope.EVERY_SIZE] * 2


@given(st.lists(transposed_axes(), min_size=1, max_size=3))
@settings(max_examples=60)
def test_every_transposed_convolution_is_an_instance(axes):
    assert all(proof.proved for proof in shipped.every_size(Geometry(tuple(axes))))


@pytest.mark.parametrize("sizes", (SPREAD | TRANSPOSED).values(), ids=SPREAD | TRANSPOSED)
def test_a_form_of_another_axis_is_no_instance(monkeypatch, sizes):
    first, *rest = sizes.axes
    lo, hi = first.padding
    changed = Geometry((dataclasses.replace(first, padding=(lo - 1, hi + 1)), *rest))
    other = closed_forms.filter_gradient(changed)
    monkeypatch.setattr(closed_forms, "filter_gradient", lambda _: other)
    with pytest.raises(CertificateError, match="not about this closed form"):
        shipped.every_size(sizes)


@given(layers())
@settings(max_examples=80, deadline=None)
def test_every_layer_is_an_instance(layer):
    proofs = shipped.every_size(layer)
    assert [proof.claim for proof in proofs] == [
        "input-gradient", "filter-gradient", *["bias-gradient"] * layer.bias
    ]  # fmt: skip
    for proof in proofs:
        assert (proof.verdict, proof.scope) == (Verdict.PROVED, Scope.EVERY_SIZE)
        assert proof.obligations > 20


def moved_by_one_channel(form):
    """Return a form whose first tensor is read one channel further."""
    first, *others = form.channels.reads
    index = tuple(Sum(entry, 1) for entry in first.index)
    reads = (dataclasses.replace(first, index=index), *others)
    return dataclasses.replace(form, channels=dataclasses.replace(form.channels, reads=reads))


def without_a_channel_sum(form):
    return dataclasses.replace(form, channels=dataclasses.replace(form.channels, ranges=()))


def without_groups(form):
    def ungrouped(size):
        return 0 if isinstance(size, Quotient) else rebuild(size, map(ungrouped, children(size)))

    reads = tuple(
        dataclasses.replace(read, index=tuple(map(ungrouped, read.index)))
        for read in form.channels.reads
    )
    return dataclasses.replace(form, channels=dataclasses.replace(form.channels, reads=reads))


def one_image_less(form):
    node = form.images
    ranges = tuple(dataclasses.replace(run, stop=run.stop - 1) for run in node.ranges)
    shape = tuple(extent - 1 for extent in node.shape)
    return dataclasses.replace(form, images=dataclasses.replace(node, ranges=ranges, shape=shape))


def of_other_sizes(form):
    space = form.space
    return dataclasses.replace(form, space=dataclasses.replace(space, of=Pad(space.of, ((0, 1),))))


@pytest.mark.parametrize(
    ("change", "claims"),
    [
        (moved_by_one_channel, ("dX", "dF", "dB")),
        (without_a_channel_sum, ("dX",)),
        (without_groups, ("dX", "dF")),
        (one_image_less, ("dX", "dF", "dB")),
        (of_other_sizes, ("dX", "dF", "dB")),
    ],
)
@pytest.mark.parametrize("wrong", ["dX", "dF", "dB"])
def test_another_form_of_a_layer_is_no_instance(monkeypatch, change, claims, wrong):
    layer = Layer(Geometry.of((6,), 3, 2), 2, 4, 6, 2, bias=True)
    right = shipped.layer_form

    def form(layer, tensor):
        return change(right(layer, tensor)) if tensor == wrong else right(layer, tensor)

    monkeypatch.setattr(shipped, "layer_form", form)
    if wrong in claims:
        with pytest.raises(
            CertificateError, match=r"not about this closed form|not divided|indices of|not one"
        ):
            shipped.every_size(layer)
    else:
        assert len(shipped.every_size(layer)) == 3


def test_the_shipped_statements_are_the_theorems():
    stated = {entry.stated.id: entry.stated for entry in theorems()}
    certified = shipped._certified()
    gradients = {f"{wrt}-gradient" for wrt in ("input", "filter")}
    axes = {f"{t}{gradient}-axis" for gradient in gradients for t in ("", "transposed-")}
    assert set(certified) == gradients | axes
    layers = shipped._certified(shipped.LAYERS)
    assert set(layers) == {name for name in stated if "layer-" in name}
    for name, claim in (certified | layers).items():
        assert claim.stated == stated[name]


@pytest.mark.parametrize("sizes", CASES.values(), ids=CASES)
def test_a_theorem_with_numbers_put_in_is_the_closed_form_and_no_other(sizes):
    theorem, _ = shipped._theorem("input-gradient")
    form = shipped.shortened(shipped._instance(theorem, values(sizes)))
    assert form == closed_forms.input_gradient(sizes)
    height, width = sizes.axes
    longer = dataclasses.replace(height, input=height.input + height.stride)
    assert shipped._instance(theorem, values(sizes)) == shipped._instance(
        theorem, values(Geometry((longer, width)))
    ), "whole strides change no amount"
    (lo, hi) = height.padding
    padded = dataclasses.replace(height, padding=(lo + 1, hi))
    assert form != shipped.shortened(shipped._instance(theorem, values(Geometry((padded, width)))))


@pytest.mark.parametrize("gradient", ["input_gradient", "filter_gradient"])
def test_a_wrong_closed_form_is_an_error(monkeypatch, gradient):
    def padded(node):
        match node:
            case Pad(of, ((top, bottom), width)):
                return Pad(of, ((top, bottom + 1), width))
            case Correlate():
                return dataclasses.replace(node, of=padded(node.of))
        return Pad(node, ((0, 1), (0, 0)))

    geometry = CASES["H6R3u2"]
    shipped.every_size(geometry)
    right = getattr(closed_forms, gradient)
    monkeypatch.setattr(closed_forms, gradient, lambda geometry: padded(right(geometry)))
    with pytest.raises(CertificateError, match="not about this closed form"):
        shipped.every_size(geometry)


def hypotheses_dropped(claim):
    claim["cases"][0]["obligations"][5]["hypotheses"] = []


def obligation_dropped(claim):
    del claim["cases"][0]["obligations"][3]


def sign_changed(claim):
    claim["statement"] = claim["statement"].replace("d*(R-1) - 1", "d*(R-1) + 1", 1)


def pt_for_pb(claim):
    claim["statement"] = claim["statement"].replace("pt", "pb", 1)


def multiplier_changed(claim):
    for obligation in claim["cases"][0]["obligations"]:
        for term in obligation["multipliers"] or ():
            term["times"] = "3"


@pytest.mark.parametrize(
    "tamper",
    [hypotheses_dropped, obligation_dropped, sign_changed, pt_for_pb, multiplier_changed],
    ids=lambda tamper: tamper.__name__,
)
@pytest.mark.parametrize("which", [0, 1])
def test_a_shipped_file_that_was_changed_is_an_error(monkeypatch, tmp_path, afresh, which, tamper):
    data = json.loads(FILE.read_text(encoding="utf-8"))
    before = json.dumps(data)
    tamper(data["claims"][which])
    assert json.dumps(data) != before
    (tmp_path / shipped.FILE).write_text(json.dumps(data), encoding="utf-8")
    monkeypatch.setattr(shipped, "__file__", str(tmp_path / "shipped.py"))
    with pytest.raises(SymconvError):
        shipped.every_size(CASES["H6R3u2"])


def test_derive_tells_of_both_scopes():
    proofs = derive(5, 3, stride=2).proofs
    every = [proof for proof in proofs if proof.scope is Scope.EVERY_SIZE]
    assert [proof.claim for proof in every] == ["input-gradient", "filter-gradient"]
    assert any(proof.scope is Scope.THIS_SIZE for proof in proofs)


@pytest.mark.parametrize("claim", ["input-gradient", "filter-gradient"])
@given(st.one_of(every_geometry(), transposed_axes().map(lambda axis: Geometry((axis,)))))
def test_what_is_shown_for_every_size_is_the_closed_form_at_each(claim, geometry):
    shown = shipped.general_form(claim, geometry)
    forms = {"input-gradient": closed_forms.input_gradient}
    closed = forms.get(claim, closed_forms.filter_gradient)(geometry)
    planar = len(shown.conditions) == 2
    for k, axis in enumerate([None] if planar else geometry.axes):
        own = geometry if axis is None else Geometry((axis,))
        at = values(own) | {"op": geometry.axes[k].output_padding}
        here = closed if planar else on_axis(closed, k)
        assert shortened(instantiate(shown.form, at)) == shortened(here)
        for left, relation, right in shown.conditions:
            assert relation == ">="
            assert evaluate(left, at) >= evaluate(right, at)


def test_what_no_axis_has_is_not_shown():
    plain = shipped.general_form("filter-gradient", Geometry.of(6, 3, 2)).form
    said = "correlate(crop(X, ((0, (H - R) % u), (0, (W - S) % v))), dilate(dY, (u, v)))"
    assert text.read(plain) == said
    padded = text.read(shipped.general_form("filter-gradient", Geometry.of(6, 3, 2, (1, 0))).form)
    assert "pl" in padded  # one axis has padding: the letters of all stand there
    assert "d*" not in padded
