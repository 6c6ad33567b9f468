// SPDX-License-Identifier: Apache-2.0
#pragma once
// Would the holder of an option exercise it now? What the holder gains by exercising at once, against what is given up.
// The side that is short uses it to know when an assignment is rational: before an ex-date for a call, any day for a
// put. Source: put-call parity of the European option on the share after the cash flows.

#include <cmath>
#include <limits>
#include <span>

#include <alaris/core/option.hpp>
#include <alaris/pricing/american.hpp>
#include <alaris/pricing/black.hpp>

namespace alaris::inline v0 {

/// Dollars per share; NaN where the inputs are outside the domain. Unknown is neither rational nor irrational: a rule
/// that needs the answer `no` must ask irrational(), one that needs `yes` must ask rational().
struct EarlyExercise {
  double gained;    // by exercising now
  double given_up;  // by exercising now
  [[nodiscard]] constexpr bool rational() const noexcept { return gained > given_up; }
  [[nodiscard]] constexpr bool irrational() const noexcept { return gained <= given_up; }
};

/// A call on the last session before the share goes ex-dividend: exercise gains the dividend and gives up the interest
/// on the strike, K (1 - e^{-r tau}), and the put that the call contains, on the share after the dividend.
///   in.type   ignored; in.years runs from the ex-date to expiry; in.yield is the borrow fee
///   dividend  dollars per share, >= 0
[[nodiscard]] inline EarlyExercise call_exercise_before_dividend(const AmericanInputs& in, double dividend) noexcept {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  if (!priceable(in) || !(dividend >= 0.0) || !std::isfinite(dividend)) return {nan, nan};
  const double after = in.spot - dividend, discount = std::exp(-in.rate * in.years);
  const double interest = in.strike * (1.0 - discount);
  if (in.spot <= in.strike) return {0.0, in.strike - in.spot};  // exercise would cost more than the share
  if (!(after > 0.0)) return {dividend, in.strike};             // the call dies with the dividend
  const double put = black_price(OptionType::put, {.forward = after * std::exp((in.rate - in.yield) * in.years),
                                                   .strike = in.strike,
                                                   .total_stdev = in.volatility * std::sqrt(in.years),
                                                   .discount = discount});
  return {dividend, interest + put};
}

/// A put today: exercise gains the interest on the strike and gives up the call that the put contains and the dividends
/// that the share will lose before expiry.
///   in.type    ignored; in.years runs from now to expiry; in.yield is the borrow fee
///   dividends  those in (0, years] count, discounted at in.rate
[[nodiscard]] inline EarlyExercise put_exercise_now(const AmericanInputs& in,
                                                    std::span<const CashDividend> dividends = {}) noexcept {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  if (!priceable(in)) return {nan, nan};
  double present_value = 0.0;
  for (const CashDividend& d : dividends) {
    if (!(d.amount >= 0.0) || !std::isfinite(d.amount + d.years)) return {nan, nan};
    if (d.years > 0.0 && d.years <= in.years) present_value += d.amount * std::exp(-in.rate * d.years);
  }
  if (in.spot >= in.strike) return {0.0, in.spot - in.strike};
  const double discount = std::exp(-in.rate * in.years), interest = in.strike * (1.0 - discount);
  const double call = black_price(OptionType::call, {.forward = in.spot * std::exp((in.rate - in.yield) * in.years),
                                                     .strike = in.strike,
                                                     .total_stdev = in.volatility * std::sqrt(in.years),
                                                     .discount = discount});
  return {interest, call + present_value};
}

}  // namespace alaris::inline v0
