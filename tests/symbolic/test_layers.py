"""Layers: the same rules, the sums over images and channels carried through; slips are noticed."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import sympy
from reading_back import displays
from rich.console import Console
from symbolic_steps import LAYERS, WHOLE, derived, judged, rewritings
from tools import compile_latex, katex_failures

from symconv.claims.verdict import Verdict
from symconv.errors import SymconvError
from symconv.formula.words import LEADING
from symconv.mathematics.lines import board_line, display, flat
from symconv.mathematics.text import ASCII
from symconv.notation import Notation
from symconv.proof.prover import prove
from symconv.symbolic.checks import Checker, leaves
from symconv.symbolic.claimed import claimed
from symconv.symbolic.convolution import Convolution
from symconv.symbolic.evaluation import EvaluationError, evaluate
from symconv.symbolic.expressions import LOSS, RuleError, Summed, element, partial, symbol
from symconv.symbolic.reading import BoardReading
from symconv.symbolic.steps import GRADIENT, RULES, closed_form, derive, gradient, rules_of, run
from symconv.telling.symbolic import tell
from symconv.views import document, plain, terminal

words = "+".join
layers = pytest.mark.parametrize("general", LAYERS, ids=words)
AXES = {axis.index: axis for axis in LEADING}


@cache
def on_one_axis(general, wrt):
    convolution = Convolution.of(general, rank=1)
    return list(run(convolution, wrt, rules_of(convolution, wrt)))


def wrt_of(general):
    return "XFb" if "bias" in general else "XF"


@pytest.mark.parametrize(
    "general",
    [*LAYERS, *((*one, "bias") for one in LAYERS if set(one) != {"batch"})],
    ids=words,
)
def test_every_step_is_proved_for_every_choice_of_words(general):
    checker = Checker(Convolution.of(general, rank=1))
    for wrt in "b" if "bias" in general else "XF":
        for _, one in on_one_axis(general, wrt):
            assert checker.check(one).verdict is Verdict.PROVED
            assert one.sentence.format(*one.names)


@cache
def of_the_input():
    """The longest lines: dX of the whole layer."""
    return derive(WHOLE, "input")


def test_the_whole_layer_is_derived_and_every_theorem_proved():
    derivation = derived(WHOLE)
    assert derivation.proved
    assert [one.name for one in derivation.gradients] == ["dX", "dF", "dB"]
    assert all(one.theorem.verdict is Verdict.PROVED for one in derivation.gradients)


CLOSED = {
    ("batch", "channels"): (
        "dX[n,c] == sum(correlate(pad(dilate(dY[n,k], (u, v)), ((R - 1, R - 1 + (H - R) % u), "
        "(S - 1, S - 1 + (W - S) % v))), rotate(F[k,c])) for k in range(K))",
        "dF[k,c] == sum(correlate(crop(X[n,c], ((0, (H - R) % u), (0, (W - S) % v))), "
        "dilate(dY[n,k], (u, v))) for n in range(N))",
    ),
    ("channels", "groups", "bias"): (
        "dX[g,c] == sum(correlate(pad(dilate(dY[g,k], (u, v)), ((R - 1, R - 1 + (H - R) % u), "
        "(S - 1, S - 1 + (W - S) % v))), rotate(F[g,k,c])) for k in range(K))",
        "dF[g,k,c] == correlate(crop(X[g,c], ((0, (H - R) % u), (0, (W - S) % v))), "
        "dilate(dY[g,k], (u, v)))",
        "dB[g,k] == sum(dY[g,k,p,q] for p in range(P) for q in range(Q))",
    ),
}


@pytest.mark.parametrize("general", CLOSED, ids=words)
def test_the_closed_forms_are_claims_that_are_proved(general):
    convolution, stated = Convolution.of(general), []
    for wrt in wrt_of(general):
        *_, (_, last) = run(convolution, wrt, rules_of(convolution, wrt))
        stated.append(ASCII.write(claimed(convolution, GRADIENT[wrt], *closed_form(last.board))))
    assert tuple(stated) == CLOSED[general]
    assert all(prove(one, general=general).proved for one in stated)


@pytest.mark.parametrize("sizes", Convolution.of(WHOLE).grid()[::9], ids=str)
def test_the_derivative_of_the_loss_is_that_of_plain_loops(sizes):
    """The evaluator against plain loops, which know nothing of boards."""
    convolution = Convolution.of(WHOLE)
    tensors = leaves(convolution, sizes)
    truth = plain_gradients(sizes, tensors)
    for name in "XFb":
        own = convolution.places(name)
        space = convolution.indices(0) if name != "b" else ()
        extents = (*convolution.extents(name), *convolution.shape(name))
        free = [
            (index, extent.evaluate(sizes))
            for index, extent in zip((*own, *space), extents, strict=True)
        ]
        asked = partial(LOSS, element(name, (*own, *space)))
        assert np.array_equal(evaluate(asked, convolution, sizes, tensors, free), truth[name])


def plain_gradients(at, tensors):
    """Return the gradients, product by product."""
    found = {name: np.zeros_like(tensors[name]) for name in "XFb"}
    for place, dy in np.ndenumerate(tensors["dY"]):
        n, g, k, p, q = place
        found["b"][g, k] += dy
        for c, r, s in np.ndindex(at["C"], at["R"], at["S"]):
            i = p * at["u"] + r * at["d"] - at["pt"]
            j = q * at["v"] + s * at["e"] - at["pl"]
            (i, a), (j, b) = divmod(i, at["lh"]), divmod(j, at["lw"])
            if a == b == 0 and 0 <= i < at["H"] and 0 <= j < at["W"]:
                found["X"][n, g, c, i, j] += dy * tensors["F"][g, k, c, r, s]
                found["F"][g, k, c, r, s] += dy * tensors["X"][n, g, c, i, j]
    return found


def test_the_sizes_hold_one_and_two_of_everything():
    grid = Convolution.of(WHOLE).grid()
    for axis in LEADING:
        assert {sizes[axis.size] for sizes in grid} == {1, 2}
    assert len({tuple(sizes[axis.size] for axis in LEADING) for sizes in grid}) == 2**4


def without_delta(*letters):
    """Forget that an image, group or channel is the same."""

    def change(after):
        summed = Summed.of(after)
        gone = [sympy.KroneckerDelta(symbol(n), symbol(f"{n}'")) for n in letters]
        assert set(gone) <= set(summed.factors)
        return summed.exchange(gone, []).expression

    return change


def first_alone(letter):
    """Sum over no more than the first value of an index."""

    def change(after):
        bound = {term for term in after.atoms(sympy.Sum) if term.has(symbol(letter))}
        (total,) = bound
        summed = Summed.of(total)
        kept = tuple(limit for limit in summed.limits if str(limit[0]) != letter)
        assert len(kept) < len(summed.limits)
        zero = {symbol(letter): sympy.S.Zero}
        factors = tuple(factor.xreplace(zero) for factor in summed.factors)
        return after.xreplace({total: Summed(factors, kept).expression})

    return change


def sum_forgotten(letter):
    """Leave out the sum over an index that still stands in the product."""

    def change(after):
        summed = Summed.of(after)
        kept = tuple(limit for limit in summed.limits if str(limit[0]) != letter)
        assert len(kept) < len(summed.limits)
        return replace(summed, limits=kept).expression

    return change


def read_at(tensor, letter, value):
    """Read a tensor at another image, group or channel than the product's."""

    def change(after):
        reads = [one for one in after.atoms(sympy.Indexed) if one.base.name == tensor]
        swap = {one: one.xreplace({symbol(letter): value}) for one in reads}
        assert any(old != new for old, new in swap.items())
        return after.xreplace(swap)

    return change


def biased_for_each_channel(after):
    """Add the bias inside of the sum over the channels."""
    (total,) = after.atoms(sympy.Sum)
    return after + (after - total) * (Summed.of(total).limit(symbol("c"))[2])


WRONG = {
    "channel-sum-forgotten": ("X", "forward sum", first_alone("c")),
    "group-of-the-filter-ignored": ("X", "forward sum", read_at("F", "g", 0)),
    "group-of-the-input-ignored": ("F", "forward sum", read_at("X", "g", 0)),
    "bias-forgotten": ("b", "forward sum", lambda after: max(after.args, key=str)),
    "chain-rule-over-the-first-image": ("F", "chain rule", first_alone("n")),
    "chain-rule-over-the-first-filter": ("X", "chain rule", first_alone("k")),
    "chain-rule-of-another-filter": ("X", "chain rule", read_at("dY", "k", 0)),
    "delta-of-the-image-forgotten": ("X", "local derivative", without_delta("n")),
    "delta-of-the-group-forgotten": ("X", "local derivative", without_delta("g")),
    "delta-of-the-channel-forgotten": ("X", "local derivative", without_delta("c")),
    "delta-of-the-filter-forgotten": ("F", "local derivative", without_delta("k")),
    "delta-lost-in-one-sum": ("F", "one sum", without_delta("g")),
    "sum-over-filters-forgotten": ("X", "image, group and channel", first_alone("k")),
    "sum-over-filters-left-open": ("X", "image, group and channel", sum_forgotten("k")),
    "sum-over-images-forgotten": ("F", "image, group and channel", first_alone("n")),
    "group-read-as-the-first": ("F", "image, group and channel", read_at("X", "g", 0)),
    "channel-read-as-the-first": ("X", "image, group and channel", read_at("F", "c", 0)),
    "bias-without-images": ("b", "image, group and channel", first_alone("n")),
    "bias-of-another-group": ("b", "image, group and channel", read_at("dY", "g", 0)),
    "sum-lost-with-the-deltas": ("X", "solve the deltas", first_alone("k")),
    "sum-lost-in-dilate": ("F", "dilate", first_alone("n")),
    "padded-channel-exchanged": ("F", "pad", read_at("X'", "c", 0)),
    "rotated-filter-of-the-first-group": ("X", "rotate", read_at("F'", "g", 0)),
}  # fmt: skip
LAYER = ("batch", "channels", "groups", "bias")


@pytest.mark.parametrize(("wrt", "name", "change"), WRONG.values(), ids=WRONG.keys())
def test_a_slip_with_images_groups_and_channels_is_noticed(wrt, name, change):
    right = rewritings(LAYER, wrt)[name]
    after = change(right.after)
    assert after != right.after
    check = judged(replace(right, after=after))
    assert check.verdict is Verdict.REFUTED
    assert set(check.failure.sizes) >= set("NGKCHWRSuvPQ")
    assert check.failure.before != check.failure.after


@pytest.mark.parametrize("rule", ["correlate", "size and remainder"])
@pytest.mark.parametrize(
    ("wrt", "summed"), [("X", ""), ("X", "n"), ("X", "kn"), ("F", ""), ("F", "c"), ("F", "ng")]
)
def test_a_correlation_that_is_summed_otherwise_is_refuted(wrt, rule, summed):
    right = rewritings(LAYER, wrt)[rule]
    name = {"correlate": "d{}", "size and remainder": "d{}="}[rule].format(wrt)
    one = right.board.defined[name]
    wrong = right.board.named(name, one.node, one.shape, tuple(AXES[n] for n in summed))
    check = judged(replace(right, board=wrong))
    assert check.verdict is Verdict.REFUTED


TWINS = (
    "dX[n,g,c] == correlate(pad(dilate(dY[n,g,0], (u, v)), ((R-1, R-1 + (H-R) % u), "
    "(S-1, S-1 + (W-S) % v))), rotate(F[g,0,c]))",
    "dF[g,k,c] == sum(correlate(pad(X[n,0,c], ((0, -((H-R) % u)), (0, -((W-S) % v)))), "
    "dilate(dY[n,g,k], (u, v))) for n in range(N))",
    "dB[g,k] == sum(dY[0,g,k,p,q] for p in range(P) for q in range(Q))",
)


@pytest.mark.parametrize("statement", TWINS)
def test_the_twins_of_the_theorems_are_refuted(statement):
    assert prove(statement, general=LAYER).verdict is Verdict.REFUTED


def test_an_index_without_a_sum_has_no_value():
    convolution = Convolution.of(("channels",))
    sizes = convolution.grid()[0]
    free = [(symbol("c"), sizes["C"])]
    with pytest.raises(EvaluationError, match="k has no value"):
        evaluate(
            element("F", (symbol("k"), symbol("c"), 0, 0)),
            convolution, sizes, leaves(convolution, sizes), free,
        )  # fmt: skip


@pytest.mark.parametrize("wrt", "XFb")
def test_no_rule_can_be_left_out_or_used_twice(wrt):
    convolution = Convolution.of(LAYER)
    by = rules_of(convolution, wrt)
    for k, rule in enumerate(by):
        with pytest.raises(RuleError):
            gradient(convolution, wrt, (*by[:k], *by[k + 1 :]))
        with pytest.raises(RuleError):
            gradient(convolution, wrt, (*by[: k + 1], rule, *by[k + 1 :]))


def test_without_leading_indices_there_is_no_rule_for_them():
    lecture, batch = Convolution.of(()), Convolution.of(("batch",))
    assert rules_of(lecture, "X") == RULES["X"]
    assert rules_of(batch, "F") == RULES["F"]
    assert len(rules_of(batch, "X")) == len(RULES["X"]) + 1
    with pytest.raises(RuleError, match="no bias"):
        gradient(lecture, "b", RULES["b"])


def test_a_bias_needs_output_channels():
    with pytest.raises(SymconvError, match="needs channels or groups"):
        Convolution.of(("batch", "bias"))


def test_a_condition_on_channels_is_proved_from_their_range_alone():
    right = rewritings(LAYER, "X")["image, group and channel"]
    assert len(right.conditions) == 6
    beyond = replace(right.conditions[1], goal=right.conditions[1].goal - 1)
    check = judged(replace(right, conditions=(beyond,)))
    assert check.verdict is Verdict.NOT_JUDGED


@pytest.mark.parametrize(
    ("general", "wrt", "said"),
    [
        (LAYER, "F", "The deltas of group, filter and channel are 1 for {} = {}, {} = {} and "),
        (LAYER, "X", "The deltas of image, group and channel are 1 for {} = {}, {} = {} and "),
        (("batch",), "X", "The delta of image is 1 for {} = {} alone: of the sum over it one "),
    ],
)
def test_a_rule_names_the_deltas_that_there_are(general, wrt, said):
    assert rewritings(general, wrt)["image, group and channel"].sentence.startswith(said)


def shown(rule, wrt, general=LAYER):
    one = rewritings(general, wrt)[rule]
    read = BoardReading(Notation(), convolution=one.board.convolution)
    return list(map(read.statement, one.statements))


def test_the_indices_of_image_group_and_channel_stand_in_brackets_of_their_own():
    (forward,) = shown("forward sum", "X")
    assert flat(board_line(forward, ASCII)) == (
        "y[n,g,k][p,q] = b[g,k] + sum_{c=0..C-1} sum_{r=0..R-1} sum_{s=0..S-1} "
        "x[n,g,c][p*u + r, q*v + s] f[g,k,c][r,s]"
    )
    (local,) = shown("local derivative", "X")
    assert flat(board_line(local, ASCII)).endswith(
        "f[g',k,c'][r,s] delta(n, n') delta(g, g') delta(c, c') delta(i, p*u + r) delta(j, q*v + s)"
    )
    assert flat(board_line(shown("correlate", "X")[-1], ASCII)) == (
        "dX[n,g,c] = sum_{k=0..K-1} correlate(D'[n,g,k], F'[g,k,c])"
    )


def test_latex_raises_them():
    (chained,) = shown("chain rule", "F", ("batch", "channels"))
    assert r"\frac{\partial y^{nk'}_{pq}}{\partial f^{kc}_{ij}}" in display(chained)
    (found,) = shown("image, group and channel", "b", LAYER)
    assert display(found) == (
        r"\frac{\partial L}{\partial b^{gk}} = \sum_{n=0}^{N - 1} \sum_{p=0}^{P - 1} "
        r"\sum_{q=0}^{Q - 1} \frac{\partial L}{\partial y^{ngk}_{pq}}"
    )


def test_the_text_tells_the_layer_once_and_every_verdict():
    told = "\n".join(plain.lines(tell(of_the_input()), Notation()))
    assert told.isascii()
    assert told.count("n counts the N images of X and Y") == 1
    assert told.count("PROVED for every size, by other means") == 1
    for bad in ("REFUTED", "NOT JUDGED", "{}"):
        assert bad not in told
    # What holds on both axes is told of the first one only.
    assert not re.search(r"for every size: .*\b[WSvQ]\b", told)


def test_a_terminal_of_80_columns_shows_every_line_whole():
    stream = io.StringIO()
    console = Console(file=stream, width=80, force_terminal=True, no_color=True)
    terminal.show(tell(of_the_input()), Notation(), console)
    told = re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())
    assert max(map(len, told.splitlines())) <= 80
    assert "n'=0" in told


@pytest.mark.katex
def test_katex_renders_every_display_and_every_name():
    markdown = "".join(document.markdown(tell(of_the_input()), Notation()))
    bodies = re.findall(r"^\$\$\n(.*?)\n\$\$$", markdown, re.M | re.S)
    inline = re.findall(r"(?<!\$)\$([^$\n]+)\$(?!\$)", markdown)
    assert len(bodies) > 10
    assert katex_failures([*bodies, *inline]) == []


@pytest.mark.tex
def test_latex_fits_the_text_width_of_an_article(tmp_path):
    told = "".join(document.latex(tell(of_the_input()), Notation()))
    assert len(displays(told)) > 10
    narrow = r"\usepackage{geometry}\AtBeginDocument{\newgeometry{textwidth=345pt}}"
    assert "Overfull" not in compile_latex(told, tmp_path, narrow)
