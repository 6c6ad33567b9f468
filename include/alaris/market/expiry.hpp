// SPDX-License-Identifier: Apache-2.0
#pragma once
// Expiry is an instant with a settlement, not a bare date: the last moment a listed option trades.

#include <chrono>

#include <alaris/market/calendar.hpp>

namespace alaris::inline v0 {

/// The last session a PM-settled equity option listed for `expiry` trades: that day, or the session before it when the
/// date is a Saturday (standard expiries before 2015-02) or a holiday. Beyond the calendar's years the date itself.
[[nodiscard]] inline Date last_trading_day(Date expiry, const TradingCalendar& calendar) noexcept {
  return calendar.kind(expiry) == DayKind::closed ? calendar.previous_session(expiry) : expiry;
}

/// The close of that session: 16:00 New York, 13:00 on a half day.
[[nodiscard]] inline Instant last_trading_instant(Date expiry, const TradingCalendar& calendar) noexcept {
  using namespace std::chrono_literals;
  const Date day = last_trading_day(expiry, calendar);
  return calendar.is_session(day) ? calendar.close(day) : new_york_instant(day, 16h);
}

/// Friday, or Thursday when that Friday is a holiday. Saturday-dated standard expiries count as their Friday.
[[nodiscard]] inline bool is_weekly_expiry(Date expiry, const TradingCalendar& calendar) noexcept {
  using namespace std::chrono;
  const weekday day = weekday_of(expiry);
  if (day == Friday || day == Saturday) return true;
  return day == Thursday && !calendar.is_session(expiry + days(1));
}

}  // namespace alaris::inline v0
