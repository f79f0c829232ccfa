"""The same equations in each kind of file, by its name: judged, placed and mended in the file."""

from __future__ import annotations

import json
from time import process_time

import pytest

from symconv import check as check_file
from symconv.documents.check import check
from symconv.documents.fix import diff, mend, save
from symconv.documents.report import as_data
from symconv.documents.source.spans import layout
from symconv.documents.source.text import LANGUAGES, Document, DocumentError, load
from symconv.views import github, sarif

FIRST, SECOND = (rf"y_{{{p}}} = x_{{{p}}} w_0 + x_{{{p + 1}}} w_1" for p in (0, 1))
SLIP = SECOND.replace("x_{2}", "x_{0}")
SIZE = r"P = \left\lfloor \frac{H - R}{u} \right\rfloor + 1"
OUTSIDE = r"y_{7} = x_{1} w_1"


def notebook(indent: int | None = 1) -> str:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Notes\n", "\n", f"$${FIRST}$$"]},
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": [f"# ${OUTSIDE}$"]},
        {"cell_type": "markdown", "metadata": {}, "source": f"Ä\n\n${SLIP}$"},
        {"cell_type": "markdown", "metadata": {}, "source": [f"$${SIZE}$$"]},
    ]
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=indent, ensure_ascii=False) + "\n"


FILES = {
    "notes.rst": (
        f"So :math:`{FIRST}`, and code ``$a_0$``::\n\n   .. math:: {OUTSIDE}\n\n"
        f".. math::\n   :label: second\n\n   {SLIP}\n\n"
        f".. code-block:: rst\n\n   :math:`{OUTSIDE}`\n\n.. note:: So\n\n   .. math:: {SIZE}\n",
        "notes.rst:8",
    ),
    "layer.hpp": (
        f"/** The output is \\f$ {FIRST} \\f$, and @f${SLIP}@f$.\n *\n * \\f[\n *   {SIZE}\n"
        f" * \\f]\n */\nint a = b || c; // ${OUTSIDE}$\n",
        "layer.hpp:1",
    ),
    "layer.cu": (
        f"/// \\f{{align*}}{{ {FIRST} \\\\\n///   {SLIP} \\f}}\n//! @f[\n//!   {SIZE}\n//! @f]\n",
        "layer.cu:2",
    ),
    "notes.md": (
        f"Doxygen's \\f${FIRST}\\f$ in Markdown: \\f[ {SLIP} \\f]\n\n\\f( {SIZE} \\f)\n",
        "notes.md:1",
    ),
    "notes.ipynb": (notebook(), "notes.ipynb:cell 3:3"),
    "flat.ipynb": (notebook(None), "flat.ipynb:cell 3:3"),
}


@pytest.mark.parametrize("name", FILES)
def test_every_source_is_read_by_its_name_and_mended_in_place(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text, at = FILES[name]
    (tmp_path / name).write_text(text)
    document = load(tmp_path.joinpath(name).relative_to(tmp_path))
    report = check(document)
    assert report.counts == (2, 1, 0), [j.reason for j in report.judgements]
    (wrong,) = (j for j in report.judgements if j.verdict == "wrong")
    line = next(line for line in document.text.split("\n") if "x_{0} w_1" in line)
    where = f"{at}:{line.index('x_{0} w_1') + 1}"
    assert document.where(wrong.findings[0].place.start) == where
    assert f"{where}: error SC201" in check_file(name).text()
    mended = mend(report)
    save(document, mended.text)
    assert (tmp_path / name).read_text() == text.replace("x_{0} w_1", "x_{2} w_1")
    changed = [line for line in diff(document, mended.text) if line.startswith(("+", "-"))]
    assert len(changed) == 4


def test_a_place_in_a_notebook_is_a_line_of_its_cell(tmp_path):
    path = tmp_path / "notes.ipynb"
    path.write_text(notebook())
    report = check(load(path))
    (file,) = as_data([report])["files"]
    assert [(e["cell"], e["line"], e["column"]) for e in file["equations"]] == [
        (1, 3, 3), (3, 3, 22), (4, 1, 3),
    ]  # fmt: skip
    (result,) = sarif.as_data([report])["runs"][0]["results"]
    assert "region" not in result["locations"][0]["physicalLocation"]
    assert result["message"]["text"].startswith("cell 3, line 3: x_{0} should be x_{2}")
    assert "ipynb::cell 3, line 3: x_{0}" in next(github.lines([report]))


@pytest.mark.parametrize(
    "raw", ["", "[]", "{}", '{"cells": 1}', '{"cells": [1]}', "[" * 9999, '{"cells": [{}]'], ids=str
)
def test_what_is_no_notebook_is_refused_in_one_line(raw, tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text(raw)
    with pytest.raises(DocumentError, match=r"a\.ipynb: this is no notebook: .*\Z"):
        load(path)


def test_a_comment_in_each_source_gives_hints():
    said = "symconv: input=3 filter=2 stride=1 padding=0 names=x,w,y index-base=0"
    for language, comment in {
        "rst": f".. {said}\n\n:math:`{FIRST}`",
        "doxygen": f"// {said}\n/// \\f${FIRST}\\f$",
        "notebook": f"<!-- {said} -->\n\n${FIRST}$",
    }.items():
        found = check(Document("a", language, comment))
        assert found.counts == (1, 0, 0), found.judgements
        assert not found.judgements[0].scope
        ignored = comment.replace(said, "symconv: ignore").replace("\n\n", "\n")
        assert check(Document("a", language, ignored)).counts == (0, 0, 0)


@pytest.mark.parametrize("language", sorted({*LANGUAGES.values()}))
@pytest.mark.parametrize(
    "part",
    [
        r"\f$ ",
        r"@f[ ",
        r"\f{a}{ ",
        ":math:`",
        "a::\n",
        ".. math::\n ",
        " * ",
        "::",
        "``",
        "// symconv:",
    ],
)
def test_a_hostile_source_is_scanned_in_time(language, part):
    started = process_time()
    layout(Document("a", language, part * 20_000))
    assert process_time() - started < 2
