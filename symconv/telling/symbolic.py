"""The order of telling the derivation for symbolic sizes, and its verdicts in words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symconv.claims.verdict import Verdict
from symconv.errors import how_many, listed
from symconv.formula.words import BESIDE_LEADING, LEADING, Role, moved_to
from symconv.polynomial import Polynomial
from symconv.proof.obligations import Obligation
from symconv.symbolic.checks import Check, SideCondition
from symconv.symbolic.convolution import SPREADS, Convolution
from symconv.symbolic.rules import FORWARD
from symconv.symbolic.steps import Gradient, Symbolic
from symconv.telling import blocks
from symconv.telling.blocks import Block

_FIRST = moved_to(0, Role) | {second: first for first, second in BESIDE_LEADING.values()}
"""The letters of the other axes, each with that of its role on the first axis."""


def tell(derivation: Symbolic, evidence: bool = True, base: int = 0) -> Iterator[Block]:
    """Yield the blocks of a derivation: what is given, the forward pass, each gradient.

    Args:
        derivation: what to tell of.
        evidence: whether each step is told in full, with what its verdict rests on.
        base: where indices begin; sentences and evidence speak of indices that begin at 0.
    """
    evidence = evidence and base == 0
    yield blocks.Heading("Sizes and indices")
    yield from _given(derivation.convolution, base)
    yield from _checked(derivation, evidence, base)
    yield blocks.Heading("Forward pass")
    for n, gradient in enumerate(derivation.gradients):
        first, *rest = gradient.steps
        if n == 0:
            yield blocks.RuleStep(1, first, evidence)
        if first.rule != FORWARD.name:
            rest = [first, *rest]
        of = {"dX": "input", "dF": "filter", "dB": "bias"}[gradient.name]
        yield blocks.Heading(f"Gradient with respect to the {of}")
        for number, step in enumerate(rest, start=2):
            yield blocks.RuleStep(number, step, evidence)
        yield blocks.Theorem(gradient)


def _checked(derivation: Symbolic, evidence: bool, base: int) -> Iterator[Block]:
    """Yield how the steps are checked, or what came of it."""
    sizes = how_many(len(derivation.convolution.grid()), "small size")
    if evidence:
        yield blocks.Remark(
            "Every step is checked twice: what stands there before and after it is evaluated at "
            f"{sizes}, and what it takes for granted is proved for every size by an identity that "
            "can be expanded by hand."
        )
        return
    first, *_ = derivation.gradients[0].steps
    others = [s for one in derivation.gradients for s in one.steps if s.rule != FORWARD.name]
    steps = [first, *others]
    total, granted = how_many(len(steps), "step"), sum(len(s.check.conditions) for s in steps)
    failed = sum(step.check.verdict is not Verdict.PROVED for step in steps)
    if failed:
        yield blocks.Remark(f"Of {total} {failed:,} DID NOT HOLD; see below.")
        return
    conditions = how_many(granted, "condition")
    where = " where indices count from 0" if base else ""
    yield blocks.Remark(
        f"Each of {total} holds at {sizes}; the {conditions} that they take for granted are PROVED "
        f"for every size; -v shows them{where}."
    )


def _given(convolution: Convolution, base: int) -> Iterator[Block]:
    general = convolution.general
    words = ["padding" if "crop" not in general else "padding that may be negative"]
    words = words if convolution.padded else []
    words += ["dilation"] if "dilation" in general else []
    words += ["input dilation"] if SPREADS in general else []
    kind = f"with {listed(words)}" if words else "without padding and dilation"
    yield blocks.Remark(
        f"The convolution of {{}}, of size H x W, with the filter {{}}, of size R x S, {kind}: "
        "strides u and v, output {} of size P x Q. The sizes are any whole numbers from 1 on for "
        f"which the filter fits. Indices count from {base}.",
        ("X", "F", "Y"),
    )
    more = []
    if convolution.padded:
        more.append("Padding: pt above, pb below, pl to the left, pr to the right.")
    if "dilation" in general:
        more.append("The filter is dilated by d and e: so far apart are its elements.")
    if SPREADS in general:
        more.append("The input is dilated by lh and lw: so far apart are its elements.")
    if more:
        yield blocks.Remark(" ".join(more))
    if convolution.leading("Y"):
        yield _layer(convolution)


def _layer(convolution: Convolution) -> Block:
    """Return who has which leading index."""
    general, words, names = convolution.general, [], list[str]()
    for axis in (axis for axis in LEADING if axis.word in general):
        tensors = [name for name in ("X", "F", "Y") if axis in convolution.leading(name)]
        names += tensors
        of = listed(["{}"] * len(tensors))
        words.append(f"{axis.index} counts the {axis.size} {axis.noun}s of {of}")
    said = f"A layer: {'; '.join(words)}."
    if {"groups", "channels"} <= set(general):
        said += " Filters and channels are those of one group."
    said += (
        " These indices stand before those in space. With a prime it is another index of the same "
        "kind."
    )
    if convolution.biased:
        said += " The bias is one number for each output channel."
    return blocks.Remark(said, tuple(names))


def said(check: Check) -> str:
    """Return the verdict on a step in words, without what it takes for granted."""
    if check.failure is not None:
        sizes = ", ".join(f"{name}={value}" for name, value in check.failure.sizes.items())
        index = ", ".join(f"{name}={value}" for name, value in check.failure.index.items())
        after = check.failure.after
        now = after if isinstance(after, str) else f"{after:,}"
        return f"at {sizes}: element {index} was {check.failure.before:,} and is {now}"
    if check.verdict is Verdict.NOT_JUDGED:
        return check.reason or ""
    sizes, elements = how_many(check.sizes, "small size"), how_many(check.elements, "element")
    return f"at {sizes}: both sides agree in all of {elements}"


def conditions(check: Check) -> Iterator[SideCondition]:
    """Yield what a step takes for granted, of what holds on both axes only the first."""
    shown = set()
    for condition in check.conditions:
        key = _first_axis(condition.obligation)
        if condition.verdict is not Verdict.PROVED or key not in shown:
            yield condition
        shown.add(key)


def stated(condition: SideCondition) -> str:
    """Return in words what a condition says."""
    said = condition.obligation.words
    return f"{said}, {condition.states}" if condition.states else said


def _first_axis(obligation: Obligation) -> tuple[str, Polynomial]:
    """Return an obligation with the names of the first axis for those of the second."""
    words = re.sub(r"\w+", lambda word: _FIRST.get(word[0], word[0]), obligation.words)
    first = {name: Polynomial.name(twin) for name, twin in _FIRST.items()}
    return words, obligation.goal.substitute(first)


def judged(gradient: Gradient) -> str:
    """Return what stands behind the closed form, in words."""
    theorem = gradient.theorem
    if theorem.argument is None:
        return theorem.summary
    count = sum(map(len, theorem.argument.certificates))
    return (
        f"for every size, by other means: {how_many(count, 'obligation')}, each with a "
        f"certificate; tried at {how_many(theorem.tried, 'random size')}"
    )
