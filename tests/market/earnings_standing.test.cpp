// SPDX-License-Identifier: Apache-2.0
#include <alaris/market/earnings_standing.hpp>

#include "support/catch.hpp"

using namespace alaris;
using namespace std::chrono_literals;

namespace {

constexpr auto unknown = AnnouncementSession::unknown;
constexpr auto before_open = AnnouncementSession::before_open;
constexpr auto after_close = AnnouncementSession::after_close;
constexpr Date thursday = make_date(2024, 5, 2);
constexpr Date wednesday = make_date(2024, 5, 1);

constexpr Instant april(int day) {
  return new_york_instant(make_date(2024, 4, static_cast<unsigned>(day)), 20h);
}
EarningsStatement said(const char* source, Date date, AnnouncementSession session, Instant from = april(10)) {
  return {.date = date, .session = session, .source = source, .known_from = from};
}
StandingEarnings settled(const std::vector<EarningsStatement>& statements, Instant as_of = april(20)) {
  const auto reports = standing_earnings(statements, as_of, TradingCalendar::nyse());
  REQUIRE(reports.size() == 1);
  return reports[0];
}

}  // namespace

TEST_CASE("two sources that agree confirm a date and one alone does not", "[market][earnings]") {
  const auto both = settled({said("fmp", thursday, unknown), said("nasdaq", thursday, after_close)});
  CHECK(both.standing == EarningsStanding::confirmed);
  CHECK(both.session == after_close);
  CHECK(both.session_source == "nasdaq");
  CHECK(both.sources == 2);
  CHECK(settled({said("nasdaq", thursday, after_close)}).standing == EarningsStanding::unconfirmed);
}

TEST_CASE("dates or sessions that differ make a report conflicting", "[market][earnings]") {
  CHECK(settled({said("fmp", thursday, after_close), said("nasdaq", wednesday, after_close)}).standing ==
        EarningsStanding::conflicting);
  const auto sessions = settled({said("fmp", thursday, before_open), said("nasdaq", thursday, after_close)});
  CHECK(sessions.standing == EarningsStanding::conflicting);
  CHECK(sessions.session == unknown);
  // two against one is still a contradiction
  CHECK(settled({said("a", thursday, after_close), said("b", thursday, after_close), said("c", wednesday, unknown)})
            .standing == EarningsStanding::conflicting);
}

TEST_CASE("a report without a session that can be traded around stays unconfirmed", "[market][earnings]") {
  CHECK(settled({said("fmp", thursday, unknown), said("nasdaq", thursday, unknown)}).standing ==
        EarningsStanding::unconfirmed);
  CHECK(settled({said("fmp", thursday, AnnouncementSession::during_market), said("nasdaq", thursday, unknown)})
            .standing == EarningsStanding::unconfirmed);
  const Date saturday = make_date(2024, 5, 4);
  CHECK(settled({said("fmp", saturday, after_close), said("nasdaq", saturday, after_close)}).standing ==
        EarningsStanding::unconfirmed);
  CHECK(settled(
            {said("fmp", thursday, unknown), said("nasdaq", thursday, unknown), said("derived", thursday, after_close)})
            .session == unknown);
}

TEST_CASE("once out the report settles date and session against every calendar", "[market][earnings]") {
  const std::vector<EarningsStatement> all{
      said("fmp", wednesday, before_open), said("nasdaq", thursday, unknown),
      said("reported", thursday, after_close, new_york_instant(thursday, 16h + 30min))};
  CHECK(settled(all).standing == EarningsStanding::conflicting);  // in April it is not out
  const auto after = settled(all, new_york_instant(thursday, 17h));
  CHECK(after.standing == EarningsStanding::reported);
  CHECK(after.date == thursday);
  CHECK(after.session == after_close);
}

TEST_CASE("a report whose own session is unknown takes it from the exchange's calendar", "[market][earnings]") {
  const auto report = settled(
      {said("reported", thursday, unknown), said("fmp", thursday, after_close), said("nasdaq", thursday, after_close)});
  CHECK(report.session == after_close);
  CHECK(report.session_source == "nasdaq");
}

TEST_CASE("what was replaced later still stood before and the move is told once", "[market][earnings]") {
  EarningsStatement old = said("fmp", wednesday, after_close, april(1));
  old.known_until = april(15);
  const std::vector<EarningsStatement> all{old, said("fmp", thursday, after_close, april(15)),
                                           said("nasdaq", thursday, after_close, april(1))};
  CHECK(settled(all, april(10)).standing == EarningsStanding::conflicting);
  CHECK(settled(all, april(15)).standing == EarningsStanding::confirmed);
  const auto moves = moved_earnings(all, april(14), april(15));
  REQUIRE(moves.size() == 1);
  CHECK(moves[0].source == "fmp");
  CHECK(moves[0].from == wednesday);
  CHECK(moves[0].to == thursday);
  CHECK(moved_earnings(all, april(15), april(20)).empty());
}

TEST_CASE("reports of different quarters are settled apart", "[market][earnings]") {
  const std::vector<EarningsStatement> two{said("fmp", thursday, after_close), said("nasdaq", thursday, after_close),
                                           said("fmp", make_date(2024, 8, 1), after_close)};
  const auto reports = standing_earnings(two, april(20), TradingCalendar::nyse());
  REQUIRE(reports.size() == 2);
  CHECK(reports[0].standing == EarningsStanding::confirmed);
  CHECK(reports[1].standing == EarningsStanding::unconfirmed);
}
