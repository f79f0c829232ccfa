"""``derive --numbers``: drawn or given, every product and sum, and what is refused."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest


def test_every_product_and_sum_is_written_and_right(run):
    done = run("derive", "--input", "6", "--stride", "2", "--numbers")
    assert (done.status, done.err) == (0, "")
    sums = re.findall(r"^ +(= .*)$", done.out, re.MULTILINE)
    assert len(sums) == 4 + 25 + 9  # no window reaches eleven elements
    for line in sums:
        products, total = line.removeprefix("= ").split(" = ")
        pairs = [re.fullmatch(r"\(?(-?\d+)\)?\*\(?(-?\d+)\)?", p) for p in products.split(" + ")]
        assert sum(int(pair[1]) * int(pair[2]) for pair in pairs) == int(total)
    assert "dL/dx[5,5] = 0\n" in done.out
    assert "they give the same numbers." in done.out


def test_a_seed_draws_the_same_numbers_again(run):
    first = run("derive", "--numbers").out
    assert run("derive", "--numbers", "--seed", "0").out == first
    assert run("derive", "--numbers", "--seed", "1").out != first


@pytest.mark.parametrize("form", ["markdown", "latex"])
def test_a_document_with_numbers_agrees(run, tmp_path, form):
    target = tmp_path / {"markdown": "x.md", "latex": "x.tex"}[form]
    assert run("derive", "--stride", "2", "--numbers", "-o", str(target)).status == 0
    done = run("check", str(target), "--format", "json")
    counts = json.loads(done.out)["files"][0]["counts"]
    assert counts["wrong"] == 0
    assert counts["agree"] == 80
    target.write_text(target.read_text().replace("39", "38"))
    assert run("check", str(target)).status == 1


def test_given_numbers_are_taken_and_the_rest_is_drawn(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.savez("v.npz", x=np.arange(9).reshape(3, 3), dY=np.array([[1, 0], [0, -1]]))
    out = run("derive", "--input", "3", "--filter", "2", "--values", "v.npz", "--wrt", "filter").out
    assert "What is given, drawn with --seed 0:" in out
    assert "= 1*0 + 0*1 + 0*3 + (-1)*4 = -4\n" in out
    np.save("dy.npy", np.array([[0.5, 0.25], [0.1, 1.0]], dtype=np.longdouble))
    out = run("derive", "--input", "3", "--filter", "2", "--values", "dy.npy").out
    assert "0.25" in out
    assert "; numbers are shown with six digits, and added up exactly:" in out
    assert "they give the same numbers." in out


def test_columns_of_a_terminal_hold_numbers(run):
    done = run("derive", "--rank", "1", "--numbers", "--color", "always")
    assert done.status == 0
    assert "·" in done.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--seed", "1"], "--seed is for numbers that are drawn; add --numbers"),
        (["--numbers", "--element", "x22"], "--numbers and --element exclude each other"),
        (["--numbers", "--brief"], "--brief and --numbers exclude each other"),
        (["--numbers", "--format", "json"], "choose text, LaTeX, Markdown or MathML"),
        (["--numbers", "--channels", "3"], "one image, one channel and one filter"),
        (["--numbers", "--rank", "3"], "has three"),
        (["--numbers", "--input", "500"], "2,232,036 products, more than 100,000"),
        (["--symbolic", "--numbers"], "--symbolic and --numbers exclude each other"),
        (["--values", "none.npz"], "cannot read --values 'none.npz': No such file"),
        (["--values", "text.npy"], "it is no .npy or .npz of numbers"),
        (["--values", "pickled.npy"], "it is no .npy or .npz of numbers"),
        (["--values", "named.npz"], "has an array 'q'; name them X, F, dY"),
        (["--values", "shape.npz"], "x is 2 x 2, and must be 5 x 5"),
        (["--values", "any.npy"], "holds 4 x 4, and it must be one of X 5 x 5"),
        (["--values", "nan.npy"], "it must hold finite real numbers"),
        (["--values", "word.npz"], "it must hold finite real numbers"),
    ],
)
def test_what_cannot_be_put_in_is_refused_in_one_line(run, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.npy").write_text("1 2 3")
    np.save("pickled.npy", np.array([{}], dtype=object), allow_pickle=True)
    np.savez("named.npz", q=np.zeros((5, 5)))
    np.savez("shape.npz", x=np.zeros((2, 2)))
    np.save("any.npy", np.zeros((4, 4)))
    np.save("nan.npy", np.full((5, 5), np.nan))
    np.savez("word.npz", f=np.full((3, 3), "a"))
    done = run("derive", *arguments)
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
    assert says in done.err
