// SPDX-License-Identifier: Apache-2.0
#pragma once
// What past announcements did against what options had priced: the evidence for the physical event volatility.

#include <cmath>
#include <span>
#include <string>

#include <alaris/market/as_of.hpp>
#include <alaris/strategy/evaluate.hpp>
#include <alaris/strategy/event_history.hpp>
#include <alaris/volatility/physical_event.hpp>

namespace alaris::inline v0 {

/// z^2 of every announcement that can be measured, for the physical event volatility; each known from the first close
/// after it. Conventions of the strategy: the spread chosen on the last close before the announcement.
template <market_source Market>
[[nodiscard]] EventHistory past_event_evidence(const Market& market, std::span<const std::string> symbols, Date end,
                                               const StrategySettings& settings, const TradingCalendar& calendar) {
  EventHistory history;
  for (const std::string& symbol : symbols)
    for (const EarningsStatement& said : market.earnings(symbol)) {
      if (said.source != "reported") continue;
      const auto event = sessions_around(said.date, said.session, calendar);
      if (!event || event->first_close_after > end) continue;
      const MarketView view(market, calendar, calendar.close(event->last_close_before));
      const auto chain = view.chain(symbol), after = market.chain(symbol, event->first_close_after);
      const double rate = view.short_rate();
      if (!chain || !after || !(chain->spot() > 0.0) || !(after->spot() > 0.0) || rate != rate) continue;
      const auto spread = choose_calendar(*chain, chain->spot(), *event, settings.calendar, calendar);
      if (!spread) continue;
      const detail::PricedSpread priced = detail::price_spread({chain.get(), view.as_of(), rate, &calendar}, *spread);
      const double score = event_surprise({.log_move = std::log(after->spot() / chain->spot()),
                                           .base_variance = priced.sigma_base * priced.sigma_base / 252.0,
                                           .sigma_implied = priced.sigma_event});
      if (score == score) history.add({symbol, event->first_close_after, score});
    }
  return history;
}

}  // namespace alaris::inline v0
