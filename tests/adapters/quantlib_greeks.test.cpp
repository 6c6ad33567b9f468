// SPDX-License-Identifier: Apache-2.0
#include <alaris/pricing/bsm_greeks.hpp>

#include <cmath>
#include <limits>

#include <ql/pricingengines/blackcalculator.hpp>

#include "support/catch.hpp"

using namespace alaris;
namespace ql = QuantLib;

TEST_CASE("QuantLib has the same price and Greeks where it offers them", "[adapters][quantlib]") {
  for (const OptionType type : {OptionType::call, OptionType::put})
    for (const double strike : {60.0, 90.0, 100.0, 115.0, 180.0})
      for (const double years : {0.05, 0.5, 4.0})
        for (const double volatility : {0.12, 0.45, 1.1}) {
          const BsmInputs in{type, 100.0, strike, years, 0.04, 0.02, volatility};
          const BsmGreeks ours = bsm_greeks(in);
          const double forward = in.spot * std::exp((in.rate - in.yield) * years);
          const ql::BlackCalculator theirs(type == OptionType::call ? ql::Option::Call : ql::Option::Put, strike,
                                           forward, volatility * std::sqrt(years), std::exp(-in.rate * years));
          INFO(name(type) << " K " << strike << " T " << years << " sigma " << volatility);
          // They subtract what nearly cancels, so their digits count from the largest term: the stock and the cash
          // times the derivative's own scale, and their formulas for gamma and theta take a few more roundings.
          const double unit = 256 * std::numeric_limits<double>::epsilon() * (in.spot + strike);
          const double stdev = volatility * std::sqrt(years), by_spot = 1.0 / (in.spot * stdev);
          const auto agree = [&](double a, double b, double scale) { CHECK(std::fabs(a - b) <= unit * scale); };
          agree(ours.price, theirs.value(), 1.0);
          agree(ours.delta, theirs.delta(in.spot), by_spot);
          agree(ours.gamma, theirs.gamma(in.spot), by_spot * by_spot);
          agree(ours.vega, theirs.vega(years), std::sqrt(years) + 1.0);
          agree(ours.theta, theirs.theta(in.spot, years), 1.0 / years + volatility * volatility);
          agree(ours.rho, theirs.rho(years), years);
          agree(ours.epsilon, theirs.dividendRho(years), years);
          agree(ours.dual_delta, theirs.strikeSensitivity(), by_spot);
        }
}
