"""What `export` writes is judged right, without an option."""

import json

import pytest

pytestmark = pytest.mark.usefixtures("few_sizes")


@pytest.mark.parametrize(
    ("scope", "options"),
    [
        ("every size", ("--symbolic", "--rank", "1")),
        ("every size", ("--symbolic", "--rank", "2")),
        (
            "these sizes",
            ("--input", "6", "--stride", "2", "--batch", "2", "--channels", "3", "--bias"),
        ),
    ],
)
def test_an_exported_module_is_right(run, tmp_path, scope, options):
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
