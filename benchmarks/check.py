"""How fast documents are checked: ``python -m benchmarks.check [DOCUMENT...]``.

Without a document the lecture's own derivations are taken.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.timing import best, compare
from symconv.documents.check import Report, check
from symconv.documents.every_size import INDEX, OPERATOR, SIZE
from symconv.documents.source.text import Document, load
from symconv.engines.contributions import contributions
from symconv.equation import Element
from symconv.geometry import Geometry

LIBRARIES = "import numpy, rich, click"
LECTURE = Path(__file__).parents[1] / "derivations" / "lecture"


def main(paths: list[str]) -> None:
    throughput()
    for path in map(Path, paths) if paths else sorted(LECTURE.glob("*.md")):
        whole_process(path)


def throughput() -> None:
    """Element equations a second, in this process: all right, set in lines, and with slips."""
    lines = equations(Geometry.of((40, 30), (3, 3), (2, 1), 1))
    shown = "\n\n".join(f"$${line}$$" for line in lines)
    check(Document("notes", "markdown", shown[:2_000]))
    for what, text in (
        (f"{len(lines)} element equations", shown),
        ("  in aligned lines", "\n\n".join(map(aligned, lines))),
        ("  with three slips", shown.replace("f_{11}", "f_{20}", 3)),
    ):
        document = Document("notes", "markdown", text)
        seconds = best(lambda document=document: check(document), runs=3)
        print(f"  {what}: {len(lines) / seconds:.0f} a second (>= 2000)")


def whole_process(path: Path) -> None:
    """A document without its formulas as a whole process, and what its formulas add."""
    report = check(load(path))
    with tempfile.TemporaryDirectory() as folder:
        rest = Path(folder) / path.name
        rest.write_text(without_formulas(report), encoding="utf-8")
        elements, ratio = compare(command(rest), ["-c", LIBRARIES])
    limit = 1.3 * elements / ratio + 0.5
    print(f"  {path.name} without formulas, whole process: {elements:.2f} s (<= {limit:.2f})")
    if distinct := {text for _, text in formulas(report)}:
        seconds, ratio = compare(command(path), ["-c", "import sympy"], runs=3)
        added = (seconds - elements) / len(distinct) / (seconds / ratio)
        print(f"    each of {len(distinct)} formulas adds {added:.2f} of import sympy (<= 3)")


def command(path: Path) -> list[str]:
    return ["-m", "symconv", "check", "--exit-zero", str(path)]


def formulas(report: Report) -> list[tuple[slice, str]]:
    """Every formula for all sizes that was found, the last one first."""
    text = report.document.text
    places = [slice(*j.place) for j in report.judgements if j.kind in (INDEX, OPERATOR, SIZE)]
    return [(place, text[place]) for place in reversed(places)]


def without_formulas(report: Report) -> str:
    text = report.document.text
    for place, _ in formulas(report):
        text = text[: place.start] + text[place.stop :]
    return text


def equations(geometry: Geometry) -> list[str]:
    relation = contributions(geometry)
    return [
        f"{element(e.target)} = "
        + (" + ".join("".join(map(element, term)) for term in e.terms) or "0")
        for name, table in (("Y", relation.forward()), ("dX", relation.input_gradient()))
        for e in table.equations(name)
    ]


def aligned(line: str) -> str:
    """An equation as a derivation sets it: two products a line."""
    left, right = line.split(" = ")
    products = right.split(" + ")
    pairs = [" + ".join(products[k : k + 2]) for k in range(0, len(products), 2)]
    body = " \\\\\n&\\quad + ".join(pairs)
    return f"$$\n\\begin{{aligned}}\n{left} &= {body}\n\\end{{aligned}}\n$$"


def element(e: Element) -> str:
    index = ("," if max(e.index) > 9 else "").join(map(str, e.index))
    shown = f"{e.tensor[-1].lower()}_{{{index}}}"
    return rf"\frac{{\partial L}}{{\partial {shown}}}" if e.tensor.startswith("d") else shown


if __name__ == "__main__":
    main(sys.argv[1:])
