// SPDX-License-Identifier: Apache-2.0
#pragma once
// The standard normal distribution: density, distribution function, Mills ratio and its slope, accurate in relative
// terms. The two series are own fits by tests/reference/mills_fit.py, which prints their errors.

#include <cmath>
#include <cstddef>
#include <numbers>

namespace alaris::inline v0 {

inline constexpr double inv_sqrt_two_pi = std::numbers::inv_sqrtpi / std::numbers::sqrt2;

/// scale * exp(-x^2 / 2) / sqrt(2 pi), relative error below 4 ulp wherever the product is a normal number: x is split
/// in two so that no bit of x^2 is lost, and the exponential is taken in halves so that only the product may underflow.
[[nodiscard]] inline double scaled_normal_pdf(double scale, double x) noexcept {
  if (!(std::fabs(x) < 50.0)) return x != x ? x : 0.0 * scale;
  const auto high = static_cast<double>(static_cast<float>(x));
  const double half = std::exp(-0.25 * high * high);
  const double rest = -0.5 * (x - high) * (x + high);  // at most 2^-24 x^2: four terms of the exponential are enough
  const double correction = 1.0 + rest * (1.0 + rest * (0.5 + rest * (1.0 / 6.0 + rest * (1.0 / 24.0))));
  return scale * (inv_sqrt_two_pi * correction) * half * half;
}

[[nodiscard]] inline double normal_pdf(double x) noexcept {
  return scaled_normal_pdf(1.0, x);
}

/// P(Z <= x). Relative error below 4 + 2 x^2 ulp: the argument of erfc is rounded; scaled_normal_cdf does without.
[[nodiscard]] inline double normal_cdf(double x) noexcept {
  return 0.5 * std::erfc(-x / std::numbers::sqrt2);
}

namespace detail {

inline constexpr double mills_centre = 3.75;
/// (1 + x) M(x) in powers of (x - 3.75) / (x + 3.75).
inline constexpr double mills_series[]{
    1.191115279358834,       -0.24417443220305948,   0.019700819514301131,    0.083848218856692011,
    -0.079743226328030006,   0.036311123051596866,   -0.0055348545794587549,  -0.0028578272683428183,
    0.0013064274114434353,   0.00024573890865483135, -0.00021897566751311319, -3.7312817249211594e-05,
    3.6816941919260296e-05,  9.6215955541019244e-06, -5.9078839884836555e-06, -2.8088249232187827e-06,
    7.0339745230096381e-07,  7.5240546546808831e-07, 1.7324299954096015e-08,  -1.6728464210605499e-07,
    -4.1383078632399754e-08, 2.7556586248418306e-08, 1.1978008172433583e-08,  -2.7212759703261523e-09,
    -1.4264390403179525e-09, 8.7193144559527666e-11};
/// (1 + x)^2 (1 - x M(x)) in the same powers.
inline constexpr double mills_slope_series[]{
    1.3457590864207716,      -0.33424198550866174,    -0.21863431771357653,   0.36739023495077516,
    -0.1875548499989601,     -0.011198330777861469,   0.064849471246450324,   -0.026988350162211284,
    -0.0046423292602349913,  0.0060545426035884609,   0.00026797406535759686, -0.0012294686457568751,
    -7.5084506880063653e-05, 0.00025730084967597364,  4.4593117536910561e-05, -5.136600163249121e-05,
    -1.9869636227916717e-05, 7.8625878811144455e-06,  6.8430897507017237e-06, -1.0132398438346244e-07,
    -1.835937885392914e-06,  -5.1192684855330088e-07, 3.6224151788868658e-07, 2.1637387561854981e-07,
    -4.576807525826753e-08,  -4.7899655616333073e-08, 2.6404552810094588e-09, 4.8808161171829096e-09};

template <std::size_t N>
[[nodiscard]] inline double mills_polynomial(const double (&series)[N], double x) noexcept {
  const double t = (x - mills_centre) / (x + mills_centre);
  double sum = series[N - 1];
  for (std::size_t i = N - 1; i-- > 0;) sum = sum * t + series[i];
  return sum;
}

}  // namespace detail

/// M(x) = Phi(-x) / phi(x): decays like 1/x, never underflows. Relative error below 4 ulp for 0 <= x < 1e150; below
/// zero that of erfc and exp, infinite under -50.
[[nodiscard]] inline double mills_ratio(double x) noexcept {
  if (x < 0.0) return normal_cdf(-x) / normal_pdf(x);
  return detail::mills_polynomial(detail::mills_series, x) / (1.0 + x);
}

/// -M'(x) = 1 - x M(x) for 0 <= x < 1e150, without the cancellation; relative error below 4 ulp.
[[nodiscard]] inline double mills_slope(double x) noexcept {
  const double inverse = 1.0 / (1.0 + x);
  return detail::mills_polynomial(detail::mills_slope_series, x) * inverse * inverse;
}

/// scale * P(Z <= x), relative error below 6 ulp wherever the product is a normal number.
[[nodiscard]] inline double scaled_normal_cdf(double scale, double x) noexcept {
  if (x < -1.0 && x > -50.0) return scaled_normal_pdf(scale * mills_ratio(-x), x);
  return scale * normal_cdf(x);
}

}  // namespace alaris::inline v0
