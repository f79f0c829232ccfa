"""Terms that are read off calls are those that opaque scalars show."""

import numpy as np
import pytest
from implementations.right_programs import RIGHT

from symconv.geometry import Geometry, Layer
from symconv.implementations import coded, local, source, trials
from symconv.implementations.probes import Probe
from symconv.implementations.sizes import TrialSizes

SIZES = TrialSizes(Layer(Geometry.of((5, 4), (3, 2), 2), 2, 1, 2, 1, True))


def subject(text, tmp_path):
    path = tmp_path / "coded_program.py"
    path.write_text(text)
    (implementation,) = source.candidates(source.load(str(path)))
    return local.LocalSubject(implementation, trials.find(implementation, {}))


def read_off(made, name):
    layer = SIZES.layer
    return coded.table(name, layer, layer.output, lambda some: made.run(SIZES, some), Probe(1))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("dw[k] += xp", "dw[k] += xp"),
        ("dw[k] += xp", "dw[k] = xp"),
        ("dw[k] += xp", "dw[k] += -3 * xp"),
        ("return dx, dw", "return dx[:, :, ::-1], dw / len(x)"),
    ],
)
def test_they_are_the_terms_of_opaque_scalars(right, wrong, tmp_path):
    assert right in RIGHT["loops"]
    made = subject(RIGHT["loops"].replace(right, wrong), tmp_path)
    (opaque,) = made.run(SIZES, (None,))
    for name in ("dX", "dF", "db"):
        found = read_off(made, name)
        assert found is not None
        assert np.allclose(found, opaque.tables[name])


@pytest.mark.parametrize("wrong", ["return dx * dx, dw * dw", "return dx + 0.1, dw + 0.1"])
def test_what_is_no_sum_of_products_has_none(wrong, tmp_path):
    made = subject(RIGHT["loops"].replace("return dx, dw", wrong), tmp_path)
    assert read_off(made, "dX") is None
    assert read_off(made, "dF") is None
