// SPDX-License-Identifier: Apache-2.0
#include <alaris/market/holiday_copy.hpp>

#include "support/catch.hpp"

using namespace alaris;

namespace {
/// Twenty strikes of one expiry; the first `changed` traded on the later day.
OptionChain chain(unsigned day, double spot, int changed = 0, int first_strike = 80) {
  std::vector<OptionQuote> quotes;
  for (int i = 0; i < 20; ++i)
    quotes.push_back({.contract = {make_date(2026, 7, 17), *Strike::from_dollars(first_strike + i), OptionType::call},
                      .last = 25.0 - i + (i < changed ? 0.05 : 0.0),
                      .volume = 100.0 + i});
  return OptionChain(make_date(2026, 6, day), spot, std::move(quotes));
}
}  // namespace

TEST_CASE("a holiday file that repeats the session before it is no session", "[market][holiday_copy]") {
  CHECK(is_holiday_copy(chain(18, 298.01), chain(19, 298.01)));
  CHECK(repeated_rows(chain(18, 298.01), chain(19, 298.01)).share() == 1.0);
}

TEST_CASE("a copy may differ in a fifth of its rows and a session repeats half at most", "[market][holiday_copy]") {
  CHECK(is_holiday_copy(chain(18, 298.01), chain(19, 298.01, 4)));
  CHECK_FALSE(is_holiday_copy(chain(18, 298.01), chain(19, 298.01, 10)));
  CHECK_FALSE(is_holiday_copy(chain(18, 298.01), chain(19, 298.01, 4), 0.90));
}

TEST_CASE("a day on which the stock moved is no copy even when no option traded", "[market][holiday_copy]") {
  CHECK_FALSE(is_holiday_copy(chain(17, 297.50), chain(18, 298.01)));
}

TEST_CASE("newly listed contracts repeat nothing", "[market][holiday_copy]") {
  const RepeatedRows repeated = repeated_rows(chain(17, 298.01), chain(18, 298.01, 0, 90));
  CHECK(repeated.rows == 20);
  CHECK(repeated.same == 0);  // ten strikes are common and every one of them has another price
  CHECK_FALSE(is_holiday_copy(chain(17, 298.01), chain(18, 298.01, 0, 100)));
}

TEST_CASE("a copy is found although nobody knows the price of the underlying", "[market][holiday_copy]") {
  CHECK(is_holiday_copy(chain(18, not_known), chain(19, not_known)));
  CHECK(is_holiday_copy(chain(18, 298.01), chain(19, not_known)));  // no bar on a holiday
}

TEST_CASE("an empty chain repeats nothing", "[market][holiday_copy]") {
  const OptionChain empty(make_date(2026, 6, 19), 298.01, {});
  CHECK_FALSE(is_holiday_copy(chain(18, 298.01), empty));
  CHECK_FALSE(is_holiday_copy(empty, chain(19, 298.01)));
}

TEST_CASE("chains of quotes alone are compared by their quotes and chains of nothing never", "[market][holiday_copy]") {
  const OptionContract contract{make_date(2026, 7, 17), *Strike::from_dollars(100), OptionType::call};
  const auto one_row = [&](unsigned day, double bid, double ask) {
    return OptionChain(make_date(2026, 6, day), not_known, {{.contract = contract, .bid = bid, .ask = ask}});
  };
  CHECK(is_holiday_copy(one_row(18, 2.0, 2.1), one_row(19, 2.0, 2.1)));
  CHECK_FALSE(is_holiday_copy(one_row(18, 2.0, 2.1), one_row(19, 2.0, 2.2)));
  CHECK_FALSE(is_holiday_copy(one_row(18, not_known, not_known), one_row(19, not_known, not_known)));
}
