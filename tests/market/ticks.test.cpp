// SPDX-License-Identifier: Apache-2.0
#include <alaris/market/ticks.hpp>

#include "support/catch.hpp"

using namespace alaris;

namespace {
Money dollars(const char* text) {
  return *Money::parse(text);
}
}  // namespace

TEST_CASE("a penny class moves by a cent below three dollars and by five from there", "[market][ticks]") {
  const TickLadder ladder = TickLadder::penny_programme();
  CHECK(ladder.increment_at(dollars("2.99")) == Money::from_cents(1));
  CHECK(ladder.increment_at(dollars("3.00")) == Money::from_cents(5));
  CHECK(ladder.on_tick(dollars("2.97")));
  CHECK_FALSE(ladder.on_tick(dollars("3.02")));
  CHECK(ladder.up(dollars("2.991")) == dollars("3.00"));
  CHECK(ladder.down(dollars("3.049")) == dollars("3.00"));
  CHECK(ladder.up(dollars("3.01")) == dollars("3.05"));
}

TEST_CASE("a class outside the programme moves by five and ten cents", "[market][ticks]") {
  const TickLadder ladder = TickLadder::outside_programme();
  CHECK(ladder.down(dollars("2.99")) == dollars("2.95"));
  CHECK(ladder.up(dollars("2.96")) == dollars("3.00"));
  CHECK(ladder.up(dollars("3.01")) == dollars("3.10"));
}

TEST_CASE("index funds and complex orders trade in cents at every price", "[market][ticks]") {
  const TickLadder ladder = TickLadder::pennies();
  CHECK(ladder.on_tick(dollars("412.37")));
  CHECK(ladder.down(dollars("1.6219")) == dollars("1.62"));
}

TEST_CASE("an order is rounded away from the market and never spends what nobody decided", "[market][ticks]") {
  const TickLadder ladder = TickLadder::penny_programme();
  const Money price = dollars("4.12");
  CHECK(away_from_market(ladder, OrderSide::buy, price) == dollars("4.10"));
  CHECK(away_from_market(ladder, OrderSide::sell, price) == dollars("4.15"));
  CHECK(towards_market(ladder, OrderSide::buy, price) == dollars("4.15"));
  CHECK(towards_market(ladder, OrderSide::sell, price) == dollars("4.10"));
}

TEST_CASE("a spread bought for a credit asks for more and not for less", "[market][ticks]") {
  const TickLadder ladder = TickLadder::pennies();
  CHECK(away_from_market(ladder, OrderSide::buy, dollars("-0.851")) == dollars("-0.86"));
  CHECK(towards_market(ladder, OrderSide::buy, dollars("-0.851")) == dollars("-0.85"));
  CHECK(away_from_market(ladder, OrderSide::sell, dollars("-0.851")) == dollars("-0.85"));
}

TEST_CASE("a price on a tick stays where it is on every ladder", "[market][ticks]") {
  const TickLadder ladder =
      GENERATE(TickLadder::penny_programme(), TickLadder::outside_programme(), TickLadder::pennies());
  for (int cents = -1000; cents <= 1000; ++cents) {
    const Money price = Money::from_cents(cents);
    const Money below = ladder.down(price), above = ladder.up(price);
    CAPTURE(cents);
    REQUIRE(ladder.on_tick(below));
    REQUIRE(ladder.on_tick(above));
    REQUIRE((below <= price && price <= above));
    if (ladder.on_tick(price)) REQUIRE((below == price && above == price));
    if (!ladder.on_tick(price)) REQUIRE(above - below == ladder.increment_at(price));
  }
}

TEST_CASE("a sum of binary fractions is on its tick once it is money", "[market][ticks]") {
  CHECK(TickLadder::penny_programme().on_tick(Money::rounded(0.1 + 0.2)));
  CHECK(TickLadder::penny_programme().down(Money::rounded(0.57 * 100 / 100)) == dollars("0.57"));
}

TEST_CASE("a market rule that would leave its own grid is refused", "[market][ticks]") {
  const auto ladder = [](std::vector<TickStep> steps) { return TickLadder::from_steps(steps); };
  const Money cent = Money::from_cents(1), zero{};
  CHECK(ladder({{zero, cent}, {dollars("3"), dollars("0.05")}}) == TickLadder::penny_programme());
  CHECK_FALSE(ladder({}));
  CHECK_FALSE(ladder({{cent, cent}}));
  CHECK_FALSE(ladder({{zero, zero}}));
  CHECK_FALSE(ladder({{zero, dollars("0.07")}, {dollars("3"), cent}}));
  CHECK_FALSE(ladder({{zero, cent}, {dollars("3"), dollars("0.07")}}));
  CHECK_FALSE(ladder({{zero, cent}, {dollars("3"), cent}, {dollars("2"), cent}}));
}
