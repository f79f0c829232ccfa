r"""Examples worked out in numbers: evaluated or not judged, never matched with products or mended.

``Example`` writes one: the forward equations in letters, tensors as matrices of numbers, of which
many are 0, and what follows from them, computed here with plain loops.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import product

import pytest
from documents.layers import forward, notes, shown

from symconv.documents.check import check
from symconv.documents.fix import mend
from symconv.documents.notation.hints import hints
from symconv.documents.source.text import Document


@dataclass(frozen=True)
class Example:
    """A convolution in numbers, as one author writes it."""

    rank: int = 2
    input: int = 4
    filter: int = 2
    stride: int = 1
    base: int = 0
    names: tuple[str, str, str] = ("g", "c", "p")
    loss: str = "E"
    seed: int = 0

    @property
    def output(self) -> int:
        return (self.input - self.filter) // self.stride + 1

    def element(self, tensor: str, cell: tuple[int, ...]) -> str:
        name = self.names["XFY".index(tensor[-1])]
        one = f"{name}_{{{''.join(str(k + self.base) for k in cell)}}}"
        return rf"\frac{{\partial {self.loss}}}{{\partial {one}}}" if tensor[0] == "d" else one

    def whole(self, tensor: str) -> str:
        name = self.names["XFY".index(tensor[-1])]
        return rf"\frac{{\partial {self.loss}}}{{\partial {name}}}" if tensor[0] == "d" else name

    def cells(self, tensor: str) -> list[tuple[int, ...]]:
        extent = {"X": self.input, "F": self.filter, "Y": self.output}[tensor[-1]]
        return list(product(range(extent), repeat=self.rank))

    def products(self, tensor: str) -> dict[tuple[int, ...], list]:
        """Return the products of Y, dX or dF, each a pair of elements."""
        found: dict[tuple[int, ...], list] = {cell: [] for cell in self.cells(tensor)}
        for p, r in product(self.cells("Y"), self.cells("F")):
            m = tuple(self.stride * a + b for a, b in zip(p, r, strict=True))
            at = {"Y": (p, ("X", m), ("F", r)), "dX": (m, ("dY", p), ("F", r)),
                  "dF": (r, ("dY", p), ("X", m))}[tensor]  # fmt: skip
            found[at[0]].append(at[1:])
        return found

    def numbers(self) -> dict[str, dict[tuple[int, ...], int]]:
        rng = random.Random(self.seed)
        found = {
            tensor: {cell: rng.choice((0, 0, 1, 2, -1, 3)) for cell in self.cells(tensor)}
            for tensor in ("X", "F", "dY")
        }
        for tensor in ("Y", "dX", "dF"):
            found[tensor] = {
                cell: sum(found[a][i] * found[b][j] for (a, i), (b, j) in terms)
                for cell, terms in self.products(tensor).items()
            }
        return found

    def matrix(self, tensor: str, numbers: dict[tuple[int, ...], int]) -> str:
        if self.rank == 1:
            return f"({', '.join(str(n) for n in numbers.values())})"
        width = max(cell[1] for cell in numbers) + 1
        values = list(numbers.values())
        rows = [values[k : k + width] for k in range(0, len(values), width)]
        inside = r" \\ ".join(" & ".join(map(str, row)) for row in rows)
        return rf"\begin{{bmatrix}} {inside} \end{{bmatrix}}"

    def sum_of(self, tensor: str, cell: tuple[int, ...], without: set = frozenset()) -> str:
        terms = [
            f"{self.element(*a)} {self.element(*b)}"
            for a, b in self.products(tensor)[cell]
            if not {a, b} & without
        ]
        return f"{self.element(tensor, cell)} = {' + '.join(terms) or '0'}"

    def forward(self) -> str:
        return "\n\n".join(f"$$ {self.sum_of('Y', cell)} $$" for cell in self.cells("Y"))

    def given(self, *tensors: str) -> str:
        known = self.numbers()
        said = [f"{self.whole(t)} = {self.matrix(t, known[t])}" for t in tensors]
        shown = r", \qquad ".join(said)
        return f"In numbers, with $${shown}$$\n\n"


EXAMPLES = [
    Example(),
    Example(rank=1, input=5, filter=3, names=("x", "w", "y"), loss="L", base=1, seed=3),
    Example(rank=1, input=7, filter=3, stride=2, names=("x", "w", "y"), loss="L", seed=5),
    Example(input=5, filter=3, stride=2, names=("a", "k", "z"), loss="J", seed=8),
    Example(input=3, base=1, names=("x", "f", "y"), loss="L", seed=11),
]
ALL = ("X", "F", "dY")


def judged(text: str, **given: str):
    return check(Document("notes", "markdown", text), hints(given))


def mended(text: str) -> str:
    return mend(judged(text)).text


def behind(example: Example, text: str):
    """Return the verdicts on what stands behind the forward equations and the given numbers."""
    before = f"{example.forward()}\n\n"
    found = judged(before + text)
    assert all(j.verdict == "agree" for j in found.judgements if j.place.end <= len(before))
    given = before + text.split("we have")[0]
    return [j for j in found.judgements if j.place.start >= len(given)]


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("tensor", ["Y", "dX", "dF"])
def test_a_matrix_of_numbers_is_compared_cell_by_cell(example, tensor):
    numbers = example.numbers()[tensor]
    line = f"we have $${example.whole(tensor)} = {example.matrix(tensor, numbers)}$$\n"
    found = behind(example, example.given(*ALL) + line)
    assert [j.verdict for j in found] == ["agree"] * len(numbers)
    assert {j.scope for j in found} == {"with the numbers given"}
    for cell in (min(numbers), max(numbers)):
        wrong = example.matrix(tensor, numbers | {cell: numbers[cell] + 1})
        slip = f"we have $${example.whole(tensor)} = {wrong}$$\n"
        found = behind(example, example.given(*ALL) + slip)
        (bad,) = [j for j in found if j.verdict == "wrong"]
        assert bad.findings[0].code == "SC211"
        assert bad.findings[0].message == f"with the numbers given this is {numbers[cell]}"
        assert bad.findings[0].edit is None


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("tensor", ["Y", "dX", "dF"])
def test_one_number_is_the_value_of_an_element_0_as_well(example, tensor):
    numbers = example.numbers()[tensor]
    zeros = [cell for cell, value in numbers.items() if value == 0]
    for cell in {*zeros[:2], max(numbers, key=lambda c: numbers[c])}:
        line = f"we have ${example.element(tensor, cell)} = {numbers[cell]}$.\n"
        (found,) = behind(example, example.given(*ALL) + line)
        assert found.verdict == "agree"
        line = f"we have ${example.element(tensor, cell)} = {numbers[cell] + 2}$.\n"
        (found,) = behind(example, example.given(*ALL) + line)
        assert found.verdict == "wrong"


@pytest.mark.parametrize("example", EXAMPLES)
def test_numbers_whose_origin_is_not_given_are_not_judged(example):
    known = example.numbers()
    for given in (("X",), ("F",), ("dY",), ()):
        before = example.given(*given) if given else ""
        line = f"we have $${example.whole('dF')} = {example.matrix('dF', known['dF'])}$$\n"
        (found,) = behind(example, before + line)
        assert found.verdict == "not-judged" or set(given) >= {"X", "dY"}
        if given not in (("F",), ("dY",)):  # of which one may be 0 throughout
            one = example.element("dX", next(iter(known["dX"])))
            found = behind(example, f"{before}we have ${one} = 7$ and ${one} = 0$")
            assert {j.verdict for j in found} == {"not-judged"}


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("tensor", ["dX", "dF"])
def test_products_with_a_0_may_be_left_out(example, tensor):
    known = example.numbers()
    zero = {(t, cell) for t in ALL for cell, value in known[t].items() if value == 0}
    changed = 0
    for cell in example.cells(tensor):
        line = example.sum_of(tensor, cell, zero)
        changed += line != example.sum_of(tensor, cell)
        (found,) = behind(example, example.given(*ALL) + f"we have $$ {line} $$\n")
        assert found.verdict == "agree", line
    assert changed
    other = {(t, cell) for t in ALL for cell, value in known[t].items() if value == 3}
    for cell in example.cells(tensor):
        line = example.sum_of(tensor, cell, zero | other)
        if line != example.sum_of(tensor, cell, zero) and not line.endswith("= 0"):
            (found,) = behind(example, example.given(*ALL) + f"we have $$ {line} $$\n")
            assert found.verdict == "wrong", line


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_filter_given_in_numbers_stands_in_the_sums(example):
    known = example.numbers()
    for cell in example.cells("dX"):
        terms = [f"{known['F'][r]} {example.element('dY', p)}"
                 for (_, p), (_, r) in example.products("dX")[cell]]  # fmt: skip
        if len(terms) < 2:
            continue
        line = f"{example.element('dX', cell)} = {' + '.join(terms).replace('+ -', '- ')}"
        (found,) = behind(example, example.given("F") + f"we have $$ {line} $$\n")
        assert found.verdict == "agree", line
        (found,) = behind(example, f"we have $$ {line} $$\n")
        assert found.verdict != "agree"
        if {abs(known["F"][r]) for (_, _), (_, r) in example.products("dX")[cell]} - {1}:
            assert found.verdict == "not-judged", line
        break


def test_a_0_where_nothing_is_a_number_says_that_nothing_is_added():
    example = Example(rank=1, input=6, filter=2, stride=2, names=("x", "w", "y"), loss="L")
    text = f"{example.forward()}\n\n$$ {example.element('dX', (1,))} = 0 $$\n"
    found = judged(text).judgements[-1]
    assert (found.verdict, found.findings[0].code) == ("wrong", "SC202")
    assert mended(text) == text  # a number is never mended


@pytest.mark.parametrize("example", EXAMPLES)
def test_right_documents_stay_byte_for_byte_as_they_are(example):
    known = example.numbers()
    zero = {(t, cell) for t in ALL for cell, value in known[t].items() if value == 0}
    lines = [example.sum_of(t, cell, zero) for t in ("dX", "dF") for cell in example.cells(t)]
    lines += [f"{example.whole(t)} = {example.matrix(t, known[t])}" for t in ("Y", "dX", "dF")]
    lines += [f"{example.element('dF', cell)} = {known['dF'][cell]}" for cell in known["dF"]]
    text = f"{example.forward()}\n\n{example.given(*ALL)}"
    text += "\n\n".join(f"$$ {line} $$" for line in lines) + "\n"
    found = judged(text)
    assert found.count("wrong") == 0
    assert mended(text) == text
    bare = text.replace(example.given(*ALL), "")
    for number in (0, 77):
        said = bare.replace("= 0 ", f"= {number} ")
        assert mended(said).count(f"= {number} ") == bare.count("= 0 ")


@pytest.mark.parametrize("seed", range(0, 40, 5))
def test_right_formulas_stay_byte_for_byte_as_they_are(seed):
    layer = notes(seed).layer
    text = "\n\n".join(
        [f"$$ {shown(forward(layer), layer)} $$",
         *(f"$$ {line.text} $$" for line in notes(seed).lines if line.truth != "wrong")]
    )  # fmt: skip
    assert mended(text) == text


def test_hints_say_the_notation_of_an_example_without_forward_equations():
    example = Example(input=3, seed=4)
    known = example.numbers()
    zero = {("F", cell) for cell, value in known["F"].items() if value == 0}
    (i, j), (m, n), (r, t) = "ab", "ab", "rt"
    sums = rf"p_{{{i}{j}}} = \sum_{{{r},{t}}} g_{{{m}+{r},{n}+{t}}} c_{{{r}{t}}}"
    lines = [sums, example.sum_of("dX", (1, 1), zero),
             f"{example.whole('dF')} = {example.matrix('dF', known['dF'])}"]  # fmt: skip
    text = example.given(*ALL) + "\n\n".join(f"$$ {line} $$" for line in lines) + "\n"
    given = {"input": "3", "filter": "2", "names": "g,c,p", "index-base": "0"}
    assert judged(text, **given).count("wrong") == 0
    assert judged(text, **given, stride="1", padding="0", dilation="1").count("agree") >= 6


SUMS = "$$q_1 = s_1 h_1 + s_2 h_2$$\n\n$$q_2 = s_2 h_1 + s_3 h_2$$\n\n"
GIVEN = "$s = (0.5, 0.25, 0.2)$, $h = (0.3, 0.1)$, "
CHAINS = [
    (GIVEN + "$q = (0.175, 0.095)$", "agree", "with the numbers given"),
    (GIVEN + "$q = (0.18, 0.095)$", "agree", "with the numbers given, rounded"),
    (GIVEN + "$q_1 = 0.17$", "agree", "with the numbers given, rounded"),
    (GIVEN + "$q_1 = 0.16$", "wrong", "with the numbers given this is 0.175"),
    (GIVEN + "$q_1 = 0$", "wrong", "with the numbers given this is 0.175"),
    (r"$q_1 = 3 \cdot 2 + 1 \cdot 5 = 11$", "agree", "with the numbers before it"),
    (r"$q_1 = 3 \cdot 2 + 1 \cdot 5 = 12$", "wrong", "with the numbers before it this is 11"),
    (r"$q_1 = s_1 h_1 + s_2 h_2 = 3 \times 2 - 5 = 2$", "wrong",
     "with the numbers before it this is 1"),
    (r"$q_1 = 0.5 \times 0.3 + 0.2 = 0.4$", "agree", "with the numbers before it, rounded"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "verdict", "says"), CHAINS)
def test_numbers_are_computed_and_may_be_rounded_to_decimals(line, verdict, says):
    text = SUMS + line + "\n"
    report = judged(text)
    assert [j.verdict for j in report.judgements[:2]] == ["agree", "agree"]
    worst = [j for j in report.judgements if j.verdict == "wrong"] or [
        j for j in report.judgements[2:] if j.verdict == "agree" and j.scope
    ]
    found = worst[0]
    assert (found.verdict, found.scope or found.findings[0].message) == (verdict, says)
    assert mended(text) == text
