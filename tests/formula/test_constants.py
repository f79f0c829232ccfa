from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.claims.verdict import Verdict
from symconv.formula.constants import contracted
from symconv.formula.nodes import Constant, IndexSum, Leaf, Range, Read
from symconv.formula.sizes import Name
from symconv.proof.prover import prove

NUMBERS = st.sampled_from([0, 0, 1, 1, -1, 2, Fraction(1, 2), Fraction(-1, 3)])


@st.composite
def matrices(draw, rows: int, columns: int):
    return np.array(
        [[Fraction(draw(NUMBERS)) for _ in range(columns)] for _ in range(rows)], dtype=object
    )


def written(matrix) -> list[list[str]]:
    return [[str(entry) for entry in row] for row in matrix]


@settings(max_examples=15, deadline=None)
@given(matrices(2, 2), matrices(2, 3), matrices(2, 3))
def test_a_product_of_constants_is_what_numpy_says(a, b, other) -> None:
    statement = (
        "sum(C[k,j]*X[j]*Z[k] for j in range(3) for k in range(2)) * ones(1)[i] == "
        "sum(A[k,l]*B[l,j]*X[j]*Z[k] for j in range(3) for k in range(2) for l in range(2))"
        " * ones(1)[i]"
    )
    options = {"rank": 1, "tensors": {"Z": "2"}, "where": "H == 3"}
    one = {"A": written(a), "B": written(b), "O": [1]}
    statement = statement.replace("ones(1)[i]", "O[i]")
    right = prove(f"O[i] * 0 + {statement}", constants=one | {"C": written(a.dot(b))}, **options)
    assert right.proved
    wrong = prove(f"O[i] * 0 + {statement}", constants=one | {"C": written(other)}, **options)
    equal = (other == a.dot(b)).all()
    assert wrong.verdict is (Verdict.PROVED if equal else Verdict.REFUTED)


def test_an_equation_between_indices_is_found() -> None:
    shift = Constant("S", (3, 3), (0, 1, 0, 0, 0, 1, 0, 0, 0))  # 1 where the second is one more
    node = IndexSum(
        (3,), ("i",), (Range("j", 0, 3),),
        (Read(shift, (Name("i"), Name("j"))), Read(Leaf("X"), (Name("j"),))),
    )  # fmt: skip
    ((found, factor),) = contracted(node)
    assert factor == 1
    assert len(found.reads) == 4  # X, both indices inside, and the equation


def test_an_index_that_stands_elsewhere_too_is_not_summed_away() -> None:
    ones = Constant("S", (2,), (1, 1))
    read = Read(ones, (Name("j"),))
    alone = IndexSum((3,), ("i",), (Range("j", 0, 2),), (read, Read(Leaf("X"), (Name("i"),))))
    assert [(node.ranges, factor) for node, factor in contracted(alone)] == [((), 2)]
    shared = IndexSum((3,), ("i",), (Range("j", 0, 2),), (read, Read(Leaf("X"), (Name("j"),))))
    assert [node.ranges for node, _ in contracted(shared)] == [(Range("j", 0, 2),)]
