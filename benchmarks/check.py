"""How fast a document is checked: ``python -m benchmarks.check``."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.timing import best, compare
from symconv.contributions import contributions
from symconv.documents.check import check
from symconv.documents.text import Document
from symconv.equation import Element
from symconv.geometry import Geometry

LIBRARIES = "import numpy, rich, click"


def main() -> None:
    geometry = Geometry.of((40, 30), (3, 3), (2, 1), 1)
    lines = equations(geometry)
    text = "\n\n".join(lines)
    check(Document("notes", "markdown", text[:2_000]))
    seconds = best(lambda: check(Document("notes", "markdown", text)), runs=3)
    print(f"  {len(lines)} element equations: {len(lines) / seconds:.0f} a second (>= 2000)")
    slipped = text.replace("f_{11}", "f_{20}", 3)
    seconds = best(lambda: check(Document("notes", "markdown", slipped)), runs=2)
    print(f"  with three slips: {len(lines) / seconds:.0f} a second")
    lecture(equations(Geometry.of(5, 3, 2)))


def lecture(lines: list[str]) -> None:
    """A lecture's element equations, as a whole process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "notes.md"
        path.write_text("\n\n".join(lines), encoding="utf-8")
        seconds, ratio = compare(["-m", "symconv", "check", str(path)], ["-c", LIBRARIES])
    limit = 1.3 * seconds / ratio + 0.5
    print(f"  {len(lines)} equations, whole process: {seconds:.2f} s (<= {limit:.2f})")


def equations(geometry: Geometry) -> list[str]:
    relation = contributions(geometry)
    return [
        f"$${element(e.target)} = "
        + (" + ".join("".join(map(element, term)) for term in e.terms) or "0")
        + "$$"
        for name, table in (("Y", relation.forward()), ("dX", relation.input_gradient()))
        for e in table.sorted().equations(name)
    ]


def element(e: Element) -> str:
    index = ("," if max(e.index) > 9 else "").join(map(str, e.index))
    shown = f"{e.tensor[-1].lower()}_{{{index}}}"
    return rf"\frac{{\partial L}}{{\partial {shown}}}" if e.tensor.startswith("d") else shown


if __name__ == "__main__":
    main()
