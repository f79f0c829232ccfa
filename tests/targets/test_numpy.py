"""The code for NumPy against plain sums, at random layers; and what becomes of slips in it."""

import pytest
from targets import configurations
from targets.configurations import Exported, first_difference, replaced

CASES = configurations.cases(300)


def test_the_cases_have_all_that_goes_wrong():
    assert min(configurations.features(CASES).values()) >= 10


def test_300_layers_are_right():
    assert first_difference(Exported("numpy"), CASES) is None


MUTANTS = {
    "no remainder": (r"(dx = np.zeros\(\(\*products.shape\[:2\], )(\d+)", r"\1 \2 - 1 * (\2 > 4)"),
    "the remainder before": (r"divmod\((.*), u\)", r"divmod(\1, u); rest = -rest % u"),
    "the remainder of a sum": (r"hi - d \* \(r - 1\), u", r"hi + d * (r - 1), u"),
    "crops first": (
        r"    zeros = .*\n.*np.pad.*\n(    kept = \[\n(?:.*\n){3})    return x\[.*",
        r"\1    x = x[(..., *kept)]\n"
        r"    zeros = [(max(lo, 0), max(hi, 0)) for lo, hi in amounts]\n"
        r"    return np.pad(x, [(0, 0), (0, 0), *zeros])",
    ),
    "groups of dF exchanged": (r"zip\(rows, columns", r"zip(rows[:, ::-1], columns"),
    "dilation for stride": (r"_windows\((\w+), (.*), stride, dilation\)",
                            r"_windows(\1, \2, dilation, stride)"),
    "taps exchanged": (r"products\[:, :, r, s\]", "products[:, :, s, r]"),
    "images summed once": (r"df \+= image", "df = image"),
    "bias over rows": (r"b\[:, None, None\]", "b[:, None]"),
    "output padding cut": (r"stride, dilation, output_padding\)",
                           "stride, dilation, tuple(0 * n for n in output_padding))"),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_a_slip_turns_them_red(name):
    assert first_difference(Exported("numpy", replaced(*MUTANTS[name])), CASES) is not None
