"""The verdict on one element equation, with every slip in it at its term."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from symconv.documents.elements import (
    GRADIENT,
    LOCAL,
    VALUE,
    ElementEquation,
    Factor,
)
from symconv.documents.notation import Reading
from symconv.documents.syntax import Place, Unreadable
from symconv.documents.truth import (
    LOCAL_KIND,
    Canonical,
    FoundTerm,
    canonical,
    document_index,
    expected,
    holds,
    truth,
)
from symconv.equation import Element
from symconv.equation import Term as Product

AGREE, WRONG, NOT_JUDGED = "agree", "wrong", "not-judged"


@dataclass(frozen=True, slots=True)
class Edit:
    """A mend: put ``text`` in the place of a range."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One slip.

    Attributes:
        code: which kind (`symconv.documents.codes`).
        place: what to underline.
        message: what is wrong and what is right, one line.
        fix: what to write instead, in the document's notation; "" where nothing is certain.
        edit: the same as an edit; None where the mend is not certain.
    """

    code: str
    place: Place
    message: str
    fix: str = ""
    edit: Edit | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with what stands behind it.

    Attributes:
        verdict: ``agree``, ``wrong`` or ``not-judged``.
        kind: ``element``, ``local``, ``chain`` and so on.
        place: where the equation stands.
        target: its target in canonical names, "" where it has none.
        found: the products it holds, in canonical names.
        expected: those it should hold.
        findings: the slips; empty unless wrong.
        reason: why nothing was judged; "" unless not judged.
        reason_place: where the reason stands.
        note: under which meaning of an ambiguous word it agrees; "" where nothing is ambiguous.
    """

    verdict: str
    kind: str
    place: Place
    target: str = ""
    found: tuple[Product, ...] = ()
    expected: tuple[Product, ...] = ()
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    reason_place: Place | None = None
    note: str = ""


def not_judged(
    kind: str, place: Place, reason: str, reason_place: Place | None = None
) -> Judgement:
    """Return the verdict on what is not understood."""
    return Judgement(NOT_JUDGED, kind, place, reason=reason, reason_place=reason_place or place)


def judge(
    equation: ElementEquation, readings: Sequence[Reading], place: Place, text: str
) -> Judgement:
    """Return the verdict under every reading; where they differ nothing is judged."""
    judgements = [_judge(equation, reading, place, text) for reading in readings]
    verdicts = {j.verdict for j in judgements}
    if len(verdicts) == 1 and (verdicts != {WRONG} or _same_slips(judgements)):
        return judgements[0]
    return not_judged(
        judgements[0].kind, place, f"two readings fit: {differences(readings)}", place
    )


def _same_slips(judgements: Sequence[Judgement]) -> bool:
    return all(j.findings[0].place == judgements[0].findings[0].place for j in judgements)


def differences(readings: Sequence[Reading]) -> str:
    """Return in what readings differ, and the option that decides between them."""
    for name, option in (
        ("stride", "--stride"), ("dilation", "--dilation"), ("padding", "--padding"),
        ("input", "--input"), ("filter", "--filter"),
    ):  # fmt: skip
        values = dict.fromkeys(_sizes(getattr(r.geometry, name)) for r in readings)
        if len(values) > 1:
            return f"{name} {' or '.join(list(values)[:3])}; say {option}"
    if len({r.input for r in readings}) > 1:
        return f"{readings[0].input} or {readings[1].input} is the input; say --names"
    return "they differ in more than one way; say --input, --filter and --stride"


def _sizes(sizes: tuple[object, ...]) -> str:
    return "x".join(f"{s[0]},{s[1]}" if isinstance(s, tuple) else str(s) for s in sizes)


def _judge(equation: ElementEquation, reading: Reading, place: Place, text: str) -> Judgement:
    kind = _kind(equation)
    try:
        read = canonical(equation, reading)
        wanted = expected(read, reading)
    except Unreadable as unreadable:
        return not_judged(kind, place, unreadable.reason, unreadable.place)
    except IndexError:
        return not_judged(kind, place, "an element outside of its tensor")
    target = target_name(read)
    found = tuple(f.product for f in read.found if f.product is not None and f.coefficient)
    ordered = tuple(sorted(wanted))
    if holds(read, wanted):
        return Judgement(AGREE, kind, place, target, found, ordered)
    if not _credible(reading):
        return not_judged(kind, place, "too few equations speak for a notation")
    findings = tuple(_findings(equation, read, wanted, reading, text))
    return Judgement(WRONG, kind, place, target, found, ordered, findings)


def _credible(reading: Reading) -> bool:
    explained, total = reading.support
    return explained >= 2 and explained * 10 >= total * 6


def _kind(equation: ElementEquation) -> str:
    if equation.target.kind == LOCAL:
        return LOCAL_KIND
    chain = any(f.kind == LOCAL for t in equation.terms for f in t.factors)
    return "chain" if chain else "element"


def target_name(read: Canonical) -> str:
    """Return the target in canonical names: dx[2,2], y[0,1], dy[0,1]/dx[0,2]."""
    if read.wrt is None:
        return canonical_name(read.target)
    return f"d{canonical_name(read.target)}/d{canonical_name(read.wrt)}"


def canonical_name(element: Element) -> str:
    """Return an element as the JSON of a derivation writes it: dx[2,2]."""
    return f"{element.tensor.lower()}[{','.join(map(str, element.index))}]"


# -- the slips --------------------------------------------------------------------------------


def _findings(
    equation: ElementEquation,
    read: Canonical,
    wanted: frozenset[Product],
    reading: Reading,
    text: str,
) -> Iterator[Finding]:
    spell = Speller(equation, reading, text)
    mismatched = [f for f in read.found if f.mismatch]
    if mismatched:
        for found in mismatched:
            yield _mismatch(found, read, spell)
        return
    other = _other_target(read, wanted, reading)
    if other is not None:
        yield _wrong_target(equation, other, spell)
        return
    yield from _wrong_terms(equation, read, wanted, spell)


def _other_target(read: Canonical, wanted: frozenset[Product], reading: Reading) -> Element | None:
    """Return the element that the right side is exactly, if two or more products say so."""
    counts = read.counted()
    products = frozenset(counts)
    if read.wrt is not None or len(products) < 2 or any(n != 1 for n in counts.values()):
        return None
    if len(products - wanted) < 2 and len(products) > 1 and products & wanted:
        return None
    return truth(reading).element_with(read.target.tensor, products)


def _wrong_target(equation: ElementEquation, other: Element, spell: Speller) -> Finding:
    target = equation.target
    fix = spell.instead(target, other)
    return Finding(
        "SC206",
        target.place,
        f"the right side is {fix}, not {spell.source(target.place)}",
        fix,
        spell.edit(target, other),
    )


def _mismatch(found: FoundTerm, read: Canonical, spell: Speller) -> Finding:
    """Say that the two factors of a chain-rule product do not meet."""
    factor = found.mismatch
    assert factor is not None
    upstream = next(f for f in found.term.factors if f is not factor)
    return Finding(
        "SC209",
        factor.place,
        f"{spell.source(factor.place)} does not meet {spell.source(upstream.place)}: "
        "the chain rule needs the same output in both, and the element on the left",
    )


def _wrong_terms(
    equation: ElementEquation, read: Canonical, wanted: frozenset[Product], spell: Speller
) -> Iterator[Finding]:
    seen: set[Product] = set()
    strange: list[FoundTerm] = []
    for found in read.found:
        if found.product is None or not found.coefficient:
            continue
        if found.product not in wanted:
            strange.append(found)
        elif found.product in seen:
            yield spell.remove(found, "SC204", "this product stands there already")
        else:
            seen.add(found.product)
            if found.coefficient != 1:
                yield _coefficient(found, spell)
    missing = sorted(wanted - seen)
    for found, product in _paired(strange, missing):
        if product is None:
            yield spell.remove(found, "SC203", _why_extra(read, spell))
        else:
            missing.remove(product)
            yield _replaced(found, product, read, spell)
    for product in missing:
        yield spell.missing(product, equation)


def _coefficient(found: FoundTerm, spell: Speller) -> Finding:
    term = spell.source(found.term.place)
    return Finding(
        "SC205",
        found.term.place,
        f"this product has the coefficient {found.coefficient}; it occurs once, with a plus",
        term if found.coefficient == -1 else "",
        spell.plus(found) if found.coefficient == -1 else None,
    )


def _why_extra(read: Canonical, spell: Speller) -> str:
    if read.target.tensor == "Y":
        return "the window of this output does not hold this product"
    return "no output has this product in its derivative"


def _paired(
    strange: Sequence[FoundTerm], missing: Sequence[Product]
) -> list[tuple[FoundTerm, Product | None]]:
    """Give every strange product the missing one that it is most likely meant to be."""
    left = list(missing)
    order = sorted(
        ((-_likeness(f, p), i, j) for i, f in enumerate(strange) for j, p in enumerate(left)),
    )
    chosen: dict[int, int] = {}
    for _, i, j in order:
        if i not in chosen and j not in chosen.values():
            chosen[i] = j
    return [(f, left[chosen[i]] if i in chosen else None) for i, f in enumerate(strange)]


def _likeness(found: FoundTerm, product: Product) -> int:
    assert found.product is not None
    common = set(found.product) & set(product)
    swapped = sorted(e.index for e in found.product) == sorted(e.index for e in product)
    indices = sum(
        i == j
        for a in found.product
        for b in product
        if a.tensor == b.tensor
        for i, j in zip(a.index, b.index, strict=True)
    )
    return 8 * len(common) + 4 * swapped + indices


def _replaced(found: FoundTerm, product: Product, read: Canonical, spell: Speller) -> Finding:
    assert found.product is not None
    wrong = [e for e in found.product if e not in product]
    right = [e for e in product if e not in found.product]
    local = read.wrt is not None
    if len(wrong) == len(right) == 1 and wrong[0].tensor == right[0].tensor:
        factor = spell.factor_of(found, wrong[0])
        if factor is not None:
            fix = spell.instead(factor, right[0])
            code = "SC208" if local else "SC201"
            text = f"{spell.source(factor.place)} should be {fix}"
            return Finding(
                code, found.term.place, f"{text}: {_because(read, product, spell)}", fix,
                spell.edit(factor, right[0]) if found.coefficient == 1 else None,
            )  # fmt: skip
    fix = spell.product(product)
    indices = sorted(e.index for e in found.product) == sorted(e.index for e in product)
    code = "SC208" if local else "SC207" if indices and len(product) == 2 else "SC201"
    what = "the indices of the two factors are exchanged; " if code == "SC207" else ""
    return Finding(
        code, found.term.place,
        f"{what}{spell.source(found.term.place)} should be {fix}: "
        f"{_because(read, product, spell)}",
        fix, spell.rewrite(found, product) if found.coefficient == 1 else None,
    )  # fmt: skip


def _because(read: Canonical, product: Product, spell: Speller) -> str:
    """Return the truth that a term breaks, in one clause."""
    reading = spell.reading
    if read.wrt is not None:
        return "that is what this output multiplies it by"
    if read.target.tensor == "Y":
        origin = tuple(
            p * u - lo + reading.base
            for p, u, (lo, _) in zip(
                read.target.index, reading.geometry.stride, reading.geometry.padding, strict=True
            )
        )
        return f"the window of this output begins at ({','.join(map(str, origin))})"
    if read.target.tensor == "dX":
        y = next(e for e in product if e.tensor == "dY")
        f = next(e for e in product if e.tensor == "F")
        return (
            f"{spell.name('Y')}_{{{_joined(document_index(y, reading))}}} multiplies this input by "
            f"{spell.name('F')}_{{{_joined(document_index(f, reading))}}}"
        )
    y = next(e for e in product if e.tensor == "dY")
    x = next(e for e in product if e.tensor == "X")
    return (
        f"{spell.name('Y')}_{{{_joined(document_index(y, reading))}}} multiplies this filter "
        f"element by {spell.name('X')}_{{{_joined(document_index(x, reading))}}}"
    )


def _joined(index: tuple[int, ...]) -> str:
    return ("" if max(index) < 10 else ",").join(map(str, index))


class Speller:
    """Writes canonical elements in the notation of the document."""

    def __init__(self, equation: ElementEquation, reading: Reading, text: str) -> None:
        self.equation = equation
        self.reading = reading
        self.text = text
        self.samples: dict[str, Factor] = {}
        for factor in (equation.target, *(f for t in equation.terms for f in t.factors)):
            role = reading.role(factor.name)
            if factor.name in reading.gradients:
                role = "dY"
            elif role and factor.kind == GRADIENT:
                role = "d" + role
            if role and factor.kind in (VALUE, GRADIENT):
                self.samples.setdefault(role, factor)

    def source(self, place: Place) -> str:
        """Return what stands in a place."""
        return " ".join(self.text[place.start : place.end].split())

    def name(self, role: str) -> str:
        """Return the document's name for X, F or Y."""
        r = self.reading
        return {"X": r.input, "F": r.filter, "Y": r.outputs[0] if r.outputs else "y"}[role]

    def digits(self, factor: Factor, element: Element) -> str:
        """Return an index in the manner of a sample: 01, 0,1 or 0}{}_{1."""
        index = document_index(element, self.reading)
        shown = self.text[factor.index_place.start : factor.index_place.end]
        if "}" in shown:
            return "}{}_{".join(map(str, index))
        if len(factor.index) > 1 and len(index) > 1:
            comma = ", " if ", " in shown else ","
            return comma.join(map(str, index))
        return _joined(index)

    def instead(self, factor: Factor, element: Element) -> str:
        """Return a factor with another index."""
        start, end = factor.place
        a, b = factor.index_place
        if not start <= a <= b <= end:
            return self.plain(element)
        return (
            self.source(Place(start, a)) + self.digits(factor, element) + self.source(Place(b, end))
        )

    def plain(self, element: Element) -> str:
        """Return an element without a sample."""
        index = _joined(document_index(element, self.reading))
        if element.tensor.startswith("d"):
            return rf"\frac{{\partial L}}{{\partial {self.name(element.tensor[1:])}_{{{index}}}}}"
        return f"{self.name(element.tensor)}_{{{index}}}"

    def element(self, element: Element) -> str:
        """Return an element in the manner of the equation."""
        sample = self.samples.get(element.tensor)
        return self.instead(sample, element) if sample else self.plain(element)

    def edit(self, factor: Factor, element: Element) -> Edit | None:
        """Return the edit that gives a factor another index."""
        place = factor.index_place
        if not factor.place.start <= place.start < place.end <= factor.place.end:
            return None
        return Edit(place, self.digits(factor, element))

    def factor_of(self, found: FoundTerm, element: Element) -> Factor | None:
        """Return the factor of a term that is this element."""
        role = element.tensor.removeprefix("d")
        for factor in found.term.factors:
            if factor.kind == LOCAL:
                continue
            own = "Y" if factor.name in self.reading.gradients else self.reading.role(factor.name)
            gradient = factor.kind == GRADIENT or factor.name in self.reading.gradients
            if own == role and gradient == element.tensor.startswith("d"):
                return factor
        return None

    def product(self, product: Product) -> str:
        """Return a product in the order and with the sign of the equation's first term."""
        roles = [r for t in self.equation.terms[:1] for f in t.factors if (r := self._role(f))]
        elements = sorted(product, key=lambda e: roles.index(e.tensor) if e.tensor in roles else 9)
        between = ""
        if self.equation.terms and len(self.equation.terms[0].factors) == 2:
            a, b = self.equation.terms[0].factors
            if a.place.end <= b.place.start:
                between = self.text[a.place.end : b.place.start]
        return (between if not set(between) & set("{}&") else " ").join(map(self.element, elements))

    def _role(self, factor: Factor) -> str:
        if factor.name in self.reading.gradients:
            return "dY"
        role = self.reading.role(factor.name) or ""
        return "d" + role if factor.kind == GRADIENT else role

    def rewrite(self, found: FoundTerm, product: Product) -> Edit | None:
        """Return the edit that writes another product in the place of a term."""
        if any(f.kind == LOCAL for f in found.term.factors):
            return None
        return Edit(found.term.place, self.product(product))

    def remove(self, found: FoundTerm, code: str, why: str) -> Finding:
        """Return the finding about a product too many, with the edit that takes it out."""
        place = found.term.place
        return Finding(code, place, f"{self.source(place)} does not belong here: {why}",
                       "", self._removal(place))  # fmt: skip

    def _removal(self, place: Place) -> Edit | None:
        """Take out a term with the sign before it, or behind it where it is the first."""
        start = place.start
        while start > 0 and self.text[start - 1] in " \t":
            start -= 1
        if start > 0 and self.text[start - 1] in "+-":
            start -= 1
            while start > 0 and self.text[start - 1] == " ":
                start -= 1
            return Edit(Place(start, place.end), "")
        end = place.end
        while end < len(self.text) and self.text[end] in " \t":
            end += 1
        if self.text[end : end + 1] != "+":
            return None
        end += 1
        while self.text[end : end + 1] == " ":
            end += 1
        return Edit(Place(place.start, end), "")

    def plus(self, found: FoundTerm) -> Edit | None:
        """Turn the minus before a term into a plus."""
        start = found.term.place.start
        while start > 0 and self.text[start - 1] in " \t\n":
            start -= 1
        if start > 0 and self.text[start - 1] == "-":
            return Edit(Place(start - 1, start), "+")
        return None

    def missing(self, product: Product, equation: ElementEquation) -> Finding:
        """Return the finding about a product that is not there."""
        fix = self.product(product)
        if equation.terms:
            end = equation.terms[-1].place.end
            place = equation.terms[-1].place
        else:
            place, end = equation.place, equation.place.end
        edit = None
        if equation.terms and any(t.factors for t in equation.terms):
            whole = equation.place.end == end
            edit = Edit(Place(end, end), " + " + fix) if whole else None
        return Finding("SC202", place, f"the product {fix} is missing", "+ " + fix, edit)
