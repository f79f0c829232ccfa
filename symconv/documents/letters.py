"""What the letters of an index formula stand for: tensors, indices, sizes and strides."""

from __future__ import annotations

from dataclasses import dataclass, field

from symconv.documents import affine
from symconv.documents.affine import Polynomial
from symconv.documents.names import FILTERS, INPUTS, OUTPUTS
from symconv.documents.reader import read
from symconv.documents.reading import Reading
from symconv.documents.syntax import Place, Symbol, UnreadableError
from symconv.documents.tokens import Token

EXTENTS = {"X": ("H", "W"), "F": ("R", "S"), "Y": ("P", "Q")}
STRIDES = ("u", "v")
_SIZES = frozenset("HWRSPQ")
_STRIDE_NAMES = ("u", "s", "stride", "\\sigma")
_RESERVED = frozenset({*_SIZES, "u", "v", "d", "e", "X", "F", "Y", "dX", "dF", "dY"})
_LETTERS = "ijklmnpqrstabcxyzfghow"
_LARGEST = 10**6


@dataclass(slots=True)
class Range:
    """A summation index with its limits as stated; None where there are none."""

    name: str
    place: Place
    low: Polynomial | None = None
    high: Polynomial | None = None


@dataclass(slots=True)
class Read:
    """One factor: a tensor's canonical name, and its index."""

    tensor: str
    index: list[Polynomial]


@dataclass(slots=True)
class Formula:
    """What is gathered of one formula while it is read."""

    reading: Reading | None
    rank: int
    base: int
    names: dict[str, str] = field(default_factory=dict)
    ranges: list[Range] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    where: dict[str, None] = field(default_factory=dict)
    strided: bool = False
    axis: int = 0
    local: tuple[list[Polynomial], list[Polynomial], str] | None = None

    def role(self, name: str, place: Place) -> str:
        """Return X, F or Y for a tensor's name."""
        role = self.reading.role(name) if self.reading else conventional(name)
        if self.reading and name in self.reading.gradients:
            role = "Y"
        if role is None:
            raise UnreadableError(f"'{name}' is not a name of input, filter or output here", *place)
        return role

    def symbol(self, symbol: Symbol) -> str:
        """Return what a letter in an index is called: an index, a size or a stride."""
        name = written(symbol)
        if name in self.names:
            return self.names[name]
        if name in _SIZES:
            return name
        if name in ("u", "v"):
            self.strided = True
            if name == "u" and self.axis == 1:
                self.where["u == v"] = None
            return name
        if name in _STRIDE_NAMES:
            self.strided = True
            if self.rank == 2:
                self.where["u == v"] = None
            return "u"
        if name in ("stride_R", "stride_S"):
            self.strided = True
            return "u" if name.endswith("R") else "v"
        raise UnreadableError(
            f"'{name}' is neither an index nor a size that is known", *symbol.place
        )

    def declare(self, name: str) -> str:
        """Give an index a name that a claim may use."""
        if name not in self.names:
            taken = {*self.names.values(), *_RESERVED}
            own = name if name in _LETTERS and name not in taken else None
            self.names[name] = own or next(c for c in _LETTERS if c not in taken)
        return self.names[name]

    def index(self, symbol: Symbol, tensor: str) -> list[Polynomial]:
        """Return the index of an element, one polynomial for each axis."""
        result = []
        parts = index_parts(symbol, self.rank)
        for axis, part in enumerate(parts):
            self.axis = axis
            result.append(affine.polynomial(read(part), self.symbol))
        return result


def conventional(name: str) -> str | None:
    """Return the role that convention gives to a letter."""
    plain = name.split("^")[0]
    for names, role in ((OUTPUTS[:4], "Y"), (INPUTS[:2], "X"), (FILTERS[:6], "F")):
        if plain in names:
            return role
    return None


def written(symbol: Symbol) -> str:
    """Return a letter of an index with what stands below it: stride_R."""
    below = "".join(t.text for part in symbol.index or () for t in part)
    return f"{symbol.name}_{below}" if below else symbol.name


def index_parts(symbol: Symbol, rank: int) -> tuple[tuple[Token, ...], ...]:
    """Return the words of each part of an index; ``mn`` has two parts where there are two axes.

    Raises:
        UnreadableError: it has another number of parts than there are axes.
    """
    parts = symbol.index or ()
    if len(parts) == 1 and rank == 2 and len(parts[0]) == 2:
        a, b = parts[0]
        if a.kind in ("letter", "number") and b.kind in ("letter", "number"):
            parts = ((a,), (b,))
    if len(parts) != rank:
        count = "one index" if len(parts) == 1 else f"{len(parts)} indices"
        raise UnreadableError(
            f"{count} where {rank} axes are read", *(symbol.index_place or symbol.place)
        )
    return parts
