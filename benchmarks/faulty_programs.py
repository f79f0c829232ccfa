"""Faulty backward passes: wrong formulas, guarded by predicates over sizes, under restrictions.

Each is a whole program as somebody would write it: a right forward pass and a backward pass that is
wrong where a predicate holds.  `verify` is measured on a sample of them:

    python -m benchmarks.faulty_programs --number 1000
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

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
    """What became of one program."""

    name: str
    differs: bool
    found: bool
    misnamed: bool
    exact: bool
    holds: bool
    said: str
    seconds: float


def tried(case: tuple[str, str, str, str], folder: Path, fresh: int = 200) -> Tried:
    """Return what `verify` finds in a program, held against fresh sizes."""
    from symconv.implementations import family, judge, local, plan, source, trials
    from symconv.implementations.diagnosis import Named, _gives, _spoken, diagnose

    name, guard, restriction, text = case
    path = folder / f"program_{abs(hash(text))}.py"
    path.write_text(text)
    begun = time.process_time()
    (implementation,) = source.candidates(source.load(str(path)))
    bound = trials.find(implementation, {})
    subject = local.LocalSubject(implementation, bound)
    survey = judge.survey(subject, bound.interface, bound.base)
    functions = tuple((f.__name__, f.__code__.co_firstlineno) for f in implementation.functions())
    report = diagnose(Named(str(path), "conv", "", str(path), functions), survey)
    seconds = time.process_time() - begun
    examiner = judge.Examiner(subject, bound.interface)
    examiner.opaque = False
    look = examiner.examine if "dtype" in guard else examiner.glance
    pool = plan.Pool(bound.interface, 12345).draw(fresh, survey.accepts)
    seen = [e for s in pool if (e := look(s)).accepted and e.reading is not None]
    gradient = next((g for g in report.gradients if g.is_fault), None)
    differs = any(e.is_wrong(n) or e.gradients.get(n) is judge.Outcome.MEAN
                  for e in seen for n in e.gradients)  # fmt: skip
    said = f"{guard} / {restriction}: "
    if gradient is None:
        return Tried(name, differs, False, False, False, True, said + "right", seconds)
    said += f"{gradient.code} {gradient.where} | {gradient.formula}"
    misnamed = False
    if gradient.formula is not None:
        formulas = [
            f for f in family.formulas(2)
            if f.gradient == gradient.name
            and _spoken(f.computes, bound.interface) == gradient.formula
        ]  # fmt: skip
        wrong = [e for e in seen if e.is_wrong(gradient.name)]
        misnamed = not all(_gives(formulas[0], e, gradient.name) for e in wrong)
    exact = gradient.where is not None and gradient.where.startswith(("exactly", "everywhere"))
    holds = True
    if exact and "dtype" not in gradient.where:
        for e in seen:
            if ":" in gradient.where and not _ordinary(e.sizes):
                continue
            is_bad = e.is_wrong(gradient.name) or (
                e.gradients.get(gradient.name) is judge.Outcome.MEAN
            )
            if _holds(gradient.where, e.letters) != is_bad:
                holds = False
                said += f" [{'wrong' if is_bad else 'right'} at {e.sizes}]"
                break
    return Tried(name, differs, True, misnamed, exact, holds, said, seconds)


def _ordinary(sizes) -> bool:
    """Whether sizes are of those that a sentence with a colon speaks of."""
    axes = sizes.geometry.axes
    return all(a.spread >= a.extent and max(a.padding) < a.extent for a in axes)


def _holds(where: str, letters: dict[str, int]) -> bool:
    """Whether a sentence of `verify` holds of sizes; the sentences are ours, and plain."""
    if where.startswith("everywhere"):
        return True
    text = where.partition(":")[0].removeprefix("exactly where ").replace(" = ", " == ")
    return bool(eval(text, {"__builtins__": {}}, dict(letters)))


def main() -> None:
    """Print how many faulty programs are found, named and placed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    counts: Counter[str] = Counter()
    seconds = []
    with TemporaryDirectory() as folder:
        for case in sample(given.number, given.seed):
            each = tried(case, Path(folder))
            seconds.append(each.seconds)
            counts["differ"] += each.differs
            counts["found"] += each.found
            missed = each.differs and not each.found
            counts["missed"] += missed
            counts["misnamed"] += each.misnamed
            counts["named"] += each.found and "None" not in each.said
            counts["placed"] += each.exact
            counts["misplaced"] += not each.holds
            counts["of ordinary sizes"] += ": of sizes" in each.said
            if given.show and (
                missed or each.misnamed or not each.holds or (each.found and not each.exact)
            ):
                flags = "missed " * missed + "misnamed " * each.misnamed
                flags += "misplaced " * (not each.holds)
                print(flags, each.name, "|", each.said, flush=True)
    print(dict(counts), f"median {sorted(seconds)[len(seconds) // 2]:.2f} s")


if __name__ == "__main__":
    main()
