"""What a claim defines is written out, and its gradient can be spoken of."""

from __future__ import annotations

import pytest

from symconv.claims.claim import Claim
from symconv.claims.definitions import undefined
from symconv.claims.parse import parse_claim
from symconv.claims.statement import StatedClaim
from symconv.claims.verdict import Verdict
from symconv.errors import ParseError
from symconv.formula.nodes import IndexSum, Leaf, Rotate, Vjp
from symconv.formula.sizes import Name
from symconv.proof.certificate_file import read, write
from symconv.proof.prover import judge, prove
from symconv.proof.recheck import recheck

MATRIX = {"M": "m1 x n1", "A": "n1", "Z": "m1"}
PRODUCT = "Z[i] == sum(M[i,j]*A[j] for j in range(n1))"


def claim(statement: str, *define: str, tensors: dict[str, str] = MATRIX) -> Claim:
    return parse_claim(statement, tensors=tensors, define=define, rank=1)


def test_a_defined_tensor_is_written_out_and_its_gradient_is_a_leaf() -> None:
    read = claim("vjp(Z, A, dZ)[j] == sum(M[i,j]*dZ[i] for i in range(m1))", PRODUCT)
    assert isinstance(read.left, Vjp)
    assert isinstance(read.left.of, IndexSum)
    assert set(read.leaves) == {"M", "A", "dZ"}
    assert read.leaves["dZ"] == (Name("m1"),)


def test_a_definition_may_use_operators_and_those_before_it() -> None:
    tensors = {"A": "n1", "B": "n1", "Z": "n1"}
    read = claim("Z == A", "B == rotate(A)", "Z == rotate(B)", tensors=tensors)
    assert read.left == Rotate(Rotate(Leaf("A")))


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("vjp(Z, A, dZ)[j] == sum(M[i,j]*dZ[i] for i in range(m1))", Verdict.PROVED),
        ("vjp(Z, M, dZ)[i,j] == dZ[i]*A[j]", Verdict.PROVED),
        ("vjp(Z, A, dZ)[j] == sum(M[j,i]*dZ[i] for i in range(m1))", Verdict.REFUTED),
        ("vjp(Z, M, dZ)[i,j] == dZ[j]*A[i]", Verdict.REFUTED),
        ("vjp(Z, A, dZ)[j] == sum(M[i,j]*dZ[i] for i in range(m1-1))", Verdict.REFUTED),
    ],
)
def test_the_gradients_of_a_matrix_times_a_vector(statement: str, expected: Verdict) -> None:
    judgement = prove(statement, tensors=MATRIX, define=[PRODUCT], rank=1)
    assert judgement.verdict is expected, judgement.summary


def test_a_definition_of_another_shape_than_declared_is_refuted_with_its_gradient() -> None:
    tensors = {"A": "n1", "Z": "n1"}
    judgement = prove(
        "vjp(Z, A, dZ) == crop(dZ, 1)", tensors=tensors, define=["Z == pad(A, 1)"], rank=1
    )
    assert judgement.verdict is Verdict.REFUTED
    right = tensors | {"Z": "(n1 + 2,)"}
    assert prove(
        "vjp(Z, A, dZ) == crop(dZ, 1)", tensors=right, define=["Z == pad(A, 1)"], rank=1
    ).proved


@pytest.mark.parametrize(
    ("define", "words"),
    [
        (["Q[i] == A[i]"], "a declared tensor"),
        (["Zz[i] == A[i]"], "did you mean Z?"),
        (["X == X"], "a declared tensor"),
        (["Z[i] = A[i]"], "syntax"),
        (["Z[i] <= A[i]"], "two equals signs"),
        (["Z[i] == Z[i]"], "unknown tensor Z"),
        (["Z[m1] == A[0]"], "binds new names"),
        (["Z[i,j] == A[i]"], "fewer axes: 1"),
        (["Z == M"], "this has 2 axes, the declared shape 1"),
        (["Z[i] == A[i]", "Z[i] == A[0]"], "a declared tensor"),
        (["Z[i] == sum(A[i] for i in range(n1))"], "choose another index"),
    ],
)
def test_what_defines_nothing_gets_one_line(define: list[str], words: str) -> None:
    with pytest.raises(ParseError, match=r"^define .*") as raised:
        claim("A == A", *define)
    assert words in str(raised.value)


def test_a_name_that_the_gradient_would_take_is_refused() -> None:
    with pytest.raises(ParseError, match="has a meaning already"):
        claim("A == A", PRODUCT, tensors=MATRIX | {"dZ": "m1"})


def test_a_certificate_carries_definitions() -> None:
    stated = StatedClaim(
        "vjp(Z, M, dZ)[i,j] == dZ[i]*A[j]",
        "outer-product",
        tensors=tuple(MATRIX.items()),
        define=(PRODUCT,),
        rank=1,
    )
    certified = judge(stated).certified()
    assert certified is not None
    text = write([certified])
    (again,) = read(text)
    assert again == certified
    assert recheck(again)
    assert '"define"' not in write([type(certified)(StatedClaim("X == X"), (), ())])


def test_a_free_tensor_that_is_used_like_a_definition_is_named() -> None:
    statement, tensors = "Z[i] == sum(M[i,j]*A[j] for j in range(n))", ("Z", "M", "A")
    claim = parse_claim(statement, tensors={"Z": "m", "M": "m x n", "A": "n"}, rank=1)
    assert undefined(claim.left, claim.right, tensors) == "Z"
    assert undefined(claim.right, claim.left, tensors) is None
    own = parse_claim("A == rotate(A)", tensors={"A": "n"}, rank=1)
    assert undefined(own.left, own.right, ("A",)) is None
    assert undefined(claim.left, claim.right, ()) is None
