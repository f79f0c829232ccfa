"""A proof is claimed only where the program that was read is the one that ran, and ran right."""

from types import SimpleNamespace

import pytest
from implementations.right_programs import RIGHT

from benchmarks.loop_programs import LOOPS
from symconv.implementations import local, source, trials
from symconv.implementations.agreement import with_proofs
from symconv.implementations.binding_data import binding_data, call_binding, digest
from symconv.implementations.diagnosis import Named, diagnose
from symconv.implementations.judge import survey
from symconv.implementations.report import VerdictScope

pytestmark = pytest.mark.usefixtures("few_sizes")


def judged(path, ran, read=None, read_digest=None):
    """Return the report on a program: the file holds ``read`` by the time it is read."""
    path.write_text(ran)
    (implementation,) = source.candidates(source.load(str(path)))
    found = trials.find(implementation, {})
    subject = local.LocalSubject(implementation, found)
    functions = tuple(
        (f.__name__, f.__code__.co_firstlineno)
        for f in (getattr(f, "__func__", f) for f in implementation.functions())
    )
    seen = survey(subject, found.interface, found.base)
    report = diagnose(Named(str(path), implementation.name, "", str(path), functions), seen)
    path.write_text(read or ran)
    bound = SimpleNamespace(
        face=found.interface,
        call=call_binding(binding_data(found.binding)),
        functions=functions,
        owner=implementation.owner and implementation.owner.__name__,
        file=str(path),
        digest=digest((read_digest or read or ran).encode()),
    )
    return with_proofs(report, seen, bound)


def scopes(report):
    return {each.name: each.scope for each in report.gradients}


def test_what_is_proved_and_ran_right_is_right_for_every_size(tmp_path):
    report = judged(tmp_path / "agreement_a.py", LOOPS["plane"])
    assert scopes(report) == dict.fromkeys(("dX", "dF"), VerdictScope.EVERY_SIZE)
    assert all(each.provided == () and each.unproved is None for each in report.gradients)


@pytest.mark.parametrize(
    ("name", "provided"),
    [
        ("square_only", ("H = W", "R = S")),
        ("dictionary", ("(H + 2*pad - R) % stride = 0", "(W + 2*pad - S) % stride = 0")),
    ],
)
def test_conditions_that_the_code_makes_are_said(name, provided, tmp_path):
    report = judged(tmp_path / f"agreement_{name}.py", RIGHT[name])
    assert {each.provided for each in report.gradients} == {provided}
    assert {*scopes(report).values()} == {VerdictScope.EVERY_SIZE}


def test_a_text_that_was_changed_after_it_ran_is_not_read(tmp_path):
    right = LOOPS["one_axis_scalars"]
    report = judged(tmp_path / "agreement_b.py", right, right + "\n", read_digest=right)
    assert {*scopes(report).values()} == {VerdictScope.THESE_SIZES}
    assert "is not that of the file" in report.gradients[0].unproved


def test_a_reading_that_gives_other_numbers_than_the_run_is_not_believed(tmp_path):
    """As if the reader took one right program for another one: a true convolution."""
    right = LOOPS["one_axis_scalars"]
    other = right.replace("w[k]", "w[len(w) - 1 - k]")
    report = judged(tmp_path / "agreement_c.py", right, other)
    assert {*scopes(report).values()} == {VerdictScope.THESE_SIZES}
    assert "read otherwise than it runs" in report.gradients[0].unproved


def test_one_wrong_gradient_leaves_the_proof_of_the_other(tmp_path):
    wrong = LOOPS["plane"].replace("kernel[::-1, ::-1]", "kernel")
    report = judged(tmp_path / "agreement_d.py", wrong)
    assert scopes(report)["dF"] is VerdictScope.EVERY_SIZE
    assert report.gradients[0].is_fault


def test_why_not_is_said_with_its_line(tmp_path):
    report = judged(tmp_path / "agreement_e.py", RIGHT["single_image"])
    assert {*scopes(report).values()} == {VerdictScope.THESE_SIZES}
    assert all("line " in each.unproved for each in report.gradients)
