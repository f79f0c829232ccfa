r"""Three ways to write an element, a product or an equation on one line.

`Plain` is ASCII, in the form that ``--element`` takes: ``dL/dx[2,2] = dL/dy[0,0] f[2,2]``.
`Pretty` is for a terminal: ``∂L/∂x₂₂ = ∂L/∂y₀₀ f₂₂``.
`Latex` is amsmath that KaTeX renders: ``\frac{\partial L}{\partial x_{22}} = ..``.
"""

from __future__ import annotations

from collections.abc import Sequence

from symconv.equation import Element, Equation, Term
from symconv.errors import how_many
from symconv.notation import GREEK, LOSS, Notation

_LETTERS = str.maketrans("ijkmno", "ᵢⱼₖₘₙₒ")
_SUBSCRIPTS = str.maketrans("0123456789-", "₀₁₂₃₄₅₆₇₈₉₋")


class Plain:
    """Writes ASCII, in the form that is typed on the command line."""

    d = "d"
    times = " "
    dot = "*"

    def __init__(self, notation: Notation) -> None:
        self.notation = notation

    def letter(self, tensor: str) -> str:
        """Return the name of a tensor's elements."""
        return self.notation.letter(tensor).removeprefix("\\")

    def name(self, thing: Element | str) -> str:
        """Return the name of an element or of a whole tensor."""
        return self.tensor(thing) if isinstance(thing, str) else self.element(thing)

    def tensor(self, tensor: str) -> str:
        """Return the name of a whole tensor: X, F, Y, dX, dF, dY."""
        return self.notation.tensor(tensor).replace("\\", "")

    def subscripted(self, letter: str, index: Sequence[int]) -> str:
        """Return a letter with an index that is printed as it is given."""
        return f"{letter}[{','.join(map(str, index))}]"

    def fraction(self, above: str, below: str) -> str:
        """Return a derivative: of ``above`` with respect to ``below``."""
        return f"{self.d}{above}/{self.d}{below}"

    def bare(self, element: Element) -> str:
        """Return the element itself, for one of dX, dF or dY the element it is taken by."""
        return self.subscripted(self.letter(element.tensor), self.notation.index(element.index))

    def element(self, element: Element) -> str:
        """Return an element; one of dX, dF or dY as a derivative of the loss."""
        bare = self.bare(element)
        return self.fraction(LOSS, bare) if element.tensor.startswith("d") else bare

    def term(self, term: Term) -> str:
        """Return a product; an empty one is 1."""
        return self.times.join(map(self.element, term)) or "1"

    def sum(self, terms: Sequence[Term], more: int = 0) -> str:
        """Return a sum of products, 0 where there are none.

        Args:
            terms: the products.
            more: how many products follow that are not shown.
        """
        shown = [self.term(term) for term in terms]
        return " + ".join(shown + ([f"... ({how_many(more, 'more term')})"] if more else [])) or "0"

    def equation(self, equation: Equation) -> str:
        """Return an equation on one line."""
        return f"{self.element(equation.target)} = {self.sum(equation.terms)}"

    def local(self, output: Element, wrt: Element) -> str:
        """Return the local derivative of an output: dy/dx."""
        return self.fraction(self.bare(output), self.bare(wrt))

    def chain_rule(self, wrt: str, rank: int) -> str:
        """Return the chain rule for the elements of X or F on ``rank`` axes."""
        x, y = self.indexed(wrt, "mno"[:rank]), self.indexed("Y", "ijk"[:rank])
        total = f"{self.total('ijk'[:rank])} {self.fraction(LOSS, y)} {self.fraction(y, x)}"
        return f"{self.fraction(LOSS, x)} = {total}"

    def total(self, letters: str) -> str:
        """Return the sign of a sum over indices."""
        return f"sum_{letters}"

    def indexed(self, tensor: str, letters: Sequence[str]) -> str:
        """Return an element at an index in letters."""
        return f"{self.letter(tensor)}[{','.join(letters)}]"


class Pretty(Plain):
    """Writes for a terminal that shows Unicode."""

    d = "∂"
    dot = "·"

    def letter(self, tensor: str) -> str:
        """Return the name of a tensor's elements, Greek macros as letters."""
        name = self.notation.letter(tensor)
        return GREEK[name[1:]] if name.startswith("\\") else name

    def tensor(self, tensor: str) -> str:
        """Return the name of a whole tensor, Greek macros as letters."""
        name = self.notation.tensor(tensor)
        macro = name[name.find("\\") + 1 :]
        return name.replace(f"\\{macro}", GREEK[macro]) if "\\" in name else name

    def subscripted(self, letter: str, index: Sequence[int]) -> str:
        """Return a letter with its index as subscripts, with commas where one has two digits."""
        return letter + separator(index).join(map(str, index)).translate(_SUBSCRIPTS)

    def term(self, term: Term) -> str:
        """Return a product, derivatives set off by a space."""
        written = [self.element(element) for element in term]
        return (" " if any("/" in factor for factor in written) else "").join(written) or "1"

    def sum(self, terms: Sequence[Term], more: int = 0) -> str:
        """Return a sum of products, 0 where there are none."""
        return super().sum(terms, more).replace("...", "…")

    def indexed(self, tensor: str, letters: Sequence[str]) -> str:
        """Return an element at an index in letters."""
        return self.letter(tensor) + "".join(letters).translate(_LETTERS)

    def total(self, letters: str) -> str:
        """Return the sign of a sum over indices."""
        return "Σ" + letters.translate(_LETTERS)


class Short(Pretty):
    """Writes derivatives as ``dy₀₀``, for grids that would not fit otherwise."""

    def fraction(self, above: str, below: str) -> str:
        """Return the derivative of the loss by its lower half."""
        return f"d{below}"


class Latex(Plain):
    r"""Writes amsmath: plain ``\frac``, no spacing commands inside terms."""

    def letter(self, tensor: str) -> str:
        """Return the name of a tensor's elements; a longer name is set upright as one word."""
        name = self.notation.letter(tensor)
        return name if name.startswith("\\") or len(name) == 1 else f"\\mathit{{{name}}}"

    def tensor(self, tensor: str) -> str:
        """Return the name of a whole tensor; that of a gradient as a derivative of the loss."""
        name = self.notation.tensor(tensor.removeprefix("d"))
        name = name if name.startswith("\\") or len(name) == 1 else f"\\mathit{{{name}}}"
        return self.fraction(LOSS, name) if tensor.startswith("d") else name

    def subscripted(self, letter: str, index: Sequence[int]) -> str:
        """Return a letter with its index, with commas where one has two digits."""
        return f"{letter}_{{{separator(index).join(map(str, index))}}}"

    def fraction(self, above: str, below: str) -> str:
        """Return a partial derivative."""
        return rf"\frac{{\partial {above}}}{{\partial {below}}}"

    def term(self, term: Term) -> str:
        """Return a product, derivatives set off by a space."""
        written = [self.element(element) for element in term]
        return (" " if written and written[0].startswith("\\frac") else "").join(written) or "1"

    def sum(self, terms: Sequence[Term], more: int = 0) -> str:
        """Return a sum of products, 0 where there are none."""
        shown = [self.term(term) for term in terms]
        rest = [rf"\cdots\;\text{{({how_many(more, 'more term')})}}"] if more else []
        return " + ".join(shown + rest) or "0"

    def total(self, letters: str) -> str:
        """Return the sign of a sum over indices."""
        return rf"\sum_{{{letters}}}"

    def indexed(self, tensor: str, letters: Sequence[str]) -> str:
        """Return an element at an index in letters."""
        return f"{self.letter(tensor)}_{{{''.join(letters)}}}"


def separator(index: Sequence[int]) -> str:
    """Return what stands between indices: nothing, or a comma as soon as one has two digits."""
    return "," if any(not 0 <= i <= 9 for i in index) else ""
