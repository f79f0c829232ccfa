from __future__ import annotations

import pytest

from symconv.equation import Element
from symconv.errors import SymconvError
from symconv.notation import GREEK, Notation
from symconv.telling.writers import Latex, Plain, Pretty, Short

SHAPES = {"X": (5, 13), "F": (3, 3), "Y": (2, 2)}


@pytest.mark.parametrize(
    ("names", "base", "text", "expected"),
    [
        (("x", "f", "y"), 0, "x[2,2]", ("X", (2, 2))),
        (("x", "f", "y"), 0, "x[4,12]", ("X", (4, 12))),
        (("x", "f", "y"), 0, " f [ 0 , 1 ] ", ("F", (0, 1))),
        (("X", "F", "O"), 1, "O[2,1]", ("Y", (1, 0))),
        ((r"\delta", "w1", "out"), 0, r"\delta[0,0]", ("X", (0, 0))),
        ((r"\delta", "w1", "out"), 0, "w1[2,2]", ("F", (2, 2))),
        ((r"\delta", "w1", "out"), 1, "out[1,1]", ("Y", (0, 0))),
    ],
)
def test_an_element_is_read_in_the_names_and_base_in_force(names, base, text, expected):
    assert Notation(names, base).read(text, SHAPES) == Element(*expected)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x", "is not of the form x[4,12]"),
        ("", "is not of the form"),
        ("x[1,1", "is not of the form"),
        ("x(1,1)", "is not of the form"),
        ("x[1,1]y", "is not of the form"),
        ("z[0,0]", "unknown tensor z; known are x, f, y"),
        ("X[0,0]", "unknown tensor X"),
        ("x[5,0]", "lies outside x, which runs from [0,0] to [4,12]"),
        ("x[0,13]", "lies outside x"),
        ("x[-1,0]", "lies outside x"),
        ("x[1]", "x needs 2 indices, as in x[4,12]"),
        ("x[1,2,3]", "x needs 2 indices"),
        ("x[1,]", "x needs 2 indices"),
        ("x[a,b]", "x needs 2 indices"),
        ("x[1.5,2]", "x needs 2 indices"),
        ("x[" + "9" * 5000 + ",0]", "x needs 2 indices"),
    ],
)
def test_an_element_that_is_none_is_refused_in_one_line(text, says):
    with pytest.raises(SymconvError) as raised:
        Notation().read(text, SHAPES)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


def test_the_range_is_told_in_the_base_in_force():
    with pytest.raises(SymconvError, match=r"runs from \[1,1\] to \[5,13\]"):
        Notation(base=1).read("x[0,1]", SHAPES)


@pytest.mark.parametrize(
    ("names", "base", "says"),
    [
        (("x", "x", "y"), 0, "the three must differ"),
        (("x", "f"), 0, "2 given"),
        (("x", "f", "y", "z"), 0, "4 given"),
        (("L", "f", "y"), 0, "taken by the loss"),
        (("x", "f", "1"), 0, "cannot be printed"),
        (("x", "f", ""), 0, "cannot be printed"),
        (("x", "f", " y"), 0, "cannot be printed"),
        (("x", "f", "y_1"), 0, "cannot be printed"),
        (("x", "f", "é"), 0, "cannot be printed"),
        (("x", "f", "y\n"), 0, "cannot be printed"),
        (("x", "f", r"\foo"), 0, "cannot be printed"),
        (("x", "f", "\\"), 0, "cannot be printed"),
        (("x", "f", r"\delta2"), 0, "cannot be printed"),
        (("x", "f", r"\input{a}"), 0, "cannot be printed"),
        (("x", "f", "y"), 2, "must be 0 or 1"),
        (("x", "f", "y"), -1, "must be 0 or 1"),
    ],
)
def test_names_that_cannot_be_used_are_refused(names, base, says):
    with pytest.raises(SymconvError) as raised:
        Notation(names, base)
    assert says in str(raised.value)


def test_names_that_would_print_alike_are_refused():
    """In plain text the macro loses its backslash."""
    with pytest.raises(SymconvError):
        Notation((r"\delta", "delta", "y"))


@pytest.mark.parametrize("macro", GREEK)
def test_every_greek_macro_is_a_name(macro):
    notation = Notation(("x", "f", f"\\{macro}"))
    element = Element("Y", (0, 1))
    assert Plain(notation).element(element) == f"{macro}[0,1]"
    assert Pretty(notation).element(element) == f"{GREEK[macro]}₀₁"
    assert Latex(notation).element(element) == f"\\{macro}_{{01}}"


def test_whole_tensors_are_capitals_where_that_keeps_them_apart():
    assert [Notation().tensor(t) for t in ("X", "F", "Y", "dX", "dY")] == [
        "X",
        "F",
        "Y",
        "dX",
        "dY",
    ]
    assert [Notation(("X", "F", "O")).tensor(t) for t in ("Y", "dY")] == ["O", "dO"]
    assert [Notation(("x", "X", "y")).tensor(t) for t in ("X", "F", "Y")] == ["x", "X", "y"]


def test_a_whole_tensor_never_bears_the_name_of_the_loss():
    assert Notation(("l", "f", "y")).tensor("X") != "L"


DX = Element("dX", (2, 1))


@pytest.mark.parametrize(
    ("writer", "element", "derivative", "local", "chain"),
    [
        (Plain, "x[2,1]", "dL/dx[2,1]", "dy[0,1]/dx[2,1]",
         "dL/dx[m,n] = sum_ij dL/dy[i,j] dy[i,j]/dx[m,n]"),
        (Pretty, "x₂₁", "∂L/∂x₂₁", "∂y₀₁/∂x₂₁", "∂L/∂xₘₙ = Σᵢⱼ ∂L/∂yᵢⱼ ∂yᵢⱼ/∂xₘₙ"),
        (Latex, "x_{21}", r"\frac{\partial L}{\partial x_{21}}",
         r"\frac{\partial y_{01}}{\partial x_{21}}",
         r"\frac{\partial L}{\partial x_{mn}} = \sum_{ij} \frac{\partial L}{\partial y_{ij}} "
         r"\frac{\partial y_{ij}}{\partial x_{mn}}"),
    ],
)  # fmt: skip
def test_the_three_ways_to_write(writer, element, derivative, local, chain):
    write = writer(Notation())
    assert write.element(Element("X", (2, 1))) == element
    assert write.element(DX) == derivative
    assert write(write.names.local(Element("Y", (0, 1)), Element("X", (2, 1)))) == local
    assert write.chain_rule("X", 2) == chain


def test_indices_with_two_digits_get_commas():
    element = Element("X", (1, 12))
    assert Plain(Notation()).element(element) == "x[1,12]"
    assert Pretty(Notation()).element(element) == "x₁,₁₂"
    assert Latex(Notation()).element(element) == "x_{1,12}"
    assert Latex(Notation(base=1)).element(Element("X", (1, 9))) == "x_{2,10}"
    assert Latex(Notation()).element(Element("X", (1, 9))) == "x_{19}"


def test_short_writes_derivatives_without_a_fraction():
    assert Short(Notation()).element(DX) == "dx₂₁"


def test_longer_names_are_one_word_in_latex():
    write = Latex(Notation(("img", "ker", "out")))
    assert write.element(Element("X", (0, 0))) == r"\mathit{img}_{00}"
    assert write.tensor("dX") == r"\frac{\partial L}{\partial \mathit{IMG}}"


@pytest.mark.parametrize("writer", [Plain, Pretty, Latex])
def test_a_sum_without_terms_is_zero_and_an_empty_product_one(writer):
    write = writer(Notation())
    assert write.sum(()) == "0"
    assert write.term(()) == "1"
    assert "1,234" in write.sum((), 1234)
