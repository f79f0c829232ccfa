"""The gradients of a whole layer, proved for every size on one to three axes; their mutants fail.

Each mutant is what somebody forgets who writes a layer's backward pass by hand.
"""

from __future__ import annotations

import pytest

from symconv.claims.statement import StatedClaim
from symconv.claims.theorems import theorems
from symconv.claims.verdict import Verdict
from symconv.formula.words import Role, letters
from symconv.proof.prover import argue, judge
from symconv.proof.search import CertificateSearch

SPATIAL = ("padding", "dilation", "crop", "input-dilation")
LAYER = (*SPATIAL, "batch", "channels", "groups")


def amounts(rank, before, after):
    """Return a padding, written out on every axis in its letters: {H}, {R}, {u}, {rem}, .."""
    roles = {
        "H": Role.INPUT, "R": Role.FILTER, "u": Role.STRIDE, "d": Role.DILATION,
        "l": Role.INPUT_DILATION, "lo": Role.BEFORE, "hi": Role.AFTER,
    }  # fmt: skip
    pairs = []
    for k in range(rank):
        of = {name: letters(role, rank=rank)[k] for name, role in roles.items()}
        of["rem"] = "({l}*({H}-1) + {lo} + {hi} - {d}*({R}-1)) % {u}".format(**of)
        pairs.append(f"({before.format(**of)}, {after.format(**of)})")
    return f"({', '.join(pairs)})" if rank > 1 else pairs[0]


def steps(rank, role):
    found = letters(role, rank=rank)
    return f"({', '.join(found)})" if rank > 1 else found[0]


def input_gradient(rank, after="{d}*({R}-1) - {hi} + {rem}", form=None, u=None, lh=None):
    u = u or steps(rank, Role.STRIDE)
    lh = lh or steps(rank, Role.INPUT_DILATION)
    form = form or "dX[n,j,c] == sum({} for k in range(K))"
    padding = amounts(rank, "{d}*({R}-1) - {lo}", after)
    return form.format(
        f"correlate(pad(dilate(dY[n,j,k], {u}), {padding}), rotate(F[j,k,c]), stride={lh}, "
        f"dilation={steps(rank, Role.DILATION)})"
    )


def filter_gradient(rank, after="{hi} - {rem}", form=None, images="n", group="j"):
    form = form or "dF[j,k,c] == sum({} for n in range(N))"
    padded = f"dilate(X[{images},{group},c], {steps(rank, Role.INPUT_DILATION)})"
    return form.format(
        f"correlate(pad({padded}, {amounts(rank, '{lo}', after)}), "
        f"dilate(dY[n,j,k], {steps(rank, Role.STRIDE)}), stride={steps(rank, Role.DILATION)})"
    )


def bias_gradient(rank, left="dB[j,k]", over=("n", "p")):
    windows = ["p", "q", "x"][:rank]
    ranges = ["for n in range(N)"] if "n" in over else []
    outputs = letters(Role.OUTPUT, rank=rank)
    if "p" in over:
        ranges += [f"for {p} in range({P})" for p, P in zip(windows, outputs, strict=True)]
    image = "n" if "n" in over else "0"
    places = windows if "p" in over else ["0"] * rank
    return f"{left} == sum(dY[{image},j,k,{','.join(places)}] {' '.join(ranges)})"


def stated(statement, rank):
    general = (*LAYER, "bias") if "dB" in statement else LAYER
    return StatedClaim(statement, general=general, rank=rank)


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("gradient", [input_gradient, filter_gradient, bias_gradient])
def test_the_gradients_of_a_layer_hold_for_every_size(gradient, rank):
    argument, why = argue(stated(gradient(rank), rank).claim(), CertificateSearch())
    assert argument is not None, why


def test_a_proved_layer_was_tried_with_few_channels():
    judgement = judge(stated(input_gradient(1), 1))
    assert judgement.verdict is Verdict.PROVED
    assert judgement.tried == 100
    assert judgement.certified() is not None


MUTANTS = {
    "channel sum forgotten": input_gradient(1, form="dX[n,j,c] == {}").replace("j,k", "j,0"),
    "one filter too few": input_gradient(1).replace("range(K)", "range(K-1)"),
    "filters of the input's channels": input_gradient(1).replace("range(K)", "range(C)"),
    "groups ignored in dX": input_gradient(1).replace("F[j,k,c]", "F[0,k,c]"),
    "groups ignored in dF": filter_gradient(1, group="0"),
    "images summed crosswise": filter_gradient(1, images="0"),
    "no sum over images": filter_gradient(1, form="dF[j,k,c] == {}", images="0").replace(
        "dY[n", "dY[0"
    ),
    "input dilation and stride exchanged": input_gradient(1, u="lh", lh="u"),
    "remainder of H instead of the spread input": input_gradient(
        1, "{d}*({R}-1) - {hi} + ({H} + {lo} + {hi} - {d}*({R}-1) - 1) % {u}"
    ),
    "remainder forgotten in dX": input_gradient(1, "{d}*({R}-1) - {hi}"),
    "remainder forgotten in dF": filter_gradient(1, "{hi}"),
    "filter not rotated": input_gradient(1).replace("rotate(F[j,k,c])", "F[j,k,c]"),
    "filter's channels exchanged": input_gradient(1).replace("F[j,k,c]", "F[j,c,k]"),
    "bias summed over windows alone": bias_gradient(1, over=("p",)),
    "bias summed over images alone": bias_gradient(1, over=("n",)),
    "bias of all groups": bias_gradient(1).replace("for n", "for x in range(G) for n").replace(
        "dY[n,j", "dY[n,x"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_what_is_wrong_with_a_layer_is_refuted(name):
    judgement = judge(stated(MUTANTS[name], 1))
    assert judgement.verdict is Verdict.REFUTED, judgement.summary
    sizes = judgement.refutation.sizes
    assert all(sizes.get(name, 1) <= 2 for name in "NCKG")
    argument, _ = argue(stated(MUTANTS[name], 1).claim(), CertificateSearch())
    assert argument is None


def test_the_theorems_of_a_layer_are_listed():
    listed = {entry.stated.id for entry in theorems()}
    assert {
        f"layer-{name}"
        for name in ("forward", "input-gradient", "filter-gradient", "bias-gradient")
    } <= listed
