r"""A sum at one element, written out: y_{00} = \sum_{r=0}^{2} \sum_{s=0}^{2} x_{r,s} f_{r,s}.

The letters of sizes are those of the example here, and every product that the sum has at this
element is looked at; a read outside of a tensor is 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from symconv.documents.elements.equations import numeric_index, read_index
from symconv.documents.formulas import relation
from symconv.documents.formulas.convention import Notation
from symconv.documents.formulas.definitions import Definitions
from symconv.documents.formulas.gathered import GatheredFormula
from symconv.documents.formulas.letters import (
    AFTER,
    BEFORE,
    DILATIONS,
    EXTENTS,
    HALVES,
    SECOND_MEANINGS,
    STRIDES,
)
from symconv.documents.formulas.limited import note, scope
from symconv.documents.formulas.parts import StatedRange
from symconv.documents.formulas.roles import GRADIENT, element
from symconv.documents.index_formulas.indices import bases, body, is_index_formula
from symconv.documents.mathematics.syntax import Derivative, Expression, UnreadableError
from symconv.documents.notation.reading import NotationReading
from symconv.documents.notation.truth import Truth, canonical_index, document_index
from symconv.documents.source.place import Place
from symconv.documents.verdicts.judge import is_credible
from symconv.documents.verdicts.scopes import counting_from
from symconv.documents.verdicts.verdict import AGREE, WRONG, EquationVerdict, Finding, not_judged
from symconv.equation import Element
from symconv.equation import Term as Products
from symconv.polynomial import Polynomial

INDEX = "index"
_MOST = 20_000
_NAMED = 3


def is_at_an_element(left: Expression, right: Expression) -> bool:
    """Whether a sum with letters is said to be one element."""
    found = element(left)
    return (
        found is not None
        and found.of is None
        and all(t.kind == "number" for part in found.symbol.index or () for t in part)
        and not is_index_formula(left)
        and is_index_formula(right)
    )


def judge_at_element(
    left: Expression, right: Expression, reading: Notation, place: Place, definitions: Definitions
) -> EquationVerdict:
    """Return the verdict on a sum at one element, in every meaning that its letters may have."""
    found: list[EquationVerdict] = []
    error: UnreadableError | None = None
    first, *others = bases(right, reading)
    for base, second in product((first, *others), SECOND_MEANINGS):
        try:
            judgement = _Case(left, right, reading, base, place, second).judgement(definitions)
            unshown = judgement.verdict == AGREE and base != first and reading.base is None
            limits = "; ".join(filter(None, (counting_from(base), judgement.scope)))
            found.append(replace(judgement, scope=limits) if unshown else judgement)
        except UnreadableError as unreadable:
            error = error or unreadable
        if reading.base is not None and second == SECOND_MEANINGS[-1]:
            break
    agreeing = next((j for j in found if j.verdict == AGREE), None)
    if agreeing is not None:
        return agreeing
    if found:
        return found[0]
    if error is None:
        return not_judged(INDEX, place, "this sum is not understood")
    return not_judged(INDEX, place, error.reason, error.place)


@dataclass(frozen=True, slots=True)
class _Case:
    left: Expression
    right: Expression
    reading: Notation
    base: int
    place: Place
    second: frozenset[str]

    def judgement(self, definitions: Definitions) -> EquationVerdict:
        """Return the verdict under one first index and one meaning of the letters.

        Raises:
            UnreadableError: something is not known, or no example says the sizes.
        """
        target, formula = self._read(definitions)
        if _is_chain_rule(target, formula, self.base):
            return EquationVerdict(AGREE, INDEX, self.place, self._name(target))
        if not self.second <= formula.ambiguous:
            raise UnreadableError("a letter is read in another meaning", *self.place)
        example = self._example()
        known = Truth(example)
        sizes = _sizes(example)
        for condition in formula.where:
            said, expected = condition.split(" == ")
            if said.endswith(" % 2"):
                if sizes[said.removesuffix(" % 2")] % 2 == 0:
                    raise UnreadableError("this is about filters of odd extent", *self.place)
            elif sizes.get(said) != sizes.get(expected):
                raise UnreadableError("one letter for two sizes that differ here", *self.place)
        try:
            wanted = known.terms(target)
        except IndexError:
            raise UnreadableError("this element lies outside of its tensor", *self.place) from None
        strays, counts = self._products(formula, example, sizes, known)
        name = self._name(target)
        if not strays and counts.keys() == wanted and set(counts.values()) <= {1}:
            limits = scope(formula)
            return EquationVerdict(AGREE, INDEX, self.place, name, note=note(formula), scope=limits)
        if formula.guessed:
            meant = ", ".join(f"{a} for the {b}" for a, b in formula.guessed.items())
            return not_judged(INDEX, self.place, f"not right with {meant}, which is a guess")
        if not is_credible(example):
            return not_judged(INDEX, self.place, "too few equations speak for a notation")
        if any(map(any, example.unseen.values())):
            ask = example.hints.ask("input", "filter")
            reason = f"how far the tensors reach is not known here{ask}"
            return not_judged(INDEX, self.place, reason)
        return self._wrong(name, strays, counts, wanted, example)

    def _read(self, definitions: Definitions) -> tuple[Element, GatheredFormula]:
        """Return the element on the left, and the sum as it stands."""
        found = element(self.left)
        if found is None:
            raise UnreadableError("the left side is no element", *self.left.place)
        parts = numeric_index(found.symbol)
        rank = self.reading.rank
        if self.reading.geometry is None:
            rank = len(parts) if len(parts) > 1 else len(parts[0])
        index = read_index(parts, rank)
        if index is None:
            raise UnreadableError("this index has another number of parts", *self.left.place)
        formula = GatheredFormula(self.reading, rank, self.base, self.second)
        if isinstance(self.left, Derivative):
            formula.derived(self.left.of)
        role = formula.role(found.symbol.name, found.symbol.place)
        tensor = "d" + role if found.kind == GRADIENT else role
        if tensor not in ("Y", "dX", "dF"):
            raise UnreadableError("the left side is given, not computed", *self.left.place)
        body(self.right, formula, definitions)
        if any(read.tensor.removeprefix("d") not in EXTENTS for read in formula.reads):
            raise UnreadableError("a tensor of the document's own at one element", *self.place)
        turned = self.reading.flipped and role == "F"
        zero = tuple(i - self.base for i in index)
        if turned:
            extents = self._example().extents("F")
            zero = tuple(R - 1 - i for i, R in zip(zero, extents, strict=True))
        return Element(tensor, zero), formula

    def _example(self) -> NotationReading:
        """Return the example that says the sizes."""
        if isinstance(self.reading, NotationReading):
            return self.reading
        geometry = self.reading.geometry
        if geometry is None:
            ask = self.reading.hints.ask("input", "filter")
            reason = f"the sizes of the example are not known here{ask}"
            raise UnreadableError(reason, *self.left.place)
        return NotationReading(
            "x", "f", ("y",), (), self.base, geometry, self.reading.flipped, (2, 2)
        )

    def _name(self, target: Element) -> str:
        return f"{target.tensor.lower()}[{','.join(map(str, target.index))}]"

    def _products(
        self,
        formula: GatheredFormula,
        example: NotationReading,
        sizes: Mapping[str, int],
        known: Truth,
    ) -> tuple[Place | None, Counter[Products]]:
        """Return the sum that leaves its tensor, if one does, and every product with its count."""
        spans = [_span(range_, formula, sizes, self.base) for range_ in formula.ranges]
        total = 1
        for span in spans:
            total *= len(span)
        if total > _MOST:
            raise UnreadableError("a sum of far too many products", *self.place)
        counts: Counter[Products] = Counter()
        names = [range_.name for range_ in formula.ranges]
        for values in product(*spans):
            at = dict(sizes) | dict(zip(names, values, strict=True))
            if any(_value(condition, at) for condition in formula.conditions):
                continue
            if any(_value(guard.least, at) < 0 for guard in formula.guards):
                continue
            found = list(_elements(formula, at, example, self.base, known))
            inside = [e for e in found if e is not None]
            if len(inside) == len(found):
                counts[tuple(sorted(inside, key=lambda e: _ORDER.index(e.tensor)))] += 1
        padded = EXTENTS["X"] if any(map(any, example.geometry.padding)) else ()
        for range_, span in zip(formula.ranges, spans, strict=True):
            read = [sizes[e] for e in formula.extents(range_.name) if e not in padded]
            stray = any(i not in range(self.base, self.base + n) for n in read for i in span)
            if stray and range_.low is not None:
                return range_.place, counts
        return None, counts

    def _wrong(
        self,
        name: str,
        strays: Place | None,
        counts: Counter[Products],
        wanted: frozenset[Products],
        example: NotationReading,
    ) -> EquationVerdict:
        missing = sorted(wanted - counts.keys())
        extra = sorted(
            products for products, n in counts.items() if products not in wanted or n > 1
        )
        said = [
            f"{what} {', '.join(_spelled(p, example) for p in products[:_NAMED])}"
            + (f" and {len(products) - _NAMED} more" if len(products) > _NAMED else "")
            for what, products in (("leaves out", missing), ("adds", extra))
            if products
        ]
        if strays is not None and not extra and not missing:
            finding = Finding("SC221", strays, "this sum runs past the tensor that it reads")
        else:
            code = "SC221" if missing and not extra else "SC220"
            where = strays or self.right.place
            finding = Finding(code, where, f"at this element the sum {' and '.join(said)}")
        return EquationVerdict(WRONG, INDEX, self.place, name, findings=(finding,))


_ORDER = ("dY", "X", "F")


def _is_chain_rule(target: Element, formula: GatheredFormula, base: int) -> bool:
    """Whether it is dL/dx_22 = sum_ij dL/dy_ij dy_ij/dx_22, over all of y."""
    if len(formula.reads) != 1 or len(formula.locals) != 1:
        return False
    if formula.conditions or formula.guards:
        return False
    (upstream,), (local,) = formula.reads, formula.locals
    summed = [Polynomial.name(r.name) for r in formula.ranges if r.low is None and r.high is None]
    at = [Polynomial.constant(i + base) for i in target.index]
    return (
        upstream.tensor == "dY"
        and upstream.index == local.above == summed
        and local.below == at
        and "d" + local.wrt == target.tensor
    )


def _sizes(example: NotationReading) -> dict[str, int]:
    """Return the numbers of an example by the names of the claim language."""
    g = example.geometry
    sizes: dict[str, int] = {}
    for role in EXTENTS:
        sizes |= zip(EXTENTS[role], example.extents(role), strict=False)
    sizes |= {half: sizes[name] // 2 for name, half in HALVES.items() if name in sizes}
    for names, numbers in (
        (STRIDES, g.stride), (DILATIONS, g.dilation),
        (BEFORE, [low for low, _ in g.padding]), (AFTER, [high for _, high in g.padding]),
    ):  # fmt: skip
        sizes |= zip(names, numbers, strict=False)
    return sizes


def _value(polynomial: Polynomial, values: Mapping[str, int]) -> int:
    found = relation.value(polynomial, values)
    if found is None:
        raise KeyError
    return found


def _span(
    range_: StatedRange, formula: GatheredFormula, sizes: Mapping[str, int], base: int
) -> range:
    """Return the numbers that a summation index takes."""
    low, high = range_.low, range_.high
    if low is None or high is None:
        extents = [sizes[extent] for extent in formula.extents(range_.name)]
        if not extents:
            raise UnreadableError("the range of this index is not stated", *range_.place)
        low = Polynomial.constant(base) if low is None else low
        high = Polynomial.constant(base + max(extents) - 1) if high is None else high
    first, last = relation.value(low, sizes), relation.value(high, sizes)
    if first is None or last is None:
        raise UnreadableError("the limits of this sum are not known here", *range_.place)
    return range(first, last + 1)


def _elements(
    formula: GatheredFormula,
    at: Mapping[str, int],
    example: NotationReading,
    base: int,
    known: Truth,
) -> Iterator[Element | None]:
    """Yield the elements of one product; None for one that is 0."""
    for read in formula.reads:
        index = tuple(_value(part, at) for part in read.index)
        yield _inside(Element(read.tensor, _zero(index, read.tensor, example)), known)
    for local in formula.locals:
        above = Element("Y", tuple(_value(part, at) - base for part in local.above))
        below = tuple(_value(part, at) for part in local.below)
        output = _inside(above, known)
        wrt = _inside(Element(local.wrt, _zero(below, local.wrt, example)), known)
        yield known.local(output, wrt) if output and wrt else None


def _zero(index: tuple[int, ...], tensor: str, example: NotationReading) -> tuple[int, ...]:
    return canonical_index(index, tensor.removeprefix("d"), example)


def _inside(found: Element, known: Truth) -> Element | None:
    shape = known.shapes[found.tensor.removeprefix("d")]
    return found if all(0 <= i < n for i, n in zip(found.index, shape, strict=True)) else None


def _spelled(products: Products, example: NotationReading) -> str:
    names = {"X": example.input, "F": example.filter, "Y": example.outputs[0]}
    said = []
    for e in products:
        index = ",".join(map(str, document_index(e, example)))
        name = f"{names[e.tensor.removeprefix('d')]}_{{{index}}}"
        said.append(f"dL/d{name}" if e.tensor.startswith("d") else name)
    return " ".join(said)
