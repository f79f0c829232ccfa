"""Right convolutions of loops and slices, in the styles of people who write them by hand."""

# ruff: noqa: E501

SCALARS = """
import numpy as np

def conv_forward(x, w, b, stride, pad):
    N, C, H, W = x.shape
    K, _, R, S = w.shape
    P = (H + 2 * pad - R) // stride + 1
    Q = (W + 2 * pad - S) // stride + 1
    y = np.zeros((N, K, P, Q))
    for n in range(N):
        for k in range(K):
            for p in range(P):
                for q in range(Q):
                    total = b[k]
                    for c in range(C):
                        for r in range(R):
                            for s in range(S):
                                h = p * stride + r - pad
                                v = q * stride + s - pad
                                if 0 <= h < H and 0 <= v < W:
                                    total += x[n, c, h, v] * w[k, c, r, s]
                    y[n, k, p, q] = total
    return y

def conv_backward(dy, x, w, stride, pad):
    N, C, H, W = x.shape
    K, _, R, S = w.shape
    P, Q = dy.shape[2], dy.shape[3]
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(K)
    for n in range(N):
        for k in range(K):
            for p in range(P):
                for q in range(Q):
                    db[k] += dy[n, k, p, q]
                    for c in range(C):
                        for r in range(R):
                            for s in range(S):
                                h = p * stride + r - pad
                                v = q * stride + s - pad
                                if 0 <= h < H and 0 <= v < W:
                                    dw[k, c, r, s] += x[n, c, h, v] * dy[n, k, p, q]
                                    dx[n, c, h, v] += w[k, c, r, s] * dy[n, k, p, q]
    return dx, dw, db
"""

SKIPPING = """
import numpy as np

def conv_forward(x, w, stride=1, padding=0):
    N, C, H, W = x.shape
    K, _, R, S = w.shape
    P, Q = (H + 2 * padding - R) // stride + 1, (W + 2 * padding - S) // stride + 1
    y = np.zeros((N, K, P, Q))
    for p in range(P):
        for q in range(Q):
            for r in range(R):
                h = p * stride + r - padding
                if h < 0 or h >= H:
                    continue
                for s in range(S):
                    v = q * stride + s - padding
                    if v < 0 or v >= W:
                        continue
                    y[:, :, p, q] += x[:, :, h, v] @ w[:, :, r, s].T
    return y

def conv_backward(dy, x, w, stride=1, padding=0):
    N, C, H, W = x.shape
    K, _, R, S = w.shape
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for p in range(dy.shape[2]):
        for q in range(dy.shape[3]):
            g = dy[:, :, p, q]
            for r in range(R):
                h = p * stride + r - padding
                if h < 0 or h >= H:
                    continue
                for s in range(S):
                    v = q * stride + s - padding
                    if v < 0 or v >= W:
                        continue
                    dw[:, :, r, s] += g.T @ x[:, :, h, v]
                    dx[:, :, h, v] += g @ w[:, :, r, s]
    return dx, dw
"""

WINDOWS = """
import numpy as np

def conv_forward(x, w, b, stride, pad):
    N, C, H, W = x.shape
    K, _, R, S = w.shape
    P = (H + 2 * pad - R) // stride + 1
    Q = (W + 2 * pad - S) // stride + 1
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    y = np.zeros((N, K, P, Q))
    for n in range(N):
        for k in range(K):
            for p in range(P):
                for q in range(Q):
                    window = xp[n, :, p * stride:p * stride + R, q * stride:q * stride + S]
                    y[n, k, p, q] = np.sum(window * w[k]) + b[k]
    return y

def conv_backward(dy, x, w, b, stride, pad):
    N, C, H, W = x.shape
    K, _, R, S = w.shape
    _, _, P, Q = dy.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    for n in range(N):
        for k in range(K):
            for p in range(P):
                for q in range(Q):
                    h, v = p * stride, q * stride
                    dw[k] += xp[n, :, h:h + R, v:v + S] * dy[n, k, p, q]
                    dxp[n, :, h:h + R, v:v + S] += w[k] * dy[n, k, p, q]
    dx = dxp[:, :, pad:pad + H, pad:pad + W]
    db = dy.sum(axis=(0, 2, 3))
    return dx, dw, db
"""

CASES = """
import numpy as np

def conv_forward(x, w, b, conv_param):
    stride, pad = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    out_h = 1 + (H + 2 * pad - HH) // stride
    out_w = 1 + (W + 2 * pad - WW) // stride
    out = np.zeros((N, F, out_h, out_w), dtype=x.dtype)
    x_pad = np.pad(x, ((0,), (0,), (pad,), (pad,)), mode='constant')
    for i in range(out_h):
        for j in range(out_w):
            part = x_pad[:, :, i * stride:i * stride + HH, j * stride:j * stride + WW]
            for f in range(F):
                out[:, f, i, j] = np.sum(part * w[f], axis=(1, 2, 3)) + b[f]
    return out, (x, w, b, conv_param)

def conv_backward(dout, cache):
    x, w, b, conv_param = cache
    stride, pad = conv_param['stride'], conv_param['pad']
    HH, WW = w.shape[2:]
    x_pad = np.pad(x, ((0,), (0,), (pad,), (pad,)), mode='constant')
    dx_pad, dw = np.zeros_like(x_pad), np.zeros_like(w)
    db = np.sum(dout, axis=(0, 2, 3))
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows, cols = slice(i * stride, i * stride + HH), slice(j * stride, j * stride + WW)
            for f in range(w.shape[0]):
                d = dout[:, f, i, j][:, None, None, None]
                dw[f] += np.sum(x_pad[:, :, rows, cols] * d, axis=0)
                dx_pad[:, :, rows, cols] += w[f] * d
    if pad > 0:
        dx = dx_pad[:, :, pad:-pad, pad:-pad]
    else:
        dx = dx_pad
    return dx, dw, db
"""

CHANNELS_LAST = """
import numpy as np

class ConvLayer:
    def __init__(self, filters, kernel_size, in_channels, strides=(1, 1)):
        self.kernel_size, self.strides = kernel_size, strides
        self.weights = np.random.normal(size=(*kernel_size, in_channels, filters))
        self.bias = np.zeros(filters)

    def forward(self, inputs):
        self.inputs = inputs
        n, h, w, _ = inputs.shape
        (kh, kw), (sh, sw) = self.kernel_size, self.strides
        oh, ow = (h - kh) // sh + 1, (w - kw) // sw + 1
        out = np.zeros((n, oh, ow, self.weights.shape[-1]))
        for i in range(oh):
            for j in range(ow):
                patch = inputs[:, i * sh:i * sh + kh, j * sw:j * sw + kw, :]
                out[:, i, j, :] = np.tensordot(patch, self.weights, axes=3) + self.bias
        return out

    def backward(self, grad_output):
        (kh, kw), (sh, sw) = self.kernel_size, self.strides
        self.grad_weights = np.zeros_like(self.weights)
        grad_input = np.zeros_like(self.inputs)
        for i in range(grad_output.shape[1]):
            for j in range(grad_output.shape[2]):
                g = grad_output[:, i, j, :]
                patch = self.inputs[:, i * sh:i * sh + kh, j * sw:j * sw + kw, :]
                self.grad_weights += np.einsum('nhwc,nk->hwck', patch, g)
                grad_input[:, i * sh:i * sh + kh, j * sw:j * sw + kw, :] += np.einsum(
                    'hwck,nk->nhwc', self.weights, g)
        self.grad_bias = grad_output.sum(axis=(0, 1, 2))
        return grad_input
"""

DILATED = """
import numpy as np

def conv_forward(x, w, b, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    (u, v), (ph, pw), (d, e) = stride, padding, dilation
    R, S = w.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    P = (xp.shape[2] - d * (R - 1) - 1) // u + 1
    Q = (xp.shape[3] - e * (S - 1) - 1) // v + 1
    y = np.zeros((x.shape[0], w.shape[0], P, Q))
    for r in range(R):
        for s in range(S):
            rows = slice(r * d, r * d + u * (P - 1) + 1, u)
            cols = slice(s * e, s * e + v * (Q - 1) + 1, v)
            y += np.einsum('ncpq,kc->nkpq', xp[:, :, rows, cols], w[:, :, r, s])
    return y + b[None, :, None, None]

def conv_backward(dy, x, w, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    (u, v), (ph, pw), (d, e) = stride, padding, dilation
    R, S = w.shape[2:]
    P, Q = dy.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for r in range(R):
        for s in range(S):
            rows = slice(r * d, r * d + u * (P - 1) + 1, u)
            cols = slice(s * e, s * e + v * (Q - 1) + 1, v)
            dw[:, :, r, s] = np.einsum('nkpq,ncpq->kc', dy, xp[:, :, rows, cols])
            dxp[:, :, rows, cols] += np.einsum('nkpq,kc->ncpq', dy, w[:, :, r, s])
    return dxp[:, :, ph:ph + x.shape[2], pw:pw + x.shape[3]], dw, dy.sum(axis=(0, 2, 3))
"""

ONE_AXIS = """
import numpy as np

def conv1d_forward(x, w, b, stride=1, padding=0):
    N, C, L = x.shape
    K, _, R = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding)))
    P = (L + 2 * padding - R) // stride + 1
    y = np.zeros((N, K, P))
    for p in range(P):
        y[:, :, p] = np.tensordot(xp[:, :, p * stride:p * stride + R], w, ([1, 2], [1, 2])) + b
    return y, (x, w, stride, padding)

def conv1d_backward(dy, cache):
    x, w, stride, padding = cache
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding)))
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    R = w.shape[2]
    for p in range(dy.shape[2]):
        a = p * stride
        dw += np.einsum('nk,ncr->kcr', dy[:, :, p], xp[:, :, a:a + R])
        dxp[:, :, a:a + R] += np.einsum('nk,kcr->ncr', dy[:, :, p], w)
    return dxp[:, :, padding:padding + x.shape[2]], dw, dy.sum(axis=(0, 2))
"""

ONE_AXIS_SCALARS = """
import numpy as np

def conv1d_forward(x, w, stride):
    n = (len(x) - len(w)) // stride + 1
    y = np.zeros(n)
    for i in range(n):
        for k in range(len(w)):
            y[i] += x[i * stride + k] * w[k]
    return y

def conv1d_backward(dy, x, w, stride):
    dx, dw = np.zeros(len(x)), np.zeros(len(w))
    for i in range(len(dy)):
        for k in range(len(w)):
            dx[i * stride + k] += w[k] * dy[i]
            dw[k] += x[i * stride + k] * dy[i]
    return dx, dw
"""

THREE_AXES = """
import numpy as np

def conv3d_forward(x, w, b, stride=1, pad=0):
    xp = np.pad(x, ((0, 0), (0, 0)) + ((pad, pad),) * 3)
    T, R, S = w.shape[2:]
    Z, P, Q = ((n - f) // stride + 1 for n, f in zip(xp.shape[2:], (T, R, S)))
    y = np.zeros((x.shape[0], w.shape[0], Z, P, Q))
    for z in range(Z):
        for p in range(P):
            for q in range(Q):
                part = xp[:, :, z*stride:z*stride+T, p*stride:p*stride+R, q*stride:q*stride+S]
                y[:, :, z, p, q] = np.tensordot(part, w, ([1, 2, 3, 4], [1, 2, 3, 4])) + b
    return y, (x, w, stride, pad)

def conv3d_backward(dy, cache):
    x, w, stride, pad = cache
    xp = np.pad(x, ((0, 0), (0, 0)) + ((pad, pad),) * 3)
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    T, R, S = w.shape[2:]
    for z in range(dy.shape[2]):
        for p in range(dy.shape[3]):
            for q in range(dy.shape[4]):
                at = (slice(None), slice(None), slice(z*stride, z*stride+T),
                      slice(p*stride, p*stride+R), slice(q*stride, q*stride+S))
                g = dy[:, :, z, p, q]
                dw += np.tensordot(g, xp[at], (0, 0))
                dxp[at] += np.tensordot(g, w, (1, 0))
    inner = tuple(slice(pad, pad + n) for n in x.shape[2:])
    return dxp[(slice(None), slice(None), *inner)], dw, dy.sum(axis=(0, 2, 3, 4))
"""

PLANE = '''
import numpy as np

def convolve2d(image, kernel):
    """Correlation of two planes, as people call it."""
    h, w = kernel.shape
    out = np.zeros((image.shape[0] - h + 1, image.shape[1] - w + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i:i + h, j:j + w] * kernel).sum()
    return out

def convolve2d_backward(grad_out, image, kernel):
    grad_kernel = convolve2d(image, grad_out)
    h, w = kernel.shape
    padded = np.pad(grad_out, ((h - 1, h - 1), (w - 1, w - 1)))
    grad_image = convolve2d(padded, kernel[::-1, ::-1])
    return grad_image, grad_kernel
'''

FLIPPED = '''
import numpy as np

def conv_forward(x, w):
    """A convolution as mathematicians mean it: the filter is flipped."""
    N, C, H, W = x.shape
    K, _, R, S = w.shape
    y = np.zeros((N, K, H - R + 1, W - S + 1))
    for i in range(y.shape[2]):
        for j in range(y.shape[3]):
            for r in range(R):
                for s in range(S):
                    y[:, :, i, j] += np.dot(x[:, :, i + r, j + s], w[:, :, R - 1 - r, S - 1 - s].T)
    return y

def conv_backward(dy, x, w):
    R, S = w.shape[2:]
    flipped = np.flip(w, axis=(2, 3))
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for i in range(dy.shape[2]):
        for j in range(dy.shape[3]):
            dw += np.einsum('nk,ncrs->kcrs', dy[:, :, i, j], x[:, :, i:i + R, j:j + S])
            dx[:, :, i:i + R, j:j + S] += np.einsum('nk,kcrs->ncrs', dy[:, :, i, j], flipped)
    return dx, np.flip(dw, axis=(2, 3))
'''

GROUPED = """
import numpy as np

def conv_forward(x, w, stride=1, padding=0, groups=1):
    N, C, H, W = x.shape
    K, Cg, R, S = w.shape
    Kg = K // groups
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    P, Q = (H + 2 * padding - R) // stride + 1, (W + 2 * padding - S) // stride + 1
    y = np.zeros((N, K, P, Q))
    for g in range(groups):
        for p in range(P):
            for q in range(Q):
                part = xp[:, g * Cg:(g + 1) * Cg, p * stride:p * stride + R, q * stride:q * stride + S]
                for k in range(g * Kg, (g + 1) * Kg):
                    y[:, k, p, q] = (part * w[k]).sum(axis=(1, 2, 3))
    return y

def conv_backward(dy, x, w, stride=1, padding=0, groups=1):
    N, C, H, W = x.shape
    K, Cg, R, S = w.shape
    Kg = K // groups
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for g in range(groups):
        for p in range(dy.shape[2]):
            for q in range(dy.shape[3]):
                rows, cols = slice(p * stride, p * stride + R), slice(q * stride, q * stride + S)
                for k in range(g * Kg, (g + 1) * Kg):
                    d = dy[:, k, p, q].reshape(-1, 1, 1, 1)
                    dw[k] += (xp[:, g * Cg:(g + 1) * Cg, rows, cols] * d).sum(axis=0)
                    dxp[:, g * Cg:(g + 1) * Cg, rows, cols] += w[k] * d
    return dxp[:, :, padding:padding + H, padding:padding + W], dw
"""

COLUMNS = """
import numpy as np

def im2col(x, R, S, stride, pad):
    N, C, H, W = x.shape
    P = (H + 2 * pad - R) // stride + 1
    Q = (W + 2 * pad - S) // stride + 1
    xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], 'constant')
    col = np.zeros((N, C, R, S, P, Q))
    for r in range(R):
        for s in range(S):
            col[:, :, r, s, :, :] = xp[:, :, r:r + stride * P:stride, s:s + stride * Q:stride]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(N * P * Q, -1)

def col2im(col, shape, R, S, stride, pad):
    N, C, H, W = shape
    P = (H + 2 * pad - R) // stride + 1
    Q = (W + 2 * pad - S) // stride + 1
    col = col.reshape(N, P, Q, C, R, S).transpose(0, 3, 4, 5, 1, 2)
    out = np.zeros((N, C, H + 2 * pad + stride - 1, W + 2 * pad + stride - 1))
    for r in range(R):
        for s in range(S):
            out[:, :, r:r + stride * P:stride, s:s + stride * Q:stride] += col[:, :, r, s, :, :]
    return out[:, :, pad:H + pad, pad:W + pad]

class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def forward(self, x):
        K, C, R, S = self.W.shape
        N, C, H, W = x.shape
        P = 1 + int((H + 2 * self.pad - R) / self.stride)
        Q = 1 + int((W + 2 * self.pad - S) / self.stride)
        self.x = x
        self.col = im2col(x, R, S, self.stride, self.pad)
        out = np.dot(self.col, self.W.reshape(K, -1).T) + self.b
        return out.reshape(N, P, Q, -1).transpose(0, 3, 1, 2)

    def backward(self, dout):
        K, C, R, S = self.W.shape
        dout = dout.transpose(0, 2, 3, 1).reshape(-1, K)
        self.db = np.sum(dout, axis=0)
        self.dW = np.dot(self.col.T, dout).transpose(1, 0).reshape(K, C, R, S)
        return col2im(np.dot(dout, self.W.reshape(K, -1)), self.x.shape, R, S, self.stride, self.pad)
"""

SAME = """
import numpy as np

class SameConv:
    def __init__(self, in_channels, out_channels, kernel_size):
        self.k = kernel_size
        self.w = np.random.randn(out_channels, in_channels, kernel_size, kernel_size)
        self.b = np.zeros(out_channels)

    def forward(self, x):
        before, after = self.k // 2, (self.k - 1) // 2
        self.shape = x.shape
        self.xp = np.pad(x, ((0, 0), (0, 0), (before, after), (before, after)))
        y = np.zeros((x.shape[0], self.w.shape[0], x.shape[2], x.shape[3]))
        for r in range(self.k):
            for s in range(self.k):
                part = self.xp[:, :, r:r + x.shape[2], s:s + x.shape[3]]
                y += np.einsum('nchw,kc->nkhw', part, self.w[:, :, r, s])
        return y + self.b[:, None, None]

    def backward(self, dy):
        H, W = self.shape[2:]
        before = self.k // 2
        self.dw, dxp = np.zeros_like(self.w), np.zeros_like(self.xp)
        for r in range(self.k):
            for s in range(self.k):
                self.dw[:, :, r, s] = np.einsum('nkhw,nchw->kc', dy, self.xp[:, :, r:r + H, s:s + W])
                dxp[:, :, r:r + H, s:s + W] += np.einsum('nkhw,kc->nchw', dy, self.w[:, :, r, s])
        self.db = dy.sum(axis=(0, 2, 3))
        return dxp[:, :, before:before + H, before:before + W]
"""

CARRIED = """
import numpy as np

def conv_forward(x, w, b, stride=1):
    N, C, H, W = x.shape
    K, _, R, S = w.shape
    y = np.empty((N, K, (H - R) // stride + 1, (W - S) // stride + 1))
    for k in range(K):
        for p in range(y.shape[2]):
            for q in range(y.shape[3]):
                total = 0.0
                for r in range(R):
                    for s in range(S):
                        total = total + x[:, :, p * stride + r, q * stride + s] @ w[k, :, r, s]
                y[:, k, p, q] = total + b[k]
    return y

def conv_backward(dy, x, w, b, stride=1):
    N, C, H, W = x.shape
    K, _, R, S = w.shape
    dx, dw, db = np.zeros_like(x), np.empty_like(w), np.empty_like(b)
    for k in range(K):
        db[k] = dy[:, k].sum()
        for c in range(C):
            for r in range(R):
                for s in range(S):
                    total = 0
                    for p in range(dy.shape[2]):
                        for q in range(dy.shape[3]):
                            total += np.dot(x[:, c, p * stride + r, q * stride + s], dy[:, k, p, q])
                            dx[:, c, p * stride + r, q * stride + s] += w[k, c, r, s] * dy[:, k, p, q]
                    dw[k, c, r, s] = total
    return dx, dw, db
"""

HELPERS = """
import numpy as np

def pad_with_zeros(a, amount):
    return np.pad(a, ((0, 0), (0, 0), (amount, amount), (amount, amount)), mode='constant')

def window(a, i, j, stride, shape):
    return a[:, :, i * stride:i * stride + shape[0], j * stride:j * stride + shape[1]]

def conv_forward(X, W, b, hparameters):
    stride, pad = hparameters['stride'], hparameters['pad']
    size = W.shape[2:]
    padded = pad_with_zeros(X, pad)
    P, Q = ((n - f) // stride + 1 for n, f in zip(padded.shape[2:], size))
    Z = np.zeros((X.shape[0], W.shape[0], P, Q))
    for i in range(P):
        for j in range(Q):
            Z[:, :, i, j] = np.tensordot(window(padded, i, j, stride, size), W, ([1, 2, 3], [1, 2, 3])) + b
    return Z, {'X': X, 'W': W, 'hparameters': hparameters, 'padded': padded}

def conv_backward(dZ, cache):
    X, W, padded = cache['X'], cache['W'], cache['padded']
    stride, pad = cache['hparameters']['stride'], cache['hparameters']['pad']
    size = W.shape[2:]
    dpadded = np.zeros_like(padded)
    dW = np.zeros_like(W)
    for i in range(dZ.shape[2]):
        for j in range(dZ.shape[3]):
            d = dZ[:, :, i, j]
            dW += np.tensordot(d, window(padded, i, j, stride, size), (0, 0))
            here = window(dpadded, i, j, stride, size)
            here += np.tensordot(d, W, (1, 0))
    dX = dpadded[:, :, pad:pad + X.shape[2], pad:pad + X.shape[3]]
    return {'dX': dX, 'dW': dW, 'db': dZ.sum(axis=(0, 2, 3))}
"""

LOOPS: dict[str, str] = {
    name.lower(): text
    for name, text in list(globals().items())
    if name.isupper() and isinstance(text, str)
}
"""Each program by its name."""
