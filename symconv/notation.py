"""A lecturer's names: the three letters, and whether indices count from 0 or 1.

Inside symconv names are X F Y and indices count from 0; a `Notation` stands between that and
what a person reads and types.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from symconv.equation import Element
from symconv.errors import SymconvError, how_many, listed

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ",
    "Omega": "Ω",
}  # fmt: skip
"""Greek letters by the name of their LaTeX macro."""

LOSS = "L"

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*|\\(?P<greek>[A-Za-z]+)")
_ELEMENT = re.compile(
    r"\s*(?P<name>\\?[A-Za-z][A-Za-z0-9]*)\s*(?P<brackets>(?:\[[^\[\]]*\]\s*){0,2})"
)

_PRINTED = re.compile(
    r"\s*(?P<name>\\?[A-Za-z]+)(?P<leading>\[[^\[\]]*\])?"
    r"_?(?P<open>\{)?(?P<index>\d+(?:,\d+)*)(?(open)\})\s*",
    re.ASCII,
)
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")

BIAS = "b"
"""The name of a layer's bias, unless one of the three names is the same."""


@dataclass(frozen=True, slots=True)
class Notation:
    r"""The names of input, filter and output, and the first index.

    Attributes:
        names: three different names: letters and digits, or a Greek macro such as ``\delta``.
        base: 0 or 1.

    Raises:
        SymconvError: two equal names, a name that cannot be printed, or another base.

    >>> Notation(("X", "F", "O"), base=1).read("X[1,3]", {"X": (3, 3)})
    Element(tensor='X', index=(0, 2))
    """

    names: tuple[str, str, str] = ("x", "f", "y")
    base: int = 0

    def __post_init__(self) -> None:
        if len(self.names) != 3:
            raise SymconvError(
                f"names {','.join(self.names)!r}: {len(self.names)} given, but input, filter and "
                "output need three, such as X,F,O"
            )
        for name in self.names:
            _check_name(name)
        if len({name.removeprefix("\\") for name in self.names}) < 3:
            raise SymconvError(f"names {','.join(self.names)!r}: the three must differ")
        if self.base not in (0, 1):
            raise SymconvError(f"index base is {self.base}; it must be 0 or 1")

    @classmethod
    def of(cls, names: str | Sequence[str] | Notation = ("x", "f", "y"), base: int = 0) -> Notation:
        """Return the notation that names such as ``X,F,O``, or three of them, stand for.

        A whole `Notation` is returned as it is.

        >>> Notation.of("X, F, δ", base=1).names
        ('X', 'F', '\\\\delta')
        """
        if isinstance(names, Notation):
            return names
        return cls(each_name(names), base)  # type: ignore[arg-type]  # it says if there are not three

    def letter(self, tensor: str) -> str:
        """Return the name of an element of X, F or Y (or of dX, dF, dY: the same letter), or b."""
        if tensor == BIAS and BIAS in self.names:
            return "bias"
        return dict(zip("XFY", self.names, strict=True)).get(tensor.removeprefix("d"), tensor)

    def tensor(self, tensor: str) -> str:
        """Return the name of a whole tensor: the capital, unless another one or L has it."""
        capitals = [name if name.startswith("\\") else name.upper() for name in self.names]
        names = capitals if len({*capitals, LOSS}) == 4 else self.names
        prefix = "d" if tensor.startswith("d") else ""
        return prefix + dict(zip("XFY", names, strict=True)).get(tensor[-1], tensor)

    def index(self, index: Sequence[int]) -> tuple[int, ...]:
        """Return an index as it is printed."""
        return tuple(i + self.base for i in index)

    def read(
        self,
        text: str,
        shapes: Mapping[str, tuple[int, ...]],
        leading: Mapping[str, Mapping[str, int]] | None = None,
    ) -> Element:
        """Return the element that a person means by ``text``, such as ``x[2,2]``.

        Args:
            text: a name and an index, in this notation; in a layer ``x[1,2][2,2]``.
            shapes: the shapes in space of the tensors that may be named, by X, F, Y, b.
            leading: of a layer, how many values each index before those in space has, by what it
                counts, for every tensor that has some; they come first in the element's index.

        Raises:
            SymconvError: no such form, an unknown name, or an index outside the tensor.
        """
        before = leading or {}
        match = _ELEMENT.fullmatch(self._in_brackets(text, shapes, before))
        if not match or not (match["brackets"] or leading):
            example = self._example(next(iter(shapes)), shapes, before)
            raise SymconvError(f"element {text!r} is not of the form {example}")
        known = {self.letter(tensor): tensor for tensor in shapes}
        if match["name"] not in known:
            raise SymconvError(
                f"element {text!r}: unknown tensor {match['name']}; known are {', '.join(known)}"
            )
        tensor = known[match["name"]]
        groups = [
            group for group in (tuple(before.get(tensor, {}).values()), shapes[tensor]) if group
        ]
        shape = tuple(n for group in groups for n in group)
        given = [inside.split(",") for inside in re.findall(r"\[([^\[\]]*)\]", match["brackets"])]
        parts = [part.strip() for inside in given for part in inside]
        fits = [*map(len, given)] in ([*map(len, groups)], [len(shape)])
        if not fits or not all(re.fullmatch(r"-?\d{1,18}", part) for part in parts):
            raise SymconvError(
                f"element {text!r}: {match['name']} {self._needs(tensor, shapes, before)}, as in "
                f"{self._example(tensor, shapes, before)}"
            )
        index = tuple(int(part) - self.base for part in parts)
        if not all(0 <= i < n for i, n in zip(index, shape, strict=True)):
            first, last = (
                "".join(
                    f"[{_join(self.index([(n - 1) * end for n in group]))}]" for group in groups
                )
                for end in (0, 1)
            )
            raise SymconvError(
                f"element {text!r} lies outside {match['name']}, which runs from {first} to {last}"
            )
        return Element(tensor, index)

    def _needs(
        self,
        tensor: str,
        shapes: Mapping[str, tuple[int, ...]],
        leading: Mapping[str, Mapping[str, int]],
    ) -> str:
        """Return how many indices an element of a tensor needs, in words."""
        before, space = [*leading.get(tensor, {})], len(shapes[tensor])
        if not before:
            return f"needs {how_many(space, 'index')}" if space else "is a number without an index"
        needed = f"needs {how_many(len(before), 'index')}, of {listed(before)}"
        return f"{needed}, then {space} in space" if space else needed

    def _in_brackets(
        self,
        text: str,
        shapes: Mapping[str, tuple[int, ...]],
        leading: Mapping[str, Mapping[str, int]],
    ) -> str:
        """Return ``x_{22}``, ``x22`` or ``x_{10,2}``, elements as they are printed, as ``x[2,2]``.

        Without commas each digit is an index, which no larger tensor can mean.
        """
        printed = _PRINTED.fullmatch(text.translate(_SUBSCRIPTS))
        known = {self.letter(tensor): tensor for tensor in shapes}
        if not printed or printed["name"] not in known:
            return text
        tensor = known[printed["name"]]
        if bool(printed["leading"]) != bool(leading.get(tensor)):
            return text
        shape = shapes[tensor]
        numbers = printed["index"]
        if "," not in numbers and len(shape) > 1:
            if len(numbers) != len(shape) or max(shape) - 1 + self.base > 9:
                return text
            numbers = ",".join(numbers)
        return f"{printed['name']}{printed['leading'] or ''}[{numbers}]"

    def _example(
        self,
        tensor: str,
        shapes: Mapping[str, tuple[int, ...]],
        leading: Mapping[str, Mapping[str, int]],
    ) -> str:
        groups = (tuple(leading.get(tensor, {}).values()), shapes[tensor])
        last = (self.index([n - 1 for n in group]) for group in groups if group)
        return self.letter(tensor) + "".join(f"[{_join(index)}]" for index in last)


def each_name(names: str | Sequence[str]) -> tuple[str, ...]:
    """Return names that commas separate, or that are given one by one; δ is ``\\delta``."""
    macros = {character: f"\\{name}" for name, character in GREEK.items()}
    given = names.split(",") if isinstance(names, str) else names
    return tuple(macros.get(name.strip(), name.strip()) for name in given)


def _join(index: Sequence[int]) -> str:
    return ",".join(map(str, index))


def _check_name(name: str) -> None:
    match = _NAME.fullmatch(name)
    if not match or (match["greek"] and match["greek"] not in GREEK):
        raise SymconvError(
            f"name {name!r} cannot be printed; use letters and digits, or a Greek macro such as "
            r"\delta"
        )
    if name == LOSS:
        raise SymconvError(f"name {name!r} is taken by the loss; use another letter")
