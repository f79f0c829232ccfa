"""Verdicts: what may be said of a claim, and the evidence for it.

PROVED names its scope.  REFUTED carries a counterexample that was evaluated.  Everything else is
NOT JUDGED, with the reason: a time-out is not a proof.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from symconv.equation import Equation, Term

if TYPE_CHECKING:
    from fractions import Fraction

MOST_TERMS = 12
"""How many products of an element are told."""


class Verdict(StrEnum):
    """The three things that can be said of a claim; none of them is true or false."""

    PROVED = "proved"
    REFUTED = "refuted"
    NOT_JUDGED = "not-judged"

    def __bool__(self) -> bool:
        raise TypeError(
            "a verdict is neither true nor false; compare it: verdict is Verdict.PROVED"
        )


class Provable:
    """What is proved, or is not, and says so when asked.

    It has no truth value: ``assert prove(claim)`` would pass whatever the verdict is.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def proved(self) -> bool:
        """Whether it is proved in its scope."""

    @property
    @abstractmethod
    def refuted(self) -> bool:
        """Whether a counterexample was found."""

    @property
    @abstractmethod
    def shortcoming(self) -> str:
        """Why it is not proved, in one line: the counterexample, or the reason."""

    def assert_proved(self) -> None:
        """Raise an AssertionError that says what is wrong, unless this is proved."""
        if not self.proved:
            raise AssertionError(self.shortcoming)

    def assert_refuted(self) -> None:
        """Raise an AssertionError that says what was found instead, unless this is refuted."""
        if not self.refuted:
            raise AssertionError("it is proved, not refuted" if self.proved else self.shortcoming)

    def __bool__(self) -> bool:
        raise TypeError(
            f"a {type(self).__name__} is neither true nor false: ask for .proved, or call "
            ".assert_proved()"
        )


class Scope(StrEnum):
    """The sizes for which a verdict holds."""

    THIS_SIZE = "this size"
    EVERY_SIZE = "every size"
    LISTED_SIZES = "listed sizes"


@dataclass(frozen=True, slots=True)
class WeighedProduct:
    """A product of elements, and how often it is added on each side of a claim.

    Attributes:
        term: the product.
        left: its factor on the left side; less than 0 where it is taken away.
        right: its factor on the right side.
    """

    term: Term
    left: int | Fraction
    right: int | Fraction


@dataclass(frozen=True, slots=True)
class Counterexample:
    """The difference of two tensors at one size.

    Attributes:
        shapes: (left, right); None for a side that is undefined.
        equations: the first differing element as the left and the right side give it, or None
            where the shapes differ or a side is undefined.
        undefined: why a side has no meaning at this size, or None.
        element: the index of the first differing element, where a side takes products away or has
            fractions of them; there are no equations then.
        products: the products of that element whose factors differ.
    """

    shapes: tuple[tuple[int, ...] | None, tuple[int, ...] | None]
    equations: tuple[Equation, Equation] | None = None
    undefined: str | None = None
    element: tuple[int, ...] | None = None
    products: tuple[WeighedProduct, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof(Provable):
    """A verdict with what stands behind it.

    Attributes:
        claim: a short name, such as ``input-gradient``.
        statement: what is claimed, in words or as a formula.
        scope: the sizes it was judged for.
        verdict: proved, refuted or not judged.
        elements: how many elements were compared.
        terms: how many products those elements are made of.
        engine: what compared them.
        seconds: how long that took.
        obligations: how many identities were checked, for a proof for every size.
        counterexample: where the claim fails; present iff refuted.
        reason: why nothing was judged; present iff not judged.
    """

    claim: str
    statement: str
    scope: Scope
    verdict: Verdict
    elements: int
    terms: int
    engine: str
    seconds: float = field(compare=False)
    obligations: int = 0
    counterexample: Counterexample | None = None
    reason: str | None = None

    to_json: ClassVar[Callable[[Proof], str]] = object.__repr__
    """The proof as an entry of a derivation's JSON; the view of notebooks registers itself here."""

    def __post_init__(self) -> None:
        if (self.verdict is Verdict.REFUTED) != (self.counterexample is not None):
            raise ValueError("a claim is refuted by a counterexample, and by nothing else")
        if (self.verdict is Verdict.NOT_JUDGED) != (self.reason is not None):
            raise ValueError("what is not judged needs a reason, and only that")

    def __repr__(self) -> str:
        verdict = self.verdict.value.replace("-", " ").upper()
        found = "" if self.proved else f": {self.shortcoming}"
        return f"<{verdict} for {self.scope}, {self.claim or 'a claim'}{found}>"

    @property
    def proved(self) -> bool:
        """Whether the claim is proved in its scope."""
        return self.verdict is Verdict.PROVED

    @property
    def refuted(self) -> bool:
        """Whether the claim is refuted by a counterexample."""
        return self.verdict is Verdict.REFUTED

    @property
    def shortcoming(self) -> str:
        """Why the claim is not proved, in one line."""
        name = f"{self.statement or self.claim}: ".removeprefix(": ")
        if self.counterexample is not None:
            return f"{name}refuted for {self.scope}: {counterexample_text(self.counterexample)}"
        return f"{name}not judged: {self.reason}"


def not_judged(claim: str, reason: str) -> Proof:
    """Return the verdict that nothing can be said of ``claim`` at this size, and why."""
    return Proof(claim, "", Scope.THIS_SIZE, Verdict.NOT_JUDGED, 0, 0, "", 0.0, reason=reason)


def counterexample_text(found: Counterexample) -> str:
    """Return in one line what is wrong at one size: the shapes, or the first wrong element."""
    left, right = map(_shape, found.shapes)
    if found.equations is not None:
        first, second = found.equations
        index = ",".join(map(str, first.target.index))
        return f"element [{index}] is {_sum(first)} on the left, {_sum(second)} on the right"
    if found.element is not None:
        index = ",".join(map(str, found.element))
        return f"in element [{index}] {'; '.join(map(weighed_text, found.products[:MOST_TERMS]))}"
    if found.undefined is None:
        return f"the left side is {left}, the right side {right}"
    side = "left" if found.shapes[0] is None else "right"
    return f"the {side} side has no meaning: {found.undefined.removeprefix(f'{side}: ')}"


def weighed_text(product: WeighedProduct) -> str:
    """Return the factors of a product: ``X[0]*F[1] has the factor 1/2 on the left, 1 on ..``."""
    written = _product(product.term)
    return f"{written} has the factor {product.left} on the left, {product.right} on the right"


def _shape(shape: tuple[int, ...] | None) -> str:
    return "undefined" if shape is None else "x".join(map(str, shape)) or "a number"


def _sum(equation: Equation) -> str:
    products = list(map(_product, equation.terms[:MOST_TERMS]))
    return " + ".join(products + ["..."] * (len(equation.terms) > MOST_TERMS)) or "0"


def _product(term: Term) -> str:
    return "*".join(f"{name}[{','.join(map(str, index))}]" for name, index in term) or "1"
