"""All that symconv has to say about one geometry: equations, gradients, closed forms, proofs."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

from symconv.claims.verdict import Proof, Provable
from symconv.engines.engine import Engine, SympyEngine, Tensor, TermEngine
from symconv.engines.memory import check_memory, products
from symconv.equation import Element, Equation
from symconv.errors import SymconvError
from symconv.formula import closed_forms
from symconv.formula.nodes import Node
from symconv.geometry import Geometry, Padding, Sizes
from symconv.proof.closed_forms import every_size
from symconv.proof.instance import judge
from symconv.proof.sample import SampleCheck, check_sample
from symconv.proof.takeaways import Takeaway, takeaways

SYMPY_PRODUCTS = 400
"""Up to this many products in the forward pass sympy answers within half a second."""

SYMPY_ELEMENTS = 1000
"""Up to this many elements in the largest tensor, zeros included, it does so, too."""


@dataclass(frozen=True)
class Derivation(Provable):
    """The derivation of one convolution's gradients.

    Attributes:
        geometry: the sizes.
        engine: ``sympy``, or ``term tables`` where sympy would be slow.
        forward: Y, shape (P, Q): y = sum x f.
        input_gradient: dX, shape (H, W): dL/dx = sum dL/dy f.
        filter_gradient: dF, shape (R, S): dL/df = sum dL/dy x.
        closed_forms: ``input_gradient`` and ``filter_gradient`` as formulas.
        proofs: that each gradient equals its closed form, at this size and at every size.
        takeaways: what lectures say of them in words, judged.
        sample: the outputs whose terms were also checked with sympy, where the tables answered.
    """

    geometry: Geometry
    engine: str
    forward: Tensor
    input_gradient: Tensor
    filter_gradient: Tensor
    closed_forms: dict[str, Node]
    proofs: tuple[Proof, ...]
    takeaways: tuple[Takeaway, ...]
    sample: SampleCheck | None

    latex: ClassVar[Callable[[Derivation], str] | None] = None
    """The display of a derivation in a notebook; the notebook's view registers itself here."""

    @property
    def proved(self) -> bool:
        """Whether every closed form was proved, and the sample, where there is one, agreed."""
        return all(proof.proved for proof in self.proofs) and (
            self.sample is None or self.sample.agrees
        )

    @property
    def shortcoming(self) -> str:
        """Why not every closed form is proved, in one line."""
        found = [proof.shortcoming for proof in self.proofs if not proof.proved]
        if self.sample is not None and not self.sample.agrees:
            found.append("sympy disagrees with the term tables on a sample of outputs")
        return "; ".join(found)

    def tensor(self, name: str) -> Tensor:
        """Return Y, dX or dF by name."""
        return {"Y": self.forward, "dX": self.input_gradient, "dF": self.filter_gradient}[name]

    def equation(self, target: Element) -> Equation:
        """Return the equation of one element of Y, dX or dF."""
        return Equation(target, self.tensor(target.tensor).terms(target.index))

    def _repr_latex_(self) -> str | None:
        return None if self.latex is None else self.latex()


def derive(
    input: Sizes | Geometry = (5, 5),
    filter: Sizes = (3, 3),
    stride: Sizes = 1,
    padding: Padding = 0,
    dilation: Sizes = 1,
    *,
    engine: Literal["sympy", "terms"] | None = None,
) -> Derivation:
    """Derive the forward pass and both gradients of a convolution, and prove the closed forms.

    Args:
        input: (H, W), or a whole `Geometry`.
        filter: (R, S).
        stride: (u, v).
        padding: as in `Geometry.of`.
        dilation: (d, e).
        engine: ``sympy``, ``terms``, or None to use sympy up to `SYMPY_PRODUCTS`
                products and `SYMPY_ELEMENTS` elements.

    Raises:
        GeometryError: the sizes describe no convolution.
        TooLargeError: the work would not fit the memory.

    >>> d = derive(5, 3, stride=2)
    >>> d.proofs[0].verdict.value, d.input_gradient[2, 2]
    ('proved', dy_00*f_22 + dy_01*f_20 + dy_10*f_02 + dy_11*f_00)
    """
    geometry = (
        input
        if isinstance(input, Geometry)
        else Geometry.of(input, filter, stride, padding, dilation)
    )
    check_memory(geometry)
    chosen = _engine(geometry, engine)
    forms = {
        "input_gradient": closed_forms.input_gradient(geometry),
        "filter_gradient": closed_forms.filter_gradient(geometry),
    }
    return Derivation(
        geometry=geometry,
        engine=chosen.name,
        forward=chosen.tensor("Y"),
        input_gradient=chosen.tensor("dX"),
        filter_gradient=chosen.tensor("dF"),
        closed_forms=forms,
        proofs=(
            judge(chosen, "dX", forms["input_gradient"], claim="input-gradient"),
            judge(chosen, "dF", forms["filter_gradient"], claim="filter-gradient"),
            *every_size(geometry),
        ),
        takeaways=tuple(takeaways(chosen)),
        sample=check_sample(chosen) if isinstance(chosen, TermEngine) else None,
    )


def _engine(geometry: Geometry, name: str | None) -> Engine:
    match name:
        case "sympy":
            return SympyEngine(geometry)
        case "terms":
            return TermEngine(geometry)
        case None:
            extents = (max(a.padded, a.input + a.extent - 1) for a in geometry.axes)
            small = products(geometry) <= SYMPY_PRODUCTS and math.prod(extents) <= SYMPY_ELEMENTS
            return SympyEngine(geometry) if small else TermEngine(geometry)
        case _:
            raise SymconvError(f"engine is {name!r}; it must be sympy or terms")
