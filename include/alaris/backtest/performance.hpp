// SPDX-License-Identifier: Apache-2.0
#pragma once
// How far a track record can be told from luck: growth, downside, time under water, and the probability that the Sharpe
// ratio is real, for one strategy and for the best of many that were tried.
//   sources  Sortino & Price, J. Investing 3(3), 1994; Bailey & Lopez de Prado, J. Risk 15(2), 2012 (probabilistic
//   Sharpe
//            ratio) and J. Portfolio Management 40(5), 2014 (deflated Sharpe ratio); Efron, Ann. Statistics 7, 1979

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <span>
#include <vector>

#include <alaris/numeric/inverse_normal.hpp>
#include <alaris/numeric/normal.hpp>
#include <alaris/numeric/random.hpp>

namespace alaris::inline v0 {

/// Of daily net asset values; NaN where the record is too short to say. Returns are simple and daily, a year has 252.
struct TrackRecord {
  std::size_t returns = 0;
  double cagr = std::numeric_limits<double>::quiet_NaN();
  double daily_sharpe = std::numeric_limits<double>::quiet_NaN();  // not annualised, no risk-free rate
  double sortino = std::numeric_limits<double>::quiet_NaN();       // annualised, target 0
  double skewness = std::numeric_limits<double>::quiet_NaN();
  double kurtosis = std::numeric_limits<double>::quiet_NaN();  // 3 for a normal
  int longest_under_water = 0;  // sessions from a peak until it is reached again, or to the end
};

[[nodiscard]] inline TrackRecord track_record(std::span<const double> nav) {
  TrackRecord record;
  if (nav.size() < 3 || !(nav.front() > 0.0)) return record;
  std::vector<double> daily;
  double peak = nav.front(), sum = 0.0, down = 0.0;
  int under = 0;
  for (std::size_t i = 1; i < nav.size(); ++i) {
    daily.push_back(nav[i] / nav[i - 1] - 1.0);
    sum += daily.back();
    down += daily.back() < 0.0 ? daily.back() * daily.back() : 0.0;
    under = nav[i] >= peak ? 0 : under + 1;
    peak = std::max(peak, nav[i]);
    record.longest_under_water = std::max(record.longest_under_water, under);
  }
  const double n = static_cast<double>(daily.size()), mean = sum / n;
  record.returns = daily.size();
  record.cagr = std::pow(nav.back() / nav.front(), 252.0 / n) - 1.0;
  if (down > 0.0) record.sortino = mean / std::sqrt(down / n) * std::sqrt(252.0);
  double second = 0.0, third = 0.0, fourth = 0.0;
  for (const double r : daily) {
    const double d = r - mean;
    second += d * d;
    third += d * d * d;
    fourth += d * d * d * d;
  }
  if (!(second > 0.0)) return record;
  record.daily_sharpe = mean / std::sqrt(second / (n - 1.0));
  const double variance = second / n;
  record.skewness = third / n / (variance * std::sqrt(variance));
  record.kurtosis = fourth / n / (variance * variance);
  return record;
}

/// Probability that the true daily Sharpe ratio exceeds `benchmark`, given length, skewness and fat tails of the
/// record.
[[nodiscard]] inline double probabilistic_sharpe(const TrackRecord& record, double benchmark = 0.0) noexcept {
  const double sharpe = record.daily_sharpe;
  const double spread = 1.0 - record.skewness * sharpe + 0.25 * (record.kurtosis - 1.0) * sharpe * sharpe;
  if (!(spread > 0.0)) return std::numeric_limits<double>::quiet_NaN();
  return normal_cdf((sharpe - benchmark) * std::sqrt(static_cast<double>(record.returns) - 1.0) / std::sqrt(spread));
}

/// The daily Sharpe ratio that the best of `trials` worthless strategies is expected to show, when theirs scatter with
/// this variance.
[[nodiscard]] inline double sharpe_of_luck(std::size_t trials, double variance_of_trials) noexcept {
  if (trials < 2) return 0.0;
  const double n = static_cast<double>(trials);
  return std::sqrt(variance_of_trials) * ((1.0 - std::numbers::egamma) * inverse_normal_cdf(1.0 - 1.0 / n) +
                                          std::numbers::egamma * inverse_normal_cdf(1.0 - 1.0 / (n * std::numbers::e)));
}

/// Probability that the best record is better than luck explains, given the daily Sharpe ratios of everything that was
/// tried, the best among them.
[[nodiscard]] inline double deflated_sharpe(const TrackRecord& best, std::span<const double> tried) noexcept {
  double sum = 0.0, squares = 0.0;
  for (const double sharpe : tried) sum += sharpe;
  const double n = static_cast<double>(tried.size());
  for (const double sharpe : tried) squares += (sharpe - sum / n) * (sharpe - sum / n);
  return probabilistic_sharpe(best, tried.size() < 2 ? 0.0 : sharpe_of_luck(tried.size(), squares / (n - 1.0)));
}

/// The deepest fall from a running peak: where it began, where it ended, where the peak was reached again. Positions in
/// the record; `recovered` is its size when the peak was not reached again.
struct Drawdown {
  double depth = 0.0;  // share of the peak
  std::size_t peak = 0;
  std::size_t trough = 0;
  std::size_t recovered = 0;
};

[[nodiscard]] inline Drawdown deepest_drawdown(std::span<const double> nav) noexcept {
  Drawdown deepest;
  std::size_t peak = 0;
  for (std::size_t i = 0; i < nav.size(); ++i) {
    if (nav[i] >= nav[peak]) peak = i;
    if (const double depth = 1.0 - nav[i] / nav[peak]; depth > deepest.depth) deepest = {depth, peak, i, nav.size()};
  }
  for (std::size_t i = deepest.trough; i < nav.size() && deepest.recovered == nav.size(); ++i)
    if (nav[i] >= nav[deepest.peak]) deepest.recovered = i;
  return deepest;
}

struct BootstrapInterval {
  double lower = std::numeric_limits<double>::quiet_NaN();
  double upper = std::numeric_limits<double>::quiet_NaN();
};

/// The middle 95 % of the means of resamples with replacement: no assumption about the shape of the trades. The same
/// sample gives the same interval.
[[nodiscard]] inline BootstrapInterval bootstrap_mean(std::span<const double> sample, int resamples = 10'000,
                                                      std::uint64_t seed = 1) {
  if (sample.size() < 2 || resamples < 40) return {};
  RandomStream random(seed);
  std::vector<double> means(static_cast<std::size_t>(resamples));
  for (double& mean : means) {
    double sum = 0.0;
    for (std::size_t i = 0; i < sample.size(); ++i)
      sum += sample[static_cast<std::size_t>(draw_uniform(random) * static_cast<double>(sample.size()))];
    mean = sum / static_cast<double>(sample.size());
  }
  std::sort(means.begin(), means.end());
  const auto tail = static_cast<std::size_t>(0.025 * resamples);
  return {means[tail], means[means.size() - 1 - tail]};
}

}  // namespace alaris::inline v0
