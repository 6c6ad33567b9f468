// SPDX-License-Identifier: Apache-2.0
#pragma once
// Expiry is an instant with a settlement, not a bare date: the last moment a listed option trades, and the later moment
// until which its holder may still exercise.

#include <chrono>
#include <cstdint>
#include <string_view>

#include <alaris/market/calendar.hpp>

namespace alaris::inline v0 {

/// How and against which price an option settles. Strategies trade pm_physical only.
///   pm_physical   shares, against the close of the last session: every standard equity option
///   pm_cash       cash, against that close
///   am_cash       cash, against an opening print: trading ends the session before
enum class SettlementStyle : std::uint8_t { pm_physical, pm_cash, am_cash };

[[nodiscard]] constexpr std::string_view name(SettlementStyle style) noexcept {
  switch (style) {
    case SettlementStyle::pm_physical:
      return "pm_physical";
    case SettlementStyle::pm_cash:
      return "pm_cash";
    case SettlementStyle::am_cash:
      return "am_cash";
  }
  return "unknown";
}

/// The last session an option listed for `expiry` trades: that day, or the session before it when the date is a
/// Saturday (standard expiries before 2015-02), a holiday, or the morning of an AM settlement. Beyond the calendar's
/// years the date itself.
[[nodiscard]] constexpr Date last_trading_day(Date expiry, const TradingCalendar& calendar,
                                              SettlementStyle style = SettlementStyle::pm_physical) noexcept {
  const DayKind kind = calendar.kind(expiry);
  if (kind == DayKind::unknown) return expiry;
  const Date settles = kind == DayKind::closed ? calendar.previous_session(expiry) : expiry;
  return style == SettlementStyle::am_cash ? calendar.previous_session(settles) : settles;
}

/// The close of that session: 16:00 New York, 13:00 on a half day.
[[nodiscard]] constexpr Instant last_trading_instant(Date expiry, const TradingCalendar& calendar,
                                                     SettlementStyle style = SettlementStyle::pm_physical) noexcept {
  using namespace std::chrono_literals;
  const Date day = last_trading_day(expiry, calendar, style);
  return calendar.is_session(day) ? calendar.close(day) : new_york_instant(day, 16h);
}

/// Until when a holder may tender an exercise notice, New York time of the last trading day. Brokers' own cut-offs are
/// earlier; that of a half day is not confirmed.
struct ExerciseCutoff {
  std::chrono::minutes full_day = std::chrono::hours(17) + std::chrono::minutes(30);
  std::chrono::minutes half_day = std::chrono::hours(14) + std::chrono::minutes(30);
};

/// The end of a holder's choice on a physically settled option. News between last_trading_instant and this decides
/// exercises although nobody can trade the option any more.
[[nodiscard]] constexpr Instant exercise_deadline(Date expiry, const TradingCalendar& calendar,
                                                  const ExerciseCutoff& cutoff = {}) noexcept {
  const Date day = last_trading_day(expiry, calendar);
  return new_york_instant(day, calendar.kind(day) == DayKind::half_day ? cutoff.half_day : cutoff.full_day);
}

/// The end of a week's options (weekly and monthly alike): listed on its Friday, on the Thursday when that Friday is a
/// holiday, or, before 2015-02, on the Saturday after it. Monday to Wednesday expiries are not.
[[nodiscard]] constexpr bool is_weekly_expiry(Date expiry, const TradingCalendar& calendar) noexcept {
  using namespace std::chrono;
  const weekday day = weekday_of(expiry);
  if (day == Friday || day == Saturday) return true;
  return day == Thursday && calendar.kind(expiry + days(1)) == DayKind::closed;
}

/// The monthly expiry: the week of the month's third Friday.
[[nodiscard]] constexpr bool is_monthly_expiry(Date expiry, const TradingCalendar& calendar) noexcept {
  using namespace std::chrono;
  if (!is_weekly_expiry(expiry, calendar)) return false;
  const weekday day = weekday_of(expiry);
  const Date friday = day == Saturday ? expiry - days(1) : day == Thursday ? expiry + days(1) : expiry;
  const unsigned of_month = static_cast<unsigned>(civil(friday).day());
  return of_month >= 15 && of_month <= 21;
}

}  // namespace alaris::inline v0
