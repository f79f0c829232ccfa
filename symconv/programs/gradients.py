"""Proves that what a backward pass gives is the gradient of the forward pass, for every size.

The claim is that a gradient is ``vjp`` of the forward pass as it was read, which is its definition;
symconv's own prover judges it, under the conditions on sizes of the path that was read alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from symconv.claims.claim import Claim, Condition
from symconv.errors import FormulaError, OutOfReachError, TooLargeError
from symconv.formula.nodes import Leaf, Vjp
from symconv.formula.sizes import Size
from symconv.programs.knowledge import SizeComparison
from symconv.programs.terms import ProductTerm, node
from symconv.proof.prover import argue
from symconv.proof.search import CertificateSearch
from symconv.proof.witness import smallest_sizes

UPSTREAM = "dY"
"""The name of dL/dY."""


@dataclass(frozen=True, eq=False, slots=True)
class ReadArray:
    """An array as it was read: the sum of terms that each of its elements is.

    Attributes:
        shape: its extents.
        names: its indices, in which the terms are written.
        terms: what is added up.
    """

    shape: tuple[Size, ...]
    names: tuple[str, ...]
    terms: tuple[ProductTerm, ...]


@dataclass(frozen=True, eq=False, slots=True)
class ReadProgram:
    """A forward pass with its gradients, as they were read on one path.

    Attributes:
        leaves: the arrays that are given, with their shapes, dY among them.
        integers: the sizes, each with its least value.
        assumed: what holds of them on this path, and what is taken for granted.
        forward: Y.
        batch: how many images there are.
        gradients: by the name of the array with respect to which, what the program gives for it.
    """

    leaves: Mapping[str, tuple[Size, ...]]
    integers: Mapping[str, int]
    assumed: tuple[SizeComparison, ...]
    batch: Size
    forward: ReadArray
    gradients: Mapping[str, ReadArray]


def unproved(program: ReadProgram, leaf: str, search: CertificateSearch) -> str | None:
    """Return why a gradient is not proved on a path, or None where it is.

    A mean over the batch is a gradient too: what is proved is that its N-fold is one.

    Args:
        program: what was read.
        leaf: with respect to which array.
        search: remembers certificates.
    """
    gradient = program.gradients[leaf]
    read = [term for term in program.forward.terms if leaf in term.leaves]
    if any(term.leaves.count(leaf) > 1 for term in program.forward.terms):
        return f"the output is not linear in {leaf}"
    if not read or not gradient.terms:
        return "it is 0"
    if any(not term.reads for term in (*gradient.terms, *read)):
        return "it holds a term that no given array is in"
    over = {term.over for term in gradient.terms}
    if any(term.over for term in read) or not over <= {()} | {(program.batch,)} or len(over) > 1:
        return "it is divided by sizes, and not as a mean over the batch"
    forward = node(read, program.forward.names, program.forward.shape)
    claim = Claim(
        "program",
        "program",
        node(gradient.terms, gradient.names, gradient.shape),
        Vjp(forward, leaf, Leaf(UPSTREAM)),
        program.leaves,
        program.integers,
        {},
        where=tuple(_condition(each) for each in program.assumed),
    )
    try:
        argument, reason = argue(claim, search)
        if argument is None:
            return reason
        if smallest_sizes(claim) is None:
            return "no sizes are found that the path is for"
    except (OutOfReachError, TooLargeError, FormulaError) as error:
        return str(error)
    return None


def _condition(fact: SizeComparison) -> Condition:
    return Condition(fact.size, "==" if fact.exact else ">=", 0)
