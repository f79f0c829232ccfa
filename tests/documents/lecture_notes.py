"""Notes of our own with the slips of the lecture, and where each stands.

Two examples: a 2x2 filter on a 3x3 input counted from 1, then a 3x3 filter on a 5x5 input with
stride 2 counted from 0.  The equations are written by plain loops; the slips are put in by hand.
"""

from __future__ import annotations

from documents.styles import Style, cells, equations, sizes

FIRST = Style(
    "first", "markdown", sizes((3, 3), (2, 2)), {"X": "X", "F": "F", "Y": "O"}, base=1,
    times=" * ",
)  # fmt: skip
SECOND = Style("second", "markdown", sizes((5, 5), (3, 3), 2), {"X": "x", "F": "f", "Y": "y"})

SLIPS = {
    "x_{21}f_{20}": "x_{21}f_{21}",
    r"\frac{\partial L}{\partial y_{10}} f_{20}": r"\frac{\partial L}{\partial y_{10}} f_{02}",
}


def grid(style: Style, tensor: str, shape) -> list[list[str]]:
    return [
        [f"${style.element(tensor, (i, j))}$" for j in range(shape[1])] for i in range(shape[0])
    ]


def window(p) -> list[list[str]]:
    """The input with the products of one window."""
    table = grid(SECOND, "X", (5, 5))
    for r in cells((3, 3)):
        i, j = (2 * a + b for a, b in zip(p, r, strict=True))
        table[i][j] = f"${SECOND.product(((('X', (i, j))), ('F', r)))}$"
    return table


def rows(table, between="\t") -> str:
    return "\n".join(between.join(row) for row in table)


def wrong_windows() -> list[list[list[str]]]:
    """Four windows, with labels of their neighbours' rows in three of them."""
    tables = [window(p) for p in cells((2, 2))]
    slips = {1: [((1, 0), "20"), ((1, 1), "21"), ((2, 0), "30"), ((2, 1), "31")],
             2: [((1, 0), "20"), ((1, 1), "21"), ((1, 2), "22")],
             3: [((1, 0), "20"), ((1, 1), "21"), ((1, 2), "22"), ((2, 0), "30"),
                 ((2, 1), "31")]}  # fmt: skip
    for k, changes in slips.items():
        for (i, j), digits in changes:
            tables[k][i][j] = f"$x_{{{digits}}}$"
    return tables


WRONG_CELLS = 12


def document() -> str:
    """Both examples with every slip: two wrong terms, and twelve wrong cells twice."""
    one = equations(FIRST.sizes)
    two = equations(SECOND.sizes)
    spaced = SECOND.__class__(**{**vars(SECOND), "times": " "})

    def shown(style, tensor, indices):
        table = one if style is FIRST else two
        return [f"$${style.equation((tensor, i), table[tensor, i])}$$" for i in indices]

    forward = shown(SECOND, "Y", cells((2, 2)))
    slipped = forward[0].replace("x_{21}f_{21}", "x_{21}f_{20}")
    corner, centre = shown(spaced, "dX", [(0, 0), (2, 2)])
    centre = centre.replace(r"y_{10}} f_{02}", r"y_{10}} f_{20}")
    tables = wrong_windows()
    wide = [[cell for table in tables for cell in table[i]] for i in range(5)]
    local = r"$\frac{\partial y_{01}}{\partial x_{02}} = f_{00}$"
    return "\n\n".join(
        [
            "# One step at a time", rows(grid(FIRST, "X", (3, 3))), rows(grid(FIRST, "F", (2, 2))),
            *shown(FIRST, "Y", cells((2, 2))), *shown(FIRST, "dX", cells((3, 3))),
            *shown(FIRST, "dF", cells((2, 2))),
            "# Two steps at a time", rows(grid(SECOND, "X", (5, 5))),
            rows(grid(SECOND, "F", (3, 3))), rows(grid(SECOND, "Y", (2, 2))),
            *forward, "Look again at the first window:", slipped, f"Also {local} holds.", corner,
            centre, *shown(spaced, "dF", [(0, 0), (2, 2)]),
            *(rows(table) for table in tables), "Side by side:", rows(wide),
        ]
    ) + "\n"  # fmt: skip
