from __future__ import annotations

import numpy as np
import pytest

from symconv.equation import Element
from symconv.errors import TooLargeError
from symconv.tensors.table import LeafFactor, Table, first_difference


def table(rows, shape=(2, 2), factors=(("dY", (2, 2)), ("F", (3, 3)))):
    """Return a table of (target, id, id) rows."""
    columns = [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)] or [
        np.zeros(0, dtype=np.int64) for _ in range(1 + len(factors))
    ]
    return Table(
        shape, columns[0], tuple(LeafFactor(*f) for f in factors), tuple(columns[1:])
    ).sorted()


ROWS = [(3, 1, 8), (0, 2, 4), (0, 0, 0), (2, 3, 3)]


def test_sorting_forgets_the_order_of_the_rows():
    assert first_difference(table(ROWS), table(ROWS[::-1])) is None


def test_sorting_puts_factors_in_the_lecturers_order():
    swapped = [(target, f, dy) for target, dy, f in ROWS]
    again = table(swapped, factors=(("F", (3, 3)), ("dY", (2, 2))))
    assert [factor.name for factor in again.factors] == ["dY", "F"]
    assert first_difference(table(ROWS), again) is None


def test_terms_of_an_element_are_its_rows_in_order():
    found = table(ROWS)
    assert found.terms((0, 0)) == (
        (Element("dY", (0, 0)), Element("F", (0, 0))),
        (Element("dY", (1, 0)), Element("F", (1, 1))),
    )
    assert found.terms((0, 1)) == ()
    assert found.terms((1, 1)) == ((Element("dY", (0, 1)), Element("F", (2, 2))),)
    assert [found.count(index) for index in np.ndindex(2, 2)] == [2, 0, 1, 1]
    assert found.terms((0, 0), 1) == found.terms((0, 0))[:1]


def test_equations_list_every_element_zeros_included():
    found = list(table(ROWS).equations("dX"))
    assert [equation.target for equation in found] == [
        Element("dX", index) for index in np.ndindex(2, 2)
    ]
    assert [len(equation.terms) for equation in found] == [2, 0, 1, 1]


def test_a_row_that_occurs_twice_counts_twice():
    once, twice = table(ROWS), table([*ROWS, ROWS[1]])
    assert len(twice) == len(once) + 1
    assert twice.count((0, 0)) == 3
    assert first_difference(once, twice) == (0, 0)
    assert first_difference(twice, once) == (0, 0)


@pytest.mark.parametrize("changed", range(4))
def test_the_first_difference_is_the_first_target_that_differs(changed):
    rows = sorted(ROWS)
    target, dy, f = rows[changed]
    other = [*rows[:changed], (target, dy, f + 1 if f < 8 else 0), *rows[changed + 1 :]]
    expected = divmod(target, 2)
    assert first_difference(table(rows), table(other)) == expected
    assert first_difference(table(other), table(rows)) == expected


def test_a_table_that_ends_early_differs_where_it_ends():
    assert first_difference(table(ROWS), table(sorted(ROWS)[:-1])) == (1, 1)


def test_tables_of_other_factors_differ_unless_both_are_empty():
    other = (("dY", (2, 2)), ("X", (3, 3)))
    assert first_difference(table(ROWS), table(ROWS, factors=other)) == (0, 0)
    assert first_difference(table([(2, 0, 0)]), table([(1, 0, 0)], factors=other)) == (0, 1)
    assert first_difference(table([]), table([], factors=other)) is None


def test_tables_of_other_shapes_cannot_be_compared():
    with pytest.raises(ValueError, match="shapes"):
        first_difference(table(ROWS), table(ROWS, shape=(4, 1)))


def test_an_index_outside_the_tensor_is_an_error():
    with pytest.raises(IndexError):
        table(ROWS).terms((0, 2))
    with pytest.raises(IndexError):
        table(ROWS).terms((-1, 0))


def test_columns_give_back_the_rows():
    columns = table(ROWS).columns()
    assert set(columns) == {"target", "dY", "F"}
    rows = zip(
        columns["target"].tolist(), columns["dY"].tolist(), columns["F"].tolist(), strict=True
    )
    assert list(rows) == sorted(ROWS)


def test_a_table_beyond_63_bits_is_refused():
    huge = Table(
        (2**31, 2),
        np.zeros(1, dtype=np.int64),
        (LeafFactor("F", (2**31, 2)),),
        (np.zeros(1, dtype=np.int64),),
    )
    with pytest.raises(TooLargeError, match="smaller"):
        huge.sorted()
