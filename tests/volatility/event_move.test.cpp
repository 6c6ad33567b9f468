// SPDX-License-Identifier: Apache-2.0
#include <alaris/volatility/event_move.hpp>

#include <cmath>
#include <vector>

#include <alaris/volatility/physical_event.hpp>

#include "support/catch.hpp"

using namespace alaris;

namespace {
std::vector<Bar> three_days() {  // Wednesday 100, Thursday 100, Friday opens at 108 and closes at 110
  return {{make_date(2024, 5, 1), 100, 100, 100, 100, 1},
          {make_date(2024, 5, 2), 100, 100, 100, 100, 1},
          {make_date(2024, 5, 3), 108, 110, 107, 110, 1}};
}
}  // namespace

TEST_CASE("a report after the close moves the next session and one before the open its own", "[volatility][event]") {
  const auto bars = three_days();
  const auto late = event_move(bars, make_date(2024, 5, 2), AnnouncementSession::after_close);
  REQUIRE(late.has_value());
  CHECK(late->before == make_date(2024, 5, 2));
  CHECK(late->after == make_date(2024, 5, 3));
  CHECK_THAT(late->to_close, Catch::WithinRel(std::log(1.1), 1e-15));
  CHECK_THAT(late->to_open, Catch::WithinRel(std::log(1.08), 1e-15));
  const auto early = event_move(bars, make_date(2024, 5, 2), AnnouncementSession::before_open);
  CHECK(early->after == make_date(2024, 5, 2));
  CHECK(early->to_close == 0.0);
}

TEST_CASE("an announcement without a stated session or without both closes has no move", "[volatility][event]") {
  auto bars = three_days();
  const auto fault = [&](unsigned day, AnnouncementSession session) {
    return event_move(bars, make_date(2024, 5, day), session).error();
  };
  CHECK(fault(2, AnnouncementSession::unknown) == EventMoveFault::session_unknown);
  CHECK(fault(2, AnnouncementSession::during_market) == EventMoveFault::session_unknown);
  CHECK(fault(3, AnnouncementSession::after_close) == EventMoveFault::no_bars_around);
  CHECK(fault(1, AnnouncementSession::before_open) == EventMoveFault::no_bars_around);
  bars[2].low = 0.0;
  CHECK(fault(2, AnnouncementSession::after_close) == EventMoveFault::bad_bar);
}

TEST_CASE("a name without history takes the pooled surprise and one with much takes its own", "[volatility][event]") {
  CHECK_THAT(*physical_event_sigma(0.06, {}), Catch::WithinRel(0.06, 1e-15));
  CHECK_THAT(*physical_event_sigma(0.06, {}, 0.74), Catch::WithinRel(0.06 * std::sqrt(0.74), 1e-15));
  // eight events of z^2 = 0.5 against a prior of eight at 1: the mean of the two
  const std::vector<double> eight(8, 0.5);
  CHECK_THAT(*physical_event_sigma(0.06, eight), Catch::WithinRel(0.06 * std::sqrt(0.75), 1e-15));
  const std::vector<double> wild(8, -3.0);
  CHECK(physical_event_sigma(0.06, wild) == unexpected(EventFault::negative_event_variance));
  const std::vector<double> holed{0.5, std::nan("")};
  CHECK(physical_event_sigma(0.06, holed) == unexpected(EventFault::invalid_input));
}

TEST_CASE("a quiet day's variance does not count as the event's", "[volatility][event]") {
  CHECK_THAT(event_surprise({.log_move = 0.05, .base_variance = 0.0009, .sigma_implied = 0.04}),
             Catch::WithinRel(1.0, 1e-14));
  CHECK(event_surprise({.log_move = 0.01, .base_variance = 0.0009, .sigma_implied = 0.04}) < 0.0);
  CHECK(std::isnan(event_surprise({.log_move = 0.01, .base_variance = 0.0009, .sigma_implied = 0.0})));
  const std::vector<double> z2{0.5, 1.0, 1.5, std::nan("")};
  const PooledSurprise pool = pooled_surprise(z2);
  CHECK(pool.count == 3);
  CHECK_THAT(pool.mean, Catch::WithinRel(1.0, 1e-15));
  CHECK_THAT(pool.standard_error, Catch::WithinRel(0.5 / std::sqrt(3.0), 1e-15));
  CHECK(pooled_surprise({}).mean == 1.0);
}
