"""Guards, limits that move, mixed radix: gathers as kernels write them, beside their slips.

Each theorem has a proof; its twin is refuted, and has no proof where nothing is refuted first.
"""

from __future__ import annotations

from typing import Any

import pytest

from symconv.claims.statement import StatedClaim
from symconv.claims.verdict import Verdict
from symconv.proof.prover import argue, judge
from symconv.proof.search import CertificateSearch

GATHER = "dX[m] == sum(dY[p]*F[m-p*u] for p in range({}){})"
BY_FILTER = "dX[m] == sum(dY[(m-r)//u]*F[r] for r in range(R) {})"
DILATED = {"general": ("padding", "dilation")}
BATCH = {"general": ("batch", "channels")}

PAIRS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "chain": (
        GATHER.format("P", " if 0 <= m - p*u < R"),
        GATHER.format("P", " if 0 <= m - p*u < R - 1"),
        {},
    ),
    "and": (
        GATHER.format("P", " if p*u <= m and m < p*u + R"),
        GATHER.format("P", " if p*u < m and m < p*u + R"),
        {},
    ),
    "several ifs": (
        BY_FILTER.format("if (m-r) % u == 0 if m >= r if (m-r)//u < P"),
        BY_FILTER.format("if (m-r) % u == 0 if m > r if (m-r)//u < P"),
        {},
    ),
    "moving limits": (
        GATHER.format("max(0, (m-R+u)//u), min(P, m//u+1)", ""),
        GATHER.format("max(0, (m-R+u)//u), min(P, m//u)", ""),
        {},
    ),
    "a limit that truncation gets right and floor wrong": (
        "Y[p] == sum(X[p*u+r*d-pt]*F[r] "
        "for r in range(max(0, -((p*u-pt)//d)), min(R, (H-1-p*u+pt)//d+1)))",
        "Y[p] == sum(X[p*u+r*d-pt]*F[r] "
        "for r in range(max(0, (pt-p*u)//d+1), min(R, (H-1-p*u+pt)//d+1)))",
        DILATED,
    ),
    "an empty range": (
        GATHER.format("max(0, (m-R+u)//u), max(0, min(P, m//u+1))", ""),
        GATHER.format("max(0, (m-R+u)//u), max(0, min(P-1, m//u+1))", ""),
        {"where": ("R < u",)},
    ),
    "filter gradient": (
        "dF[r] == sum(dY[p]*X[p*u+r*d-pt] "
        "for p in range(max(0, (pt-r*d+u-1)//u), min(P, (H+pt-r*d-1)//u+1)))",
        "dF[r] == sum(dY[p]*X[p*u+r*d-pt] "
        "for p in range(max(0, (pt-r*d+u)//u), min(P, (H+pt-r*d-1)//u+1)))",
        DILATED,
    ),
    "two axes": (
        "dX[m,n] == sum(dY[p,q]*F[m-p*u,n-q*v] for p in range(P) if 0 <= m-p*u < R "
        "for q in range(max(0, (n-S+v)//v), min(Q, n//v+1)))",
        "dX[m,n] == sum(dY[p,q]*F[m-p*u,n-q*v] for p in range(P) if 0 <= m-p*u < R "
        "for q in range(max(0, (n-S+v)//u), min(Q, n//v+1)))",
        {"rank": 2},
    ),
    "three axes": (
        "dX[l,m,n] == sum(dY[z,p,q]*F[l-z*w,m-p*u,n-q*v] for z in range(Z) if 0 <= l-z*w < T "
        "for p in range(P) if 0 <= m-p*u < R for q in range(Q) if 0 <= n-q*v < S)",
        "dX[l,m,n] == sum(dY[z,p,q]*F[l-z*w,m-p*u,n-q*v] for z in range(Z) if 0 <= l-z*w < T "
        "for p in range(P) if 0 <= m-p*u < R for q in range(Q) if 0 <= n-q*v < R)",
        {"rank": 3},
    ),
    "batch and channels": (
        "dX[n,c,m] == sum(dY[n,k,p]*F[k,c,m-p*u] for k in range(K) for p in range(P) "
        "if 0 <= m-p*u < R)",
        "dX[n,c,m] == sum(dY[n,k,p]*F[k,c,m-p*u] for k in range(K) for p in range(P) "
        "if 0 <= m-p*u < R if c <= k)",
        BATCH,
    ),
    "a guard on the left index alone": (
        "pad(X, 1)[m] == sum(X[k] for k in range(H) if k == m-1 and 1 <= m <= H)",
        "pad(X, 1)[m] == sum(X[k] for k in range(H) if k == m-1 and 1 <= m < H)",
        {},
    ),
}

PATCHES = {
    "rank": 2,
    "tensors": (("M", "R*S x P*Q"),),
    "define": ("M[k,l] == X[(l//Q)*u + k//S, (l%Q)*v + k%S]",),
}
PHASES = "Y[p] == sum(X[(p+t)*u+a]*F[t*u+a] for a in range(u) for t in range({}))"
FLAT = (
    "Y[n,k,p,q] == sum(X[n,j//(R*S),p*u+(j//S)%R,q*v+j%{}]*F[k,j//(R*S),(j//S)%R,j%S] "
    "for j in range(C*R*S))"
)

RADIX: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a filter as a row": (
        "Y[p,q] == sum(X[p*u+k//S,q*v+k%S]*F[k//S,k%S] for k in range(R*S))",
        "Y[p,q] == sum(X[p*u+k//R,q*v+k%R]*F[k//R,k%R] for k in range(R*S))",
        {"rank": 2},
    ),
    "channels and filter as a row": (
        FLAT.format("S"),
        FLAT.format("R"),
        {"rank": 2, "general": ("batch", "channels")},
    ),
    "a row that is too long counts nothing": (
        "Y[p] == sum(X[p*u + k//2]*F[k//2] for k in range(2*R) if k % 2 == 0)",
        "Y[p] == sum(X[p*u + k//2]*F[k//2] for k in range(2*R))",
        {},
    ),
    "phases, each as long as it needs": (
        PHASES.format("(R-a+u-1)//u"),
        PHASES.format("(R-a)//u"),
        {},
    ),
    "phases, all as long as the longest": (
        PHASES.format("(R-1)//u + 1"),
        PHASES.format("R//u"),
        {},
    ),
    "phases of the input gradient": (
        "dX[m] == sum(dY[m//u-t]*F[t*u+m%u] for t in range((R-m%u+u-1)//u))",
        "dX[m] == sum(dY[m//u-t]*F[t*u+m%u] for t in range((R-m%u)//u))",
        {},
    ),
    "phases with padding: floor, not truncation": (
        "dX[m] == sum(dY[(m+pt)//u-t]*F[t*u+(m+pt)%u] for t in range(R))",
        "dX[m] == sum(dY[(m-pt)//u-t]*F[t*u+(m+pt)%u] for t in range(R))",
        {"general": ("padding",)},
    ),
    "patches": (
        "sum(M[k,p*Q+q]*F[k//S,k%S] for k in range(R*S)) == Y[p,q]",
        "sum(M[k,p*P+q]*F[k//S,k%S] for k in range(R*S)) == Y[p,q]",
        PATCHES,
    ),
    "patches, row by row": (
        "sum(M[r*S+s,p*Q+q]*F[r,s] for r in range(R) for s in range(S)) == Y[p,q]",
        "sum(M[s*R+r,p*Q+q]*F[r,s] for r in range(R) for s in range(S)) == Y[p,q]",
        PATCHES,
    ),
    "space to depth": (
        "sum(Z[t,a] for a in range(u) for t in range(n1) if t*u + a == i and i < H) == X[i]",
        "sum(Z[t,a] for a in range(u) for t in range(n1) if t*u + a == i and i < H-1) == X[i]",
        {
            "tensors": (("Z", "n1 x u"),),
            "define": ("Z[t,a] == X[t*u+a]",),
            "where": ("n1 == (H+u-1)//u",),
        },
    ),
}
PAIRS |= RADIX


def _stated(statement: str, more: dict[str, Any]) -> StatedClaim:
    return StatedClaim(statement, **{"rank": 1, **more})


@pytest.mark.parametrize(("right", "_", "more"), PAIRS.values(), ids=PAIRS.keys())
def test_right_guards_are_proved(right: str, _: str, more: dict[str, Any]) -> None:
    judged = judge(_stated(right, more))
    assert judged.verdict is Verdict.PROVED, judged.reason
    assert judged.witness is not None


@pytest.mark.parametrize(("_", "wrong", "more"), PAIRS.values(), ids=PAIRS.keys())
def test_wrong_guards_are_refuted_and_never_proved(
    _: str, wrong: str, more: dict[str, Any]
) -> None:
    judged = judge(_stated(wrong, more))
    assert judged.verdict is Verdict.REFUTED, judged.reason
    assert argue(_stated(wrong, more).claim(), CertificateSearch())[0] is None
