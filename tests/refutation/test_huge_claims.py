"""Claims with numbers of any size, judged at listed sizes, are what plain loops say they are."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symconv.claims.verdict import Verdict
from symconv.formula.parse import LARGEST
from symconv.proof.prover import prove

HUGE = [2**k + step for k in (31, 32, 61, 62, 63, 64, 65, 128) for step in (-1, 0, 1)]
FAR_AWAY = [*HUGE, *(-n for n in HUGE)]
numbers = st.one_of(st.integers(-2, 2), st.integers(-2, 2), st.sampled_from(FAR_AWAY))
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def written(number: int) -> str:
    """Return a number of any size in the claim language, which has none beyond a billion."""
    if abs(number) < LARGEST:
        return f"({number})"
    more, rest = divmod(number, LARGEST)
    return f"({written(more)}*{LARGEST} + {rest})"


def times(number: int, name: str) -> str:
    """Return ``number`` times ``name``, factor by factor: each on its own is small."""
    if abs(number) < LARGEST:
        return f"({number})*{name}"
    power = round(math.log2(abs(number)))
    sign, rest = (1, -1)[number < 0], abs(number) - 2**power
    factors = [name, *["2"] * (power % 16), *["65536"] * (power // 16)]
    return f"({sign}*{'*'.join(factors)} + ({sign * rest})*{name})"


def verdict(holds: bool) -> Verdict:
    return Verdict.PROVED if holds else Verdict.REFUTED


@pytest.mark.parametrize("place", range(6))
def test_an_element_far_away_is_0(place: int) -> None:
    """X[m, n] read at (a*m + b*n + c, d*m + e*n + f), one of these six a number of any size."""
    for number, (height, width) in itertools.product([-1, 0, 1, *FAR_AWAY], [(1, 3), (3, 2)]):
        factors = [1, 0, 0, 0, 1, 0]
        factors[place] = number
        a, b, c, d, e, f = factors
        row = f"{times(a, 'm')} + {times(b, 'n')} + {written(c)}"
        column = f"{times(d, 'm')} + {times(e, 'n')} + {written(f)}"
        statement = f"X[m, n] == X[{row}, {column}]"
        judged = prove(statement, sizes=f"H={height}, W={width}")
        same = all(
            (a * m + b * n + c, d * m + e * n + f) == (m, n)
            for m, n in itertools.product(range(height), range(width))
        )
        assert judged.verdict is verdict(same), (statement, judged.summary)


@quick
@given(numbers, numbers, st.integers(1, 3), st.integers(0, 3), st.integers(1, 3))
def test_a_sum_reads_what_is_there(
    start: int, step: int, length: int, shift: int, height: int
) -> None:
    """Sum X[m + (k - start)*step] over k = start, .., and compare with X[m]."""
    summed = f"X[m + (k - {written(start + shift)})*{written(step)}, n]"
    run = f"range({written(start)}, {written(start)} + {length})"
    judged = prove(f"X[m, n] == sum({summed} for k in {run})", sizes=f"H={height}, W=1..2")
    reads = [(k - shift) * step for k in range(length)]
    same = all([m + read for read in reads if 0 <= m + read < height] == [m] for m in range(height))
    assert judged.verdict is verdict(same), judged.summary


@quick
@given(numbers, st.integers(-2, 2), st.integers(1, 3))
def test_a_padding_far_away_leaves_zeros(before: int, more: int, height: int) -> None:
    amounts = f"(({written(before)}, {written(more - before)}), (0, 0))"
    judged = prove(f"pad(X, {amounts}) == X", sizes=f"H={height}, W=1..2")
    if height + more < 1:  # the left side has no meaning
        assert judged.verdict is Verdict.REFUTED
        return
    assert judged.verdict is verdict(more == 0 and before == 0), judged.summary


@quick
@given(numbers.map(abs), numbers.map(abs), st.integers(1, 3))
def test_a_dilation_undone_by_a_step_that_is_as_long(by: int, step: int, height: int) -> None:
    statement = f"subsample(dilate(X, ({written(by)}, 1)), ({written(step)}, 1)) == X"
    judged = prove(statement, sizes=f"H={height}, W=1..2")
    if min(by, step) < 1:
        assert judged.verdict is Verdict.REFUTED
    elif judged.verdict is Verdict.NOT_JUDGED:
        assert height > 1  # more elements than 62 bits number
        assert by >= 2**61
    else:
        assert judged.verdict is verdict(height == 1 or by == step), judged.summary


FAR = "65536*65536*65536*65536"


@pytest.mark.parametrize(
    ("statement", "sizes", "expected"),
    [
        (f"X[m, n] == X[m + n*{FAR}, n]", "H=1..5, W=1..5", Verdict.REFUTED),
        (f"X[m, n] == X[m + n*{FAR}, n]", "H=1..5, W=1", Verdict.PROVED),
        (
            f"X[m, n] == sum(X[m + k*{FAR}, n + m*0] for k in range(2))",
            "H=1..5, W=1..5",
            Verdict.PROVED,
        ),
        (f"pad(X, (({FAR}, -({FAR})), (0, 0))) == X", "H=1..2, W=1", Verdict.REFUTED),
    ],
)
def test_what_wrapped_is_right(statement: str, sizes: str, expected: Verdict) -> None:
    judged = prove(statement, sizes=sizes)
    assert judged.verdict is expected
    if expected is Verdict.REFUTED and "H=1..5" in sizes:
        assert judged.refutation is not None
        assert judged.refutation.sizes == {"H": 1, "W": 2}


def test_what_is_false_beyond_all_memory_is_not_proved() -> None:
    """With H > 2**64 the sum reads a second element: no tensor of that size can be looked at."""
    far = f"X[m, n] == sum(X[m + k*{FAR}, n + m*0] for k in range(2))"
    assert prove(far).verdict is Verdict.NOT_JUDGED


@pytest.mark.parametrize(
    "statement",
    [
        "ones(H, W)[m, n] == ones(H, W)[m, n + m]",
        "ones(H, W)[m, n] == ones(H, W)[m + n, n]",
        "A[i] == sum(A[i]*ones(2, 2)[i, k] for k in range(1))",
    ],
)
def test_what_is_no_product_of_axes_is_looked_at_whole(statement: str) -> None:
    """Read on one axis, each of these holds; so tensors without a leaf are read whole, too."""
    tensors = {"A": "H"} if "A" in statement else {}
    sizes = "H=1..3, W=1..3" if "W" in statement else "H=1..3"
    assert prove(statement, sizes=sizes, tensors=tensors).verdict is Verdict.REFUTED
