r"""A document's formulas without their labels: channels, filters, batches, groups.

What a label is, is told by the tensors that share it: the channels c are those of input and
filter, the filters k those of filter and output, a batch n is shared by input and output, a group
by all three.  Each tensor keeps its layout, w_{k,c,r,s}, through the document: a formula that
exchanges two labels of one tensor is not judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from symconv.documents.formulas.letters import FILTER, INPUT, OUTPUT, meaning
from symconv.documents.formulas.roles import element, is_forward, is_odd, roles
from symconv.documents.formulas.stated import StatedFormula
from symconv.documents.index_formulas.bias_gradients import bias_of, upstream
from symconv.documents.index_formulas.signs import LetterRun, ranges_in
from symconv.documents.labels.counts import with_counts
from symconv.documents.labels.labels import (
    SPATIAL,
    LabelledEquation,
    biases,
    checked,
    equation,
    indexed,
    stripped,
)
from symconv.documents.labels.superscripts import with_channels_below
from symconv.documents.mathematics.syntax import Expression, Symbol, UnreadableError

_KINDS = {
    frozenset("XF"): frozenset({"channel"}),
    frozenset("FY"): frozenset({"filter"}),
    frozenset("XY"): frozenset({"batch"}),
    frozenset("XFY"): frozenset({"group"}),
}
"""What labels are by the tensors that share them."""
_ALONG = {
    frozenset("X"): frozenset({"channel"}), frozenset("F"): frozenset({"channel"}),
    frozenset("Y"): frozenset({"filter", "batch"}), frozenset("XY"): frozenset({"batch", "group"}),
    frozenset("FY"): frozenset({"filter", "group"}),
}  # fmt: skip
"""What labels may be in a chain rule, which shows no third tensor."""
_OUTPUTS = frozenset({"filter", "group"})
_WINDOWS = frozenset({"window"})
_SIZES = frozenset({INPUT, FILTER, OUTPUT})
_MOST_AXES = 2

Kinds = tuple[frozenset[str], ...]


def without_labels(formulas: Sequence[StatedFormula], text: str = "") -> list[StatedFormula]:
    """Return the formulas without labels; what contradicts the relation of labels is refused.

    Forward formulas lay tensors out, unless most others say that one of them holds a slip; where
    there is none, the first one that shows a tensor does.  The document's text says what letters
    count.
    """
    formulas = with_channels_below(formulas)
    first = sorted(range(len(formulas)), key=lambda k: not is_forward(formulas[k].sides[0]))
    known = _Layouts()
    result, refused = _in_order(formulas, first, known)
    if refused > 1:
        last = sorted(first, key=lambda k: is_forward(formulas[k].sides[0]))
        others = _Layouts(roles=dict(known.roles))
        found, fewer = _in_order(formulas, last, others)
        if fewer < refused:
            result, known = found, others
    return with_counts(result, known.counts.keys(), text)


def _in_order(
    formulas: Sequence[StatedFormula], order: Sequence[int], known: _Layouts
) -> tuple[list[StatedFormula], int]:
    """Return the formulas without labels, read in an order, and how many are refused."""
    result = list(formulas)
    refused = 0
    for k in order:
        try:
            result[k] = _without(formulas[k], known)
        except UnreadableError as unreadable:
            result[k] = replace(formulas[k], refused=unreadable)
            refused += 1
    return result, refused


@dataclass(slots=True)
class _Layouts:
    """What is known of a document's tensors.

    Attributes:
        kinds: what the parts of an index are, by a tensor's role and their number.
        roles: which tensor a name is.
        counts: what the letters that count labels count.
    """

    kinds: dict[tuple[str, int], Kinds] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    counts: dict[str, frozenset[str]] = field(default_factory=dict)

    def lay(self, role: str, kinds: Kinds, symbol: Symbol) -> None:
        """Note a tensor's layout.

        Raises:
            UnreadableError: it is laid out in another way elsewhere.
        """
        before = self.kinds.setdefault((role, len(kinds)), kinds)
        both = tuple(a & b for a, b in zip(before, kinds, strict=True))
        if not all(both):
            reason = f"the indices of {symbol.name} stand in another order, or for others, here"
            raise UnreadableError(reason, *(symbol.index_place or symbol.place))
        self.kinds[role, len(kinds)] = both

    def count(self, run: LetterRun, kinds: frozenset[str]) -> None:
        """Note what the letters in a label's limits count.

        Raises:
            UnreadableError: they are a size of the convolution, or count something else elsewhere.
        """
        for letter in run.letters:
            own = meaning(letter)
            size = own is not None and own.family in _SIZES and not own.guessed
            before = self.counts.setdefault(letter, kinds)
            if size or not before & kinds:
                reason = f"{letter} does not say how many {' or '.join(sorted(kinds))}s there are"
                raise UnreadableError(reason, *run.place[:1])


def _without(formula: StatedFormula, known: _Layouts) -> StatedFormula:
    left, *others = formula.sides
    if (bias := bias_of(*formula.sides[:2])) is not None:
        return _bias_without(bias, formula, known)
    sides = [(side, equation(left, side)) for side in others]
    stated = [found for _, found in sides if found is not None]
    if len(stated) < len(sides):
        return formula
    spatial = frozenset().union(*(found.inside for found in stated)) or _windows(stated[0], known)
    if not spatial:
        return formula
    first, *rest = [_parted(left, side, found, spatial, known) for side, found in sides if found]
    if not first:
        return formula
    if any(set(other) & _letters(left) != set(first) & _letters(left) for other in rest):
        return formula
    return StatedFormula(
        (stripped(left, {*first}), *(
            stripped(side, {*labels}) for side, labels in zip(others, [first, *rest], strict=True)
        )),
        formula.place,
    )  # fmt: skip


def _bias_without(bias: Symbol, formula: StatedFormula, known: _Layouts) -> StatedFormula:
    r"""Return the gradient of a bias without labels: of b_k each filter has its own.

    Raises:
        UnreadableError: another label is free, or the batch is not summed.
    """
    own = {*indexed(bias).names} - {SPATIAL}  # b_1 is the first bias
    left, *others = formula.sides
    for k, side in enumerate(others):
        summed = upstream(side)
        names = indexed(summed).names if summed is not None else ()
        if summed is None or (len(names) <= _MOST_AXES and not own):
            continue
        kinds = known.kinds.get(("Y", len(names)), ())
        labels = {n: kind for n, kind in zip(names, kinds, strict=False) if kind != _WINDOWS}
        if not kinds or own != {name for name, kind in labels.items() if kind & _OUTPUTS}:
            reason = f"that b counts the filters of {summed.name} is not shown by other formulas"
            raise UnreadableError(reason, *bias.place)
        runs = {name: run for run in ranges_in(side) for name in run.names}
        for name in labels.keys() - own:
            if name not in runs or not runs[name].whole:
                raise UnreadableError(f"{name} is not summed", *summed.place)
        if own & runs.keys():
            raise UnreadableError("the bias's index is summed", *bias.place)
        others[k] = stripped(side, {*labels})
    return replace(formula, sides=(stripped(left, own), *others))


def _letters(left: Expression) -> set[str]:
    found = element(left)
    symbols = [s for s in (found.symbol, found.of) if s] if found else []
    return {name for symbol in symbols for name in indexed(symbol).names}


def _windows(stated: LabelledEquation, known: _Layouts) -> frozenset[str]:
    """Return the sliding indices where no sum shows them, from what is known of the tensors."""
    found: set[str] = set()
    for elements in stated.tensors:
        for one in elements:
            role = known.roles.get(one.symbol.name.casefold(), "")
            kinds = known.kinds.get((role, len(one.names)), ())
            found |= {n for n, kind in zip(one.names, kinds, strict=False) if kind == _WINDOWS}
    return frozenset(found)


def _parted(
    left: Expression,
    side: Expression,
    stated: LabelledEquation,
    spatial: AbstractSet[str],
    known: _Layouts,
) -> frozenset[str]:
    """Return the labels of one side, none where it is no convolution with labels.

    Raises:
        UnreadableError: a label does not stand where it has to.
    """
    labels = stated.labels(spatial)
    ranks = {own.count(SPATIAL) for own in labels}
    names = frozenset(name for own in labels for name in own) - {SPATIAL}
    if len(ranks) > 1 and min(ranks) and any(len(own) > _MOST_AXES for own in labels):
        raise _uneven(stated, labels)
    if not names or len(ranks) > 1 or not 0 < max(ranks) <= _MOST_AXES:
        return frozenset()
    shared = all(names <= {*own} for own in labels)
    if {len(own) for own in labels} == {_MOST_AXES} and not shared:
        return frozenset()  # a plain formula with a slip
    checked(stated, labels)
    runs = [run for run in ranges_in(side) if names & {*run.names}]
    for run in runs:
        if not run.whole:
            raise UnreadableError("the limits of this sum are not understood", *run.place[:1])
    if found := _roles(left, side, stated, names, known):
        _lay(side, stated, labels, found, runs, known)
    return names


def _uneven(stated: LabelledEquation, labels: Sequence[tuple[str, ...]]) -> UnreadableError:
    """Return the complaint about tensors that slide along other numbers of axes."""
    said = {
        e[0].symbol.name: own.count(SPATIAL) for e, own in zip(stated.tensors, labels, strict=True)
    }
    shown = ", ".join(f"{name} along {count}" for name, count in said.items())
    return UnreadableError(f"axes that differ: {shown}", *stated.tensors[0][0].symbol.place)


def _roles(
    left: Expression,
    side: Expression,
    stated: LabelledEquation,
    names: AbstractSet[str],
    known: _Layouts,
) -> str:
    """Return X, F or Y for each tensor of an equation, "" where its indices do not tell."""
    own = [elements[0].symbol.name.casefold() for elements in stated.tensors]
    if len(own) == len("XY"):
        role = known.roles.get(own[0], "")
        return role + "Y" if role in ("X", "F") else ""
    options = roles(stripped(left, names), stripped(side, names))
    likely = [option for option in options if not is_odd(option)] or options
    for option in likely:
        named = dict(zip([name.casefold() for name in option], "XFYY", strict=True))
        told = "".join(named.get(name, "") for name in own)
        if {*told} == {*"XFY"} and all(
            known.roles.get(name, role) == role for name, role in zip(own, told, strict=True)
        ):
            return told
    return ""


def _lay(
    side: Expression,
    stated: LabelledEquation,
    labels: Sequence[tuple[str, ...]],
    found: str,
    runs: Sequence[LetterRun],
    known: _Layouts,
) -> None:
    """Note what one side says of its tensors' layouts.

    Raises:
        UnreadableError: it contradicts what is known.
    """
    kinds_of = {}
    for name in {name for own in labels for name in own} - {SPATIAL}:
        sharing = frozenset(r for r, own in zip(found, labels, strict=True) if name in own)
        kinds_of[name] = _KINDS[sharing] if len(labels) > len("XY") else _ALONG[sharing]
    for elements, role, own in zip(stated.tensors, found, labels, strict=True):
        symbol = elements[0].symbol
        known.lay(role, tuple(kinds_of.get(name, _WINDOWS) for name in own), symbol)
        known.roles.setdefault(symbol.name.casefold(), role)
    for run in runs:
        known.count(run, frozenset().union(*(kinds_of.get(n, frozenset()) for n in run.names)))
    for bias in biases(side):
        shared = {*indexed(bias).names} & {*kinds_of}
        if any(not kinds_of[name] & _OUTPUTS for name in shared):
            raise UnreadableError("the bias is one number for each filter", *bias.place)
