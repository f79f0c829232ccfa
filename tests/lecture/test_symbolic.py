"""What the slides for any sizes say is true: every formula on them is evaluated by plain loops."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache

import loops
import pytest
from shown_mathematics import Place, called, holds, slips, tensor, value
from tools import katex_failures

from symconv.figures.labels import MathematicsLabel
from symconv.geometry import Geometry
from symconv.lecture import symbolic
from symconv.lecture.slide import DisplayedSum, Prose, Slide
from symconv.mathematics.latex import LATEX
from symconv.mathematics.tree import (
    Application,
    Comparison,
    Component,
    Letter,
    LossGradient,
    Mathematics,
    Partial,
    Quantity,
    RelationSign,
    nodes,
)
from symconv.notation import Notation
from symconv.polynomial import Polynomial
from symconv.symbolic.reading import BoardReading
from symconv.telling.writers import Latex
from symconv.views import labels

NOTATIONS = {
    "usual": Notation(),
    "from-1": Notation(("X", "W", "O"), base=1),
    "greek": Notation(("image", r"\theta", "z")),
}

SIZES = [
    (H, R, u, d, lo, hi)
    for H in (1, 4, 7)
    for R in (1, 3)
    for u in (1, 2, 3)
    for d in (1, 2)
    for lo, hi in ((0, 0), (1, 2), (-1, 0), (2, -1))
    if H + lo + hi >= d * (R - 1) + 1
]
"""Extent, filter, stride, dilation and padding; remainders, crops and long steps among them."""

FEW = [(7, 3, 3, 2, 1, 2), (9, 3, 2, 1, 1, 0), (4, 1, 3, 2, 0, 0), (8, 2, 3, 2, -1, 2)]
"""Where a slip is looked for."""


@cache
def told(notation: Notation) -> tuple[Slide, ...]:
    return tuple(symbolic.slides("all", notation))


def shown(slide: Slide) -> Iterator[Mathematics]:
    """Yield what is set off on a slide, then what stands in its sentences."""
    displays = [part.lines for part in slide.parts if isinstance(part, DisplayedSum)]
    sentences = [(part.label,) for part in slide.parts if isinstance(part, Prose)]
    for line in (line for lines in (*displays, *sentences) for line in lines):
        yield from (atom.tree for atom in line if isinstance(atom, MathematicsLabel))


class Lecture:
    """One convolution on one axis, by loops, and what the slides have defined so far."""

    def __init__(self, notation: Notation, sizes: tuple[int, ...]) -> None:
        H, R, u, d, lo, hi = sizes
        geometry = Geometry.of((H, 1), (R, 1), (u, 1), ((lo, hi), (0, 0)), (d, 1))
        P, _ = loops.output_shape(geometry)
        self.notation = notation
        self.related = {(p, m, r) for (p, _), (m, _), (r, _) in loops.products(geometry)}
        self.names = {"H": H, "R": R, "u": u, "d": d, "pt": lo, "pb": hi, "P": P,
                      "rem_H": H + lo + hi - d * (R - 1) - 1 - (P - 1) * u}  # fmt: skip
        extents = {"m": H, "r": R, "p": P, "k": R, "i": (P - 1) * u + 1}
        base = notation.base
        self.ranges = {letter: range(base, n + base) for letter, n in extents.items()}
        self.tensors: dict[str, list[int]] = {}
        dice = random.Random(str(sizes))
        x, f, dy = ([dice.randrange(1, 10**6) for _ in range(n)] for n in (H, R, P))
        y, dx, df = [0] * P, [0] * H, [0] * R
        for p, m, r in self.related:
            y[p] += x[m] * f[r]
            dx[m] += dy[p] * f[r]
            df[r] += dy[p] * x[m]
        for known, elements in {"X": x, "F": f, "Y": y}.items():
            self.define(known, elements)
        for known, elements in {"X": dx, "F": df, "Y": dy}.items():
            self.define(known, elements, before="d")

    def define(self, of: str, elements: list[int], before: str = "", primes: str = "") -> None:
        """Give a tensor its elements, by the name of the whole and by that of its elements."""
        for word in (self.notation.letter(of), self.notation.tensor(of)):
            self.tensors[f"{before}{word}{primes}"] = elements

    def place(self, counted: tuple[Mathematics, ...] = (), **indices: int) -> Place:
        """Return where something is evaluated."""
        padded = frozenset({self.notation.letter("X")})
        return Place({**self.names, **indices}, self.tensors, self.notation.base, self.ranges,
                     counted, padded)  # fmt: skip

    def agrees(self, tree: Mathematics, conditions: tuple[Mathematics, ...]) -> bool:
        """Whether a formula is true; a definition is taken down.

        Args:
            tree: the formula.
            conditions: what the slide says of m and k, where a term of a sum over k counts.
        """
        match tree:
            case Quantity():
                return True
            case Comparison((Letter(defined, primes), Application() as formula), _):
                known = {self.notation.tensor(of): of for of in "XFY"}.get(defined, defined)
                self.define(known, tensor(formula, self.place()), primes="'" * primes)
                return True
            case Comparison((LossGradient() as whole, Application() as formula), _):
                return tensor(formula, self.place()) == self.tensors[called(whole)]
            case Comparison((Component() | Partial(), _), _):
                return self._elementwise(tree, conditions if "k" in letters(tree) else ())
            case Comparison((Quantity("m"), right), _):
                return self._relation(right)
            case Comparison((Quantity("r"), right), _):
                turned = [value(right, self.place(k=k)) for k in self.ranges["k"]]
                return turned == list(reversed(self.ranges["r"]))
            case Comparison((Quantity("i"), right), _):
                return self._spread(right)
            case Comparison() if tree in conditions:
                return self._conditions(conditions)
            case Comparison():
                return holds(tree, self.place())
        return False

    def _elementwise(self, tree: Comparison, conditions: tuple[Mathematics, ...]) -> bool:
        left, right = tree.sides
        below = left.below if isinstance(left, Partial) else left
        assert isinstance(below, Component)
        ((entry,),) = (group.entries for group in below.groups)
        if not isinstance(entry, Quantity):
            return False
        places = [self.place(conditions, **{entry.name: i}) for i in self.ranges[entry.name]]
        return all(value(left, at) == value(right, at) for at in places)

    def _relation(self, right: Mathematics) -> bool:
        """Whether the loops multiply exactly where the slide says so."""
        base, inside = self.notation.base, self.ranges["m"]
        met = {
            (p - base, int(m) - base, r - base)
            for p in self.ranges["p"]
            for r in self.ranges["r"]
            if (m := value(right, self.place(p=p, r=r))) in inside
        }
        return met == self.related

    def _spread(self, right: Mathematics) -> bool:
        """Whether the outputs are as far apart as the stride says."""
        places = [value(right, self.place(p=p)) - self.notation.base for p in self.ranges["p"]]
        return places == [p * self.names["u"] for p in range(self.names["P"])]

    def _conditions(self, conditions: tuple[Mathematics, ...]) -> bool:
        """Whether the conditions hold where m and k, the filter from its end, have an output."""
        base, R, P = self.notation.base, self.names["R"], self.names["P"]
        return all(
            all(holds(one, self.place(m=m, k=k)) for one in conditions)
            == any((p, m - base, R - 1 - (k - base)) in self.related for p in range(P))
            for m in self.ranges["m"]
            for k in self.ranges["k"]
        )


def letters(tree: Mathematics) -> set[str]:
    """Return the names of sizes and indices in a formula."""
    return {part.name for part in nodes(tree) if isinstance(part, Quantity)}


Deck = list[list[Mathematics]]
"""The formulas on each slide."""


def false(deck: Deck, notation: Notation, sizes: tuple[int, ...]) -> list[str]:
    """Return the formulas that are false at these sizes."""
    lecture, found = Lecture(notation, sizes), []
    for slide in deck:
        conditions = tuple(
            tree
            for tree in slide
            if isinstance(tree, Comparison)
            and tree.signs[0] in (RelationSign.DIVIDES, RelationSign.AT_MOST)
        )
        for tree in slide:
            try:
                if not lecture.agrees(tree, conditions):
                    found.append(LATEX.write(tree))
            except (IndexError, KeyError, ZeroDivisionError) as error:
                found.append(f"{LATEX.write(tree)}: {error}")
    return found


def deck(notation: Notation) -> Deck:
    return [list(shown(slide)) for slide in told(notation)]


@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=NOTATIONS.keys())
def test_every_formula_on_the_slides_is_true(notation: Notation) -> None:
    assert len(SIZES) > 100
    for sizes in SIZES:
        assert false(deck(notation), notation, sizes) == []


def test_all_that_matters_is_on_the_slides() -> None:
    shown_ones = [[LATEX.write(tree) for tree in slide] for slide in deck(Notation())]
    assert [len(slide) for slide in shown_ones] == [11, 8, 6, 8, 4]
    said = "".join(formula for slide in shown_ones for formula in slide)
    for word in ("dilate", "pad", "rotate", "correlate"):
        assert rf"\operatorname{{{word}}}" in said


@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=NOTATIONS.keys())
def test_every_slip_of_the_pen_is_noticed(notation: Notation) -> None:
    """Each formula with another sign, number or letter in one place is false at some size."""
    slides = deck(notation)
    unnoticed, tried = [], 0
    for k, slide in enumerate(slides):
        for n, tree in enumerate(slide):
            for slipped in slips(tree) if not isinstance(tree, Quantity) else ():
                tried += 1
                changed = [*slide[:n], slipped, *slide[n + 1 :]]
                spoilt = [*slides[:k], changed, *slides[k + 1 :]]
                if not any(false(spoilt, notation, sizes) for sizes in FEW):
                    unnoticed.append(f"{LATEX.write(tree)}  ->  {LATEX.write(slipped)}")
    assert unnoticed == []
    assert tried > 150


def spoilt(notation: Notation) -> Deck:
    return [list(shown(slide)) for slide in symbolic.slides("all", notation)]


def test_indices_that_count_from_0_where_the_lecture_counts_from_1_are_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    notation = NOTATIONS["from-1"]
    assert false(spoilt(notation), notation, FEW[0]) == []
    monkeypatch.setattr(BoardReading, "_shifted", lambda self, of: of)
    assert len(false(spoilt(notation), notation, FEW[0])) > 5


def test_a_padding_without_the_remainder_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    padding = symbolic._Derived.padding

    def forgetful(self: symbolic._Derived, name: str) -> tuple[Polynomial, Polynomial]:
        before, behind = padding(self, name)
        return before, behind.substitute({"rem_H": Polynomial({})})

    monkeypatch.setattr(symbolic._Derived, "padding", forgetful)
    with_a_rest = (9, 3, 3, 2, 1, 0)
    assert len(false(spoilt(Notation()), Notation(), with_a_rest)) == 2
    assert false(spoilt(Notation()), Notation(), (9, 3, 1, 2, 1, 0)) == []


@pytest.mark.parametrize("only", ["input", "filter"])
def test_one_gradient_alone_has_its_slides(only: str) -> None:
    titles = [
        labels.mixed(slide.title, Latex(Notation())) for slide in symbolic.slides(only, Notation())
    ]
    assert len(titles) == 3
    assert all(only in title for title in titles[1:])


@pytest.mark.katex
@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=NOTATIONS.keys())
def test_katex_renders_every_formula(notation: Notation) -> None:
    write = Latex(notation)
    bodies = [labels.display(part.lines, write) for slide in told(notation) for part in slide.parts
              if isinstance(part, DisplayedSum)]  # fmt: skip
    assert len(bodies) == 17
    assert (
        katex_failures([*bodies, *(LATEX.write(t) for slide in deck(notation) for t in slide)])
        == []
    )
