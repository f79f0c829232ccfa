"""Turns what was seen of an implementation into what is said of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from symconv.errors import how_many
from symconv.implementations import grid
from symconv.implementations.calls import Ending
from symconv.implementations.codes import FAULTS
from symconv.implementations.differences import difference
from symconv.implementations.family import WrongFormula, formulas
from symconv.implementations.gradients import GRADIENTS, on_probe
from symconv.implementations.interface import Form, Interface
from symconv.implementations.judge import Examined, Outcome, Survey
from symconv.implementations.lines import BackwardSource
from symconv.implementations.places import Separator, Whereabouts
from symconv.implementations.predicates import Letters, within
from symconv.implementations.report import (
    ContractFault,
    GradientReport,
    GradientVerdict,
    ImplementationReport,
    TermDifference,
    VerdictScope,
)
from symconv.implementations.sizes import TrialSizes
from symconv.implementations.truth import ForwardReading, agree


@dataclass(frozen=True, eq=False)
class Named:
    """Where an implementation stands, and what it is called."""

    path: str
    name: str
    binding: str
    file: str
    functions: tuple[tuple[str, int], ...]


def diagnose(named: Named, survey: Survey) -> ImplementationReport:
    """Return what is said of an implementation.

    Args:
        named: where it stands.
        survey: what was seen of it.
    """
    return _Diagnosis(named, survey).report()


class _Diagnosis:
    def __init__(self, named: Named, survey: Survey) -> None:
        self.named, self.survey = named, survey
        self.face, self.pool = survey.face, survey.pool
        self.source = BackwardSource(named.file, named.functions)
        known = [each for each in survey.examined if each.reading is not None]
        died = [each for each in survey.examined if each.ending is Ending.DIED]
        self.seen = known or [each for each in survey.examined if each.products is not None]
        self.seen += [each for each in died if each not in self.seen]
        self.mean = self._means()

    def report(self) -> ImplementationReport:
        survey, named = self.survey, self.named
        names = [n for n in GRADIENTS if n != "db" or self.face.bias]
        gradients = tuple(self._gradient(name) for name in names)
        strange = [
            each
            for each in survey.examined
            if each.reading is None and each.ending is not Ending.DIED
        ]
        geometries = [
            (each.sizes, _outcome_of(each, names)) for each in survey.examiner.seen.values()
        ]
        return ImplementationReport(
            named.path,
            named.name,
            named.binding,
            self._forward(strange),
            not strange,
            gradients,
            tuple(self._faults(gradients, strange)),
            tuple(self._conventions(names)),
            tuple(self._refusals()),
            tuple(geometries),
            len(self.survey.examined),
        )

    def _forward(self, strange: Sequence[Examined]) -> str:
        readings = [each.reading for each in self.seen if each.reading is not None]
        if strange:
            return f"no convolution at {strange[0].sizes}"
        kind = "true convolution" if any(r.flipped for r in readings) else "correlation"
        kinds = [f"transposed {kind}" if self.face.transposed else kind]
        if self.face.bias:
            kinds.append("with bias" if all(r.bias for r in readings) else "bias not added")
        return ", ".join(kinds)

    def _means(self) -> frozenset[str]:
        """Return which gradients are means over the batch, wherever there are several images."""
        outcomes = {
            name: [
                outcome
                for each in self.seen
                if each.sizes.layer.batch > 1
                and (outcome := each.gradients.get(name)) not in (None, Outcome.ABSENT)
            ]
            for name in GRADIENTS
        }
        return frozenset(n for n, o in outcomes.items() if o and {*o} == {Outcome.MEAN})

    def _mean_is_convention(self) -> bool:
        """Whether the means are taken alike: of both dF and db, of dX or not."""
        present = {
            name
            for name in ("dF", "db")
            if any(e.gradients.get(name) not in (None, Outcome.ABSENT) for e in self.seen)
        }
        return present <= self.mean

    def _bad(self, each: Examined, name: str) -> bool:
        """Whether a gradient is at fault at a size."""
        if each.gradients.get(name) is Outcome.MEAN:
            return name not in self.mean or not self._mean_is_convention()
        return each.is_wrong(name)

    def _gradient(self, name: str) -> GradientReport:
        present = [e for e in self.seen if e.gradients.get(name) not in (None, Outcome.ABSENT)]
        failing = [each for each in present if self._bad(each, name)]
        number = len(present)
        if not present:
            return GradientReport(name, GradientVerdict.ABSENT)
        if not failing:
            every = all(each.every_input for each in present)
            scope = VerdictScope.THESE_SIZES if every else VerdictScope.TESTED
            return GradientReport(name, GradientVerdict.RIGHT, scope, number)
        every = all(each.every_input for each in failing)
        scope = VerdictScope.THESE_SIZES if every else VerdictScope.TESTED
        crashed = [e for e in failing if e.gradients[name] is Outcome.CRASHED]
        if len(crashed) == len(failing):
            example = min(crashed, key=_plainness)
            where = self._where(name, present, None)
            return GradientReport(
                name, GradientVerdict.CRASH, VerdictScope.TESTED, number, where, "V304",
                f"the backward pass fails: {example.message}",
                line=self.source.at(example.line) or self.source.definition(),
                example=example.sizes,
            )  # fmt: skip
        wrong = [e for e in failing if e not in crashed]
        return self._wrong(name, wrong, scope, present)

    def _wrong(
        self,
        name: str,
        wrong: Sequence[Examined],
        scope: VerdictScope,
        present: Sequence[Examined],
    ) -> GradientReport:
        found, example = self._formula(name, wrong)
        where = self._where(name, present, found)
        number = len(present)
        shaped = [each for each in wrong if _has_other_shape(each, name)]
        if all(name in each.single for each in wrong):
            code, said = "V305", f"{name} is wrong for float32 inputs"
            where = _in_single_precision(where)
        elif found is not None:
            code, said = found.code, f"{name}: {FAULTS[found.code].name}"
        elif len(shaped) == len(wrong):
            example = min(shaped, key=_plainness)
            code, said = self._shape_fault(name, shaped)
        else:
            code, said = "V101", f"{name} is not the gradient of the forward pass"
        return GradientReport(
            name, GradientVerdict.WRONG, scope, number, where, code, said,
            _spoken(found.computes, self.face) if found else None,
            _spoken(found.belongs, self.face) if found else None,
            self._table(name, example),
            self.source.place(name, code),
            example.sizes,
        )  # fmt: skip

    def _shape_fault(self, name: str, shaped: Sequence[Examined]) -> tuple[str, str]:
        short = []
        for each in shaped:
            found = _shape(each, name)
            layer = each.sizes.layer
            wanted = layer.input if name == "dX" else layer.filter
            rest = (0, 0, *each.sizes.geometry.remainder)
            signs = -1 if name == "dX" else 1
            ideal = tuple(w + signs * r for w, r in zip(wanted, rest, strict=True))
            short.append(found == ideal and any(rest))
        each = min(shaped, key=_plainness)
        said = "x".join(map(str, _shape(each, name)))
        wanted = {"dX": each.sizes.layer.input, "dF": each.sizes.layer.filter}.get(
            name, (each.sizes.layer.filters,)
        )
        text = f"{name} is {said} instead of {'x'.join(map(str, wanted))}"
        if 0 in _shape(each, name):
            text += ": a slice like [pad:-pad] is empty where pad = 0"
        if name != "db" and all(short):
            return "V102", f"{text}: the remainder is forgotten"
        return "V111", text

    def _formula(
        self, name: str, wrong: Sequence[Examined]
    ) -> tuple[WrongFormula | None, Examined]:
        """Return the one formula that gives all wrong numbers, and the sizes that show it best."""
        usable = [e for e in wrong if name in e.arrays and e.reading is not None and e.probe]
        usable = [e for e in usable if not _has_other_shape(e, name)]
        cheapest = min(wrong, key=_plainness)
        if not usable or len(usable) < len(wrong):
            return None, cheapest
        family = [
            each for each in formulas(self.face.rank, self.face.transposed) if each.gradient == name
        ]
        left = family
        shown: list[tuple[int, Examined]] = []
        for each in sorted(usable, key=_plainness):
            is_open = len(shown) < _SHOWN and not any(fits == 1 for fits, _ in shown)
            fits = [f for f in (family if is_open else left) if _gives(f, each, name)]
            if is_open:
                shown.append((len(fits), each))
            kept = {id(formula) for formula in fits}
            left = [formula for formula in left if id(formula) in kept]
            if not left:
                return None, cheapest
        best = min(shown, key=lambda row: (row[0], _plainness(row[1])))[1]
        return self._confirmed(name, left), best

    def _confirmed(self, name: str, left: Sequence[WrongFormula]) -> WrongFormula | None:
        """Return the formula that gives what comes out at further sizes too, and fits best."""
        examiner, tried, hidden = self.survey.examiner, 0, self._is_hidden(name)
        for sizes in self.pool.draw(100, self.survey.accepts):
            if tried == _CONFIRMED:
                break
            each = examiner.examine(sizes) if hidden else examiner.glance(sizes)
            if name not in each.gradients or not each.accepted or not each.reading:
                continue
            if each.gradients[name] in (Outcome.WRONG, Outcome.MEAN) and self._bad(each, name):
                tried += 1
                if _has_other_shape(each, name):
                    return None
                left = [formula for formula in left if _gives(formula, each, name)]
        fine = [e for e in examiner.every() if e.reading and name in e.gradients]
        fine = [each for each in fine if not self._bad(each, name)]

        def too_often(formula: WrongFormula) -> int:
            """Return at how many sizes a formula would be wrong that are right."""
            return sum(each.reading is not None and formula.differs(each.reading) for each in fine)

        return min(left, key=too_often, default=None)

    def _where(
        self, name: str, present: Sequence[Examined], formula: WrongFormula | None
    ) -> str | None:
        """Return the sentence that says where a gradient is at fault."""
        seen = [each for each in present if each.reading]
        if not seen:
            return None
        bad = f"at {sum(self._bad(e, name) for e in seen)} of {how_many(len(seen), 'size')}"
        if self.survey.fixed:
            return bad
        accepts = self.survey.accepts
        for population, said in ((accepts, ""), (self._ordinary, _ORDINARY)):
            condition = self._separated(name, seen, formula, population)
            if condition is not None:
                text = f"exactly where {condition.text}" if condition.parts else "everywhere"
                return text + said
        guard = None if formula is None else self._guard(name, seen, formula, accepts)
        failing = sum(self._bad(each, name) for each in self.survey.examiner.every())
        if guard is None or not guard.parts or failing < _TELLING:
            return bad
        return f"only where {guard.text}: {bad}"

    def _ordinary(self, sizes: TrialSizes) -> bool:
        """Whether no filter is larger than the input, and no padding larger than a filter."""
        return self.survey.accepts(sizes) and all(
            axis.spread >= axis.extent and max(axis.padding) < axis.extent
            for axis in sizes.geometry.axes
        )

    def _separated(
        self,
        name: str,
        seen: Sequence[Examined],
        formula: WrongFormula | None,
        accepts: Callable[[TrialSizes], bool],
    ) -> Whereabouts | None:
        """Return the condition under which a gradient is at fault, of sizes that are accepted.

        Where the formula is known that is computed instead, it is asked apart where the formula
        makes a difference, which costs no run, and where, of these sizes, it is computed.
        """
        if formula is None:
            rows = [(e.sizes, self._bad(e, name), e.letters) for e in seen if accepts(e.sizes)]
            asked = Separator(self.pool, accepts, lambda s: self._happens(s, name))
            return asked.found(rows) or asked.opposite()
        flipped = self._flipped(seen)

        def differs(sizes: TrialSizes) -> tuple[bool, Letters]:
            return formula.differs(ForwardReading(sizes.layer, flipped, True)), sizes.letters

        domain = Separator(self.pool, accepts, differs, fresh=_MANY).found()
        guard = None if domain is None else self._guard(name, seen, formula, accepts)
        if guard is None or domain is None:
            return None
        parts = {part.text: part for part in (*guard.parts, *domain.parts)}
        whole = Whereabouts(tuple(parts.values()))
        tried = [e for e in self.survey.examiner.every() if accepts(e.sizes) and e.reading]
        tried = [each for each in tried if name in each.gradients]
        if any(whole.holds(e.letters) != self._bad(e, name) for e in tried):
            return None
        for part in whole.parts:  # what others imply is not said
            less = Whereabouts(tuple(p for p in whole.parts if p is not part))
            if self._alike(less, whole):
                whole = less
        return whole

    def _guard(
        self,
        name: str,
        seen: Sequence[Examined],
        formula: WrongFormula,
        accepts: Callable[[TrialSizes], bool],
    ) -> Whereabouts | None:
        """Return where a formula is computed, of the sizes at which it makes a difference."""
        flipped = self._flipped(seen)

        def differs(sizes: TrialSizes) -> bool:
            return formula.differs(ForwardReading(sizes.layer, flipped, True))

        def computed(sizes: TrialSizes) -> tuple[bool, Letters] | None:
            return self._happens(sizes, name) if differs(sizes) else None

        known = [each for each in seen if accepts(each.sizes) and differs(each.sizes)]
        rows = [(each.sizes, self._bad(each, name), each.letters) for each in known]
        asked = Separator(self.pool, accepts, computed, fresh=80)
        return asked.found(rows) or asked.opposite()

    def _flipped(self, seen: Sequence[Examined]) -> bool:
        return any(each.reading is not None and each.reading.flipped for each in seen)

    def _alike(self, less: Whereabouts, whole: Whereabouts) -> bool:
        """Whether two conditions hold of the same sizes, of very many that are taken."""
        columns = grid.letters(self.face)
        if columns is None:
            several = [sizes.letters for sizes in self.pool.draw(_MANY, self.survey.accepts)]
            return bool((whole.among(several) == less.among(several)).all())
        differ = np.asarray(whole.holds(columns) != less.holds(columns))
        return not bool((differ & self.survey.taken(columns)).any())

    def _happens(self, sizes: TrialSizes, name: str) -> tuple[bool, Letters] | None:
        """Run sizes, and return whether a gradient is at fault there."""
        examiner = self.survey.examiner
        each = examiner.examine(sizes) if self._is_hidden(name) else examiner.glance(sizes)
        if not each.accepted or each.reading is None or name not in each.gradients:
            return None
        return self._bad(each, name), each.letters

    def _is_hidden(self, name: str) -> bool:
        """Whether one run on numbers does not always show that a gradient is at fault."""
        return any(
            name in each.single or any(code == "V303" for code, _ in each.notes)
            for each in self.seen
        )

    def _table(self, name: str, example: Examined) -> TermDifference | None:
        """Return the first element whose terms differ, where the terms are known."""
        products = example.products
        known = None if self.survey.fixed else self.survey.examiner.table(example, name)
        if known is None or products is None:
            return None
        return difference(name, example.sizes, known, products)

    def _faults(
        self, gradients: Sequence[GradientReport], strange: Sequence[Examined]
    ) -> Iterable[ContractFault]:
        said: dict[tuple[str, str], Examined] = {}
        for each in self.survey.examined:
            for code, message in each.notes:
                said.setdefault((code, message), each)
        for (code, message), each in said.items():
            yield ContractFault(code, f"{message}, for instance at {each.sizes}")
        if strange and any(each.reading is not None for each in self.survey.examined):
            example = min(strange, key=lambda each: each.sizes.cost)
            yield ContractFault(
                "V306", f"the forward pass is no convolution at {example.sizes}: {len(strange)} "
                f"of {how_many(len(self.survey.examined), 'size')}"
            )  # fmt: skip

    def _conventions(self, names: Sequence[str]) -> Iterable[str]:
        readings = [each.reading for each in self.seen if each.reading is not None]
        if any(reading.flipped for reading in readings):
            yield "a true convolution: the filter is flipped in the forward pass"
        if self.mean and self._mean_is_convention():
            yield f"{' and '.join(sorted(self.mean))} are means over the batch"
        for name in names:
            if not any(e.gradients.get(name) not in (None, Outcome.ABSENT) for e in self.seen):
                yield f"no {name} is given"
        if any(each.updated for each in self.seen):
            yield "the parameters are updated in the backward pass"
        own = [
            r.layer.geometry.padding
            for e in self.seen
            if (r := e.reading) is not None
            and [p[0] for p in r.layer.geometry.padding] != [p[0] for p in e.sizes.geometry.padding]
        ]
        if own and not self.face.fixed_padding:
            yield "it pads in its own way: an odd zero goes where TensorFlow does not put it"
        if self.face.fixed_name:
            yield f"padding is always {self.face.fixed_name!r}"
        elif self.face.fixed_padding:
            yield f"padding is always {self.face.fixed_padding}"
        if self.face.fixed_stride > 1:
            steps = [each.sizes.geometry.stride for each in self.seen][:1]
            mixed = ["x".join(map(str, each)) for each in steps if len({*each}) > 1]
            yield f"stride is always {mixed[0] if mixed else self.face.fixed_stride}"
        if looked := Counter(each.looked for each in self.seen if each.looked):
            why = looked.most_common(1)[0][0]
            yield f"tested on numbers only: opaque scalars do not pass ({why})"

    def _refusals(self) -> Iterable[str]:
        face = self.face
        for each in self.survey.refusals:
            what = each.predicate.text if each.predicate else f"for instance {each.example}"
            verb = "refused" if each.raised else "not taken"
            yield f"{what}: {verb} ({each.message}); nothing is said of it"
        if face.stride is Form.FIXED and face.fixed_stride == 1:
            yield "no stride: nothing is said about remainders"
        elif face.stride is Form.ONE and face.rank > 1:
            yield "one stride for all axes: nothing is said where they differ"


def _in_single_precision(where: str | None) -> str | None:
    """Return where a gradient is wrong that is wrong for float32 alone."""
    if where is None:
        return "exactly where dtype = float32"
    for word in ("exactly where", "only where"):
        text, colon, rest = where.removeprefix(f"{word} ").partition(":")
        if where.startswith(word):
            inner = within(text, "or")
            return f"{word} dtype = float32 and {inner}{colon}{rest}"
    if where.startswith("everywhere"):
        return "exactly where dtype = float32" + where.removeprefix("everywhere")
    return f"only where dtype = float32: {where}"


def _spoken(text: str, face: Interface) -> str:
    """Return a formula without what an interface cannot say, and with its words."""
    if face.dilation is Form.FIXED:
        text = text.replace("*d", "")
    if face.stride is Form.FIXED:
        text = text.replace("*u", "" if face.fixed_stride == 1 else f"*{face.fixed_stride}")
    elif face.stride is Form.ONE:
        text = text.replace("*u", "*stride")
    if face.padding is Form.FIXED and not face.names and not face.fixed_name:
        amount = f" - {face.fixed_padding}" if face.fixed_padding else ""
        text = text.replace(" - pad", amount)
    return text


_SHOWN = 10
"""At so many sizes it is looked how many formulas explain what comes out, to show the best one."""

_CONFIRMED = 12
"""At so many further sizes a formula is held against what comes out."""

_TELLING = 8
"""At fewer failing sizes nothing is said of what they have in common."""

_MANY = 1200
"""So many sizes are tried where none has to be run."""

_ORDINARY = ": of sizes with filters no larger than the input, and padding smaller than the filter"


def _outcome_of(each: Examined, names: Sequence[str]) -> str:
    """Return what came out at some sizes, in one word or two."""
    match each.ending:
        case Ending.REFUSED:
            return "refused"
        case Ending.FAILED:
            return "not taken"
        case Ending.DIED:
            return "died"
        case Ending.CRASHED:
            return "crash"
    if each.reading is None:
        return "no convolution"
    wrong = [name for name in names if each.is_wrong(name)]
    return f"wrong {' '.join(wrong)}" if wrong else "right"


def _plainness(each: Examined) -> tuple[int, int, int]:
    """Return how odd sizes are, how little they show, and how long they are: 1x1 shows nothing."""
    geometry = each.sizes.geometry
    odd = sum(
        (axis.extent > axis.spread)
        + (max(axis.padding) >= axis.extent)
        + (axis.stride > axis.filter)
        for axis in geometry.axes
    )
    sizes = (*geometry.input, *geometry.filter, *geometry.output)
    return odd, sum(n == 1 for n in sizes), each.sizes.cost


def _shape(each: Examined, name: str) -> tuple[int, ...]:
    if name in each.shapes:
        return each.shapes[name]
    return each.arrays[name].shape if name in each.arrays else ()


def _has_other_shape(each: Examined, name: str) -> bool:
    layer = each.sizes.layer
    wanted = {"dX": layer.input, "dF": layer.filter, "db": (layer.filters,)}[name]
    return _shape(each, name) not in ((), wanted)


def _gives(formula: WrongFormula, each: Examined, name: str) -> bool:
    """Whether a wrong formula gives the numbers that came out."""
    reading, probe = each.reading, each.probe_of(name)
    assert reading is not None
    assert probe is not None
    found, computed = each.arrays[name], formula.numbers(reading, probe)
    scale = on_probe(name, reading.products, probe)[1]
    return agree(found, computed, float(scale.max(initial=0)))
