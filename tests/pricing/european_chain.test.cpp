// SPDX-License-Identifier: Apache-2.0
#include <alaris/pricing/european_chain.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include "support/catch.hpp"

using namespace alaris;

namespace {

constexpr InstructionSet every_set[] = {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512};

struct Six {
  std::vector<double> price, delta, gamma, vega, theta, rho;
  explicit Six(std::size_t n) : price(n), delta(n), gamma(n), vega(n), theta(n), rho(n) {}
  [[nodiscard]] EuropeanGreeks columns() { return {price, delta, gamma, vega, theta, rho}; }
};

/// Equal, or unknown in both.
void same(const std::vector<double>& a, const std::vector<double>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    INFO("row " << i << ": " << a[i] << " and " << b[i]);
    CHECK((a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]))));
  }
}

}  // namespace

TEST_CASE("the options of one expiry have the digits that they have one by one", "[pricing][batch]") {
  struct Case {
    double spot, years, rate, yield;
  };
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  for (const Case c : {Case{100, 0.5, 0.05, 0.01}, Case{100, 30.0 / 365, -0.01, 0.03}, Case{4000, 2.0, 0.0, 0.0},
                       Case{100, 0.0, 0.05, 0.0}, Case{unknown, 1, 0, 0}, Case{100, -1, 0, 0}})
    for (const std::size_t count : {0U, 1U, 7U, 8U, 9U, 41U}) {
      std::vector<OptionType> type;
      std::vector<double> strike, volatility;
      for (std::size_t i = 0; i < count; ++i) {
        type.push_back(i % 3 == 0 ? OptionType::put : OptionType::call);
        strike.push_back(c.spot * (0.4 + 0.05 * static_cast<double>(i)));
        volatility.push_back(i == 5 ? 0.0 : i == 6 ? -0.1 : 0.15 + 0.02 * static_cast<double>(i % 11));
      }
      const std::vector<double> spot(count, c.spot), years(count, c.years), rate(count, c.rate), yield(count, c.yield);
      for (const InstructionSet set : every_set) {
        if (!runs(set)) continue;
        const EuropeanChain chain{type, strike, volatility, c.spot, c.years, c.rate, c.yield};
        Six found(count), expected(count);
        std::vector<double> alone(count);
        european_greeks(chain, found.columns(), set);
        european_prices(chain, alone, set);
        european_greeks(EuropeanBatch{type, spot, strike, years, rate, yield, volatility}, expected.columns(), set);
        for (auto column : {&Six::price, &Six::delta, &Six::gamma, &Six::vega, &Six::theta, &Six::rho})
          same(found.*column, expected.*column);
        same(alone, expected.price);
      }
    }
}
