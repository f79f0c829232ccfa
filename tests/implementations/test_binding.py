"""What an argument is, its name tells, or --bind; the forward pass is the witness."""

import json

import pytest
from implementations.programs import program
from implementations.right_programs import RIGHT

from symconv.implementations.binding import read_hints
from symconv.implementations.roles import NamePlace, assign, gradient
from symconv.implementations.source import ImplementationError

pytestmark = pytest.mark.usefixtures("few_sizes")

STRANGE = (
    RIGHT["course"]
    .replace('hparameters["stride"]', 'spam["jump"]')
    .replace('hparameters["pad"]', 'spam["rim"]')
    .replace("hparameters", "spam")
    .replace("A_prev, W, b, spam", "aa, bb, cc, spam", 1)
    .replace("(m, n_H_prev", "A_prev, W, b = aa, bb, cc\n    (m, n_H_prev", 1)
)


def judged(run, path, *more):
    done = run("verify", str(path), "--format", "json", *more)
    return done, json.loads(done.out)["implementations"] if done.out else []


def test_what_names_do_not_tell_is_asked_for(run, tmp_path):
    path = tmp_path / "layers.py"
    path.write_text(STRANGE)
    done, _ = judged(run, path)
    assert done.status == 2
    assert "'spam'" in done.err
    assert "--bind" in done.err
    assert len(done.err.splitlines()) == 1


def test_what_is_said_is_bound(run, tmp_path):
    path = tmp_path / "layers.py"
    path.write_text(STRANGE)
    done, (report,) = judged(run, path, "--bind", "stride=spam.jump,pad=spam.rim,x=aa,w=bb")
    assert done.status == 0, done.err
    assert "spam.jump is stride" in report["binding"]
    assert {g["verdict"] for g in report["gradients"]} == {"right"}


def test_a_wrong_binding_cannot_be_used(run, tmp_path):
    path = tmp_path / "layers.py"
    path.write_text(program())
    done, reports = judged(run, path, "--bind", "x=w,w=x")
    assert done.status == 2
    assert reports == []


@pytest.mark.parametrize("text", ["stride", "stride=", "spam=x", "=x"])
def test_a_binding_that_says_nothing_is_refused(text):
    with pytest.raises(ImplementationError, match="--bind"):
        read_hints(text)


def test_one_of_several_can_be_named(run, tmp_path):
    path = tmp_path / "layers.py"
    path.write_text(RIGHT["two_in_a_file"])
    _, both = judged(run, path)
    assert [report["name"] for report in both] == ["conv_forward_slow", "conv_forward_fast"]
    _, (one,) = judged(run, f"{path}:conv_backward_fast")
    assert one["name"] == "conv_forward_fast"
    done, _ = judged(run, f"{path}:spam")
    assert done.status == 2
    assert "conv_forward_fast" in done.err


def test_names_have_one_meaning_each():
    roles = assign(["x", "w", "b", "stride", "padding"], NamePlace.FORWARD)
    assert [role.value for role in roles.values()] == ["x", "w", "b", "stride", "pad"]
    roles = assign(["in_channels", "out_channels", "kernel_size"], NamePlace.CONSTRUCTOR)
    assert [role.value for role in roles.values()] == list(roles)
    assert len({*roles.values()}) == len(roles)


@pytest.mark.parametrize(
    ("name", "which"),
    [("dx", "dX"), ("dA_prev", "dX"), ("grad_weights", "dF"), ("dL_db", "db"), ("x", None)],
)
def test_names_of_gradients(name, which):
    assert gradient(name) == which
