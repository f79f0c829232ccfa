"""Shows blocks as plain text: complete lines in ASCII, for pipes and files."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from symconv.claims.verdict import Verdict
from symconv.notation import Notation
from symconv.telling import blocks
from symconv.telling.blocks import Block
from symconv.telling.words import (
    VERDICTS,
    brief,
    computed,
    decimal,
    outcome,
    rest_of,
    scoped,
    shape_rows,
    size_rows,
    telling,
)
from symconv.telling.writers import Plain
from symconv.views.cells import cell_lines

if TYPE_CHECKING:
    from symconv.symbolic.checks import Check


def lines(told: Iterable[Block], notation: Notation) -> Iterator[str]:
    """Yield the lines of a derivation's blocks."""
    write = Plain(notation)
    before: Block | None = None
    blank = True
    for block in told:
        inner = block.block if isinstance(block, blocks.OfLayer) else block
        if isinstance(before, blocks.TypedCode):
            blank = True  # what follows stands right under it
        apart = isinstance(inner, blocks.Displayed) and isinstance(before, blocks.Results)
        if (apart or isinstance(inner, blocks.Heading)) and not blank:
            yield ""
        before = inner
        for line in _show(block, write):
            if line or not blank:
                yield line
            blank = not line


@functools.singledispatch
def _show(block: Block, write: Plain) -> Iterator[str]:
    raise TypeError(f"plain text cannot show {type(block).__name__}")


@_show.register
def _(block: blocks.Heading, write: Plain) -> Iterator[str]:
    title = block.text.format(*map(write.name, block.names))
    yield title
    yield "=" * len(title)


@_show.register
def _(block: blocks.Sizes, write: Plain) -> Iterator[str]:
    yield from _aligned([list(row) for row in size_rows(block.geometry)], "  ")


@_show.register
def _(block: blocks.Remark, write: Plain) -> Iterator[str]:
    yield ""
    yield block.text.format(*map(write.name, block.names))


@_show.register
def _(block: blocks.TypedCode, write: Plain) -> Iterator[str]:
    yield ""
    first, *others = block.lines
    label = f"{block.library}: "
    yield f"{label}{first}"
    yield from (f"{' ' * len(label)}{line}" for line in others)


@_show.register
def _(block: blocks.ChainRule, write: Plain) -> Iterator[str]:
    yield write.chain_rule(block.wrt, block.rank)
    yield ""


@_show.register
def _(block: blocks.Chained, write: Plain) -> Iterator[str]:
    yield f"  {write(write.names.chained(block.equation, block.more))}"


@_show.register
def _(block: blocks.Computed, write: Plain) -> Iterator[str]:
    target = write.element(block.equation.target)
    yield f"{target} = {write.sum(block.equation.terms)}"
    if block.products:
        sums = " + ".join(computed(block.products, "*"))
        yield f"{' ' * len(target)} = {sums} = {decimal(block.total)}"


@_show.register
def _(block: blocks.Arrays, write: Plain) -> Iterator[str]:
    yield ""
    drawn = []
    for name, array in block.arrays:
        rows = [[decimal(number) for number in row] for row in np.atleast_2d(array)]
        wide = max(len(number) for row in rows for number in row)
        rows = [[number.rjust(wide) for number in row] for row in rows]
        drawn.append([f"{write.tensor(name)}:", *_aligned(rows, " ")])
    yield from _beside(drawn)
    yield ""


@_show.register
def _(block: blocks.Listing, write: Plain) -> Iterator[str]:
    for equation, more in block:
        if block.chained and equation.terms:
            yield write(write.names.chained(equation, more))
        yield f"{write.element(equation.target)} = {write.sum(equation.terms, more)}"
    if block.equations < block.total:
        yield rest_of(block)


@_show.register
def _(block: blocks.Displayed, write: Plain) -> Iterator[str]:
    yield f"  {write.equation(block.equation, block.more, block.marked)}"


@_show.register
def _(block: blocks.LocalDerivative, write: Plain) -> Iterator[str]:
    yield f"  {write.local_value(block.output, block.wrt, block.value)}"


@_show.register
def _(block: blocks.ClosedForm, write: Plain) -> Iterator[str]:
    yield write.closed_form(block.gradient, block.formula)


@_show.register
def _(block: blocks.Pictures, write: Plain) -> Iterator[str]:
    cells = write.in_space()
    for picture in block.pictures:
        yield ""
        yield picture.caption.format(*map(write.name, picture.names)) + ":"
        grid = np.atleast_2d(picture.grid)
        rows = [[cell_lines(cell, cells, stacked=False)[0] for cell in row] for row in grid]
        yield from _aligned(rows, "  |  ", "  | ", " |")
    yield ""


@_show.register
def _(block: blocks.JudgedSentence, write: Plain) -> Iterator[str]:
    sentence = block.sentence.format(*map(write.name, block.names))
    if block.brief:
        yield f"  {scoped(block.proof)}: {sentence} {block.consequence}".rstrip()
        return
    yield sentence
    yield f"  {outcome(block.proof)}"
    if block.consequence:
        yield f"  {block.consequence}"


@_show.register
def _(block: blocks.LayerShapes, write: Plain) -> Iterator[str]:
    cells = [[write.tensor(name), *rest] for name, *rest in shape_rows(block.layer)]
    pairs = [list(itertools.chain(*cells[k : k + 2])) for k in range(0, len(cells), 2)]
    yield from _aligned([pair + [""] * (6 - len(pair)) for pair in pairs], "  ")
    yield ""


@_show.register
def _(block: blocks.LayerFormulas, write: Plain) -> Iterator[str]:
    rows = []
    for formula in block.formulas:
        left, right = write.layer_formula(formula).sides
        rows.append([write(left), f"= {write(right)}"])
    notes = [formula.note for formula in block.formulas]
    if any(notes):
        rows = [[line, note] for line, note in zip(_aligned(rows, " "), notes, strict=True)]
        yield from _aligned(rows, "   ", "")
    else:
        yield from _aligned(rows, " ")
    yield ""


@_show.register
def _(block: blocks.Judgements, write: Plain) -> Iterator[str]:
    rows = [
        [VERDICTS[proof.verdict], write.tensor(name), brief(proof)] for name, proof in block.proofs
    ]
    yield from _aligned(rows, "  ")


@_show.register
def _(block: blocks.Results, write: Plain) -> Iterator[str]:
    formulas = [write.result(result) for result in block.results]
    width = max(map(len, formulas))
    for formula, result in zip(formulas, block.results, strict=True):
        verdict = "; ".join(map(scoped, telling(result.proofs)))
        yield f"  {formula:<{width}}   {verdict}"
        for proof in result.proofs:
            if block.evidence or not proof.proved:
                yield f"    {brief(proof)}"


@_show.register
def _(block: blocks.Sketch, write: Plain) -> Iterator[str]:
    cells = write.in_space()
    drawn = []
    for picture in block.pictures:
        grid = np.atleast_2d(picture.grid)
        rows = [[cell_lines(cell, cells, stacked=False)[0] for cell in row] for row in grid]
        caption = picture.caption.format(*map(write.name, picture.names)) + ":"
        drawn.append([caption, *_aligned(rows, "  ")])
    yield ""
    yield from _beside(drawn)
    yield ""


@_show.register
def _(block: blocks.OfLayer, write: Plain) -> Iterator[str]:
    yield from _show(block.block, write.of_layer(block.layer, block.at))


@_show.register
def _(block: blocks.RuleStep, write: Plain) -> Iterator[str]:
    from symconv.mathematics.lines import board_line, flat
    from symconv.symbolic.reading import BoardReading

    step, done = block.step, block.step.rewriting
    board = BoardReading(write.notation, convolution=done.board.convolution)
    lines = [
        f"     {flat(board_line(board.statement(statement), write.medium))}"
        for statement in done.statements
    ]
    if not block.evidence:
        yield f"{block.number}. {step.rule}: {step.idea}"
        yield from lines
        if step.check.verdict is not Verdict.PROVED:
            yield from _evidence(step.check)
        return
    yield ""
    yield f"{block.number}. {step.rule}"
    yield f"   {done.sentence.format(*(write(board.name(name)) for name in done.names))}"
    yield from lines
    yield from _evidence(step.check)


def _evidence(check: Check) -> Iterator[str]:
    from symconv.telling import symbolic

    yield f"   {VERDICTS[check.verdict]} {symbolic.said(check)}"
    for condition in symbolic.conditions(check):
        because = "; ".join(condition.because)
        stated = symbolic.stated(condition)
        yield f"   {VERDICTS[condition.verdict]} for every size: {stated}; {because}"


@_show.register
def _(block: blocks.Theorem, write: Plain) -> Iterator[str]:
    from symconv.telling import symbolic

    gradient = block.gradient
    yield ""
    yield f"{write.tensor(gradient.name)} equals this closed form."
    yield f"   {VERDICTS[gradient.theorem.verdict]} {symbolic.judged(gradient)}"


def _beside(drawn: list[list[str]]) -> Iterator[str]:
    """Yield the lines of pictures that stand side by side."""
    widths = [max(map(len, lines)) for lines in drawn]
    for row in itertools.zip_longest(*drawn, fillvalue=""):
        padded = (line.ljust(width) for line, width in zip(row, widths, strict=True))
        yield "    ".join(padded).rstrip()


def _aligned(rows: list[list[str]], between: str, start: str = "  ", end: str = "") -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        (start + between.join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + end).rstrip()
        for row in rows
    ]
