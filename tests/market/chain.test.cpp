// SPDX-License-Identifier: Apache-2.0
#include <alaris/market/chain.hpp>

#include "support/catch.hpp"

using namespace alaris;

namespace {
OptionQuote quote(int day, double strike, OptionType type, double bid) {
  return {.contract = {make_date(2024, 5, static_cast<unsigned>(day)), *Strike::from_dollars(strike), type},
          .bid = bid,
          .ask = bid + 0.1};
}
}  // namespace

TEST_CASE("a chain is in contract order whatever order the file had", "[market][chain]") {
  const OptionChain chain(
      make_date(2024, 5, 1), 100.0,
      {quote(17, 105, OptionType::call, 1), quote(3, 100, OptionType::call, 2), quote(17, 100, OptionType::put, 3),
       quote(3, 100, OptionType::put, 4), quote(3, 100, OptionType::put, 9)});
  CHECK(chain.expiries().size() == 2);
  CHECK(chain.duplicates() == 1);
  CHECK(chain.of_expiry(make_date(2024, 5, 3)).size() == 2);
  CHECK(chain.of_expiry(make_date(2024, 5, 10)).empty());
  REQUIRE(chain.find({make_date(2024, 5, 3), *Strike::from_dollars(100), OptionType::put}));
  CHECK(chain.find({make_date(2024, 5, 3), *Strike::from_dollars(100), OptionType::put})->bid == 4);
  CHECK_FALSE(chain.find({make_date(2024, 5, 3), *Strike::from_dollars(101), OptionType::put}));
}

TEST_CASE("a strike is exact to a thousandth of a dollar or it is refused", "[market][contract]") {
  CHECK(Strike::from_dollars(70.71)->thousandths() == 70'710);
  CHECK(Strike::from_dollars(172.5)->dollars() == 172.5);
  const double bad = GENERATE(0.0, -5.0, 100.0004, 3e6, not_known);
  CAPTURE(bad);
  CHECK_FALSE(Strike::from_dollars(bad).has_value());
}

TEST_CASE("a crossed, empty or one-sided quote has no midpoint", "[market][quote]") {
  OptionQuote q = quote(3, 100, OptionType::call, 2);
  CHECK(mid(q) == 2.05);
  q.ask = 1.9;
  CHECK(std::isnan(mid(q)));
  q.ask = not_known;
  CHECK(std::isnan(mid(q)));
  q = quote(3, 100, OptionType::call, 0.0);
  CHECK(std::isnan(mid(q)));
}
