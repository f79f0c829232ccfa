from __future__ import annotations

import json
from collections import Counter

import layer_loops
import pytest
from strategies import LAYERS

GIVEN = {
    "three axes": ("--input 3x4x5 --filter 2", ((3, 4, 5), (2, 2, 2))),
    "one axis by rank": ("--rank 1 --input 7 --filter 3 --stride 2", ((7,), (3,))),
    "one number for each": ("--input 6x5 --filter 3", ((6, 5), (3, 3))),
}


def derived(run, *words):
    done = run("derive", "--format", "json", *words)
    assert done.status == 0, done.err
    return json.loads(done.out)


@pytest.mark.parametrize(("words", "sizes"), GIVEN.values(), ids=GIVEN.keys())
def test_sizes_say_how_many_axes_there_are(run, words, sizes):
    geometry = derived(run, *words.split())["geometry"]
    assert (tuple(geometry["input"]), tuple(geometry["filter"])) == sizes


@pytest.mark.parametrize(
    ("words", "padding"),
    [
        ("--rank 1 --padding 1,2", [[1, 2]]),
        ("--padding 1,2", [[1, 1], [2, 2]]),
        ("--padding 1x2", [[1, 1], [2, 2]]),
        ("--padding 0,1,2,0", [[0, 1], [2, 0]]),
        ("--rank 3 --padding 1,2,0", [[1, 1], [2, 2], [0, 0]]),
        ("--rank 3 --padding 0,1,1,0,2,0", [[0, 1], [1, 0], [2, 0]]),
    ],
)
def test_padding_is_for_each_axis_or_for_each_side(run, words, padding):
    assert derived(run, "--input", "5", *words.split())["geometry"]["padding"] == padding


def words_of(layer):
    """Return the options that describe a layer."""
    g = layer.geometry
    each = {
        "input": g.input, "filter": g.filter, "stride": g.stride, "dilation": g.dilation,
        "input-dilation": g.input_dilation, "output-padding": g.output_padding,
    }  # fmt: skip
    words = ["--rank", str(len(g.axes))]
    for name, sizes in each.items():
        if not (g.transposed and name == "input-dilation"):
            words += [f"--{name}", "x".join(map(str, sizes))]
    words += [f"--padding={','.join(str(n) for pair in g.padding for n in pair)}"]
    for name in ("batch", "channels", "filters", "groups"):
        words += [f"--{name}", str(getattr(layer, name))]
    return words + ["--bias"] * layer.bias + ["--transposed"] * g.transposed


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS.keys())
def test_all_elements_of_a_layer_are_listed_in_flat_indices(run, layer):
    data = derived(run, "--all", *words_of(layer))
    expected = layer_loops.terms(layer)
    names = {"X": "x", "F": "f", "dY": "dy"}

    def spelt(tensor, index):
        return f"{tensor}[{','.join(map(str, index))}]"

    blocks = {"forward": ("Y", "y"), "input_gradient": ("dX", "x"), "filter_gradient": ("dF", "f")}
    if layer.bias:
        blocks["bias_gradient"] = ("dB", "b")
    for block, (tensor, letter) in blocks.items():
        found = Counter(
            (equation["target"], tuple(term))
            for equation in data[block]
            for term in equation["terms"]
            if not term[0].startswith("b[")
        )
        assert found == {
            (spelt(letter, target), tuple(spelt(names[t], i) for t, i in term)): count
            for (target, term), count in expected[tensor].items()
        }
    biases = [e["terms"][-1] for e in data["forward"] if e["terms"][-1:] and layer.bias]
    assert all(bias == [f"b[{e['target'].split(',')[1]}]"]
               for bias, e in zip(biases, data["forward"], strict=False))  # fmt: skip
    claims = {(proof["claim"], proof["verdict"]) for proof in data["proofs"]}
    wanted = {"input-gradient", "filter-gradient"} | ({"bias-gradient"} if layer.bias else set())
    assert claims == {(claim, "proved") for claim in wanted}


def test_a_layer_says_who_is_summed(run):
    data = derived(run, *"--batch 2 --channels 6 --filters 4 --groups 2 --bias".split())
    assert data["layer"] == {"batch": 2, "channels": 6, "filters": 4, "groups": 2, "bias": True}
    assert data["sums"] == {
        "y": {"c": 3}, "dX": {"k": 2}, "dF": {"n": 2}, "dB": {"n": 2, "p": 3, "q": 3},
    }  # fmt: skip
    assert data["forward"][0]["target"] == "y[0,0]"  # one image, one channel, one filter
    assert "layer" not in derived(run)


def test_a_frameworks_line_is_a_layer(run):
    line = "Conv2d(4, 6, 3, stride=2, padding=1, groups=2)"
    assert derived(run, line, "--input", "7")["layer"] == {
        "batch": 1, "channels": 4, "filters": 6, "groups": 2, "bias": True,
    }  # fmt: skip
    transposed = derived(run, "ConvTranspose1d(2, 2, 3, 2, 1, 1, bias=False)", "--input", "4")
    assert transposed["geometry"] == {
        "input": [4], "filter": [3], "stride": [2], "padding": [[1, 1]], "dilation": [1],
        "input_dilation": [1], "transposed": True, "output_padding": [1], "output": [8],
        "remainder": [0],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--groups", "3", "--channels", "4"], "groups is 3, which does not divide 4 channels"),
        (["--input", "3x8x8", "--filter", "3x3"], "--channels 3 --input 8x8"),
        (["--transposed", "--stride", "2", "--output-padding", "2"], "0 to 1 here"),
        (["--output-padding", "1"], "belongs to a transposed convolution"),
        (["--transposed", "--input-dilation", "2"], "has no input dilation"),
        (["--transposed", "--padding", "same"], "needs its padding in numbers"),
        (["--transposed", "--padding", "valid"], "needs its padding in numbers"),
        (["--transposed", "--padding", "full"], "needs its padding in numbers"),
        (["--transposed", "--output-padding", "1"], "0 to 0 here"),
        (["--transposed", "--output-padding=-1"], "'-1' is below 0"),
        (["--groups", "3", "--filters", "4"], "use 3 or 6 filters"),
        (["--groups", "0"], "0 is not in the range x>=1"),
        (["--channels", "0"], "0 is not in the range x>=1"),
        (["--filters", "0"], "0 is not in the range x>=1"),
        (["--filter", "0x3"], "'0x3' is below 1"),
        (["--stride", "0"], "'0' is below 1"),
        (["--dilation", "0"], "'0' is below 1"),
        (["--input-dilation", "0"], "'0' is below 1"),
        (["Conv2d()"], "write Conv2d(in_channels, out_channels, kernel_size)"),
        (["Conv2d(4, 6, 3, groups=4)"], "groups is 4, which does not divide 6 filters"),
        (["Linear(4, 4)"], "'Linear(4, 4)' is no layer"),
        (["Conv2d(4, 4, 0)"], "'Conv2d(4, 4, 0)'"),
        (["Conv2d(16)"], "Conv2d needs out_channels and kernel_size"),
        (["Conv2d(4, 4, 3)", "--stride", "2"], "--stride is said twice"),
        (["Conv2d(4, 4, 3)", "--input", "3x4x5"], "--rank speaks of two axes"),
        (["--rank", "3", "--input", "5x6"], "--rank speaks of three axes, --input of two"),
        (["--rank", "4"], "'4' is not one of"),
        (["--batch", "0"], "0 is not in the range x>=1"),
        (["--input", "0"], "'0' is below 1"),
        (["--transposed", "--padding", "9"], "takes the whole output away"),
    ],
)  # fmt: skip
def test_an_impossible_layer_gets_one_line_and_status_2(run, tmp_path, words, says):
    for command in (["derive"], ["slides"], ["figure", "forward"]):
        done = run(
            *command, *words, *(["-o", str(tmp_path / "a.tex")] if command != ["derive"] else [])
        )
        assert done.status == 2
        assert says in done.err
        assert done.err.count("\n") == 1
        assert done.out == ""
    assert not (tmp_path / "a.tex").exists()


LAYER = "--input 5 --filter 3 --stride 2 --batch 2 --channels 3 --filters 4 --bias".split()


@pytest.mark.parametrize(
    ("element", "says"),
    [
        ("x[1,2][2,2]", "dL/dx[1,2] = sum_k dL/dy[1,k] * f[k,2]   4 filters each"),
        ("x[1,2,2,2]", "dL/dx[1,2] = sum_k dL/dy[1,k] * f[k,2]   4 filters each"),
        ("f[3,2][0,0]", "dL/df[3,2] = sum_n dL/dy[n,3] * x[n,2]   2 images each"),
        ("y[1,3][1,1]", "y[1,3] = b[3] + sum_c x[1,c] * f[3,c]   3 channels each"),
        ("b[2]", "dL/db[2] = sum_npq dL/dy[n,2][p,q]   8 outputs each"),
    ],
)
def test_an_element_of_a_layer_is_named_with_its_channels(run, element, says):
    done = run("derive", *LAYER, "--element", element)
    assert done.status == 0, done.err
    assert says in done.out


@pytest.mark.parametrize(
    ("element", "says"),
    [
        ("x[2,2]", "x needs 2 indices, of image and channel, then 2 in space, as in x[1,2][4,4]"),
        ("x", "x needs 2 indices, of image and channel, then 2 in space, as in x[1,2][4,4]"),
        ("x[1][2,2,2]", "as in x[1,2][4,4]"),
        ("x[1,2][2,7]", "lies outside x, which runs from [0,0][0,0] to [1,2][4,4]"),
        ("x[-1,2][2,2]", "lies outside x"),
        ("b[2,2]", "b needs 1 index, of filter, as in b[3]"),
        ("b", "b needs 1 index, of filter, as in b[3]"),
        ("q[1]", "unknown tensor q; known are x, f, y, b"),
        ("x[1,2][2,2][1]", "is not of the form x[1,2][4,4]"),
        ("x[a,b][2,2]", "as in x[1,2][4,4]"),
    ],
)
def test_no_such_element_of_a_layer_gets_one_line_and_status_2(run, element, says):
    done = run("derive", *LAYER, "--element", element)
    assert (done.status, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert says in done.err


def test_an_element_without_a_layer_has_no_channels(run):
    done = run("derive", "--element", "x[1,2][2,2]")
    assert done.status == 2
    assert "x[4,4]" in done.err


@pytest.mark.parametrize("words", [[], ["--channels", "3"]])
def test_an_element_of_a_bias_that_is_not_there_says_how_to_get_one(run, words):
    done = run("derive", *words, "--element", "b[0]")
    assert (done.status, done.out) == (2, "")
    assert "add --bias" in done.err


def test_elements_of_groups_have_the_index_of_their_group(run):
    words = "--channels 4 --filters 6 --groups 2 --index-base 1 --element x[2,1][3,3]".split()
    done = run("derive", *words)
    assert "dL/dx[2,1] = sum_k dL/dy[2,k] * f[2,k,1]   3 filters each" in done.out


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS.keys())
@pytest.mark.parametrize("ending", ["tex", "md"])
def test_check_finds_nothing_wrong_in_what_derive_writes_of_a_layer(run, tmp_path, layer, ending):
    document = tmp_path / f"a.{ending}"
    assert run("derive", *words_of(layer), "-q", "-o", str(document)).status == 0
    done = run("check", str(document))
    assert done.status != 1
    assert " 0 wrong" in done.out
    unknown = layer.geometry.transposed or max(layer.geometry.input_dilation) > 1
    if unknown or len(layer.geometry.axes) > 2:
        assert "symconv: off" in document.read_text(encoding="utf-8")
    else:
        assert not done.out.startswith("0 agree")
