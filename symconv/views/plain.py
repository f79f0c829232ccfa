"""Shows blocks as plain text: complete lines in ASCII, for pipes and files."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

import numpy as np

from symconv import blocks
from symconv.blocks import Block
from symconv.claims.verdict import Proof, Scope, Verdict
from symconv.geometry import Geometry, axis_name
from symconv.notation import Notation
from symconv.readings import text
from symconv.views.cells import cell_lines
from symconv.views.writers import Plain

VERDICTS = {
    Verdict.PROVED: "PROVED",
    Verdict.REFUTED: "REFUTED",
    Verdict.NOT_JUDGED: "NOT JUDGED",
}


def lines(told: Iterable[Block], notation: Notation) -> Iterator[str]:
    """Yield the lines of a derivation's blocks."""
    write = Plain(notation)
    blank = True
    for block in told:
        if isinstance(block, blocks.Heading) and not blank:
            yield ""
        for line in _show(block, write):
            if line or not blank:
                yield line
            blank = not line


def outcome(proof: Proof) -> str:
    """Return a verdict with its scope and what stands behind it, in words."""
    verdict = f"{VERDICTS[proof.verdict]} for {proof.scope}"
    if proof.reason:
        return f"{VERDICTS[proof.verdict]}: {proof.reason}"
    if proof.verdict is Verdict.REFUTED:
        return verdict
    if proof.scope is Scope.EVERY_SIZE:
        return f"{verdict}: {proof.obligations} obligations, the certificate of each checked again"
    counted = f"{proof.elements:,} of {proof.elements:,} elements, {proof.terms:,} terms"
    return f"{verdict}: {counted}, by {proof.engine}"


def size_rows(geometry: Geometry) -> list[tuple[str, ...]]:
    """Return the table of sizes: a head, then one row for each axis."""
    head = ("axis", "input", "filter", "stride", "padding", "dilation", "output", "remainder")
    letters = (("H", "R", "u", "P"), ("W", "S", "v", "Q"))
    rank = len(geometry.axes)
    rows: list[tuple[str, ...]] = [head]
    for k, axis in enumerate(geometry.axes):
        H, R, u, P = (f"{letter} = " for letter in letters[k]) if rank == 2 else ("",) * 4
        rows.append(
            (
                axis_name(k, rank),
                f"{H}{axis.input}",
                f"{R}{axis.filter}",
                f"{u}{axis.stride}",
                f"{axis.padding[0]}, {axis.padding[1]}",
                str(axis.dilation),
                f"{P}{axis.output}",
                str(axis.remainder),
            )
        )
    return rows


def rest_of(listing: blocks.Listing) -> str:
    """Return how many equations are not shown, and how to see them."""
    more = listing.total - listing.equations
    return (
        f"... {more:,} more equations: --all shows them, -o FILE writes them, --element picks one"
    )


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
def _(block: blocks.ChainRule, write: Plain) -> Iterator[str]:
    yield write.chain_rule(block.wrt, block.rank)
    yield ""


@_show.register
def _(block: blocks.Listing, write: Plain) -> Iterator[str]:
    for equation, more in block:
        yield f"{write.element(equation.target)} = {write.sum(equation.terms, more)}"
    if block.equations < block.total:
        yield rest_of(block)


@_show.register
def _(block: blocks.Displayed, write: Plain) -> Iterator[str]:
    equation = block.equation
    written = write.sum(equation.terms, block.more)
    if block.marked:
        marked = [write.term(term) for term in equation.terms if block.marked in term]
        parts = [f"[{part}]" if part in marked else part for part in written.split(" + ")]
        written = " + ".join(parts)
    yield f"  {write.element(equation.target)} = {written}"


@_show.register
def _(block: blocks.LocalDerivative, write: Plain) -> Iterator[str]:
    yield f"  {write.local(block.output, block.wrt)} = {write.element(block.value)}"


@_show.register
def _(block: blocks.ClosedForm, write: Plain) -> Iterator[str]:
    yield f"{write.tensor(block.gradient)} = {text.read(block.formula, write.tensor)}"


@_show.register
def _(block: blocks.Pictures, write: Plain) -> Iterator[str]:
    for picture in block.pictures:
        yield ""
        yield picture.caption.format(*map(write.name, picture.names)) + ":"
        grid = np.atleast_2d(picture.grid)
        rows = [[cell_lines(cell, write, stacked=False)[0] for cell in row] for row in grid]
        yield from _aligned(rows, "  |  ", "  | ", " |")
    yield ""


@_show.register
def _(block: blocks.Judgement, write: Plain) -> Iterator[str]:
    sentence = block.sentence.format(*map(write.name, block.names))
    yield sentence
    yield f"  {outcome(block.proof)}"
    if block.consequence:
        yield f"  {block.consequence}"


@_show.register
def _(block: blocks.Step, write: Plain) -> Iterator[str]:
    from symconv.symbolic import telling, writing

    board = writing.Writing(write, writing.ASCII)
    done, check = block.step.rewriting, block.step.check
    yield ""
    yield f"{block.number}. {block.step.rule}"
    yield f"   {done.sentence.format(*map(board.name, done.names))}"
    for statement in done.statements:
        yield f"     {writing.flat(board.line(statement))}"
    yield f"   {VERDICTS[check.verdict]} {telling.said(check)}"
    for condition in telling.conditions(check):
        because = "; ".join(condition.because)
        stated = telling.stated(condition)
        yield f"   {VERDICTS[condition.verdict]} for every size: {stated}; {because}"


@_show.register
def _(block: blocks.Theorem, write: Plain) -> Iterator[str]:
    from symconv.symbolic import telling

    gradient = block.gradient
    yield ""
    yield f"{write.tensor(gradient.name)} equals this closed form."
    yield f"   {VERDICTS[gradient.theorem.verdict]} {telling.judged(gradient)}"


def _aligned(rows: list[list[str]], between: str, start: str = "  ", end: str = "") -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        (start + between.join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + end).rstrip()
        for row in rows
    ]
