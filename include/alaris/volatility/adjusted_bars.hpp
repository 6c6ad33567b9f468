// SPDX-License-Identifier: Apache-2.0
#pragma once
// Raw bars made comparable across splits and ex-dividend days, in the shares of the last bar. Without it a 7:1 split
// reads as a 645 % annualised move, and every quarterly dividend as a small fall.

#include <cmath>
#include <cstddef>
#include <span>

#include <alaris/market/bar.hpp>
#include <alaris/market/events.hpp>

namespace alaris::inline v0 {

/// Divides prices before each split by its ratio and multiplies the volume by it, in place. Splits dated after the last
/// bar are not applied: the result stays in the shares of the last bar, and no split is used before it happened.
///   domain   bars sorted by date; ratio positive and finite
///   error    false, and the bars unchanged, when a ratio is outside its domain
[[nodiscard]] inline bool adjust_for_splits(std::span<Bar> bars, std::span<const Split> splits) noexcept {
  for (const Split& split : splits)
    if (!(split.ratio > 0.0) || !std::isfinite(split.ratio)) return false;
  if (bars.empty()) return true;
  const Date last = bars.back().date;
  for (const Split& split : splits) {
    if (split.date > last) continue;
    for (Bar& bar : bars) {
      if (bar.date >= split.date) break;
      bar.open /= split.ratio;
      bar.high /= split.ratio;
      bar.low /= split.ratio;
      bar.close /= split.ratio;
      bar.volume *= split.ratio;
    }
  }
  return true;
}

/// Scales prices before each ex-date by (C - D) / C, C the close before it, in place: log returns become total returns.
/// Volumes stay. Dividends of unknown amount (NaN) or outside the bars are not applied. Amounts are per share of their
/// own day: apply this before the splits.
///   domain   bars sorted by date; the amounts of one day sum to less than the close before it
///   error    false, and the bars unchanged, when an amount is negative or not below that close
[[nodiscard]] inline bool adjust_for_dividends(std::span<Bar> bars, std::span<const Dividend> dividends) noexcept {
  const auto amount_before = [&](std::size_t i) noexcept {  // paid between the close of bar i - 1 and the open of bar i
    double sum = 0.0;
    for (const Dividend& dividend : dividends)
      if (dividend.ex_date > bars[i - 1].date && dividend.ex_date <= bars[i].date && std::isfinite(dividend.amount))
        sum += dividend.amount;
    return sum;
  };
  for (const Dividend& dividend : dividends)
    if (dividend.amount < 0.0) return false;
  for (std::size_t i = 1; i < bars.size(); ++i)
    if (!(amount_before(i) < bars[i - 1].close)) return false;
  for (std::size_t i = 1; i < bars.size(); ++i) {  // oldest first: bar i - 1 is still raw when its factor is taken
    const double amount = amount_before(i);
    if (amount == 0.0) continue;
    const double factor = (bars[i - 1].close - amount) / bars[i - 1].close;
    for (Bar& bar : bars.first(i)) {
      bar.open *= factor;
      bar.high *= factor;
      bar.low *= factor;
      bar.close *= factor;
    }
  }
  return true;
}

}  // namespace alaris::inline v0
