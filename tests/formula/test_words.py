"""One table of letters and operators: nothing else in the package lists them."""

import ast
import re
from pathlib import Path

import pytest

from symconv.formula import words
from symconv.formula.operators import BUILDERS
from symconv.formula.words import (
    AXES,
    CALLED,
    LETTERS,
    SIZES,
    TENSOR_OPERATORS,
    Role,
    axes,
    letters,
    letters_on,
    moved_to,
    values,
)
from symconv.geometry import Geometry

TABLE = Path(words.__file__)
PACKAGE = TABLE.parent.parent

RUNS = {"".join(letters(role, rank=rank)) for role in SIZES for rank in (2, 3)}
"""Letters for one thing, written as one word; other words of small letters are just words."""


def together(tree: ast.AST) -> list[tuple[int, list[str]]]:
    """Return the texts that stand together, in a display, a call, a pattern or one string."""
    groups: list[tuple[int, list[str]]] = []
    for node in ast.walk(tree):
        match node:
            case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
                groups.append((node.lineno, texts(parts)))
            case ast.Dict(keys=keys, values=entries):
                pairs = (texts(pair) for pair in zip(keys, entries, strict=True))
                groups += [(node.lineno, each) for each in (texts(keys), texts(entries), *pairs)]
            case ast.Call(args=args, keywords=keywords):
                groups.append((node.lineno, texts([*args, *(k.value for k in keywords)])))
            case ast.MatchOr(patterns=patterns):
                parts = [p.value for p in patterns if isinstance(p, ast.MatchValue)]
                groups.append((node.lineno, texts(parts)))
            case ast.Constant(value=str(text)):
                named = {*letters(*Role), *CALLED}
                spelled = [*text] if any(c.isupper() for c in text) or text in RUNS else []
                for parts in (spelled, re.split(r"[\s,]+", text)):
                    if named.issuperset(parts) and len({*parts}) == len(parts):
                        groups.append((node.lineno, parts))
    return groups


def texts(parts: list[ast.expr | None]) -> list[str]:
    """Return the parts that are strings."""
    return [p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)]


def lists_words(group: list[str]) -> bool:
    """Whether two axes' letters for one thing, an axis' sizes, or two operators are listed."""
    sizes = (*SIZES, Role.REMAINDER)
    twins = any({*letters(role)} <= {*group} for role in sizes)
    axes = ({*letters_on(k, *sizes)} & {*group} for k in AXES)
    row = any(LETTERS[Role.INPUT][k] in axis and len(axis) > 2 for k, axis in enumerate(axes))
    return twins or row or len({*group} & {*CALLED}) > 1


def listings(source: str) -> list[str]:
    """Return where a module lists letters or operators."""
    groups = together(ast.parse(source))
    return [f"line {line}: {', '.join(group)}" for line, group in groups if lists_words(group)]


OTHERS = {
    "implementations/layouts.py",  # NCHW, HW: the orders of axes that people use
    "implementations/source.py",  # what people call their functions: conv, correlate, backward
    "programs/expressions.py",  # functions of Python: min, max, range
    "programs/library.py",  # functions of numpy and Python that are read
}
"""Modules that list words of others."""


def test_nothing_but_the_table_lists_letters_or_operators():
    found = {
        str(path.relative_to(PACKAGE)): listings(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != TABLE and str(path.relative_to(PACKAGE)) not in OTHERS
    }
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line",
    [
        "TWINS = {'H': 'W'}",
        "TWINS = {'H': 'W', 'R': 'S', 'u': 'v'}",
        "for letter in 'HWRSPQuv': pass",
        "for letter in 'H W R S'.split(): pass",
        "zip('uv', strides)",
        "AMOUNTS = ('pt', 'pb', 'pl', 'pr')",
        "H, R, u, d = (Name(name) for name in ['H', 'R', 'u', 'd'])",
        "dict(zip(('rem_H', 'rem_W'), rests))",
        "if name in {'pad', 'crop'}: pass",
        "USAGE = {'pad': 'pad(T, 1)', 'dilate': 'dilate(T, 2)'}",
        "match name:\n    case 'min' | 'max': pass",
    ],
)
def test_a_listing_is_found(line):
    assert listings(line) != []


@pytest.mark.parametrize(
    "line",
    [
        "('x', 'f', 'y')",
        "Name('H')",
        "'H and W'",
        "{'R', 'D'}",
        "['HTML', 'HW2', 'uvw', 'slide', 'end']",
    ],
)
def test_other_words_are_no_listing(line):
    assert listings(line) == []


def test_every_role_has_one_letter_for_each_axis_and_no_letter_has_two_roles():
    assert [*LETTERS] == [*Role]
    assert {len(row) for row in LETTERS.values()} == {len(axes(3))}
    assert len({*letters(*Role, rank=3)}) == len(letters(*Role, rank=3))


def test_letters_move_to_another_axis_and_back():
    there, back = moved_to(1, Role), moved_to(0, Role)
    assert [*there.values()] == [*letters_on(1, *Role)]
    assert {back[letter]: letter for letter in back} == there


def test_a_geometry_gives_every_letter_its_own_number():
    geometry = Geometry.of((20, 21), (3, 4), (5, 6), ((9, 10), (11, 12)), (2, 1), (7, 8))
    assert values(geometry) == {
        "H": 20, "R": 3, "u": 5, "d": 2, "lh": 7, "pt": 9, "pb": 10,
        "W": 21, "S": 4, "v": 6, "e": 1, "lw": 8, "pl": 11, "pr": 12,
    }  # fmt: skip
    three = values(Geometry.of((9, 8, 7), (1, 2, 3)))
    assert {letter: three[letter] for letter in letters(Role.INPUT, rank=3)} == {
        "D": 9, "H": 8, "W": 7,
    }  # fmt: skip


def test_every_operator_that_makes_a_tensor_is_built_and_shown():
    assert [*BUILDERS] == [*TENSOR_OPERATORS]
    assert all(operator.usage.startswith(f"{operator.name}(") for operator in BUILDERS)


@pytest.mark.parametrize(
    ("operator", "said"),
    [
        (words.PAD, "padded"),
        (words.DILATE, "dil"),
        (words.DILATE, "upsampling"),
        (words.ROTATE, "rot"),
        (words.CONVOLVE, "convolution"),
    ],
)
def test_an_operator_is_known_by_its_synonyms(operator, said):
    assert re.fullmatch(operator.spellings, said)
    assert said.startswith(operator.stems)
    assert not re.fullmatch(operator.spellings, "paddock")
