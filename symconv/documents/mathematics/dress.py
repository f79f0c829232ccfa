"""What LaTeX commands do to mathematics that says nothing: dress, spaces, remarks."""

from __future__ import annotations

DROPPED = frozenset(
    [
        "left",
        "right",
        "big",
        "Big",
        "bigg",
        "Bigg",
        "bigl",
        "bigr",
        "Bigl",
        "Bigr",
        "biggl",
        "biggr",
        "Biggl",
        "Biggr",
        "displaystyle",
        "textstyle",
        "scriptstyle",
        "limits",
        "nolimits",
        "nonumber",
        "notag",
        "hline",
        "mathbf",
        "boldsymbol",
        "bm",
        "mathit",
        "mathcal",
        "mathscr",
        "mathbb",
        "mathsf",
        "mathtt",
        "mathnormal",
        "bf",
        "rm",
        "it",
        "cal",
        "boxed",
        "mleft",
        "mright",
        "thinspace",
        "medspace",
        "negthinspace",
        "ensuremath",
        "relax",
        "centering",
        "allowbreak",
        "noindent",
        "bold",
        "pmb",
        "mathrm",
        "operatorname",
        "operatornamewithlimits",
        "toprule",
        "midrule",
        "bottomrule",
        "vec",
        "mathfrak",
        "mathbbm",
        "mathds",
        "symbf",
        "symbfit",
        "vb",
        "IEEEyesnumber",
        "IEEEnonumber",
        "IEEEyessubnumber",
        "IEEEeqnarraynumspace",
        "dotfill",
        "underline",
        "qed",
        "qedhere",
        "blacksquare",
        "square",
        "Box",
        "mathstrut",
        "strut",
        "displaylimits",
        "mathop",
        "mathord",
        "mathbin",
        "smash",
        "mathclap",
        "pause",
        "onslide",
        "uncover",
        "visible",
        "alert",
    ]
)
"""Commands that dress what stands beside them, and are dropped."""
SHOWN_LATER = frozenset(["onslide", "uncover", "visible", "alert", "pause"])
"""Of these, those that a slide shows later: \\onslide<2->{..}."""
AROUND = frozenset([
    "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl",
    "biggr", "Biggl", "Biggr", "mleft", "mright", "mathbf", "boldsymbol", "bm", "mathit", "mathcal",
    "mathscr", "mathbb", "mathsf", "mathtt", "mathnormal", "mathrm", "operatorname", "bold", "pmb",
    "vec", "mathfrak", "mathbbm", "mathds", "symbf", "symbfit", "vb", "underline", "boxed",
    "ensuremath", "mathclap", "smash",
])  # fmt: skip
"""Of these, those that are one with the bracket behind them: bold letters, and left and right."""
DROPPED_WITH_ARGUMENT = frozenset(
    [
        "color",
        "label",
        "tag",
        "hspace",
        "vspace",
        "phantom",
        "hphantom",
        "vphantom",
        "textcolor",
        "colorbox",
        "mathcolor",
        "cline",
        "bgcolor",
        "cellcolor",
        "mspace",
        "footnotemark",
        "eqref",
        "htmlClass",
        "htmlId",
        "htmlStyle",
        "htmlData",
        "class",
        "cssId",
        "style",
        "href",
    ]
)
"""Commands that are dropped with their argument."""
PROSE = frozenset(
    [
        "text",
        "mbox",
        "textrm",
        "textbf",
        "textit",
        "textsf",
        "texttt",
        "intertext",
        "shortintertext",
    ]
)
"""Commands whose argument is prose."""
WIDE = frozenset(["quad", "qquad", "hfill", "hfil"])
"""Wide spaces."""
DROPPED_WITH_TWO = frozenset(["IEEEeqnarraymulticol", "multicolumn", "rule"])
"""Commands that are dropped with two arguments: a cell over columns, an invisible rule."""
ABOVE = frozenset(["overset", "stackrel", "underset"])
"""Commands that put a remark on a sign."""
EQUALS = frozenset(["equiv", "triangleq", "coloneqq", "coloneq", "doteq", "defeq", "eqdef"])
"""Signs that define, and are read as an equals sign."""
ROUGHLY = frozenset(["approx", "simeq", "cong", "approxeq"])
"""Signs behind which a number is rounded."""
NAMED = frozenset(["mathrm", "operatorname", "mathit", "mathsf", "mathtt"])
"""Fonts in which a word of several letters is a name."""
