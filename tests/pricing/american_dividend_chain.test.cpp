// SPDX-License-Identifier: Apache-2.0
#include <alaris/pricing/american_dividend_chain.hpp>

#include <vector>

#include "support/catch.hpp"

using namespace alaris;
using Catch::Matchers::WithinAbs;

namespace {
void check_chain(const ChainTerms& terms, const ShareEvents& events) {
  std::vector<double> strikes, sigmas;
  for (int i = 0; i < 21; ++i) {
    strikes.push_back(50.0 + 5.0 * i);
    sigmas.push_back(0.15 + 0.03 * i);
  }
  std::vector<AmericanValue> values(strikes.size());
  american_dividend_chain(terms, events, strikes, sigmas, values);
  for (std::size_t i = 0; i < strikes.size(); ++i) {
    const AmericanInputs in{terms.type, terms.spot, strikes[i], terms.years, terms.rate, terms.yield, sigmas[i]};
    const AmericanValue alone = american_with_dividends(in, events.dividends, events.event);
    CAPTURE(name(terms.type), in.strike, in.volatility);
    CHECK_THAT(values[i].price, WithinAbs(alone.price, 1e-10 * in.strike));
    CHECK_THAT(values[i].delta, WithinAbs(alone.delta, 1e-9));
    CHECK_THAT(values[i].gamma, WithinAbs(alone.gamma, 1e-9));
    CHECK_THAT(values[i].theta, WithinAbs(alone.theta, 1e-7));
  }
}
}  // namespace

TEST_CASE("a chain on a share that pays dividends prices every strike as if it were alone",
          "[pricing][american][dividend]") {
  const std::vector<CashDividend> quarterly{{0.1, 0.8}, {0.35, 0.8}};
  for (const OptionType type : {OptionType::put, OptionType::call}) {
    check_chain({type, 100.0, 0.5, 0.045, 0.0}, {});
    check_chain({type, 100.0, 0.5, 0.045, 0.01}, {.dividends = quarterly});
    check_chain({type, 100.0, 0.5, -0.01, 0.0}, {.dividends = quarterly, .event = EventVariance{0.2, 0.0036}});
    check_chain({type, 100.0, 0.5, -0.01, -0.02}, {.dividends = quarterly});
  }
}

TEST_CASE("a dividend larger than the share can ever be worth leaves the put worth its strike",
          "[pricing][american][dividend]") {
  const std::vector<CashDividend> all{{0.25, 1000.0}};
  const std::vector<double> strikes{80.0, 120.0}, sigmas{0.3, 0.3};
  std::vector<AmericanValue> values(2);
  american_dividend_chain({OptionType::put, 100.0, 0.5, 0.0, 0.0}, {.dividends = all}, strikes, sigmas, values);
  CHECK_THAT(values[0].price, WithinAbs(80.0, 3e-5 * 80.0));
  CHECK_THAT(values[1].price, WithinAbs(120.0, 3e-5 * 120.0));
}

TEST_CASE("one unknown volatility in a chain leaves the other strikes alone", "[pricing][american][dividend]") {
  const std::vector<double> strikes{95.0, 100.0, 105.0}, sigmas{0.3, std::nan(""), 0.3};
  std::vector<AmericanValue> values(3);
  american_dividend_chain({OptionType::put, 100.0, 0.5, 0.045, 0.0}, {}, strikes, sigmas, values);
  CHECK(std::isfinite(values[0].price));
  CHECK(std::isnan(values[1].price));
  CHECK(std::isfinite(values[2].price));
}
