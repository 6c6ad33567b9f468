// SPDX-License-Identifier: Apache-2.0
#pragma once
// The standard normal distribution: density, distribution function, Mills ratio and its slope, accurate in relative
// terms. The quotients of polynomials are own fits by tests/reference/mills_fit.py, which prints their errors.

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

/// For 0 <= x <= 37: (1 + x) M(x) = 1 + top / bottom and (1 + x)^2 (1 - x M(x)) = 1 + 2 x top / bottom. Polynomials in
/// rising powers, each led by a further power with factor 1; relative error 1e-16. Every term is positive.
inline constexpr double mills_last = 37.0;
inline constexpr double mills_top[]{49544.159244848342, 168675.44053965804, 179447.94928965406,
                                    106860.51958348464, 41719.877511961276, 11336.277495974398,
                                    2173.5739124411034, 287.06241452906153, 24.056498158961411};
inline constexpr double mills_bottom[]{195583.86977486993, 470290.69343428715, 526368.26618796773, 362136.56338666735,
                                       170174.61012079616, 57309.086543724894, 14079.97590705987,  2508.7493308602839,
                                       313.11891258457842, 25.056498159591499};
inline constexpr double slope_top[]{203522.3744598859,  394322.01984912966, 325795.54452592816,
                                    163444.78081340555, 55998.75995303924,  13722.039367807402,
                                    2424.6875073809438, 301.0854864222232,  24.235025527988896};
inline constexpr double slope_bottom[]{545135.20244827331, 1426068.1766849051, 1752605.3369789843, 1339276.0000539888,
                                       709306.64238706056, 274432.63507460873, 79527.767497839784, 17367.30345102321,
                                       2823.7131041190823, 329.32051184819028, 25.235025528558655};

/// c[0] + c[1] x + ... + x^N, in two chains: half the latency.
template <std::size_t N>
[[nodiscard]] constexpr double monic_polynomial(const double (&c)[N], double x) noexcept {
  const double square = x * x;
  double leads = square + c[N - 2], between = c[N - 1];
  for (std::size_t i = N - 2; i >= 2; i -= 2) leads = leads * square + c[i - 2];
  for (std::size_t i = N - 1; i >= 2; i -= 2) between = between * square + c[i - 2];
  return N % 2 == 0 ? between * x + leads : leads * x + between;
}

/// sum_k (2k + 1)!! (-y)^k from k = 0: beyond mills_last, 1 - x M(x) = y times this, y = 1 / x^2; the first term left
/// out is 1e-16 of the sum.
[[nodiscard]] constexpr double slope_asymptotic(double y) noexcept {
  constexpr double odd_factorial[]{1.0, 3.0, 15.0, 105.0, 945.0, 10395.0, 135135.0};
  double sum = odd_factorial[6];
  for (std::size_t k = 6; k-- > 0;) sum = odd_factorial[k] - y * sum;
  return sum;
}

}  // namespace detail

/// M(x) = Phi(-x) / phi(x): decays like 1/x, never underflows. Relative error below 4 ulp for 0 <= x < 1e150; below
/// zero that of erfc and exp, infinite under -50.
[[nodiscard]] inline double mills_ratio(double x) noexcept {
  if (x < 0.0) return normal_cdf(-x) / normal_pdf(x);
  if (x <= detail::mills_last) {
    const double bottom = detail::monic_polynomial(detail::mills_bottom, x);
    return (bottom + detail::monic_polynomial(detail::mills_top, x)) / (bottom * (1.0 + x));
  }
  const double inverse = 1.0 / x, square = inverse * inverse;
  return inverse - inverse * square * detail::slope_asymptotic(square);
}

/// -M'(x) = 1 - x M(x) for 0 <= x < 1e150, without the cancellation; relative error below 4 ulp.
[[nodiscard]] inline double mills_slope(double x) noexcept {
  if (x <= detail::mills_last) {
    const double bottom = detail::monic_polynomial(detail::slope_bottom, x);
    return (bottom + 2.0 * x * detail::monic_polynomial(detail::slope_top, x)) / (bottom * (1.0 + x) * (1.0 + x));
  }
  const double inverse = 1.0 / x, square = inverse * inverse;
  return square * detail::slope_asymptotic(square);
}

/// exp(x^2) erfc(x): sqrt(2 / pi) times the Mills ratio at x sqrt(2).
///   error    relative, below 5 ulp for 0 <= x < 1e150; below zero that of exp(x^2), 2 x^2 ulp, infinite under -26.7
[[nodiscard]] inline double erfcx(double x) noexcept {
  if (x < 0.0) return 2.0 * std::exp(x * x) - erfcx(-x);
  return std::numbers::sqrt2 * std::numbers::inv_sqrtpi * mills_ratio(x * std::numbers::sqrt2);
}

/// scale * P(Z <= x), relative error below 6 ulp wherever the product is a normal number.
[[nodiscard]] inline double scaled_normal_cdf(double scale, double x) noexcept {
  if (x < -1.0 && x > -50.0) return scaled_normal_pdf(scale * mills_ratio(-x), x);
  return scale * normal_cdf(x);
}

}  // namespace alaris::inline v0
