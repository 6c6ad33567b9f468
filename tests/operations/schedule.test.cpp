// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "operations/schedule.hpp"
#include "support/catch.hpp"

using namespace alaris;
using namespace alaris::host;
using namespace std::chrono_literals;

TEST_CASE("a daily copy at two in New York is due once a day across both changes of the clock",
          "[operations][backup]") {
  for (const Date first : {make_date(2026, 3, 5), make_date(2026, 10, 29), make_date(2027, 3, 11)}) {
    std::optional<Instant> newest;
    int copies = 0;
    const Instant begin = new_york_instant(first, 3h);
    newest = begin;
    const Instant end = new_york_instant(first + std::chrono::days(10), 4h);
    for (Instant now = begin; now < end; now += 5min)
      if (due(now, 120min, newest)) newest = now, ++copies;
    CHECK(copies == 10);
  }
}

TEST_CASE("the spring change moves the copy to three o'clock and the autumn change makes it once",
          "[operations][backup]") {
  const Date spring = make_date(2026, 3, 8), autumn = make_date(2026, 11, 1);
  CHECK(new_york_text(latest_daily(new_york_instant(spring, 12h), 120min)) == "2026-03-08T03:00:00-04:00");
  CHECK(new_york_text(latest_daily(new_york_instant(autumn, 12h), 90min)) == "2026-11-01T01:30:00-04:00");
  CHECK(new_york_text(latest_daily(new_york_instant(autumn, 1h), 120min)) == "2026-10-31T02:00:00-04:00");
}

TEST_CASE("copies expire by their kind and never without a newer verified one", "[operations][backup]") {
  const Instant now{std::chrono::seconds(1'780'000'000)};
  const auto day = [&](int ago, Kept what, bool verified) {
    return KeptCopy{std::to_string(ago), now - 24h * ago, what, verified};
  };
  std::vector<KeptCopy> copies{day(91, Kept::database, true), day(91, Kept::configuration, true),
                               day(2000, Kept::trades, true)};
  CHECK(expired(now, copies, {}).empty());  // the only ones there are
  copies.push_back(day(1, Kept::database, false));
  CHECK(expired(now, copies, {}).empty());  // a copy nobody has verified counts for nothing
  copies.push_back(day(1, Kept::database, true));
  REQUIRE(expired(now, copies, {}).size() == 1);
  CHECK(expired(now, copies, {})[0].what == Kept::database);
  copies.push_back(day(1, Kept::trades, true));
  CHECK(expired(now, copies, {}).size() == 2);
  copies.push_back(day(90, Kept::database, true));
  CHECK(expired(now, copies, {}).size() == 2);  // ninety days are kept
}
