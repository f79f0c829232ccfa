"""Statements about convolutions in many shapes, and documents made of them.

Written from what authors write, without a look at how documents are read: nothing of
`symconv.documents` is imported here.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st


@dataclass(frozen=True)
class Names:
    """The letters of a document: input, filter, output and loss."""

    x: str
    f: str
    y: str
    loss: str

    def by(self, tensor: str) -> str:
        return rf"\frac{{\partial {self.loss}}}{{\partial {tensor}}}"


NAMES = [
    Names("X", "F", "Y", "L"),
    Names("x", "w", "y", "L"),
    Names("G", "C", "P", "E"),
    Names("I", "K", "O", "J"),
    Names("A", "W", "Z", r"\mathcal{L}"),
    Names(r"\mathbf{X}", r"\mathbf{W}", r"\mathbf{Y}", "L"),
]

WHOLE_LEFTS = [
    "{gx}",
    "{gf}",
    "{gy}",
    r"\nabla_{{{x}}} {loss}",
    r"\partial {loss}/\partial {f}",
    r"\frac{{d {loss}}}{{d {x}}}",
    "d{x}",
    r"\left({gx}\right)",
    r"\Big[{gf}\Big]",
    r"{gx}^T",
    r"({gx})_{{ij}}",
    r"\left[{gx}\right]_{{i,j}}",
    r"-{gx}",
    r"\frac{{1}}{{N}} {gx}",
    r"2 {gf}",
    r"\text{{vec}}({gx})",
    r"\frac{{\delta {loss}}}{{\delta {x}}}",
    r"\Delta {x}",
    r"\bar{{{x}}}",
    r"\delta_{{{x}}}",
    r"\delta",
    r"\delta^{{l}}",
    r"\text{{grad\_x}}",
    r"\mathrm{{grad}}({x})",
    r"{gx} \text{{ (valid)}}",
    r"{gf} \text{{, backwards,}}",
    "{y}",
    r"{y}_{{ij}}",
    r"{y}_{{i,j}}",
    r"{y}[i, j]",
    r"{y}(i, j)",
    r"{y}^T",
    "{x}",
    "{f}",
    r"\text{{out}}",
    r"\text{{output}}",
    r"\frac{{\partial {y}}}{{\partial {x}}}",
    r"\frac{{\partial {y}_{{ij}}}}{{\partial {f}_{{mn}}}}",
    r"\partial {y} / \partial {f}",
    r"{loss}_{{{x}}}",
]
RIGHTS = [
    r"\text{{deconv}}({gy}, {f})",
    r"\text{{conv}}({gy}, {f})/2",
    r"\frac{{\text{{conv}}({gy}, {f})}}{{2}}",
    r"{f}^{{T}} {gy}",
    r"{f}^\top {gy}",
    r"{gy} {f}^T",
    r"\text{{ConvTranspose2d}}({gy}, {f})",
    r"\mathrm{{ConvTranspose2d}}({x}, {f})",
    r"\operatorname{{deconv}}({x}, {f})",
    r"\operatorname{{conv\_transpose}}({gy}, {f}, \text{{stride}}=2)",
    r"\text{{conv\_transpose}}({gy}, {f}, \text{{stride}}=s, \text{{padding}}=p)",
    r"\texttt{{conv2d\_input}}({gy}, {f})",
    r"\sigma({x} * {f})",
    r"\text{{ReLU}}({x} * {f})",
    r"\max(0, {x})",
    r"\tanh({x})",
    r"{gy} \odot \sigma'({y})",
    r"({gy} * {f}) \odot f'({x})",
    r"\begin{{bmatrix}} a & b \\ c & d \end{{bmatrix}} {gy}",
    r"\text{{full convolution of {f} and}} {y}",
    r"{gy} *_{{full}} {f}",
    r"{gy} * {f}_{{\text{{rot180}}}}",
    r"\text{{rot180}}({gy} * {f})",
    r"\text{{conv}}({gy}, {f}, \text{{groups}}=2)",
    r"\text{{conv}}({x}, {gy})",
    r"{x} * {gy}",
    r"\sum_k {gy}_k * {f}_k",
    r"\mathcal{{F}}^{{-1}}(\mathcal{{F}}({x}) \cdot \mathcal{{F}}({f}))",
    r"\text{{col2im}}({f}^T {gy})",
    r"{gy} \frac{{\partial {y}}}{{\partial {x}}}",
    r"\lambda {x} + {gy} * {f}",
    r"2 ({gy} * {f})",
    r"\langle {gy}, {f} \rangle",
    r"\int {gy} {f}",
    r"{gy} \otimes {f}",
    r"{gy} \ast {f} + b",
    r"\text{{pad}}({gy}, 1) * {f}",
    r"\sum_{{m,n}} {f}_{{m,n}} {x}_{{i+m,j+n}}",
    r"\sum_m \sum_n {f}_{{m-1,n}} \, {gy}",
    r"\begin{{cases}} {gy} * {f} & s = 1 \\ 0 & s > 1 \end{{cases}}",
    r"\prod_k {f}_k",
    r"\text{{deconv}}({gy}, {f}) > 0",
    r"\text{{deconv}}({gy}, {f}) \in \mathbb{{R}}^{{H \times W}}",
    r"\text{{deconv}}({gy}, {f}) \approx 3.1",
    r"\left\{{ {gy} * {f} \right\}}",
    r"\underbrace{{{gy} * {f}}}_{{\text{{upstream}}}}",
    r"\mathbb{{E}}[{gy} {f}]",
    r"{x}^2 + {f}",
]
BOUNDS = (" > ", r"\in", r"\approx")
"""What ends a chain of equal things."""
SIZES = [
    r"H_{{out}} = \lfloor \frac{{H - K + 2P}}{{S}} \rfloor + 1",
    r"H_o = W_o = \frac{{40 - 5}}{{1}} + 1 = 36",
    r"H_o = \frac{{H - k}}{{s}} + 1",
    r"H_{{out}} = s H_{{in}}",
    r"OH = \frac{{IH - KH + 2 PH}}{{SH}} + 1",
    r"n_H^{{[l]}} = \lfloor \frac{{n_H^{{[l-1]}} + 2p^{{[l]}} - f^{{[l]}}}}{{s}} \rfloor + 1",
    r"\text{{output height}} = \frac{{H - K}}{{S}} + 1",
    r"W' = W - K + 1",
    r"p = \frac{{k - 1}}{{2}}",
    r"H_o \times W_o = (H - K + 1) \times (W - K + 1)",
    r"(H_o, W_o) = (H - K + 1, W - K + 1)",
    r"H_{{out}} = f(H, K)",
    r"H_{{out}} = \lceil H / S \rceil",
    r"P = H - R + 1",
]
"""Statements of sizes, whole."""
ELEMENTS = [
    "{y}_{{00}} = {x}_{{00}} {f}_{{00}} + {x}_{{01}} {f}_{{01}}",
    r"\frac{{\partial {loss}}}{{\partial {x}_{{00}}}} = {f}_{{00}} g_{{00}}",
    r"\frac{{\partial {loss}}}{{\partial {x}_{{01}}}} = \text{{deconv}}({f}, {y})_{{01}}",
    r"\frac{{\partial {y}_{{00}}}}{{\partial {f}_{{11}}}} = {x}_{{11}}",
]
"""Statements of elements, whole."""
OTHERS = [
    r"{loss} = \frac{{1}}{{2}} \sum_i (t_i - q_i)^2",
    r"f(u) = \max(0, u)",
    r"\eta = 0.1",
    r"\sigma(u) = \frac{{1}}{{1 + e^{{-u}}}}",
    r"\text{{softmax}}(u)_i = \frac{{e^{{u_i}}}}{{\sum_j e^{{u_j}}}}",
    r"\text{{ReLU}}(u) = \max(0, u)",
    r"\theta = \theta - \eta g",
    "H = 5, R = 3",
    "n = a + b",
    r"\hat{{t}} = \text{{softmax}}(U q)",
    r"\text{{Accuracy}} = \frac{{a}}{{a + b}}",
    r"j = m + 1",
    r"\mu = \frac{{1}}{{N}} \sum_n u_n",
    r"T = U V^T",
    "N = 2^k",
    r"H > R \ge 1",
    r"u \approx 3.14",
]
"""What is about no tensor, no gradient and no size."""
REMARKS = ["", "Then ", "and so, with stride 1,\n", "By the chain rule: ", "*Note* that "]
FRAMES = [
    "$${}$$",
    "$${}$$",
    "${}$",
    r"\[ {} \]",
    "$$\n{}\n$$",
    r"\begin{{equation}} {} \end{{equation}}",
]
ALIGNED = [
    (r"\begin{align}", r"\end{align}"),
    (r"$$\begin{aligned}", r"\end{aligned}$$"),
    (r"$$ \begin{align} ", r"\end{align} \\ $$"),
    (r"$$\text{So: } \begin{aligned}", r"\end{aligned}.$$"),
    (r"$$\begin{array}{rcl}", r"\end{array}$$"),
]


def filled(shape: str, names: Names) -> str:
    """A shape with the letters of a document."""
    gx, gf, gy = map(names.by, (names.x, names.f, names.y))
    return shape.format(x=names.x, f=names.f, y=names.y, loss=names.loss, gx=gx, gf=gf, gy=gy)


@st.composite
def counted(draw, names: Names) -> str:
    """A statement that counts."""
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return filled(draw(st.sampled_from(SIZES)), names)
    if kind == 1:
        return filled(draw(st.sampled_from(ELEMENTS)), names)
    left, right = draw(st.sampled_from(WHOLE_LEFTS)), draw(st.sampled_from(RIGHTS))
    if kind == 2:
        between = draw(st.sampled_from(RIGHTS))
        right = right if any(sign in between for sign in BOUNDS) else f"{between} = {right}"
    return filled(f"{left} = {right}", names)


@dataclass(frozen=True)
class Written:
    """A document, the statements in it that count, and the shapes of the rest."""

    text: str
    statements: tuple[str, ...]


@st.composite
def documents(draw) -> Written:
    """A document with its forward formula, statements that count, and others."""
    names = draw(st.sampled_from(NAMES))
    statements = [f"{names.y} = {names.x} * {names.f}"]
    blocks = [f"$$ {statements[0]} $$"]
    for _ in range(draw(st.integers(1, 6))):
        choice = draw(st.integers(0, 5))
        if choice == 0:
            other = filled(draw(st.sampled_from(OTHERS)), names)
            blocks.append(f"$${other}$$")
        elif choice == 1:
            lines = draw(st.lists(counted(names), min_size=1, max_size=3))
            statements += lines
            begin, end = draw(st.sampled_from(ALIGNED))
            column = "&=&" if "array" in begin else "&="
            body = " \\\\\n".join(line.replace(" = ", f" {column} ", 1) for line in lines)
            blocks.append(f"{begin}\n{body}\n{end}")
        else:
            one = draw(counted(names))
            statements.append(one)
            remark, frame = draw(st.sampled_from(REMARKS)), draw(st.sampled_from(FRAMES))
            blocks.append(remark + frame.format(one))
    return Written("\n\n".join(blocks) + "\n", tuple(statements))
