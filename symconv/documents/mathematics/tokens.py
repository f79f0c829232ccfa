"""The words of LaTeX mathematics, each with its place in the document.

What only dresses (fonts, colours, spaces, ``\\left``) is dropped here, so that the reader sees
``\\mathbf{x_{01}f_{01}}`` as ``{x_{01}f_{01}}``.  One pass, linear in the text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from symconv.documents.mathematics.dress import (
    ABOVE,
    AROUND,
    DROPPED,
    DROPPED_WITH_ARGUMENT,
    DROPPED_WITH_TWO,
    EQUALS,
    NAMED,
    PROSE,
    ROUGHLY,
    SHOWN_LATER,
    WIDE,
)

MOST_EXPANDED = 1_000_000
"""The most words that the macros of one document may stand for."""


class Token(NamedTuple):
    """One word: its kind, what it says, and its half-open range in the document.

    Kinds: ``index`` (a whole ``_{0,12}`` of digits), ``gradient`` (a whole derivative, see
    `GRADIENT`), ``number``, ``letter`` (one letter, or a named one such as delta), ``word`` (a
    name of several letters), ``text`` (prose), ``command``, ``row`` (a line break), ``quad``,
    ``begin``, ``end``, and for every other sign the sign itself.
    """

    kind: str
    text: str
    start: int
    end: int


class Macro(NamedTuple):
    """A macro that the document defines: how many arguments it takes, and the words it stands for.

    ``default`` is what the first argument is where it is left out.

    The body's ``#1`` is the words ``#`` and ``1``; macros in the body are expanded already.
    """

    arguments: int
    body: tuple[Token, ...]
    default: tuple[Token, ...] | None = None


class Macros(dict[str, Macro]):
    """The macros of a document by their names.

    Attributes:
        left: how many words they may still stand for; none is expanded when it is used up.
    """

    left = MOST_EXPANDED


LETTERS = frozenset(
    [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "varepsilon",
        "zeta",
        "eta",
        "theta",
        "vartheta",
        "kappa",
        "lambda",
        "mu",
        "nu",
        "xi",
        "rho",
        "sigma",
        "tau",
        "phi",
        "varphi",
        "chi",
        "psi",
        "omega",
        "Gamma",
        "Delta",
        "Theta",
        "Lambda",
        "Xi",
        "Pi",
        "Sigma",
        "Phi",
        "Psi",
        "Omega",
        "ell",
    ]
)
_SIGNLIKE = frozenset({"=", "+", "-", "*"})
_RELATION = re.compile(r"[ ]*\{\s*=\s*\}")
_SIGNS = {
    "∂": ("command", "partial"), "∇": ("command", "nabla"), "∑": ("command", "sum"),
    "·": ("command", "cdot"), "⋅": ("command", "cdot"), "×": ("command", "times"),
    "∗": ("*", "*"), "−": ("-", "-"), "⊛": ("command", "circledast"),
    "⋆": ("command", "star"), "⌊": ("command", "lfloor"), "⌋": ("command", "rfloor"),
    "…": ("command", "dots"), "⊗": ("command", "otimes"),
    "，": (",", ","), "；": (";", ";"), "：": (":", ":"), "。": (".", "."), "、": (",", ","),
    "（": ("(", "("), "）": (")", ")"), "＝": ("=", "="), "＋": ("+", "+"), "≡": ("=", "="),
    "≈": ("=", "≈"),
}  # fmt: skip
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
RAISED = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₖₗₘₙₚᵣₛₜᵤᵥ", "0123456789+-ijklmnprstuv")
_LOW = re.compile(r"\d+|.")
_SPACES = r"(?>(?:[ \t\r\f\v\u00a0]+|\n[ \t]*(?:>[ \t]?)*|%[^\n]*|~)*)"
_INDEX = r"_\{[0-9]{1,6}(?:,[ ]?[0-9]{1,6})*\}"
_WORDS = (
    rf"(?P<index>{_INDEX})"
    r"""
      |(?P<row>\\\\\*?(?:[ \t]*\[[^\]\n]{0,24}\])?|\\(?:cr|newline|tabularnewline)(?![A-Za-z]))
      |(?P<primes>\^[ ]*(?:\{[ ]*(?:\\prime[ ]*){1,3}\}|\\prime(?![A-Za-z])))
      |\\(?P<name>[A-Za-z]+)\*?
      |\\(?P<escape>[\s\S])
      |(?P<number>\d+(?:\.\d+)?)
      |(?P<defined>:=)
      |(?P<dots>\.{3,})
      |(?=[^\W\d_]{3})(?P<word>
         (?i:full_?conv|conv|cross_?corr|corr|dilat|upsamp|rot|flip|pad|stride|valid)[a-z]*
         (?:180|2[dD]?)?(?![A-Za-z])|[A-Za-z]{3,12}(?=[_\[]))
      |(?P<low>[₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₖₗₘₙₚᵣₛₜᵤᵥ]+)
      |(?P<letter>(?<![A-Za-z])(?:HH|WW)(?![A-Za-z])|[^\W\d_])
      |(?P<sub></?[sS][uU][bB]>)
      |(?P<sign>[\s\S])"""
)
_PLAIN = frozenset({"number", "letter", "index", "row", "word", "gradient"})
GRADIENT = re.compile(
    rf"""\\[cdt]?frac\{{\\partial\ (?P<of>[A-Za-z])(?P<of_index>{_INDEX})?\}}
        \{{\\partial\ (?P<wrt>[A-Za-z])(?P<wrt_index>{_INDEX})\}}""",
    re.VERBOSE,
)
"""A derivative in its commonest spelling: most of a document's words, hence taken as one."""
_GRADIENT = "(?P<gradient>" + re.sub(r"\?P<\w+>", "?:", GRADIENT.pattern) + ")"
_IN_GRADIENTS = frozenset({"frac", "cfrac", "dfrac", "tfrac", "partial"})
_WORD = re.compile(r"\s*\{\s*([A-Za-z](?:[A-Za-z0-9 _-]|\\_)*[A-Za-z0-9])\s*\}")
_UPRIGHT = NAMED | PROSE
_DIFFERENTIAL = re.compile(r"[ ]*\{\s*d\s*\}(?=[\s\\A-Za-z{])")
_BRACKET = re.compile(r"[ ]*([(){\[\]])")
_BRACE = re.compile(r"\\[\s\S]|[{}]")
_OPTIONAL = re.compile(r"[ ]*\[([^\]\n]{0,200})\]")
_SLIDES = re.compile(r"<[^>\n]{0,40}>")
_ARGUMENT = 4_000
"""The longest argument of \\text, \\color or a macro, in characters."""
_EXPANSION = 20_000
_DEPTH = 8


def tokenize(
    text: str, start: int, end: int, macros: Macros | None = None, depth: int = 0
) -> list[Token]:
    """Return the words of ``text[start:end]``, dress left out, macros of the document expanded.

    ``depth`` counts the macros that these words stand in; 1 for a macro's own body.
    """
    tokens: list[Token] = []
    position = start
    # A document may define \\frac anew, and a macro's words must stay single words.
    single = depth > 0 or (macros and not _IN_GRADIENTS.isdisjoint(macros))
    match = _pattern(not single).match
    append = tokens.append
    while found := match(text, position, end):
        kind = found.lastgroup or ""
        start, stop = found.span(kind)
        if kind in _PLAIN:
            append(Token(kind, found[kind], start, stop))
        elif kind == "sign":
            sign = found[kind]
            kind, name = _SIGNS.get(sign, (sign, sign))
            if kind != "}" or not _emptied(text, stop, tokens):
                append(Token(kind, name, start, stop))
        elif kind == "name":
            stop = _command(text, found, end, macros, depth, tokens)
        elif kind == "dots":
            append(Token("command", "dots", start, stop))
        elif kind == "primes":
            tokens += [Token("'", "'", start, stop)] * found[kind].count("prime")
        elif kind == "low":
            _low(found[kind], start, tokens)
        elif kind == "defined":
            append(Token("=", "=", start, stop))
        elif kind == "escape":
            _escape(found[kind], start - 1, stop, tokens)
        else:
            sign = "}" if found[kind][1] == "/" else "{"
            if sign == "{":
                append(Token("_", "_", start, stop))
            append(Token(sign, sign, start, stop))
        position = stop
    return tokens


@cache
def _pattern(gradients: bool) -> re.Pattern[str]:
    """Return what matches the next word and the space before it."""
    words = f"{_GRADIENT}|{_WORDS}" if gradients else _WORDS
    return re.compile(f"{_SPACES}(?:{words})", re.VERBOSE)


def _emptied(text: str, stop: int, tokens: list[Token]) -> bool:
    """Undo braces around nothing, or around a sign, as in {}={} and {+}."""
    if len(tokens) > 1 and tokens[-1].kind in _SIGNLIKE and tokens[-2].kind == "{":
        del tokens[-2]
        return True
    opened = bool(tokens) and tokens[-1].kind == "{"
    if not opened or text[stop : stop + 1] in ("_", "^", "{"):
        return False
    if len(tokens) > 1 and tokens[-2].kind in ("_", "^", "command", "}"):
        return False
    del tokens[-1]
    return True


def _above(text: str, found: re.Match[str], end: int, tokens: list[Token]) -> int:
    """Append a relation sign that carries a remark, as in \\overset{(1)}{=}."""
    start = found.start("name") - 1
    remark, stop = argument(text, found.end(), end)
    sign, stop = argument(text, stop, end)
    if sign.strip() == "=":
        asked = remark.strip() in ("?", "!")
        tokens.append(Token("=", remark.strip() if asked else "=", start, stop))
        return stop
    tokens.append(Token("command", found["name"], start, found.end()))
    return found.end()


def _low(text: str, start: int, tokens: list[Token]) -> None:
    """Append an index that is written in small characters."""
    stop = start + len(text)
    inside = text.translate(RAISED)
    tokens += [Token("_", "_", start, start), Token("{", "{", start, start)]
    for found in _LOW.finditer(inside):
        word = found.group()
        kind = "number" if word.isdigit() else "letter" if word.isalpha() else word
        tokens.append(Token(kind, word, start + found.start(), start + found.end()))
    tokens.append(Token("}", "}", stop, stop))


def _escape(sign: str, start: int, end: int, tokens: list[Token]) -> None:
    if sign in "{}|":
        tokens.append(Token("(" if sign == "{" else ")" if sign == "}" else "|", sign, start, end))
    elif sign not in ",;:!> /\n\t":
        tokens.append(Token("command", sign, start, end))


def _command(
    text: str,
    found: re.Match[str],
    end: int,
    macros: Macros | None,
    depth: int,
    tokens: list[Token],
) -> int:
    """Append what a command says and return where to go on."""
    name, start, stop = found["name"], found.start("name") - 1, found.end()
    if macros and name in macros and macros.left > 0 and depth < _DEPTH:
        return _expand(text, found, end, macros, depth, tokens)
    if name in LETTERS:
        tokens.append(Token("letter", "\\" + name, start, stop))
    elif name in _UPRIGHT and (single := _DIFFERENTIAL.match(text, stop, end)):
        stop = single.end()
        tokens.append(Token("letter", "d", start, stop))
    elif name in PROSE:
        inside, stop = argument(text, stop, end)
        tokens.append(Token("text", inside, start, stop))
    elif name in ("begin", "end"):
        inside, stop = argument(text, stop, end)
        tokens.append(Token(name, inside.strip().rstrip("*"), start, stop))
    elif name in NAMED and (word := _WORD.match(text, stop, end)):
        stop = word.end()
        tokens.append(Token("word", " ".join(word.group(1).split()), start, stop))
    elif name in WIDE:
        tokens.append(Token("quad", name, start, stop))
    elif name in DROPPED_WITH_ARGUMENT:
        _, stop = argument(text, stop, end)
    elif name in ROUGHLY:
        tokens.append(Token("=", "≈", start, stop))
    elif name in ("lbrace", "rbrace"):
        _escape("{" if name == "lbrace" else "}", start, stop, tokens)
    elif name in EQUALS:
        tokens.append(Token("=", "=", start, stop))
    elif name == "mathrel" and (sign := _RELATION.match(text, stop, end)):
        stop = sign.end()
        tokens.append(Token("=", "=", start, stop))
    elif name in ABOVE:
        stop = _above(text, found, end, tokens)
    elif name in DROPPED_WITH_TWO:
        _, stop = argument(text, stop, end)
        _, stop = argument(text, stop, end)
    elif name not in DROPPED:
        tokens.append(Token("command", name, start, stop))
    elif name in AROUND and (opening := _BRACKET.match(text, stop, end)):
        stop = opening.end()  # \mathbf{x} and \left( x \right) stand where the command does
        tokens.append(Token(opening[1], opening[1], start, stop))
    elif name in ("left", "right") and text.startswith(".", stop):
        stop += 1
    elif name in SHOWN_LATER and (slides := _SLIDES.match(text, stop, end)):
        stop = slides.end()
    return stop


def argument(text: str, position: int, end: int) -> tuple[str, int]:
    """Return the braced argument that starts at ``position``, and where it ends.

    Without braces the argument is the next character; an unclosed or endless one is
    empty and swallows what it may reach, so that a thousand of them cost no more than one.
    """
    while position < end and text[position] in " \t\n":
        position += 1
    if position >= end or text[position] != "{":
        return text[position : position + 1], min(position + 1, end)
    depth = 0
    for found in _BRACE.finditer(text, position, min(end, position + _ARGUMENT)):
        sign = found.group()
        depth += (sign == "{") - (sign == "}")
        if depth == 0:
            return text[position + 1 : found.start()], found.end()
    return "", min(end, position + _ARGUMENT)


def _expand(
    text: str,
    found: re.Match[str],
    end: int,
    macros: Macros,
    depth: int,
    tokens: list[Token],
) -> int:
    """Append a macro's words: those of its arguments keep their places, others get the call's."""
    macro, start, stop = macros[found["name"]], found.start("name") - 1, found.end()
    arguments: list[list[Token]] = []
    for k in range(macro.arguments):
        if k == 0 and macro.default is not None:
            given = _OPTIONAL.match(text, stop, end)
            if given is None:
                arguments.append([Token(*word[:2], start, stop) for word in macro.default])
                continue
            arguments.append(tokenize(text, *given.span(1), macros, depth + 1))
            stop = given.end()
            continue
        inside, after = argument(text, stop, end)
        first = text.find(inside, stop, after)
        arguments.append(tokenize(text, first, first + len(inside), macros, depth + 1))
        stop = after
    words: list[Token] = []
    body = iter(macro.body)
    for token in body:
        if token.kind == "#":
            number = int(next(body, Token("number", "0", 0, 0)).text or 0)
            words.extend(arguments[number - 1] if 0 < number <= len(arguments) else ())
        else:
            words.append(Token(token.kind, token.text, start, stop))
        if len(words) > _EXPANSION:
            macros.left -= len(words)
            words = [Token("command", found["name"], start, found.end())]
            break
    macros.left -= len(words)
    tokens.extend(words)
    return stop
