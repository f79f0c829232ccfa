"""`docs/trust.md`: it speaks of files and options that there are, and of every kind of verdict."""

import re
from pathlib import Path

import pytest

from symconv.claims.verdict import Scope
from symconv.telling.words import VERDICTS

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"`((?:symconv|tests|benchmarks|derivations)/[\w./]*)`", PAGE)))


@pytest.mark.parametrize("path", PATHS)
def test_what_it_names_is_there(path):
    assert (ROOT / path).exists()


def test_it_names_files():
    assert len(PATHS) > 10
    for module in re.findall(r"python -m ([\w.]+)", PAGE):
        assert (ROOT / (module.replace(".", "/") + ".py")).exists()
    for command in re.findall(r"python3 (\S+\.py)", PAGE):
        assert (ROOT / command).exists()


def test_every_kind_of_verdict_has_a_section():
    sections = re.findall(r"^## (.+)$", PAGE, re.M)
    for scope in Scope:
        assert f"PROVED for {scope}" in sections
    assert {*VERDICTS.values()} - {"PROVED"} <= {*sections}
    for anchor in re.findall(r"\]\(#([\w-]+)\)", PAGE):
        slugs = [re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in sections]
        assert anchor in slugs


def test_every_option_that_it_speaks_of_is_one(run):
    help_ = "".join(run(name, "-h").out for name in ("prove", "recheck", "derive", "check"))
    for option in set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", PAGE)):
        assert option in help_, option


def test_the_readme_leads_there():
    assert "](docs/trust.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
