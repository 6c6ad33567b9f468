// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>
#include <vector>

#include <alaris/market/new_york.hpp>

#include "operations/required_inputs.hpp"
#include "support/catch.hpp"

using namespace alaris;
using namespace alaris::host;

namespace {

constexpr Date today = make_date(2024, 5, 2);

std::vector<Bar> bars_until(Date last, int count) {
  const TradingCalendar calendar = TradingCalendar::nyse();
  std::vector<Bar> bars;
  for (Date day = last; static_cast<int>(bars.size()) < count; day = calendar.previous_session(day))
    bars.push_back({.date = day, .open = 10, .high = 11, .low = 9, .close = 10, .volume = 1e6});
  return bars;
}

/// A name that can be traded on `today`.
SymbolHistory whole() {
  SymbolHistory history;
  history.symbol = "AAPL";
  history.bars = bars_until(make_date(2024, 5, 1), 40);
  for (const char* source : {"nasdaq", "fmp", "derived", "reported"})
    history.earnings.push_back({today, AnnouncementSession::after_close, source, Instant{}, std::nullopt});
  return history;
}

std::vector<std::string> missing(SymbolHistory history, std::vector<Bar> vix, std::vector<RatePoint> rates) {
  const RecordedMarket market({std::move(history)}, std::move(vix), std::move(rates));
  return missing_inputs(AnyMarket(market), {"AAPL"}, {}, today, TradingCalendar::nyse());
}

const std::vector<RatePoint> some_rates{{make_date(2024, 4, 30), Years<Act365>{0.25}, 0.05}};

}  // namespace

TEST_CASE("a session starts when every rule has its input and nothing is missing", "[operations][start]") {
  CHECK(missing(whole(), bars_until(make_date(2024, 4, 30), 1), some_rates).empty());
}

TEST_CASE("every input that a rule lacks is named at once", "[operations][start]") {
  SymbolHistory bare;
  bare.symbol = "AAPL";
  const auto all = missing(bare, {}, {});
  REQUIRE(all.size() == 4);
  CHECK(all[0].find("VIX") != std::string::npos);
  CHECK(all[1].find("interest rates") != std::string::npos);
  CHECK(all[2].find("AAPL: daily bars") != std::string::npos);
  CHECK(all[3].find("0, 2 are needed") != std::string::npos);
}

TEST_CASE("a series that ended days ago and a short one are no live input", "[operations][start]") {
  SymbolHistory old = whole();
  old.bars = bars_until(make_date(2024, 4, 29), 40);
  const auto stale = missing(old, bars_until(make_date(2024, 4, 30), 1), some_rates);
  REQUIRE(stale.size() == 1);
  CHECK(stale[0].find("the newest is of 2024-04-29") != std::string::npos);
  SymbolHistory young = whole();
  young.bars = bars_until(make_date(2024, 5, 1), 30);
  CHECK(missing(young, bars_until(make_date(2024, 4, 30), 1), some_rates).at(0).find("30 days, 31 are needed") !=
        std::string::npos);
  // What carries today's or a later date was not known this morning.
  SymbolHistory ahead = whole();
  ahead.bars = bars_until(today, 31);
  CHECK(missing(ahead, bars_until(make_date(2024, 4, 30), 1), some_rates).size() == 1);
}
