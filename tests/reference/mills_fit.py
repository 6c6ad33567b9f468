# SPDX-License-Identifier: Apache-2.0
# Chebyshev fits of the Mills ratio and its slope used by numeric/normal.hpp. Prints the coefficients and the worst relative error.
from mpmath import mp, mpf, cos, pi, erfc, exp, sqrt, chebyt
mp.dps = 60
CENTRE = mpf('3.75')
def mills(z):
    return sqrt(pi / 2) * exp(z * z / 2) * erfc(z / sqrt(2)) if z < 60 else mills_tail(z)
def mills_tail(z):
    f = z
    for n in range(400, 0, -1):
        f = z + n / f
    return 1 / f
def slope(z):  # 1 - z M(z), from the continued fraction where the subtraction would cancel
    return 1 - z * mills(z)
def z_of(t):
    return CENTRE * (1 + t) / (1 - t)
def first(t):
    return mpf(1) if t == 1 else mills(z_of(t)) * (1 + z_of(t))
def second(t):
    z = z_of(t)
    return slope(z) * (1 + z) ** 2
def fit(f, terms, weight):
    nodes = 4 * terms
    xs = [cos(pi * (2 * i + 1) / (2 * nodes)) for i in range(nodes)]
    fs = [f(x) for x in xs]
    cheb = [2 * sum(v * cos(k * pi * (2 * i + 1) / (2 * nodes)) for i, v in enumerate(fs)) / nodes for k in range(terms)]
    cheb[0] /= 2
    a, b = [mpf(1)], [mpf(0), mpf(1)]
    mono = [mpf(0)] * terms
    for c in cheb:
        for i, v in enumerate(a):
            mono[i] += c * v
        nxt = [mpf(0)] + [2 * v for v in b]
        for i, v in enumerate(a):
            nxt[i] -= v
        a, b = b, nxt
    worst = max(abs(sum(float(m) * x ** i for i, m in enumerate(mono)) / f(x) - 1) for x in [mpf(j) / 311 for j in range(-311, 311)])
    return mono, worst
for name, f, terms in (("mills", first, 26), ("mills_slope", second, 28)):
    mono, worst = fit(f, terms, 1)
    print(name, terms, "terms, worst relative error", mp.nstr(worst, 3))
    print(",\n".join("    %.17g" % float(m) for m in mono))
