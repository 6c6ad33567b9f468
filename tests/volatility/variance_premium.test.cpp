// SPDX-License-Identifier: Apache-2.0
#include <alaris/volatility/variance_premium.hpp>

#include <array>
#include <cmath>
#include <vector>

#include "support/catch.hpp"

using namespace alaris;

TEST_CASE("a premium is earned only when the month after it has passed", "[volatility][premium]") {
  // closes go up and down by 1 % and, from the fifteenth session on, by 2 %
  std::vector<Bar> bars;
  double price = 100.0;
  for (int i = 0; i < 30; ++i) {
    bars.push_back({make_date(2024, 1, 1) + std::chrono::days(i), price, price, price, price, 1});
    price *= std::exp((i % 2 ? -1 : 1) * (i < 14 ? 0.01 : 0.02));
  }
  const RealisedSettings ten{.window = 10, .periods = 252, .decay = 1.0};  // ewma without decay: mean square return
  const std::array<DatedVolatility, 3> implied{
      {{bars[14].date, 0.25}, {bars[25].date, 0.25}, {make_date(2030, 1, 1), 0.25}}};
  const auto series = variance_premium(implied, bars, RealisedEstimator::ewma, ten);
  REQUIRE(series.size() == 3);
  CHECK_THAT(series[0].realised_before, Catch::WithinRel(252 * 0.0001, 1e-12));
  CHECK_THAT(series[0].realised_after, Catch::WithinRel(252 * 0.0004, 1e-12));
  CHECK_THAT(series[0].ahead(), Catch::WithinRel(0.0625 - 0.0252, 1e-12));
  CHECK_THAT(series[0].earned(), Catch::WithinRel(0.0625 - 0.1008, 1e-12));
  CHECK(series[1].realised_before > 0.0);
  CHECK(std::isnan(series[1].realised_after));
  CHECK(std::isnan(series[2].ahead()));
}
