// SPDX-License-Identifier: Apache-2.0
#include <alaris/pricing/black.hpp>
#include <alaris/volatility/implied.hpp>

#include <cmath>

#include "support/catch.hpp"

using namespace alaris;
using Catch::WithinAbs;
using Catch::WithinRel;

TEST_CASE("prices agree with lattice and thirty-digit values", "[pricing][black]") {
  // S = K = 100, T = 0.25, s = 0.3, r = 5 %, q = 2 %: quant reference, 12 digits given.
  const BlackInputs in{100 * std::exp(0.03 * 0.25), 100, 0.15, std::exp(-0.05 * 0.25)};
  CHECK_THAT(black_price(OptionType::call, in), WithinAbs(6.30561313329, 6e-12));
  CHECK_THAT(black_price(OptionType::put, in), WithinAbs(5.56214526341, 6e-12));
  CHECK_THAT(black_vega(in, 0.25), WithinAbs(19.6931719122, 6e-11));
}

TEST_CASE("a price gives back the volatility it was made from", "[volatility][implied]") {
  const double moneyness = GENERATE(-1.0, -0.3, -0.05, 0.0, 0.05, 0.3, 1.0);
  const double stdev = GENERATE(0.02, 0.1, 0.5, 1.5);
  const OptionType type = GENERATE(OptionType::put, OptionType::call);
  const double forward = 100 * std::exp(moneyness);
  const double price = black_price(type, {forward, 100, stdev, 0.98});
  const double time_value = price / 0.98 - std::max(sign(type) * (forward - 100.0), 0.0);
  const double vega = black_vega({forward, 100, stdev, 1.0}, 1.0);
  if (time_value < 1e-10 || vega <= 0) return;  // the digits of so small a time value are not in the price
  CAPTURE(moneyness, stdev);
  const auto found = implied_total_stdev({type, price, forward, 100, 0.98});
  REQUIRE(found);
  // attainable: an ulp of the price over vega, plus a few ulp of the answer
  CHECK_THAT(*found, WithinAbs(stdev, 4 * 2.3e-16 * (forward + 100) / vega + 8e-16 * stdev));
}

TEST_CASE("a price that no volatility explains says why", "[volatility][implied]") {
  CHECK(implied_total_stdev({OptionType::call, 4.9, 105, 100, 1.0}).error() == VolError::below_intrinsic);
  CHECK(implied_total_stdev({OptionType::call, 105.0, 105, 100, 1.0}).error() == VolError::above_bound);
  CHECK(implied_total_stdev({OptionType::put, 0.0, 105, 100, 1.0}).error() == VolError::at_intrinsic);
  CHECK(implied_total_stdev({OptionType::put, std::nan(""), 105, 100, 1.0}).error() == VolError::invalid_input);
  CHECK(implied_total_stdev({OptionType::put, -1.0, 105, 100, 1.0}).error() == VolError::invalid_input);
}
