// SPDX-License-Identifier: Apache-2.0
#pragma once
// Quadrature rules on [0, 1] and the integral of a function by one of them.

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace alaris::inline v0 {

/// Abscissas x, 1 - x without cancellation, and weights that add up to 1.
template <std::size_t Count>
struct UnitRule {
  std::array<double, Count> x, complement, weight;
};

/// Exact for polynomials of degree 2 Count - 1.
///   source   Newton's method on the Legendre polynomial from Tricomi's first term
///   error    integrals of powers to 16 epsilon (tests/numeric, Count to 128)
template <std::size_t Count>
[[nodiscard]] UnitRule<Count> gauss_legendre() noexcept {
  UnitRule<Count> rule;
  constexpr double count = static_cast<double>(Count);
  for (std::size_t i = 0; i < Count; ++i) {
    double x = std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) / (count + 0.5)), slope = 1.0;
    for (int step = 0; step < 60; ++step) {
      double before = 1.0, now = x;
      for (std::size_t n = 2; n <= Count; ++n) {
        const double k = static_cast<double>(n), next = ((2.0 * k - 1.0) * x * now - (k - 1.0) * before) / k;
        before = now;
        now = next;
      }
      slope = count * (before - x * now) / ((1.0 - x) * (1.0 + x));
      const double move = now / slope;
      x -= move;
      if (std::fabs(move) < 1e-15) break;
    }
    rule.x[i] = 0.5 * (1.0 - x);
    rule.complement[i] = 0.5 * (1.0 + x);
    rule.weight[i] = 1.0 / ((1.0 - x) * (1.0 + x) * slope * slope);
  }
  return rule;
}

/// Points crowd doubly exponentially at both ends, for integrands that are steep or singular there.
///   source   H. Takahasi, M. Mori, Publ. RIMS 9, 1974
///   error    what is cut off at the ends, 1e-14 where the range of t is 3.1, against the step of the trapezoid rule;
///   for
///            few points a shorter range is better, chosen by the error on 6 000 American options
///            (benchmarks/pricing/american.bench.cpp)
template <std::size_t Count>
[[nodiscard]] UnitRule<Count> tanh_sinh() noexcept {
  UnitRule<Count> rule;
  constexpr double range = Count <= 17 ? 1.9 : Count < 64 ? 2.2 : 3.1, half_pi = 0.5 * std::numbers::pi;
  const double step = 2.0 * range / static_cast<double>(Count - 1);
  for (std::size_t i = 0; i < Count; ++i) {
    const double t = -range + step * static_cast<double>(i), u = half_pi * std::sinh(t);
    const double low = 1.0 / (1.0 + std::exp(-2.0 * u)), high = 1.0 / (1.0 + std::exp(2.0 * u));
    rule.x[i] = low;
    rule.complement[i] = high;
    rule.weight[i] = step * 2.0 * low * high * half_pi * std::cosh(t);
  }
  return rule;
}

/// The integral of `function` from `low` to `high` by `rule`.
template <std::size_t Count, class Function>
[[nodiscard]] auto integrate(const UnitRule<Count>& rule, double low, double high, Function&& function) {
  auto sum = rule.weight[0] * function(low * rule.complement[0] + high * rule.x[0]);
  for (std::size_t i = 1; i < Count; ++i) sum += rule.weight[i] * function(low * rule.complement[i] + high * rule.x[i]);
  return (high - low) * sum;
}

}  // namespace alaris::inline v0
