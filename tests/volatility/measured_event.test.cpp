// SPDX-License-Identifier: Apache-2.0
#include <alaris/volatility/measured_event.hpp>

#include <cmath>
#include <string>
#include <vector>

#include <alaris/simulation/market.hpp>

#include "support/catch.hpp"

using namespace alaris;

TEST_CASE("past reports of a simulated market surprise as little as its premium says", "[volatility][event]") {
  SimulationParameters parameters;
  parameters.first_session = make_date(2012, 1, 3);
  parameters.last_session = make_date(2020, 12, 31);
  parameters.event_premium = 1.3;
  const SimulatedMarket market(parameters, {"AAA", "BBB", "CCC", "DDD", "EEE"});
  const TradingCalendar calendar = TradingCalendar::nyse();
  const TradingClock clock(calendar);
  std::vector<double> surprises;
  double bias = 0.0;
  for (const std::string& symbol : market.symbols())
    for (const EarningsStatement& report : market.earnings(symbol)) {
      if (report.source != "reported" || report.date < make_date(2012, 6, 1)) continue;
      const auto move = event_move(market.bars(symbol), report.date, report.session);
      REQUIRE(move.has_value());
      const auto chain = market.chain(symbol, move->before);
      const auto measured = measure_event(*move, *chain, report, {0.035, &calendar, &clock});
      CAPTURE(symbol, to_string(report.date));
      REQUIRE(measured.has_value());
      CHECK(measured->calendar_violation < 2.0);
      CHECK(measured->implied_move < measured->sigma_event.value);  // E|Z| is sqrt(2/pi) of its deviation
      bias += measured->sigma_event.value / market.truth(symbol).sigma_priced() - 1.0;
      surprises.push_back(measured->surprise);
    }
  const PooledSurprise pool = pooled_surprise(surprises);
  CAPTURE(pool.count, pool.mean, pool.standard_error);
  CHECK(pool.count > 150);
  CHECK(std::fabs(bias / static_cast<double>(pool.count)) < 0.01);
  // physical over implied variance: 1 / 1.3^2 = 0.592, within three of its standard errors
  CHECK(std::fabs(pool.mean - 1.0 / (1.3 * 1.3)) < 3.0 * pool.standard_error);
}

TEST_CASE("a chain of an other day measures no event", "[volatility][event]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  const TradingClock clock(calendar);
  const EventMove move{make_date(2024, 5, 2), make_date(2024, 5, 3), 0.01, 0.02};
  const EarningsStatement report{make_date(2024, 5, 2), AnnouncementSession::after_close, "reported", {}, {}};
  CHECK(measure_event(move, OptionChain(make_date(2024, 5, 1), 100.0, {}), report, {0.05, &calendar, &clock}).error() ==
        TermFitFault::invalid_input);
  CHECK(measure_event(move, OptionChain(make_date(2024, 5, 2), 100.0, {}), report, {0.05, &calendar, &clock}).error() ==
        TermFitFault::not_identified);
}
