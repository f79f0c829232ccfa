"""The derivation: both gradients, rule by rule, each step with its verdict."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from symconv.claims.statement import StatedClaim
from symconv.claims.verdict import Provable, Verdict
from symconv.formula.nodes import Node
from symconv.formula.words import LayerAxis
from symconv.mathematics.text import ASCII
from symconv.mathematics.tree import Comparison
from symconv.notation import Notation
from symconv.proof.prover import Judgement, judge
from symconv.proof.search import CertificateSearch
from symconv.symbolic import recognition, remainder, rules
from symconv.symbolic.board import Board, Definition, Rewriting, Rule
from symconv.symbolic.checks import Check, Checker
from symconv.symbolic.claimed import bias_gradient, claimed
from symconv.symbolic.convolution import Convolution
from symconv.symbolic.expressions import RuleError, is_element
from symconv.symbolic.names import check_names

RULES: dict[str, tuple[Rule, ...]] = {
    "X": (
        rules.FORWARD,
        rules.CHAIN_RULE,
        rules.LOCAL_DERIVATIVE,
        rules.ONE_SUM,
        rules.SOLVE_DELTAS,
        rules.TURN_FILTER,
        recognition.DILATE_READS,
        recognition.PAD,
        recognition.ROTATE,
        recognition.CORRELATE,
        remainder.REMAINDER,
    ),
    "F": (
        rules.FORWARD,
        rules.CHAIN_RULE,
        rules.LOCAL_DERIVATIVE,
        rules.ONE_SUM,
        rules.SOLVE_DELTAS,
        recognition.DILATE_SUM,
        recognition.PAD,
        recognition.CORRELATE,
        remainder.REMAINDER,
    ),
    "b": (
        rules.FORWARD,
        rules.CHAIN_RULE,
        rules.LOCAL_DERIVATIVE,
    ),
}
"""By which rules dX, dF and dB are found, in order; see `rules_of` for those of a layer."""

GRADIENT = {**recognition.GRADIENT, "b": "dB"}
"""What the gradient with respect to a tensor is called."""


def rules_of(convolution: Convolution, wrt: str) -> tuple[Rule, ...]:
    """Return by which rules the gradient with respect to ``wrt`` is found.

    Image, group and channel are settled before the elements in space.
    """
    by = RULES[wrt]
    if not convolution.leading(wrt):
        return by
    at = by.index(rules.SOLVE_DELTAS) if rules.SOLVE_DELTAS in by else len(by)
    return (*by[:at], rules.SAME_CHANNEL, *by[at:])


@dataclass(frozen=True, slots=True)
class Step:
    """A rule, its idea, what it did, and what can be said of that."""

    rule: str
    idea: str
    rewriting: Rewriting
    check: Check


@dataclass(frozen=True, slots=True)
class Gradient(Provable):
    """The derivation of one gradient.

    Attributes:
        name: dX, dF or dB.
        steps: how it is found.
        closed_form: what it is found to be; of a layer, of one image, one channel, one filter.
        summed: the leading axes over which the closed form is added up.
        claimed: both, as the claim language states it.
        theorem: the judgement on the closed form for every size, found on another road.
    """

    name: str
    steps: tuple[Step, ...]
    closed_form: Node
    summed: tuple[LayerAxis, ...]
    claimed: Comparison
    theorem: Judgement

    @property
    def definition(self) -> Definition:
        """The result, as a statement."""
        return Definition(self.name, self.closed_form, self.summed)

    @property
    def proved(self) -> bool:
        """Whether every step and the closed form are proved."""
        steps = all(step.check.verdict is Verdict.PROVED for step in self.steps)
        return steps and self.theorem.proved

    @property
    def refuted(self) -> bool:
        """Whether a step or the closed form is refuted."""
        steps = any(step.check.verdict is Verdict.REFUTED for step in self.steps)
        return steps or self.theorem.refuted

    @property
    def shortcoming(self) -> str:
        """Which steps are not proved, and why the closed form is not, in one line."""
        steps = [step for step in self.steps if step.check.verdict is not Verdict.PROVED]
        found = [f"{self.name}, {step.rule}: {step.check.verdict.value}" for step in steps]
        return "; ".join(found + ([] if self.theorem.proved else [self.theorem.shortcoming]))


@dataclass(frozen=True)
class Symbolic(Provable):
    """Both gradients of one convolution, or one of them, for symbolic sizes.

    Attributes:
        convolution: its names, and what is known of its sizes.
        gradients: the derivations of dX and dF, and of a layer's dB, as far as they are asked for.
        notation: how they are written where nobody says it.
    """

    convolution: Convolution
    gradients: tuple[Gradient, ...]
    notation: Notation = field(default_factory=Notation)

    text: ClassVar[Callable[[Symbolic], str]] = object.__repr__
    latex: ClassVar[Callable[[Symbolic], str]] = object.__repr__
    display: ClassVar[Callable[[Symbolic], str]] = object.__repr__
    markdown: ClassVar[Callable[[Symbolic], str]] = object.__repr__
    to_json: ClassVar[Callable[[Symbolic], str]] = object.__repr__
    """How it is shown: verdicts and closed forms, the latter as LaTeX, both as a display, and all
    that the command writes; the view of notebooks registers itself here."""

    @property
    def proved(self) -> bool:
        """Whether everything is proved; nothing derived is not."""
        return bool(self.gradients) and all(gradient.proved for gradient in self.gradients)

    @property
    def refuted(self) -> bool:
        """Whether some gradient is refuted."""
        return any(gradient.refuted for gradient in self.gradients)

    @property
    def shortcoming(self) -> str:
        """Why not every gradient is proved, in one line."""
        found = [gradient.shortcoming for gradient in self.gradients if not gradient.proved]
        return "; ".join(found) or "nothing was derived"

    def __hash__(self) -> int:
        return hash((self.convolution.general, self.notation, self.shortcoming))

    def __repr__(self) -> str:
        return self.text()

    def _repr_latex_(self) -> str:
        return self.display()


def derive(
    general: Collection[str] = (), wrt: str = "all", notation: Notation | None = None
) -> Symbolic:
    """Derive the gradients for symbolic sizes.

    Args:
        general: what Y has beyond the lecture's convolution: padding, dilation, crop, and of a
            layer batch, channels, groups, bias.
        wrt: ``input``, ``filter`` or ``all``.
        notation: how they are to be written; only the names matter.

    Raises:
        ParseError: something else in ``general``.
        SymconvError: names that have a meaning in the derivation already.
    """
    convolution = Convolution.of(general)
    written = notation or Notation()
    check_names(written, general)
    checker = Checker(convolution)
    every = ("X", "F", "b") if convolution.biased else ("X", "F")
    leaves = {"input": ("X",), "filter": ("F",)}.get(wrt, every)
    gradients = (
        gradient(convolution, leaf, rules_of(convolution, leaf), checker) for leaf in leaves
    )
    return Symbolic(convolution, tuple(gradients), written)


def gradient(
    convolution: Convolution, wrt: str, by: Sequence[Rule], checker: Checker | None = None
) -> Gradient:
    """Return the derivation of the gradient with respect to ``wrt`` by these rules.

    Raises:
        RuleError: a rule does not match, or the rules do not lead to a closed form.
    """
    checker = checker or Checker(convolution)
    done = tuple(run(convolution, wrt, by))
    board, name = done[-1][1].board, GRADIENT[wrt]
    form, summed = closed_form(board)
    steps = tuple(Step(rule.name, rule.idea, one, checker.check(one)) for rule, one in done)
    claim = claimed(convolution, name, form, summed)
    stated = StatedClaim(ASCII.write(claim), name, general=convolution.general)
    theorem = judge(stated, search=CertificateSearch())
    return Gradient(name, steps, form, summed, claim, theorem)


def closed_form(board: Board) -> tuple[Node, tuple[LayerAxis, ...]]:
    """Return what the rules lead to, and over which leading axes it is added up.

    Raises:
        RuleError: they lead to no formula.
    """
    if board.wrt == "b":
        return bias_gradient(board), ()
    closed = remainder.CLOSED[board.wrt]
    if not is_element(board.expression, closed):
        raise RuleError("the rules do not lead to a closed form")
    return board.defined[closed].node, board.defined[closed].summed


def run(convolution: Convolution, wrt: str, by: Iterable[Rule]) -> Iterator[tuple[Rule, Rewriting]]:
    """Yield what each rule does to the board that the one before it leaves.

    Raises:
        RuleError: a rule does not match.
    """
    board = Board.blank(convolution, wrt)
    for rule in by:
        rewriting = rule.apply(board)
        board = rewriting.board
        yield rule, rewriting
