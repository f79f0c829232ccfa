from __future__ import annotations

import pytest

from symconv.claims.verdict import Verdict
from symconv.polynomial import Polynomial
from symconv.proof.prover import prove
from symconv.proof.proviso import at_least

TEXTBOOK = "dX == correlate(pad(dilate(dY, (u, v)), (R-1, S-1)), rotate(F))"


@pytest.mark.parametrize(
    ("statement", "options", "where"),
    [
        (TEXTBOOK, {}, ("(H - R) % u == 0", "(W - S) % v == 0")),
        ("dF == correlate(X, dilate(dY, u))", {"rank": 1}, ("(H - R) % u == 0",)),
        ("P == H - R + 1", {}, ("u == 1",)),
        ("max(H, R) == H", {}, ("H >= R",)),
        ("crop(X, 1) == crop(X, 1)", {"rank": 1}, ("H >= 3",)),
        ("crop(pad(X, 1), 2)[m] == X[m+1]", {"rank": 1}, ("H >= 3",)),
        ("H//(u-1) >= 0", {}, ("u >= 2",)),
        ("dX == correlate(pad(dY, R-1), rotate(F))", {"rank": 1, "where": "u == 1",
         "general": "padding"}, ("pt == 0", "pb == 0")),
    ],
)  # fmt: skip
def test_a_claim_that_fails_is_told_where_it_holds(
    statement: str, options: dict[str, object], where: tuple[str, ...]
) -> None:
    judgement = prove(statement, **options)  # type: ignore[arg-type]
    assert judgement.verdict is not Verdict.PROVED
    assert judgement.proviso is not None
    assert judgement.proviso.where == where
    given = options.pop("where", ())
    stated = (given,) if isinstance(given, str) else ()
    assert prove(statement, where=(*stated, *where), **options).proved  # type: ignore[arg-type]


@pytest.mark.parametrize("statement", ["X == rotate(X)", "dX == dX + dX", "correlate(F, F) == F"])
def test_what_no_usual_hypothesis_mends_has_no_proviso(statement: str) -> None:
    assert prove(statement, rank=1).proviso is None


def test_listed_sizes_have_no_proviso() -> None:
    assert prove("P == H - R + 1", sizes="H=3..4, R=1..2, u=1..2").proviso is None


def test_a_bound_is_written_as_people_write_it() -> None:
    assert at_least(Polynomial.read("H - 3")) == "H >= 3"
    assert at_least(Polynomial.read("H - R - 1")) == "R + 1 <= H"
