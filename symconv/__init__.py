"""symconv: the gradients of a convolution, derived symbolically and proved.

>>> from symconv import derive
>>> derive(5, 3, stride=2).proofs[0].verdict.value
'proved'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symconv.claims.verdict import Counterexample, Proof, Scope, Verdict
    from symconv.derivation import Derivation, derive
    from symconv.documents.findings import Findings, check
    from symconv.engines.engine import SympyEngine, TermEngine
    from symconv.equation import Element, Equation
    from symconv.errors import FormulaError, GeometryError, SymconvError, TooLargeError
    from symconv.geometry import Axis, Geometry, Layer
    from symconv.notation import Notation
    from symconv.proof.instance import judge
    from symconv.proof.prover import Judgement, prove
    from symconv.symbolic.steps import Symbolic
    from symconv.targets.modules import export
    from symconv.views.figure import Figure, figure

__version__ = "0.2.0"

_HOMES = {
    "derivation": ("Derivation", "derive"),
    "documents.findings": ("Findings", "check"),
    "engines.engine": ("SympyEngine", "TermEngine"),
    "equation": ("Element", "Equation"),
    "errors": ("FormulaError", "GeometryError", "SymconvError", "TooLargeError"),
    "geometry": ("Axis", "Geometry", "Layer"),
    "notation": ("Notation",),
    "proof.instance": ("judge",),
    "proof.prover": ("Judgement", "prove"),
    "claims.verdict": ("Counterexample", "Proof", "Scope", "Verdict"),
    "symbolic.steps": ("Symbolic",),
    "targets.modules": ("export",),
    "views.figure": ("Figure", "figure"),
}

_VIEWS = {
    "derivation": ("notebook", "notebook_symbolic"),
    "documents.findings": ("notebook_check",),
    "proof.instance": ("notebook",),
    "proof.prover": ("notebook",),
    "symbolic.steps": ("notebook_symbolic",),
}
"""The views that show what comes from a module, and register themselves when it is asked for."""

__all__ = [
    "Axis",
    "Counterexample",
    "Derivation",
    "Element",
    "Equation",
    "Figure",
    "Findings",
    "FormulaError",
    "Geometry",
    "GeometryError",
    "Judgement",
    "Layer",
    "Notation",
    "Proof",
    "Scope",
    "Symbolic",
    "SymconvError",
    "SympyEngine",
    "TermEngine",
    "TooLargeError",
    "Verdict",
    "check",
    "derive",
    "export",
    "figure",
    "judge",
    "prove",
]


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])


def __getattr__(name: str) -> Any:
    # sympy takes a third of a second to import, and --help needs none of it.
    for module, names in _HOMES.items():
        if name in names:
            for view in _VIEWS.get(module, ()):
                importlib.import_module(f"symconv.views.{view}")
            return getattr(importlib.import_module(f"symconv.{module}"), name)
    raise AttributeError(f"module 'symconv' has no attribute {name!r}")
