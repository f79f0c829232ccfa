"""Every rule does what it says, refuses what it does not know, and is refuted when it is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy
from symbolic_steps import derived, judged, rewritings

from symconv.claims.verdict import Verdict
from symconv.formula.nodes import Correlate, Dilate, Pad, Rotate
from symconv.formula.sizes import Name, plus
from symconv.symbolic.board import Board
from symconv.symbolic.checks import Checker
from symconv.symbolic.convolution import Convolution
from symconv.symbolic.expressions import Between, Divides, RuleError, Summed, element, symbol
from symconv.symbolic.steps import RULES

ALL = [(wrt, rule) for wrt in "XF" for rule in RULES[wrt]]
IDS = [f"{rule.name}-d{wrt}" for wrt, rule in ALL]


def without(kind):
    def change(after):
        summed = Summed.of(after)
        gone = [factor for factor in summed.factors if isinstance(factor, kind)]
        assert gone
        return summed.exchange(gone, []).expression

    return change


def shifted(old, new):
    """Replace a symbol in what is summed, not in the limits."""

    def change(after):
        summed = Summed.of(after)
        swap = {symbol(old): new}
        return replace(
            summed, factors=tuple(factor.xreplace(swap) for factor in summed.factors)
        ).expression

    return change


def shorter(after):
    """Leave out the last term of the first sum."""
    summed = Summed.of(after)
    (index, first, last), *rest = summed.limits
    return replace(summed, limits=((index, first, last - 1), *rest)).expression


def longer(after):
    summed = Summed.of(after)
    (index, first, last), *rest = summed.limits
    return replace(summed, limits=((index, first, last + 1), *rest)).expression


def late_delta(after):
    delta = max(after.atoms(sympy.KroneckerDelta), key=str)
    return after.xreplace({delta: sympy.KroneckerDelta(delta.args[0], delta.args[1] + 1)})


def wider_range(after):
    bracket = max(after.atoms(Between), key=str)
    first, index, last = bracket.args
    return after.xreplace({bracket: Between(first, index + 1, last)})


def twice(after):
    return after * 2


WRONG = {
    "forward-short": ("X", "forward sum", shorter),
    "forward-row-and-column-exchanged": ("X", "forward sum", shifted("p", symbol("q"))),
    "forward-stride-exchanged": ("X", "forward sum", shifted("u", symbol("v"))),
    "chain-rule-without-last-output": ("X", "chain rule", shorter),
    "chain-rule-of-filter-short": ("F", "chain rule", shorter),
    "delta-one-late": ("X", "local derivative", late_delta),
    "delta-of-filter-one-late": ("F", "local derivative", late_delta),
    "one-sum-short": ("X", "one sum", shorter),
    "one-sum-counted-twice": ("F", "one sum", twice),
    "divisibility-forgotten": ("X", "solve the deltas", without(Divides)),
    "range-forgotten": ("X", "solve the deltas", without(Between)),
    "range-one-off": ("X", "solve the deltas", wider_range),
    "filter-delta-solved-wrongly": ("F", "solve the deltas", shifted("m", symbol("n"))),
    "filter-not-turned": ("X", "turn the filter's index", shifted("k", symbol("R") - symbol("k"))),
    "turned-without-last": ("X", "turn the filter's index", shorter),
    "dilated-and-range-forgotten": ("X", "dilate", without(Between)),
    "dilated-sum-short": ("F", "dilate", shorter),
    "dilated-sum-long": ("F", "dilate", longer),
    "padded-read-one-late": ("X", "pad", shifted("m", symbol("m") + 1)),
    "padded-input-read-one-late": ("F", "pad", shifted("m", symbol("m") + 1)),
    "rotated-in-the-other-tensor": (
        "X",
        "rotate",
        lambda after: after.xreplace(
            {
                element("D'", [symbol("m") + symbol("k"), symbol("n") + symbol("l")]): element(
                    "D'", [symbol("m") + symbol("R") - 1 - symbol("k"), symbol("n") + symbol("l")]
                )
            }
        ),
    ),
}


@pytest.mark.parametrize(("wrt", "rule"), ALL, ids=IDS)
def test_each_rule_is_proved_in_the_most_general_case(wrt, rule):
    steps = derived(("padding", "dilation")).gradients["XF".index(wrt)].steps
    (check,) = (step.check for step in steps if step.rule == rule.name)
    assert check.verdict is Verdict.PROVED
    assert check.failure is None
    assert check.sizes > 50
    assert check.elements > check.sizes
    assert all(condition.verdict is Verdict.PROVED for condition in check.conditions)


@pytest.mark.parametrize(("wrt", "name", "change"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_rule_is_refuted_with_the_sizes_at_which_it_fails(wrt, name, change):
    right = rewritings((), wrt)[name]
    after = change(right.after)
    assert after != right.after
    check = judged(replace(right, after=after))
    assert check.verdict is Verdict.REFUTED
    failure = check.failure
    assert set(failure.sizes) >= set("HWRSuvPQ")
    assert failure.before != failure.after
    assert all(failure.index[index.name] < extent.evaluate(failure.sizes)
               for index, extent in right.free)  # fmt: skip


def redefined(rewriting, name, node):
    """Return the rewriting with another formula for the tensor that it names."""
    board = rewriting.board
    return replace(rewriting, board=board.named(name, node, board.defined[name].shape))


def grown(node, amount=1):
    (before, behind), *rest = node.amounts
    return replace(node, amounts=((plus(before, amount), plus(behind, -amount)), *rest))


WRONG_TENSORS = {
    "dilated-by-the-other-stride": ("X", "dilate", "D", lambda n: replace(n, steps=n.steps[::-1])),
    "dilated-by-one-more": (
        "F", "dilate", "D", lambda n: replace(n, steps=(plus(n.steps[0], 1), n.steps[1])),
    ),
    "padded-one-row-down": ("X", "pad", "D'", grown),
    "padded-input-one-row-down": ("F", "pad", "X'", grown),
    "not-rotated": ("X", "rotate", "F'", lambda n: n.of),
    "operands-not-rotated": ("X", "correlate", "dX", lambda n: replace(n, by=Rotate(n.by))),
    "strided": ("F", "correlate", "dF", lambda n: replace(n, stride=(Name("u"), Name("v")))),
    "remainder-forgotten": (
        "X", "size and remainder", "dX=",
        lambda n: replace(n, of=Pad(n.of.of, tuple((a, a) for a, _ in n.of.amounts))),
    ),
    "crop-forgotten": ("F", "size and remainder", "dF=", lambda n: replace(n, of=n.of.of)),
}  # fmt: skip


@pytest.mark.parametrize(
    ("wrt", "rule", "name", "change"), WRONG_TENSORS.values(), ids=WRONG_TENSORS.keys()
)
def test_a_tensor_that_is_recognised_wrongly_is_refuted(wrt, rule, name, change):
    right = rewritings((), wrt)[rule]
    node = right.board.defined[name].node
    assert isinstance(node, Dilate | Pad | Rotate | Correlate)
    check = judged(redefined(right, name, change(node)))
    assert check.verdict is Verdict.REFUTED
    assert check.failure.before != check.failure.after


@pytest.mark.parametrize("general", [("dilation",), ("padding", "dilation")], ids=str)
def test_stride_and_dilation_exchanged_is_refuted(general):
    right = rewritings(general, "F")["correlate"]
    node = right.board.defined["dF"].node
    wrong = replace(node, stride=(1, 1), dilation=node.stride)
    assert judged(redefined(right, "dF", wrong)).verdict is Verdict.REFUTED


@pytest.mark.parametrize(("wrt", "rule"), ALL, ids=IDS)
def test_a_rule_refuses_a_board_that_it_does_not_know(wrt, rule):
    board = Board.blank(Convolution.of(()), wrt)
    if rule.name in ("forward sum", "chain rule"):
        board = list(rewritings((), wrt).values())[-1].board
    with pytest.raises(RuleError):
        rule.apply(board)


def test_a_condition_without_certificate_is_not_judged():
    right = rewritings((), "X")["pad"]
    first = right.conditions[0]
    false = replace(first, goal=-first.goal - 1)
    check = judged(replace(right, conditions=(false, *right.conditions)))
    assert check.verdict is Verdict.NOT_JUDGED
    assert first.words in check.reason


def test_a_step_that_begins_with_what_has_no_value_is_not_judged():
    right = rewritings((), "X")["turn the filter's index"]
    broken = without(Between)(right.before)
    check = judged(replace(right, before=broken))
    assert check.verdict is Verdict.NOT_JUDGED
    assert "no value" in check.reason


def test_a_checker_may_be_used_for_every_step_in_turn():
    checker = Checker(Convolution.of(()))
    verdicts = [checker.check(rewriting).verdict for rewriting in rewritings().values()]
    assert set(verdicts) == {Verdict.PROVED}
