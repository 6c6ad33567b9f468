// SPDX-License-Identifier: Apache-2.0
#include <alaris/backtest/engine.hpp>
#include <alaris/backtest/trade_attribution.hpp>
#include <alaris/simulation/market.hpp>

#include <cmath>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace alaris;

namespace {

const TradingCalendar calendar = TradingCalendar::nyse();

/// A call calendar at 100, front two weeks and back six: base volatility 30 %, an announcement of 8 % still ahead.
struct World {
  double spot = 100.0;
  double front_years = 10.0 / 252, back_years = 30.0 / 252;
  double base = 0.30;
  double event = 0.08;
  double rate = 0.04;
  bool ahead = true;
};

SpreadMark marks_of(const World& w) {
  SpreadMark mark{.date = make_date(2024, 5, 2), .spot = w.spot, .legs = {}};
  for (const bool back : {false, true}) {
    LegMark leg{.type = OptionType::call, .ratio = back ? 1 : -1, .strike = 100.0};
    leg.diffusion_years = back ? w.back_years : w.front_years;
    leg.interest = w.rate * leg.diffusion_years;
    leg.before_event = w.ahead;
    const double variance = w.base * w.base * leg.diffusion_years + (w.ahead ? w.event * w.event : 0.0);
    leg.mid = american_price<FastLevel>(detail::timeless(leg, w.spot, variance)).price;
    mark.legs.push_back(leg);
  }
  return mark;
}

Attribution between(const World& before, const World& after) {
  const std::vector<std::vector<LegState>> states{leg_states(marks_of(before)), leg_states(marks_of(after))};
  return attribute(states);
}

double change(const World& before, const World& after) {
  double sum = 0.0;
  const SpreadMark a = marks_of(before), b = marks_of(after);
  for (std::size_t i = 0; i < a.legs.size(); ++i) sum += a.legs[i].ratio * (b.legs[i].mid - a.legs[i].mid);
  return sum;
}

}  // namespace

TEST_CASE("marks before an announcement give back the base volatility and the move they were made of",
          "[backtest][attribution]") {
  const World w;
  for (const LegState& s : leg_states(marks_of(w))) {
    CHECK(std::sqrt(s.base_variance) == Approx(w.base).epsilon(1e-6));
    CHECK(std::sqrt(s.event_variance) == Approx(w.event).epsilon(1e-6));
    CHECK(std::fabs(s.misfit) < 1e-7);
  }
}

TEST_CASE("a change of one input is all its own part", "[backtest][attribution]") {
  const World before;
  World after = before;
  const auto only = [&](double Attribution::*part) {
    const Attribution a = between(before, after);
    CAPTURE(a.base_volatility, a.event_volatility, a.theta, a.gamma, a.delta, a.carry);
    CHECK(a.*part == Approx(change(before, after)).margin(1e-6));
    CHECK(a.explained() == Approx(a.*part).margin(1e-5));
    CHECK(std::fabs(a.residual) <= a.residual_bound);
  };
  SECTION("base volatility from 30 to 33 % lifts the back more than the front") {
    after.base = 0.33;
    CHECK(change(before, after) > 0.0);
    only(&Attribution::base_volatility);
  }
  SECTION("a smaller implied move hurts the short front less than it helps") {
    after.event = 0.06;
    CHECK(change(before, after) > 0.0);
    only(&Attribution::event_volatility);
  }
  SECTION("a session passes while the announcement stays ahead") {
    after.front_years -= 1.0 / 252;
    after.back_years -= 1.0 / 252;
    after.rate = 0.0;
    World no_rate = before;
    no_rate.rate = 0.0;
    const Attribution a = between(no_rate, after);
    CHECK(a.theta == Approx(change(no_rate, after)).margin(1e-6));
    CHECK(std::fabs(a.event_volatility) < 1e-5);
  }
  SECTION("a rate of 5 instead of 4 % is carry") {
    after.rate = 0.05;
    only(&Attribution::carry);
  }
}

TEST_CASE("a move of the share is delta and gamma and nothing else", "[backtest][attribution]") {
  const World before;
  World after = before;
  after.spot = GENERATE(85.0, 97.0, 104.0, 120.0);
  const Attribution a = between(before, after);
  CHECK(a.delta + a.gamma == Approx(change(before, after)).margin(1e-6));
  CHECK(a.gamma < 0.0);  // a calendar loses by every move from its strike
  CHECK(std::fabs(a.theta + a.event_volatility + a.base_volatility) < 1e-5);
}

TEST_CASE("the night of a report is crush against move", "[backtest][attribution]") {
  const World before;
  World after{.front_years = 9.0 / 252, .back_years = 29.0 / 252, .event = 0.0, .ahead = false};
  SECTION("without a move the crush is earned") {
    const Attribution a = between(before, after);
    CHECK(a.event_volatility > 0.5);
    CHECK(a.explained() == Approx(change(before, after)).margin(1e-5));
  }
  SECTION("a move of twice the implied one costs more than the crush brings") {
    after.spot = 100.0 * std::exp(2 * 0.08);
    const Attribution a = between(before, after);
    CHECK(a.event_volatility > 0.0);
    CHECK(a.gamma < -a.event_volatility);
    CHECK(a.explained() == Approx(change(before, after)).margin(1e-5));
  }
}

TEST_CASE("a mark that no volatility explains is residual within its bound", "[backtest][attribution]") {
  const World w;
  SpreadMark before = marks_of(w), after = marks_of(w);
  after.legs[1].mid = 99.99;  // a call worth almost the share
  const std::vector<std::vector<LegState>> states{leg_states(before), leg_states(after)};
  CHECK(attribute(states).complete());
  after.spot = 130.0;
  after.legs[0].mid = 29.0;  // a dollar under exercise
  after.legs[1].mid = 30.5;
  const std::vector<std::vector<LegState>> low{leg_states(before), leg_states(after)};
  const Attribution a = attribute(low);
  CHECK(std::fabs(low[1][0].misfit) > 0.9);
  CHECK(std::fabs(a.residual) > 0.9);
  CHECK(a.complete());
}

TEST_CASE("every trade of a run is explained to the rounding of money", "[backtest][attribution]") {
  SimulationParameters parameters;
  parameters.first_session = make_date(2018, 1, 3);
  parameters.last_session = make_date(2023, 12, 29);
  parameters.event_premium = 1.3;
  std::vector<std::string> names;
  for (int i = 0; i < 6; ++i) names.push_back("N" + std::to_string(i));
  const SimulatedMarket market(parameters, names);
  BacktestSettings s{.strategy = {}, .start = make_date(2021, 1, 4), .end = make_date(2023, 12, 29)};
  s.strategy.fixed_contracts = 1;
  s.capital = Money::from_dollars(100'000'000);
  const BacktestResult run = Backtest(market, names, calendar, s, all_of<>{}).run([](int, int) {});
  const auto explained = explain_trades(run.trades, market, calendar);
  REQUIRE(run.trades.size() > 30);
  int complete = 0;
  double sigma = 0.0;
  for (std::size_t i = 0; i < run.trades.size(); ++i) {
    const TradeExplanation& e = explained[i];
    CAPTURE(e.id, e.parts.residual, e.parts.residual_bound);
    CHECK(e.parts.explained() + e.parts.residual == Approx(run.trades[i].pnl.dollars()).margin(1e-9));
    CHECK(e.parts.cost < 0.0);
    complete += e.parts.complete();
    if (!e.greeks.empty()) sigma += e.greeks.front().sigma_event / market.truth(run.trades[i].symbol).sigma_priced();
  }
  CHECK(complete == static_cast<int>(run.trades.size()));
  CHECK(sigma / static_cast<double>(run.trades.size()) == Approx(1.0).margin(0.15));  // two legs, rounded quotes
  const Attribution total = total_attribution(explained);
  CAPTURE(total.base_volatility, total.event_volatility, total.theta, total.gamma, total.delta, total.carry,
          total.cost);
  CHECK(total.event_volatility > 0.0);  // the crush is what the strategy sells
  CHECK(total.gamma < 0.0);             // and the move is what it pays
}
