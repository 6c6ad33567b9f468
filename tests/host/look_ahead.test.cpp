// SPDX-License-Identifier: Apache-2.0
#include "store/look_ahead.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <alaris/backtest/engine.hpp>
#include <alaris/simulation/market.hpp>

#include "support/catch.hpp"

using namespace alaris;
using namespace alaris::host;

namespace {

const TradingCalendar calendar = TradingCalendar::nyse();
const std::vector<std::string> symbols{"N0", "N1", "N2"};

SimulatedMarket simulated() {
  SimulationParameters parameters;
  parameters.first_session = make_date(2019, 1, 2);
  parameters.last_session = make_date(2023, 6, 30);
  parameters.event_premium = 1.5;
  return SimulatedMarket(parameters, symbols);
}

BacktestResult honest(const AnyMarket& market) {
  const BacktestSettings settings{.strategy = {}, .start = make_date(2022, 1, 3), .end = make_date(2022, 12, 30)};
  return run_backtest(market, symbols, calendar, settings, [](int, int) {});
}

/// Drops every decision to enter before a report after which the stock moved by more than options implied: what only
/// tomorrow's paper says.
BacktestResult with_tomorrows_paper(const AnyMarket& market) {
  BacktestResult result = honest(market);
  std::erase_if(result.decisions, [&](const DecisionRecord& d) {
    const auto bars = market.bars(d.candidate.symbol);
    const auto close_of = [&](Date date) {
      for (const Bar& bar : bars)
        if (bar.date == date) return bar.close;
      return not_known;
    };
    if (!d.candidate.event) return false;
    const double move =
        std::log(close_of(d.candidate.event->first_close_after) / close_of(d.candidate.event->last_close_before));
    return std::fabs(move) > d.candidate.implied_move;
  });
  return result;
}

}  // namespace

TEST_CASE("an honest strategy passes the look-ahead check", "[host][look-ahead]") {
  const SimulatedMarket market = simulated();
  const AnyMarket any(market);
  const LookAheadCheck check = check_look_ahead(any, honest(any), 3, honest);
  CHECK(check.borders.size() == 3);
  CHECK(check.differences.empty());
  CHECK(check.not_made.empty());
}

TEST_CASE("a strategy that reads tomorrow's paper is caught", "[host][look-ahead]") {
  const SimulatedMarket market = simulated();
  const AnyMarket any(market);
  const LookAheadCheck check = check_look_ahead(any, with_tomorrows_paper(any), 8, with_tomorrows_paper);
  REQUIRE_FALSE(check.differences.empty());
  CHECK(check.differences.front().find("decisions line") != std::string::npos);
}

TEST_CASE("a run without sessions has no border to check", "[host][look-ahead]") {
  const SimulatedMarket market = simulated();
  CHECK(check_look_ahead(AnyMarket(market), BacktestResult{}, 3, honest).borders.empty());
}
