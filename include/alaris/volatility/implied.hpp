// SPDX-License-Identifier: Apache-2.0
#pragma once
// The volatility that a European price implies, or the reason why none does.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include <alaris/core/expected.hpp>
#include <alaris/pricing/black.hpp>
#include <alaris/volatility/bridge.hpp>

namespace alaris::inline v0 {

/// Names are the status words of the calculators.
enum class VolError : std::uint8_t {
  below_intrinsic,
  above_bound,
  no_vega,
  invalid_input,
  not_converged,
  at_intrinsic
};

[[nodiscard]] constexpr std::string_view name(VolError error) noexcept {
  switch (error) {
    case VolError::below_intrinsic:
      return "below_intrinsic";
    case VolError::above_bound:
      return "above_bound";
    case VolError::no_vega:
      return "no_vega";
    case VolError::invalid_input:
      return "invalid_input";
    case VolError::not_converged:
      return "not_converged";
    case VolError::at_intrinsic:
      return "at_intrinsic";
  }
  return "unknown";
}

struct QuotedEuropean {
  OptionType type;
  double price;  // dollars per share
  double forward;
  double strike;
  double discount;  // (0, 1]
};

namespace detail {

struct StdevStep {
  double gap;     // ln(target / value), or ln((bound - value) / (bound - target)): positive below the answer
  double change;  // of total stdev: Householder step of third order
};

/// The Householder step for one objective: nu = -g / g', h2 = g'' / g', h3 = g''' / g'.
[[nodiscard]] inline double householder(double nu, double h2, double h3) noexcept {
  return nu * (1.0 + 0.5 * nu * h2) / (1.0 + nu * (h2 + nu * h3 / 6.0));
}

/// Out-of-the-money value b per unit of the smaller of forward and strike, below one half of its bound.
[[nodiscard]] inline StdevStep step_from_value(double log_moneyness, double stdev, double target,
                                               double log_target) noexcept {
  const double h = log_moneyness / stdev, t = 0.5 * stdev, d1 = t - h;
  double over_slope, value;  // b / b' where b' = phi(d1), and b
  if (d1 < 1.0) {
    over_slope = mills_difference(h, t);
    value = scaled_normal_pdf(over_slope, d1);
  } else {
    value = normal_cdf(d1) - normal_pdf(d1) * mills_ratio(h + t);
    over_slope = value / normal_pdf(d1);
  }
  double gap, log_value;
  if (value > 1e-290 && target > 1e-290) {
    gap = std::fabs(target - value) < 0.5 * value ? std::log1p((target - value) / value) : std::log(target / value);
    log_value = log_target - gap;
  } else {
    log_value = -0.5 * d1 * d1 + std::log(inv_sqrt_two_pi * over_slope);
    gap = log_target - log_value;
  }
  const double second = h * h / stdev - 0.25 * stdev;                           // second derivative over slope
  const double third = second * second - 3.0 * h * h / (stdev * stdev) - 0.25;  // third derivative over slope
  if (log_value < -1.5 && second > 0.0) {  // g = 1 / ln b, straight in the far wing
    const double k = 1.0 / over_slope, l = 1.0 / log_value;
    return {gap, householder(gap * log_value / log_target * over_slope, second - k * (1.0 + 2.0 * l),
                             third + k * k * (2.0 + 6.0 * l * (1.0 + l)) - 3.0 * k * second * (1.0 + 2.0 * l))};
  }
  return {gap, householder(std::expm1(gap) * over_slope, second, third)};  // g = b
}

/// The same from what the value lacks to its bound, for values above one half of it: g = ln(bound - b).
[[nodiscard]] inline StdevStep step_from_bound(double log_moneyness, double stdev, double lacking) noexcept {
  const double h = log_moneyness / stdev, t = 0.5 * stdev, d1 = t - h;
  double over_slope, lacks;
  if (d1 > -1.0) {
    over_slope = mills_ratio(d1) + mills_ratio(h + t);
    lacks = scaled_normal_pdf(over_slope, d1);
  } else {
    lacks = normal_cdf(-d1) + normal_pdf(d1) * mills_ratio(h + t);
    over_slope = lacks / normal_pdf(d1);
  }
  const double gap =
      std::fabs(lacks - lacking) < 0.5 * lacking ? std::log1p((lacks - lacking) / lacking) : std::log(lacks / lacking);
  const double k = 1.0 / over_slope;
  const double second = h * h / stdev - 0.25 * stdev;
  const double third = second * second - 3.0 * h * h / (stdev * stdev) - 0.25;
  return {gap, householder(gap * over_slope, second + k, third + k * (3.0 * second + 2.0 * k))};
}

struct StdevStart {
  double stdev;
  double below;  // the answer is below this
};

/// Where the search starts: at the value's inflection and a Newton step from it, below it the leading terms of the far
/// wing if they have a solution, above one half those of the approach to the bound.
[[nodiscard]] inline StdevStart first_stdev(double log_moneyness, double target, double log_target,
                                            double lacking) noexcept {
  constexpr double unbounded = std::numeric_limits<double>::infinity();
  if (target > 0.5) {
    const double q = std::sqrt(-2.0 * std::log(lacking));
    return {q + std::sqrt(q * q + 2.0 * log_moneyness), unbounded};
  }
  const double inflection = std::sqrt(2.0 * log_moneyness);  // d1 = 0 there
  const double at = inflection > 0.0 ? black_time_value(log_moneyness, inflection, 1.0) : 0.0;
  if (target >= at) return {inflection + (target - at) / inv_sqrt_two_pi, unbounded};
  double h = std::sqrt(-2.0 * log_target), stdev = inflection;
  for (int i = 0; i < 3; ++i) {  // ln b = -(h - t)^2 / 2 - ln sqrt(2 pi) + ln(about s / (1 + h^2))
    const double square =
        2.0 * (std::log(inv_sqrt_two_pi * log_moneyness / (h * (1.0 + h * h))) - log_target) + log_moneyness;
    if (!(square > 0.5 * log_moneyness)) return {inflection, inflection};
    h = std::sqrt(square);
    stdev = std::min(log_moneyness / h, inflection);
  }
  return {stdev, inflection};
}

}  // namespace detail

/// Total standard deviation (volatility * sqrt(years)) that reproduces the price.
///   source   P. Jaeckel, "Let's Be Rational", Wilmott, 2015: the three objectives (1 / ln b, b, ln(bound - b)) and
///            Householder's step of third order; here kept inside a bracket that always shrinks
///   domain   discounted intrinsic < price < discounted bound, compared without rounding; otherwise the reason
///   error    relative, within 4 times the change that half an ulp of the price makes plus 4 ulp, on every answerable
///            row of tests/reference/implied_vol.csv (docs/accuracy.md has the measured worst)
[[nodiscard]] inline expected<double, VolError> implied_total_stdev(const QuotedEuropean& quote) noexcept {
  const double price = quote.price, forward = quote.forward, strike = quote.strike, discount = quote.discount;
  if (!(price >= 0.0) || !(forward > 0.0) || !(strike > 0.0) || !(discount > 0.0) || !std::isfinite(forward) ||
      !std::isfinite(strike) || !std::isfinite(discount))
    return unexpected(VolError::invalid_input);
  const double low = std::min(forward, strike), high = std::max(forward, strike);
  const double bound = quote.type == OptionType::call ? forward : strike;
  double time_value = price;
  if (sign(quote.type) * (forward - strike) > 0.0) {
    const double intrinsic = high - low, lost = (high - intrinsic) - low;  // what the rounded difference lost (Dekker)
    time_value = std::fma(-discount, intrinsic, price) - discount * lost;
    if (time_value < 0.0) return unexpected(VolError::below_intrinsic);
  }
  if (time_value == 0.0) return unexpected(VolError::at_intrinsic);
  const double unit = discount * low, target = time_value / unit;
  const double lacking = std::fma(discount, bound, -price) / unit;
  if (!(lacking > 0.0)) return unexpected(VolError::above_bound);
  // Where the tables reach the answer is a closed expression; ratio = (high / low - 1) / target without rounding twice.
  const double moneyness = std::max((high - low) / low, 1e-200);
  if (const double bridged = detail::bridged_stdev(moneyness / target, moneyness); bridged > 0.0) return bridged;
  const double log_target = target > 1e-290 ? std::log(target) : std::log(time_value) - std::log(unit);
  const double log_moneyness = std::fabs(detail::log_moneyness_of(forward, strike));

  auto [stdev, to] = detail::first_stdev(log_moneyness, target, log_target, lacking);
  double from = 0.0;
  for (int i = 0; i < 100; ++i) {
    const auto at = target > 0.5 ? detail::step_from_bound(log_moneyness, stdev, lacking)
                                 : detail::step_from_value(log_moneyness, stdev, target, log_target);
    if (at.gap == 0.0) return stdev;
    (at.gap > 0.0 ? from : to) = stdev;
    const double next = stdev + at.change;
    // The step is of fourth order: after one below 1e-5 the next would be below rounding.
    if (next > 0.0 && std::fabs(at.change) <= 1e-5 * stdev) return next;
    if (next > from && next < to)
      stdev = next;
    else
      stdev = std::isinf(to) ? 2.0 * stdev : 0.5 * (from + to);
  }
  return unexpected(VolError::not_converged);
}

struct QuotedEuropeanMarket {
  OptionType type;
  double bid;  // dollars per share
  double ask;  // same
  double forward;
  double strike;
  double discount;  // (0, 1]
};

struct StdevInterval {
  double lower;  // 0 where the bid excludes nothing
  double upper;  // infinity where the ask excludes nothing
};

/// Every total stdev whose price lies between bid and ask. A bid at or below intrinsic (none at all is 0) leaves the
/// lower end open at 0, an ask at or above the bound the upper end at infinity.
///   errors   invalid_input also for bid > ask; below_intrinsic or at_intrinsic when even the ask is, above_bound when
///            even the bid is
[[nodiscard]] inline expected<StdevInterval, VolError> implied_total_stdev_interval(
    const QuotedEuropeanMarket& market) noexcept {
  if (!(market.bid <= market.ask)) return unexpected(VolError::invalid_input);
  const auto implied = [&](double price) {
    return implied_total_stdev(QuotedEuropean{market.type, price, market.forward, market.strike, market.discount});
  };
  StdevInterval out{0.0, std::numeric_limits<double>::infinity()};
  const auto lower = implied(market.bid), upper = implied(market.ask);
  if (upper)
    out.upper = *upper;
  else if (upper.error() != VolError::above_bound)
    return unexpected(upper.error());
  if (lower)
    out.lower = *lower;
  else if (lower.error() != VolError::below_intrinsic && lower.error() != VolError::at_intrinsic)
    return unexpected(lower.error());
  return out;
}

}  // namespace alaris::inline v0
