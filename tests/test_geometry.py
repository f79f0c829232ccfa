from __future__ import annotations

import math

import loops
import numpy as np
import pytest
from hypothesis import given
from strategies import axes, every_case

from symconv.errors import GeometryError, SymconvError
from symconv.geometry import Axis, Geometry, axis_name


@every_case
def test_output_is_the_number_of_windows_that_fit(sizes):
    assert sizes.output == loops.output_shape(sizes)


@given(axes(extra=12, spreads=(1, 2, 3)))
def test_output_and_remainder_are_what_sliding_a_window_finds(axis):
    length = len(range(0, axis.input * axis.input_dilation, axis.input_dilation)[:-1])
    length = length * axis.input_dilation + 1
    begins = loops.windows(length, axis.filter, axis.stride, axis.dilation, *axis.padding)
    after_the_last_window = begins[-1] + (axis.filter - 1) * axis.dilation + 1
    assert axis.output == len(begins) >= 1
    assert axis.remainder == axis.padded - after_the_last_window
    assert 0 <= axis.remainder < axis.stride


@pytest.mark.parametrize(
    ("input", "filter", "stride", "dilation", "output", "padding"),
    [
        # tf.nn.conv2d, padding="SAME": output size, zeros before, zeros after
        (5, 3, 1, 1, 5, (1, 1)),
        (5, 3, 2, 1, 3, (1, 1)),
        (6, 3, 2, 1, 3, (0, 1)),
        (7, 3, 2, 1, 4, (1, 1)),
        (224, 7, 2, 1, 112, (2, 3)),
        (224, 3, 2, 1, 112, (0, 1)),
        (13, 6, 5, 1, 3, (1, 2)),
        (4, 2, 1, 1, 4, (0, 1)),
        (4, 1, 3, 1, 2, (0, 0)),
        (3, 1, 5, 1, 1, (0, 0)),
        (10, 3, 1, 2, 10, (2, 2)),
        (10, 2, 1, 3, 10, (1, 2)),
        (2, 5, 1, 1, 2, (2, 2)),
    ],
)  # fmt: skip
def test_same_is_what_tensorflow_pads(input, filter, stride, dilation, output, padding):
    sizes = Geometry.of(input, filter, stride, "same", dilation)
    assert sizes.padding == (padding, padding)
    assert sizes.output == (output, output)


@given(axes(extra=12))
def test_same_gives_one_output_for_every_stride_begun(axis):
    sizes = Geometry.of(
        (axis.input, 1), (axis.filter, 1), (axis.stride, 1), "same", (axis.dilation, 1)
    )
    assert sizes.output[0] == math.ceil(axis.input / axis.stride)
    (before, after), _ = sizes.padding
    assert after - before in (0, 1)


def test_valid_pads_nothing():
    assert Geometry.of(7, 3, 2, "valid", 2).padding == ((0, 0), (0, 0))


def test_full_pads_all_but_one_element_of_the_dilated_filter():
    sizes = Geometry.of((4, 5), (3, 2), 1, "full", (2, 1))
    assert sizes.padding == ((4, 4), (1, 1))
    assert sizes.output == (4 + 4, 5 + 1)


@pytest.mark.parametrize(
    ("padding", "expected"),
    [
        (2, ((2, 2), (2, 2))),
        ((1, 2), ((1, 1), (2, 2))),
        (((1, 2), (3, 4)), ((1, 2), (3, 4))),
        ([[1, 2], 3], ((1, 2), (3, 3))),
        (-1, ((-1, -1), (-1, -1))),
        (np.int64(1), ((1, 1), (1, 1))),
    ],
)
def test_padding_may_be_given_for_all_for_each_axis_or_for_each_side(padding, expected):
    assert Geometry.of(9, 3, padding=padding).padding == expected


def test_a_single_size_serves_every_axis():
    assert Geometry.of(5, 3) == Geometry.of((5, 5), (3, 3), (1, 1), ((0, 0), (0, 0)), (1, 1))


def test_numpy_integers_become_integers():
    sizes = Geometry.of(np.int64(5), np.int32(3))
    assert type(sizes.input[0]) is int


def test_axes_may_be_one_or_three():
    assert Geometry.of((7,), (3,), (2,)).output == (3,)
    assert Geometry.of((7, 6, 5), (3, 3, 3), 2).output == (3, 2, 2)
    assert axis_name(0, 2) == "height"
    assert axis_name(1, 2) == "width"
    assert axis_name(2, 3) == "width"
    assert axis_name(0, 1) == "length"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"input": 0}, "height: input is 0"),
        ({"input": (5, -1)}, "width: input is -1"),
        ({"filter": 0}, "filter is 0"),
        ({"stride": 0}, "stride is 0"),
        ({"stride": 0, "padding": "same"}, "stride is 0"),
        ({"stride": (1, -2)}, "width: stride is -2"),
        ({"dilation": 0}, "dilation is 0"),
        ({"input": 5.0}, "input is 5.0; it must be an integer"),
        ({"input": "5"}, "input is '5'; it must be an integer"),
        ({"input": None}, "input is None"),
        ({"stride": (1, 1.5)}, "stride is 1.5"),
        ({"padding": 0.5}, "padding is 0.5"),
        ({"padding": (1, (2, "x"))}, "padding is 'x'"),
        ({"filter": 6}, "height: the filter does not fit: it spans 6"),
        ({"filter": 3, "dilation": 3}, "it spans 7 (filter 3, dilation 3), the padded"),
        ({"padding": -2}, "the padded input only 1"),
        ({"input": (5, 5, 5), "filter": (3, 3)}, "filter has 2 sizes for 3 axes"),
        ({"padding": (1, 2, 3)}, "padding has 3 entries for 2 axes"),
        ({"padding": ((1, 2, 3), 0)}, "padding (1, 2, 3) is not a (before, after) pair"),
        ({"padding": ("ab", 0)}, "padding 'ab' is not a (before, after) pair"),
        ({"padding": "reflect"}, "padding is 'reflect'; it must be valid, same, full or numbers"),
    ],
)  # fmt: skip
def test_sizes_that_make_no_convolution_are_refused_in_one_line(arguments, says):
    with pytest.raises(GeometryError) as raised:
        Geometry.of(**arguments)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


def test_no_axes_at_all_are_refused():
    with pytest.raises(GeometryError):
        Geometry.of((), ())


@pytest.mark.parametrize("name", ["input", "filter", "stride", "dilation"])
def test_an_axis_checks_itself(name):
    sizes = {"input": 5, "filter": 3, "stride": 1, "dilation": 1, name: 0}
    with pytest.raises(GeometryError, match=f"{name} is 0; it must be at least 1"):
        Axis(**sizes)


def test_a_filter_that_just_fits_is_accepted_and_one_more_is_not():
    assert Axis(3, 3).output == 1
    assert Axis(2, 3, padding=(1, 0)).output == 1
    with pytest.raises(GeometryError):
        Axis(2, 3)


def test_every_error_of_the_geometry_is_one_of_symconv():
    assert issubclass(GeometryError, SymconvError)
    assert issubclass(SymconvError, ValueError)
