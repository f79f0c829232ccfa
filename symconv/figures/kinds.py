"""The kinds of figures: each is a number of steps, and a frame for every step."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass, replace

from symconv.errors import SymconvError, how_many
from symconv.figures import channels, contributions, mistakes, operators, pairing, windows
from symconv.figures.frames import Frame
from symconv.figures.labels import words
from symconv.figures.subject import Subject, count, step_of
from symconv.formula.words import DILATE, PAD, ROTATE

MOST_FRAMES = 400
"""A figure of more frames than this is drawn one frame at a time."""


@dataclass(frozen=True, slots=True)
class FigureKind:
    """A kind of figure.

    Attributes:
        shows: what it shows, in words.
        frame: draws one step.
        steps: how many steps there are.
        result: for a sliding kind, the tensor that fills in, one element a step.
        whole: whether the whole of a layer is drawn, not one channel and one filter.
    """

    shows: str
    frame: Callable[[Subject, int], Frame]
    steps: Callable[[Subject], int] = lambda subject: 1
    result: str | None = None
    whole: bool = False


KINDS = {
    "forward": FigureKind(
        "the filter on the input, products in the cells",
        windows.forward,
        lambda subject: count(subject.geometry.output),
        "Y",
    ),
    "contributions": FigureKind(
        "the windows that cover one element, and its derived sum", contributions.contributions
    ),
    DILATE.name: FigureKind("the gradient, dilated by the stride", operators.dilate),
    PAD.name: FigureKind(
        "the dilated gradient, padded or cropped, the remainder tinted", operators.pad
    ),
    ROTATE.name: FigureKind("the filter, rotated by 180 degrees", operators.rotate),
    "input-gradient": FigureKind(
        "the rotated filter sliding over the gradient while dX fills in",
        windows.input_gradient,
        lambda subject: count(subject.geometry.input),
        "dX",
    ),
    "filter-gradient": FigureKind(
        "the dilated gradient sliding over the input while dF fills in",
        windows.filter_gradient,
        lambda subject: count(subject.geometry.filter),
        "dF",
    ),
    "channels": FigureKind(
        "the sums over channels, filters and images of a layer, plane by plane",
        channels.channels,
        lambda subject: len(channels.TENSORS),
        whole=True,
    ),
    "proof": FigureKind("for one element, both sums, equal terms joined", pairing.proof),
    "wrong": FigureKind(
        "what common mistakes give",
        mistakes.wrong,
        lambda subject: len(mistakes.showing(subject.geometry)),
    ),
}
"""Every kind but the sheet, which is all frames of another kind on one page."""

SHEET = "sheet"


def kind(name: str) -> FigureKind:
    """Return the kind of this name.

    Raises:
        SymconvError: there is none; the message names the nearest.
    """
    if name in KINDS:
        return KINDS[name]
    near = difflib.get_close_matches(name, [*KINDS, SHEET], 1)
    guess = f"did you mean {near[0]}?" if near else f"there are {', '.join([*KINDS, SHEET])}"
    raise SymconvError(f"unknown figure {name!r}; {guess}")


def frame(name: str, subject: Subject, step: int) -> Frame:
    """Return step ``step`` (from 0) of a figure: a pure function of the subject and the step.

    Raises:
        SymconvError: an unknown kind, or a step that it does not have.
    """
    drawn = kind(name)
    steps = _some_steps(name, subject)
    if not 0 <= step < steps:
        raise SymconvError(f"step {step + 1}: {name} has {steps} here, from 1 to {steps}")
    shown = replace(drawn.frame(subject, step), about=subject.about)
    if drawn.whole or not subject.part:
        return shown
    return replace(shown, caption=(*shown.caption, words(subject.part)))


def frames(name: str, subject: Subject) -> list[Frame]:
    """Return all frames of a figure.

    Raises:
        SymconvError: there are more than `MOST_FRAMES`, or no mistake shows.
    """
    steps = _some_steps(name, subject)
    if steps > MOST_FRAMES:
        raise SymconvError(
            f"{name} has {how_many(steps, 'frame')} here; --step K draws one of them"
        )
    return [frame(name, subject, step) for step in range(steps)]


def _some_steps(name: str, subject: Subject) -> int:
    """Return how many steps there are, at least one."""
    steps = kind(name).steps(subject)
    if not steps:
        where = "; ".join(mistakes.hidden(subject.geometry))
        raise SymconvError(f"no common mistake shows at this size ({where})")
    return steps


def good_step(name: str, subject: Subject) -> int:
    """Return the step of the element that is looked at: the given one, else the busiest."""
    tensor = kind(name).result
    if tensor is None:
        return 0
    element = subject.looked_at(tensor.removeprefix("d"))
    shapes = {"Y": subject.geometry.output, "dX": subject.geometry.input,
              "dF": subject.geometry.filter}  # fmt: skip
    return step_of(element, shapes[tensor])
