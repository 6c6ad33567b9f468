// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the market says about one option at one instant. NaN means not known, and is never turned into 0.

#include <cmath>
#include <limits>

#include <alaris/market/contract.hpp>

namespace alaris::inline v0 {

inline constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

/// Prices in dollars per share; sizes, volume and open interest in contracts; volatility as the vendor states it.
struct OptionQuote {
  OptionContract contract;
  double bid = not_known;
  double ask = not_known;
  double last = not_known;
  double volume = not_known;
  double open_interest = not_known;
  double vendor_volatility = not_known;
  double bid_size = not_known;
  double ask_size = not_known;
};

/// Both sides known, positive and not crossed: a quote one can trade against.
[[nodiscard]] constexpr bool two_sided(const OptionQuote& quote) noexcept {
  return quote.bid > 0.0 && quote.ask >= quote.bid;
}
/// Somebody sells and nobody bids more than that: enough to buy. A known bid of zero still has a midpoint.
[[nodiscard]] constexpr bool can_buy(const OptionQuote& quote) noexcept {
  return quote.ask > 0.0 && quote.bid >= 0.0 && quote.ask >= quote.bid;
}
/// Midpoint of a two-sided quote, else NaN.
[[nodiscard]] constexpr double mid(const OptionQuote& quote) noexcept {
  return two_sided(quote) ? 0.5 * (quote.bid + quote.ask) : not_known;
}

}  // namespace alaris::inline v0
