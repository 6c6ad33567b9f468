// SPDX-License-Identifier: Apache-2.0
#pragma once
// Total stdev from an out-of-the-money value without iteration, where the tables of the Bachelier bridge reach.

#include <cmath>
#include <cstddef>

#include <alaris/volatility/bridge_tables.hpp>

namespace alaris::inline v0::detail {

/// Coefficients in rising powers, even and odd powers apart: half the latency of Horner's rule.
template <std::size_t N>
[[nodiscard]] inline double even_odd(const double* c, double x) noexcept {
  const double square = x * x;
  constexpr std::size_t top = N - 1;
  double even = c[top - top % 2], odd = c[top - (top + 1) % 2];
  for (std::size_t i = top - top % 2; i >= 2; i -= 2) even = even * square + c[i - 2];
  for (std::size_t i = top - (top + 1) % 2; i >= 3; i -= 2) odd = odd * square + c[i - 2];
  return odd * x + even;
}

template <class Table, std::size_t Row = 0, std::size_t Offset = 0>
[[nodiscard]] inline double bridge_surface(double u, double v) noexcept {
  const double row = even_odd<Table::terms[Row]>(Table::values + Offset, v);
  if constexpr (Row + 1 < Table::rows)
    return bridge_surface<Table, Row + 1, Offset + Table::terms[Row]>(u, v) * u + row;
  else
    return row;
}

/// The total stdev at which an option out of the money by the factor 1 + moneyness has this ratio of moneyness to value
/// (both per unit of the smaller of forward and strike); 0 where the tables do not reach.
///   error   below 1e-15 relative, next to what the value's own error makes
[[nodiscard]] inline double bridged_stdev(double ratio, double moneyness) noexcept {
  const double a = std::log1p(ratio), h = std::log1p(moneyness);
  if (a <= bridge_border) {
    constexpr std::size_t terms = sizeof bridge_over_a / sizeof(double);
    const double d = a * even_odd<terms>(bridge_over_a, a * (2.0 / bridge_border) - 1.0);
    const double t = h / d, x = t * t;
    if (!(x <= bridge_near_x)) return 0.0;
    return t + t * x * bridge_surface<BridgeNear>(x * (2.0 / bridge_near_x) - 1.0, d * d * (2.0 / bridge_near_y) - 1.0);
  }
  if (!(a <= bridge_last) || !(h <= bridge_far_h)) return 0.0;
  constexpr std::size_t terms = sizeof bridge_over_root / sizeof(double);
  constexpr double width = bridge_root_high - bridge_root_low, middle = bridge_root_high + bridge_root_low;
  constexpr double w_width = bridge_far_w[1] - bridge_far_w[0], w_middle = bridge_far_w[1] + bridge_far_w[0];
  const double root = 1.0 / std::sqrt(a);
  const double over_d = root * even_odd<terms>(bridge_over_root, (2.0 * root - middle) / width);
  const double t = h * over_d, eta = h * h;
  return t + t * eta *
                 bridge_surface<BridgeFar>(eta * (2.0 / (bridge_far_h * bridge_far_h)) - 1.0,
                                           (2.0 * over_d * over_d - w_middle) / w_width);
}

}  // namespace alaris::inline v0::detail
