"""Sentences of a closed list, each beside what is right: what is right is never called wrong."""

from __future__ import annotations

from time import process_time

import pytest

from symconv import check
from symconv.documents.sentences import MISTAKES, sentences

PAIRS = [
    ("The number of zeros that are inserted between two neighbours equals the stride.",
     "The number of zeros that are inserted between two neighbours equals the stride minus 1."),
    ("Hence the amount of zeros between\nthe rows is just the stride!",
     "Hence the amount of zeros between\nthe rows is just the stride $-1$!"),
    ("For this we insert stride zeros between the entries.",
     "For this we insert stride - 1 zeros between the entries."),
    ("The number of zeros padded at each side is equal to the stride.",
     "The number of zeros padded at each side is equal to the filter's size less one."),
    ("A full convolution means to pad with the kernel size.",
     "A full convolution means to pad with the kernel size minus one."),
    ("We rotate the kernel by 90 degrees to get the gradient.",
     "We rotate the kernel by 180 degrees to get the gradient."),
    ("A transposed convolution is simply the inverse of a convolution.",
     "A transposed convolution is simply the gradient of a convolution."),
    ("It is a convolution of the input gradient with the dilated output gradient.",
     "It is a convolution of the input with the dilated output gradient."),
    ("The filter gradient is the convolution between the filter and the upstream gradient.",
     "The filter gradient is the convolution between the input and the upstream gradient."),
    ("The gradient w.r.t. the weights can be computed as a cross-correlation of the weights with "
     "the loss gradient.",
     "The gradient w.r.t. the weights can be computed as a cross-correlation of the loss gradient "
     "with the input."),
    ("The gradient with respect to the input is a full convolution of the input and the gradient "
     "of the output.",
     "The gradient with respect to the input is a full convolution of the filter and the gradient "
     "of the output."),
]  # fmt: skip
RIGHT = [
    "The number of zeros between neighbours does not equal the stride.",
    "A common mistake: the number of zeros between neighbours equals the stride.",
    "The number of zeros padded on each side equals the stride if the filter has stride + 1 rows.",
    "The number of zeros padded is the filter's size less one; the step is the stride.",
    'Many write: "the number of zeros padded on each side is the stride".',
    "A transposed convolution is not the inverse of a convolution.",
    "We saw no correlation between the input gradient and the output gradient.",
    "The correlation between the input gradient and the loss gradient was 0.3.",
    "The output is the convolution of the input with the filter.",
    "To augment the data we rotate the kernel by 90 degrees.",
    "<!-- The number of zeros between neighbours equals the stride. -->",
    "```\nThe number of zeros between neighbours equals the stride.\n```",
]


def found(text: str) -> list[str]:
    (report,) = check(f"# Notes\n\n{text}\n").reports
    assert report.judgements == ()
    return [f.code for j in report.sentences for f in j.findings]


@pytest.mark.parametrize(("wrong", "right"), PAIRS)
def test_a_wrong_sentence_is_found_and_a_right_one_left_alone(wrong, right):
    assert found(wrong) == ["SC250"]
    assert found(right) == []
    assert found(f"It is wrong that {wrong[0].lower()}{wrong[1:]}") == []


def test_every_pattern_of_the_list_has_a_sentence():
    told = {f.message for text, _ in PAIRS for j in sentences(text, []) for f in j.findings}
    assert told >= {mistake.message for mistake in MISTAKES} - {""}


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_denied_supposed_quoted_or_about_something_else_is_left_alone(text):
    assert found(text) == []


def test_an_example_may_make_a_sentence_true():
    lines = [f"$$y_{p} = x_{2 * p}w_0 + x_{2 * p + 1}w_1 + x_{2 * p + 2}w_2$$" for p in (0, 1, 2)]
    said = PAIRS[3][0]
    for forward, wrong in (("\n\n".join(lines), 0), ("", 1)):
        found = check(f"{forward}\n\n{said}\n")
        assert sum(len(report.sentences) for report in found.reports) == wrong


def test_a_wrong_sentence_fails_and_is_ignored_by_its_code(tmp_path, monkeypatch, capsys):
    from symconv.__main__ import main

    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text(
        f"$y_0 = x_0w_0 + x_1w_1$ $y_1 = x_1w_0 + x_2w_1$\n\n{PAIRS[0][0]}"
    )
    assert main(["check", "a.md", "--format", "concise"]) == 1
    assert "a.md:3:5: SC250 one zero less" in capsys.readouterr().out
    assert main(["check", "a.md", "--ignore", "SC25"]) == 0
    assert "2 agree, 0 wrong, 0 not judged" in capsys.readouterr().out


@pytest.mark.parametrize(
    "part", ["number of zeros between ", "convolution of the input with ", "full convolution "]
)
def test_hostile_prose_ends_in_time(part):
    started = process_time()
    list(sentences(part * 5_000, []))
    assert process_time() - started < 2
