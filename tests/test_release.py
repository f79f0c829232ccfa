"""A release says one version: in the package, its metadata, the changelog and the command line."""

import json
import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

import symconv

ROOT = Path(__file__).parent.parent
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def headings(changelog: str) -> list[str]:
    """Return what stands behind ``##``, the newest first."""
    return re.findall(r"^## (.*)$", changelog, re.M)


def released(changelog: str) -> list[tuple[str, str]]:
    """Return the versions with their dates, the newest first."""
    return re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})$", changelog, re.M)


def test_the_command_line_tells_the_version_of_the_newest_entry(run):
    assert run("--version").out == f"symconv {released(CHANGELOG)[0][0]}\n"


def test_the_wheel_takes_its_version_from_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" in project["project"]["dynamic"]
    source = (ROOT / project["tool"]["hatch"]["version"]["path"]).read_text(encoding="utf-8")
    assert re.findall(r'^__version__ = "(.*)"$', source, re.M) == [symconv.__version__]


def test_what_is_installed_from_here_has_this_version():
    # What is installed may be another checkout, of another version, or nothing at all.
    for installed in metadata.distributions(name="symconv"):
        origin = json.loads(installed.read_text("direct_url.json") or '{"url": ""}')["url"]
        if origin == ROOT.as_uri():
            assert installed.version == symconv.__version__, "pip install -e . once more"


def test_the_changelog_keeps_room_for_what_comes_and_orders_its_releases():
    first, *others = headings(CHANGELOG)
    versions = [tuple(map(int, version.split("."))) for version, _ in released(CHANGELOG)]
    dates = [date for _, date in released(CHANGELOG)]
    assert first == "[Unreleased]"
    assert len(others) == len(versions) > 0, "each release is ## [x.y.z] - yyyy-mm-dd"
    assert versions == sorted(versions, reverse=True)
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize("release", re.split(r"^## ", CHANGELOG, flags=re.M)[1:])
def test_a_release_has_sections_with_entries(release):
    parts = re.split(r"^### ", release, flags=re.M)[1:]
    kinds = [part.split("\n", 1)[0] for part in parts]
    order = ["Added", "Changed", "Fixed"]
    assert kinds == [kind for kind in order if kind in kinds]
    assert all(re.search(r"^- ", part, re.M) for part in parts)
