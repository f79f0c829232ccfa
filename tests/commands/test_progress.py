"""The line that says how far long work is: on a terminal, after a while, and nowhere else."""

import io
import sys
import threading
import time

import pytest

from symconv.commands import progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def slow(count):
    """Yield numbers, each after the line had time to appear."""
    for number in range(count):
        time.sleep(0.15)
        yield number


def test_long_work_tells_how_far_it_is(monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    assert list(progress.with_progress(slow(3), 3, "Judging")) == [0, 1, 2]
    assert "Judging" in terminal.getvalue()
    assert not any(isinstance(each, threading.Timer) for each in threading.enumerate())


@pytest.mark.parametrize(
    ("stream", "patience", "count"),
    [(Terminal, 60.0, 3), (io.StringIO, 0.0, 3), (Terminal, 0.0, 1)],
)
def test_quick_work_a_pipe_and_a_single_thing_show_nothing(monkeypatch, stream, patience, count):
    monkeypatch.setattr(progress, "PATIENCE", patience)
    monkeypatch.setattr(sys, "stderr", shown := stream())
    assert list(progress.with_progress(slow(count), count, "Judging")) == [*range(count)]
    assert shown.getvalue() == ""


@pytest.mark.parametrize("quiet", [True, False])
def test_quiet_is_quiet_here_too(monkeypatch, quiet):
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(sys, "stderr", shown := Terminal())
    assert list(progress.with_progress(slow(2), 2, "Judging", quiet)) == [0, 1]
    assert (shown.getvalue() == "") == quiet


def test_work_that_is_given_up_leaves_no_line_behind(monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(sys, "stderr", Terminal())
    work = progress.with_progress(slow(3), 3, "Judging")
    next(work)
    work.close()
    assert not any(isinstance(each, threading.Timer) for each in threading.enumerate())
