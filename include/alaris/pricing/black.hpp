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

/// Discounted expected payoff under a lognormal forward.
///   domain   forward, strike, discount positive, total_stdev not negative; otherwise NaN
///   error    out-of-the-money value without cancellation: S phi(d1) (M(-d1) - M(-d2)), the other side by parity
[[nodiscard]] inline double black_price(OptionType type, const BlackInputs& in) noexcept {
  if (!(in.forward > 0.0) || !(in.strike > 0.0) || !(in.discount > 0.0) || !(in.total_stdev >= 0.0))
    return std::nan("");
  const double intrinsic = std::max(sign(type) * (in.forward - in.strike), 0.0);
  if (in.total_stdev == 0.0) return in.discount * intrinsic;
  // The out-of-the-money value is the same function of |ln(F/K)| for both rights.
  const double moneyness = -std::fabs(std::log(in.forward / in.strike));
  const double d1 = moneyness / in.total_stdev + 0.5 * in.total_stdev, d2 = d1 - in.total_stdev;
  const double low = std::min(in.forward, in.strike), high = std::max(in.forward, in.strike);
  const double time_value = d1 < -1.0 ? low * normal_pdf(d1) * (mills_ratio(-d1) - mills_ratio(-d2))
                                      : low * normal_cdf(d1) - high * normal_cdf(d2);
  return in.discount * (intrinsic + std::max(time_value, 0.0));
}

/// d price / d volatility, per 1.00 of volatility, for an option with `years` to run.
[[nodiscard]] inline double black_vega(const BlackInputs& in, double years) noexcept {
  if (!(in.total_stdev > 0.0)) return 0.0;
  const double d1 = std::log(in.forward / in.strike) / in.total_stdev + 0.5 * in.total_stdev;
  return in.discount * in.forward * normal_pdf(d1) * std::sqrt(years);
}

/// d price / d forward.
[[nodiscard]] inline double black_forward_delta(OptionType type, const BlackInputs& in) noexcept {
  const double d1 = in.total_stdev > 0.0
                        ? std::log(in.forward / in.strike) / in.total_stdev + 0.5 * in.total_stdev
                        : std::copysign(std::numeric_limits<double>::infinity(), in.forward - in.strike);
  return in.discount * sign(type) * normal_cdf(sign(type) * d1);
}

}  // namespace alaris::inline v0
