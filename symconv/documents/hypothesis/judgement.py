r"""Gradients, judged under the hypothesis that the forward formula of their tensors makes.

What sums over the same relation agrees, for every size: letters are eliminated, and the equations
that are left are the same.  What does not is wrong where a product of small sizes shows it.  What
is not understood here, None tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from itertools import islice

from symconv.documents.formulas.definitions import named_gradient
from symconv.documents.formulas.layers import layer_of
from symconv.documents.formulas.letters import INPUT as INPUT_SIZE
from symconv.documents.formulas.letters import OUTPUT as OUTPUT_SIZE
from symconv.documents.formulas.letters import meaning
from symconv.documents.formulas.relation import numbers_said
from symconv.documents.formulas.stated import StatedFormula
from symconv.documents.hypothesis.counterexample import unmet
from symconv.documents.hypothesis.hypotheses import (
    Hypothesis,
    axes_of,
    counts_from_one,
    differences,
    forward_hypothesis,
    supposed,
    under_hints,
)
from symconv.documents.hypothesis.indexed_sums import (
    IndexedSum,
    indexed_sum,
    local_derivative,
    stem,
)
from symconv.documents.hypothesis.meeting import Meeting, Slot, UnboundError, meeting
from symconv.documents.hypothesis.mend import mended_index
from symconv.documents.hypothesis.operator_gradients import OPERATOR, forgets, judged_operator
from symconv.documents.hypothesis.operator_hypotheses import (
    is_right_with_a_flipped_filter,
    operator_forwards,
    shown_by_gradients,
    with_strides,
)
from symconv.documents.hypothesis.shelf import HypothesisShelf
from symconv.documents.mathematics.syntax import (
    Derivative,
    Expression,
    Symbol,
    UnreadableError,
    WrittenSum,
)
from symconv.documents.mathematics.walk import walk
from symconv.documents.meanings.special_cases import SpecialCases
from symconv.documents.meanings.transposed import NAMED
from symconv.documents.notation.comments import Directives
from symconv.documents.notation.reading import Hints
from symconv.documents.source.place import Place
from symconv.documents.verdicts.scopes import UP_TO_ACTIVATION
from symconv.documents.verdicts.verdict import (
    AGREE,
    NOT_JUDGED,
    WRONG,
    Edit,
    EquationVerdict,
    Finding,
    not_judged,
)
from symconv.polynomial import ONE, ZERO, Polynomial

INDEX = "index"
_DELTA = "\\delta"
_BESIDE = 250
_NUMBERS = (2, 3, 4)


@dataclass(slots=True)
class Hypotheses:
    """What the forward formulas of a document make of it.

    Attributes:
        shelf: the hypotheses.
        at: those of forward formulas, by their places.
        own: the names that gradients have of their own, each with its tensor.
        text: the words of the document.
        said: the hints in its comments.
        hints: the user's.
        special: what words say of special cases.
        sums: how many sums are understood.
        used: the forward formulas that a gradient was judged under.
    """

    shelf: HypothesisShelf
    at: dict[Place, Hypothesis]
    own: dict[str, str]
    text: str
    said: Directives
    hints: Hints
    special: SpecialCases
    sums: int = 0
    used: set[Place] = field(default_factory=set)

    @classmethod
    def of(
        cls, formulas: Sequence[StatedFormula], text: str, said: Directives, hints: Hints
    ) -> Hypotheses:
        """Return the hypotheses that formulas make."""
        own = dict(_own_names(formulas))
        found = []
        for formula in formulas:
            sums = [_forward(sum_, formula.place) for sum_ in _sums(formula, own)]
            made = [one for one in sums if one is not None]
            found += made
            if not made:
                found += [here for _, here in operator_forwards(formula, own)]
        found.sort(key=lambda one: one.place.start)
        known = {one.names for one in found}
        found += [one for one in shown_by_gradients(formulas, own) if one.names not in known]
        shelf = HypothesisShelf(found)
        at = {one.place: one for one in reversed(found)}
        result = cls(shelf, at, own, text, said, hints, SpecialCases(text))
        for formula in formulas if found else ():
            for met in islice(_meetings(formula, own, list(shelf.near(formula, own))), 1):
                shelf.note(met)
                result.sums += 1
        return result

    def verdict(self, formula: StatedFormula) -> EquationVerdict | None:
        """Return the verdict on a gradient, None where no hypothesis is about it.

        In a = b = c, c is wrong if a = c is.
        """
        left, *rights = formula.sides
        if len(rights) > 1 and not formula.bounds:
            each = (self.verdict(replace(formula, sides=(left, right))) for right in rights)
            return next((one for one in each if one is not None and one.verdict == WRONG), None)
        found, forward = self._verdict(formula)
        if found is not None and forward is not None:
            self.used.add(forward.place)
        return found

    def shown(self, formulas: Sequence[StatedFormula]) -> Hints:
        """Return the user's hints with what operators show: names, and a filter that is flipped.

        A sign of the forward pass means the convolution if more gradients are right with it.
        Names that stand in the forward pass alone are not believed.
        """
        names = self.shelf.names()
        gradients = [f for f in formulas if f.place not in self.at]
        about = [f for f in gradients if any(self.shelf.near(f, self.own))]
        if names is None or not about or self.hints.names is not None:
            return self.hints
        hints = replace(self.hints, names=names)
        if hints.flipped is None:
            right = [
                sum(self._agrees(formula, replace(hints, flipped=way)) for formula in about)
                for way in (False, True)
            ]
            if right[True] > right[False]:
                hints = replace(hints, flipped=True)
        return hints

    def _agrees(self, formula: StatedFormula, hints: Hints) -> bool:
        if len(formula.sides) != 2:
            return False
        known = (under_hints(own, hints) for own in self.shelf.near(formula, self.own))
        found = (self._under(formula, here)[1] for here in known if here is not None)
        return any(one is not None and one.verdict == AGREE for one in found)

    def _verdict(self, formula: StatedFormula) -> tuple[EquationVerdict | None, Hypothesis | None]:
        place = formula.place
        if len(formula.sides) != 2 or formula.bounds:
            return None, None
        _, given = self.said.at(place.start)
        hints = self.hints.over(given)
        results: list[tuple[Hypothesis, EquationVerdict | None]] = []
        for own in self.shelf.near(formula, self.own):
            here = under_hints(own, hints)
            if here is None or (not own.shown and self._is_denied(own, place)):
                continue
            understood, found = self._under(formula, here)
            if not understood:
                continue
            results.append((own, found))
            if own.shown and found is not None and found.verdict == AGREE:
                break
        if not results:
            return None, None
        agreed = [(own, v) for own, v in results if v is not None and v.verdict == AGREE]
        if agreed and not agreed[0][0].shown:
            return _joined([found for _, found in reversed(agreed)]), agreed[0][0]
        if agreed:
            return (agreed[0][1], agreed[0][0]) if results[0] == agreed[0] else (None, None)
        first, found = results[0]
        if not first.shown:
            first, found = self._forgotten(formula, results)
        letters = first.meeting.parameters
        if found is None:
            return None, None
        if found.verdict == WRONG and (reason := self._in_numbers(formula, first, hints)):
            return not_judged(found.kind, place, reason), first
        if not self.special.is_general(first.place, place, letters):
            return None, None
        met = next(_meetings(formula, self.own, [first]), None)
        if met is not None and self.shelf.votes(met) > self.shelf.votes(first.meeting):
            return None, None  # most formulas lay the tensors out as this one does
        return found, first

    def _forgotten(
        self, formula: StatedFormula, results: Sequence[tuple[Hypothesis, EquationVerdict | None]]
    ) -> tuple[Hypothesis, EquationVerdict | None]:
        """Return the verdict on operators that lack what those of the forward pass have.

        They are wrong in every meaning of the sign; what is wrong otherwise, None leaves open.
        """
        left, right = formula.sides
        for here, found in results if all(v and v.verdict == WRONG for _, v in results) else ():
            if forgets(left, right, here, self.own):
                return here, found
        return results[0][0], None

    def _under(
        self, formula: StatedFormula, here: Hypothesis
    ) -> tuple[bool, EquationVerdict | None]:
        """Return whether a formula is a gradient of these tensors, and the verdict on it."""
        place = formula.place
        said = _gradient(formula, self.own, here)
        if said is not None:
            return True, _judged(said, here, place, _loss(formula.sides[0]))
        names = self.own if _DELTA in self.own else {**self.own, _DELTA: here.output}
        found = _under_any(formula, here, names, self._words(place))
        return found is not None, found

    def _in_numbers(self, formula: StatedFormula, own: Hypothesis, hints: Hints) -> str:
        """Return for which number of a letter a gradient is right, "" for none.

        A stride of 1 is none that a reader would write for s without a word.
        """
        here = under_hints(own, hints)
        for letter in sorted(here.meeting.parameters) if here is not None else ():
            for n in _NUMBERS:
                special = own.with_sizes({letter: Polynomial.constant(n)})
                _, found = self._under(formula, special)
                if found is not None and found.verdict == AGREE:
                    return f"right with {letter} = {n}; the forward formula here leaves it open"
        return ""

    def defines(
        self, formula: StatedFormula, known: EquationVerdict | None
    ) -> EquationVerdict | None:
        """Return the verdict on a forward formula: it defines the convolution that it needs.

        Where hints or the words beside it say another one, what is known of it stays.
        """
        own = self.at.get(formula.place)
        if own is None or known is None or known.verdict != NOT_JUDGED or len(formula.sides) != 2:
            return known
        used = own.place in self.used
        if not own.shown:
            return (self._supposed(formula) if used else None) or known
        _, given = self.said.at(formula.place.start)
        here = under_hints(own, self.hints.over(given))
        counted = here is not None and here.base is None and counts_from_one(here)
        counted = counted and self.sums == 1 and not own.meeting.runs
        counted = counted and not NAMED.search(self._words(own.place))
        if here is None or not (used or counted) or self._is_doubtful(formula, own):
            return known
        return EquationVerdict(AGREE, INDEX, own.place, "y", scope=supposed(here))

    def doubted(
        self, formula: StatedFormula, known: EquationVerdict | None
    ) -> EquationVerdict | None:
        """Return the verdict on operators; nothing is wrong that another forward pass makes right.

        What no forward formula is about is right if its filter may be flipped, as in conv2.
        """
        if known is None or (known.verdict, known.kind) != (WRONG, OPERATOR):
            return known
        _, given = self.said.at(formula.place.start)
        hints = self.hints.over(given)
        if hints.flipped is not None or any(self.shelf.near(formula, self.own)):
            return known
        if not is_right_with_a_flipped_filter(formula, self.own):
            return known
        reason = "right if the forward pass flips the filter, which nothing here shows"
        return not_judged(OPERATOR, formula.place, f"{reason}; say --forward convolution")

    def _is_doubtful(self, formula: StatedFormula, own: Hypothesis) -> bool:
        """Whether most formulas lay tensors out otherwise, or words say another number."""
        if self.shelf.is_outvoted(own.meeting):
            return True
        added = formula.sides[1].terms if isinstance(formula.sides[1], WrittenSum) else ()
        if any(isinstance(term, Symbol) and term.index for _, term in added):
            return True  # which outputs a bias belongs to is not looked at here
        spatial = {name for axis in own.axes for name in axis.slots}
        for name, run in own.meeting.runs.items():
            known = [meaning(letter) for letter in run.high.names]
            sizes = {one.family for one in known if one is not None}
            if name not in spatial and sizes & {INPUT_SIZE, OUTPUT_SIZE}:
                return True
        return self._is_denied(own, own.place)

    def _is_denied(self, own: Hypothesis, place: Place) -> bool:
        """Whether the words beside a formula say another stride or dilation."""
        words = self._words(place).lower()
        for part in ("stride", "dilation"):
            number = getattr(own.axes[0], part).value
            said = numbers_said(part, words)
            if said and number is not None and number not in said:
                return True
        return False

    def _words(self, place: Place) -> str:
        return self.text[max(0, place.start - _BESIDE) : place.end + _BESIDE]

    def _supposed(self, formula: StatedFormula) -> EquationVerdict | None:
        """Return the verdict on an operator formula of an output: it defines its tensors."""
        readings = [reading for reading, _ in operator_forwards(formula, self.own)]
        if not readings:
            return None
        note = f"as {' and as '.join(reading.words() for reading in readings)}"
        meanings = frozenset(reading.meaning for reading in readings)
        return EquationVerdict(AGREE, OPERATOR, formula.place, "y", note=note, meanings=meanings)


def _own_names(formulas: Sequence[StatedFormula]) -> Iterator[tuple[str, str]]:
    r"""Yield the names of gradients: \delta of \delta = dL/dY, and Y of \delta_Y."""
    for formula in formulas:
        left, right = formula.sides[:2]
        named = named_gradient(left, right)
        if named is not None and isinstance(left, Symbol):
            yield stem(left.name), stem(named.wrt.name)
        elif isinstance(left, Symbol) and left.name == _DELTA and isinstance(right, Derivative):
            below = "".join(t.text for part in left.index or () for t in part)
            if below == right.wrt.name and right.wrt.index is None:
                yield f"{left.name}_{below}", below


def _sums(formula: StatedFormula, own: Mapping[str, str]) -> Iterator[IndexedSum]:
    left, *others = formula.sides
    if formula.refused is not None:
        return
    for right in others:
        try:
            yield indexed_sum(left, right, own)
        except UnreadableError:
            continue


def _under_any(
    formula: StatedFormula, here: Hypothesis, own: Mapping[str, str], words: str
) -> EquationVerdict | None:
    """Return the verdict on operators, with a stride that an operator forward leaves unsaid."""
    left, right = formula.sides
    found = judged_operator(left, right, here, own, formula.place, words)
    for letter, freed in with_strides(here, right) if found is None else ():
        other = judged_operator(left, right, freed, own, formula.place, words)
        if other is not None and other.verdict == AGREE:
            scope = "; ".join(filter(None, (f"with stride {letter}", other.scope)))
            return replace(other, scope=scope)
    return found


def _joined(found: Sequence[EquationVerdict]) -> EquationVerdict:
    """Return one verdict on what is right in several meanings of a sign."""
    words = dict.fromkeys(one.note.removeprefix("as ") for one in found if one.note)
    meanings = frozenset().union(*(one.meanings for one in found))
    return replace(found[0], note=f"as {' and as '.join(words)}" * bool(words), meanings=meanings)


def _meetings(
    formula: StatedFormula, own: Mapping[str, str], found: Sequence[Hypothesis]
) -> Iterator[Meeting]:
    """Yield where the elements of a sum meet, of a forward pass or of a gradient of one."""
    sums = list(_sums(formula, own))
    sums = [s for here in found if (s := _gradient(formula, own, here)) is not None] or sums
    for said in sums:
        try:
            yield meeting(said)
        except (UnboundError, UnreadableError):
            continue


def _forward(said: IndexedSum, place: Place) -> Hypothesis | None:
    try:
        return forward_hypothesis(said, place)
    except (UnboundError, UnreadableError):
        return None


def _gradient(
    formula: StatedFormula, own: Mapping[str, str], here: Hypothesis
) -> IndexedSum | None:
    """Return a gradient of these tensors, None where a formula is about something else."""
    left, right = formula.sides[:2]
    names = dict(own) if _DELTA in own else {**own, _DELTA: here.output}
    below = names
    if isinstance(left, Symbol) and _is_delta(left):
        layers = {node.name for node in walk(right) if isinstance(node, Symbol) and _is_delta(node)}
        if left.name in layers or len(layers) != 1:
            return None
        below = {**names, _DELTA: here.input}
    if isinstance(left, Derivative) and stem(left.of.name) in {here.input, here.filter}:
        return None
    try:
        if isinstance(left, Derivative) and stem(left.of.name) == here.output:
            said = local_derivative(left, right)
        else:
            said = indexed_sum(left, right, names, below)
    except UnreadableError:
        return None
    said = _of_input(said, here)
    gradients = [one.tensor for one in said.reads if one.gradient]
    values = [one.tensor for one in said.reads if not one.gradient]
    if not said.target.gradient or gradients != [here.output] or len(values) != 1:
        return None
    if not said.general:
        return None
    if {said.target.tensor, *values, *gradients} != here.names:
        return None
    return said if _of_one_layer(said, here) else None


def _of_input(said: IndexedSum, here: Hypothesis) -> IndexedSum:
    """Return the gradient of z^l, made of that of z^{l+1}, as one of the input between them."""
    target = said.target
    above = [one.layer for one in said.reads if one.gradient and one.tensor == here.output]
    if target.tensor != here.output or not target.layer or above in ([], [""], [target.layer]):
        return said
    return replace(said, target=replace(target, tensor=here.input))


def _of_one_layer(said: IndexedSum, here: Hypothesis) -> bool:
    """Whether layers are those of the forward formula, or all as many above them."""
    apart = set()
    for one in (said.target, *said.reads):
        mine, theirs = (
            layer_of(f"^{layer}") for layer in (one.layer, here.layers.get(one.tensor, ""))
        )
        if mine is not None and theirs is not None:
            apart.add((mine[0] == theirs[0], mine[1] - theirs[1]))
    return len(apart) <= 1


def _is_delta(symbol: Symbol) -> bool:
    return stem(symbol.name) == _DELTA


def _loss(left: Expression) -> str:
    return left.of.name if isinstance(left, Derivative) and left.of.index is None else "L"


def _judged(said: IndexedSum, here: Hypothesis, place: Place, loss: str) -> EquationVerdict | None:
    """Return the verdict on a gradient under a hypothesis, None where it is not understood."""
    here = here.over(len(said.target.index))
    if any(len(one.index) != here.meeting.slots[one.tensor] for one in (said.target, *said.reads)):
        return None
    target = {here.input: "dx", here.filter: "df"}[said.target.tensor]
    try:
        met = meeting(said)
    except UnboundError as unbound:
        if _is_sample(unbound.slot, here):
            return None
        finding = Finding("SC220", unbound.place, unbound.reason)
        return EquationVerdict(WRONG, INDEX, place, target, findings=(finding,))
    except UnreadableError:
        return None
    if (
        not met.slides
        or not _runs_whole(met, here)
        or not met.parameters <= here.meeting.parameters
    ):
        return None
    if met.same(here.meeting) and said.times_place is not None:
        reason = f"the sum is right, but not {said.times} times"
        finding = Finding("SC205", said.place, reason, edit=Edit(said.times_place, ""))
        return EquationVerdict(WRONG, INDEX, place, target, findings=(finding,))
    if met.same(here.meeting):
        scope = UP_TO_ACTIVATION if said.activated else ""
        return EquationVerdict(AGREE, INDEX, place, target, scope=scope)
    apart = unmet(met, here)
    if apart is None:
        return None
    finding = _finding(said, met, here, loss)
    names = [f"d{loss}/d" * one.gradient + apart.element(one.tensor, len(one.index))
             for one in (said.target, *said.reads)]  # fmt: skip
    where = f"with {apart.where()}, " if apart.sizes else ""
    message = f"{finding.message}; {where}{names[1]} {names[2]} belongs to {names[0]}"
    mend = (finding.fix, finding.edit) if said.times_place is None else ("", None)
    finding = Finding(finding.code, finding.place, message, *mend)
    return EquationVerdict(WRONG, INDEX, place, target, findings=(finding,))


def _is_sample(name: Slot, here: Hypothesis) -> bool:
    """Whether a slot counts a batch, whose gradients may be said for one sample each."""
    return any(
        name in group and not any(other.rpartition(".")[0] == here.filter for other in group)
        for group in here.meeting.labels
    )


def _finding(said: IndexedSum, met: Meeting, here: Hypothesis, loss: str) -> Finding:
    tensors = (here.input, here.filter, here.output)
    axes = axes_of(met, tensors, here.base or 0)
    mine, theirs = differences(axes, here.axes) if len(axes) == len(here.axes) else ("", "")
    reason = "the forward formula here sums other products"
    if mine:
        reason = f"right {mine}; the forward formula here is {theirs}"
    mend = mended_index(said, here)
    if mend is None:
        return Finding("SC220", said.place, reason)
    read, text, edit = mend
    if edit is not None:
        return Finding("SC220", read.place, reason, edit=edit)
    shown = f"{read.tensor}_{{{text}}}"
    if read.gradient:
        shown = rf"\frac{{\partial {loss}}}{{\partial {shown}}}"
    return Finding("SC220", read.place, reason, shown)


def _runs_whole(met: Meeting, here: Hypothesis) -> bool:
    """Whether every sum runs through all of its tensor, as far as limits are written."""
    taken = {name for run in here.meeting.runs.values() for name in run.high.names}
    taken |= here.meeting.parameters
    for name, run in met.runs.items():
        if name in here.meeting.runs:
            if run != here.meeting.runs[name]:
                return False
            continue
        low = run.low.value
        extent = run.high - run.low + 1
        if low not in (0, 1) or (here.base is not None and low != here.base):
            return False
        if not any(_is_new(size, taken) for size in (extent, extent + _beyond(name, here))):
            return False
    return True


def _is_new(extent: Polynomial, taken: AbstractSet[str]) -> bool:
    """Whether an extent is a letter of its own."""
    (name, *others) = [*extent.names] or [""]
    return not others and name not in taken and extent == Polynomial.name(name)


def _beyond(name: Slot, here: Hypothesis) -> Polynomial:
    """Return by how much the input is longer than the output where windows are plain, N - K + 1."""
    for axis in here.axes:
        run = here.meeting.runs.get(axis.slots[1])
        plain = axis.stride == ONE and axis.low == ZERO and not axis.flipped
        if name == axis.slots[2] and run is not None and plain:
            return axis.dilation * (run.high - run.low)
    return ZERO
