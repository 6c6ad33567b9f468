// SPDX-License-Identifier: Apache-2.0
#include <alaris/market/results_filing.hpp>

#include "support/catch.hpp"

using namespace alaris;
using namespace std::chrono_literals;

namespace {
constexpr FilingStamp stamp(int year, unsigned month, unsigned day, std::chrono::minutes of_day) {
  return FilingStamp(make_date(year, month, day)) + of_day;
}
}  // namespace

TEST_CASE("one stamp outside the filing hours tells the clock of a filer", "[market][filing]") {
  // 22:30 in New York is after hours, 22:30 UTC in October is 18:30 there
  const FilingStamp utc[]{stamp(2024, 10, 31, 20h + 30min), stamp(2024, 10, 17, 22h + 30min)};
  CHECK(stamp_clock(utc) == StampClock::utc);
  // 07:05 UTC in May is 03:05 in New York
  const FilingStamp local[]{stamp(2025, 5, 1, 16h + 21min), stamp(2025, 5, 2, 7h + 5min)};
  CHECK(stamp_clock(local) == StampClock::new_york);
  const FilingStamp either[]{stamp(2025, 5, 1, 16h + 21min)};
  CHECK(stamp_clock(either) == StampClock::unknown);
  const FilingStamp neither[]{stamp(2025, 5, 3, 16h)};  // a Saturday
  CHECK(stamp_clock(neither) == StampClock::unknown);
}

TEST_CASE("a release belongs to the session it was read in", "[market][filing]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  const auto at = [&](Date date, std::chrono::minutes of_day) {
    return release_session(new_york_instant(date, of_day), calendar);
  };
  const Date thursday = make_date(2024, 5, 2);
  CHECK(at(thursday, 9h + 29min) == ReleaseSession{thursday, AnnouncementSession::before_open});
  CHECK(at(thursday, 9h + 30min) == ReleaseSession{thursday, AnnouncementSession::during_market});
  CHECK(at(thursday, 16h) == ReleaseSession{thursday, AnnouncementSession::after_close});
  const Date half = make_date(2024, 7, 3);
  CHECK(at(half, 13h).session == AnnouncementSession::after_close);
  CHECK(at(make_date(2024, 5, 4), 10h) == ReleaseSession{make_date(2024, 5, 6), AnnouncementSession::before_open});
}

TEST_CASE("a stamp of unknown clock has a session only where both readings agree", "[market][filing]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  // 21:00: after the close in either reading; 16:21: at noon or after the close
  CHECK(release_session(stamp(2025, 5, 1, 21h), StampClock::unknown, calendar).session ==
        AnnouncementSession::after_close);
  CHECK(release_session(stamp(2025, 5, 1, 16h + 21min), StampClock::unknown, calendar).session ==
        AnnouncementSession::unknown);
}

TEST_CASE("results are item 2.02 of an 8-K and were item 12 before August 2004", "[market][filing]") {
  const Date now = make_date(2024, 5, 2);
  CHECK(announces_results("8-K", "2.02,9.01", now));
  CHECK(announces_results("8-K", "9.01, 2.02", now));
  CHECK(!announces_results("8-K", "12.02", now));
  CHECK(!announces_results("8-K/A", "2.02", now));
  CHECK(announces_results("8-K", "7,12", make_date(2004, 7, 14)));
  CHECK(!announces_results("8-K", "7,12", now));
}

TEST_CASE("results followed by results within a quarter came before the report", "[market][filing]") {
  const Date filed[]{make_date(2024, 5, 2), make_date(2024, 7, 15), make_date(2024, 8, 1)};
  CHECK(results_kinds(filed) == std::vector{ResultsKind::report, ResultsKind::pre_announcement, ResultsKind::report});
}
