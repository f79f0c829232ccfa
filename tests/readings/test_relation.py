"""The relation of a formula, read at numbers, is the table of its terms."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from relation_tables import NAMES, check

from symconv.errors import OutOfReachError
from symconv.formula.nodes import (
    Correlate,
    Dilate,
    IndexSum,
    Leaf,
    Node,
    Ones,
    Pad,
    Range,
    Read,
    Rotate,
    Subsample,
    Vjp,
)
from symconv.formula.sizes import (
    Difference,
    Name,
    Product,
    Quotient,
    Remainder,
    Size,
    Sum,
)

atoms = st.one_of(st.integers(-1, 3), st.sampled_from([Name(n) for n in NAMES]))
positive = st.one_of(st.integers(1, 3), st.sampled_from([Name("s"), Name("t")]))


def _grown(inner: st.SearchStrategy[Size]) -> st.SearchStrategy[Size]:
    pairs = st.sampled_from([Sum, Difference, Product])
    return st.one_of(
        st.builds(lambda kind, x, y: kind(x, y), pairs, inner, inner),
        st.builds(
            lambda kind, x, y: kind(x, y),
            st.sampled_from([Quotient, Remainder]),
            inner,
            st.one_of(positive, st.builds(Product, positive, positive), inner),
        ),
    )


sizes = st.recursive(atoms, _grown, max_leaves=4)
steps = st.one_of(positive, positive, positive, st.sampled_from([Difference(Name("s"), 1)]))


@st.composite
def formulas(draw: st.DrawFn, leaves: tuple[str, ...] = ("X", "F", "G"), depth: int = 3) -> Node:
    """Draw a formula of one axis in which no product holds a leaf twice."""
    kinds = ["leaf", "ones"]
    if depth:
        kinds += ["pad", "pad", "dilate", "rotate", "subsample", "read"]
        kinds += ["correlate", "correlate", "vjp", "sum"] if len(leaves) > 1 else []
    kind = draw(st.sampled_from(kinds))
    inner = formulas(leaves, depth - 1)
    match kind:
        case "leaf" if leaves:
            return Leaf(draw(st.sampled_from(leaves)))
        case "leaf" | "ones":
            return Ones((draw(sizes),))
        case "pad":
            return Pad(draw(inner), ((draw(sizes), draw(sizes)),))
        case "dilate":
            return Dilate(draw(inner), (draw(steps),))
        case "rotate":
            return Rotate(draw(inner))
        case "subsample":
            return Subsample(draw(inner), (draw(steps),))
        case "read":
            return _sum_of(draw, [draw(inner)])
        case "vjp":
            wrt, rest = leaves[0], leaves[1:]
            of = Pad(Leaf(wrt), ((draw(sizes), draw(sizes)),))
            by = draw(formulas(rest[:1], depth - 1))
            product = Correlate(of, by, (draw(steps),), (draw(steps),))
            return Vjp(product, wrt, draw(formulas(rest[1:], depth - 1)))
    here = draw(st.integers(1, len(leaves) - 1))
    left, right = formulas(leaves[:here], depth - 1), formulas(leaves[here:], depth - 1)
    if kind == "sum":
        return _sum_of(draw, [draw(left), draw(right)])
    return Correlate(draw(left), draw(right), (draw(steps),), (draw(steps),))


def _sum_of(draw: st.DrawFn, tensors: list[Node]) -> Node:
    index = st.sampled_from([Name("m"), Name("p"), Difference(Name("m"), Name("p"))])
    scaled = st.builds(lambda i, f, k: Sum(Product(i, f), k), index, positive, sizes)
    divided = st.builds(Quotient, index, positive)
    reads = tuple(Read(of, (draw(st.one_of(index, scaled, divided)),)) for of in tensors)
    runs = draw(st.lists(st.builds(Range, st.just("p"), sizes, sizes), min_size=1, max_size=1))
    return IndexSum((draw(sizes),), ("m",), tuple(runs), reads)


@given(formulas(), st.fixed_dictionaries({name: st.integers(1, 4) for name in NAMES}))
@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
def test_relation_at_numbers_is_the_table_of_terms(node: Node, at: dict[str, int]) -> None:
    try:
        check(node, at)
    except OutOfReachError:
        assume(False)
