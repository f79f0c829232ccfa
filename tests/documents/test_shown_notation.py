"""What `--show-notation` tells where only formulas show a notation, and names of gradients."""

from __future__ import annotations

import json

import pytest

from symconv.__main__ import main
from symconv.documents.check import check
from symconv.documents.source.text import Document

STRIDED = r"""
$$Y_{p,q} = \sum_{r=0}^{R-1}\sum_{s=0}^{S-1} X_{2p+r-1,2q+s-1} K_{r,s}$$

$$\frac{\partial L}{\partial K_{r,s}} = \sum_{p}\sum_q \delta_{p,q} X_{2p+r-1,2q+s-1}$$

Elsewhere $\frac{\partial L}{\partial a_{m}} = \sum_{i} \frac{\partial L}{\partial z_{i}} w_{m-i}$.
"""


@pytest.fixture
def notes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.md").write_text(STRIDED, encoding="utf-8")


def test_the_notation_that_formulas_show_is_told_with_its_evidence(notes, capsys):
    assert main(["check", "notes.md", "--show-notation"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == [
        "notes.md:2: notation: any sizes on 2 axes, input X, filter K, output Y, "
        r"gradient of the output \delta, with stride 2, with padding 1, indices from 0",
        "  = evidence: 2 formulas say which tensor is which; a forward formula is among them",
        "notes.md:6: notation: any sizes on 1 axis, input a, filter w, output z",
        "  = evidence: 1 formula says which tensor is which",
    ]


def test_the_notation_that_formulas_show_is_data(notes, capsys):
    assert main(["check", "notes.md", "--format", "json"]) == 0
    first, second = json.loads(capsys.readouterr().out)["files"][0]["notation"]
    (reading,) = first["readings"]
    assert first["line"] == 2
    assert reading["names"] == {
        "input": "X", "filter": "K", "output": ["Y"], "output_gradient": ["\\delta"],
    }  # fmt: skip
    assert (reading["index_base"], reading["forward"]) == (0, "correlation")
    assert second["readings"][0]["index_base"] is None


def test_two_ways_to_read_formulas_are_both_told(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text(r"$$h_n = \sum_k u_{n-k} v_k$$" + "\n", encoding="utf-8")
    assert main(["check", "a.md", "--show-notation"]) == 2  # which of them is not known
    shown = [line for line in capsys.readouterr().out.splitlines() if "notation" in line]
    assert shown == [
        "a.md:1: notation: any sizes on 1 axis, input u, filter v, output h",
        "a.md:1: notation: or any sizes on 1 axis, input v, filter u, output h",
    ]
    assert main(["check", "a.md", "--forward", "convolution"]) == 0


FORWARD = "$z_1 = a_1 w_1 + a_2 w_2$, $z_2 = a_2 w_1 + a_3 w_2$, so "
GRADIENT = r"$\frac{\partial C}{\partial a_2} = \delta_1 w_2 + \delta_2 w_1$."


@pytest.mark.parametrize(
    ("definition", "is_one"),
    [
        (r"\delta_i = \frac{\partial C}{\partial z_i}", True),
        (r"\frac{\partial C}{\partial z_i} = \delta_i", True),
        (r"\delta_i := \partial C / \partial z_i", True),
        (r"\delta_i = \frac{\partial C}{\partial z_j}", False),
    ],
)
def test_the_name_of_a_gradient_is_taken_and_not_judged(definition, is_one):
    text = f"{FORWARD} with ${definition}$ {GRADIENT}"
    found = check(Document("n", "markdown", text))
    assert found.counts == (3, 0, 0 if is_one else 1)
    wrong = check(Document("n", "markdown", text.replace(r"\delta_1 w_2", r"\delta_1 w_1")))
    assert wrong.count("wrong") == 1
