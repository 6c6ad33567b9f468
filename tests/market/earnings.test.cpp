// SPDX-License-Identifier: Apache-2.0
#include <alaris/market/as_of.hpp>
#include <alaris/market/earnings.hpp>

#include "support/catch.hpp"

using namespace alaris;

namespace {
const TradingCalendar calendar = TradingCalendar::nyse();
Instant at(const char* text) {
  return *parse_instant(text);
}
Date day(unsigned month, unsigned day_of_month) {
  return make_date(2026, month, day_of_month);
}

// Oracle was listed for 16 June until 4 June, then for 10 June; the report itself came out on the evening of the 10th.
RecordedMarket oracle() {
  SymbolHistory history{.symbol = "ORCL", .bars = {}, .chains = {}, .dividends = {}, .splits = {}, .earnings = {}};
  history.earnings = {
      {day(6, 16), AnnouncementSession::unknown, "calendar", at("2026-06-01T20:00-04:00"),
       at("2026-06-04T20:00-04:00")},
      {day(6, 10), AnnouncementSession::unknown, "calendar", at("2026-06-04T20:00-04:00"), std::nullopt},
      {day(6, 10), AnnouncementSession::after_close, "derived", at("2026-06-01T00:00-04:00"), std::nullopt},
      {day(6, 10), AnnouncementSession::after_close, "reported", at("2026-06-10T20:00-04:00"), std::nullopt}};
  history.bars = {{day(6, 9), 1, 1, 1, 1, 1}, {day(6, 10), 2, 2, 2, 2, 1}};
  history.chains = {std::make_shared<const OptionChain>(day(6, 9), 1.0, std::vector<OptionQuote>{}),
                    std::make_shared<const OptionChain>(day(6, 10), 2.0, std::vector<OptionQuote>{})};
  return RecordedMarket({history}, {}, {});
}
std::vector<EarningsConsensus> seen(const char* as_of, SessionSource source) {
  const RecordedMarket market = oracle();
  const MarketView view(market, calendar, at(as_of));
  return upcoming_earnings(view.earnings("ORCL"), day(6, 2), source);
}
}  // namespace

TEST_CASE("a view shows the date that was listed then and not the later one", "[market][earnings]") {
  CHECK(seen("2026-06-03T16:00-04:00", SessionSource::stated).at(0).date == day(6, 16));
  CHECK(seen("2026-06-05T16:00-04:00", SessionSource::stated).at(0).date == day(6, 10));
}

TEST_CASE("a view never shows a bar or a chain before its session has closed", "[market][as_of]") {
  const RecordedMarket market = oracle();
  const MarketView before(market, calendar, at("2026-06-10T15:59:59-04:00"));
  CHECK(before.last_session() == day(6, 9));
  CHECK(before.bars("ORCL").back().close == 1);
  CHECK_FALSE(before.session(day(6, 10)));
  const MarketView after(market, calendar, at("2026-06-10T16:00-04:00"));
  CHECK(after.chain("ORCL")->spot() == 2.0);
  CHECK(after.earnings("ORCL").size() == 2);  // the report is not out yet
}

TEST_CASE("a session inferred afterwards counts only when asked for and only on its own date", "[market][earnings]") {
  CHECK(seen("2026-06-05T16:00-04:00", SessionSource::stated).at(0).session == AnnouncementSession::unknown);
  const EarningsConsensus derived = seen("2026-06-05T16:00-04:00", SessionSource::derived).at(0);
  CHECK(derived.session == AnnouncementSession::after_close);
  CHECK(derived.session_derived);
  CHECK(derived.agreeing_sources == 1);  // "derived" is no independent source
  CHECK(seen("2026-06-03T16:00-04:00", SessionSource::derived).at(0).session == AnnouncementSession::unknown);
}

TEST_CASE("sources that name two dates or two sessions contradict each other", "[market][earnings]") {
  const Instant known = at("2026-05-20T12:00-04:00");
  std::vector<KnownStatement> said{{day(6, 10), AnnouncementSession::after_close, "a", known},
                                   {day(6, 10), AnnouncementSession::before_open, "b", known},
                                   {day(6, 11), AnnouncementSession::after_close, "c", known},
                                   {day(9, 9), AnnouncementSession::after_close, "a", known}};
  const auto reports = upcoming_earnings(said, day(6, 1), SessionSource::stated);
  REQUIRE(reports.size() == 2);  // September is another report
  CHECK(reports[0].date == day(6, 10));
  CHECK(reports[0].agreeing_sources == 2);
  CHECK(reports[0].disagreeing_sources == 1);
  CHECK(reports[0].session_contradicted);
}

TEST_CASE("the closes around a report follow from its session", "[market][earnings]") {
  const auto evening = *sessions_around(day(7, 2), AnnouncementSession::after_close, calendar);
  CHECK(evening.last_close_before == day(7, 2));
  CHECK(evening.first_close_after == day(7, 6));  // Friday the 3rd is a holiday
  const auto morning = *sessions_around(day(7, 6), AnnouncementSession::before_open, calendar);
  CHECK(morning.last_close_before == day(7, 2));
  CHECK(morning.first_close_after == day(7, 6));
  CHECK_FALSE(sessions_around(day(7, 3), AnnouncementSession::after_close, calendar));
  CHECK_FALSE(sessions_around(day(7, 6), AnnouncementSession::during_market, calendar));
  CHECK_FALSE(sessions_around(day(7, 6), AnnouncementSession::unknown, calendar));
}

TEST_CASE("past reports exclude the session that held them", "[market][earnings]") {
  const RecordedMarket market = oracle();
  const MarketView view(market, calendar, at("2026-06-20T12:00-04:00"));
  const auto sessions = past_event_sessions(view.earnings("ORCL"), view.last_session(), calendar);
  REQUIRE(sessions.size() == 1);
  CHECK(sessions[0] == day(6, 11));
}
