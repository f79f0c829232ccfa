"""Functions of numpy, read with letters for sizes and, in tests alone, run with numbers."""

from __future__ import annotations

import ast

import numpy as np

from symconv.formula.sizes import Name, evaluate
from symconv.programs.arrays import Memory, View
from symconv.programs.evaluation import evaluated
from symconv.programs.gradients import ReadArray
from symconv.programs.interpreter import Interpreter
from symconv.programs.knowledge import Knowledge, Paths
from symconv.programs.source import program_text
from symconv.programs.terms import collected

SHAPES = {"x": "NCHW", "w": "KCRS", "b": "K", "g": "NKPQ", "a": "N", "m": "NC", "t": "CK"}
"""The arrays that a snippet may take."""

LEAST = {**dict.fromkeys("NCHWKRSPQGu", 1), "pad": 0}
"""The sizes, of which H >= R and W >= S besides, and their least values."""


def function(body: str) -> str:
    """Return a module with a function ``f`` of this body, which may be one expression."""
    lines = body.strip("\n").splitlines()
    if len(lines) == 1 and "return" not in body:
        lines = [f"return {lines[0].strip()}"]
    names = {n.id for line in [*lines] for n in ast.walk(ast.parse("\n".join(lines)))
             if isinstance(n, ast.Name)}  # fmt: skip
    taken = [name for name in (*SHAPES, *LEAST) if name in names]
    inner = "\n".join(f"    {line}" for line in lines)
    return f"import math\nimport numpy as np\n\ndef f({', '.join(taken)}):\n{inner}\n"


def read(text: str, facts=()) -> list[tuple[list, ReadArray]]:
    """Return what ``f`` gives on each path that does not raise, with the facts of that path."""
    from symconv.programs.refusal import PathRefusedError

    found, paths = [], Paths()
    while paths is not None:
        knowledge = Knowledge(LEAST, [*fits(), *facts], paths)
        memory = Memory(knowledge)
        run = Interpreter(program_text(text), memory)
        function_value = run.module_value("f")
        given = {}
        for name in [each.arg for each in function_value.node.args.args]:
            shape = SHAPES.get(name)
            given[name] = memory.given(name, map(Name, shape)) if shape else Name(name)
        try:
            value = run.called(function_value, [], given)
            found.append((list(knowledge.assumed), as_read(memory, value)))
        except PathRefusedError:
            pass
        paths = paths.following()
    return found


def fits():
    """Return that filters fit."""
    from symconv.formula.sizes import minus
    from symconv.programs.knowledge import SizeComparison

    return [SizeComparison(minus(Name(n), Name(r))) for n, r in ("HR", "WS")]


def as_read(memory: Memory, value) -> ReadArray:
    """Return an array as it was read."""
    assert isinstance(value, View), value
    names = memory.indices(value.shape)
    terms = memory.element(value, tuple(map(Name, names)))
    tidied = (term.tidied(memory.knowledge.tidy) for term in terms)
    return ReadArray(value.shape, names, tuple(collected(t for t in tidied if not t.impossible)))


def ran(text: str, sizes) -> np.ndarray:
    """Return what ``f`` gives at some sizes, on whole numbers."""
    space: dict = {}
    exec(text, space)
    code = space["f"].__code__
    taken = code.co_varnames[: code.co_argcount]
    given = arrays(sizes)
    return np.asarray(space["f"](*(given[n] if n in SHAPES else sizes[n] for n in taken)))


def arrays(sizes) -> dict[str, np.ndarray]:
    """Return whole numbers for every array."""
    draw = np.random.default_rng(3)
    return {
        name: draw.integers(1, 9, [sizes[letter] for letter in shape]).astype(float)
        for name, shape in SHAPES.items()
    }


def agree(text: str, sizes) -> bool:
    """Whether what is read of ``f`` is what it gives at some sizes."""
    for facts, array in read(text):
        values = [(fact, evaluate(fact.size, sizes)) for fact in facts]
        if all(v == 0 if fact.exact else v >= 0 for fact, v in values):
            right = ran(text, sizes)
            found = evaluated(array, sizes, arrays(sizes))
            return found.shape == right.shape and bool((found == right).all())
    raise AssertionError("no path is for these sizes")
