// SPDX-License-Identifier: Apache-2.0
#pragma once
// The standard normal distribution: density, distribution function and Mills ratio, accurate in relative terms.

#include <cmath>
#include <numbers>

namespace alaris::inline v0 {

inline constexpr double inv_sqrt_two_pi = std::numbers::inv_sqrtpi / std::numbers::sqrt2;

[[nodiscard]] inline double normal_pdf(double x) noexcept {
  return inv_sqrt_two_pi * std::exp(-0.5 * x * x);
}

/// P(Z <= x), relative accuracy of std::erfc in both tails.
[[nodiscard]] inline double normal_cdf(double x) noexcept {
  return 0.5 * std::erfc(-x / std::numbers::sqrt2);
}

/// Phi(-x) / phi(x) for x >= -1: decays like 1/x, never underflows. Below 12 from erfc, above by its continued fraction
/// (Abramowitz and Stegun 26.2.14) of 20 terms, relative error below 1e-15 there.
[[nodiscard]] inline double mills_ratio(double x) noexcept {
  if (x < 12.0) return normal_cdf(-x) / normal_pdf(x);
  double fraction = x;
  for (int n = 20; n >= 1; --n) fraction = x + n / fraction;
  return 1.0 / fraction;
}

}  // namespace alaris::inline v0
