"""What is told of a layer, in text, on a terminal, in LaTeX and in Markdown."""

from __future__ import annotations

import functools
import io
import itertools
import re
from collections import Counter

import layer_loops
import pytest
from reading_back import displays
from rich.cells import cell_len
from rich.console import Console
from strategies import LAYERS, derived
from tools import compile_latex, katex_failures

from symconv.equation import Element
from symconv.geometry import Geometry, Layer
from symconv.notation import Notation
from symconv.readings.layers import leading_axes
from symconv.telling import blocks
from symconv.telling.exposition import tell
from symconv.views import document, mathml, notebook, plain, terminal

USUAL = Notation()

every_layer = pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS.keys())


def told(layer, notation=USUAL, **options):
    return list(plain.lines(tell(derived(layer), **options), notation))


def shown(layer, width=80, encoding="utf-8"):
    buffer = io.BytesIO()
    stream = io.TextIOWrapper(buffer, encoding=encoding)
    console = Console(file=stream, width=width, force_terminal=True, legacy_windows=False)
    terminal.show(tell(derived(layer)), USUAL, console)
    stream.flush()
    return re.sub(r"\x1b\[[0-9;]*m", "", buffer.getvalue().decode(encoding))


def widest(text):
    return max(map(cell_len, text.splitlines()))


def section(lines, title):
    """Return the lines under a heading."""
    start = lines.index(title) + 2
    found = itertools.takewhile(lambda k: lines[k + 1 : k + 2] != ["=" * len(lines[k])],
                                range(start, len(lines)))  # fmt: skip
    return [lines[k] for k in found if lines[k]]


SUMS = "Channels: who is summed, and who is kept"
LECTURE = Layer(Geometry.of(5, 3, 2), 2, 3, 4, bias=True)


def test_a_layer_is_told_as_tensors_sums_space_and_closed_forms():
    lines = told(LECTURE)
    assert section(lines, "Layer")[:2] == [
        "  X  (n, c, h, w)  2 x 3 x 5 x 5  F  (k, c, r, s)  4 x 3 x 3 x 3",
        "  Y  (n, k, p, q)  2 x 4 x 2 x 2  b  (k)           4",
    ]
    assert section(lines, SUMS) == [
        "  y[n,k]     = b[k] + sum_c x[n,c] * f[k,c]   3 channels each",
        "  dL/dx[n,c] = sum_k dL/dy[n,k] * f[k,c]      4 filters each",
        "  dL/df[k,c] = sum_n dL/dy[n,k] * x[n,c]      2 images each",
        "  dL/db[k]   = sum_npq dL/dy[n,k][p,q]        8 outputs each",
        "Element by element, by the chain rule:",
        "  dL/dx[n,c][h,w] = sum_k sum_pq dL/dy[n,k][p,q] dy[n,k][p,q]/dx[n,c][h,w]",
        "  dL/df[k,c][r,s] = sum_n sum_pq dL/dy[n,k][p,q] dy[n,k][p,q]/df[k,c][r,s]",
    ]
    assert section(lines, "Closed forms")[:3] == [
        "  dX[n,c] = sum_k correlate(pad(dilate(dY[n,k], (2, 2)), ((2, 2), (2, 2))), "
        "rotate(F[k,c]))",
        "  dF[k,c] = sum_n correlate(X[n,c], dilate(dY[n,k], (2, 2)))",
        "  dB[k]   = sum_npq dY[n,k][p,q]",
    ]
    assert "One image, one channel, one filter" in lines
    assert lines.count("Forward pass") == 1


def test_the_spatial_derivation_of_a_layer_is_that_of_one_channel():
    lines, alone = told(LECTURE), told(LECTURE.geometry)
    for title in ("Forward pass", "Gradient with respect to the input", "Takeaways"):
        assert section(lines, title) == section(alone, title)


def test_a_depthwise_layer_is_told_in_its_own_words():
    lines = told(Layer(Geometry.of(32, 3), 1, 8, 8, 8))
    assert any("Depthwise: each channel has a filter of its own" in line for line in lines)
    assert section(lines, SUMS) == [
        "  y[c]     = x[c] * f[c]       no sum over channels: each has its own filter",
        "  dL/dx[c] = dL/dy[c] * f[c]   no sum over filters: one reads each channel",
        "  dL/df[c] = dL/dy[c] * x[c]   no sum: one image",
    ]


def test_a_grouped_layer_says_what_its_groups_are_and_what_frameworks_make_of_them():
    lines = told(Layer(Geometry.of(32, 3), 8, 16, 32, 4))
    said = "4 groups of 4 channels and 8 filters, each by itself; in frameworks X is "
    assert said + "8 x 16 x 32 x 32, F 32 x 4 x 3 x 3, Y 8 x 32 x 30 x 30." in lines


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (Layer(Geometry.of(5, 3), 1, 3, 1), ["3 channels each", "1 filter each"]),
        (Layer(Geometry.of(5, 3), 2, 1, 3), ["1 channel each", "3 filters each", "2 images each"]),
        (Layer(Geometry.of(3, 3), bias=True), ["1 output each", "no sum: one filter"]),
        (Layer(Geometry.of(3, 3), 1, 2, 4, 2), ["depthwise"]),
    ],
)
def test_one_is_singular(layer, said):
    text = "\n".join(told(layer))
    if said == ["depthwise"]:
        said = [
            "Depthwise: each channel has 2 filters of its own",
            "2 filters each",
            "its own filters",
        ]
    for words in said:
        assert words in text


SCREENS = {
    "groups": Layer(Geometry.of(32, 3, 2, 1), 8, 16, 32, 4, bias=True),
    "depthwise": Layer(Geometry.of(32, 3, 1, 1), 8, 16, 16, 16, bias=True),
    "one axis": Layer(Geometry.of((32,), (3,), (2,)), 8, 16, 32, bias=True),
    "three axes": Layer(Geometry.of((8, 8, 8), (3, 3, 3), (2, 2, 2), 1), 2, 4, 6, 2, bias=True),
    "transposed": Layer(
        Geometry.of(16, 3, 2, 1, transposed=True, output_padding=1), 2, 4, 6, 2, bias=True
    ),
    "input dilation": Layer(Geometry.of(16, 3, 1, 1, input_dilation=2), 2, 4, 6, bias=True),
}


@pytest.mark.parametrize("layer", SCREENS.values(), ids=SCREENS.keys())
def test_a_large_layer_is_told_on_one_screen(layer):
    assert 24 <= len(told(layer)) <= 41
    for width in (80, 200):
        text = shown(layer, width)
        assert widest(text) <= width
        assert 24 <= len(text.splitlines()) <= 50
        assert "…" not in text.replace("… (", "")


def test_all_tells_a_large_layer_whole():
    assert len(told(SCREENS["one axis"], everything=True)) > 100


@every_layer
@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_a_terminal_shows_every_layer_without_cutting_anything(layer, encoding):
    text = shown(layer, 60, encoding)
    assert widest(text) <= 60
    assert "…" not in text.replace("… (", "")
    assert encoding != "ascii" or text.isascii()


@every_layer
def test_lines_are_ascii_and_whole(layer):
    for line in told(layer):
        assert line.isascii()
        assert line == line.rstrip()


def first(layer, tensor):
    """Return an element of a tensor near its end, the leading indices told before those in space.

    Also its flat index, as frameworks have it.
    """
    geometry = layer.geometry
    extents = {"X": geometry.input, "F": geometry.filter, "Y": geometry.output, "b": ()}
    axes = leading_axes(layer)[tensor]
    at = {axis.name: axis.size - 1 for axis in axes}
    space = tuple(n // 2 for n in extents[tensor])
    return Element(tensor, (*at.values(), *space)), at, space


def flat(layer, tensor, at, space):
    n, k = at.get("n", 0), at.get("k", 0)
    g, c = (at["c"], 0) if layer.depthwise else (at.get("g", 0), at.get("c", 0))
    inner, outer = g * layer.group_channels + c, g * layer.group_filters + k
    filters = (inner, k) if layer.geometry.transposed else (outer, c)
    return {"X": (n, inner), "F": filters, "Y": (n, outer), "b": (outer,)}[tensor] + space


@functools.cache
def looped(layer):
    """Return how many terms each element has, by plain loops."""
    found = {}
    for name, terms in layer_loops.terms(layer).items():
        found[name] = Counter()
        for (target, _), count in terms.items():
            found[name][target] += count
    return found


@every_layer
@pytest.mark.parametrize("tensor", ["X", "F", "Y", "b"])
def test_a_story_counts_every_term_of_the_whole_layer(layer, tensor):
    if tensor == "b" and not layer.bias:
        return
    element, at, space = first(layer, tensor)
    target = tensor if tensor == "Y" else "dB" if tensor == "b" else f"d{tensor}"
    shown_terms = [
        len(inner.equation.terms) + inner.more
        for inner in (
            getattr(block, "block", block) for block in tell(derived(layer), elements=[element])
        )
        if isinstance(inner, blocks.Displayed) and inner.equation.target == Element(target, space)
    ]
    expected = looped(layer)[target][flat(layer, tensor, at, space)]
    if tensor == "Y":
        expected += layer.bias
    assert shown_terms
    assert set(shown_terms) == {expected}


def test_the_story_of_an_element_begins_with_its_channels():
    lines = told(LECTURE, elements=[Element("X", (1, 2, 2, 2))])
    story = section(lines, "Element x[1,2][2,2]")
    assert story[0] == "  dL/dx[1,2] = sum_k dL/dy[1,k] * f[k,2]   4 filters each"
    assert story[1] == "4 such, one for each filter; the first written out:"
    assert "  dy[1,0][0,0]/dx[1,2][2,2] = f[0,2][2,2]" in story
    gradient = next(line for line in story if line.startswith("  dL/dx[1,2][2,2] ="))
    assert gradient.count("dL/dy") == 4
    assert gradient.endswith("... (12 more terms)")


@pytest.mark.parametrize(
    ("layer", "element", "said"),
    [
        (LECTURE, (1, 3, 0, 1), "y[1,3][0,1] is the sum of 27 products, one for each pixel that "
         "its window covers inside the input, in each of 3 channels, and of b[3]:"),
        (Layer(Geometry.of(5, 3, 2), 2), (1, 0, 1), "y[1][0,1] is the sum of 9 products, one for "
         "each pixel that its window covers inside the input:"),
        (Layer(Geometry.of(5, 3, 2), bias=True), (0, 1), "y[0,1] is the sum of 9 products, one "
         "for each pixel that its window covers inside the input, and of b:"),
    ],
)  # fmt: skip
def test_the_story_of_an_output_counts_all_of_its_products(layer, element, said):
    lines = told(layer, elements=[Element("Y", element)])
    (told_sum,) = [line for line in lines if "is the sum of" in line]
    assert told_sum == said
    (equation,) = [line for line in lines if line.startswith(f"  {said.split()[0]} = ")]
    more = re.search(r"\((\d+) more terms\)", equation)
    products = equation.count(" f[") + (int(more[1]) if more else 0)
    assert f"{products} products" in said


def test_the_story_of_a_bias_adds_up_all_of_its_outputs():
    story = section(told(LECTURE, elements=[Element("b", (2,))]), "Element b[2]")
    assert story[-1] == (
        "  dL/db[2] = dL/dy[0,2][0,0] + dL/dy[0,2][0,1] + dL/dy[0,2][1,0] + dL/dy[0,2][1,1] + "
        "... (4 more terms)"
    )


def written(layer, style=document.latex, notation=USUAL, **options):
    return "".join(style(tell(derived(layer), **options), notation))


def test_channels_are_superscripts_in_latex():
    text = written(LECTURE)
    assert r"y^{nk} &= b^{k} + \sum_{c} x^{nc} * f^{kc} && \text{3 channels each}" in text
    assert (
        r"\frac{\partial L}{\partial x^{nc}_{hw}} &= \sum_{k} \sum_{pq} "
        r"\frac{\partial L}{\partial y^{nk}_{pq}} "
        r"\frac{\partial y^{nk}_{pq}}{\partial x^{nc}_{hw}}"
    ) in text
    assert r"\frac{\partial L}{\partial X^{nc}} &= \sum_{k} \operatorname{correlate}" in text
    story = written(LECTURE, elements=[Element("X", (1, 2, 2, 2))])
    assert (
        r"\frac{\partial L}{\partial x^{12}_{22}} &= \frac{\partial L}{\partial y^{10}_{00}}"
        in story
    )


STORIES = [
    ("X", Notation()),
    ("F", Notation(("X", "F", "O"), 1)),
    ("Y", Notation((r"\delta", "f", "g"))),
]


def bodies():
    for layer in LAYERS.values():
        yield from displays(written(layer))
        for tensor, notation in STORIES:
            yield from displays(
                written(layer, notation=notation, elements=[first(layer, tensor)[0]])
            )
        if layer.bias:
            yield from displays(written(layer, elements=[first(layer, "b")[0]]))
        yield from displays(written(layer, document.markdown), "$$", "$$")


@pytest.mark.katex
def test_katex_renders_every_layer():
    assert katex_failures([*dict.fromkeys(bodies())]) == []


@pytest.mark.slow
def test_pdflatex_sets_every_layer(tmp_path):
    compile_latex("\n".join(f"\\[\n{body}\n\\]" for body in dict.fromkeys(bodies())), tmp_path)


def test_markdown_has_tables_and_names_in_dollars():
    text = written(SCREENS["groups"], document.markdown)
    assert "| X | (n, g, c, h, w) | 8 x 4 x 4 x 32 x 32 |" in text
    assert "in frameworks $X$ is 8 x 16 x 32 x 32" in text
    story = written(LECTURE, document.markdown, elements=[Element("X", (1, 2, 2, 2))])
    assert "## Element $x^{12}_{22}$" in story


def test_a_web_page_shows_a_layer():
    text = "".join(mathml.page(tell(derived(SCREENS["groups"])), USUAL))
    assert "<math" in text
    assert "PROVED for this size" in re.sub(r"\s+", " ", text)


def test_wrt_leaves_out_the_other_gradient_and_the_bias():
    lines = told(LECTURE, wrt="input")
    assert len([line for line in section(lines, SUMS) if "each" in line]) == 2
    assert not any("dL/db" in line or "dL/df" in line for line in lines)
    assert {line.split()[1] for line in section(lines, "Proof")} == {"dX"}


def test_a_notebook_shows_the_closed_forms_of_the_layer():
    shown_latex = notebook.latex(derived(LECTURE))
    assert r"\frac{\partial L}{\partial X^{nc}} &= \sum_{k} \operatorname{correlate}" in shown_latex
    assert r"\frac{\partial L}{\partial B^{k}} &= \sum_{npq}" in shown_latex
    assert katex_failures([shown_latex.strip("$")]) == []
