"""The package as Python programs and notebooks see it."""

from __future__ import annotations

import json

import pytest

import symconv


def test_dir_lists_the_public_names_alone():
    assert dir(symconv) == sorted([*symconv.__all__, "__version__"])


def test_a_result_reads_like_the_command_and_is_no_dump():
    derivation = symconv.derive(6, 3, stride=2)
    shown = repr(derivation)
    assert len(shown) < 1500
    assert "dX = correlate(pad(dilate(dY, 2), ((2, 3), (2, 3))), rotate(F))   PROVED" in shown
    assert "(H - R) % u" in shown
    assert "REFUTED for this size: The textbook form of dX" in shown
    layer = repr(symconv.derive(6, 3, stride=2, batch=2, channels=3, filters=4, bias=True))
    assert len(layer) < 1500
    assert "dX[n,c] = sum_k correlate(" in layer
    assert repr(derivation.proofs[0]) == "<PROVED for this size, input-gradient>"
    assert "## Closed forms" in derivation.markdown()
    assert json.loads(derivation.to_json())["schema"] == "symconv.derivation/1"


@pytest.mark.parametrize(
    ("statement", "first"),
    [
        ("rotate(rotate(X)) == X", "PROVED for every size"),
        ("dX == correlate(pad(dilate(dY, (u, v)), (R-1, S-1)), rotate(F))", "REFUTED at H=2, "),
        ("Y == correlate(X, X)", "NOT JUDGED"),
    ],
)
def test_a_judgement_reads_like_the_command(statement, first):
    judgement = symconv.prove(statement)
    assert repr(judgement).startswith(first)
    assert len(repr(judgement)) < 900


def test_a_long_judgement_ends_after_a_whole_line():
    terms = "+".join(f"({n} + H)*0" for n in range(50))
    shown = repr(symconv.prove(f"H == H + {terms}", where=[f"H >= {n} - 100" for n in range(40)]))
    assert len(shown) < 900
    assert shown.endswith("..")


def test_results_are_equal_whatever_time_they_took():
    first, second = symconv.derive(5, 3), symconv.derive(5, 3)
    assert first == second
    assert hash(first) == hash(second)
    assert first != symconv.derive(5, 3, stride=2)
    one, two = symconv.prove("H == H"), symconv.prove("H == H")
    assert one == two
    assert hash(one) == hash(two)
    assert one != symconv.prove("H == W")


def test_one_string_is_meant_where_one_is_given():
    statement = "dX == correlate(pad(dY, (R-1, S-1)), rotate(F))"
    one = symconv.prove(statement, where="u == 1 and v == 1", general="dilation")
    assert one.stated.where == ("u == 1 and v == 1",)
    assert one.stated.general == ("dilation",)
    symconv.prove(statement, where="u == 1 and v == 1").assert_proved()
    symconv.prove(statement).assert_refuted()
    with pytest.raises(AssertionError, match="proved, not refuted"):
        symconv.prove("H == H").assert_refuted()
    with pytest.raises(AssertionError, match="not judged"):
        symconv.prove("Y == correlate(X, X)").assert_refuted()


def test_a_figure_is_drawn_from_python(tmp_path):
    drawing = symconv.figure("input-gradient", 5, 3, stride=2)
    assert drawing._repr_svg_().startswith("<svg")
    assert "5x5" in repr(drawing)
    for form, head in {
        "svg": b"<svg",
        "png": b"\x89PNG",
        "gif": b"GIF",
        "tikz": b"\\begin",
    }.items():
        path = tmp_path / f"picture.{form}"
        drawing.save(path)
        assert head in path.read_bytes()[:4000]
    with pytest.raises(symconv.SymconvError, match=r"its name ends in \.svg"):
        drawing.save(tmp_path / "picture.bmp")
    with pytest.raises(symconv.SymconvError, match="nosuch"):
        symconv.figure("nosuch")
