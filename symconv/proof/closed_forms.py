"""The proofs for every size that come with symconv: the closed forms of dX and dF.

`closed_forms.json` holds their certificates.  Each time they are used they are checked again
(`symconv.proof.recheck`), and the theorem's formula is compared with the closed form at hand: a
certificate speaks of a formula with letters in it, and what it proves of a geometry is that
formula with the geometry's numbers put in.
"""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

from symconv.claims.claim import Claim, ShapeOf
from symconv.claims.verdict import Proof, Scope, Verdict
from symconv.formula import closed_forms
from symconv.formula.instantiation import instantiate
from symconv.formula.nodes import Dilate, Node, Pad, children, rebuild
from symconv.formula.sizes import evaluate
from symconv.formula.words import values
from symconv.geometry import Geometry, Layer
from symconv.proof.certificate import CertificateError
from symconv.proof.certificate_claims import CertifiedClaim
from symconv.proof.certificate_file import read
from symconv.proof.recheck import recheck

FILE = "closed_forms.json"


def every_size(sizes: Geometry | Layer) -> tuple[Proof, ...]:
    """Return the proofs for every size of dX's and dF's closed forms, of which this is a case.

    The theorems speak of two axes: for another number of them there are none.

    Raises:
        CertificateError: a certificate that comes with symconv does not hold.
    """
    if isinstance(sizes, Layer) or len(sizes.axes) != 2:
        return ()
    geometry = sizes
    if geometry.transposed or max(geometry.input_dilation) > 1:
        return ()
    forms = {
        "input-gradient": closed_forms.input_gradient(geometry),
        "filter-gradient": closed_forms.filter_gradient(geometry),
    }
    return tuple(_proof(claim, form, geometry) for claim, form in forms.items())


def _proof(claim: str, form: Node, geometry: Geometry) -> Proof:
    start = time.perf_counter()
    theorem, obligations = _theorem(claim)
    if _shortened(_instance(theorem, geometry)) != form:
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


def _instance(theorem: Claim, geometry: Geometry) -> Node:
    """Return the right side of ``theorem`` with the geometry's numbers put in."""
    at = values(geometry)
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
