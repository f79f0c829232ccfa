"""Input dilation: E is X with zeros between its elements, and is differentiated through."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy
from symbolic_steps import derived, judged, rewritings

from symconv.claims.verdict import Verdict
from symconv.formula.closed_forms import filter_gradient, input_gradient
from symconv.formula.instantiation import instantiate
from symconv.formula.nodes import Rotate
from symconv.formula.sizes import Name
from symconv.geometry import Geometry
from symconv.mathematics.lines import board_line, flat
from symconv.mathematics.text import ASCII
from symconv.notation import Notation
from symconv.readings import terms
from symconv.symbolic.expressions import Summed, symbol
from symconv.symbolic.reading import BoardReading
from symconv.tensors.table import first_difference

ALONE = ("input-dilation",)
EVERYTHING = ("padding", "dilation", "crop", "input-dilation")

GEOMETRIES = {
    "spread": Geometry.of((3, 4), (2, 3), input_dilation=(2, 3)),
    "stride": Geometry.of((4, 3), (3, 2), (2, 3), input_dilation=(3, 2)),
    "remainder": Geometry.of((4, 4), 3, 3, 1, input_dilation=2),
    "everything": Geometry.of((3, 5), (2, 3), (3, 2), ((1, 2), (0, 3)), (2, 1), (4, 3)),
    "crop": Geometry.of((4, 5), 2, 2, ((-1, 0), (-2, 1)), 1, (2, 3)),
}


@pytest.mark.parametrize("name", GEOMETRIES)
def test_the_closed_forms_are_those_of_every_geometry(name):
    sizes = GEOMETRIES[name]
    (top, bottom), (left, right) = sizes.padding
    pairs = (sizes.input, sizes.filter, sizes.stride, sizes.dilation)
    numbers = dict(zip("HWRSuvde", (n for pair in pairs for n in pair), strict=True))
    numbers |= dict(zip(("lh", "lw"), sizes.input_dilation, strict=True))
    numbers |= {"pt": top, "pb": bottom, "pl": left, "pr": right}
    shapes = {"X": sizes.input, "F": sizes.filter, "dY": sizes.output}
    found = derived(EVERYTHING).gradients
    for one, truth in zip(found, (input_gradient, filter_gradient), strict=True):
        ours = terms.read(instantiate(one.closed_form, numbers), shapes).sorted()
        theirs = terms.read(truth(sizes), shapes).sorted()
        assert len(theirs)
        assert ours.shape == theirs.shape
        assert first_difference(ours, theirs) is None


def test_what_is_written_names_the_spread_input():
    one = rewritings(ALONE, "X")["forward sum"]
    read = BoardReading(Notation(), convolution=one.board.convolution)
    definition, equation = (flat(board_line(read.statement(s), ASCII)) for s in one.statements)
    assert definition == "E = dilate(X, (lh, lw))"
    assert equation == ("y[p,q] = sum_{r=0..R-1} sum_{s=0..S-1} E[p*u + r, q*v + s] f[r,s]")
    (local,) = rewritings(ALONE, "X")["local derivative"].statements
    assert "delta(m*lh, p*u + r)" in flat(board_line(read.statement(local), ASCII))


def renamed(old, new):
    swap = {symbol(old): new}

    def change(after):
        summed = Summed.of(after)
        return replace(summed, factors=tuple(f.xreplace(swap) for f in summed.factors)).expression

    return change


def stepped(after):
    """Read the element of E at m instead of at m*lh."""
    deltas = [delta for delta in after.atoms(sympy.KroneckerDelta) if delta.has(symbol("lh"))]
    assert deltas
    return after.xreplace({delta: delta.xreplace({symbol("lh"): 1}) for delta in deltas})


WRONG = {
    "stride-and-input-dilation-exchanged": ("X", "forward sum", renamed("u", symbol("lh"))),
    "delta-without-the-step": ("X", "local derivative", stepped),
    "step-of-the-other-axis": ("X", "local derivative", renamed("lh", symbol("lw"))),
    "solved-without-the-step": ("X", "solve the deltas", renamed("lh", sympy.S.One)),
    "padded-read-without-the-step": ("X", "pad", renamed("lh", sympy.S.One)),
    "rotated-read-with-the-stride": ("X", "rotate", renamed("lh", symbol("u"))),
}


@pytest.mark.parametrize(("wrt", "name", "change"), WRONG.values(), ids=WRONG.keys())
def test_a_slip_with_the_steps_is_noticed(wrt, name, change):
    right = rewritings(ALONE, wrt)[name]
    after = change(right.after)
    assert after != right.after
    check = judged(replace(right, after=after))
    assert check.verdict is Verdict.REFUTED
    assert {"lh", "lw"} <= set(check.failure.sizes)


WRONG_TENSORS = {
    "correlated-without-stride": ("X", "correlate", "dX", {"stride": (1, 1)}),
    "correlated-with-the-output's-stride": (
        "X", "correlate", "dX", {"stride": (Name("u"), Name("v"))},
    ),
    "filter-gradient-with-stride": ("F", "correlate", "dF", {"stride": (Name("lh"), Name("lw"))}),
}  # fmt: skip


@pytest.mark.parametrize(
    ("wrt", "rule", "name", "change"), WRONG_TENSORS.values(), ids=WRONG_TENSORS.keys()
)
def test_a_correlation_with_another_step_is_refuted(wrt, rule, name, change):
    right = rewritings(ALONE, wrt)[rule]
    one = right.board.defined[name]
    board = right.board.named(name, replace(one.node, **change), one.shape)
    assert judged(replace(right, board=board)).verdict is Verdict.REFUTED


@pytest.mark.parametrize("steps", [("lw", "lh"), ("u", "v")], ids="-".join)
def test_an_input_that_is_spread_otherwise_is_refuted(steps):
    right = rewritings(ALONE, "F")["forward sum"]
    one = right.board.defined["E"]
    board = right.board.named("E", replace(one.node, steps=tuple(map(Name, steps))), one.shape)
    assert judged(replace(right, board=board)).verdict is Verdict.REFUTED


def test_an_input_that_is_turned_as_well_is_refuted():
    right = rewritings(ALONE, "X")["forward sum"]
    one = right.board.defined["E"]
    board = right.board.named("E", Rotate(one.node), one.shape)
    check = judged(replace(right, board=board))
    assert check.verdict is Verdict.REFUTED
    assert check.failure.before != check.failure.after
