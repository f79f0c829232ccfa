"""``symconv.proof/1``: the contract, key by key."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from symconv.claims.catalogue import entries
from symconv.proof.run import judge_all
from symconv.views.proof_json import text

KEYS = [
    "id", "statement", "where", "rank", "general", "tensors", "integers", "define", "constants",
    "sizes", "assumed", "file", "line", "scope", "verdict", "expected", "seconds", "counterexample",
    "example", "repair", "proviso", "reason", "notes", "crosscheck",
]  # fmt: skip

FILE = """
[[claim]]
id = "right"
statement = "dX == correlate(pad(dilate(dY, (u, v)), (R-1, S-1)), rotate(F))"
where = ["(H - R) % u == 0", "(W - S) % v == 0"]

[[claim]]
id = "forgotten"
statement = "dX == correlate(pad(dilate(dY, (u, v)), (R-1, S-1)), rotate(F))"

[[claim]]
id = "not-rotated"
statement = "dX == correlate(pad(dY, ((R-1 - pt, R-1 - pb), (S-1 - pl, S-1 - pr))), F)"
general = ["padding"]
where = ["u == 1 and v == 1"]
expected = "refuted"

[[claim]]
id = "undefined"
statement = "crop(X, 1) == pad(X, -1)"

[[claim]]
id = "no-meaning"
statement = "rotate(Y) == crop(pad(rotate(Y), 1), ((1, 1), (u, 1)))"

[[claim]]
id = "listed"
statement = "H // 9 == 0"
sizes = "H=1..8"

[[claim]]
id = "open"
statement = "Y == correlate(X, X)"
"""


@pytest.fixture(scope="module")
def claims():
    judged = list(judge_all(entries(FILE, "a/b.toml"), timeout=20))
    data = json.loads(text(judged))
    assert list(data) == ["schema", "claims"]
    assert data["schema"] == "symconv.proof/1"
    return {claim["id"]: claim for claim in data["claims"]}


def test_every_claim_has_every_key(claims):
    assert list(claims) == [
        "right", "forgotten", "not-rotated", "undefined", "no-meaning", "listed", "open",
    ]  # fmt: skip
    for claim in claims.values():
        assert list(claim) == KEYS
        assert isinstance(claim["seconds"], float)
        assert claim["seconds"] >= 0
        assert claim["file"] == "a/b.toml"
        assert (claim["counterexample"] is not None) == (claim["verdict"] == "refuted")
        assert (claim["reason"] is not None) == (claim["verdict"] == "not-judged")


def test_a_proved_claim_says_for_which_sizes(claims):
    right = claims["right"]
    assert right["statement"].startswith("dX == correlate(")
    assert right["where"] == ["(H - R) % u == 0", "(W - S) % v == 0"]
    assert (right["general"], right["line"]) == ([], 3)
    assert (right["tensors"], right["integers"], right["sizes"]) == ({}, {}, None)
    assert right["assumed"] == [
        "H >= R", "W >= S", "H >= 1", "W >= 1", "R >= 1", "S >= 1", "u >= 1", "v >= 1",
    ]  # fmt: skip
    assert (claims["listed"]["sizes"], claims["listed"]["assumed"]) == ("H=1..8", [])
    assert (right["scope"], right["verdict"], right["expected"]) == (
        "every size", "proved", "proved",
    )  # fmt: skip
    assert right["counterexample"] is right["example"] is right["repair"] is right["reason"] is None
    assert (claims["listed"]["scope"], claims["listed"]["verdict"]) == ("listed sizes", "proved")


def test_a_refuted_claim_has_its_smallest_sizes_and_its_repair(claims):
    forgotten = claims["forgotten"]
    assert (forgotten["verdict"], forgotten["scope"]) == ("refuted", "every size")
    assert forgotten["counterexample"] == {
        "sizes": {"H": 2, "W": 1, "R": 1, "S": 1, "u": 2, "v": 1, "P": 1, "Q": 1},
        "element": None,
        "left": None,
        "right": None,
        "shapes": {"left": [2, 1], "right": [1, 1]},
        "undefined": None,
    }
    assert forgotten["example"]["sizes"]["R"] == 2
    assert forgotten["example"]["shapes"] == {"left": [3, 3], "right": [2, 3]}
    assert "R - 1 + (H - R) % u" in forgotten["repair"]


def test_the_first_wrong_element_is_a_list_of_products(claims):
    wrong = claims["not-rotated"]
    assert (wrong["verdict"], wrong["expected"], wrong["repair"]) == ("refuted", "refuted", None)
    assert wrong["general"] == ["padding"]
    found = wrong["counterexample"]
    assert found["shapes"]["left"] == found["shapes"]["right"]
    assert len(found["element"]) == 2
    for side in ("left", "right"):
        assert all(len(product) == 2 for product in found[side])
        assert all(product[0].startswith("dy[") for product in found[side])
    assert found["left"] != found["right"]


def test_what_is_not_judged_has_a_reason(claims):
    assert claims["open"]["verdict"] == "not-judged"
    assert "a product holds X twice" in claims["open"]["reason"]
    assert claims["undefined"]["verdict"] == "not-judged"
    assert "neither side has a meaning" in claims["undefined"]["reason"]


def test_a_side_without_a_meaning_is_named(claims):
    found = claims["no-meaning"]["counterexample"]
    assert found["undefined"].startswith("right: ")
    assert found["shapes"] == {"left": [1, 1], "right": None}
    assert found["element"] is found["left"] is found["right"] is None


def test_a_typed_claim_has_no_file():
    from symconv.commands.prove import _typed

    options = {
        "where": (),
        "general": (),
        "tensors": (),
        "integers": (),
        "sizes": None,
        "rank": None,
        "definitions": (),
        "expected": None,
    }
    (claim,) = json.loads(text(list(judge_all([_typed("H == H", options)], timeout=5))))["claims"]
    assert (claim["id"], claim["file"], claim["line"]) == ("inline", None, None)


def test_the_page_names_every_key_of_the_contract():
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    told = page.split("## symconv.proof/1")[1].split("\n## ")[0]
    words = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`]*`", told))))
    assert words >= set(KEYS)
