"""`export --check`: modules beside the term tables, and what is said of a wrong one."""

import numpy as np
import pytest
from strategies import LAYERS
from targets import sums

from symconv.engines.layer import LayerEngine
from symconv.errors import SymconvError
from symconv.geometry import Geometry, Layer
from symconv.targets import check, plans
from symconv.targets.modules import of_sizes, write
from symconv.targets.specification import AnySizes, ChannelLayout, Specification


def compared(specification, target="numpy", layer=None, mutate=lambda source: source):
    source = mutate(write(target, specification, "symconv export"))
    return check.compare(source, target, specification, layer)


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS.keys())
def test_the_tables_are_evaluated_as_plain_sums_are(layer):
    numbers = np.random.default_rng(0)
    shapes = (layer.input, layer.filter, layer.output)
    x, f, dy = (numbers.integers(-9, 10, shape) for shape in shapes)
    engine, leaves = LayerEngine(layer), {"X": x, "F": f, "dY": dy}
    right = sums.tensors(layer, x, f, dy, np.zeros(layer.filters, int))
    for name, expected in zip(("Y", "dX", "dF", "dB"), right, strict=True):
        assert np.array_equal(check.evaluated(engine.tensor(name), leaves), expected)


@pytest.mark.parametrize("layout", ChannelLayout)
@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_modules_for_every_size_agree(rank, transposed, layout):
    found = compared(Specification(AnySizes(rank, transposed), layout))
    assert found.agrees, str(found)
    assert str(found).startswith("Checked: y with and without bias, dx, df and db equal the term")
    assert "groups 1 to 3, depthwise" in str(found)


def test_a_module_of_jax_agrees():
    layer = LAYERS["groups"]
    found = compared(of_sizes(layer, ChannelLayout.NHWC), "jax", layer)
    assert found.agrees, str(found)
    assert "at this size with 2 images, 4 channels and 6 filters" in str(found)


def test_the_plans_have_all_that_goes_wrong():
    for rank in (1, 2, 3):
        layers = plans.planned(Specification(AnySizes(rank)))
        axes = [axis for layer in layers for axis in layer.geometry.axes]
        assert {axis.remainder for axis in axes} >= {0, 1, 2}
        assert any(axis.stride > axis.extent for axis in axes)
        assert any(sum(axis.padding) < 0 for axis in axes)
        assert any(max(axis.padding) >= axis.extent for axis in axes)
        assert any(layer.depthwise for layer in layers)
        assert any(layer.group_channels > 1 and layer.groups > 1 for layer in layers)


def test_many_channels_are_not_all_compared():
    layer = Layer(Geometry.of(4, 3), 64, 512, 256, 256)
    (planned,) = plans.planned(of_sizes(layer), layer)
    assert (planned.groups, planned.channels, planned.filters) == (256, 512, 256)
    wide = Layer(Geometry.of(4, 3), 64, 512, 256)
    (planned,) = plans.planned(of_sizes(wide), wide)
    assert (planned.batch, planned.channels, planned.filters) == (2, 3, 3)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rest = divmod", "rest = 0 * 1, *divmod", "fails: "),
        ("remainder.append(rest)", "remainder.append(0)", "dx of Geometry.of"),
        ("y + b[:, None, None]", "y", "y of Geometry.of"),
        ("axis=(0, 2, 3)", "axis=(0, 2)", "db of Geometry.of"),
        ("dilation, remainder)", "dilation, [n + 1 for n in remainder])", "has the shape"),
    ],
)
def test_a_wrong_module_is_said_to_be(old, new, said):
    found = compared(Specification(AnySizes()), mutate=lambda source: source.replace(old, new))
    assert not found.agrees
    assert str(found).startswith("WRONG: ")
    assert said in str(found)


@pytest.mark.parametrize(
    ("source", "said"),
    [("import nowhere_to_be_found", "No module"), ("raise SystemExit(7)", "ends its process")],
)
def test_what_ends_the_process_is_not_checked(source, said):
    with pytest.raises(SymconvError, match=said):
        check.compare(source, "numpy", Specification(AnySizes()))


def test_a_library_that_is_missing_is_named():
    with pytest.raises(SymconvError, match="nowhere_at_all is not installed"):
        check.compare("", "nowhere_at_all", Specification(AnySizes()))
