// SPDX-License-Identifier: Apache-2.0
#pragma once
// What became of every announcement of a period: traded, refused and by which rule, not filled, or not known in time.

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <alaris/backtest/result.hpp>
#include <alaris/market/source.hpp>

namespace alaris::inline v0 {
namespace detail {

/// The outcome of one decision: the trade it led to, the order that did not fill, or the rule that refused.
inline EventOutcome outcome_of(const DecisionRecord& decision, const BacktestResult& result) {
  const Candidate& c = decision.candidate;
  EventOutcome outcome{.symbol = c.symbol,
                       .date = c.event_date,
                       .session = c.session,
                       .known_in_advance = true,
                       .outcome = "refused",
                       .decided_by = decision.decided_by,
                       .reason = decision.reason,
                       .pnl = std::nullopt};
  if (decision.action == DecisionAction::refuse) return outcome;
  const std::string entry = entry_order_id(c.symbol, c.event_date);
  const auto trade =
      std::find_if(result.trades.begin(), result.trades.end(), [&](const TradeRecord& t) { return t.id == entry; });
  if (trade != result.trades.end()) {
    outcome.outcome = "traded";
    outcome.decided_by = "rules";
    outcome.reason = "exit: " + std::string(name(trade->exit_reason));
    outcome.pnl = trade->pnl;
    return outcome;
  }
  const auto order = std::find_if(result.orders.begin(), result.orders.end(),
                                  [&](const OrderRecord& o) { return o.order.id == entry; });
  outcome.outcome = "not_filled";
  outcome.decided_by = "fill";
  outcome.reason = order != result.orders.end() ? std::string(name(order->outcome)) : "no order";
  return outcome;
}

}  // namespace detail

/// One row for each announcement decided on and for each reported one that no source had in time, by date and symbol.
template <market_source Market>
[[nodiscard]] std::vector<EventOutcome> event_outcomes(const BacktestResult& result, const Market& market,
                                                       std::span<const std::string> symbols, Date start, Date end) {
  std::vector<EventOutcome> outcomes;
  for (const DecisionRecord& decision : result.decisions) outcomes.push_back(detail::outcome_of(decision, result));
  for (const std::string& symbol : symbols)
    for (const EarningsStatement& said : market.earnings(symbol)) {
      if (said.source != "reported" || said.date < start || said.date > end) continue;
      const bool decided = std::any_of(outcomes.begin(), outcomes.end(), [&](const EventOutcome& e) {
        return e.symbol == symbol && e.date == said.date;
      });
      if (!decided)
        outcomes.push_back({.symbol = symbol,
                            .date = said.date,
                            .session = said.session,
                            .known_in_advance = false,
                            .outcome = "unknown_in_advance",
                            .decided_by = "quality.earnings_date",
                            .reason = "no source had this date when it could have been traded",
                            .pnl = std::nullopt});
    }
  std::stable_sort(outcomes.begin(), outcomes.end(), [](const EventOutcome& a, const EventOutcome& b) {
    return std::pair(a.date, std::string_view(a.symbol)) < std::pair(b.date, std::string_view(b.symbol));
  });
  return outcomes;
}

}  // namespace alaris::inline v0
