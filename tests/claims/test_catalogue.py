from __future__ import annotations

import io
from pathlib import Path

import pytest

from symconv.claims.catalogue import entries, load
from symconv.claims.theorems import theorems
from symconv.claims.verdict import Verdict
from symconv.errors import ParseError

FILE = """# a comment
[[claim]]
id = "one"
statement = '''
rotate(rotate(X))
    == X'''
note = "Twice is  nothing."

[[claim]]
note = "id = 'two' is not here"
statement = "rotate(X) == X"
where = ["H >= 2"]
expected = "refuted"
id = 'two'
"""


def test_a_file_gives_its_claims_with_their_lines() -> None:
    one, two = entries(FILE, "claims.toml")
    assert (one.claim.id, one.line, one.claim.expected) == ("one", 3, Verdict.PROVED)
    assert one.claim.statement == "rotate(rotate(X)) == X"
    assert one.note == "Twice is nothing."
    assert (two.claim.id, two.line, two.claim.expected) == ("two", 14, Verdict.REFUTED)
    assert two.stated.claim(two.claim.expected) == two.claim


def test_a_folder_is_read_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "z.toml").write_text(FILE)
    (tmp_path / "a.toml").write_text(FILE)
    (tmp_path / "readme.md").write_text("no claims")
    found = load([tmp_path])
    assert [Path(entry.file).name for entry in found] == ["a.toml"] * 2 + ["z.toml"] * 2


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(FILE.encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    assert [entry.file for entry in load(["-"])] == ["-", "-"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no [[claim]]"),
        ("x", "no TOML"),
        ("a = " + "[" * 5000, "no TOML"),
        ("claims = 1", "unknown key claims"),
        ("[claim]\nid = 'a'", "two brackets"),
        ("[[claim]]\nstatement = 'X == X'", "f.toml:1: claim (without id): id is missing"),
        ("[[claim]]\nid = 'a'", "f.toml:2: claim a: statement is missing"),
        ("[[claim]]\nid = 'a b'\nstatement = 'X == X'", "an id is made of"),
        (
            "\n[[claim]]\nid = 'a'\nstatement = 'X == x'",
            "f.toml:3: claim a: column 6: unknown tensor x",
        ),
        ("[[claim]]\nid = 'a'\nstatment = 'X == X'", "did you mean statement?"),
        ("[[claim]]\nid = 'a'\nstatement = 1", "statement has to be a text"),
        ("[[claim]]\nid = 'a'\nstatement = 'X == X'\nwhere = 'H == 1'", "a list of texts"),
        ("[[claim]]\nid = 'a'\nstatement = 'X == X'\nwhere = [1]", "a list of texts"),
        ("[[claim]]\nid = 'a'\nstatement = 'X == X'\nwhere = ['h == 1']", "where 'h == 1'"),
        ("[[claim]]\nid = 'a'\nstatement = 'X == X'\nexpected = 'true'", "one of proved, refuted"),
        ("[[claim]]\nid = 'a'\nstatement = 'X == X'\ntensors = { G = 1 }", "the shape of G"),
        ("[[claim]]\nid = 'a'\nstatement = 'X == X'\nintegers = { k = 1.5 }", "is no range"),
        (
            "[[claim]]\nid = 'a'\nstatement = 'X == X'\n[[claim]]\nid = 'a'\nstatement = 'X == X'",
            "f.toml:5: the id a is used in line 2",
        ),
    ],
)
def test_a_bad_file_is_named_with_line_and_id(text: str, words: str) -> None:
    with pytest.raises(ParseError) as raised:
        entries(text, "f.toml")
    assert words in str(raised.value)
    assert str(raised.value).startswith("f.toml")
    assert len(str(raised.value).splitlines()) == 1


def test_files_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match="No such file"):
        load([tmp_path / "missing.toml"])
    with pytest.raises(ParseError, match="no claim files"):
        load([tmp_path])
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ParseError, match="not UTF-8"):
        load([tmp_path])


def test_every_theorem_is_stated_once_and_said_what_it_is() -> None:
    ids = [entry.claim.id for entry in theorems()]
    assert len(set(ids)) == len(ids)
    assert all(entry.note for entry in theorems())
    assert {"input-gradient", "filter-gradient", "forward", "transposed-convolution"} <= set(ids)
