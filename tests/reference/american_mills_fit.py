# SPDX-License-Identifier: Apache-2.0
# Coefficients of mills_series in include/alaris/pricing/american_lanes.hpp: Chebyshev fit of
# (1 + 2 z) e^{z^2} erfc(z) in t = (z - 3.75) / (z + 3.75), z >= 0. Needs mpmath. Prints the error and the terms.
from mpmath import chebyfit, erfc, exp, mp, mpf, pi, sqrt

mp.dps = 40


def scaled(t):
    t = mpf(t)
    if t >= 1:
        return 2 / sqrt(pi)
    z = mpf("3.75") * (1 + t) / (1 - t)
    if z < 60:
        return (1 + 2 * z) * exp(z * z) * erfc(z)
    total, term = mpf(1), mpf(1)
    for k in range(1, 20):
        term *= -(2 * k - 1) / (2 * z * z)
        total += term
    return (1 + 2 * z) * total / (z * sqrt(pi))


for count in (12, 17):
    terms, error = chebyfit(scaled, [-1, 1], count, error=True)
    print(count, float(error))
    print([float(x) for x in terms][::-1])
