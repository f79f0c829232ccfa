"""Edges that words say to be repeated, mirrored or continued: their sums are not called wrong."""

from __future__ import annotations

import pytest

from symconv.documents.check import check
from symconv.documents.fix import mend
from symconv.documents.source.text import Document

KINDS = {
    "replicate": lambda m, n: min(max(m, 0), n - 1),
    "reflect": lambda m, n: -m if m < 0 else 2 * (n - 1) - m if m >= n else m,
    "circular": lambda m, n: m % n,
}
WORDS = {
    "replicate": ["Edges are replicated:", "The border values are repeated.",
                  "With replicate padding", "We pad with replicated values"],
    "reflect": ["The boundary is mirrored.", "Reflection padding:", "Mirrored at the edges,"],
    "circular": ["Circular padding:", "With periodic boundaries",
                 "Values wrap around at the ends", "Cyclic convolution:"],
}  # fmt: skip


def equations(kind: str, size: int = 5, filter_: int = 3) -> list[str]:
    half = filter_ // 2
    return [
        f"$$y_{p} = "
        + " + ".join(f"x_{KINDS[kind](p + r - half, size)} w_{r}" for r in range(filter_))
        + "$$"
        for p in range(size)
    ]


def report(text: str):
    return check(Document("notes", "markdown", text))


@pytest.mark.parametrize(("kind", "words"), [(k, w) for k, said in WORDS.items() for w in said])
def test_what_words_say_of_the_edges_keeps_them_from_being_wrong(kind, words):
    text = f"{words}\n\n" + "\n\n".join(equations(kind)) + "\n"
    found = report(text)
    assert found.count("wrong") == 0
    assert [j.verdict for j in found.judgements][1:-1] == ["agree"] * 3
    assert mend(found).text == text


@pytest.mark.parametrize("kind", KINDS)
def test_without_words_they_are_held_to_zeros(kind):
    text = "\n\n".join(equations(kind)) + "\n"
    assert report(text).count("wrong") == 2
    other = f"## Here\n\nThe edges are replicated.\n\n## There\n\n{text}"
    assert report(other).count("wrong") == 2


def test_a_window_inside_is_judged_all_the_same():
    text = "Edges are replicated:\n\n" + "\n\n".join(equations("replicate", 9))
    slip = text.replace("x_2 w_1", "x_3 w_1")
    assert slip != text
    found = report(slip)
    assert [j.verdict for j in found.judgements].count("wrong") == 1


@pytest.mark.parametrize(
    "words",
    ["The filter is reflected, the edges are zero.", "This is repeated for every output.",
     "<!-- replicate padding -->", "Weights are mirrored by 180 degrees."],
)  # fmt: skip
def test_other_words_say_nothing_of_edges(words):
    text = f"{words}\n\n" + "\n\n".join(equations("replicate"))
    assert report(text).count("wrong") == 2
