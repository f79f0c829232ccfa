from __future__ import annotations

from fractions import Fraction

import pytest

from symconv.claims.constants import in_brief, rows, with_constants
from symconv.claims.verdict import Verdict
from symconv.errors import ParseError
from symconv.formula.nodes import Constant
from symconv.formula.vocabulary import vocabulary
from symconv.proof.prover import prove
from symconv.proof.recheck import recheck

F23 = {
    "AT": [[1, 1, 1, 0], [0, 1, -1, -1]],
    "G": [[1, 0, 0], ["1/2", "1/2", "1/2"], ["1/2", "-1/2", "1/2"], [0, 0, 1]],
    "BT": [[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]],
}
WINOGRAD = (
    "Y[p] == sum(AT[p%2,i] * G[i,r] * F[r] * BT[i,j] * X[2*(p//2)+j]"
    " for i in range(4) for r in range(R) for j in range(4))"
)
WHERE = ["u == 1", "R == 3"]


def test_numbers_are_exact() -> None:
    words = with_constants(vocabulary(), {"M": rows([[1, "-1/2"], ["2/4", 0]])})
    assert words.tensors["M"] == Constant("M", (2, 2), (1, Fraction(-1, 2), Fraction(1, 2), 0))
    assert in_brief(rows([[1, "-1/2"], [0, 3]])) == "[[1, -1/2], [0, 3]]"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([[1, 2], [3]], "its rows are of different lengths"),
        ([1, [2]], "its rows are of different lengths"),
        ([0.5], "0.5 is no exact number; write integers, and fractions as texts"),
        ([True], "True is no exact number"),
        (["1/0"], "divided by 0"),
        (["one"], "'one' is no exact number; write 3, -1 or '1/2'"),
        (["1" * 11], "is no exact number"),
        ([], "a row without a number"),
        ("1/2", "a number alone"),
        ([[1] * 40] * 40, "1600 numbers; at most 1000"),
        ([[[[[[[1]]]]]]], "more than 6 axes"),
    ],
)
def test_what_is_no_tensor_of_numbers_gets_one_line(given: object, words: str) -> None:
    with pytest.raises(ParseError, match=words.replace("(", r"\(")):
        with_constants(vocabulary(), {"M": rows(given)})


def test_a_constant_needs_a_new_name() -> None:
    with pytest.raises(ParseError, match="X cannot be declared"):
        with_constants(vocabulary(), {"X": (1,)})


def test_winograds_matrices_are_proved_for_every_size_and_rechecked() -> None:
    proved = prove(WINOGRAD, rank=1, where=WHERE, constants=F23)
    assert proved.proved
    certified = proved.certified()
    assert certified is not None
    assert recheck(certified)
    listed = prove(WINOGRAD, rank=1, sizes="H=3..9, R=3, u=1", constants=F23)
    assert listed.proved


@pytest.mark.parametrize("name", F23)
@pytest.mark.parametrize("place", [(0, 0), (1, 1), (1, 2)])
def test_a_wrong_entry_is_refuted_with_the_first_product_that_differs(
    name: str, place: tuple[int, int]
) -> None:
    wrong = {key: [list(row) for row in matrix] for key, matrix in F23.items()}
    wrong[name][place[0]][place[1]] = "1/3"
    refuted = prove(WINOGRAD, rank=1, where=WHERE, constants=wrong)
    assert refuted.refutation is not None
    found = refuted.refutation.counterexample
    assert found.products
    assert all(each.left in (0, 1) and each.left != each.right for each in found.products)


@pytest.mark.parametrize(
    ("true", "mutant"),
    [
        ("D[i] == sum(I[i,j]*D[j] for j in range(2))",
         "D[i] == sum(I[i,j]*A[j] for j in range(2))"),
        ("sum(A[i]*D[i] for i in range(2)) * X[m] == X[m] - X[m]",
         "sum(A[i]*D[i] for i in range(2)) * X[m] == X[m]"),
        ("correlate(X, A)[m] == X[m] - X[m+1]", "correlate(X, A)[m] == X[m+1] - X[m]"),
        ("rotate(A) == -A", "rotate(A) == A"),
        ("vjp(correlate(X, A), X, dZ)[m] == dZ[m] - dZ[m-1]",
         "vjp(correlate(X, A), X, dZ)[m] == dZ[m] + dZ[m-1]"),
    ],
)  # fmt: skip
def test_constants_are_tensors_like_others(true: str, mutant: str) -> None:
    options = {
        "rank": 1,
        "constants": {"I": [[1, 0], [0, 1]], "A": [1, -1], "D": ["1/2", "1/2"]},
        "tensors": {"dZ": "H - 1"},
        "where": "H >= 2",
    }
    assert prove(true, **options).proved  # type: ignore[arg-type]
    assert prove(mutant, **options).verdict is Verdict.REFUTED  # type: ignore[arg-type]
