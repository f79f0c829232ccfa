"""Python source as it is usually laid out: a call, a definition, a module of definitions.

What fits a line stands on one; else what is in the brackets stands on a line of its own, or, where
that is too long, each part of it does.  This is the layout of ruff and black, so that an exported
module need not be formatted again.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH = 88
"""The longest line: what formatters take where nobody says another."""

INDENT = "    "


@dataclass(frozen=True, slots=True)
class Bracketed:
    """An expression with brackets: what stands before, within and behind them.

    >>> Bracketed("conv2d(", ("x", "f", "stride=2"), ")").line
    'conv2d(x, f, stride=2)'
    """

    head: str
    parts: tuple[str | Bracketed, ...]
    tail: str = ")"

    @property
    def line(self) -> str:
        """The expression on one line."""
        parts = (part if isinstance(part, str) else part.line for part in self.parts)
        return f"{self.head}{', '.join(parts)}{self.tail}"


def call(function: str, *parts: str | Bracketed) -> Bracketed:
    """Return the call of a function."""
    return Bracketed(f"{function}(", parts)


def statement(before: str, call: Bracketed, depth: int = 1, after: str = "") -> list[str]:
    """Return the lines of ``before`` and an expression, indented by ``depth``.

    >>> statement("return ", Bracketed("f(", ("x",) * 3), depth=0)
    ['return f(x, x, x)']
    """
    indent = INDENT * depth
    whole = f"{indent}{before}{call.line}{after}"
    if len(whole) <= WIDTH:
        return [whole]
    opening, closing = f"{indent}{before}{call.head}", f"{indent}{call.tail}{after}"
    parts = [part if isinstance(part, str) else part.line for part in call.parts]
    inside = f"{indent}{INDENT}{', '.join(parts)}"
    if len(inside) <= WIDTH:
        return [opening, inside, closing]
    lines = [opening]
    for part in call.parts:
        of = part if isinstance(part, Bracketed) else Bracketed(part, (), "")
        lines += statement("", of, depth + 1, ",")
    return [*lines, closing]


@dataclass(frozen=True, slots=True)
class PythonFunction:
    """A function of an exported module.

    Attributes:
        name: its name.
        parameters: each with its type, and its default value if it has one.
        returns: the type of what it returns.
        summary: the first line of its docstring.
        body: the lines of its body, indented.
        arguments: what its docstring says of its parameters, one sentence each.
        raises: when it raises a ValueError, if it does.
    """

    name: str
    parameters: tuple[str, ...]
    returns: str
    summary: str
    body: tuple[str, ...]
    arguments: tuple[str, ...] = field(default=())
    raises: str = ""

    def lines(self) -> list[str]:
        """Return the lines of its definition."""
        head = call(f"def {self.name}", *self.parameters)
        return [
            *statement("", head, 0, f" -> {self.returns}:"),
            *self._docstring(),
            *self.body,
        ]

    def _docstring(self) -> list[str]:
        said = [f'{INDENT}"""{self.summary}']
        if not self.arguments and not self.raises:
            if len(said[0]) + 3 > WIDTH:
                raise ValueError(f"{self.name}: the summary is too long")
            return [f'{said[0]}"""']
        if self.arguments:
            said += ["", f"{INDENT}Args:"]
            for sentence in self.arguments:
                said += paragraph(sentence, 2, 3)
        if self.raises:
            said += ["", f"{INDENT}Raises:", *paragraph(f"ValueError: {self.raises}", 2, 3)]
        return [*said, f'{INDENT}"""']


def paragraph(text: str, depth: int = 0, hanging: int | None = None) -> list[str]:
    """Return text in lines that are not too long, the first indented by ``depth``."""
    following = depth if hanging is None else hanging
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=INDENT * depth,
        subsequent_indent=INDENT * following,
        break_long_words=False,
        break_on_hyphens=False,
    )


def module(
    docstring: Sequence[str], imports: Sequence[str], functions: Sequence[PythonFunction]
) -> str:
    """Return the text of a module.

    Args:
        docstring: its lines.
        imports: the lines of imports, and of what else stands before the functions.
        functions: in their order.
    """
    lines = [f'"""{docstring[0]}', *docstring[1:], '"""', "", *imports]
    for function in functions:
        lines += ["", "", *function.lines()]
    return "\n".join(lines) + "\n"


def tuple_of(parts: Sequence[object]) -> str:
    """Return a tuple as it is written.

    >>> tuple_of((2, 3)), tuple_of([(1, 2)])
    ('(2, 3)', '((1, 2),)')
    """
    return repr(tuple(parts))


def each(numbers: Sequence[int]) -> str:
    """Return one number where all axes have the same, else a tuple.

    >>> each((2, 2)), each((2, 3))
    ('2', '(2, 3)')
    """
    return str(numbers[0]) if len({*numbers}) == 1 else tuple_of(numbers)
