"""Where results go: what cannot be written is told before any work, and nothing is half-written."""

import os
import sys

import pytest

ASKED = [
    ("derive", "-o", "{}/x.tex"),
    ("derive", "--symbolic", "-o", "{}/x.tex"),
    ("prove", "H == H", "-o", "{}/x.json"),
    ("prove", "H == H", "--certificate", "{}/x.json"),
    ("figure", "forward", "-o", "{}/x.svg"),
    ("figure", "forward", "--frames", "{}/x"),
    ("slides", "-o", "{}/x.tex"),
    ("explain", "pad", "-o", "{}/x.txt"),
    ("check", "notes.md", "-o", "{}/x.json"),
]


@pytest.fixture
def no_work(monkeypatch, tmp_path):
    """Make all work fail loudly, in a folder with a document and a file that is no folder."""
    import symconv.derivation
    import symconv.documents.check
    import symconv.figures.subject
    import symconv.proof.run
    import symconv.symbolic.steps
    import symconv.views.figure
    import symconv.views.language

    def work(*_, **__):
        raise RuntimeError("work was begun")

    for module, name in (
        (symconv.derivation, "derive"), (symconv.documents.check, "check"),
        (symconv.proof.run, "judge_all"), (symconv.symbolic.steps, "derive"),
        (symconv.views.figure, "draw"), (symconv.views.figure, "steps"),
        (symconv.views.language, "text"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, work)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.md").write_text("$y_0 = x_0 f_0$")
    (tmp_path / "file").write_text("")
    return tmp_path


@pytest.mark.parametrize("words", ASKED, ids=lambda words: " ".join(words))
def test_a_file_that_cannot_be_written_is_told_before_any_work(run, no_work, words):
    before = sorted(os.listdir(no_work))
    done = run(*(word.format("file") for word in words))
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("symconv: error: cannot write 'file/x")
    assert done.err.endswith(f"Not a directory; choose another {words[-2]}\n")
    assert sorted(os.listdir(no_work)) == before


@pytest.mark.parametrize("words", ASKED[:3], ids=lambda words: " ".join(words))
def test_a_folder_is_no_file(run, no_work, words):
    (no_work / "here.json").mkdir()
    done = run(*words[:-1], "here.json")
    assert "cannot write 'here.json': Is a directory; choose another -o" in done.err


@pytest.mark.parametrize("words", ASKED, ids=lambda words: " ".join(words))
def test_work_is_begun_where_it_can_be_written(run, no_work, words):
    done = run(*(word.format(".") for word in words))
    assert "work was begun" in done.err
    assert sorted(os.listdir(no_work)) == ["file", "notes.md"]


def test_what_is_there_stays_where_the_work_fails(run, no_work):
    (no_work / "x.tex").write_text("kept")
    assert run("derive", "-o", "x.tex").status == 2
    assert (no_work / "x.tex").read_text() == "kept"


def test_a_page_that_needs_a_package_is_not_begun(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "latex2mathml.converter", None)
    done = run("derive", "--format", "mathml")
    assert (done.status, done.out) == (2, "")
    assert "in a checkout of symconv run: pip install '.[figures]'" in done.err


def test_a_device_may_be_written_to(run):
    assert run("explain", "SC201", "-o", "/dev/null", "--format", "text").status == 0


def test_folders_of_slides_and_frames_are_made(run, tmp_path):
    target = tmp_path / "new" / "deep"
    assert run("figure", "rotate", "--frames", str(target)).status == 0
    assert len(os.listdir(target)) == 1
