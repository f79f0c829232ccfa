"""What the words of claims mean: operators, tensors, sizes, extensions, and verdicts.

The words themselves are those of `symconv.formula.words` and of the vocabulary; here is what to say
of each to somebody who asks, with claims that show it.  The examples are judged when they are
shown, so that none can be out of date.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from symconv.claims.statement import StatedClaim
from symconv.errors import SymconvError
from symconv.formula import words
from symconv.formula.vocabulary import GENERAL, NEEDS
from symconv.formula.words import LEADING, LETTERS, MEANT, SIZES, Operator, Role


class Kind(Enum):
    """The kind of word; the value is the heading of its list."""

    OPERATOR = "Operators"
    TENSOR = "Tensors"
    SIZE = "Sizes"
    GENERAL = "What Y may have beyond the lecture's convolution"
    VERDICT = "Verdicts"


@dataclass(frozen=True, slots=True)
class ExplainedWord:
    """A word of the language, explained.

    Attributes:
        word: the word.
        kind: of what kind it is.
        meaning: what it stands for, in sentences.
        usage: how it is called, for an operator.
        shape: of what shape it is, for a tensor and for what makes one.
        examples: claims that show it.
    """

    word: str
    kind: Kind
    meaning: str
    usage: str = ""
    shape: str = ""
    examples: tuple[StatedClaim, ...] = ()

    @property
    def synonyms(self) -> tuple[str, ...]:
        """What others call it."""
        named = self.kind in (Kind.OPERATOR, Kind.TENSOR)
        return tuple(other for other, ours in MEANT.items() if named and ours == self.word)


def _claims(*statements: str, where: tuple[str, ...] = ()) -> tuple[StatedClaim, ...]:
    return tuple(StatedClaim(statement, where=where) for statement in statements)


_TEXTBOOK = "dX == correlate(pad(dilate(dY, (u, v)), (R-1, S-1)), rotate(F))"
_DIVIDES = ("(H-R) % u == 0", "(W-S) % v == 0")

_OPERATORS: Mapping[Operator, tuple[str, str, tuple[StatedClaim, ...]]] = {
    words.PAD: (
        "Puts zeros around T: one amount for all sides, one for each axis, or a (before, after) "
        "pair for each axis. A negative amount takes away.",
        "n + before + after on each axis",
        _claims("crop(pad(X, (1, 2)), (1, 2)) == X", "pad(X, (1, 2)) == pad(X, (2, 1))"),
    ),
    words.CROP: (
        "Takes elements away at the ends of T: pad with the opposite amounts.",
        "n - before - after on each axis; one that is negative has no meaning",
        _claims(
            "crop(X, ((0, 1), (0, 0))) == pad(X, ((0, -1), (0, 0)))",
            where=("H >= 2",),
        ),
    ),
    words.DILATE: (
        "Puts u - 1 zeros between neighbours along the height and v - 1 along the width, and none "
        "at the ends.",
        "u*(n-1) + 1 on each axis",
        _claims(
            "shape(dilate(dY, (u, v))) == (u*(P-1) + 1, v*(Q-1) + 1)", "dilate(dY, (u, v)) == dY"
        ),
    ),
    words.ROTATE: (
        "Turns T by 180 degrees: reverses it along every axis.",
        "that of T",
        _claims("rotate(rotate(F)) == F", "rotate(F) == F", "rotate(X)[m,n] == X[H-1-m, W-1-n]"),
    ),
    words.SUBSAMPLE: (
        "Keeps every u-th row and every v-th column, from the first on.",
        "(n-1)//u + 1 on each axis",
        _claims(
            "subsample(dilate(X, (u, v)), (u, v)) == X", "dilate(subsample(X, (u, v)), (u, v)) == X"
        ),
    ),
    words.CORRELATE: (
        "Slides B over A as it is, which is what frameworks call a convolution: each element is "
        "the sum of the products of B with a window of A. stride is the step between windows, "
        "dilation the step between the elements of B, padding as in pad(A, ..); 1, 1 and 0 if not "
        "said.",
        "(n + before + after - dilation*(r-1) - 1)//stride + 1 on each axis, for B of extent r",
        _claims("Y == correlate(X, F, stride=(u, v))", "correlate(X, F) == correlate(F, X)"),
    ),
    words.CONVOLVE: (
        "The mathematician's convolution: correlate with rotate(B). mode='full' pads A by the "
        "extent of B - 1 on all sides first; mode='valid' is what is meant if not said.",
        "n - r + 1 on each axis; n + r - 1 in full mode",
        _claims(
            "convolve(X, F) == correlate(X, rotate(F))",
            "convolve(X, F, mode='full') == convolve(F, X, mode='full')",
            "convolve(X, F) == convolve(F, X)",
        ),
    ),
    words.CONV_TRANSPOSE: (
        "A transposed convolution with the arguments of PyTorch: the gradient with respect to its "
        "input of a correlation with this stride, padding and dilation; output_padding is its "
        "remainder.",
        "(n-1)*stride - before - after + dilation*(r-1) + 1 + output_padding on each axis",
        _claims(
            "dX == conv_transpose(dY, F, stride=(u, v))",
            "dX == conv_transpose(dY, F, stride=(u, v), output_padding=((H-R) % u, (W-S) % v))",
        ),
    ),
    words.VJP: (
        "The gradient with respect to a leaf of the sum of all elements of cotangent * T, by the "
        "chain rule: what backpropagation computes.",
        "that of the leaf",
        _claims("dF == vjp(Y, F, dY)", "vjp(rotate(X), X, X) == rotate(X)"),
    ),
    words.ONES: (
        "A tensor of which every element is 1.",
        "what is written",
        _claims("rotate(ones(R, S)) == ones(R, S)", "ones(R, S)[r,s] == 1"),
    ),
    words.SHAPE: (
        "The extents of T, as a tuple to be compared with a tuple of sizes.",
        "",
        _claims("shape(Y) == (P, Q)", "shape(Y) == (H - R + 1, W - S + 1)"),
    ),
    words.SUM: (
        "A sum over indices, written as in Python; its products are of elements. Indices that "
        "stand on the left are free, and what lies outside a tensor counts as 0. Guards keep what "
        "fulfils them: comparisons by == < <= > >=, chained, joined by and, or several ifs. k//S "
        "rounds down, below 0 as well, and k % S is what is left, from 0 to S - 1.",
        "that of the left side",
        _claims(
            "Y[p,q] == sum(X[p*u+r, q*v+s] * F[r,s] for r in range(R) for s in range(S))",
            "dX[m,n] == sum(dY[p,q] * F[m-p*u, n-q*v] for p in range(P) for q in range(Q))",
            "dX[m,n] == sum(dY[p,q] * F[m-p, n-q] for p in range(P) for q in range(Q))",
            "dF[r,s] == sum(dY[p,q] * X[p*u+r, q*v+s] for p in range(P) if p*u+r < H "
            "for q in range(Q))",
            "Y[p,q] == sum(X[p*u + k//S, q*v + k%S] * F[k//S, k%S] for k in range(R*S))",
        ),
    ),
    words.RANGE: (
        "The values of an index in a sum: range(P) is 0 to P - 1, range(a, b) is a to b - 1, and "
        "nothing where b <= a. Limits may depend on other indices; a range may start at a max and "
        "end at a min of them.",
        "",
        _claims(
            "Y[p,q] == sum(X[p*u+r, q*v+s] * F[r,s] for r in range(1, R) for s in range(S))",
            "Y[p,q] == sum(X[h,w] * F[h-p*u, w-q*v] for h in range(p*u, min(H, p*u+R)) "
            "for w in range(W))",
        ),
    ),
    words.LEAST: (
        "The least of two or more sizes.",
        "",
        _claims("min(P, H) == P", "min(H, R) == H"),
    ),
    words.GREATEST: (
        "The greatest of two or more sizes.",
        "",
        _claims("max(P, 1) == P", "max(H, R) == H"),
    ),
}
"""What to say of each operator: its meaning, the shape of what it makes, examples."""

_TENSORS: Mapping[str, tuple[str, str, tuple[StatedClaim, ...]]] = {
    "X": ("The input. Given, as are F, dY and b.", "(H, W)", ()),
    "F": ("The filter, or kernel, or weights.", "(R, S)", ()),
    "dY": ("The derivative of the loss with respect to the output, from the layer above.",
           "(P, Q)", ()),
    "b": ("The bias: a number for each output channel. With general bias.", "(G, K)", ()),
    "Y": ("The output, defined: Y = correlate(X, F, stride=(u, v)), and what general adds to it.",
          "(P, Q)", _claims("shape(Y) == (P, Q)")),
    "dX": ("The derivative of the loss with respect to the input, defined: dX = vjp(Y, X, dY).",
           "(H, W)", (*_claims(_TEXTBOOK), *_claims(_TEXTBOOK, where=_DIVIDES))),
    "dF": ("The derivative of the loss with respect to the filter, defined: dF = vjp(Y, F, dY).",
           "(R, S)", _claims("dF == correlate(X, dilate(dY, (u, v)))",
                             "dF == correlate(crop(X, ((0, (H-R) % u), (0, (W-S) % v))), "
                             "dilate(dY, (u, v)))")),
    "dB": ("The derivative of the loss with respect to the bias, defined: dB = vjp(Y, b, dY).",
           "(G, K)", ()),
}  # fmt: skip
"""What to say of each tensor that a claim need not declare."""

_SIZES: Mapping[Role, str] = {
    Role.INPUT: "at least 1",
    Role.FILTER: "at least 1, and it fits the padded input",
    Role.OUTPUT: "defined by the others: {P} = ({H} + {pt} + {pb} - {d}*({R}-1) - 1)//{u} + 1",
    Role.STRIDE: "at least 1",
    Role.DILATION: "at least 1",
    Role.INPUT_DILATION: "at least 1",
    Role.BEFORE: "at least 0, any integer with crop",
    Role.AFTER: "at least 0, any integer with crop",
}
"""What is taken for granted of each size."""

_AXES = ("height", "width", "depth")

_GENERAL: Mapping[str, str] = {
    "padding": "Zeros around the input: pt rows above, pb below, pl columns to the left, pr to the "
    "right.",
    "dilation": "Filter elements that are d rows and e columns apart.",
    "crop": "As padding, and the amounts may be negative: rows and columns are taken away.",
    "input-dilation": "Input elements that are lh rows and lw columns apart, zeros between them.",
    "batch": "N images: X[n], dY[n].",
    "groups": "G groups of channels, each by itself: X[g], F[g], dY[g], b[g].",
    "channels": "C input channels and K output channels, in each group: X[c], F[k,c], dY[k], b[k].",
    "bias": "A number for each output channel, b[k], with its gradient dB.",
}
"""What to say of each extension."""

_VERDICTS = (
    ExplainedWord(
        "PROVED",
        Kind.VERDICT,
        "It holds in the scope that is named. For every size: for all integers that satisfy the "
        "hypotheses and what is printed as assumed, each obligation by an identity that can be "
        "expanded by hand. For this size: every element agrees, product by product, at these sizes "
        "and nothing is said of others. For listed sizes: both sides were evaluated at each.",
        examples=_claims(_TEXTBOOK, where=_DIVIDES),
    ),
    ExplainedWord(
        "REFUTED",
        Kind.VERDICT,
        "It does not hold: a counterexample was evaluated, and is shown, at the smallest sizes at "
        "which it fails and at larger ones where these teach little. Where a padding or a crop "
        "mends it, the repair is shown with its own proof.",
        examples=_claims(_TEXTBOOK),
    ),
    ExplainedWord(
        "NOT JUDGED",
        Kind.VERDICT,
        "Neither: the reason is given, such as a question that symconv does not decide, or time "
        "that was up. It may be true; it is never a pass, and if nothing is judged the exit status "
        "is 2.",
        examples=_claims("Y == correlate(X, X)"),
    ),
    ExplainedWord(
        "agree",
        Kind.VERDICT,
        "Of an equation in a document, in check: it is what a convolution gives under the notation "
        "that was found. What agrees under a condition is listed with it.",
    ),
    ExplainedWord(
        "wrong",
        Kind.VERDICT,
        "Of an equation in a document, in check: it is not what a convolution gives, under every "
        "notation that fits; a code such as SC201 says in which way. What is not understood is "
        "never called wrong.",
    ),
)


def _each() -> Iterable[ExplainedWord]:
    for operator, (meaning, shape, examples) in _OPERATORS.items():
        yield ExplainedWord(operator.name, Kind.OPERATOR, meaning, operator.usage, shape, examples)
    for name, (meaning, shape, examples) in _TENSORS.items():
        yield ExplainedWord(name, Kind.TENSOR, meaning, shape=shape, examples=examples)
    for role in SIZES:
        needs = f" With general {NEEDS[LETTERS[role][0]]}." if LETTERS[role][0] in NEEDS else ""
        for at, (letter, axis) in enumerate(zip(LETTERS[role], _AXES, strict=True)):
            here = {first: LETTERS[each][at] for each, (first, *_) in LETTERS.items()}
            granted = _SIZES[role].format(**here)
            meaning = f"{role.value.capitalize()} along the {axis}; {granted}.{needs}"
            yield ExplainedWord(letter, Kind.SIZE, meaning)
    for leading in LEADING:
        meaning = f"How many {leading.noun}s there are; at least 1. With general {leading.word}."
        yield ExplainedWord(leading.size, Kind.SIZE, meaning)
    for word in GENERAL:
        yield ExplainedWord(word, Kind.GENERAL, _GENERAL[word])
    yield from _VERDICTS


LANGUAGE: tuple[ExplainedWord, ...] = tuple(_each())
"""Every word that can be asked for; ``crop`` is two, an operator and an extension."""


def find(word: str) -> tuple[ExplainedWord, ...]:
    """Return what is known of a word, or of what others call so; nothing if it is none of ours."""
    plain = word.strip().removesuffix("()")
    for known in (plain, MEANT.get(plain, plain)):
        if found := tuple(each for each in LANGUAGE if each.word == known):
            return found
    alike = _alike(plain)
    return tuple(each for each in LANGUAGE if len(alike) > 2 and _alike(each.word) == alike)


def _alike(word: str) -> str:
    return word.replace("_", " ").replace("-", " ").casefold()


def unknown(word: str, others: Iterable[str]) -> SymconvError:
    """Return the error that a word is none that can be explained, with one that looks like it."""
    known = [*(each.word for each in LANGUAGE), *MEANT, *others]
    alike = difflib.get_close_matches(word, known, n=1, cutoff=0.7) if len(word) > 2 else []
    way_out = f"did you mean {alike[0]}?" if alike else "symconv explain lists what there is"
    return SymconvError(f"there is nothing to explain by the name {word[:40]!r}; {way_out}")
