# SPDX-License-Identifier: Apache-2.0
# Tables of the Bachelier bridge (volatility/bridge_tables.hpp), from nothing but the definitions; prints the header.
#
# h = |ln(K/F)|, v total stdev, c = out-of-the-money value over min(F, K), E = e^h - 1. D solves the Bachelier problem
# D / (phi(D) - D Phi(-D)) = E / c, t = h / D, and v = t S(X, eta) with X = t^2, eta = h^2, where
#     ln(S + 2 X S_X) = ln kappa(eta) + (eta / 2)(S^-2 - 1) / X + X S^2 / 8,   kappa = sinh(h/2) / (h/2),  S(0, eta) = 1.
# (Derivation and idea: Schadner, arXiv 2604.24480, and the volfi project.) Solved order by order in X with exact
# fractions; the division by eta at each order is exact, which is asserted. Then S is re-expanded by Chebyshev
# interpolation on the two regions the kernels use.
from fractions import Fraction
from mpmath import mp, mpf, cos, erfc, exp, expm1, findroot, log1p, pi, sqrt
mp.dps = 40
ROWS = 26
WIDTH = ROWS + 3
def product(a, b, n):
    out = [Fraction(0)] * n
    for i, x in enumerate(a[:n]):
        for j, y in enumerate(b[:n - i]):
            out[i + j] += x * y
    return out
def add(a, b, factor=1):
    return [x + factor * y for x, y in zip(a, b)]
def padded(a, n):
    return (a + [Fraction(0)] * n)[:n]
factorial = [Fraction(1)]
for i in range(1, 2 * WIDTH + 4):
    factorial.append(factorial[-1] * i)
kappa = [1 / (factorial[2 * i + 1] * 4**i) for i in range(WIDTH)]
log_kappa = [Fraction(0)] * WIDTH
for k in range(1, WIDTH):
    log_kappa[k] = (k * kappa[k] - sum(j * log_kappa[j] * kappa[k - j] for j in range(1, k))) / k
# Coefficients of X^k, each a polynomial in eta: of S, 1/S, S^2, S + 2 X S_X and its logarithm.
S, inverse, square, slope, log_slope = [[Fraction(1)]], [[Fraction(1)]], [[Fraction(1)]], [[Fraction(1)]], [[Fraction(0)]]
for k in range(ROWS):
    n = WIDTH - k
    rest = [Fraction(0)] * n  # of 1/S at X^(k+1), without S_(k+1)
    both = [Fraction(0)] * n
    for i in range(1, k + 1):
        rest = add(rest, product(S[i], inverse[k + 1 - i], n), -1)
        both = add(both, product(inverse[i], inverse[k + 1 - i], n))
    known = add(both, rest, 2)  # 1/S^2 at X^(k+1) is known - 2 S_(k+1)
    total = add(padded(log_kappa, n) if k == 0 else [Fraction(0)] * n, padded(log_slope[k], n), -1)
    if k > 0:
        total = add(total, [x / 8 for x in padded(square[k - 1], n)])
    total = [total[0]] + [total[j] + known[j - 1] / 2 for j in range(1, n)]
    assert total[0] == 0
    S.append(total[1:])
    m = n - 1
    inverse.append(add(rest[:m], S[-1], -1))
    square.append([sum(x) for x in zip(*(product(S[i], S[k + 1 - i], m) for i in range(k + 2)))])
    slope.append([(2 * k + 3) * x for x in S[-1]])
    tail = [(k + 1) * x for x in slope[-1]]
    for j in range(1, k + 1):
        tail = add(tail, product(log_slope[j], slope[k + 1 - j], m), -j)
    log_slope.append([x / (k + 1) for x in tail])
assert S[1][:2] == [Fraction(1, 24), Fraction(-1, 2880)] and S[2][0] == Fraction(7, 1920)
# S = 1 + sum_m x^m P_m(y), x = (h/D)^2, y = D^2
P = [None] + [[mpf(S[m - j][j].numerator) / S[m - j][j].denominator for j in range(m)] for m in range(1, ROWS + 1)]
def near(x, y):  # (S - 1) / x
    return sum(x**(m - 1) * sum(p * y**j for j, p in enumerate(P[m])) for m in range(1, ROWS + 1))
def far(eta, w):  # (S - 1) / eta, w = 1 / D^2
    return sum(eta**(m - 1) * sum(p * w**(m - j) for j, p in enumerate(P[m])) for m in range(1, ROWS + 1))
def bachelier(d):  # a(D) = ln(1 + E / c)
    return log1p(d / (exp(-d * d / 2) / sqrt(2 * pi) - d * erfc(d / sqrt(2)) / 2))
def distance(a):
    start = a * mpf('0.39') if a < 6 else sqrt(2 * a) - 1
    return findroot(lambda d: bachelier(d) - a, (start, start * mpf('1.02')))
def over_a(a):
    return distance(a) / a if a > mpf(10)**-10 else 1 / sqrt(2 * pi)
def over_root(u):
    return 1 / (distance(1 / u**2) * u)
def chebyshev(f, low, high, n):
    nodes = 2 * n
    ts = [cos(pi * (2 * i + 1) / (2 * nodes)) for i in range(nodes)]
    fs = [f((low + high) / 2 + (high - low) / 2 * t) for t in ts]
    c = [2 * sum(v * cos(k * pi * (2 * i + 1) / (2 * nodes)) for i, v in enumerate(fs)) / nodes for k in range(n)]
    return [c[0] / 2] + c[1:]
def powers(c):
    a, b, out = [mpf(1)], [mpf(0), mpf(1)], [mpf(0)] * len(c)
    for x in c:
        for i, v in enumerate(a):
            out[i] += x * v
        following = [mpf(0)] + [2 * v for v in b]
        for i, v in enumerate(a):
            following[i] -= v
        a, b = b, following
    return out
def transposed(rows):
    return [list(x) for x in zip(*rows)]
def chebyshev2(f, xs, ys, n, m, scale):
    """Powers of (u, v) in [-1, 1]^2, rows by u, each cut where its terms fall below 3e-17 of S."""
    nodes = 2 * n
    us = [cos(pi * (2 * i + 1) / (2 * nodes)) for i in range(nodes)]
    half = [chebyshev(lambda y: f((xs[0] + xs[1]) / 2 + (xs[1] - xs[0]) / 2 * u, y), ys[0], ys[1], m) for u in us]
    c = [[2 * sum(half[i][k] * cos(l * pi * (2 * i + 1) / (2 * nodes)) for i in range(nodes)) / nodes for k in range(m)]
         for l in range(n)]
    c[0] = [v / 2 for v in c[0]]
    terms = [max([k + 1 for k, v in enumerate(row) if abs(v) * scale > 3e-17], default=0) for row in c]
    for l in range(n - 2, -1, -1):
        terms[l] = max(terms[l], terms[l + 1])  # so that cutting and re-expanding commute
    c = [[v if k < terms[l] else mpf(0) for k, v in enumerate(row)] for l, row in enumerate(c)]
    c = [powers(row) for row in c]
    c = transposed([powers(column) for column in transposed(c)])
    return [row[:t] for row, t in zip(c, terms) if t > 0]
BORDER, LAST, NEAR_X, FAR_H = mpf('6.25'), mpf(45), mpf('0.92'), mpf('1.5')
d_border, d_last = distance(BORDER), distance(LAST)
g = powers(chebyshev(over_a, mpf(0), BORDER, 24))
f = powers(chebyshev(over_root, 1 / sqrt(LAST), 1 / sqrt(BORDER), 28))
a_rows = chebyshev2(near, (mpf(0), NEAR_X), (mpf(0), d_border**2), 14, 12, NEAR_X)
b_rows = chebyshev2(far, (mpf(0), FAR_H**2), (1 / d_last**2, 1 / d_border**2), 14, 12, FAR_H**2)
def value(rows, u, v):
    return sum(u**i * sum(float(c) * v**j for j, c in enumerate(row)) for i, row in enumerate(rows))
def check():
    def black(h, v):
        return erfc((h / v - v / 2) / sqrt(2)) / 2 - exp(h) * erfc((h / v + v / 2) / sqrt(2)) / 2
    worst = [mpf(0), mpf(0)]
    for i in range(1, 12):
        for j in range(1, 12):
            a, t = BORDER * i / 11, sqrt(NEAR_X) * j / 11
            d = distance(a)
            h, y = t * d, d * d
            c = expm1(h) / expm1(a)
            true = findroot(lambda v: black(h, v) / c - 1, t * (1 + t * t * near(t * t, y)))
            u, v = 2 * t * t / NEAR_X - 1, 2 * y / d_border**2 - 1
            worst[0] = max(worst[0], abs(t * (1 + t * t * value(a_rows, u, v)) / true - 1))
            a, h = BORDER + (LAST - BORDER) * i / 11, FAR_H * j / 11
            d = distance(a)
            t, w = h / d, 1 / d**2
            c = expm1(h) / expm1(a)
            true = findroot(lambda v: black(h, v) / c - 1, t * (1 + h * h * far(h * h, w)))
            low, high = 1 / d_last**2, 1 / d_border**2
            u, v = 2 * h * h / FAR_H**2 - 1, (2 * w - low - high) / (high - low)
            worst[1] = max(worst[1], abs(t * (1 + h * h * value(b_rows, u, v)) / true - 1))
    return worst
def array(name, values):
    print("inline constexpr double %s[]{" % name)
    print(",\n".join("    %.17g" % float(v) for v in values) + "};")
def table(name, rows):
    print("struct %s {" % name)
    print("  static constexpr std::size_t rows = %d;" % len(rows))
    print("  static constexpr std::size_t terms[] = {%s};" % ", ".join(str(len(r)) for r in rows))
    print("  static constexpr double values[] = {\n" + ",\n".join("      %.17g" % float(v) for r in rows for v in r) + "};\n};")
worst = check()
errors = [max(abs(sum(float(c) * t**i for i, c in enumerate(table_)) / true((lo + hi) / 2 + (hi - lo) / 2 * t) - 1)
              for t in [mpf(k) / 100 for k in range(-100, 101)])
          for table_, true, lo, hi in ((g, over_a, mpf(0), BORDER), (f, over_root, 1 / sqrt(LAST), 1 / sqrt(BORDER)))]
print("// Worst relative errors of the tables: D / a %s, 1 / (D u) %s, S near %s, S far %s." %
      tuple(mp.nstr(e, 2) for e in errors + worst))
print("inline constexpr double bridge_border = %.17g, bridge_last = %.17g;  // of a" % (BORDER, LAST))
print("inline constexpr double bridge_near_x = %.17g, bridge_far_h = %.17g;" % (NEAR_X, FAR_H))
print("inline constexpr double bridge_near_y = %.17g;  // D^2 at the border" % float(d_border**2))
print("inline constexpr double bridge_far_w[] = {%.17g, %.17g};  // 1 / D^2 at the last and at the border" %
      (float(1 / d_last**2), float(1 / d_border**2)))
print("inline constexpr double bridge_root_low = %.17g, bridge_root_high = %.17g;  // 1 / sqrt(a) there" %
      (float(1 / sqrt(LAST)), float(1 / sqrt(BORDER))))
array("bridge_over_a", g)
array("bridge_over_root", f)
table("BridgeNear", a_rows)
table("BridgeFar", b_rows)
