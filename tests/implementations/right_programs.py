"""Right programs in the styles in which people write them; each is judged without an option."""

# ruff: noqa: E501

LOOPS = """
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
    return y, (x, w, b, stride, pad)

def conv_backward(dout, cache):
    x, w, b, stride, pad = cache
    N, C, H, W = x.shape
    K, _, R, S = w.shape
    _, _, P, Q = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    for n in range(N):
        for k in range(K):
            for p in range(P):
                for q in range(Q):
                    h, v = p * stride, q * stride
                    dw[k] += xp[n, :, h:h + R, v:v + S] * dout[n, k, p, q]
                    dxp[n, :, h:h + R, v:v + S] += w[k] * dout[n, k, p, q]
    dx = dxp[:, :, pad:pad + H, pad:pad + W]
    db = dout.sum(axis=(0, 2, 3))
    return dx, dw, db
"""

DICTIONARY = """
import numpy as np

def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    if (H + 2 * pad - HH) % stride or (W + 2 * pad - WW) % stride:
        raise ValueError("the stride does not fit")
    H_out = 1 + (H + 2 * pad - HH) // stride
    W_out = 1 + (W + 2 * pad - WW) // stride
    out = np.zeros((N, F, H_out, W_out), dtype=x.dtype)
    x_pad = np.pad(x, ((0,), (0,), (pad,), (pad,)), mode='constant')
    for i in range(H_out):
        for j in range(W_out):
            part = x_pad[:, :, i * stride:i * stride + HH, j * stride:j * stride + WW]
            for f in range(F):
                out[:, f, i, j] = np.sum(part * w[f], axis=(1, 2, 3)) + b[f]
    cache = (x, w, b, conv_param)
    return out, cache

def conv_backward_naive(dout, cache):
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
    dx = dx_pad[:, :, pad:-pad, pad:-pad] if pad else dx_pad
    return dx, dw, db
"""

IM2COL_INDICES = """
import numpy as np

def get_im2col_indices(x_shape, R, S, padding, stride):
    N, C, H, W = x_shape
    P = (H + 2 * padding - R) // stride + 1
    Q = (W + 2 * padding - S) // stride + 1
    i0 = np.tile(np.repeat(np.arange(R), S), C)
    i1 = stride * np.repeat(np.arange(P), Q)
    j0 = np.tile(np.arange(S), R * C)
    j1 = stride * np.tile(np.arange(Q), P)
    i = i0.reshape(-1, 1) + i1.reshape(1, -1)
    j = j0.reshape(-1, 1) + j1.reshape(1, -1)
    k = np.repeat(np.arange(C), R * S).reshape(-1, 1)
    return k, i, j

def im2col(x, R, S, padding, stride):
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    k, i, j = get_im2col_indices(x.shape, R, S, padding, stride)
    cols = xp[:, k, i, j]
    return cols.transpose(1, 2, 0).reshape(R * S * x.shape[1], -1)

def col2im(cols, x_shape, R, S, padding, stride):
    N, C, H, W = x_shape
    xp = np.zeros((N, C, H + 2 * padding, W + 2 * padding), dtype=cols.dtype)
    k, i, j = get_im2col_indices(x_shape, R, S, padding, stride)
    cols = cols.reshape(C * R * S, -1, N).transpose(2, 0, 1)
    np.add.at(xp, (slice(None), k, i, j), cols)
    return xp[:, :, padding:padding + H, padding:padding + W]

class Conv2D:
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        self.stride, self.padding, self.kernel_size = stride, padding, kernel_size
        self.W = np.random.randn(out_channels, in_channels, kernel_size, kernel_size) * 0.01
        self.b = np.zeros((out_channels, 1))

    def forward(self, X):
        self.X_shape = X.shape
        K, _, R, S = self.W.shape
        P = (X.shape[2] + 2 * self.padding - R) // self.stride + 1
        Q = (X.shape[3] + 2 * self.padding - S) // self.stride + 1
        self.cols = im2col(X, R, S, self.padding, self.stride)
        out = self.W.reshape(K, -1) @ self.cols + self.b
        return out.reshape(K, P, Q, X.shape[0]).transpose(3, 0, 1, 2)

    def backward(self, dout):
        K, _, R, S = self.W.shape
        self.db = dout.sum(axis=(0, 2, 3)).reshape(K, 1)
        d = dout.transpose(1, 2, 3, 0).reshape(K, -1)
        self.dW = (d @ self.cols.T).reshape(self.W.shape)
        dcols = self.W.reshape(K, -1).T @ d
        return col2im(dcols, self.X_shape, R, S, self.padding, self.stride)
"""

BOOK = """
import numpy as np

def im2col(input_data, filter_h, filter_w, stride=1, pad=0):
    N, C, H, W = input_data.shape
    out_h = (H + 2 * pad - filter_h) // stride + 1
    out_w = (W + 2 * pad - filter_w) // stride + 1
    img = np.pad(input_data, [(0, 0), (0, 0), (pad, pad), (pad, pad)], 'constant')
    col = np.zeros((N, C, filter_h, filter_w, out_h, out_w))
    for y in range(filter_h):
        y_max = y + stride * out_h
        for x in range(filter_w):
            x_max = x + stride * out_w
            col[:, :, y, x, :, :] = img[:, :, y:y_max:stride, x:x_max:stride]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(N * out_h * out_w, -1)

def col2im(col, input_shape, filter_h, filter_w, stride=1, pad=0):
    N, C, H, W = input_shape
    out_h = (H + 2 * pad - filter_h) // stride + 1
    out_w = (W + 2 * pad - filter_w) // stride + 1
    col = col.reshape(N, out_h, out_w, C, filter_h, filter_w).transpose(0, 3, 4, 5, 1, 2)
    img = np.zeros((N, C, H + 2 * pad + stride - 1, W + 2 * pad + stride - 1))
    for y in range(filter_h):
        y_max = y + stride * out_h
        for x in range(filter_w):
            x_max = x + stride * out_w
            img[:, :, y:y_max:stride, x:x_max:stride] += col[:, :, y, x, :, :]
    return img[:, :, pad:H + pad, pad:W + pad]

class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W = W
        self.b = b
        self.stride = stride
        self.pad = pad
        self.x = None
        self.col = None
        self.col_W = None
        self.dW = None
        self.db = None

    def forward(self, x):
        FN, C, FH, FW = self.W.shape
        N, C, H, W = x.shape
        out_h = 1 + int((H + 2 * self.pad - FH) / self.stride)
        out_w = 1 + int((W + 2 * self.pad - FW) / self.stride)
        col = im2col(x, FH, FW, self.stride, self.pad)
        col_W = self.W.reshape(FN, -1).T
        out = np.dot(col, col_W) + self.b
        out = out.reshape(N, out_h, out_w, -1).transpose(0, 3, 1, 2)
        self.x, self.col, self.col_W = x, col, col_W
        return out

    def backward(self, dout):
        FN, C, FH, FW = self.W.shape
        dout = dout.transpose(0, 2, 3, 1).reshape(-1, FN)
        self.db = np.sum(dout, axis=0)
        self.dW = np.dot(self.col.T, dout)
        self.dW = self.dW.transpose(1, 0).reshape(FN, C, FH, FW)
        dcol = np.dot(dout, self.col_W.T)
        return col2im(dcol, self.x.shape, FH, FW, self.stride, self.pad)
"""

STRIDED = """
import numpy as np
from numpy.lib.stride_tricks import as_strided

def conv2d(x, w, stride=1):
    N, C, H, W = x.shape
    K, _, R, S = w.shape
    P, Q = (H - R) // stride + 1, (W - S) // stride + 1
    a, b, c, d = x.strides
    view = as_strided(x, (N, C, P, Q, R, S), (a, b, c * stride, d * stride, c, d))
    return np.einsum('ncpqrs,kcrs->nkpq', view, w)

def conv2d_backward(dy, x, w, stride=1):
    N, C, H, W = x.shape
    K, _, R, S = w.shape
    P, Q = dy.shape[2:]
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for r in range(R):
        for s in range(S):
            rows = slice(r, r + (P - 1) * stride + 1, stride)
            cols = slice(s, s + (Q - 1) * stride + 1, stride)
            dw[:, :, r, s] = np.einsum('nkpq,ncpq->kc', dy, x[:, :, rows, cols])
            dx[:, :, rows, cols] += np.einsum('nkpq,kc->ncpq', dy, w[:, :, r, s])
    return dx, dw
"""

WINDOWS = """
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def forward(x, f, b, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    (ph, pw), (u, v), (d, e) = padding, stride, dilation
    R, S = f.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    view = sliding_window_view(xp, (d * (R - 1) + 1, e * (S - 1) + 1), axis=(2, 3))
    view = view[:, :, ::u, ::v, ::d, ::e]
    return np.einsum('ncpqrs,kcrs->nkpq', view, f) + b[None, :, None, None]

def backward(dy, x, f, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    (ph, pw), (u, v), (d, e) = padding, stride, dilation
    R, S = f.shape[2:]
    H, W = x.shape[2:]
    P, Q = dy.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    view = sliding_window_view(xp, (d * (R - 1) + 1, e * (S - 1) + 1), axis=(2, 3))
    view = view[:, :, ::u, ::v, ::d, ::e]
    df = np.einsum('ncpqrs,nkpq->kcrs', view, dy)
    dxp = np.zeros(xp.shape)
    for r in range(R):
        for s in range(S):
            dxp[:, :, r * d:r * d + u * P:u, s * e:s * e + v * Q:v][:, :, :P, :Q] += np.einsum(
                'nkpq,kc->ncpq', dy, f[:, :, r, s])
    return dxp[:, :, ph:ph + H, pw:pw + W], df, dy.sum((0, 2, 3))
"""

TENSORDOT = '''
import numpy as np

class Conv:
    """Padded, strided, with tensordot; gradients in a dictionary."""

    def __init__(self, n_in, n_out, ksize, stride=1, pad=0):
        self.stride, self.pad = stride, pad
        kh, kw = (ksize, ksize) if isinstance(ksize, int) else ksize
        self.params = {'W': np.random.randn(n_out, n_in, kh, kw), 'b': np.zeros(n_out)}
        self.grads = {}

    def forward(self, x):
        W, b = self.params['W'], self.params['b']
        p, s = self.pad, self.stride
        self.x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        R, S = W.shape[2:]
        P, Q = (self.x.shape[2] - R) // s + 1, (self.x.shape[3] - S) // s + 1
        y = np.zeros((len(x), len(W), P, Q))
        for i in range(P):
            for j in range(Q):
                y[:, :, i, j] = np.tensordot(
                    self.x[:, :, i * s:i * s + R, j * s:j * s + S], W, axes=([1, 2, 3], [1, 2, 3]))
        return y + b.reshape(1, -1, 1, 1)

    def backward(self, grad):
        W, s, p = self.params['W'], self.stride, self.pad
        R, S = W.shape[2:]
        dx, dW = np.zeros_like(self.x), np.zeros_like(W)
        for i in range(grad.shape[2]):
            for j in range(grad.shape[3]):
                g = grad[:, :, i, j]
                dW += np.tensordot(g, self.x[:, :, i * s:i * s + R, j * s:j * s + S], axes=(0, 0))
                dx[:, :, i * s:i * s + R, j * s:j * s + S] += np.tensordot(g, W, axes=(1, 0))
        self.grads['W'], self.grads['b'] = dW, grad.sum(axis=(0, 2, 3))
        return dx[:, :, p:dx.shape[2] - p, p:dx.shape[3] - p]
'''

COURSE = """
import numpy as np

def zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode='constant')

def conv_single_step(a_slice_prev, W, b):
    return np.sum(a_slice_prev * W) + b[0, 0, 0]

def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    n_H = int((n_H_prev - f + 2 * pad) / stride) + 1
    n_W = int((n_W_prev - f + 2 * pad) / stride) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    a_slice = A_prev_pad[i, h * stride:h * stride + f, w * stride:w * stride + f, :]
                    Z[i, h, w, c] = conv_single_step(a_slice, W[..., c], b[..., c])
    assert Z.shape == (m, n_H, n_W, n_C)
    cache = (A_prev, W, b, hparameters)
    return Z, cache

def conv_backward(dZ, cache):
    (A_prev, W, b, hparameters) = cache
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    (m, n_H, n_W, n_C) = dZ.shape
    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros((f, f, n_C_prev, n_C))
    db = np.zeros((1, 1, 1, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
    dA_prev_pad = zero_pad(dA_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    h0, w0 = h * stride, w * stride
                    a_slice = A_prev_pad[i, h0:h0 + f, w0:w0 + f, :]
                    dA_prev_pad[i, h0:h0 + f, w0:w0 + f, :] += W[:, :, :, c] * dZ[i, h, w, c]
                    dW[:, :, :, c] += a_slice * dZ[i, h, w, c]
                    db[:, :, :, c] += dZ[i, h, w, c]
        dA_prev[i] = dA_prev_pad[i, pad:n_H_prev + pad, pad:n_W_prev + pad, :]
    assert dA_prev.shape == (m, n_H_prev, n_W_prev, n_C_prev)
    return dA_prev, dW, db
"""

CACHE_DICTIONARY = """
import numpy as np

def conv_forward(X, W, b, stride=1, padding=0):
    Xp = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    R, S = W.shape[2:]
    P, Q = (Xp.shape[2] - R) // stride + 1, (Xp.shape[3] - S) // stride + 1
    Z = np.empty((X.shape[0], W.shape[0], P, Q))
    for p in range(P):
        for q in range(Q):
            part = Xp[:, None, :, p * stride:p * stride + R, q * stride:q * stride + S]
            Z[:, :, p, q] = (part * W[None]).sum(axis=(2, 3, 4)) + b
    cache = {'X': X, 'W': W, 'stride': stride, 'padding': padding, 'Xp': Xp}
    return Z, cache

def conv_backward(dZ, cache):
    X, W, s, p = cache['X'], cache['W'], cache['stride'], cache['padding']
    Xp = cache['Xp']
    dXp, dW = np.zeros(Xp.shape), np.zeros(W.shape)
    R, S = W.shape[2:]
    for i in range(dZ.shape[2]):
        for j in range(dZ.shape[3]):
            g = dZ[:, :, None, None, None, i, j]
            dW += (Xp[:, None, :, i * s:i * s + R, j * s:j * s + S] * g).sum(axis=0)
            dXp[:, :, i * s:i * s + R, j * s:j * s + S] += (W[None] * g).sum(axis=1)
    H, V = X.shape[2:]
    return {'dX': dXp[:, :, p:p + H, p:p + V], 'dW': dW, 'db': dZ.sum(axis=(0, 2, 3))}
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

SINGLE_IMAGE = """
import numpy as np

def conv_forward(image, filters, bias, stride=1):
    C, H, W = image.shape
    K, _, f, _ = filters.shape
    out_h, out_w = (H - f) // stride + 1, (W - f) // stride + 1
    out = np.zeros((K, out_h, out_w))
    for k in range(K):
        y = out_y = 0
        while y + f <= H:
            x = out_x = 0
            while x + f <= W:
                out[k, out_y, out_x] = np.sum(filters[k] * image[:, y:y + f, x:x + f]) + bias[k]
                x += stride
                out_x += 1
            y += stride
            out_y += 1
    return out

def conv_backward(dconv, image, filters, stride):
    K, _, f, _ = filters.shape
    dimage, dfilters, dbias = np.zeros(image.shape), np.zeros(filters.shape), np.zeros((K, 1))
    for k in range(K):
        for y in range(dconv.shape[1]):
            for x in range(dconv.shape[2]):
                a, b = y * stride, x * stride
                dfilters[k] += dconv[k, y, x] * image[:, a:a + f, b:b + f]
                dimage[:, a:a + f, b:b + f] += dconv[k, y, x] * filters[k]
        dbias[k] = np.sum(dconv[k])
    return dimage, dfilters, dbias
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

ONE_AXIS_CLASS = """
import numpy as np

class Conv1d:
    def __init__(self, in_channel, out_channel, kernel_size, stride=1):
        self.in_channel, self.out_channel = in_channel, out_channel
        self.kernel_size, self.stride = kernel_size, stride
        self.W = np.random.normal(0, 1.0, (out_channel, in_channel, kernel_size))
        self.b = np.zeros(out_channel)
        self.dW = np.zeros(self.W.shape)
        self.db = np.zeros(self.b.shape)

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        self.x = x
        self.batch, _, self.width = x.shape
        size = (self.width - self.kernel_size) // self.stride + 1
        out = np.zeros((self.batch, self.out_channel, size))
        for i in range(size):
            seg = x[:, :, i * self.stride:i * self.stride + self.kernel_size]
            out[:, :, i] = np.tensordot(seg, self.W, axes=([1, 2], [1, 2])) + self.b
        return out

    def backward(self, delta):
        dx = np.zeros(self.x.shape)
        for i in range(delta.shape[2]):
            a = i * self.stride
            for n in range(self.batch):
                for k in range(self.out_channel):
                    dx[n, :, a:a + self.kernel_size] += delta[n, k, i] * self.W[k]
                    self.dW[k] += delta[n, k, i] * self.x[n, :, a:a + self.kernel_size]
        self.db += delta.sum(axis=(0, 2))
        return dx
"""

SAME_WORD = """
import numpy as np

def amounts(n, r, s, padding):
    if padding == 'valid':
        return 0, 0
    if padding == 'same':
        total = max((-(-n // s) - 1) * s + r - n, 0)
        return total // 2, total - total // 2
    raise ValueError(f"unknown padding {padding}")

def conv2d(x, w, stride=1, padding='same'):
    H, W = x.shape[1:3]
    R, S = w.shape[:2]
    top, bottom = amounts(H, R, stride, padding)
    left, right = amounts(W, S, stride, padding)
    xp = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    P, Q = (xp.shape[1] - R) // stride + 1, (xp.shape[2] - S) // stride + 1
    y = np.zeros((x.shape[0], P, Q, w.shape[3]))
    for i in range(P):
        for j in range(Q):
            y[:, i, j] = np.tensordot(xp[:, i * stride:i * stride + R, j * stride:j * stride + S], w, 3)
    return y

def conv2d_grad(dy, x, w, stride=1, padding='same'):
    H, W = x.shape[1:3]
    R, S = w.shape[:2]
    top, bottom = amounts(H, R, stride, padding)
    left, right = amounts(W, S, stride, padding)
    xp = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            rows, cols = slice(i * stride, i * stride + R), slice(j * stride, j * stride + S)
            dw += np.einsum('nrsc,nk->rsck', xp[:, rows, cols], dy[:, i, j])
            dxp[:, rows, cols] += np.einsum('rsck,nk->nrsc', w, dy[:, i, j])
    return dxp[:, top:top + H, left:left + W], dw
"""

OWN_SAME = '''
import numpy as np

class SameConv:
    """Pads by half the filter, an odd zero before the input; always as large as its input."""

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
'''

FOUR_PADDINGS = """
import numpy as np

def conv_forward(x, w, b, stride, pad_top, pad_bottom, pad_left, pad_right):
    sh, sw = stride
    xp = np.pad(x, ((0, 0), (0, 0), (pad_top, pad_bottom), (pad_left, pad_right)))
    R, S = w.shape[2:]
    P, Q = (xp.shape[2] - R) // sh + 1, (xp.shape[3] - S) // sw + 1
    y = np.zeros((x.shape[0], w.shape[0], P, Q))
    for p in range(P):
        for q in range(Q):
            y[:, :, p, q] = np.einsum('ncrs,kcrs->nk', xp[:, :, p*sh:p*sh+R, q*sw:q*sw+S], w) + b
    return y

def conv_backward(dy, x, w, stride, pad_top, pad_bottom, pad_left, pad_right):
    sh, sw = stride
    xp = np.pad(x, ((0, 0), (0, 0), (pad_top, pad_bottom), (pad_left, pad_right)))
    R, S = w.shape[2:]
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for p in range(dy.shape[2]):
        for q in range(dy.shape[3]):
            dw += np.einsum('nk,ncrs->kcrs', dy[:, :, p, q], xp[:, :, p*sh:p*sh+R, q*sw:q*sw+S])
            dxp[:, :, p*sh:p*sh+R, q*sw:q*sw+S] += np.einsum('nk,kcrs->ncrs', dy[:, :, p, q], w)
    dx = dxp[:, :, pad_top:pad_top + x.shape[2], pad_left:pad_left + x.shape[3]]
    return dx, dw, dy.sum(axis=(0, 2, 3))
"""

FLAT_PADDING = """
import numpy as np

def forward(x, w, b, stride=1, padding=(0, 0, 0, 0)):
    t, u, l, r = padding
    xp = np.pad(x, ((0, 0), (0, 0), (t, u), (l, r)))
    R, S = w.shape[2:]
    P, Q = (xp.shape[2] - R) // stride + 1, (xp.shape[3] - S) // stride + 1
    y = np.zeros((x.shape[0], w.shape[0], P, Q)) + b.reshape(1, -1, 1, 1)
    for i in range(R):
        for j in range(S):
            part = xp[:, :, i:i + stride * P:stride, j:j + stride * Q:stride][:, :, :P, :Q]
            y += np.einsum('ncpq,kc->nkpq', part, w[:, :, i, j])
    return y, (xp, x.shape, w, stride, padding)

def backward(dout, cache):
    xp, shape, w, stride, (t, u, l, r) = cache
    P, Q = dout.shape[2:]
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            rows, cols = slice(i, i + stride * P, stride), slice(j, j + stride * Q, stride)
            part = xp[:, :, rows, cols][:, :, :P, :Q]
            dw[:, :, i, j] = np.einsum('ncpq,nkpq->kc', part, dout)
            dxp[:, :, rows, cols][:, :, :P, :Q] += np.einsum('nkpq,kc->ncpq', dout, w[:, :, i, j])
    return dxp[:, :, t:t + shape[2], l:l + shape[3]], dw, dout.sum((0, 2, 3))
"""

SINGLE_PRECISION = """
import numpy as np

class Conv2d:
    def __init__(self, c_in, c_out, k, stride=1, pad=0):
        self.stride, self.pad = stride, pad
        self.weight = np.random.randn(c_out, c_in, k, k).astype(np.float32)
        self.bias = np.zeros(c_out, dtype=np.float32)

    def forward(self, x):
        x = x.astype(np.float32)
        w = self.weight.astype(np.float32)
        p, s = self.pad, self.stride
        self.shape = x.shape
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        R, S = w.shape[2:]
        P, Q = (self.xp.shape[2] - R) // s + 1, (self.xp.shape[3] - S) // s + 1
        y = np.zeros((x.shape[0], w.shape[0], P, Q), dtype=np.float32)
        for i in range(P):
            for j in range(Q):
                y[:, :, i, j] = np.tensordot(self.xp[:, :, i*s:i*s+R, j*s:j*s+S], w, ([1, 2, 3], [1, 2, 3]))
        return y + self.bias.astype(np.float32)[None, :, None, None]

    def backward(self, grad_output):
        g = grad_output.astype(np.float32)
        w = self.weight.astype(np.float32)
        p, s = self.pad, self.stride
        R, S = w.shape[2:]
        dxp = np.zeros(self.xp.shape, dtype=np.float32)
        self.grad_weight = np.zeros(w.shape, dtype=np.float32)
        for i in range(g.shape[2]):
            for j in range(g.shape[3]):
                d = g[:, :, i, j]
                self.grad_weight += np.einsum('nk,ncrs->kcrs', d, self.xp[:, :, i*s:i*s+R, j*s:j*s+S])
                dxp[:, :, i*s:i*s+R, j*s:j*s+S] += np.einsum('nk,kcrs->ncrs', d, w)
        self.grad_bias = g.sum(axis=(0, 2, 3))
        return dxp[:, :, p:p + self.shape[2], p:p + self.shape[3]]
"""

UPDATE_INSIDE = '''
import numpy as np

class Conv3x3:
    """A layer that learns in its backward pass and returns nothing but dL/dx."""

    def __init__(self, num_filters, in_channels):
        self.num_filters = num_filters
        self.filters = np.random.randn(num_filters, in_channels, 3, 3) / 9

    def forward(self, input):
        self.last_input = input
        c, h, w = input.shape
        output = np.zeros((self.num_filters, h - 2, w - 2))
        for i in range(h - 2):
            for j in range(w - 2):
                region = input[:, i:i + 3, j:j + 3]
                output[:, i, j] = np.sum(region * self.filters, axis=(1, 2, 3))
        return output

    def backprop(self, d_L_d_out, learn_rate):
        d_L_d_filters = np.zeros(self.filters.shape)
        d_L_d_input = np.zeros(self.last_input.shape)
        for i in range(d_L_d_out.shape[1]):
            for j in range(d_L_d_out.shape[2]):
                region = self.last_input[:, i:i + 3, j:j + 3]
                for f in range(self.num_filters):
                    d_L_d_filters[f] += d_L_d_out[f, i, j] * region
                    d_L_d_input[:, i:i + 3, j:j + 3] += d_L_d_out[f, i, j] * self.filters[f]
        self.filters -= learn_rate * d_L_d_filters
        return d_L_d_input
'''

BLOG = """
import numpy as np

class Conv3x3:
    def __init__(self, num_filters):
        self.num_filters = num_filters
        self.filters = np.random.randn(num_filters, 3, 3) / 9

    def iterate_regions(self, image):
        h, w = image.shape
        for i in range(h - 2):
            for j in range(w - 2):
                yield image[i:(i + 3), j:(j + 3)], i, j

    def forward(self, input):
        self.last_input = input
        h, w = input.shape
        output = np.zeros((h - 2, w - 2, self.num_filters))
        for im_region, i, j in self.iterate_regions(input):
            output[i, j] = np.sum(im_region * self.filters, axis=(1, 2))
        return output

    def backprop(self, d_L_d_out, learn_rate):
        d_L_d_filters = np.zeros(self.filters.shape)
        for im_region, i, j in self.iterate_regions(self.last_input):
            for f in range(self.num_filters):
                d_L_d_filters[f] += d_L_d_out[i, j, f] * im_region
        self.filters -= learn_rate * d_L_d_filters
        return None
"""

MEAN = """
import numpy as np

class Convolution2D:
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        self.stride, self.padding = stride, padding
        self.W = np.random.randn(out_channels, in_channels, kernel_size, kernel_size)
        self.b = np.zeros((1, out_channels, 1, 1))

    def forward(self, x):
        p, s = self.padding, self.stride
        self.x = x
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        R, S = self.W.shape[2:]
        P, Q = (self.xp.shape[2] - R) // s + 1, (self.xp.shape[3] - S) // s + 1
        y = np.zeros((len(x), len(self.W), P, Q))
        for i in range(P):
            for j in range(Q):
                y[:, :, i, j] = np.einsum('ncrs,kcrs->nk', self.xp[:, :, i*s:i*s+R, j*s:j*s+S], self.W)
        return y + self.b

    def backward(self, dout):
        m = dout.shape[0]
        p, s = self.padding, self.stride
        R, S = self.W.shape[2:]
        dW, dxp = np.zeros(self.W.shape), np.zeros(self.xp.shape)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                dW += np.einsum('nk,ncrs->kcrs', dout[:, :, i, j], self.xp[:, :, i*s:i*s+R, j*s:j*s+S])
                dxp[:, :, i*s:i*s+R, j*s:j*s+S] += np.einsum('nk,kcrs->ncrs', dout[:, :, i, j], self.W)
        self.dW = dW / m
        self.db = dout.sum(axis=(0, 2, 3), keepdims=True) / m
        return dxp[:, :, p:p + self.x.shape[2], p:p + self.x.shape[3]]
"""

TRUE_CONVOLUTION = '''
import numpy as np

def conv_forward(x, w):
    """A convolution as mathematicians mean it: the filter is flipped."""
    N, C, H, W = x.shape
    K, _, R, S = w.shape
    flipped = w[:, :, ::-1, ::-1]
    y = np.zeros((N, K, H - R + 1, W - S + 1))
    for i in range(y.shape[2]):
        for j in range(y.shape[3]):
            y[:, :, i, j] = np.einsum('ncrs,kcrs->nk', x[:, :, i:i + R, j:j + S], flipped)
    return y

def conv_backward(dy, x, w):
    R, S = w.shape[2:]
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for i in range(dy.shape[2]):
        for j in range(dy.shape[3]):
            dw += np.einsum('nk,ncrs->kcrs', dy[:, :, i, j], x[:, :, i:i + R, j:j + S])
            dx[:, :, i:i + R, j:j + S] += np.einsum('nk,kcrs->ncrs', dy[:, :, i, j], w[:, :, ::-1, ::-1])
    return dx, dw[:, :, ::-1, ::-1]
'''

SEPARATE = """
import numpy as np

def conv2d_forward(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    N, C, H, W = x.shape
    K, Cg, R, S = weight.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    P = (H + 2 * padding - dilation * (R - 1) - 1) // stride + 1
    Q = (W + 2 * padding - dilation * (S - 1) - 1) // stride + 1
    y = np.zeros((N, K, P, Q), dtype=x.dtype)
    for g in range(groups):
        cs, ks = slice(g * Cg, (g + 1) * Cg), slice(g * K // groups, (g + 1) * K // groups)
        for r in range(R):
            for s in range(S):
                rows = slice(r * dilation, r * dilation + stride * (P - 1) + 1, stride)
                cols = slice(s * dilation, s * dilation + stride * (Q - 1) + 1, stride)
                y[:, ks] += np.einsum('ncpq,kc->nkpq', xp[:, cs, rows, cols], weight[ks, :, r, s])
    if bias is not None:
        y += bias.reshape(1, K, 1, 1)
    return y

def conv2d_grad_input(grad_output, weight, input_shape, stride=1, padding=0, dilation=1, groups=1):
    N, C, H, W = input_shape
    K, Cg, R, S = weight.shape
    P, Q = grad_output.shape[2:]
    dxp = np.zeros((N, C, H + 2 * padding, W + 2 * padding), dtype=grad_output.dtype)
    for g in range(groups):
        cs, ks = slice(g * Cg, (g + 1) * Cg), slice(g * K // groups, (g + 1) * K // groups)
        for r in range(R):
            for s in range(S):
                rows = slice(r * dilation, r * dilation + stride * (P - 1) + 1, stride)
                cols = slice(s * dilation, s * dilation + stride * (Q - 1) + 1, stride)
                dxp[:, cs, rows, cols] += np.einsum(
                    'nkpq,kc->ncpq', grad_output[:, ks], weight[ks, :, r, s])
    return dxp[:, :, padding:padding + H, padding:padding + W]

def conv2d_grad_weight(grad_output, x, weight_shape, stride=1, padding=0, dilation=1, groups=1):
    K, Cg, R, S = weight_shape
    P, Q = grad_output.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dw = np.zeros(weight_shape, dtype=x.dtype)
    for g in range(groups):
        cs, ks = slice(g * Cg, (g + 1) * Cg), slice(g * K // groups, (g + 1) * K // groups)
        for r in range(R):
            for s in range(S):
                rows = slice(r * dilation, r * dilation + stride * (P - 1) + 1, stride)
                cols = slice(s * dilation, s * dilation + stride * (Q - 1) + 1, stride)
                dw[ks, :, r, s] = np.einsum('nkpq,ncpq->kc', grad_output[:, ks], xp[:, cs, rows, cols])
    return dw

def conv2d_grad_bias(grad_output):
    return grad_output.sum(axis=(0, 2, 3))
"""

VALID_ONLY_FORMULAS = '''
import numpy as np
from scipy.signal import correlate2d

class Convolutional:
    """Planes with scipy: an input shape in the constructor, a bias for each output element."""

    def __init__(self, input_shape, kernel_size, depth):
        input_depth, input_height, input_width = input_shape
        self.depth, self.input_shape, self.input_depth = depth, input_shape, input_depth
        self.output_shape = (depth, input_height - kernel_size + 1, input_width - kernel_size + 1)
        self.kernels_shape = (depth, input_depth, kernel_size, kernel_size)
        self.kernels = np.random.randn(*self.kernels_shape)

    def forward(self, input):
        self.input = input
        self.output = np.zeros(self.output_shape)
        for i in range(self.depth):
            for j in range(self.input_depth):
                self.output[i] += correlate2d(self.input[j], self.kernels[i, j], "valid")
        return self.output

    def backward(self, output_gradient, learning_rate):
        kernels_gradient = np.zeros(self.kernels_shape)
        input_gradient = np.zeros(self.input_shape)
        for i in range(self.depth):
            for j in range(self.input_depth):
                kernels_gradient[i, j] = correlate2d(self.input[j], output_gradient[i], "valid")
                rotated = self.kernels[i, j][::-1, ::-1]
                grown = np.pad(output_gradient[i], [(n - 1, n - 1) for n in rotated.shape])
                input_gradient[j] += correlate2d(grown, rotated, "valid")
        self.kernels -= learning_rate * kernels_gradient
        return input_gradient
'''

STATIC = """
import numpy as np

class Conv2dFunction:
    @staticmethod
    def forward(ctx, x, w, b, stride, padding):
        ctx.saved = x, w
        ctx.stride, ctx.padding = stride, padding
        xp = np.pad(x, ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2))
        R, S = w.shape[-2:]
        P, Q = (xp.shape[2] - R) // stride + 1, (xp.shape[3] - S) // stride + 1
        y = np.zeros((x.shape[0], w.shape[0], P, Q))
        for p in range(P):
            for q in range(Q):
                a, c = p * stride, q * stride
                y[..., p, q] = xp[:, :, a:a + R, c:c + S].reshape(len(x), -1) @ w.reshape(len(w), -1).T
        return y + b[:, None, None]

    @staticmethod
    def backward(ctx, grad_output):
        x, w = ctx.saved
        stride, padding = ctx.stride, ctx.padding
        xp = np.pad(x, ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2))
        R, S = w.shape[-2:]
        dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
        for p in range(grad_output.shape[2]):
            for q in range(grad_output.shape[3]):
                a, c = p * stride, q * stride
                g = grad_output[..., p, q]
                dw += (g.T @ xp[:, :, a:a + R, c:c + S].reshape(len(x), -1)).reshape(w.shape)
                dxp[:, :, a:a + R, c:c + S] += (g @ w.reshape(len(w), -1)).reshape(-1, *w.shape[1:])
        dx = dxp[:, :, padding:padding + x.shape[2], padding:padding + x.shape[3]]
        return dx, dw, grad_output.sum(axis=(0, 2, 3)), None, None
"""

LAZY = '''
import numpy as np

class Conv2D:
    """Its filter is made at the first forward pass, when the channels are known."""

    def __init__(self, num_filters, filter_size, stride=1):
        self.num_filters, self.filter_size, self.stride = num_filters, filter_size, stride
        self.w = None
        self.b = None

    def forward(self, x):
        if self.w is None:
            shape = (self.num_filters, x.shape[1], self.filter_size, self.filter_size)
            self.w, self.b = np.random.randn(*shape), np.zeros(self.num_filters)
        s, f = self.stride, self.filter_size
        self.x = x
        P, Q = (x.shape[2] - f) // s + 1, (x.shape[3] - f) // s + 1
        y = np.zeros((x.shape[0], self.num_filters, P, Q))
        for p in range(P):
            for q in range(Q):
                y[:, :, p, q] = np.einsum('ncrs,kcrs->nk', x[:, :, p*s:p*s+f, q*s:q*s+f], self.w)
        return y + self.b[:, None, None]

    def backward(self, d_out):
        s, f = self.stride, self.filter_size
        d_x, self.d_w = np.zeros(self.x.shape), np.zeros(self.w.shape)
        for p in range(d_out.shape[2]):
            for q in range(d_out.shape[3]):
                g = d_out[:, :, p, q]
                self.d_w += np.einsum('nk,ncrs->kcrs', g, self.x[:, :, p*s:p*s+f, q*s:q*s+f])
                d_x[:, :, p*s:p*s+f, q*s:q*s+f] += np.einsum('nk,kcrs->ncrs', g, self.w)
        self.d_b = d_out.sum(axis=(0, 2, 3))
        return d_x
'''

SQUARE_ONLY = """
import numpy as np

def conv_forward(x, w, stride=1, pad=0):
    n, c, size, size2 = x.shape
    assert size == size2, "square images only"
    k, _, r, r2 = w.shape
    assert r == r2, "square filters only"
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    p = (size + 2 * pad - r) // stride + 1
    y = np.zeros((n, k, p, p))
    for i in range(p):
        for j in range(p):
            y[:, :, i, j] = np.einsum('ncrs,kcrs->nk', xp[:, :, i*stride:i*stride+r, j*stride:j*stride+r], w)
    return y

def conv_backward(dy, x, w, stride=1, pad=0):
    size, r, p = x.shape[2], w.shape[2], dy.shape[2]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for i in range(p):
        for j in range(p):
            a, b = i * stride, j * stride
            dw += np.einsum('nk,ncrs->kcrs', dy[:, :, i, j], xp[:, :, a:a+r, b:b+r])
            dxp[:, :, a:a+r, b:b+r] += np.einsum('nk,kcrs->ncrs', dy[:, :, i, j], w)
    return dxp[:, :, pad:pad+size, pad:pad+size], dw
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

EXPORTED = """
import numpy as np

def _windows(x, filter, stride, dilation):
    view = np.lib.stride_tricks.sliding_window_view(
        x, tuple(d * (r - 1) + 1 for r, d in zip(filter, dilation)), axis=(2, 3))
    return view[(slice(None), slice(None), *(slice(None, None, u) for u in stride),
                 *(slice(None, None, d) for d in dilation))]

def forward(x, f, b=None, *, stride=(1, 1), padding=((0, 0), (0, 0)), dilation=(1, 1)):
    y = np.einsum("ncpqrs,kcrs->nkpq", _windows(np.pad(x, ((0, 0), (0, 0), *padding)),
                  f.shape[2:], stride, dilation), f)
    return y if b is None else y + b.reshape(1, -1, 1, 1)

def input_gradient(dy, f, input_size, *, stride=(1, 1), padding=((0, 0), (0, 0)), dilation=(1, 1)):
    n, k, p, q = dy.shape
    wide = np.zeros((n, f.shape[1], *(h + lo + hi for h, (lo, hi) in zip(input_size, padding))))
    for r in range(f.shape[2]):
        for s in range(f.shape[3]):
            a, c = r * dilation[0], s * dilation[1]
            wide[:, :, a:a + (p - 1) * stride[0] + 1:stride[0],
                 c:c + (q - 1) * stride[1] + 1:stride[1]] += np.einsum("nkpq,kc->ncpq", dy, f[:, :, r, s])
    (t, _), (l, _) = padding
    return wide[:, :, t:t + input_size[0], l:l + input_size[1]]

def filter_gradient(x, dy, filter_size, *, stride=(1, 1), padding=((0, 0), (0, 0)), dilation=(1, 1)):
    view = _windows(np.pad(x, ((0, 0), (0, 0), *padding)), filter_size, stride, dilation)
    return np.einsum("ncpqrs,nkpq->kcrs", view, dy)

def bias_gradient(dy):
    return dy.sum(axis=(0, 2, 3))
"""

TWO_IN_A_FILE = LOOPS.replace("conv_forward", "conv_forward_slow").replace(
    "conv_backward", "conv_backward_slow"
) + WINDOWS.replace("def forward", "def conv_forward_fast").replace(
    "def backward", "def conv_backward_fast"
)

WHOLE_NETWORK = (
    IM2COL_INDICES
    + """

class ReLU:
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask

class Linear:
    def __init__(self, n_in, n_out):
        self.W, self.b = np.random.randn(n_in, n_out), np.zeros(n_out)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, dout.sum(0)
        return dout @ self.W.T

class MaxPool2D:
    def forward(self, x):
        return x[:, :, ::2, ::2]

    def backward(self, dout):
        return dout
"""
)

TRANSPOSED_TENSORS = '''
import numpy as np

class Conv:
    """Parameters with data and grad, as frameworks keep them."""

    class Parameter:
        def __init__(self, data):
            self.data, self.grad = data, np.zeros_like(data)

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, bias=True):
        self.stride, self.padding = stride, padding
        self.weight = Conv.Parameter(np.random.randn(out_channels, in_channels, kernel_size, kernel_size))
        self.bias = Conv.Parameter(np.zeros(out_channels)) if bias else None

    def forward(self, x):
        w, p, s = self.weight.data, self.padding, self.stride
        self.xp, self.hw = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p))), x.shape[2:]
        R, S = w.shape[2:]
        P, Q = (self.xp.shape[2] - R) // s + 1, (self.xp.shape[3] - S) // s + 1
        y = np.zeros((len(x), len(w), P, Q))
        for i in range(P):
            for j in range(Q):
                y[:, :, i, j] = np.einsum('ncrs,kcrs->nk', self.xp[:, :, i*s:i*s+R, j*s:j*s+S], w)
        return y if self.bias is None else y + self.bias.data[:, None, None]

    def backward(self, gradient):
        w, p, s = self.weight.data, self.padding, self.stride
        R, S = w.shape[2:]
        dw, dxp = np.zeros_like(w), np.zeros_like(self.xp)
        for i in range(gradient.shape[2]):
            for j in range(gradient.shape[3]):
                g = gradient[:, :, i, j]
                dw += np.einsum('nk,ncrs->kcrs', g, self.xp[:, :, i*s:i*s+R, j*s:j*s+S])
                dxp[:, :, i*s:i*s+R, j*s:j*s+S] += np.einsum('nk,kcrs->ncrs', g, w)
        self.weight.grad = dw
        if self.bias is not None:
            self.bias.grad = gradient.sum(axis=(0, 2, 3))
        H, W = self.hw
        return dxp[:, :, p:p + H, p:p + W]
'''

RIGHT = {
    name.lower(): text
    for name, text in list(globals().items())
    if name.isupper() and isinstance(text, str)
}
