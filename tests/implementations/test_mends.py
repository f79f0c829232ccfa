"""A line under which a gradient is right is found by running it, and told if it is the one."""

import ast
import textwrap

import pytest
from implementations.programs import program

from symconv.implementations import plan, source, trials
from symconv.implementations.diagnosis import Named, diagnose
from symconv.implementations.edited import edited
from symconv.implementations.edits import EditKind, edits, kinds_for
from symconv.implementations.judge import survey
from symconv.implementations.lines import BackwardSource
from symconv.implementations.local import LocalSubject
from symconv.implementations.mends import with_mends

STRIDED = """\
import numpy as np

def conv1d_forward(x, w, b, stride=1, pad=0):
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad)))
    P = (xp.shape[2] - w.shape[2]) // stride + 1
    y = np.zeros((len(x), len(w), P))
    for p in range(P):
        window = xp[:, :, p * stride:p * stride + w.shape[2]]
        y[:, :, p] = np.einsum("ncr,kcr->nk", window, w) + b
    return y

def conv1d_backward(dy, x, w, stride=1, pad=0):
    N, C, H = x.shape
    K, C, R = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad)))
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for p in range(dy.shape[2]):
        i = p * stride
        dw += np.einsum("nk,ncr->kcr", dy[:, :, p], xp[:, :, i:i + R])
        dxp[:, :, i:i + R] += np.einsum("nk,kcr->ncr", dy[:, :, p], w)
    dx = dxp[:, :, pad:pad + H]
    db = dy.sum(axis=(0, 2))
    return dx, dw, db
"""


@pytest.fixture(autouse=True)
def _few_sizes(monkeypatch):
    monkeypatch.setattr(plan, "MOST", 6)
    monkeypatch.setattr(plan, "_POOL", 160)


def mended(tmp_path, text):
    """Return the mend of each wrong gradient, with the line that is told."""
    path = tmp_path / "layers.py"
    path.write_text(text)
    (implementation,) = source.candidates(source.load(str(path)))
    found = trials.find(implementation, {})
    subject = LocalSubject(implementation, found)
    functions = tuple((f.__name__, f.__code__.co_firstlineno) for f in implementation.functions())
    named = Named(str(path), implementation.name, "", str(path), functions)
    seen = survey(subject, found.interface, found.base)
    report = with_mends(diagnose(named, seen), seen, subject, BackwardSource(str(path), functions))
    return {
        each.name: each.mend and (each.line.number, each.mend.text)
        for each in report.gradients
        if each.is_fault
    }


@pytest.mark.parametrize(
    ("right", "wrong", "gradients"),
    [
        ("dx = dxp[:, :, pad:pad + H]", "dx = dxp[:, :, pad:-pad]", {"dX"}),
        ("dw += np", "dw = np", {"dF"}),
        ("i = p * stride", "i = p", {"dX", "dF"}),
        ("db = dy.sum(axis=(0, 2))", "db = dy[0].sum(axis=1)", {"db"}),
        ('dy[:, :, p], w)', 'dy[:, :, p], w[:, :, ::-1])', {"dX"}),
        ("for p in range(dy.shape[2]):", "for p in range(1, dy.shape[2]):", {"dX", "dF"}),
        ("db = dy.sum(axis=(0, 2))", "db = dy.sum(axis=(0, 2)) / dy.shape[2]", {"db"}),
    ],
)  # fmt: skip
def test_the_line_that_was_changed_is_found_and_mended(tmp_path, right, wrong, gradients):
    assert STRIDED.count(right) == 1
    text = STRIDED.replace(right, wrong)
    rows = zip(STRIDED.splitlines(), text.splitlines(), strict=True)
    ((line, told),) = ((k, row[0].strip()) for k, row in enumerate(rows, 1) if row[0] != row[1])
    found = mended(tmp_path, text)
    assert {*found} == gradients
    for at, mend in found.values():
        assert at == line
        assert mend.replace("range(0, ", "range(") == told


def test_a_fault_of_two_lines_has_no_mend(tmp_path):
    text = STRIDED.replace("dw += np", "dw = np").replace("db = dy.sum(axis=(0, 2))", "db = 3 * b")
    text = text.replace("dxp[:, :, i:i + R] += np", "dxp[:, :, i:i + R] = 2 * np")
    text = text.replace("db = 3 * b", "db = dy.max(axis=(0, 2))")
    found = mended(tmp_path, text)
    assert found["dX"] is None
    assert found["db"] is None
    assert found["dF"][1].startswith("dw += ")


def test_two_edits_that_do_the_same_are_not_told(tmp_path):
    text = STRIDED.replace("dy[:, :, p], w)", "2 * dy[:, :, p] / 2 * 2, w)")
    assert text != STRIDED
    assert mended(tmp_path, text) == {"dX": None}


def function(text):
    (made,) = ast.parse(textwrap.dedent(text)).body
    return made, textwrap.dedent(text).split("\n")


@pytest.mark.parametrize(
    ("line", "kind", "expected"),
    [
        ("dx = g[:, :, p:-p, p:-p]", EditKind.SLICE, "dx = g[:, :, p:p + H, p:p + W]"),
        ("dx = g[:, :, p:-p, p:-p]", EditKind.SLICE, "dx = g[:, :, p:-p, p:p + W]"),
        ("dx = dyé[:, :, 1:-1, 1:-1]", EditKind.SLICE, "dx = dyé[:, :, 1:1 + H, 1:1 + W]"),
        ("dx[n] = g[:, p:-p, p:-p]", EditKind.SLICE, "dx[n] = g[:, p:p + H, p:p + W]"),
        ("s = stride + dilation", EditKind.NAME, "s = dilation + dilation"),
        ("dw[0] = x * dy", EditKind.ADD_UP, "dw[0] += x * dy"),
        ("dw /= 3", EditKind.FACTOR, "pass"),
        ("dw = -x / N", EditKind.FACTOR, "dw = -x"),
        ("dw = -x / N", EditKind.FACTOR, "dw = x / N"),
        ("db = dy.mean(axis=0)", EditKind.FACTOR, "db = dy.sum(axis=0)"),
        ("db = dy.sum(axis=0)", EditKind.AXES, "db = dy.sum(axis=(0, 2, 3))"),
        ("w2 = np.flip(w, (2, 3))", EditKind.UNTURN, "w2 = w"),
        ("d = w * dy", EditKind.TURN, "d = w[:, :, ::-1, ::-1] * dy"),
        ("q = x[: H - 1]", EditKind.BOUND, "q = x[: H]"),
        ("g = np.pad(dy, ((0, 0), (0, 0), (R - 1, R - 1), (S - 1, S - 1)))", EditKind.REMAINDER,
         "g = np.pad(dy, ((0, 0), (0, 0), (R - 1, R - 1 + (H + 2 * pad - R) % stride), "
         "(S - 1, S - 1 + (W + 2 * pad - S) % stride)))"),
    ],
)  # fmt: skip
def test_an_edit_undoes_a_slip_of_its_kind(line, kind, expected):
    made, lines = function(
        f"""\
        def backward(dy, x, w, stride, dilation, pad):
            N, C, H, W = x.shape
            K, C, R, S = w.shape
            {line}
        """
    )
    found = edits(made, lines, kind)
    assert f"    {expected}" in [each.text for each in found]
    assert all(ast.parse(each.text.strip()) for each in found)
    assert len({*found}) == len(found)


def test_every_kind_is_tried_for_every_fault():
    assert all({*kinds_for(code)} == {*EditKind} for code in (None, "V101", "V102", "V304"))


def test_the_program_beside_the_edited_one_stays_as_it_is(tmp_path):
    path = tmp_path / "layers.py"
    path.write_text(STRIDED)
    module = source.load(str(path))
    (implementation,) = source.candidates(module)
    line = next(k for k, each in enumerate(STRIDED.split("\n"), 1) if "return dx" in each)
    made = edited(implementation, line, "    return 1, 2, 3")
    arrays = trials._PROBE.draw("dy", (1, 1, 2)), trials._PROBE.draw("x", (1, 1, 3))
    given = (*arrays, trials._PROBE.draw("f", (1, 1, 2)))
    assert made.backwards[0](*given) == (1, 2, 3)
    assert implementation.backwards[0](*given)[0].shape == (1, 1, 3)
    assert module.conv1d_backward is implementation.backwards[0]
    assert edited(implementation, line, "    return (") is None
    assert edited(implementation, 1, "import os") is None


def test_a_crash_that_takes_all_gradients_is_told_once(run, tmp_path):
    path = tmp_path / "layers.py"
    path.write_text(program("raise_ = 1 // (x.shape[0] - 1)"))
    done = run("verify", str(path))
    assert done.status == 1
    assert done.out.count("error V304") == 1
    assert done.out.count("  crash  ") == 2


def test_a_mend_is_told(run, tmp_path):
    path = tmp_path / "layers.py"
    path.write_text(program().replace("dw += np", "dw = np"))
    done = run("verify", str(path))
    assert done.status == 1
    (mend,) = (line for line in done.out.splitlines() if "mend:" in line)
    assert mend.split()[1:3] == ["dw", "+="]
    assert "like:" not in done.out
