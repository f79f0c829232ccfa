"""The layout lint on two geometries, in real browsers; each fault that it knows is seen as well."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

import pytest
from tools import missing

from benchmarks import layout
from benchmarks.browsers import BROWSERS
from benchmarks.layout import FaultKind, faults
from benchmarks.pictures import Moment, moments
from symconv.figures.layout import Style
from symconv.figures.subject import Subject
from symconv.notation import Notation
from symconv.views import figure, svg

CASES = ("6x6-3x3-u2", "7x5-3x2-d2-p1")

KNOWN: dict[tuple[str, FaultKind], str] = {}
"""What does not hold yet, by picture and kind of fault, in words."""

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("browser", BROWSERS)]


@functools.cache
def seen(browser: str) -> list[Moment]:
    """Return what a browser shows of every kind of figure, looked at once for all tests."""
    try:
        return layout.look_at(browser, CASES)
    except LookupError as error:
        missing(str(error))
        raise


def test_every_figure_is_drawn_as_it_was_laid_out(browser: str) -> None:
    found = [fault for moment in seen(browser) for fault in faults(moment)]
    unknown = [fault for fault in found if (fault.picture, fault.kind) not in KNOWN]
    assert unknown == []
    assert {(fault.picture, fault.kind) for fault in found} == set(KNOWN)


def test_every_kind_of_figure_is_looked_at(browser: str) -> None:
    pictures = {moment.picture for moment in seen(browser)}
    assert pictures == {
        f"{case}/{kind}" for case in CASES for kind in (*layout.KINDS, layout.SHEET)
    }
    assert sum(len(moment.writings) for moment in seen(browser)) > 2000


def drawn() -> str:
    """Return a still that nothing is amiss with."""
    subject = Subject(layout.GEOMETRIES["6x6-3x3-u2"])
    return figure.draw(figure.Order("forward", subject, Style(Notation()), step=0), "svg").decode()


def in_another_font(picture: str) -> str:
    return re.sub("<style>.*</style>", "", picture.replace(svg.FAMILY, "monospace"), flags=re.S)


def with_blanks_collapsed(picture: str) -> str:
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


def test_every_kind_of_fault_is_noticed(browser: str) -> None:
    pictures = {name: change(drawn()).encode() for name, (change, _) in TAMPERED.items()}
    found = {m.picture: {fault.kind for fault in faults(m)} for m in moments(browser, pictures)}
    assert found == {name: kinds for name, (_, kinds) in TAMPERED.items()}
    assert set().union(*found.values()) == set(FaultKind)
