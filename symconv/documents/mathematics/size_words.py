r"""Sizes in words: \frac{\text{input size} - \text{kernel size}}{\text{stride}} + 1."""

from __future__ import annotations

import re
from collections.abc import Sequence

from symconv.documents.mathematics.scripts import ACCENTS
from symconv.documents.mathematics.tokens import Token
from symconv.formula.words import Role, letters

_SIZES = {
    **{name: name for name in ("stride", "padding", "pad", "dilation", "out", "output")},
    **dict.fromkeys(("in", "input", "input size"), "input"), "output size": "output",
    **dict.fromkeys(("kernel", "kernel size", "kernel\\_size", "kernel_size"), "kernel"),
    **dict.fromkeys(("filter", "filter size", "filter\\_size", "filter_size"), "kernel"),
    **dict.fromkeys(("output\\_padding", "output_padding"), "output_padding"),
}  # fmt: skip
_EXTENT = "".join(letters(Role.INPUT))
_STATED = re.compile(f"[OI][{_EXTENT}]|[oi][{_EXTENT.lower()}]")
_JOINED = re.compile(f"[OIKFSPD][{_EXTENT}]|[oikfspd][{_EXTENT.lower()}]")
"""Names of several letters, as libraries have them."""
_BEHIND = frozenset(["+", "-", "*", "/", "=", ")", "]", "}", "command", "row", "&", ".", "<", ">"])
_TENSORS = frozenset(ACCENTS) | {"partial", "nabla"}
r"""Behind these stands a tensor: \partial \text{in}, \hat{\text{in}}."""
_NUMBERS = frozenset({"stride", "padding", "pad", "dilation", "output_padding"})
"""No tensors: stride[0] is the stride's first number, in[0] an element of the input."""
_OPEN, _SHUT = frozenset("([{"), frozenset(")]}")


def with_size_names(tokens: Sequence[Token]) -> Sequence[Token]:
    r"""Take \text{stride} for a letter, but not in H_{\text{out}}, nor as an operator's name."""
    if all(token.kind != "text" for token in tokens):
        return tokens
    result: list[Token] = []
    depth = 0
    for k, token in enumerate(tokens):
        depth += (token.kind in _OPEN) - (token.kind in _SHUT)
        name = _SIZES.get(token.text.strip().lower()) if token.kind == "text" else None
        if name and _is_a_size(tokens, k, depth):
            token = token._replace(kind="letter", text=name)
        result.append(token)
    return result


def with_joined_names(words: Sequence[Token]) -> Sequence[Token]:
    """Take OH for one letter, and IH and KH likewise, where an equation says what OH is."""
    first = words[0].text + words[1].text if len(words) > 3 else ""
    if not (_STATED.fullmatch(first) and words[2].kind == "=" and _adjoin(words, 0)):
        return words
    result: list[Token] = []
    k = 0
    while k < len(words):
        name = words[k].text + words[k + 1].text if k + 1 < len(words) else ""
        if _JOINED.fullmatch(name) and _adjoin(words, k):
            result.append(words[k]._replace(text=name, end=words[k + 1].end))
            k += 1
        else:
            result.append(words[k])
        k += 1
    return result


def _adjoin(words: Sequence[Token], k: int) -> bool:
    """Whether two letters stand side by side, with nothing between them."""
    first, second = words[k : k + 2]
    return first.kind == second.kind == "letter" and first.end == second.start


def _is_a_size(tokens: Sequence[Token], k: int, depth: int) -> bool:
    """Whether a word counts for something: no subscript, option or remark on a tensor."""
    after = tokens[k + 1].kind if k + 1 < len(tokens) else ""
    before = tokens[max(k - 2, 0) : k]
    kinds = [token.kind for token in before]
    step = tokens[k].text.strip().lower() == "stride"
    if depth > 0 and step and after in ("letter", "("):  # a factor: x_{\text{stride} i}
        return True
    below = "_" in kinds and after in ("", "}", ",")
    below |= not _TENSORS.isdisjoint(token.text for token in before if token.kind == "command")
    option = after == "=" and depth > 0
    listed = after == "," and depth > 0 and kinds[-1:] != ["("]
    picked = [token.kind for token in tokens[k + 1 : k + 4]] == ["[", "number", "]"]
    picked &= _SIZES[tokens[k].text.strip().lower()] in _NUMBERS or "size" in tokens[k].text
    return not below and not option and (not after or after in _BEHIND or listed or picked)
