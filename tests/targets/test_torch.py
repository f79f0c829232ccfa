"""The code for PyTorch: against a model of what it calls, and PyTorch itself where that is."""

import itertools
import random
from dataclasses import replace

import numpy as np
import pytest
from targets import configurations, sums, torch_model
from targets.configurations import Exported, first_difference, replaced

from symconv.geometry import Geometry
from symconv.targets import program
from symconv.targets.program import EndName
from symconv.targets.specification import ChannelLayout, FixedSizes
from symconv.targets.torch import typed

CASES = configurations.cases(300, 1, (ChannelLayout.NCHW,))


@pytest.fixture
def model(monkeypatch):
    torch_model.put_in_place(monkeypatch)
    return torch_model.Tensor


@pytest.fixture
def torch():
    return pytest.importorskip("torch", reason="PyTorch is not installed; its model is tested")


def test_300_layers_are_right_in_the_model(model):
    assert min(configurations.features(CASES).values()) >= 10
    assert first_difference(Exported("torch"), CASES, model) is None


def test_100_layers_are_right_in_pytorch(torch):
    assert first_difference(Exported("torch"), CASES[:100], torch.from_numpy) is None


MUTANTS = {
    "no output padding": (r", output_padding=[^\n)]*(\)|\))", ")"),
    "no remainder": (r"0, remainder, groups", "0, 0, groups"),
    "remainder of a sum": (r"hi - d \* \(r - 1\), u", "hi + d * (r - 1), u"),
    "one pad": (r"x = pad\(x, \[max\(n, 0\) .*\n    return pad\(x, \[min.*",
                "return pad(x, last_first)"),
    "pads first axis first": (r"reversed\(amounts\)", "amounts"),
    "groups of dF": (r"permute\(2, 1, 0, ", "permute(2, 0, 1, "),
    "groups of dF merged": (r"(df = conv.*), groups=\d\)", r"\1)"),
    "dilation for stride": ("None, dilation, 0, stride", "None, stride, 0, dilation"),
    "bias before the padding": ("f, None, stride, 0, output", "f, b, stride, 0, output"),
    "a slice for a pad": (r"dx = pad\(dx, \(.*\)", "pass"),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_a_slip_turns_them_red(name, model):
    assert first_difference(Exported("torch", replaced(*MUTANTS[name])), CASES, model) is not None


@pytest.mark.parametrize("tensor", ["input_gradient", "filter_gradient"])
@pytest.mark.parametrize("transposed", [False, True])
def test_a_generator_that_forgets_the_end_turns_them_red(tensor, transposed, model, monkeypatch):
    name = "TRANSPOSED" if transposed else "CONVOLUTION"
    right = getattr(program, name)
    forgetful = replace(getattr(right, tensor), more=EndName.NOTHING)
    monkeypatch.setattr(program, name, replace(right, **{tensor: forgetful}))
    assert first_difference(Exported("torch"), CASES, model) is not None


def calls(count: int):
    """Yield random calls of functions that exported code calls, some of them refused."""
    rnd = random.Random(0)
    small = rnd.randint
    for _, rank in itertools.product(range(count), (1, 2, 3)):
        G, numbers = small(1, 2), np.random.default_rng(small(0, 10**6))
        kind = rnd.choice(("conv", "conv_transpose", "pad"))
        each = [[small(least, 3) for _ in range(rank)] for least in (1, 0, 1)]
        size, extents = [small(1, 6) for _ in range(rank)], [small(1, 3) for _ in range(rank)]
        x = numbers.integers(-9, 10, (2, 2 * G, *size)).astype(float)
        if kind == "pad":
            yield "pad", (x,), {"pad": [small(-3, 3) for _ in range(2 * rank)]}
            continue
        keywords = dict(zip(("stride", "padding", "dilation"), each, strict=True)) | {"groups": G}
        shape = (3 * G, 2, *extents) if kind == "conv" else (2 * G, 3, *extents)
        if kind == "conv_transpose":
            keywords["output_padding"] = [small(0, 3) for _ in range(rank)]
        yield f"{kind}{rank}d", (x, numbers.integers(-9, 10, shape).astype(float)), keywords


def outcome(function, tensors, keywords):
    """Return an array, or None where the call is refused."""
    try:
        return np.asarray(function(*tensors, **keywords))
    except RuntimeError:
        return None


def test_the_model_is_pytorch(torch):
    from torch.nn import functional

    refused = 0
    for name, arrays, keywords in calls(200):
        real = outcome(getattr(functional, name), map(torch.from_numpy, arrays), keywords)
        if name == "pad":
            keywords = {"amounts": keywords["pad"]}
        own = getattr(torch_model.modules()["torch.nn.functional"], name)
        ours = outcome(own, map(torch_model.Tensor, arrays), keywords)
        assert (real is None) == (ours is None), (name, keywords, [a.shape for a in arrays])
        if real is None:
            refused += 1
        else:
            assert np.array_equal(real, ours), (name, keywords)
    assert 50 < refused < 400


def typed_difference(lines_of):
    """Return the first layer at which the lines that `derive` ends with give another dX."""
    functions = vars(torch_model.modules()["torch.nn.functional"])
    for seed, case in enumerate(CASES):
        x, f, dy, b = configurations.drawn(case, seed)
        tensors = {"dy": torch_model.Tensor(dy * 1.0), "w": torch_model.Tensor(f * 1.0)}
        names = functions | tensors
        try:
            exec("\n".join(lines_of(FixedSizes(case.layer.geometry, case.layer.groups))), names)
        except (RuntimeError, TypeError, SyntaxError) as error:
            return f"{case}: {error}"
        _, right, _, _ = sums.tensors(case.layer, x, f, dy, b)
        if not np.array_equal(names["dX"], right):
            return f"{case}: other numbers"
    return None


def test_what_derive_ends_with_is_the_gradient():
    assert typed_difference(typed) is None
    assert {len(typed(case.specification.sizes)) for case in CASES if not case.symbolic} == {1, 2}


@pytest.mark.parametrize(
    ("part", "by"), [("output_padding=", "padding="), ("stride=2", "stride=1"), ("pad(", "abs(")]
)
def test_another_line_is_not(part, by):
    assert typed_difference(lambda sizes: [x.replace(part, by) for x in typed(sizes)]) is not None


def test_a_layer_has_its_groups():
    geometry = Geometry.of(32, 3, 2, 1)
    assert typed(FixedSizes(geometry, 4)) == (
        "dX = conv_transpose2d(dy, w, stride=2, padding=1, output_padding=1, groups=4)",
    )
