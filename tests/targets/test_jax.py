"""The code for JAX against plain sums; layers are compiled in groups, which takes the time."""

import os
import re
from dataclasses import replace

import numpy as np
import pytest
from targets import configurations
from targets.configurations import Exported, difference, operands

from symconv.targets import program
from symconv.targets.program import EndName

os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0")  # each runs once

CASES = configurations.cases(100, 2)
TOGETHER = 25


@pytest.fixture(scope="module")
def jax():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    return jax


def first_difference(jax, cases, mutate=lambda source: source):
    """Return the first difference of layers that are compiled as one; None where there is none."""
    exported = Exported("jax", mutate)
    arrays = [operands(case, seed) for seed, case in enumerate(cases)]

    def run(arrays):
        return [exported.results(case, each) for case, each in zip(cases, arrays, strict=True)]

    try:
        found = jax.jit(run)(arrays)
    except (TypeError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    for seed, (case, results) in enumerate(zip(cases, found, strict=True)):
        wrong = difference(case, seed, tuple(map(np.asarray, results)))
        if wrong:
            return wrong
    return None


def test_the_cases_have_all_that_goes_wrong():
    assert min(configurations.features(CASES).values()) >= 5


@pytest.mark.parametrize("first", range(0, len(CASES), TOGETHER))
def test_100_layers_are_right(first, jax):
    assert first_difference(jax, CASES[first : first + TOGETHER]) is None


def chosen(**what):
    """Return the first two cases, fixed and symbolic where both are, that have all of these."""
    found = []
    for symbolic in (False, True):
        for case in CASES:
            axes, grouped = case.layer.geometry.axes, case.layer.groups > 1
            has = {
                "groups": grouped and min(case.layer.group_filters, case.layer.group_channels) > 1,
                "remainder": any(a.remainder for a in axes),
                "steps": any(a.stride != a.dilation for a in axes),
                "flip": max(a.filter for a in axes) > 1,
                "transposed": axes[0].transposed,
            }
            if case.symbolic == symbolic and all(
                has[name] == value for name, value in what.items()
            ):
                found.append(case)
                break
    return found


MUTANTS = {
    "no remainder": ({"remainder": True}, r"remainder.append\(rest\)", "remainder.append(0)"),
    "not flipped": ({"flip": True}, r"f = jnp.flip\(.*\)", "pass"),
    "batch for features": ({"groups": True}, "batch_group_count", "feature_group_count"),
    "not exchanged": ({"groups": True}, r"\.swapaxes\([^)]*\)", ""),
    "dilation for stride": (
        {"steps": True, "transposed": False},
        r"window_strides=dilation,((?:.*\n){3} *)rhs_dilation=stride",
        r"window_strides=stride,\1rhs_dilation=dilation",
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_slip_turns_them_red(name, jax):
    what, pattern, by = MUTANTS[name]
    touched = []

    def mutate(source):
        touched.append(re.search(pattern, source) is not None)
        return re.sub(pattern, by, source)

    assert first_difference(jax, chosen(**what), mutate) is not None
    assert any(touched)


def test_a_generator_that_forgets_the_remainder_turns_them_red(jax, monkeypatch):
    right = program.CONVOLUTION
    for name in ("input_gradient", "filter_gradient"):
        forgetful = replace(getattr(right, name), more=EndName.NOTHING)
        monkeypatch.setattr(program, "CONVOLUTION", replace(right, **{name: forgetful}))
        assert first_difference(jax, chosen(remainder=True)) is not None
