"""What `export` writes is judged right, without an option, and proved where it is for any size."""

import json

import pytest

from symconv.implementations import source, trials
from symconv.implementations.judge import Examiner, Outcome
from symconv.implementations.local import LocalSubject

pytestmark = pytest.mark.usefixtures("few_sizes")


FIXED = ["H = 6", "W = 6", "R = 3", "S = 3"]
LATER = ["H = 7", "W = 9", "R = 3", "S = 2"]


@pytest.mark.parametrize(
    ("scope", "provided", "options"),
    [
        ("every size", [], ("--symbolic", "--rank", "1")),
        ("every size", [], ("--symbolic", "--rank", "2")),
        ("every size", [], ("--symbolic", "--layout", "NHWC")),
        ("these sizes", [], ("--symbolic", "--transposed", "--rank", "1")),
        ("these sizes", [], ("--input", "3x4x5", "--filter", "2", "--transposed", "--stride", "2")),
        ("every size", LATER, ("--input", "7x9", "--filter", "3x2", "--stride", "2x1")),
        ("every size", FIXED, ("--input", "6", "--stride", "2", "--batch", "2", "--channels", "3",
                               "--bias")),
    ],
)  # fmt: skip
def test_an_exported_module_is_right(run, tmp_path, scope, provided, options):
    path = tmp_path / "layer.py"
    assert run("export", "--target", "numpy", *options, "-o", str(path)).status == 0
    done = run("verify", str(path), "--format", "json")
    assert done.status == 0, done.err
    (report,) = json.loads(done.out)["implementations"]
    assert [(g["name"], g["verdict"], g["scope"]) for g in report["gradients"]] == [
        ("dX", "right", scope),
        ("dF", "right", scope),
        ("db", "right", scope),
    ]
    assert all(g["provided"] == provided for g in report["gradients"])


@pytest.mark.parametrize("options", [(), ("--transposed", "--output-padding", "1")])
def test_a_module_for_jax_is_right_at_its_size(run, tmp_path, options):
    pytest.importorskip("jax", reason="JAX is not installed")
    path = tmp_path / "layer.py"
    sizes = ("--input", "5", "--filter", "3", "--stride", "2", *options)
    assert run("export", "--target", "jax", *sizes, "-o", str(path)).status == 0
    (implementation,) = source.candidates(source.load(str(path)))
    found = trials.find(implementation, {})
    assert found.reading.layer.geometry.stride == (2, 2)
    assert found.base.geometry.transposed == bool(options)
    examiner = Examiner(LocalSubject(implementation, found), found.interface)
    assert {*examiner.examine(found.base).gradients.values()} == {Outcome.RIGHT}
