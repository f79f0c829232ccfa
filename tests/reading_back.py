r"""Reads equations back from what symconv prints, as a person would: text and LaTeX.

An equation is a target and a list of products, all as strings: ``y[0,0]`` and
``[["x[0,0]", "f[0,0]"], ..]``; a derivative of the loss is ``dL/dy[0,0]``.
"""

from __future__ import annotations

import re

NAME = r"(?:\\?[A-Za-z][A-Za-z0-9]*)"


def text_equations(text):
    """Return the equations of elements in plain text, as a dict by target."""
    element = rf"(?:dL/d)?{NAME}\[-?\d+(?:,-?\d+)*\]"
    found = {}
    for line in text.splitlines():
        match = re.fullmatch(rf"\s*({element}) = (.*)", line)
        if match and "sum_" not in match[2]:
            found[match[1]] = _products(
                re.sub(
                    r"\[(dL/d[^\]]*\][^\]]*\]|[A-Za-z0-9]+\[[^\]]*\][^\]]*\])\]", r"\1", match[2]
                )
            )
    return found


def _products(text):
    return [] if text == "0" else [product.split(" ") for product in text.split(" + ")]


def displays(text, opening=r"\[", closing=r"\]"):
    """Return the bodies of the displays in a LaTeX fragment, or in Markdown between $$."""
    bodies, body = [], None
    for line in text.splitlines():
        if body is None and line == opening:
            body = []
        elif body is not None and line == closing:
            bodies.append("\n".join(body))
            body = None
        elif body is not None:
            body.append(line)
    assert body is None, "a display that is never closed"
    return bodies


def latex_equations(text, opening=r"\[", closing=r"\]"):
    """Return the equations of elements in LaTeX displays, as a dict by target."""
    found = {}
    for body in displays(text, opening, closing):
        flat = re.sub(r"\\begin\{aligned\}|\\end\{aligned\}|\\\\|&|\\quad", "", body)
        flat = re.sub(r"\\boldsymbol\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}", r"\1", flat)
        flat = " ".join(flat.split())
        match = re.fullmatch(r"(\S.*?) = (.*)", flat)
        if match and not re.search(r"\\sum|\\operatorname|\\begin", flat):
            target = _elements(match[1])
            if len(target) == 1:
                products = [] if match[2] == "0" else match[2].split(" + ")
                found[target[0]] = [_elements(product) for product in products]
    return found


_LATEX_ELEMENT = re.compile(
    r"\\frac\{\\partial L\}\{\\partial (?P<below>[^_{}]+|\\mathit\{\w+\})_\{(?P<at>[\d,]+)\}\}"
    r"|(?P<name>\\mathit\{\w+\}|\\?[A-Za-z]+)_\{(?P<index>[\d,]+)\}"
)


def _elements(text):
    """Return the elements of a product; fail on anything between them."""
    rest = _LATEX_ELEMENT.sub("", text).strip()
    if rest:
        return []
    return [
        f"dL/d{m['below']}[{_index(m['at'])}]"
        if m["below"]
        else f"{m['name']}[{_index(m['index'])}]"
        for m in _LATEX_ELEMENT.finditer(text)
    ]


def _index(digits):
    return digits if "," in digits else ",".join(digits)
