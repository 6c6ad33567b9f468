// SPDX-License-Identifier: Apache-2.0
#include <alaris/pricing/bsm.hpp>
#include <alaris/pricing/bsm_greeks.hpp>

#include <cmath>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/figure_data.hpp"
#include "support/table.hpp"

using namespace alaris;

namespace {

using Member = double BsmGreeks::*;
const std::vector<std::pair<std::string, Member>> every_greek = {{"price", &BsmGreeks::price},
                                                                 {"delta", &BsmGreeks::delta},
                                                                 {"gamma", &BsmGreeks::gamma},
                                                                 {"vega", &BsmGreeks::vega},
                                                                 {"theta", &BsmGreeks::theta},
                                                                 {"rho", &BsmGreeks::rho},
                                                                 {"epsilon", &BsmGreeks::epsilon},
                                                                 {"vanna", &BsmGreeks::vanna},
                                                                 {"charm", &BsmGreeks::charm},
                                                                 {"volga", &BsmGreeks::volga},
                                                                 {"veta", &BsmGreeks::veta},
                                                                 {"speed", &BsmGreeks::speed},
                                                                 {"zomma", &BsmGreeks::zomma},
                                                                 {"color", &BsmGreeks::color},
                                                                 {"ultima", &BsmGreeks::ultima},
                                                                 {"vera", &BsmGreeks::vera},
                                                                 {"dual_delta", &BsmGreeks::dual_delta},
                                                                 {"dual_gamma", &BsmGreeks::dual_gamma}};

double ulp(double x) {
  return std::nextafter(std::fabs(x), std::numeric_limits<double>::infinity()) - std::fabs(x);
}

OptionType type_of(const test::Table& table, std::size_t row) {
  return table.text(row, "type") == "call" ? OptionType::call : OptionType::put;
}

BsmInputs inputs_of(const test::Table& table, std::size_t row) {
  return {type_of(table, row),    table.number(row, "S"), table.number(row, "K"),    table.number(row, "T"),
          table.number(row, "r"), table.number(row, "q"), table.number(row, "sigma")};
}

}  // namespace

TEST_CASE("a price and its Greeks are as accurate as their inputs allow", "[pricing][bsm][accuracy]") {
  const test::Table values = test::reference_table("european.csv"),
                    condition = test::reference_table("european_cond.csv");
  REQUIRE(values.size() == 584);
  test::FigureData figure("european_price", "deviations,relative_error,relative_condition");
  for (const auto& [greek, member] : every_greek) {
    double worst = 0.0;  // in units of the limit
    for (std::size_t row = 0; row < values.size(); ++row) {
      const BsmInputs in = inputs_of(values, row);
      const double truth = values.number(row, greek);
      // The limit of the reference set: 16 times half an ulp of every input, and 4 ulp of the answer.
      const double limit = 16 * condition.number(row, greek) + 4 * ulp(truth) + 5e-324;
      const double found = bsm_greeks(in).*member;
      INFO(greek << " line " << row + 2 << ": " << found << " for " << truth << ", limit " << limit);
      worst = std::max(worst, std::fabs(found - truth) / limit);
      CHECK(std::fabs(found - truth) <= limit);
      if (greek == "price" && truth > 0.0 && in.volatility * in.years > 0.0)
        figure.row((std::log(in.spot / in.strike) + (in.rate - in.yield) * in.years) * sign(in.type) /
                       (in.volatility * std::sqrt(in.years)),
                   std::fabs(found / truth - 1.0), condition.number(row, greek) / truth);
    }
    if (std::getenv("ALARIS_ACCURACY")) std::cout << "european.csv " << greek << " " << worst << '\n';
  }
}

TEST_CASE("an option on a future has the price and Greeks of a spot that yields the rate",
          "[pricing][black][accuracy]") {
  const test::Table values = test::reference_table("black76.csv");
  double worst = 0.0;
  for (std::size_t row = 0; row < values.size(); ++row) {
    const double rate = values.number(row, "r"), years = values.number(row, "T"), forward = values.number(row, "F");
    const double strike = values.number(row, "K"), volatility = values.number(row, "sigma");
    const double truth = values.number(row, "price");
    const BsmInputs in{type_of(values, row), forward, strike, years, rate, rate, volatility};
    const BsmGreeks found = bsm_greeks(in);
    // Half an ulp of each input moves the price by this much, to first order.
    const double half_ulp = 0.5 * std::numeric_limits<double>::epsilon();
    const double cond =
        half_ulp * (std::fabs(values.number(row, "delta_F") * forward) + std::fabs(found.dual_delta * strike) +
                    std::fabs(values.number(row, "vega") * volatility) +
                    std::fabs(values.number(row, "theta") * years) + std::fabs(years * rate * truth));
    const double limit = 16 * cond + 4 * ulp(truth) + 5e-324;
    const double black =
        black_price(in.type, {forward, strike, volatility * std::sqrt(years), std::exp(-rate * years)});
    INFO("line " << row + 2 << ": " << black << " for " << truth << ", limit " << limit);
    CHECK(std::fabs(black - truth) <= limit);
    CHECK(std::fabs(found.price - truth) <= limit);
    worst = std::max(worst, std::fabs(black - truth) / limit);
    // The rate of a future's option only discounts it: rho at fixed forward is rho and epsilon together.
    const auto agrees = [&](const char* column, double value, double scale) {
      const double expected = values.number(row, column);
      INFO(column << " " << value << " for " << expected);
      // third derivatives carry up to d1^4 of the relative error of the inputs; the floor is their scale times epsilon
      CHECK(std::fabs(value - expected) <= 2e-12 * std::fabs(expected) + 1e-13 * std::fabs(scale) + 1e-300);
    };
    agrees("delta_F", found.delta, found.delta);
    agrees("gamma_F", found.gamma, found.gamma);
    agrees("vega", found.vega, found.vega);
    agrees("theta", found.theta, found.vega * volatility / years);
    agrees("rho", found.rho + found.epsilon, found.rho);
    agrees("vanna_F", found.vanna, found.vega / (forward * volatility * std::sqrt(years)));
    agrees("volga", found.volga, found.vega / volatility);
    agrees("speed_F", found.speed, found.gamma / (forward * volatility * std::sqrt(years)));
    agrees("zomma_F", found.zomma, found.gamma / volatility);
    agrees("ultima", found.ultima, found.vega / (volatility * volatility));
  }
  if (std::getenv("ALARIS_ACCURACY")) std::cout << "black76.csv price " << worst << '\n';
}

TEST_CASE("an expired option is worth its intrinsic value and has the delta of its exercise", "[pricing][bsm]") {
  const BsmGreeks call = bsm_greeks({OptionType::call, 110, 100, 0.0, 0.05, 0.02, 0.3});
  CHECK(call.price == 10.0);
  CHECK(call.delta == 1.0);
  CHECK(call.dual_delta == -1.0);
  CHECK(call.gamma == 0.0);
  CHECK(call.rho == 0.0);
  CHECK(call.theta == 110 * 0.02 - 100 * 0.05);  // it earns the yield and pays the rate on the strike
  CHECK(bsm_price({OptionType::put, 110, 100, 0.0, 0.05, 0.02, 0.3}) == 0.0);
  CHECK(bsm_greeks({OptionType::put, 100, 100, 0.0, 0.05, 0.02, 0.3}).delta == -0.5);
}

TEST_CASE("an option without volatility is worth the discounted intrinsic value of its forward", "[pricing][bsm]") {
  const double years = 0.5, stock = 100 * std::exp(-0.02 * years), cash = 95 * std::exp(-0.05 * years);
  CHECK(bsm_price({OptionType::call, 100, 95, years, 0.05, 0.02, 0.0}) == stock - cash);
  CHECK(bsm_price({OptionType::put, 100, 95, years, 0.05, 0.02, 0.0}) == 0.0);
}

TEST_CASE("an option that makes no sense has no price and no Greeks", "[pricing][bsm]") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();
  const double years = GENERATE_COPY(-1.0, nan, infinite);
  CHECK(std::isnan(bsm_price({OptionType::call, 100, 95, years, 0.05, 0.02, 0.2})));
  CHECK(std::isnan(bsm_greeks({OptionType::call, 100, 95, years, 0.05, 0.02, 0.2}).dual_gamma));
  CHECK(std::isnan(bsm_price({OptionType::call, -1, 95, 1, 0.05, 0.02, 0.2})));
  CHECK(std::isnan(bsm_price({OptionType::call, 100, 0, 1, 0.05, 0.02, 0.2})));
  CHECK(std::isnan(bsm_price({OptionType::put, 100, 95, 1, nan, 0.02, 0.2})));
  CHECK(std::isnan(bsm_price({OptionType::put, 100, 95, 1, 0.05, infinite, 0.2})));
  CHECK(std::isnan(bsm_price({OptionType::put, 100, 95, 1, 0.05, 0.02, -0.2})));
}
