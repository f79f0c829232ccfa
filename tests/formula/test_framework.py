from __future__ import annotations

import pytest

from symconv.errors import ParseError
from symconv.formula.framework import LAYERS, read

LINES = {
    "Conv2d(16, 32, 3, stride=2, padding=1, groups=4)": {
        "rank": 2, "transposed": False, "channels": 16, "filters": 32, "filter": (3, 3),
        "stride": (2, 2), "padding": (1, 1), "dilation": (1, 1), "output_padding": (0, 0),
        "groups": 4, "bias": True,
    },
    "nn.Conv1d(1, 2, (5,), bias=False)": {
        "rank": 1, "filter": (5,), "stride": (1,), "padding": (0,), "bias": False,
    },
    "torch.nn.Conv3d(2, 2, (1, 2, 3), padding='same')": {
        "rank": 3, "filter": (1, 2, 3), "padding": "same", "groups": 1,
    },
    "ConvTranspose2d(4, 2, 3, 2, 1, 1, 2, False, 2)": {
        "transposed": True, "stride": (2, 2), "padding": (1, 1), "output_padding": (1, 1),
        "groups": 2, "bias": False, "dilation": (2, 2),
    },
}  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_read_with_the_frameworks_defaults(line):
    layer = read(line)
    assert {name: getattr(layer, name) for name in LINES[line]} == LINES[line]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Conv2d(16)", r"Conv2d needs out_channels and kernel_size: write Conv2d\("),
        ("Conv4d(1, 2, 3)", "unknown layer Conv4d; did you mean Conv"),
        ("Conv2d(1, 2, 3, pading=1)", "no argument pading; did you mean padding"),
        ("Conv2d(1, 2, 3, stride=0)", "stride is made of whole numbers from 1"),
        ("Conv2d(1, 2, (3, 3, 3))", "kernel_size has 3 entries; 2 axes take 1 or 2"),
        ("Conv2d(1, 2, 3, 1, 0, 1, 1, True, 'zeros', 5)", "at most 9 arguments"),
        ("Conv2d(1, 2, 3, in_channels=1)", "given in_channels twice"),
        ("Conv2d(1, 2, 3, bias=2)", "bias is True or False"),
        ("Conv2d(True, 2, 3)", "in_channels is a whole number from 1"),
        ("Conv2d(1, 2, 3, padding='full')", "padding 'full' is not known"),
        ("Conv2d(1, 2, 3, stride=2, padding='same')", "goes with stride 1"),
        ("Conv2d(1, 2, 3, padding_mode='reflect')", "padding_mode 'reflect' is not known"),
        ("Conv2d(1, 2, open('x'))", "an argument is a number"),
        ("__import__('os').system('true')", "write a layer such as"),
        ("Conv2d", "is no layer"),
        ("", "the text is empty"),
        ("ConvTranspose2d(1, 2, 3, padding='same')", "padding is made of whole numbers"),
    ],
)
def test_what_is_no_layer_gets_one_line_with_the_way_out(line, says):
    with pytest.raises(ParseError, match=says) as raised:
        read(line)
    assert "\n" not in str(raised.value)


def test_every_layer_is_known_on_one_to_three_axes():
    assert set(LAYERS) == {f"Conv{t}{n}d" for t in ("", "Transpose") for n in (1, 2, 3)}
    assert [read(f"{name}(2, 2, 3)").rank for name in LAYERS] == [1, 2, 3, 1, 2, 3]
