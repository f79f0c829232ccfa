"""`symconv export` as it is typed: files, what is said, and what is refused."""

import ast

import pytest

from symconv import export
from symconv.geometry import Geometry, Layer
from symconv.targets import check


@pytest.mark.parametrize("target", ["numpy", "torch", "jax"])
@pytest.mark.parametrize(
    "words",
    [
        "--input 6 --stride 2",
        "--input 7x5 --filter 2x3 --padding 1,0,-1,2 --dilation 2x1 --groups 2 --bias",
        "--rank 1",
        "--input 4x5x6 --stride 2",
        "--transposed --stride 2 --output-padding 1",
        "--symbolic",
        "--symbolic --rank 3 --transposed",
    ],
)
def test_a_module_has_the_four_functions(target, words, run):
    done = run("export", "--target", target, *words.split())
    assert (done.status, done.err) == (0, "")
    tree = ast.parse(done.out)
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert names[:4] == ["forward", "input_gradient", "filter_gradient", "bias_gradient"]
    assert all(name.startswith("_") for name in names[4:])
    said = ast.get_docstring(tree)
    assert {*words.split()} <= {*said.split()}
    for part in (f"symconv export --target {target} ", "0BSD", "Scope: ", "dX = correlate("):
        assert part in " ".join(said.split()), part


def test_a_file_is_written_and_checked(run, tmp_path):
    path = tmp_path / "layer.py"
    line = "Conv2d(4, 6, 3, stride=2, padding=1, groups=2)"
    done = run("export", line, "--input", "6", "--target", "numpy", "--check", "-o", str(path))
    assert (done.status, done.out) == (0, "")
    checked, written = done.err.splitlines()
    assert checked.startswith("Checked: y with and without bias, dx, df and db equal the term")
    assert "at this size with 1 image, 4 channels and 6 filters" in checked
    assert written == f"Wrote {path}"
    assert "6x6, filter 3x3, stride 2, padding 1, 2 groups: output 3x3, remainder 1x1." in " ".join(
        path.read_text().split()
    )


def test_a_difference_is_status_1_and_writes_nothing(run, tmp_path, monkeypatch):
    right = check._expected
    monkeypatch.setattr(
        check, "_expected", lambda *given: {n: 1 + a for n, a in right(*given).items()}
    )
    path = tmp_path / "layer.py"
    done = run("export", "--target", "numpy", "--check", "-o", str(path))
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("WRONG: y of Geometry.of(5, 3) with batch 2, channels 2")
    assert done.err.endswith("nothing is written\n")
    assert not path.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--target", "nunpy"], "unknown target 'nunpy'; did you mean numpy?"),
        (["--target", "PyTorch"], "did you mean torch?"),
        (["--target", "cobol"], "unknown target 'cobol'; there are numpy, torch, jax"),
        ([], "say for which library: --target numpy, torch or jax"),
        (["--target", "torch", "--layout", "NHWC"], "have no layout NHWC; use --layout NCHW, or"),
        (["--target", "numpy", "--layout", "HWCN"], "'HWCN' is not one of"),
        (["--target", "numpy", "--symbolic", "--stride", "2"], "drop --stride, or --symbolic"),
        (["--target", "numpy", "--symbolic", "--groups", "2"], "drop --groups, or --symbolic"),
        (["--target", "numpy", "--symbolic", "Conv1d(1, 1, 1)"], "drop 'Conv1d(1, 1, 1)'"),
        (["--target", "numpy", "-o", "/"], "cannot write '/'"),
        (["--target", "numpy", "--filter", "9"], "the filter does not fit"),
        (["--target", " "], "it is empty or blank"),
    ],
)
def test_bad_input_is_one_line(words, said, run):
    done = run("export", *words)
    assert (done.status, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert said in done.err


def body(source: str) -> str:
    """Return what stands behind the docstring of a module."""
    return source.split('"""\n', 1)[1]


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("--input 6 --stride 2", {"input": 6, "stride": 2}),
        ("--input 6 --stride 2 --groups 2", {"input": 6, "stride": 2, "groups": 2}),
        ("--rank 1 --padding 1,-1", {"padding": ((1, -1),), "rank": 1}),
        ("--symbolic --rank 3 --layout NHWC",
         {"symbolic": True, "rank": 3, "layout": "NHWC"}),
        ("--transposed --stride 3 --output-padding 2",
         {"transposed": True, "stride": 3, "output_padding": 2}),
    ],
)  # fmt: skip
def test_python_says_the_same(words, given, run):
    sizes = {} if "symbolic" in given else {"input": 5, "filter": 3}
    source = export("numpy", **sizes | given)
    assert body(run("export", "--target", "numpy", *words.split()).out) == body(source)


@pytest.mark.parametrize(
    "given",
    [
        {"input": Geometry.of((5, 6), (3, 2), 2, ((1, 2), (0, 3)))},
        {"input": Layer(Geometry.of((7,), (3,), (2,), 1, (1,), (2,)), 2, 4, 4, 2)},
        {"input": Geometry.of((3, 4, 5), 2, 3, 1, 2, transposed=True, output_padding=1)},
        {"symbolic": True, "rank": 1, "transposed": True, "layout": "NHWC"},
    ],
)
def test_the_command_in_a_module_makes_it(given, run):
    source = export("jax", **given)
    said = ast.get_docstring(ast.parse(source)).split("Made by:")[1].split("Licence")[0]
    assert run(*said.split()[1:]).out == source


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"target": "numppy"}, "did you mean numpy"),
        ({"target": "numpy", "layout": "nchw"}, "did you mean NCHW"),
        ({"target": "numpy", "symbolic": True, "stride": 2}, "drop the numbers"),
        ({"target": "numpy", "symbolic": True, "rank": 4}, "must be 1, 2 or 3"),
        ({"target": "numpy", "input": 2}, "does not fit"),
    ],
)
def test_bad_input_in_python(given, said):
    with pytest.raises(ValueError, match=said):
        export(**given)


def test_targets_are_completed(run, monkeypatch):
    monkeypatch.setenv("_SYMCONV_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "symconv export --target ")
    monkeypatch.setenv("COMP_CWORD", "3")
    assert run().out.split() == ["plain,numpy", "plain,torch", "plain,jax"]
