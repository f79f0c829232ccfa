"""The proof for one element: the chain rule's sum and the window's sum, equal terms joined.

The left column is the derivation road (the relation between input, filter and output), the right
one is read off the picture of the closed form, zeros included; neither knows of the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from symconv.equation import Element, Term
from symconv.figures.captions import equation_lines
from symconv.figures.frames import Frame, Join, Look, Mood, Panel, Tile
from symconv.figures.labels import Label, Sign, Word, words
from symconv.figures.subject import Subject, step_of
from symconv.figures.windows import filter_gradient, input_gradient, legend

WIDE = (2.3, 0.92)
"""The size of a cell that holds a product with a derivative."""

MOST_ROWS = 18
"""Of more terms than this the first ones are drawn, the others counted."""


def proof(subject: Subject, step: int = 0) -> Frame:
    """Return both sums for one element of X or F; equal terms are joined by lines."""
    target = _target(subject)
    chain = subject.equation(target).terms
    picture = _picture(subject, target)
    window = list(_products(picture))
    agree = Counter(chain) == Counter(term for term in window if not _is_zero(term))
    left, right = list(chain), list(_zeros_folded(window))
    return Frame(
        words("{} twice: by the chain rule, and in the window of the closed form", target),
        ((_column("chain rule", left), Sign(""), _column("window", right), Sign(""), picture),),
        equation_lines(subject.equation(target)),
        joins=tuple(_joins(left, right)),
        legend=legend(picture.tiles),
        mood=Mood.PROVED if agree else Mood.WRONG,
    )


def _target(subject: Subject) -> Element:
    element = subject.element
    if element is None or element.tensor == "Y":
        element = subject.busiest("X")
    return Element(f"d{element.tensor}", element.index)


def _picture(subject: Subject, target: Element) -> Panel:
    """Return the closed form's grid with the window that computes the target."""
    draw = {"dX": input_gradient, "dF": filter_gradient}[target.tensor]
    shape = {"dX": subject.geometry.input, "dF": subject.geometry.filter}[target.tensor]
    drawn = draw(subject, step_of(target, shape))
    number, _ = drawn.rays[0].window
    return [part for row in drawn.rows for part in row if isinstance(part, Panel)][number]


def _products(picture: Panel) -> Iterator[Label]:
    """Yield what the cells of the window hold, row-major."""
    for row in picture.tiles:
        yield from (tile.label for tile in row if tile.look in (Look.PRODUCT, Look.DEAD))


def _is_zero(label: Label) -> bool:
    return not label or not all(isinstance(atom, Element) for atom in label)


def _zeros_folded(labels: Sequence[Label]) -> Iterator[Label]:
    """Yield the labels, each run of zeros as one that counts them."""
    zeros = 0
    for label in [*labels, None]:
        if label is not None and _is_zero(label):
            zeros += 1
            continue
        if zeros:
            yield (Word("0" if zeros == 1 else f"0  ({zeros} zeros)"),)
            zeros = 0
        if label is not None:
            yield label


def _column(title: str, labels: Sequence[Label]) -> Panel:
    shown = list(labels[:MOST_ROWS]) or [(Word("0"),)]
    rows = [(Tile(label, Look.ZERO if _is_zero(label) else Look.PRODUCT),) for label in shown]
    if left := labels[MOST_ROWS:]:
        more = sum(not _is_zero(label) for label in left)
        zeros = ", and zeros" if more and more < len(left) else ""
        rows.append((Tile((Word(f"{more} more{zeros}" if more else "zeros"),), Look.BLANK),))
    return Panel((Word(title),), tuple(rows), size=WIDE)


def _joins(left: Sequence[Term], right: Sequence[Label]) -> Iterator[Join]:
    """Yield a line from each term on the left to an equal one on the right."""
    free = dict(enumerate(right[:MOST_ROWS]))
    for m, term in enumerate(left[:MOST_ROWS]):
        n = next((n for n, label in free.items() if label == term), None)
        if n is not None:
            del free[n]
            yield Join((0, m), (1, n))
