// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which held trades are to be closed in a session: the strategy's own exit rules, asked with the marks of the session
// before and with what is known about each name now.

#include <cmath>
#include <vector>

#include <alaris/execution/trader_book.hpp>
#include <alaris/market/as_of.hpp>
#include <alaris/strategy/exit.hpp>

namespace alaris::inline v0 {

/// `view` as of now; legs without a quote of the last session have no mark, and no exit follows from one.
template <market_source Market>
[[nodiscard]] std::vector<ExitDecision> session_exits(const MarketView<Market>& view, const TraderBook& book,
                                                      Date session, const StrategySettings& settings) {
  std::vector<ExitDecision> exits;
  for (const auto& [name, trade] : book.trades()) {
    if (book.held(trade) <= 0) continue;
    const auto dividends = view.dividends(trade.symbol);
    const auto statements = view.earnings(trade.symbol);
    const auto chain = view.chain(trade.symbol);
    ExitMarks marks{.value = 0.0,
                    .crossing = 0.0,
                    .spot = chain ? chain->spot() : not_known,
                    .rate = view.short_rate(),
                    .dividends = dividends,
                    .statements = statements,
                    .session_source = settings.session_source};
    for (const Leg& leg : trade.spread.legs()) {
      const OptionQuote* quote = chain ? chain->find(leg.contract) : nullptr;
      const bool marked = quote != nullptr && can_buy(*quote);
      const double middle = marked ? 0.5 * (quote->bid + quote->ask) : not_known;
      marks.value += leg.ratio * middle;
      marks.crossing += marked ? 0.5 * (quote->ask - quote->bid) : not_known;
      if (leg.ratio < 0)
        marks.front_volatility = marked_volatility(leg.contract, middle, marks.spot, marks.rate, view.last_session());
    }
    const HeldCalendar held{.spread = trade.spread,
                            .event_date = trade.event_date,
                            .announced = trade.announced,
                            .event = trade.event,
                            .entered = trade.entered,
                            .paid = book.paid(trade)};
    if (const auto due = exit_due(held, marks, session, settings.exit, view.calendar())) exits.push_back({name, *due});
  }
  return exits;
}

}  // namespace alaris::inline v0
