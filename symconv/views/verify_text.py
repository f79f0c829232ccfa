"""Verdicts on implementations as text: each gradient, and each fault with its line."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from symconv.errors import how_many, listed
from symconv.implementations.codes import FAULTS
from symconv.implementations.report import (
    ContractFault,
    GradientReport,
    GradientVerdict,
    ImplementationReport,
    VerdictScope,
    VerifyReport,
    counts,
)

Line = tuple[str, str]
"""A style, and the text of one line."""

_PROVED = "proved of sizes from 1 (padding from 0) at which the filter fits, in exact arithmetic"
"""What a proof for every size assumes."""

_STYLES = {
    GradientVerdict.RIGHT: "green",
    GradientVerdict.WRONG: "bold red",
    GradientVerdict.CRASH: "bold red",
}


def lines(report: VerifyReport, width: int = 80, verbose: bool = False) -> Iterator[Line]:
    """Yield the lines of a report.

    Args:
        report: what was judged.
        width: in columns; notes are broken there.
        verbose: whether every size that was tried is listed.
    """
    for each in report.implementations:
        yield from _implementation(each, width, verbose)
        yield "", ""
    right, wrong, other = counts(report.implementations)
    if report.implementations:
        faults = sum(len(each.faults) for each in report.implementations)
        more = f", {how_many(faults, 'other fault')}" if faults else ""
        yield "bold", f"{right} right, {wrong} wrong, {other} not judged{more}"


def _implementation(each: ImplementationReport, width: int, verbose: bool) -> Iterator[Line]:
    yield "bold", f"{each.path}: {each.name}"
    yield from _wrapped(f"read as {each.binding}", width)
    yield from _wrapped(f"forward: {each.forward}", width)
    for gradient in each.gradients:
        said = f"  {gradient.name:<3} {gradient.verdict.value:<6}"
        match gradient.verdict:
            case GradientVerdict.RIGHT:
                said += f" {_scope(gradient)}"
            case GradientVerdict.ABSENT:
                said += " not given by the backward pass"
            case _:
                said += f" {(gradient.where or '').partition(':')[0]}"
        style = _STYLES.get(gradient.verdict, "")
        indent = " " * (len("  dX  right ") + len("PROVED "))
        for line in textwrap.wrap(said.rstrip(), max(width, 40), subsequent_indent=indent,
                                  break_on_hyphens=False):  # fmt: skip
            yield style, line
    if any(gradient.scope is VerdictScope.EVERY_SIZE for gradient in each.gradients):
        yield from _wrapped(_PROVED, width)
    if verbose:
        for reason in dict.fromkeys(g.unproved for g in each.gradients if g.unproved):
            names = [g.name for g in each.gradients if g.unproved == reason]
            yield from _wrapped(f"not proved for every size: {listed(names)}: {reason}", width)
    for note in each.conventions:
        yield from _wrapped(f"note: {note}", width)
    for note in each.refusals:
        yield from _wrapped(f"not said: {note}", width)
    for note in each.left_out:
        yield from _wrapped(f"left out: {each.path}:{note}", width)
    told = set()
    for gradient in each.gradients:
        crash = (gradient.code, gradient.message, gradient.line, gradient.where)
        if gradient.is_fault and crash not in told:  # one crash takes all gradients
            told.add(crash)
            yield from _gradient_fault(each, gradient, width)
    for fault in each.faults:
        yield from _contract_fault(each, fault)
    if verbose:
        for sizes, outcome in each.geometries:
            yield "", f"  {outcome:<12} {sizes}"


def _scope(gradient: GradientReport) -> str:
    match gradient.scope and gradient.scope.value:
        case "every size":
            where = f" where {' and '.join(gradient.provided)}" if gradient.provided else ""
            return f"PROVED for every size{where}"
        case "these sizes":
            return f"for every input at {how_many(gradient.sizes, 'size')}"
    return f"tested at {how_many(gradient.sizes, 'size')}"


def _gradient_fault(
    each: ImplementationReport, gradient: GradientReport, width: int
) -> Iterator[Line]:
    place = f":{gradient.line.place}" if gradient.line else ""
    yield "", ""
    yield "bold red", f"{each.path}{place}: error {gradient.code}: {gradient.message}"
    if gradient.line is not None:
        number = str(gradient.line.number)
        yield "", f"{number} | {gradient.line.text}"
        marks = "^" * max(gradient.line.end - gradient.line.column, 1)
        yield "red", f"{' ' * len(number)} | {' ' * (gradient.line.column - 1)}{marks}"
    if gradient.where:
        yield from _wrapped(f"where:    {gradient.where}", width)
    if gradient.formula:
        yield from _wrapped(f"computes: {gradient.formula}", width)
    if gradient.belongs:
        yield from _wrapped(f"belongs:  {gradient.belongs}", width)
    if gradient.mend is not None:
        yield "green", f"  mend:     {gradient.mend.text}"
        yield (
            "",
            f"            right at all {how_many(gradient.mend.sizes, 'size')} that were tried",
        )
    elif gradient.formula and gradient.code in FAULTS:
        yield from _wrapped(f"like:     {FAULTS[gradient.code].example}", width)
    if gradient.example is not None:
        yield from _wrapped(f"at {gradient.example}" + ":" * (gradient.table is not None), width)
    if gradient.table is not None:
        table = gradient.table
        yield from _wrapped(f"{table.element} = {table.computes}", width, "    ")
        yield from _wrapped(f"belongs: {table.belongs}", width, "    ")


def _contract_fault(each: ImplementationReport, fault: ContractFault) -> Iterator[Line]:
    place = f":{fault.line.place}" if fault.line else ""
    yield "", ""
    yield "bold red", f"{each.path}{place}: error {fault.code}: {fault.message}"


def _wrapped(text: str, width: int, indent: str = "  ") -> Iterator[Line]:
    for line in textwrap.wrap(
        text, max(width, 40), initial_indent=indent, subsequent_indent=indent + "  ",
        break_long_words=False, break_on_hyphens=False,
    ):  # fmt: skip
        yield "", line
