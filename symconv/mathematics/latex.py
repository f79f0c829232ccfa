r"""LaTeX for amsmath that KaTeX renders, too: plain ``\frac``, no macros of our own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from symconv.errors import how_many
from symconv.mathematics.medium import Binding, Medium
from symconv.mathematics.tree import (
    AllOnes,
    Application,
    Below,
    BinarySign,
    Comparison,
    Component,
    IndexGroup,
    Letter,
    LossGradient,
    Mathematics,
    Numeral,
    Over,
    Ratio,
    RelationSign,
    Summation,
    Through,
    last_below,
)
from symconv.notation import LOSS

_RELATIONS = {
    RelationSign.IS: "=",
    RelationSign.EQUAL: "=",
    RelationSign.UNEQUAL: r"\neq",
    RelationSign.BELOW: "<",
    RelationSign.AT_MOST: r"\le",
    RelationSign.ABOVE: ">",
    RelationSign.AT_LEAST: r"\ge",
    RelationSign.DIVIDES: r"\mid",
    RelationSign.MEANS: r"\iff",
}

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "_": r"\_", "%": r"\%", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"$<$", ">": r"$>$", "|": r"$|$", '"': r"\char34{}",
    "≠": r"$\neq$", "…": r"\ldots{}", "→": r"$\rightarrow$", "×": r"$\times$", "−": r"$-$",
    "–": "--", "—": "---", "’": "'", "‘": "`", "“": "``", "”": "''", "°": r"$^\circ$",
}  # fmt: skip


class LatexMedium(Medium[str]):
    """Writes LaTeX.

    Attributes:
        small: whether it stands in a line of text, an index or a limit, where fractions lie.
    """

    signs: Mapping[BinarySign, str] = {
        BinarySign.PLUS: " + ",
        BinarySign.MINUS: " - ",
        BinarySign.TIMES: " ",
        BinarySign.DOT: r" \cdot ",
        BinarySign.MODULO: r" \bmod ",
        BinarySign.SPATIAL: " * ",
    }
    relations: Mapping[RelationSign, str] = {
        sign: f" {written} " for sign, written in _RELATIONS.items()
    }
    minus = "-"
    total = r"\sum"

    def __init__(self, small: bool = False) -> None:
        self.small = small

    def _join(self, *parts: str) -> str:
        return "".join(parts)

    def _binding(self, tree: Mathematics) -> Binding:
        match tree:
            case Ratio():
                return Binding.PRODUCT if self.small else Binding.WHOLE
            case AllOnes():
                return Binding.PRODUCT  # it has an index already
            case _:
                return super()._binding(tree)

    def _letter(self, of: Letter) -> str:
        return _word(of.name) + "'" * of.primes

    def _quantity(self, name: str) -> str:
        if name.endswith("'"):
            return self._quantity(name[:-1]) + "'"
        head, _, tail = name.partition("_")
        if tail:
            head = head if len(head) == 1 else rf"\mathrm{{{head}}}"
            below = tail if len(tail) == 1 else rf"\mathrm{{{_escaped_name(tail)}}}"
            return f"{head}_{{{below}}}"
        if re.fullmatch(r"[A-Za-z]\d+", name):
            return f"{name[0]}_{{{name[1:]}}}"
        if re.fullmatch(r"[A-Za-z]{2}", name):
            return rf"{name[0]}_{{\mathrm{{{name[1]}}}}}"
        return _word(name)

    def _loss_gradient(self, of: Letter) -> str:
        return self._partial(Letter(LOSS), of)

    def _partial(self, above: Mathematics, below: Mathematics) -> str:
        return rf"\frac{{\partial {self.write(above)}}}{{\partial {self.write(below)}}}"

    def _component(self, of: Component) -> str:
        if isinstance(of.of, LossGradient):
            return self._partial(Letter(LOSS), Component(of.of.of, of.groups))
        tensor = self.bracketed(of.of, Binding.WHOLE)
        if "_{" in tensor and isinstance(of.of, Letter | Component):
            tensor = f"{{{tensor}}}"  # what has an index of its own takes another
        raised = self._scripts(group for group in of.groups if group.raised)
        lowered = self._scripts(group for group in of.groups if not group.raised)
        above = f"^{{{raised}}}" if raised else ""
        return tensor + above + (f"_{{{lowered}}}" if lowered else "")

    def _scripts(self, groups: Iterable[IndexGroup]) -> str:
        return ";".join(self._indices(group.entries) for group in groups)

    def _indices(self, entries: Sequence[Mathematics]) -> str:
        written = [INLINE.write(entry) for entry in entries]
        if all(len(entry.rstrip("'")) == 1 for entry in written):
            return "".join(written)
        numbers = all(isinstance(entry, Numeral) for entry in entries)
        return ("," if numbers else r",\,").join(written)

    def _operated(self, left: str, sign: BinarySign, right: str) -> str:
        if sign is BinarySign.TIMES and (right[0].isdigit() or _is_word(left) or _is_word(right)):
            sign = BinarySign.DOT
        return super()._operated(left, sign, right)

    def juxtaposed(self, factors: Sequence[str]) -> str:
        """Return the product of written factors, 1 where there are none."""
        return self.gap(factors).join(factors) or "1"

    def gap(self, factors: Sequence[str]) -> str:
        """Return what stands between these written factors."""
        if factors and factors[0].startswith("\\frac"):
            return " "
        return r"\, " if any(" " in factor for factor in factors) else ""  # after a long index

    def _ratio(self, above: Mathematics, below: Mathematics) -> str:
        if self.small:
            divisor = self.bracketed(below, Binding.WHOLE)
            return f"{self.bracketed(above, Binding.PRODUCT)}/{divisor}"
        return rf"\frac{{{self.write(above)}}}{{{self.write(below)}}}"

    def _floor_ratio(self, above: Mathematics, below: Mathematics) -> str:
        left, right = (r"\lfloor ", r" \rfloor") if self.small else _scaled(r"\lfloor", r"\rfloor")
        return f"{left}{self._ratio(above, below)}{right}"

    def _series(self, entries: Sequence[str]) -> str:
        """Return written entries in brackets; a single one needs none."""
        return self._enclosed(entries) if len(entries) != 1 else entries[0]

    def _summation(self, of: Summation) -> str:
        return " ".join([*map(self.sum_sign, of.over), self.bracketed(of.body, Binding.PRODUCT)])

    def sum_sign(self, over: Through | Below | Over) -> str:
        """Return the sign of a sum with its limits."""
        match over:
            case Over(indices, None):
                return rf"\sum_{{{''.join(map(INLINE.write, indices))}}}"
            case Over(indices, where):
                assert where is not None
                listed = ",".join(map(INLINE.write, indices))
                listed = f"({listed})" if len(indices) > 1 else listed
                return rf"\sum_{{{listed}\,:\,{INLINE.write(where)}}}"
            case Through(index, first, last):
                start = f"{INLINE.write(index)}={INLINE.write(first)}"
                return rf"\sum_{{{start}}}^{{{INLINE.write(last)}}}"
            case Below(index, start, stop):
                return self.sum_sign(Through(index, start, last_below(stop)))

    def _application(self, of: Application) -> str:
        left, right = ("(", ")") if self.small else _scaled("(", ")")
        listed = r",\ ".join([*map(self.write, of.arguments), *self.options(of)])
        return f"{self.operator(of)}{left}{listed}{right}"

    def operator(self, of: Application) -> str:
        """Return the name of an operator."""
        return f"\\{of.operator}" if of.known else rf"\operatorname{{{of.operator}}}"

    def options(self, of: Application) -> list[str]:
        """Return the options of an operator with their names."""
        return [rf"\text{{{word}}}={self.write(value)}" for word, value in of.options]

    def _all_ones(self, shape: Sequence[Mathematics]) -> str:
        sizes = r" \times ".join(INLINE.bracketed(size, Binding.WHOLE) for size in shape)
        return rf"\mathbf{{1}}_{{{sizes}}}"

    def _kronecker(self, left: Mathematics, right: Mathematics) -> str:
        return rf"\delta_{{{INLINE.write(left)},\,{INLINE.write(right)}}}"

    def _restricted(self, of: Mathematics, conditions: Sequence[Mathematics]) -> str:
        listed = r",\ ".join(map(self.write, conditions))
        return rf"{self.write(of)} \quad \text{{where }} {listed}"

    def omitted(self, count: int) -> str:
        """Return dots for that many terms, with their number."""
        return rf"\cdots\;\text{{({how_many(count, 'more term')})}}"

    def _emphasis(self, of: Mathematics) -> str:
        return rf"\boldsymbol{{{self.write(of)}}}"

    def _phrase(self, text: str) -> str:
        return rf"\text{{{escaped(text)}}}"


def escaped(text: str) -> str:
    """Return plain text as LaTeX; three spaces in a row are a gap."""
    return "".join(_SPECIAL.get(character, character) for character in text).replace(
        "   ", r"\quad "
    )


def aligned_row(of: Comparison) -> str:
    """Return a row of `aligned`, with the mark at the first relation."""
    first, *others = of.sides
    parts = [f"{LATEX.write(first)} &"]
    for sign, side in zip(of.signs, others, strict=True):
        parts.append(f"{_RELATIONS[sign]} {LATEX.write(side)}")
    return f"{parts[0]}{' '.join(parts[1:])}"


def aligned(lines: Iterable[str]) -> str:
    """Return the body of a display of several lines."""
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def _word(name: str) -> str:
    """Return a name; a longer one is set as one word."""
    if len(name) == 1 or name.startswith("\\"):
        return name
    return rf"\mathit{{{_escaped_name(name)}}}"


def _escaped_name(name: str) -> str:
    return name.replace("_", r"\_")


def _is_word(written: str) -> bool:
    return written.startswith((r"\mathit", r"\mathrm"))


def _scaled(left: str, right: str) -> tuple[str, str]:
    """Return delimiters that grow with what is between them."""
    after = " " if left.startswith("\\") else ""
    return rf"\left{left}{after}", rf" \right{right}" if after else rf"\right{right}"


INLINE = LatexMedium(small=True)
LATEX = LatexMedium()
