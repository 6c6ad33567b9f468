// SPDX-License-Identifier: Apache-2.0
#pragma once
// Implied volatilities read out of a chain of quotes: of one contract, and at the money for every expiry.

#include <cmath>
#include <optional>
#include <vector>

#include <alaris/market/calendar.hpp>
#include <alaris/market/chain.hpp>
#include <alaris/market/expiry.hpp>
#include <alaris/volatility/implied.hpp>
#include <alaris/volatility/total_variance.hpp>

namespace alaris::inline v0 {

/// A chain with the instant it is valid at and the rate to discount with.
struct PricedChain {
  const OptionChain* chain;
  Instant at;
  double rate;  // continuous, per year
  const TradingCalendar* calendar;
  const OptionChain* previous = nullptr;  // of the session before, where there is one

  [[nodiscard]] Years<Act365> to_expiry(Date expiry) const {
    return years_between(at, last_trading_instant(expiry, *calendar));
  }
  [[nodiscard]] double forward(Date expiry) const { return chain->spot() * std::exp(rate * to_expiry(expiry).value); }

  /// European volatility of a contract's midpoint; NaN without a two-sided quote or an answer.
  [[nodiscard]] double implied_volatility(const OptionContract& contract) const {
    const OptionQuote* quote = chain->find(contract);
    const double years = to_expiry(contract.expiry).value;
    if (!quote || !two_sided(*quote) || !(years > 0.0)) return not_known;
    const auto stdev = implied_total_stdev(
        {contract.type, mid(*quote), forward(contract.expiry), contract.strike.dollars(), std::exp(-rate * years)});
    return stdev ? *stdev / std::sqrt(years) : not_known;
  }
};

/// Mean of call and put volatility at the strike nearest the forward that has both, per expiry that still trades.
[[nodiscard]] inline std::vector<ExpiryVolatility<Act365>> at_the_money_term(const PricedChain& priced) {
  std::vector<ExpiryVolatility<Act365>> term;
  for (const Date expiry : priced.chain->expiries()) {
    const Years<Act365> years = priced.to_expiry(expiry);
    if (!(years.value > 0.0)) continue;
    const double forward = priced.forward(expiry);
    double best = not_known, distance = 0.0;
    for (const OptionQuote& quote : priced.chain->of_expiry(expiry)) {
      if (quote.contract.type != OptionType::put) continue;  // each strike once
      const double away = std::fabs(quote.contract.strike.dollars() - forward);
      if (best == best && away >= distance) continue;
      OptionContract call = quote.contract;
      call.type = OptionType::call;
      if (!two_sided(quote)) continue;
      const double mean = 0.5 * (priced.implied_volatility(quote.contract) + priced.implied_volatility(call));
      if (mean == mean) best = mean, distance = away;
    }
    if (best == best) term.push_back({years, best});
  }
  return term;
}

}  // namespace alaris::inline v0
