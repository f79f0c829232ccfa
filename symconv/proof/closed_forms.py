"""The proofs for every size that come with symconv: the closed forms of dX and dF.

`closed_forms.json` holds their certificates.  Each time they are used they are checked again
(`symconv.proof.recheck`), and the theorem's formula is compared with the closed form at hand: a
certificate speaks of a formula with letters in it, and what it proves of a geometry is that
formula with the geometry's numbers put in.

The lecture's convolution on two axes has theorems of its own.  Otherwise an axis is proved once,
and the closed form is compared with that theorem on each of its axes: both gradients, and all
operators of their forms, act on each axis by itself, so that two tensors are equal if they are so
on each.

`layers.json` holds the theorems about a layer on one axis, with batch, groups and channels; what
they say of images, of channels and of each axis is compared with a layer's forms
(`symconv.proof.layer_blocks`).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from symconv.claims.claim import Claim, ShapeOf
from symconv.claims.verdict import Proof, Scope, Verdict
from symconv.formula import closed_forms
from symconv.formula.axes import on_axis
from symconv.formula.instantiation import instantiate
from symconv.formula.layer_forms import layer_form
from symconv.formula.nodes import Leaf, Node, children, rebuild
from symconv.formula.sizes import Name, Size, evaluate
from symconv.formula.specialisation import specialised, specialised_size
from symconv.formula.words import PADDING, Role, letters, values
from symconv.geometry import Axis, Geometry, Layer
from symconv.proof.certificate import CertificateError
from symconv.proof.certificate_claims import CertifiedClaim
from symconv.proof.certificate_file import read
from symconv.proof.layer_blocks import is_instance, shortened
from symconv.proof.recheck import recheck

FILE, LAYERS = "closed_forms.json", "layers.json"

_ORDINARY = ("input-gradient", "filter-gradient")
_TENSORS: Mapping[str, Literal["dX", "dF", "dB"]] = {
    "input-gradient": "dX",
    "filter-gradient": "dF",
    "bias-gradient": "dB",
}
_LEAVES = {"A": "X", "B": "F", "dZ": "dY"}
"""The tensors of the theorems about a transposed convolution, and what they are called here."""
_SIZES: dict[str, Size] = {
    own: Name(letters(role)[0])
    for own, role in (
        ("h1", Role.INPUT),
        ("r1", Role.FILTER),
        ("s", Role.STRIDE),
        ("t", Role.DILATION),
        ("lo", Role.BEFORE),
        ("hi", Role.AFTER),
    )
}
"""The sizes of these theorems, and what they are called here."""


@dataclass(frozen=True, slots=True)
class GeneralForm:
    """A closed form with letters for sizes: what is proved for every size.

    Attributes:
        form: the formula, without the padding and the dilations that the sizes at hand lack.
        conditions: (left, relation, right) for the sizes that it is about.
        without: what it is without: padding, output padding, dilation, input dilation.
    """

    form: Node
    conditions: tuple[tuple[Size, str, Size], ...]
    without: tuple[str, ...]


def general_form(claim: str, geometry: Geometry) -> GeneralForm:
    """Return the theorem's formula of which a closed form is a case.

    It is one on two axes for a convolution in the plane; else that of one axis, which holds on
    each.

    Args:
        claim: ``input-gradient`` or ``filter-gradient``.
        geometry: the sizes at hand.

    Raises:
        CertificateError: the certificate that comes with symconv does not hold.
    """
    theorem, _ = _theorem(_name(claim, geometry))
    assert not isinstance(theorem.right, tuple | ShapeOf)
    lacking = [
        (word, none, group) for word, none, group in _GROUPS if _lacks(geometry, none, group)
    ]
    at = dict(_SIZES) if geometry.transposed else {}
    at |= {name: none for _, none, group in lacking for name in group}
    conditions = (
        (specialised_size(a.left, at), a.relation, specialised_size(a.right, at))
        for a in theorem.assumptions
    )
    form = specialised(_renamed(theorem.right), at)
    return GeneralForm(form, tuple(conditions), tuple(word for word, _, _ in lacking))


_GROUPS: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("padding", 0, (*letters(*PADDING), "lo", "hi")),
    ("output padding", 0, ("op",)),
    ("dilation", 1, (*letters(Role.DILATION), "t")),
    ("input dilation", 1, letters(Role.INPUT_DILATION)),
)
"""What a convolution may lack, the number that says so, and the letters of it in the theorems."""


def _lacks(geometry: Geometry, none: int, group: Sequence[str]) -> bool:
    """Whether all axes have this number for all of these letters."""
    at = [values(geometry)] if _is_planar(geometry) else [*map(_values, geometry.axes)]
    return all(known.get(name, none) == none for known in at for name in group)


def every_size(sizes: Geometry | Layer) -> tuple[Proof, ...]:
    """Return the proofs for every size of the closed forms of which this is a case.

    They are those of dX and dF, and of dB for a layer with a bias.

    Raises:
        CertificateError: a certificate that comes with symconv does not hold.
    """
    if isinstance(sizes, Layer):
        names = (*_ORDINARY, "bias-gradient") if sizes.bias else _ORDINARY
        return tuple(_layer_proof(name, sizes) for name in names)
    forms = closed_forms.input_gradient(sizes), closed_forms.filter_gradient(sizes)
    return tuple(_proof(claim, form, sizes) for claim, form in zip(_ORDINARY, forms, strict=True))


def _layer_proof(claim: str, layer: Layer) -> Proof:
    start = time.perf_counter()
    axes = layer.geometry.axes
    if claim == "bias-gradient":  # it knows windows alone: filters of one element have as many
        axes = tuple(Axis(axis.output, 1) for axis in axes)
    prefix = "transposed-" if axes[0].transposed else ""
    theorem, obligations = _theorem(f"{prefix}layer-{claim}", LAYERS)
    form = layer_form(layer, _TENSORS[claim])
    counts = {
        "N": layer.batch, "G": layer.groups, "C": layer.group_channels, "K": layer.group_filters
    }  # fmt: skip
    fits = all(
        is_instance(_renamed(_instance(theorem, counts | _values(axis))), form, layer, k)
        for k, axis in enumerate(axes)
    )
    return _proved(claim, theorem, obligations, fits, start)


def _proof(claim: str, form: Node, geometry: Geometry) -> Proof:
    start = time.perf_counter()
    theorem, obligations = _theorem(_name(claim, geometry))
    if _is_planar(geometry):
        fits = shortened(_instance(theorem, values(geometry))) == form
    else:
        fits = all(
            shortened(_renamed(_instance(theorem, _values(axis)))) == _on_axis(form, k)
            for k, axis in enumerate(geometry.axes)
        )
    return _proved(claim, theorem, obligations, fits, start)


def _is_planar(geometry: Geometry) -> bool:
    """Whether there are theorems on both axes together."""
    return len(geometry.axes) == 2 and max(geometry.input_dilation) == 1 and not geometry.transposed


def _name(claim: str, geometry: Geometry) -> str:
    """Return which theorem about images of one channel is about these sizes."""
    if _is_planar(geometry):
        return claim
    return f"{'transposed-' if geometry.transposed else ''}{claim}-axis"


def _proved(claim: str, theorem: Claim, obligations: int, fits: bool, start: float) -> Proof:
    if not fits:
        raise CertificateError(f"{claim}: the theorem is not about this closed form")
    return Proof(
        claim=claim,
        statement=theorem.statement,
        scope=Scope.EVERY_SIZE,
        verdict=Verdict.PROVED,
        elements=0,
        terms=0,
        engine="certificate",
        seconds=time.perf_counter() - start,
        obligations=obligations,
    )


def _values(axis: Axis) -> dict[str, int]:
    """Return what the letters of a theorem about one axis stand for."""
    if not axis.transposed:
        return values(Geometry((axis,)))
    lo, hi = axis.padding
    sizes = {"h1": axis.input, "r1": axis.filter, "s": axis.stride, "t": axis.dilation}
    return sizes | {"lo": lo, "hi": hi, "op": axis.output_padding}


def _on_axis(form: Node, k: int) -> Node:
    alone = on_axis(form, k)
    assert alone is not None  # every operator of a closed form acts on each axis by itself
    return shortened(alone)


def _renamed(node: Node) -> Node:
    """Return a formula of a transposed convolution's theorem with the names of X, F and dY."""
    if isinstance(node, Leaf):
        return Leaf(_LEAVES.get(node.name, node.name))
    return rebuild(node, map(_renamed, children(node)))


@cache
def _certified(file: str = FILE) -> dict[str, CertifiedClaim]:
    """Return the theorems of a file with their certificates, not yet checked."""
    text = Path(__file__).with_name(file).read_text(encoding="utf-8")
    return {claim.stated.id: claim for claim in read(text)}


@cache
def _theorem(name: str, file: str = FILE) -> tuple[Claim, int]:
    """Return a theorem, its certificate checked, and how many obligations it has.

    Raises:
        CertificateError: the certificate does not prove the theorem.
    """
    certified = _certified(file)[name]
    obligations = sum(len(case.obligations) for case in recheck(certified))
    return certified.stated.claim(), obligations


def _instance(theorem: Claim, numbers: Mapping[str, int]) -> Node:
    """Return the right side of ``theorem`` with numbers put in for its integers."""
    at = dict(numbers)
    for name, definition in theorem.definitions.items():
        at[name] = evaluate(definition, at)
    assert not isinstance(theorem.right, tuple | ShapeOf)
    return instantiate(theorem.right, at)
