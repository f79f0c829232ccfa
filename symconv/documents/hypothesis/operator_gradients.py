r"""Gradients written with operators, judged under a hypothesis.

On every axis elements have to meet as in the forward formula, and as many have to come out as the
tensor has: there the remainder of the stride shows, which no index does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product

from symconv.documents.formulas.letters import FILTER as FILTERS
from symconv.documents.formulas.letters import INPUT as INPUTS
from symconv.documents.formulas.letters import OUTPUT as OUTPUTS
from symconv.documents.formulas.letters import meaning
from symconv.documents.hypothesis.hypotheses import Hypothesis, SlotAxis, differences
from symconv.documents.hypothesis.rows import (
    EXTENTS,
    FILTER,
    INPUT,
    OUTPUT,
    TARGET,
    RowMeeting,
    divided,
)
from symconv.documents.hypothesis.slides import SlideReader, SlideReading, tensor_of
from symconv.documents.mathematics.syntax import Derivative, Expression, UnreadableError
from symconv.documents.operators.formula import CONVOLUTION, CORRELATION
from symconv.documents.source.place import Place
from symconv.documents.verdicts.scopes import dividing
from symconv.documents.verdicts.verdict import (
    AGREE,
    WRONG,
    EquationVerdict,
    Finding,
    not_judged,
)
from symconv.errors import how_many
from symconv.polynomial import ONE, ZERO, Polynomial

OPERATOR = "operator"
_FAMILIES = {FILTERS: FILTER, INPUTS: INPUT, OUTPUTS: OUTPUT}
_REST = Polynomial.name("rem#")
_ZEROS = re.compile(r"\bzeros?\b")
_SMALL = range(2, 8)


@dataclass(frozen=True, slots=True)
class OperatorCase:
    """An operator formula under a hypothesis.

    Attributes:
        target: the part that is computed, X or F.
        here: the hypothesis.
        readings: for each axis every reading, in the same order.
        remainders: what is left of one size by another, by its name.
    """

    target: str
    here: Hypothesis
    readings: tuple[tuple[SlideReading, ...], ...]
    remainders: Mapping[str, tuple[Polynomial, Polynomial]] = field(default_factory=dict)

    def holds(self, k: int, rest: Polynomial, axes: Sequence[SlotAxis] = ()) -> bool:
        """Whether a reading is right on all axes, with what the stride leaves over."""
        axes = axes or self.here.axes
        return all(
            self._is_right(readings[k].met, axis, rest)
            for readings, axis in zip(self.readings, axes, strict=True)
        )

    def _is_right(self, met: RowMeeting, axis: SlotAxis, rest: Polynomial) -> bool:
        """Whether the right elements meet, and as many come out, for one extent of the input."""
        return any(
            self._meets(met, axis, without) and self._comes_out(met, axis, rest, whole)
            for without, whole in zip(_inputs(axis, ZERO), _inputs(axis, rest), strict=True)
        )

    def _comes_out(
        self, met: RowMeeting, axis: SlotAxis, rest: Polynomial, whole: Polynomial
    ) -> bool:
        """Whether as many elements come out as the target has."""
        steps = divided(self.sized(met.reach, axis, rest, whole), met.stride)
        target = self.sized(EXTENTS[self.target], axis, rest, whole)
        return steps is not None and steps + 1 == target

    def _meets(self, met: RowMeeting, axis: SlotAxis, whole: Polynomial) -> bool:
        """Whether the elements meet that meet in the forward pass."""
        own = self.sized(met.equation, axis, _REST, whole)
        own = own.substitute({TARGET: Polynomial.name(self.target)})
        return own in (equation_of(axis), -equation_of(axis)) and self.target not in met.parts

    def sized(
        self, size: Polynomial, axis: SlotAxis, rest: Polynomial, whole: Polynomial
    ) -> Polynomial:
        """Return a size with the input's extent, the filter's and remainders put in."""
        run = self.here.meeting.runs.get(axis.slots[1])
        known = {} if run is None else {f"{FILTER}#": run.high - run.low + 1}
        input_ = whole.substitute(known)
        values = {f"{INPUT}#": input_, **known}
        for name, (a, b) in self.remainders.items():
            above, below = (part.substitute(values) for part in (a, b))
            left = Polynomial(
                {m: n for m, n in above.terms.items() if not _is_multiple(m, n, below)}
            )
            if left in (rest, ZERO) and below == axis.stride:
                values[name] = left
        return size.substitute(values)

    def words(self, k: int) -> SlideReading:
        """Return a reading as it is on the first axis."""
        return self.readings[0][k]


def _is_multiple(monomial: tuple[str, ...], n: int, by: Polynomial) -> bool:
    ((names, factor),) = by.terms.items() if len(by.terms) == 1 else (((), 0),)
    return bool(factor) and n % factor == 0 and all(name in monomial for name in names)


def _inputs(axis: SlotAxis, rest: Polynomial) -> Iterator[Polynomial]:
    """Yield how long the input may be: as long as its windows reach, padded alike on both sides.

    Windows of a flipped filter x_{i-r} are those of a full convolution, or of one that is cut off.
    """
    windows = axis.stride * (EXTENTS[OUTPUT] - 1) + 1
    reach = axis.dilation * (EXTENTS[FILTER] - 1)
    if axis.flipped:
        yield windows - reach
        yield windows
        yield windows + reach
    else:
        left = ZERO if axis.stride == ONE else rest
        yield windows + reach - axis.low * 2 + left


def equation_of(axis: SlotAxis) -> Polynomial:
    """Return what is 0 where elements of the forward pass meet, indices counted from 0."""
    x, f, y = map(Polynomial.name, (INPUT, FILTER, OUTPUT))
    apart = axis.dilation * f
    return x - axis.stride * y - (-apart if axis.flipped else apart) + axis.low


def operator_case(
    left: Expression,
    right: Expression,
    here: Hypothesis,
    own: Mapping[str, str],
    zeros: bool = False,
) -> OperatorCase | None:
    """Return an operator formula of a gradient, None where it is not understood here."""
    parts = {here.input: INPUT, here.filter: FILTER, here.output: OUTPUT}
    for name, part in list(parts.items()):
        parts.setdefault(name.swapcase(), part)
    remainders: dict[str, tuple[Polynomial, Polynomial]] = {}
    try:
        name, gradient = tensor_of(left, own)
        target = parts.get(name) if _loss(left) not in parts else None
        if not gradient or target not in (INPUT, FILTER):
            return None
        found = []
        for k, axis in enumerate(here.axes):
            size = partial(_size, here=here, axis=axis)
            reader = SlideReader(parts, own, size, k, len(here.axes), zeros, remainders)
            found.append(tuple(reader.readings(right)))
    except UnreadableError:
        return None
    case = OperatorCase(target, here, tuple(found), remainders)
    return None if case.words(0).met.parts != {*parts.values()} - {target} else case


def _size(letter: str, here: Hypothesis, axis: SlotAxis) -> Polynomial | None:
    """Return what a letter of an amount is, None where that is not known."""
    if letter in here.known:
        return here.known[letter]
    run = here.meeting.runs.get(axis.slots[1])
    if letter in here.meeting.parameters or (run is not None and letter in run.high.names):
        return Polynomial.name(letter)
    known = meaning(letter)
    part = _FAMILIES.get(known.family) if known is not None else None
    return EXTENTS[part] if part is not None else None


def judged_operator(
    left: Expression,
    right: Expression,
    here: Hypothesis,
    own: Mapping[str, str],
    place: Place,
    words: str,
) -> EquationVerdict | None:
    """Return the verdict on a gradient with operators, None where it is not understood."""
    case = operator_case(left, right, here, own)
    if case is None:
        return None
    found = _agreed(case, place)
    if found is None and _ZEROS.search(words):
        counted = operator_case(left, right, here, own, zeros=True)
        found = _agreed(counted, place) if counted is not None else None
        if found is not None and found.verdict == AGREE:
            found = replace(found, note=f"{found.note}, the number in dilate counting zeros")
    return found or _wrong(case, right, place, _loss(left))


def forgets(left: Expression, right: Expression, here: Hypothesis, own: Mapping[str, str]) -> bool:
    """Whether a gradient is right without a stride, padding or dilation of the forward formula."""
    case = operator_case(left, right, here, own)
    return case is not None and bool(_plainly(case))


def _loss(left: Expression) -> str:
    return left.of.name if isinstance(left, Derivative) else ""


def _agreed(case: OperatorCase, place: Place) -> EquationVerdict | None:
    target = {INPUT: "dx", FILTER: "df"}[case.target]
    usual = CONVOLUTION if case.here.axes[0].flipped else CORRELATION
    for rest in (_REST,) if case.remainders else (_REST, ZERO):
        holding = [case.words(k) for k in range(len(case.readings[0])) if case.holds(k, rest)]
        plain = [one for one in holding if not (one.full or one.swapped)] or holding
        kept = [one for one in plain if one.fixed or one.meaning == usual]
        if holding and not kept:
            reason = f"right only as {plain[0].words()}; the forward formula here is a {usual}"
            return not_judged(OPERATOR, place, reason)
        if not kept:
            continue
        note = f"as {' and as '.join(dict.fromkeys(one.words() for one in plain))}"
        meanings = frozenset(one.meaning for one in plain)
        scope = "" if rest else _dividing(case.here)
        return EquationVerdict(
            AGREE, OPERATOR, place, target, note=note, scope=scope, meanings=meanings
        )
    return None


def _dividing(here: Hypothesis) -> str:
    padded = any(axis.low != ZERO for axis in here.axes)
    dilated = any(axis.dilation != ONE for axis in here.axes)
    return dividing(("padding",) * padded + ("dilation",) * dilated)


def _wrong(
    case: OperatorCase, right: Expression, place: Place, loss: str
) -> EquationVerdict | None:
    """Return the verdict on what is right in no reading, None where some size makes it right."""
    readings = range(len(case.readings[0]))
    for n in _SMALL:
        sized = replace(case, here=_with_filter(case.here, n), readings=_filtered(case, n))
        if any(sized.holds(k, ZERO) for k in readings):
            return None
    told = next(filter(None, (_apart(case, k, loss) for k in readings)), "")
    if not told:
        return None
    reason = _plainly(case) or "the forward formula here sums other products"
    finding = Finding("SC230", right.place, f"{reason}; {told}")
    target = {INPUT: "dx", FILTER: "df"}[case.target]
    return EquationVerdict(WRONG, OPERATOR, place, target, findings=(finding,))


def _with_filter(here: Hypothesis, n: int) -> Hypothesis:
    """Return a hypothesis whose filter has so many elements, where a letter counts them."""
    known = {f"{FILTER}#": Polynomial.constant(n)}
    for axis in here.axes:
        run = here.meeting.runs.get(axis.slots[1])
        extent = run.high - run.low + 1 if run is not None else ZERO
        for name in extent.names:
            if extent == Polynomial.name(name):
                known[name] = Polynomial.constant(n)
    return here.with_sizes(known)


def _filtered(case: OperatorCase, n: int) -> tuple[tuple[SlideReading, ...], ...]:
    known = _with_filter(case.here, n).known
    return tuple(
        tuple(
            replace(
                one,
                met=replace(
                    one.met,
                    equation=one.met.equation.substitute(known),
                    reach=one.met.reach.substitute(known),
                ),
            )
            for one in readings
        )
        for readings in case.readings
    )


def _plainly(case: OperatorCase) -> str:
    """Return which plainer convolution a formula is right for, "" for none."""
    plainer: tuple[Callable[[SlotAxis], SlotAxis], ...] = (
        lambda axis: replace(axis, stride=ONE),
        lambda axis: replace(axis, low=ZERO),
        lambda axis: replace(axis, dilation=ONE),
        lambda axis: SlotAxis(axis.slots, ONE, ONE, ZERO, axis.flipped),
    )
    for plain in plainer:
        axes = tuple(map(plain, case.here.axes))
        if axes != case.here.axes and any(
            case.holds(k, ZERO, axes) for k in range(len(case.readings[0]))
        ):
            mine, theirs = differences(axes, case.here.axes)
            return f"right {mine}; the forward formula here is {theirs}"
    return ""


def _apart(case: OperatorCase, k: int, loss: str) -> str:
    """Return what a reading gets wrong at small sizes, "" where nothing shows it."""
    reading, axis = case.readings[0][k], case.here.axes[0]
    own = reading.met.equation.substitute({TARGET: Polynomial.name(case.target)})
    here = equation_of(axis)
    names = {INPUT: case.here.input, FILTER: case.here.filter, OUTPUT: case.here.output}
    extents = {f"{FILTER}#": 3, f"{OUTPUT}#": 3}
    letters = sorted({*own.names, *here.names} - {*names, *extents, f"{INPUT}#"})
    run = case.here.meeting.runs.get(axis.slots[1])
    if any("#" in name or " " in name for name in letters):
        return ""
    for values in product((2, 3, 1), repeat=len(letters)):
        at = {**dict(zip(letters, values, strict=True)), **extents}
        if run is not None:
            at[f"{FILTER}#"] = (
                (run.high - run.low + 1).evaluate({**at, "": 0})
                if (run.high - run.low).names <= at.keys()
                else 3
            )
        for y, f in product(range(3), range(max(0, min(3, at[f"{FILTER}#"])))):
            x = -here.evaluate({**at, INPUT: 0, FILTER: f, OUTPUT: y})
            length = next(_inputs(axis, ZERO)).evaluate(at)
            at_all = {**at, f"{INPUT}#": length, INPUT: x, FILTER: f, OUTPUT: y}
            if 0 <= x < length and own.evaluate(at_all) != 0:
                indices = {INPUT: x, FILTER: f, OUTPUT: y}
                rank = len(case.here.axes)
                gradient = f"d{loss}/d" if loss else "d"
                shown = {
                    p: f"{gradient * (p in (OUTPUT, case.target))}{names[p]}"
                    f"[{','.join([str(i)] * rank)}]"
                    for p, i in indices.items()
                }
                given = [shown[p] for p in (OUTPUT, INPUT, FILTER) if p != case.target]
                where = ", ".join(f"{name} = {n}" for name, n in zip(letters, values, strict=True))
                said = f"as {reading.words()}, with {where}" if where else f"as {reading.words()}"
                return f"{said}, {' '.join(given)} belongs to {shown[case.target]}"
    return _miscounted(case, k)


def _miscounted(case: OperatorCase, k: int) -> str:
    """Return how many elements come out, and how many there should be."""
    reading, axis = case.readings[0][k], case.here.axes[0]
    if axis.flipped:
        return ""
    for rest in (0, 1):
        left = Polynomial.constant(rest)
        whole = next(_inputs(axis, left))
        steps = divided(case.sized(reading.met.reach, axis, left, whole), reading.met.stride)
        if steps is None:
            continue
        apart = steps + 1 - case.sized(EXTENTS[case.target], axis, left, whole)
        sizes = {f"{INPUT}#": case.sized(EXTENTS[INPUT], axis, left, whole)}
        parts = {
            name: tuple(case.sized(part, axis, left, whole) for part in pair)
            for name, pair in case.remainders.items()
        }
        letters = {
            n for one in (apart, *sizes.values(), *sum(parts.values(), ())) for n in one.names
        }
        letters -= parts.keys()
        for values in product((3, 2, 4), repeat=len(letters)):
            at = dict(zip(sorted(letters), values, strict=True))
            at |= {name: a.evaluate(at) % b.evaluate(at) for name, (a, b) in parts.items()}
            if more := apart.evaluate(at):
                where = ", ".join(f"{name} = {n}" for name, n in at.items() if name.isidentifier())
                extra = "too many" if more > 0 else "too few"
                count = f"{how_many(abs(more), 'element')} {extra}"
                return f"as {reading.words()}, " + (f"with {where}, {count}" if where else count)
    return ""
