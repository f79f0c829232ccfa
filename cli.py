"""Run symconv from a checkout: ``python cli.py derive --stride 2``."""

from symconv.__main__ import run

run()
