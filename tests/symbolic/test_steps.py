from __future__ import annotations

from functools import cache

import pytest
from strategies import CASES
from symbolic_steps import GENERAL, derived

from symconv.claims.verdict import Verdict
from symconv.formula.closed_forms import filter_gradient, input_gradient
from symconv.formula.instantiation import instantiate
from symconv.geometry import Geometry
from symconv.proof.prover import prove
from symconv.readings import terms, text
from symconv.symbolic.checks import Checker
from symconv.symbolic.convolution import Convolution
from symconv.symbolic.expressions import RuleError
from symconv.symbolic.remainder import CLOSED
from symconv.symbolic.steps import RULES, gradient, run
from symconv.tensors.table import first_difference

every = pytest.mark.parametrize("general", GENERAL, ids=lambda g: "+".join(g) or "lecture")


@every
def test_both_gradients_are_derived_and_proved(general):
    derivation = derived(general)
    assert derivation.proved
    assert [one.name for one in derivation.gradients] == ["dX", "dF"]
    for one in derivation.gradients:
        assert all(step.check.verdict is Verdict.PROVED for step in one.steps)
        assert one.theorem.verdict is Verdict.PROVED


def test_the_lectures_closed_forms_come_with_the_remainder():
    forms = [text.read(one.closed_form) for one in derived().gradients]
    assert forms[0] == (
        "correlate(pad(dilate(dY, (u, v)), ((R - 1, R - 1 + (H - R) % u), "
        "(S - 1, S - 1 + (W - S) % v))), rotate(F))"
    )
    assert "(H - R) % u" in forms[1]
    assert "rotate" not in forms[1]


@pytest.mark.parametrize("name", CASES)
def test_the_general_closed_forms_are_those_of_every_geometry(name):
    """They meet `symconv.formula.closed_forms`, which nothing here uses, at each named case."""
    sizes: Geometry = CASES[name]
    (top, bottom), (left, right) = sizes.padding
    numbers = dict(zip("HWRSuvde", (*sizes.input, *sizes.filter, *sizes.stride, *sizes.dilation),
                       strict=True))  # fmt: skip
    numbers |= {"pt": top, "pb": bottom, "pl": left, "pr": right}
    shapes = {"X": sizes.input, "F": sizes.filter, "dY": sizes.output}
    found = derived(("padding", "dilation", "crop")).gradients
    for one, truth in zip(found, (input_gradient, filter_gradient), strict=True):
        ours = terms.read(instantiate(one.closed_form, numbers), shapes).sorted()
        theirs = terms.read(truth(sizes), shapes).sorted()
        assert ours.shape == theirs.shape
        # Where the padding is read only, every gradient is 0.
        assert len(theirs) or min(min(p) for p in sizes.padding) < 0 or name == "H1R1u3p20"
        assert first_difference(ours, theirs) is None


@every
@pytest.mark.parametrize("wrt", "XF")
def test_one_axis_is_derived_by_the_same_rules(general, wrt):
    convolution = Convolution.of(general, rank=1)
    checker = Checker(convolution)
    done = list(run(convolution, wrt, RULES[wrt]))
    assert [checker.check(one).verdict for _, one in done] == [Verdict.PROVED] * len(RULES[wrt])
    assert not any("other axis" in one.sentence for _, one in done)
    for _, one in done:  # every sentence has as many names as it has braces
        assert one.sentence.format(*one.names)


@pytest.mark.parametrize("wrt", "XF")
@pytest.mark.parametrize("axis", [axis for sizes in CASES.values() for axis in sizes.axes], ids=str)
def test_one_axis_has_the_closed_form_of_every_geometry(axis, wrt):
    sizes = Geometry((axis,))
    numbers = {"H": axis.input, "R": axis.filter, "u": axis.stride, "d": axis.dilation,
               "pt": axis.padding[0], "pb": axis.padding[1]}  # fmt: skip
    *_, (_, last) = rewritten_on_one_axis(wrt)
    form = instantiate(last.board.defined[CLOSED[wrt]].node, numbers)
    truth = {"X": input_gradient, "F": filter_gradient}[wrt](sizes)
    shapes = {"X": sizes.input, "F": sizes.filter, "dY": sizes.output}
    ours, theirs = (terms.read(node, shapes).sorted() for node in (form, truth))
    assert ours.shape == theirs.shape
    assert first_difference(ours, theirs) is None


@cache
def rewritten_on_one_axis(wrt):
    convolution = Convolution.of(("padding", "dilation", "crop"), rank=1)
    return list(run(convolution, wrt, RULES[wrt]))


@pytest.mark.parametrize("wrt", "XF")
def test_no_rule_can_be_left_out(wrt):
    rules = RULES[wrt]
    for missing in range(len(rules)):
        with pytest.raises(RuleError):
            gradient(Convolution.of(()), wrt, rules[:missing] + rules[missing + 1 :])


@pytest.mark.parametrize("wrt", "XF")
def test_rules_in_another_order_do_not_match_or_lead_to_the_same(wrt):
    """What commutes may be exchanged; nothing that is exchanged gives another formula."""
    rules, refused = RULES[wrt], 0
    closed = derived().gradients["XF".index(wrt)].closed_form
    for k in range(len(rules) - 1):
        swapped = (*rules[:k], rules[k + 1], rules[k], *rules[k + 2 :])
        try:
            found = gradient(Convolution.of(()), wrt, swapped)
        except RuleError:
            refused += 1
            continue
        assert found.proved
        assert found.closed_form == closed
    assert refused >= 6


def test_no_rule_can_be_used_twice():
    for wrt, rules in RULES.items():
        for k, rule in enumerate(rules):
            with pytest.raises(RuleError):
                gradient(Convolution.of(()), wrt, (*rules[: k + 1], rule, *rules[k + 1 :]))


def test_rules_that_end_early_lead_to_no_closed_form():
    with pytest.raises(RuleError, match="closed form"):
        gradient(Convolution.of(()), "X", RULES["X"][:-1])


def test_the_derived_form_without_its_remainder_is_refuted():
    """The twin of the theorem at the end: the same formula as lectures print it."""
    statement = "dX == correlate(pad(dilate(dY, (u, v)), ((R-1, R-1), (S-1, S-1))), rotate(F))"
    assert prove(statement).verdict is Verdict.REFUTED


def test_nothing_derived_is_not_a_pass():
    from symconv.symbolic.steps import Symbolic

    assert not Symbolic(Convolution.of(()), ()).proved
