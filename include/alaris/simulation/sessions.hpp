// SPDX-License-Identifier: Apache-2.0
#pragma once
// The days of a simulated market: its sessions, and how much variance time has passed by each day's close.

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <alaris/core/expects.hpp>
#include <alaris/market/calendar.hpp>
#include <alaris/market/trading_time.hpp>
#include <alaris/simulation/parameters.hpp>

namespace alaris::inline v0 {

/// Days from the first session to 290 days after the last. Beyond the known calendar a weekday counts as a session.
class SimulatedSessions {
 public:
  static constexpr std::chrono::days horizon{290};

  SimulatedSessions(const SimulationParameters& p, TradingCalendar calendar) : calendar_(std::move(calendar)) {
    using std::chrono::days;
    first_ = calendar_.is_session(p.first_session) ? p.first_session : calendar_.next_session(p.first_session);
    ALARIS_EXPECTS(first_ <= p.last_session);
    const TradingClock clock(calendar_, p.day_weights);
    weights_per_year_ = clock.sessions_per_year();
    double passed = 0.0;
    for (Date day = first_; day <= p.last_session + horizon; day += days(1)) {
      passed += clock.weight(day) / weights_per_year_;
      clock_.push_back(passed);
      if (!opens(day)) continue;
      if (day <= p.last_session) sessions_.push_back(day);
      all_.push_back(day);
    }
  }

  [[nodiscard]] double weights_per_year() const noexcept { return weights_per_year_; }
  [[nodiscard]] const TradingCalendar& calendar() const noexcept { return calendar_; }
  /// Sessions that have bars; and with those of the horizon after them.
  [[nodiscard]] const std::vector<Date>& sessions() const noexcept { return sessions_; }
  [[nodiscard]] const std::vector<Date>& with_horizon() const noexcept { return all_; }

  /// Variance time passed at the close of a day of the domain, in years since before the first session.
  [[nodiscard]] Years<TradingTime> at_close(Date day) const noexcept {
    const auto i = std::clamp<std::ptrdiff_t>((day - first_).count(), 0, std::ssize(clock_) - 1);
    return {clock_[static_cast<std::size_t>(i)]};
  }
  /// Position of the first session on or after `day`, in with_horizon().
  [[nodiscard]] std::size_t index_from(Date day) const noexcept {
    return static_cast<std::size_t>(std::lower_bound(all_.begin(), all_.end(), day) - all_.begin());
  }
  [[nodiscard]] bool opens(Date day) const noexcept {
    const DayKind kind = calendar_.kind(day);
    if (kind != DayKind::unknown) return kind != DayKind::closed;
    const std::chrono::weekday weekday(day);
    return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
  }
  /// Strictly later, strictly earlier, or the day itself when it opens.
  [[nodiscard]] Date next(Date day) const noexcept {
    do day += std::chrono::days(1);
    while (!opens(day));
    return day;
  }
  [[nodiscard]] Date previous(Date day) const noexcept {
    do day -= std::chrono::days(1);
    while (!opens(day));
    return day;
  }
  [[nodiscard]] Date same_or_next(Date day) const noexcept { return opens(day) ? day : next(day); }

 private:
  TradingCalendar calendar_;
  Date first_{};
  double weights_per_year_ = 1.0;
  std::vector<double> clock_;
  std::vector<Date> sessions_, all_;
};

}  // namespace alaris::inline v0
