// SPDX-License-Identifier: Apache-2.0
#include <alaris/volatility/rolling_realised.hpp>

#include <bit>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/table.hpp"

using namespace alaris;

namespace {

/// Diffusion bars of volatility `daily` a session with highs and lows of the continuous path (the extremes of each
/// step's bridge are drawn exactly), without an overnight gap unless one is asked for.
std::vector<Bar> diffusion(std::size_t count, double daily, double overnight, unsigned seed) {
  std::mt19937_64 generator(seed);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform(1e-300, 1.0);
  constexpr int steps = 64;
  const double step = daily / std::sqrt(steps), variance = step * step;
  std::vector<Bar> bars;
  double x = std::log(100.0);
  for (std::size_t i = 0; i < count; ++i) {
    x += overnight * normal(generator);
    const double open = x;
    double high = x, low = x;
    for (int j = 0; j < steps; ++j) {
      const double next = x + step * normal(generator), gap = next - x;
      high = std::fmax(high, 0.5 * (x + next + std::sqrt(gap * gap - 2 * variance * std::log(uniform(generator)))));
      low = std::fmin(low, 0.5 * (x + next - std::sqrt(gap * gap - 2 * variance * std::log(uniform(generator)))));
      x = next;
    }
    bars.push_back({make_date(2020, 1, 1) + std::chrono::days(i), std::exp(open), std::exp(high), std::exp(low),
                    std::exp(x), 1e6});
  }
  return bars;
}

struct Moments {
  double mean;
  double variance;
};
/// Over windows that do not overlap, in units of the true variance of a session.
Moments of_windows(RealisedEstimator estimator, const std::vector<Bar>& bars, std::size_t window, double truth) {
  std::vector<double> volatility(bars.size());
  CHECK(rolling_realised_volatility(estimator, bars, volatility, {.window = window, .periods = 1.0}).has_value());
  double sum = 0.0, squares = 0.0, n = 0.0;
  for (std::size_t i = window; i < bars.size(); i += window, ++n) {
    const double v = volatility[i] * volatility[i] / (truth * truth);
    sum += v;
    squares += v * v;
  }
  return {sum / n, squares / n - sum / n * sum / n};
}

constexpr std::array<RealisedEstimator, 7> all{
    RealisedEstimator::ewma,         RealisedEstimator::close_to_close,          RealisedEstimator::parkinson,
    RealisedEstimator::garman_klass, RealisedEstimator::garman_klass_yang_zhang, RealisedEstimator::rogers_satchell,
    RealisedEstimator::yang_zhang};

}  // namespace

TEST_CASE("a rolling volatility is the volatility of each window", "[volatility][rolling]") {
  const auto prices = test::reference_table("ohlc.csv");
  std::map<std::string, std::vector<Bar>> series;
  for (std::size_t i = 0; i < prices.size(); ++i)
    series[prices.text(i, "series")].push_back({Date(std::chrono::days(static_cast<int>(i))), prices.number(i, "open"),
                                                prices.number(i, "high"), prices.number(i, "low"),
                                                prices.number(i, "close"), 0.0});
  series["long"] = diffusion(1000, 0.02, 0.01, 5);
  const auto estimator = all[static_cast<std::size_t>(GENERATE(range(0, 7)))];
  const std::size_t window = GENERATE(std::size_t{2}, std::size_t{10}, std::size_t{30}, std::size_t{252});
  CAPTURE(name(estimator), window);
  for (const auto& [id, bars] : series) {
    CAPTURE(id);
    std::vector<double> rolling(bars.size());
    CHECK(*rolling_realised_volatility(estimator, bars, rolling, {.window = window}) == 0);
    for (std::size_t i = 0; i < bars.size(); ++i) {
      const auto alone = realised_volatility(estimator, std::span(bars).first(i + 1), {.window = window});
      REQUIRE(alone.has_value() == !std::isnan(rolling[i]));
      // the removed mean of a window of two nearly equal moves costs digits: absolute 1e-9 of volatility there
      if (alone) CHECK_THAT(rolling[i], Catch::WithinRel(*alone, 1e-11) || Catch::WithinAbs(*alone, 1e-9));
    }
  }
}

TEST_CASE("pushing bars one by one and all at once gives the same bits", "[volatility][rolling]") {
  auto bars = diffusion(2000, 0.02, 0.01, 7);
  bars[700].close = bars[700].high = bars[700].close * 1.4;  // a ratio that takes the library's logarithm
  RollingRealised<RealisedEstimator::yang_zhang> stream({.window = 30});
  std::vector<double> batch(bars.size());
  REQUIRE(*rolling_realised_volatility(RealisedEstimator::yang_zhang, bars, batch, {.window = 30}) == 0);
  std::size_t different = 0;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const auto one = stream.push(bars[i]);
    different +=
        one ? std::bit_cast<std::uint64_t>(*one) != std::bit_cast<std::uint64_t>(batch[i]) : !std::isnan(batch[i]);
  }
  CHECK(different == 0);
}

TEST_CASE("a bad bar empties the rolling window and is counted", "[volatility][rolling]") {
  auto bars = diffusion(600, 0.02, 0.0, 8);
  bars[300].low = 0.0;
  std::vector<double> rolling(bars.size());
  REQUIRE(*rolling_realised_volatility(RealisedEstimator::yang_zhang, bars, rolling, {.window = 10}) == 1);
  CHECK_FALSE(std::isnan(rolling[299]));
  for (std::size_t i = 300; i <= 310; ++i) CHECK(std::isnan(rolling[i]));
  CHECK_FALSE(std::isnan(rolling[311]));
  CHECK(rolling_realised_volatility(RealisedEstimator::yang_zhang, bars, rolling, {.window = 1}).error().fault ==
        RealisedFault::invalid_input);
}

TEST_CASE("a rolling window leaves event sessions out like a single one does", "[volatility][rolling]") {
  const auto bars = diffusion(400, 0.02, 0.01, 9);
  std::vector<std::uint8_t> excluded(bars.size(), 0);
  std::vector<Date> dates;
  for (std::size_t i = 60; i < bars.size(); i += 63) {
    excluded[i] = 1;
    dates.push_back(bars[i].date);
  }
  std::vector<double> rolling(bars.size());
  for (const auto estimator : all) {
    CAPTURE(name(estimator));
    REQUIRE(rolling_realised_volatility(estimator, bars, rolling, {}, excluded).has_value());
    for (std::size_t i = 31; i < bars.size(); ++i) {
      const auto alone = realised_volatility(estimator, std::span(bars).first(i + 1), {}, ExcludeSessions{dates});
      REQUIRE(alone.has_value());
      CHECK_THAT(rolling[i], Catch::WithinRel(*alone, 1e-12));
    }
  }
}

TEST_CASE("range estimators see the same volatility with a fifth to a seventh of the noise", "[volatility][rolling]") {
  // 40 000 sessions: the ratio of two sample variances is known to about 4 %
  const auto bars = diffusion(40'001, 0.02, 0.0, 11);
  const Moments parkinson = of_windows(RealisedEstimator::parkinson, bars, 1, 0.02);
  const Moments garman_klass = of_windows(RealisedEstimator::garman_klass, bars, 1, 0.02);
  const Moments rogers_satchell = of_windows(RealisedEstimator::rogers_satchell, bars, 1, 0.02);
  for (const Moments& moments : {parkinson, garman_klass, rogers_satchell})
    CHECK_THAT(moments.mean, Catch::WithinAbs(1.0, 0.02));
  // a squared return has variance 2; the papers state efficiencies 4.9, 7.4 and 6.0
  CHECK_THAT(2.0 / parkinson.variance, Catch::WithinRel(4.9, 0.1));
  CHECK_THAT(2.0 / garman_klass.variance, Catch::WithinRel(7.4, 0.1));
  CHECK_THAT(2.0 / rogers_satchell.variance, Catch::WithinRel(6.0, 0.1));
}

TEST_CASE("Yang-Zhang over two days without gaps has about fourteen times less noise than closes",
          "[volatility][rolling]") {
  const auto bars = diffusion(60'001, 0.02, 0.0, 12);
  const Moments closes = of_windows(RealisedEstimator::close_to_close, bars, 2, 0.02);
  const Moments yang_zhang = of_windows(RealisedEstimator::yang_zhang, bars, 2, 0.02);
  CHECK_THAT(closes.mean, Catch::WithinAbs(1.0, 0.04));
  CHECK_THAT(yang_zhang.mean, Catch::WithinAbs(1.0, 0.02));
  CHECK_THAT(closes.variance / yang_zhang.variance, Catch::WithinRel(14.0, 0.12));
}

TEST_CASE("opening gaps bias a range estimator down and leave Yang-Zhang alone", "[volatility][rolling]") {
  const auto bars = diffusion(30'001, 0.02, 0.02, 13);  // half the variance comes overnight
  const double truth = 0.02 * std::sqrt(2.0);
  CHECK_THAT(of_windows(RealisedEstimator::parkinson, bars, 30, truth).mean, Catch::WithinAbs(0.5, 0.02));
  CHECK_THAT(of_windows(RealisedEstimator::yang_zhang, bars, 30, truth).mean, Catch::WithinAbs(1.0, 0.02));
  CHECK_THAT(of_windows(RealisedEstimator::garman_klass_yang_zhang, bars, 30, truth).mean, Catch::WithinAbs(1.0, 0.02));
}
