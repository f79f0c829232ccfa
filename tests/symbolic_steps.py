"""Derivations for symbolic sizes, made once for all tests."""

from __future__ import annotations

from functools import cache

from symconv.symbolic.checks import Checker
from symconv.symbolic.convolution import Convolution
from symconv.symbolic.steps import derive, rules_of, run

GENERAL = (
    (),
    ("padding",),
    ("dilation",),
    ("crop",),
    ("padding", "dilation"),
    ("padding", "dilation", "crop"),
    ("padding", "dilation", "crop", "input-dilation"),
)


LAYERS = (
    ("batch",),
    ("channels",),
    ("groups",),
    ("batch", "channels"),
    ("batch", "groups"),
    ("channels", "groups"),
    ("batch", "channels", "groups"),
)
"""Every choice of the words that give tensors leading indices."""

WHOLE = ("padding", "dilation", "crop", "input-dilation", "batch", "channels", "groups", "bias")


@cache
def derived(general=()):
    return derive(general)


@cache
def rewritings(general=(), wrt="X"):
    """Return what each rule does, by the rule's name."""
    convolution = Convolution.of(general)
    done = run(convolution, wrt, rules_of(convolution, wrt))
    return {rule.name: rewriting for rule, rewriting in done}


def judged(rewriting):
    return Checker(rewriting.board.convolution).check(rewriting)
