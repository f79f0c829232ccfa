"""Where mathematics stands in Markdown, held against markdown-it: a scanner that shares nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from symconv.documents.source.spans import layout
from symconv.documents.source.text import Document

LINES = [
    "so $x_{00}$ is read",
    "a tensor, and \\$3 in prose",
    "the code `$a_1$` here",
    "two ticks ``a ` $b$`` here",
    "after a protected bar \\\\$n$",
    "$a\\$b$ and $c$",
    "| $i_1$ | $j$ |",
    "# A head with $k_1$",
    "> a quote with $f_{3}$",
    "- an item with $e_{2}$",
    "<b>$p$</b> and **$r$** and [link $q$](u)",
    "$x`$ holds a tick",
    "",
]
BLOCKS = [
    "$$\ny_{0} = x_{1}\n$$",
    "$$y = x f$$",
    "```\n$c_{1}$\n```",
    "~~~python\n$d$\n``\n~~~",
    "> ```\n> $g$\n> ```",
    "1. one\n   ````\n   $h$\n   ```\n   ````",
    "- item\n\n  ```\n  $h$\n  ```\n  $l$ in the item",
]
MONEY = "it costs $5 today"
"""Read apart: what a dollar of money opens is a matter of taste."""


def expected(text: str) -> list[str]:
    """The mathematics that markdown-it finds, without its spaces."""
    parser = MarkdownIt("commonmark").use(dollarmath_plugin, allow_digits=False, double_inline=True)

    def walk(tokens):
        for token in tokens:
            if token.type.startswith("math"):
                yield "".join(token.content.split())
            yield from walk(token.children or ())

    return list(walk(parser.parse(text)))


def found(text: str) -> list[str]:
    spans = layout(Document("notes", "markdown", text)).spans
    return ["".join(text[span.start : span.end].split()) for span in spans]


@given(st.lists(st.sampled_from([*LINES, *BLOCKS]), max_size=8))
def test_spans_are_those_of_markdown(parts):
    text = "\n".join(f"{part}\n" if part in BLOCKS else part for part in parts) + "\n"
    assert found(text) == expected(text), text


@pytest.mark.parametrize("block", [b for b in BLOCKS if not b.startswith("$$")])
def test_a_lone_dollar_before_code_opens_nothing(block):
    text = f"{MONEY}\n{block}\n\nso $x_{{1}}$\n"
    assert found(text) == [*(["l"] if "$l$" in block else []), "x_{1}"]


def test_a_lone_dollar_before_a_span_of_code_opens_nothing():
    assert found(f"{MONEY}, ``a ` $b$``, and $x_{{1}}$") == ["x_{1}"]
