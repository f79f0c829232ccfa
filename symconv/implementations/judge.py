"""Judges one implementation: its gradients against those of its own forward pass, size by size."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from symconv.implementations import coded, plan, probes
from symconv.implementations.calls import Ending, Run
from symconv.implementations.forwards import identify
from symconv.implementations.gradients import GRADIENTS, on_probe, terms_of
from symconv.implementations.interface import Interface
from symconv.implementations.predicates import Predicate
from symconv.implementations.probes import Probe
from symconv.implementations.sizes import WINDOWS, TrialSizes
from symconv.implementations.truth import ForwardReading, Products, agree

_PROBES = (Probe(1), Probe(1), Probe(2), Probe(3, "float32"))


class JudgedSubject(Protocol):
    """What is judged: an implementation in this process or in another one."""

    def run(self, sizes: TrialSizes, asked: Sequence[Probe | None]) -> list[Run]:
        """Run at some sizes, on each probe; None: on opaque scalars, whose tables come back."""


class Outcome(enum.Enum):
    """What one gradient is at one size."""

    RIGHT = "right"
    MEAN = "mean"  # divided by N
    WRONG = "wrong"
    CRASHED = "crash"
    ABSENT = "absent"


@dataclass(frozen=True, eq=False)
class Examined:
    """All that was seen at one size.

    Attributes:
        sizes: what the implementation was told.
        ending: how its runs ended.
        message: the error, in one line.
        line: where it arose.
        reading: what the forward pass is; None: no convolution.
        gradients: what each gradient is.
        every_input: whether opaque scalars passed through: it holds for every input.
        probe: the numbers that the arrays come from.
        arrays: what it gave for them; a gradient that is wrong for float32 alone is that of the
            probe for float32.
        single: which gradients are wrong for float32 alone.
        notes: codes of contracts that are broken, each with what was seen.
        looked: why opaque scalars did not pass, or nothing.
        updated: whether parameters were updated.
    """

    sizes: TrialSizes
    ending: Ending
    message: str = ""
    line: int | None = None
    reading: ForwardReading | None = None
    gradients: dict[str, Outcome] = field(default_factory=dict)
    every_input: bool = False
    probe: Probe | None = None
    arrays: dict[str, NDArray[np.generic]] = field(default_factory=dict)
    shapes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    single: frozenset[str] = frozenset()
    notes: tuple[tuple[str, str], ...] = ()
    looked: str = ""
    updated: bool = False
    products: Products | None = None

    @property
    def accepted(self) -> bool:
        """Whether the forward pass took these sizes."""
        return self.ending in (Ending.DONE, Ending.CRASHED, Ending.DIED)

    def probe_of(self, name: str) -> Probe | None:
        """Return the numbers that a gradient comes from."""
        return _PROBES[3] if name in self.single else self.probe

    def is_wrong(self, name: str) -> bool:
        """Whether a gradient is wrong or could not be computed here."""
        return self.gradients.get(name) in (Outcome.WRONG, Outcome.CRASHED)

    @property
    def letters(self) -> Mapping[str, int]:
        """The sizes by their letters, with the extents of Y that really came out."""
        found, reading = self.sizes.letters, self.reading
        if reading is None or reading.layer is self.sizes.layer:
            return found
        extents = zip(WINDOWS[self.sizes.rank], reading.layer.geometry.output, strict=True)
        return {**found, **dict(extents)}


class Examiner:
    """Examines an implementation at sizes, each once."""

    def __init__(self, subject: JudgedSubject, face: Interface, probe: Probe = _PROBES[0]) -> None:
        self.subject = subject
        self.probe = probe
        self.face = face
        self.seen: dict[TrialSizes, Examined] = {}
        self.glanced: dict[TrialSizes, Examined] = {}
        self.opaque = True
        self.looked = 0

    def examine(self, sizes: TrialSizes) -> Examined:
        """Return what an implementation does at some sizes."""
        if sizes not in self.seen:
            self.seen[sizes] = self._examine(sizes)
        return self.seen[sizes]

    def glance(self, sizes: TrialSizes) -> Examined:
        """Return what one run on numbers tells of some sizes; see `examine`."""
        if (seen := self.seen.get(sizes) or self.glanced.get(sizes)) is not None:
            return seen
        (run,) = self.subject.run(sizes, (self.probe,))
        if run.ending in (Ending.REFUSED, Ending.FAILED):
            seen = Examined(sizes, run.ending, run.message, run.line)
        else:
            seen = self._judged(sizes, [run] * 4, None)
        self.glanced[sizes] = seen
        return seen

    def every(self) -> list[Examined]:
        """Return all that was seen so far."""
        return [*self.seen.values(), *self.glanced.values()]

    def table(self, each: Examined, name: str) -> NDArray[np.float64] | None:
        """Return the terms of a gradient at some sizes, where opaque scalars or calls tell them."""
        products = each.products
        if products is None:
            return None
        if each.every_input:
            (run,) = self.subject.run(each.sizes, (None,))
            right = run.ending is Ending.DONE and run.extents.get(name) == extents(name, each.sizes)
            return run.tables[name] if right else None
        if name not in each.arrays or each.arrays[name].shape != extents(name, each.sizes):
            return None

        def runs(asked: Sequence[Probe]) -> list[Run]:
            return self.subject.run(each.sizes, asked)

        return coded.table(name, each.sizes.layer, products.output, runs, self.probe)

    def _examine(self, sizes: TrialSizes) -> Examined:
        asked: list[Probe | None] = [*_PROBES]
        if self.opaque:
            asked.append(None)
        runs = self.subject.run(sizes, asked)
        first, again, second, single = runs[:4]
        symbolic = runs[4] if self.opaque and len(runs) > 4 else None
        if symbolic is not None and symbolic.ending is Ending.LOOKED:
            self.looked += 1
            self.opaque = self.looked < 3  # it looks at data: it will again
        if first.ending in (Ending.REFUSED, Ending.FAILED):
            return Examined(sizes, first.ending, first.message, first.line)
        if first.ending is Ending.DIED and "y" not in first.arrays:
            wrong = dict.fromkeys(GRADIENTS, Outcome.CRASHED)
            return Examined(sizes, first.ending, first.message, first.line, gradients=wrong)
        return self._judged(sizes, [first, again, second, single], symbolic)

    def _judged(self, sizes: TrialSizes, runs: list[Run], symbolic: Run | None) -> Examined:
        first, again, _, single = runs
        probe = self.probe
        reading, products = None, None
        if "y" in first.arrays:
            reading = identify(sizes, probe, self.face.bias, first.arrays["y"])
        shape = first.extents.get("y") or first.arrays.get("y", np.empty(0)).shape
        if reading is None and shape != sizes.layer.output:
            said = "x".join(map(str, shape or first.shapes.get("y", ())))
            return Examined(sizes, Ending.FAILED, f"the output is {said}, of no convolution")
        if reading is not None:
            products = reading.products
        elif symbolic is not None and "y" in symbolic.tables:
            products = _of_table(symbolic, sizes)
        notes: list[tuple[str, str]] = []
        outcomes: dict[str, Outcome] = {}
        only_single = set()
        for name in GRADIENTS:
            if name == "db" and not self.face.bias:
                continue
            glanced = again is first
            found = {
                _outcome(name, run, each, sizes, products)
                for run, each in zip(runs, (self.probe,) if glanced else _PROBES[:3], strict=False)
            }
            outcome = _worst(found)
            if outcome in (Outcome.RIGHT, Outcome.MEAN) and not glanced:
                in_single = _outcome(name, single, _PROBES[3], sizes, products)
                if in_single in (Outcome.WRONG, Outcome.CRASHED):
                    outcome = Outcome.WRONG
                    only_single.add(name)
            if symbolic is not None and symbolic.ending is Ending.DONE:
                if _reads_unwritten(symbolic, name):
                    notes.append(("V303", f"{name} reads memory that nobody wrote"))
                agreeing = outcome in (Outcome.RIGHT, Outcome.MEAN)
                if agreeing and not _agrees(name, symbolic, sizes, products, outcome):
                    outcome = Outcome.WRONG
            outcomes[name] = outcome
        for name, value in first.arrays.items():
            if name in again.arrays and not _same(value, again.arrays[name]):
                notes.append(("V302", f"{name} differs between two runs on the same numbers"))
        for name in first.changed:
            notes.append(("V301", f"{_SAID[name]} is changed in place"))
        done = symbolic is not None and symbolic.ending is Ending.DONE
        shown = {name: (single if name in only_single else first) for name in ("y", *GRADIENTS)}
        return Examined(
            sizes, first.ending, first.message, first.line, reading, outcomes, done, probe,
            {name: run.arrays[name] for name, run in shown.items() if name in run.arrays},
            {name: run.shapes[name] for name, run in shown.items() if name in run.shapes},
            frozenset(only_single), tuple(notes),
            symbolic.message if symbolic is not None and not done else "",
            first.updated, products,
        )  # fmt: skip


_SAID = {"x": "the input x", "f": "the filter w", "b": "the bias b", "dy": "the gradient dy"}


def _same(left: NDArray[np.generic], right: NDArray[np.generic]) -> bool:
    return left.shape == right.shape and bool(
        np.array_equal(left, right, equal_nan=left.dtype.kind == "f")
    )


def _worst(found: set[Outcome]) -> Outcome:
    for outcome in (Outcome.CRASHED, Outcome.WRONG, Outcome.ABSENT):
        if outcome in found:
            return outcome
    return Outcome.MEAN if Outcome.MEAN in found else Outcome.RIGHT


def _outcome(
    name: str, run: Run, probe: Probe, sizes: TrialSizes, products: Products | None
) -> Outcome:
    if run.ending in (Ending.CRASHED, Ending.DIED):
        return Outcome.CRASHED
    if run.ending is Ending.REFUSED:  # the backward pass says that it does not do this
        return Outcome.ABSENT
    if name in run.shapes:
        return Outcome.WRONG
    if name not in run.arrays:
        return Outcome.ABSENT
    if products is None:
        return Outcome.ABSENT
    right, scale = on_probe(name, products, probe)
    found = run.arrays[name]
    if agree(found, right, scale):
        return Outcome.RIGHT
    batch = sizes.layer.batch
    if batch > 1 and agree(found, right / batch, scale / batch):
        return Outcome.MEAN
    return Outcome.WRONG


def _agrees(
    name: str, run: Run, sizes: TrialSizes, products: Products | None, outcome: Outcome
) -> bool:
    """Whether the terms that came out are those that belong there."""
    if name not in run.tables or products is None:
        return False
    if run.extents[name] != extents(name, sizes):
        return False
    right, found = terms_of(name, products), run.tables[name]
    weight = right[:, 3] / (sizes.layer.batch if outcome is Outcome.MEAN else 1)
    return right.shape == found.shape and bool(
        (right[:, :3] == found[:, :3]).all()
        and (np.abs(weight - found[:, 3]) <= 1e-9 * np.abs(weight)).all()
    )


def extents(name: str, sizes: TrialSizes) -> tuple[int, ...]:
    """Return the shape of a gradient, in our layout."""
    layer = sizes.layer
    return {"dX": layer.input, "dF": layer.filter, "db": (layer.filters,)}[name]


def _reads_unwritten(run: Run, name: str) -> bool:
    table = run.tables.get(name)
    return table is not None and bool((table[:, 1:3] == -1).any())


def _of_table(run: Run, sizes: TrialSizes) -> Products | None:
    """Return the products of a forward pass that is no convolution, by its own table of terms."""
    table, layer = run.tables["y"], sizes.layer
    first = {name: probes.first_leaf(layer, name) for name in ("x", "f", "b", "dy")}
    of_bias = (table[:, 1] >= first["b"]) & (table[:, 2] == -2)
    rows = table[~of_bias]
    in_x = (rows[:, 1] >= 0) & (rows[:, 1] < first["f"])
    in_f = (rows[:, 2] >= first["f"]) & (rows[:, 2] < first["b"])
    if not len(rows) or not bool((in_x & in_f).all()):
        return None
    y, x, f = (rows[:, k].astype(np.int64) for k in range(3))
    return Products(y, x, f - first["f"], rows[:, 3], layer.input, layer.filter, run.extents["y"])


@dataclass(frozen=True, eq=False)
class Refusal:
    """TrialSizes that an implementation does not take.

    Attributes:
        predicate: the condition, or None: some sizes.
        message: what it says.
        example: sizes at which it says so.
        raised: whether the code raises that by itself.
    """

    predicate: Predicate | None
    message: str
    example: TrialSizes
    raised: bool


@dataclass(frozen=True, eq=False)
class Survey:
    """All that was seen of one implementation.

    Attributes:
        face: what can be asked of it.
        examined: every size that it took, in the order in which they were tried.
        refusals: what it does not take.
        examiner: examines further sizes.
        pool: the sizes that can be said.
        fixed: whether there are no further ones: answers were read from a file.
    """

    face: Interface
    examined: tuple[Examined, ...]
    refusals: tuple[Refusal, ...]
    examiner: Examiner
    pool: plan.Pool
    fixed: bool = False

    def accepts(self, sizes: TrialSizes) -> bool:
        """Whether nothing is known that makes sizes refused."""
        return not any(r.predicate.holds(sizes.letters) for r in self.refusals if r.predicate)

    def taken(self, columns: Mapping[str, NDArray[np.int64]]) -> NDArray[np.bool_]:
        """Return which sizes of many nothing is known to refuse, by their letters."""
        found = np.ones(len(columns["N"]), bool)
        for each in self.refusals:
            if each.predicate is not None:
                found &= ~each.predicate.holds(columns)
        return found


def survey(subject: JudgedSubject, face: Interface, base: TrialSizes, seed: int = 0) -> Survey:
    """Ask what an implementation takes, then examine it at planned sizes.

    Args:
        subject: what is judged.
        face: what can be asked of it.
        base: sizes that it is known to take.
        seed: what sizes are drawn by.
    """
    examiner = Examiner(subject, face)
    refusals: list[Refusal] = []
    taken: dict[TrialSizes, Examined] = {}

    def runs(sizes: TrialSizes) -> bool:
        seen = examiner.examine(sizes)
        if seen.accepted:
            taken.setdefault(sizes, seen)
        return seen.accepted

    runs(base)
    asked = plan.Questions(face, base, seed)
    for k, feature in enumerate(asked.features):
        several = asked.sizes(k, [r.predicate for r in refusals if r.predicate is not None])
        if several and not any(runs(sizes) for sizes in several):
            seen = examiner.seen[several[0]]
            raised = seen.ending is Ending.REFUSED
            refusals.append(Refusal(feature, seen.message, several[0], raised))
    pool = plan.Pool(face, seed)
    known = Survey(face, (), tuple(refusals), examiner, pool)
    tried = [(sizes, seen.accepted) for sizes, seen in examiner.seen.items()]
    plan.cover(face, known.accepts, runs, tried, seed)
    others = [
        Refusal(None, seen.message, sizes, seen.ending is Ending.REFUSED)
        for sizes, seen in examiner.seen.items()
        if not seen.accepted and known.accepts(sizes)
    ]
    return Survey(face, tuple(taken.values()), (*refusals, *others[:1]), examiner, pool)
