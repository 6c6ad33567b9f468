// SPDX-License-Identifier: Apache-2.0
#include <alaris/execution/execution_quality.hpp>

#include <cmath>

#include "support/catch.hpp"

using namespace alaris;
using Catch::Matchers::WithinAbs;

TEST_CASE("a debit paid a quarter beyond mid costs a quarter of the way to natural", "[execution]") {
  const ExecutionQuality entry{.order = "AAPL-entry",
                               .filled = 4,
                               .arrival = {.mid = 2.00, .natural = 2.20},
                               .cash = -Money::from_dollars(820),
                               .fees = Money::from_dollars(5)};
  CHECK_THAT(entry.paid(), WithinAbs(2.05, 1e-12));
  CHECK_THAT(entry.shortfall(), WithinAbs(20.0, 1e-9));  // fees are told apart
  CHECK_THAT(entry.spread_share(), WithinAbs(0.25, 1e-9));
}

TEST_CASE("a credit received below mid is a shortfall too", "[execution]") {
  const ExecutionQuality exit{.order = "AAPL-exit",
                              .purpose = OrderPurpose::exit,
                              .filled = 2,
                              .arrival = {.mid = -3.00, .natural = -2.80},
                              .cash = Money::from_dollars(580)};
  CHECK_THAT(exit.paid(), WithinAbs(-2.90, 1e-12));
  CHECK_THAT(exit.shortfall(), WithinAbs(20.0, 1e-9));
  CHECK_THAT(exit.spread_share(), WithinAbs(0.5, 1e-9));
}

TEST_CASE("what was not filled or met no quotes has no quality rather than a good one", "[execution]") {
  CHECK(std::isnan(ExecutionQuality{.arrival = {1.0, 1.1}}.shortfall()));
  CHECK(std::isnan(ExecutionQuality{.filled = 1, .cash = -Money::from_dollars(100)}.shortfall()));
  CHECK(std::isnan(
      ExecutionQuality{.filled = 1, .arrival = {1.0, 1.0}, .cash = -Money::from_dollars(100)}.spread_share()));
}
