"""Right programs in many styles are called right, without an option."""

import pytest
from implementations.programs import judged
from implementations.right_programs import RIGHT

from symconv.implementations.report import GradientVerdict


def test_there_are_thirty_of_them():
    assert len(RIGHT) >= 30


@pytest.mark.usefixtures("few_sizes")
@pytest.mark.parametrize("name", RIGHT)
def test_a_right_program_is_right(name, tmp_path):
    path = tmp_path / f"{name}_program.py"
    path.write_text(RIGHT[name])
    reports = list(judged(path))
    assert len(reports) == (2 if name == "two_in_a_file" else 1)
    for report in reports:
        assert not report.is_wrong, report.gradients
        assert report.forward_right
        assert report.taken >= 5
        by_name = {gradient.name: gradient for gradient in report.gradients}
        assert by_name["dF"].verdict is GradientVerdict.RIGHT
        absent = "blog" if name == "blog" else None
        expected = GradientVerdict.ABSENT if absent else GradientVerdict.RIGHT
        assert by_name["dX"].verdict is expected


@pytest.mark.parametrize(
    ("name", "right", "wrong", "gradient", "where"),
    [
        ("loops", "dw[k] += xp", "dw[k] = xp", "dF", None),
        ("loops", "dxp[:, :, pad:pad + H,", "dxp[:, :, :H,", "dX", "exactly where pad > 0"),
        ("dictionary", "if pad else dx_pad", "", "dX", "exactly where pad = 0"),
        ("book", "np.sum(dout, axis=0)", "np.mean(dout, axis=0)", "db", None),
        ("true_convolution", "dw[:, :, ::-1, ::-1]", "dw", "dF", "exactly where R > 1 or S > 1"),
        ("plane", "kernel[::-1, ::-1]", "kernel", "dX", "exactly where R > 1 or S > 1"),
        ("one_axis", "dy.sum(axis=(0, 2))", "dy.sum(axis=(0, 2)) / 2", "db", "everywhere"),
        ("separate", "output.sum(axis=(0, 2, 3))", "output[-1].sum(axis=(1, 2))", "db",
         "exactly where N > 1"),
        ("same_word", "top:top + H", "bottom:bottom + H", "dX", "exactly where pt != pb"),
    ],
)  # fmt: skip
def test_its_mutant_is_wrong(name, right, wrong, gradient, where, tmp_path):
    path = tmp_path / "mutant_program.py"
    if gradient is not None:
        assert right in RIGHT[name]
    path.write_text(RIGHT[name].replace(right, wrong))
    (report,) = judged(path)
    at_fault = [each.name for each in report.gradients if each.is_fault]
    assert at_fault == ([gradient] if gradient else [])
    if where:
        (fault,) = (each for each in report.gradients if each.is_fault)
        assert fault.where == where
