"""What the letters of an index formula stand for: indices, sizes, strides, padding.

A size has one name in the claim language on each axis.  Some letters have one meaning wherever
convolutions are written (H, R, u, p, d); some are *guessed* (K for the filter's extent): what is
guessed may show that a formula is right, never that it is wrong.  S and P have two meanings: the
filter's width or the stride, the output's height or the padding.
"""

from __future__ import annotations

from dataclasses import dataclass

from symconv.formula.words import Role, letters

EXTENTS = {"X": letters(Role.INPUT), "F": letters(Role.FILTER), "Y": letters(Role.OUTPUT)}
STRIDES = letters(Role.STRIDE)
DILATIONS = letters(Role.DILATION)
BEFORE = letters(Role.BEFORE)
AFTER = letters(Role.AFTER)
STRIDE, PADDING, BEHIND, DILATION, FILTER, INPUT, OUTPUT = (
    "stride", "padding", "padding behind", "dilation", "filter", "input", "output",
)  # fmt: skip
NAMES = {
    STRIDE: STRIDES, PADDING: BEFORE, BEHIND: AFTER, DILATION: DILATIONS,
    FILTER: EXTENTS["F"], INPUT: EXTENTS["X"], OUTPUT: EXTENTS["Y"],
}  # fmt: skip
_AXIS = {
    below: axis
    for axis, (extent, filter_, side) in enumerate(
        zip(EXTENTS["X"], EXTENTS["F"], "tl", strict=True)
    )
    for below in (extent, extent.lower(), filter_, side, str(axis + 1))
}
HALVES = {extent: f"({extent}//2)" for extent in EXTENTS["F"]}
"""Half of the filter, on each axis."""
EITHER = ("u", "d")
"""Letters that stand for both axes where no v, no e stands beside them."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a letter stands for.

    Attributes:
        family: stride, padding, dilation, filter, input or output.
        axis: the axis of the letter; None where one letter stands for both.
        style: letters of one family are used together in one style: u and v, or s, or s_h and s_w.
        guessed: whether the letter is used for other things as well.
        symmetric: whether padding after the input is the same.
    """

    family: str
    axis: int | None
    style: str
    guessed: bool = False
    symmetric: bool = True

    def name(self) -> str:
        """Return the name in the claim language."""
        return NAMES[self.family][self.axis or 0]


def _pair(family: str) -> dict[str, Meaning]:
    names = NAMES[family]
    return {c: Meaning(family, axis, "".join(names)) for axis, c in enumerate(names)}


_PAIRS = {
    **_pair(INPUT), **_pair(FILTER), **_pair(OUTPUT),
    **{c * 2: Meaning(FILTER, k, "HH") for k, c in enumerate(EXTENTS["X"])},
    **_pair(STRIDE), **_pair(DILATION),
    **{f"{c}_in": Meaning(INPUT, k, "in") for k, c in enumerate(EXTENTS["X"])},
    **{f"{c}{mark}": Meaning(family, k, mark) for k, c in enumerate(EXTENTS["X"])
       for mark, family in (("_out", OUTPUT), ("_o", OUTPUT), ("'", OUTPUT), ("_f", FILTER),
                            ("_k", FILTER))},
    **{f"{c}_{h}": Meaning(OUTPUT, k, f"{c}_") for c in "oO" for k, h in enumerate("hw")},
    **{f"n_{c}": Meaning(INPUT, k, "n_", guessed=True) for k, c in enumerate(EXTENTS["X"])},
    **{f"p_{c}": Meaning(PADDING, k, "p_", symmetric=False) for k, c in enumerate("tl")},
    **{f"p_{c}": Meaning(BEHIND, k, "p_") for k, c in enumerate("br")},
}  # fmt: skip
_STEMS = {
    "s": (STRIDE, False), "stride": (STRIDE, False), "\\sigma": (STRIDE, False),
    "p": (PADDING, False), "pad": (PADDING, False), "padding": (PADDING, False),
    "d": (DILATION, False), "dilation": (DILATION, False), "D": (DILATION, True),
    "kernel": (FILTER, False),
    "K": (FILTER, True), "k": (FILTER, True), "F": (FILTER, True), "f": (FILTER, True),
}  # fmt: skip
_SECOND = {"S": (STRIDE, False), "P": (PADDING, False)}
AMBIGUOUS = frozenset(_SECOND)
"""Letters with two meanings."""
SECOND_MEANINGS = tuple(map(frozenset, ((), ("P", "S"), ("P",), ("S",))))
"""Which of them are read in their second meaning, the likeliest first."""


def meaning(name: str, second: bool = False) -> Meaning | None:
    """Return what a letter stands for, None for an unknown one; ``second`` asks for S = stride."""
    stem, _, below = name.partition("_")
    if name in _SECOND and second:
        return Meaning(_SECOND[name][0], None, name)
    if name in _PAIRS:
        return _PAIRS[name]
    if name == "\\ell":
        return Meaning(PADDING, None, name, symmetric=False)
    if stem in _SECOND and below in _AXIS:
        return Meaning(_SECOND[stem][0], _AXIS[below], stem + "_")
    if stem not in _STEMS or (below and below not in _AXIS):
        return None
    family, guessed = _STEMS[stem]
    return Meaning(family, _AXIS.get(below), stem + "_" if below else stem, guessed)
