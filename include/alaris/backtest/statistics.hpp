// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a list of trades and an equity curve say, with the uncertainty of the mean beside the mean.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>

namespace alaris::inline v0 {

/// A sample mean and its two-sided 95 % confidence interval (Student t). NaN bounds below two observations.
struct MeanEstimate {
  std::size_t count = 0;
  double mean = std::numeric_limits<double>::quiet_NaN();
  double standard_error = std::numeric_limits<double>::quiet_NaN();
  double lower = std::numeric_limits<double>::quiet_NaN();
  double upper = std::numeric_limits<double>::quiet_NaN();
};

/// 97.5 % quantile of Student's t with n degrees of freedom: table to 10, then a Cornish-Fisher expansion of the normal
/// quantile (Abramowitz and Stegun 26.7.5), error below 1e-3.
[[nodiscard]] inline double student_t_975(std::size_t degrees) noexcept {
  constexpr double table[] = {0.0,     12.7062, 4.30265, 3.18245, 2.77645, 2.57058,
                              2.44691, 2.36462, 2.30600, 2.26216, 2.22814};
  if (degrees == 0) return std::numeric_limits<double>::quiet_NaN();
  if (degrees <= 10) return table[degrees];
  const double z = 1.959963984540054, n = static_cast<double>(degrees);
  const double z3 = z * z * z, z5 = z3 * z * z;
  return z + (z3 + z) / (4 * n) + (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n);
}

[[nodiscard]] inline MeanEstimate estimate_mean(std::span<const double> sample) noexcept {
  MeanEstimate estimate{.count = sample.size()};
  if (sample.empty()) return estimate;
  const double n = static_cast<double>(sample.size());
  estimate.mean = std::accumulate(sample.begin(), sample.end(), 0.0) / n;
  if (sample.size() < 2) return estimate;
  double squares = 0.0;
  for (const double x : sample) squares += (x - estimate.mean) * (x - estimate.mean);
  estimate.standard_error = std::sqrt(squares / (n - 1) / n);
  const double half_width = student_t_975(sample.size() - 1) * estimate.standard_error;
  estimate.lower = estimate.mean - half_width;
  estimate.upper = estimate.mean + half_width;
  return estimate;
}

/// Net results of closed trades, dollars.
struct TradeStatistics {
  MeanEstimate pnl;
  std::size_t wins = 0;
  double gross_profit = 0.0;
  double gross_loss = 0.0;     // positive
  double profit_factor = 0.0;  // gross profit / gross loss; NaN without a loss
};

[[nodiscard]] inline TradeStatistics trade_statistics(std::span<const double> pnl) noexcept {
  TradeStatistics s{.pnl = estimate_mean(pnl)};
  for (const double x : pnl) {
    if (x > 0) ++s.wins;
    (x > 0 ? s.gross_profit : s.gross_loss) += std::fabs(x);
  }
  s.profit_factor = s.gross_loss > 0 ? s.gross_profit / s.gross_loss : std::numeric_limits<double>::quiet_NaN();
  return s;
}

/// Of daily net asset values. `max_drawdown` is a positive fraction of the running peak; the Sharpe ratio uses daily
/// simple returns, sample deviation, no risk-free rate, x sqrt(252). NaN where there are fewer than two returns or no
/// variation.
struct EquityStatistics {
  double total_return = std::numeric_limits<double>::quiet_NaN();
  double sharpe = std::numeric_limits<double>::quiet_NaN();
  double max_drawdown = 0.0;
};

[[nodiscard]] inline EquityStatistics equity_statistics(std::span<const double> nav) noexcept {
  EquityStatistics s;
  if (nav.size() < 2) return s;
  s.total_return = nav.back() / nav.front() - 1.0;
  double peak = nav.front(), sum = 0.0, squares = 0.0;
  for (std::size_t i = 1; i < nav.size(); ++i) {
    const double daily = nav[i] / nav[i - 1] - 1.0;
    sum += daily;
    squares += daily * daily;
    peak = std::max(peak, nav[i]);
    s.max_drawdown = std::max(s.max_drawdown, 1.0 - nav[i] / peak);
  }
  const double n = static_cast<double>(nav.size() - 1);
  if (n < 2) return s;
  const double variance = (squares - sum * sum / n) / (n - 1);
  if (variance > 0) s.sharpe = sum / n / std::sqrt(variance) * std::sqrt(252.0);
  return s;
}

}  // namespace alaris::inline v0
