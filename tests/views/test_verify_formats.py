"""What `verify` writes for machines says the same as its text."""

import json
from xml.etree import ElementTree as ET

import pytest
from implementations.programs import program

WRONG = program().replace("dw += np.einsum", "dw = 2 * dw + np.einsum")


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    file = tmp_path_factory.mktemp("verify") / "layers.py"
    file.write_text(WRONG)
    return file


def test_every_format_names_the_same_fault(run, path, monkeypatch):
    monkeypatch.chdir(path.parent)
    printed = {
        form: run("verify", "layers.py", "--format", form)
        for form in ("text", "json", "junit", "github", "sarif")
    }
    assert {done.status for done in printed.values()} == {1}
    data = json.loads(printed["json"].out)
    assert data["schema"] == "symconv.verify/1"
    (implementation,) = data["implementations"]
    right, wrong = implementation["gradients"]
    assert (right["name"], right["verdict"], right["scope"]) == ("dX", "right", "these sizes")
    assert (wrong["name"], wrong["verdict"], wrong["line"]) == ("dF", "wrong", 18)
    assert wrong["table"]["computes"] != wrong["table"]["belongs"]
    assert f"layers.py:18: error {wrong['code']}" in printed["text"].out

    suite = ET.fromstring(printed["junit"].out)[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "0")
    assert [case.get("name") for case in suite if case.find("failure") is not None] == ["dF"]

    error, notice = printed["github"].out.splitlines()
    assert error.startswith(f"::error title=symconv ({wrong['code']}),file=layers.py,line=18,col=")
    assert notice == "::notice title=symconv::1 right, 1 wrong, 0 not judged"

    (sarif,) = json.loads(printed["sarif"].out)["runs"]
    (result,) = sarif["results"]
    assert result["ruleId"] == wrong["code"]
    assert result["ruleId"] in {rule["id"] for rule in sarif["tool"]["driver"]["rules"]}
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "layers.py"
    assert place["region"]["startLine"] == 18


def test_a_file_that_cannot_be_judged_is_an_error_of_junit(run, tmp_path):
    file = tmp_path / "nothing.py"
    file.write_text("x = 1")
    done = run("verify", str(file), "--format", "junit")
    assert done.status == 2
    assert ET.fromstring(done.out)[0].get("errors") == "1"


def test_the_page_says_every_key(run, path):
    from pathlib import Path

    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    section = page.split("## symconv.verify/1")[1].split("\n## ")[0]
    data = json.loads(run("verify", str(path), "--format", "json").out)
    (implementation,) = data["implementations"]
    keys = {*data, *implementation, *implementation["gradients"][0]} - {"schema"}
    assert [key for key in keys if key not in section] == []
