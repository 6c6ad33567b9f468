// SPDX-License-Identifier: Apache-2.0
#include <alaris/adapters/fmt.hpp>
#include <alaris/policy/breakers.hpp>
#include <alaris/policy/limit_rules.hpp>
#include <alaris/policy/pre_trade_rules.hpp>
#include <alaris/policy/sizing.hpp>

#include <fstream>
#include <limits>
#include <string>
#include <type_traits>

#include <alaris/market/calendar.hpp>

#include "support/catch.hpp"
#include "support/shared_data.hpp"

using namespace alaris;

namespace {
constexpr double unknown_figure = std::numeric_limits<double>::quiet_NaN();

struct Spread {
  double iv30 = 0.40, rv30 = 0.30, vega30 = 0.11, round_trip_cost = 20, expected_pnl = 30, net_delta = 0.02;
  double event_loss = 500, nav = 100'000, contracts = 2, least_leg_volume = 900, least_leg_open_interest = 400;
  double least_displayed_size = unknown_figure;
};
using PreTrade = all_of<CostSurvival<>, GammaRisk<>, Liquidity<>>;
static_assert(policy_for<PreTrade, Spread> && std::is_empty_v<PreTrade> && PreTrade::size == 7);
struct NoOpenInterest {
  double contracts, least_leg_volume;
};
static_assert(!policy_for<Liquidity<>, NoOpenInterest>);
static_assert(sizeof(all_of<SignalSurvivesCost<CostLimits>, NetDelta<>>) == sizeof(CostLimits));
static_assert(admits(NetDelta<>{}, Spread{}));
}  // namespace

TEST_CASE("a spread whose signal and edge outlive their costs is admitted", "[policy]") {
  Spread spread;
  CHECK(admits(PreTrade{}, spread));
  SECTION("(0.40 - 0.20 / 11) / 0.30 is 1.2727; a cost of 45 takes it to 1.197") {
    spread.round_trip_cost = 45;
    spread.expected_pnl = 60;
    CHECK(assess(PreTrade{}, spread).first_refusal()->rule->name == "cost.survival");
    CHECK(fmt::format("{}", *assess(PreTrade{}, spread).first_refusal()) ==
          "refused cost.survival [STCS006A]: IV30 over RV30 after costs 1.197, required > 1.2");
  }
  SECTION("an expectation equal to the cost is no edge") {
    spread.expected_pnl = 20;
    CHECK(assess(PreTrade{}, spread).first_refusal()->rule->name == "cost.expected_pnl");
  }
  SECTION("a delta of exactly 0.10 is refused, on either side") {
    spread.net_delta = GENERATE(0.10, -0.10);
    CHECK(assess(PreTrade{}, spread).first_refusal()->rule->name == "gamma.net_delta");
  }
  SECTION("a loss of exactly one percent of NAV is still admitted") {
    spread.event_loss = 1000;
    CHECK(admits(PreTrade{}, spread));
  }
  SECTION("a leg that did not trade is unknown, never a division by zero") {
    spread.least_leg_volume = GENERATE(0.0, unknown_figure);
    const auto verdict = assess(PreTrade{}, spread);
    CHECK(verdict.first_refusal()->rule->name == "liquidity.volume_share");
    CHECK(verdict.first_refusal()->outcome() == Outcome::unknown);
  }
  SECTION("thin open interest is excused by displayed size") {
    spread.least_leg_open_interest = 50;
    CHECK_FALSE(admits(PreTrade{}, spread));
    spread.least_displayed_size = 2;
    const auto verdict = assess(PreTrade{}, spread);
    CHECK(verdict.accepted);
    CHECK(verdict.first_refusal() == nullptr);
    CHECK(verdict.findings[5].excused);
  }
}

TEST_CASE("an unknown value in any field refuses", "[policy]") {
  double Spread::*fields[] = {&Spread::iv30,
                              &Spread::rv30,
                              &Spread::vega30,
                              &Spread::round_trip_cost,
                              &Spread::expected_pnl,
                              &Spread::net_delta,
                              &Spread::event_loss,
                              &Spread::nav,
                              &Spread::contracts,
                              &Spread::least_leg_volume,
                              &Spread::least_leg_open_interest};
  for (auto field : fields) {
    Spread spread;
    spread.*field = unknown_figure;
    CHECK_FALSE(admits(PreTrade{}, spread));
    CHECK_FALSE(assess(PreTrade{}, spread).accepted);
  }
}

TEST_CASE("run-time limits are judged by the same rule as compile-time ones", "[policy]") {
  Spread spread;
  CHECK(admits(SignalSurvivesCost{CostLimits{.min_net_iv_rv = 1.27}}, spread));
  CHECK_FALSE(admits(SignalSurvivesCost{CostLimits{.min_net_iv_rv = 1.28}}, spread));
}

TEST_CASE("Kelly on one win of 1 or one loss of 1 is p minus q", "[policy][sizing]") {
  const ReturnOutcome coin[] = {{0.6, 1.0}, {0.4, -1.0}};
  CHECK_THAT(kelly_fraction(coin, 0.0), Catch::WithinAbs(0.2, 1e-11));
  CHECK(kelly_fraction(coin, 0.2) == 0.0);
}

TEST_CASE("costs come off wins and losses alike: Kelly 0.20 and not 0.33", "[policy][sizing]") {
  // win 1.0 or lose 0.8 before a cost of 0.2, even odds of 0.6: net 0.8 and -1.0; (0.6 * 0.8 - 0.4) / 0.8
  const ReturnOutcome outcomes[] = {{0.6, 0.8}, {0.4, -1.0}};
  CHECK_THAT(kelly_fraction(outcomes, 0.0), Catch::WithinAbs(0.1, 1e-11));
}

TEST_CASE("a position is floored, and names what bound it", "[policy][sizing]") {
  const ReturnOutcome good[] = {{0.6, 1.0}, {0.4, -1.0}};
  const SizeCap caps[] = {{"limit.contracts", 10.0}, {"liquidity", 3.9}};
  CHECK(position_size(good, 0.0, 100'000, 400, 50, {}, caps).contracts == 3);
  CHECK(position_size(good, 0.0, 100'000, 400, 50, {}, caps).bound_by == "liquidity");
  CHECK(position_size(good, 0.0, 100'000, 400, 0, {}, caps).bound_by == "small_sample");
  CHECK(position_size(good, 0.0, 100'000, 400, 0, {}, caps).contracts == 1);
  CHECK(position_size(good, 0.0, 100'000, 600, 0, {}, caps).contracts == 0);  // never rounded up to one
  CHECK(position_size(good, 0.3, 100'000, 400, 50, {}, caps).bound_by == "no_edge");
  const SizeCap unknown_cap[] = {{"liquidity", unknown_figure}};
  CHECK(position_size(good, 0.0, 100'000, 400, 50, {}, unknown_cap).contracts == 0);
}

TEST_CASE("volatility stress trips above 40, holds until below 35, and fears silence", "[policy][breaker]") {
  VixStress state;
  CHECK_FALSE((state = state.after(38.57)).tripped);  // 2024-08-05 closed there after a high of 65.73
  CHECK((state = state.after(40.11)).tripped);
  CHECK((state = state.after(35.0)).tripped);
  CHECK_FALSE((state = state.after(34.99)).tripped);
  CHECK((state = state.after(unknown_figure)).tripped);
  CHECK_FALSE(state.entries_blocked());
  CHECK((state = state.after(unknown_figure)).entries_blocked());
  CHECK_FALSE((state = state.after(20.0)).tripped);
}

TEST_CASE("since 2018 the closes of the volatility index trip and reset on the known days", "[policy][breaker]") {
  const auto file = test::shared_data("data/market/vix-daily.csv");
  if (!file) return;
  std::ifstream in(*file);
  const TradingCalendar calendar = TradingCalendar::nyse();
  std::string row, changes;
  VixStress state;
  while (std::getline(in, row)) {
    const auto date = parse_date(row.substr(0, 10));
    if (!date || *date < make_date(2018, 1, 1) || *date > make_date(2025, 12, 31) || !calendar.is_session(*date))
      continue;
    const double close = std::stod(row.substr(row.rfind(',') + 1));
    const VixStress next = state.after(close);
    if (next.tripped != state.tripped) changes += to_string(*date) + (next.tripped ? "/" : " ");
    state = next;
  }
  CHECK(changes ==
        "2020-02-28/2020-03-02 2020-03-06/2020-04-27 2020-06-11/2020-06-15 2020-10-28/2020-11-04 "
        "2025-04-04/2025-04-09 2025-04-10/2025-04-14 ");
}
