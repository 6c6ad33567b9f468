// SPDX-License-Identifier: Apache-2.0
#pragma once
// European options in forward form (Black 1976).

#include <algorithm>
#include <cmath>
#include <limits>

#include <alaris/core/option.hpp>
#include <alaris/numeric/normal.hpp>

namespace alaris::inline v0 {

struct BlackInputs {
  double forward;      // dollars per share at expiry
  double strike;       // same
  double total_stdev;  // annualised volatility * sqrt(years); 1, not per year
  double discount;     // (0, 1]
};

namespace detail {

/// ln(numerator / denominator), both positive: relative accuracy for equal and for huge or tiny ratios.
[[nodiscard]] inline double log_moneyness_of(double numerator, double denominator) noexcept {
  const double ratio = numerator / denominator;
  if (ratio > 0.5 && ratio < 2.0) return std::log1p((numerator - denominator) / denominator);
  if (ratio < 1e-300 || ratio > 1e300) return std::log(numerator) - std::log(denominator);
  return std::log(ratio);
}

/// M(h - t) - M(h + t) for h, t >= 0 and h - t >= -1: the out-of-the-money value in units of its derivative in total
/// stdev. Where the two are close: 2 sum_k t^(2k+1)/(2k+1)! I_(2k+1)(h), I_n(h) = int_0^inf u^n e^(-hu - u^2/2) du,
/// all terms positive, I_0 = M, I_1 = -M', I_(n+1) = n I_(n-1) - h I_n (its error grows no faster than (h t)^n
/// shrinks).
[[nodiscard]] inline double mills_difference(double h, double t) noexcept {
  if (t >= 0.5 || h * t >= 0.5) return mills_ratio(h - t) - mills_ratio(h + t);
  double even = mills_ratio(h), odd = mills_slope(h), sum = odd, coefficient = 1.0;
  for (int k = 1; k <= 11; ++k) {
    even = (2 * k - 1) * even - h * odd;
    odd = 2 * k * odd - h * even;
    coefficient *= t * t / (2 * k * (2 * k + 1));
    sum += coefficient * odd;
    if (coefficient * std::fabs(odd) < 1e-17 * sum) break;
  }
  return 2.0 * t * sum;
}

/// Undiscounted value of the out-of-the-money option, per unit of the smaller of forward and strike, times scale.
/// log_moneyness = |ln(F/K)|.
[[nodiscard]] inline double black_time_value(double log_moneyness, double total_stdev, double scale) noexcept {
  const double h = log_moneyness / total_stdev, t = 0.5 * total_stdev, d1 = t - h;
  if (!(d1 > -50.0)) return 0.0;
  if (d1 < 1.0) return scaled_normal_pdf(scale * mills_difference(h, t), d1);
  return scale * (normal_cdf(d1) - normal_pdf(d1) * mills_ratio(h + t));
}

}  // namespace detail

/// Discounted expected payoff under a lognormal forward.
///   domain   forward, strike, discount positive, total_stdev not negative; otherwise NaN
///   error    relative, for out-of-the-money values down to 1e-320: within 16 times the change that half an ulp of the
///            inputs makes, on tests/reference/european.csv and black76.csv (docs/accuracy.md has the measured worst)
[[nodiscard]] inline double black_price(OptionType type, const BlackInputs& in) noexcept {
  if (!(in.forward > 0.0) || !(in.strike > 0.0) || !(in.discount > 0.0) || !(in.total_stdev >= 0.0))
    return std::nan("");
  const double intrinsic = std::max(sign(type) * (in.forward - in.strike), 0.0);
  if (in.total_stdev == 0.0) return in.discount * intrinsic;
  // The out-of-the-money value is the same function of |ln(F/K)| for both rights.
  const double log_moneyness = std::fabs(detail::log_moneyness_of(in.forward, in.strike));
  const double low = std::min(in.forward, in.strike);
  return in.discount * intrinsic + detail::black_time_value(log_moneyness, in.total_stdev, in.discount * low);
}

/// d price / d volatility, per 1.00 of volatility, for an option with `years` to run.
[[nodiscard]] inline double black_vega(const BlackInputs& in, double years) noexcept {
  if (!(in.total_stdev > 0.0)) return 0.0;
  const double d1 = detail::log_moneyness_of(in.forward, in.strike) / in.total_stdev + 0.5 * in.total_stdev;
  return scaled_normal_pdf(in.discount * in.forward * std::sqrt(years), d1);
}

/// d price / d forward.
[[nodiscard]] inline double black_forward_delta(OptionType type, const BlackInputs& in) noexcept {
  const double d1 = in.total_stdev > 0.0
                        ? detail::log_moneyness_of(in.forward, in.strike) / in.total_stdev + 0.5 * in.total_stdev
                        : std::copysign(std::numeric_limits<double>::infinity(), in.forward - in.strike);
  return in.discount * sign(type) * normal_cdf(sign(type) * d1);
}

}  // namespace alaris::inline v0
