"""The derivation as JSON, schema ``symconv.derivation/1``: a contract for other programs.

Names in it are always x f y dy and indices count from 0, whatever the notation.  It is written
piece by piece, so that large derivations need no more memory than their tables.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from symconv.claims.verdict import Counterexample, Proof, Scope
from symconv.derivation import Derivation, WholeLayer
from symconv.engines.engine import Tensor
from symconv.equation import Element, Term
from symconv.geometry import Geometry, Layer
from symconv.readings import text
from symconv.tensors.factored import FactoredTable
from symconv.tensors.table import SortedTable

SCHEMA = "symconv.derivation/1"

_LETTERS = {"X": "x", "F": "f", "Y": "y", "b": "b", "dX": "x", "dF": "f", "dY": "dy", "dB": "b"}


def chunks(derivation: Derivation, wrt: str = "all", everything: bool = False) -> Iterator[str]:
    """Yield the text of the JSON document, piece by piece.

    Args:
        derivation: what to write.
        wrt: ``input`` or ``filter`` leaves out what concerns the other gradient.
        everything: of a layer, whether every element of every image and channel is listed, in flat
            indices; otherwise the equations are those of one image, one channel and one filter.
    """
    kept = {"input": ["input"], "filter": ["filter"]}.get(wrt, ["input", "filter", "bias"])
    sizes = json.dumps(geometry(derivation.geometry))
    yield f'{{"schema": {json.dumps(SCHEMA)},\n"geometry": {sizes}'
    whole = derivation.whole
    if whole is not None:
        yield f',\n"layer": {json.dumps(layer(whole.layer))}'
        yield f',\n"sums": {json.dumps(sums(whole.layer))}'
    told = whole if whole is not None and everything else derivation
    yield ',\n"forward": '
    yield from _listed(_forward(told))
    gradients = ("input", told.input_gradient, "x"), ("filter", told.filter_gradient, "f")
    for name, tensor, letter in gradients:
        if name in kept:
            yield f',\n"{name}_gradient": '
            yield from _listed(_equations(tensor, letter))
    if isinstance(told, WholeLayer) and told.bias_gradient is not None and "bias" in kept:
        yield ',\n"bias_gradient": '
        yield from _listed(_equations(told.bias_gradient, "b"))
    forms = {name: text.read(form) for name, form in derivation.closed_forms.items()}
    forms = {name: form for name, form in forms.items() if name.split("_")[0] in kept}
    proofs = [proof(p) for p in derivation.proofs if p.claim.split("-")[0] in kept]
    yield f',\n"closed_forms": {json.dumps(forms)},\n"proofs": {_lines(proofs)}}}\n'


def geometry(sizes: Geometry) -> dict[str, Any]:
    """Return the sizes as JSON data, one entry for each axis."""
    names = ["input", "filter", "stride", "padding", "dilation", "input_dilation"]
    if sizes.transposed:
        names += ["transposed", "output_padding"]
    return {name: getattr(sizes, name) for name in (*names, "output", "remainder")}


def layer(sizes: Layer) -> dict[str, Any]:
    """Return the images and channels of a layer as JSON data."""
    names = ("batch", "channels", "filters", "groups", "bias")
    return {name: getattr(sizes, name) for name in names}


def sums(sizes: Layer) -> dict[str, dict[str, int]]:
    """Return who is summed, in Y and in each gradient, and over how many."""
    windows = dict(zip(WINDOWS[len(sizes.geometry.axes)], sizes.geometry.output, strict=True))
    found = {
        "y": {"c": sizes.group_channels},
        "dX": {"k": sizes.group_filters},
        "dF": {"n": sizes.batch},
    }
    return found | ({"dB": {"n": sizes.batch, **windows}} if sizes.bias else {})


WINDOWS = {1: ("p",), 2: ("p", "q"), 3: ("z", "p", "q")}
"""The indices of the windows, on one to three axes."""


def proof(judged: Proof) -> dict[str, Any]:
    """Return a verdict as JSON data."""
    data: dict[str, Any] = {
        "claim": judged.claim,
        "scope": judged.scope.value,
        "verdict": judged.verdict.value,
        "elements": judged.elements,
        "terms": judged.terms,
        "engine": judged.engine,
        "seconds": round(judged.seconds, 4),
    }
    if judged.scope is Scope.EVERY_SIZE:
        data["obligations"] = judged.obligations
    if judged.counterexample:
        data["counterexample"] = counterexample(judged.counterexample)
    if judged.reason:
        data["reason"] = judged.reason
    return data


def counterexample(found: Counterexample) -> dict[str, Any]:
    """Return a counterexample as JSON data: shapes, and the first differing element if any."""
    data: dict[str, Any] = {"shapes": dict(zip(("left", "right"), found.shapes, strict=True))}
    if found.equations:
        left, right = found.equations
        data |= {"element": left.target.index, "left": terms(left.terms)}
        data |= {"right": terms(right.terms)}
    if found.element is not None:
        data |= {"element": found.element}
        data["factors"] = [
            {"product": list(map(element, each.term)), "left": str(each.left),
             "right": str(each.right)}
            for each in found.products
        ]  # fmt: skip
    return data | {"undefined": found.undefined}


def element(named: Element) -> str:
    """Return the canonical name of an element: ``x[2,2]``, ``dy[0,1]``."""
    return f"{_LETTERS.get(named.tensor, named.tensor)}[{','.join(map(str, named.index))}]"


def terms(products: Sequence[Term]) -> list[list[str]]:
    """Return products as lists of canonical names."""
    return [[element(factor) for factor in product] for product in products]


def _forward(told: Derivation | WholeLayer) -> Iterator[str]:
    """Yield the equations of Y; in a whole layer with a bias each ends with its b[k]."""
    written = _equations(told.forward, "y")
    if not isinstance(told, WholeLayer) or not told.layer.bias:
        yield from written
        return
    windows = math.prod(told.layer.geometry.output)
    for number, equation in enumerate(written):
        k = number // windows % told.layer.filters
        head, empty = equation[:-2], equation.endswith("[]}")
        yield f'{head}{"" if empty else ", "}["b[{k}]"]]}}'


def _listed(equations: Iterable[str]) -> Iterator[str]:
    """Yield a JSON list of what is JSON already, in pieces that are worth writing."""
    pieces: list[str] = []
    separator = "[\n  "
    for equation in equations:
        pieces += [separator, equation]
        separator = ",\n  "
        if len(pieces) > 1000:
            yield "".join(pieces)
            pieces.clear()
    yield "".join(pieces) + "]"


def _equations(tensor: Tensor, letter: str) -> Iterator[str]:
    """Yield each equation of a tensor as JSON: its target and its products."""
    if isinstance(tensor, FactoredTable):
        yield from _factored(tensor, letter)
        return
    for equation in tensor.equations(letter):
        target = f"{letter}[{','.join(map(str, equation.target.index))}]"
        yield json.dumps({"target": target, "terms": terms(equation.terms)})


def _factored(tensor: FactoredTable, letter: str) -> Iterator[str]:
    """Yield each equation of a tensor of a convolution; most of the text is made once for a block.

    In each of its blocks the products of an element have different first factors, so that going
    through the blocks in turn gives them in order.
    """
    names = [_LETTERS[factor.name] for factor in tensor.factors]
    *outer, last = [list(_texts(block)) for block in tensor.blocks]
    ends = [f']", "{name}[' for name in names[1:]] + [']"]']
    inner = [
        (target, [tuple(map(str.__add__, row, ends)) for row in rows]) for target, rows in last
    ]
    for parts in itertools.product(*outer):
        target = "".join(f"{index}," for index, _ in parts if index)
        starts = [
            _started(names[0], rows)
            for rows in itertools.product(*(rows for _, rows in parts))
            if rows
        ]
        starts = starts if outer else [_started(names[0], [("",) * len(names)])]
        for index, rows in inner:
            whole = f"{target}{index}".rstrip(",")
            products = ", ".join(_products(starts, rows))
            yield f'{{"target": "{letter}[{whole}]", "terms": [{products}]}}'


def _started(name: str, rows: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return how the factors of a product begin, given the rows of all blocks but the last."""
    first, *rest = ("".join(f"{i}," for i in each if i) for each in zip(*rows, strict=True))
    return f'["{name}[{first}', *rest


def _products(starts: list[tuple[str, ...]], rows: list[tuple[str, ...]]) -> list[str]:
    """Return the text of all products of the starts of their factors and of the rest."""
    if rows and len(rows[0]) == 2:  # nearly all: twice as fast as joining them
        return [f"{a}{i}{b}{k}" for a, b in starts for i, k in rows]
    return [
        "".join(itertools.chain(*zip(start, row, strict=True))) for start in starts for row in rows
    ]


def _texts(block: SortedTable) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Yield the index of each element of a block, and of the factors in each of its rows."""
    for index in np.ndindex(*block.shape):
        rows = [
            tuple(",".join(map(str, factor.index)) for factor in term)
            for term in block.terms(index)
        ]
        yield ",".join(map(str, index)), rows


def _lines(data: Iterable[dict[str, Any]]) -> str:
    return "[\n  " + ",\n  ".join(map(json.dumps, data)) + "]"
