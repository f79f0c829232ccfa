"""What people write who come from other tools is understood, or answered with the right word."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("claim", "ours"),
    [
        ("Y == conv(X, F)", "correlate"),
        ("Y == conv2d(X, F)", "correlate"),
        ("flip(flip(X)) == X", "rotate"),
        ("rot180(rot180(X)) == X", "rotate"),
        ("upsample(X, (1, 1)) == X", "dilate"),
        ("dW == correlate(X, dY)", "dF"),
        ("dX == correlate(dO, F)", "dY"),
        ("dX == correlate(dout, F)", "dY"),
    ],
)
def test_the_words_of_others_are_answered_with_ours(run, claim, ours):
    done = run("prove", claim)
    assert done.status == 2
    assert f"did you mean {ours}?" in done.err


def test_nothing_is_proposed_that_is_not_alike(run):
    assert "did you mean" not in run("prove", "Y == xyzzy(X, F)").err
    assert "--filter" not in run("prove", "H == H", "--kernel", "3").err


@pytest.mark.parametrize(
    ("option", "ours"),
    [("--kernel", "--filter"), ("--pad", "--padding"), ("--strides", "--stride")],
)
def test_the_options_of_others_are_answered_with_ours(run, option, ours):
    for command in ("derive", "slides"):
        done = run(command, option, "3")
        assert done.status == 2
        assert f"Did you mean '{ours}'? See symconv {command} --help\n" in done.err


@pytest.mark.parametrize(
    ("spelt", "usual"),
    [
        (["--stride", "2,1"], ["--stride", "2x1"]),
        (["--stride", "(2, 1)"], ["--stride", "2x1"]),
        (["--input", "[6,5]"], ["--input", "6x5"]),
        (["--input", "6X5"], ["--input", "6x5"]),
        (["--input", "6×5"], ["--input", "6x5"]),
        (["--padding", "SAME"], ["--padding", "same"]),
        (["--padding", "(1, 2)"], ["--padding", "1,2"]),
        (["--names", "X, F, O"], ["--names", "X,F,O"]),
        (["--names", "x,f,δ"], ["--names", r"x,f,\delta"]),
        (["--element", "x_{22}"], ["--element", "x[2,2]"]),
        (["--element", "x22"], ["--element", "x[2,2]"]),
        (["--element", "x₂₂"], ["--element", "x[2,2]"]),
        (["--element", "x_{2,2}"], ["--element", "x[2,2]"]),
        (["--rank", "1", "--input", "12", "--element", "x11"],
         ["--rank", "1", "--input", "12", "--element", "x[11]"]),
        (["--channels", "2", "--element", "x[1]₂₂"], ["--channels", "2", "--element", "x[1][2,2]"]),
        (["--index-base", "1", "--element", "y_{11}"],
         ["--index-base", "1", "--element", "y[1,1]"]),
    ],
)  # fmt: skip
def test_a_natural_spelling_means_the_usual_one(run, spelt, usual):
    assert run("derive", *spelt).out == run("derive", *usual).out
    assert run("derive", *spelt).status == 0


@pytest.mark.parametrize("element", ["x_{2", "x2}", "x222", "x_", "x2,", "z22", "x[1]22"])
def test_what_is_no_element_is_refused(run, element):
    done = run("derive", "--element", element)
    assert done.status == 2
    assert done.err.count("\n") == 1


def test_digits_name_no_element_of_a_tensor_with_more_than_ten_rows(run):
    done = run("derive", "--input", "12", "--element", "x111")
    assert done.status == 2
    assert "is not of the form x[11,11]" in done.err


def test_help_and_version_in_other_words(run):
    assert run("-V").out == run("--version").out
    assert run("help").out == run("--help").out
    assert run("help", "prove").out == run("prove", "--help").out


def test_a_part_of_a_name_picks_claims(run):
    some = run("prove", "-k", "axis", "--list").out.splitlines()
    assert len(some) > 1
    assert all("axis" in line.split(":")[2] for line in some)
    assert run("prove", "-k", "strided-is-*", "--list").out.count("\n") == 1
    assert run("prove", "-k", "*-nosuch", "--list").status == 2
