"""Faulty backward passes: wrong formulas, guarded by predicates over sizes, under restrictions.

Each is a whole program as somebody would write it: a right forward pass and a backward pass that is
wrong where a predicate holds.  `verify` is measured on a sample of them:

    python -m benchmarks.faulty_programs --number 1000
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from symconv.geometry import Geometry, Layer
from symconv.implementations import family, judge, local, plan, source, trials
from symconv.implementations.calls import Ending, Run
from symconv.implementations.diagnosis import Named, _gives, _spoken, diagnose
from symconv.implementations.interface import Form, Interface
from symconv.implementations.probes import Probe
from symconv.implementations.sizes import TrialSizes

TEMPLATE = """
import numpy as np

def conv_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    K, _, R, S = w.shape
    P, Q = (H + 2 * pad - R) // stride + 1, (W + 2 * pad - S) // stride + 1
    {restriction}
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(xp, (R, S), (2, 3))
    y = np.einsum('ncpqrs,kcrs->nkpq', windows[:, :, ::stride, ::stride], w)
    return y + b[:, None, None]

def conv_backward(dy, x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    K, _, R, S = w.shape
    P, Q = dy.shape[2:]
    u = stride
    rem, rem2 = (H + 2 * pad - R) % u, (W + 2 * pad - S) % u
    p, q, r, s = (each.ravel() for each in np.indices((P, Q, R, S)))

    def meeting(h, v, r2, s2, kept):
        at = (0 <= h) & (h < H) & (0 <= v) & (v < W)
        at = at & (0 <= r2) & (r2 < R) & (0 <= s2) & (s2 < S) & kept
        return h[at], v[at], r2[at], s2[at], dy[:, :, p[at], q[at]]

    def dx_of(h, v, r2=r, s2=s, kept=True):
        h, v, r2, s2, d = meeting(h, v, r2, s2, kept)
        dx = np.zeros((H, W, N, C), dtype=x.dtype)
        np.add.at(dx, (h, v), np.einsum('nki,kci->inc', d, w[:, :, r2, s2]))
        return dx.transpose(2, 3, 0, 1)

    def dw_of(h, v, r2=r, s2=s, kept=True):
        h, v, r2, s2, d = meeting(h, v, r2, s2, kept)
        dw = np.zeros((R, S, K, C), dtype=x.dtype)
        np.add.at(dw, (r2, s2), np.einsum('nki,nci->ikc', d, x[:, :, h, v]))
        return dw.transpose(2, 3, 0, 1)

    h, v = p * u + r - pad, q * u + s - pad
    dx, dw, db = dx_of(h, v), dw_of(h, v), dy.sum(axis=(0, 2, 3))
    if {guard}:
        {statement}
    return dx, dw, db
"""


@dataclass(frozen=True)
class Wrong:
    """A wrong formula: a statement that computes a gradient anew, or changes it."""

    name: str
    statement: str


def _at(gradient: str, name: str, h: str, v: str, r: str = "r", s: str = "s", kept: str = "True"):
    array = {"dX": "dx", "dF": "dw"}[gradient]
    return Wrong(f"{gradient} {name}", f"{array} = {array}_of({h}, {v}, {r}, {s}, {kept})")


_H, _V = "p * u + r - pad", "q * u + s - pad"


def wrongs() -> list[Wrong]:
    """Return the wrong formulas."""
    found = []
    for g in ("dX", "dF"):
        found += [
            _at(g, "stride forgotten", "p + r - pad", "q + s - pad"),
            _at(g, "stride forgotten on the height", "p + r - pad", _V),
            _at(g, "stride forgotten on the width", _H, "q + s - pad"),
            _at(g, "taps a stride apart", "p * u + r * u - pad", "q * u + s * u - pad"),
            _at(g, "stride and dilation exchanged", "p + r * u - pad", "q + s * u - pad"),
            _at(g, "filter turned", _H, _V, "R - 1 - r", "S - 1 - s"),
            _at(g, "filter turned on one axis", _H, _V, "R - 1 - r", "s"),
            _at(g, "filter turned on the other axis", _H, _V, "r", "S - 1 - s"),
            _at(g, "padding forgotten", "p * u + r", "q * u + s"),
            _at(g, "padding forgotten on the height", "p * u + r", _V),
            _at(g, "padding twice", "p * u + r - 2 * pad", "q * u + s - 2 * pad"),
            _at(g, "padding by half the filter", "p * u + r - (R - 1) // 2",
                "q * u + s - (S - 1) // 2"),
            _at(g, "padding by R - 1", "p * u + r - (R - 1)", "q * u + s - (S - 1)"),
            _at(g, "shifted by one", "p * u + r - pad + 1", "q * u + s - pad + 1"),
            _at(g, "shifted back by one", "p * u + r - pad - 1", "q * u + s - pad - 1"),
            _at(g, "shifted on one axis", "p * u + r - pad + 1", _V),
            _at(g, "shifted by the remainder", "p * u + r - pad + rem", "q * u + s - pad + rem2"),
            _at(g, "shifted back by the remainder", "p * u + r - pad - rem",
                "q * u + s - pad - rem2"),
            _at(g, "last windows missing", _H, _V, kept="(p < P - 1) & (q < Q - 1)"),
            _at(g, "last row of windows missing", _H, _V, kept="p < P - 1"),
            _at(g, "first column of windows missing", _H, _V, kept="q > 0"),
            _at(g, "last tap missing", _H, _V, kept="r < R - 1"),
            _at(g, "square windows", _H, _V, kept="q < P"),
            _at(g, "square taps", _H, _V, kept="s < R"),
        ]  # fmt: skip
        array, of = ("dx", "dX") if g == "dX" else ("dw", "dF")
        found += [
            Wrong(f"{of} twice", f"{array} = 2 * {array}"),
            Wrong(f"{of} negated", f"{array} = -{array}"),
            Wrong(f"{of} by the windows", f"{array} = {array} / (P * Q)"),
            Wrong(f"{of} by the filters", f"{array} = {array} / K"),
        ]
    found += [
        Wrong("dF last image", "x, dy = x[-1:], dy[-1:]; dw = dw_of(h, v)"),
        Wrong("dF first image", "x, dy = x[:1], dy[:1]; dw = dw_of(h, v)"),
        Wrong("dX last filter", "w, dy = w[-1:], dy[:, -1:]; dx = dx_of(h, v)"),
        Wrong("dX = for +=", (
            "h, v, r, s, d = meeting(h, v, r, s, True); dx = np.zeros_like(dx); "
            "dx[:, :, h, v] = np.einsum('nki,kci->nci', d, w[:, :, r, s])")),
        Wrong("dF = for +=", (
            "h, v, r, s, d = meeting(h, v, r, s, True); dw = np.zeros_like(dw); "
            "dw[:, :, r, s] = np.einsum('nki,nci->kci', d, x[:, :, h, v])")),
        Wrong("dX without its last rows", "dx = dx[:, :, :H - rem, :W - rem2]"),
        Wrong("dF with the remainder", "dw = np.pad(dw, ((0, 0), (0, 0), (0, rem), (0, rem2)))"),
        Wrong("db of the last image", "db = dy[-1].sum(axis=(1, 2))"),
        Wrong("db of the first window", "db = dy[:, :, 0, 0].sum(axis=0)"),
        Wrong("db without the last column", "db = dy[..., :-1].sum(axis=(0, 2, 3))"),
        Wrong("db a mean", "db = dy.mean(axis=(0, 2, 3))"),
        Wrong("db over images alone", "db = dy.sum(axis=0)[:, 0, 0]"),
        Wrong("db together", "db = np.full(K, dy.sum())"),
    ]  # fmt: skip
    return found


GUARDS = (
    "True", "True", "True", "pad == 0", "pad > 0", "pad == 1", "pad > 1", "pad > R - 1",
    "pad == R - 1", "u == 1", "u > 1", "u == 2", "u > 2", "u > R", "u == R", "rem > 0",
    "rem2 > 0", "rem > 0 or rem2 > 0", "rem >= 2", "rem == 0", "rem == 1", "R == 1", "R > 1",
    "R % 2 == 0", "R % 2 == 1", "S == 1", "S > 1", "R != S", "R > S", "R < S", "H != W", "H > W",
    "H < W", "N > 1", "N == 1", "C > 1", "K > 1", "K == 1", "P == 1", "Q > 1", "pad > 0 and u > 1",
    "x.dtype == np.float32",
)  # fmt: skip

RESTRICTIONS = (
    "pass", "pass", "pass",
    "assert H == W and R == S",
    "assert R == S",
    "assert pad == 0",
    "assert u_ == 1",
    "assert N == 1",
    "assert rem_ == 0",
    "assert R % 2 == 1 and S % 2 == 1",
    "assert 2 * pad == R - 1 and R == S",
    "assert stride <= R and stride <= S",
    "assert pad < R and pad < S",
    "assert C == 1",
    "assert H >= R and W >= S",
)  # fmt: skip


def program(wrong: Wrong, guard: str, restriction: str) -> str:
    """Return the source of one faulty program."""
    restriction = restriction.replace("u_", "stride").replace(
        "rem_ == 0", "(H + 2 * pad - R) % stride == 0 and (W + 2 * pad - S) % stride == 0"
    )
    return TEMPLATE.format(
        restriction=restriction,
        guard=guard,
        statement=wrong.statement,
    )


def sample(number: int, seed: int = 0) -> list[tuple[str, str, str, str]]:
    """Return that many programs: wrong formula, guard, restriction, source."""
    draw = random.Random(seed)
    every = wrongs()
    found = []
    for k in range(number):
        wrong = every[k % len(every)]
        guard, restriction = draw.choice(GUARDS), draw.choice(RESTRICTIONS)
        found.append((wrong.name, guard, restriction, program(wrong, guard, restriction)))
    return found


@dataclass
class Tried:
    """What became of one program.

    Attributes:
        name: the wrong formula.
        differs: whether a gradient is wrong at some of the sizes that were tried.
        found: whether that was found.
        within: how many sizes were tried until it was, of those that were taken.
        misnamed: whether another formula was named.
        exact: whether it was said exactly where.
        holds: whether that holds at fresh sizes.
        said: what was said.
        seconds: of process time.
    """

    name: str
    differs: bool
    found: bool
    within: int
    misnamed: bool
    exact: bool
    holds: bool
    said: str
    seconds: float


class ProgramSubject:
    """A program of the family, run in this process and without the search for a binding."""

    face = Interface(2, stride=Form.ONE, padding=Form.ONE)

    def __init__(self, text: str) -> None:
        space: dict = {}
        exec(text, space)
        self.forward, self.backward = space["conv_forward"], space["conv_backward"]

    def run(self, sizes: TrialSizes, asked: Sequence[Probe | None]) -> list[Run]:
        """Run on each probe; opaque scalars do not pass."""
        made: list[Run] = []
        for probe in asked:
            if probe is None:
                made.append(Run(Ending.LOOKED, message="it is not asked"))
                continue
            made.append(self._run(sizes, probe))
            if made[0].ending is Ending.REFUSED:
                return made * len(asked)
        return made

    def _run(self, sizes: TrialSizes, probe: Probe) -> Run:
        leaves, axis = probe.leaves(sizes.layer, bias=True), sizes.geometry.axes[0]
        given = leaves.x, leaves.f, leaves.b, axis.stride, axis.padding[0]
        try:
            y = self.forward(*given)
        except AssertionError as error:
            return Run(Ending.REFUSED, message=f"AssertionError {error}")
        found = self.backward(probe.upstream(y.shape), *given)
        return Run(Ending.DONE, dict(zip(("y", "dX", "dF", "db"), (y, *found), strict=True)))

    def base(self) -> TrialSizes:
        """Return the first of some sizes that the program takes."""
        for size, taps, images, channels, filters, pad in _BASES:
            geometry = Geometry.of(size, taps, padding=pad)
            sizes = TrialSizes(Layer(geometry, images, channels, filters, 1, True))
            if self._run(sizes, Probe(1)).ending is Ending.DONE:
                return sizes
        raise AssertionError("the program takes none of these sizes")


_BASES = (
    ((6, 7), (4, 2), 2, 3, 5, 0),
    ((6, 7), (3, 1), 2, 4, 5, 0),
    ((6, 6), (3, 3), 2, 4, 5, 0),
    ((6, 8), (3, 3), 1, 4, 5, 0),
    ((6, 6), (3, 3), 1, 1, 1, 0),
    ((6, 8), (3, 3), 2, 4, 5, 1),
)


def tried(case: tuple[str, str, str, str], fresh: int = 200) -> Tried:
    """Return what is found in a program, run in this process, held against fresh sizes."""
    begun = time.process_time()
    subject = ProgramSubject(case[3])
    survey = judge.survey(subject, subject.face, subject.base())
    report = diagnose(Named("", "conv", "", "", ()), survey)
    return _held(case, subject, survey, report, time.process_time() - begun, fresh)


def verified(case: tuple[str, str, str, str], folder: Path, fresh: int = 200) -> Tried:
    """Return what `verify` finds in a program, which is read, bound and run as anybody's is."""
    path = folder / f"program_{abs(hash(case[3]))}.py"
    path.write_text(case[3])
    begun = time.process_time()
    (implementation,) = source.candidates(source.load(str(path)))
    bound = trials.find(implementation, {})
    subject = local.LocalSubject(implementation, bound)
    survey = judge.survey(subject, bound.interface, bound.base)
    functions = tuple((f.__name__, f.__code__.co_firstlineno) for f in implementation.functions())
    report = diagnose(Named(str(path), "conv", "", str(path), functions), survey)
    return _held(case, subject, survey, report, time.process_time() - begun, fresh)


def _held(case, subject, survey, report, seconds: float, fresh: int) -> Tried:
    """Hold a report against fresh sizes."""
    name, guard, restriction, _ = case
    examiner = judge.Examiner(subject, survey.face)
    examiner.opaque = False
    look = examiner.examine if "dtype" in guard else examiner.glance
    pool = plan.Pool(survey.face, 12345).draw(fresh, survey.accepts)
    seen = [e for s in pool if (e := look(s)).accepted and e.reading is not None]
    gradient = next((g for g in report.gradients if g.is_fault), None)
    differs = any(_is_bad(e, n) for e in seen for n in e.gradients)
    said = f"{guard} / {restriction}: "
    if gradient is None:
        return Tried(name, differs, False, 0, False, False, True, said + "right", seconds)
    said += f"{gradient.code} {gradient.where} | {gradient.formula}"
    bad = [any(_is_bad(e, n) for n in e.gradients) for e in survey.examined]
    within = bad.index(True) + 1
    misnamed = False
    if gradient.formula is not None:
        named = [
            f for f in family.formulas(2)
            if f.gradient == gradient.name and _spoken(f.computes, survey.face) == gradient.formula
        ]  # fmt: skip
        wrong = [e for e in seen if e.is_wrong(gradient.name)]
        misnamed = not all(_gives(named[0], e, gradient.name) for e in wrong)
    exact = gradient.where is not None and gradient.where.startswith(("exactly", "everywhere"))
    for e in seen if exact else ():
        if ":" in gradient.where and not _ordinary(e.sizes):
            continue
        if _holds(gradient.where, e.letters) != _is_bad(e, gradient.name):
            said += f" [{'wrong' if _is_bad(e, gradient.name) else 'right'} at {e.sizes}]"
            return Tried(name, True, True, within, misnamed, True, False, said, seconds)
    return Tried(name, differs, True, within, misnamed, exact, True, said, seconds)


def _is_bad(each: judge.Examined, name: str) -> bool:
    return each.gradients.get(name) in (judge.Outcome.WRONG, judge.Outcome.MEAN)


def _ordinary(sizes) -> bool:
    """Whether sizes are of those that a sentence with a colon speaks of."""
    axes = sizes.geometry.axes
    return all(a.spread >= a.extent and max(a.padding) < a.extent for a in axes)


def _holds(where: str, letters: dict[str, int]) -> bool:
    """Whether a sentence of `verify` holds of sizes; the sentences are ours, and plain."""
    if where.startswith("everywhere"):
        return True
    text = where.partition(":")[0].removeprefix("exactly where ").replace(" = ", " == ")
    text = text.replace("dtype == float32", "True")  # it was run in both
    return bool(eval(text, {"__builtins__": {}}, dict(letters)))


def main() -> None:
    """Print how many faulty programs are found, named and placed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="begin with this one")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", action="store_true", help="print what is not found, or not exact")
    given = parser.parse_args()
    results: list[Tried] = []
    with TemporaryDirectory() as folder:
        for k, case in enumerate(sample(given.number, given.seed)):
            if k < given.first:
                continue
            each = verified(case, Path(folder))
            results.append(each)
            flags = [
                word
                for word, is_so in (
                    ("missed", each.differs and not each.found),
                    ("misnamed", each.misnamed),
                    ("misplaced", not each.holds),
                    ("not exact", each.found and not each.exact),
                )
                if is_so
            ]
            if flags and given.show:
                print(k, ", ".join(flags), each.name, "|", each.said, flush=True)
            if len(results) % 100 == 0 or k == given.number - 1:
                print(summary(results), flush=True)


def summary(results: Sequence[Tried]) -> str:
    """Return what became of programs, in one line."""
    differ = [each for each in results if each.differs or each.found]
    found = [each for each in differ if each.found]
    counts = {
        "differ": len(differ),
        "found": len(found),
        "misnamed": sum(each.misnamed for each in found),
        "named": sum("None" not in each.said for each in found),
        "exactly where": sum(each.exact for each in found),
        "misplaced": sum(not each.holds for each in found),
        "of ordinary sizes": sum(": of sizes" in each.said for each in found),
        "within 24 sizes": sum(each.within <= 24 for each in found),
    }
    median = sorted(each.seconds for each in results)[len(results) // 2]
    said = ", ".join(f"{word} {number}" for word, number in counts.items())
    return f"{len(results)} programs: {said}; median {median:.2f} s"


if __name__ == "__main__":
    main()
