from __future__ import annotations

import json
from dataclasses import replace

import pytest
from processes import on_a_terminal

from symconv.symbolic import rules, steps
from symconv.symbolic.board import Rule
from symconv.symbolic.expressions import Summed

BAD = [
    (["--general", "padding"], "add --symbolic"),
    (["--symbolic", "--general", "paddin"], "padding, dilation, crop"),
    (["--symbolic", "--input", "5"], "--symbolic and --input exclude each other"),
    (["--symbolic", "--stride", "2"], "--symbolic and --stride exclude each other"),
    (["--symbolic", "--padding", "1"], "say --general padding"),
    (["--symbolic", "--dilation", "2"], "say --general dilation"),
    (["--symbolic", "--element", "x[0,0]"], "--symbolic and --element exclude each other"),
    (["--symbolic", "--index-base", "1", "--format", "json"], "indices count from 0"),
    (["--symbolic", "--channels", "3"], "for any value say --general channels"),
    (["--symbolic", "--filters", "3"], "for any value say --general channels"),
    (["--symbolic", "--general", "batch,bias"], "needs channels or groups"),
    (["--symbolic", "--general", "batch", "--names", "x,w,g"], "such as x, f, y, a or z"),
    (["--symbolic", "--rank", "1"], "about a convolution in the plane"),
    (["--symbolic", "--input-dilation", "2"], "say --general input-dilation"),
    (["--symbolic", "--transposed"], "--symbolic and --transposed exclude each other"),
    (["--symbolic", "--bias"], "for any value say --general bias"),
    (["--symbolic", "Conv2d(3, 4, 3)"], "--symbolic and a layer exclude each other"),
    (["--symbolic", "--all"], "--symbolic and --all exclude each other"),
    (["--symbolic", "--names", "x,w,y"], "W has a meaning"),
    (["--symbolic", "--names", "p,f,y"], "p has a meaning"),
    (["--symbolic", "--names", r"\delta,f,y"], "has a meaning"),
    (["--symbolic", "--names", "x,x,y"], "the three must differ"),
    (["--symbolic", "-o", "a.docx"], "the extension tells no format"),
    (["--symbolic", "--wrt", "filter", "-o", "/no/such/folder/a.tex"], "cannot write"),
]


@pytest.mark.parametrize(("arguments", "says"), BAD, ids=[" ".join(a) for a, _ in BAD])
def test_bad_input_gets_one_line_and_status_2(run, arguments, says):
    done = run("derive", *arguments)
    assert done.status == 2
    assert done.out == ""
    assert done.err.startswith("symconv: error: ")
    assert done.err.count("\n") == 1
    assert says in done.err


def test_the_derivation_is_printed_and_status_0(run):
    done = run("derive", "--symbolic", "--wrt", "filter", "--names", "X,F,O")
    assert done.status == 0
    assert done.err == ""
    assert "dL/dF[m,n] = " in done.out
    assert "dO = " not in done.out
    assert "Gradient with respect to the input" not in done.out


def test_a_file_is_written_in_the_form_of_its_extension(run, tmp_path):
    target = tmp_path / "lecture.json"
    done = run(
        "derive", "--symbolic", "--wrt", "filter", "--general", "dilation", "-o", str(target)
    )
    assert done.status == 0
    assert done.out == ""
    data = json.loads(target.read_text())
    assert data["general"] == ["dilation"]
    assert [one["gradient"] for one in data["gradients"]] == ["dF"]


def test_a_layer_is_derived_with_its_bias(run):
    done = run("derive", "--symbolic", "--general", "channels,bias", "--format", "json")
    assert done.status == 0
    data = json.loads(done.out)
    assert data["general"] == ["channels", "bias"]
    forms = {one["gradient"]: one["closed_form"] for one in data["gradients"]}
    assert forms["dX"].startswith("sum(correlate(pad(dilate(dY[k], (u, v)), ")
    assert forms["dX"].endswith("rotate(F[k,c])) for k in range(K))")
    assert forms["dB"] == "sum(dY[k,p,q] for p in range(P) for q in range(Q))"


def test_quiet_prints_nothing(run):
    done = run("derive", "--symbolic", "--wrt", "input", "-q")
    assert (done.status, done.out, done.err) == (0, "", "")


@pytest.fixture
def wrong_rule(monkeypatch):
    """Leave the last output out of the chain rule."""

    def short(board):
        done = rules.CHAIN_RULE.apply(board)
        summed = Summed.of(done.after)
        (index, first, last), *rest = summed.limits
        after = replace(summed, limits=((index, first, last - 1), *rest)).expression
        return replace(done, after=after, board=replace(done.board, expression=done.after))

    by = steps.RULES["F"]
    wrong = Rule("chain rule", "wrong", short)
    changed = tuple(wrong if rule.name == "chain rule" else rule for rule in by)
    monkeypatch.setitem(steps.RULES, "F", changed)


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_a_wrong_rule_is_shown_and_status_1(run, wrong_rule, form):
    done = run("derive", "--symbolic", "--wrt", "filter", "--format", form)
    assert done.status == 1
    if form == "json":
        data = json.loads(done.out)
        assert data["proved"] is False
        step = data["gradients"][0]["steps"][1]
        assert step["verdict"] == "refuted"
        assert step["counterexample"]["before"] != step["counterexample"]["after"]
        assert step["counterexample"]["sizes"]["P"] == 1
    else:
        assert "REFUTED at H=" in done.out
        assert done.out.count("REFUTED") == 1


def test_steps_take_120_lines_of_a_terminal_and_show_evidence_when_asked(run):
    text, status = on_a_terminal(80, "derive", "--symbolic", LC_ALL="C.UTF-8")
    lines = text.replace("\r", "").splitlines()
    assert status == 0
    assert len(lines) <= 120
    assert "holds at 54 small sizes" in text
    assert text.count("PROVED") == 3  # the conditions, dX and dF
    whole = run("derive", "--symbolic", "--wrt", "filter", "-v").out
    assert "PROVED for every size: m is not below the range of r" in whole
    assert "The delta is 1 for r = m alone" in whole


def test_a_wrong_step_shows_its_evidence_unasked(run, wrong_rule):
    out = run("derive", "--symbolic", "--wrt", "filter").out
    assert "1 DID NOT HOLD; see below." in out
    assert "REFUTED at H=" in out


def test_indices_of_symbolic_sizes_count_from_1(run):
    out = run("derive", "--symbolic", "--wrt", "filter", "--index-base", "1", "-v").out
    assert "Indices count from 1." in out
    assert (
        "dL/df[m,n] = sum_{p=1..P} sum_{q=1..Q} dL/dy[p,q] x[u*(p - 1) + m, v*(q - 1) + n]" in out
    )
    assert "r = m alone" not in out  # sentences speak of indices that count from 0


def test_a_wrong_rule_is_shown_on_a_terminal(run, wrong_rule):
    done = run("derive", "--symbolic", "--wrt", "filter", "--color", "always")
    assert done.status == 1
    assert "REFUTED" in done.out
