"""The code of notebooks and Markdown is found, and its lines keep their places."""

import ast
import json

import pytest
from implementations.programs import program

from symconv.implementations import excerpts
from symconv.implementations.snippets import SnippetError, python_text


def notebook(*cells):
    """Return a notebook whose cells have these sources; those that begin with # are prose."""
    kinds = (("markdown" if each.startswith("# ") else "code", each) for each in cells)
    return json.dumps(
        {
            "cells": [
                {"cell_type": kind, "metadata": {}, "source": each.splitlines(keepends=True)}
                for kind, each in kinds
            ],
            "metadata": {"language_info": {"name": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


def halves(first="pass"):
    """Return the forward pass of a program, with its import, and the backward pass."""
    return program(first).split("\n\ndef conv_backward")[0], "def conv_backward" + (
        program(first).split("\n\ndef conv_backward")[1]
    )


def wrong_backward():
    return halves()[1].replace("dw += np", "dw = np")


NOTEBOOK = notebook(
    "# # A convolution",
    "%matplotlib inline\n!pip install numpy \\\n  --quiet\n"
    "import numpy as np\nimport nothing_there",
    "%%bash\nls (",
    halves()[0],
    "%time y = conv_forward(np.ones((1, 1, 99, 99)), np.ones((1, 1, 2, 2)))\ny.shape?\n"
    "for epoch in range(10**12):\n    pass",
    wrong_backward(),
    "this is no python",
)


def test_a_notebook_is_judged_and_a_line_has_its_cell(run, tmp_path):
    path = tmp_path / "nb.ipynb"
    path.write_text(NOTEBOOK)
    done = run("verify", f"{path}:conv_backward")
    assert done.status == 1
    assert f"{path}:cell 5:7: error V112: dF: windows not summed" in done.out
    assert "7 |             dw = np.einsum" in done.out
    left_out = [line for line in done.out.splitlines() if "left out" in line]
    assert len(left_out) == 2
    assert "cell 1:5: ModuleNotFoundError" in " ".join(done.out.split())
    assert "cell 6:1: SyntaxError: invalid syntax" in " ".join(done.out.split())
    assert "Traceback" not in done.err


POST = """\
# A convolution

The forward pass, where `x` is the input:

{fence}
{forward}
```

In a shell:

```bash
pip install numpy (
```

```
for p in range(P): dw[p] ..
```

Its gradient:

```python
# with prompts
{backward}
```

~~~py
dw[...] = ..
~~~
"""


def post(fence="```python", backward=None):
    return POST.format(fence=fence, forward=halves()[0], backward=backward or halves()[1])


@pytest.mark.parametrize("fence", ["```python", "``` py title=x", "```{code-cell} ipython3", "```"])
def test_fences_of_python_keep_their_lines(tmp_path, fence):
    path = tmp_path / "post.md"
    path.write_text(post(fence))
    python = python_text(str(path))
    lines = path.read_text().split("\n")
    for line, found in zip(lines, python.text.split("\n"), strict=True):
        assert found in (line, "")
    names = {node.name for node in ast.parse(python.text).body if hasattr(node, "name")}
    assert names == {"conv_forward", "conv_backward"}
    (left_out,) = python.left_out
    assert left_out.startswith(f"{lines.index('dw[...] = ..') + 1}: SyntaxError")


def test_markdown_is_judged(run, tmp_path):
    path = tmp_path / "post.md"
    path.write_text(post(backward=wrong_backward()))
    done = run("verify", f"{path}:conv_forward", "--format", "json")
    assert done.status == 1
    (report,) = json.loads(done.out)["implementations"]
    by_name = {each["name"]: each for each in report["gradients"]}
    (line,) = (k for k, each in enumerate(path.read_text().split("\n"), 1) if "dw = np.e" in each)
    assert by_name["dF"]["line"] == line
    assert by_name["dF"]["cell"] is None
    assert by_name["dX"]["verdict"] == "right"


def test_what_is_typed_at_prompts_is_code(tmp_path):
    path = tmp_path / "post.md"
    path.write_text("```pycon\n>>> def f(x):\n...     return x\n...\n>>> f(3)\n3\n```\n")
    assert python_text(str(path)).text.split("\n") == [
        "", "def f(x):", "    return x", "", "f(3)", "", "", ""
    ]  # fmt: skip


CLASS = """
```python
class Conv:
    def __init__(self, k):
        self.k = k
```
```python
    def forward(self, x):
        return self.k * x
```
```python
class Conv:
    # ...
    def backward(self, dy):
        return self.k * dy
```
- in a list

  ```python
  LIMIT = 3
  ```
"""


def test_a_class_goes_on_in_the_next_fence(tmp_path):
    path = tmp_path / "post.md"
    path.write_text(CLASS)
    module, left_out = excerpts.run(str(path))
    layer = module.Conv(2)
    assert (layer.forward(3), layer.backward(4)) == (6, 8)
    assert layer.backward.__func__.__code__.co_firstlineno == 14
    assert not left_out


def test_only_what_definitions_need_runs(tmp_path):
    path = tmp_path / "post.md"
    text = "import sys\nsys.path.append('there')\nsize = 3\nmade = size + 1\nhistory = 1 / 0\n"
    text += (
        "def f(x):\n    return made * x\nf.name = 'f'\nprint(1 / 0)\nfor _ in []:\n    history\n"
    )
    path.write_text(f"```python\n{text}```\n")
    module, left_out = excerpts.run(str(path))
    assert (module.f(2), module.f.name) == (8, "f")
    assert not hasattr(module, "history")
    assert not left_out
    assert "there" in module.sys.path
    module.sys.path.remove("there")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"cells": 3}', '{"cells": [{}]}', "\x00", "[" * 9**5]
)
def test_what_is_no_notebook_is_refused(tmp_path, text):
    path = tmp_path / "nb.ipynb"
    path.write_text(text)
    with pytest.raises(SnippetError, match="no notebook"):
        python_text(str(path))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("nb.ipynb", "{", "it is no notebook"),
        ("nb.ipynb", notebook("x = 1").replace("python", "julia"), "its cells are julia"),
        ("nb.ipynb", notebook("import nothing_there", "x = ("), "left out: "),
        ("post.md", "```python\nx = (\n```\n", "post.md:2: SyntaxError"),
        ("post.md", "no code", "no convolution with a backward pass"),
        ("post.txt", "no code", "no notebook and no Markdown"),
    ],
)
def test_one_that_cannot_be_judged_is_one_line(run, tmp_path, name, text, said):
    path = tmp_path / name
    path.write_text(text)
    done = run("verify", str(path))
    assert done.status == 2
    (line,) = done.err.splitlines()
    assert said in line
    assert name in line


def test_notebooks_of_a_folder_are_judged(run, tmp_path):
    (tmp_path / "nb.ipynb").write_text(notebook(program()))
    (tmp_path / "README.md").write_text(post(backward=wrong_backward()))
    done = run("verify", str(tmp_path), "--format", "github")
    assert done.status == 0
    assert "2 right" in done.out
