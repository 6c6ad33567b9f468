// SPDX-License-Identifier: Apache-2.0
#include <alaris/volatility/american_implied.hpp>

#include <array>

#include "support/catch.hpp"

using namespace alaris;
using Catch::Matchers::WithinAbs;

namespace {
AmericanInputs quarter(OptionType type, double strike) {
  return {type, 100.0, strike, 0.25, 0.045, 0.01, 0.0};
}
}  // namespace

TEST_CASE("an American price implies the volatility that made it", "[volatility][american]") {
  for (const OptionType type : {OptionType::put, OptionType::call})
    for (const double strike : {80.0, 95.0, 100.0, 105.0, 120.0})
      for (const double sigma : {0.15, 0.3, 0.8, 2.0}) {
        AmericanInputs in = quarter(type, strike);
        in.volatility = sigma;
        const AmericanGreeks truth = american_greeks(in);
        if (truth.vega < 1e-2) continue;  // the price says nothing about volatility
        CAPTURE(name(type), strike, sigma);
        const auto implied = american_implied_volatility({quarter(type, strike), truth.price});
        REQUIRE(implied);
        CHECK_THAT(*implied, WithinAbs(sigma, 1e-8));
      }
}

TEST_CASE("a price with dividends and an event implies the base volatility", "[volatility][american][dividend]") {
  const std::array<CashDividend, 2> dividends{{{0.05, 0.75}, {0.2, 0.75}}};
  const AmericanEngine<> engine{.dividends = dividends, .event = EventVariance{0.1, 0.06 * 0.06}};
  for (const OptionType type : {OptionType::put, OptionType::call}) {
    AmericanInputs in = quarter(type, 105.0);
    in.volatility = 0.32;
    const auto implied = american_implied_volatility({in, engine(in).price}, engine);
    REQUIRE(implied);
    CHECK_THAT(*implied, WithinAbs(0.32, 1e-8));
  }
}

TEST_CASE("a bid and an ask imply an interval that holds the truth", "[volatility][american]") {
  AmericanInputs in = quarter(OptionType::put, 105.0);
  in.volatility = 0.28;
  const double mid = american_price<FastLevel>(in).price;
  const ImpliedInterval interval = american_implied_interval(in, mid - 0.05, mid + 0.05);
  REQUIRE((interval.bid && interval.ask));
  CHECK(*interval.bid < 0.28);
  CHECK(*interval.ask > 0.28);
}

TEST_CASE("a price that no volatility explains says why", "[volatility][american]") {
  const AmericanInputs put = quarter(OptionType::put, 120.0);
  CHECK(american_implied_volatility({put, 19.9}).error() == VolError::below_intrinsic);
  CHECK(american_implied_volatility({put, 20.0}).error() == VolError::at_intrinsic);
  CHECK(american_implied_volatility({put, 120.5}).error() == VolError::above_bound);
  CHECK(american_implied_volatility({put, std::nan("")}).error() == VolError::invalid_input);
  CHECK(american_implied_volatility({put, -1.0}).error() == VolError::invalid_input);
  AmericanInputs expired = put;
  expired.years = 0.0;
  CHECK(american_implied_volatility({expired, 20.0}).error() == VolError::no_vega);
  SECTION("a call is worth at least its forward intrinsic value") {
    AmericanInputs call = quarter(OptionType::call, 80.0);
    call.yield = 0.0;
    CHECK(american_implied_volatility({call, 20.1}).error() == VolError::below_intrinsic);
  }
}

TEST_CASE("a chain is inverted quote by quote", "[volatility][american]") {
  std::array<QuotedAmerican, 3> quotes{{{quarter(OptionType::put, 95.0), 2.5},
                                        {quarter(OptionType::put, 105.0), 4.9},
                                        {quarter(OptionType::put, 100.0), 4.5}}};
  std::array<double, 3> volatilities{};
  american_implied_volatilities(quotes, volatilities);
  CHECK(std::isfinite(volatilities[0]));
  CHECK(std::isnan(volatilities[1]));
  CHECK(std::isfinite(volatilities[2]));
}
