"""Statements about sizes and padding, beside their mutants."""

from __future__ import annotations

import pytest
from documents.test_index_formulas import EXAMPLES, judged

from symconv.documents.check import check
from symconv.documents.fix import mend
from symconv.documents.source.text import Document

RIGHT = [
    r"\text{output size} = \frac{\text{input size} - \text{kernel size} + 2\,\text{padding}}"
    r"{\text{stride}} + 1",
    r"\text{output} = (N - F)/\text{stride} + 1",
    r"\text{output size} = \frac{5 - 3}{1} + 1 = 3",
    r"H' = (H - K + 2P)/S + 1",
    r"h_{out} = \frac{h_{in} - k_h + 2 p_h}{s_h} + 1",
    r"\lfloor (6+2\cdot 1-3)/2 \rfloor+1 = 3",
    r"\text{padding} = (F - 1)/2",
    r"P = \left\lfloor \frac{H+\ell+h-D}{u} \right\rfloor + 1",
    r"H_{out} = \lfloor (H + 2p - d(R-1) - 1)/s \rfloor + 1",
    r"H_{\text{out}} = \lfloor (H_{\text{in}} + 2p - K)/s \rfloor + 1",
    r"o = \left\lfloor \frac{i + 2p - k - (k-1)(d-1)}{s} \right\rfloor + 1",
    r"W_2 = (W_1 - F + 2P)/S + 1",
    r"W_{out} = \frac{W - F + 2P}{S} + 1",
    r"P = \lceil (H - R + 1)/u \rceil",
    r"P \times Q = (H-R+1) \times (W-S+1)",
    r"H_{out} = (5 + 2 \cdot 1 - 3)/2 + 1 = 3",
    r"H_{out} \times W_{out} = (5-3+1) \times (5-3+1) = 3 \times 3",
    r"(5-3+1) \times (6-3+1) = 3 \times 4",
    r"o' = s(i' - 1) + k - 2p",
    r"o' = s(i' - 1) + a + k - 2p",
    r"o' = i' + (k - 1)",
    r"H = (P-1)u + R",
    r"H_{in} = (H_{out} - 1)s + k - 2p",
    r"n_{in} = (n_{out} - 1)s + k - 2p",
    r"H_{out} = (H_{in} - 1) s - 2p + d(k-1) + 1",
    r"P_{full} = H + R - 1",
    r"p = (R-1)/2",
    r"p = \frac{d(R-1)}{2}",
    r"p = \lfloor k/2 \rfloor",
    r"p_{full} = R - 1",
    r"padding = R - 1 - p",
    r"p' = d(R-1) - p",
    r"H_{out} = \left\lfloor \frac{H_{in} - k_h + 2P}{S} \right\rfloor + 1",
    r"W_{out} = \left\lfloor \frac{W_{in} - F_w + 2P}{S} \right\rfloor + 1",
    r"H' = \frac{H + 2p - HH}{s} + 1",
    r"W' = 1 + (W + 2P - WW) / S",
]

RIGHT += [
    r"O_h = \frac{H + 2P - F_h}{S} + 1",
    r"H_{out} = \left\lfloor\frac{H_{in} + 2 \times \text{padding}[0] - \text{dilation}[0] \times "
    r"(\text{kernel\_size}[0] - 1) - 1}{\text{stride}[0]} + 1\right\rfloor",
    r"W_{out} = (W_{in} - 1) \times \text{stride}[1] - 2 \times \text{padding}[1] + "
    r"\text{dilation}[1] \times (\text{kernel\_size}[1] - 1) + \text{output\_padding}[1] + 1",
    r"L_{out} = \left\lfloor\frac{L_{in} + 2 \times \text{padding} - \text{kernel\_size}}"
    r"{\text{stride}} + 1\right\rfloor",
    r"n_H = \lfloor \frac{n_{H_{prev}} - f + 2 \times pad}{stride} \rfloor + 1",
]

RIGHT += [
    r"H_o = (H - 1)S - 2P + D(K - 1) + A + 1",
    r"W_o = (W - 1)s + k - 2p + o_p",
    r"OW = (IW - 1) \cdot SW + KW - 2 PW",
    r"OH = OW = \left\lfloor \frac{IH - KH}{SH} \right\rfloor + 1",
    r"h_o = w_o = \frac{h - k + 2p}{s} + 1",
    r"P = \frac{F - 1}{2}",
    r"P = \frac{(S - 1)H - S + F}{2}",
    r"p = \frac{(n - 1)s - n + d(k - 1) + 1}{2}",
    r"p = ((o - 1)s - i + k)/2",
    r"p = \frac{(W - 1)s - W_{out} + k}{2}",
    r"K_{eff} = D(K - 1) + 1",
    r"k' = k + (k - 1)(d - 1)",
    r"\hat{k} = (k - 1)r + 1",
    r"H_o = \lfloor (H + 2p - k')/s \rfloor + 1",
    r"D_{out} = \lfloor (D_{in} + 2P - K)/S \rfloor + 1",
    r"H_{out} = \lfloor (H + P_t + P_b - K)/S \rfloor + 1",
]

WRONG = [
    r"H_o = (H - 1)S - 2P + D(K - 1) + A",
    r"H_o = (H - 1)S - 2P + D(K - 1) - A + 1",
    r"H_o = (H + 1)S - 2P + D(K - 1) + A + 1",
    r"OH = OW = \left\lfloor \frac{IH - KH}{SH} \right\rfloor",
    r"OH = \left\lfloor \frac{IH - KH \cdot SH + 2 PH}{SH} \right\rfloor + 1",
    r"p = ((o + 1)s - i + k)/2",
    r"K_{eff} = D(K - 1)",
    r"k' = k + k(d - 1)",
    r"H_o = \lfloor (H + 2p - k' - 1)/s \rfloor + 1",
    r"H_{out} = \lfloor (H + P_t - P_b - K)/S \rfloor + 1",
    r"p = ((o - 1)s - i - k)/2",
    r"H_o = W_o = \frac{20 - 4}{2} + 1 = 8",
    r"O_h = \frac{H + P - F_h}{S} + 1",
    r"H_{out} = \left\lfloor\frac{H_{in} + 2 \times \text{padding}[0] - \text{dilation}[0] \times "
    r"(\text{kernel\_size}[0] - 1)}{\text{stride}[0]} + 1\right\rfloor",
    r"W_{out} = (W_{in} - 1) \times \text{stride}[1] + 2 \times \text{padding}[1] + "
    r"\text{dilation}[1] \times (\text{kernel\_size}[1] - 1) + \text{output\_padding}[1] + 1",
    r"n_H = \lfloor \frac{n_{H_{prev}} - f + 2 \times pad}{stride} \rfloor",
    r"H_{out} = \left\lfloor \frac{H_{in} - k_h + P}{S} \right\rfloor + 1",
    r"W_{out} = \left\lfloor \frac{W_{in} - F_w + 2P}{S} \right\rfloor",
    r"H' = \frac{H + 2p + HH}{s} + 1",
    r"W' = (W + 2P - WW) / S",
    r"\text{output size} = \frac{\text{input size} - \text{kernel size} + \text{padding}}"
    r"{\text{stride}} + 1",
    r"\text{output} = (N - F)/\text{stride}",
    r"\text{output size} = \frac{5 - 3}{2} + 1 = 3",
    r"H' = (H + K + 2P)/S + 1",
    r"h_{out} = \frac{h_{in} - k_h + 2 p_h + 1}{s_h} + 1",
    r"(6+2\cdot 1-3)/2+1 = 4",
    r"(6+2\cdot 1-3)/2+1 = 3",
    r"P = \left\lfloor \frac{H+\ell+\ell-D}{u} \right\rfloor + 1",
    r"P = \left\lfloor \frac{H+\ell+h-D}{u} \right\rfloor - 1",
    r"P = \left\lfloor \frac{H+\ell+h-D}{u} \right\rfloor",
    r"H_{out} = \lfloor (H + 2p - d(R-1))/s \rfloor + 1",
    r"H_{out} = \lfloor (H + 2p - d(R-1) - 1)/s \rfloor",
    r"H_{\text{out}} = \lfloor (H_{\text{in}} + p - K)/s \rfloor + 1",
    r"o = \left\lfloor \frac{i + 2p - k - (k-1)(d+1)}{s} \right\rfloor + 1",
    r"W_2 = (W_1 - F + P)/S + 1",
    r"W_{out} = \frac{W - F - 2P}{S} + 1",
    r"P = \lceil (H - R)/u \rceil",
    r"P \times Q = (H-R+1) \times (W-S-1)",
    r"H_{out} = (5 + 2 \cdot 1 - 3)/2 + 1 = 4",
    r"H_{out} \times W_{out} = (5-3+1) \times (5-3+1) = 3 \times 4",
    r"(5-3+1) \times (6-3+1) = 4 \times 3",
    r"o' = s(i' - 1) + k + 2p",
    r"o' = s i' + k - 2p",
    r"H = Pu + R",
    r"H = (P-1)u - R",
    r"H_{in} = (H_{out} + 1)s + k - 2p",
    r"n_{in} = (n_{out} + 1)s + k - 2p",
    r"H_{out} = (H_{in} - 1) s - 2p + d(k-1) - 1",
    r"P_{full} = H - R + 1",
    r"p_{full} = R",
    r"p_{full} = (R - 1)/2",
]

NOT_JUDGED = [
    r"p = \frac{(s - 1)n + s + k}{2}",
    r"P = \frac{F + 1}{2}",
    r"H_{out} = \left\lfloor\frac{H_{in} + 2 \times \text{padding}[1] - \text{kernel\_size}[0]}"
    r"{\text{stride}[0]} + 1\right\rfloor",
    r"p = R - 1",
    r"P = \left\lfloor \frac{H+\ell+h-D}{q} \right\rfloor + 1",
    r"P = \left\lfloor \frac{W+\ell+h-D}{u} \right\rfloor + 1",
    r"H_{out} = H/2",
    r"P = H/u",
    r"o = i + (k - 1)",
    r"H = Pu + R - 1",
    r"p = (R+1)/2",
    r"p = R/2",
    r"o' = i' - (k - 1)",
    r"padding = R - p",
    r"padding = R - 1 + p",
]


@pytest.mark.parametrize("formula", RIGHT)
def test_a_right_size_agrees(formula):
    assert judged(formula)[:2] == ("agree", "")


@pytest.mark.parametrize("formula", WRONG)
def test_a_mutated_size_is_wrong(formula):
    assert judged(formula)[:2] == ("wrong", "SC240")


def mended(formula: str) -> str:
    """Return a statement with its slip mended in place, as it was where no edit is certain."""
    report = check(Document("notes", "markdown", f"$$ {formula} $$\n"))
    assert report.counts[1] == 1, formula
    return mend(report).text.strip("$ \n")


MENDS = [
    (r"O_h = \frac{H + P - F_h}{S} + 1", r"O_h = \frac{H + 2 P - F_h}{S} + 1"),
    (r"H' = (H \cdot s - K + 2p)/s + 1", r"H' = (H - K + 2p)/s + 1"),
    (r"o = \lfloor (i + 2p - k)/s \rfloor", r"o = \lfloor (i + 2p - k)/s \rfloor + 1"),
    (r"W_2 = (W_1 + F + 2P)/S + 1", r"W_2 = (W_1 - F + 2P)/S + 1"),
    (r"P = \frac{H - R}{u} + 2", r"P = \frac{H - R}{u} + 1"),
    (r"Q = W - S", r"Q = W - S + 1"),
    (r"H_o = (H - 1)s - p + k", r"H_o = (H - 1)s - 2 p + k"),
    (r"H_o = \lfloor (H + 2p - d(k-1))/s \rfloor + 1",
     r"H_o = \lfloor (H + 2p - d(k-1) - 1)/s \rfloor + 1"),
    (r"\hat{k} = d(k + 1) + 1", r"\hat{k} = d(k - 1) + 1"),
    (r"K_{eff} = D(K - 1)", r"K_{eff} = D(K - 1) + 1"),
    (r"(6 + 2 \cdot 1 - 3)/2 + 1 = 4", ""),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "right"), MENDS)
def test_a_size_is_mended_in_its_own_letters_where_one_edit_does(formula, right):
    assert mended(formula) == (right or formula)


def test_no_mend_is_wrong_and_most_slips_have_one():
    found = {formula: mended(formula) for formula in WRONG if formula[0] != "p"}
    changed = [right for formula, right in found.items() if right != formula]
    assert all(judged(right)[0] == "agree" for right in changed)
    assert len(changed) >= len(found) // 2


def test_a_message_speaks_in_the_letters_of_the_document():
    text = r"$$ OH = (IH - KH + PH)/SH + 1 $$"
    (wrong,) = check(Document("notes", "markdown", text)).judgements
    (finding,) = wrong.findings
    assert finding.message == "at IH=3, KH=1, PH=1, SH=1: 5 windows would be right, not 4"
    assert finding.fix == "(IH - KH + 2 PH)/SH + 1"


@pytest.mark.parametrize("formula", NOT_JUDGED)
def test_an_uncertain_size_is_not_judged(formula):
    assert judged(formula)[0] == "not-judged"


BESIDE = [
    ("padded", r"P = (H - R)/u + 1", "right without padding; the example here is with padding 1"),
    ("padded", r"P = H - R + 1", "right without padding; the example here is with padding 1"),
    ("strided", r"P = H - R + 1",
     "right with stride 1, without padding; the example here is with stride 2, with padding 1"),
    ("padded", r"P = \frac{5 - 3}{1} + 1 = 3",
     "right without padding; the example here is with padding 1"),
    ("padded", r"P \times Q = (5-3+1) \times (5-3+1) = 3 \times 3",
     "right without padding; the example here is with padding 1"),
    ("dilated", r"P = H - R + 1", "right without dilation; the example here is with dilation 2"),
    ("padded", r"p = R - 1",
     "the padding that a full convolution has; the example here is not so padded"),
    ("plain", r"p = (R - 1)/2",
     "the padding that keeps the size; the example here is not so padded"),
    ("padded", r"P = (H + 2p - R)/u + 1", ""),
    ("padded", r"P = (7 - 3)/1 + 1 = 5", ""),
    ("padded", r"P = (5 + 2 \cdot 1 - 3)/1 + 1 = 5", ""),
    ("padded", r"p = (R - 1)/2", ""),
    ("plain", r"P = H - R + 1", ""),
    ("plain", r"P = \frac{5 - 3}{1} + 1 = 3", ""),
    ("full", r"p = R - 1", ""),
]  # fmt: skip


@pytest.mark.parametrize(("beside", "formula", "reason"), BESIDE)
def test_a_size_is_held_to_the_example_beside_it(beside, formula, reason):
    assert judged(formula, beside) == ("not-judged" if reason else "agree", "", reason)


@pytest.mark.parametrize(
    ("before", "formula", "verdict"),
    [
        ("For a full convolution we pad by", "p = R - 1", "agree"),
        ("Full convolution:\n\n", "p = R - 1", "agree"),
        ("We pad by", "p = R - 1", "not-judged"),
        ("Full convolution.\n\nSomething else.\n\nThen", "p = R - 1", "not-judged"),
        ("For a full convolution we pad by", "p = R + 1", "not-judged"),
        ("'same' padding is", "p = (R - 1)/2", "agree"),
        ("To keep the size we pad by", "p = R/2", "not-judged"),
    ],
)
def test_words_say_which_padding_is_meant(before, formula, verdict):
    text = EXAMPLES["plain"] + f"\n\n{before} ${formula}$.\n"
    assert check(Document("notes", "markdown", text)).judgements[-1].verdict == verdict


LETTERS = [
    (r"H_o = \left\lfloor \frac{H + 2P - D(K-1) - 1}{S} \right\rfloor + 1", "agree"),
    (r"o = \lfloor (i + 2p - D(k-1) - 1)/s \rfloor + 1", "agree"),
    (r"W_o = (W - D(K - 1) - 1 + 2P)/S + 1", "agree"),
    (r"o = \lfloor (i + 2p - D)/s \rfloor + 1", "agree"),
    (r"P = \lfloor (H - R)/S \rfloor + 1", "agree"),
    (r"Q = \lfloor (W - R)/S \rfloor + 1", "agree"),
    (r"Q = \lfloor (W - S)/v \rfloor + 1", "agree"),
    (r"O = (W - R + 2P)/S + 1", "agree"),
    (r"H_o = \left\lfloor \frac{H + 2P - D(K-1)}{S} \right\rfloor + 1", "wrong"),
    (r"o = \lfloor (i + 2p - D(k+1) - 1)/s \rfloor + 1", "wrong"),
    (r"P = \lfloor (H - R)/S \rfloor", "wrong"),
    (r"O = (W - R + P)/S + 1", "wrong"),
]


@pytest.mark.parametrize(("size", "verdict"), LETTERS)
def test_a_letter_means_what_the_size_makes_of_it(size, verdict):
    assert judged(size)[0] == verdict


CEILED = [
    ("Pooling in ceil mode:", r"H_o = \left\lceil \frac{H - k}{s} \right\rceil + 1", "not-judged"),
    ("", r"o = \lceil (i + 2p - k)/s \rceil + 1", "not-judged"),
    ("", r"H_{out} = \lceil (H - R)/u + 1 \rceil", "not-judged"),
    ("", r"P = \lceil (H - R + 1)/u \rceil", "agree"),
    ("", r"o = \lceil (i + 2p + k)/s \rceil + 1", "wrong"),
    ("Pooling in ceil mode:", r"P = \left\lfloor \frac{H - R}{u} \right\rfloor", "wrong"),
]


@pytest.mark.parametrize(("words", "size", "verdict"), CEILED)
def test_a_size_that_is_rounded_up_is_none_of_windows_that_fit(words, size, verdict):
    found = check(Document("notes", "markdown", f"{words} $${size}$$\n")).judgements[-1]
    assert found.verdict == verdict


NUMBERS = [
    ("", r"\frac{230 - 11 + 0}{4} + 1 = 55", "wrong", "the left side is 55.75"),
    ("", r"\frac{227 - 11 + 0}{4} + 1 = 55", "agree", ""),
    ("", r"(7 - 2)/2 + 1 = 3.5", "agree", ""),
    ("", r"\lfloor (7 - 2)/2 \rfloor + 1 = 3", "agree", ""),
    ("", r"(8 - 3)/3 + 1 = 2", "wrong", "the left side is 8/3, and no floor is written"),
    ("", r"(8 - 2)/3 + 1 = 2", "wrong", "the left side is 3"),
    ("rounded down,", r"(7 - 2)/2 + 1 = 3", "agree", ""),
    ("with the floor", r"(7 - 2)/2 + 1 = 4", "wrong", "the left side is 3.5"),
]


@pytest.mark.parametrize(("words", "size", "verdict", "message"), NUMBERS)
def test_no_number_is_rounded_silently(words, size, verdict, message):
    found = check(Document("notes", "markdown", f"{words} $${size}$$\n")).judgements[-1]
    assert found.verdict == verdict
    assert "".join(f.message for f in found.findings).startswith(message)
    assert (found.scope == "rounded down") == (bool(words) and verdict == "agree")
