// SPDX-License-Identifier: Apache-2.0
// One formula, many numbers: fifty digits judge the doubles, Eigen arrays price in rows. Apart from the other tests,
// because multiprecision is slow to compile.
#include <alaris/adapters/boost_multiprecision.hpp>
#include <alaris/adapters/eigen.hpp>
#include <alaris/pricing/bsm_formula.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include <alaris/pricing/bsm.hpp>
#include <alaris/pricing/european_batch.hpp>

#include "support/catch.hpp"

using namespace alaris;

namespace {

FiftyDigits fifty(const BsmInputs& in) {
  return bsm_formula<FiftyDigits>(in.type, {FiftyDigits(in.spot), FiftyDigits(in.strike), FiftyDigits(in.years),
                                            FiftyDigits(in.rate), FiftyDigits(in.yield), FiftyDigits(in.volatility)});
}

}  // namespace

TEST_CASE("a price in doubles has the digits of a price in fifty", "[pricing][bsm][multiprecision]") {
  for (const OptionType type : {OptionType::call, OptionType::put})
    for (const double strike : {40.0, 80.0, 99.0, 100.0, 130.0, 250.0})
      for (const double years : {0.02, 0.4, 3.0})
        for (const double volatility : {0.08, 0.35, 1.2}) {
          const BsmInputs in{type, 100.0, strike, years, 0.04, 0.015, volatility};
          const FiftyDigits truth = fifty(in);
          if (truth < 1e-30) continue;  // fifty digits of the difference are gone there too
          // What half an ulp of each input changes, by the formula itself, bounds what any double can know.
          double open = 0.0;
          const auto move = [&](double BsmInputs::*member) {
            BsmInputs moved = in;
            moved.*member = std::nextafter(in.*member, 1e9);
            open += 0.5 * std::fabs(static_cast<double>(FiftyDigits(fifty(moved) - truth)));
          };
          for (const auto member : {&BsmInputs::spot, &BsmInputs::strike, &BsmInputs::years, &BsmInputs::rate,
                                    &BsmInputs::yield, &BsmInputs::volatility})
            move(member);
          const auto value = static_cast<double>(truth);
          INFO(name(type) << " K " << strike << " T " << years << " sigma " << volatility);
          CHECK(std::fabs(static_cast<double>(FiftyDigits(FiftyDigits(bsm_price(in)) - truth))) <=
                4.0 * open + 4.0 * std::numeric_limits<double>::epsilon() * value);
        }
}

TEST_CASE("rows of an Eigen array are priced as one by one", "[pricing][bsm][eigen]") {
  using Rows = Eigen::Array<double, 6, 1>;
  Rows strike;
  strike << 60.0, 90.0, 100.0, 110.0, 150.0, 220.0;
  const Rows price =
      bsm_formula<Rows>(OptionType::put, {Rows(100.0), strike, Rows(0.5), Rows(0.03), Rows(0.01), Rows(0.3)});
  for (Eigen::Index i = 0; i < 6; ++i) {
    const double alone = bsm_price({OptionType::put, 100.0, strike[i], 0.5, 0.03, 0.01, 0.3});
    CHECK(std::fabs(price[i] - alone) <= 8.0 * std::numeric_limits<double>::epsilon() * (100.0 + strike[i]));
  }
}

TEST_CASE("a batch takes and fills Eigen arrays without copies", "[pricing][batch][eigen]") {
  constexpr Eigen::Index count = 37;
  const std::vector<OptionType> type(count, OptionType::call);
  const Eigen::ArrayXd strike = Eigen::ArrayXd::LinSpaced(count, 60.0, 160.0),
                       spot = Eigen::ArrayXd::Constant(count, 100.0);
  const Eigen::ArrayXd years = Eigen::ArrayXd::Constant(count, 0.5), rate = Eigen::ArrayXd::Constant(count, 0.03);
  const Eigen::ArrayXd yield = Eigen::ArrayXd::Zero(count), volatility = Eigen::ArrayXd::Constant(count, 0.4);
  Eigen::ArrayXd price(count);
  european_prices(
      EuropeanBatch{type, column(spot), column(strike), column(years), column(rate), column(yield), column(volatility)},
      column(price));
  for (Eigen::Index i = 0; i < count; ++i)
    CHECK(price[i] == Approx(bsm_price({OptionType::call, 100.0, strike[i], 0.5, 0.03, 0.0, 0.4})).epsilon(1e-14));
  CHECK((array(column(price)) - price).abs().maxCoeff() == 0.0);
  array(column(price)) *= 2.0;
  CHECK(price[0] == Approx(2.0 * bsm_price({OptionType::call, 100.0, strike[0], 0.5, 0.03, 0.0, 0.4})).epsilon(1e-14));
}
