// SPDX-License-Identifier: Apache-2.0
#pragma once
// Generalised Black-Scholes-Merton: a European option on a spot that pays a continuous yield.

#include <algorithm>
#include <cmath>

#include <alaris/core/option.hpp>
#include <alaris/pricing/black.hpp>

namespace alaris::inline v0 {

struct BsmInputs {
  OptionType type;
  double spot;        // dollars per share now
  double strike;      // same
  double years;       // time to expiry
  double rate;        // continuous, per year; any sign
  double yield;       // continuous dividend yield or borrow fee, per year; any sign
  double volatility;  // annualised, decimal
};

/// Cost of carry rate - yield.
///   source   Merton, Theory of Rational Option Pricing, 1973
///   domain   spot, strike positive; years, volatility not negative; everything finite; otherwise NaN. years = 0 gives
///            the intrinsic value, volatility = 0 the discounted intrinsic value of the forward.
///   error    within 16 times the change that half an ulp of the inputs makes, on tests/reference/european.csv, prices
///            down to 1e-320
[[nodiscard]] inline double bsm_price(const BsmInputs& in) noexcept {
  if (!(in.spot > 0.0) || !(in.strike > 0.0) || !(in.years >= 0.0) || !(in.volatility >= 0.0) ||
      !std::isfinite(in.spot + in.strike + in.years + in.rate + in.yield + in.volatility))
    return std::nan("");
  const double stock = in.spot * std::exp(-in.yield * in.years), cash = in.strike * std::exp(-in.rate * in.years);
  const double intrinsic = std::max(sign(in.type) * (stock - cash), 0.0);
  const double stdev = in.volatility * std::sqrt(in.years);
  if (stdev == 0.0) return intrinsic;
  const double log_moneyness = std::fabs(detail::log_moneyness_of(in.spot, in.strike) +
                                         (in.rate - in.yield) * in.years);  // ln(forward / strike)
  return intrinsic + detail::black_time_value(log_moneyness, stdev, std::min(stock, cash));
}

}  // namespace alaris::inline v0
