"""Road A: an implementation is read, not run, and its gradients are proved for every size."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from symconv.claims.claim import Condition
from symconv.claims.mathematics import condition_text
from symconv.errors import SymconvError, described, traced
from symconv.formula.sizes import Difference, Name, Size, evaluate, substitute
from symconv.implementations.binding import CallBinding
from symconv.implementations.interface import Form, Interface
from symconv.implementations.sizes import SPATIAL, TAPS
from symconv.implementations.symbolic_call import (
    LEAVES,
    FixedSizesError,
    SymbolicCall,
    WrittenImplementation,
)
from symconv.limits.budget import Budget, OutOfBudgetError, spending
from symconv.limits.memory import limited
from symconv.programs.gradients import ReadProgram, unproved
from symconv.programs.interpreter import Interpreter
from symconv.programs.knowledge import MOST_PATHS, Paths, SizeComparison
from symconv.programs.refusal import PathRefusedError, UnreadError
from symconv.programs.source import program_text
from symconv.proof.search import CertificateSearch

STEPS, SECONDS = 3_000_000, 60.0
"""What reading and proving may take (`symconv.limits.budget`); the clock is the last resort."""

Supposed = Mapping[str, Size]
"""Sizes that are not free, and what they are."""


@dataclass(frozen=True, slots=True)
class ReadPath:
    """What was read for some of the sizes.

    Attributes:
        word: what the implementation is told for its padding there, or None: numbers.
        program: what it does there.
    """

    word: str | None
    program: ReadProgram

    def speaks_of(self, sizes: Mapping[str, int], word: str | None) -> bool:
        """Whether these sizes are among them."""
        values = [(fact, evaluate(fact.size, sizes)) for fact in self.program.assumed]
        return word == self.word and all(
            value == 0 if fact.exact else value >= 0 for fact, value in values
        )


@dataclass(frozen=True, slots=True)
class EverySize:
    """What is proved for every size.

    Attributes:
        proved: the gradients.
        unproved: of the others, why not.
        paths: what was read, path by path.
        provided: conditions on sizes under which that is so: what the code does not refuse.
        supposed: sizes that are not free: equal ones, and numbers.
    """

    proved: frozenset[str]
    unproved: Mapping[str, str]
    paths: tuple[ReadPath, ...] = ()
    provided: tuple[str, ...] = ()
    supposed: Supposed = field(default_factory=dict)

    def speaks_of(self, sizes: Mapping[str, int]) -> bool:
        """Whether what is supposed of the sizes holds."""
        return all(evaluate(size, sizes) == sizes[name] for name, size in self.supposed.items())


def every_size(
    written: WrittenImplementation,
    binding: CallBinding,
    face: Interface,
    names: Sequence[str],
    square: bool = False,
) -> EverySize:
    """Return which gradients are proved for every size that the implementation takes.

    Args:
        written: where it stands.
        binding: how it is called.
        face: what can be said to it.
        names: the gradients that are asked for: dX, dF, db.
        square: whether it is known to take square filters alone: where nothing is proved for all
            filters, these are looked at.
    """
    try:
        with spending(Budget(STEPS, time.monotonic() + SECONDS)), limited():
            found = _found(written, binding, face, names, {})
            taps = TAPS[binding.rank]
            if square and not found.proved and face.kernel is not Form.ONE and len(taps) > 1:
                equal = {tap: Name(taps[0]) for tap in taps[1:]}
                return _found(written, binding, face, names, equal)
            return found
    except OutOfBudgetError:
        reason = "reading it takes too many steps"
    except SymconvError as error:
        reason = str(error)
    except RecursionError:
        reason = "it is nested too deeply"
    except Exception as error:
        reason = described(traced(error))
    return EverySize(frozenset(), dict.fromkeys(names, reason))


def _found(
    written: WrittenImplementation,
    binding: CallBinding,
    face: Interface,
    names: Sequence[str],
    supposed: Supposed,
) -> EverySize:
    refused: list[str] = []
    search = CertificateSearch()
    try:
        paths = tuple(_read(written, binding, face, supposed, refused, search))
        if not paths:
            raise UnreadError("it refuses every size")
    except UnreadError as error:
        return EverySize(frozenset(), dict.fromkeys(names, str(error)))
    except FixedSizesError as error:
        if error.sizes.items() <= supposed.items():
            raise UnreadError("an object is made for other sizes than it says") from None
        fixed = {name: substitute(size, error.sizes) for name, size in supposed.items()}
        return _found(written, binding, face, names, {**fixed, **error.sizes})
    reasons: dict[str, str] = {}
    for name in names:
        for path in paths:
            if LEAVES[name] not in path.program.gradients:
                reasons[name] = f"{name} is not found in what it gives"
                break
            reason = unproved(path.program, LEAVES[name], search)
            if reason is not None:
                reasons[name] = reason
                break
    provided = [
        _said(
            Condition(size, "==", Name(n))
            if isinstance(size, Name)
            else Condition(Name(n), "==", size)
        )
        for n, size in supposed.items()
    ]
    return EverySize(
        frozenset(names) - reasons.keys(),
        reasons,
        paths,
        (*dict.fromkeys([*provided, *reversed(refused)]),),
        supposed,
    )


def _read(
    written: WrittenImplementation,
    binding: CallBinding,
    face: Interface,
    supposed: Supposed,
    refused: list[str],
    search: CertificateSearch,
) -> Iterator[ReadPath]:
    """Yield what is read on each path that does not end in an error of the program's own.

    What keeps sizes from such an error is added to ``refused``.
    """
    if face.transposed:
        raise UnreadError("a transposed layer is not read")
    text = program_text(written.text)
    words: Sequence[str | None] = face.names or (None,)
    if face.names and face.padding is not Form.FIXED:
        words = (None, *face.names)
    number = 0
    for word in words:
        paths: Paths | None = Paths()
        while paths is not None:
            number += 1
            if number > MOST_PATHS:
                raise UnreadError("there are too many cases of its sizes")
            call = SymbolicCall(binding, face, word, supposed, paths, search)
            try:
                yield ReadPath(word, call.program(Interpreter(text, call.memory), written))
            except PathRefusedError:
                if call.knowledge.forked is not None:
                    refused.append(_opposite(*call.knowledge.forked))
            except UnreadError as error:
                extents = (*SPATIAL[binding.rank], *TAPS[binding.rank])
                fixed = {n: k for n, k in call.knowledge.pinned.items() if n in extents}
                if fixed:
                    raise FixedSizesError(fixed) from None
                if error.line is None:
                    raise UnreadError(error.reason, call.memory.line) from None
                raise
            paths = paths.following()


def _opposite(comparison: SizeComparison, outcome: bool) -> str:
    """Return, as text, that a comparison does not have this outcome."""
    size = comparison.size
    left, right = (size.left, size.right) if isinstance(size, Difference) else (size, 0)
    relation = {(True, True): "!=", (True, False): "==", (False, True): "<", (False, False): ">="}
    return _said(Condition(left, relation[comparison.exact, outcome], right))


def _said(condition: Condition) -> str:
    """Return a condition as the sentences of `verify` write it."""
    return condition_text(condition).replace(" == ", " = ")
