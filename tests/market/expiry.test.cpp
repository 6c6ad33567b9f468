// SPDX-License-Identifier: Apache-2.0
#include <alaris/market/expiry.hpp>

#include <sstream>
#include <string>

#include "support/catch.hpp"

using namespace alaris;

TEST_CASE("weekly expiries move to Thursday when their Friday is a holiday", "[market][expiry]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  std::istringstream thursdays(
      "2018-03-29 2019-04-18 2020-04-09 2020-07-02 2020-12-24 2020-12-31 2021-04-01 2021-12-23 2022-04-14 2023-04-06 "
      "2024-03-28 2025-04-17 2025-07-03 2026-04-02 2026-06-18 2026-07-02 2026-12-24 2027-03-25 2027-06-17 2027-12-23");
  for (std::string text; thursdays >> text;) {
    CAPTURE(text);
    CHECK(is_weekly_expiry(*parse_date(text), calendar));
    CHECK(last_trading_day(*parse_date(text), calendar) == *parse_date(text));
  }
  CHECK_FALSE(is_weekly_expiry(make_date(2026, 6, 25), calendar));
  CHECK_FALSE(is_weekly_expiry(make_date(2026, 6, 24), calendar));
}

TEST_CASE("an option stops trading at the close of its last session", "[market][expiry]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  CHECK(last_trading_instant(make_date(2024, 11, 29), calendar) == *parse_instant("2024-11-29T13:00-05:00"));
  CHECK(last_trading_instant(make_date(2025, 7, 3), calendar) == *parse_instant("2025-07-03T13:00-04:00"));
  CHECK(last_trading_instant(make_date(2026, 8, 7), calendar) == *parse_instant("2026-08-07T16:00-04:00"));
  CHECK(last_trading_day(make_date(2014, 6, 21), calendar) == make_date(2014, 6, 20));
  CHECK(last_trading_day(make_date(2014, 4, 19), calendar) == make_date(2014, 4, 17));  // Good Friday before it
  CHECK(last_trading_instant(make_date(2028, 1, 21), calendar) == *parse_instant("2028-01-21T16:00-05:00"));
}

TEST_CASE("a Thursday expiry before Christmas ends at one and before New Year at four", "[market][expiry]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  CHECK(last_trading_instant(make_date(2020, 12, 24), calendar) == *parse_instant("2020-12-24T13:00-05:00"));
  CHECK(last_trading_instant(make_date(2020, 12, 31), calendar) == *parse_instant("2020-12-31T16:00-05:00"));
  CHECK(last_trading_instant(make_date(2026, 12, 24), calendar) == *parse_instant("2026-12-24T13:00-05:00"));
}

TEST_CASE("options that expire on a half day stop at one", "[market][expiry]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  const char* day = GENERATE("2024-11-29", "2025-07-03", "2025-11-28", "2026-11-27");
  CAPTURE(day);
  const Date expiry = *parse_date(day);
  CHECK(calendar.kind(expiry) == DayKind::half_day);
  CHECK(last_trading_instant(expiry, calendar) == new_york_instant(expiry, std::chrono::hours(13)));
  CHECK(is_weekly_expiry(expiry, calendar));
}

TEST_CASE("every standard expiry of 2014 is dated Saturday and last trades the Friday before", "[market][expiry]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  const unsigned month = GENERATE(range(1U, 13U));
  const Date saturday = detail::nth_weekday(2014, month, std::chrono::Friday, 3) + std::chrono::days(1);
  CAPTURE(to_string(saturday));
  const Date last = last_trading_day(saturday, calendar);
  CHECK(last == saturday - std::chrono::days(month == 4 ? 2 : 1));  // Good Friday was 2014-04-18
  CHECK(calendar.is_session(last));
  CHECK(is_weekly_expiry(saturday, calendar));
  CHECK(is_monthly_expiry(saturday, calendar));
}

TEST_CASE("the monthly expiry is the third Friday or the Thursday before it", "[market][expiry]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  CHECK(is_monthly_expiry(make_date(2026, 5, 15), calendar));
  CHECK(is_monthly_expiry(make_date(2026, 6, 18), calendar));  // Juneteenth closes the Friday
  CHECK(is_monthly_expiry(make_date(2019, 4, 18), calendar));
  CHECK(is_monthly_expiry(make_date(2027, 1, 15), calendar));
  CHECK_FALSE(is_monthly_expiry(make_date(2026, 5, 22), calendar));
  CHECK_FALSE(is_monthly_expiry(make_date(2026, 5, 20), calendar));
  CHECK_FALSE(is_monthly_expiry(make_date(2026, 7, 2), calendar));
}

TEST_CASE("a Thursday whose Friday nobody knows is no weekly expiry", "[market][expiry]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  CHECK_FALSE(is_weekly_expiry(make_date(2028, 6, 15), calendar));
  CHECK_FALSE(is_weekly_expiry(make_date(2027, 12, 30), calendar));
}

TEST_CASE("an expiring option can be exercised after news that came too late to trade it", "[market][expiry]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  const Instant news = *parse_instant("2026-07-31T16:30-04:00");
  CHECK(last_trading_instant(make_date(2026, 7, 31), calendar) < news);
  CHECK(exercise_deadline(make_date(2026, 7, 31), calendar) == *parse_instant("2026-07-31T17:30-04:00"));
  CHECK(exercise_deadline(make_date(2014, 6, 21), calendar) == *parse_instant("2014-06-20T17:30-04:00"));
  CHECK(exercise_deadline(make_date(2026, 11, 27), calendar) == *parse_instant("2026-11-27T14:30-05:00"));
  using namespace std::chrono_literals;
  CHECK(exercise_deadline(make_date(2026, 11, 27), calendar, {.half_day = 14h}) ==
        *parse_instant("2026-11-27T14:00-05:00"));
}

TEST_CASE("an option settled on the morning of its expiry last trades the session before", "[market][expiry]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  CHECK(last_trading_day(make_date(2026, 5, 15), calendar, SettlementStyle::am_cash) == make_date(2026, 5, 14));
  CHECK(last_trading_day(make_date(2026, 6, 19), calendar, SettlementStyle::am_cash) == make_date(2026, 6, 17));
  CHECK(last_trading_day(make_date(2026, 5, 15), calendar, SettlementStyle::pm_cash) == make_date(2026, 5, 15));
  CHECK(last_trading_instant(make_date(2026, 5, 15), calendar, SettlementStyle::am_cash) ==
        *parse_instant("2026-05-14T16:00-04:00"));
}
