// SPDX-License-Identifier: Apache-2.0
#pragma once
// The clock of diffusion: a session counts 1, other days little, and an average year 1. A weekend before a Friday
// expiry is worth a fifth of a session, not two days; calendar time would call the difference event variance.

#include <algorithm>
#include <chrono>
#include <utility>

#include <alaris/core/time.hpp>
#include <alaris/market/calendar.hpp>

namespace alaris::inline v0 {

/// In sessions. Markets price a non-trading day at 0.1 to 0.3.
struct DayWeights {
  double session = 1.0;
  double half_day = 0.6;
  double closed = 0.1;
};

/// A session's weight passes evenly from its open to its close, nothing passes in the nights between; the weight of a
/// closed day passes over its 24 hours. Unknown days count by their weekday. The sum is divided by sessions_per_year():
/// the weights of 2018 to 2027, averaged to 365 days (261.7 by default), so that a long stretch of calendar time is as
/// many years as in Act/365. A volatility annualised over 252 sessions is in another unit: times
/// sqrt(sessions_per_year() / 252) it is per root year of this clock.
class TradingClock {
 public:
  explicit TradingClock(TradingCalendar calendar = TradingCalendar::nyse(), const DayWeights& weights = {})
      : calendar_(std::move(calendar)), weights_(weights) {
    // The average over ten years; 365 calendar days are one year, as in Act/365.
    double sum = 0.0;
    const Date first = make_date(2018, 1, 1), end = make_date(2028, 1, 1);
    for (Date date = first; date < end; date += std::chrono::days(1)) sum += weight(date);
    per_year_ = sum * 365.0 / static_cast<double>((end - first).count());
  }

  [[nodiscard]] double sessions_per_year() const noexcept { return per_year_; }

  /// Diffusion time between two instants; negative when `to` is earlier. O(days).
  [[nodiscard]] Years<TradingTime> between(Instant from, Instant to) const noexcept {
    if (to < from) return {-between(to, from).value};
    const Date first = new_york_date(from), last = new_york_date(to);
    double sessions = weight(last) * passed(last, to) - weight(first) * passed(first, from);
    for (Date date = first; date < last; date += std::chrono::days(1)) sessions += weight(date);
    return {sessions / per_year_};
  }

  [[nodiscard]] double weight(Date date) const noexcept {
    switch (calendar_.kind(date)) {
      case DayKind::session:
        return weights_.session;
      case DayKind::half_day:
        return weights_.half_day;
      case DayKind::closed:
        return weights_.closed;
      case DayKind::unknown:
        break;
    }
    return std::chrono::weekday(date).iso_encoding() < 6 ? weights_.session : weights_.closed;
  }

 private:
  /// Fraction of a date's weight that has passed at an instant of that date.
  [[nodiscard]] double passed(Date date, Instant at) const noexcept {
    using namespace std::chrono_literals;
    const bool trades = calendar_.is_session(date);
    const Instant start = trades ? calendar_.open(date) : new_york_instant(date, 0h);
    const Instant end = trades ? calendar_.close(date) : new_york_instant(date + std::chrono::days(1), 0h);
    const double fraction = static_cast<double>((at - start).count()) / static_cast<double>((end - start).count());
    return std::clamp(fraction, 0.0, 1.0);
  }

  TradingCalendar calendar_;
  DayWeights weights_;
  double per_year_ = 1.0;
};

}  // namespace alaris::inline v0
