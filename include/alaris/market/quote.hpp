// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the market says about one option at one instant. NaN means not known, and is never turned into 0.

#include <cmath>
#include <limits>

#include <alaris/market/contract.hpp>

namespace alaris::inline v0 {

inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// Prices in dollars per share; sizes, volume and open interest in contracts; volatility as the vendor states it.
struct OptionQuote {
  OptionContract contract;
  double bid = unknown;
  double ask = unknown;
  double last = unknown;
  double volume = unknown;
  double open_interest = unknown;
  double vendor_volatility = unknown;
  double bid_size = unknown;
  double ask_size = unknown;
};

/// Both sides known, positive and not crossed: a quote one can trade against.
[[nodiscard]] constexpr bool two_sided(const OptionQuote& quote) noexcept {
  return quote.bid > 0.0 && quote.ask >= quote.bid;
}
/// Midpoint of a two-sided quote, else NaN.
[[nodiscard]] constexpr double mid(const OptionQuote& quote) noexcept {
  return two_sided(quote) ? 0.5 * (quote.bid + quote.ask) : unknown;
}

}  // namespace alaris::inline v0
