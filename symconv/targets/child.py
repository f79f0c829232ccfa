"""Runs an exported module on arrays from a file: a process of its own, which knows no symconv.

Called as ``python -P child.py MODULE TARGET CASES ANSWERS``.  CASES is a .npz with the arrays
``0.x``, ``0.f``, ``0.b`` and ``0.dy`` of case 0 and so on, and ``calls``, a text in JSON: for each
case, what each function is given beside its arrays.  ANSWERS gets ``0.y``, ``0.y without b``,
``0.dx``, ``0.df`` and ``0.db``, or what went wrong as text, such as ``0.dx error``.  A library that
is missing is exit status 3, with its name on standard output.
"""

import importlib
import importlib.util
import json
import sys
from typing import Any

MISSING = 3

RESULTS = {
    "y": ("forward", "x f b"),
    "y without b": ("forward", "x f"),
    "dx": ("input_gradient", "dy f"),
    "df": ("filter_gradient", "x dy"),
    "db": ("bias_gradient", "dy"),
}
"""What each result is the result of."""


def main(path: str, target: str, cases: str, answers: str) -> int:
    """Run every case and write what came of it."""
    try:
        import numpy as np

        library: Any = importlib.import_module(target)
    except ModuleNotFoundError as error:
        print(error.name)
        return MISSING
    made = importlib.util.spec_from_file_location("exported", path)
    assert made is not None
    assert made.loader is not None
    exported = importlib.util.module_from_spec(made)
    made.loader.exec_module(exported)
    convert = {"torch": "from_numpy", "jax": "numpy.asarray"}.get(target, "asarray")
    for name in convert.split("."):
        library = getattr(library, name)
    found: dict[str, Any] = {}
    with np.load(cases) as given:
        for number, calls in enumerate(json.loads(str(given["calls"]))):
            for result, (function, arrays) in RESULTS.items():
                operands = [library(given[f"{number}.{name}"]) for name in arrays.split()]
                try:
                    value = getattr(exported, function)(*operands, **calls[function])
                    found[f"{number}.{result}"] = np.asarray(value)
                except Exception as error:  # whatever the module does is its answer
                    said = f"{type(error).__name__}: {error}"[:500]
                    found[f"{number}.{result} error"] = np.array(said)
    np.savez(answers, **found)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
