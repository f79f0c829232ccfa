"""Edges that words say to be repeated, mirrored or continued: their sums are judged so."""

from __future__ import annotations

import re

import pytest

from symconv.documents.check import check
from symconv.documents.fix import mend
from symconv.documents.source.text import Document

KINDS = {
    "replicate": lambda m, n: min(max(m, 0), n - 1),
    "reflect": lambda m, n: -m if m < 0 else 2 * (n - 1) - m if m >= n else m,
    "symmetric": lambda m, n: -1 - m if m < 0 else 2 * n - 1 - m if m >= n else m,
    "circular": lambda m, n: m % n,
}
WORDS = {
    "replicate": ["Edges are replicated:", "The border values are repeated.",
                  "With replicate padding", "We pad with replicated values"],
    "reflect": ["The boundary is mirrored.", "Reflection padding:", "Mirrored at the edges,"],
    "symmetric": ["Symmetric padding:", "With mirrored boundaries"],
    "circular": ["Circular padding:", "With periodic boundaries",
                 "Values wrap around at the ends", "Cyclic convolution:",
                 "The signal is periodic."],
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


def gradients(kind: str, size: int = 5, filter_: int = 3) -> list[str]:
    """Return the gradients of input and filter, by plain loops over what meets."""
    sums: dict[str, list[str]] = {}
    for p in range(size):
        for r in range(filter_):
            m = KINDS[kind](p + r - filter_ // 2, size)
            for wrt, other in ((f"x_{m}", f"w_{r}"), (f"w_{r}", f"x_{m}")):
                factors = rf"\frac{{\partial L}}{{\partial y_{p}}} {other}"
                sums.setdefault(wrt, []).append(factors)
    return [rf"$$\frac{{\partial L}}{{\partial {wrt}}} = {' + '.join(terms)}$$"
            for wrt, terms in sums.items()]  # fmt: skip


@pytest.mark.parametrize(("kind", "words"), [(k, w) for k, said in WORDS.items() for w in said])
def test_what_words_say_of_the_edges_holds(kind, words):
    lines = [*equations(kind), *gradients(kind)]
    text = f"{words}\n\n" + "\n\n".join(lines) + "\n"
    found = report(text)
    assert {j.verdict for j in found.judgements} == {"agree"}
    assert len({j.scope for j in found.judgements}) == 2
    assert mend(found).text == text
    moved = re.sub(r"l y_(\d)", lambda m: f"l y_{(int(m[1]) + 2) % 5}", lines[5], count=1)
    for k, slip in ((0, lines[0].replace("w_2", "w_1")), (5, moved)):
        slip = report(text.replace(lines[k], slip)).judgements[k]
        assert slip.verdict == "not-judged"
        assert slip.reason.endswith("how these edges are treated is not judged")


@pytest.mark.parametrize("kind", KINDS)
def test_other_words_than_those_of_the_sums_leave_them_open(kind):
    text = "\n\n".join(equations(kind, 9, 5)) + "\n"
    for other in sorted({*KINDS} - {kind}):
        # What is mirrored may be reflected or symmetric.
        words = next(said for said in WORDS[other] if "irrored" not in said)
        found = report(f"{words}\n\n{text}")
        assert [j.verdict for j in found.judgements].count("not-judged") >= 2


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
