// SPDX-License-Identifier: Apache-2.0
#include <alaris/pricing/american_chain.hpp>
#include <alaris/volatility/american_implied.hpp>

#include <vector>

#include "support/catch.hpp"

using namespace alaris;
using Catch::Matchers::WithinAbs;

namespace {

struct Smile {
  std::vector<double> strikes, sigmas;
};
Smile smile() {
  Smile s;
  for (int i = 0; i < 41; ++i) {
    s.strikes.push_back(60.0 + 2.0 * i);
    s.sigmas.push_back(0.2 + 0.01 * std::abs(i - 22));
  }
  return s;
}

}  // namespace

TEST_CASE("a chain prices every strike as the same option alone", "[pricing][american][chain]") {
  const Smile s = smile();
  std::vector<double> prices(s.strikes.size());
  for (const OptionType type : {OptionType::put, OptionType::call})
    for (const double years : {0.02, 0.25, 1.0, 2.0})
      for (const double rate : {0.01, 0.05, 0.08})
        for (const double yield : {0.005, 0.05, 0.08}) {
          const AmericanChain<AccurateLevel> chain({type, 100.0, years, rate, yield});
          chain.prices(s.strikes, s.sigmas, prices);
          CAPTURE(name(type), years, rate, yield, chain.in_lanes());
          for (std::size_t i = 0; i < prices.size(); ++i) {
            const AmericanInputs in{type, 100.0, s.strikes[i], years, rate, yield, s.sigmas[i]};
            CAPTURE(in.strike, in.volatility);
            CHECK_THAT(prices[i], WithinAbs(american_price<AccurateLevel>(in).price, 5e-6 * in.strike));
            CHECK(prices[i] >= exercise_value(in));
          }
        }
}

TEST_CASE("a chain implies the volatilities it was priced with wherever the price depends on them",
          "[pricing][american][chain]") {
  const Smile s = smile();
  std::vector<double> prices(s.strikes.size()), implied(s.strikes.size());
  for (const OptionType type : {OptionType::put, OptionType::call})
    for (const double yield : {0.005, 0.05}) {
      const ChainTerms terms{type, 100.0, 0.25, 0.05, yield};
      const AmericanChain<> chain(terms);
      REQUIRE(chain.in_lanes());
      chain.prices(s.strikes, s.sigmas, prices);
      chain.implied(s.strikes, prices, implied);
      for (std::size_t i = 0; i < prices.size(); ++i) {
        const AmericanInputs in{type, 100.0, s.strikes[i], 0.25, 0.05, yield, s.sigmas[i]};
        const double vega = american_greeks(in, ContinuousEngine<FastLevel>{}).vega;
        if (vega < 0.1) continue;
        CAPTURE(name(type), yield, in.strike, in.volatility, vega);
        CHECK_THAT(implied[i], WithinAbs(in.volatility, 1e-6));
      }
    }
}

TEST_CASE("a chain has no volatility for a price below exercise or above the share", "[pricing][american][chain]") {
  const AmericanChain<> chain({OptionType::put, 100.0, 0.25, 0.05, 0.01});
  const std::vector<double> strikes{120.0, 120.0, 100.0}, prices{19.5, 130.0, std::nan("")};
  std::vector<double> implied(3);
  chain.implied(strikes, prices, implied);
  for (const double sigma : implied) CHECK(std::isnan(sigma));
}

TEST_CASE("a chain without early exercise falls back to the options one by one", "[pricing][american][chain]") {
  const AmericanChain<> chain({OptionType::call, 100.0, 0.25, 0.05, 0.0});
  CHECK_FALSE(chain.in_lanes());
  const std::vector<double> strikes{95.0, 105.0}, sigmas{0.2, 0.3};
  std::vector<double> prices(2);
  chain.prices(strikes, sigmas, prices);
  CHECK(prices[0] == american_price<AccurateLevel>({OptionType::call, 100.0, 95.0, 0.25, 0.05, 0.0, 0.2}).price);
}

TEST_CASE("puts and calls of one expiry prepared together are worth what they are alone",
          "[pricing][american][chain]") {
  const Smile s = smile();  // volatilities 0.20 to 0.42
  std::vector<double> puts(s.strikes.size()), calls(s.strikes.size());
  for (const double years : {0.05, 0.5, 2.0})
    for (const double yield : {0.0, 0.01, 0.08})
      for (const VolatilityRange range : {VolatilityRange{0.18, 0.6}, VolatilityRange{0.05, 1.5}}) {
        const ChainTerms terms{OptionType::put, 100.0, years, 0.05, yield};
        const auto both = AmericanChain<>::both_rights(terms, range);
        both.puts.prices(s.strikes, s.sigmas, puts);
        both.calls.prices(s.strikes, s.sigmas, calls);
        CAPTURE(years, yield, range.low);
        for (std::size_t i = 0; i < s.strikes.size(); ++i) {
          AmericanInputs in{OptionType::put, 100.0, s.strikes[i], years, 0.05, yield, s.sigmas[i]};
          CHECK_THAT(puts[i], WithinAbs(american_price<AccurateLevel>(in).price, 2e-5 * in.strike));
          in.type = OptionType::call;
          CHECK_THAT(calls[i], WithinAbs(american_price<AccurateLevel>(in).price, 2e-5 * in.strike));
        }
      }
}
