"""What is known of sizes where a line of a program is reached, and what follows from it.

Sizes are polynomials with floor quotients (`symconv.readings.quotients`).  What follows is shown by
a certificate that is checked; a few sizes that fulfil all that is known are looked at first, since
what fails at one of them need not be searched for.  A comparison that holds at some sizes and fails
at others is decided by the path that is being read (`Paths`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from symconv.errors import OutOfReachError
from symconv.formula.sizes import Name, Quotient, Size, minus, plus, times
from symconv.polynomial import Polynomial
from symconv.programs.refusal import UnreadError
from symconv.programs.samples import SizeSamples
from symconv.proof.obligations import Obligation
from symconv.proof.recheck import check
from symconv.proof.search import CertificateSearch
from symconv.proof.system import HypothesisSystem
from symconv.readings.quotients import Arithmetic, Witness
from symconv.readings.relation import Bound

MOST_PATHS = 16
"""How many paths of one program are read."""


@dataclass(frozen=True, slots=True)
class SizeComparison:
    """``size`` >= 0, or = 0 where ``exact``."""

    size: Size
    exact: bool = False

    def denied(self) -> SizeComparison:
        """Return its opposite.

        Raises:
            UnreadError: the opposite of an equation is two comparisons.
        """
        if self.exact:
            raise UnreadError("the opposite of == is not read here")
        return SizeComparison(minus(minus(0, self.size), 1))


@dataclass(slots=True)
class Paths:
    """Which way each comparison goes whose outcome depends on the sizes.

    Attributes:
        decisions: the outcomes on the path that is being read; those beyond it are true first.
        taken: how many of them were asked for.
    """

    decisions: list[bool] = field(default_factory=list)
    taken: int = 0

    def next(self) -> bool:
        """Return the outcome of the next comparison."""
        if self.taken == len(self.decisions):
            self.decisions.append(True)
        self.taken += 1
        return self.decisions[self.taken - 1]

    def following(self) -> Paths | None:
        """Return the path that is read after this one, or None where it was the last."""
        left = self.decisions[: self.taken]
        while left and not left[-1]:
            left.pop()
        return Paths([*left[:-1], False]) if left else None


class Knowledge:
    """The integers that a program speaks of, and what holds of them.

    Attributes:
        least: the least value of each integer.
        sizes: the integers that are no indices.
        assumed: what holds of the sizes on the path that is read, the oldest first.
        pinned: the sizes that the path has fixed, each to one number.
        forked: the last comparison that holds at some sizes and not at others, and how it went.
    """

    def __init__(
        self,
        least: Mapping[str, int],
        facts: Sequence[SizeComparison],
        paths: Paths,
        search: CertificateSearch | None = None,
    ) -> None:
        """Note the sizes, and what holds of them.

        Args:
            least: the sizes with their least values.
            facts: what is taken for granted.
            paths: which path is read.
            search: remembers certificates of other paths.
        """
        self.least = dict(least)
        self.sizes = frozenset(least)
        self.paths = paths
        self.arithmetic = Arithmetic(least, {})
        self.assumed: list[SizeComparison] = []
        self.pinned: dict[str, int] = {}
        self.forked: tuple[SizeComparison, bool] | None = None
        self._extents: dict[str, Polynomial] = {}
        self._bounds: list[Polynomial] = []
        self._equations: list[Polynomial] = []
        self._search = search or CertificateSearch()
        self._proved: dict[tuple[object, ...], bool] = {}
        self._sizes: dict[Polynomial, Size] = {}
        self._samples = SizeSamples(self.arithmetic, least)
        for name, bound in least.items():
            self.arithmetic.values[name] = Polynomial.name(name)
            self._bounds.append(Polynomial.name(name) - bound)
        for fact in facts:
            self._add(fact)

    # Names and polynomials.

    def index(self, stem: str, extent: Size | None = None) -> str:
        """Return a new name for an index from 0 to ``extent`` - 1."""
        name = self.arithmetic.fresh(stem)
        self.arithmetic.values[name] = Polynomial.name(name)
        self.least[name] = 0
        if extent is not None:
            self.arithmetic.digits[name] = self.polynomial(extent)
        return name

    def polynomial(self, size: Size) -> Polynomial:
        """Return a size as a polynomial.

        Raises:
            UnreadError: a divisor that may be less than 1, or another size without a polynomial.
        """
        known, before = len(self.arithmetic.divisors), dict(self.arithmetic.witnesses)
        try:
            found = self.arithmetic.polynomial(size)
        except OutOfReachError as error:
            raise UnreadError(str(error)) from None
        for divisor in self.arithmetic.divisors[known:]:
            if not self._is_plain(divisor - 1) and not self._follows(divisor - 1, before):
                del self.arithmetic.divisors[known:]
                raise UnreadError(f"the divisor {divisor} is not seen to be at least 1")
        return found

    def tidy(self, size: Size) -> Size:
        """Return a size in its usual form: equal polynomials have one form."""
        if isinstance(size, int):
            return size
        return self.written(self.polynomial(size))

    def written(self, polynomial: Polynomial) -> Size:
        """Return the size that a polynomial is."""
        if polynomial not in self._sizes:
            total: Size = 0
            for monomial, factor in sorted(
                polynomial.terms.items(), key=lambda t: (t[1] < 0, not t[0], t[0])
            ):
                product: Size = abs(factor)
                for name in monomial:
                    product = times(product, self._named(name))
                total = plus(total, product) if factor > 0 else minus(total, product)
            self._sizes[polynomial] = total
        return self._sizes[polynomial]

    def _named(self, name: str) -> Size:
        witness = self.arithmetic.witnesses.get(name)
        if witness is None:
            return Name(name)
        return Quotient(self.written(witness.numerator), self.written(witness.divisor))

    # What holds.

    def holds(self, comparison: SizeComparison) -> bool:
        """Whether a comparison follows from what is known."""
        polynomial = self.polynomial(comparison.size)
        if comparison.exact:
            return not polynomial or (
                not self._fails_somewhere(polynomial, exact=True)
                and self._follows(polynomial)
                and self._follows(-polynomial)
            )
        return self._is_plain(polynomial) or (
            not self._fails_somewhere(polynomial) and self._follows(polynomial)
        )

    def at_least(self, size: Size, least: Size = 0) -> bool:
        """Whether ``size`` >= ``least`` follows from what is known."""
        return self.holds(SizeComparison(minus(size, least)))

    def same(self, left: Size, right: Size) -> bool:
        """Whether two sizes are equal wherever this line is reached."""
        return left == right or self.holds(SizeComparison(minus(left, right), exact=True))

    def decided(self, comparison: SizeComparison) -> bool:
        """Return whether a comparison holds on the path that is read.

        Raises:
            UnreadError: it depends on an index of a loop.
        """
        if self.holds(comparison):
            return True
        polynomial = self.polynomial(comparison.size)
        if comparison.exact:
            if self._is_never_0(polynomial):
                return False
        elif self._is_plain(-polynomial - 1) or (
            not self._fails_somewhere(-polynomial - 1) and self._follows(-polynomial - 1)
        ):
            return False
        if self.depends_on_index(comparison.size):
            raise UnreadError("what is done depends on an index of a loop")
        found = self.paths.next()
        self.forked = comparison, found
        if found:
            self._assume(comparison)
            self._pin(comparison)
        elif not comparison.exact:
            self._assume(comparison.denied())
        else:  # not 0: below it or above it
            above = self.holds(SizeComparison(comparison.size)) or (
                not self.holds(SizeComparison(minus(0, comparison.size))) and self.paths.next()
            )
            size = comparison.size if above else minus(0, comparison.size)
            self._assume(SizeComparison(minus(size, 1)))
        return found

    def _pin(self, comparison: SizeComparison) -> None:
        """Note that a size is a number, where a comparison says so."""
        polynomial = self.polynomial(comparison.size)
        names = [*polynomial.names & self.sizes]
        for sign in (polynomial, -polynomial) if comparison.exact and len(names) == 1 else ():
            number = (Polynomial.name(names[0]) - sign).value
            if number is not None:
                self.pinned[names[0]] = number

    def _is_never_0(self, polynomial: Polynomial) -> bool:
        return any(
            self._is_plain(each) or (not self._fails_somewhere(each) and self._follows(each))
            for each in (polynomial - 1, -polynomial - 1)
        )

    def depends_on_index(self, size: Size) -> bool:
        """Whether a size is not the same in all rounds of all loops."""
        below = map(self.arithmetic.names_below, self.polynomial(size).names)
        return not set[str]().union(*below) - self.arithmetic.witnesses.keys() <= self.sizes

    def step(self, size: Size, index: str, among: Collection[str] = ()) -> tuple[Size, Size] | None:
        """Return by how much a size grows with an index, and minus that.

        None where it is not a constant times ``index`` and something that is the same for every
        value of the indices of loops that are not open any more.

        Args:
            size: what grows.
            index: the index, of a loop or of an array.
            among: further indices that stay the same.
        """
        polynomial = self.polynomial(size)
        step = polynomial.coefficient_of(index)
        if step is None or not step:
            return None
        others = (polynomial.names | step.names) - {index}
        if not self._are_fixed(others - {*among}, index):
            return None
        return self.written(step), self.written(-step)

    def hull(self, run: tuple[Size, Size] | None, index: str) -> tuple[Size, Size] | None:
        """Return where a run of places lies, whatever the indices of loops inside are.

        Args:
            run: the first place and how many there are, in one round of all loops.
            index: the index of the loop at hand; those of loops around it are open.
        """
        if run is None:
            return None
        place, extent = map(self.polynomial, run)
        inner = place.names - self.sizes - self._extents.keys() - {index}
        for name in sorted(inner):
            step, below = place.coefficient_of(name), self.arithmetic.digits.get(name)
            if step is None or below is None or not self.at_least(self.written(step)):
                return None
            place = place - step * Polynomial.name(name)
            extent = extent + step * (below - 1)
        if not self._are_fixed(extent.names, index) or index in extent.names:
            return None
        return self.written(place), self.written(extent)

    def _are_fixed(self, names: Iterable[str], index: str | None) -> bool:
        fixed = (self.sizes | self._extents.keys()) - {index}
        below = set[str]().union(*map(self.arithmetic.names_below, names))
        return below - self.arithmetic.witnesses.keys() <= fixed

    def assume(self, comparison: SizeComparison) -> None:
        """Take for granted what the program says of its sizes, on this path."""
        self._assume(comparison)

    def _assume(self, comparison: SizeComparison) -> None:
        if not self.holds(comparison):
            self.assumed.append(comparison)
            self._add(comparison)

    def _add(self, fact: SizeComparison) -> None:
        polynomial = self.polynomial(fact.size)
        (self._equations if fact.exact else self._bounds).append(polynomial)

    @contextmanager
    def within(self, facts: Sequence[SizeComparison]) -> Iterator[None]:
        """Let more be known inside of a ``with``; what is assumed there stays."""
        bounds, equations = len(self._bounds), len(self._equations)
        for fact in facts:
            self._add(fact)
        more = len(self._bounds), len(self._equations)
        try:
            yield
        finally:
            del self._bounds[bounds : more[0]]
            del self._equations[equations : more[1]]

    @contextmanager
    def looping(self, name: str, extent: Size) -> Iterator[None]:
        """Let ``name`` run from 0 to ``extent`` - 1 inside of a ``with``."""
        self._extents[name] = self.polynomial(extent)
        try:
            last = minus(minus(extent, Name(name)), 1)
            with self.within([SizeComparison(Name(name)), SizeComparison(last)]):
                yield
        finally:
            del self._extents[name]

    def _is_plain(self, polynomial: Polynomial) -> bool:
        """Whether no coefficient is negative once names are their least values and more."""
        least = {name: self._least(name) for name in polynomial.names}
        if None in least.values():
            return False
        shifted = polynomial.substitute(
            {name: Polynomial.name(name) + (bound or 0) for name, bound in least.items()}
        )
        return all(factor >= 0 for factor in shifted.terms.values())

    def _least(self, name: str) -> int | None:
        """Return what a name is never below: of a quotient 0, if what is divided is not."""
        witness = self.arithmetic.witnesses.get(name)
        if witness is None:
            return self.least.get(name)
        known = witness.numerator in self._bounds or self._is_plain(witness.numerator)
        return 0 if known else None

    def _follows(
        self, polynomial: Polynomial, witnesses: Mapping[str, Witness] | None = None
    ) -> bool:
        """Whether a polynomial is seen to be >= 0, by what is known and by quotients."""
        key = (polynomial, tuple(self._bounds), tuple(self._equations))
        if key not in self._proved:
            known = HypothesisSystem(
                tuple(Bound("known", bound) for bound in self._bounds),
                tuple(Bound("known", equation) for equation in self._equations),
            )
            about = known.about(
                polynomial, self.arithmetic.witnesses if witnesses is None else witnesses
            )
            obligation = Obligation("size", "known", about.bounds, about.equations, polynomial)
            certificate = self._search.certificate(obligation)
            if certificate is not None:
                check(obligation, certificate)
            self._proved[key] = certificate is not None
        return self._proved[key]

    def _fails_somewhere(self, polynomial: Polynomial, exact: bool = False) -> bool:
        """Whether a polynomial is negative (or not 0) at a sample of sizes."""
        for sample in self._samples.at(self._extents, self._bounds, self._equations):
            if polynomial.names <= sample.keys():
                value = polynomial.evaluate(sample)
                if value < 0 or (exact and value):
                    return True
        return False
