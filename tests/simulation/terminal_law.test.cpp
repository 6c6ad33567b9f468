// SPDX-License-Identifier: Apache-2.0
#include <alaris/simulation/terminal_law.hpp>

#include <cmath>

#include <alaris/pricing/black.hpp>
#include "support/catch.hpp"

using namespace alaris;

TEST_CASE("European prices under stochastic variance are the published ones", "[simulation][heston]") {
  // v0 = mean = 0.04, reversion 2, volatility of variance 0.3, correlation -0.7, rate 5 %, yield 2 %, three months:
  // calls on 100 as in the reference table of quantitative values, eight decimals.
  const TerminalLaw law{
      {.constant = 0.0, .mean = 0.04, .reversion = 2.0, .vol_of_variance = 0.3, .leverage = -0.7}, 0.04, {0.25}, 0.0};
  const double forward = 100.0 * std::exp(0.03 * 0.25), discount = std::exp(-0.05 * 0.25);
  const CosineSmile smile(law);
  const auto call = [&](double strike) {
    return discount * (forward * smile.put(strike / forward) + forward - strike);
  };
  CHECK(std::fabs(call(90.0) - 11.44214162) < 1e-7);
  CHECK(std::fabs(call(100.0) - 4.28550083) < 1e-7);
  CHECK(std::fabs(call(110.0) - 0.76043481) < 1e-7);
}

TEST_CASE("with hardly any volatility of variance prices are those of Black", "[simulation][heston]") {
  for (const double jump : {0.0, 0.06}) {
    const TerminalLaw law{{.constant = 0.03, .mean = 0.06, .reversion = 4.0, .vol_of_variance = 1e-4, .leverage = 0.0},
                          0.06,
                          {0.1},
                          jump * jump};
    CHECK(std::fabs(law.total_variance() - (0.009 + jump * jump)) < 1e-15);
    const CosineSmile smile(law);
    for (const double strike : {0.7, 0.9, 1.0, 1.1, 1.4}) {
      CAPTURE(strike, jump);
      const double black = black_price(OptionType::put, {1.0, strike, std::sqrt(law.total_variance()), 1.0});
      // The variance of the integrated variance is of order 1e-8 * 0.1^2: nothing at 1e-9.
      CHECK(std::fabs(smile.put(strike) - black) < 1e-9);
    }
  }
}

TEST_CASE("a wider expansion with more terms changes no price by a billionth of the forward", "[simulation][heston]") {
  SimulationParameters p;
  for (const double volatility : {0.15, 0.3, 0.6})
    for (const double factor : {0.0, 0.1, 1.0, 3.0})
      for (const double years : {1 / 262.0, 3 / 262.0, 0.02, 0.1, 0.3, 0.75})
        for (const double jump : {0.0, 0.05, 0.1}) {
          CAPTURE(volatility, factor, years, jump);
          const SquareRootVariance model = variance_of(p, volatility);
          const TerminalLaw law{model, factor * model.mean, {years}, jump * jump};
          const CosineSmile smile(law), wide(law, 24.0, 40.0);
          const double root = std::sqrt(law.total_variance());
          double worst = 0.0;
          for (double z = -8.0; z <= 8.0; z += 0.5) {
            const double strike = std::exp(z * root);
            worst = std::max(worst, std::fabs(smile.put(strike) - wide.put(strike)));
          }
          CHECK(worst < 1e-9);
        }
}

TEST_CASE("a step of the variance keeps its mean and the price a martingale", "[simulation][heston]") {
  // Both branches of the step: a factor near its mean and one near zero. Four standard errors of 200 000 draws.
  SimulationParameters p;
  const SquareRootVariance model = variance_of(p, 0.3);
  constexpr int n = 200'000;
  for (const double start : {model.mean, 0.02 * model.mean}) {
    CAPTURE(start);
    RandomStream stream(3);
    const Years<TradingTime> day{1.0 / 50.0};
    double factor = 0, factor2 = 0, price = 0, price2 = 0;
    for (int i = 0; i < n; ++i) {
      const double zv = draw_normal(stream), z = draw_normal(stream);
      const VarianceStep s = step(model, start, day, zv);
      const double x = std::exp(s.drift + std::sqrt(s.variance) * z);
      factor += s.factor, factor2 += s.factor * s.factor;
      price += x, price2 += x * x;
    }
    const auto near = [&](double sum, double sum2, double expected) {
      const double mean = sum / n, error = std::sqrt((sum2 / n - mean * mean) / n);
      CAPTURE(mean, expected, error);
      CHECK(std::fabs(mean - expected) < 4.0 * error);
    };
    near(factor, factor2, model.mean + (start - model.mean) * std::exp(-model.reversion * day.value));
    near(price, price2, 1.0);
  }
}
