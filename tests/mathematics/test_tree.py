from __future__ import annotations

import pytest

from symconv.mathematics.tree import (
    Application,
    IndexGroup,
    Letter,
    Numeral,
    Quantity,
    Series,
    Through,
    children,
    component,
    nodes,
    rebuild,
)

R, u = Quantity("R"), Quantity("u")


def test_equal_are_nodes_of_one_kind_with_equal_parts() -> None:
    assert Letter("R") == Letter("R", 0) == Letter(name="R")
    assert hash(Letter("R")) == hash(Letter(name="R", primes=0))
    assert Letter("R") != Quantity("R")
    assert Letter("R") != Letter("R", 1)
    assert repr(Letter("R")) == "Letter(name='R', primes=0)"


@pytest.mark.parametrize(
    ("parts", "named"),
    [((), {}), (("R", 0, 1), {}), (("R",), {"name": "R"}), ((), {"primes": 1}), (("R",), {"x": 1})],
)
def test_a_node_has_all_its_parts_and_no_others(
    parts: tuple[object, ...], named: dict[str, object]
) -> None:
    with pytest.raises(TypeError, match="made of name, primes"):
        Letter(*parts, **named)  # type: ignore[arg-type]


def test_a_node_is_frozen() -> None:
    with pytest.raises(AttributeError, match="frozen"):
        R.name = "S"  # type: ignore[misc]


CALL = Application("pad", (R, Series((u, Numeral(1)))), (("stride", u),))


def test_children_stand_in_the_order_of_the_parts() -> None:
    assert children(CALL) == (R, Series((u, Numeral(1))), u)
    assert children(component(R, (u,))) == (R, IndexGroup((u,)))
    assert list(nodes(CALL)) == [CALL, R, Series((u, Numeral(1))), u, Numeral(1), u]


def test_rebuilding_with_the_children_gives_the_same() -> None:
    for node in nodes(CALL):
        assert rebuild(node, children(node)) == node
    assert rebuild(CALL, (u, R, R)) == Application("pad", (u, R), (("stride", R),))
    for wrong in ((R, R), (R, R, R, R)):
        with pytest.raises(ValueError, match="3 children"):
            rebuild(Through(R, R, R), wrong)
