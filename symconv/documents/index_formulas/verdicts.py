"""The verdict on an index formula.

It agrees where it holds for the convolution that the document shows.  Where it holds for another
one (another padding or stride, a flipped filter, another first index), the document may speak of
that one: it is not judged, and the reason says for which it is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from symconv.documents.formulas import relation
from symconv.documents.formulas.convention import UNKNOWN, Convention, Notation
from symconv.documents.formulas.definitions import Definitions
from symconv.documents.formulas.gathered import GatheredFormula
from symconv.documents.formulas.letters import EXTENTS, PADDING, SECOND_MEANINGS, STRIDE
from symconv.documents.formulas.limited import note, scope
from symconv.documents.formulas.parts import MADE
from symconv.documents.formulas.prover import Answer, ClaimText, ask
from symconv.documents.formulas.setting import Setting
from symconv.documents.formulas.stated import StatedBound
from symconv.documents.index_formulas.claims import IndexClaim, index_claim
from symconv.documents.index_formulas.indices import IndexFormula, bases, index_formula
from symconv.documents.index_formulas.limit_slips import past, short
from symconv.documents.mathematics.syntax import Expression, UnreadableError
from symconv.documents.notation.reading import NotationReading
from symconv.documents.source.place import Place
from symconv.documents.verdicts.scopes import counting_from
from symconv.documents.verdicts.verdict import (
    AGREE,
    NOT_JUDGED,
    WRONG,
    EquationVerdict,
    Finding,
    not_judged,
)
from symconv.polynomial import Polynomial

INDEX = "index"
_LOOSE = "this bound also lets in products of elements that do not exist"


def judge_index(
    left: Expression,
    right: Expression,
    reading: Notation,
    place: Place,
    definitions: Definitions | None = None,
    bounds: Sequence[StatedBound] = (),
    words: str = "",
) -> EquationVerdict:
    """Return the verdict on an index formula whose summed indices keep within bounds.

    The words beside it may say which convolution it is about.
    """
    try:
        case = _Case(left, right, reading, place, definitions or Definitions(), bounds, words)
        return case.judgement()
    except UnreadableError as unreadable:
        return not_judged(INDEX, place, unreadable.reason, unreadable.place)


@dataclass(frozen=True, slots=True)
class _Case:
    left: Expression
    right: Expression
    reading: Notation
    place: Place
    definitions: Definitions
    bounds: Sequence[StatedBound] = ()
    words: str = ""

    def stated(self, base: int, second: AbstractSet[str] = frozenset()) -> IndexFormula:
        """Return the formula as it stands."""
        return index_formula(
            self.left, self.right, self.reading, base, second, self.definitions, self.bounds
        )

    def judgement(self) -> EquationVerdict:
        """Try the document's convolution, then the one that the formula needs, then call it wrong.

        Raises:
            UnreadableError: something is not known.
        """
        base, *others = bases(self.right, self.reading)
        meanings = self._meanings(base)
        first = meanings[0]
        target = self._target(first)
        if first.chain_rule:
            return EquationVerdict(AGREE, INDEX, self.place, target)
        if not first.slides:
            return not_judged(INDEX, self.place, "this is no sum over the windows of a convolution")
        if self._is_even(first):
            return not_judged(INDEX, self.place, "this is about filters of odd extent")
        for stated in meanings:
            if self._holds(stated, base):
                used = stated.formula.used
                denied = relation.denied_by_words(self.reading, used, self.words)
                if denied and target != "y":
                    return not_judged(INDEX, self.place, denied)
                return self._agreement(stated, target)
        elsewhere = next(filter(None, (self._elsewhere(s, base) for s in meanings)), None)
        if elsewhere is not None and (elsewhere.verdict != WRONG or self.reading.base is not None):
            return elsewhere
        for other, stated in [(b, s) for b in others or (1 - base,) for s in self._meanings(b)]:
            if self._holds(stated, other):
                return self._counted(stated, other, target)
            setting = self._example(stated, other)
            if setting is not None and _is_right(stated, replace(setting, first=base)):
                reason = f"right where the left side counts from {base}, and the sums from {other}"
                return not_judged(INDEX, self.place, reason)
        if elsewhere is not None:
            return elsewhere
        if isinstance(self.reading, Convention):
            self._certain(first, base)
        if (letter := first.one_sided) and self._may_differ(first, base):
            reason = f"'{letter}' stands on one axis alone; give each axis a letter, as u and v"
            return not_judged(INDEX, self.place, reason)
        return self._wrong(first, base)

    def _may_differ(self, stated: IndexFormula, base: int) -> bool:
        """Whether a forward formula may treat its axes unlike: no example treats them alike."""
        example = relation.shown(self.reading, stated.formula.rank, base)
        known = isinstance(self.reading, NotationReading) and example is not None
        return stated.target == "Y" and not (known and example and relation.alike(example))

    def _is_even(self, stated: IndexFormula) -> bool:
        """Whether a formula for odd filters stands beside an even one."""
        shape = dict(zip(EXTENTS["F"], self.reading.extents("F") or (), strict=False))
        return any(
            n % 2 == 0 and f"{name} % 2 == 1" in stated.formula.where for name, n in shape.items()
        )

    def _certain(self, stated: IndexFormula, base: int) -> None:
        """Refuse what may be right in a notation that nothing here shows.

        Raises:
            UnreadableError: the names may be others, or the output may count from 0.
        """
        if not stated.usual and self.reading.names[:3] != self.reading.hints.names:
            reason = f"which tensor is which is not known here{self.reading.hints.ask('names')}"
            raise UnreadableError(reason, *self.left.place)
        setting = self._example(stated, base)
        if base and setting is not None and _is_right(stated, replace(setting, first=0)):
            raise UnreadableError(
                "right where the left side counts from 0, and the sums from 1", *self.left.place
            )

    def _meanings(self, base: int) -> list[IndexFormula]:
        """Return the formula, and the same with S for the stride, or P for the padding.

        Raises:
            UnreadableError: it cannot be read in any way.
        """
        found: list[IndexFormula] = []
        error = None
        for second in SECOND_MEANINGS:
            try:
                stated = self.stated(base, second)
            except UnreadableError as unreadable:
                error = error or unreadable
                continue
            if second <= stated.formula.ambiguous:
                found.append(stated)
        if not found and error is not None:
            raise error
        return found

    def _example(self, stated: IndexFormula, base: int) -> Setting | None:
        """Return the document's convolution, in the formula's own words where they say the same."""
        example = relation.shown(self.reading, stated.formula.rank, base)
        own = self._own(stated, base)
        if example is None and _all_letters(stated):
            return own or relation.shown(UNKNOWN, stated.formula.rank, base)
        if own is None or example is None or any(own.filter):
            return example
        return own if relation.agrees(own, example, self.reading) else example

    def _target(self, stated: IndexFormula) -> str:
        """Return what is computed: y, dx or df."""
        return stated.formula.tensor(stated.target).lower()

    def _own(self, stated: IndexFormula, base: int) -> Setting | None:
        return relation.own(stated.target, stated.free, stated.formula, base)

    def _holds(self, stated: IndexFormula, base: int) -> bool:
        setting = self._example(stated, base)
        return setting is not None and _is_right(stated, setting)

    def _agreement(
        self, stated: IndexFormula, target: str, said: AbstractSet[str] = frozenset()
    ) -> EquationVerdict:
        """Return the verdict on what is right; what words say (``said``) is not assumed."""
        self.definitions.meant.update(stated.formula.guessed)
        limits = scope(stated.formula, stated.numbered)
        if target != "y":
            plain = relation.assumed(self.reading, stated.formula.used.keys() | said)
            limits = "; ".join(filter(None, (plain, limits)))
        read = note(stated.formula)
        if self.reading.transposed:
            read = ", ".join(filter(None, ("of a transposed convolution", read)))
        return EquationVerdict(AGREE, INDEX, self.place, target, note=read, scope=limits)

    def _counted(self, stated: IndexFormula, base: int, target: str) -> EquationVerdict:
        """Return the verdict on what is right if indices count from another number.

        It agrees where nothing shows another one: no notation, and no limit of its own.
        """
        starts = [
            r.low == Polynomial.constant(base) for r in stated.formula.ranges if r.low is not None
        ]
        said = [r.low == Polynomial.constant(base) and not r.moved for r in stated.formula.ranges]
        held = isinstance(self.reading, Convention) and self.reading.ahead
        own = all(said) and not (held and self.reading.base is not None)
        if own or (self.reading.base is None and all(starts)):
            found = self._agreement(stated, target)
            limits = "; ".join(filter(None, (counting_from(base), found.scope)))
            return replace(found, scope=limits)
        say = f"; say --index-base {base}"
        here = ", which nothing here shows"
        if self.reading.base is not None:
            here = f"; here they count from {self.reading.base}"
        if isinstance(self.reading, Convention):
            if self.reading.hints.base is not None:
                return self._wrong(self.stated(1 - base, stated.formula.second), 1 - base)
            say = "" if self.reading.ahead else say
        return not_judged(INDEX, self.place, f"right {counting_from(base)}{here}{say}")

    def _elsewhere(self, stated: IndexFormula, base: int) -> EquationVerdict | None:
        """Return the verdict on what is right for another convolution than the document's."""
        own = self._own(stated, base)
        example = relation.shown(self.reading, stated.formula.rank, base)
        if own is None:
            return self._turned(stated, base)
        unshown = example is not None and relation.unshown(own, example, self.reading)
        if isinstance(self.reading, NotationReading) and not relation.alike(own) and not unshown:
            return self._turned(stated, base)
        if not _is_right(stated, own):
            if unshown and (bound := _loose_bound(index_claim(stated, own))) is not None:
                return not_judged(INDEX, self.place, _LOOSE, bound)
            return self._turned(stated, base) if own.flipped else None
        if example is None:
            return not_judged(INDEX, self.place, "the axis that this is about is not known")
        mine, shown = relation.differences(own, example)
        if told := self._told(stated, (own, example), (mine, shown)):
            return told
        if isinstance(self.reading, Convention) and (said := self._said(own, example)):
            agreed = self._agreement(stated, self._target(stated), said)
            limits = "; ".join(filter(None, (f"{mine}, as the words beside it say", agreed.scope)))
            return replace(agreed, scope=limits)
        if isinstance(self.reading, Convention) or unshown:
            say = self.reading.hints.ask(*relation.options(own, example), joined=", ")
            reason = f"right {mine}, which nothing here shows{say}"
            return not_judged(INDEX, self.place, reason)
        return not_judged(INDEX, self.place, f"right {mine}; the example here is {shown}")

    def _said(self, own: Setting, example: Setting) -> frozenset[str]:
        """Return what a formula needs and nothing but words shows, empty unless they say it all."""
        if own.flipped != example.flipped or any(own.filter):
            return frozenset()
        needed = relation.needed(own, example, self.reading)
        said = relation.are_said(needed, self.words)
        return frozenset(name for name, _ in needed) if said else frozenset()

    def _told(
        self, stated: IndexFormula, settings: tuple[Setting, Setting], words: tuple[str, str]
    ) -> EquationVerdict | None:
        """Return the verdict where a hint or a forward formula says another convolution.

        It is wrong there if sizes show it.
        """
        if not isinstance(self.reading, Convention):
            return None
        here = relation.authority(*settings, self.reading)
        if here is None:
            return None
        reason = f"right {words[0]}; {here.said} {words[1]}"
        answer = self._refuted(index_claim(stated, settings[1])) if here.sure else None
        if answer is None or self._guesses(stated):
            return not_judged(INDEX, self.place, reason)
        finding = Finding("SC220", self.right.place, f"{reason}; as it stands, {answer.reason}")
        target = self._target(stated)
        return EquationVerdict(WRONG, INDEX, self.place, target, findings=(finding,))

    def _refuted(self, claim: IndexClaim) -> Answer | None:
        """Return what refutes a claim, None where nothing does."""
        answers = (ask(one) for one in (claim.claim, claim.claim.at_small_sizes()))
        return next((answer for answer in answers if answer.verdict == WRONG), None)

    def _guesses(self, stated: IndexFormula) -> dict[str, str]:
        """Return the letters whose meaning is a guess that no other formula supports."""
        guessed = stated.formula.guessed.items()
        return {a: family for a, family in guessed if a not in self.definitions.meant}

    def _turned(self, stated: IndexFormula, base: int) -> EquationVerdict | None:
        """Return the verdict on a flipped filter with a letter for its padding."""
        loose = relation.own(stated.target, stated.free, stated.formula, base, loose=True)
        if loose is None or not loose.flipped or not relation.alike(loose):
            return None
        if self.reading.flipped:
            return None
        here = "which nothing here shows; say --forward convolution"
        if isinstance(self.reading, Convention):
            if self.reading.hints.flipped is not None:
                return None
            if self.reading.ahead:
                here = "which the forward formula here has not"
        return not_judged(INDEX, self.place, f"this needs a flipped filter, {here}")

    def _wrong(self, stated: IndexFormula, base: int) -> EquationVerdict:
        setting = self._example(stated, base)
        if setting is None:
            return not_judged(INDEX, self.place, "the axis that this is about is not known")
        differential = any(r.tensor in ("dX", "dF") for r in stated.formula.reads)
        if not stated.usual and not differential:
            return self._made_otherwise(stated)
        claim = index_claim(stated, setting)
        answer = ask(claim.claim)
        if answer.verdict == NOT_JUDGED:
            small = ask(claim.claim.at_small_sizes())
            if small.verdict != WRONG and claim.past is None:
                return not_judged(INDEX, self.place, answer.reason)
            answer = small
        if guesses := self._guesses(stated):
            meant = ", ".join(f"{a} for the {b}" for a, b in guesses.items())
            return not_judged(INDEX, self.place, f"not right with {meant}, which is a guess")
        if stated.numbered and len(self.reading.extents("F") or ()) != stated.formula.rank:
            say = self.reading.hints.ask("input", "filter")
            reason = f"numbers, where no sizes are known{say}"
            return not_judged(INDEX, self.place, reason)
        loose = claim.unsure or any(map(_proved, claim.shorter))
        if loose and claim.past is None and answer.verdict == AGREE:
            return not_judged(INDEX, self.place, "the limits of a sum are not its tensor's")
        if claim.past is None and (bound := _loose_bound(claim)) is not None:
            return not_judged(INDEX, self.place, _LOOSE, bound)
        finding = self._finding(claim, stated.formula, answer)
        target = self._target(stated)
        return EquationVerdict(WRONG, INDEX, self.place, target, findings=(finding,))

    def _made_otherwise(self, stated: IndexFormula) -> EquationVerdict:
        """Return the verdict on products of other tensors than a result is made of."""
        x, f, y = self.reading.names[:3]
        names = {"X": x, "F": f, "Y": y, "dX": f"dL/d{x}", "dF": f"dL/d{f}", "dY": f"dL/d{y}"}
        result, *made = (
            names[stated.formula.tensor(one)] for one in (stated.target, *MADE[stated.target])
        )
        finding = Finding(
            "SC220", self.right.place, f"{result} is made of {' and '.join(made)} alone"
        )
        target = self._target(stated)
        return EquationVerdict(WRONG, INDEX, self.place, target, findings=(finding,))

    def _finding(self, claim: IndexClaim, formula: GatheredFormula, answer: Answer) -> Finding:
        reason = answer.reason
        whole = answer.verdict == AGREE or (claim.whole is not None and _proved(claim.whole))
        if claim.past is not None and whole:
            return past(claim.past, claim, formula)
        if whole:
            return short(claim, formula, _proved, self.right.place, reason)
        return Finding("SC220", self.right.place, reason)


def _all_letters(stated: IndexFormula) -> bool:
    """Whether a formula speaks of every stride and padding by letters."""
    return {STRIDE, PADDING} <= stated.formula.used.keys()


def _is_right(stated: IndexFormula, setting: Setting) -> bool:
    try:
        claim = index_claim(stated, setting)
    except UnreadableError:
        if stated.formula.second:  # no meaning that it has
            return False
        raise
    within = claim.past is None and not claim.unsure
    if not within or not _proved(claim.claim) or any(map(_proved, claim.shorter)):
        return False
    return not any(_may_hold(tight) for tight, _ in claim.tighter)


def _loose_bound(claim: IndexClaim) -> Place | None:
    """Return a bound without which a formula that holds would still hold."""
    if not _proved(claim.claim):
        return None
    return next((place for tight, place in claim.tighter if _may_hold(tight)), None)


def _may_hold(tight: ClaimText) -> bool:
    """Whether a sum needs no term at a bound: for every size, or where a window ends there."""
    return _proved(tight) or any(map(_proved, tight.without_remainder()))


def _proved(claim: ClaimText) -> bool:
    return ask(claim).verdict == AGREE
