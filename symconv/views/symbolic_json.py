"""The derivation for symbolic sizes as JSON, schema ``symconv.symbolic/1``: for other programs.

Names in it are always x f y and X F Y, whatever the notation.  Each step has its rule, what was
written down (as text and as LaTeX), the conditions with the identities that settle them, and the
verdict.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from symconv.claims.verdict import Scope, Verdict
from symconv.mathematics.lines import board_line, display, flat
from symconv.mathematics.text import ASCII
from symconv.notation import Notation
from symconv.symbolic.checks import Check
from symconv.symbolic.reading import BoardReading
from symconv.symbolic.steps import Gradient, Step, Symbolic
from symconv.telling import symbolic

SCHEMA = "symconv.symbolic/1"


def chunks(derivation: Symbolic) -> Iterator[str]:
    """Yield the text of the JSON document, piece by piece."""
    head = {"schema": SCHEMA, "general": derivation.convolution.general}
    yield json.dumps(head)[:-1] + ',\n"gradients": ['
    for n, gradient in enumerate(derivation.gradients):
        yield f"{',' if n else ''}\n{json.dumps(_gradient(gradient), indent=1)}"
    yield f'],\n"proved": {json.dumps(derivation.proved)}}}\n'


def _gradient(gradient: Gradient) -> dict[str, Any]:
    theorem: dict[str, Any] = {
        "scope": gradient.theorem.scope.value,
        "verdict": gradient.theorem.verdict.value,
        "said": symbolic.judged(gradient),
    }
    return {
        "gradient": gradient.name,
        "steps": [_step(step) for step in gradient.steps],
        "closed_form": ASCII.write(gradient.claimed.sides[1]),
        "proof": theorem,
    }


def _step(step: Step) -> dict[str, Any]:
    done = step.rewriting
    board = BoardReading(Notation(), convolution=done.board.convolution)
    return {
        "rule": step.rule,
        "sentence": done.sentence.format(*(ASCII.write(board.name(name)) for name in done.names)),
        "statements": [
            {"text": flat(board_line(one, ASCII)), "latex": display(one)}
            for one in map(board.statement, done.statements)
        ],
        "conditions": [
            {
                "words": condition.obligation.words,
                "states": condition.states,
                "scope": Scope.EVERY_SIZE.value,
                "verdict": condition.verdict.value,
                "because": condition.because,
            }
            for condition in step.check.conditions
        ],
        **_verdict(step.check),
    }


def _verdict(check: Check) -> dict[str, Any]:
    data: dict[str, Any] = {
        "verdict": check.verdict.value,
        "scope": Scope.LISTED_SIZES.value,
        "sizes": check.sizes,
        "elements": check.elements,
    }
    if check.failure is not None:
        data["counterexample"] = {
            "sizes": check.failure.sizes,
            "element": check.failure.index,
            "before": check.failure.before,
            "after": check.failure.after,
        }
    if check.verdict is Verdict.NOT_JUDGED:
        data["reason"] = check.reason
    return data
