"""How long figures and decks take, each as a ratio to importing what symconv stands on.

The limits are 3 s for a GIF and 2 s for a deck where the imports take 0.45 s.

Run: python benchmarks/figures.py
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

BASE = "import sympy, rich, click"
RUNS = 5


def fastest(command: list[str]) -> float:
    """Return the shortest of some runs in seconds: the one least disturbed."""
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def main() -> int:
    """Print each time beside its limit; return 1 where one is exceeded."""
    base = fastest([sys.executable, "-c", BASE])
    symconv = [sys.executable, "-m", "symconv"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        cases = {
            "one SVG": (["figure", "input-gradient", "--step", "13", "--stride", "2",
                         "-o", str(path / "a.svg")], 1.2 * base),
            "animated SVG": (["figure", "input-gradient", "--stride", "2",
                              "-o", str(path / "b.svg")], 1.2 * base),
            "GIF of 25 frames": (["figure", "input-gradient", "--stride", "2",
                                  "-o", str(path / "c.gif")], 6.7 * base),
            "deck": (["slides", "--stride", "2", "-o", str(path / "d.tex")], 4.4 * base),
        }  # fmt: skip
        print(f"{BASE}: {base:.2f} s")
        slow = 0
        for name, (arguments, limit) in cases.items():
            seconds = fastest(symconv + arguments)
            slow += seconds > limit
            print(f"{name}: {seconds:.2f} s, {seconds / base:.2f} times, limit {limit:.2f} s")
    return int(slow > 0)


if __name__ == "__main__":
    raise SystemExit(main())
