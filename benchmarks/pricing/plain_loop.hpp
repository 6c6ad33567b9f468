// SPDX-License-Identifier: Apache-2.0
#pragma once
// The peer that costs a user nothing: the textbook formula in a loop, left to the compiler and the vector mathematics
// of the C library (plain_loop.cpp is built with -Ofast -march=native -fopenmp-simd).

#include <cstddef>

namespace bench {

struct PlainColumns {
  const double *sign, *spot, *strike, *years, *rate, *yield, *volatility;
  double *price, *delta, *gamma, *vega, *theta, *rho;
};

void plain_prices(const PlainColumns& columns, std::size_t count);
void plain_greeks(const PlainColumns& columns, std::size_t count);

}  // namespace bench
