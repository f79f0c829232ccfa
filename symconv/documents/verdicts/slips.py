"""What is wrong in a wrong element equation: each slip at its term, with the way out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symconv.documents.elements.equations import ElementEquation
from symconv.documents.notation.reading import NotationReading
from symconv.documents.notation.truth import Canonical, FoundTerm, truth
from symconv.documents.verdicts.chains import unmet
from symconv.documents.verdicts.spelling import Speller
from symconv.documents.verdicts.verdict import Edit, Finding
from symconv.equation import Element
from symconv.equation import Term as Product

_MOST_ALONE = 3
"""Up to so many missing products are told one by one."""


def slips(
    equation: ElementEquation,
    read: Canonical,
    wanted: frozenset[Product],
    reading: NotationReading,
    text: str,
) -> Iterator[Finding]:
    """Yield every slip of an equation that does not hold."""
    spell = Speller(equation, reading, text)
    mismatched = [f for f in read.found if f.mismatch]
    if mismatched:
        for found in mismatched:
            yield unmet(found, read, spell)
        return
    other = _other_target(read, wanted, reading)
    if other is not None:
        yield wrong_target(equation, other, reading, text)
        return
    yield from _wrong_terms(equation, read, wanted, spell)


def _other_target(
    read: Canonical, wanted: frozenset[Product], reading: NotationReading
) -> Element | None:
    """Return the element that the right side is exactly, if two or more products say so."""
    counts = read.counted()
    products = frozenset(counts)
    if read.wrt is not None or read.target.tensor == "dB" or len(products) < 2:
        return None
    if any(n != 1 for n in counts.values()):
        return None
    if len(products - wanted) < 2 and len(products) > 1 and products & wanted:
        return None
    return truth(reading).element_with(read.target.tensor, products)


def wrong_target(
    equation: ElementEquation, other: Element, reading: NotationReading, text: str
) -> Finding:
    """Return the finding that the right side is another element's."""
    spell = Speller(equation, reading, text)
    target = equation.target
    fix = spell.instead(target, other)
    if target.place == target.index_place:
        return Finding("SC206", target.place, f"this is {fix}, which belongs into another cell")
    return Finding(
        "SC206",
        target.place,
        f"the right side is {fix}, not {spell.source(target.place)}",
        fix,
        spell.edit(target, other),
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
            remove = spell.remove if wanted or found is not strange[0] else spell.nothing
            yield remove(found, "SC203" if read.wrt is None else "SC208", _why_extra(read))
        else:
            missing.remove(product)
            yield _replaced(found, product, read, spell)
    if read.wrt is not None and missing:
        yield _not_zero(equation, missing[0], read, spell)
        return
    together = len(missing) > _MOST_ALONE or (
        missing and not any(t.factors for t in equation.terms)
    )
    at_once = [missing] if together else [[product] for product in missing]
    yield from (spell.missing(products, equation) for products in at_once)


def _not_zero(
    equation: ElementEquation, product: Product, read: Canonical, spell: Speller
) -> Finding:
    """Return the finding that a local derivative is not 0."""
    fix = spell.product(product)
    message = f"{spell.source(equation.place)} should be {fix}: {_because(read, product, spell)}"
    return Finding("SC208", equation.place, message, fix, Edit(equation.place, fix))


def _coefficient(found: FoundTerm, spell: Speller) -> Finding:
    term = spell.source(found.term.place)
    message = f"this product has the coefficient {found.coefficient}; it occurs once, with a plus"
    if found.coefficient != -1:
        return Finding("SC205", found.term.place, message)
    edit = spell.plus(found)
    fix = f"+ {term}" if edit and edit.text == "+" else term
    return Finding("SC205", found.term.place, message, fix, edit)


def _why_extra(read: Canonical) -> str:
    if read.wrt is not None:
        return "this output does not depend on this element"
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


def _is_unrotated(read: Canonical, reading: NotationReading) -> bool:
    """Whether a gradient of the input is right but for the filter, turned in all its terms."""
    counts = read.counted()
    if read.target.tensor != "dX" or len(counts) < 2 or any(n != 1 for n in counts.values()):
        return False
    last = [extent - 1 for extent in reading.geometry.filter]
    turned = frozenset(
        tuple(
            Element("F", tuple(n - i for n, i in zip(last, e.index, strict=True)))
            if e.tensor == "F"
            else e
            for e in product
        )
        for product in counts
    )
    return turned == truth(reading).terms(read.target)


def _because(read: Canonical, product: Product, spell: Speller) -> str:
    """Return the truth that a term breaks, in one clause."""
    if _is_unrotated(read, spell.reading):
        return "this sum reads the filter the wrong way round; rotate it by 180 degrees"
    reading = spell.reading
    if read.wrt is not None:
        return "that is what this output multiplies it by"
    if read.target.tensor == "dB":
        return "the bias adds to every output once"
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
        return f"{spell.value(y)} multiplies this input by {spell.value(f)}"
    y = next(e for e in product if e.tensor == "dY")
    x = next(e for e in product if e.tensor == "X")
    return f"{spell.value(y)} multiplies this filter element by {spell.value(x)}"
