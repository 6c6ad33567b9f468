// SPDX-License-Identifier: Apache-2.0
#include <alaris/backtest/performance.hpp>

#include <cmath>
#include <vector>

#include "support/catch.hpp"

using namespace alaris;

namespace {

std::vector<double> grown(std::uint64_t seed, double mean, double deviation, int days) {
  RandomStream random(seed);
  std::vector<double> nav{100'000.0};
  for (int i = 0; i < days; ++i) nav.push_back(nav.back() * (1.0 + mean + deviation * draw_normal(random)));
  return nav;
}

}  // namespace

TEST_CASE("a track record has the growth the downside and the wait of its path", "[backtest][performance]") {
  const std::vector<double> nav{100, 110, 99, 99, 104.5, 121};
  const TrackRecord record = track_record(nav);
  CHECK(record.returns == 5);
  CHECK(record.cagr == Approx(std::pow(1.21, 252.0 / 5) - 1));
  CHECK(record.longest_under_water == 3);  // below 110 for three sessions
  const double daily[] = {0.1, -0.1, 0.0, 104.5 / 99 - 1, 121 / 104.5 - 1};
  double sum = 0.0;
  for (const double r : daily) sum += r;
  CHECK(record.sortino == Approx(sum / 5 / std::sqrt(0.01 / 5) * std::sqrt(252.0)));
  CHECK(std::isnan(track_record(std::vector<double>{1, 2}).cagr));
  CHECK(std::isnan(track_record(std::vector<double>{1, 1, 1, 1}).daily_sharpe));
}

TEST_CASE("the probabilistic Sharpe ratio is the published example", "[backtest][performance]") {
  // Bailey and Lopez de Prado 2012: 24 months, monthly Sharpe ratio 0.458, skewness -2.448, kurtosis 10.164.
  const TrackRecord record{.returns = 24, .daily_sharpe = 0.458, .skewness = -2.448, .kurtosis = 10.164};
  const double by_hand = 0.458 * std::sqrt(23.0) / std::sqrt(1 + 2.448 * 0.458 + 0.25 * 9.164 * 0.458 * 0.458);
  CHECK(probabilistic_sharpe(record) == Approx(normal_cdf(by_hand)).epsilon(1e-14));
  CHECK(probabilistic_sharpe(record) == Approx(0.913).margin(0.001));  // the paper's value
}

TEST_CASE("the probability of a real edge is right on average when there is none", "[backtest][performance]") {
  int sure = 0;
  constexpr int paths = 2000;
  for (std::uint64_t seed = 0; seed < paths; ++seed)
    sure += probabilistic_sharpe(track_record(grown(seed, 0.0, 0.01, 252))) > 0.95;
  // 5 % by construction; four standard errors of 2000 draws are 2 %.
  CHECK(std::fabs(sure / double{paths} - 0.05) < 0.02);
}

TEST_CASE("the best of many worthless strategies is seen through", "[backtest][performance]") {
  int fooled_alone = 0, fooled_deflated = 0;
  constexpr int rounds = 60, trials = 40;
  for (int round = 0; round < rounds; ++round) {
    std::vector<double> tried;
    TrackRecord best;
    for (int trial = 0; trial < trials; ++trial) {
      const TrackRecord one =
          track_record(grown(static_cast<std::uint64_t>(1000 + round * trials + trial), 0.0, 0.01, 252));
      tried.push_back(one.daily_sharpe);
      if (trial == 0 || one.daily_sharpe > best.daily_sharpe) best = one;
    }
    fooled_alone += probabilistic_sharpe(best) > 0.95;
    fooled_deflated += deflated_sharpe(best, tried) > 0.95;
  }
  CHECK(fooled_alone > rounds / 2);      // 1 - 0.95^40 = 87 % of the time the best looks real
  CHECK(fooled_deflated < rounds / 10);  // deflated, rarely
}

TEST_CASE("the bootstrap interval holds the mean and is the same every time", "[backtest][performance]") {
  std::vector<double> trades;
  RandomStream random(5);
  for (int i = 0; i < 60; ++i) trades.push_back(10.0 + 40.0 * draw_normal(random));
  const BootstrapInterval interval = bootstrap_mean(trades);
  double mean = 0.0;
  for (const double x : trades) mean += x / 60.0;
  CHECK(interval.lower < mean);
  CHECK(interval.upper > mean);
  CHECK(interval.upper - interval.lower == Approx(2 * 1.96 * 40 / std::sqrt(60.0)).epsilon(0.25));
  CHECK(bootstrap_mean(trades).lower == interval.lower);
  CHECK(std::isnan(bootstrap_mean(std::vector<double>{1.0}).lower));
}
