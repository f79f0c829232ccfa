r"""Shows blocks as a document: a LaTeX fragment, or Markdown with ``$$``.

The LaTeX needs amsmath and nothing else: comments, and displays ``\[ .. \]`` whose bodies KaTeX
renders, too.  Long sums are broken one filter row a line.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Self

import numpy as np

from symconv.claims.verdict import Verdict
from symconv.equation import Element, Equation
from symconv.geometry import Layer
from symconv.mathematics.latex import INLINE, aligned, aligned_row
from symconv.mathematics.tree import Mathematics, Phrase
from symconv.notation import Notation
from symconv.readings.pictures import PictureCell
from symconv.telling import blocks
from symconv.telling.blocks import LONGEST_LINE, Block, in_rows, sum_rows
from symconv.telling.words import (
    VERDICTS,
    computed,
    decimal,
    outcome,
    rest_of,
    shape_rows,
    size_rows,
)
from symconv.telling.writers import Latex, Plain

if TYPE_CHECKING:
    from symconv.symbolic.board import Statement
    from symconv.symbolic.convolution import Convolution


class Fragment:
    """The forms of LaTeX: prose as comments, each display in brackets."""

    def __init__(self, notation: Notation) -> None:
        self.write = Latex(notation)
        self.prose = Plain(notation)

    def of_layer(self, layer: Layer, at: Mapping[str, int]) -> Self:
        """Return the forms whose names have these leading indices of a layer."""
        style = type(self)(self.write.notation)
        style.write, style.prose = self.write.of_layer(layer, at), self.prose.of_layer(layer, at)
        return style

    def heading(self, text: str) -> str:
        """Return the heading of a section."""
        return f"% {text}\n% {'-' * len(text)}"

    def subheading(self, text: str) -> str:
        """Return the heading of a step."""
        return f"% {text}"

    def sentence(self, text: str) -> str:
        """Return a sentence."""
        return f"% {text}"

    def item(self, said: str, states: str, because: Iterable[str]) -> str:
        """Return a condition, what it states, and why it holds."""
        return f"%   {', '.join(filter(None, (said, states)))}; {'; '.join(because)}"

    def code(self, text: str) -> str:
        """Return code in a sentence."""
        return text

    def inline(self, prose: str, latex: str) -> str:
        """Return mathematics in a sentence: as prose writes it, or as LaTeX."""
        return prose

    def table(self, rows: list[tuple[str, ...]]) -> str:
        """Return a table; its first row is the head."""
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in rows)
        return "\n".join(f"% {line}".rstrip() for line in lines)

    def display(self, body: str) -> str:
        """Return mathematics, set off."""
        return f"\\[\n{body}\n\\]"

    def name(self, thing: Element | str | Mathematics) -> str:
        """Return a name as it stands in a sentence."""
        return self.prose.name(thing)


class _Markdown(Fragment):
    """The forms of Markdown: prose as prose, each display between double dollars."""

    def heading(self, text: str) -> str:
        return f"## {text}"

    def subheading(self, text: str) -> str:
        return f"### {text}"

    def sentence(self, text: str) -> str:
        return text

    def item(self, said: str, states: str, because: Iterable[str]) -> str:
        words = ", ".join(filter(None, (said, states and f"`{states}`")))
        return f"- {words}; {'; '.join(_code(line) for line in because)}"

    def code(self, text: str) -> str:
        return f"`{text}`"

    def inline(self, prose: str, latex: str) -> str:
        return f"${latex}$"

    def table(self, rows: list[tuple[str, ...]]) -> str:
        head, *rest = (f"| {' | '.join(row)} |" for row in rows)
        return "\n".join([head, f"|{' --- |' * len(rows[0])}", *rest])

    def display(self, body: str) -> str:
        return f"$$\n{body}\n$$"

    def name(self, thing: Element | str | Mathematics) -> str:
        return f"${self.write.name(thing)}$"


def _code(line: str) -> str:
    """Return a line of a proof: what is given in words, an identity as code."""
    return f"`{line}`" if ">=" in line and not line.startswith("given") else line


def latex(told: Iterable[Block], notation: Notation, comments: Sequence[str] = ()) -> Iterator[str]:
    """Yield a LaTeX fragment, piece by piece, under its comments."""
    if comments:
        yield "".join(f"% {comment}\n" for comment in comments) + "\n"
    yield from pieces(told, Fragment(notation))


def markdown(
    told: Iterable[Block], notation: Notation, comments: Sequence[str] = ()
) -> Iterator[str]:
    """Yield Markdown, piece by piece, under its comments."""
    if comments:
        yield "".join(f"<!-- {comment} -->\n" for comment in comments) + "\n"
    yield from pieces(told, _Markdown(notation))


def pieces(told: Iterable[Block], style: Fragment) -> Iterator[str]:
    """Yield a document in this style, piece by piece."""
    separator = ""
    for block in told:
        for part in _show(block, style):
            yield f"{separator}{part}\n"
            separator = "\n"


@functools.singledispatch
def _show(block: Block, style: Fragment) -> Iterator[str]:
    raise TypeError(f"a document cannot show {type(block).__name__}")


@_show.register
def _(block: blocks.Heading, style: Fragment) -> Iterator[str]:
    yield style.heading(block.text.format(*map(style.name, block.names)))


@_show.register
def _(block: blocks.Sizes, style: Fragment) -> Iterator[str]:
    yield style.table(size_rows(block.geometry))


@_show.register
def _(block: blocks.Remark, style: Fragment) -> Iterator[str]:
    yield style.sentence(block.text.format(*map(style.name, block.names)))


@_show.register
def _(block: blocks.TypedCode, style: Fragment) -> Iterator[str]:
    lines = "; ".join(map(style.code, block.lines))
    yield style.sentence(f"{block.library}: {lines}")


@_show.register
def _(block: blocks.ChainRule, style: Fragment) -> Iterator[str]:
    yield style.display(style.write.chain_rule(block.wrt, block.rank))


@_show.register
def _(block: blocks.Chained, style: Fragment) -> Iterator[str]:
    yield style.display(_chained(block.equation, block.more, style.write))


@_show.register
def _(block: blocks.Computed, style: Fragment) -> Iterator[str]:
    equation = block.equation
    if not block.products:
        yield style.display(style.write.equation(equation))
        return
    sums = [style.write.sum(part) for part in sum_rows(equation)]
    products = computed(block.products, r" \cdot ")
    rows = [" + ".join(row) for row in in_rows(products, LONGEST_LINE, 0)]
    lines = [f"{sign}{part}" for part_rows in (sums, rows) for sign, part in _added(part_rows)]
    lines[-1] += f" = {decimal(block.total)}"
    target = style.write.element(equation.target)
    yield style.display(aligned([f"{target} {lines[0]}", *lines[1:]]))


def _added(parts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the lines of a sum, each with what stands before it."""
    for k, part in enumerate(parts):
        yield ("&\\quad + " if k else "&= "), part


@_show.register
def _(block: blocks.Arrays, style: Fragment) -> Iterator[str]:
    for name, array in block.arrays:
        rows = (" & ".join(map(decimal, row)) for row in np.atleast_2d(array))
        body = " \\\\\n".join(rows)
        matrix = f"\\begin{{pmatrix}}\n{body}\n\\end{{pmatrix}}"
        yield style.display(f"{style.write.tensor(name)} = {matrix}")


@_show.register
def _(block: blocks.Listing, style: Fragment) -> Iterator[str]:
    for equation, more in block:
        if block.chained and equation.terms:
            yield style.display(_chained(equation, more, style.write))
        yield style.display(_sum(equation, more, None, style.write))
    if block.equations < block.total:
        yield style.sentence(rest_of(block))


@_show.register
def _(block: blocks.Displayed, style: Fragment) -> Iterator[str]:
    yield style.display(_sum(block.equation, block.more, block.marked, style.write))


@_show.register
def _(block: blocks.LocalDerivative, style: Fragment) -> Iterator[str]:
    yield style.display(style.write.local_value(block.output, block.wrt, block.value))


@_show.register
def _(block: blocks.ClosedForm, style: Fragment) -> Iterator[str]:
    yield style.display(style.write.closed_form(block.gradient, block.formula))


@_show.register
def _(block: blocks.Pictures, style: Fragment) -> Iterator[str]:
    for picture in block.pictures:
        yield style.sentence(picture.caption.format(*map(style.name, picture.names)) + ":")
        yield style.display(_array(np.atleast_2d(picture.grid).tolist(), style.write.in_space()))


@_show.register
def _(block: blocks.JudgedSentence, style: Fragment) -> Iterator[str]:
    sentence = block.sentence.format(*map(style.name, block.names))
    parts = [sentence, f"{outcome(block.proof)}.", block.consequence]
    yield "\n".join(style.sentence(part) for part in parts if part)


@_show.register
def _(block: blocks.LayerShapes, style: Fragment) -> Iterator[str]:
    head = ("tensor", "indices", "size")
    rows = [(style.prose.tensor(name), *rest) for name, *rest in shape_rows(block.layer)]
    yield style.table([head, *rows])


@_show.register
def _(block: blocks.LayerFormulas, style: Fragment) -> Iterator[str]:
    rows = []
    for formula in block.formulas:
        beside = rf" && {style.write(Phrase(formula.note))}" if formula.note else ""
        rows.append(aligned_row(style.write.layer_formula(formula)) + beside)
    yield style.display(aligned(rows))


@_show.register
def _(block: blocks.Judgements, style: Fragment) -> Iterator[str]:
    yield "\n".join(
        style.sentence(f"{style.name(name)} equals its closed form: {outcome(proof)}.")
        for name, proof in block.proofs
    )


@_show.register
def _(block: blocks.OfLayer, style: Fragment) -> Iterator[str]:
    yield from _show(block.block, style.of_layer(block.layer, block.at))


@_show.register
def _(block: blocks.RuleStep, style: Fragment) -> Iterator[str]:
    from symconv.telling import symbolic

    done, check = block.step.rewriting, block.step.check
    name, display = _board(style, done.board.convolution)
    yield style.subheading(f"{block.number}. {block.step.rule}")
    if block.evidence:
        yield style.sentence(done.sentence.format(*map(name, done.names)))
    else:
        yield style.sentence(f"{block.step.idea[0].upper()}{block.step.idea[1:]}.")
    for statement in done.statements:
        yield style.display(display(statement))
    if not block.evidence and check.verdict is Verdict.PROVED:
        return
    yield style.sentence(f"{VERDICTS[check.verdict]} {symbolic.said(check)}.")
    items = []
    for condition in symbolic.conditions(check):
        said = f"{VERDICTS[condition.verdict]} for every size: {condition.obligation.words}"
        items.append(style.item(said, condition.states, condition.because))
    if items:
        yield "\n".join(items)


@_show.register
def _(block: blocks.Theorem, style: Fragment) -> Iterator[str]:
    from symconv.telling import symbolic

    gradient = block.gradient
    yield style.sentence(f"{style.name(gradient.name)} equals this closed form.")
    yield style.sentence(f"{VERDICTS[gradient.theorem.verdict]} {symbolic.judged(gradient)}.")


def _board(
    style: Fragment, convolution: Convolution
) -> tuple[Callable[[object], str], Callable[[Statement], str]]:
    """Return how names in a sentence, and how statements are written."""
    from symconv.mathematics.lines import display
    from symconv.symbolic.reading import BoardReading

    board = BoardReading(style.write.notation, convolution=convolution)
    return (
        lambda thing: style.inline(style.prose(board.name(thing)), INLINE.write(board.name(thing))),
        lambda statement: display(board.statement(statement)),
    )


def _chained(equation: Equation, more: int, write: Latex) -> str:
    """Return the chain rule for one element; a long sum is broken as `_sum` breaks it."""
    names = write.names
    if len(equation.terms) + bool(more) <= LONGEST_LINE // 2:
        return write(names.chained(equation, more))
    rows = [equation.terms[k : k + 2] for k in range(0, len(equation.terms), 2)]
    sums = [names.chained(Equation(equation.target, row)).sides[1] for row in rows]
    written = [write(total) for total in sums] + ([write.sum((), more)] if more else [])
    first, *rest = written
    target = write.element(equation.target)
    return aligned([f"{target} &= {first}", *(f"&\\quad + {part}" for part in rest)])


def _sum(equation: Equation, more: int, marked: Element | None, write: Latex) -> str:
    """Return an equation; a long sum is broken, one row of the filter a line."""
    if len(equation.terms) + bool(more) <= LONGEST_LINE:
        return write.equation(equation, more, marked)
    target = write.element(equation.target)
    sums = [write.sum(part, 0, marked) for part in sum_rows(equation)]
    if more:
        sums.append(write.sum((), more))
    first, *rest = sums
    return aligned([f"{target} &= {first}", *(f"&\\quad + {part}" for part in rest)])


def _array(rows: list[list[PictureCell]], write: Latex) -> str:
    columns = "|".join("c" * len(rows[0]))
    body = " \\\\ \\hline\n".join(" & ".join(write.cell(cell) for cell in row) for row in rows)
    array = f"\\begin{{array}}{{|{columns}|}} \\hline\n{body} \\\\ \\hline\n\\end{{array}}"
    # Fractions need higher rows; the definition ends with the display.
    return f"\\def\\arraystretch{{1.7}}\n{array}" if "\\frac" in body else array
