"""The inference of a notation: from one axis's relation to what is right and never called wrong."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symconv.__main__ import main
from symconv.documents.check import check
from symconv.documents.notation.axes import AxisReading
from symconv.documents.notation.facts import AxisFact, M, P, R
from symconv.documents.notation.fit import AxisFit
from symconv.documents.source.text import Document
from symconv.errors import GeometryError
from symconv.geometry import Axis, Geometry

PLACES = (M, R, P)


def report(lines):
    return check(Document("notes", "markdown", "\n\n".join(f"$${line}$$" for line in lines)))


def element(name, *index):
    return f"{name}_{{{''.join(map(str, index))}}}"


def gradient(name, *index):
    return rf"\frac{{\partial L}}{{\partial {element(name, *index)}}}"


def pairs(input_, filter_):
    """Return (x, w, y) for every product of a stride-1 convolution, counted from 1."""
    outputs = input_ - filter_ + 1
    windows = itertools.product(range(1, outputs + 1), repeat=2)
    taps = list(itertools.product(range(1, filter_ + 1), repeat=2))
    return [((i + r - 1, j + s - 1), (r, s), (i, j)) for i, j in windows for r, s in taps]


def equations(products, target, write):
    """Return one line for each element of a tensor: what products it is the sum of."""
    place = "xwy".index(target)
    name = element if target == "y" else gradient
    lines = {}
    for product in products:
        lines.setdefault(product[place], []).append(write(*product))
    return [f"{name(target, *i)} = {' + '.join(terms)}" for i, terms in sorted(lines.items())]


def forward(products):
    return equations(products, "y", lambda x, w, y: element("x", *x) + element("w", *w))


def input_gradient(products, turned=lambda w: w):
    return equations(
        products, "x", lambda x, w, y: gradient("y", *y) + " " + element("w", *turned(w))
    )


@st.composite
def axes(draw):
    sizes = draw(st.tuples(*[st.integers(1, n) for n in (6, 4, 4, 3)]))
    padding = draw(st.tuples(st.integers(-1, 4), st.integers(-1, 4)))
    try:
        return Axis(sizes[0], sizes[1], sizes[2], padding, sizes[3])
    except GeometryError:
        assume(False)


def relation(axis, base, flipped):
    """Return J as the document counts, by trying every triple."""
    for m, r, p in itertools.product(*map(range, (axis.input, axis.filter, axis.output))):
        tap = axis.filter - 1 - r if flipped else r
        if m == p * axis.stride + tap * axis.dilation - axis.padding[0]:
            yield m + base, r + base, p + base


@settings(max_examples=80, deadline=None, derandomize=True)
@given(axes(), st.integers(0, 1), st.booleans())
def test_what_meets_at_an_index_is_the_relation_there(axis, base, flipped):
    reading = AxisReading(axis, base, flipped, AxisFit(axis.stride, axis.dilation, 0, (0, 0)))
    triples = set(relation(axis, base, flipped))
    for place, extent in zip(PLACES, (axis.input, axis.filter, axis.output), strict=True):
        for index in range(base - 2, base + extent + 2):
            there = frozenset(t for t in triples if t[place] == index)
            assert reading.meeting(place, index) == there
            inside = base <= index < base + extent
            assert reading.says(AxisFact(place, index, there)) == inside
            assert not reading.says(AxisFact(place, index, there | {(-9, -9, -9)}))


def test_a_filter_that_no_gradient_rotates_is_wrong_in_every_gradient_that_shows_it():
    products = pairs(3, 2)
    lines = [*forward(products), *input_gradient(products)]
    assert report(lines).counts == (13, 0, 0)
    unrotated = input_gradient(products, lambda w: (3 - w[0], 3 - w[1]))
    found = report([*forward(products), *unrotated])
    assert [j.verdict for j in found.judgements] == ["agree"] * 4 + ["wrong"] * 9
    findings = [f for j in found.judgements for f in j.findings]
    assert {f.code for f in findings} == {"SC201"}
    assert sum("rotate it by 180 degrees" in f.message for f in findings) == 12
    swapped = [line.replace("w_{12}", "w_{22}") for line in input_gradient(products)]
    messages = [f.message for j in report([*forward(products), *swapped]).judgements
                for f in j.findings]  # fmt: skip
    assert messages
    assert not any("180 degrees" in message for message in messages)


def test_a_slip_that_obeys_the_relation_outside_of_the_tensors_is_the_only_wrong_one():
    products = pairs(4, 3)
    lines = [*forward(products), *input_gradient(products)]
    right = gradient("y", 2, 2) + " " + element("w", 1, 3)
    (k,) = (k for k, line in enumerate(lines) if right in line)
    swapped = [*lines]
    swapped[k] = swapped[k].replace(right, gradient("y", 1, 3) + " " + element("w", 2, 2))
    found = report(swapped)
    assert [j.verdict for j in found.judgements].count("wrong") == 1
    assert found.judgements[k].verdict == "wrong"
    assert found.counts[0] == len(lines) - 1


def test_a_slip_that_stands_in_both_lines_of_a_derivation_makes_no_tensor_larger():
    lines = [*forward(pairs(3, 2))]
    for y in ("{12}", "{13}"):
        dy, local = (rf"\frac{{\partial L}}{{\partial y_{y}}}", rf"\frac{{\partial y_{y}}}")
        first, second = gradient("y", 1, 1), r"\frac{\partial y_{11}}"
        derived = (
            rf"{gradient('x', 1, 2)} = {first} {second}{{\partial x_{{12}}}} "
            rf"+ {dy} {local}{{\partial x_{{12}}}} = {first} w_{{12}} + {dy} w_{{11}}"
        )
        found = report([*lines, derived])
        assert found.regions[0].readings[0].geometry.output == (2, 2)
        assert found.count("wrong") == (y == "{13}")
        assert [j.verdict for j in found.judgements[:4]] == ["agree"] * 4


WIDE = st.fixed_dictionaries(
    {
        "input": st.tuples(st.integers(2, 6), st.integers(2, 6)),
        "filter": st.tuples(st.integers(1, 4), st.integers(1, 3)),
        "stride": st.tuples(st.integers(1, 4), st.integers(1, 4)),
        "dilation": st.tuples(st.integers(1, 3), st.integers(1, 3)),
        "padding": st.tuples(*[st.integers(-1, 3)] * 4),
    }
)


@settings(max_examples=6, deadline=None, derandomize=True)
@given(WIDE, st.sampled_from(["x,f,y", "X,F,O", "u,h,v", "in,ker,out"]), st.sampled_from("01"))
def test_an_export_agrees_by_its_hint_and_is_nowhere_wrong_without(tmp_path_factory, sizes, names,
                                                                   base):  # fmt: skip
    padding = tuple(zip(sizes["padding"][::2], sizes["padding"][1::2], strict=True))
    try:
        Geometry.of(**{**sizes, "padding": padding})
    except GeometryError:
        assume(False)
    words = [f"--{name}={'x'.join(map(str, size))}" for name, size in sizes.items()]
    words[-1] = f"--padding={','.join(map(str, sizes['padding']))}"
    path = tmp_path_factory.getbasetemp() / "export.md"
    words += ["--names", names, "--index-base", base, "--all", "-q", "-o", str(path)]
    assert main(["derive", *words]) == 0
    text = path.read_text(encoding="utf-8")
    hinted = check(Document(str(path), "markdown", text))
    elements = [j for j in hinted.judgements if j.kind != "operator"]
    assert len(elements) > 2
    assert [j for j in elements if j.verdict != "agree"] == []
    bare, hints = re.subn(r"<!-- symconv: .*-->\n", "", text)
    assert hints == 1
    assert check(Document(str(path), "markdown", bare)).count("wrong") == 0


@pytest.mark.parametrize("seen", [True, False])
def test_a_cell_is_not_called_wrong_where_sizes_are_guessed(seen):
    # Only a grid with a hint tells whether the row below the products is part of the input.
    products = [p for p in pairs(3, 2) if p[2] in ((1, 1), (1, 2))]
    table = "\n".join(
        f"| {' | '.join(f'$x_{{{i}{j}}}$' for j in (1, 2, 3))} |" if i else "| --- | --- | --- |"
        for i in (1, 0, 2, 4)
    )
    hint = "<!-- symconv: input=3x3 filter=2x2 stride=1 padding=0 -->\n\n" if seen else ""
    lines = "\n\n".join(f"$${line}$$" for line in forward(products))
    found = check(Document("notes", "markdown", f"{hint}{lines}\n\n{table}\n"))
    cells = [j.verdict for j in found.judgements if j.kind == "matrix-cell"]
    assert len(cells) == 9
    assert ("wrong" in cells) == seen


def strided(step):
    """Return the equations of a 5x5 input and a 3x3 filter, the input's gradient with its step."""
    taps = list(itertools.product(range(3), repeat=2))
    windows = list(itertools.product(range(2), repeat=2))
    ahead = [((2 * i + r, 2 * j + s), (r, s), (i, j)) for i, j in windows for r, s in taps]
    back = [((step * i + r, step * j + s), (r, s), (i, j)) for i, j in windows for r, s in taps]
    written = {line.split(" = ")[0]: line for line in input_gradient(back)}
    targets = (gradient("x", m, n) for m in range(5) for n in range(5))
    return [*forward(ahead), *(written.get(t, f"{t} = 0") for t in targets)]


def test_gradients_that_all_forget_the_stride_are_wrong():
    assert report(strided(2)).counts == (29, 0, 0)
    found = report(strided(1))
    assert [j.verdict for j in found.judgements[:4]] == ["agree"] * 4
    right = set(strided(2))
    for j, line in zip(found.judgements, strided(1), strict=True):
        assert j.verdict == ("agree" if line in right else "wrong")


def test_a_filter_gradient_that_is_turned_as_a_whole_is_wrong():
    # The forward pass is a true convolution: y = sum x[i - r + 3] w[r].
    turned = [(x, tuple(4 - r for r in w), y) for x, w, y in pairs(5, 3)]
    right = equations(turned, "w", lambda x, w, y: gradient("y", *y) + " " + element("x", *x))
    wrong = equations(pairs(5, 3), "w", lambda x, w, y: gradient("y", *y) + " " + element("x", *x))
    assert report([*forward(turned), *right]).counts == (18, 0, 0)
    # The element in the middle is the same either way.
    assert report([*forward(turned), *wrong]).counts == (10, 8, 0)


@pytest.mark.parametrize("hinted", [True, False])
def test_gradients_of_other_sizes_without_a_forward_pass_are_not_judged(hinted):
    smaller = input_gradient(pairs(4, 2))
    comment = "<!-- symconv: input=4x4 filter=2x2 stride=1 padding=0 -->\n\n" if hinted else ""
    text = "\n\n".join(f"$${line}$$" for line in strided(2)) + "\n\n" + comment
    text += "\n\n".join(f"$${line}$$" for line in smaller)
    verdicts = [j.verdict for j in check(Document("n", "markdown", text)).judgements]
    assert verdicts[:29] == ["agree"] * 29
    assert set(verdicts[29:]) <= ({"agree"} if hinted else {"agree", "not-judged"})
