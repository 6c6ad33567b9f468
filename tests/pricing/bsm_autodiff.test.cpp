// SPDX-License-Identifier: Apache-2.0
#include <alaris/adapters/boost_autodiff.hpp>
#include <alaris/pricing/bsm_formula.hpp>
#include <alaris/pricing/bsm_greeks.hpp>

#include <cmath>
#include <limits>

#include "support/catch.hpp"

using namespace alaris;

TEST_CASE("every Greek is the derivative that automatic differentiation finds", "[pricing][bsm][autodiff]") {
  const OptionType type = GENERATE(OptionType::put, OptionType::call);
  const double strike = GENERATE(70.0, 95.0, 100.0, 140.0), years = GENERATE(0.1, 1.0, 5.0);
  const double volatility = GENERATE(0.15, 0.6);
  const auto [rate, yield] = GENERATE(table<double, double>({{0.05, 0.02}, {-0.01, 0.03}, {0.04, -0.02}}));
  CAPTURE(name(type), strike, years, volatility, rate, yield);
  const BsmInputs in{type, 100.0, strike, years, rate, yield, volatility};
  const BsmGreeks closed = bsm_greeks(in), found = bsm_greeks_by_autodiff(in);
  // Every derivative of the formula is a sum of terms no larger than stock and strike times these, each wrong by a few
  // epsilon; d1 and d2 enter to the fourth power at most.
  const double stdev = volatility * std::sqrt(years);
  const double d = 1.0 + std::fabs(std::log(100.0 / strike) + (rate - yield) * years) / stdev + stdev;
  const double unit = 64 * std::numeric_limits<double>::epsilon() * (100.0 + strike) * d * d;
  const double by_spot = d / (100.0 * stdev), by_strike = d / (strike * stdev), by_volatility = d * d / volatility;
  const double by_years = d * d / years, by_rate = years * d / stdev;
  const auto agrees = [&](double BsmGreeks::*greek, double scale) {
    CHECK(std::fabs(closed.*greek - found.*greek) <= unit * scale);
  };
  agrees(&BsmGreeks::price, 1.0);
  agrees(&BsmGreeks::delta, by_spot);
  agrees(&BsmGreeks::gamma, by_spot * by_spot);
  agrees(&BsmGreeks::speed, by_spot * by_spot * by_spot);
  agrees(&BsmGreeks::vega, by_volatility);
  agrees(&BsmGreeks::volga, by_volatility * by_volatility);
  agrees(&BsmGreeks::ultima, by_volatility * by_volatility * by_volatility);
  agrees(&BsmGreeks::vanna, by_spot * by_volatility);
  agrees(&BsmGreeks::zomma, by_spot * by_spot * by_volatility);
  agrees(&BsmGreeks::theta, by_years);
  agrees(&BsmGreeks::charm, by_spot * by_years);
  agrees(&BsmGreeks::color, by_spot * by_spot * by_years);
  agrees(&BsmGreeks::veta, by_volatility * by_years);
  agrees(&BsmGreeks::rho, by_rate);
  agrees(&BsmGreeks::epsilon, by_rate);
  agrees(&BsmGreeks::vera, by_rate * by_volatility);
  agrees(&BsmGreeks::dual_delta, by_strike);
  agrees(&BsmGreeks::dual_gamma, by_strike * by_strike);
}

TEMPLATE_TEST_CASE("the formula prices the same option in every number", "[pricing][bsm]", float, double) {
  using T = TestType;
  const OptionType type = GENERATE(OptionType::put, OptionType::call);
  const double strike = GENERATE(60.0, 100.0, 180.0);
  const T found = bsm_formula<T>(type, {T(100), T(strike), T(0.5), T(0.03), T(0.01), T(0.3)});
  const double expected = bsm_price({type, 100.0, strike, 0.5, 0.03, 0.01, 0.3});
  // half an epsilon in every input moves the price by less than its spot and strike times epsilon; 8 roundings on top
  CHECK(std::fabs(static_cast<double>(found) - expected) <=
        8 * static_cast<double>(std::numeric_limits<T>::epsilon()) * (100.0 + strike));
}
