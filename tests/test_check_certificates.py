"""`derivations/check_certificates.py`: accepts what is shipped, without symconv, and no other."""

from __future__ import annotations

import ast
import copy
import importlib.util
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symconv.polynomial import Polynomial

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "derivations" / "check_certificates.py"
SHIPPED = (
    ROOT / "derivations" / "certificates.json",
    ROOT / "symconv" / "proof" / "closed_forms.json",
    ROOT / "symconv" / "proof" / "layers.json",
)


def checked(*files, folder=ROOT):
    """Run the script as a stranger would: no environment, no folder of ours to import from."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), *map(str, files)],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def script():
    """Return the script as a module."""
    spec = importlib.util.spec_from_file_location("check_certificates", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LEMMA = {
    "name": "by a lemma",
    "relation": ">= 0",
    "goal": "q*u",
    "hypotheses": [["", "u - 1"], ["", "H - 1"], ["", "H - q*u"], ["", "q*u + u - H - 1"]],
    "equations": [],
    "lemmas": [
        {
            "goal": "q",
            "multipliers": [
                {"times": "1/2", "of": ["denial", 0]}, {"times": "1/2", "of": [3]},
                {"times": "1/2", "of": [1]}, {"times": "1/2", "of": ["denial"]},
            ],
        }
    ],
    "multipliers": [
        {"times": "1", "of": ["denial"]}, {"times": "1", "of": [4, 0]}, {"times": "1", "of": [4]},
    ],
}  # fmt: skip
"""q = H // u is not negative, and so neither is q*u."""


@pytest.fixture(scope="module")
def shipped(script):
    """Return the certificates of the derivations, and an obligation with a lemma among them."""
    data = json.loads(SHIPPED[0].read_text(encoding="utf-8"))
    data["claims"][-1]["cases"][0]["obligations"].append(LEMMA)
    for obligation in obligations(data):
        script.check(obligation)
    return data


def test_all_that_is_shipped_follows(tmp_path):
    done = checked(folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    for line, file in zip(lines, SHIPPED, strict=True):
        claims = json.loads(file.read_text(encoding="utf-8"))["claims"]
        obligations = sum(len(case["obligations"]) for c in claims for case in c["cases"])
        assert line == f"{file}: {len(claims)} claims, {obligations} obligations: all follow"
        assert obligations > 80


def test_the_script_needs_nothing_but_python():
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    modules = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module)
        assert not isinstance(node, ast.Assert), "asserts can be turned off"
    assert modules <= sys.stdlib_module_names


def test_the_script_is_short():
    code = [line for line in SCRIPT.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert len(code) <= 100


def obligations(data):
    for claim in data["claims"]:
        for case in claim["cases"]:
            yield from case["obligations"]


def with_multipliers(data):
    return next(o for o in obligations(data) if o["multipliers"] and o["hypotheses"])


def with_equation(data):
    return next(
        o for o in obligations(data) if any("equation" in m for m in o["multipliers"] or ())
    )


def with_lemma(data):
    return next(o for o in obligations(data) if o["lemmas"])


def multiplier(data):
    with_multipliers(data)["multipliers"][0]["times"] = "2"


def all_multipliers_negated(data):
    for entry in with_multipliers(data)["multipliers"]:
        entry["times"] = str(-Fraction(entry["times"]))


def negative_multiplier_of_a_hypothesis(data):
    """-1 = (H - 1) - (H - 1) - 1, if what is >= 0 could be multiplied by -1."""
    told = with_multipliers(data)
    told.update(goal="-H", hypotheses=[["", "H - 1"]])
    told["multipliers"] = [{"times": "1", "of": ["denial"]}, {"times": "-1", "of": [0]}]
    told["multipliers"].append({"times": "-1", "of": []})


def multiplier_dropped(data):
    del with_multipliers(data)["multipliers"][-1]


def no_multipliers(data):
    with_multipliers(data)["multipliers"] = []


def goal(data):
    with_multipliers(data)["goal"] += " - 1"


def hypothesis(data):
    with_multipliers(data)["hypotheses"][0][1] += " + 1"


def hypotheses_dropped(data):
    with_multipliers(data)["hypotheses"] = []


def hypothesis_from_behind(data):
    """Python would take -1 for the last."""
    obligation = with_multipliers(data)
    for entry in obligation["multipliers"]:
        entry["of"] = [
            p if p == "denial" else p - len(obligation["hypotheses"]) for p in entry["of"]
        ]


def place_that_is_true(data):
    for entry in with_multipliers(data)["multipliers"]:
        entry["of"] = [p if p == "denial" else bool(p) for p in entry["of"]]


def equation(data):
    with_equation(data)["equations"][0][1] += " + 1"


def factor_of_an_equation(data):
    entry = next(m for m in with_equation(data)["multipliers"] if "equation" in m)
    entry["by"] = f"{entry['by']}*z"


def lemma(data):
    with_lemma(data)["lemmas"][0]["goal"] += " - 1"


def lemma_by_itself(data):
    """A lemma may use the lemmas before it, and its own denial, but not itself."""
    told = with_lemma(data)
    given = len(told["hypotheses"])
    told["lemmas"][0]["multipliers"] = [
        {"times": "1", "of": ["denial"]}, {"times": "1", "of": [given]},
    ]  # fmt: skip


def relation(data):
    with_multipliers(data)["relation"] = "= 0"


def unknown_relation(data):
    with_multipliers(data)["relation"] = "> 0"


def sides_that_differ(data):
    next(o for o in obligations(data) if o["relation"] == "= 0")["goal"] = "H"


def polynomial_with_more_behind_it(data):
    with_multipliers(data)["goal"] += "; 0"


def no_claims(data):
    data["claims"] = []


def no_cases(data):
    data["claims"][3]["cases"] = []


def no_obligations(data):
    data["claims"][3]["cases"][0]["obligations"] = []


def former_schema(data):
    data["schema"] = "symconv.certificate/1"


TAMPERING = (
    multiplier, all_multipliers_negated, negative_multiplier_of_a_hypothesis, multiplier_dropped,
    no_multipliers, goal, hypothesis, hypotheses_dropped, hypothesis_from_behind,
    place_that_is_true, equation, factor_of_an_equation, lemma, lemma_by_itself, relation,
    unknown_relation, sides_that_differ, polynomial_with_more_behind_it, no_claims, no_cases,
    no_obligations, former_schema,
)  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda tamper: tamper.__name__)
def test_a_file_that_was_changed_fails(shipped, script, tmp_path, capsys, tamper):
    data = copy.deepcopy(shipped)
    tamper(data)
    assert json.dumps(data) != json.dumps(shipped)
    path = tmp_path / "c.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert script.main([str(path)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"'{path}'")
    assert captured.err.count("\n") == 1


def test_a_file_that_was_changed_fails_as_a_program_too(shipped, tmp_path):
    data = copy.deepcopy(shipped)
    goal(data)
    path = tmp_path / "c.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    done = checked(SHIPPED[1], path)
    assert done.returncode == 1
    first = shipped["claims"][0]["id"]
    assert f"'{path}': '{first}': 'divisor 1'" in done.stderr
    assert checked(tmp_path / "none.json").returncode == 1
    path.write_text("[]", encoding="utf-8")
    assert checked(path).returncode == 1


names = st.sampled_from(["H", "u", "q2", "i_dY"])
polynomials = st.dictionaries(
    st.lists(names, max_size=3).map(sorted).map(tuple),
    st.integers(-12, 12).filter(bool),
    max_size=4,
).map(Polynomial)


@given(polynomials, polynomials)
def test_polynomials_are_read_and_multiplied_as_symconv_does(script, left, right):
    assert script.polynomial(str(left)) == left.terms
    product = script.times(script.polynomial(str(left)), script.polynomial(str(right)))
    assert product == (left * right).terms
    assert script.plus(left.terms, right.terms, -1) == (left - right).terms


@pytest.mark.parametrize(
    "text", ["", "-", "H +", "+ H", "H  + u", "H**2", "H/2", "2H", "1.5", "H\n"]
)
def test_what_is_no_polynomial_is_refused(script, text):
    with pytest.raises(ValueError, match="is no polynomial"):
        script.polynomial(text)
