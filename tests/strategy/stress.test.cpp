// SPDX-License-Identifier: Apache-2.0
#include <alaris/strategy/stress.hpp>

#include <vector>

#include <alaris/strategy/portfolio.hpp>

#include "support/catch.hpp"

using namespace alaris;
using Catch::Matchers::WithinAbs;

namespace {
/// The golden calendar of the market facts: debit 1.7592.
EventCalendar golden() {
  return {.type = OptionType::call,
          .spot = 100,
          .strike = 100,
          .rate = 0.045,
          .front = {9 / 365.0},
          .back = {37 / 365.0},
          .front_base = 0.32,
          .back_base = 0.32,
          .sigma_event = 0.06};
}
StressLosses losses_of(const EventCalendar& calendar, double cost = 0.0, bool still_spanned = false) {
  const EventCalendar parts[] = {calendar};
  return stress_losses({.parts = parts,
                        .to_exit = {1 / 365.0},
                        .cost_to_close = cost,
                        .fees_to_close = 2.0,
                        .crossing = 0.04,
                        .front_spans_postponed = still_spanned});
}
constexpr double cent = 1e-9;  // dollars a spread: rounding of sums of prices near 100
}  // namespace

TEST_CASE("a move with crush loses what revaluation at base volatilities says", "[strategy][stress]") {
  const EventCalendar c = golden();
  const StressLosses losses = losses_of(c, 12.0);
  const Years<Act365> exit{1 / 365.0};
  const auto loss = [&](double sigmas) { return 12.0 - 100 * event_pnl(c, sigmas * 0.06, exit); };
  CHECK_THAT(loss_in(losses, StressScenario::up_1), WithinAbs(loss(1), cent));
  CHECK_THAT(loss_in(losses, StressScenario::down_1), WithinAbs(loss(-1), cent));
  CHECK_THAT(loss_in(losses, StressScenario::up_5), WithinAbs(loss(5), cent));
  CHECK_THAT(loss_in(losses, StressScenario::down_5), WithinAbs(loss(-5), cent));
  CHECK_THAT(loss_in(losses, StressScenario::crush_no_move), WithinAbs(loss(0), cent));
  CHECK(loss_in(losses, StressScenario::crush_no_move) < 0.0);  // a long calendar lives off the crush
  // at five sigmas nearly the debit of 175.92 dollars is gone
  CHECK(loss_in(losses, StressScenario::up_5) > 130.0);
  CHECK(loss_in(losses, StressScenario::up_5) < 176.0 + 12.0);
}

TEST_CASE("a gap that the front keeps its event variance through costs more than one with crush",
          "[strategy][stress]") {
  const StressLosses losses = losses_of(golden());
  CHECK(loss_in(losses, StressScenario::gap_up_no_crush) > 0.0);
  CHECK(loss_in(losses, StressScenario::gap_down_no_crush) > 0.0);
  // with the event still ahead and no move the spread is worth its debit and a day of theta: here the gap alone loses
  CHECK(loss_in(losses, StressScenario::gap_up_no_crush) < loss_in(losses, StressScenario::up_5));
}

TEST_CASE("a back leg that loses 30 percent of its volatility loses its vega times that", "[strategy][stress]") {
  const StressLosses losses = losses_of(golden());
  // vega of the back leg at 36 days: 100 sqrt(36/365) pdf(d1) ~ 12.4 a share and 1.00; 0.096 of it is 1.19 a share
  const double further =
      loss_in(losses, StressScenario::back_volatility) - loss_in(losses, StressScenario::crush_no_move);
  CHECK(further > 110.0);
  CHECK(further < 125.0);
}

TEST_CASE("a wide exit pays three times the spread of today and the fees", "[strategy][stress]") {
  const StressLosses losses = losses_of(golden(), 9.0);
  CHECK_THAT(loss_in(losses, StressScenario::wide_exit) - (loss_in(losses, StressScenario::crush_no_move) - 9.0),
             WithinAbs(2.0 + 100 * 3 * 0.04, cent));
}

TEST_CASE("an event postponed beyond the front leaves the front without it", "[strategy][stress]") {
  const double kept = loss_in(losses_of(golden(), 0.0, true), StressScenario::postponed);
  const double lost = loss_in(losses_of(golden(), 0.0, false), StressScenario::postponed);
  CHECK(lost < 0.0);                                 // the short front crushes, the long back keeps the event
  CHECK(kept > lost);                                // both keep it: a day of event-consistent theta
  CHECK_THAT(kept, WithinAbs(-100 * 0.0243, 0.15));  // +0.0243 a share and day (market facts), to second order in a day
}

TEST_CASE("an assigned front leaves shares that a day may move either way", "[strategy][stress]") {
  for (const OptionType type : {OptionType::call, OptionType::put}) {
    EventCalendar c = golden();
    c.type = type;
    const double assigned = loss_in(losses_of(c), StressScenario::assigned);
    const double moved =
        loss_in(losses_of(c), type == OptionType::call ? StressScenario::up_2 : StressScenario::down_2);
    CHECK(assigned > moved - 100.0 * 0.40);  // the front's remaining time value is at most what is gained
    CHECK(assigned < 176.0 + 100.0 * 2.6);   // the debit and the day's move of the shares
    CHECK(assigned == assigned);
  }
}

TEST_CASE("a spread that could not be priced has no known loss", "[strategy][stress]") {
  const StressLosses none = stress_losses({.parts = {},
                                           .to_exit = {},
                                           .cost_to_close = 0,
                                           .fees_to_close = 0,
                                           .crossing = 0,
                                           .front_spans_postponed = true});
  for (const double loss : none) CHECK(loss != loss);
  const StressedPosition positions[] = {{all_lost(100), false}, {none, false}};
  const double loss = stress_loss(positions);
  CHECK(loss != loss);
}

TEST_CASE("the stress of a portfolio adds what happens together and not what happens to one name",
          "[strategy][stress]") {
  StressLosses a = all_lost(0.0), b = all_lost(0.0);
  const auto at = [](StressLosses& l, StressScenario s) -> double& { return l[static_cast<std::size_t>(s)]; };
  at(a, StressScenario::up_5) = 300;
  at(b, StressScenario::up_5) = 400;
  CHECK(stress_loss(std::vector<StressedPosition>{{a, true}, {b, true}}) == 400.0);
  at(a, StressScenario::up_2) = 250;
  at(b, StressScenario::up_2) = 240;
  CHECK(stress_loss(std::vector<StressedPosition>{{a, true}, {b, true}}) == 490.0);
  CHECK(stress_loss(std::vector<StressedPosition>{{a, true}, {b, false}}) == 400.0);
  at(a, StressScenario::back_volatility) = at(b, StressScenario::back_volatility) = 260;
  CHECK(stress_loss(std::vector<StressedPosition>{{a, true}, {b, false}}) == 520.0);
  at(b, StressScenario::wide_exit) = 700;
  at(a, StressScenario::wide_exit) = -100;
  CHECK(stress_loss(std::vector<StressedPosition>{{a, false}, {b, false}}) == 700.0);  // alone it does not help
  CHECK(stress_loss({}) == 0.0);
}

TEST_CASE("a held position that was not revalued counts as lost", "[strategy][stress]") {
  const Date night = make_date(2026, 7, 30);
  Portfolio p{.nav = 100'000};
  p.spreads.push_back({.symbol = "A",
                       .last_close_before = night,
                       .first_close_after = night,
                       .contracts = 2,
                       .capital_at_risk = 900,
                       .assignment_notional = 20'000});
  CHECK(p.stress_loss_with(all_lost(100), night) == 1000.0);
  p.spreads[0].stress = all_lost(50);
  CHECK(p.stress_loss_with(all_lost(100), night) == 150.0);
  CHECK(p.assignment_notional_in("A") == 20'000.0);
  CHECK(p.assignment_notional_in("B") == 0.0);
}

TEST_CASE("every stress scenario has its own name", "[strategy][stress]") {
  for (std::size_t i = 0; i < stress_scenarios; ++i)
    for (std::size_t j = 0; j < i; ++j)
      CHECK(name(static_cast<StressScenario>(i)) != name(static_cast<StressScenario>(j)));
}
