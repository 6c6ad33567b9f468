// SPDX-License-Identifier: Apache-2.0
#include <alaris/market/as_of.hpp>
#include <alaris/volatility/adjusted_bars.hpp>

#include <cmath>
#include <vector>

#include "support/catch.hpp"

using namespace alaris;

namespace {

const TradingCalendar calendar = TradingCalendar::nyse();
Instant at(const char* text) {
  return *parse_instant(text);
}
Date day(unsigned month, unsigned d) {
  return make_date(2024, month, d);
}

/// Reported for 05-09 after the close until, on 05-03 at noon, both sources move it to 05-16; a split on 05-07.
RecordedMarket restated() {
  SymbolHistory h{
      .symbol = "ACME", .bars = {}, .chains = {}, .dividends = {}, .splits = {{day(5, 7), 4.0}}, .earnings = {}};
  double price = 400.0;
  for (Date date = day(4, 29); date <= day(5, 10); date = calendar.next_session(date)) {
    if (date == day(5, 7)) price /= 4.0;
    h.bars.push_back({date, price, price, price, price, 1e6});
    h.chains.push_back(std::make_shared<const OptionChain>(date, price, std::vector<OptionQuote>{}));
    price *= 1.01;
  }
  for (const char* source : {"a", "b"}) {
    h.earnings.push_back({.date = day(5, 9),
                          .session = AnnouncementSession::after_close,
                          .source = source,
                          .known_from = at("2024-04-01T12:00-04:00"),
                          .known_until = at("2024-05-03T12:00-04:00")});
    h.earnings.push_back({.date = day(5, 16),
                          .session = AnnouncementSession::after_close,
                          .source = source,
                          .known_from = at("2024-05-03T12:00-04:00"),
                          .known_until = {}});
  }
  h.dividends = {{day(5, 20), 0.5, at("2024-05-06T08:00-04:00")}};
  return RecordedMarket({h}, {}, {{day(4, 29), {0.25}, 0.05}});
}

}  // namespace

TEST_CASE("a view names the sessions it has seen and no later one", "[market][as-of]") {
  const RecordedMarket market = restated();
  const MarketView view(market, calendar, at("2024-05-06T16:00-04:00"));
  REQUIRE(view.session(day(5, 6)));
  CHECK(view.session(day(5, 6))->known_from() == at("2024-05-06T16:00-04:00"));
  CHECK_FALSE(view.session(day(5, 7)));
  CHECK_FALSE(view.session(day(5, 4)));  // a Saturday
  CHECK(view.chain("ACME", *view.session(day(5, 3)))->date() == day(5, 3));
  CHECK_FALSE(MarketView(market, calendar, at("2024-05-06T15:59:59-04:00")).session(day(5, 6)));
}

TEST_CASE("a session that a later view has seen is not known to an earlier one", "[market][as-of]") {
  const RecordedMarket market = restated();
  const MarketView earlier(market, calendar, at("2024-05-06T16:00-04:00"));
  const MarketView later(market, calendar, at("2024-05-08T16:00-04:00"));
  CHECK(later.chain("ACME", *later.session(day(5, 8))) != nullptr);
  CHECK(earlier.chain("ACME", *later.session(day(5, 8))) == nullptr);
}

TEST_CASE("a restated earnings date shows from its restatement on", "[market][as-of]") {
  const RecordedMarket market = restated();
  for (const auto& [now, date] :
       {std::pair("2024-05-03T11:59-04:00", day(5, 9)), std::pair("2024-05-03T12:00-04:00", day(5, 16))}) {
    const MarketView view(market, calendar, at(now));
    const auto said = view.earnings("ACME");
    REQUIRE(said.size() == 2);
    for (const KnownStatement& s : said) {
      CHECK(s.date == date);
      CHECK(s.known_from <= view.as_of());
    }
  }
}

TEST_CASE("prices are adjusted for the splits that have happened and for no later one", "[market][as-of]") {
  const RecordedMarket market = restated();
  const auto adjusted = [&](const char* now) {
    const MarketView view(market, calendar, at(now));
    const auto raw = view.bars("ACME");
    std::vector<Bar> bars(raw.begin(), raw.end());
    REQUIRE(adjust_for_splits(bars, view.splits("ACME")));
    return bars;
  };
  const auto before = adjusted("2024-05-06T16:00-04:00"), after = adjusted("2024-05-07T16:00-04:00");
  CHECK(before.front().close == 400.0);  // as it traded: nobody knew of shares a quarter the size
  CHECK(after.front().close == 100.0);
  for (const auto& bars : {before, after})
    for (std::size_t i = 1; i < bars.size(); ++i) CHECK(std::fabs(bars[i].close / bars[i - 1].close - 1.01) < 1e-12);
}

TEST_CASE("a dividend is known from its declaration", "[market][as-of]") {
  const RecordedMarket market = restated();
  CHECK(MarketView(market, calendar, at("2024-05-06T07:59-04:00")).dividends("ACME").empty());
  CHECK(MarketView(market, calendar, at("2024-05-06T08:00-04:00")).dividends("ACME").size() == 1);
}
