"""What every test may ask for: the command line in this process, and quick, repeatable draws."""

from __future__ import annotations

import os
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small products: threads only wait there

settings.register_profile("quick", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("quick"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "quick")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "tex: needs a TeX installation (pdflatex)")
    config.addinivalue_line("markers", "katex: needs node and KaTeX (npm ci in tests/katex)")


@dataclass(frozen=True)
class Run:
    """What a command left behind."""

    status: int
    out: str
    err: str


@pytest.fixture
def run(capsys, monkeypatch):
    """Return a function that runs symconv in this process."""
    from symconv.__main__ import main

    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM_PROGRAM"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str) -> Run:
        capsys.readouterr()
        status = main(list(arguments))
        captured = capsys.readouterr()
        return Run(status, captured.out, captured.err)

    return call


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where every tool is required, as in CI, a skipped test is a failure.

    PyTorch is not required: a model of what is called stands for it (`targets/torch_model.py`).
    """
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    skipped = [
        report for report in skipped if "PyTorch is not installed" not in str(report.longrepr)
    ]
    if os.environ.get("SYMCONV_REQUIRE_TOOLS") and skipped:
        reporter.write_line("tests were skipped, and SYMCONV_REQUIRE_TOOLS is set", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
