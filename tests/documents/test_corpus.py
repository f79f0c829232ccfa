"""The corpus: 23 notations, every equation right, every mutant caught, every variation let be."""

from __future__ import annotations

import random
import re

import pytest
from documents.styles import STYLES, Style

from symconv.documents.check import check
from symconv.documents.source.text import Document

IDS = [style.name for style in STYLES]


def report(style: Style, lines: list[str]):
    return check(Document("notes", style.language, style.document(lines)))


def verdicts(style: Style, lines: list[str]):
    found = report(style, lines)
    return [j.verdict for j in found.judgements], found


def test_the_corpus_is_large_enough():
    assert len(STYLES) >= 12
    assert sum(len(style.lines()) for style in STYLES) >= 300


@pytest.mark.parametrize("style", STYLES, ids=IDS)
def test_every_right_equation_agrees(style):
    lines = style.lines()
    found, whole = verdicts(style, lines)
    assert found == ["agree"] * len(lines), [j for j in whole.judgements if j.verdict != "agree"]


def mutants(style: Style, rng: random.Random):
    """Yield (number of the line, what was done, the wrong line)."""
    for k, (target, terms) in enumerate(style.truth().items()):
        for what in rng.sample(MUTATIONS, 3):
            changed = what(style, target, list(terms), rng)
            if changed is not None and changed != style.equation(target, terms):
                yield k, what.__name__, changed


def one_index(style, target, terms, rng):
    if not terms:
        return None
    i = rng.randrange(len(terms))
    j = rng.randrange(len(terms[i]))
    tensor, index = terms[i][j]
    axis = rng.randrange(len(index))
    other = list(index)
    other[axis] += rng.choice([1, 2, -1] if index[axis] else [1, 2])
    factors = list(terms[i])
    factors[j] = tensor, tuple(other)
    terms[i] = tuple(factors)
    return style.equation(target, terms)


def one_term_less(style, target, terms, rng):
    if len(terms) < 2:
        return None
    terms.pop(rng.randrange(len(terms)))
    return style.equation(target, terms)


def one_term_twice(style, target, terms, rng):
    return style.equation(target, [*terms, rng.choice(terms)]) if terms else None


def one_sign(style, target, terms, rng):
    if len(terms) < 2:
        return None
    first = style.equation(target, terms[:1])
    rest = [style.product(term) for term in terms[1:]]
    return first + " - " + style.plus.join(rest)


def one_name(style, target, terms, rng):
    if not terms:
        return None
    i = rng.randrange(len(terms))
    (tensor, index), other = terms[i][-1], terms[i][0]
    wrong = {"X": "F", "F": "X"}[tensor]
    terms[i] = other, (wrong, index)
    return style.equation(target, terms)


def strange_name(style, target, terms, rng):
    if not terms:
        return None
    i = rng.randrange(len(terms))
    line = style.equation(target, terms)
    last = style.element(*terms[i][-1])
    return line[::-1].replace(
        last[::-1], style.value("q" + style.index((1,) * len(target[1])))[::-1], 1
    )[::-1]


def other_target(style, target, terms, rng):
    if len(terms) < 2:
        return None
    tensor, index = target
    extent = {"Y": style.sizes.output, "dX": style.sizes.input, "dF": style.sizes.filter}[tensor]
    axis = rng.randrange(len(index))
    other = list(index)
    other[axis] = (other[axis] + 1) % extent[axis]
    return style.equation((tensor, tuple(other)), terms)


MUTATIONS = [
    one_index, one_term_less, one_term_twice, one_sign, one_name, strange_name, other_target,
]  # fmt: skip


@pytest.mark.parametrize("style", STYLES, ids=IDS)
def test_no_mutant_agrees_and_nothing_else_turns_wrong(style):
    rng = random.Random(style.name)
    lines = style.lines()
    made = list(mutants(style, rng))
    assert len(made) > 20
    for k, what, wrong in rng.sample(made, min(len(made), 20)):
        changed = [*lines[:k], wrong, *lines[k + 1 :]]
        found, whole = verdicts(style, changed)
        assert len(found) == len(lines), (what, wrong)
        assert found[k] != "agree", (what, wrong)
        others = found[:k] + found[k + 1 :]
        assert set(others) == {"agree"}, (what, wrong)
        if what != "strange_name":
            assert found[k] == "wrong", (what, wrong, whole.judgements[k].reason)


def shuffled(style, rng):
    """Write every equation with its terms and factors in another order."""
    lines = []
    for target, terms in style.truth().items():
        terms = [tuple(rng.sample(term, len(term))) for term in terms]
        lines.append(style.equation(target, rng.sample(terms, len(terms))))
    return lines


def spaced(style, rng):
    lines = []
    for line in style.lines():
        line = re.sub(r"(?<=[+=])", lambda _: rng.choice([" ", "  ", r"\, ", r"\; ", "\n  "]), line)
        lines.append(line)
    return lines


def coloured(style, rng):
    lines = []
    for target, terms in style.truth().items():
        written = [style.product(term) for term in terms] or ["0"]
        i = rng.randrange(len(written))
        dress = rng.choice([r"\color{{red}}{{{}}}", r"{{\color{{blue}} {}}}", r"\left( {} \right)",
                            r"\textcolor{{red}}{{{}}}", r"\boxed{{{}}}", r"({})"])  # fmt: skip
        if written != ["0"]:
            written[i] = dress.format(written[i])
        lines.append(style.element(*target) + style.equals + style.plus.join(written))
    return lines


def told(style, rng):
    return [rf"\text{{Thus, }} {line}." for line in style.lines()]


def swapped_sides(style, rng):
    if "&" in style.equals:
        return style.lines()
    lines = []
    for line in style.lines():
        left, right = line.split(style.equals)
        lines.append(line if right == "0" else right + style.equals + left)
    return lines


@pytest.mark.parametrize("vary", [shuffled, spaced, coloured, told, swapped_sides])
@pytest.mark.parametrize("style", STYLES, ids=IDS)
def test_harmless_variations_agree(style, vary):
    lines = vary(style, random.Random(7))
    found, whole = verdicts(style, lines)
    assert found == ["agree"] * len(lines), [
        (j, whole.document.text[j.place.start : j.place.end])
        for j in whole.judgements
        if j.verdict != "agree"
    ][:3]
