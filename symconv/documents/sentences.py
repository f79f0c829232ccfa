"""Sentences that lectures get wrong: a closed list of patterns, each false whatever the sizes are.

What is denied, supposed or quoted is no claim of the document, and what the example beside it makes
true is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from symconv.documents.notation.reading import Region
from symconv.documents.source.place import Place
from symconv.documents.verdicts.verdict import WRONG, EquationVerdict, Finding
from symconv.geometry import Axis

SENTENCE = "sentence"
_GAP = r"(?:(?!(?<!that\s)(?<!which\s)\b(?:is|are|equals?)\b)(?:[^.!?;:\n]|\n(?!\s*\n))){0,60}?"
_EQUALS = r"(?:equals?|(?:is|are) (?:equal to|the same as|exactly|given by|just|simply)|is|are)"
_LESS = r"(?![\w)}$*]*[\s,$]*(?:minus|less|-|−|–|divided|times|/))"
_TENSOR = r"(?: (?:tensor|image|feature maps?|activations?|map|matrix))?"
_BY = r"(?:with respect to|w\.?r\.?t\.?|of|for)"
_FILTER = r"(?:filters?|kernels?|weights?|filter weights?|weight tensor)"
_ZEROS = r"(?:number|amount) of (?:\w+ )?zero(?:e?s)?\b"
_OPERANDS = {
    "dY": rf"(?:output|upstream|loss|incoming|error) (?:gradient|error|delta|signal)s?{_TENSOR}"
    rf"|gradient (?:of the loss )?{_BY} the outputs?{_TENSOR}",
    "dX": rf"input gradients?{_TENSOR}|gradient (?:of the loss )?{_BY} the inputs?{_TENSOR}",
    "X": rf"(?:layer |original )?inputs?{_TENSOR}(?! gradient)",
    "F": rf"(?:(?:rotated|flipped|transposed) )?{_FILTER}(?! gradient)"
    rf"(?: (?:rotated|flipped) by 180 ?(?:degrees|°))?",
}
_RESULTS = {
    "dF": rf"(?:{_FILTER}(?:'s?)? gradients?|gradients? (?:of the loss )?{_BY} the {_FILTER})",
    "dX": rf"(?:inputs?(?:'s?)? gradients?|gradients? (?:of the loss )?{_BY} the inputs?)",
}
_NEEDED = {"dF": {"X", "dY"}, "dX": {"F", "dY"}}
_MADE = {
    "dF": "the filter's gradient is made of the input and the output's gradient",
    "dX": "the input's gradient is made of the filter and the output's gradient",
}
_TWICE = (
    "two gradients are never convolved with each other: the filter's gradient takes the input, the "
    "input's the filter"
)


def _operand(which: str) -> str:
    parts = "|".join(f"(?P<{which}{role}>{words})" for role, words in _OPERANDS.items())
    version = r"(?:a |the )?(?:(?:dilated|padded|zero-padded|rotated|flipped) (?:version of )?)*"
    return rf"{version}(?:the )?(?:{parts})"


_CONVOLVED = (
    r"(?:cross-?)?(?:convolution|correlation)(?: operation)? (?:of|between) "
    rf"{_operand('a')} (?:with|and|by|over) {_operand('b')}\b"
)
_ADVERBS = r"(?:just |simply |again |also |nothing but |itself )?"
_AS = (
    r"(?:is|equals|can be (?:computed|obtained|written|found) (?:as|by)"
    r"|is (?:computed|obtained|given) (?:as|by))"
)


def _pads_by_the_stride(axis: Axis) -> bool:
    return axis.extent - 1 == axis.stride


@dataclass(frozen=True, slots=True)
class FalseSentence:
    """A sentence that is false.

    Attributes:
        needs: words without which it cannot stand in a document.
        pattern: what it looks like; a space stands for any space within a paragraph.
        message: what is right.
        spares: what an axis of an example has where it is true; None for what is never true.
    """

    needs: tuple[str, ...]
    pattern: str
    message: str
    spares: Callable[[Axis], bool] | None = None


MISTAKES = (
    FalseSentence(
        ("zero", "stride"),
        rf"{_ZEROS}(?! padd){_GAP}\b(?:between|insert|interleav)\w*"
        rf"{_GAP} {_EQUALS} the strides?\b{_LESS}",
        "one zero less than the stride stands between neighbours",
    ),
    FalseSentence(
        ("zero", "stride"),
        r"\b(?:insert|put|add|interleav)\w* stride (?:many )?zero(?:e?s)? between",
        "one zero less than the stride stands between neighbours",
    ),
    FalseSentence(
        ("zero", "stride"),
        rf"{_ZEROS}{_GAP}\b(?:pad\w*|(?:either|each|every) side)"
        rf"{_GAP} {_EQUALS} the strides?\b{_LESS}",
        "a full convolution pads by the extent of the filter less one, whatever the stride is",
        spares=_pads_by_the_stride,
    ),
    FalseSentence(
        ("full", "convolution"),
        rf"full convolution{_GAP} pad\w* (?:by|with|of) the (?:{_FILTER}|filter's|kernel's) size\b"
        rf"{_LESS}",
        "a full convolution pads by the extent of the filter less one",
    ),
    FalseSentence(
        ("rotat", "by"),
        rf"(?:rotat\w+ the {_FILTER}|{_FILTER}{_GAP} rotated) by (?:90|270|360) ?(?:degrees|°)"
        rf"{_GAP}(?:gradient|backprop|backward)",
        "the filter is rotated by 180 degrees",
    ),
    FalseSentence(
        ("transposed", "inverse"),
        r"transposed convolution(?:al layer)?s? (?:is|are|computes?|performs?) "
        r"(?:exactly |simply |just )?the inverse (?:of|operation)",
        "a transposed convolution is the gradient of a convolution, and no inverse: it has the "
        "shape of the input, not its values",
    ),
    FalseSentence(("gradient",), rf"\b{_CONVOLVED}", ""),
)
"""The sentences; the last is judged by its operands."""
_COMPILED = [(re.compile(m.pattern.replace(" ", r"\s+"), re.IGNORECASE), m) for m in MISTAKES]
_RESULT = re.compile(
    (
        "(?:" + "|".join(f"(?P<{role}>{words})" for role, words in _RESULTS.items()) + ")"
        rf" {_AS} {_ADVERBS}(?:a|the)? ?(?:\w+ ){{0,2}}$"
    ).replace(" ", r"\s+"),
    re.IGNORECASE,
)
_ENDS = re.compile(r"(?<!\.t)[.!?;]\s|\n\s*\n|^\s*[-*+>#]", re.MULTILINE)
_NO_CLAIM = re.compile(
    r"\b(?:not|never|no|wrong|false|mistake\w*|incorrect\w*|myth|misconception|unless|if|when|where"
    r"|only|suppose|example|e\.g|here|instead|rather|often|sometimes)\b|n't\b|[\"“”«»]",
    re.IGNORECASE,
)
_LONGEST = 400
"""So far before a pattern its sentence may begin, and end behind it."""


def sentences(prose: str, regions: Sequence[Region]) -> Iterator[EquationVerdict]:
    """Yield the verdict wrong on each sentence of the list.

    Args:
        prose: the document, with what is no prose blanked.
        regions: the notations of its examples.
    """
    readings = [reading for region in regions for reading in region.readings]
    axes = [axis for reading in readings for axis in reading.geometry.axes]
    known = prose.casefold()
    for pattern, mistake in _COMPILED:
        there = all(word in known for word in mistake.needs)
        for found in pattern.finditer(prose) if there else ():
            before = _begun(prose, found.start())
            message = mistake.message or _wrong_operands(before, found)
            spared = mistake.spares is not None and any(map(mistake.spares, axes))
            whole = before + found.group() + _ended(prose, found.end())
            if message and not spared and not _NO_CLAIM.search(whole):
                place = Place(*found.span())
                finding = Finding("SC250", place, message)
                yield EquationVerdict(WRONG, SENTENCE, place, findings=(finding,))


def _begun(prose: str, start: int) -> str:
    """Return what stands of a sentence before a place."""
    before = prose[max(0, start - _LONGEST) : start]
    ends = [found.end() for found in _ENDS.finditer(before)]
    return before[ends[-1] if ends else 0 :]


def _ended(prose: str, end: int) -> str:
    """Return what stands of a sentence behind a place."""
    behind = prose[end : end + _LONGEST]
    ends = _ENDS.search(behind)
    return behind[: ends.start()] if ends else behind


def _wrong_operands(before: str, found: re.Match[str]) -> str:
    """Return what is wrong with what is convolved with what, "" where nothing is known to be."""
    pair = {role for role in _OPERANDS for which in "ab" if found[which + role]}
    if pair == {"dX", "dY"}:  # their correlation may be one of statistics
        return _TWICE if found.group().casefold().startswith("conv") else ""
    result = _RESULT.search(before)
    if result is None or "dX" in pair:  # an input gradient may be one that comes in
        return ""
    role = next(role for role in _RESULTS if result[role])
    return "" if pair == _NEEDED[role] else _MADE[role]
