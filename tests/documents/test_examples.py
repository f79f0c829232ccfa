"""Documents that change their example under the same letters: each is judged by its own sizes."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from documents.styles import STYLES, Style, sizes
from documents.test_corpus import MUTATIONS

from symconv.documents.check import check
from symconv.documents.source.text import Document

IDS = [style.name for style in STYLES]


def several(style: Style, rng: random.Random) -> list[Style]:
    """The style with three examples that are large enough to speak for themselves."""

    def each(low: int, high: int) -> tuple[int, ...]:
        return tuple(rng.randint(low, high) for _ in style.sizes.input)

    found: list[Style] = []
    while len(found) < 3:
        size = sizes(each(5, 6), each(2, 3), each(1, 2), each(0, 1))
        if min(size.output) > 2 and (not found or found[-1].sizes.filter != size.filter):
            found.append(replace(style, sizes=size))
    return found


def verdicts(examples: list[Style], lines: list[str]) -> list[str]:
    style, middle = examples[0], "\n\nNow another example.\n\n"
    cuts = [len(style.lines()), len(style.lines()) + len(examples[1].lines())]
    parts = [lines[: cuts[0]], lines[cuts[0] : cuts[1]], lines[cuts[1] :]]
    text = middle.join("\n\n".join(map(style.display.format, part)) for part in parts)
    whole = f"{style.head}\n\n{text}\n\n{style.tail}\n"
    return [j.verdict for j in check(Document("notes", style.language, whole)).judgements]


@pytest.mark.parametrize("style", STYLES, ids=IDS)
def test_each_of_three_examples_agrees_by_its_own_sizes(style):
    examples = several(style, random.Random(style.name))
    lines = [line for example in examples for line in example.lines()]
    assert verdicts(examples, lines) == ["agree"] * len(lines)


@pytest.mark.parametrize("style", STYLES, ids=IDS)
def test_a_slip_in_one_of_three_examples_is_no_example_of_its_own(style):
    rng = random.Random(style.name)
    examples = several(style, rng)
    told = [(e, target, terms) for e in examples for target, terms in e.truth().items()]
    lines = [e.equation(target, terms) for e, target, terms in told]
    first = STYLES.index(style)  # so that each kind of slip has its turn
    for mutation in (*MUTATIONS[first % len(MUTATIONS) :], *MUTATIONS):
        k = rng.randrange(len(lines))
        example, target, terms = told[k]
        wrong = mutation(example, target, list(terms), rng)
        if wrong is not None and wrong != lines[k]:
            break
    found = verdicts(examples, [*lines[:k], wrong, *lines[k + 1 :]])
    assert found[k] != "agree", wrong
    assert set(found[:k] + found[k + 1 :]) == {"agree"}, wrong


def test_what_is_too_little_for_an_example_is_not_judged_by_another():
    first = sizes((6,), (3,), 1)
    second = sizes((4,), (2,), 2)
    style = replace(STYLES[IDS.index("one-axis")], sizes=first)
    lines = [*style.lines(), *replace(style, sizes=second).lines()[:2]]
    found = check(Document("notes", "markdown", style.document(lines)))
    assert [j.verdict for j in found.judgements[: len(lines) - 2]] == ["agree"] * (len(lines) - 2)
    assert "wrong" not in [j.verdict for j in found.judgements[-2:]]


@pytest.mark.parametrize("extents", [(4, 6), (6, 4)])
def test_one_filter_gradient_of_one_of_two_sizes_is_judged_by_its_own(extents):
    one, other = (
        replace(STYLES[IDS.index("one-axis")], sizes=sizes((extent,), (2,))) for extent in extents
    )
    told = [
        (style, key, terms)
        for style in (one, other)
        for key, terms in style.truth().items()
        if key[0] == "Y" or (key == ("dF", (1,)) and style.sizes.input == (4,))
        or (key == ("dX", (1,)) and style is one)
    ]  # fmt: skip
    lines = [style.equation(key, terms) for style, key, terms in told]
    k = next(k for k, (_, key, _) in enumerate(told) if key[0] == "dF")

    def found(texts: list[str]) -> list[str]:
        report = check(Document("notes", "markdown", one.document(texts)))
        return [j.verdict for j in report.judgements]

    assert found(lines) == ["agree"] * len(lines)
    style, key, terms = told[k]
    for wrong in (terms[1:], [*terms[:1], *terms[2:]], [*terms[:2], terms[1]]):
        slipped = found([*lines[:k], style.equation(key, wrong), *lines[k + 1 :]])
        assert slipped[k] != "agree"
        assert set(slipped[:k] + slipped[k + 1 :]) == {"agree"}


@pytest.mark.parametrize("second", [((5,), (2,), 1, 0), ((5,), (3,), 1, 0), ((5,), (3,), 2, 0)])
def test_an_example_too_small_to_speak_is_not_judged_by_the_next_one(second):
    first = replace(STYLES[IDS.index("one-axis")], sizes=sizes((3,), (2,), 2, 1))
    next_one = replace(first, sizes=sizes(*second))
    few, lines = first.lines(), next_one.lines()
    found = check(Document("notes", "markdown", first.document([*few, *lines])))
    assert found.count("wrong") == 0
    assert {j.verdict for j in found.judgements[len(few) :]} == {"agree"}
