"""Values that the tests of src/check/evidence compare with: `python3 reference.py`, with NumPy.

Nothing here is nn's: integrals are trapezoids on a fine grid, the Hessian is of central differences.
"""

import numpy as np


def expectation(f, q):
    z = np.linspace(-12, 12, 4_000_001)
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    return np.trapezoid(f(np.sqrt(q) * z) * density, z)


def activations():
    sigmoid = lambda z: 1 / (1 + np.exp(-np.clip(z, -700, 700)))
    for name, f, slope in [
        ("tanh", np.tanh, lambda z: 1 - np.tanh(z) ** 2),
        ("sigmoid", sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    ]:
        for q in [0.01, 1.0, 9.0, 400 / 3, 400.0]:
            mean, square = expectation(f, q), expectation(lambda z: f(z) ** 2, q)
            print(f"{name} q={q}: mean {mean:.7f} square {square:.7f} slope² {expectation(lambda z: slope(z) ** 2, q):.7f}")


def curvature():
    x = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]], float)
    y = np.array([2, 6, -4, 0], float)

    def loss(p):
        w, b, v, c = p[:4].reshape(2, 2), p[4:6], p[6:8], p[8]
        return np.mean((np.tanh(x @ w.T + b) @ v + c - y) ** 2)

    start = np.array([0.3] * 4 + [0.1] * 2 + [0.7] * 2 + [0.0])
    n, h = len(start), 1e-4
    hessian = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            def at(a, b):
                p = start.copy()
                p[i] += a * h
                p[j] += b * h
                return loss(p)
            hessian[i, j] = (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4 * h * h)
    print("curvature", np.linalg.eigvalsh(hessian)[-1])


activations()
curvature()
