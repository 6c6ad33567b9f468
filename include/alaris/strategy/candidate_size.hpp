// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many spreads of a candidate, and what the portfolio looks like with them filled.

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include <alaris/policy/sizing.hpp>
#include <alaris/strategy/candidate.hpp>
#include <alaris/strategy/portfolio.hpp>
#include <alaris/strategy/priced_spread.hpp>
#include <alaris/strategy/settings.hpp>
#include <alaris/volatility/physical_event.hpp>

namespace alaris::inline v0 {

/// The position that `contracts` spreads of a candidate make, as the next candidate sees it.
[[nodiscard]] inline HeldSpread held_spread(const Candidate& c, int contracts) {
  HeldSpread held{.symbol = c.symbol,
                  .last_close_before = c.event->last_close_before,
                  .first_close_after = c.event->first_close_after,
                  .contracts = contracts,
                  .capital_at_risk = contracts * c.capital_at_risk,
                  .assignment_notional = c.spread->strike.dollars() * contract_multiplier * contracts,
                  .stress = c.stress,
                  .outcomes = c.outcomes};
  for (double& loss : *held.stress) loss *= contracts;
  return held;
}

/// What the order would do to the portfolio, every contract of it filled.
inline void project(Candidate& c, const Portfolio& portfolio, const SectorTable& sectors) {
  const double at_risk = c.contracts * c.capital_at_risk;
  c.nav = portfolio.nav;
  c.loss_today = portfolio.loss_today;
  c.position_at_risk = portfolio.capital_at_risk_in(c.symbol) + at_risk;
  c.sector_at_risk = portfolio.capital_at_risk_beside(c.symbol, sectors) + at_risk;
  c.event_night_at_risk = (c.event ? portfolio.capital_at_risk_over(c.event->last_close_before) : not_known) + at_risk;
  c.cash_after = portfolio.cash - at_risk;
  // A long calendar asks for its debit and no more, long options lend nothing: what is left in cash is free.
  c.excess_liquidity = c.what_if_excess_liquidity = c.cash_after;
  c.assignment_notional = portfolio.assignment_notional_in(c.symbol) +
                          (c.spread ? c.spread->strike.dollars() * contract_multiplier * c.contracts : not_known);
  StressLosses stress = c.stress;
  for (double& loss : stress) loss *= c.contracts;
  c.stress_loss = c.event ? portfolio.stress_loss_with(stress, c.event->last_close_before) : not_known;
  c.open_spreads_after = static_cast<double>(portfolio.spreads.size()) + 1.0;
  c.new_today_after = portfolio.opened_today + 1.0;
}

/// Net-of-cost results of one spread over capital at risk, on a grid of moves to +-5 physical event sigmas (trapezoid
/// in the normal score, step 0.25: spectrally small error).
[[nodiscard]] inline std::vector<ReturnOutcome> return_outcomes(const Candidate& c, const PricedChain& priced) {
  std::vector<ReturnOutcome> outcomes;
  const detail::PricedSpread spread = detail::price_spread(priced, *c.spread);
  if (spread.parts.empty() || !(c.capital_at_risk > 0.0) || !(c.sigma_physical >= 0.0)) return outcomes;
  double total = 0.0;
  for (int i = -20; i <= 20; ++i) {
    const double z = 0.25 * i, s = c.sigma_physical, weight = normal_pdf(z);
    const double pnl = contract_multiplier * detail::over_parts(spread, [&](const EventCalendar& part) {
                         return event_pnl(part, -0.5 * s * s + s * z);
                       });
    outcomes.push_back({weight, (pnl - c.round_trip_cost) / c.capital_at_risk});
    total += weight;
  }
  for (ReturnOutcome& outcome : outcomes) outcome.probability /= total;
  // The ends stand for everything beyond them: five implied sigmas, and an assignment at the open.
  for (auto [end, scenario] :
       {std::pair{&outcomes.front(), StressScenario::down_5}, std::pair{&outcomes.back(), StressScenario::up_5}}) {
    const double worst = std::max(loss_in(c.stress, scenario), loss_in(c.stress, StressScenario::assigned));
    end->return_on_risk = std::min(end->return_on_risk, -worst / c.capital_at_risk);
  }
  return outcomes;
}

/// What the limits and the market's depth allow: one cap for every rule whose answer depends on the number of spreads,
/// so that what fits them is never refused for its size. The candidate's whole-position figures are of `contracts`.
[[nodiscard]] inline auto size_caps(const Candidate& c, const StrategySettings& settings, const Portfolio& portfolio) {
  const PortfolioLimits& p = settings.portfolio;
  const double per = c.capital_at_risk, nav = portfolio.nav, held = portfolio.capital_at_risk_in(c.symbol);
  const double sector = portfolio.capital_at_risk_beside(c.symbol, settings.sectors);
  const Date night_of = c.event ? c.event->last_close_before : Date{};
  const double night = c.event ? portfolio.capital_at_risk_over(night_of) : not_known;
  const double lost = portfolio.loss_today <= 0.0 ? 0.0 : portfolio.loss_today;
  const double strikes = c.spread ? c.spread->strike.dollars() * contract_multiplier : not_known;
  // so many of `each` fit into `room`; what costs nothing is not limited
  const auto fit = [](double room, double each) {
    return each > 0.0 ? room / each : each == each && room >= 0.0 ? 1e9 : not_known;
  };
  const int liquid = largest_liquid_size(c, settings.liquidity);
  return std::array{
      SizeCap{"limit.contracts", p.max_contracts},
      SizeCap{"limit.notional", fit(p.max_notional - held, per)},
      SizeCap{"limit.position_nav", fit(p.max_position_nav * nav - held, per)},
      SizeCap{"limit.sector_nav", fit(p.max_sector_nav * nav - sector, per)},
      SizeCap{"limit.event_night_nav", fit(p.max_event_night_nav * nav - night, per)},
      SizeCap{"limit.event_night_loss",
              fit(std::min(p.max_daily_loss, p.max_event_night_loss_nav * nav) - lost - night, per)},
      SizeCap{"limit.stress_loss",
              std::min(portfolio.most_within_stress(c.stress, night_of, p.max_stress_loss_nav * nav), 1e9)},
      SizeCap{"limit.assignment_notional",
              fit(p.max_assignment_multiple * portfolio.cash - portfolio.assignment_notional_in(c.symbol),
                  strikes + p.max_assignment_multiple * per)},
      SizeCap{"limit.cash_reserve", fit(portfolio.cash - p.min_cash_fraction * nav, per)},
      SizeCap{"limit.what_if_margin", fit(portfolio.cash - p.min_what_if_excess_liquidity, per)},
      SizeCap{"gamma.event_loss", fit(settings.gamma.max_event_loss_nav * nav, c.event_loss / c.contracts)},
      SizeCap{"assignment.cost", fit(settings.legs.max_assignment_cost_nav * nav, c.assignment_cost / c.contracts)},
      SizeCap{liquidity_bound(c, liquid, settings.liquidity).name, static_cast<double>(liquid)},
  };
}

/// The most spreads that the market's depth would pass, where its rules refuse the candidate; nothing where they hold
/// or there is no spread. A proposal: nothing is resized.
[[nodiscard]] inline std::optional<int> liquid_size_instead(const Candidate& c, const LiquidityLimits& limits) {
  if (!c.spread || admits(liquidity_rules(limits), c)) return std::nullopt;
  return largest_liquid_size(c, limits);
}

/// How many spreads of a candidate whose outcomes are known: Kelly on them less one standard error, halved for a
/// two-criteria signal, then the caps of the portfolio and of the market's depth.
inline void size_by_outcomes(Candidate& c, const StrategySettings& settings, const Portfolio& portfolio,
                             int past_trades) {
  double mean = 0.0, square = 0.0;
  for (const ReturnOutcome& o : c.outcomes) {
    mean += o.probability * o.return_on_risk;
    square += o.probability * o.return_on_risk * o.return_on_risk;
  }
  const double evidence = 8.0 + c.past_events;  // the prior of the physical event volatility counts as eight events
  const double standard_error = std::sqrt(std::max(square - mean * mean, 0.0) / evidence);
  SizingLimits limits = settings.sizing;
  const bool all_criteria = admits(
      all_of{SignalIvRv{settings.signal}, InvertedTermStructure{settings.signal}, UnderlyingVolume{settings.signal}},
      c);
  if (!all_criteria) limits.kelly_fraction *= 0.5, limits.small_sample_nav *= 0.5;
  const auto caps = size_caps(c, settings, portfolio);
  const PositionSize size =
      position_size(c.outcomes, standard_error, portfolio.nav, c.capital_at_risk, past_trades, limits, caps,
                    c.event ? portfolio.outcomes_over(c.event->last_close_before) : std::vector<ReturnOutcome>{});
  c.size = size.contracts;
  c.contracts = std::max(size.contracts, 1);
  c.size_bound_by = size.bound_by;
  c.kelly = size.kelly;
}

/// Decides how many spreads.
inline void size_candidate(Candidate& c, const PricedChain& priced, const StrategySettings& settings,
                           const Portfolio& portfolio, int past_trades) {
  if (settings.fixed_contracts) {
    c.size = *settings.fixed_contracts;
    c.contracts = std::max(c.size, 1);
    c.size_bound_by = "fixed";
    return;
  }
  c.outcomes = return_outcomes(c, priced);
  size_by_outcomes(c, settings, portfolio, past_trades);
}

}  // namespace alaris::inline v0
