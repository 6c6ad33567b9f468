# SPDX-License-Identifier: Apache-2.0
# Chebyshev fits of the exponential and the logarithm used by numeric/lanes.hpp. Prints coefficients and worst errors.
from mpmath import mp, mpf, atanh, binomial, cos, exp, log, pi, sqrt
mp.dps = 50
def fit(f, low, high, terms):
    """Coefficients in rising powers of x, from a Chebyshev interpolation on [low, high]."""
    nodes, centre, half = 6 * terms, (low + high) / 2, (high - low) / 2
    ts = [cos(pi * (2 * i + 1) / (2 * nodes)) for i in range(nodes)]
    fs = [f(centre + half * t) for t in ts]
    cheb = [2 * sum(v * cos(k * pi * (2 * i + 1) / (2 * nodes)) for i, v in enumerate(fs)) / nodes for k in range(terms)]
    cheb[0] /= 2
    a, b, mono = [mpf(1)], [mpf(0), mpf(1)], [mpf(0)] * terms
    for c in cheb:
        for i, v in enumerate(a):
            mono[i] += c * v
        following = [mpf(0)] + [2 * v for v in b]
        for i, v in enumerate(a):
            following[i] -= v
        a, b = b, following
    mono = [m / half**i for i, m in enumerate(mono)]
    return [float(sum(mono[i] * binomial(i, k) * (-centre)**(i - k) for i in range(k, terms))) for k in range(terms)]
def value(coefficients, x):
    return sum(c * x**i for i, c in enumerate(coefficients))
def show(title, coefficients, worst):
    print(title, len(coefficients), "terms, worst relative error", mp.nstr(worst, 3))
    print(",\n".join("    %.17g" % c for c in coefficients))
end = log(2) / 2
rest = lambda r: (exp(r) - 1 - r) / r**2 if abs(r) > mpf(10)**-8 else mpf(1) / 2 + r / 6
c = fit(rest, -end, end, 10)
grid = [end * mpf(j) / 500 for j in range(-500, 501)]
show("(e^r - 1 - r) / r^2", c, max(abs((1 + r + r * r * value(c, r)) / exp(r) - 1) for r in grid))
top = ((sqrt(2) - 1) / (sqrt(2) + 1))**2
rest = lambda t: 2 * (atanh(sqrt(t)) / sqrt(t) - 1) / t if t > mpf(10)**-12 else mpf(2) / 3 + 2 * t / 5
c = fit(rest, mpf(0), top, 7)
grid = [sqrt(top) * mpf(j) / 500 for j in range(1, 501)]
show("(ln m - 2 s) / s^3 in s^2", c, max(abs((2 * s + s**3 * value(c, s * s)) / (2 * atanh(s)) - 1) for s in grid))
