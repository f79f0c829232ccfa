from __future__ import annotations

import pytest
from symbolic_steps import GENERAL

from symconv.errors import SymconvError
from symconv.formula.vocabulary import vocabulary
from symconv.geometry import Geometry
from symconv.symbolic.convolution import Convolution

every = pytest.mark.parametrize("general", GENERAL, ids=lambda g: "+".join(g) or "lecture")


def geometry(sizes):
    both = lambda first, second, default: (  # noqa: E731
        sizes.get(first, default), sizes.get(second, default)
    )  # fmt: skip
    padding = (both("pt", "pb", 0), both("pl", "pr", 0))
    return Geometry.of(
        both("H", "W", 1), both("R", "S", 1), both("u", "v", 1), padding, both("d", "e", 1),
        input_dilation=both("lh", "lw", 1),
    )  # fmt: skip


@every
def test_the_grid_holds_geometries_with_their_output_and_remainder(general):
    grid = Convolution.of(general).grid()
    assert len(grid) >= 50
    for sizes in grid:
        found = geometry(sizes)
        assert found.output == (sizes["P"], sizes["Q"])
        assert found.remainder == (sizes["rem_H"], sizes["rem_W"])


@every
def test_the_formula_is_that_of_the_claim_language(general):
    assert Convolution.of(general).formula == vocabulary(general).tensors["Y"]


@every
def test_one_axis_is_the_first_one_alone(general):
    whole, one = Convolution.of(general), Convolution.of(general, rank=1)
    assert one.axes == whole.axes[:1]
    assert len(one.grid()) == len(whole.grid())
    assert all(set(sizes) <= set(whole.grid()[0]) - set("WSvQ") for sizes in one.grid())


@every
def test_the_grid_holds_what_people_forget(general):
    grid = Convolution.of(general).grid()
    found = [geometry(sizes) for sizes in grid]
    assert any(rem for one in found for rem in one.remainder)
    assert any(one.stride[0] > one.filter[0] for one in found)
    assert any(one.filter == (1, 1) for one in found)
    assert any(one.filter[0] % 2 == 0 for one in found)
    assert any(one.input[0] != one.input[1] for one in found)
    for word, holds in (
        ("dilation", any(one.dilation[0] > 1 and one.filter[0] > 1 for one in found)),
        ("padding", any(min(one.padding[0]) >= 1 for one in found)),
        ("input-dilation", any(one.input_dilation[0] > 1 < one.input[0] for one in found)),
        ("crop", any(min(map(min, one.padding)) < 0 for one in found)),
    ):
        assert holds or word not in general
    if set(general) & {"padding", "crop"}:
        assert any(max(one.padding[0]) > one.filter[0] - 1 for one in found)


@every
def test_every_axis_takes_every_choice_and_small_sizes_come_first(general):
    convolution = Convolution.of(general)
    grid = convolution.grid()
    weights = [sum(axis.weight(sizes) for axis in convolution.axes) for sizes in grid]
    assert weights == sorted(weights)
    for axis in convolution.axes:
        names = [*axis.sizes, *axis.padding, *filter(None, [axis.dilation, axis.spread])]
        seen = [tuple(sizes[name] for name in names) for sizes in grid]
        assert len(set(seen)) == len(seen)


def test_general_is_made_of_known_words():
    with pytest.raises(SymconvError, match="padding, dilation, crop"):
        Convolution.of(("paddin",))
