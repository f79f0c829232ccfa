"""Theorems changed at random: their proofs are held against brute force.

The proof is tried without looking for a counterexample first, which would hide what is wrong.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import pytest

from symconv.claims.claim import Claim
from symconv.claims.parts import parts
from symconv.claims.statement import StatedClaim
from symconv.claims.theorems import theorems
from symconv.errors import SymconvError
from symconv.formula.nodes import Correlate, Dilate, Leaf, Pad, Rotate, Subsample
from symconv.formula.sizes import (
    Difference,
    Greatest,
    Least,
    Name,
    Product,
    Quotient,
    Remainder,
    Sum,
)
from symconv.limits.budget import Budget, spending
from symconv.proof import obligations, prover
from symconv.proof.obligations import Case
from symconv.proof.search import CertificateSearch
from symconv.refutation.search import refute


def _adds(claim: Claim) -> bool:
    """Whether a side is a sum of tensors, which is judged part by part."""
    return len(parts(claim)) > 1


WHOLE = ("(H-R) % u == 0", "(W-S) % v == 0")
GENERAL = ("padding", "dilation", "crop")
REM_H, REM_W = "(H+pt+pb-d*(R-1)-1) % u", "(W+pl+pr-e*(S-1)-1) % v"

THEOREMS = (
    StatedClaim("Y == correlate(X, F, stride=(u, v))"),
    StatedClaim("dX == correlate(pad(dilate(dY, (u, v)), (R-1, S-1)), rotate(F))", where=WHOLE),
    StatedClaim("dF == correlate(X, dilate(dY, (u, v)))", where=WHOLE),
    StatedClaim(
        "dX == correlate(pad(dilate(dY, (u, v)), ((R-1, R-1+(H-R)%u), (S-1, S-1+(W-S)%v))), "
        "rotate(F))"
    ),
    StatedClaim("dF == correlate(crop(X, ((0, (H-R)%u), (0, (W-S)%v))), dilate(dY, (u, v)))"),
    StatedClaim(
        f"dX == correlate(pad(dilate(dY, (u, v)), ((d*(R-1)-pt, d*(R-1)-pb+{REM_H}), "
        f"(e*(S-1)-pl, e*(S-1)-pr+{REM_W}))), rotate(F), dilation=(d, e))",
        general=GENERAL,
    ),
    StatedClaim(
        f"dF == correlate(pad(X, ((pt, pb-{REM_H}), (pl, pr-{REM_W}))), dilate(dY, (u, v)), "
        "stride=(d, e))",
        general=GENERAL,
    ),
    StatedClaim("Y == subsample(correlate(X, F), (u, v))"),
    StatedClaim("H == (P-1)*u + R + (H-R)%u"),
    StatedClaim("dX == conv_transpose(dY, F, stride=(u, v), output_padding=((H-R)%u, (W-S)%v))"),
    StatedClaim("dX[m,n] == sum(dY[p,q]*F[m-p*u,n-q*v] for p in range(P) for q in range(Q))"),
    StatedClaim("dF[r,s] == sum(dY[p,q]*X[p*u+r,q*v+s] for p in range(P) for q in range(Q))"),
    StatedClaim("shape(correlate(pad(X, (((R-1)//2, R//2), ((S-1)//2, S//2))), F)) == (H, W)"),
    StatedClaim("(H+u-1)//u == -(-H//u)"),
    StatedClaim(
        "correlate(X, F, dilation=(d, e)) == correlate(X, dilate(F, (d, e)))",
        general=("dilation",),
    ),
    StatedClaim("subsample(dilate(X, (u, v)), (u, v)) == X"),
    StatedClaim("subsample(subsample(X, (u, v)), (u, u)) == subsample(X, (u*u, v*u))"),
    StatedClaim(
        "correlate(X, rotate(ones(R, S))) == correlate(X, ones(R, S))", where=("H >= R", "W >= S")
    ),
    StatedClaim("rotate(correlate(X, F)) == correlate(rotate(X), rotate(F))"),
)

LAYERS = (
    *(each.stated for each in theorems() if "layer-" in each.stated.id and not _adds(each.claim)),
    StatedClaim(
        "dX[n,c,i] == sum(dY[n,k,p]*F[k,c,i-p*u] for k in range(K) for p in range(P))",
        general=("batch", "channels"),
        rank=1,
    ),
    StatedClaim(
        "vjp(Z, A, dZ)[j] == sum(M[i,j]*dZ[i] for i in range(m1))",
        tensors=(("M", "m1 x n1"), ("A", "n1"), ("Z", "m1")),
        define=("Z[i] == sum(M[i,j]*A[j] for j in range(n1))",),
        rank=1,
    ),
    StatedClaim("rotate(V)[n] == rotate(V[a-1-n])", tensors=(("V", "a x h"),), rank=1),
)

_COMPOUND = (Sum, Difference, Product, Quotient, Remainder, Least, Greatest)

Path = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A claim that was changed, and what proof and brute force say of it."""

    claim: Claim
    verdict: str
    seconds: float


def mutants(count: int, seed: int, of: tuple[StatedClaim, ...] = THEOREMS) -> Iterator[Claim]:
    """Yield ``count`` changed claims; the same seed gives the same ones."""
    numbers = random.Random(seed)
    claims = [stated.claim() for stated in of]
    while count:
        original = numbers.choice(claims)
        claim = original
        for _ in range(numbers.choice((1, 1, 2))):
            side = numbers.choice(("left", "right", "right"))
            changed = _changed(getattr(claim, side), tuple(original.integers), numbers)
            claim = replace(claim, **{side: changed})
        if (claim.left, claim.right) != (original.left, original.right):
            yield claim
            count -= 1


def judged(claim: Claim, limit: float, most: int = 150) -> Mutant:
    """Return what is said of ``claim``: proved, refuted, undefined, open or CONTRADICTION."""
    start = time.monotonic()
    try:
        with spending(Budget.of(limit)):
            argument, _ = prover.argue(claim, CertificateSearch())
    except SymconvError:
        argument = None
    with spending(Budget.of(limit)):
        found = refute(claim, most=most)
    failed = found.refutation is not None or found.undefined is not None
    if argument is not None:
        verdict = "CONTRADICTION" if failed else "proved"
    elif found.refutation is not None:
        verdict = "refuted"
    elif found.undefined is not None or not found.compared:
        verdict = "undefined"
    else:
        verdict = "open"
    return Mutant(claim, verdict, time.monotonic() - start)


def _places(part: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(part, tuple):
        for n, entry in enumerate(part):
            yield from _places(entry, (*path, n))
    elif is_dataclass(part):
        yield path, part
        for attribute in fields(part):
            yield from _places(getattr(part, attribute.name), (*path, attribute.name))
    elif isinstance(part, int):
        yield path, part


def _put(part: Any, path: Path, new: Any) -> Any:
    if not path:
        return new
    step, *rest = path
    if isinstance(part, tuple):
        return (*part[:step], _put(part[step], tuple(rest), new), *part[step + 1 :])
    return replace(part, **{step: _put(getattr(part, step), tuple(rest), new)})


def _changed(side: Any, names: tuple[str, ...], numbers: random.Random) -> Any:
    path, part = numbers.choice(list(_places(side)))
    others = _others(part, names, numbers)
    return _put(side, path, numbers.choice(others)) if others else side


def _others(part: Any, names: tuple[str, ...], numbers: random.Random) -> list[Any]:
    """Return what may stand in place of a size or an operator."""
    match part:
        case int():
            return [part + 1, part - 1]
        case Name():
            return [Sum(part, 1), Difference(part, 1), Name(numbers.choice(names)), 1]
        case _ if isinstance(part, _COMPOUND):
            kind = numbers.choice(_COMPOUND)
            return [Sum(part, 1), Difference(part, 1), part.left, kind(part.left, part.right), 0]
        case Rotate(of):
            return [of]
        case Pad(of) | Dilate(of) | Subsample(of):
            return [of, Rotate(part)]
        case Correlate():
            swapped = replace(part, stride=part.dilation, dilation=part.stride)
            return [swapped, replace(part, by=Rotate(part.by)), Rotate(part)]
        case Leaf():
            return [Rotate(part)]
        case _:
            return []


def test_mutants_contradict_no_proof() -> None:
    kinds = Counter(judged(claim, limit=5, most=60).verdict for claim in mutants(120, seed=3))
    assert kinds["CONTRADICTION"] == 0
    assert kinds["refuted"] > 90
    assert kinds["open"] <= 6


def test_mutants_of_layers_contradict_no_proof() -> None:
    changed = mutants(40, seed=7, of=LAYERS)
    kinds = Counter(judged(claim, limit=5, most=60).verdict for claim in changed)
    assert kinds["CONTRADICTION"] == 0
    assert kinds["refuted"] > 30


def test_unchanged_theorems_are_proved() -> None:
    for stated in THEOREMS:
        assert judged(stated.claim(), limit=5).verdict == "proved", stated.statement


@pytest.mark.parametrize("left_out", [("size",), ("left", "right"), ("divisor", "defined")])
def test_proof_that_leaves_obligations_out_is_contradicted(
    monkeypatch: pytest.MonkeyPatch, left_out: tuple[str, ...]
) -> None:
    """The run notices: without one kind of obligation, some mutant is proved and refuted."""

    def careless(claim: object) -> tuple[Case, ...]:
        return tuple(
            replace(
                case,
                obligations=tuple(o for o in case.obligations if not o.name.startswith(left_out)),
            )
            for case in obligations.cases(claim)  # type: ignore[arg-type]
        )

    monkeypatch.setattr(prover, "cases", careless)
    kinds = Counter(judged(claim, limit=5, most=60).verdict for claim in mutants(60, seed=3))
    assert kinds["CONTRADICTION"] > 0
