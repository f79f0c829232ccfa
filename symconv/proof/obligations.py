"""The obligations of a claim: what has to be proved, so that it holds for every size.

    divisors      every divisor is at least 1 (a quotient by 0 would make everything provable)
    defined       both sides have a meaning: extents >= 1, filters fit, steps >= 1
    sizes         both sides have the same shape
    order         sizes that are said to be in order are
    left, right   where a product occurs on one side, the guards and equations of the other hold
    counting      no product occurs more often on one side than on the other

Each is a polynomial that must be >= 0 (or = 0) at all integers at which its hypotheses are.  The
hypotheses of an obligation rest on nothing that is proved after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from symconv.claims.claim import Claim, Condition, ShapeOf, Side, check_products
from symconv.claims.mathematics import condition_text
from symconv.claims.parts import parts, terms_of
from symconv.errors import OutOfReachError
from symconv.formula.nodes import Added
from symconv.polynomial import ONE, Polynomial
from symconv.proof.cases import Choice, choices
from symconv.proof.counting import paired
from symconv.proof.elimination import eliminate, named
from symconv.proof.system import (
    HypothesisSystem,
    positive_names,
    primitive,
    remainder_bounds,
    solve,
    solve_exactly,
)
from symconv.readings.quotients import Arithmetic, Witness
from symconv.readings.relation import Bound, Index, Relation, RelationReader, inside
from symconv.refutation.likeness import matched


@dataclass(frozen=True, slots=True)
class Obligation:
    """``goal`` >= 0 (or = 0 where ``exact``) wherever the hypotheses hold.

    Attributes:
        name: what it is called in reports and certificates; unique in a claim.
        words: what it says.
        hypotheses: polynomials that are >= 0.
        equations: polynomials that are 0.
        goal: what is to be shown >= 0, or = 0.
        exact: whether the goal is to be 0; then it has to be the polynomial 0.
    """

    name: str
    words: str
    hypotheses: tuple[Bound, ...]
    equations: tuple[Bound, ...]
    goal: Polynomial
    exact: bool = False

    @property
    def kind(self) -> str:
        """What kind of obligation it is: divisor, defined, size, order, left, right."""
        return self.name.split(": ")[-1].split(" ")[0]


@dataclass(frozen=True, slots=True)
class Case:
    """The obligations of a claim where min, max and != are decided in one way.

    Attributes:
        splits: what distinguishes the case from others; empty if it is the only one.
        assumed: what is stated of the sizes, solved.
        witnesses: the quotients that stand in the obligations.
        solved: names that the hypotheses (or the left side's equations) determine, and how.
        ranges: what is >= 0 of the index of an element and of the leaves' indices.
        reduced: both sides with their summation indices eliminated; None for sizes and shapes.
        counting: why the products of both sides occur equally often.
        obligations: what has to be proved.
    """

    splits: tuple[str, ...]
    assumed: HypothesisSystem
    witnesses: tuple[Witness, ...]
    solved: dict[str, Polynomial]
    ranges: tuple[Bound, ...]
    reduced: tuple[Relation, Relation] | None
    counting: str
    obligations: tuple[Obligation, ...]


def cases(claim: Claim) -> tuple[Case, ...]:
    """Return what has to be proved of ``claim``, part by part and case by case.

    Raises:
        FormulaError: the claim has no meaning.
        OutOfReachError: the claim is not of the kind that can be proved for every size.
    """
    check_products(claim)
    every = tuple(pair for part in parts(claim) for pair in _pairs(part))
    return tuple(
        case
        for n, part in enumerate(every, start=1)
        for case in _cases(part, f"part {n}: " if len(every) > 1 else "")
    )


def _pairs(part: Claim) -> Iterator[Claim]:
    """Yield ``part`` as claims that hold no sums of tensors."""
    if isinstance(part.left, Added) or isinstance(part.right, Added):
        assert not isinstance(part.left, ShapeOf | tuple)
        assert not isinstance(part.right, ShapeOf | tuple)
        yield from matched(part, terms_of(part.left, part), terms_of(part.right, part))
    else:
        yield part


def _cases(claim: Claim, prefix: str) -> Iterator[Case]:
    if claim.order:  # as it is written, without the greatest of both sides
        left, right = zip(*((each.left, each.right) for each in claim.order), strict=True)
        claim = replace(claim, left=left, right=right)
    every = choices(claim)
    for n, choice in enumerate(every, start=1):
        case = f"{prefix}case {n}: " if len(every) > 1 else prefix
        yield _Builder(claim, choice, case).case()


def contradiction(case: Case) -> Obligation:
    """Return the obligation that only contradictory hypotheses fulfil: -1 >= 0."""
    witnesses = [bound for witness in case.witnesses for bound in remainder_bounds(witness)]
    bounds = (*case.assumed.bounds, *witnesses)
    words = "the hypotheses contradict each other"
    return Obligation("contradiction", words, bounds, case.assumed.equations, -ONE)


class _Builder:
    """Collects the obligations of one case."""

    def __init__(self, claim: Claim, choice: Choice, prefix: str) -> None:
        self.claim = claim
        self.choice = choice
        self.prefix = prefix
        self.arithmetic = Arithmetic((*claim.integers, *claim.definitions), choice.order)
        self.obligations: list[Obligation] = []
        self.quotients: dict[str, Witness] = {}
        self.free = tuple(name for name in claim.integers if name not in claim.definitions)

    def case(self) -> Case:
        stated, needs = self._stated()
        known, quotients = len(self.arithmetic.divisors), dict(self.arithmetic.witnesses)
        assumed, values = solve_exactly(stated, self.free, self.arithmetic)
        replaced = self.arithmetic.values
        self.arithmetic.values = {n: value.substitute(values) for n, value in replaced.items()}
        leaves = {
            leaf: tuple(self.arithmetic.polynomial(extent) for extent in shape)
            for leaf, shape in self.claim.leaves.items()
        }
        reader = RelationReader(self.arithmetic, leaves)
        shapes = self._shape(self.claim.left, reader), self._shape(self.claim.right, reader)
        if len(shapes[0]) != len(shapes[1]):
            raise OutOfReachError("the two sides have different numbers of axes")
        sides = self._relations(reader, shapes[0])
        self._divisors(stated, needs, known, quotients, assumed)
        system = self._defined(reader, assumed)
        if self.claim.order:
            self._order(system)
        else:
            self._sizes(shapes, system)
        counting = "sizes are compared, no products"
        if sides is not None:
            counting = self._products(sides, system)
        return Case(
            splits=tuple(map(condition_text, self.choice.splits)),
            assumed=assumed,
            witnesses=tuple(self.quotients.values()),
            solved=values,
            ranges=() if sides is None else sides.ranges,
            reduced=None if sides is None else sides.reduced,
            counting=counting,
            obligations=tuple(self.obligations),
        )

    # What is stated of the sizes.

    def _stated(self) -> tuple[HypothesisSystem, dict[Bound, int]]:
        """Return what is stated of the sizes, and on how many divisors each statement rests."""
        arithmetic, claim = self.arithmetic, self.claim
        bounds: list[Bound] = []
        equations: list[Bound] = []
        needs: dict[Bound, int] = {}
        for name in self.free:
            arithmetic.values[name] = Polynomial.name(name)
            least = claim.integers[name]
            if least is not None:
                bounds.append(Bound(f"{name} >= {least}", Polynomial.name(name) - least))
                needs[bounds[-1]] = 0
        for name, size in claim.definitions.items():
            arithmetic.values[name] = arithmetic.polynomial(size)
        defined = len(arithmetic.divisors)
        for condition in (*claim.assumptions, *self.choice.splits, *self.choice.where):
            arithmetic.needs = defined
            bound, equal = self._bound(condition)
            (equations if equal else bounds).append(bound)
            needs[bound] = min(arithmetic.needs, needs.get(bound, arithmetic.needs))
        return HypothesisSystem(tuple(bounds), tuple(equations)), needs

    def _bound(self, condition: Condition) -> tuple[Bound, bool]:
        """Return a condition as a polynomial that is >= 0, or 0 (then the second is True)."""
        left = self.arithmetic.polynomial(condition.left)
        right = self.arithmetic.polynomial(condition.right)
        difference = {
            "==": left - right,
            "<=": right - left,
            "<": right - left - 1,
            ">=": left - right,
            ">": left - right - 1,
        }[condition.relation]
        return Bound(condition_text(condition), difference), condition.relation == "=="

    # What is to be proved.

    def _divisors(
        self,
        stated: HypothesisSystem,
        needs: dict[Bound, int],
        known: int,
        quotients: dict[str, Witness],
        system: HypothesisSystem,
    ) -> None:
        """Add that every divisor is at least 1, by what does not rest on it or on later ones.

        The first ``known`` divisors are those of the hypotheses, whose ``quotients`` are those
        from before they were solved; the solved hypotheses rest on all of these divisors.
        """
        for n, divisor in enumerate(self.arithmetic.divisors):
            allowed, witnesses = system, self.arithmetic.witnesses
            if n < known:
                witnesses = quotients
                allowed = HypothesisSystem(
                    tuple(bound for bound in stated.bounds if needs[bound] <= n),
                    tuple(bound for bound in stated.equations if needs[bound] <= n),
                )
            earlier = {name: w for name, w in witnesses.items() if w.needs <= n}
            words = f"the divisor {divisor} is at least 1"
            self._add("divisor", words, divisor - 1, allowed, witnesses=earlier)

    def _defined(self, reader: RelationReader, system: HypothesisSystem) -> HypothesisSystem:
        """Add that both sides have a meaning; what is proved of them is known from then on."""
        for bound in reader.equal:
            self._add_equation("defined", bound.words, bound.polynomial, system)
        for bound in reader.requirements:
            self._add("defined", bound.words, bound.polynomial, system)
            system = HypothesisSystem((*system.bounds, bound), system.equations)
        return system

    def _sizes(self, shapes: tuple[Index, Index], system: HypothesisSystem) -> None:
        for n, (left, right) in enumerate(zip(*shapes, strict=True)):
            words = f"the sizes agree on axis {n}: {left} = {right}"
            self._add_equation("size", words, left - right, system)

    def _order(self, system: HypothesisSystem) -> None:
        for condition in self.claim.order:
            bound, equal = self._bound(condition)
            add = self._add_equation if equal else self._add
            add("order", bound.words, bound.polynomial, system)

    def _products(self, sides: _Sides, system: HypothesisSystem) -> str:
        left, right = sides.reduced
        right, how = paired(left, right)
        self._follows("left", left, right, sides, system)
        self._follows("right", right, left, sides, system)
        apart = "".join(f"{each.text}; " for each in dict.fromkeys((*left.radix, *right.radix)))
        if not how:
            return f"{apart}every summation index is determined: a product occurs at most once"
        pairs = ", ".join(f"{name} = {value}" for name, value in how.items())
        return f"{apart}the summation indices correspond one to one: {pairs}"

    def _follows(
        self, name: str, source: Relation, target: Relation, sides: _Sides, system: HypothesisSystem
    ) -> None:
        """Add that ``target`` has a product wherever ``source`` has one."""
        quotients = dict(self.arithmetic.witnesses)
        bounds = (*system.bounds, *sides.ranges, *source.guards, *source.facts)
        equations = tuple(Bound(equation.compared("="), equation) for equation in source.equations)
        stated = HypothesisSystem(bounds, system.equations + equations)
        solved, values = solve(stated, (*sides.names, *source.sums, *self.free), self.arithmetic)
        for equation in target.equations:
            goal = equation.substitute(values)
            self._add_equation(name, f"the equation {equation.compared('=')}", goal, solved)
        for guard in dict.fromkeys(target.guards):
            self._add(name, guard.words, guard.polynomial.substitute(values), solved)
        # The other direction solves other equations: it starts from the same quotients.
        self.arithmetic.witnesses = quotients

    def _add_equation(
        self, name: str, words: str, goal: Polynomial, system: HypothesisSystem
    ) -> None:
        goal = primitive(goal, positive_names(system.bounds))
        if not goal:
            self._append(Obligation(self._named(name), words, (), (), goal, exact=True))
            return
        self._add(name, f"{words} (not less)", goal, system)
        self._add(name, f"{words} (not more)", -goal, system)

    def _add(
        self,
        name: str,
        words: str,
        goal: Polynomial,
        system: HypothesisSystem,
        witnesses: dict[str, Witness] | None = None,
    ) -> None:
        about = system.about(goal, self.arithmetic.witnesses if witnesses is None else witnesses)
        self.quotients |= self.arithmetic.witnesses
        self._append(Obligation(self._named(name), words, about.bounds, about.equations, goal))

    def _append(self, obligation: Obligation) -> None:
        same = (obligation.hypotheses, obligation.equations, obligation.goal)
        if obligation.exact or all(
            (o.hypotheses, o.equations, o.goal) != same for o in self.obligations
        ):
            self.obligations.append(obligation)

    def _named(self, name: str) -> str:
        kind = f"{self.prefix}{name}"
        return f"{kind} {1 + sum(o.name.startswith(kind + ' ') for o in self.obligations)}"

    # Both sides.

    def _shape(self, side: Side, reader: RelationReader) -> Index:
        match side:
            case tuple():
                return tuple(self.arithmetic.polynomial(size) for size in side)
            case ShapeOf(of):
                return reader.shape(of)
            case _:
                return reader.shape(side)

    def _relations(self, reader: RelationReader, shape: Index) -> _Sides | None:
        """Return both sides as relations without the indices that can be eliminated."""
        claim = self.claim
        if isinstance(claim.left, tuple | ShapeOf) or isinstance(claim.right, tuple | ShapeOf):
            if not all(isinstance(s, tuple | ShapeOf) for s in (claim.left, claim.right)):
                raise OutOfReachError("a tensor is compared with a shape")
            return None
        out = tuple(self.arithmetic.index(_letter(n, len(shape))) for n in range(len(shape)))
        index = tuple(map(Polynomial.name, out))
        self.arithmetic.digits |= zip(out, shape, strict=True)
        left, right = reader.at(claim.left, index), reader.at(claim.right, index)
        read = sorted(factor.leaf for factor in left.factors)
        if read != sorted(factor.leaf for factor in right.factors):
            raise OutOfReachError("the two sides are products of different tensors")
        leaves = {
            leaf: tuple(
                self.arithmetic.index(f"{_letter(n, len(reader.leaves[leaf]))}_{leaf}")
                for n in range(len(reader.leaves[leaf]))
            )
            for leaf in read
        }
        indices = {leaf: tuple(map(Polynomial.name, names)) for leaf, names in leaves.items()}
        ranges = inside(index, shape, "an element of the result")
        for leaf in read:
            ranges += inside(indices[leaf], reader.leaves[leaf], f"an element of {leaf}")
            self.arithmetic.digits |= zip(leaves[leaf], reader.leaves[leaf], strict=True)
        reduced = tuple(eliminate(named(side, indices), self.arithmetic) for side in (left, right))
        names = (*out, *(name for group in leaves.values() for name in group))
        return _Sides((reduced[0], reduced[1]), ranges, names)


@dataclass(frozen=True, slots=True)
class _Sides:
    """Both sides of an equation between tensors.

    Attributes:
        reduced: their relations, summation indices eliminated.
        ranges: what is >= 0 of the index of the result and of the leaves' indices.
        names: those indices.
    """

    reduced: tuple[Relation, Relation]
    ranges: tuple[Bound, ...]
    names: tuple[str, ...]


def _letter(axis: int, rank: int) -> str:
    return "ij"[axis] if rank <= 2 else f"i{axis}"
