"""Draw what `symconv derive` shows on a terminal as an SVG:

python derivations/picture.py derive --stride 2 --element 'x[2,2]' -o x22.svg
"""

from __future__ import annotations

import io
import shlex
import sys
from pathlib import Path
from unittest.mock import patch

from rich.console import Console

from symconv.__main__ import main as symconv

COLUMNS = 88


def main(arguments: list[str]) -> None:
    """Run symconv on a recorded console and save its picture, with the command in a comment."""
    target = Path(arguments[arguments.index("-o") + 1])
    command = [a for a in arguments if a not in ("-o", str(target))]
    console = Console(width=COLUMNS, record=True, force_terminal=True, file=io.StringIO())
    with patch("symconv.commands.output.console", lambda color: console):
        symconv(command)
    title = f"symconv {shlex.join(command)}"
    svg = console.export_svg(title=title, unique_id="symconv")
    # A comment in XML must not hold two hyphens.
    made_by = f"<?symconv Made by: python derivations/picture.py {shlex.join(command)} ?>\n"
    target.write_text(made_by + svg, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
