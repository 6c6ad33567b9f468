// SPDX-License-Identifier: Apache-2.0
#include <alaris/volatility/adjusted_bars.hpp>

#include <array>
#include <vector>

#include "support/catch.hpp"

using namespace alaris;

namespace {
std::vector<Bar> flat_week(double price) {
  std::vector<Bar> bars;
  for (unsigned day = 3; day <= 7; ++day) bars.push_back({make_date(2024, 6, day), price, price, price, price, 1000});
  return bars;
}
}  // namespace

TEST_CASE("a ten for one split leaves one price line and ten times the shares", "[volatility][bars]") {
  auto bars = flat_week(1000);
  for (std::size_t i = 2; i < 5; ++i) bars[i] = {bars[i].date, 100, 100, 100, 100, 10'000};
  const std::array<Split, 2> splits{{{make_date(2024, 6, 5), 10.0}, {make_date(2024, 7, 1), 2.0}}};
  REQUIRE(adjust_for_splits(bars, splits));
  for (const Bar& bar : bars) {
    CHECK(bar.close == 100.0);
    CHECK(bar.volume == 10'000.0);
  }
}

TEST_CASE("a split without a usable ratio changes nothing and says so", "[volatility][bars]") {
  auto bars = flat_week(1000);
  const std::array<Split, 2> splits{{{make_date(2024, 6, 5), 10.0}, {make_date(2024, 6, 6), 0.0}}};
  CHECK_FALSE(adjust_for_splits(bars, splits));
  CHECK(bars.front().close == 1000.0);
}

TEST_CASE("a stock that falls by its dividend has earned nothing and lost nothing", "[volatility][bars]") {
  auto bars = flat_week(100);
  for (std::size_t i = 2; i < 5; ++i) bars[i] = {bars[i].date, 99, 99, 99, 99, 1000};
  for (std::size_t i = 4; i < 5; ++i) bars[i] = {bars[i].date, 98.5, 98.5, 98.5, 98.5, 1000};
  const std::array<Dividend, 3> dividends{
      {{make_date(2024, 6, 5), 1.0, {}}, {make_date(2024, 6, 7), 0.5, {}}, {make_date(2024, 6, 6), std::nan(""), {}}}};
  REQUIRE(adjust_for_dividends(bars, dividends));
  for (const Bar& bar : bars) CHECK_THAT(bar.close, Catch::WithinRel(98.5, 4e-16));
  const std::array<Dividend, 1> too_large{{{make_date(2024, 6, 5), 100.0, {}}}};
  CHECK_FALSE(adjust_for_dividends(bars, too_large));
}
