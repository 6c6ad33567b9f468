// SPDX-License-Identifier: Apache-2.0
#pragma once
// The volatility that an American price implies, or the reason why none does; any engine, with dividends and an event.

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include <alaris/core/expected.hpp>
#include <alaris/core/expects.hpp>
#include <alaris/pricing/american.hpp>
#include <alaris/pricing/american_greeks.hpp>
#include <alaris/pricing/black.hpp>
#include <alaris/volatility/implied.hpp>

namespace alaris::inline v0 {

struct QuotedAmerican {
  AmericanInputs option;  // its volatility is not read
  double price;           // dollars per share
};

namespace detail {
/// The European answer: never below the American one, and close to it. 0.3 where the price has none.
inline double european_volatility_guess(const QuotedAmerican& quote) noexcept {
  const AmericanInputs& in = quote.option;
  const auto guess = implied_total_stdev({.type = in.type,
                                          .price = quote.price,
                                          .forward = in.spot * std::exp((in.rate - in.yield) * in.years),
                                          .strike = in.strike,
                                          .discount = std::exp(-in.rate * in.years)});
  const double volatility = guess ? *guess / std::sqrt(in.years) : 0.3;
  return std::clamp(volatility, 1e-3, 8.0);
}
}  // namespace detail

/// Volatility that reproduces the price, by secants inside a bracket that always shrinks, from the European answer.
///   errors   invalid_input; no_vega: nothing left to run; below_intrinsic: under the value at volatility 0;
///            at_intrinsic: exactly that value, which every volatility below some level gives; above_bound: over the
///            value at volatility 16; not_converged: the engine has no number for these inputs
///   error    the engine's own, divided by vega; the search stops at 1e-9 relative, or at the last bit of the price
template <american_engine Engine = AmericanEngine<>>
[[nodiscard]] expected<double, VolError> american_implied_volatility(const QuotedAmerican& quote,
                                                                     const Engine& engine = {}) noexcept {
  AmericanInputs in = quote.option;
  in.volatility = 0.0;
  const double target = quote.price;
  if (!priceable(in) || !std::isfinite(target) || !(target >= 0.0)) return unexpected(VolError::invalid_input);
  if (in.years == 0.0) return unexpected(VolError::no_vega);
  const auto gap = [&](double volatility) {
    in.volatility = volatility;
    const AmericanValue value = engine(in);
    return value.price - target;
  };
  if (target < exercise_value(in)) return unexpected(VolError::below_intrinsic);
  double low = 0.0, high = std::numeric_limits<double>::infinity();
  double sigma = detail::european_volatility_guess(quote), before = 0.0, gap_before = 0.0;
  for (int step = 0; step < 100; ++step) {
    const double here = gap(sigma);
    if (std::isnan(here)) return unexpected(VolError::not_converged);
    (here < 0.0 ? low : high) = sigma;
    if (std::fabs(here) <= 4.0 * std::numeric_limits<double>::epsilon() * in.strike) {
      // Flat where exercise is immediate: a price at its floor implies no single volatility.
      if (target - exercise_value(in) > 1e-12 * in.strike || gap(0.5 * sigma) < 0.0) return sigma;
      return unexpected(VolError::at_intrinsic);
    }
    const double forward = in.spot * std::exp((in.rate - in.yield) * in.years);
    const double slope =
        step == 0
            ? black_vega({forward, in.strike, sigma * std::sqrt(in.years), std::exp(-in.rate * in.years)}, in.years)
            : (here - gap_before) / (sigma - before);
    double next = sigma - here / slope;
    if (!(next > low && next < high)) {
      if (std::isinf(high)) {
        if (sigma >= 16.0) return unexpected(VolError::above_bound);
        next = std::min(2.0 * sigma, 16.0);
      } else if (low == 0.0 && sigma < 1e-4) {
        const double floor = gap(0.0);
        if (floor > 0.0) return unexpected(VolError::below_intrinsic);
        if (floor == 0.0) return unexpected(VolError::at_intrinsic);
        next = 0.5 * high;
      } else {
        next = low == 0.0 ? 0.25 * high : 0.5 * (low + high);
      }
    }
    before = sigma;
    gap_before = here;
    if (std::fabs(next - sigma) <= 1e-9 * sigma || sigma < 1e-9) return next;
    sigma = next;
  }
  return unexpected(VolError::not_converged);
}

/// What a bid and an ask imply: each side has its own answer or its own reason.
struct ImpliedInterval {
  expected<double, VolError> bid, ask;
};

template <american_engine Engine = AmericanEngine<>>
[[nodiscard]] ImpliedInterval american_implied_interval(const AmericanInputs& option, double bid, double ask,
                                                        const Engine& engine = {}) noexcept {
  return {american_implied_volatility({option, bid}, engine), american_implied_volatility({option, ask}, engine)};
}

/// Every quote of a chain; NaN where there is no answer. Both spans have the same length.
template <american_engine Engine = AmericanEngine<>>
void american_implied_volatilities(std::span<const QuotedAmerican> quotes, std::span<double> volatilities,
                                   const Engine& engine = {}) noexcept {
  ALARIS_EXPECTS(quotes.size() == volatilities.size());
  for (std::size_t i = 0; i < quotes.size(); ++i)
    volatilities[i] = american_implied_volatility(quotes[i], engine).value_or(std::numeric_limits<double>::quiet_NaN());
}

}  // namespace alaris::inline v0
