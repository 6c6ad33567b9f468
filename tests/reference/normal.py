# SPDX-License-Identifier: Apache-2.0
# Writes normal.csv: density, lower tail, Mills ratio and its slope of the standard normal distribution at exact doubles.
from mpmath import erfc, exp, mp, mpf, pi, sqrt

mp.dps = 60


def mills(x):
    if x < 40:
        return sqrt(pi / 2) * exp(x * x / 2) * erfc(x / sqrt(2))
    f = x
    for n in range(300, 0, -1):
        f = x + n / f
    return 1 / f


points = [0.0, 1e-8, 1e6] + [k / 8 + 1 / 1024 for k in range(0, 80)] + [k * 1.37 for k in range(8, 27)]
points += [36.99, 37.01, 38.2, 41.3, 50.7, 77.7, 210.3, 3000.1]  # about and beyond the border of the quotients
with open("normal.csv", "w") as out:
    out.write("x,pdf,cdf_minus_x,mills,slope\n")
    for x in points:
        z = mpf(x)
        m = mills(z)
        row = [exp(-z * z / 2) / sqrt(2 * pi), erfc(z / sqrt(2)) / 2, m, 1 - z * m]
        out.write(",".join("%.17g" % float(v) for v in [z] + row) + "\n")
