// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a candidate would earn if the stock moved so far over its event: revalued, not approximated.

#include <cmath>
#include <vector>

#include <alaris/strategy/evaluate.hpp>

namespace alaris::inline v0 {

struct MoveOutcome {
  double sigmas;       // the move in implied event volatilities
  double spot;         // dollars after it
  double pnl;          // dollars per spread, at mid, before cost
  double net_pnl;      // after the round trip
  double delta_after;  // per share
};

/// Outcomes of moves of 0, +-1, +-2, +-3 and +-5 event volatilities, from the lowest spot up; none when the candidate
/// has no spread or no event volatility. Volatilities fall to their base at the event; no time passes.
template <market_source Market>
[[nodiscard]] std::vector<MoveOutcome> what_if(const MarketView<Market>& view, const Candidate& c) {
  std::vector<MoveOutcome> outcomes;
  const auto chain = view.chain(c.symbol);
  if (!chain || !c.spread) return outcomes;
  const PricedChain priced{chain.get(), view.calendar().close(view.last_session()), view.short_rate(),
                           &view.calendar()};
  const detail::PricedSpread spread = detail::price_spread(priced, *c.spread);
  if (spread.parts.empty()) return outcomes;
  for (const double sigmas : {-5.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 5.0}) {
    const double move = sigmas * spread.sigma_event, spot = c.spot * std::exp(move);
    const double pnl = contract_multiplier *
                       detail::over_parts(spread, [&](const EventCalendar& part) { return event_pnl(part, move); });
    outcomes.push_back({.sigmas = sigmas,
                        .spot = spot,
                        .pnl = pnl,
                        .net_pnl = pnl - c.round_trip_cost,
                        .delta_after = detail::over_parts(
                            spread, [&](const EventCalendar& part) { return delta_after_event(part, spot); })});
  }
  return outcomes;
}

}  // namespace alaris::inline v0
