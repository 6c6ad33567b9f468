// SPDX-License-Identifier: Apache-2.0
#include "plain_loop.hpp"

#include <cmath>

namespace bench {

void plain_prices(const PlainColumns& in, std::size_t count) {
  constexpr double root_half = 0.70710678118654752440;
  const PlainColumns c = in;
#pragma omp simd
  for (std::size_t i = 0; i < count; ++i) {
    const double w = c.sign[i], root = sqrt(c.years[i]), stdev = c.volatility[i] * root;
    const double d1 = (log(c.spot[i] / c.strike[i]) + (c.rate[i] - c.yield[i]) * c.years[i]) / stdev + 0.5 * stdev;
    const double d2 = d1 - stdev;
    const double stock = c.spot[i] * exp(-c.yield[i] * c.years[i]), cash = c.strike[i] * exp(-c.rate[i] * c.years[i]);
    const double n1 = 0.5 * erfc(-w * d1 * root_half), n2 = 0.5 * erfc(-w * d2 * root_half);
    c.price[i] = w * (stock * n1 - cash * n2);
  }
}

void plain_greeks(const PlainColumns& in, std::size_t count) {
  constexpr double root_half = 0.70710678118654752440, over_root_two_pi = 0.39894228040143267794;
  const PlainColumns c = in;
#pragma omp simd
  for (std::size_t i = 0; i < count; ++i) {
    const double w = c.sign[i], root = sqrt(c.years[i]), stdev = c.volatility[i] * root;
    const double d1 = (log(c.spot[i] / c.strike[i]) + (c.rate[i] - c.yield[i]) * c.years[i]) / stdev + 0.5 * stdev;
    const double d2 = d1 - stdev;
    const double grown = exp(-c.yield[i] * c.years[i]), cash = c.strike[i] * exp(-c.rate[i] * c.years[i]);
    const double n1 = 0.5 * erfc(-w * d1 * root_half), n2 = 0.5 * erfc(-w * d2 * root_half);
    const double bell = grown * over_root_two_pi * exp(-0.5 * d1 * d1), density = c.spot[i] * bell;
    c.price[i] = w * (c.spot[i] * grown * n1 - cash * n2);
    c.delta[i] = w * grown * n1;
    c.gamma[i] = bell / (c.spot[i] * stdev);
    c.vega[i] = density * root;
    c.theta[i] =
        -0.5 * density * c.volatility[i] / root + w * (c.yield[i] * c.spot[i] * grown * n1 - c.rate[i] * cash * n2);
    c.rho[i] = w * cash * c.years[i] * n2;
  }
}

}  // namespace bench
