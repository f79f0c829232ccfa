from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from symconv.errors import ParseError, SymconvError
from symconv.formula.nodes import Correlate, Dilate, Leaf, Ones, Pad, Rotate, Subsample, Vjp
from symconv.formula.parse import parse_size, parse_tensor
from symconv.formula.sizes import (
    Difference,
    Greatest,
    Least,
    Name,
    Product,
    Quotient,
    Remainder,
    Sum,
    evaluate,
)
from symconv.formula.vocabulary import vocabulary

WORDS = vocabulary()
GENERAL = vocabulary(["padding", "dilation"])
X, F, dY = Leaf("X"), Leaf("F"), Leaf("dY")
H, R, u = Name("H"), Name("R"), Name("u")


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("7", 7),
        ("-7", -7),
        ("+H", H),
        ("H - R", Difference(H, R)),
        ("H + R*u", Sum(H, Product(R, u))),
        ("(H - R) % u", Remainder(Difference(H, R), u)),
        ("H // u", Quotient(H, u)),
        ("-(H // u)", Difference(0, Quotient(H, u))),
        ("min(H, R, u)", Least(Least(H, R), u)),
        ("max(H, 0)", Greatest(H, 0)),
    ],
)
def test_a_size_is_read_as_python_reads_it(text: str, size: object) -> None:
    assert parse_size(text, WORDS) == size


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("X", X),
        ("rotate(F)", Rotate(F)),
        ("dilate(dY, (u, v))", Dilate(dY, (u, Name("v")))),
        ("dilate(dY, 2)", Dilate(dY, (2, 2))),
        ("subsample(X, (2, 3))", Subsample(X, (2, 3))),
        ("ones(R, 1)", Ones((R, 1))),
        ("pad(X, 1)", Pad(X, ((1, 1), (1, 1)))),
        ("pad(X, (1, 2))", Pad(X, ((1, 1), (2, 2)))),
        ("pad(X, ((1, 2), 3))", Pad(X, ((1, 2), (3, 3)))),
        ("crop(X, ((1, R), 0))", Pad(X, ((-1, Difference(0, R)), (0, 0)))),
        ("correlate(X, F)", Correlate(X, F, (1, 1), (1, 1))),
        ("correlate(A=X, B=F, stride=2)", Correlate(X, F, (2, 2), (1, 1))),
        ("correlate(X, F, padding=1)", Correlate(Pad(X, ((1, 1), (1, 1))), F, (1, 1), (1, 1))),
        ("convolve(X, F)", Correlate(X, Rotate(F), (1, 1), (1, 1))),
        ("vjp(rotate(X), X, dY)", Vjp(Rotate(X), "X", dY)),
        ("vjp(rotate(X), 'X', dY)", Vjp(Rotate(X), "X", dY)),
    ],
)
def test_an_operator_becomes_its_node(text: str, node: object) -> None:
    assert parse_tensor(text, WORDS) == node


def test_a_full_convolution_pads_by_the_extent_less_one() -> None:
    margins = tuple((Difference(Name(n), 1),) * 2 for n in "RS")
    expected = Correlate(Pad(X, margins), Rotate(F), (1, 1), (1, 1))
    assert parse_tensor("convolve(X, F, mode='full')", WORDS) == expected


@pytest.mark.parametrize("P", [1, 4])
@pytest.mark.parametrize("u", [1, 3])
@pytest.mark.parametrize("p", [0, 1])
@pytest.mark.parametrize("extra", [0, 2])
@pytest.mark.parametrize("d", [1, 2])
def test_a_transposed_convolution_has_the_size_that_pytorch_documents(
    P: int, u: int, p: int, extra: int, d: int
) -> None:
    from symconv.formula.extents import extents

    text = f"conv_transpose(dY, F, stride={u}, padding={p}, output_padding={extra}, dilation={d})"
    shape = extents(parse_tensor(text, WORDS), WORDS.leaves)
    R = 3
    documented = (P - 1) * u - 2 * p + d * (R - 1) + extra + 1
    values = {"P": P, "Q": P, "R": R, "S": R}
    assert [evaluate(size, values) for size in shape] == [documented, documented]


def test_defined_tensors_are_written_out() -> None:
    y = Correlate(X, F, (u, Name("v")), (1, 1))
    assert parse_tensor("Y", WORDS) == y
    assert parse_tensor("dX", WORDS) == Vjp(y, "X", dY)
    assert parse_tensor("dF", WORDS) == Vjp(y, "F", dY)


def test_the_general_convolution_is_padded_and_dilated() -> None:
    y = parse_tensor("Y", GENERAL)
    assert isinstance(y, Correlate)
    assert y.of == Pad(X, ((Name("pt"), Name("pb")), (Name("pl"), Name("pr"))))
    assert y.dilation == (Name("d"), Name("e"))


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("dx", 1, "did you mean dX?"),
        ("rotat(F)", 1, "did you mean rotate?"),
        ("pad(X, h)", 8, "did you mean H?"),
        ("  pad(X, h)", 10, "did you mean H?"),
        ("pad(X, d)", 8, "general = dilation"),
        ("pad(X, pt)", 8, "general = padding"),
        ("pad(X, X)", 8, "is a tensor where a size is needed"),
        ("rotate(H)", 8, "is a size where a tensor is needed"),
        ("pad(X)", 1, "needs amounts"),
        ("pad(X, 1, 2)", 11, "at most 2"),
        ("pad(X, amount=1)", 8, "did you mean amounts?"),
        ("pad(X, (1, 2, 3))", 8, "3 entries for 2 axes"),
        ("pad(X, ((1, 2, 3), 0))", 9, "(before, after)"),
        ("pad(X, 1/2)", 8, "//"),
        ("pad(X, 2**3)", 8, "a power"),
        ("pad(X, 1.5)", 8, "1.5"),
        ("pad(X, True)", 8, "True"),
        ("pad(X, 10000000000)", 8, "beyond"),
        ("pad(X, 0x" + "f" * 4000 + ")", 8, "beyond"),
        ("X * F", 1, "tensors are added, taken away"),
        ("X.T", 1, "not a tensor"),
        ("__import__('os').system('true')", 1, "not a tensor"),
        ("eval('X')", 1, "unknown operator eval"),
        ("[X for X in X]", 1, "a list"),
        ("(lambda: X)()", 1, "not a tensor"),
        ("correlate(X, ones(3))", 14, "same number of axes"),
        ("correlate(X, *F)", 14, "not a tensor"),
        ("correlate(X, F, **F)", 17, "no argument **"),
        ("correlate(X, F, stride=1, stride=2)", None, ""),
        ("correlate(X, F, A=X)", 17, "given A twice"),
        ("convolve(X, F, mode='same')", 21, "'valid' or 'full'"),
        ("vjp(Y, Y, dY)", 8, "a given tensor"),
        ("vjp(rotate(X), F, dY)", 1, "F does not occur"),
        ("pad(X, 1) #", 11, "not used in formulas"),
        ("pad(X, 1 − 1)", 10, "not used in formulas"),
        ("X\0", 2, "U+0000"),
        ("", None, "empty"),
        ("pad(X, ", None, ""),
    ],
)
def test_what_cannot_be_read_is_an_error_at_its_column(
    text: str, column: int | None, words: str
) -> None:
    with pytest.raises(ParseError) as raised:
        parse_tensor(text, WORDS)
    message = str(raised.value)
    assert words in message
    assert "\n" not in message
    assert len(message) < 300
    if column is not None:
        assert raised.value.column == column
        assert message.startswith(f"column {column}: ")


@pytest.mark.parametrize(
    ("text", "way_out"),
    [
        ("correlate(X, F, stride=u)", "(u, v)"),
        ("pad(X, R - 1)", "(R - 1, S - 1)"),
        ("pad(X, S - 1)", "(R - 1, S - 1)"),
        ("dilate(dY, v)", "(u, v)"),
        ("pad(X, (H - R) % u)", "((H - R) % u, (W - S) % v)"),
    ],
)
def test_a_size_of_one_axis_is_no_scalar_for_both(text: str, way_out: str) -> None:
    with pytest.raises(ParseError, match="belongs to the") as raised:
        parse_tensor(text, WORDS)
    assert way_out in str(raised.value)


def test_a_declared_integer_is_a_scalar_for_both_axes() -> None:
    words = WORDS.declare(integers={"k": 0})
    assert parse_tensor("pad(X, k)", words) == Pad(X, ((Name("k"),) * 2,) * 2)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "X" + ")" * 4000,
        "-" * 9000 + "H",
        "~" * 9000 + "X",
        "H" + "+1" * 4000,
        "rotate(" * 1000 + "X" + ")" * 1000,
        "[" * 9000,
        "not " * 2000 + "X",
        "lambda:" * 1200 + "X",
        "X" * 10_001,
        "1" * 9_999,
    ],
)
def test_deep_or_long_text_gets_one_clear_line(text: str) -> None:
    for read in (parse_tensor, parse_size):
        with pytest.raises(ParseError) as raised:
            read(text, WORDS)
        assert len(str(raised.value)) < 300


def test_a_formula_that_explodes_when_written_out_is_refused() -> None:
    text = "ones(R, S)"
    for _ in range(40):
        text = f"convolve(ones(R, S), {text}, mode='full')"
    with pytest.raises(ParseError, match="parts"):
        parse_tensor(text, WORDS)


PIECES = st.sampled_from(
    "X F dY Y dX dF H W R S P Q u v ( ) [ ] , == = + - * // % ** : . ' \" \\ 0 1 -1 9999999999 "
    "pad crop dilate rotate subsample correlate convolve conv_transpose shape vjp ones sum min "
    "max range for in if and or not lambda p m stride= mode='full' \n \t \0 é { } ; @ # ~ < >= "
    "True None ... yield await * **".split(" ")
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map(" ".join)))
@example("f'{X}'")
@example("X if X else X")
@example("\\")
@example("(yield)")
def test_no_text_does_anything_but_parse_or_raise(text: str) -> None:
    for read in (parse_tensor, parse_size):
        with contextlib.suppress(SymconvError):
            read(text, WORDS)


@pytest.mark.parametrize("text", ["correlate(X, X)", "vjp(Y, X, Y)"])
def test_a_product_that_holds_a_leaf_twice_is_a_formula(text: str) -> None:
    assert parse_tensor(text, WORDS)


@pytest.mark.parametrize("text", ["X F", "pad(X, 1", "pad(X,, 1)"])
def test_blanks_in_front_move_the_column_of_a_syntax_error(text: str) -> None:
    columns = []
    for blanks in ("", "   "):
        with pytest.raises(ParseError) as raised:
            parse_tensor(blanks + text, WORDS)
        assert raised.value.column is not None
        columns.append(raised.value.column - len(blanks))
    assert columns[0] == columns[1]
