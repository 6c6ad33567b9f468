// SPDX-License-Identifier: Apache-2.0
#include <alaris/simulation/early_exercise.hpp>

#include <algorithm>
#include <cmath>

#include <alaris/pricing/american_cash_dividends.hpp>
#include "support/catch.hpp"

using namespace alaris;

TEST_CASE("a tabulated American put is within a cent of finite differences on a strike of 100",
          "[simulation][american]") {
  double worst = 0.0, sum = 0.0;
  int count = 0;
  for (const double rate : {0.02, 0.035, 0.05})
    for (const double volatility : {0.15, 0.25, 0.4, 0.8})
      for (const double years : {7 / 365.0, 30 / 365.0, 90 / 365.0, 0.75})
        for (const double z : {-3.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0}) {
          const double stdev = volatility * std::sqrt(years), spot = 100.0 * std::exp(z * stdev);
          const double american =
              american_with_dividends({OptionType::put, spot, 100.0, years, rate, 0.0, volatility}, {}).price;
          const double discount = std::exp(-rate * years);
          const double european = black_price(OptionType::put, {spot / discount, 100.0, stdev, discount});
          const double early = 100.0 * put_exercise_table().premium(std::log(spot / 100.0), stdev, rate * years);
          const double error = std::fabs(std::max(european + early, 100.0 - spot) - american);
          worst = std::max(worst, error);
          sum += error;
          ++count;
        }
  CAPTURE(worst, sum / count);
  CHECK(worst < 0.009);
  CHECK(sum / count < 0.0007);
}

TEST_CASE("early exercise around a dividend is close to finite differences on a strike of 100",
          "[simulation][american]") {
  // The references put the dividend into the share, the simulation beside it: compared are the exercise premiums.
  double worst_call = 0.0, worst_put = 0.0, sum_put = 0.0;
  int count = 0;
  for (const double rate : {0.025, 0.04})
    for (const double volatility : {0.25, 0.4})
      for (const double years : {30 / 365.0, 60 / 365.0, 0.5})
        for (const double fraction : {0.1, 0.5, 0.9})
          for (const double z : {-2.0, -1.0, 0.0, 1.0, 2.0}) {
            const double to_ex = fraction * years, stdev = volatility * std::sqrt(years), amount = 0.6;
            const double stock = 100.0 * std::exp(z * stdev), discount = std::exp(-rate * years);
            const CashDividend dividend{to_ex, amount};
            const double spot = stock + amount * std::exp(-rate * to_ex);
            const DividendExercise early(put_exercise_table(), stock, discount, stdev,
                                         {std::exp(-rate * to_ex), fraction, amount});
            const auto error = [&](OptionType type, double premium) {
              const AmericanInputs in{type, spot, 100.0, years, rate, 0.0, volatility};
              const double reference = american_with_dividends(in, {&dividend, 1}).price -
                                       american_with_dividends(in, {&dividend, 1}, {}, ExerciseStyle::european).price;
              const double european = black_price(type, {stock / discount, 100.0, stdev, discount});
              const double intrinsic = sign(type) * (spot - 100.0);
              return std::fabs(std::max(european + premium, intrinsic) - std::max(european + reference, intrinsic));
            };
            const double put = error(OptionType::put, early.put(100.0));
            worst_call = std::max(worst_call, error(OptionType::call, early.call(100.0)));
            worst_put = std::max(worst_put, put);
            sum_put += put;
            ++count;
          }
  CAPTURE(worst_call, worst_put, sum_put / count);
  CHECK(worst_call < 0.003);
  // Five months before a dividend just before expiry the put's two motives are added up too generously.
  CHECK(worst_put < 0.14);
  CHECK(sum_put / count < 0.005);
}

TEST_CASE("nothing is gained by early exercise without interest or dividend", "[simulation][american]") {
  CHECK(put_exercise_table().premium(-0.3, 0.2, 0.0) == 0.0);
  CHECK(put_exercise_table().premium(0.0, 0.0, 0.01) == 0.0);
  // A dividend of $0.10 against $1.97 of interest on the strike after it.
  const DividendExercise early(put_exercise_table(), 100.0, 0.98, 0.2, {1.0 - 1e-6, 0.5, 0.1});
  CHECK(early.call(80.0) == 0.0);
}
