r"""Braces that only group: \boxed{y = x w}, \onslide<2->{+ x w}, {\color{red} + x w}.

What they hold goes on with what stands beside them; braces around a factor stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from symconv.documents.mathematics.tokens import Token

_TAKES = frozenset({"_", "^", "command", "begin"})
_GOES_ON = frozenset({"+", "-", "=", "<", ">", "&", "row"})
_RELATIONS = frozenset({"=", "<", ">"})
_OF_TWO = frozenset({"frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac", "overset", "stackrel"})


@dataclass(slots=True)
class _Group:
    """An opened brace: where, how many arguments are due from it on, whether it states a thing."""

    start: int
    due: int
    states: bool = False


def ungrouped(tokens: Sequence[Token], parting: frozenset[str]) -> Sequence[Token]:
    """Return the words without braces around equations, or around the rest of a sum.

    Args:
        tokens: the words.
        parting: commands that take no argument, but part two statements.
    """
    dropped = set(_braces(tokens, parting))
    return [t for k, t in enumerate(tokens) if k not in dropped] if dropped else tokens


def _braces(tokens: Sequence[Token], parting: frozenset[str]) -> Iterator[int]:
    """Yield where braces stand that only group."""
    opened: list[_Group] = []
    due = 0  # arguments that still follow
    for k, token in enumerate(tokens):
        kind = token.kind
        if kind == "{":
            if k and tokens[k - 1].kind in _TAKES and tokens[k - 1].text not in parting:
                due = 2 if tokens[k - 1].text in _OF_TWO else 1
            elif k and tokens[k - 1].kind != "}":
                due = 0
            opened.append(_Group(k, due))
            due = 0
        elif kind == "}" and opened:
            group = opened.pop()
            due = max(group.due - 1, 0)
            edges = {tokens[group.start + 1].kind, tokens[k - 1].kind} - {"{", "}"}
            if not group.due and (group.states or not edges.isdisjoint(_GOES_ON)):
                yield group.start
                yield k
                if opened:
                    opened[-1].states |= group.states
        elif kind in _RELATIONS and opened and not opened[-1].due:
            opened[-1].states = True
