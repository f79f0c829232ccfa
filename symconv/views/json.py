"""The derivation as JSON, schema ``symconv.derivation/1``: a contract for other programs.

Names in it are always x f y dy and indices count from 0, whatever the notation.  It is written
piece by piece, so that large derivations need no more memory than their tables.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from symconv.claims.verdict import Counterexample, Proof, Scope
from symconv.derivation import Derivation
from symconv.engines.engine import Tensor
from symconv.equation import Element, Term
from symconv.geometry import Geometry
from symconv.readings import text

SCHEMA = "symconv.derivation/1"

_LETTERS = {"X": "x", "F": "f", "Y": "y", "dX": "x", "dF": "f", "dY": "dy"}


def chunks(derivation: Derivation, wrt: str = "all") -> Iterator[str]:
    """Yield the text of the JSON document, piece by piece.

    Args:
        derivation: what to write.
        wrt: ``input`` or ``filter`` leaves out what concerns the other gradient.
    """
    kept = {"input": ["input"], "filter": ["filter"]}.get(wrt, ["input", "filter"])
    tensors = {"input": derivation.input_gradient, "filter": derivation.filter_gradient}
    sizes = json.dumps(geometry(derivation.geometry))
    yield f'{{"schema": {json.dumps(SCHEMA)},\n"geometry": {sizes}'
    yield ',\n"forward": '
    yield from _equations(derivation.forward, "Y")
    for name in kept:
        yield f',\n"{name}_gradient": '
        yield from _equations(tensors[name], {"input": "X", "filter": "F"}[name])
    forms = {f"{n}_gradient": text.read(derivation.closed_forms[f"{n}_gradient"]) for n in kept}
    proofs = [proof(p) for p in derivation.proofs if p.claim.split("-")[0] in kept]
    yield f',\n"closed_forms": {json.dumps(forms)},\n"proofs": {_lines(proofs)}}}\n'


def geometry(sizes: Geometry) -> dict[str, Any]:
    """Return the sizes as JSON data, one entry for each axis."""
    names = ("input", "filter", "stride", "padding", "dilation", "output", "remainder")
    return {name: getattr(sizes, name) for name in names}


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
    return data | {"undefined": found.undefined}


def element(named: Element) -> str:
    """Return the canonical name of an element: ``x[2,2]``, ``dy[0,1]``."""
    return f"{_LETTERS.get(named.tensor, named.tensor)}[{','.join(map(str, named.index))}]"


def terms(products: Sequence[Term]) -> list[list[str]]:
    """Return products as lists of canonical names."""
    return [[element(factor) for factor in product] for product in products]


def _equations(tensor: Tensor, name: str) -> Iterator[str]:
    for k, equation in enumerate(tensor.equations(name)):
        data = {"target": element(equation.target), "terms": terms(equation.terms)}
        yield f"{',' if k else '['}\n  {json.dumps(data)}"
    yield "]"


def _lines(data: Iterable[dict[str, Any]]) -> str:
    return "[\n  " + ",\n  ".join(map(json.dumps, data)) + "]"
