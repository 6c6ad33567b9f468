// SPDX-License-Identifier: Apache-2.0
#include <alaris/market/trading_time.hpp>

#include "support/catch.hpp"

using namespace alaris;
using Catch::WithinRel;
using namespace std::chrono_literals;

namespace {
Instant at(int year, unsigned month, unsigned day, std::chrono::minutes within = 16h) {
  return new_york_instant(make_date(year, month, day), within);
}
}  // namespace

TEST_CASE("a weekend is worth a fifth of a session", "[market][clock]") {
  const TradingClock clock;
  const double year = clock.sessions_per_year();
  CHECK(year > 261.0);  // about 251 sessions and 114 other days at a tenth
  CHECK(year < 263.5);
  CHECK_THAT(clock.between(at(2024, 5, 3), at(2024, 5, 6)).value, WithinRel(1.2 / year, 1e-12));
  CHECK_THAT(clock.between(at(2024, 5, 6), at(2024, 5, 8)).value, WithinRel(2.0 / year, 1e-12));
  CHECK_THAT(clock.between(at(2024, 5, 8), at(2024, 5, 6)).value, WithinRel(-2.0 / year, 1e-12));
}

TEST_CASE("half of a session has passed at a quarter to one and none of it overnight", "[market][clock]") {
  const TradingClock clock;
  const double year = clock.sessions_per_year();
  CHECK_THAT(clock.between(at(2024, 5, 6, 9h + 30min), at(2024, 5, 6, 12h + 45min)).value,
             WithinRel(0.5 / year, 1e-12));
  CHECK(clock.between(at(2024, 5, 6), at(2024, 5, 7, 9h)).value == 0.0);
  // the Friday after Thanksgiving closes at 13:00 and counts 0.6; Thanksgiving itself 0.1
  CHECK_THAT(clock.between(at(2024, 11, 27), at(2024, 11, 29, 13h)).value, WithinRel(0.7 / year, 1e-12));
}

TEST_CASE("an average year of diffusion is one year", "[market][clock]") {
  const TradingClock clock;
  const double ten = clock.between(at(2018, 1, 1, 0h), at(2028, 1, 1, 0h)).value;
  CHECK_THAT(ten, WithinRel(3652.0 / 365.0, 1e-12));
}
