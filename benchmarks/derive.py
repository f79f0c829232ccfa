"""How fast a derivation is: ``python -m benchmarks.derive``."""

from __future__ import annotations

import random
import time

import numpy as np

from benchmarks.timing import best, compare, peak_memory
from symconv.engines.engine import SympyEngine, TermEngine
from symconv.formula import closed_forms
from symconv.geometry import Geometry
from symconv.proof.instance import judge

LIBRARIES = "import sympy, numpy, click, rich.console, rich.table"


def main() -> None:
    start_up()
    whole_commands()
    large_sizes()
    json_of_a_large_size()
    against_sympy_sums()


def start_up() -> None:
    print("Whole processes, median of alternating runs")
    for command, baseline, limit in (
        (["-m", "symconv", "--help"], "import click", 1.5),
        (["-m", "symconv", "derive", "--stride", "2"], LIBRARIES, 1.4),
    ):
        seconds, ratio = compare(command, ["-c", baseline])
        name = " ".join(command[1:])
        print(f"  {name:32} {seconds:6.3f} s  {ratio:5.2f} x python -c '{baseline}' (<= {limit})")
    code = "from symconv import derive; derive(224, 7, 2, 3)"
    imports = f"{LIBRARIES}, psutil"
    seconds, ratio = compare(["-c", code], ["-c", imports], runs=3)
    beyond = seconds - seconds / ratio
    print(f"  derive 224x224, 7x7: {seconds:.2f} s, {beyond:.2f} s of it beyond imports (<= 2)")
    print(f"  peak memory: {peak_memory(code):.0f} MB (<= 400)")


def whole_commands() -> None:
    print("\nWhole commands against derive -q --stride 2, medians of alternating runs")
    baseline = ["-m", "symconv", "derive", "-q", "--stride", "2"]
    layer = "--input 56 --filter 3 --padding 1 --batch 32 --channels 64 --filters 64"
    for words, limit in (
        ("-q --input 224 --filter 7 --stride 2 --padding 3", 1.3),
        ("-q --input 4096 --filter 11", 2),
        (f"-q {layer}", 1.5),
        (layer, 1.6),
    ):
        command = ["-m", "symconv", "derive", *words.split()]
        seconds, ratio = compare(command, baseline)
        print(f"  {words:77} {seconds:6.3f} s  {ratio:5.2f} x (<= {limit})")
    code = "from symconv import derive; derive(56, 3, 1, 1, batch=32, channels=64, filters=64)"
    print(f"  peak memory of the layer: {peak_memory(code):.0f} MB (<= 150)")


def json_of_a_large_size() -> None:
    """JSON of all three tensors at 224x224, against json.dumps of the object once it is ready."""
    import json

    from symconv.derivation import derive
    from symconv.views.json import chunks

    derivation = derive(224, 7, 2, 3)
    ready = json.loads("".join(chunks(derivation)))
    seconds = best(lambda: "".join(chunks(derivation)), runs=3)
    baseline = best(lambda: json.dumps(ready), runs=3)
    print(f"\nJSON at 224x224, 7x7: {seconds / baseline:.2f} x json.dumps (<= 2)")


def large_sizes() -> None:
    print("\nProving dX and dF, both roads (7x7 filter, stride 2, padding 3)")
    for size in (56, 112, 224, 448):
        geometry = Geometry.of(size, 7, 2, 3)
        terms = len(TermEngine(geometry).tensor("dX"))
        seconds = best(lambda geometry=geometry: prove(TermEngine(geometry)))
        rows = np.random.default_rng(0).integers(0, size * size, (3, terms))
        baseline = best(lambda rows=rows: np.lexsort(rows), runs=3)
        print(
            f"  {size:4}x{size:<4} {terms:9,} terms  {1e3 * seconds:7.1f} ms  "
            f"{1e9 * seconds / terms:5.0f} ns a term  {seconds / baseline:5.2f} x np.lexsort of a "
            f"{terms:,} x 3 table"
        )


def prove(engine: TermEngine | SympyEngine) -> None:
    geometry = engine.geometry
    for gradient, form in (
        ("dX", closed_forms.input_gradient(geometry)),
        ("dF", closed_forms.filter_gradient(geometry)),
    ):
        assert judge(engine, gradient, form).proved


def against_sympy_sums() -> None:
    print("\nAgainst expanding sympy sums element by element (3x3 filter, stride 1)")
    for size in (8, 16, 32):
        geometry = Geometry.of(size, 3)
        baseline = sympy_sums(geometry)
        tables = best(lambda geometry=geometry: prove(TermEngine(geometry)))
        line = f"  {size:3}x{size:<3} sums {baseline:8.2f} s  tables {baseline / tables:9,.0f} x"
        if size <= 16:
            start = time.perf_counter()
            prove(SympyEngine(geometry))
            line += f"  sympy engine {baseline / (time.perf_counter() - start):5.1f} x faster"
        print(line)


def sympy_sums(geometry: Geometry, sample: int = 12) -> float:
    """Return the seconds a direct check of dX takes, scaled up from a sample of its elements.

    For every pixel: the chain rule over all outputs, and the closed form's window over the padded
    gradient, both expanded and compared.
    """
    import sympy

    (H, W), (R, S), (P, Q) = geometry.input, geometry.filter, geometry.output
    x = [[sympy.Symbol(f"x_{m}_{n}") for n in range(W)] for m in range(H)]
    f = [[sympy.Symbol(f"f_{r}_{s}") for s in range(S)] for r in range(R)]
    dy = [[sympy.Symbol(f"dy_{p}_{q}") for q in range(Q)] for p in range(P)]
    y = [
        [sum(x[p + r][q + s] * f[r][s] for r in range(R) for s in range(S)) for q in range(Q)]
        for p in range(P)
    ]
    pixels = random.Random(0).sample([(m, n) for m in range(H) for n in range(W)], sample)
    start = time.perf_counter()
    for m, n in pixels:
        chain = sum(dy[p][q] * sympy.diff(y[p][q], x[m][n]) for p in range(P) for q in range(Q))
        window = sum(
            dy[m - r][n - s] * f[r][s]
            for r in range(R)
            for s in range(S)
            if 0 <= m - r < P and 0 <= n - s < Q
        )
        assert sympy.expand(chain - window) == 0
    return (time.perf_counter() - start) * H * W / sample


if __name__ == "__main__":
    main()
