r"""Sizes in words: \frac{\text{input size} - \text{kernel size}}{\text{stride}} + 1."""

from __future__ import annotations

from collections.abc import Sequence

from symconv.documents.mathematics.tokens import Token

_SIZES = {
    **{name: name for name in ("stride", "padding", "pad", "dilation", "out", "output")},
    **dict.fromkeys(("in", "input", "input size"), "input"), "output size": "output",
    **dict.fromkeys(("kernel", "kernel size", "filter", "filter size"), "kernel"),
}  # fmt: skip
_BEHIND = frozenset(["+", "-", "*", "/", "=", ")", "]", "}", "command", "row", "&", ".", "<", ">"])
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


def _is_a_size(tokens: Sequence[Token], k: int, depth: int) -> bool:
    """Say whether a word counts for something: no subscript, option or remark on a tensor."""
    after = tokens[k + 1].kind if k + 1 < len(tokens) else ""
    before = [token.kind for token in tokens[max(k - 2, 0) : k]]
    step = tokens[k].text.strip().lower() == "stride"
    if depth > 0 and step and after in ("letter", "("):  # a factor: x_{\text{stride} i}
        return True
    below = "_" in before and after in ("", "}", ",")
    option = after == "=" and depth > 0
    listed = after == "," and depth > 0 and before[-1:] != ["("]
    return not below and not option and (not after or after in _BEHIND or listed)
