// SPDX-License-Identifier: Apache-2.0
#include <alaris/core/time.hpp>

#include <type_traits>

#include "support/catch.hpp"

using namespace alaris;

static_assert(!std::is_convertible_v<Date, Instant> && !std::is_constructible_v<Instant, Date>,
              "a date becomes an instant only through a calendar");
static_assert(!std::is_convertible_v<Years<TradingTime>, Years<Act365>>, "clocks do not mix");

TEST_CASE("a date is read from ISO text and written back", "[core][time]") {
  CHECK(to_string(*parse_date("2024-02-29")) == "2024-02-29");
  const char* bad = GENERATE("2023-02-29", "2024-2-9", "2024/02/29", "20240229", "2024-13-01", "2024-00-10", "");
  CAPTURE(bad);
  CHECK_FALSE(parse_date(bad).has_value());
}

TEST_CASE("an instant needs an offset, and keeps its place on the UTC line", "[core][time]") {
  CHECK(*parse_instant("2024-05-02T16:00:00-04:00") == *parse_instant("2024-05-02T20:00Z"));
  CHECK(to_string(*parse_instant("2024-05-02T16:00:00.25-04:00"), std::chrono::minutes{-240}) ==
        "2024-05-02T16:00:00.250000-04:00");
  const char* bad = GENERATE("2024-05-02T16:00:00", "2024-05-02 16:00Z", "2024-05-02T24:00Z", "2024-05-02T16:00:00.Z",
                             "2024-05-02T16:00:00-4:00", "2024-05-02T16:00:", "2024-05-02T16:00:00.1234567Z");
  CAPTURE(bad);
  CHECK_FALSE(parse_instant(bad).has_value());
}

TEST_CASE("a year fraction is actual days over 365", "[core][time]") {
  CHECK(years_between(make_date(2024, 1, 1), make_date(2024, 12, 31)).value == 1.0);
  CHECK(years_between(*parse_instant("2024-01-01T00:00Z"), *parse_instant("2024-01-02T12:00Z")).value == 1.5 / 365.0);
}
