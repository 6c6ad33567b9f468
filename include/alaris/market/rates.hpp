// SPDX-License-Identifier: Apache-2.0
#pragma once
// The interest rate an option of a few weeks is discounted with.

#include <cmath>
#include <span>

#include <alaris/market/events.hpp>
#include <alaris/market/quote.hpp>

namespace alaris::inline v0 {

/// The continuous rate of the last date on or before `date`, of the tenor nearest three months; NaN when none is known.
///   domain   points sorted by date
[[nodiscard]] inline double short_rate(std::span<const RatePoint> points, Date date) noexcept {
  double rate = not_known, distance = 0.0;
  Date of{};
  for (const RatePoint& point : points) {
    if (point.date > date) break;
    const double away = std::fabs(point.tenor.value - 0.25);
    if (rate == rate && of == point.date && away >= distance) continue;
    of = point.date;
    distance = away;
    rate = point.rate;
  }
  return rate;
}

}  // namespace alaris::inline v0
