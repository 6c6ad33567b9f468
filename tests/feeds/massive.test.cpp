// SPDX-License-Identifier: Apache-2.0
#include "feeds/massive.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include <alaris/market/new_york.hpp>

#include "feeds/fixtures.hpp"
#include "support/catch.hpp"

using namespace alaris;
using Catch::Matchers::WithinRel;
using namespace alaris::host;
using alaris::test::answer;
using alaris::test::fixture;

namespace {

std::vector<massive::Bar> bars_of(const std::string& file, const massive::BarsAsked& asked = {}) {
  const auto recorded = fixture("massive/" + file);
  if (!recorded) return {};
  const auto table = massive::parse_bars(*recorded, asked);
  CAPTURE(file);
  if (!table) FAIL(table.error().text());
  CHECK(table->refused.empty());
  return table->rows;
}
bool held() {
  return test::shared_data("fixtures").has_value();
}
std::vector<std::string> dates_of(const std::vector<massive::Bar>& bars) {
  std::vector<std::string> dates;
  for (const auto& bar : bars) dates.push_back(to_string(bar.date()));
  return dates;
}

}  // namespace

TEST_CASE("daily bars carry the New York date of their session on both sides of a clock change", "[feeds][massive]") {
  if (!held()) return;
  CHECK(dates_of(bars_of("aggs_AAPL_day_dst_spring_2024.json")) ==
        std::vector<std::string>{"2024-03-07", "2024-03-08", "2024-03-11", "2024-03-12"});
  CHECK(dates_of(bars_of("aggs_AAPL_day_dst_autumn_2024.json")) ==
        std::vector<std::string>{"2024-10-31", "2024-11-01", "2024-11-04", "2024-11-05"});
  const auto hours = bars_of("aggs_AAPL_hour_dst_spring_2024.json");
  REQUIRE(hours.size() == 32);
  for (const std::size_t day : {0u, 16u}) {
    CHECK(new_york_text(hours[day].start).substr(11, 5) == "04:00");
    CHECK(new_york_text(hours[day + 15].start).substr(11, 5) == "19:00");
  }
}

TEST_CASE("a series of daily bars is complete and rising through an earnings report", "[feeds][massive]") {
  if (!held()) return;
  const auto spring = bars_of("aggs_AAPL_day_2024-spring.json", {"AAPL", true, false, true});
  REQUIRE(spring.size() == 25);
  for (std::size_t i = 1; i < spring.size(); ++i) CHECK(spring[i - 1].start < spring[i].start);
  const auto after =
      std::find_if(spring.begin(), spring.end(), [](const auto& bar) { return bar.date() == make_date(2024, 5, 3); });
  CHECK(after->open > (after - 1)->high);
  CHECK(bars_of("aggs_AAPL_day_2024-summer.json").size() == 20);
  CHECK(bars_of("aggs_O_AAPL240503C00175000_day.json", {"O:AAPL240503C00175000"}).size() == 13);
  CHECK(bars_of("recorded/aggs_day.json").size() > 0);
  CHECK(bars_of("prev_O_AAPL240517C00175000.json").size() == 1);
  const auto missing = bars_of("aggs_missing_optional.json");
  REQUIRE(missing.size() == 3);
  for (const auto& bar : missing) CHECK((!bar.vwap || !bar.trades));
}

TEST_CASE("a half day closes with the minute before one in the afternoon", "[feeds][massive]") {
  if (!held()) return;
  using namespace std::chrono_literals;
  const auto minutes = bars_of("aggs_AAPL_minute_2024-07-03_halfday.json");
  const auto closing = std::find_if(minutes.begin(), minutes.end(), [](const auto& bar) {
    return bar.start == new_york_instant(make_date(2024, 7, 3), 12h + 59min);
  });
  REQUIRE(closing != minutes.end());
  CHECK(closing->close == 221.55);
  const auto report = bars_of("aggs_AAPL_minute_2024-05-02_report.json");
  const auto missing =
      static_cast<std::size_t>((report.back().start - report.front().start) / 1min) + 1 - report.size();
  CHECK(missing > 0);
}

TEST_CASE("raw prices show a split as a cliff and adjusted prices do not", "[feeds][massive]") {
  if (!held()) return;
  struct Case {
    std::string name;
    Date split;
    double ratio;
  };
  for (const Case& c : {Case{"aggs_AAPL_2020-08-31", make_date(2020, 8, 31), 4.0},
                        Case{"aggs_NVDA_2024-06-10", make_date(2024, 6, 10), 10.0}}) {
    const auto raw = bars_of(c.name + "_split_unadjusted.json", {"", false}),
               adjusted = bars_of(c.name + "_split_adjusted.json", {"", true});
    REQUIRE(raw.size() == adjusted.size());
    for (std::size_t i = 0; i < raw.size(); ++i) {
      const bool before = raw[i].date() < c.split;
      CHECK_THAT(adjusted[i].close * (before ? c.ratio : 1.0), WithinRel(raw[i].close, 1e-4));
      CHECK_THAT(adjusted[i].close * adjusted[i].volume, WithinRel(raw[i].close * raw[i].volume, 1e-4));
      if (i > 0) CHECK(std::fabs(std::log(adjusted[i].close / adjusted[i - 1].close)) < 0.1);
      if (i > 0 && !before && raw[i - 1].date() < c.split)
        CHECK_THAT(raw[i].close / raw[i - 1].close, WithinRel(1.0 / c.ratio, 0.1));
    }
    const auto asked_raw = massive::parse_bars(*fixture("massive/" + c.name + "_split_adjusted.json"), {"", false});
    REQUIRE(!asked_raw);
    CHECK(asked_raw.error().where == "adjusted");
  }
}

TEST_CASE("defective bars are refused one by one with field and reason", "[feeds][massive]") {
  if (!held()) return;
  const auto parsed = [](const char* file, const massive::BarsAsked& asked = {}) {
    return *massive::parse_bars(*fixture(std::string("massive/") + file), asked);
  };
  const auto bad = parsed("aggs_bad_fields.json");
  CHECK(bad.rows.size() == 1);
  CHECK(bad.refused.size() == 3);
  const auto words = parsed("aggs_nan_strings.json");
  REQUIRE(words.rows.size() == 1);
  CHECK(!words.rows[0].vwap);
  REQUIRE(words.refused.size() == 1);
  CHECK(words.refused[0].record == "results/1");
  CHECK(words.refused[0].field == "o");
  const auto twice = parsed("aggs_duplicate_bars.json");
  CHECK(twice.rows.size() == 3);
  CHECK(twice.duplicates == 1);
  REQUIRE(twice.refused.size() == 1);
  CHECK(twice.rows[1].close == 173.03);
  CHECK(parsed("aggs_count_mismatch.json").warnings.size() == 1);
  CHECK(parsed("aggs_count_mismatch.json").rows.size() == 3);
  const auto shuffled = parsed("aggs_out_of_order.json");
  CHECK(shuffled.warnings.size() == 1);
  CHECK(std::is_sorted(shuffled.rows.begin(), shuffled.rows.end(),
                       [](const auto& a, const auto& b) { return a.start < b.start; }));
  const auto falling = parsed("aggs_descending.json", {"AAPL", {}, true});
  CHECK(falling.warnings.empty());
  CHECK(falling.rows.front().start < falling.rows.back().start);
  CHECK(parsed("aggs_delayed_status.json").delayed);
}

TEST_CASE("no bars is an answer and an unlikely one is marked for asking again", "[feeds][massive]") {
  if (!held()) return;
  for (const char* file : {"aggs_empty_no_results_key.json", "aggs_option_never_traded.json"}) {
    const auto table = massive::parse_bars(*fixture(std::string("massive/") + file));
    REQUIRE(table);
    CHECK(table->rows.empty());
  }
  CHECK(!massive::parse_bars(*fixture("massive/aggs_empty_no_results_key.json"))->ask_again);
  CHECK(massive::parse_bars(*fixture("massive/aggs_results_null.json"))->ask_again);
}

TEST_CASE("a body that is no answer never becomes data", "[feeds][massive]") {
  if (!held()) return;
  struct Case {
    const char* file;
    FeedFault fault;
    bool retryable;
  };
  for (const Case& c :
       {Case{"aggs_truncated.json", FeedFault::malformed, true}, Case{"aggs_bare_nan.json", FeedFault::malformed, true},
        Case{"empty_body_200.json", FeedFault::transport, true},
        Case{"html_error_200.html", FeedFault::transport, true},
        Case{"error_200_status_error.json", FeedFault::request, false},
        Case{"error_400_bad_param.json", FeedFault::request, false},
        Case{"error_401_no_key.json", FeedFault::auth, false},
        Case{"error_401_unknown_key.json", FeedFault::auth, false},
        Case{"error_403_plan.json", FeedFault::entitlement, false},
        Case{"error_403_timeframe.json", FeedFault::entitlement, false},
        Case{"error_404.json", FeedFault::not_found, false}, Case{"error_429.json", FeedFault::rate_limited, true},
        Case{"error_429_no_header.json", FeedFault::rate_limited, true},
        Case{"error_500.json", FeedFault::transport, true}, Case{"error_502.html", FeedFault::transport, true},
        Case{"open_close_not_found.json", FeedFault::not_found, false},
        Case{"snapshot_contract_not_found.json", FeedFault::not_found, false}}) {
    CAPTURE(c.file);
    const auto table = massive::parse_bars(*fixture(std::string("massive/") + c.file));
    REQUIRE(!table);
    CHECK(name(table.error().fault) == name(c.fault));
    CHECK(table.error().retryable == c.retryable);
    CHECK(table.error().text().starts_with("massive: "));
  }
  CHECK(massive::parse_bars(*fixture("massive/aggs_bare_nan.json")).error().offset.has_value());
  CHECK(massive::parse_bars(*fixture("massive/error_403_timeframe.json")).error().range_only);
  CHECK(!massive::parse_bars(*fixture("massive/error_403_plan.json")).error().range_only);
  const auto now = std::chrono::sys_seconds(std::chrono::seconds(1'714'679'100));
  CHECK(retry_after(*fixture("massive/error_429.json"), now) == std::chrono::seconds(17));
  CHECK(!retry_after(*fixture("massive/error_429_no_header.json"), now));
}

TEST_CASE("pages name the next one and hold distinct rows", "[feeds][massive]") {
  if (!held()) return;
  const auto walk = [](const std::string& stem, const auto& parse) {
    std::size_t rows = 0;
    for (int page = 1; page <= 3; ++page) {
      const auto table = parse(*fixture("massive/" + stem + "_p" + std::to_string(page) + ".json"));
      if (!table) FAIL(table.error().text());
      CHECK(table->refused.empty());
      CHECK(table->next_url.has_value() == (page < 3));
      if (table->next_url) CHECK(table->next_url->find("apiKey") == std::string::npos);
      rows += table->rows.size();
    }
    return rows;
  };
  CHECK(walk("aggs_AAPL_day_paged", [](const HttpAnswer& a) { return massive::parse_bars(a); }) == 25);
  CHECK(walk("contracts_AAPL_as_of_2024-05-01", massive::parse_contracts) == 30);
  CHECK(walk("snapshot_chain_AAPL_2024-05-02", massive::parse_snapshot) == 28);
  CHECK(walk("quotes_O_AAPL240503C00172500", massive::parse_quotes) == 24);
}

TEST_CASE("five quotes of the walk are no two sided market", "[feeds][massive]") {
  if (!held()) return;
  std::vector<massive::QuoteState> states;
  for (int page = 1; page <= 3; ++page)
    for (const auto& quote : std::vector(
             massive::parse_quotes(*fixture("massive/quotes_O_AAPL240503C00172500_p" + std::to_string(page) + ".json"))
                 ->rows))
      if (quote.state != massive::QuoteState::two_sided) states.push_back(quote.state);
  std::sort(states.begin(), states.end());
  CHECK(states.size() == 5);
  CHECK(std::unique(states.begin(), states.end()) == states.end());
  const auto first = massive::parse_quotes(*fixture("massive/quotes_O_AAPL240503C00172500_p1.json"))->rows[5];
  CHECK(first.at.time_since_epoch().count() == 1'714'679'102'983'894'716);
  CHECK(massive::parse_quotes(*fixture("massive/recorded/stock_quotes_p1.json"))->rows.size() > 0);
  const auto trades = massive::parse_trades(*fixture("massive/trades_O_AAPL240503C00172500.json"));
  REQUIRE(trades->rows.size() == 3);
  CHECK(trades->rows[2].size == 12.0);
  CHECK(trades->rows[1].correction == 1);
}

TEST_CASE("adjusted and exotic contracts never look like standard ones", "[feeds][massive]") {
  if (!held()) return;
  const auto adjusted = massive::parse_contracts(*fixture("massive/contracts_adjusted.json"));
  REQUIRE(adjusted->rows.size() == 3);
  CHECK(!adjusted->rows[0].is_standard());
  CHECK(!adjusted->rows[1].is_standard());
  CHECK(adjusted->rows[2].is_standard());
  const auto weird = massive::parse_contracts(*fixture("massive/contracts_weird_types.json"));
  REQUIRE(weird->rows.size() == 1);
  CHECK(weird->rows[0].contract.strike.thousandths() == 172'500);
  REQUIRE(weird->refused.size() == 3);
  CHECK(weird->refused[0].field == "contract_type");
  CHECK(weird->refused[1].field == "exercise_style");
  CHECK(weird->refused[2].field == "ticker");  // strike_price says 172.5, the ticker 175
  for (const auto& row : std::vector(massive::parse_contracts(*fixture("massive/contracts_class_shares.json"))->rows))
    CHECK(row.underlying == "BRK.B");
  const auto none = massive::parse_contracts(*fixture("massive/contracts_expired_missing.json"));
  CHECK(none->rows.empty());
  CHECK(none->warnings.size() == 1);
  CHECK(massive::parse_contracts(*fixture("massive/contracts_expired_true.json"))->rows.size() == 10);
  for (const char* file :
       {"recorded/contracts_p1.json", "recorded/contracts_p2.json", "recorded/contract_overview.json"})
    CHECK(massive::parse_contracts(*fixture(std::string("massive/") + file))->rows.size() > 0);
}

TEST_CASE("a snapshot lacks what the plan or the market lacks and nothing else", "[feeds][massive]") {
  if (!held()) return;
  const auto table = massive::parse_snapshot(*fixture("massive/snapshot_missing_objects.json"));
  REQUIRE(table->rows.size() == 8);
  CHECK(table->refused.empty());
  const auto& rows = table->rows;
  CHECK((!rows[0].greeks.delta && !rows[0].volatility));
  CHECK((!rows[1].greeks.delta && rows[1].volatility));
  CHECK((!rows[2].quote.bid && !rows[2].last_price));
  CHECK(!rows[3].day_volume);
  CHECK(!rows[4].underlying_price);
  CHECK((!rows[5].open_interest && !rows[5].volatility));
  CHECK(!rows[6].is_tradable());
  CHECK(!rows[7].is_tradable());
  CHECK(rows[0].is_tradable());
  CHECK(rows[0].quote.at->time_since_epoch().count() == 1'714'679'099'085'439'445);
  const auto after = massive::parse_snapshot(*fixture("massive/snapshot_chain_AAPL_2024-05-03_after.json"));
  REQUIRE(after->rows.size() == 10);
  for (const auto& row : after->rows) CHECK((*row.volatility > 0.22 && *row.volatility < 0.25));
  CHECK(massive::parse_snapshot(*fixture("massive/snapshot_contract_O_AAPL240621C00175000.json"))->rows.size() == 1);
  for (const char* file : {"recorded/snapshot_chain_AAPL.json", "recorded/snapshot_contract.json"})
    CHECK(massive::parse_snapshot(*fixture(std::string("massive/") + file))->rows.size() > 0);
  CHECK(massive::parse_snapshot(*fixture("massive/recorded/unified_snapshot.json")).has_value());
}

TEST_CASE("splits and dividends read alike from the old and the new route", "[feeds][massive]") {
  if (!held()) return;
  const auto splits = massive::parse_splits(*fixture("massive/v1_splits.json"));
  REQUIRE(splits->rows.size() == 4);
  CHECK(splits->rows[0].ratio() == 10.0);
  CHECK(splits->rows[1].ratio() == 4.0);
  CHECK(splits->rows[3].ratio() == 0.2);
  const auto older = massive::parse_splits(*fixture("massive/v3_splits.json"));
  CHECK(older->duplicates == 1);
  const auto contradiction = massive::parse_splits(
      answer(R"({"results":[{"ticker":"X","execution_date":"2024-01-02","split_from":1,"split_to":2},
                            {"ticker":"X","execution_date":"2024-01-02","split_from":1,"split_to":3}]})"));
  REQUIRE(!contradiction);
  CHECK(contradiction.error().fault == FeedFault::implausible);
  CHECK(massive::parse_splits(*fixture("massive/recorded/splits_v3.json"))->rows.size() > 0);

  const auto dividends = massive::parse_dividends(*fixture("massive/v1_dividends.json"));
  REQUIRE(dividends->rows.size() == 7);
  const auto special = std::find_if(dividends->rows.begin(), dividends->rows.end(),
                                    [](const auto& row) { return row.symbol == "COST" && row.amount == 15.0; });
  REQUIRE(special != dividends->rows.end());
  CHECK(special->kind == massive::DividendKind::special);
  CHECK(special->ex_date == make_date(2023, 12, 27));
  const auto old_dividends = massive::parse_dividends(*fixture("massive/v3_dividends.json"));
  REQUIRE(old_dividends->rows.size() == 8);
  CHECK((!old_dividends->rows.back().declared && !old_dividends->rows.back().paid));
  CHECK(massive::parse_dividends(*fixture("massive/recorded/dividends_v3.json"))->rows.size() > 0);
}

TEST_CASE("the exchange calendar ahead names holidays and early closes", "[feeds][massive]") {
  if (!held()) return;
  const auto table = massive::parse_holidays(*fixture("massive/marketstatus_upcoming_2024-05.json"));
  std::vector<Date> dates, half;
  for (const auto& row : table->rows) {
    dates.push_back(row.date);
    if (!row.closed) half.push_back(row.date);
    if (!row.closed) CHECK(new_york_text(*row.close).substr(11, 5) == "13:00");
  }
  for (auto* list : {&dates, &half}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  CHECK(dates.size() == 9);
  CHECK(half.size() == 3);
  CHECK(massive::parse_holidays(*fixture("massive/recorded/marketstatus_upcoming.json"))->rows.size() > 0);
  const auto now = massive::parse_market_now(*fixture("massive/marketstatus_now.json"));
  CHECK(now->market == "extended-hours");
  CHECK(new_york_text(now->server_time) == "2024-05-02T16:31:07-04:00");
  CHECK(massive::parse_market_now(*fixture("massive/recorded/marketstatus_now.json")).has_value());
  for (const char* file : {"ticker_events_META.json", "recorded/ticker_events.json"})
    CHECK(massive::parse_ticker_changes(*fixture(std::string("massive/") + file))->rows.size() == 2);
  const auto day = massive::parse_open_close(*fixture("massive/open_close_AAPL_2024-05-02.json"));
  CHECK(day->close == 173.03);
  CHECK(!massive::parse_open_close(*fixture("massive/open_close_option_2024-05-02.json"))->after_hours);
  CHECK(massive::parse_open_close(*fixture("massive/recorded/open_close.json")).has_value());
  CHECK(massive::parse_bars(*fixture("massive/recorded/aggs_prev.json")).has_value());
}

TEST_CASE("an answer cut anywhere or spoilt anywhere is an error or fewer rows and never a crash", "[feeds][massive]") {
  const std::vector<std::function<std::size_t(const HttpAnswer&)>> parsers{[](const HttpAnswer& a) {
                                                                             const auto t = massive::parse_bars(a);
                                                                             return t ? t->rows.size() : 0;
                                                                           },
                                                                           [](const HttpAnswer& a) {
                                                                             const auto t = massive::parse_contracts(a);
                                                                             return t ? t->rows.size() : 0;
                                                                           },
                                                                           [](const HttpAnswer& a) {
                                                                             const auto t = massive::parse_snapshot(a);
                                                                             return t ? t->rows.size() : 0;
                                                                           },
                                                                           [](const HttpAnswer& a) {
                                                                             const auto t = massive::parse_quotes(a);
                                                                             return t ? t->rows.size() : 0;
                                                                           },
                                                                           [](const HttpAnswer& a) {
                                                                             const auto t = massive::parse_dividends(a);
                                                                             return t ? t->rows.size() : 0;
                                                                           },
                                                                           [](const HttpAnswer& a) {
                                                                             const auto t = massive::parse_splits(a);
                                                                             return t ? t->rows.size() : 0;
                                                                           },
                                                                           [](const HttpAnswer& a) {
                                                                             const auto t = massive::parse_holidays(a);
                                                                             return t ? t->rows.size() : 0;
                                                                           }};
  for (const auto& recorded : test::fixtures_of("massive")) {
    CAPTURE(recorded.file);
    const std::string& body = recorded.answer.body;
    const bool whole = recorded.file.find("truncated") == std::string::npos && body.size() > 1;
    for (const auto& parse : parsers) {
      (void)parse(recorded.answer);
      for (std::size_t cut = 1; whole && cut + 3 < body.size(); cut += 1 + body.size() / 23) {
        HttpAnswer damaged = recorded.answer;
        damaged.body.resize(cut);
        CHECK(parse(damaged) == 0);
        damaged.body = body;
        damaged.body[cut] = static_cast<char>(damaged.body[cut] ^ 0x15);
        (void)parse(damaged);
      }
    }
  }
}
