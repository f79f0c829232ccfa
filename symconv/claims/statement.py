"""A claim as it is written: all that it takes to read it again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from symconv.claims.claim import Claim
from symconv.claims.constants import Rows
from symconv.claims.declarations import declared
from symconv.claims.parse import all_words, parse_claim
from symconv.claims.verdict import Verdict
from symconv.errors import ParseError
from symconv.formula.syntax import shown
from symconv.formula.vocabulary import Vocabulary, vocabulary

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StatedClaim:
    """A claim as it is written: all that it takes to read it again.

    Attributes:
        statement: the equation.
        id: the claim's name.
        where: hypotheses.
        general: what Y has beyond the lecture's convolution.
        tensors: more leaves, with their extents.
        integers: more integers, with their bounds.
        sizes: listed scope, or None for every size.
        rank: how many axes the convolution has, 1 to 3.
        define: what declared tensors are.
        constants: tensors of numbers.
    """

    statement: str
    id: str = "inline"
    where: tuple[str, ...] = ()
    general: tuple[str, ...] = ()
    tensors: tuple[tuple[str, str], ...] = ()
    integers: tuple[tuple[str, str | int], ...] = ()
    sizes: str | None = None
    rank: int = 2
    define: tuple[str, ...] = ()
    constants: tuple[tuple[str, Rows], ...] = ()

    def in_one_line(self) -> StatedClaim:
        """Return this claim with single blanks in place of line breaks and other space."""
        return replace(
            self,
            statement=_joined(self.statement),
            where=tuple(map(_joined, self.where)),
            general=tuple(map(_joined, self.general)),
            define=tuple(map(_joined, self.define)),
            tensors=tuple((name, _joined(shape)) for name, shape in self.tensors),
            integers=tuple(
                (name, _joined(bound) if isinstance(bound, str) else bound)
                for name, bound in self.integers
            ),
        )

    def words(self) -> Vocabulary:
        """Return the names that the claim may use, its own among them.

        Raises:
            ParseError: one of its declarations cannot be read.
        """
        tensors = _each_once("tensor", self.tensors)
        integers = _each_once("integer", self.integers)
        known, _ = declared(vocabulary(self.general, self.rank), tensors, integers)
        return all_words(known, tensors, self.define, _each_once("constant", self.constants))

    def claim(self, expected: Verdict = Verdict.PROVED) -> Claim:
        """Return the claim that is written here.

        Raises:
            ParseError: it cannot be read.
        """
        return parse_claim(
            self.statement,
            id=self.id,
            where=self.where,
            general=self.general,
            tensors=_each_once("tensor", self.tensors),
            integers=_each_once("integer", self.integers),
            define=self.define,
            constants=_each_once("constant", self.constants),
            sizes=self.sizes,
            expected=expected,
            rank=self.rank,
        )


def _each_once(kind: str, declared: tuple[tuple[str, T], ...]) -> dict[str, T]:
    """Return what is declared, by name.

    Raises:
        ParseError: a name is declared twice.
    """
    names = [name for name, _ in declared]
    for name in names:
        if names.count(name) > 1:
            raise ParseError(f"{kind} {shown(name)} is declared twice; drop one")
    return dict(declared)


def _joined(text: str) -> str:
    return " ".join(text.split())
