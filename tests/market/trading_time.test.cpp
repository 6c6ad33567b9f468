// SPDX-License-Identifier: Apache-2.0
#include <alaris/market/trading_time.hpp>

#include <cmath>

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

TEST_CASE("calendar time turns a 6 % event into 6.18 % at base 30 % and 6.68 % at base 60 %", "[market][clock]") {
  // Wednesday's close to Friday's close, then thirty days on. True variance passes with the clock; the split believes
  // in days / 365. The published figures hold when the base volatility is per 252 sessions, as realised volatility is
  // annualised: 2 sessions, then 20 sessions and 10 other days, each over 252.
  const TradingClock clock;
  const Instant now = at(2024, 7, 10), front = at(2024, 7, 12), back = now + 32 * 24h + 8h;  // Sunday's midnight
  const double per_session = clock.sessions_per_year() / 252.0;
  const auto biased = [&](double base, double scale) {
    const double w1 = base * base * scale * clock.between(now, front).value + 0.06 * 0.06;
    const double w2 = base * base * scale * clock.between(now, back).value + 0.06 * 0.06;
    const double t1 = 2.0 / 365.0, t2 = 32.0 / 365.0;
    return 100.0 * std::sqrt(w1 - t1 * (w2 - w1) / (t2 - t1));
  };
  using Catch::WithinAbs;
  CHECK_THAT(biased(0.30, per_session), WithinAbs(6.18, 0.005));
  CHECK_THAT(biased(0.60, per_session), WithinAbs(6.68, 0.005));
  // Per year of this clock, in which a year is 1 with its weekends, the same bias is a little smaller.
  CHECK_THAT(biased(0.30, 1.0), WithinAbs(6.17, 0.005));
  CHECK_THAT(biased(0.60, 1.0), WithinAbs(6.65, 0.005));
}

TEST_CASE("the year 2024 passed in 249 sessions and three half days and 114 other days", "[market][clock]") {
  const TradingClock clock;
  // 2024: 252 sessions of which 3 are half days, 114 other days.
  CHECK_THAT(clock.between(at(2023, 12, 31, 24h), at(2024, 12, 31, 24h)).value * clock.sessions_per_year(),
             WithinRel(249.0 + 3 * 0.6 + 114 * 0.1, 1e-12));
}
