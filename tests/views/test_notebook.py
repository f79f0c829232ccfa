"""The package as Python programs and notebooks see it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from strategies import CASES, SPREAD
from tools import katex_failures

import symconv
from symconv.claims.catalogue import load
from symconv.claims.theorems import theorems
from symconv.symbolic import steps
from symconv.symbolic.convolution import Convolution
from symconv.views import pane
from symconv.views.notebook import judgement_latex as latex_of

ROOT = Path(__file__).parents[2]


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
    large = symconv.derive(6, 3, 2, 1, batch=2, channels=4, filters=2, groups=2, bias=True)
    assert len(large.text()) > 1500 > len(repr(large))
    assert repr(large).endswith("\n  ..")
    assert large.text().startswith(repr(large).removesuffix("  .."))
    assert repr(derivation.proofs[0]) == "<PROVED for this size, input-gradient>"
    first, *_ = json.loads(derivation.to_json())["proofs"]
    assert json.loads(derivation.proofs[0].to_json()) == first
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


RIGHT = "$y_1 = x_1 w_1 + x_2 w_2$"
SLIP = "$y_2 = x_2 w_1 + x_4 w_2$"
SIZES = {"input": 3, "filter": 2, "stride": 1}


def test_a_document_is_checked_from_python(tmp_path):
    found = symconv.check(f"{RIGHT}\n\n{SLIP}", **SIZES)
    assert (found.agree, found.wrong, found.not_judged) == (1, 1, 0)
    first, second, *_ = repr(found).splitlines()
    assert first == "1 agree, 1 wrong, 0 not judged"
    assert second.startswith("<text>:3:18: error SC201: x_4 should be x_3")
    closing = [first, "Found 1 error, 1 fixable with --fix."]
    assert found.text().splitlines() == [*repr(found).splitlines()[1:], *closing]
    assert json.loads(found.to_json())["schema"] == "symconv.check/1"
    assert found.markdown().startswith(f"**{first}**\n")
    found.assert_wrong()
    with pytest.raises(AssertionError, match="x_4 should be x_3"):
        found.assert_agrees()
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(found)
    path = tmp_path / "notes.md"
    path.write_text(RIGHT, encoding="utf-8")
    for named in (path, str(path), tmp_path):
        symconv.check(named, **SIZES).assert_agrees()
    with pytest.raises(AssertionError, match="nothing is wrong: 1 agree"):
        symconv.check(path, **SIZES).assert_wrong()
    same = symconv.check(path, **SIZES)
    assert (same, hash(same)) == (symconv.check(path, **SIZES), hash(same))
    assert same != found


def test_what_python_checks_is_what_the_command_checks(tmp_path, run):
    path = tmp_path / "notes.md"
    path.write_text(f"{RIGHT}\n\n{SLIP}\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(
        "[tool.symconv.check]\ninput = 3\nfilter = 2\nstride = 1\n", encoding="utf-8"
    )
    assert symconv.check(path).text() + "\n" == run("check", str(path)).out
    assert symconv.check(path).to_json() == run("check", str(path), "--format", "json").out


@pytest.mark.parametrize(
    ("source", "hints", "says"),
    [
        ("nowhere.md", {}, "nowhere.md: there is no such file"),
        ("", {}, "the source is empty"),
        (" \n", {}, "the source is empty"),
        (RIGHT, {"language": "html"}, "it is one of markdown, latex, rst, notebook, doxygen"),
        (RIGHT, {"stride": "wide"}, "stride is 'wide'"),
    ],
)
def test_what_cannot_be_checked_is_refused_in_one_line(source, hints, says):
    with pytest.raises(symconv.SymconvError, match=says):
        symconv.check(source, **hints)


def test_hints_are_given_as_sizes_are(tmp_path):
    text = "$y_{00} = x_{00}f_{00} + x_{01}f_{01}$\n\n$y_{01} = x_{02}f_{00} + x_{03}f_{01}$"
    written = {"input": "1x4", "filter": "1x2", "stride": "1x2", "padding": "0,0,0,0"}
    typed = {"input": (1, 4), "filter": (1, 2), "stride": [1, 2], "padding": ((0, 0), (0, 0))}
    for hints in (written, typed, typed | {"padding": (0, 0), "names": ("x", "f", "y")}):
        found = symconv.check(text, **hints)
        found.assert_agrees()
        assert found == symconv.check(text, **written)
    with pytest.raises(symconv.SymconvError, match="names is 'x,f'; write"):
        symconv.check(text, names=("x", "f"))


def test_nothing_judged_is_no_agreement(tmp_path):
    with pytest.raises(AssertionError, match="0 agree, 0 wrong, 0 not judged"):
        symconv.check("no mathematics\n").assert_agrees()
    (tmp_path / "right.md").write_text(RIGHT, encoding="utf-8")
    (tmp_path / "silent.md").write_text("$y_1 = x_1 f_1 + x_1 f_2 + a_1$", encoding="utf-8")
    both = symconv.check(tmp_path, **SIZES)
    assert both.agree
    with pytest.raises(AssertionError, match="1 not judged"):
        both.assert_agrees()


def test_findings_that_are_long_end_after_a_whole_line():
    twice = RIGHT.replace("$", "").join("$$").replace("x_2 w_2", "x_2 w_2 + x_2 w_2")
    slips = [f"{slip} {'words ' * 50}" for slip in [SLIP, twice] * 2]
    found = symconv.check("\n\n".join([RIGHT] * 20 + slips), **SIZES)
    assert found.wrong == 4
    assert len(repr(found)) < 900
    assert repr(found).endswith("..")
    assert found._repr_html_().endswith("..</pre>")


def test_a_pane_shows_what_the_text_says():
    from html import unescape

    from symconv.views.judgements import STYLES

    for result in (symconv.prove("H == W"), symconv.check(f"{RIGHT}\n\n{SLIP}", **SIZES)):
        shown = unescape(re.sub(r"<[^>]*>", "", result._repr_html_()))
        assert shown == repr(result)
    assert pane.css(STYLES["proved"]) == "font-weight: bold; color: #008800"


def test_a_judgement_is_written_for_other_media(run):
    judged = symconv.prove("max(H, R) == H")
    assert judged.markdown().startswith("**REFUTED at H=1, R=2**\n\n```text\n  max(H, R) == H\n")
    assert json.loads(judged.to_json())["claims"][0]["verdict"] == "refuted"


@pytest.mark.parametrize("engine", ["sympy", "terms"])
def test_an_element_is_a_sum_whatever_the_engine(engine):
    derivation = symconv.derive(5, 3, stride=2, engine=engine)
    shown = str(derivation.input_gradient[2, 2])
    assert shown == "dy_00*f_22 + dy_01*f_20 + dy_10*f_02 + dy_11*f_00"
    assert derivation.filter_gradient[-1, -1] == derivation.filter_gradient[2, 2]
    assert str(symconv.derive(6, 3, stride=2, engine=engine).input_gradient[5, 5]) == "0"
    assert str(symconv.derive(4, 2, rank=1, engine=engine).forward[2]) == "f_0*x_2 + f_1*x_3"
    for index in [(5, 0), (0, -6), 2, (1, 2, 3)]:
        with pytest.raises(IndexError, match="it is 5x5"):
            derivation.input_gradient[index]


CLAIMS = [*load([str(ROOT / "derivations" / "claims")]), *theorems()]


@pytest.mark.katex
def test_every_claim_has_latex():
    shown = [latex_of(SimpleNamespace(claim=each.claim, stated=each.stated)) for each in CLAIMS]
    assert len(shown) > 140
    assert katex_failures([each.strip("$") for each in shown]) == []


def test_a_judgement_states_its_claim_and_its_hypotheses_in_latex():
    shown = symconv.prove("dX == correlate(dY, F)", where="R == 1 and S == 1 and u*v == 1").latex()
    assert r"\frac{\partial L}{\partial X} &= \operatorname{correlate}" in shown
    assert shown.count(r"&\quad \text{where } ") == 3


@pytest.mark.parametrize("sizes", [*CASES.values(), *SPREAD.values()], ids=repr)
def test_sizes_read_like_the_call_that_makes_them(sizes):
    assert eval(repr(sizes), {"Geometry": symconv.Geometry}) == sizes


def test_a_transposed_one_and_a_layer_do_so_too():
    known = {"Geometry": symconv.Geometry, "Layer": symconv.Layer}
    sizes = symconv.Geometry.of(4, 3, 2, 1, transposed=True, output_padding=1)
    for each in (sizes, symconv.Layer(sizes, channels=4, filters=2, groups=2, bias=True)):
        assert eval(repr(each), known) == each
    assert repr(symconv.Geometry.of(5, 3, 2)) == "Geometry.of(5, 3, stride=2)"


@pytest.mark.parametrize("engine", ["sympy", "terms"])
def test_a_tensor_is_no_dump(engine):
    derivation = symconv.derive(5, 3, stride=2, engine=engine)
    said = "<5x5 elements of 36 products: ask for one by its index>"
    assert repr(derivation.input_gradient) == said
    layer = symconv.derive(3, 2, channels=2, bias=True)
    assert "<1 element of 4 products" in repr(layer.whole)
    assert len(repr(layer.whole)) < 600


def test_a_layer_is_drawn_from_python():
    layer = symconv.Layer(symconv.Geometry.of(3, 2), channels=3, filters=2)
    assert symconv.figure("channels", layer, step=2)._repr_svg_().startswith("<svg")
    assert "one channel of 3" in repr(symconv.figure("forward", layer))


def test_a_display_says_the_verdict_on_each_closed_form():
    shown = symconv.derive(3, 2, channels=2, bias=True)._repr_latex_()
    assert shown.count(r"&\quad \text{PROVED for this size and for every size}") == 3
    derivation = symconv.derive(3, 2)
    assert derivation.latex() in {
        re.sub(r" \\\\\n&\\quad \\text\{[^}]*\}", "", derivation._repr_latex_())
    }
    wrong = replace(derivation.proofs[0], verdict=symconv.Verdict.NOT_JUDGED, reason="late")
    doubted = replace(derivation, proofs=(wrong, *derivation.proofs[1:]))
    said = r"\text{NOT JUDGED for this size; PROVED for every size}"
    assert said in doubted._repr_latex_()


def test_names_are_those_of_the_lecturer():
    derivation = symconv.derive(3, 2, names="X, F, O", index_base=1)
    assert "dX = correlate(pad(dO, " in repr(derivation)
    assert r"\frac{\partial L}{\partial O}" in derivation._repr_latex_()
    assert r"O_{11}" in derivation.markdown()
    assert derivation == symconv.derive(3, 2, names=("X", "F", "O"), index_base=1)
    assert derivation != symconv.derive(3, 2)
    assert str(derivation.forward[0, 0]).startswith("f_00*x_00")
    layer = symconv.derive(3, 2, channels=2, names="a,w,δ")
    assert r"\delta" in layer._repr_latex_()
    with pytest.raises(symconv.SymconvError, match="need three"):
        symconv.derive(names="X,F")
    drawing = symconv.figure("contributions", 3, 2, names="a,w,z", element="a[1,1]")
    assert drawing.order.subject.element == symconv.Element("X", (1, 1))


def test_symbolic_sizes_are_derived_from_python():
    derivation = symconv.derive(symbolic=True, names="a,f,y")
    derivation.assert_proved()
    shown = repr(derivation)
    assert shown.startswith("PROVED  dA  for every size, found in 11 steps\n")
    assert "dA = correlate(pad(dilate(dY, (u, v)), ((R - 1, R - 1 + (H - R) % u), " in shown
    assert len(shown) < 1500
    assert r"\frac{\partial L}{\partial A} &= " in derivation._repr_latex_()
    assert json.loads(derivation.to_json())["schema"] == "symconv.symbolic/1"
    assert "## Gradient with respect to the input" in derivation.markdown()
    hash(derivation)
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(derivation)


def test_the_gradient_of_a_bias_is_shown_as_a_sum():
    convolution = Convolution.of(("channels", "bias"))
    bias = steps.gradient(convolution, "b", steps.rules_of(convolution, "b"))
    shown = repr(symconv.Symbolic(convolution, (bias,)))
    assert "dL/db[k] = sum_{p=0..P-1} sum_{q=0..Q-1} dL/dy[k][p,q]" in shown


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"symbolic": True, "stride": 2}, "drop the numbers"),
        ({"symbolic": True, "index_base": 1}, "counted from 0"),
        ({"symbolic": True, "general": "nonsense"}, "general is 'nonsense'"),
        ({"symbolic": True, "names": "m,f,y"}, "m has a meaning"),
        ({"general": "padding"}, "add symbolic=True"),
    ],
)
def test_numbers_and_symbols_exclude_each_other(given, says):
    with pytest.raises(symconv.SymconvError, match=says):
        symconv.derive(**given)
