"""The verdict on an equation, with what stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from symconv.documents.source.place import Place
from symconv.equation import Element
from symconv.equation import Term as Product


class Ruling(StrEnum):
    """What is said of an equation."""

    AGREE = "agree"
    WRONG = "wrong"
    NOT_JUDGED = "not-judged"


AGREE, WRONG, NOT_JUDGED = Ruling


@dataclass(frozen=True, slots=True)
class Edit:
    """A mend: put ``text`` in the place of a range."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One slip.

    Attributes:
        code: which kind (`symconv.documents.codes`).
        place: what to underline.
        message: what is wrong and what is right, one line.
        fix: what to write instead, in the document's notation; "" where nothing is certain.
        edit: the same as an edit; None where the mend is not certain.
        ignored: whether the reader has said that its code does not count.
    """

    code: str
    place: Place
    message: str
    fix: str = ""
    edit: Edit | None = None
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class EquationVerdict:
    """A verdict with what stands behind it.

    Attributes:
        verdict: what is said of it.
        kind: ``element``, ``local``, ``chain`` and so on.
        place: where the equation stands.
        target: its target in canonical names, "" where it has none.
        found: the products it holds, in canonical names.
        expected: those it should hold.
        findings: the slips; empty unless wrong.
        reason: why nothing was judged; "" unless not judged.
        reason_place: where the reason stands.
        note: how an ambiguous word or letter was read, "as correlation"; "" where none is.
        scope: where alone it agrees, "where the stride divides H - R"; "" where it does always.
        meanings: the meanings of its sign, convolution or correlation, under which it agrees.
    """

    verdict: Ruling
    kind: str
    place: Place
    target: str = ""
    found: tuple[Product, ...] = ()
    expected: tuple[Product, ...] = ()
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    reason_place: Place | None = None
    note: str = ""
    scope: str = ""
    meanings: frozenset[str] = frozenset()

    @property
    def ignored(self) -> bool:
        """Whether it is wrong, and every slip in it is ignored."""
        return bool(self.findings) and all(finding.ignored for finding in self.findings)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What mends all of it; empty where a slip has no certain mend, or is ignored."""
        edits = tuple(f.edit for f in self.findings if f.edit is not None and not f.ignored)
        return edits if len(edits) == len(self.findings) else ()


def not_judged(
    kind: str, place: Place, reason: str, reason_place: Place | None = None
) -> EquationVerdict:
    """Return the verdict on what is not understood."""
    return EquationVerdict(
        NOT_JUDGED, kind, place, reason=reason, reason_place=reason_place or place
    )


def worst(judgements: Sequence[EquationVerdict]) -> EquationVerdict:
    """Return one verdict on several statements: all of their scopes limit it."""
    first = min(judgements, key=lambda j: (WRONG, NOT_JUDGED, AGREE).index(j.verdict))
    if first.verdict != AGREE:
        return first
    note, scope = (
        "; ".join(dict.fromkeys(filter(None, said)))
        for said in ([j.note for j in judgements], [j.scope for j in judgements])
    )
    return replace(first, note=note, scope=scope)


def canonical_name(element: Element) -> str:
    """Return an element as the JSON of a derivation writes it: dx[2,2]."""
    index = f"[{','.join(map(str, element.index))}]" if element.index else ""
    return element.tensor.lower() + index
