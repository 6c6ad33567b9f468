// SPDX-License-Identifier: Apache-2.0
#pragma once
// Every announcement whose entry falls into one session, decided one after the other: a spread that is entered counts
// against the limits of the next.

#include <span>
#include <string>
#include <utility>
#include <vector>

#include <alaris/strategy/decision.hpp>

namespace alaris::inline v0 {

/// Names of which an announcement is known that would be entered in `session`: those a chain is needed of.
template <market_source Market>
[[nodiscard]] std::vector<std::string> names_to_enter(const MarketView<Market>& view,
                                                      std::span<const std::string> symbols, Date session,
                                                      const StrategySettings& settings) {
  std::vector<std::string> names;
  for (const std::string& symbol : symbols)
    for (const EarningsConsensus& report : upcoming_earnings(view.earnings(symbol), session, settings.session_source))
      if (entry_session(report, view.calendar(), settings.entry_sessions_before) == session) {
        names.push_back(symbol);
        break;
      }
  return names;
}

/// The decisions about them, in the order of `symbols`; `portfolio` is what is held, working or in flight.
template <market_source Market, policy_for<Candidate> Rules>
[[nodiscard]] std::vector<DecisionRecord> decide_session(const MarketView<Market>& view,
                                                         std::span<const std::string> symbols, Date session,
                                                         const StrategySettings& settings, const Rules& rules,
                                                         Portfolio portfolio, const EventHistory& history,
                                                         const VixStress& vix, int past_trades) {
  std::vector<DecisionRecord> records;
  for (const std::string& symbol : symbols)
    for (const EarningsConsensus& report : upcoming_earnings(view.earnings(symbol), session, settings.session_source)) {
      if (entry_session(report, view.calendar(), settings.entry_sessions_before) != session) continue;
      const DecisionContext context{&portfolio, &history, vix, past_trades};
      DecisionRecord record = decide(view, symbol, report, session, settings, rules, context);
      if (record.action == DecisionAction::enter) {
        portfolio.spreads.push_back(held_spread(record.candidate, record.contracts));
        portfolio.cash -= record.contracts * record.candidate.capital_at_risk;
        ++portfolio.opened_today;
      }
      records.push_back(std::move(record));
    }
  return records;
}

/// Whether a contract is worth a quote line: within 75 days and a quarter of the price, which is more than any rule of
/// the entry reads.
[[nodiscard]] inline bool read_by_a_scan(const OptionContract& contract, double spot, Date today) noexcept {
  const double strike = contract.strike.dollars();
  return contract.expiry > today && contract.expiry <= today + std::chrono::days(75) && strike >= 0.75 * spot &&
         strike <= 1.25 * spot;
}

}  // namespace alaris::inline v0
