from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from documents import lecture_notes
from documents.styles import STYLES

from symconv.__main__ import main
from symconv.documents.check import check
from symconv.documents.fix import applied, mend
from symconv.documents.notation.hints import hints
from symconv.documents.source.text import Document

NOTES = lecture_notes.document()

CHAIN = r"""
$$o_{1} = x_{1}w_{1} + x_{2}w_{2}$$ $$o_{2} = x_{2}w_{1} + x_{3}w_{2}$$
$$\frac{\partial L}{\partial x_{2}} = \frac{\partial L}{\partial o_{1}} \frac{\partial o_{1}}{\partial x_{2}} + \frac{\partial L}{\partial o_{2}} \frac{\partial o_{2}}{\partial x_{2}}$$
"""  # noqa: E501


def report(text: str, language: str = "markdown", **given: str):
    return check(Document("notes", language, text), hints(given))


def wrong(text: str, language: str = "markdown", **given: str):
    found = report(text, language, **given)
    return [f for j in found.judgements for f in j.findings]


def test_every_slip_of_the_lecture_is_found_at_its_term_and_nothing_else():
    found = report(NOTES)
    findings = [f for j in found.judgements for f in j.findings]
    terms = [f for f in findings if f.code == "SC201"]
    assert [(NOTES[f.place.start : f.place.end], f.fix) for f in terms] == [
        ("x_{21}f_{20}", "f_{21}"),
        (r"\frac{\partial L}{\partial y_{10}} f_{20}", "f_{02}"),
    ]
    assert len([f for f in findings if f.code == "SC210"]) == 2 * lecture_notes.WRONG_CELLS
    assert len(findings) == 2 + 2 * lecture_notes.WRONG_CELLS
    assert found.count("not-judged") == 0
    assert found.count("agree") > 200


def test_a_mended_lecture_passes_and_differs_in_the_wrong_terms_only():
    found = report(NOTES)
    mended = mend(found)
    assert mended.equations == 26
    assert mended.report.count("wrong") == 0
    for before, after in zip(NOTES.splitlines(), mended.text.splitlines(), strict=True):
        assert re.sub(r"\d", "", before) == re.sub(r"\d", "", after)
    assert mended.text == re.sub("x_{21}f_{20}", "x_{21}f_{21}", mended.text)
    assert report(mended.text).counts == mended.report.counts


def test_two_examples_have_two_notations():
    found = report(NOTES)
    geometries = [r.readings[0].geometry for r in found.regions]
    assert [(g.input, g.filter, g.stride) for g in geometries] == [
        ((3, 3), (2, 2), (1, 1)),
        ((5, 5), (3, 3), (2, 2)),
    ]
    assert [r.readings[0].base for r in found.regions] == [1, 0]


def test_an_example_that_changes_under_the_same_letters_is_cut_in_two():
    plain, wide = STYLES[0], STYLES[13]
    del wide
    one = plain.__class__(**{**vars(plain), "sizes": lecture_notes.FIRST.sizes})
    found = report(one.document(one.lines()) + plain.document(plain.lines()))
    assert found.count("wrong") == found.count("not-judged") == 0
    assert len(found.regions) == 2


@pytest.mark.parametrize(
    ("right", "slip", "code", "fix"),
    [
        ("o_{2} = x_{2}w_{1} + x_{3}w_{2}", "o_{2} = x_{2}w_{1} + x_{1}w_{2}", "SC201", "x_{3}"),
        ("o_{2} = x_{2}w_{1} + x_{3}w_{2}", "o_{2} = x_{2}w_{1}", "SC202", "+ x_{3}w_{2}"),
        ("o_{2} = x_{2}w_{1} + x_{3}w_{2}", "o_{2} = x_{2}w_{1} + x_{3}w_{2} + x_{1}w_{1}",
         "SC203", ""),
        ("o_{2} = x_{2}w_{1} + x_{3}w_{2}", "o_{2} = x_{2}w_{1} + x_{3}w_{2} + x_{3}w_{2}",
         "SC204", ""),
        ("o_{2} = x_{2}w_{1} + x_{3}w_{2}", "o_{2} = x_{2}w_{1} - x_{3}w_{2}", "SC205",
         "+ x_{3}w_{2}"),
        ("o_{2} = x_{2}w_{1} + x_{3}w_{2}", "o_{1} = x_{2}w_{1} + x_{3}w_{2}", "SC206", "o_{2}"),
        ("o_{2} = x_{2}w_{1} + x_{3}w_{2}", "o_{2} = x_{2}w_{1} + x_{2}w_{3}", "SC207",
         "x_{3}w_{2}"),
    ],
)  # fmt: skip
def test_each_slip_has_its_own_code_and_its_mend(right, slip, code, fix):
    text = CHAIN.replace(right, slip) + CHAIN
    found = report(text)
    findings = [f for j in found.judgements for f in j.findings]
    assert [(f.code, f.fix) for f in findings] == [(code, fix)]
    mended = mend(found)
    assert mended.report.count("wrong") == 0
    assert mended.equations == 1


def test_factors_of_the_chain_rule_have_to_meet():
    slip = CHAIN.replace(r"\frac{\partial o_{2}}{\partial x_{2}}$$",
                         r"\frac{\partial o_{1}}{\partial x_{2}}$$")  # fmt: skip
    assert [f.code for f in wrong(CHAIN + slip)] == ["SC209"]


UNMET = r"\frac{\partial L}{\partial o_{1}} \frac{\partial o_{1}}{\partial x_{2}}"


@pytest.mark.parametrize(
    ("slip", "fix"),
    [
        (UNMET.replace("o_{1}", "o_{2}", 1), r"\frac{\partial L}{\partial o_{1}}"),
        (UNMET.replace("o_{1}}{", "o_{2}}{"), r"\frac{\partial o_{1}}{\partial x_{2}}"),
        (UNMET.replace("x_{2}", "x_{3}"), r"\frac{\partial o_{1}}{\partial x_{2}}"),
        (UNMET.replace("x_{2}", "w_{2}"), ""),
        (UNMET.replace("o_{1}", "o_{3}", 1), r"\frac{\partial L}{\partial o_{1}}"),
    ],
)
def test_an_index_that_keeps_a_chain_rule_from_meeting_is_mended(slip, fix):
    text = CHAIN + CHAIN.replace(UNMET, slip)
    found = report(text)
    assert slip in text
    assert [(f.code, f.fix) for j in found.judgements for f in j.findings] == [("SC209", fix)]
    if fix:
        assert mend(found).text == CHAIN + CHAIN


def test_where_either_index_may_be_the_slip_a_chain_rule_is_not_mended():
    forward = "".join(
        f"$$o_{{{p}}} = x_{{{p}}}w_{{1}} + x_{{{p + 1}}}w_{{2}}$$\n\n" for p in (1, 2, 3)
    )

    def product(above: int, below: int) -> str:
        local = rf"\frac{{\partial o_{{{below}}}}}{{\partial w_{{1}}}}"
        return rf"\frac{{\partial L}}{{\partial o_{{{above}}}}} {local}"

    for pairs, certain in (([(1, 2), (3, 3)], False), ([(1, 1), (1, 2), (3, 3)], True)):
        right = " + ".join(product(*pair) for pair in pairs)
        found = report(rf"{forward}$$\frac{{\partial L}}{{\partial w_{{1}}}} = {right}$$" + "\n")
        (fix,) = (f.fix for j in found.judgements for f in j.findings if f.code == "SC209")
        assert fix == (r"\frac{\partial L}{\partial o_{2}}" if certain else "")


def test_a_local_derivative_is_judged():
    text = (
        CHAIN + r"$\frac{\partial o_{2}}{\partial x_{3}} = w_{2}$, "
        r"$\partial o_{2}/\partial x_{1} = 0$, $\frac{\partial o_{1}}{\partial x_{2}} = w_{1}$"
    )
    assert [(f.code, f.fix) for f in wrong(text)] == [("SC208", "w_{2}")]


def test_an_unknown_letter_is_not_judged_at_its_column():
    text = CHAIN + r"$o_{1} = x_{1}w_{1} + q_{2}w_{2}$"
    found = report(text)
    assert found.count("wrong") == 0
    unknown = [j for j in found.judgements if j.verdict == "not-judged"]
    assert [text[j.reason_place.start : j.reason_place.end] for j in unknown] == ["q_{2}"]


@pytest.mark.parametrize("bias", ["+ b", "+ b_0", r"+ \beta", "+ B"])
def test_a_bias_is_allowed_once(bias):
    text = CHAIN.replace("x_{2}w_{2}$$", f"x_{{2}}w_{{2}} {bias}$$")
    assert report(text).count("agree") == 3
    twice = CHAIN.replace("x_{2}w_{2}$$", "x_{2}w_{2} + b + b$$")
    assert report(twice).count("agree") == 2


@pytest.mark.parametrize(
    "text",
    [
        "```\n{}\n```", "`{}`", "~~~tex\n{}\n~~~", r"costs \$5 {} and 6\$", "<!-- {} -->",
    ],
)  # fmt: skip
def test_code_and_comments_are_left_alone(text):
    slip = "$$o_{2} = x_{2}w_{1} + x_{1}w_{2}$$"
    inside = text.format(slip if "costs" not in text else slip.replace("$", ""))
    assert report(CHAIN + "\n\n" + inside + "\n").counts == (3, 0, 0)


def test_money_is_no_mathematics():
    assert report(CHAIN + "It costs $5, and $x_{1}$ costs $6.\n").counts == (3, 0, 0)


def test_latex_comments_and_verbatim_are_left_alone():
    slip = "$o_{2} = x_{2}w_{1} + x_{1}w_{2}$"
    body = CHAIN + f"% {slip}\n\\begin{{verbatim}}\n{slip}\n\\end{{verbatim}}\\verb|{slip}|\n"
    assert report(body, "latex").counts == (3, 0, 0)


def test_macros_of_the_document_are_read():
    macro = r"\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}" + "\n"
    text = macro + CHAIN + r"\[ \pd{L}{x_{3}} = \pd{L}{o_{2}} w_{1} \]"
    findings = wrong(text, "latex")
    assert [(f.code, f.fix) for f in findings] == [("SC201", "w_{2}")]


def test_a_continued_line_is_one_equation():
    text = (
        "\\begin{align}\no_{1} &= x_{1}w_{1} \\\\\n &+ x_{2}w_{2} \\\\\n"
        "o_{2} &= x_{2}w_{1} + x_{3}w_{2} \\\\ &= x_{3}w_{2} + x_{2}w_{1}\n\\end{align}"
    )
    assert report(text, "latex").counts == (3, 0, 0)


@pytest.mark.parametrize(
    "matrix",
    [
        r"\begin{bmatrix} o_{1} \\ o_{2} \end{bmatrix} = "
        r"\begin{bmatrix} x_{1}w_{1} + x_{2}w_{2} \\ x_{2}w_{1} + x_{3}w_{2} \end{bmatrix}",
        r"\begin{bmatrix} o_{1} & o_{2} \end{bmatrix} = "
        r"\begin{bmatrix} x_{1}w_{1} + x_{2}w_{2} & x_{2}w_{1} + x_{3}w_{2} \end{bmatrix}",
        r"\begin{pmatrix} o_{1} \\ o_{2} \end{pmatrix} = "
        r"\begin{pmatrix} w_{1} & w_{2} & 0 \\ 0 & w_{1} & w_{2} \end{pmatrix}"
        r"\begin{pmatrix} x_{1} \\ x_{2} \\ x_{3} \end{pmatrix}",
    ],
)
def test_a_matrix_equation_is_judged_cell_by_cell(matrix):
    found = report(CHAIN + f"$${matrix}$$")
    kinds = [j.kind for j in found.judgements]
    assert kinds.count("matrix-cell") >= 2
    assert found.count("wrong") == 0
    slip = matrix[::-1].replace("}2{_w", "}1{_w", 1)[::-1]
    assert report(CHAIN + f"$${slip}$$").count("wrong") >= 1


def test_comments_give_hints_and_silence():
    slip = "$$o_{2} = x_{2}w_{1} + x_{1}w_{2}$$"
    ignored = CHAIN + "\n\n<!-- symconv: ignore -->\n" + slip + "\n\n" + slip
    assert report(ignored).count("wrong") == 1
    assert report(CHAIN + slip + " <!-- symconv: ignore -->").count("wrong") == 0
    off = CHAIN + f"\n<!-- symconv: off -->\n{slip}\n\n{slip}\n<!-- symconv: on -->\n{slip}\n"
    assert report(off).count("wrong") == 1


def test_two_readings_are_reported_and_a_hint_decides():
    text = "$y_{11} = x_{22}w_{00} + x_{23}w_{01} + x_{32}w_{10} + x_{33}w_{11}$"
    hinted = report("<!-- symconv: stride=2 padding=0 -->\n" + text)
    assert hinted.count("agree") == 1
    assert hinted.regions[0].readings[0].geometry.stride == (2, 2)


def test_an_unflipped_filter_in_gradients_alone_is_not_called_right():
    text = r"$\frac{\partial L}{\partial x_{1}} = \delta_{0} w_{0} + \delta_{1} w_{1}$ "
    assert report(text).count("agree") == 0


def test_a_matrix_product_is_no_convolution():
    text = (
        "$c_{11} = a_{11}b_{11} + a_{12}b_{21}$, $c_{12} = a_{11}b_{12} + a_{12}b_{22}$, "
        "$c_{21} = a_{21}b_{11} + a_{22}b_{21}$, $c_{22} = a_{21}b_{12} + a_{22}b_{22}$"
    )
    found = report(text)
    assert found.count("agree") == found.count("wrong") == 0


def test_applied_edits_touch_nothing_else():
    assert applied("abc", []) == "abc"


# -- the command ------------------------------------------------------------------------------


@pytest.fixture
def notes(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "notes.md"
    path.write_bytes(NOTES.replace("\n", "\r\n").encode())
    return path


def test_the_command_shows_a_caret_under_the_wrong_term_and_counts(notes, capsys):
    assert main(["check", "notes.md"]) == 1
    out = capsys.readouterr().out
    lines = out.splitlines()
    first = next(k for k, line in enumerate(lines) if "SC201" in line)
    assert re.fullmatch(r"notes\.md:\d+:\d+: error SC201: .*", lines[first])
    carets = re.search(r"\^+", lines[first + 3])
    assert lines[first + 2][carets.start() : carets.end()] == "x_{21}f_{20}"
    assert lines[first + 4].strip() == "= help: write f_{21}"
    assert re.fullmatch(r"\d+ agree, 26 wrong, 0 not judged", lines[-2])
    assert lines[-1] == "Found 26 errors, 26 fixable with --fix."


def test_fix_mends_in_place_and_keeps_line_ends(notes, capsys):
    before = notes.read_bytes()
    assert main(["check", "notes.md", "--diff"]) == 1
    assert notes.read_bytes() == before
    assert "+$$y_{00} = " in capsys.readouterr().out
    assert main(["check", "notes.md", "--fix"]) == 0
    after = notes.read_bytes()
    assert after.count(b"\r\n") == before.count(b"\r\n")
    assert len(after) == len(before)
    assert main(["check", "notes.md", "-q"]) == 0


def test_json_is_the_contract(notes, capsys):
    assert main(["check", "notes.md", "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == "symconv.check/1"
    (file,) = data["files"]
    slip = next(e for e in file["equations"] if e["target"] == "dx[2,2]" and e["code"])
    assert slip["code"] == "SC201"
    assert slip["fix"] == "f_{02}"
    assert slip["verdict"] == "wrong"
    assert slip["kind"] == "element"
    assert ["dy[1,0]", "f[2,0]"] in slip["found"]
    assert ["dy[1,0]", "f[0,2]"] in slip["expected"]
    assert {"line", "column", "source", "message"} <= slip.keys()
    assert {e["kind"] for e in file["equations"]} == {"element", "local", "matrix-cell"}


def test_github_and_sarif_name_the_place(notes, capsys):
    assert main(["check", "notes.md", "--format", "github"]) == 1
    out = capsys.readouterr().out
    assert re.search(r"::error title=symconv \(SC201\),file=notes\.md,line=\d+,col=\d+,", out)
    assert main(["check", "notes.md", "--format", "sarif", "--exit-zero"]) == 0
    run = json.loads(capsys.readouterr().out)["runs"][0]
    assert len(run["results"]) == 26
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in run["results"]} <= rules


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["none.md"], "no such file"),
        (["empty.md"], "nothing was judged"),
        (["notes.txt"], "--language"),
        (["empty.md", "--stride", "0"], "at least 1"),
        (["empty.md", "--names", "a,b"], "names"),
        (["-"], "--language"),
        (["hint.md"], "comment is not understood"),
    ],
)
def test_bad_input_is_one_clear_line(arguments, says, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.md").write_text("# Nothing\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("x\n", encoding="utf-8")
    (tmp_path / "hint.md").write_text("<!-- symconv: what -->\n", encoding="utf-8")
    assert main(["check", *arguments]) == 2
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1


def test_the_project_configures_hints_and_what_to_leave_out(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.symconv.check]\nnames = ["x", "w", "o"]\nindex-base = 1\nexclude = ["*old*"]\n',
        encoding="utf-8",
    )
    (tmp_path / "a.md").write_text(CHAIN, encoding="utf-8")
    (tmp_path / "old.md").write_text("$$o_{1} = x_{1}w_{1}$$ <!-- symconv: ? -->", encoding="utf-8")
    assert main(["check", ".", "--show-notation"]) == 0
    assert "indices from 1" in capsys.readouterr().out
    (tmp_path / "pyproject.toml").write_text("[tool.symconv.check]\nsize = 3\n", encoding="utf-8")
    assert main(["check", "a.md"]) == 2
    assert "size" in capsys.readouterr().err


def test_explain_lists_every_code_that_can_be_said(capsys):
    assert main(["explain"]) == 0
    listed = set(re.findall(r"^SC\d{3}", capsys.readouterr().out, re.MULTILINE))
    package = Path(__file__).parents[2] / "symconv" / "documents"
    used = {c for p in package.rglob("*.py") if p.name != "codes.py"
            for c in re.findall(r"SC\d{3}", p.read_text(encoding="utf-8"))}  # fmt: skip
    assert used == listed
    assert main(["explain", "sc201"]) == 0
    assert "wrong term" in capsys.readouterr().out
    assert main(["explain", "SC999"]) == 2
