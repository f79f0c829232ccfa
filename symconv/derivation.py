"""All that symconv has to say about one geometry: equations, gradients, closed forms, proofs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar, Literal, overload

from symconv.claims.verdict import Proof, Provable
from symconv.engines.engine import Engine, SympyEngine, Tensor, TermEngine
from symconv.engines.memory import check_layer_memory, check_memory, products
from symconv.equation import Element, Equation
from symconv.errors import SymconvError
from symconv.formula import closed_forms
from symconv.formula.nodes import Node
from symconv.geometry import Geometry, Layer, Padding, Sizes
from symconv.notation import Notation
from symconv.proof.closed_forms import every_size
from symconv.proof.instance import judge
from symconv.proof.sample import SampleCheck, check_sample
from symconv.proof.takeaways import Takeaway, takeaways

if TYPE_CHECKING:
    from symconv.formula.layer_forms import LayerTensor
    from symconv.symbolic.steps import Symbolic

SYMPY_PRODUCTS = 400
"""Up to this many products in the forward pass sympy answers within half a second."""

SYMPY_ELEMENTS = 1000
"""Up to this many elements in the largest tensor, zeros included, it does so, too."""


@dataclass(frozen=True)
class WholeLayer:
    """The tensors of a layer, every image and channel, in flat indices as frameworks have them.

    Attributes:
        layer: the sizes.
        forward: Y without the bias, shape (N, K, P, Q): y = sum x f.
        input_gradient: dX, shape (N, C, H, W).
        filter_gradient: dF, the shape of the filter.
        bias_gradient: dB, shape (K,): dL/db = sum dL/dy; None without a bias.
    """

    layer: Layer
    forward: Tensor = field(compare=False)
    input_gradient: Tensor = field(compare=False)
    filter_gradient: Tensor = field(compare=False)
    bias_gradient: Tensor | None = field(compare=False)


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
        whole: the layer with its images and channels, where it has some; what is said above is
            said of one image, one channel and one filter, and the proofs are about the whole.
        notation: how it is written where nobody says it; elements of tensors are named x f y, and
            counted from 0, all the same.

    Two are equal where sizes, engine and verdicts are; the tensors follow from those.
    """

    geometry: Geometry
    engine: str
    forward: Tensor = field(compare=False)
    input_gradient: Tensor = field(compare=False)
    filter_gradient: Tensor = field(compare=False)
    closed_forms: dict[str, Node] = field(hash=False)
    proofs: tuple[Proof, ...]
    takeaways: tuple[Takeaway, ...]
    sample: SampleCheck | None
    whole: WholeLayer | None = None
    notation: Notation = field(default_factory=Notation)

    text: ClassVar[Callable[[Derivation], str]] = object.__repr__
    brief: ClassVar[Callable[[Derivation], str]] = object.__repr__
    latex: ClassVar[Callable[[Derivation], str]] = object.__repr__
    display: ClassVar[Callable[[Derivation], str]] = object.__repr__
    markdown: ClassVar[Callable[[Derivation], str]] = object.__repr__
    to_json: ClassVar[Callable[[Derivation], str]] = object.__repr__
    """How a derivation is shown: verdicts and closed forms, the latter as LaTeX, both as a display,
    and all that the command writes as Markdown and JSON; the view of notebooks registers itself
    here."""

    @property
    def proved(self) -> bool:
        """Whether every closed form was proved, and the sample, where there is one, agreed."""
        return all(proof.proved for proof in self.proofs) and (
            self.sample is None or self.sample.agrees
        )

    @property
    def refuted(self) -> bool:
        """Whether some closed form was refuted."""
        return any(proof.refuted for proof in self.proofs)

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

    def __repr__(self) -> str:
        return self.brief()

    def _repr_latex_(self) -> str:
        return self.display()


@overload
def derive(
    input: Sizes | Geometry | Layer = ...,
    filter: Sizes = ...,
    stride: Sizes = ...,
    padding: Padding = ...,
    dilation: Sizes = ...,
    *,
    input_dilation: Sizes = ...,
    transposed: bool = ...,
    output_padding: Sizes = ...,
    rank: int | None = ...,
    batch: int | None = ...,
    channels: int | None = ...,
    filters: int | None = ...,
    groups: int | None = ...,
    bias: bool = ...,
    names: str | Sequence[str] | Notation = ...,
    index_base: int = ...,
    engine: Literal["sympy", "terms"] | None = ...,
    symbolic: Literal[False] = ...,
) -> Derivation: ...


@overload
def derive(
    *,
    symbolic: Literal[True],
    general: str | Iterable[str] = ...,
    names: str | Sequence[str] | Notation = ...,
) -> Symbolic: ...


def derive(
    input: Sizes | Geometry | Layer = (5, 5),
    filter: Sizes = (3, 3),
    stride: Sizes = 1,
    padding: Padding = 0,
    dilation: Sizes = 1,
    *,
    input_dilation: Sizes = 1,
    transposed: bool = False,
    output_padding: Sizes = 0,
    rank: int | None = None,
    batch: int | None = None,
    channels: int | None = None,
    filters: int | None = None,
    groups: int | None = None,
    bias: bool = False,
    names: str | Sequence[str] | Notation = ("x", "f", "y"),
    index_base: int = 0,
    engine: Literal["sympy", "terms"] | None = None,
    symbolic: bool = False,
    general: str | Iterable[str] = (),
) -> Derivation | Symbolic:
    """Derive the forward pass and the gradients of a convolution, and prove the closed forms.

    Args:
        input: (H, W), or a whole `Geometry` or `Layer`.
        filter: (R, S).
        stride: (u, v).
        padding: as in `Geometry.of`.
        dilation: (d, e).
        input_dilation: as in `Geometry.of`.
        transposed: whether the convolution is a transposed one.
        output_padding: of a transposed convolution.
        rank: 1 to 3 spatial axes, where no size tells; 2 if nothing does.
        batch: N images; with any of these four, or a bias, it is a `Layer` that is derived.
        channels: C, in all groups; as many as groups where it is not said.
        filters: K, in all groups; as many as groups where it is not said.
        groups: G.
        bias: whether each output channel has a number added.
        names: what input, filter and output are called where it is written, such as "X,F,O".
        index_base: 0 or 1, where indices begin where it is written.
        engine: ``sympy``, ``terms``, or None to use sympy up to `SYMPY_PRODUCTS`
                products and `SYMPY_ELEMENTS` elements; it speaks of one image and channel.
        symbolic: whether to derive for symbolic sizes instead, rule by rule.
        general: with ``symbolic``, what the convolution has: padding, dilation, crop,
            input-dilation, batch, channels, groups, bias.

    Raises:
        GeometryError: the sizes describe no convolution.
        TooLargeError: the work would not fit the memory.
        SymconvError: names that cannot be written, or numbers beside ``symbolic``.

    >>> d = derive(5, 3, stride=2)
    >>> d.proofs[0].verdict.value, d.input_gradient[2, 2]
    ('proved', dy_00*f_22 + dy_01*f_20 + dy_10*f_02 + dy_11*f_00)
    >>> derive(5, 3, channels=3, filters=4).whole.layer.filter
    (4, 3, 3, 3)
    """
    notation = Notation.of(names, index_base)
    counts = (batch, channels, filters, groups)
    if symbolic:
        said = (input, filter, stride, padding, dilation, input_dilation, output_padding)
        plain = said == ((5, 5), (3, 3), 1, 0, 1, 1, 0)
        if not plain or transposed or rank or bias or any(counts) or engine or notation.base:
            raise SymconvError(
                "symbolic=True derives for any sizes, counted from 0; say what the convolution has "
                "by general=, such as general='padding,dilation', and drop the numbers"
            )
        from symconv.symbolic import steps

        words = general.split(",") if isinstance(general, str) else general
        return steps.derive([word.strip() for word in words if word.strip()], notation=notation)
    if general:
        raise SymconvError("general= is for symbolic sizes; add symbolic=True, or say padding=1")
    if isinstance(input, Layer):
        return replace(_layer(input, engine), notation=notation)
    geometry = (
        input
        if isinstance(input, Geometry)
        else Geometry.of(
            input,
            filter,
            stride,
            padding,
            dilation,
            input_dilation,
            transposed=transposed,
            output_padding=output_padding,
            rank=rank,
        )
    )
    if bias or any(count is not None for count in counts):
        G = 1 if groups is None else groups
        N, C, K = (
            default if count is None else count
            for count, default in ((batch, 1), (channels, G), (filters, G))
        )
        return replace(_layer(Layer(geometry, N, C, K, G, bias), engine), notation=notation)
    chosen, derivation = _spatial(geometry, engine)
    forms = derivation.closed_forms
    return replace(
        derivation,
        proofs=(
            judge(chosen, "dX", forms["input_gradient"], claim="input-gradient"),
            judge(chosen, "dF", forms["filter_gradient"], claim="filter-gradient"),
            *every_size(geometry),
        ),
        notation=notation,
    )


def _spatial(geometry: Geometry, engine: str | None) -> tuple[Engine, Derivation]:
    """Return the engine, and the derivation of one image, channel and filter, without proofs."""
    check_memory(geometry)
    chosen = _engine(geometry, engine)
    return chosen, Derivation(
        geometry=geometry,
        engine=chosen.name,
        forward=chosen.tensor("Y"),
        input_gradient=chosen.tensor("dX"),
        filter_gradient=chosen.tensor("dF"),
        closed_forms={
            "input_gradient": closed_forms.input_gradient(geometry),
            "filter_gradient": closed_forms.filter_gradient(geometry),
        },
        proofs=(),
        takeaways=tuple(takeaways(chosen)),
        sample=check_sample(chosen) if isinstance(chosen, TermEngine) else None,
    )


def _layer(layer: Layer, engine: str | None) -> Derivation:
    """Return the derivation of a layer: in space once, and what is proved of the whole."""
    from symconv.engines.layer import LayerEngine
    from symconv.formula.layer_forms import layer_form

    check_layer_memory(layer)
    _, spatial = _spatial(layer.geometry, engine)
    tables = LayerEngine(layer)
    claims: list[tuple[LayerTensor, str]] = [("dX", "input-gradient"), ("dF", "filter-gradient")]
    if layer.bias:
        claims.append(("dB", "bias-gradient"))
    return replace(
        spatial,
        whole=WholeLayer(
            layer,
            tables.tensor("Y"),
            tables.tensor("dX"),
            tables.tensor("dF"),
            tables.tensor("dB") if layer.bias else None,
        ),
        proofs=(
            *(judge(tables, name, layer_form(layer, name), claim=claim) for name, claim in claims),
            *every_size(layer),
        ),
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
