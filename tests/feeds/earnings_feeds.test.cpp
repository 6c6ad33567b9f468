// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <alaris/market/new_york.hpp>

#include "feeds/edgar.hpp"
#include "feeds/fixtures.hpp"
#include "feeds/fmp.hpp"
#include "feeds/nasdaq.hpp"
#include "support/catch.hpp"

using namespace alaris;
using namespace alaris::host;
using alaris::test::answer;
using alaris::test::fixture;

namespace {
bool held() {
  return test::shared_data("fixtures").has_value();
}
template <class Rows>
const auto& of(const Rows& rows, std::string_view symbol) {
  const auto at = std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.symbol == symbol; });
  REQUIRE(at != rows.end());
  return *at;
}
constexpr auto unknown = AnnouncementSession::unknown;
constexpr auto before_open = AnnouncementSession::before_open;
constexpr auto after_close = AnnouncementSession::after_close;
}  // namespace

TEST_CASE("a calendar without report times knows no session", "[feeds][fmp]") {
  if (!held()) return;
  const auto plain = fmp::parse_earnings(*fixture("fmp/stable_earnings-calendar.json"));
  REQUIRE(plain->rows.size() == 7);
  for (const auto& row : plain->rows) CHECK(row.session == unknown);
  CHECK(of(plain->rows, "BRK.B").symbol == "BRK.B");
  const auto timed = fmp::parse_earnings(*fixture("fmp/stable_earnings-calendar_report_times.json"));
  CHECK(of(timed->rows, "AAPL").session == after_close);
  CHECK(of(timed->rows, "LLY").session == before_open);
  CHECK(of(timed->rows, "BRK.B").session == unknown);
}

TEST_CASE("a company's history reads alike from the stable and the legacy routes", "[feeds][fmp]") {
  if (!held()) return;
  const auto stable = fmp::parse_earnings(*fixture("fmp/stable_earnings_AAPL.json"));
  REQUIRE(stable->rows.size() == 8);
  CHECK(std::count_if(stable->rows.begin(), stable->rows.end(), [](auto& row) { return row.is_upcoming(); }) == 1);
  const auto timed = fmp::parse_earnings(*fixture("fmp/stable_earnings_AAPL_report_times.json"));
  REQUIRE(timed->rows.size() == 7);
  for (const auto& row : timed->rows) CHECK(row.session == after_close);
  const auto legacy = fmp::parse_earnings(*fixture("fmp/v3_earning_calendar.json"));
  REQUIRE(legacy->rows.size() == 7);
  CHECK(std::count_if(legacy->rows.begin(), legacy->rows.end(), [](auto& row) { return row.session == unknown; }) == 2);
  CHECK(fmp::parse_earnings(*fixture("fmp/v3_historical_earning_calendar_AAPL.json"))->rows[2].eps == 1.53);
  CHECK(fmp::parse_earnings(*fixture("fmp/v3_earnings_surprises_AAPL.json"))->rows[2].eps_estimated == 1.5);
  CHECK(fmp::parse_earnings(*fixture("fmp/empty.json"))->rows.empty());
}

TEST_CASE("rows without a symbol or a date that exists are refused", "[feeds][fmp]") {
  if (!held()) return;
  const auto dates = fmp::parse_earnings(*fixture("fmp/bad_dates.json"));
  REQUIRE(dates->rows.size() == 2);
  CHECK(dates->refused.size() == 3);
  CHECK(dates->rows[0].date == make_date(2024, 5, 2));
  CHECK(dates->rows[1].eps == 1.53);
  CHECK(!dates->rows[1].eps_estimated);
  const auto nulls = fmp::parse_earnings(*fixture("fmp/nulls.json"));
  CHECK(nulls->rows.size() == 3);
  CHECK(nulls->refused.size() == 3);
  CHECK(!nulls->rows[1].eps_estimated);
}

TEST_CASE("one report listed under two dates is one event of the newest update", "[feeds][fmp]") {
  if (!held()) return;
  const auto events = fmp::one_per_report(*fmp::parse_earnings(*fixture("fmp/duplicates_and_moved.json")));
  REQUIRE(events.rows.size() == 1);
  CHECK(events.rows[0].date == make_date(2024, 5, 2));
  CHECK(events.rows[0].eps == 1.53);
  CHECK(events.warnings.size() == 1);
}

TEST_CASE("the vendor's words decide what an error is whatever its status", "[feeds][fmp]") {
  if (!held()) return;
  struct Case {
    const char* file;
    FeedFault fault;
  };
  for (const Case& c :
       {Case{"error_200_message.json", FeedFault::rate_limited}, Case{"error_429_limit.json", FeedFault::rate_limited},
        Case{"error_400_bad_flag.json", FeedFault::request}, Case{"error_401_invalid_key.json", FeedFault::auth},
        Case{"error_402_exclusive.json", FeedFault::entitlement},
        Case{"error_402_premium_symbol.json", FeedFault::entitlement},
        Case{"error_403_legacy.json", FeedFault::entitlement}, Case{"html_200.html", FeedFault::transport},
        Case{"truncated.json", FeedFault::malformed}}) {
    CAPTURE(c.file);
    const auto table = fmp::parse_earnings(*fixture(std::string("fmp/") + c.file));
    REQUIRE(!table);
    CHECK(name(table.error().fault) == name(c.fault));
    CHECK(table.error().rest_of_day == (c.fault == FeedFault::rate_limited));
  }
  CHECK(fmp::parse_earnings(*fixture("fmp/error_403_legacy.json")).error().text().find("stable") != std::string::npos);
}

TEST_CASE("an upcoming day states sessions and a past day has lost them", "[feeds][nasdaq]") {
  if (!held()) return;
  const auto ahead = nasdaq::parse_calendar(*fixture("nasdaq/earnings_2024-05-02_upcoming.json"));
  REQUIRE(ahead->rows.size() == 7);
  CHECK(ahead->refused.empty());
  CHECK(of(ahead->rows, "AAPL").session == after_close);
  CHECK(of(ahead->rows, "MRNA").eps_forecast == -3.58);
  CHECK(of(ahead->rows, "COIN").last_year_eps == -0.34);
  const auto past = nasdaq::parse_calendar(*fixture("nasdaq/earnings_2024-05-02_past.json"));
  REQUIRE(past->rows.size() == 3);
  for (const auto& row : past->rows) CHECK((row.session == unknown && row.eps));
  CHECK(nasdaq::parse_calendar(*fixture("nasdaq/earnings_2024-08-01_upcoming.json"))->rows.size() == 2);
}

TEST_CASE("money in any of the calendar's spellings is one amount", "[feeds][nasdaq]") {
  CHECK(nasdaq::parse_money("$ 1.51 ").dollars == 1.51);
  CHECK(nasdaq::parse_money("-$0.77").dollars == -0.77);
  CHECK(nasdaq::parse_money("$(0.12)").dollars == -0.12);
  CHECK(nasdaq::parse_money("($0.34)").dollars == -0.34);
  CHECK(nasdaq::parse_money("$1,204.50").dollars == 1204.5);
  for (const char* nothing : {"", "N/A", "--", "NaN"})
    CHECK((nasdaq::parse_money(nothing).ok && !nasdaq::parse_money(nothing).dollars));
  CHECK(!nasdaq::parse_money("about two").ok);
  if (!held()) return;
  const auto dirty = nasdaq::parse_calendar(*fixture("nasdaq/earnings_dirty_money.json"));
  REQUIRE(dirty->rows.size() == 5);
  CHECK(of(dirty->rows, "AAPL").eps_forecast == 1.51);
  CHECK(of(dirty->rows, "NVO").eps_forecast == -0.77);
  CHECK(of(dirty->rows, "NVO").last_year_eps == -0.12);
  CHECK(!of(dirty->rows, "MRNA").eps_forecast);
  CHECK(!of(dirty->rows, "MRNA").estimates);
  CHECK(!of(dirty->rows, "COIN").eps_forecast);
  CHECK(of(dirty->rows, "BRK.B").eps_forecast == 1204.5);
}

TEST_CASE("a word for the session that was never seen is unknown and reported", "[feeds][nasdaq]") {
  if (!held()) return;
  const auto table = nasdaq::parse_calendar(*fixture("nasdaq/earnings_new_time_slug.json"));
  REQUIRE(table->rows.size() == 3);
  CHECK(table->warnings.size() == 3);
  for (const auto& row : table->rows) CHECK(row.session == unknown);
}

TEST_CASE("a calendar day without rows is empty and a refusal is not", "[feeds][nasdaq]") {
  if (!held()) return;
  for (const char* file : {"rows_empty", "rows_null", "weekend_data_null", "far_future"}) {
    const auto table = nasdaq::parse_calendar(*fixture(std::string("nasdaq/earnings_") + file + ".json"));
    CAPTURE(file);
    REQUIRE(table);
    CHECK(table->rows.empty());
    CHECK(table->beyond_horizon == (std::string(file) == "far_future"));
  }
  CHECK(nasdaq::parse_calendar(*fixture("nasdaq/error_400.json")).error().fault == FeedFault::request);
  CHECK(nasdaq::parse_calendar(*fixture("nasdaq/error_403.html")).error().fault == FeedFault::blocked);
  CHECK(nasdaq::parse_calendar(*fixture("nasdaq/access_denied_200.html")).error().fault == FeedFault::blocked);
  CHECK(nasdaq::parse_calendar(*fixture("nasdaq/truncated.json")).error().fault == FeedFault::malformed);
}

TEST_CASE("filings date past reports and place them in their session", "[feeds][edgar]") {
  if (!held()) return;
  const TradingCalendar calendar = TradingCalendar::nyse();
  const auto apple = edgar::parse_submissions(*fixture("edgar/CIK0000320193.json"));
  REQUIRE(apple);
  CHECK(apple->older.size() == 1);
  const auto events = edgar::results_events(*apple, calendar);
  REQUIRE(events.size() == 4);
  const Date dates[]{make_date(2024, 2, 1), make_date(2024, 5, 2), make_date(2024, 8, 1), make_date(2024, 10, 31)};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(events[i].release == ReleaseSession{dates[i], after_close});
    CHECK(events[i].clock == StampClock::utc);
    CHECK(events[i].kind == ResultsKind::report);
  }
  const auto older = edgar::parse_submissions(*fixture("edgar/CIK0000320193-submissions-001.json"));
  CHECK(edgar::results_events(*older, calendar).size() == 2);
  CHECK(edgar::results_events(*edgar::parse_submissions(*fixture("edgar/no_filings.json")), calendar).empty());
}

TEST_CASE("a stamp in New York time marked as UTC is read with the help of the filing's own header", "[feeds][edgar]") {
  if (!held()) return;
  const TradingCalendar calendar = TradingCalendar::nyse();
  const auto steel = edgar::parse_submissions(*fixture("edgar/CIK0001163302_eastern_with_z.json"));
  const auto doubtful = edgar::results_events(*steel, calendar);
  REQUIRE(doubtful.size() == 1);
  CHECK(doubtful[0].release == ReleaseSession{make_date(2025, 5, 1), unknown});
  const auto header = edgar::parse_filing_header(*fixture("edgar/0001163302-25-000028.hdr.sgml.txt"));
  REQUIRE(header);
  CHECK(new_york_text(*header) == "2025-05-01T16:21:59-04:00");
  CHECK(release_session(*header, calendar) == ReleaseSession{make_date(2025, 5, 1), after_close});
  CHECK(edgar::results_events(*steel, calendar, StampClock::new_york)[0].release.session == after_close);
}

TEST_CASE("an announcement before the report is kept apart and an amendment is no event", "[feeds][edgar]") {
  if (!held()) return;
  const auto events =
      edgar::results_events(*edgar::parse_submissions(*fixture("edgar/earnings_twice.json")), TradingCalendar::nyse());
  REQUIRE(events.size() == 2);
  CHECK(events[0].kind == ResultsKind::pre_announcement);
  CHECK(events[1].kind == ResultsKind::report);
  CHECK(events[1].release.date == make_date(2024, 8, 1));
}

TEST_CASE("refusals of the filing system say what to do", "[feeds][edgar]") {
  if (!held()) return;
  const auto fault = [](const char* file) {
    const auto parsed = edgar::parse_submissions(*fixture(std::string("edgar/") + file));
    REQUIRE(!parsed);
    return parsed.error();
  };
  CHECK(fault("error_403_undeclared.html").fault == FeedFault::configuration);
  CHECK(fault("error_403_undeclared.html").text().find("EDGAR_USER_AGENT") != std::string::npos);
  CHECK(fault("error_404.xml").fault == FeedFault::not_found);
  CHECK(fault("error_429_threshold.html").fault == FeedFault::rate_limited);
  CHECK(fault("error_429_threshold.html").wait == std::chrono::seconds(600));
  CHECK(fault("ragged_arrays.json").fault == FeedFault::schema);
  CHECK(fault("ragged_arrays.json").where == "filings/recent/items");
  CHECK(fault("truncated.json").fault == FeedFault::malformed);
  const auto filers = edgar::parse_filers(*fixture("edgar/company_tickers.json"));
  REQUIRE(filers->rows.size() == 4);
  CHECK(of(filers->rows, "BRK.B").cik == 1067983);
  for (const int status : {200, 403}) {
    HttpAnswer page = *fixture("edgar/error_429_threshold.html");
    page.status = status;
    CHECK(edgar::parse_submissions(page).error().wait == edgar::block_length);
  }
}

TEST_CASE("a calendar or a filing list cut anywhere is an error and never a crash", "[feeds][fmp][nasdaq][edgar]") {
  for (const std::string feed : {"fmp", "nasdaq", "edgar"})
    for (const auto& recorded : test::fixtures_of(feed)) {
      if (recorded.answer.body.size() < 8 || recorded.answer.status != 200) continue;
      if (recorded.file.find("html") != std::string::npos || recorded.file.find("sgml") != std::string::npos) continue;
      CAPTURE(recorded.file);
      for (std::size_t cut = 1; cut + 3 < recorded.answer.body.size(); cut += 1 + recorded.answer.body.size() / 41) {
        HttpAnswer damaged = recorded.answer;
        damaged.body.resize(cut);
        CHECK(!fmp::parse_earnings(damaged));
        CHECK(!nasdaq::parse_calendar(damaged));
        CHECK(!edgar::parse_submissions(damaged));
        CHECK(!edgar::parse_filers(damaged));
      }
    }
}
