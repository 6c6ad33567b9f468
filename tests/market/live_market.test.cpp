// SPDX-License-Identifier: Apache-2.0
#include <alaris/market/as_of.hpp>
#include <alaris/market/live_market.hpp>

#include "support/catch.hpp"

using namespace alaris;

TEST_CASE("a split that is announced is seen during the session before it takes effect", "[market][live]") {
  const TradingCalendar calendar = TradingCalendar::nyse();
  const Instant announced = *parse_instant("2024-05-01T17:00-04:00");
  const Date effective = make_date(2024, 5, 13);
  SymbolHistory h{.symbol = "ACME",
                  .bars = {{make_date(2024, 5, 3), 100, 100, 100, 100, 1e6}},
                  .chains = {},
                  .dividends = {},
                  .splits = {{make_date(2024, 5, 6), 2.0}, {effective, 4.0, announced}},
                  .earnings = {}};
  const RecordedMarket history({h}, {}, {});
  const auto pending = [&](Instant now) {
    const LiveMarket live(history, now, {});
    return MarketView(live, calendar, calendar.close(new_york_date(now))).pending_splits("ACME");
  };
  const Instant before = *parse_instant("2024-05-01T15:45-04:00"), after = *parse_instant("2024-05-06T15:45-04:00");
  CHECK(pending(before).empty());  // nobody knew
  REQUIRE(pending(after).size() == 1);
  CHECK(pending(after)[0].date == effective);
  const LiveMarket live(history, after, {});
  CHECK(live.splits("ACME").size() == 2);
  const auto effective_ones = MarketView(live, calendar, calendar.close(live.today())).splits("ACME");
  REQUIRE(effective_ones.size() == 1);  // today's, of no announced date, and not the one to come
  CHECK(effective_ones[0].ratio == 2.0);
}
