"""The layout lint on two geometries, in real browsers; each fault that it knows is seen as well."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from tools import missing

from benchmarks import layout
from benchmarks.browsers import BROWSERS
from benchmarks.faults import FaultKind, faults, faults_of_page
from benchmarks.pages import Sight, sights
from benchmarks.pictures import Moment, moments
from symconv.figures.layout import Style
from symconv.figures.subject import Subject
from symconv.notation import Notation
from symconv.views import figure, svg

CASES = ("7x5-3x2-d2-p1",)

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("browser", BROWSERS)]


def seen(browser: str) -> tuple[list[Moment], list[Sight]]:
    """Return what a browser shows of every kind of figure, deck and page."""
    try:
        return layout.look_at(browser, CASES), layout.look_at_pages(browser, CASES)
    except LookupError as error:
        missing(str(error))
        raise


def test_figures_decks_and_pages_are_seen_as_they_were_laid_out(browser: str) -> None:
    figures, pages = seen(browser)
    check_all_is_looked_at(figures, pages)
    amiss = layout.found(figures, pages)
    assert amiss == []
    small = {s.title: layout.smallest(s) for s in pages if s.name.endswith("/deck")}
    assert {title: size for title, size in small.items() if size < layout.SMALLEST} == {}


def check_all_is_looked_at(figures: list[Moment], pages: list[Sight]) -> None:
    """Check that every kind of figure and every slide was looked at."""
    kinds = (*layout.KINDS, layout.SHEET)
    assert {moment.name for moment in figures} == {f"{c}/{kind}" for c in CASES for kind in kinds}
    assert sum(len(moment.writings) for moment in figures) > 2000
    assert {sight.name for sight in pages} == {f"{c}/{n}" for c in CASES for n in ("page", "deck")}
    assert len(pages) > 40
    assert all(sight.pieces for sight in pages)


def drawn(kind: str = "forward") -> str:
    """Return a still that nothing is amiss with."""
    subject = Subject(layout.GEOMETRIES["6x6-3x3-u2"])
    return figure.draw(figure.Order(kind, subject, Style(Notation()), step=0), "svg").decode()


def in_another_font(picture: str) -> str:
    return re.sub("<style>.*</style>", "", picture.replace(svg.FAMILY, "monospace"), flags=re.S)


def with_blanks_collapsed(_: str) -> str:
    picture = drawn("wrong")  # in which a sign stands alone between blanks
    return picture.replace(' xml:space="preserve"', "")


def moved(start: str, by: float) -> Callable[[str], str]:
    """Return what moves the first text that begins so, to the right."""

    def changed(match: re.Match[str]) -> str:
        return f'<text x="{float(match[1]) + by}"{match[2]}'

    what = rf'<text x="([0-9.]+)"([^>]*><tspan[^>]*>{start})'
    return lambda picture: re.sub(what, changed, picture, count=1)


def doubled(picture: str) -> str:
    return re.sub(r"<text [^>]*>.*?</text>", lambda m: m[0] + moved(".", 3)(m[0]), picture, count=1)


def struck_through(picture: str) -> str:
    line = '<path d="M14 33L300 40" fill="none" stroke="#000000" stroke-width="1" /></svg>'
    return picture.replace("</svg>", line)


TAMPERED: dict[str, tuple[Callable[[str], str], set[FaultKind]]] = {
    "nothing": (str, set()),
    "another-font": (in_another_font, {FaultKind.STRETCHED}),
    "collapsed-blanks": (with_blanks_collapsed, {FaultKind.LOST, FaultKind.STRETCHED}),
    "out-of-the-cell": (moved("x", 20), {FaultKind.OUTSIDE_CELL, FaultKind.OVERLAPPING}),
    "off-the-page": (moved("Forward", -30), {FaultKind.OUTSIDE_PAGE}),
    "text-on-text": (doubled, {FaultKind.OVERLAPPING}),
    "struck-through": (struck_through, {FaultKind.CROSSED}),
}


PAGES: dict[str, tuple[str, set[FaultKind]]] = {
    "well": ("<p>One row<p>and the next <math><msub><mi>x</mi><mn>00</mn></msub></math>", set()),
    "shifted": ("<p style='margin-left: 1900px'>One<wbr>row", {FaultKind.OUTSIDE_PAGE}),
    "upon": ("<p>One row<p style='margin-top: -2.2em'>on another", {FaultKind.OVERLAPPING}),
    "close": ("<p>ONE<p style='margin-top: -24px'>TWO", {FaultKind.CROWDED}),
    "loud": ("<p style='text-transform: uppercase'>x<sub>00", {FaultKind.CAPITALS}),
}


def test_every_kind_of_fault_of_a_figure_is_noticed(browser: str) -> None:
    pictures = {name: change(drawn()).encode() for name, (change, _) in TAMPERED.items()}
    found = {m.name: {fault.kind for fault in faults(m)} for m in moments(browser, pictures)}
    assert found == {name: kinds for name, (_, kinds) in TAMPERED.items()}


def test_every_kind_of_fault_of_a_page_is_noticed(browser: str) -> None:
    style = "<style>body { font: 20px/1 'DejaVu Sans', sans-serif }</style>"
    pages = {f"a/{name}": (style + page).encode() for name, (page, _) in PAGES.items()}
    seen = sights(browser, pages)
    found = {sight.name[2:]: {fault.kind for fault in faults_of_page(sight)} for sight in seen}
    assert found == {name: kinds for name, (_, kinds) in PAGES.items()}


def test_there_is_a_tampered_picture_or_page_for_every_kind_of_fault(browser: str) -> None:
    kinds = [kinds for _, kinds in (*TAMPERED.values(), *PAGES.values())]
    assert set().union(*kinds) == set(FaultKind) - {FaultKind.COLOUR}
