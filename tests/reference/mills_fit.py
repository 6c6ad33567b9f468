# SPDX-License-Identifier: Apache-2.0
# Rational fits on 0 <= x <= 37 used by numeric/normal.hpp and numeric/lanes.hpp, M the Mills ratio:
#   (1 + x) M(x) = 1 + mills_top / mills_bottom,   (1 + x)^2 (1 - x M(x)) = 1 + 2 x slope_top / slope_bottom
# every polynomial led by 1. Linearised least squares, weighted anew each round by the last denominator and the last
# error (Lawson). Prints the coefficients in rising powers and the worst relative error of the left side with rounded
# coefficients.
from mpmath import mp, mpf, cos, pi, erfc, exp, sqrt, matrix, qr_solve, polyval

mp.dps = 60
LAST, CENTRE = 37, mpf("3.75")


def mills(x):
    return sqrt(pi / 2) * exp(x * x / 2) * erfc(x / sqrt(2))


def mills_part(x):
    return (1 + x) * mills(x) - 1


def slope_part(x):
    return ((1 + x) ** 2 * (1 - x * mills(x)) - 1) / (2 * x)


def nodes(count):
    reach = (LAST - CENTRE) / (LAST + CENTRE)
    for i in range(count):
        t = -1 + (cos(pi * (2 * i + 1) / (2 * count)) + 1) / 2 * (reach + 1)
        yield CENTRE * (1 + t) / (1 - t)


def fit(function, factor, top_degree, bottom_degree):
    """The error is that of 1 + factor(x) * function(x), relative."""
    xs = list(nodes(6 * (top_degree + bottom_degree + 2)))
    truth = [function(x) for x in xs]
    unit = [(1 + factor(x) * f) / factor(x) for x, f in zip(xs, truth)]
    weight = [mpf(1)] * len(xs)
    below = [(1 + x) ** bottom_degree for x in xs]
    best = None
    for _ in range(12):
        rows, target = matrix(len(xs), top_degree + bottom_degree), matrix(len(xs), 1)
        for i, x in enumerate(xs):
            scale = sqrt(weight[i]) / (unit[i] * below[i])
            for j in range(top_degree):
                rows[i, j] = scale * x**j
            for j in range(bottom_degree):
                rows[i, top_degree + j] = -scale * truth[i] * x**j
            target[i] = scale * (truth[i] * x**bottom_degree - x**top_degree)
        solved = qr_solve(rows, target)[0]
        top = [solved[j] for j in range(top_degree)] + [mpf(1)]
        bottom = [solved[top_degree + j] for j in range(bottom_degree)] + [mpf(1)]
        below = [polyval(bottom[::-1], x) for x in xs]
        errors = [abs(polyval(top[::-1], x) / d - f) / u for x, d, f, u in zip(xs, below, truth, unit)]
        if best is None or max(errors) < best[0]:
            best = max(errors), top, bottom
        mean = sum(errors) / len(errors)
        weight = [w * (e / mean + mpf("1e-3")) for w, e in zip(weight, errors)]
        mean = sum(weight) / len(weight)
        weight = [w / mean for w in weight]
    return ([mpf(float(c)) for c in part] for part in best[1:])


for name, function, factor, degrees in (("mills", mills_part, lambda x: 1, (9, 10)),
                                        ("slope", slope_part, lambda x: 2 * x, (9, 11))):
    top, bottom = fit(function, factor, *degrees)
    worst = max(abs(polyval(top[::-1], x) / polyval(bottom[::-1], x) - function(x)) / (1 / factor(x) + function(x))
                for x in (mpf(i) / 16 for i in range(1, 16 * LAST + 1)))
    for part, values in (("top", top), ("bottom", bottom)):
        print("%s_%s" % (name, part), ", ".join("%.17g" % float(c) for c in values[:-1]))
    print("worst relative error", mp.nstr(worst, 3))
