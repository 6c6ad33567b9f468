// SPDX-License-Identifier: Apache-2.0
#pragma once
// Stand-in quotes for chains that hold volatilities or last prices only. What is made of them is an ESTIMATE, and every
// output must say so.

#include <algorithm>
#include <cmath>
#include <vector>

#include <alaris/market/chain.hpp>
#include <alaris/pricing/black.hpp>

namespace alaris::inline v0 {

struct HalfSpreadModel {
  double of_spot = 0.0004;  // 4 basis points
  double least = 0.01;      // dollars per share
};

/// The volatility of a strike: its out-of-the-money side's (call when K >= S), the contract's own where that has none.
[[nodiscard]] inline double strike_volatility(const OptionChain& chain, const OptionQuote& quote) noexcept {
  OptionContract outside = quote.contract;
  outside.type = outside.strike.dollars() >= chain.spot() ? OptionType::call : OptionType::put;
  const OptionQuote* stated = chain.find(outside);
  return stated && stated->vendor_volatility > 0.0 ? stated->vendor_volatility : quote.vendor_volatility;
}

/// The chain with a bid and an ask around the European Black value at the volatility of each strike (T = calendar days
/// / 365, no dividends), else around the last price; a contract with neither stays without quotes, one that has quotes
/// keeps them, and the bid is never negative. On its own expiry date a contract gets none: its volatility means
/// nothing. Call and put of a strike come from one volatility, as in the event study: vendors invert each right at
/// their own idea of forward and dividend, and two of them would make a riskless profit of that. So parity holds by
/// construction here.
[[nodiscard]] inline OptionChain with_estimated_quotes(const OptionChain& chain, double rate,
                                                       const HalfSpreadModel& model) {
  std::vector<OptionQuote> quotes(chain.quotes().begin(), chain.quotes().end());
  const double half = std::max(model.of_spot * chain.spot(), model.least);
  for (OptionQuote& quote : quotes) {
    const double years = years_between(chain.date(), quote.contract.expiry).value;
    if (two_sided(quote) || !(years > 0.0) || !(chain.spot() > 0.0)) continue;
    double value = quote.last;
    if (const double volatility = strike_volatility(chain, quote); volatility > 0.0)
      value = black_price(quote.contract.type, {.forward = chain.spot() * std::exp(rate * years),
                                                .strike = quote.contract.strike.dollars(),
                                                .total_stdev = volatility * std::sqrt(years),
                                                .discount = std::exp(-rate * years)});
    if (!(value >= 0.0)) continue;
    quote.bid = std::max(value - half, 0.0);
    quote.ask = value + half;
  }
  return OptionChain(chain.date(), chain.spot(), std::move(quotes));
}

}  // namespace alaris::inline v0
