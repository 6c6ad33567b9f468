// SPDX-License-Identifier: Apache-2.0
#include <alaris/volatility/forward.hpp>

#include <cmath>
#include <random>
#include <vector>

#include <alaris/pricing/black.hpp>

#include "support/catch.hpp"

using namespace alaris;
using Catch::WithinAbs;
using Catch::WithinRel;

namespace {
/// European quotes around their value: forward 101, discount 0.99, 30 % for 0.2 years.
std::vector<ForwardQuote> chain(unsigned seed = 0) {
  std::mt19937_64 generator(seed);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  std::vector<ForwardQuote> quotes;
  for (double strike = 80; strike <= 120; strike += 2.5) {
    const BlackInputs in{101.0, strike, 0.3 * std::sqrt(0.2), 0.99};
    const double call = black_price(OptionType::call, in), put = black_price(OptionType::put, in);
    const double half = 0.02 + 0.002 * std::fabs(strike - 100);
    const double c = call + (seed ? half * uniform(generator) : 0.0),
                 p = put + (seed ? half * uniform(generator) : 0.0);
    quotes.push_back({strike, c - half, c + half, p - half, p + half});
  }
  return quotes;
}
}  // namespace

TEST_CASE("fair quotes give back their forward and their discount", "[volatility][forward]") {
  const auto both = implied_forward(chain());
  REQUIRE(both.has_value());
  CHECK_THAT(both->forward, WithinRel(101.0, 1e-10));
  CHECK_THAT(both->discount, WithinRel(0.99, 1e-9));
  CHECK(both->rejected == 0);
  const auto given = implied_forward(chain(), 0.99);
  CHECK_THAT(given->forward, WithinRel(101.0, 1e-12));
  CHECK(given->forward_error < both->forward_error);
  CHECK(given->executable_lower < 101.0);
  CHECK(given->executable_upper > 101.0);
}

TEST_CASE("the stated band holds the true forward ninety-five times in a hundred", "[volatility][forward]") {
  int inside = 0;
  for (unsigned seed = 1; seed <= 1000; ++seed) {
    const auto found = implied_forward(chain(seed), 0.99);
    REQUIRE(found.has_value());
    inside += found->lower <= 101.0 && 101.0 <= found->upper;
  }
  CHECK(inside > 930);  // 950 +- 7, and a little for the strikes that robust weights give away
  CHECK(inside < 990);
}

TEST_CASE("three stale strikes of seventeen do not move the forward", "[volatility][forward]") {
  auto quotes = chain(4);
  for (const std::size_t i : {2u, 8u, 15u}) {
    quotes[i].call_bid += 4.0;
    quotes[i].call_ask += 4.0;
  }
  const auto found = implied_forward(quotes);
  REQUIRE(found.has_value());
  CHECK(found->rejected == 3);
  CHECK_THAT(found->forward, WithinAbs(101.0, 3 * found->forward_error + 1e-12));
  CHECK_THAT(found->discount, WithinAbs(0.99, 3 * found->discount_error));
  CHECK(found->forward_error < 0.03);
}

TEST_CASE("early exercise taken out of American quotes leaves the European forward", "[volatility][forward]") {
  auto quotes = chain();
  for (auto& quote : quotes) {
    const double premium = 0.002 * (quote.strike - 80);  // deep puts are worth more than their European twins
    quote.put_bid += premium;
    quote.put_ask += premium;
    quote.early_exercise = -premium;
  }
  CHECK_THAT(implied_forward(quotes)->forward, WithinRel(101.0, 1e-10));
}

TEST_CASE("quotes that agree on no line have no forward", "[volatility][forward]") {
  const auto quotes = chain();
  CHECK(implied_forward(std::span(quotes).first(3)).error() == ForwardFault::too_few_strikes);
  CHECK(implied_forward({}).error() == ForwardFault::too_few_strikes);
  CHECK(implied_forward(quotes, -1.0).error() == ForwardFault::invalid_input);
  auto reversed = quotes;
  for (auto& quote : reversed) {
    std::swap(quote.call_bid, quote.put_bid);
    std::swap(quote.call_ask, quote.put_ask);
  }
  CHECK(implied_forward(reversed).error() == ForwardFault::no_agreement);
}

TEST_CASE("a forward five percent a year below carry is a five percent borrow", "[volatility][forward]") {
  const double forward = (100.0 - 0.5) * std::exp((0.04 - 0.05) * 0.25);
  CHECK_THAT(implied_borrow({forward, 100.0, 0.5, 0.04, {0.25}}), WithinAbs(0.05, 1e-14));
  CHECK(std::isnan(implied_borrow({forward, 100.0, 0.5, 0.04, {0.0}})));
}
