// SPDX-License-Identifier: Apache-2.0
#include <alaris/market/calendar.hpp>

#include <cstdio>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "support/catch.hpp"
#include "support/shared_data.hpp"

using namespace alaris;
using alaris::test::shared_data;

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

TEST_CASE("a day outside the known years is unknown and never a session", "[market][calendar]") {
  TradingCalendar calendar = TradingCalendar::nyse();
  const Date outside = GENERATE(make_date(1989, 12, 29), make_date(2028, 1, 3), Date::min(), Date::max());
  CHECK(calendar.kind(outside) == DayKind::unknown);
  CHECK_FALSE(calendar.is_session(outside));
  calendar.add_half_day(outside);
  calendar.add_closure(outside);
  CHECK(calendar == TradingCalendar::nyse());
}

TEST_CASE("the year 1999 ended early and 2021 and 2027 end on an ordinary Friday", "[market][calendar]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  CHECK(calendar.kind(make_date(1999, 12, 31)) == DayKind::half_day);
  CHECK(calendar.kind(make_date(2021, 12, 31)) == DayKind::session);
  CHECK(calendar.kind(make_date(2027, 12, 31)) == DayKind::session);
  CHECK(calendar.kind(make_date(2010, 12, 31)) == DayKind::session);
}

TEST_CASE("the days before a moved holiday are whole sessions", "[market][calendar]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  std::istringstream whole("2020-07-02 2021-07-02 2022-12-23 2026-07-02 2027-07-02 2008-12-26 2014-12-26 2013-07-05");
  for (std::string text; whole >> text;) {
    CAPTURE(text);
    CHECK(calendar.kind(*parse_date(text)) == DayKind::session);
  }
}

TEST_CASE("a bond holiday is an ordinary session of the stock exchange", "[market][calendar]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  const int year = GENERATE(range(2018, 2028));
  CHECK(calendar.kind(detail::nth_weekday(year, 10, std::chrono::Monday, 2)) == DayKind::session);  // Columbus Day
  const Date veterans = make_date(year, 11, 11);
  const auto day = weekday_of(veterans);
  CHECK(calendar.is_session(veterans) == (day != std::chrono::Saturday && day != std::chrono::Sunday));
}

TEST_CASE("Juneteenth closes the exchange from 2022 and Martin Luther King's day from 1998", "[market][calendar]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  CHECK(calendar.is_session(make_date(2020, 6, 19)));
  CHECK(calendar.is_session(make_date(2021, 6, 18)));
  CHECK_FALSE(calendar.is_session(make_date(2022, 6, 20)));
  CHECK(calendar.is_session(make_date(1997, 1, 20)));
  CHECK_FALSE(calendar.is_session(make_date(1998, 1, 19)));
}

TEST_CASE("the eve of a Thursday Independence Day is shortened only since 2013", "[market][calendar]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  const int before = GENERATE(1996, 2002);
  CHECK(calendar.kind(make_date(before, 7, 3)) == DayKind::session);
  CHECK(calendar.kind(make_date(before, 7, 5)) == DayKind::half_day);
  const int since = GENERATE(2013, 2019, 2024);
  CHECK(calendar.kind(make_date(since, 7, 3)) == DayKind::half_day);
  CHECK(calendar.kind(make_date(since, 7, 5)) == DayKind::session);
}

TEST_CASE("the exchange mourned five presidents and waited out an attack and a storm", "[market][calendar]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  std::istringstream closed(
      "1994-04-27 2001-09-11 2001-09-12 2001-09-13 2001-09-14 2004-06-11 2007-01-02 2012-10-29 2012-10-30 2018-12-05 "
      "2025-01-09");
  for (std::string text; closed >> text;) {
    CAPTURE(text);
    CHECK(calendar.kind(*parse_date(text)) == DayKind::closed);
  }
}

TEST_CASE("a half day ends at one and before 1993 at two", "[market][calendar]") {
  using namespace std::chrono_literals;
  static constexpr TradingCalendar calendar = TradingCalendar::nyse();
  static_assert(calendar.session_close(make_date(2024, 11, 29)) == 13h);
  CHECK(calendar.session_close(make_date(1992, 11, 27)) == 14h);
  CHECK(calendar.session_close(make_date(1993, 11, 26)) == 13h);
  CHECK(calendar.session_close(make_date(2024, 11, 27)) == 16h);
  CHECK(calendar.open(make_date(2024, 11, 29)) == *parse_instant("2024-11-29T09:30-05:00"));
}

TEST_CASE("an independent holiday file names the same closures and half days", "[market][calendar]") {
  const auto path = shared_data("data/lean/Data/market-hours/market-hours-database.json");
  if (!path) return;
  std::stringstream text;
  text << std::ifstream(*path).rdbuf();
  std::string entry = text.str();
  entry = entry.substr(entry.find("Equity-usa-[*]"));
  const std::size_t early = entry.find("\"earlyCloses\""), holidays = entry.find("\"holidays\"");
  REQUIRE(early < entry.size());
  REQUIRE(holidays < entry.size());
  const auto dates = [&](std::size_t from, char end) {  // every "month/day/year" in one JSON object or array
    std::set<Date> found;
    const std::string part = entry.substr(from, entry.find(end, from) - from);
    int m = 0, d = 0, y = 0, length = 0;
    for (std::size_t at = part.find('"'); at != std::string::npos; at = part.find('"', at + 1))
      if (std::sscanf(part.c_str() + at, "\"%d/%d/%d\"%n", &m, &d, &y, &length) == 3 && length > 0)
        found.insert(make_date(y, static_cast<unsigned>(m), static_cast<unsigned>(d)));
    return found;
  };
  const std::set<Date> closed = dates(holidays, ']'), shortened = dates(early, '}');
  REQUIRE(closed.size() > 290);
  const TradingCalendar calendar = TradingCalendar::nyse();
  const auto weekend = [](Date date) {
    return weekday_of(date) == std::chrono::Saturday || weekday_of(date) == std::chrono::Sunday;
  };
  for (Date date = make_date(1998, 1, 1); date <= calendar.last_day(); date += std::chrono::days(1)) {
    if (weekend(date)) continue;
    CAPTURE(to_string(date));
    CHECK((calendar.kind(date) == DayKind::closed) == closed.contains(date));
    // The file's early closes begin in 1999 and leave out the last day of that year and Christmas Eve before 2001.
    if (date >= make_date(2001, 1, 1)) CHECK((calendar.kind(date) == DayKind::half_day) == shortened.contains(date));
  }
}

TEST_CASE("an early close can be added and a closed day stays closed", "[market][calendar]") {
  TradingCalendar calendar = TradingCalendar::nyse();
  calendar.add_half_day(make_date(2027, 7, 2));
  calendar.add_half_day(make_date(2027, 7, 5));
  CHECK(calendar.kind(make_date(2027, 7, 2)) == DayKind::half_day);
  CHECK(calendar.kind(make_date(2027, 7, 5)) == DayKind::closed);
  calendar.add_closure(make_date(2027, 7, 2));
  CHECK(calendar.kind(make_date(2027, 7, 2)) == DayKind::closed);
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
  CHECK(calendar.sessions_between(make_date(2026, 6, 22), make_date(2026, 6, 18)) == -1);
  CHECK(calendar.nth_session(make_date(2026, 6, 18), 2) == make_date(2026, 6, 23));
  CHECK(calendar.nth_session(make_date(2026, 6, 22), -2) == make_date(2026, 6, 17));
  CHECK(calendar.nth_session(make_date(2026, 6, 20), 0) == make_date(2026, 6, 20));
}

TEST_CASE("stepping and counting agree with asking day by day", "[market][calendar]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  Date expected_previous = Date::min();
  int count = 0;
  bool all_agree = true;
  for (Date d = calendar.first_day(); d <= calendar.last_day(); d += std::chrono::days(1)) {
    all_agree &= calendar.previous_session(d) == expected_previous;
    if (calendar.is_session(d)) {
      all_agree &= expected_previous == Date::min() || calendar.next_session(expected_previous) == d;
      expected_previous = d;
      ++count;
    }
    all_agree &= calendar.sessions_between(Date::min(), d) == count;
  }
  CHECK(all_agree);
  CHECK(calendar.sessions_between(Date::min(), Date::max()) == count);
  CHECK(calendar.next_session(make_date(2027, 12, 31)) == Date::max());
  CHECK(calendar.next_session(Date::min()) == make_date(1990, 1, 2));
  CHECK(calendar.previous_session(make_date(1990, 1, 2)) == Date::min());
  CHECK(calendar.previous_session(Date::max()) == make_date(2027, 12, 31));
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

TEST_CASE("New York changed its clocks on the dates the law of each year said", "[market][new_york]") {
  // UTC instants of both switches, from the IANA time-zone database.
  struct Switches {
    const char *forward, *back;
  };
  const Switches year = GENERATE(Switches{"1970-04-26", "1970-10-25"}, Switches{"1973-04-29", "1973-10-28"},
                                 Switches{"1974-01-06", "1974-10-27"}, Switches{"1975-02-23", "1975-10-26"},
                                 Switches{"1976-04-25", "1976-10-31"}, Switches{"1986-04-27", "1986-10-26"},
                                 Switches{"1987-04-05", "1987-10-25"}, Switches{"2006-04-02", "2006-10-29"},
                                 Switches{"2007-03-11", "2007-11-04"}, Switches{"2027-03-14", "2027-11-07"});
  using namespace std::chrono_literals;
  CAPTURE(year.forward);
  const Instant forward = *parse_instant(std::string(year.forward) + "T07:00Z");
  const Instant back = *parse_instant(std::string(year.back) + "T06:00Z");
  CHECK(new_york_offset(forward - 1us) == -5h);
  CHECK(new_york_offset(forward) == -4h);
  CHECK(new_york_offset(back - 1us) == -4h);
  CHECK(new_york_offset(back) == -5h);
}

TEST_CASE("a wall-clock hour that occurs twice is the first and one that is skipped reads one hour on",
          "[market][new_york]") {
  using namespace std::chrono_literals;
  CHECK(new_york_instant(make_date(2024, 11, 3), 1h + 30min) == *parse_instant("2024-11-03T01:30-04:00"));
  CHECK(new_york_instant(make_date(2024, 11, 3), 2h) == *parse_instant("2024-11-03T02:00-05:00"));
  CHECK(new_york_instant(make_date(2024, 3, 10), 2h + 30min) == *parse_instant("2024-03-10T03:30-04:00"));
  CHECK(new_york_instant(make_date(2024, 3, 10), 1h + 59min) == *parse_instant("2024-03-10T01:59-05:00"));
}

TEST_CASE("the clock change itself happens at two in the morning", "[market][new_york]") {
  using namespace std::chrono_literals;
  CHECK(new_york_offset(*parse_instant("2024-03-10T06:59:59Z")) == -5h);
  CHECK(new_york_offset(*parse_instant("2024-03-10T07:00:00Z")) == -4h);
  CHECK(new_york_offset(*parse_instant("2024-11-03T05:59:59Z")) == -4h);
  CHECK(new_york_offset(*parse_instant("2024-11-03T06:00:00Z")) == -5h);
  CHECK(new_york_date(*parse_instant("2024-05-03T03:59:59Z")) == make_date(2024, 5, 2));
}
