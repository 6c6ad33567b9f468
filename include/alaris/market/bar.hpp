// SPDX-License-Identifier: Apache-2.0
#pragma once
// One session's open, high, low, close and volume.

#include <cmath>
#include <cstdint>
#include <string_view>

#include <alaris/core/time.hpp>

namespace alaris::inline v0 {

/// Raw prices as traded, dollars per share; volume in shares. Known at the session's close.
struct Bar {
  Date date;
  double open;
  double high;
  double low;
  double close;
  double volume;
};

enum class BarDefect : std::uint8_t { none, not_finite, not_positive, high_below_low, outside_range };

[[nodiscard]] constexpr std::string_view name(BarDefect defect) noexcept {
  switch (defect) {
    case BarDefect::none:
      return "ok";
    case BarDefect::not_finite:
      return "a price is missing or not finite";
    case BarDefect::not_positive:
      return "a price is zero or negative";
    case BarDefect::high_below_low:
      return "the high is below the low";
    case BarDefect::outside_range:
      return "the open or close lies outside low to high";
  }
  return "unknown";
}

/// The first thing that makes a bar unusable for a range estimator. Volume is not judged.
[[nodiscard]] inline BarDefect defect_of(const Bar& bar) noexcept {
  for (const double price : {bar.open, bar.high, bar.low, bar.close}) {
    if (!std::isfinite(price)) return BarDefect::not_finite;
    if (price <= 0.0) return BarDefect::not_positive;
  }
  if (bar.high < bar.low) return BarDefect::high_below_low;
  if (bar.open > bar.high || bar.open < bar.low || bar.close > bar.high || bar.close < bar.low)
    return BarDefect::outside_range;
  return BarDefect::none;
}

}  // namespace alaris::inline v0
