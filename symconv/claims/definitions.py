"""Tensors that a claim defines: ``Z[i] == sum(M[i,j]*A[j] for j in range(n1))``.

A defined tensor is declared with its shape before, ``Z = m1``.  Then it is written out wherever it
stands, and dZ, of the same shape, is a leaf: the gradient of A is ``vjp(Z, A, dZ)``.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from symconv.errors import ParseError, how_many
from symconv.formula.elements import ElementReader
from symconv.formula.nodes import Leaf
from symconv.formula.parse import FormulaReader, subscripts
from symconv.formula.slices import Slices
from symconv.formula.syntax import fail, nearest, shown, syntax_tree
from symconv.formula.walk import parts

if TYPE_CHECKING:
    from symconv.formula.nodes import Node
    from symconv.formula.sizes import Size
    from symconv.formula.vocabulary import Vocabulary


def defined(words: Vocabulary, declared: Iterable[str], texts: Iterable[str]) -> Vocabulary:
    """Return the vocabulary with the tensors that ``texts`` define, each by those before it.

    Args:
        words: the names that are known, the declared tensors among them.
        declared: the tensors that the claim declares.
        texts: definitions.

    Raises:
        ParseError: a text that defines no declared tensor.
    """
    open_names = list(declared)
    for text in texts:
        try:
            name, words = _with(words, open_names, text)
        except ParseError as error:
            raise ParseError(f"define {shown(text)!r}: {error}") from None
        open_names.remove(name)
    return words


def undefined(left: object, right: object, declared: Collection[str]) -> str | None:
    """Return the declared tensor that a claim equates with a formula of others, if it is one.

    Such a claim is refuted, since the tensor may hold anything; whoever writes it often means to
    say what the tensor is.
    """
    if isinstance(left, Leaf) and left.name in declared:
        others = {part.name for part in parts(right) if isinstance(part, Leaf)}
        if others and left.name not in others:
            return left.name
    return None


def _with(words: Vocabulary, declared: list[str], text: str) -> tuple[str, Vocabulary]:
    tree = syntax_tree(text)
    if not isinstance(tree, ast.Compare) or not isinstance(tree.ops[0], ast.Eq) or tree.ops[1:]:
        raise ParseError("a definition has two equals signs: Z[i] == sum(..)")
    left, right = tree.left, tree.comparators[0]
    named = left.value if isinstance(left, ast.Subscript) else left
    if not isinstance(named, ast.Name) or named.id not in declared:
        name = named.id if isinstance(named, ast.Name) else ""
        hint = nearest(name, declared) or "; declare it as a tensor, with its shape"
        raise fail(left, f"what is defined is a declared tensor, with indices or without{hint}")
    name = named.id
    shape = words.leaves[name]
    others = {leaf: extents for leaf, extents in words.leaves.items() if leaf != name}
    known = replace(words, leaves=others)
    indices = _indices(left, words) if isinstance(left, ast.Subscript) else ()
    if len(indices) > len(shape):
        raise fail(left, f"{name} has fewer axes: {len(shape)}")
    node = _read(known, right, indices, len(shape), shape)
    known = known.declare(tensors={f"d{name}": shape})
    return name, replace(known, tensors={**known.tensors, name: node})


def _read(
    words: Vocabulary, tree: ast.expr, indices: tuple[str, ...], rank: int, shape: tuple[Size, ...]
) -> Node:
    parts = (part.id for part in ast.walk(tree) if isinstance(part, ast.Name))
    slices = Slices(words.leaves, {*words.names(), *indices, *parts})
    if not indices:
        node = slices.whole(FormulaReader(words, slices=slices).tensor(tree))
        found = FormulaReader(words).rank(node)
        if found != rank:
            raise fail(tree, f"this has {how_many(found, 'axis')}, the declared shape {rank}")
        return node
    axes = slices.fresh("i", rank - len(indices))
    kept = shape[: len(indices)] if axes else shape
    return ElementReader(words, indices, axes, slices).index_sum(tree, kept)


def _indices(tree: ast.Subscript, words: Vocabulary) -> tuple[str, ...]:
    names = [entry.id if isinstance(entry, ast.Name) else "" for entry in subscripts(tree)]
    for entry, name in zip(subscripts(tree), names, strict=True):
        if not name or name in words.names() or names.count(name) > 1:
            raise fail(entry, "a definition binds new names, each once: Z[i,j] == ..")
    return tuple(names)
