"""How the benchmarks take time: medians of runs that alternate with their baseline."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable


def run(*arguments: str) -> float:
    """Return the seconds of wall time that a Python process with these arguments takes."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def compare(command: list[str], baseline: list[str], runs: int = 9) -> tuple[float, float]:
    """Return (median seconds of the command, median ratio to the baseline), run in turn."""
    run(*command)
    pairs = [(run(*command), run(*baseline)) for _ in range(runs)]
    return statistics.median(a for a, _ in pairs), statistics.median(a / b for a, b in pairs)


def best(work: Callable[[], object], runs: int = 5) -> float:
    """Return the least seconds that ``work`` takes in this process."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def peak_memory(code: str) -> float:
    """Return the peak memory, in MB, of a fresh Python process that runs ``code``."""
    report = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ,
    )
    return int(done.stdout.split()[-1]) / 1024
