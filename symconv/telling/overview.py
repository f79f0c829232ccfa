"""The first screen: what the gradients are, whether they are right, and what textbooks get wrong.

The result and its verdict stand first, then the theorem of which it is a case, then one picture
and one equation; `symconv.telling.exposition` tells the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from symconv.claims.verdict import Proof, Scope
from symconv.derivation import Derivation
from symconv.equation import Element, Equation
from symconv.errors import listed
from symconv.formula import closed_forms
from symconv.geometry import Geometry
from symconv.mathematics.tree import Comparison, RelationSign
from symconv.proof.closed_forms import GeneralForm, general_form
from symconv.proof.takeaways import counted, failure, times
from symconv.readings import mathematics
from symconv.targets import torch
from symconv.targets.specification import FixedSizes
from symconv.telling import blocks, layers, stories
from symconv.telling.blocks import Block, Result
from symconv.telling.examples import busiest

HIGHEST_SKETCH = 8
"""A picture of more rows is left to the whole telling."""

LONGEST_EXAMPLE = 4
FIRST_TERMS = 3

FORMS = {"input-gradient": "dX", "filter-gradient": "dF"}
GRADIENT_OF = {**FORMS, "bias-gradient": "dB"}
"""The gradient that each claim is about."""


def tell(derivation: Derivation, wrt: str = "all", evidence: bool = False) -> Iterator[Block]:
    """Yield the blocks of the first screen.

    Args:
        derivation: what to tell of.
        wrt: ``input``, ``filter`` or ``all``: which gradients.
        evidence: whether what the verdicts rest on is told as well.
    """
    yield from summary(derivation, wrt, evidence)
    told = gradients(derivation, wrt)
    yield from _sketch(derivation, told)
    example = _example(derivation, told)
    layer = None if derivation.whole is None else derivation.whole.layer
    element = Element("F" if wrt == "filter" else "X", example.equation.target.index)
    numbers = "" if layer is not None else ", --numbers"
    more = blocks.Remark(
        f"More: --all, --element '{{}}'{numbers}, --symbolic, -o lecture.tex, --help.", (element,)
    )
    yield example if layer is None else layers.of_layer(example, layer, layers.first_of(layer))
    if "dX" in told:
        yield typed(derivation)
    yield more if layer is None else layers.of_layer(more, layer, layers.first_of(layer))


def typed(derivation: Derivation) -> blocks.TypedCode:
    """Return what an engineer types for dX."""
    layer = derivation.whole.layer if derivation.whole is not None else None
    sizes = FixedSizes(derivation.geometry, 1 if layer is None else layer.groups)
    return blocks.TypedCode("PyTorch", torch.typed(sizes))


def summary(derivation: Derivation, wrt: str = "all", evidence: bool = False) -> Iterator[Block]:
    """Yield the gradients with their verdicts, here and for every size, and the textbook's."""
    told = gradients(derivation, wrt)
    yield blocks.Remark(_sizes(derivation.geometry), ("X", "F", "Y"))
    if derivation.whole is not None:
        yield blocks.LayerShapes(derivation.whole.layer)
        yield from layers.groups(derivation.whole.layer)
    if derivation.sample is not None and not derivation.sample.agrees:
        yield blocks.Remark(derivation.shortcoming)
    yield blocks.Results(_results(derivation, told, Scope.THIS_SIZE), evidence)
    yield from _textbook(derivation, told)
    yield from _general(derivation, told, evidence)


def brief(derivation: Derivation, wrt: str = "all", evidence: bool = False) -> Iterator[Block]:
    """Yield each gradient with its verdicts, a line each."""
    told = gradients(derivation, wrt)
    yield blocks.Results(_results(derivation, told), evidence)


def gradients(derivation: Derivation, wrt: str) -> list[str]:
    """Return the gradients that are told: dX and dF, and dB of a layer with a bias."""
    layer = None if derivation.whole is None else derivation.whole.layer
    whole = ["dX", "dF", *(["dB"] if layer is not None and layer.bias else [])]
    return {"input": ["dX"], "filter": ["dF"]}.get(wrt, whole)


def _sizes(geometry: Geometry) -> str:
    said = [f"{word} {times(steps)}" for word, steps in _steps(geometry) if max(steps) > 1]
    if any(map(any, geometry.padding)):
        said.append(f"padding {_padding(geometry)}")
    how = f" with {listed(said)}" if said else ""
    kind = ", transposed," if geometry.transposed else ""
    sentence = (
        f"{{}} of {times(geometry.input)} and {{}} of {times(geometry.filter)}{how}{kind} give "
        f"{{}} of {times(geometry.output)}"
    )
    if not any(geometry.remainder):
        return f"{sentence}."
    are = "is" if sum(geometry.remainder) == 1 else "are"
    return f"{sentence}; {counted(geometry.remainder)} {are} left over."


def _steps(geometry: Geometry) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the stride and the dilations, one number where all axes have the same."""
    steps = {
        "stride": geometry.stride,
        "dilation": geometry.dilation,
        "input dilation": geometry.input_dilation,
    }
    for word, each in steps.items():
        yield word, each[:1] if len({*each}) == 1 else each


def _padding(geometry: Geometry) -> str:
    amounts = [amount for pair in geometry.padding for amount in pair]
    if len({*amounts}) == 1:
        return str(amounts[0])
    if all(before == after for before, after in geometry.padding):
        return times([before for before, _ in geometry.padding])
    return ",".join(map(str, amounts))


def _results(
    derivation: Derivation, told: Sequence[str], scope: Scope | None = None
) -> tuple[Result, ...]:
    """Return the gradients at this size with their verdicts, those of one scope or all."""
    proofs = _proofs(derivation, told)
    layer = None if derivation.whole is None else derivation.whole.layer
    forms = derivation.closed_forms
    return tuple(
        Result(
            name,
            forms.get(proofs[name][0].claim.replace("-", "_")),
            tuple(proof for proof in proofs[name] if scope in (None, proof.scope)),
            layer,
        )
        for name in told
    )


def _proofs(derivation: Derivation, told: Sequence[str]) -> dict[str, list[Proof]]:
    """Return the verdicts on each gradient."""
    return {
        name: [proof for proof in derivation.proofs if GRADIENT_OF[proof.claim] == name]
        for name in told
    }


def _textbook(derivation: Derivation, told: Sequence[str]) -> Iterator[Block]:
    """Yield what the textbook forms give here: the reason to be careful with the remainder."""
    forms = [one for one in derivation.takeaways if _TEXTBOOK.get(one.proof.claim) in told]
    wrong = [one for one in forms if not one.proof.proved]
    for one in wrong:
        name = _TEXTBOOK[one.proof.claim]
        said = f"The textbook form of {{}}, without the remainder: {failure(one.proof)}."
        yield blocks.JudgedSentence(said, one.proof, names=(name,), brief=True)
    if forms and not wrong:
        yield blocks.Remark(f"Textbooks are right here: {_why_right(derivation.geometry)}.")


_TEXTBOOK = {"textbook-input-gradient": "dX", "textbook-filter-gradient": "dF"}


def _why_right(geometry: Geometry) -> str:
    if max(geometry.stride) == 1:
        return "with stride 1 nothing is ever left over"
    if any(geometry.remainder):
        return "what is left over is less than the dilation"
    larger = [
        axis.input + (1 if axis.stride > 1 and axis.input_dilation == 1 else 0)
        for axis in geometry.axes
    ]
    if larger == list(geometry.input):
        return "nothing is left over"
    return f"nothing is left over; at --input {times(larger)} something is"


def _general(derivation: Derivation, told: Sequence[str], evidence: bool) -> Iterator[Block]:
    """Yield the theorem for every size of which each gradient is a case."""
    geometry = derivation.geometry
    layer = None if derivation.whole is None else derivation.whole.layer
    forms = {name: general_form(claim, geometry) for claim, name in FORMS.items()}
    general = forms["dX"]
    fits = tuple(
        Comparison((mathematics.size(left), mathematics.size(right)), (RelationSign(relation),))
        for left, relation, right in general.conditions
    )
    each = "" if len(fits) == len(geometry.axes) else ", on each axis"
    where = f"For every size with {listed(['{}'] * len(fits))}{_without(general, geometry)}{each}:"
    yield blocks.Remark(where, fits)
    results = []
    for name, proofs in _proofs(derivation, told).items():
        form = forms[name].form if name in forms else None
        proved = tuple(proof for proof in proofs if proof.scope is Scope.EVERY_SIZE)
        results.append(Result(name, form, proved, layer))
    yield blocks.Results(tuple(results), evidence)


def _without(general: GeneralForm, geometry: Geometry) -> str:
    """Return what the theorem is shown without, which is a condition as well."""
    words = [word for word in general.without if word != "output padding" or geometry.transposed]
    if {"dilation", "input dilation"} <= {*words} or geometry.transposed:
        words = [word for word in words if word != "input dilation"]  # no kind of dilation
    *firsts, last = words or [""]
    return f", without {' or '.join([*filter(None, [', '.join(firsts)]), last])}" if words else ""


def _sketch(derivation: Derivation, told: Sequence[str]) -> Iterator[Block]:
    """Yield the operands of one closed form side by side, where they are small."""
    geometry = derivation.geometry
    forms = {"dX": closed_forms.input_gradient, "dF": closed_forms.filter_gradient}
    form = forms["dX" if "dX" in told else "dF"](geometry)
    if not all(stories.fits(operand, geometry) for operand in (form.of, form.by)):
        return
    drawn = tuple(
        blocks.Picture(
            stories.said(operand), stories.drawn(operand, geometry), stories.leaves(operand)
        )
        for operand in (form.of, form.by)
    )
    if max(len(np.atleast_2d(one.grid)) for one in drawn) <= HIGHEST_SKETCH:
        yield blocks.Sketch(drawn)


def _example(derivation: Derivation, told: Sequence[str]) -> blocks.Displayed:
    """Return the equation of an element with many products."""
    name = "dX" if "dX" in told else "dF"
    index = busiest(derivation, name)
    whole = derivation.equation(Element(name, index))
    shown = whole.terms if len(whole.terms) <= LONGEST_EXAMPLE else whole.terms[:FIRST_TERMS]
    more = len(whole.terms) - len(shown)
    return blocks.Displayed(Equation(whole.target, shown), more)
