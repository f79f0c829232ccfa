"""Faults that one run does not show: of float32, of unwritten memory, that mask each other."""

import pytest
from implementations.programs import judged, program

pytestmark = pytest.mark.usefixtures("few_sizes")
MADE = "dx, dw = np.zeros_like(x), np.zeros_like(w)"


@pytest.mark.parametrize(
    ("made", "end", "wrong", "where"),
    [
        (MADE, "", {}, None),
        (MADE, "dw = -dw if dw.dtype == np.float32 else dw", {"dF": "V305"}, "dtype = float32"),
        ("dx, dw = np.empty_like(x), np.zeros_like(w); dx[:, :, 1:] = 0", "", {"dX": None}, None),
        (MADE, "dw = dw * (2 if len(x) > 1 else 1) / (2 if len(w) > 1 else 1)", {"dF": None}, None),
        (MADE, "dx = dx * (2 if len(x) > 1 else 3 if len(w) > 1 else 1)",
         {"dX": "V101"}, "N > 1 or K > 1"),
    ],
)  # fmt: skip
def test_what_one_run_does_not_show_is_found(made, end, wrong, where, tmp_path):
    path = tmp_path / "hidden_program.py"
    text = (
        program().replace(MADE, made).replace("    return dx, dw", f"    {end}\n    return dx, dw")
    )
    assert made in text
    path.write_text(text)
    (report,) = judged(path)
    found = {each.name: each for each in report.gradients if each.is_fault}
    assert {*found} == {*wrong}
    for name, code in wrong.items():
        assert code in (None, found[name].code)
        assert where is None or where in found[name].where
    assert ("V303" in {each.code for each in report.faults}) == ("empty" in made)
