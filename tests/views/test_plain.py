from __future__ import annotations

import itertools

import loops
import pytest
from reading_back import text_equations
from strategies import CASES, cases, derived

from symconv.claims.verdict import Verdict
from symconv.equation import Element
from symconv.geometry import Geometry
from symconv.notation import Notation
from symconv.proof.instance import judge
from symconv.telling.exposition import tell
from symconv.views import plain

USUAL = Notation()


def told(sizes, notation=USUAL, elements=(), **options):
    return list(plain.lines(tell(derived(sizes), elements=elements, **options), notation))


def spelt(counter, target, names=str):
    """Return the equations of a tensor as plain text spells them."""
    found = {}
    for (index, term), count in sorted(counter.items()):
        products = found.setdefault(f"{target}[{index[0]},{index[1]}]", [])
        products += [[names(factor) for factor in term]] * count
    return found


def plain_name(factor):
    tensor, (i, j) = factor
    return {"X": "x", "F": "f", "dY": "dL/dy"}[tensor] + f"[{i},{j}]"


@cases
def test_every_element_is_written_as_the_loops_say(sizes):
    shown = text_equations("\n".join(told(sizes, everything=True)))
    expected = loops.terms(sizes)
    for tensor, target, shape in (
        ("Y", "y", sizes.output), ("dX", "dL/dx", sizes.input), ("dF", "dL/df", sizes.filter),
    ):  # fmt: skip
        products = spelt(expected[tensor], target, plain_name)
        for i, j in loops.indices(shape):
            name = f"{target}[{i},{j}]"
            assert sorted(shown[name]) == sorted(products.get(name, []))


@cases
def test_lines_are_ascii_and_whole(sizes):
    for line in told(sizes, everything=True):
        assert line.isascii()
        assert "\n" not in line
        assert line == line.rstrip()


def test_sections_come_in_the_order_of_a_lecture():
    lines = told(CASES["H5R3u2"])
    headings = [title for title, rule in itertools.pairwise(lines) if set(rule) == {"="}]
    assert headings == [
        "Geometry",
        "Forward pass",
        "Gradient with respect to the input",
        "Gradient with respect to the filter",
        "Closed forms",
        "Takeaways",
        "Proof",
    ]


def test_the_geometry_is_a_table_of_both_axes():
    lines = told(CASES["H9R3u3d2p1"])
    assert lines[2].split() == [
        "axis", "input", "filter", "stride", "padding", "dilation", "output", "remainder",
    ]  # fmt: skip
    assert lines[3].split() == [
        "height",
        "H",
        "=",
        "9",
        "R",
        "=",
        "3",
        "u",
        "=",
        "3",
        "1,",
        "0",
        "2",
        "P",
        "=",
        "2",
        "2",
    ]
    assert lines[4].split() == [
        "width",
        "W",
        "=",
        "8",
        "S",
        "=",
        "2",
        "v",
        "=",
        "2",
        "1,",
        "2",
        "3",
        "Q",
        "=",
        "4",
        "1",
    ]


def test_an_element_without_terms_is_zero():
    assert "dL/dx[5,5] = 0" in told(CASES["H6R3u2"])


def test_the_story_of_a_pixel():
    lines = told(CASES["H5R3u2"], elements=[Element("X", (0, 2))])
    text = "\n".join(lines)
    assert "x[0,2] contributes to 2 of 4 outputs: y[0,0], y[0,1]." in lines
    assert "[x[0,2] f[0,2]]" in text
    assert "[x[0,2] f[0,0]]" in text
    assert "  dy[0,0]/dx[0,2] = f[0,2]" in lines
    assert "  dy[0,1]/dx[0,2] = f[0,0]" in lines
    assert "  dL/dx[0,2] = dL/dy[0,0] f[0,2] + dL/dy[0,1] f[0,0]" in lines
    chain = "  dL/dx[0,2] = dL/dy[0,0] dy[0,0]/dx[0,2] + dL/dy[0,1] dy[0,1]/dx[0,2]"
    assert lines.index(chain) + 1 == lines.index(
        "  dL/dx[0,2] = dL/dy[0,0] f[0,2] + dL/dy[0,1] f[0,0]"
    )
    assert text.count("dy[0,1]/dx") == 2


def test_the_chain_rule_is_written_out_for_each_element_of_the_whole_telling():
    lines = told(CASES["H6R3u2"], everything=True, chained=True)
    gradients = [line for line in lines if line.startswith(("dL/dx[", "dL/df["))]
    assert "dL/dx[m,n] = sum_ij dL/dy[i,j] dy[i,j]/dx[m,n]" in gradients
    chains = [line for line in gradients if "]/d" in line and "sum_ij" not in line]
    assert "dL/dx[4,0] = dL/dy[1,0] dy[1,0]/dx[4,0]" in chains
    assert len(chains) == 25 + 9  # no window reaches the last row and column


def test_the_story_of_a_pixel_that_no_window_reaches():
    lines = told(CASES["H6R3u2"], elements=[Element("X", (5, 0))])
    assert "x[5,0] contributes to none of the 4 outputs: no window reaches it." in lines
    assert "  dL/dx[5,0] = 0" in lines


def test_the_story_of_a_filter_element():
    text = "\n".join(told(CASES["H5R3u2"], elements=[Element("F", (2, 2))]))
    assert "f[2,2] contributes to 4 of 4 outputs" in text
    assert "dy[1,1]/df[2,2] = x[4,4]" in text
    assert "dL/dy[1,1] x[4,4]" in text


def test_the_story_of_an_output():
    text = "\n".join(told(CASES["H5R3u2p1"], elements=[Element("Y", (0, 0))]))
    assert "y[0,0] is the sum of 4 products" in text
    assert "dL/dx[0,0] = [dL/dy[0,0] f[1,1]]" in text


@pytest.mark.parametrize("name", ["H6R3u2", "H9R3u3d2p1", "H4R3u2p4", "H1R1u3p20"])
@pytest.mark.parametrize("notation", [Notation(), Notation((r"\delta", "w1", "O"), 1)])
def test_every_element_has_its_story(name, notation):
    sizes = CASES[name]
    shapes = {"X": sizes.input, "F": sizes.filter, "Y": sizes.output}
    elements = [Element(t, i) for t, shape in shapes.items() for i in loops.indices(shape)]
    lines = told(sizes, notation, elements)
    assert sum(line.startswith("Element ") for line in lines) == len(elements)


def test_only_the_gradient_that_was_asked_for_is_told():
    only_input = "\n".join(told(CASES["H6R3u2"], wrt="input"))
    assert "dL/dx[0,0] = " in only_input
    assert "dL/df[0,0] = " not in only_input
    assert "dF = correlate" not in only_input
    assert "textbook form of dF" not in only_input
    only_filter = "\n".join(told(CASES["H6R3u2"], wrt="filter"))
    assert "dL/df[0,0] = " in only_filter
    assert "dL/dx[0,0] = " not in only_filter


def test_a_long_listing_says_how_much_follows_and_how_to_see_it():
    lines = told(Geometry.of(12, 3))
    rest = [line for line in lines if line.startswith("... ")]
    assert rest == [
        "... 92 more equations: --all shows them, -o FILE writes them, --element picks one",
        "... 136 more equations: --all shows them, -o FILE writes them, --element picks one",
    ]
    whole = told(Geometry.of(12, 3), everything=True)
    assert not [line for line in whole if line.startswith("... ")]
    assert sum(line.startswith("y[") and " = " in line for line in whole) == 100


def test_a_long_sum_says_how_many_terms_follow():
    text = "\n".join(told(Geometry.of(12, 3)))
    assert "dL/df[0,0] = dL/dy[0,0] x[0,0] + " in text
    assert "... (94 more terms)" in text


def test_large_sizes_say_that_tables_answered_and_sympy_checked():
    text = "\n".join(told(Geometry.of(32, 3)))
    assert "tables of 8,100 terms" in text
    assert "sympy" in text
    assert "not drawn" in text


def test_a_verdict_is_worded_with_what_stands_behind_it():
    from symconv.engines.engine import TermEngine
    from symconv.formula.closed_forms import input_gradient, textbook_input_gradient
    from symconv.formula.nodes import Correlate, Leaf

    sizes = CASES["H6R3u2"]
    engine = TermEngine(sizes)
    proved = judge(engine, "dX", input_gradient(sizes))
    assert plain.outcome(proved) == (
        "PROVED for this size: 36 of 36 elements, 36 terms, by term tables"
    )
    refuted = judge(engine, "dX", textbook_input_gradient(sizes))
    assert plain.outcome(refuted) == "REFUTED for this size"
    nonsense = Correlate(Leaf("F"), Leaf("X"), (1, 1), (1, 1))
    neither = judge(engine, nonsense, nonsense)
    assert neither.verdict is Verdict.NOT_JUDGED
    assert plain.outcome(neither).startswith("NOT JUDGED: both sides are undefined")


def test_an_unknown_block_is_an_error():
    with pytest.raises(TypeError, match="cannot show"):
        list(plain.lines(["block"], Notation()))
