from __future__ import annotations

import json
import re
from pathlib import Path

import loops
import pytest
from strategies import CASES, cases, derived

from symconv.engines.engine import TermEngine
from symconv.formula.closed_forms import textbook_input_gradient
from symconv.geometry import Geometry
from symconv.proof.instance import judge
from symconv.views import json as view

KEYS = [
    "schema", "geometry", "forward", "input_gradient", "filter_gradient", "closed_forms", "proofs",
]  # fmt: skip


def document(sizes, **options):
    return json.loads("".join(view.chunks(derived(sizes), **options)))


def canonical(element):
    tensor, (i, j) = element
    return {"X": "x", "F": "f", "Y": "y", "dY": "dy"}[tensor] + f"[{i},{j}]"


@cases
def test_every_key_of_the_contract_is_there(sizes):
    data = document(sizes)
    assert list(data) == KEYS
    assert data["schema"] == "symconv.derivation/1"
    assert data["geometry"] == {
        "input": list(sizes.input),
        "filter": list(sizes.filter),
        "stride": list(sizes.stride),
        "padding": [list(pair) for pair in sizes.padding],
        "dilation": list(sizes.dilation),
        "input_dilation": list(sizes.input_dilation),
        "output": list(loops.output_shape(sizes)),
        "remainder": list(sizes.remainder),
    }
    assert list(data["closed_forms"]) == ["input_gradient", "filter_gradient"]


@cases
def test_every_element_is_listed_with_the_terms_of_the_loops(sizes):
    data, expected = document(sizes), loops.terms(sizes)
    for key, tensor, letter, shape in (
        ("forward", "Y", "y", sizes.output),
        ("input_gradient", "dX", "x", sizes.input),
        ("filter_gradient", "dF", "f", sizes.filter),
    ):
        assert [entry["target"] for entry in data[key]] == [
            f"{letter}[{i},{j}]" for i, j in loops.indices(shape)
        ]
        terms = {entry["target"]: entry["terms"] for entry in data[key]}
        found = sorted((name, factors) for name, listed in terms.items() for factors in listed)
        assert found == sorted(
            (f"{letter}[{i},{j}]", [canonical(factor) for factor in term])
            for ((i, j), term), count in expected[tensor].items()
            for _ in range(count)
        )


def test_the_example_of_the_contract():
    data = document(CASES["H5R3u2"])
    by_target = {entry["target"]: entry["terms"] for entry in data["input_gradient"]}
    assert data["forward"][0]["terms"][0] == ["x[0,0]", "f[0,0]"]
    assert by_target["x[2,2]"][0] == ["dy[0,0]", "f[2,2]"]
    assert data["filter_gradient"][0]["terms"][0] == ["dy[0,0]", "x[0,0]"]
    assert data["closed_forms"] == {
        "input_gradient": "correlate(pad(dilate(dY, (2, 2)), ((2, 2), (2, 2))), rotate(F))",
        "filter_gradient": "correlate(X, dilate(dY, (2, 2)))",
    }
    first, second = (proof for proof in data["proofs"] if proof["scope"] == "this size")
    assert first.pop("seconds") >= 0
    assert first == {
        "claim": "input-gradient",
        "scope": "this size",
        "verdict": "proved",
        "elements": 25,
        "terms": 36,
        "engine": "sympy",
    }
    assert (second["claim"], second["elements"]) == ("filter-gradient", 9)


def test_an_element_without_terms_is_an_empty_list():
    data = document(CASES["H6R3u2"])
    assert data["input_gradient"][-1] == {"target": "x[5,5]", "terms": []}


def test_large_sizes_are_listed_whole():
    data = document(Geometry.of(32, 3))
    assert len(data["input_gradient"]) == 1024
    assert len(data["forward"]) == 900
    assert data["proofs"][0]["engine"] == "term tables"


def test_one_gradient_may_be_left_out():
    data = document(CASES["H5R3u2"], wrt="input")
    assert "filter_gradient" not in data
    assert list(data["closed_forms"]) == ["input_gradient"]
    assert {proof["claim"] for proof in data["proofs"]} == {"input-gradient"}


def test_a_counterexample_is_written_with_both_sides():
    from mutants import MUTANTS

    mutant = MUTANTS["dX-no-rotation"]
    proof = judge(TermEngine(mutant.sizes), "dX", mutant.formula(mutant.sizes))
    data = json.loads(json.dumps(view.proof(proof)))
    assert data["verdict"] == "refuted"
    found = data["counterexample"]
    assert found["shapes"] == {"left": [5, 5], "right": [5, 5]}
    assert found["element"] == [0, 0]
    assert found["left"] == [["dy[0,0]", "f[0,0]"]]
    assert found["right"] == [["dy[0,0]", "f[2,2]"]]
    assert found["undefined"] is None


def test_shapes_that_differ_are_written_without_an_element():
    sizes = CASES["H6R3u2"]
    proof = judge(TermEngine(sizes), "dX", textbook_input_gradient(sizes))
    found = view.proof(proof)["counterexample"]
    assert json.loads(json.dumps(found))["shapes"] == {"left": [6, 6], "right": [5, 5]}
    assert "element" not in found


@pytest.mark.parametrize("name", ["H5R3u2", "H6R3u2"])
def test_the_text_is_ascii_and_ends_in_a_newline(name):
    text = "".join(view.chunks(derived(CASES[name])))
    assert text.isascii()
    assert text.endswith("}\n")


@pytest.mark.parametrize(
    ("schema", "arguments"),
    [
        ("symconv.derivation/1", ["--input", "6", "--stride", "2"]),
        ("symconv.derivation/1", ["--channels", "2", "--bias", "--all"]),
        ("symconv.derivation/1", ["--input", "3", "--transposed"]),
        ("symconv.symbolic/1", ["--symbolic", "--wrt", "filter"]),
    ],
)
def test_the_page_names_every_key(run, schema, arguments):
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    told = page.split(f"## {schema}")[1].split("\n## ")[0]
    words = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`]*`", told))))
    data = json.loads(run("derive", *arguments, "--format", "json").out)
    keys = set(data) | set(data.get("geometry", {})) | set(data.get("layer") or {})
    keys |= {key for proof in data.get("proofs", []) for key in proof}
    for gradient in data.get("gradients", []):
        keys |= {*gradient, *gradient["proof"]}
        keys |= {key for step in gradient["steps"] for key in step}
        keys |= {key for step in gradient["steps"] for each in step["conditions"] for key in each}
    assert keys - words - {"schema"} == set()
