"""What is read of numpy is what numpy does: ways to make, cut and combine arrays."""

import pytest
from programs.reading import agree, function, read

from symconv.programs.refusal import UnreadError

SIZES = [
    {
        "N": 2,
        "C": 3,
        "H": 5,
        "W": 6,
        "K": 4,
        "R": 2,
        "S": 3,
        "P": 2,
        "Q": 3,
        "G": 2,
        "u": 2,
        "pad": 1,
    },
    {
        "N": 1,
        "C": 2,
        "H": 2,
        "W": 1,
        "K": 3,
        "R": 2,
        "S": 1,
        "P": 1,
        "Q": 2,
        "G": 1,
        "u": 1,
        "pad": 0,
    },
    {
        "N": 3,
        "C": 1,
        "H": 4,
        "W": 7,
        "K": 1,
        "R": 1,
        "S": 2,
        "P": 3,
        "Q": 1,
        "G": 3,
        "u": 3,
        "pad": 2,
    },
]

SAME = [
    "x + x",
    "x - 2 * x[:, :, ::-1]",
    "-w",
    "w / 4",
    "w / N * 2 / N",
    "1. / N * b + b",
    "np.sum(x, axis=1) / (N * u)",
    "x[:, None] * w[:, 0, 0, 0][:, None, None, None]",
    "w * b[:, None, None, None]",
    "b.reshape(1, -1, 1, 1) + np.zeros((N, K, P, Q))",
    "np.ones((N, K)) * b",
    "np.full((N, K), 2.0) + b",
    "x[0]",
    "x[:, -1]",
    "x[..., 0]",
    "x[:, 0, H - 1]",
    "x[:, :, pad:pad + H] if pad == 0 else x",
    "x[:, :, ::u, ::u]",
    "x[:, :, :R, W - S:]",
    "x[:, :, H - R:, :-1] if W > 1 else x",
    "x[0][0]",
    "x[:, None, :, :, None, :]",
    "x.T",
    "x.transpose(0, 2, 3, 1)",
    "x.transpose((3, 0, 1, 2))",
    "np.transpose(x, axes=(0, 2, 1, 3))",
    "np.swapaxes(x, 0, -1)",
    "np.moveaxis(x, 1, -1)",
    "np.moveaxis(x, -1, 0)",
    "np.expand_dims(b, (0, 2))",
    "np.squeeze(x[:, :1], axis=1)",
    "x[::-1, ::-1]",
    "np.flip(w, (2, 3))",
    "np.flip(w)",
    "np.rot90(w, 2, axes=(2, 3))",
    "np.flipud(m)",
    "np.fliplr(m)",
    "np.pad(x, ((0, 0), (0, 0), (pad, 2), (1, pad)))",
    "np.pad(m, 1, 'constant')",
    "np.pad(m, (1, 2))",
    "np.pad(m, ((1, 2),), mode='constant', constant_values=0)",
    "np.pad(m, ((1,), (pad,)))",
    "x.sum()",
    "x.sum(axis=1)",
    "np.sum(x, axis=(0, -1))",
    "np.sum(x, (1, 2), keepdims=True)",
    "m @ t",
    "m @ t[:, 0]",
    "a @ m",
    "a @ a",
    "w.reshape(K, -1) @ w.reshape(K, -1).T",
    "x.transpose(2, 0, 3, 1) @ t",
    "np.dot(m, t)",
    "np.dot(x.transpose(0, 2, 3, 1), t)",
    "np.matmul(m, t)",
    "np.tensordot(x, w[:, :, 0, 0], axes=(1, 1))",
    "np.tensordot(m, t, 1)",
    "np.tensordot(a, b, 0)",
    "np.tensordot(x, x, axes=([1, 2, 3], [1, 2, 3]))",
    "np.einsum('nchw,kc->nkhw', x, w[:, :, 0, 0])",
    "np.einsum('nc,ck', m, t)",
    "np.einsum('kc, nc -> nk', t.T, m)",
    "np.einsum('nc->cn', m)",
    "np.multiply(m, m)",
    "np.add(m, m)",
    "np.lib.stride_tricks.sliding_window_view(x, (R, S), axis=(2, 3))",
    "np.lib.stride_tricks.sliding_window_view(x, (R, S), axis=(2, 3))[:, :, ::u, ::u]",
    "np.lib.stride_tricks.as_strided(x, (N, C, (H - R) // u + 1, R), (*x.strides[:2], "
    "x.strides[2] * u, x.strides[2]))",
    "x.reshape(N, -1)",
    "x.reshape(-1, W)",
    "x.reshape(N * C, H * W)",
    "x.reshape(N, C, -1)[:, :, ::-1].reshape(N, C, H, W)",
    "x.reshape(N, C * H, W).transpose(1, 0, 2).reshape(C, H, -1)",
    "np.reshape(x, (N, 1, C, H, W))",
    "x.reshape((N, C * H * W)) * 2",
    "np.zeros_like(x)",
    "np.copy(x)[0]",
    "np.array(x)",
    "x.astype(np.float64)",
    "np.asarray(x) + 1",
]

WRITTEN = [
    """
y = np.zeros((N, K))
for n in range(N):
    y[n] = b
return y
""",
    """
y = np.zeros((N, C, H, W))
for i in range(R):
    for j in range(S):
        y[:, :, i:i + H - R + 1, j:j + W - S + 1] += x[:, :, R - 1 - i:H - i, S - 1 - j:W - j]
return y
""",
    """
y = np.zeros((N, C, u * H, W))
y[:, :, ::u] = x
return y
""",
    """
y = np.zeros((N, C, H + 2 * pad, W))
y[:, :, pad:pad + H] += x
y[:, :, :H] -= x
return y
""",
    """
y = np.copy(x)
y[:, 0] = 0
y[0] += x[0]
y *= 2
return y
""",
    """
total = 0
for n in range(N):
    for c in range(C):
        total += m[n, c]
        total = total - a[n]
return total + b
""",
    """
y = np.empty((N, C))
for n in range(N):
    for c in range(C):
        y[n, c] = 0
        for h in range(H):
            if h >= 1:
                y[n, c] += x[n, c, h, 0]
            else:
                y[n, c] -= x[n, c, h, 0]
            if h < R and h >= 1:
                y[n, c] += x[n, c, h, 0]
return y
""",
    """
y = np.zeros(H)
for h in range(H - 1, -1, -1):
    if h % u == 0:
        y[h] = a[0]
    if not h < R:
        continue
    y[h] += b[0]
return y
""",
    """
y = np.zeros((N, H))
for n in range(N):
    row = y[n]
    for h in range(1, H):
        s = 0
        if h < R:
            s = x[n, 0, h, 0]
        row[h] += s
return y
""",
    """
y = np.zeros((K, C))
for k, row in enumerate(y):
    row += t[:, k]
for row, c in zip(w, t.T):
    y[0] += c * row[0, 0, 0]
return y
""",
    """
y = np.zeros((C, H, W))
for c, h in np.ndindex(C, H):
    y[c, h] += x[0, c, h]
return y
""",
    """
y = np.zeros((N, C * H))
y += x[:, :, :, 0].reshape(N, -1)
y[:, 0] = a
return y
""",
    """
sizes = [n + 2 * pad for n in x.shape[2:]]
sizes.append(1)
first, *rest = sizes
y = np.zeros((first, *rest))
return y + max(1, 2) * b[0]
""",
    """
p = (H - R) // u + 1
q = int((W - S) / u) + 1
r = math.ceil((H - R + 1) / u)
s = -(-(W - S + 1) // u)
d, e = divmod(H, u)
return np.zeros((p, q, r, s, d + 1, e + 1)) + b[0]
""",
    """
lo = max(R - S, 0)
hi = min(R, S)
if R == S:
    return np.zeros((lo + 1, hi)) + b[0]
return np.zeros((hi, lo + 1)) - b[0]
""",
    """
y = np.copy(m)
z = np.einsum("nc->cn", y)
z += np.ones((C, N))
return y
""",
    """
y = np.zeros((N, K))
z = y
z += b
y = y + 1
return z
""",
]


@pytest.mark.parametrize("body", [*SAME, *WRITTEN])
def test_what_is_read_is_what_runs(body):
    text = function(body)
    for sizes in SIZES:
        assert agree(text, sizes), (body, sizes, read(text))


REFUSED = [
    ("x[:, :, pad:-pad]", "may be negative"),
    ("x[:, 1]", "not seen to lie"),
    ("x[:, :, :R + 1]", "may go beyond"),
    ("x[:, :, R:1]", "may end before it starts"),
    ("x[:, :, ::-2]", "at least 1"),
    ("x[x > 0]", "Gt is not read"),
    ("x[[0, 1]]", "is indexed by list"),
    ("x / pad", "may be 0"),
    ("y = np.zeros((N, K))\nfor n in range(1, N):\n    y[n] = b / n\nreturn y", "by an index"),
    ("x + w", "not seen to be equal"),
    ("x // 2", "FloorDiv of arrays"),
    ("x ** 2", "Pow of arrays"),
    ("np.exp(x)", "numpy.exp is not read"),
    ("x.max()", "the method max"),
    ("np.zeros((N, K), dtype=int) + b", "another data type"),
    ("np.zeros((H - 2 * R, K)) + b", "may be negative"),
    ("np.pad(x, -pad)", "may be negative"),
    ("np.pad(x, 1, mode='edge')", "something else than zeros"),
    ("np.empty((N, K))", "not seen to be written whole"),
    ("np.zeros((int((R - H) / u) + 9,)) + b[0]", "rounds up where a is negative"),
    ("np.zeros((round(H / u),)) + b[0]", "round is not known"),
    ("x.reshape(N * u, -1)", "remainder"),
    ("np.lib.stride_tricks.sliding_window_view(x, (H + 1, 1), axis=(2, 3))", "seen to fit"),
    ("np.einsum('nchw,kc->nkhw', x, w[:, :, 0, 0], out=x)", "subscripts and arrays alone"),
    ("np.full((N, K), 2) + b", "integers of an integer"),
    ("np.einsum('nn->n', m)", "diagonal"),
    ("np.lib.stride_tricks.as_strided(x, (N, 1, H, 2), x.strides)", "beyond the end"),
    ("np.lib.stride_tricks.as_strided(x, (N,), w.strides[:1])", "its own array"),
    ("np.lib.stride_tricks.as_strided(x, (N, C), (8, 8))", "its own array"),
    ("np.add(x, x, x)", "arguments that are not read"),
    ("(lambda y: y)(x)", "Lambda is not read"),
    ("[y := x][0]", "NamedExpr is not read"),
    ("b if x[0, 0, 0, 0] else b", "truth value of an array"),
    ("y = x\ny += 1\nreturn y", "given is changed in place"),
    ("y = x[0]\ny[:] = 0\nreturn x", "given is changed in place"),
    ("y = x.reshape(N, -1)\nz = y + 0\nz = z.reshape(-1)\nz += 1\nreturn z", "may share memory"),
    ("y = np.zeros((N, K))\nz = y.reshape(-1)\ny += b\nreturn z", "may share memory"),
    ("y = np.zeros(N)\nfor n in range(N):\n    y[0] = a[n]\nreturn y", "another round writes"),
    ("y = np.zeros(N)\nfor n in range(N - 1):\n    y[n + 1] += y[n] + a[n]\nreturn y",
     "another round writes"),
    ("y = np.empty(N)\nfor n in range(1, N):\n    y[n] = a[n]\nreturn y", "written whole"),
    ("y = np.empty(N)\nfor n in range(N):\n    if n < R:\n        y[n] = a[n]\nreturn y",
     "under a condition"),
    ("for n in range(N):\n    y = a[n] * b\nreturn y", "a loop that has ended"),
    ("for n in range(N):\n    pass\nreturn a[n] * b", "a loop that has ended"),
    ("y = b\nfor n in range(N):\n    y = y * a[n]\nreturn y", "leaves to the next"),
    ("s = 0\nfor n in range(N):\n    s += 1\n    s = s * 1\nreturn b * s", "leaves to the next"),
    ("y = 0\nfor n in range(N):\n    z = y\n    y += a[n]\nreturn b * z", "leaves to the next"),
    ("for n in range(N):\n    if n > R:\n        break\nreturn b", "Break is not read"),
    ("for n in range(N):\n    if n > R:\n        if n > S:\n            continue\nreturn b",
     "Continue is not read"),
    ("for n in range(N):\n    return a[n] * b\nreturn b", "a return inside"),
    ("n = 0\nwhile n < N:\n    n += 1\nreturn b", "While is not read"),
    ("try:\n    y = b\nexcept ValueError:\n    y = b\nreturn y", "Try is not read"),
    ("y = np.zeros((N, N))\ny.T[0:N] += a\ny[::1, 0] = 1\nz = y + 0\nz[np.newaxis] = a\n"
     "del z\nreturn y", "Delete is not read"),
    ("v = np.lib.stride_tricks.sliding_window_view(np.copy(b), 1)\nv += 1\nreturn v",
     "cannot be written"),
    ("for n in range(N):\n    H = n\nreturn b * H", "a loop that has ended"),
    ("y = np.zeros(N)\nfor n in range(N):\n    if n < R or n > S:\n        y[n] = 1\nreturn y",
     "one of several conditions"),
    ("N.foo = 1\nreturn b", "something else than an object"),
    ("y = {'a': b}\nfor n in range(N):\n    y['a'] = b * 2\nreturn y['a']", "inside of a loop"),
    ("y = []\nfor n in range(N):\n    y.append(a[n])\nreturn b", "list.append is not read"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "reason"), REFUSED)
def test_what_is_not_read_is_refused(body, reason):
    with pytest.raises(UnreadError, match=reason.replace("(", r"\(").replace("*", r"\*")):
        print(read(function(body)))
