"""The order of the lecture: an example, the forward pass, two gradients, what is proved."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from symconv.claims.verdict import Proof
from symconv.derivation import Derivation
from symconv.equation import Element
from symconv.errors import how_many
from symconv.figures import channels
from symconv.figures.frames import Arrow, Frame, Panel, Tiles, plain
from symconv.figures.kinds import frame
from symconv.figures.labels import (
    EQUALS,
    PLUS,
    Atom,
    FormulaLabel,
    Label,
    MathematicsLabel,
    Whole,
    Word,
    words,
)
from symconv.figures.mistakes import showing
from symconv.figures.operators import slid_over
from symconv.figures.paddings import counted, to_do
from symconv.figures.subject import Subject
from symconv.formula.words import DILATE, PAD, ROTATE, Operator
from symconv.geometry import Layer
from symconv.lecture import every_size, sliding, stories, symbolic
from symconv.lecture.slide import (
    Command,
    DisplayedSum,
    Drawing,
    JudgedStatement,
    Part,
    Prose,
    Slide,
    SlideTable,
)
from symconv.lecture.sliding import MOST_STEPS
from symconv.mathematics.tree import Letter, Partial
from symconv.notation import BIAS, LOSS, Notation
from symconv.proof.takeaways import stepping, times
from symconv.readings.elements import Namer
from symconv.readings.layers import LayerReading
from symconv.telling import layers
from symconv.telling.overview import GRADIENT_OF
from symconv.telling.words import outcome, shape_rows, size_rows

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
        appendix: whether all steps follow at the end where only the telling ones are shown.
    """

    derivation: Derivation
    only: str = "all"
    elements: tuple[Element, ...] = ()
    command: str = ""
    notation: Notation = field(default_factory=Notation)
    most_steps: int = MOST_STEPS
    appendix: bool = True

    @functools.cached_property
    def subject(self) -> Subject:
        """The subject of its figures."""
        return Subject(self.derivation.geometry)

    def tells(self, wrt: str) -> bool:
        """Whether the forward pass, or the gradient of ``input`` or ``filter``, is told."""
        return self.only in ("all", wrt)


def tell(talk: Talk) -> Iterator[Slide]:
    """Yield the slides of a lecture, but for its title page.

    Raises:
        SymconvError: the geometry is too large to draw.
    """
    yield _outline(talk)
    yield _example(talk)
    if talk.derivation.whole is not None:
        yield _channels(talk, talk.derivation.whole.layer)
        yield from _planes(talk, talk.derivation.whole.layer)
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
        yield _recap(talk)
    if talk.command:
        yield Slide(words("These slides"), (Prose(words("were made by")), Command(talk.command)))
    if talk.appendix:
        yield from _appendix(talk)


def _outline(talk: Talk) -> Slide:
    """Return what the lecture is about, in order."""
    geometry = talk.derivation.geometry
    told = ["the example, and the forward pass"]
    gradients = [name for name in ("input", "filter") if talk.tells(name)]
    told += [f"the gradient of the {name}: element by element, then in closed form"
             for name in gradients]  # fmt: skip
    if gradients:
        told.append("what textbooks say, and where it fails")
        general = not geometry.transposed and max(geometry.input_dilation) == 1
        told.append("any sizes: the proof, rule by rule" if general else "what is proved")
    lines = [Prose(words(f"{number}.  {line}")) for number, line in enumerate(told, 1)]
    return Slide(
        words("What is to come"),
        tuple(lines),
        ("Everything is shown on one small example first, and only then for any sizes.",),
    )


def _example(talk: Talk) -> Slide:
    subject = talk.subject
    panels = tuple(_whole(subject, name) for name in ("X", "F", "Y"))
    drawing = Drawing("example", (Frame((), (panels,), ()),), caption=False)
    notes = ["Small enough that everything can be written out; every size that matters is in "
             "the table."]  # fmt: skip
    if any(subject.geometry.remainder):
        notes.append("The stride leaves a remainder: look at the last rows and columns later on.")
    table = SlideTable(tuple(size_rows(subject.geometry)))
    return Slide(words("The example"), (drawing, table), tuple(notes))


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


def _planes(talk: Talk, layer: Layer) -> Iterator[Slide]:
    """Yield the sums over channels, filters and images as pictures, plane by plane."""
    subject = Subject(layer.geometry, layer=layer)
    told = {"Y": ("forward", "output"), "dX": ("input", "input gradient"),
            "dF": ("filter", "filter gradient")}  # fmt: skip
    stacks = 0
    for step, tensor in enumerate(channels.TENSORS):
        part, name = told[tensor]
        if talk.only in ("all", part):
            drawn = frame("channels", subject, step)
            drawn = replace(drawn, rows=drawn.rows[stacks:])  # the whole layer is seen once
            stacks = 1
            yield Slide(
                words(f"A layer, plane by plane: the {name}"),
                _with_words(f"channels-{tensor}", drawn),
            )


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
    return Slide(words("The forward pass, window by window"), (_sliding(talk, "forward"),),
        ("The filter lies on the input; what lies upon each other is multiplied, and all products "
         "are added up.",))  # fmt: skip


def _input_gradient(talk: Talk) -> Iterator[Slide]:
    yield _question(talk, "X")
    for element in _told(talk, "X"):
        yield _story(talk, element)
    transposed = talk.derivation.geometry.transposed
    if not talk.elements:
        yield from stories.discovery(talk.derivation, talk.subject)
    if not transposed:
        yield from _pattern(talk)
    yield Slide(
        words(f"The {'' if transposed else 'rotated '}filter slides over the gradient"),
        (_sliding(talk, "input-gradient"),),
        ("The same sums as in the stories, one element a step.",),
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
    yield Slide(
        words(f"The {slides}"),
        (_sliding(talk, "filter-gradient"),),
        ("Nothing is rotated here: the element of the filter that is asked for says where the "
         "window begins.",),
    )  # fmt: skip
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
        ("The gradient of the output comes from the layers above; here it is given.",),
    )


def _told(talk: Talk, tensor: str) -> list[Element]:
    """Return the elements whose stories are told: the given ones, else good examples."""
    given = [element for element in talk.elements if element.tensor == tensor]
    return given if talk.elements else stories.examples(talk.derivation, tensor)


def _story(talk: Talk, element: Element) -> Slide:
    return stories.story(talk.derivation, talk.subject, element, talk.notation)


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
    return Slide(words(f"The pattern: {title}"), _with_words(operator.name, drawn))


def _with_words(name: str, drawn: Frame) -> tuple[Part, ...]:
    """Return a picture, and its caption as sentences and equations below it."""
    parts: list[Part] = [Drawing(name, (drawn,), caption=False)]
    for line in drawn.caption:
        is_sum = any(isinstance(atom, Element) for atom in line) and EQUALS in line
        if is_sum and not isinstance(line[0], Word):
            parts.append(DisplayedSum((line,)))
        elif line[0] == PLUS and isinstance(parts[-1], DisplayedSum):
            parts[-1] = DisplayedSum((*parts[-1].lines, line))
        else:
            parts.append(Prose(line))
    return tuple(parts)


def _sliding(talk: Talk, name: str) -> Drawing:
    return sliding.telling(talk.subject, name, talk.most_steps)


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
    drawn = replace(frame("proof", subject, 0), legend=())  # it is no story of the remainder
    yield Slide(
        words("Two roads to the gradient of {}", subject.looked_at(gradient[1])),
        (Drawing(f"proof-{name}", (drawn,), caption=False),),
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
    for step, mistake in enumerate(showing(geometry)):
        if mistake.name in shown:
            drawn = frame("wrong", talk.subject, step)
            said = tuple(line for line in drawn.caption if not _is_of_others(line))
            drawn = replace(drawn, caption=said)
            yield Slide(words(f"What if {mistake.words}?"), _with_words(mistake.name, drawn))


def _is_of_others(line: Label) -> bool:
    """Whether a line of a caption tells where mistakes show that do not show here."""
    return any(isinstance(atom, Word) and "shows first" in atom.text for atom in line)


def _recap(talk: Talk) -> Slide:
    """Return what to take home: the closed forms, and what each operator stands for."""
    geometry = talk.derivation.geometry
    forms = [
        (Whole(gradient), EQUALS, FormulaLabel(talk.derivation.closed_forms[f"{name}_gradient"]))
        for gradient, name in (("dX", "input"), ("dF", "filter"))
        if talk.tells(name)
    ]
    said = []
    if max(geometry.stride) > 1 and not geometry.transposed:
        said.append("The stride of the forward pass becomes zeros between the elements of the "
                    "gradient.")  # fmt: skip
    if talk.tells("input") and not geometry.transposed:
        said.append("The input gradient turns the filter; zeros around make it the size of the "
                    "input.")  # fmt: skip
    if talk.tells("filter") and not geometry.transposed:
        said.append("The filter gradient turns nothing.")
    if any(geometry.remainder):
        said.append("The remainder has to be put back, or left out: at the end, and only there.")
    return Slide(
        words("What to take home, for this example"),
        (DisplayedSum(tuple(forms)), *(Prose(words(sentence)) for sentence in said)),
        ("If one thing is remembered, then why: every term comes from the one relation between "
         "the three indices.",),
    )  # fmt: skip


def _appendix(talk: Talk) -> Iterator[Slide]:
    """Yield all steps of the windows of which only the telling ones were shown."""
    kinds = {"forward": "forward", "input-gradient": "input", "filter-gradient": "filter"}
    names = {"forward": "the forward pass", "input": "the input gradient",
             "filter": "the filter gradient"}  # fmt: skip
    for kind, part in kinds.items():
        shown = sliding.whole(talk.subject, kind, talk.most_steps) if talk.tells(part) else None
        if shown is not None:
            yield Slide(words(f"Appendix: all steps of {names[part]}"), (shown,))


def _proved(talk: Talk) -> Slide:
    wanted = [claim for wrt, claim in (("input", "input-gradient"), ("filter", "filter-gradient"))
              if talk.tells(wrt)]  # fmt: skip
    wanted += ["bias-gradient"] if talk.only == "all" else []
    everything = [p for p in every_size.proofs(talk.derivation) if p.claim in wanted]
    if everything:
        return _proved_everywhere(talk, everything)
    here = [proof for proof in talk.derivation.proofs if proof.claim in wanted]
    return Slide(
        words("Proved for this size, and what that means"),
        (
            *(_judged(talk, proof) for proof in here),
            Prose(words("Every element was derived twice: by differentiating the forward pass, "
                        "and from the closed form.")),
            Prose(words(f"Both are the same sum, term by term, at {sizes(talk)}.")),
            Prose(words("Other sizes are not judged on these slides.")),
        ),
    )  # fmt: skip


def _proved_everywhere(talk: Talk, proofs: Sequence[Proof]) -> Slide:
    return Slide(
        words("Proved for every size, and what that means"),
        (
            *(_judged(talk, proof) for proof in proofs),
            Prose(words("Every size: all inputs, filters, strides, dilations and paddings for "
                        "which the filter fits.  Not a list of tested ones.")),
            Prose(words("Both sides are read at a symbolic index.  What is left are inequalities "
                        "between whole numbers.")),
            Prose(words("Each has a certificate that anybody can check by expanding a product.")),
        ),
        tuple(outcome(proof) for proof in proofs),
    )  # fmt: skip


def _judged(talk: Talk, proof: Proof) -> JudgedStatement:
    tensor = GRADIENT_OF[proof.claim]
    name: Atom = Whole(tensor)
    if tensor == "dB":  # by the bias, whose name is small
        bias = Letter(talk.notation.letter(BIAS))
        name = MathematicsLabel(Partial(Letter(LOSS), bias))
    return JudgedStatement(words("{} equals its closed form.", name), proof)


def sizes(talk: Talk) -> str:
    """Return what the lecture is about, in words: sizes, and what a layer has several of."""
    g, whole = talk.derivation.geometry, talk.derivation.whole
    said = [f"input {times(g.input)}", f"filter {times(g.filter)}", f"stride {stepping(g.stride)}"]
    if whole is not None:
        layer = whole.layer
        counts = {"image": layer.batch, "channel": layer.channels, "filter": layer.filters}
        said += [how_many(count, noun) for noun, count in counts.items() if count > 1]
    return ", ".join(said)
