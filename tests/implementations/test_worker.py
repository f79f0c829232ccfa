"""Code that loops, crashes or prints harms nobody: one line, and the others are judged."""

import json
import sys
import time

import pytest
from implementations.programs import program

from symconv.implementations import wire
from symconv.implementations.calls import Ending
from symconv.implementations.probes import Probe
from symconv.implementations.worker import DeadChildError, RemoteSubject, Worker

pytestmark = pytest.mark.usefixtures("few_sizes")


def judged(run, path, *more):
    """Return what is said of a file; what never comes back gets less time, what works enough."""
    begun = time.monotonic()
    seconds = "0.3" if "sleep" in path.read_text() else "2"
    done = run("verify", str(path), "--timeout", seconds, "--format", "json", *more)
    assert time.monotonic() - begun < 20
    assert len(done.err.splitlines()) <= 1
    assert "Traceback" not in done.err
    assert len(done.out) < 100_000
    return done, json.loads(done.out)["implementations"] if done.out else []


@pytest.mark.parametrize(
    ("first", "said"),
    [
        ("import time; time.sleep(60)", "takes longer"),
        ("import ctypes; ctypes.string_at(0)", "segmentation fault"),
        ("np.ones(100 * 2**30 // 8) + 1", "MemoryError"),
        ("import os; os._exit(3)", "exit status 3"),
        ("import sys; sys.exit(3)", "SystemExit"),
        ("input('?')", "EOFError"),
        ("1 / 0 if x.size else 0; raise", "ZeroDivisionError"),
        ("int('\\x00\\x1b[31m')", "invalid literal"),
    ],
)
def test_a_backward_pass_that_does_not_come_back_is_a_crash(run, tmp_path, first, said):
    path = tmp_path / "layers.py"
    path.write_text(program(first))
    done, (report,) = judged(run, path)
    assert done.status == 1
    for gradient in report["gradients"]:
        assert (gradient["verdict"], gradient["code"]) == ("crash", "V304")
        assert said in gradient["message"]
        assert gradient["line"] in (12, 13, 14)


@pytest.mark.parametrize(
    ("first", "code"),
    [
        ("return np.random.randn(*x.shape), np.random.randn(*w.shape)", "V302"),
        ("return np.empty_like(x), np.empty_like(w)", "V303"),
        ("x += 1", "V301"),
    ],
)
def test_a_contract_that_is_broken_is_a_fault(run, tmp_path, first, code):
    path = tmp_path / "layers.py"
    path.write_text(program(first))
    done, (report,) = judged(run, path)
    assert done.status == 1
    assert code in {fault["code"] for fault in report["faults"]}


def test_what_is_printed_goes_nowhere(run, tmp_path):
    path = tmp_path / "layers.py"
    path.write_text(program("print('x' * 1_000_000)") + "\nprint('loaded')\n")
    done, (report,) = judged(run, path)
    assert done.status == 0
    assert {gradient["verdict"] for gradient in report["gradients"]} == {"right"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import sys; sys.exit(0)", "ends the process"),
        ("import nothing_there", "No module named"),
        ("def f(:", "SyntaxError"),
        ("import time; time.sleep(60)", "takes longer"),
        ("x = [0] * 2**40", "too much memory"),
        ("x = 1", "no convolution with a backward pass was found"),
        (
            "def conv_forward(x, w, b, spam): pass\ndef conv_backward(dy, x, w): pass",
            "'spam'",
        ),
        (
            "def conv_forward(x, w): return x.sum()\ndef conv_backward(dy, x, w): pass",
            "no convolution",
        ),
        ("def conv_forward(x, w): assert 0\ndef conv_backward(dy, x, w): pass", "accepts none"),
        (
            "def conv_a(x, w): pass\ndef conv_b(x, w): pass\ndef gradient(dy, x, w): pass",
            "conv_a, conv_b",
        ),
    ],
)
def test_a_file_that_cannot_be_judged_is_one_line(run, tmp_path, text, said):
    path = tmp_path / "layers.py"
    path.write_text(text)
    done, reports = judged(run, path)
    assert done.status == 2
    assert reports == []
    assert said in done.err
    assert "layers.py" in done.err


def test_the_others_of_a_file_are_judged(run, tmp_path):
    slow = "def conv_slow(x, w):\n    import time; time.sleep(60)\n"
    slow += "def conv_slow_backward(dy, x, w): pass\n"
    path = tmp_path / "layers.py"
    path.write_text(slow + program())
    done, (report,) = judged(run, path)
    assert report["name"] == "conv_forward"
    assert {gradient["verdict"] for gradient in report["gradients"]} == {"right"}
    assert done.status == 2
    assert "takes longer" in done.err


def test_the_process_has_no_standard_input_and_is_started_anew(tmp_path):
    path = tmp_path / "layers.py"
    path.write_text(program("if x.shape[0] == 3: import os; os._exit(1)"))
    worker = Worker(str(path), None, 5.0)
    try:
        assert worker.load() == [("conv_forward", 4)]
        bound = worker.bind(0, {})
        subject = RemoteSubject(worker, 0)
        (first,) = subject.run(bound.base, [Probe(1)])
        assert first.ending is Ending.DONE
        worker.process.kill()
        (died,) = subject.run(bound.base, [Probe(1)])
        (again,) = subject.run(bound.base, [Probe(1)])
        assert (died.ending, again.ending) == (Ending.DIED, Ending.DONE)
    finally:
        worker.close()
    path.write_text("import time; time.sleep(60)")  # a busy machine may answer all else in time
    with pytest.raises(DeadChildError):
        Worker(str(path), None, 0.0001)._ask({"ask": "load", "path": str(path), "name": None})


def test_a_message_that_is_none_of_ours_is_refused(tmp_path):
    for text in (b"x", b"\x05" + b"\0" * 7 + b"hello", b"\xff" * 8):
        path = tmp_path / "message"
        path.write_bytes(text)
        with path.open("rb") as stream, pytest.raises(wire.BrokenMessageError):
            wire.receive(stream)


def test_pickles_are_not_read():
    assert "pickle" not in {name.partition(".")[0] for name in vars(wire)}
    assert not any(module is sys.modules.get("pickle") for module in vars(wire).values())
