"""The stable list of codes of `verify`: what each kind of fault is, and the way out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FaultCode:
    """One kind of fault of a backward pass.

    Attributes:
        code: V and three digits; never given to another meaning.
        name: in a few words.
        meaning: what is wrong, and the way out.
        example: a wrong line, and what it should be.
    """

    code: str
    name: str
    meaning: str
    example: str


FAULTS = {
    c.code: c
    for c in (
        FaultCode(
            "V101",
            "wrong gradient",
            "A gradient differs from that of the forward pass, in a way that is none of the known "
            "ones. The report shows one element: the terms that are there, and those that belong.",
            "dx[..] += 2 * dout * w: each product counts once",
        ),
        FaultCode(
            "V102",
            "remainder forgotten",
            "Where the stride does not divide H + 2*pad - R, rows and columns at the end are read "
            "by no window: dX has zeros there, and dF does not read them. Textbook formulas forget "
            "this, and give tensors of the wrong shape, or shifted ones.",
            "dX padded by R - 1 on both sides: pad R - 1 + (H + 2*pad - R) % stride at the end",
        ),
        FaultCode(
            "V103",
            "filter turned the wrong way",
            "dX slides over dY with the filter rotated by 180 degrees. Where it is not rotated (or "
            "only on one axis), or dF is rotated, terms meet the wrong filter elements.",
            "correlate(pad(dy), w): write w[:, :, ::-1, ::-1]",
        ),
        FaultCode(
            "V104",
            "stride and dilation exchanged",
            "In dF stride and dilation change places: the dilated dY slides in steps of the "
            "dilation.",
            "dw[r, s] = sum(x[r::stride] * dy): write x[r*dilation::stride]",
        ),
        FaultCode(
            "V105",
            "stride forgotten",
            "Windows lie a stride apart: dY is dilated by the stride in dX and dF.",
            "dx[p:p + R] += w * dy[p]: write dx[p*stride:p*stride + R]",
        ),
        FaultCode(
            "V106",
            "dilation forgotten",
            "Elements of the filter lie a dilation apart, in the gradients as in the forward pass.",
            "dx[p + r] += w[r] * dy[p]: write dx[p + r*dilation]",
        ),
        FaultCode(
            "V107",
            "padding not undone",
            "The gradient of the padded input is cropped by the padding to give dX, before and "
            "after, and dF reads the padded input.",
            "dx = dxp[:, :, :H, :W]: write dxp[:, :, pad:pad + H, pad:pad + W]",
        ),
        FaultCode(
            "V108",
            "height and width exchanged",
            "A size of one axis stands where that of the other belongs; square sizes hide it.",
            "dx[:, :, p*u:p*u + R, q*u:q*u + R]: write q*v:q*v + S",
        ),
        FaultCode(
            "V109",
            "shifted by one",
            "Windows or taps begin one place too early or too late.",
            "dx[:, :, p*stride + 1:..]: write p*stride",
        ),
        FaultCode(
            "V110",
            "windows or taps left out",
            "A loop ends too early or begins too late: products of the sum are missing.",
            "for p in range(P - 1): write range(P)",
        ),
        FaultCode(
            "V111",
            "wrong shape",
            "A gradient does not have the shape of what it is the gradient of.",
            "dX of 5x5 for an X of 6x6: add the remainder",
        ),
        FaultCode(
            "V112",
            "windows not summed",
            "Windows overlap: an element adds up the products of all windows that reach it. = "
            "where += belongs keeps the last one alone.",
            "dx[p*stride:p*stride + R] = w * dy[p]: write +=",
        ),
        FaultCode(
            "V201",
            "not all images summed",
            "dF and the gradient of the bias sum over all images of the batch; = where += belongs "
            "keeps the last one alone.",
            "dw = x[n] * dy[n] in a loop: write dw +=",
        ),
        FaultCode(
            "V202",
            "channels or filters not summed",
            "dX sums over all filters, and each filter's gradient is of its own channel.",
            "dx[n, c] = w[k, c] * dy[n, k] in a loop over k: write +=",
        ),
        FaultCode(
            "V203",
            "groups confused",
            "A filter of one group meets the channels of another one.",
            "dx[:, c] += w[k, c] * dy[:, k] for all k: only those of the group",
        ),
        FaultCode(
            "V204",
            "bias gradient not the sum",
            "The gradient of the bias is the sum of dY over images and windows, for each filter.",
            "db = dy.sum(axis=0): write dy.sum(axis=(0, 2, 3))",
        ),
        FaultCode(
            "V205",
            "wrong factor",
            "A gradient is the right one times a number. A mean over the batch is a convention, "
            "if it is taken of dF and of the bias gradient alike; all else is wrong.",
            "dw / N but db = dy.sum(..): take both means, or both sums",
        ),
        FaultCode(
            "V301",
            "inputs changed",
            "The backward pass or the forward pass changes what it was given, in place; whoever "
            "uses it afterwards computes with other numbers.",
            "x += pad: write x = x + pad",
        ),
        FaultCode(
            "V302",
            "two runs differ",
            "The same numbers give other gradients when they are run again: random numbers, or "
            "something that is kept from one call to the next.",
            "a module-level dw += ..: make it anew in each call",
        ),
        FaultCode(
            "V303",
            "unwritten memory is read",
            "np.empty gives memory as it was left; some element of the result is never written.",
            "dx = np.empty_like(x): write np.zeros_like(x)",
        ),
        FaultCode(
            "V304",
            "crash after the forward pass",
            "The forward pass accepts sizes at which the backward pass fails.",
            "dxp[:, :, pad:-pad, pad:-pad] is empty where pad = 0: write pad:pad + H",
        ),
        FaultCode(
            "V305",
            "wrong for float32",
            "The gradient is right for float64 inputs and wrong for float32 ones.",
            "np.zeros(x.shape, dtype=int) for float32: take x.dtype",
        ),
        FaultCode(
            "V306",
            "forward pass is no convolution",
            "The forward pass gives numbers of the right shape that are those of no convolution; "
            "its gradients are not judged there.",
            "y[p] = sum(x[p:p + R] * w) with stride > 1: write x[p*stride:p*stride + R]",
        ),
    )
}
"""Every code, in order."""
