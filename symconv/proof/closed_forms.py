"""The proofs for every size that come with symconv: the closed forms of dX and dF.

`closed_forms.json` holds their certificates.  Each time they are used they are checked again
(`symconv.proof.recheck`), and the theorem's formula is compared with the closed form at hand: a
certificate speaks of a formula with letters in it, and what it proves of a geometry is that
formula with the geometry's numbers put in.

The lecture's convolution on two axes has theorems of its own.  Otherwise an axis is proved once,
and the closed form is compared with that theorem on each of its axes: both gradients, and all
operators of their forms, act on each axis by itself, so that two tensors are equal if they are so
on each.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from symconv.claims.claim import Claim, ShapeOf
from symconv.claims.verdict import Proof, Scope, Verdict
from symconv.formula import closed_forms
from symconv.formula.axes import on_axis
from symconv.formula.instantiation import instantiate
from symconv.formula.nodes import Dilate, Leaf, Node, Pad, children, rebuild
from symconv.formula.sizes import evaluate
from symconv.formula.words import values
from symconv.geometry import Axis, Geometry, Layer
from symconv.proof.certificate import CertificateError
from symconv.proof.certificate_claims import CertifiedClaim
from symconv.proof.certificate_file import read
from symconv.proof.recheck import recheck

FILE = "closed_forms.json"


_ORDINARY = ("input-gradient", "filter-gradient")
_LEAVES = {"A": "X", "B": "F", "dZ": "dY"}
"""The tensors of the theorems about a transposed convolution, and what they are called here."""


def every_size(sizes: Geometry | Layer) -> tuple[Proof, ...]:
    """Return the proofs for every size of dX's and dF's closed forms, of which this is a case.

    The theorems speak of one image and one channel: for a layer there are none.

    Raises:
        CertificateError: a certificate that comes with symconv does not hold.
    """
    if isinstance(sizes, Layer):
        return ()
    forms = closed_forms.input_gradient(sizes), closed_forms.filter_gradient(sizes)
    return tuple(_proof(claim, form, sizes) for claim, form in zip(_ORDINARY, forms, strict=True))


def _proof(claim: str, form: Node, geometry: Geometry) -> Proof:
    start = time.perf_counter()
    if len(geometry.axes) == 2 and max(geometry.input_dilation) == 1 and not geometry.transposed:
        theorem, obligations = _theorem(claim)
        fits = _shortened(_instance(theorem, values(geometry))) == form
    else:
        prefix = "transposed-" if geometry.transposed else ""
        theorem, obligations = _theorem(f"{prefix}{claim}-axis")
        fits = all(
            _shortened(_renamed(_instance(theorem, _values(axis)))) == _on_axis(form, k)
            for k, axis in enumerate(geometry.axes)
        )
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
    return _shortened(alone)


def _renamed(node: Node) -> Node:
    """Return a formula of a transposed convolution's theorem with the names of X, F and dY."""
    if isinstance(node, Leaf):
        return Leaf(_LEAVES.get(node.name, node.name))
    return rebuild(node, map(_renamed, children(node)))


@cache
def _certified() -> dict[str, CertifiedClaim]:
    """Return the theorems with their certificates, not yet checked."""
    text = Path(__file__).with_name(FILE).read_text(encoding="utf-8")
    return {claim.stated.id: claim for claim in read(text)}


@cache
def _theorem(name: str) -> tuple[Claim, int]:
    """Return a theorem, its certificate checked, and how many obligations it has.

    Raises:
        CertificateError: the certificate does not prove the theorem.
    """
    certified = _certified()[name]
    obligations = sum(len(case.obligations) for case in recheck(certified))
    return certified.stated.claim(), obligations


def _instance(theorem: Claim, numbers: Mapping[str, int]) -> Node:
    """Return the right side of ``theorem`` with numbers put in for its integers."""
    at = dict(numbers)
    for name, definition in theorem.definitions.items():
        at[name] = evaluate(definition, at)
    assert not isinstance(theorem.right, tuple | ShapeOf)
    return instantiate(theorem.right, at)


def _shortened(node: Node) -> Node:
    """Return ``node`` without the operators that change nothing: pad by 0, dilate by 1."""
    match node:
        case Pad(of, amounts) if not any(map(any, amounts)):
            return _shortened(of)
        case Dilate(of, steps) if all(step == 1 for step in steps):
            return _shortened(of)
        case _:
            return rebuild(node, map(_shortened, children(node)))
