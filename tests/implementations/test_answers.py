"""Answers of code in any language, judged by files of arrays."""

import json

import numpy as np
import pytest

from symconv.implementations.answers import cases
from symconv.testing import TestGeometry


def right(file):
    """Return the gradients of every case, by loops over taps."""
    found = {}
    for k in range(sum(name.startswith("x_") for name in file)):
        x, w, dy = (file[f"{name}_{k}"] for name in ("x", "w", "dy"))
        (u, v), (d, e), G = file[f"stride_{k}"], file[f"dilation_{k}"], int(file[f"groups_{k}"])
        pads = [tuple(pair) for pair in file[f"padding_{k}"]]
        xp = np.pad(x, [(0, 0), (0, 0), *pads])
        dxp, dw = np.zeros_like(xp), np.zeros_like(w)
        C, K, (P, Q) = w.shape[1], w.shape[0] // G, dy.shape[2:]
        for g in range(G):
            cs, ks = slice(g * C, (g + 1) * C), slice(g * K, (g + 1) * K)
            for r in range(w.shape[2]):
                for s in range(w.shape[3]):
                    rows = slice(r * d, r * d + (P - 1) * u + 1, u)
                    cols = slice(s * e, s * e + (Q - 1) * v + 1, v)
                    part = xp[:, cs, rows, cols]
                    dw[ks, :, r, s] = np.einsum("nkpq,ncpq->kc", dy[:, ks], part)
                    dxp[:, cs, rows, cols] += np.einsum("nkpq,kc->ncpq", dy[:, ks], w[ks, :, r, s])
        (t, _), (left, _) = pads
        found[f"dx_{k}"] = dxp[:, :, t : t + x.shape[2], left : left + x.shape[3]]
        found[f"dw_{k}"] = dw
        found[f"db_{k}"] = dy.sum(axis=(0, 2, 3))
    return found


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    from symconv.implementations.answers import case_file

    path = tmp_path_factory.mktemp("cases") / "cases.npz"
    path.write_bytes(case_file())
    with np.load(path) as file:
        return right(dict(file))


def judged(run, path):
    done = run("verify", "--answers", str(path), "--format", "json")
    return done, json.loads(done.out)["implementations"] if done.out else []


def test_cases_are_written_once_and_the_same(run, tmp_path):
    one, two = tmp_path / "one.npz", tmp_path / "two.npz"
    for path in (one, two):
        assert run("verify", "--cases", str(path)).status == 0
    with np.load(one) as left, np.load(two) as right_file:
        assert left.files == right_file.files
        assert all((left[name] == right_file[name]).all() for name in left.files)


def test_right_answers_are_right(run, tmp_path, answers):
    path = tmp_path / "answers.npz"
    np.savez(path, **answers)
    done, (report,) = judged(run, path)
    assert done.status == 0, done.err
    assert [(g["verdict"], g["scope"]) for g in report["gradients"]] == [("right", "tested")] * 3
    assert report["refusals"] == []


def test_a_wrong_answer_is_found_and_a_missing_one_is_said(run, tmp_path, answers):
    changed = {name: array for name, array in answers.items() if not name.endswith("_7")}
    changed["dw_3"] = changed["dw_3"] + 1
    path = tmp_path / "answers.npz"
    np.savez(path, **changed)
    done, (report,) = judged(run, path)
    assert done.status == 1
    verdicts = {g["name"]: (g["verdict"], g["where"]) for g in report["gradients"]}
    number = len(cases()) - 1
    assert verdicts["dX"] == ("right", None)
    assert verdicts["dF"] == ("wrong", f"at 1 of {number} sizes")
    assert "have no answer" in report["refusals"][0]


@pytest.mark.parametrize("kind", ["missing", "text", "strange", "empty"])
def test_a_file_that_holds_no_answers_is_one_line(run, tmp_path, kind):
    path = tmp_path / "answers.npz"
    if kind == "text":
        path.write_text("spam")
    elif kind != "missing":
        np.savez(path, **({"spam": np.zeros(1)} if kind == "strange" else {}))
    done, reports = judged(run, path)
    assert (done.status, reports) == (2, [])
    assert len(done.err.splitlines()) == 1


def test_one_thing_is_asked_at_a_time(run):
    assert run("verify").status == 2
    assert run("verify", "a.py", "--answers", "b.npz").status == 2


def test_the_sizes_are_those_of_the_tests_as_well():
    g = TestGeometry(cases()[0].layer)
    assert g.x.shape == g.layer.input
