// SPDX-License-Identifier: Apache-2.0
#include <alaris/pricing/american_band.hpp>
#include <alaris/pricing/american_greeks.hpp>

#include "pricing/american_rows.hpp"
#include "support/catch.hpp"
#include "support/table.hpp"

using namespace alaris;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// The band as that of a put with unit strike.
BoundaryInputs unit_put(const AmericanInputs& in) {
  const bool put = in.type == OptionType::put;
  return {in.years, put ? in.rate : in.yield, put ? in.yield : in.rate, in.volatility};
}

}  // namespace

TEST_CASE("between two boundaries every reference price delta and gamma is reproduced", "[pricing][american][band]") {
  const test::Table table = test::reference_table("american_double_boundary.csv");
  for (std::size_t row = 0; row < table.size(); ++row) {
    const AmericanInputs in = test::american_inputs(table, row);
    CAPTURE(row);
    const AmericanValue value = american_price<ReferenceLevel>(in);
    const double price = table.number(row, "price"), gamma = table.number(row, "gamma");
    CHECK_THAT(value.price, WithinAbs(price, 1e-11 * in.strike));
    CHECK_THAT(value.delta, WithinAbs(table.number(row, "delta"), 1e-10));
    CHECK_THAT(value.gamma * in.spot, WithinAbs(gamma * in.spot, 1e-9));
    CHECK_THAT(american_price<AccurateLevel>(in).price, WithinAbs(price, 5e-6 * in.strike));
    CHECK_THAT(american_price<FastLevel>(in).price, WithinAbs(price, 1e-5 * in.strike));
  }
}

TEST_CASE("both boundaries and the instant they meet are those of the reference table", "[pricing][american][band]") {
  const test::Table table = test::reference_table("american_double_boundary.csv");
  std::size_t met = 0;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const AmericanInputs in = test::american_inputs(table, row);
    CAPTURE(row);
    const auto band = exercise_band<ReferenceLevel>(unit_put(in));
    REQUIRE(band.found);
    const bool put = in.type == OptionType::put;
    const double lower = table.number(row, "boundary_lower"), upper = table.number(row, "boundary_upper");
    const double meeting = table.number(row, "tau_star");
    if (!std::isnan(lower)) {
      CHECK_THAT((put ? band.lowest() : 1.0 / band.highest()) * in.strike, WithinRel(lower, 1e-9));
      CHECK_THAT((put ? band.highest() : 1.0 / band.lowest()) * in.strike, WithinRel(upper, 1e-9));
    }
    if (meeting < in.years) {
      CHECK_THAT(band.meeting, WithinRel(meeting, 1e-6));
      CHECK(band.lowest() > band.highest());
      ++met;
    } else {
      CHECK(std::isinf(band.meeting));
    }
  }
  CHECK(met == 8);
}

TEST_CASE("the boundaries never meet when volatility is below the critical one", "[pricing][american][band]") {
  // sigma < sqrt(-2q) - sqrt(-2r): the perpetual option still has both boundaries.
  const double rate = -0.01, yield = -0.04, critical = std::sqrt(0.08) - std::sqrt(0.02);
  for (const double years : {1.0, 10.0, 40.0}) {
    const auto band = exercise_band<AccurateLevel>({years, rate, yield, 0.95 * critical});
    REQUIRE(band.found);
    CHECK(std::isinf(band.meeting));
  }
  const auto above = exercise_band<AccurateLevel>({200.0, rate, yield, 1.5 * critical});
  REQUIRE(above.found);
  CHECK(above.meeting < 200.0);
}

TEST_CASE("a put with a band is exercised inside it and held on both sides", "[pricing][american][band]") {
  const AmericanInputs at{OptionType::put, 100.0, 100.0, 0.5, -0.01, -0.04, 0.1};
  const auto band = exercise_band<AccurateLevel>(unit_put(at));
  REQUIRE(band.found);
  for (const double share : {-0.2, 0.02, 0.5, 0.98, 1.2}) {
    AmericanInputs in = at;
    in.spot = 100.0 * (band.lowest() + share * (band.highest() - band.lowest()));
    CAPTURE(share, in.spot);
    const double left = american_price<AccurateLevel>(in).price - (100.0 - in.spot);
    if (share > 0.0 && share < 1.0)
      CHECK(left == 0.0);
    else
      CHECK(left > 1e-6);
  }
}

TEST_CASE("Greeks between two boundaries obey the scaling of time", "[pricing][american][band][greeks]") {
  // V depends on r T, q T and sigma^2 T only: -T theta = r rho + q dividend_rho + sigma vega / 2.
  for (const OptionType type : {OptionType::put, OptionType::call})
    for (const double spot : {60.0, 90.0, 100.0, 130.0})
      for (const double years : {0.5, 3.0}) {
        AmericanInputs in{type, spot, 100.0, years, -0.04, -0.06, 0.2};
        if (type == OptionType::call) std::swap(in.rate, in.yield);
        CAPTURE(name(type), spot, years);
        const AmericanGreeks greeks = american_greeks(in, ContinuousEngine<AmericanLevel<24, 48, 30, 65>>{});
        const double right = in.rate * greeks.rho + in.yield * greeks.dividend_rho + 0.5 * in.volatility * greeks.vega;
        CHECK_THAT(-in.years * greeks.theta, WithinAbs(right, 1e-6 * in.strike));
      }
}

TEST_CASE("carry far above volatility is left to finite differences", "[pricing][american][band]") {
  const AmericanInputs in{OptionType::put, 94.0818, 100.0, 1.07713, -3.3e-7, -0.266533, 0.0121838};
  CHECK_FALSE(exercise_band<AccurateLevel>(unit_put(in)).found);
  CHECK_THAT(american_price(in).price, WithinAbs(american_with_dividends(in, {}).price, 1e-9 * in.strike));
}
