"""Derivations for symbolic sizes, made once for all tests."""

from __future__ import annotations

from functools import cache

from symconv.symbolic.checks import Checker
from symconv.symbolic.convolution import Convolution
from symconv.symbolic.steps import RULES, derive, run

GENERAL = (
    (),
    ("padding",),
    ("dilation",),
    ("crop",),
    ("padding", "dilation"),
    ("padding", "dilation", "crop"),
)


@cache
def derived(general=()):
    return derive(general)


@cache
def rewritings(general=(), wrt="X"):
    """Return what each rule does, by the rule's name."""
    done = run(Convolution.of(general), wrt, RULES[wrt])
    return {rule.name: rewriting for rule, rewriting in done}


def judged(rewriting):
    return Checker(rewriting.board.convolution).check(rewriting)
