"""The order of the lecture: an example, the forward pass, two gradients, what is proved."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from symconv.claims.verdict import Proof
from symconv.derivation import Derivation
from symconv.equation import Element
from symconv.errors import how_many
from symconv.figures.captions import equation_lines
from symconv.figures.contributions import not_drawn, windows_in_rows
from symconv.figures.frames import Arrow, Frame, Panel, Tiles, plain
from symconv.figures.kinds import KINDS, frame
from symconv.figures.labels import (
    EQUALS,
    FormulaLabel,
    Label,
    MathematicsLabel,
    Whole,
    Word,
    words,
)
from symconv.figures.mistakes import mistakes
from symconv.figures.operators import slid_over
from symconv.figures.paddings import counted, to_do
from symconv.figures.subject import Subject, step_of
from symconv.formula.words import DILATE, PAD, ROTATE, Operator
from symconv.geometry import Geometry, Layer
from symconv.lecture import every_size, symbolic
from symconv.lecture.slide import (
    Command,
    DisplayedSum,
    Drawing,
    JudgedStatement,
    Prose,
    Slide,
    SlideTable,
)
from symconv.notation import Notation
from symconv.proof.takeaways import times
from symconv.readings.elements import Namer
from symconv.readings.layers import LayerReading
from symconv.telling import layers
from symconv.telling.overview import GRADIENT_OF
from symconv.telling.words import shape_rows, size_rows

MOST_STEPS = 36
"""Up to this many steps of a sliding window are all shown, where steps share a slide."""

MOST_PRODUCTS = 500
"""Up to this many products in all steps together; TeX keeps all of them in its memory."""

TAKEAWAYS_A_SLIDE = 3


@dataclass(frozen=True)
class Talk:
    """The subject and the choices of a lecture.

    Attributes:
        derivation: the equations, gradients and proofs.
        only: ``all``, or ``forward``, ``input`` or ``filter`` for that part alone.
        elements: the elements whose stories are told; where there are none, good examples.
        command: the command that makes the slides.
        notation: names and the first index.
        most_steps: up to this many steps of a sliding window are all shown.
    """

    derivation: Derivation
    only: str = "all"
    elements: tuple[Element, ...] = ()
    command: str = ""
    notation: Notation = field(default_factory=Notation)
    most_steps: int = MOST_STEPS

    @functools.cached_property
    def subject(self) -> Subject:
        """The subject of its figures."""
        return Subject(self.derivation.geometry)

    def tells(self, wrt: str) -> bool:
        """Whether the gradient with respect to ``input`` or ``filter`` is told."""
        return self.only in ("all", wrt)


def tell(talk: Talk) -> Iterator[Slide]:
    """Yield the slides of a lecture, but for its title page.

    Raises:
        SymconvError: the geometry is too large to draw.
    """
    yield _example(talk)
    if talk.derivation.whole is not None:
        yield _channels(talk, talk.derivation.whole.layer)
    if talk.only in ("all", "forward") and talk.derivation.geometry.transposed:
        yield from _pattern(talk)
    if talk.only in ("all", "forward"):
        yield _forward(talk)
    if talk.tells("input"):
        yield from _input_gradient(talk)
    if talk.tells("filter"):
        yield from _filter_gradient(talk)
    yield from _takeaways(talk)
    if talk.tells("input"):
        yield from _mistakes(talk)
    if talk.only != "forward":
        geometry = talk.derivation.geometry
        if not geometry.transposed and max(geometry.input_dilation) == 1:
            yield from symbolic.slides(talk.only, talk.notation)
        yield _proved(talk)
    if talk.command:
        yield Slide(words("These slides"), (Prose(words("were made by")), Command(talk.command)))


def _example(talk: Talk) -> Slide:
    subject = talk.subject
    panels = tuple(_whole(subject, name) for name in ("X", "F", "Y"))
    drawing = Drawing("example", (Frame((), (panels,), ()),), caption=False)
    return Slide(words("The example"), (drawing, SlideTable(tuple(size_rows(subject.geometry)))))


def _channels(talk: Talk, layer: Layer) -> Slide:
    """Return who is summed over channels; all other slides are about one of each."""
    gradients = [name for name, wrt in (("dX", "input"), ("dF", "filter")) if talk.tells(wrt)]
    told = ["Y", *gradients, *layers.bias(layer, gradients)]
    reading = LayerReading(layer, talk.notation)
    lines = []
    for name in told:
        left, right = map(MathematicsLabel, reading.channels(name).sides)
        lines.append((left, EQUALS, right, Word(f"   {layers.note(layer, name)}")))
    return Slide(
        words("Channels: who is summed, and who is kept"),
        (
            SlideTable((("tensor", "indices", "size"), *shape_rows(layer))),
            DisplayedSum(tuple(lines)),
            Prose(words("Each * is one convolution in space: of one image, one channel and one "
                        "filter. The other slides tell it once.")),
        ),
    )  # fmt: skip


def _whole(subject: Subject, tensor: str) -> Panel:
    """Return a tensor with every element in its place."""
    shapes = {"X": subject.geometry.input, "F": subject.geometry.filter,
              "Y": subject.geometry.output}  # fmt: skip
    grid = np.empty(shapes[tensor[-1]], dtype=object)
    for index in np.ndindex(*grid.shape):
        grid[index] = plain(Element(tensor, index))
    drawn: Tiles = tuple(map(tuple, np.atleast_2d(grid)))
    names = {"X": "input", "F": "filter", "Y": "output"}
    title: Label = (Whole(tensor),)
    return Panel(title if tensor[0] == "d" else words(f"{names[tensor]} {{}}", *title), drawn)


def _forward(talk: Talk) -> Slide:
    return Slide(words("The forward pass, window by window"), (_sliding(talk, "forward", "Y"),))


def _input_gradient(talk: Talk) -> Iterator[Slide]:
    yield _question(talk, "X")
    for element in _told(talk, "X"):
        yield _story(talk, element)
    transposed = talk.derivation.geometry.transposed
    if not transposed:
        yield from _pattern(talk)
    yield Slide(
        words(f"The {'' if transposed else 'rotated '}filter slides over the gradient"),
        (_sliding(talk, "input-gradient", "X"),),
    )
    yield from _closed_form(talk, "dX")


def _filter_gradient(talk: Talk) -> Iterator[Slide]:
    yield _question(talk, "F")
    for element in _told(talk, "F"):
        yield _story(talk, element)
    transposed = talk.derivation.geometry.transposed
    if not talk.tells("input") and max(talk.derivation.geometry.stride) > 1 and not transposed:
        yield _operator(talk, DILATE)
    slides = (
        "spread input slides over the gradient" if transposed else "gradient slides over the input"
    )
    yield Slide(words(f"The {slides}"), (_sliding(talk, "filter-gradient", "F"),))
    yield from _closed_form(talk, "dF")


def _question(talk: Talk, wrt: str) -> Slide:
    """Return what is known, what is wanted, and the rule that leads there."""
    known, wanted = _whole(talk.subject, "dY"), _whole(talk.subject, f"d{wrt}")
    row = (known, Arrow((Word("chain rule"),)), wanted)
    name = {"X": "input", "F": "filter"}[wrt]
    element = {"X": "An input", "F": "A filter element"}[wrt]
    sentence = f"{element} changes the loss through the outputs that it takes part in:"
    rule = Namer(talk.notation).chain_rule(wrt, len(talk.derivation.geometry.axes))
    return Slide(
        words(f"Known: the gradient of the output.  Wanted: that of the {name}"),
        (
            Drawing(f"question-{name}", (Frame((), (row,), ()),), caption=False),
            Prose(words(sentence)),
            DisplayedSum(((MathematicsLabel(rule),),)),
        ),
    )


def _told(talk: Talk, tensor: str) -> list[Element]:
    """Return the elements whose stories are told: the given ones, else good examples."""
    given = [element for element in talk.elements if element.tensor == tensor]
    if given or talk.elements:
        return given
    shape = {"X": talk.derivation.geometry.input, "F": talk.derivation.geometry.filter}[tensor]
    corner = (0,) * len(shape)
    if tensor == "F":
        examples = [corner, tuple(n - 1 for n in shape)]
    else:
        edge = (0,) * (len(shape) - 1) + (shape[-1] // 2,)
        examples = [corner, edge, talk.subject.busiest("X").index]
    return [Element(tensor, index) for index in dict.fromkeys(examples)]


def _story(talk: Talk, element: Element) -> Slide:
    """Return which windows an element is in, the local derivatives there, and its gradient."""
    gradient = talk.derivation.equation(Element(f"d{element.tensor}", element.index))
    rows = windows_in_rows(talk.subject, element)
    drawing = Drawing(f"story-{_file_name(element)}", (Frame((), rows, ()),), caption=False)
    if not gradient.terms:
        said = words("No window reaches {}, so it changes nothing:", element)
    else:
        left = not_drawn(len(gradient.terms), rows)
        shown = f" ({len(gradient.terms) - left} drawn, {left} more)" if left else ""
        said = words(
            f"{{}} is in {how_many(len(gradient.terms), 'window')}{shown}; the local derivative "
            "is what it is multiplied by there. Thus:",
            element,
        )
    return Slide(
        words("To which outputs does {} contribute?", element),
        (drawing, Prose(said), DisplayedSum(equation_lines(gradient))),
    )


def _file_name(element: Element) -> str:
    return "-".join(map(str, (element.tensor.lower(), *element.index)))


_PATTERN = {
    DILATE: "dilate the gradient",
    PAD: "pad it",
    ROTATE: "rotate the filter",
}
"""The operators before the filter slides, in order, with the titles of their slides."""


def _pattern(talk: Talk) -> Iterator[Slide]:
    """Yield what is done before the rotated filter slides, over dY or, transposed, over X."""
    for operator in _PATTERN:
        if operator is not DILATE or max(talk.derivation.geometry.stride) > 1:
            yield _operator(talk, operator)


def _operator(talk: Talk, operator: Operator) -> Slide:
    title = _PATTERN[operator]
    if talk.derivation.geometry.transposed:
        title = title.replace("gradient", "input")
    if operator is PAD:
        work = to_do(slid_over(talk.subject)[1])
        title = " and ".join(each.name for each in work) + " it" if work else "nothing to pad"
    drawn = frame(operator.name, talk.subject, 0)
    return Slide(words(f"The pattern: {title}"), (Drawing(operator.name, (drawn,)),))


def _sliding(talk: Talk, name: str, tensor: str) -> Drawing:
    """Return the steps of a sliding window: all, or the telling ones where there are many."""
    steps = KINDS[name].steps(talk.subject)
    g = talk.subject.geometry
    products = steps * math.prod(g.filter if tensor != "F" else _dilated(g))
    all_of_them = steps <= talk.most_steps and products <= MOST_PRODUCTS
    shown = range(steps) if all_of_them else _telling_steps(talk, tensor)
    return Drawing(name, tuple(frame(name, talk.subject, step) for step in shown))


def _dilated(geometry: Geometry) -> tuple[int, ...]:
    """Return the shape of the dilated gradient."""
    return tuple((axis.output - 1) * axis.stride + 1 for axis in geometry.axes)


def _telling_steps(talk: Talk, tensor: str) -> list[int]:
    shape = {"X": talk.subject.geometry.input, "F": talk.subject.geometry.filter,
             "Y": talk.subject.geometry.output}[tensor]  # fmt: skip
    busiest = step_of(talk.subject.busiest(tensor), shape)
    last = step_of(Element(tensor, tuple(n - 1 for n in shape)), shape)
    return sorted({0, 1, 2, busiest, min(busiest + 1, last), last - 1, last})


def _closed_form(talk: Talk, gradient: str) -> Iterator[Slide]:
    name, claim = {"dX": ("input", "input-gradient"), "dF": ("filter", "filter-gradient")}[gradient]
    form = talk.derivation.closed_forms[claim.replace("-", "_")]
    proof = next(proof for proof in talk.derivation.proofs if proof.claim == claim)
    element = talk.subject.busiest(gradient[1])
    told = [e for e in talk.elements if e.tensor == gradient[1]]
    subject = Subject(talk.derivation.geometry, told[0] if told else element)
    yield Slide(
        words(f"The {name} gradient in closed form"),
        (
            DisplayedSum(((Whole(gradient), EQUALS, FormulaLabel(form)),)),
            Prose(words(_operands(talk, gradient))),
            JudgedStatement(words("{} equals its closed form.", Whole(gradient)), proof),
        ),
    )
    target = Element(gradient, subject.looked_at(gradient[1]).index)
    yield Slide(
        words("Two roads to {}", target), (Drawing(f"proof-{name}", (frame("proof", subject, 0),)),)
    )


def _operands(talk: Talk, gradient: str) -> str:
    geometry = talk.derivation.geometry
    said = {
        "dX": "correlate(A, B) slides B over A and adds up the products, B not rotated.",
        "dF": "The gradient slides over the input; nothing is rotated.",
    }[gradient]
    if geometry.transposed:
        return said if gradient == "dX" else "The spread input slides over the gradient."
    if any(geometry.remainder):
        rest = " and ".join(counted(geometry.remainder))
        said += {
            "dX": f" The remainder is added at the end: {rest}.",
            "dF": f" The remainder is left out at the end: {rest} that no window reached.",
        }[gradient]
    if max(geometry.dilation) > 1:
        said += (
            " The filter's dilation is "
            + {
                "dX": "the dilation here, too.",
                "dF": "the stride here.",
            }[gradient]
        )
    return said


def _takeaways(talk: Talk) -> Iterator[Slide]:
    wanted = {"forward"} | ({"input", "filter"} if talk.only == "all" else {talk.only})
    judged = [
        JudgedStatement(words(t.sentence), t.proof, t.consequence)
        for t in talk.derivation.takeaways
        if t.wrt in wanted
    ]
    for k in range(0, len(judged), TAKEAWAYS_A_SLIDE):
        more = " (continued)" if k else ""
        yield Slide(words(f"Takeaways, judged{more}"), tuple(judged[k : k + TAKEAWAYS_A_SLIDE]))


def _mistakes(talk: Talk) -> Iterator[Slide]:
    """Yield the mistake that everybody makes once, and the remainder where there is one."""
    geometry = talk.derivation.geometry
    shown = ["no-rotation", "rotation"]
    if any(geometry.remainder):
        shown.append("no-remainder")
    for step, mistake in enumerate(mistakes(geometry)):
        if mistake.name in shown:
            drawing = Drawing(mistake.name, (frame("wrong", talk.subject, step),))
            yield Slide(words(f"What if {mistake.words}?"), (drawing,))


def _proved(talk: Talk) -> Slide:
    wanted = [claim for wrt, claim in (("input", "input-gradient"), ("filter", "filter-gradient"))
              if talk.tells(wrt)]  # fmt: skip
    wanted += ["bias-gradient"] if talk.only == "all" else []
    everything = [p for p in every_size.proofs(talk.derivation) if p.claim in wanted]
    if everything:
        return _proved_everywhere(everything)
    here = [proof for proof in talk.derivation.proofs if proof.claim in wanted]
    return Slide(
        words("Proved for this size, and what that means"),
        (
            *(_judged(proof) for proof in here),
            Prose(words("Every element of the gradient was derived twice: by differentiating the "
                        "forward pass, and from the closed form. Both are the same sum of "
                        f"products, term by term, at {_sizes(talk)}.")),
            Prose(words("Other sizes are not judged on these slides.")),
        ),
    )  # fmt: skip


def _proved_everywhere(proofs: Sequence[Proof]) -> Slide:
    return Slide(
        words("Proved for every size, and what that means"),
        (
            *(_judged(proof) for proof in proofs),
            Prose(words("Every size: all inputs, filters, strides, dilations and paddings for "
                        "which the filter fits, not a list of tested ones.")),
            Prose(words("Both sides are read at a symbolic index; what is left are inequalities "
                        "between whole numbers, and each has a certificate: multipliers that "
                        "anybody can check by expanding a product.")),
        ),
    )  # fmt: skip


def _judged(proof: Proof) -> JudgedStatement:
    tensor = GRADIENT_OF[proof.claim]
    return JudgedStatement(words("{} equals its closed form.", Whole(tensor)), proof)


def _sizes(talk: Talk) -> str:
    g = talk.derivation.geometry
    return f"input {times(g.input)}, filter {times(g.filter)}, stride {times(g.stride)}"
