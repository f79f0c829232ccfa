"""The slides on what is proved for every size, and on what may be said where it is not."""

from __future__ import annotations

from symconv.claims.verdict import Proof, Scope
from symconv.derivation import Derivation


def proofs(derivation: Derivation) -> tuple[Proof, ...]:
    """Return the derivation's proofs with scope every size that succeeded; there may be none."""
    return tuple(
        proof for proof in derivation.proofs if proof.scope is Scope.EVERY_SIZE and proof.proved
    )
