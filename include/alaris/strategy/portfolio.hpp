// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is already at risk when a new position is judged: open spreads, orders on their way, cash and net asset value.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <alaris/core/time.hpp>
#include <alaris/policy/sizing.hpp>
#include <alaris/strategy/sectors.hpp>
#include <alaris/strategy/stress.hpp>

namespace alaris::inline v0 {

/// A spread held, working or in flight; every contract of a working order counts as filled (the worst case).
struct HeldSpread {
  std::string symbol{};
  Date last_close_before{};  // the event night begins here
  Date first_close_after{};
  int contracts = 0;
  double capital_at_risk = 0.0;           // dollars, whole position
  double assignment_notional = 0.0;       // strike x 100 x short contracts, dollars
  std::optional<StressLosses> stress{};   // of the whole position; nothing: all capital at risk counts as lost
  std::vector<ReturnOutcome> outcomes{};  // of its night, net, over capital at risk; none: all of it may go

  [[nodiscard]] StressLosses losses() const noexcept { return stress ? *stress : all_lost(capital_at_risk); }
};

/// Dollars. `cash` counts settled cash and unsettled proceeds, without proceeds of short stock.
struct Portfolio {
  double nav = 0.0;
  double cash = 0.0;
  double loss_today = 0.0;  // positive when losing, since the previous session's close
  int opened_today = 0;
  std::vector<HeldSpread> spreads{};

  [[nodiscard]] double capital_at_risk_in(std::string_view symbol) const noexcept {
    double total = 0.0;
    for (const HeldSpread& held : spreads)
      if (held.symbol == symbol) total += held.capital_at_risk;
    return total;
  }
  /// Strike value of the short legs held in a name.
  [[nodiscard]] double assignment_notional_in(std::string_view symbol) const noexcept {
    double total = 0.0;
    for (const HeldSpread& held : spreads)
      if (held.symbol == symbol) total += held.assignment_notional;
    return total;
  }
  /// The worst case of the stress set with one more position whose event falls after the close of `session`; dollars.
  [[nodiscard]] double stress_loss_with(const StressLosses& added, Date session) const {
    std::vector<StressedPosition> all{{added, true}};
    for (const HeldSpread& held : spreads) all.push_back({held.losses(), held.last_close_before == session});
    return stress_loss(all);
  }
  /// How many of one more position, whose event falls after the close of `session` and which loses `each` alone, keep
  /// the worst case of the stress set within `limit` dollars. Every case is a line in the number, so the least of them
  /// decides; 0 where the positions held exceed the limit without it, NaN where a loss is not known.
  [[nodiscard]] double most_within_stress(const StressLosses& each, Date session, double limit) const {
    const StressLosses none = all_lost(0.0);
    double most = limit == limit ? std::numeric_limits<double>::max() : std::nan("");
    const auto line = [&](double at_none, double per_one) {
      const double reached = at_none > limit ? 0.0 : per_one > 0.0 ? (limit - at_none) / per_one : most;
      most = at_none == at_none && per_one == per_one && most == most ? std::min(most, reached) : std::nan("");
    };
    line(stress_loss_with(none, session), 0.0);
    for (const double loss : each) line(0.0, loss);
    StressLosses held{};
    for (const HeldSpread& spread : spreads)
      for (std::size_t i = 0; i < held.size(); ++i)
        if (const auto scenario = static_cast<StressScenario>(i);
            (scenario != StressScenario::up_2 && scenario != StressScenario::down_2) ||
            spread.last_close_before == session)
          held[i] += spread.losses()[i];
    for (const StressScenario together :
         {StressScenario::up_2, StressScenario::down_2, StressScenario::back_volatility, StressScenario::wide_exit})
      line(loss_in(held, together), loss_in(each, together));
    return most;
  }
  /// Capital at risk in names that may move with this one.
  [[nodiscard]] double capital_at_risk_beside(std::string_view symbol, const SectorTable& sectors) const {
    double total = 0.0;
    for (const HeldSpread& held : spreads)
      if (sectors.together(symbol, held.symbol)) total += held.capital_at_risk;
    return total;
  }
  /// What the night after the close of `session` may do to the account: returns over NAV of every spread held over it,
  /// independent of each other. Empty when nothing is held over it. One without outcomes is sure to lose all at risk.
  [[nodiscard]] std::vector<ReturnOutcome> outcomes_over(Date session) const {
    std::vector<ReturnOutcome> night;
    for (const HeldSpread& held : spreads) {
      if (held.last_close_before != session) continue;
      std::vector<ReturnOutcome> own = held.outcomes;
      if (own.empty()) own.push_back({1.0, -1.0});
      for (ReturnOutcome& outcome : own) outcome.return_on_risk *= held.capital_at_risk / nav;
      if (night.empty()) {
        night = std::move(own);
      } else {
        const auto joint = joint_outcomes<61>(night, own);
        night.assign(joint.begin(), joint.end());
      }
    }
    return night;
  }
  /// Capital at risk in spreads whose events fall between the close of `session` and the next one.
  [[nodiscard]] double capital_at_risk_over(Date session) const noexcept {
    double total = 0.0;
    for (const HeldSpread& held : spreads)
      if (held.last_close_before == session) total += held.capital_at_risk;
    return total;
  }
};

}  // namespace alaris::inline v0
