r"""Gradients, judged under the hypothesis that the forward formula of their tensors makes.

What sums over the same relation agrees, for every size: letters are eliminated, and the equations
that are left are the same.  What does not is wrong where a product of small sizes shows it.  What
is not understood here, None tells.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from symconv.documents.formulas.definitions import named_gradient
from symconv.documents.formulas.layers import layer_of
from symconv.documents.formulas.stated import StatedFormula
from symconv.documents.hypothesis.counterexample import unmet
from symconv.documents.hypothesis.hypotheses import (
    Hypothesis,
    axes_of,
    differences,
    forward_hypothesis,
    under_hints,
)
from symconv.documents.hypothesis.indexed_sums import IndexedSum, indexed_sum, stem
from symconv.documents.hypothesis.meeting import Meeting, UnboundError, meeting
from symconv.documents.hypothesis.mend import mended_index
from symconv.documents.hypothesis.operator_gradients import judged_operator
from symconv.documents.mathematics.syntax import (
    Derivative,
    Expression,
    Symbol,
    UnreadableError,
)
from symconv.documents.mathematics.walk import walk
from symconv.documents.notation.comments import Directives
from symconv.documents.notation.reading import Hints
from symconv.documents.source.place import Place
from symconv.documents.source.prose import without_comments
from symconv.documents.verdicts.verdict import AGREE, WRONG, EquationVerdict, Finding

INDEX = "index"
_ACTIVATED = "up to the derivative of the activation"
_DELTA = "\\delta"
_SPECIAL = re.compile(
    r"\b(?:simplicity|simplif\w+|simplest|(?:simple|special|particular|plain) case|assum\w+"
    r"|suppos\w+|ignor\w+|omit\w*|neglect\w*|drop(?:s|ped|ping)?\b|unit (?:stride|step)"
    r"|undilated|unpadded|unstrided|non-strided|(?:without|no)\s+(?:\w+\s+)?"
    r"(?:padding|strid\w+|dilation)|(?:valid|same)\s+(?:padding|convolution)"
    r"|(?:stride|padding|dilation|step)\s*(?:is|of|=|:|being|equal\s+to)?\s*\$?(?:0|1|one|zero)\b)",
    re.IGNORECASE,
)
_BESIDE = 250
_NEAR = 400
"""So many characters around formulas words may speak of a special case."""


@dataclass(slots=True)
class Hypotheses:
    """What the forward formulas of a document make of it.

    Attributes:
        found: the hypotheses, in the order of the document.
        own: the names that gradients have of their own, each with its tensor.
        text: the words of the document.
        said: the hints in its comments.
        hints: the user's.
        special: where words speak of special cases.
        layouts: how often formulas lay tensors out in one way.
    """

    found: list[Hypothesis]
    own: dict[str, str]
    text: str
    said: Directives
    hints: Hints
    special: list[int] = field(default_factory=list)
    layouts: Counter[Layout] = field(default_factory=Counter)

    @classmethod
    def of(
        cls, formulas: Sequence[StatedFormula], text: str, said: Directives, hints: Hints
    ) -> Hypotheses:
        """Return the hypotheses that formulas make."""
        own = dict(_own_names(formulas))
        found = []
        for formula in formulas:
            made = (_forward(sum_, formula.place) for sum_ in _sums(formula, own))
            found += [one for one in made if one is not None]
        words = without_comments(text)
        special = [one.start() for one in _SPECIAL.finditer(words)] if found else []
        result = cls(found, own, words, said, hints, special)
        for formula in formulas if any(one.meeting.labels for one in found) else ():
            result.layouts.update(set(_layouts(formula, own, found)))
        return result

    def verdict(self, formula: StatedFormula) -> EquationVerdict | None:
        """Return the verdict on a gradient, None where no hypothesis is about it."""
        place = formula.place
        left = formula.sides[0]
        if len(formula.sides) != 2 or formula.bounds:
            return None
        _, given = self.said.at(place.start)
        hints = self.hints.over(given)
        results: list[tuple[Hypothesis, EquationVerdict | None]] = []
        for own in self._near(place):
            here = under_hints(own, hints)
            if here is None:
                continue
            said = _gradient(formula, self.own, own)
            if said is not None:
                found = _judged(said, here, place, _loss(left))
            else:
                names = self.own if _DELTA in self.own else {**self.own, _DELTA: own.output}
                words = self.text[max(0, place.start - _BESIDE) : place.end + _BESIDE]
                found = judged_operator(left, formula.sides[1], here, names, place, words)
                if found is None:
                    continue
            results.append((own, found))
            if found is not None and found.verdict == AGREE:
                break
        if not results:
            return None
        agreed = next((v for _, v in results if v is not None and v.verdict == AGREE), None)
        if agreed is not None:
            return agreed if results[0][1] is agreed else None
        first, found = results[0]
        if found is None or not self._is_general(first, place):
            return None
        laid = next(_layouts(formula, self.own, [first]), None)
        if laid is not None and self.layouts[laid] > self.layouts[_layout(first.meeting)]:
            return None  # most formulas lay the tensors out as this one does
        return found

    def _near(self, place: Place) -> Iterator[Hypothesis]:
        """Yield the hypotheses, the last one before a place first, and one of each kind."""
        k = bisect_right(self.found, place.start, key=lambda one: one.place.start)
        seen: list[Meeting] = []
        for own in [*reversed(self.found[:k]), *self.found[k:]]:
            if not any(own.meeting.slots == one.slots and own.meeting.same(one) for one in seen):
                seen.append(own.meeting)
                yield own

    def _is_general(self, forward: Hypothesis, place: Place) -> bool:
        """Whether no words around a forward formula and one behind it speak of a special case.

        Nor does a letter of the forward formula get a number.
        """
        if forward.place.start > place.start:
            return False
        start = bisect_left(self.special, forward.place.start - _NEAR)
        if start < bisect_left(self.special, place.end + _NEAR):
            return False
        given = r"(?<![A-Za-z\\]){}\s*(?:=|\\equiv|:=)\s*[01]\b"
        return not any(
            re.search(given.format(re.escape(letter)), self.text)
            for letter in forward.meeting.parameters
        )


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
                yield below, below


def _sums(formula: StatedFormula, own: Mapping[str, str]) -> Iterator[IndexedSum]:
    left, *others = formula.sides
    if formula.refused is not None:
        return
    for right in others:
        try:
            yield indexed_sum(left, right, own)
        except UnreadableError:
            continue


Layout = tuple[frozenset[str], frozenset[frozenset[str]]]
"""Tensors, and which of their slots are equal."""


def _layout(met: Meeting) -> Layout:
    return frozenset(met.slots), met.labels


def _layouts(
    formula: StatedFormula, own: Mapping[str, str], found: Sequence[Hypothesis]
) -> Iterator[Layout]:
    """Yield how a formula lays tensors out, as the forward pass or as a gradient of one."""
    sums = list(_sums(formula, own))
    sums += [said for here in found if (said := _gradient(formula, own, here)) is not None]
    for said in sums:
        try:
            yield _layout(meeting(said))
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
    try:
        said = indexed_sum(left, right, names, below)
    except UnreadableError:
        return None
    gradients = [one.tensor for one in said.reads if one.gradient]
    values = [one.tensor for one in said.reads if not one.gradient]
    if not said.target.gradient or gradients != [here.output] or len(values) != 1:
        return None
    if {said.target.tensor, *values, *gradients} != here.names:
        return None
    return said if _of_one_layer(said, here) else None


def _of_one_layer(said: IndexedSum, here: Hypothesis) -> bool:
    """Whether layers are those of the forward formula, or all as many above them."""
    apart = set()
    for one in (said.target, *said.reads):
        mine, theirs = (layer_of(f"^{layer}") for layer in (one.layer, here.layers[one.tensor]))
        if mine is not None and theirs is not None:
            apart.add((mine[0] == theirs[0], mine[1] - theirs[1]))
    return len(apart) <= 1


def _is_delta(symbol: Symbol) -> bool:
    return stem(symbol.name) == _DELTA


def _loss(left: Expression) -> str:
    return left.of.name if isinstance(left, Derivative) else "L"


def _judged(said: IndexedSum, here: Hypothesis, place: Place, loss: str) -> EquationVerdict | None:
    """Return the verdict on a gradient under a hypothesis, None where it is not understood."""
    if any(len(one.index) != here.meeting.slots[one.tensor] for one in (said.target, *said.reads)):
        return None
    target = {here.input: "dx", here.filter: "df"}[said.target.tensor]
    try:
        met = meeting(said)
    except UnboundError as unbound:
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
    if met.same(here.meeting):
        scope = _ACTIVATED if said.activated else ""
        return EquationVerdict(AGREE, INDEX, place, target, scope=scope)
    apart = unmet(met, here)
    if apart is None:
        return None
    finding = _finding(said, met, here, loss, apart.where())
    names = [f"d{loss}/d" * one.gradient + apart.element(one.tensor, len(one.index))
             for one in (said.target, *said.reads)]  # fmt: skip
    where = f"with {apart.where()}, " if apart.sizes else ""
    message = f"{finding.message}; {where}{names[1]} {names[2]} belongs to {names[0]}"
    finding = Finding(finding.code, finding.place, message, finding.fix, finding.edit)
    return EquationVerdict(WRONG, INDEX, place, target, findings=(finding,))


def _finding(said: IndexedSum, met: Meeting, here: Hypothesis, loss: str, where: str) -> Finding:
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
    return Finding("SC220", read.place, reason, f"{read.tensor}_{{{text}}}", edit)


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
        if len(extent.names) != 1 or len(extent.terms) != 1 or not taken.isdisjoint(extent.names):
            return False
        if 1 not in extent.terms.values():
            return False
    return True
