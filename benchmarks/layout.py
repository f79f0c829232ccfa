"""The layout lint: what readers see of figures, slides and pages, and what is amiss with it.

Run: python -m benchmarks.layout           # all figures, decks and pages at eight geometries
     python -m benchmarks.layout chromium  # in one browser only
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from benchmarks.browsers import BROWSERS
from benchmarks.faults import Fault, FaultKind, faults, faults_of_gif, faults_of_page
from benchmarks.pages import Sight, sights
from benchmarks.pictures import Moment, moments
from symconv.derivation import Derivation, derive
from symconv.figures.kinds import KINDS, SHEET, good_step
from symconv.figures.layout import Style
from symconv.figures.subject import Subject
from symconv.geometry import Geometry, Layer
from symconv.lecture.talk import Talk, tell
from symconv.notation import Notation
from symconv.telling import exposition
from symconv.views import figure, forms, reveal_deck

SMALLEST = 20.0
"""The smallest letters that the last row reads, in pixels on a slide of 1920 by 1080."""

GEOMETRIES = {
    "5x5-3x3-u2": Geometry.of(5, 3, 2),
    "6x6-3x3-u2": Geometry.of(6, 3, 2),
    "7x5-3x2-d2-p1": Geometry.of((7, 5), (3, 2), 1, 1, 2),
    "3x3-2x2": Geometry.of(3, 2),
    "9x9-5x5": Geometry.of(9, 5),
    "5x5-3x3-p3": Geometry.of(5, 3, 1, 3),
    "12x4-3x1-u3x1": Geometry.of((12, 4), (3, 1), (3, 1)),
    "11-3-u2": Geometry.of((11,), (3,), (2,)),
}
"""Square and not, one axis and two, with a remainder, padding, a crop, dilation, wide indices."""

LAYERS = {
    "layer": Layer(Geometry.of(5, 3, 2), 2, 3, 4, bias=True),
    "transposed": Layer(Geometry.of(2, 2, 2, transposed=True, output_padding=1), 1, 3, 2),
}
"""Lectures of layers; figures draw one image, channel and filter of them."""


def drawings(geometry: Geometry) -> tuple[dict[str, bytes], dict[str, list[int]]]:
    """Return every kind of figure as SVG, and the steps of each animation to look at."""
    subject, style = Subject(geometry), Style(Notation())
    drawn, steps = {}, {}
    for name, kind in {**KINDS, SHEET: KINDS["filter-gradient"]}.items():
        order = figure.Order(name, subject, style, of="filter-gradient")
        drawn[name] = figure.draw(order, "svg")
        last = kind.steps(subject) - 1
        if kind.result is not None and name != SHEET and last > 0:
            steps[name] = sorted({0, good_step(name, subject), last})
    return drawn, steps


def gif_faults(geometries: Iterable[str]) -> Iterator[Fault]:
    """Yield what is amiss with the GIFs of all kinds that have several steps."""
    for case in geometries:
        subject = Subject(GEOMETRIES[case])
        for name, kind in KINDS.items():
            if kind.steps(subject) > 1:
                order = figure.Order(name, subject, Style(Notation()))
                scenes = figure.steps(order)
                data = figure.encode(scenes, order, "gif")
                yield from faults_of_gif(f"{case}/{name}", data, scenes, order.palette)


def look_at(browser: str, geometries: Iterable[str]) -> list[Moment]:
    """Return what a browser shows of every kind of figure; names are ``geometry/kind``."""
    drawn, steps = {}, {}
    for case in geometries:
        pictures, moving = drawings(GEOMETRIES[case])
        drawn |= {f"{case}/{name}": data for name, data in pictures.items()}
        steps |= {f"{case}/{name}": shown for name, shown in moving.items()}
    return moments(browser, drawn, steps)


def look_at_pages(browser: str, cases: Iterable[str], appendix: bool = False) -> list[Sight]:
    """Return what a browser shows of lectures and web pages, ``geometry/deck`` and ``/page``.

    Args:
        browser: one of `BROWSERS`.
        cases: names of `GEOMETRIES` and of `LAYERS`.
        appendix: whether lectures have all steps of their windows at the end.
    """
    derivations = {case: derive({**GEOMETRIES, **LAYERS}[case]) for case in cases}
    pages = {f"{case}/page": _page(derivation) for case, derivation in derivations.items()}
    decks = {
        f"{case}/deck": _deck(derivation, appendix) for case, derivation in derivations.items()
    }
    return sights(browser, pages | decks)


def _page(derivation: Derivation) -> bytes:
    told = exposition.tell(derivation, everything=True)
    return "".join(forms.pieces("mathml", told, Notation(), [])).encode()


def _deck(derivation: Derivation, appendix: bool) -> bytes:
    talk = Talk(derivation, command="symconv slides", appendix=appendix)
    return reveal_deck.deck(tell(talk), Notation(), "Title", "Subtitle", "Author").encode()


def smallest(seen: Moment | Sight) -> float:
    """Return how large the smallest letters are, in pixels, where a picture fills a slide."""
    if isinstance(seen, Sight):
        return min(piece.size for piece in seen.pieces)
    scale = min(1920 / seen.page.width, 1080 / seen.page.height)
    return scale * min(letter.size for text in seen.writings for letter in text.letters)


def found(moments: Iterable[Moment], sights: Iterable[Sight]) -> list[Fault]:
    """Return all that is amiss."""
    return [
        *(fault for moment in moments for fault in faults(moment)),
        *(fault for sight in sights for fault in faults_of_page(sight)),
    ]


def _small(seen: Iterable[Moment | Sight]) -> Mapping[str, float]:
    sizes: dict[str, float] = {}
    for one in seen:
        if not one.name.endswith("/page"):
            sizes[one.name] = min(sizes.get(one.name, SMALLEST), smallest(one))
    return {name: size for name, size in sizes.items() if size < SMALLEST}


def main() -> int:
    """Print what is amiss, a line for each picture and kind of fault; return 1 if anything is."""
    amiss = list(gif_faults(GEOMETRIES))
    print("GIF")
    _tell(amiss)
    for browser in sys.argv[1:] or BROWSERS:
        start = time.perf_counter()
        figures, pages = (
            look_at(browser, GEOMETRIES),
            look_at_pages(browser, [*GEOMETRIES, *LAYERS], True),
        )
        seconds = time.perf_counter() - start
        print(f"{browser}: {len(figures)} moments, {len(pages)} slides in {seconds:.1f} s")
        seen = found(figures, pages)
        _tell(seen)
        small = ", ".join(f"{k} {v:.0f}" for k, v in _small([*figures, *pages]).items())
        print(f"  below {SMALLEST:.0f} px on a slide: {small}")
        amiss += seen
    return int(len(amiss) > 0)


def _tell(amiss: Iterable[Fault]) -> None:
    """Print a line for each picture and kind of fault, with an example."""
    groups: dict[tuple[str, FaultKind], list[str]] = defaultdict(list)
    for fault in amiss:
        groups[fault.picture, fault.kind].append(fault.words)
    for (name, kind), words in groups.items():
        print(f"  {name}: {kind.value}, {len(words)} times; {words[0]}")


if __name__ == "__main__":
    raise SystemExit(main())
