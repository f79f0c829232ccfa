"""How fast claims are judged for every size: ``python -m benchmarks.prove``.

Whole processes, each as a multiple of ``python -c "import sympy"`` in the same run; nothing is
kept between them.  Then the proof of one theorem by the least sizes it speaks of: what is proved
for every size takes the same time wherever the sizes begin.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from benchmarks.timing import best
from symconv.claims.statement import StatedClaim
from symconv.claims.theorems import theorems
from symconv.proof.prover import argue, judge
from symconv.proof.search import CertificateSearch

BASELINE = ["-c", "import sympy"]

FORGOTTEN = "dX == correlate(pad(dilate(dY, (u, v)), (R-1, S-1)), rotate(F))"
COUNTEREXAMPLE = (
    "import sys; from symconv.proof.prover import judge; "
    "from symconv.claims.statement import StatedClaim; "
    f"sys.exit(judge(StatedClaim({FORGOTTEN!r})).refutation is None)"
)


def main() -> None:
    against_sympy()
    by_size()


def against_sympy() -> None:
    print("Whole processes, median of runs that alternate with python -c 'import sympy'")
    report(6, "dX with padding, dilation, crop", ["prove", "-k", "[i]nput-gradient"])
    report(25, "all theorems of symconv", ["prove"], runs=5)
    report(60, "all of derivations/", ["prove", "derivations/"], runs=3)
    report(10, "recheck of its certificates", ["recheck", "derivations/certificates.json"])
    report(3, "a counterexample", code=COUNTEREXAMPLE)
    report(12, "a counterexample with its repair", ["prove", FORGOTTEN], status=1)


def report(
    limit: int,
    name: str,
    arguments: list[str] | None = None,
    *,
    code: str = "",
    runs: int = 7,
    status: int = 0,
) -> None:
    """Print the median seconds and the median ratio of ``runs`` pairs, after one for the caches."""
    command = ["-c", code] if code else ["-m", "symconv", *(arguments or [])]
    timed(command, status)
    timed(BASELINE)
    pairs = [(timed(command, status), timed(BASELINE)) for _ in range(runs)]
    seconds = statistics.median(mine for mine, _ in pairs)
    ratio = statistics.median(mine / base for mine, base in pairs)
    print(f"  {name:34} {seconds:6.2f} s  {ratio:6.1f} x  (<= {limit})", flush=True)


def timed(command: list[str], status: int = 0) -> float:
    """Return the seconds of wall time of a Python process that has to end with ``status``."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, *command], stdout=subprocess.DEVNULL, check=False)
    seconds = time.perf_counter() - start
    if done.returncode != status:
        raise SystemExit(f"{command} ended with {done.returncode} instead of {status}")
    return seconds


def by_size() -> None:
    """Print what the proof of dX takes where the sizes start at 1, at a thousand, at a billion."""
    print("\nThe proof of dX in full generality alone, and its certificates, by the least sizes")
    (theorem,) = (entry.stated for entry in theorems() if entry.stated.id == "input-gradient")
    for least in (1, 1_000, 1_000_000, 1_000_000_000):
        where = tuple(f"{name} >= {least}" for name in ("H", "W", "R", "S", "u", "v"))
        stated = StatedClaim(theorem.statement, where=where, general=theorem.general)
        seconds = best(lambda stated=stated: proved(stated))
        print(f"  H, W, R, S, u, v >= {least:<13,} {1e3 * seconds:7.1f} ms")
    print("\nThe same by looking at one size (term tables), for comparison")
    for size in (10, 100, 1_000, 10_000):
        sizes = f"H={size}, R=3, u=2, d=1, pt=1, pb=1"
        stated = StatedClaim(theorem.statement, general=("padding", "dilation"), sizes=sizes)
        seconds = best(lambda stated=stated: looked_at(stated), runs=3)
        print(f"  {size:6,} x {size:<6,} {1e3 * seconds:7.1f} ms")


def proved(stated: StatedClaim) -> None:
    argument, reason = argue(stated.claim(), CertificateSearch())
    assert argument is not None, reason


def looked_at(stated: StatedClaim) -> None:
    assert judge(stated).proved


if __name__ == "__main__":
    main()
