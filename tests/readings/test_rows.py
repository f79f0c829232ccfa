"""Three ways to read a formula at one size agree: tables, rows on each axis, and plain loops."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.claims.parse import parse_sides
from symconv.errors import FormulaError
from symconv.formula.axes import on_axis
from symconv.formula.instantiation import instantiate
from symconv.formula.nodes import IndexSum, Node
from symconv.formula.sizes import evaluate
from symconv.formula.vocabulary import vocabulary
from symconv.readings import rows, terms

WORDS = vocabulary(["padding", "dilation", "crop"])

FORMULAS = [
    "Y",
    "dX",
    "dF",
    "rotate(pad(X, ((pt, pb), (pl, pr))))",
    "subsample(X, (u, v))",
    "dilate(crop(X, ((0, pb), (pl, 0))), (u, v))",
    "convolve(dY, F, mode='full')",
    "correlate(pad(dilate(dY, (u, v)), ((d*(R-1)-pt, R), (S, e))), rotate(F), dilation=(d, e))",
    "correlate(X, ones(2, 3))",
    "correlate(correlate(X, ones(2, 2)), ones(2, 2))",
    "vjp(correlate(X, F), F, correlate(dY, ones(R, S)))",
]
SUMS = [
    "dX[m, n] == sum(dY[p, q] * F[m - p*u, n - q*v] for p in range(P) for q in range(Q))",
    "dF[r, s] == sum(dY[p, q] * X[p*u + r*d - pt, q*v + s*e - pl]"
    " for p in range(P) for q in range(Q))",
    "dX[m, n] == sum(dY[(m-r)//u, (n-s)//v] * F[r, s] for r in range(R) for s in range(S)"
    " if (m-r) % u == 0 and 0 <= n - s)",
    "Y[p, q] == sum(X[p + r, q] * F[r, q] for r in range(min(p, R)))",
    "Y[p, q] == sum(X[r, q] for r in range(p, R) for k in range(3))",
]

SIZES = st.fixed_dictionaries(
    {name: st.integers(1, 5) for name in "HWRSuv"}
    | {name: st.integers(1, 3) for name in "de"}
    | {name: st.integers(-2, 2) for name in ("pt", "pb", "pl", "pr")}
)


def _formulas() -> list[Node]:
    from symconv.formula.parse import parse_tensor

    sums = [parse_sides(each, WORDS)[1] for each in SUMS]
    assert all(isinstance(each, IndexSum) for each in sums)
    return [*(parse_tensor(each, WORDS) for each in FORMULAS), *sums]  # type: ignore[list-item]


def _by_table(node: Node, shapes: dict[str, tuple[int, ...]], at: dict[str, int]) -> object:
    try:
        table = terms.read(instantiate(node, at), shapes).sorted()
    except FormulaError:
        return None
    products: Counter[object] = Counter()
    for equation in table.equations("T"):
        for term in equation.terms:
            products[equation.target.index, tuple(sorted(term))] += 1
    return table.shape, products


def _by_rows(node: Node, shapes: dict[str, tuple[int, ...]], at: dict[str, int]) -> object:
    """The product of what the axes say."""
    try:
        axes = [
            rows.read(on_axis(node, k), {name: shape[k] for name, shape in shapes.items()}, at)
            for k in (0, 1)
        ]
    except FormulaError:
        return None
    products: Counter[object] = Counter()
    flat = [[(i, product) for i, all_ in axis.at.items() for product in all_] for axis in axes]
    for (i, first), (j, second) in itertools.product(*flat):
        elements = {name: (m,) for name, m in zip(axes[0].factors, first, strict=True)}
        for name, n in zip(axes[1].factors, second, strict=True):
            elements[name] += (n,)
        products[(i, j), tuple(sorted(elements.items()))] += 1
    return (axes[0].extent, axes[1].extent), products


@settings(max_examples=60, deadline=None)
@given(SIZES)
def test_rows_on_two_axes_are_the_table(sizes: dict[str, int]) -> None:
    at = dict(sizes)
    for name, size in WORDS.definitions.items():
        at[name] = evaluate(size, at)
    if min(at["P"], at["Q"]) < 1:
        return
    shapes = {n: tuple(evaluate(e, at) for e in shape) for n, shape in WORDS.leaves.items()}
    for node in _formulas():
        assert _by_rows(node, shapes, at) == _by_table(node, shapes, at), node


@pytest.mark.parametrize(
    "statement",
    [
        "Y[p, q] == X[q, p]",
        "Y[p, q] == sum(X[p + r, q + r] for r in range(2))",
        "Y[p, q] == sum(X[p, q] for r in range(2) if p == q)",
    ],
)
def test_a_sum_whose_indices_cross_is_no_product_of_axes(statement: str) -> None:
    assert on_axis(parse_sides(statement, WORDS)[1], 0) is None


def test_the_gradient_sums_over_windows_as_a_loop_does() -> None:
    H, R, u = 7, 3, 2
    P = (H - R) // u + 1
    at = {"H": H, "W": 1, "R": R, "S": 1, "u": u, "v": 1, "P": P, "Q": 1}
    words = vocabulary()
    shapes = {"X": (H, 1), "F": (R, 1), "dY": (P, 1)}
    _, products = _by_table(words.tensors["dX"], shapes, at)  # type: ignore[misc]
    looped: Counter[object] = Counter()
    for p in range(P):
        for r in range(R):
            looped[(p * u + r, 0), (("F", (r, 0)), ("dY", (p, 0)))] += 1
    assert products == looped
