"""Errors in one line, and numbers that agree with what they count."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from symconv.errors import PLURALS, InternalError, TooLargeError, described, how_many, traced

PACKAGE = Path(__file__).parent.parent / "symconv"
NOUNS = {
    "argument", "axis", "case", "cell", "channel", "choice", "claim", "column", "condition",
    "document", "element", "entry", "equation", "error", "fault", "file", "filter", "frame",
    "image", "index", "obligation", "other", "output", "part", "product", "row", "size", "step",
    "term", "use", "window",
}  # fmt: skip
"""What symconv counts; `how_many` is asked for these, and nobody counts them by hand."""


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [
        (0, "claim", "0 claims"),
        (1, "claim", "1 claim"),
        (2, "claim", "2 claims"),
        (1, "random size", "1 random size"),
        (1374, "more equation", "1,374 more equations"),
        (1, "axis", "1 axis"),
        (3, "axis", "3 axes"),
        (2, "index", "2 indices"),
        (2, "entry", "2 entries"),
    ],
)
def test_a_number_and_its_noun_agree(number, noun, said):
    assert how_many(number, noun) == said


def modules():
    """Yield each module's path and its syntax."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE), ast.parse(path.read_text(encoding="utf-8"))


def counted_by_hand(tree):
    """Yield each text in which a value stands before a noun in the plural."""
    plurals = "|".join(sorted({PLURALS.get(noun, f"{noun}s") for noun in NOUNS}))
    begins = re.compile(rf" (?:(?:more|random|small) )?(?:{plurals})\b")
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            for value, text in zip(node.values, node.values[1:], strict=False):
                if (
                    isinstance(value, ast.FormattedValue)
                    and isinstance(text, ast.Constant)
                    and (found := begins.match(text.value))
                    and not ast.unparse(value.value).isupper()  # a constant, and above 1
                ):
                    yield f"{{{ast.unparse(value.value)}}}{found[0]}"
        if isinstance(node, ast.IfExp):
            ends = [
                each.value for each in (node.body, node.orelse) if isinstance(each, ast.Constant)
            ]
            if sorted(ends, key=str) == ["", "s"]:
                yield ast.unparse(node)


OTHERS = {
    "documents/formulas/relation.py": ["{extents} elements"],
    "figures/subject.py": ["{size} cells"],
    "proof/takeaways.py": ["{times(every)} outputs"],
    "tensors/places.py": ["{by(shape)} elements"],
}
"""Shapes, such as 3x3, in place of numbers."""


def test_nobody_counts_by_hand():
    found = {str(path): list(counted_by_hand(tree)) for path, tree in modules()}
    assert {path: texts for path, texts in found.items() if texts} == OTHERS


def test_what_counts_by_hand_is_found():
    tree = ast.parse(
        "f'{n} claims'; f'{len(x):,} more equations: {y}'; f'{n} of {m} axes'; f'{n}s'"
    )
    assert list(counted_by_hand(tree)) == ["{n} claims", "{len(x)} more equations", "{m} axes"]
    assert list(counted_by_hand(ast.parse("f'{n} claim' + ('' if n == 1 else 's')")))


def test_every_noun_that_is_counted_is_known():
    nouns = set()
    for _, tree in modules():
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name("how_many"), args=[_, ast.Constant(str(noun))]):
                    nouns.add(noun.split()[-1])
    assert nouns <= NOUNS
    assert len(nouns) > 10


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TooLargeError("a\n b"), "a b"),
        (InternalError("x contradicts y"), "x contradicts y"),
        (MemoryError(), "out of memory; use smaller sizes"),
        (
            KeyError("H"),
            "internal error: KeyError: 'H'; please report this (SYMCONV_DEBUG=1 shows where)",
        ),
        (
            AssertionError(),
            "internal error: AssertionError; please report this (SYMCONV_DEBUG=1 shows where)",
        ),
    ],
)
def test_an_error_is_one_line(error, said):
    assert described(error) == said


@pytest.mark.parametrize("error", [KeyError("H"), InternalError("no"), TooLargeError("no")])
@pytest.mark.parametrize("debug", [None, "", "0", "1"])
def test_a_traceback_is_shown_to_those_who_debug_symconv(monkeypatch, capsys, error, debug):
    if debug is None:
        monkeypatch.delenv("SYMCONV_DEBUG", raising=False)
    else:
        monkeypatch.setenv("SYMCONV_DEBUG", debug)
    assert traced(error) is error
    shown = debug == "1" and not isinstance(error, TooLargeError)
    assert bool(capsys.readouterr().err) == shown
