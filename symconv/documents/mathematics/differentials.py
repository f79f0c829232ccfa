r"""What stands behind a d, a D, a \partial or a \delta makes it a differential, or a letter."""

from __future__ import annotations

from symconv.documents.mathematics.scripts import ACCENTS, ScriptGrammar
from symconv.documents.mathematics.syntax import Symbol, UnreadableError

VARIATIONS = frozenset({"\\delta", "\\Delta"})


class Differentials(ScriptGrammar):
    """The part of the grammar that tells differentials from letters."""

    def only_differential(self) -> bool:
        """Whether this argument is a bare d, or a d before a name (and not d(R-1) + 1)."""
        following = self.kind(1)
        accented = following == "command" and self.tokens[self.at + 1].text in ACCENTS
        return (
            accented or self.command("partial") or following in ("letter", "word", "text", "{", "}")
        )

    def differential_follows(self) -> bool:
        """Whether this d is the d of dx: a name stands right behind it."""
        here = self.tokens[self.at]
        if self.kind(1) == "command":
            return self.tokens[self.at + 1].text in ACCENTS
        if self.kind(1) not in ("letter", "word", "text"):
            return [self.kind(k) for k in (1, 2, 3)] == ["{", "letter", "}"]  # d\mathbf{x}
        after = self.tokens[self.at + 1]
        spelled = self.kind(1) != "letter" or after.text.startswith("\\")
        if spelled and self.kind(2) in ("index", "_"):  # d \theta_{0}
            return True
        return after.start == here.end or (
            self.at > 0 and self.tokens[self.at - 1].kind == "/" and after.start - here.end <= 1
        )

    def gradient_follows(self) -> bool:
        """Whether this D is the one of D_{x_{00}} L: an element stands below it."""
        if (self.kind(1), self.kind(2)) != ("_", "{"):
            return False
        if self.kind(3) in ("letter", "word", "text"):
            return self.kind(4) in ("_", "index", "^", "[", "(", "'")
        return self.kind(3) == "{" or (
            self.kind(3) == "command" and self.tokens[self.at + 3].text in ACCENTS
        )

    def variation_follows(self) -> bool:
        r"""Whether this delta is the one of \delta x_{00}: an element stands behind it."""
        if self.kind(1) == "command":
            return self.tokens[self.at + 1].text in ACCENTS
        behind = 2
        if [self.kind(k) for k in (1, 2, 3)] == ["{", "letter", "}"]:  # \delta\mathbf{x}_{00}
            behind = 4
        elif self.kind(1) not in ("letter", "word", "text"):
            return False
        script = self.kind(behind)
        return script in ("index", "_", "^", "'") or (script in ("[", "(") and self.adjoins(behind))

    def variation(self) -> Symbol:
        r"""Read \delta x_{00}: a name of its own, which may be that of a gradient."""
        first = self.at
        sign = self.next().text
        of = self.name()
        if not isinstance(of, Symbol):
            raise UnreadableError("a variation of more than a name", *self.place(first))
        return Symbol(f"{sign} {of.name}", of.index, self.place(first), of.index_place)
