// SPDX-License-Identifier: Apache-2.0
#include <alaris/market/calendar.hpp>
#include <alaris/market/expiry.hpp>

#include <sstream>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace alaris;

namespace {
struct Year {
  int year;
  const char* closures;
  const char* half_days;
  int sessions;
};
// NYSE announcements as collected in the market facts; 2027 half days other than Thanksgiving's are not confirmed.
const Year years[] = {
    {2018, "01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25", "07-03 11-23 12-24", 251},
    {2019, "01-01 01-21 02-18 04-19 05-27 07-04 09-02 11-28 12-25", "07-03 11-29 12-24", 252},
    {2020, "01-01 01-20 02-17 04-10 05-25 07-03 09-07 11-26 12-25", "11-27 12-24", 253},
    {2021, "01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24", "11-26", 252},
    {2022, "01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26", "11-25", 251},
    {2023, "01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25", "07-03 11-24", 250},
    {2024, "01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25", "07-03 11-29 12-24", 252},
    {2025, "01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25", "07-03 11-28 12-24", 250},
    {2026, "01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25", "11-27 12-24", 251},
    {2027, "01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24", "11-26", 251},
};
std::string month_day(Date date) {
  return to_string(date).substr(5);
}
}  // namespace

TEST_CASE("every listed year closes and shortens the days the exchange announced", "[market][calendar]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  const Year& year = years[static_cast<std::size_t>(GENERATE(range(0, 10)))];
  CAPTURE(year.year);
  std::string closures, half_days;
  int sessions = 0;
  for (Date d = make_date(year.year, 1, 1); d <= make_date(year.year, 12, 31); d += std::chrono::days(1)) {
    const auto day = weekday_of(d);
    const DayKind kind = calendar.kind(d);
    REQUIRE(kind != DayKind::unknown);
    if (day == std::chrono::Saturday || day == std::chrono::Sunday) {
      CHECK(kind == DayKind::closed);
      continue;
    }
    if (kind == DayKind::closed) closures += (closures.empty() ? "" : " ") + month_day(d);
    if (kind == DayKind::half_day) half_days += (half_days.empty() ? "" : " ") + month_day(d);
    sessions += calendar.is_session(d);
  }
  CHECK(closures == year.closures);
  CHECK(half_days == year.half_days);
  CHECK(sessions == year.sessions);
}

TEST_CASE("a day outside the known years is not_known and never a session", "[market][calendar]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  CHECK(calendar.kind(make_date(2028, 1, 3)) == DayKind::unknown);
  CHECK_FALSE(calendar.is_session(make_date(1989, 12, 29)));
}

TEST_CASE("a closure announced overnight can be added", "[market][calendar]") {
  TradingCalendar calendar = TradingCalendar::nyse();
  calendar.add_closure(make_date(2026, 8, 6));
  CHECK_FALSE(calendar.is_session(make_date(2026, 8, 6)));
  CHECK(calendar.next_session(make_date(2026, 8, 5)) == make_date(2026, 8, 7));
  CHECK(TradingCalendar::nyse().is_session(make_date(2026, 8, 6)));
}

TEST_CASE("sessions step over weekends, holidays and September 2001", "[market][calendar]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  CHECK(calendar.next_session(make_date(2001, 9, 10)) == make_date(2001, 9, 17));
  CHECK(calendar.previous_session(make_date(2026, 5, 26)) == make_date(2026, 5, 22));
  CHECK(calendar.sessions_between(make_date(2026, 6, 18), make_date(2026, 6, 22)) == 1);
}

TEST_CASE("New York is four hours behind UTC in summer and five in winter", "[market][new_york]") {
  using namespace std::chrono_literals;
  CHECK(new_york_instant(make_date(2024, 3, 8), 16h) == *parse_instant("2024-03-08T21:00Z"));
  CHECK(new_york_instant(make_date(2024, 3, 11), 16h) == *parse_instant("2024-03-11T20:00Z"));
  CHECK(new_york_instant(make_date(2024, 11, 1), 16h) == *parse_instant("2024-11-01T20:00Z"));
  CHECK(new_york_instant(make_date(2024, 11, 4), 16h) == *parse_instant("2024-11-04T21:00Z"));
  CHECK(new_york_instant(make_date(2006, 4, 3), 16h) == *parse_instant("2006-04-03T20:00Z"));
  CHECK(new_york_instant(make_date(2006, 3, 20), 16h) == *parse_instant("2006-03-20T21:00Z"));
}

TEST_CASE("the clock change itself happens at two in the morning", "[market][new_york]") {
  using namespace std::chrono_literals;
  CHECK(new_york_offset(*parse_instant("2024-03-10T06:59:59Z")) == -5h);
  CHECK(new_york_offset(*parse_instant("2024-03-10T07:00:00Z")) == -4h);
  CHECK(new_york_offset(*parse_instant("2024-11-03T05:59:59Z")) == -4h);
  CHECK(new_york_offset(*parse_instant("2024-11-03T06:00:00Z")) == -5h);
  CHECK(new_york_date(*parse_instant("2024-05-03T03:59:59Z")) == make_date(2024, 5, 2));
}

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
