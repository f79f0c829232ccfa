"""Change loop programs at random: what is proved of one for every size has to hold where it runs.

    python -m benchmarks.read_programs [--number 200] [--seed 0]

Each mutant is one of `benchmarks.loop_programs` with one edit (`benchmarks.program_edits`), which
makes a gradient wrong, or fail, at one of some sixty sizes at which it is run.  No such gradient
may be proved for every size.  A contradiction ends with exit status 1.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.loop_programs import LOOPS
from benchmarks.program_edits import edited

SIZES = 60
"""At how many sizes each mutant is run at most."""

CALL = 5.0
"""Seconds of all runs of one mutant."""


@dataclass(frozen=True, eq=False)
class RightProgram:
    """A right program, and how it is called.

    Attributes:
        name: which one.
        text: its text.
        found: the binding of its forward pass.
        sizes: where it is run, the smallest first.
    """

    name: str
    text: str
    found: Any
    sizes: list[Any]


@dataclass(frozen=True, eq=False)
class TriedMutant:
    """What became of a mutant.

    Attributes:
        wrong: the gradients that are wrong, or fail, at some size.
        proved: those that are proved for every size.
        reasons: why the others are not.
        seconds: of reading and proving.
    """

    wrong: frozenset[str]
    proved: frozenset[str]
    reasons: frozenset[str]
    seconds: float


def right_program(name: str, text: str, folder: Path) -> RightProgram:
    """Return a right program with its binding and sizes to run it at."""
    from symconv.implementations import plan, source, trials

    path = folder / f"{name}.py"
    path.write_text(text)
    (implementation,) = source.candidates(source.load(str(path)))
    found = trials.find(implementation, {})
    pool = plan.Pool(found.interface, 7).draw(SIZES, lambda _: True)
    sizes = [found.base, *pool]
    return RightProgram(name, text, found, sorted(sizes, key=lambda each: each.cost))


def tried(program: RightProgram, text: str, path: Path, sizes: int = SIZES) -> TriedMutant:
    """Return what a mutant computes at some sizes, and what is proved of it."""
    from symconv.implementations import judge, local, source
    from symconv.implementations.calls import Ending
    from symconv.implementations.every_size import every_size
    from symconv.implementations.symbolic_call import WrittenImplementation

    path.write_text(text)
    (implementation,) = source.candidates(source.load(str(path)))
    subject = local.LocalSubject(implementation, program.found)
    examiner = judge.Examiner(subject, program.found.interface)
    wrong: set[str] = set()
    until = time.process_time() + CALL
    for each in program.sizes[:sizes]:
        seen = examiner.glance(each)
        names = [n for n in seen.gradients if seen.is_wrong(n)]
        if seen.ending is Ending.CRASHED:
            names = [n for n in judge.GRADIENTS if n != "db" or program.found.interface.bias]
        wrong.update(names)
        if time.process_time() > until:
            break
    functions = [getattr(f, "__func__", f) for f in implementation.functions()]
    first, *others = ((f.__name__, f.__code__.co_firstlineno) for f in functions)
    owner = implementation.owner and implementation.owner.__name__
    written = WrittenImplementation(text, owner, first, tuple(others))
    begun = time.process_time()
    face = program.found.interface
    names = [n for n in judge.GRADIENTS if n != "db" or face.bias]
    found = every_size(written, program.found.binding, face, names)
    seconds = time.process_time() - begun
    reasons = frozenset(found.unproved.values())
    return TriedMutant(frozenset(wrong), found.proved, reasons, seconds)


def mutants(seed: int) -> list[tuple[str, str, str]]:
    """Return every edit of every program in a random order: program, kind of edit, text."""
    every = [(name, kind, text) for name in LOOPS for kind, text in edited(LOOPS[name])]
    random.Random(seed).shuffle(every)
    return every


def main() -> int:
    """Print how many mutants are wrong, and whether any of them was proved."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    counts: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    seconds: list[float] = []
    contradictions = 0
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        programs = {name: right_program(name, text, folder) for name, text in LOOPS.items()}
        for name, program in programs.items():
            right = tried(program, program.text, folder / f"{name}_again.py")
            seconds.append(right.seconds)
            counts["programs"] += 1
            counts["programs proved"] += not right.wrong and not right.reasons
            if given.show:
                print(f"{name}: {right.seconds:.2f} s, {sorted(right.proved)} {[*right.reasons]}")
        for number, (name, kind, text) in enumerate(mutants(given.seed)):
            if counts["wrong"] == given.number:
                break
            try:
                found = tried(programs[name], text, folder / f"mutant_{number}.py")
            except Exception as error:
                counts[f"not run: {type(error).__name__}"] += 1
                continue
            if not found.wrong:
                counts["not wrong at any size"] += 1
                counts["of these proved"] += not found.reasons
                continue
            counts["wrong"] += 1
            kinds[kind] += 1
            if found.wrong & found.proved:
                contradictions += 1
                print(f"PROVED, and wrong: {name}, {kind}, {sorted(found.wrong & found.proved)}")
                print(text)
            elif given.show:
                print(f"{name}, {kind}: {'; '.join(found.reasons)[:150]}", flush=True)
    print(dict(counts), f"median {sorted(seconds)[len(seconds) // 2]:.2f} s")
    print(dict(kinds))
    print(f"{contradictions} wrong gradients proved")
    return 1 if contradictions else 0


if __name__ == "__main__":
    sys.exit(main())
