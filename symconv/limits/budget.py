"""How much work a claim is given: steps that are counted, and seconds as the last resort.

Whoever works in a loop says by `spend` how much it does; one step is about a microsecond of plain
Python.  Where the work stops depends on the steps alone, so that a busy machine says what an idle
one says; the clock only ends what has become too slow for anybody to wait.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from symconv.errors import SymconvError

STEPS_PER_SECOND = 150_000
"""How many steps a second of a time limit stands for: a third of what a machine does, or less."""

ROWS = 100
"""How many rows numpy moves in a step, in one of its larger operations."""

LOOK = 2_000
"""After how many steps the clock is looked at."""


class OutOfBudgetError(SymconvError):
    """The work that a claim is given is used up: its steps or, as the last resort, its seconds."""


@dataclass(slots=True)
class Budget:
    """Steps that may be spent, and when to stop whatever is left of them.

    Attributes:
        steps: how many steps there are.
        deadline: the last resort, on the clock of `time.monotonic`.
        spent: how many steps were taken.
        late: whether the clock has ended it.
        pause: how many steps may be taken before steps and clock are looked at again.
    """

    steps: float
    deadline: float = math.inf
    spent: int = 0
    late: bool = False
    pause: float = field(default=-1, repr=False)

    @classmethod
    def of(cls, seconds: float) -> Budget:
        """Return what may be done from now on within a time limit."""
        return cls(seconds * STEPS_PER_SECOND, time.monotonic() + seconds)

    @property
    def left(self) -> float:
        """How many steps are left."""
        return max(0.0, self.steps - self.spent)

    @property
    def seconds(self) -> float:
        """How many seconds there are until the deadline."""
        return max(0.0, self.deadline - time.monotonic())

    def look(self) -> None:
        """Look at the steps and at the clock.

        Raises:
            OutOfBudgetError: one of them has run out.
        """
        if self.spent > self.steps:
            raise OutOfBudgetError("the steps that a claim is given were used up")
        self.late = self.late or time.monotonic() > self.deadline
        if self.late:
            raise OutOfBudgetError("the time was up")
        self.pause = min(self.steps, self.spent + LOOK)


_CURRENT: ContextVar[Budget | None] = ContextVar("budget", default=None)


def spend(steps: int = 1) -> None:
    """Take ``steps`` of the budget that is current; without one, nothing is counted.

    Raises:
        OutOfBudgetError: the budget is used up.
    """
    budget = _CURRENT.get()
    if budget is not None:
        budget.spent += steps
        if budget.spent > budget.pause:
            budget.look()


def current() -> Budget | None:
    """Return the budget that `spend` takes from."""
    return _CURRENT.get()


@contextmanager
def spending(budget: Budget) -> Iterator[Budget]:
    """Let ``budget`` be the current one inside of a ``with``."""
    token = _CURRENT.set(budget)
    try:
        yield budget
    finally:
        _CURRENT.reset(token)


@contextmanager
def part(steps: float = math.inf) -> Iterator[Budget]:
    """Let no more than ``steps`` of the current budget be spent inside of a ``with``."""
    whole = _CURRENT.get() or Budget(math.inf)
    budget = Budget(min(steps, whole.left), whole.deadline)
    try:
        with spending(budget):
            yield budget
    finally:
        whole.spent += budget.spent
        whole.late = whole.late or budget.late


@contextmanager
def share(of: float) -> Iterator[Budget]:
    """Let no more than this part of what is left of the budget be spent inside of a ``with``."""
    whole = _CURRENT.get()
    with part(math.inf if whole is None else of * whole.left) as budget:
        yield budget
