"""Judges at one size whether two tensors are equal, element by element.

A side is a defined tensor (``Y``, ``dX``, ``dF``: the derivative road) or a formula (the
closed-form road); the two meet here, in the comparison.
"""

from __future__ import annotations

import math
import time
from typing import Any, Protocol

from symconv.claims.verdict import Counterexample, Proof, Scope, Verdict, not_judged
from symconv.engines.engine import Side, Tensor
from symconv.equation import Element, Equation
from symconv.errors import FormulaError, OutOfReachError
from symconv.formula.factors import factors
from symconv.formula.layer_forms import LayerForm, LayerTensor


class Comparing(Protocol):
    """An engine, as far as judging needs it: tensors by name or form, and where two differ."""

    name: str

    def tensor(self, side: Any) -> Any:
        """Return the tensor; raise `FormulaError` where a formula has no meaning."""

    def first_difference(self, left: Any, right: Any) -> tuple[int, ...] | None:
        """Return the first index at which two tensors of one shape differ, or None."""


def judge(
    engine: Comparing,
    left: Side | LayerTensor,
    right: Side | LayerForm,
    *,
    claim: str = "",
    statement: str = "",
) -> Proof:
    """Return the verdict on ``left == right`` at the engine's sizes.

    A side that is undefined, two shapes that differ and an element that differs refute the
    claim; both sides undefined, or a product that holds one leaf twice, leave it not judged.

    >>> from symconv.engines.engine import TermEngine
    >>> from symconv.formula.closed_forms import input_gradient
    >>> from symconv.geometry import Geometry
    >>> g = Geometry.of(5, 3, 2)
    >>> proof = judge(TermEngine(g), "dX", input_gradient(g))
    >>> proof.verdict.value, proof.elements, proof.terms
    ('proved', 25, 36)
    """
    start = time.perf_counter()
    out_of_reach = _out_of_reach(left) or _out_of_reach(right)
    if out_of_reach:
        return not_judged(claim, out_of_reach)
    elements = terms = 0
    counterexample = reason = None
    a, undefined_left = _tensor(engine, left)
    b, undefined_right = _tensor(engine, right)
    if a is None and b is None:
        reason = f"both sides are undefined at this size: {undefined_left}"
    elif a is None or b is None:
        shapes = (None if a is None else a.shape, None if b is None else b.shape)
        counterexample = Counterexample(shapes, undefined=undefined_left or undefined_right)
    elif a.shape != b.shape:
        counterexample = Counterexample((a.shape, b.shape))
    else:
        elements, terms = math.prod(a.shape), len(a)
        index = engine.first_difference(a, b)
        if index is not None:
            target = Element(left if isinstance(left, str) else "", index)
            sides = Equation(target, a.terms(index)), Equation(target, b.terms(index))
            counterexample = Counterexample((a.shape, b.shape), equations=sides)
    return Proof(
        claim=claim,
        statement=statement,
        scope=Scope.THIS_SIZE,
        verdict=_verdict(counterexample, reason),
        elements=elements,
        terms=terms,
        engine=engine.name,
        seconds=time.perf_counter() - start,
        counterexample=counterexample,
        reason=reason,
    )


def _out_of_reach(side: Side | LayerTensor | LayerForm) -> str | None:
    """Return why a side cannot be compared: a product that holds one leaf twice."""
    try:
        if not isinstance(side, str | LayerForm):
            factors(side)
    except OutOfReachError as error:
        return str(error)
    except FormulaError:
        pass  # the engine says at which step
    return None


def _tensor(
    engine: Comparing, side: Side | LayerTensor | LayerForm
) -> tuple[Tensor | None, str | None]:
    try:
        return engine.tensor(side), None
    except FormulaError as error:
        return None, str(error)


def _verdict(counterexample: Counterexample | None, reason: str | None) -> Verdict:
    if reason is not None:
        return Verdict.NOT_JUDGED
    return Verdict.PROVED if counterexample is None else Verdict.REFUTED
