"""Faults that no run shows: beyond the sizes that are tried, or by a name that means otherwise."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from benchmarks.loop_programs import LOOPS
from benchmarks.read_programs import right_program, tried
from symconv.programs.refusal import UnreadError
from symconv.programs.source import program_text

FOLDER = TemporaryDirectory()
TEXT = LOOPS["one_axis"]


@cache
def right():
    return right_program("one_axis_hidden", TEXT, Path(FOLDER.name))


HIDDEN = [
    ("    return dxp[", "    if x.shape[2] > 1000:\n        dxp += 1\n    return dxp[", "dX"),
    ("    return dxp[",
     "    if stride == 97 and w.shape[0] == 7:\n        dxp *= 2\n    return dxp[", "dX"),
    ("padding:padding + x.shape[2]]", "padding:padding + x.shape[2]][:, :, :100]", "dX"),
    ("range(dy.shape[2])", "range(min(dy.shape[2], 500))", "dX"),
    ("a = p * stride", "a = p * (stride % 64)", "dX"),
    ("a = p * stride", "a = p * stride + R // 999", "dF"),
    ("dw += np", "dw[:64] += np", "dF"),
    ("dy.sum(axis=(0, 2))", "dy[:999].sum(axis=(0, 2))", "db"),
    ("    R = w.shape[2]\n", "    R = w.shape[2] if w.shape[2] < 99 else 99\n", "dX"),
    ("    dxp, dw =", "    padding = min(padding, 40)\n    dxp, dw =", "dX"),
    ("    y = np.zeros((N, K, P))",
     "    y = np.zeros((N, K, P))\n    w = w * 2 if K > 99 else w", "dF"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "gradient"), HIDDEN)
def test_a_fault_beyond_the_sizes_that_are_tried_is_not_proved(before, after, gradient):
    assert before in TEXT
    number = HIDDEN.index((before, after, gradient))
    path = Path(FOLDER.name) / f"hidden_{number}.py"
    found = tried(right(), TEXT.replace(before, after), path, sizes=6)
    assert not found.wrong
    assert gradient not in found.proved


STEALTH = [
    "from numpy import *",
    "def f():\n    global np\n    np = None",
    "def f():\n    exec('np = None')",
    "np.zeros = np.ones",
    "def f():\n    np.random.x = 1",
    "globals()['range'] = None",
    "setattr(np, 'zeros', np.ones)",
    "import builtins\nbuiltins.range = None",
    "class A:\n    def __getattr__(self, name):\n        return 1",
    "class A:\n    def __mul__(self, other):\n        return 1",
]


@pytest.mark.parametrize("text", STEALTH)
def test_a_module_that_changes_names_by_stealth_is_not_read(text):
    with pytest.raises(UnreadError):
        program_text(f"import numpy as np\n{text}\n")


REBOUND = [
    ("import numpy as np", "import numpy as np\nnp = np"),
    ("import numpy as np", "import numpy as np\n\ndef range(n):\n    return [0] * n"),
    ("def conv1d_backward", "def same(f):\n    return f\n\n@same\ndef conv1d_backward"),
    ("(dy, cache):", "(dy, cache, seen=[]):\n    seen.append(1)"),
    ("    R = w.shape[2]\n", "    def half(n):\n        return n\n    R = half(w.shape[2])\n"),
    ("    dxp, dw =", "    try:\n        pass\n    finally:\n        pass\n    dxp, dw ="),
    ("    R = w.shape[2]\n", "    R = w.shape[2]\n    np = None\n"),
    ("    R = w.shape[2]\n", "    R = R if R else w.shape[2]\n"),
]


@pytest.mark.parametrize(("before", "after"), REBOUND)
def test_what_may_mean_another_thing_is_not_read(before, after):
    assert before in TEXT
    path = Path(FOLDER.name) / f"rebound_{REBOUND.index((before, after))}.py"
    found = tried(right(), TEXT.replace(before, after), path, sizes=1)
    assert not found.proved
