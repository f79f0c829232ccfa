"""`symconv explain`: codes, words of claims and verdicts, and the page that is made of them."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_a_word_is_explained_with_judged_examples(run):
    shown = run("explain", "rotate").out
    assert shown.startswith("rotate: an operator\n\n  rotate(T)\n\nTurns T by 180 degrees")
    assert "  rotate(rotate(F)) == F\n  PROVED for every size\n" in shown
    assert "  rotate(F) == F\n  REFUTED at R=2, S=1\n" in shown
    assert "Others say flip, rot, rot180, rotate180." in shown


def test_codes_words_and_verdicts_are_explained_together(run):
    shown = run("explain", "SC201", "u", "NOT-JUDGED", "dilation").out
    heads = re.findall(r"^(\S.*): (?:wrong|a )", shown, re.M)
    assert heads == ["SC201", "u", "NOT JUDGED", "dilation"]
    assert all(len(line) <= 100 for line in run("explain", "correlate", "sum").out.splitlines())


def test_words_are_listed_with_the_codes(run):
    listed = run("explain").out
    for line in ("SC201  wrong term", "Operators", "Verdicts", "  PROVED  REFUTED  NOT JUDGED"):
        assert line in listed


def test_a_topic_lists_its_words_alone(run):
    assert run("explain", "codes").out.splitlines()[0] == "SC201  wrong term"
    assert "Operators" not in run("explain", "codes").out
    assert run("explain", "claims").out.startswith("Operators\n  pad")
    assert run("explain", "codes", "claims").out == run("explain").out


def test_a_word_is_data(run):
    (pad,) = json.loads(run("explain", "pad", "--format", "json").out)
    assert (pad["word"], pad["kind"], pad["synonyms"]) == (
        "pad",
        "operator",
        ["zeropad", "zero_pad"],
    )
    assert [each["verdict"] for each in pad["examples"]] == ["proved", "refuted"]
    code, u = json.loads(run("explain", "SC240", "u", "--format", "json").out)
    assert (code["code"], u["word"], u["usage"]) == ("SC240", "u", None)


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("rotat", "did you mean rotate?"),
        ("zzzz", "lists what there is"),
        ("SC999", "the codes are"),
    ],
)
def test_an_unknown_word_is_refused_in_one_line(run, word, says):
    done = run("explain", word)
    assert done.status == 2
    assert says in done.err
    assert done.err.count("\n") == 1


def test_the_page_is_markdown_and_holds_every_word(run):
    from symconv.claims.language import LANGUAGE

    page = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")  # regenerate.py compares it
    assert all(f"{each.word}\n" in page or f"`{each.word}`" in page for each in LANGUAGE)
    for line in page.splitlines():
        assert not re.match(r"- |\+ |> |#{4,}", line), "prose that reads as Markdown"
    done = run("explain", "pad", "--format", "markdown")
    assert done.status == 2
    assert "say claims or codes" in done.err


def test_the_page_of_codes_is_what_the_command_writes(run):
    from symconv.documents.codes import CODES

    page = (ROOT / "docs" / "codes.md").read_text(encoding="utf-8")
    assert run("explain", "codes", "--format", "markdown").out == page
    assert re.findall(r"^## (SC\d+): ", page, re.M) == [*CODES]
