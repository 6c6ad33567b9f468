// SPDX-License-Identifier: Apache-2.0
#include <alaris/strategy/candidate_size.hpp>

#include <cmath>
#include <cstdint>
#include <set>
#include <string>

#include "support/catch.hpp"

using namespace alaris;

namespace {

const Date night = make_date(2024, 5, 9), morning = make_date(2024, 5, 10);

/// SplitMix64 (Steele, Lea, Flood, 2014): the same draws on every compiler.
struct Draws {
  std::uint64_t state;
  double uniform() {
    std::uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
  }
  bool chance(double p) { return uniform() < p; }
};

StressLosses any_losses(Draws& draws, double at_risk) {
  StressLosses losses{};
  for (double& loss : losses) loss = at_risk * (1.4 * draws.uniform() - 0.6);
  return losses;
}

/// One spread with a sure edge: only caps bind.
Candidate any_candidate(Draws& draws) {
  Candidate c{.symbol = "ACME"};
  c.event = EventSessions{.last_close_before = night, .first_close_after = morning, .announced = {}};
  c.spread = CalendarSpread{morning, morning + std::chrono::days(28),
                            *Strike::from_dollars(40 + 5 * static_cast<int>(40 * draws.uniform())),
                            SpreadStructure::call_calendar};
  c.capital_at_risk = 50 + 900 * draws.uniform();
  c.stress = any_losses(draws, c.capital_at_risk);
  c.event_loss = draws.chance(0.1) ? 0.0 : c.capital_at_risk * draws.uniform();
  c.assignment_cost = draws.chance(0.5) ? 0.0 : 200 * draws.uniform();
  c.least_leg_volume = draws.chance(0.05) ? not_known : 3000 * draws.uniform();
  c.least_leg_open_interest = draws.chance(0.3) ? not_known : 5000 * draws.uniform();
  c.least_displayed_size = draws.chance(0.3) ? not_known : std::floor(40 * draws.uniform());
  c.outcomes = {{1.0, 0.5}};
  c.iv30 = 0.5, c.rv30 = 0.2, c.term_slope_per_day = -0.01, c.underlying_volume = 5e6;
  c.past_events = 20;
  return c;
}

Portfolio any_portfolio(Draws& draws) {
  Portfolio p{.nav = 60'000 + 200'000 * draws.uniform(), .cash = 0.0};
  p.loss_today = draws.chance(0.5) ? 0.0 : 4000 * draws.uniform() - 1000;
  double at_risk = 0.0;
  const char* const names[] = {"ACME", "OTHER", "THIRD"};
  for (const char* name : names)
    if (draws.chance(0.4)) {
      HeldSpread held{.symbol = name,
                      .last_close_before = draws.chance(0.5) ? night : night - std::chrono::days(1),
                      .first_close_after = morning,
                      .contracts = 1 + static_cast<int>(3 * draws.uniform()),
                      .capital_at_risk = 100 + 900 * draws.uniform()};
      held.assignment_notional = 10'000.0 * held.contracts;
      if (draws.chance(0.8)) held.stress = any_losses(draws, held.capital_at_risk);
      at_risk += held.capital_at_risk;
      p.spreads.push_back(held);
    }
  p.cash = p.nav * (0.15 + 0.85 * draws.uniform()) - at_risk;
  return p;
}

/// Every rule that reads the size, and some that do not.
using SizeRules =
    all_of<EventLoss<GammaLimits>, Liquidity<LiquidityLimits>, AssignmentCost<LegLimits>, MaxContracts<PortfolioLimits>,
           MaxNotional<PortfolioLimits>, MaxAssignmentNotional<PortfolioLimits>, WhatIfMargin<PortfolioLimits>,
           MaxPositionShare<PortfolioLimits>, MaxSectorShare<PortfolioLimits>, MaxEventNightShare<PortfolioLimits>,
           EventNightLoss<PortfolioLimits>, StressLoss<PortfolioLimits>, CashReserve<PortfolioLimits>>;

/// The candidate as it is judged: figures of the whole position grown with it.
Candidate filled(Candidate c, int contracts, const Portfolio& portfolio) {
  c.event_loss *= contracts;
  c.assignment_cost *= contracts;
  c.contracts = contracts;
  project(c, portfolio, {});
  return c;
}

}  // namespace

TEST_CASE("the size that sizing names passes every rule that reads the size and one more does not",
          "[strategy][sizing]") {
  Draws draws{11};
  StrategySettings settings;
  settings.sizing.kelly_fraction = 1.0;
  std::set<std::string> bounds;
  int wrong = 0, needless = 0, sized = 0;
  for (int i = 0; i < 20'000; ++i) {
    const Portfolio portfolio = any_portfolio(draws);
    const Candidate one = any_candidate(draws);
    Candidate c = one;
    size_by_outcomes(c, settings, portfolio, 100);
    bounds.insert(c.size_bound_by);
    if (c.size > 0) {
      ++sized;
      wrong += !admits(SizeRules{}, filled(one, c.size, portfolio));
    }
    if (c.size_bound_by == "kelly") continue;
    const auto more = assess(SizeRules{}, filled(one, c.size + 1, portfolio));
    needless += more.accepted;
    bool named = false;
    for (const Finding& f : more.findings) named = named || (f.rule->name == c.size_bound_by && !f.holds());
    needless += !named;
  }
  CHECK(wrong == 0);
  CHECK(needless == 0);
  CHECK(sized > 5000);
  CHECK(sized < 20'000);
  for (const char* bound :
       {"gamma.event_loss", "assignment.cost", "liquidity.volume_share", "liquidity.open_interest_share",
        "liquidity.displayed_size", "limit.contracts", "limit.position_nav", "limit.stress_loss",
        "limit.event_night_loss", "limit.assignment_notional", "limit.cash_reserve"}) {
    CAPTURE(bound);
    CHECK(bounds.contains(bound));
  }
}

TEST_CASE("a market that shows sizes and no open interest can be entered", "[strategy][sizing]") {
  Draws draws{12};
  Candidate c = any_candidate(draws);
  c.least_leg_volume = 1000;
  c.least_leg_open_interest = not_known;
  c.least_displayed_size = 4;
  c.capital_at_risk = 100;
  c.event_loss = 20;
  c.assignment_cost = 0;
  c.stress = all_lost(50);
  const Portfolio portfolio{.nav = 100'000, .cash = 100'000};
  Candidate shown = c;
  size_by_outcomes(shown, {}, portfolio, 100);
  CHECK(shown.size == 4);
  CHECK(shown.size_bound_by == "liquidity.displayed_size");
  c.least_displayed_size = not_known;
  size_by_outcomes(c, {}, portfolio, 100);
  CHECK(c.size == 0);
  CHECK(c.size_bound_by == "liquidity.open_interest_share");
}

TEST_CASE("where depth refuses a size the one that would pass is proposed", "[strategy][sizing]") {
  Draws draws{13};
  Candidate c = any_candidate(draws);
  c.least_leg_volume = 100;
  c.least_leg_open_interest = 10'000;
  c.contracts = 4;
  CHECK(!liquid_size_instead(c, {}));
  c.contracts = 5;  // 5 % is not below 5 %
  CHECK(liquid_size_instead(c, {}) == 4);
  c.least_leg_volume = not_known;
  CHECK(liquid_size_instead(c, {}) == 0);
  c.spread.reset();
  CHECK(!liquid_size_instead(c, {}));
}

TEST_CASE("no sequence of accepted entries and part fills and cancels and nights breaches a limit of the portfolio",
          "[strategy][sizing][laws]") {
  using Rules =
      all_of<SizeRules, MaxDailyLoss<PortfolioLimits>, MaxOpenSpreads<PortfolioLimits>, MaxNewPerDay<PortfolioLimits>>;
  const PortfolioLimits limits;
  Draws draws{14};
  int breaches = 0, entered = 0, refused = 0;
  for (int run = 0; run < 400; ++run) {
    Portfolio p{.nav = 80'000 + 300'000 * draws.uniform()};
    p.cash = p.nav;
    double highest = p.nav;  // what a share of NAV may have allowed today
    for (int step = 0; step < 80; ++step) {
      const double what = draws.uniform();
      if (what < 0.5) {  // an order, counted as filled from the moment it is sent
        Candidate c = any_candidate(draws);
        c.symbol = "NAME" + std::to_string(static_cast<int>(12 * draws.uniform()));
        for (double& loss : c.stress) loss = std::max(loss, 0.0);  // so that nothing held makes another's loss good
        const int contracts = 1 + static_cast<int>(12 * draws.uniform());
        c = filled(c, contracts, p);
        if (!admits(Rules{}, c)) {
          ++refused;
          continue;
        }
        ++entered;
        p.spreads.push_back(held_spread(c, contracts));
        p.cash -= p.spreads.back().capital_at_risk;
        ++p.opened_today;
      } else if (what < 0.8 && !p.spreads.empty()) {  // part of an order fills, the rest of it is cancelled
        const auto at =
            p.spreads.begin() + static_cast<std::ptrdiff_t>(draws.uniform() * static_cast<double>(p.spreads.size()));
        const int kept = static_cast<int>((at->contracts + 1) * draws.uniform());
        const double share = static_cast<double>(kept) / at->contracts;
        p.cash += (1.0 - share) * at->capital_at_risk;
        at->capital_at_risk *= share;
        at->assignment_notional *= share;
        for (double& loss : *at->stress) loss *= share;
        at->contracts = kept;
        if (kept == 0) p.spreads.erase(at);
      } else if (what > 0.95) {  // the night takes any part of what is at risk
        const double at_risk = p.capital_at_risk_over(night), lost = draws.uniform() * at_risk;
        breaches += lost > std::min(limits.max_daily_loss, limits.max_event_night_loss_nav * highest) + 1e-6;
        p.nav -= lost;
        p.cash += at_risk - lost;
        p.spreads.clear();
        p.opened_today = 0;
        highest = p.nav;
      }
      for (const HeldSpread& held : p.spreads) {
        const double in_name = p.capital_at_risk_in(held.symbol);
        breaches += in_name > limits.max_notional + 1e-6 || in_name > limits.max_position_nav * highest + 1e-6;
        breaches += held.contracts > limits.max_contracts;
        // the name's strikes must be payable from the cash of the last order in it; later orders only take cash
        breaches += p.assignment_notional_in(held.symbol) > limits.max_assignment_multiple * highest + 1e-6;
      }
      breaches += p.capital_at_risk_over(night) > limits.max_event_night_nav * highest + 1e-6;
      breaches += p.capital_at_risk_beside("NAME0", {}) > limits.max_sector_nav * highest + 1e-6;
      breaches += p.stress_loss_with(all_lost(0.0), night) > limits.max_stress_loss_nav * highest + 1e-6;
      breaches += p.cash < limits.min_cash_fraction * p.nav - 1e-6;
      breaches += static_cast<double>(p.spreads.size()) > limits.max_open_spreads;
      breaches += p.opened_today > limits.max_new_per_day;
    }
  }
  CHECK(breaches == 0);
  CHECK(entered > 1000);
  CHECK(refused > 1000);
}
