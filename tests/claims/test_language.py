"""What is said of the words of claims: of each of them, and with examples that show it."""

import re

import pytest

from symconv.claims.language import LANGUAGE, Kind, find, unknown
from symconv.claims.verdict import Verdict
from symconv.formula.vocabulary import GENERAL, vocabulary
from symconv.formula.words import CALLED, LEADING, MEANT, RANKS, SIZES, letters
from symconv.proof.prover import judge
from symconv.telling.words import VERDICTS

WORDS = {kind: [each.word for each in LANGUAGE if each.kind is kind] for kind in Kind}
EXAMPLES = [
    pytest.param(each, stated, id=f"{each.word}: {stated.statement}")
    for each in LANGUAGE
    for stated in each.examples
]


def test_every_word_is_explained():
    words = vocabulary(GENERAL)
    assert {*WORDS[Kind.OPERATOR]} == {*CALLED}
    assert {*WORDS[Kind.TENSOR]} == {*words.leaves, *words.tensors}
    sizes = {letter for rank in RANKS for letter in letters(*SIZES, rank=rank)}
    assert {*WORDS[Kind.SIZE]} == sizes | {axis.size for axis in LEADING}
    assert {*WORDS[Kind.GENERAL]} == {*GENERAL}
    assert {*VERDICTS.values()} <= {*WORDS[Kind.VERDICT]}
    assert all(each.examples for each in LANGUAGE if each.kind is Kind.OPERATOR)


@pytest.mark.parametrize(("word", "stated"), EXAMPLES)
def test_an_example_shows_its_word_and_is_judged(word, stated):
    named = {Kind.VERDICT: "=="}.get(word.kind, word.word)
    assert re.search(rf"(?<!\w){re.escape(named)}(?!\w)", stated.statement)
    verdict = judge(stated).verdict
    expected = {shown: kept for kept, shown in VERDICTS.items()}.get(word.word)
    if expected is None:
        assert verdict is not Verdict.NOT_JUDGED
    else:
        assert verdict is expected


def test_shapes_are_those_of_the_vocabulary():
    words = vocabulary(("channels", "groups", "bias"))
    for each in LANGUAGE:
        if each.kind is Kind.TENSOR and each.word in words.leaves:
            own = [size for size in words.leaves[each.word] if f"{size.name}" not in "NGKC"]
            named = own or words.leaves[each.word]
            assert each.shape == f"({', '.join(size.name for size in named)})"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("pad", ["pad"]), ("pad()", ["pad"]), ("PAD", ["pad"]), ("conv2d", ["correlate"]),
        ("flip", ["rotate"]), ("dW", ["dF"]), ("not-judged", ["NOT JUDGED"]),
        ("not judged", ["NOT JUDGED"]), ("proved", ["PROVED"]), ("crop", ["crop", "crop"]),
        ("u", ["u"]), ("U", []), ("D", ["D"]), ("d", ["d"]), ("nothing", []), ("", []),
    ],
)  # fmt: skip
def test_a_word_is_found_as_it_is_asked_for(asked, found):
    assert [each.word for each in find(asked)] == found


def test_what_others_say_is_ours():
    assert all(find(word) for word in MEANT)


def test_a_word_is_suggested_only_if_it_looks_alike():
    assert "did you mean rotate?" in str(unknown("rotat", ()))
    assert "did you mean SC201?" in str(unknown("SC20l", ["SC201"]))
    for word in ("q", "zzzz", "qp", "backpropagation"):
        assert "did you mean" not in str(unknown(word, ()))
