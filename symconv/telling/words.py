"""The words that all media share: verdicts, their scope, and tables of sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symconv.claims.verdict import Proof, Scope, Verdict
from symconv.errors import how_many
from symconv.formula.words import AXES, Role, letters_on
from symconv.geometry import Geometry, Layer, axis_name
from symconv.readings.values import Number
from symconv.telling import blocks

VERDICTS = {
    Verdict.PROVED: "PROVED",
    Verdict.REFUTED: "REFUTED",
    Verdict.NOT_JUDGED: "NOT JUDGED",
}


def outcome(proof: Proof) -> str:
    """Return a verdict with its scope and what stands behind it, in words."""
    verdict = f"{VERDICTS[proof.verdict]} for {proof.scope}"
    if proof.reason:
        return f"{VERDICTS[proof.verdict]}: {proof.reason}"
    if proof.verdict is Verdict.REFUTED:
        return verdict
    if proof.scope is Scope.EVERY_SIZE:
        obligations = how_many(proof.obligations, "obligation")
        return f"{verdict}: {obligations}, the certificate of each checked again"
    elements, terms = how_many(proof.elements, "element"), how_many(proof.terms, "term")
    return f"{verdict}: {proof.elements:,} of {elements}, {terms}, by {proof.engine}"


def brief(proof: Proof) -> str:
    """Return the scope of a verdict and what stands behind it, shorter than `outcome` does."""
    if not proof.proved:
        return outcome(proof).removeprefix(VERDICTS[proof.verdict]).lstrip(": ")
    if proof.scope is Scope.EVERY_SIZE:
        obligations = how_many(proof.obligations, "obligation")
        return f"for {proof.scope}: {obligations}, each certificate checked again"
    elements, terms = how_many(proof.elements, "element"), how_many(proof.terms, "term")
    return f"for {proof.scope}: {elements}, {terms}, by {proof.engine}"


def telling(proofs: Sequence[Proof]) -> Sequence[Proof]:
    """Return which verdicts on one formula are told: what holds for every size holds here."""
    if all(proof.proved for proof in proofs):
        return [proof for proof in proofs if proof.scope is Scope.EVERY_SIZE] or proofs
    return proofs


def scoped(proof: Proof) -> str:
    """Return a verdict with its scope."""
    return f"{VERDICTS[proof.verdict]} for {proof.scope}"


def decimal(number: Number) -> str:
    """Return a number as people write it: a fraction with six digits."""
    return str(number) if isinstance(number, int) else f"{float(number):.6g}"


def computed(products: Sequence[Sequence[Number]], sign: str) -> list[str]:
    """Return products of numbers, negative ones in brackets behind the first."""
    return [sign.join(_factors(product)) for product in products]


def _factors(product: Sequence[Number]) -> Iterator[str]:
    for number in product:
        yield f"({decimal(number)})" if number < 0 else decimal(number)


def size_rows(geometry: Geometry) -> list[tuple[str, ...]]:
    """Return the table of sizes: a head, then one row for each axis."""
    more = ["input_dilation"] if max(geometry.input_dilation) > 1 else []
    more += ["output_padding"] if geometry.transposed else []
    said = (name.replace("_", " ") for name in more)
    head = (
        "axis", "input", "filter", "stride", "padding", "dilation", *said, "output", "remainder",
    )  # fmt: skip
    rank = len(geometry.axes)
    rows: list[tuple[str, ...]] = [head]
    for k, axis in enumerate(geometry.axes):
        roles = (Role.INPUT, Role.FILTER, Role.STRIDE, Role.OUTPUT)
        named = [f"{letter} = " for letter in letters_on(k, *roles)] if rank == len(AXES) else []
        H, R, u, P = named or [""] * len(roles)
        rows.append(
            (
                axis_name(k, rank),
                f"{H}{axis.input}",
                f"{R}{axis.filter}",
                f"{u}{axis.stride}",
                f"{axis.padding[0]}, {axis.padding[1]}",
                str(axis.dilation),
                *(str(getattr(axis, name)) for name in more),
                f"{P}{axis.output}",
                str(axis.remainder),
            )
        )
    return rows


def shape_rows(layer: Layer) -> list[tuple[str, str, str]]:
    """Return X, F, Y and, where there is one, b, each with its indices and its sizes."""
    from symconv.readings.layers import leading_axes, space  # most derivations are of no layer

    geometry, leading = layer.geometry, leading_axes(layer)
    extents = {"X": geometry.input, "F": geometry.filter, "Y": geometry.output}
    rows = []
    for tensor, axes in leading.items():
        if tensor != "b":
            names = (*(axis.name for axis in axes), *space(tensor, len(geometry.axes)))
        elif layer.bias:
            names = tuple(axis.name for axis in axes)
        else:
            continue
        sizes = (*(axis.size for axis in axes), *extents.get(tensor, ()))
        indices = f"({', '.join(names)})" if names else "a number"
        rows.append((tensor, indices, " x ".join(map(str, sizes)) or "1"))
    return rows


def rest_of(listing: blocks.Listing) -> str:
    """Return how many equations are not shown, and how to see them."""
    more = how_many(listing.total - listing.equations, "more equation")
    return f"... {more}: --all shows them, -o FILE writes them, --element picks one"
