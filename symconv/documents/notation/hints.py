"""Hints about a notation as users write them: ``input=5x5 stride=2 names=x,w,Y``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from symconv.documents.notation.reading import Hints
from symconv.documents.source.text import DocumentError

KEYS = ("input", "filter", "stride", "padding", "dilation", "names", "index-base", "forward")
_PAD = re.compile(r"-?[0-9]{1,5}\Z")
_SIZE = re.compile(r"[0-9]{1,5}(?:[x,][0-9]{1,5}){0,2}\Z")


def hints(values: Mapping[str, object]) -> Hints:
    """Return the hints that keys and values give.

    Args:
        values: input, filter, stride, dilation as ``5`` or ``5x4``; padding as ``1``, ``1x2``
            (one number for each axis) or ``top,bottom,left,right``, negative numbers crop;
            names as ``x,w,Y`` (input, filter, output); index-base 0 or 1; forward
            ``correlation`` or ``convolution``.

    Raises:
        DocumentError: an unknown key, or a value that cannot be read.
    """
    found: dict[str, object] = {}
    for raw, value in values.items():
        key = raw.replace("_", "-").lower()
        text = str(value).strip()
        if key not in KEYS:
            raise DocumentError(f"there is no hint {raw!r}; the hints are {', '.join(KEYS)}")
        if key in ("input", "filter", "stride", "dilation"):
            found[key] = _sizes(key, text)
        elif key == "padding":
            found[key] = _padding(text)
        elif key == "names":
            found[key] = _names(text)
        elif key == "index-base":
            if text not in ("0", "1"):
                raise DocumentError(f"index-base is {text!r}; it is 0 or 1")
            found["base"] = int(text)
        elif text not in ("correlation", "convolution"):
            raise DocumentError(f"forward is {text!r}; it is correlation or convolution")
        else:
            found["flipped"] = text == "convolution"
    return _spread(Hints(**found))  # type: ignore[arg-type]


def _sizes(key: str, text: str) -> tuple[int, ...]:
    if not _SIZE.match(text):
        raise DocumentError(f"{key} is {text!r}; write it as 5 or 5x4")
    sizes = tuple(int(part) for part in re.split("[x,]", text))
    if min(sizes) < 1:
        raise DocumentError(f"{key} is {text!r}; every size is at least 1")
    return sizes


def _padding(text: str) -> tuple[tuple[int, int], ...]:
    if text == "valid":
        return ((0, 0),)
    parts = re.split("[x,]", text)
    if not all(_PAD.match(part) for part in parts):
        raise DocumentError(f"padding is {text!r}; write it as 1, 1x2 or top,bottom,left,right")
    numbers = [int(part) for part in parts]
    if "," not in text and len(numbers) <= 2:
        return tuple((n, n) for n in numbers)
    if "x" in text or len(numbers) not in (2, 4):
        raise DocumentError(f"padding is {text!r}; write it as 1, 1x2 or top,bottom,left,right")
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def _names(text: str) -> tuple[str, str, str]:
    names = tuple(part.strip() for part in text.split(","))
    if len(names) != 3 or not all(names) or len(set(names)) != 3:
        raise DocumentError(f"names is {text!r}; write input, filter, output as x,w,Y")
    return names[0], names[1], names[2]


def _spread(hints: Hints) -> Hints:
    """Return hints whose single numbers serve both axes, unless everything is 1-D."""
    given = [s for s in (hints.input, hints.filter) if s is not None]
    rank = max((len(s) for s in given), default=2)

    def spread(sizes: tuple[int, ...] | None) -> tuple[int, ...] | None:
        return sizes * rank if sizes is not None and len(sizes) == 1 else sizes

    padding = hints.padding
    if padding is not None and len(padding) == 1:
        padding = padding * rank
    return Hints(
        spread(hints.input), spread(hints.filter), spread(hints.stride), padding,
        spread(hints.dilation), hints.names, hints.base, hints.flipped,
    )  # fmt: skip
