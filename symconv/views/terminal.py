"""Shows blocks on a terminal: colours, boxed grids side by side, sums broken between terms."""

from __future__ import annotations

import functools
import itertools
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from symconv.claims.verdict import Proof, Verdict
from symconv.equation import Element, Equation, Term
from symconv.errors import how_many
from symconv.geometry import Layer
from symconv.mathematics.text import ASCII, BOARD
from symconv.mathematics.tree import BinarySign, Letter, Partial
from symconv.notation import LOSS, Notation
from symconv.readings.pictures import CellKind, Grid, PictureCell
from symconv.telling import blocks
from symconv.telling.blocks import Block, alone, in_rows, row_length
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
from symconv.telling.writers import Plain, Pretty, Short
from symconv.views import hues
from symconv.views.cells import boxed_width, cell_lines, is_stacked

if TYPE_CHECKING:
    from symconv.symbolic.checks import Check

ELEMENT_STYLES = {"X": hues.INPUT, "F": hues.FILTER, "dY": hues.OUTPUT}
ZERO_STYLES = {
    CellKind.VALUE: hues.FAINT,
    CellKind.DILATION: hues.FAINT,
    CellKind.PADDING: hues.FAINT,
    CellKind.REMAINDER: hues.REMAINDER,
}
INDENT = 2
_FIXED = "\N{NO-BREAK SPACE}"
STEP = 6
"""How far the text of a step is set in."""
TIGHT = (blocks.Chained, blocks.Computed, blocks.Displayed, blocks.LocalDerivative)
"""Blocks of one of these kinds that follow each other stand without a blank line between."""

OPENING = (blocks.LayerShapes, blocks.LayerFormulas, blocks.Judgements)
"""Blocks that stand right under a heading."""


def show(told: Iterable[Block], notation: Notation, console: Console) -> None:
    """Print the blocks of a derivation on a terminal."""
    view = _View(notation, console)
    before: Block | None = None
    for block in told:
        inner = block.block if isinstance(block, blocks.OfLayer) else block
        if before is not None and not _is_tight(before, inner):
            console.print()
        before = inner
        for renderable in _show(block, view):
            # A cell or a name is never markup: rich would swallow x[2,2].
            console.print(renderable, markup=False, highlight=False)


def _is_tight(before: Block, block: Block) -> bool:
    """Whether two blocks stand without a blank line between them."""
    if isinstance(before, blocks.Heading):
        return isinstance(block, OPENING) or _is_short(block)
    if isinstance(before, blocks.TypedCode):
        return isinstance(block, blocks.Remark)
    if isinstance(block, blocks.TypedCode):
        return isinstance(before, blocks.Displayed)
    if _is_short(before):
        return _is_short(block)
    if isinstance(block, blocks.Results):
        return isinstance(before, blocks.Remark | blocks.LayerShapes)
    if isinstance(block, blocks.LayerShapes):
        return isinstance(before, blocks.Remark)
    if isinstance(block, blocks.JudgedSentence) and block.brief:
        return isinstance(before, blocks.Results | blocks.JudgedSentence)
    if isinstance(before, blocks.Chained):
        return isinstance(block, blocks.Displayed)
    return type(before) is type(block) and isinstance(block, TIGHT)


def _is_short(block: Block) -> bool:
    return isinstance(block, blocks.RuleStep) and not block.evidence


class _View:
    """The writers that suit the terminal, and its width."""

    def __init__(self, notation: Notation, console: Console) -> None:
        self.console = console
        self.unicode = (console.encoding or "").lower().startswith("utf")
        self.write = Pretty(notation) if self.unicode else Plain(notation)
        self.short = Short(notation) if self.unicode else Plain(notation)
        self.box = box.SQUARE if self.unicode else box.ASCII2
        self.width = console.width

    def of_layer(self, layer: Layer, at: Mapping[str, int]) -> _View:
        view = _View(self.write.notation, self.console)
        view.write, view.short = self.write.of_layer(layer, at), self.short.of_layer(layer, at)
        return view

    def name(self, template: str, names: Iterable[object]) -> str:
        return template.format(*(self.write.name(name) for name in names))  # type: ignore[arg-type]


@functools.singledispatch
def _show(block: Block, view: _View) -> Iterator[RenderableType]:
    raise TypeError(f"the terminal cannot show {type(block).__name__}")


@_show.register
def _(block: blocks.Heading, view: _View) -> Iterator[RenderableType]:
    title = Text(view.name(block.text, block.names), style="bold")
    if len(title) + len(" ─ ") > view.width:
        yield title  # a rule would cut it
        return
    yield Rule(title, align="left", style=hues.FAINT, characters="─" if view.unicode else "-")


@_show.register
def _(block: blocks.Sizes, view: _View) -> Iterator[RenderableType]:
    head, *rows = size_rows(block.geometry)
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=hues.FAINT)
    for title in head:
        table.add_column(title.replace(" ", "\n"), overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    yield Padding(table, (0, 0, 0, INDENT))


@_show.register
def _(block: blocks.Remark, view: _View) -> Iterator[RenderableType]:
    yield Padding(Text(view.name(block.text, block.names)), (0, 0, 0, INDENT))


@_show.register
def _(block: blocks.TypedCode, view: _View) -> Iterator[RenderableType]:
    label = f"{block.library}: "
    for k, line in enumerate(block.lines):
        first = label if k == 0 else " " * len(label)
        yield Padding(Text(first + line), (0, 0, 0, INDENT))


@_show.register
def _(block: blocks.ChainRule, view: _View) -> Iterator[RenderableType]:
    yield Padding(
        Text(view.write.chain_rule(block.wrt, block.rank), style="bold"), (0, 0, 0, INDENT)
    )


@_show.register
def _(block: blocks.Chained, view: _View) -> Iterator[RenderableType]:
    yield _chained(block.equation, block.more, view)


def _chained(equation: Equation, more: int, view: _View) -> RenderableType:
    names, wrt = view.write.names, Element(equation.target.tensor[1:], equation.target.index)
    terms = [
        Text(view.write(names.chain(dy, wrt)), style=ELEMENT_STYLES[dy.tensor])
        for dy, _ in equation.terms
    ]
    terms += [Text(view.write.sum((), more), style=hues.FAINT)] if more else []
    return _sum(view.write.element(equation.target), terms, view, equation)


@_show.register
def _(block: blocks.Computed, view: _View) -> Iterator[RenderableType]:
    equation, target = block.equation, view.write.element(block.equation.target)
    yield _sum(target, _terms(equation.terms, 0, view), view, equation)
    if block.products:
        written = computed(block.products, view.write.medium.signs[BinarySign.DOT])
        *firsts, last = map(Text, written)
        last.append(" = ").append(decimal(block.total), style="bold")
        yield _sum(" " * len(target), [*firsts, last], view, equation)


@_show.register
def _(block: blocks.Arrays, view: _View) -> Iterator[RenderableType]:
    row = Table.grid(padding=(0, 4, 0, 0))
    cells = []
    for name, array in block.arrays:
        grid = Table.grid(padding=(0, 1, 0, 0))
        for _ in range(np.atleast_2d(array).shape[1]):
            grid.add_column(justify="right", no_wrap=True)
        for line in np.atleast_2d(array):
            grid.add_row(*map(decimal, line))
        caption = Text(view.write.tensor(name), style="italic")
        cells.append(Group(caption, Padding(grid, (0, 0, 0, INDENT))))
    row.add_row(*cells)
    yield Padding(row, (0, 0, 0, INDENT))


@_show.register
def _(block: blocks.Listing, view: _View) -> Iterator[RenderableType]:
    for equation, more in block:
        if block.chained and equation.terms:
            yield _chained(equation, more, view)
        terms = _terms(equation.terms, more, view)
        yield _sum(view.write.element(equation.target), terms, view, equation)
    if block.equations < block.total:
        yield Padding(Text(rest_of(block), style=hues.FAINT), (0, 0, 0, INDENT))


@_show.register
def _(block: blocks.Displayed, view: _View) -> Iterator[RenderableType]:
    terms = _terms(block.equation.terms, block.more, view)
    for term, written in zip(block.equation.terms, terms, strict=False):
        if block.marked in term:
            written.stylize(hues.MARKED)
    target = view.write.element(block.equation.target)
    yield _sum(target, terms, view, block.equation)


@_show.register
def _(block: blocks.LocalDerivative, view: _View) -> Iterator[RenderableType]:
    local = view.write.local_value(block.output, block.wrt, block.value)
    yield Padding(Text(local), (0, 0, 0, INDENT))


@_show.register
def _(block: blocks.ClosedForm, view: _View) -> Iterator[RenderableType]:
    formula = view.write.closed_form(block.gradient, block.formula)
    yield Padding(Text(formula, style="bold"), (0, 0, 0, INDENT))


@_show.register
def _(block: blocks.JudgedSentence, view: _View) -> Iterator[RenderableType]:
    verdict = Text(f"{VERDICTS[block.proof.verdict]:<11}", style=hues.VERDICTS[block.proof.verdict])
    words = Text(view.name(block.sentence, block.names))
    if block.brief:
        words.append(f" {block.consequence}")
        table = Table.grid(padding=(0, 1))
        table.add_row(Text(verdict.plain.strip(), style=verdict.style), words)
        yield Padding(table, (0, 0, 0, INDENT))
        return
    words.append(f"\n{_behind(block.proof)}", style=hues.FAINT)
    if block.consequence:
        words.append(f"\n{block.consequence}", style="" if block.proof.proved else hues.RED)
    table = Table.grid(padding=(0, 1))
    table.add_row(verdict, words)
    yield Padding(table, (0, 0, 0, INDENT))


@_show.register
def _(block: blocks.LayerShapes, view: _View) -> Iterator[RenderableType]:
    cells = [
        [Text(view.write.tensor(name), style="bold"), *map(Text, rest)]
        for name, *rest in shape_rows(block.layer)
    ]
    table = Table.grid(padding=(0, 2, 0, 0))
    for k in range(0, len(cells), 2):
        table.add_row(*itertools.chain(*cells[k : k + 2]))
    yield Padding(table, (0, 0, 0, INDENT))


@_show.register
def _(block: blocks.LayerFormulas, view: _View) -> Iterator[RenderableType]:
    table = Table.grid(padding=(0, 1, 0, 0))
    for formula in block.formulas:
        left, right = map(view.write, view.write.layer_formula(formula).sides)
        note = Text(f"  {formula.note}" if formula.note else "", style=hues.FAINT)
        table.add_row(Text(left, style="bold"), "=", Text(right, style="bold"), note)
    yield Padding(table, (0, 0, 0, INDENT))


@_show.register
def _(block: blocks.Judgements, view: _View) -> Iterator[RenderableType]:
    table = Table.grid(padding=(0, 1, 0, 0))
    for name, proof in block.proofs:
        named = Text(view.write.tensor(name))
        table.add_row(_verdict(proof.verdict), named, Text(brief(proof), style=hues.FAINT))
    yield Padding(table, (0, 0, 0, INDENT))


@_show.register
def _(block: blocks.Results, view: _View) -> Iterator[RenderableType]:
    written = [_broken(view.write.result(result), view.width - INDENT) for result in block.results]
    verdicts_ = [_verdicts(result.proofs) for result in block.results]
    edge = max(len(lines[-1]) for lines in written) + 3
    edge = min(edge, view.width - INDENT - max(map(len, verdicts_)))
    for lines, verdict, result in zip(written, verdicts_, block.results, strict=True):
        text = Text("\n".join(lines), style="bold")
        if len(lines[-1]) + 2 <= edge:
            text.append(" " * (edge - len(lines[-1])))
        else:
            text.append("\n" + " " * max(edge, 0))
        text.append(verdict)
        for proof in result.proofs:
            if block.evidence or not proof.proved:
                text.append(f"\n  {brief(proof)}", style=f"{hues.FAINT} not bold")
        yield Padding(text, (0, 0, 0, INDENT))


def _verdicts(proofs: Sequence[Proof]) -> Text:
    told = (Text(scoped(proof), style=hues.VERDICTS[proof.verdict]) for proof in telling(proofs))
    return Text("; ").join(told)


def _broken(formula: str, width: int) -> list[str]:
    """Return the lines of a formula, as few as there can be, broken behind its outermost commas."""
    hang = formula.index("=") + 2
    deepest = max(1, *_depths(formula))
    ways = (_filled(_split(formula, depth), width, hang) for depth in range(1, deepest + 1))
    return min(ways, key=lambda lines: (any(len(line) > width for line in lines), len(lines)))


def _depths(formula: str) -> list[int]:
    """Return in how many brackets each letter stands."""
    return list(itertools.accumulate({"(": 1, ")": -1}.get(letter, 0) for letter in formula))


def _split(formula: str, depth: int) -> list[str]:
    """Return a formula in pieces that end with the commas in so many brackets or fewer."""
    inside, pieces, start = _depths(formula), [], 0
    for k in range(len(formula)):
        if formula[k : k + 2] == ", " and inside[k] <= depth:
            pieces.append(formula[start : k + 1])
            start = k + 2
    return [*pieces, formula[start:]]


def _filled(pieces: Sequence[str], width: int, hang: int) -> list[str]:
    lines = [pieces[0]]
    for piece in pieces[1:]:
        if len(lines[-1]) + 1 + len(piece) <= width:
            lines[-1] += f" {piece}"
        else:
            lines.append(" " * hang + piece)
    return lines


@_show.register
def _(block: blocks.Sketch, view: _View) -> Iterator[RenderableType]:
    row = Table.grid(padding=(0, 4, 0, 0))
    cells = []
    for picture in block.pictures:
        write = view.write.in_space()
        grid = Table.grid(padding=(0, 2, 0, 0))
        for _ in range(np.atleast_2d(picture.grid).shape[1]):
            grid.add_column(justify="center", no_wrap=True)
        for line in np.atleast_2d(picture.grid):
            grid.add_row(*(_small(cell, write) for cell in line))
        caption = Text(view.name(picture.caption, picture.names), style="italic")
        cells.append(Group(caption, Padding(grid, (0, 0, 0, INDENT))))
    row.add_row(*cells)
    yield Padding(row, (0, 0, 0, INDENT))


def _small(cell: PictureCell, write: Pretty | Plain) -> Text:
    """Return a cell of a sketch: a zero is as quiet as it can be."""
    if cell.element is None:
        return Text(write.medium.signs[BinarySign.DOT], style=ZERO_STYLES[cell.kind])
    return Text(write.cell(cell), style=ELEMENT_STYLES[cell.element.tensor])


@_show.register
def _(block: blocks.OfLayer, view: _View) -> Iterator[RenderableType]:
    yield from _show(block.block, view.of_layer(block.layer, block.at))


@_show.register
def _(block: blocks.RuleStep, view: _View) -> Iterator[RenderableType]:
    from symconv.mathematics.lines import board_line
    from symconv.symbolic.reading import BoardReading
    from symconv.views.board import stacked

    step, done = block.step, block.step.rewriting
    board = BoardReading(view.write.notation, convolution=done.board.convolution)
    medium = BOARD if view.unicode else ASCII
    title = Text(f"{block.number:>2}  ", style=hues.FAINT).append(step.rule, style="bold default")
    if not block.evidence:
        title.append(f": {step.idea}", style="default")
    yield Padding(title, (0, 0, 0, INDENT))
    if block.evidence:
        fixed = (medium.write(board.name(name)).replace(" ", _FIXED) for name in done.names)
        sentence = done.sentence.format(*fixed)
        rows = textwrap.wrap(sentence, view.width - STEP, break_long_words=False)
        yield Padding(Text("\n".join(rows).replace(_FIXED, " ")), (0, 0, 0, STEP))
    for statement in done.statements:
        lines = stacked(board_line(board.statement(statement), medium), view.width - STEP - INDENT)
        apart = int(block.evidence)
        yield Padding(Text("\n".join(lines), style="bold"), (apart, 0, 0, STEP + INDENT))
    if block.evidence or step.check.verdict is not Verdict.PROVED:
        yield Padding(_evidence(step.check), (1, 0, 0, STEP))


def _evidence(check: Check) -> Table:
    """Return the verdict on a step, and on what it takes for granted."""
    from symconv.telling import symbolic

    table = Table.grid(padding=(0, 1))
    table.add_row(_verdict(check.verdict), Text(symbolic.said(check)))
    for condition in symbolic.conditions(check):
        words = Text(f"for every size: {symbolic.stated(condition)}")
        words.append("".join(f"\n{line}" for line in condition.because), style=hues.FAINT)
        table.add_row(_verdict(condition.verdict), words)
    return table


@_show.register
def _(block: blocks.Theorem, view: _View) -> Iterator[RenderableType]:
    from symconv.telling import symbolic

    gradient = block.gradient
    words = Text(f"{view.write.tensor(gradient.name)} equals this closed form.")
    words.append(f"\n{symbolic.judged(gradient)}", style=hues.FAINT)
    table = Table.grid(padding=(0, 1))
    table.add_row(_verdict(gradient.theorem.verdict), words)
    yield Padding(table, (0, 0, 0, STEP))


def _verdict(verdict: Verdict) -> Text:
    return Text(VERDICTS[verdict], style=hues.VERDICTS[verdict])


@_show.register
def _(block: blocks.Pictures, view: _View) -> Iterator[RenderableType]:
    row: list[tuple[int, RenderableType]] = []
    for picture in block.pictures:
        width, drawn = _picture(picture, view)
        if row and sum(w + 3 for w, _ in row) + width + INDENT > view.width:
            yield _side_by_side(row)
            yield ""
            row = []
        row.append((width, drawn))
    yield _side_by_side(row)


def _behind(proof: Proof) -> str:
    """Return what stands behind a verdict, without the verdict's own word."""
    said = outcome(proof).removeprefix(VERDICTS[proof.verdict]).lstrip(": ")
    return said


def _terms(terms: Iterable[Term], more: int, view: _View) -> list[Text]:
    written = [_product(term, view) for term in terms]
    return written + ([Text(view.write.sum((), more), style=hues.FAINT)] if more else [])


def _product(term: Iterable[Element], view: _View) -> Text:
    factors = [Text(view.write.element(e), style=ELEMENT_STYLES.get(e.tensor, "")) for e in term]
    return Text(view.write.medium.gap([factor.plain for factor in factors])).join(factors)


def _sum(left: str, terms: Sequence[Text], view: _View, of: Equation) -> RenderableType:
    """Return ``left = a + b + ..``, broken before a plus so that every line fits.

    Where it has to be broken, it is broken between rows of the filter if such a row fits.
    """
    head = f"{left} = "
    room = view.width - INDENT - len(head)
    parts = [Text(" + ").join(row) for row in in_rows(terms, row_length(of), alone(of))]
    if any(len(part) + len("+ ") > room for part in parts):
        parts = list(terms)
    lines = [Text()]
    for part in parts or [Text("0", style=hues.FAINT)]:
        if lines[-1] and len(lines[-1]) + len(" + ") + len(part) > room:
            lines.append(Text("+ ") + part)
        else:
            lines[-1] += (Text(" + ") if lines[-1] else Text()) + part
    broken = Text("\n" + " " * len(head)).join(lines)
    return Padding(Text(head) + broken, (0, 0, 0, INDENT))


def _picture(picture: blocks.Picture, view: _View) -> tuple[int, RenderableType]:
    """Return a grid under its caption, and how wide it is; or why it is not drawn."""
    caption = Text(view.name(picture.caption, picture.names), style="italic")
    grid = np.atleast_2d(picture.grid)
    for write in (view.write.in_space(), view.short.in_space()):
        cells = [[cell_lines(cell, write, is_stacked(grid)) for cell in row] for row in grid]
        width = boxed_width(cells)
        if width + INDENT <= view.width:
            tensors = {cell.element.tensor for cell in grid.flat if cell.element}
            if write.medium is not view.write.medium and "dY" in tensors:
                derivative = Partial(Letter(LOSS), write.names.letter("Y"))
                caption.append(
                    f"  ({write(derivative)} = {view.write(derivative)})", style=hues.FAINT
                )
            drawn = _table(grid, cells, view)
            return max(width, len(caption)), Group(caption, drawn)
    caption.append(
        f": not drawn, {how_many(width, 'column')} wide where the terminal has {view.width}; "
        "use a wider terminal, or -o FILE",
        style=hues.FAINT,
    )
    return view.width, caption


def _table(grid: Grid, cells: list[list[tuple[str, ...]]], view: _View) -> Table:
    table = Table(box=view.box, show_header=False, show_lines=True, border_style=hues.FAINT)
    for _ in cells[0]:
        table.add_column(justify="center", no_wrap=True)
    for row, written in zip(grid, cells, strict=True):
        table.add_row(*(_cell(c, lines) for c, lines in zip(row, written, strict=True)))
    return table


def _cell(cell: PictureCell, lines: tuple[str, ...]) -> Text:
    if not cell.covered:
        style = ELEMENT_STYLES[cell.element.tensor] if cell.element else ZERO_STYLES[cell.kind]
        return Text("\n".join(lines).rstrip("\n"), style=style)
    text = Text("\n".join(lines), style=hues.PRODUCT)
    for element in (cell.element, cell.over):
        if element and len(lines) > 1:
            line = 0 if element is cell.element else 1
            start = len(lines[0]) + 1 if line else 0
            text.stylize(ELEMENT_STYLES[element.tensor], start, start + len(lines[line]))
    return text


def _side_by_side(row: list[tuple[int, RenderableType]]) -> RenderableType:
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_row(*(drawn for _, drawn in row))
    return Padding(table, (0, 0, 0, INDENT))
