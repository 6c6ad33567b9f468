// SPDX-License-Identifier: Apache-2.0
#pragma once
// Sessions of the NYSE and of US equity options: holidays and half days by rule, special closures by dated table.
//   source   NYSE holiday rules and closure announcements; domain 1990 to 2027, unknown outside

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include <alaris/core/expects.hpp>
#include <alaris/core/time.hpp>
#include <alaris/market/new_york.hpp>

namespace alaris::inline v0 {

enum class DayKind : std::uint8_t { session, half_day, closed, unknown };

namespace detail {

[[nodiscard]] constexpr Date nth_weekday(int year, unsigned month, std::chrono::weekday day, unsigned n) noexcept {
  using namespace std::chrono;
  return local_days(year_month_weekday(std::chrono::year(year), std::chrono::month(month), day[n]));
}
[[nodiscard]] constexpr Date last_monday(int year, unsigned month) noexcept {
  using namespace std::chrono;
  return local_days(year_month_weekday_last(std::chrono::year(year), std::chrono::month(month), weekday_last(Monday)));
}
/// Gregorian Easter Sunday (Meeus, Jones, Butcher).
[[nodiscard]] constexpr Date easter(int year) noexcept {
  const int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4, f = (b + 8) / 25;
  const int g = (b - f + 1) / 3, h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;
  return make_date(year, static_cast<unsigned>(n / 31), static_cast<unsigned>(n % 31 + 1));
}

/// A fixed-date holiday on Sunday moves to Monday; on Saturday to Friday, unless that Friday ends a year (NYSE rule
/// 7.2: New Year's Day on a Saturday is not made up).
[[nodiscard]] constexpr Date observed(Date holiday) noexcept {
  using namespace std::chrono;
  const weekday day(holiday);
  return day == Sunday ? holiday + days(1) : day == Saturday ? holiday - days(1) : holiday;
}

[[nodiscard]] constexpr bool is_rule_holiday(Date date) noexcept {
  using namespace std::chrono;
  const auto ymd = civil(date);
  const int y = static_cast<int>(ymd.year());
  switch (static_cast<unsigned>(ymd.month())) {
    case 1:
      return date == make_date(y, 1, 1) || (weekday_of(date) == Monday && ymd.day() == day(2)) ||
             (y >= 1998 && date == nth_weekday(y, 1, Monday, 3));
    case 2:
      return date == nth_weekday(y, 2, Monday, 3);
    case 3:
    case 4:
      return date == easter(y) - days(2);
    case 5:
      return date == last_monday(y, 5);
    case 6:
      return y >= 2022 && date == observed(make_date(y, 6, 19));
    case 7:
      return date == observed(make_date(y, 7, 4));
    case 9:
      return date == nth_weekday(y, 9, Monday, 1);
    case 11:
      return date == nth_weekday(y, 11, Thursday, 4);
    case 12:
      return date == observed(make_date(y, 12, 25));
    default:
      return false;
  }
}

/// Days on which the exchange stayed closed although no rule says so.
inline constexpr Date special_closures[] = {
    make_date(1994, 4, 27),  // Nixon
    make_date(2001, 9, 11),  make_date(2001, 9, 12),  make_date(2001, 9, 13),
    make_date(2001, 9, 14),  make_date(2004, 6, 11),   // Reagan
    make_date(2007, 1, 2),                             // Ford
    make_date(2012, 10, 29), make_date(2012, 10, 30),  // Sandy
    make_date(2018, 12, 5),                            // G. H. W. Bush
    make_date(2025, 1, 9),                             // Carter
};

/// 13:00 closes: the day after Thanksgiving (since 1992), Christmas Eve, and the eve of Independence Day when each is a
/// weekday before a closed weekday (the Friday or Monday cases that the exchange did not shorten are left out).
[[nodiscard]] constexpr bool is_rule_half_day(Date date) noexcept {
  using namespace std::chrono;
  const auto ymd = civil(date);
  const int y = static_cast<int>(ymd.year());
  const weekday day = weekday_of(date);
  if (ymd.month() == November) return y >= 1992 && date == nth_weekday(y, 11, Thursday, 4) + days(1);
  if (ymd.month() == December) {
    if (y >= 1993 && ymd.day() == std::chrono::day(24)) return day != Friday;
    return (y == 1997 || y == 2003) && ymd.day() == std::chrono::day(26);
  }
  if (ymd.month() == July) {
    if (ymd.day() == std::chrono::day(3)) return y >= 1995 && day != Friday && !(y == 2002);
    return y == 2002 && ymd.day() == std::chrono::day(5);
  }
  return false;
}

}  // namespace detail

/// Which days trade, and until when. A value: copies are independent, further closures and half days can be added.
class TradingCalendar {
 public:
  [[nodiscard]] static TradingCalendar nyse() { return TradingCalendar(); }

  /// A closure that no rule knows (a day of mourning, a storm), from a feed or the configuration.
  void add_closure(Date date) { insert(closures_, date); }
  void add_half_day(Date date) { insert(half_days_, date); }

  [[nodiscard]] DayKind kind(Date date) const noexcept {
    using namespace std::chrono;
    const int y = static_cast<int>(civil(date).year());
    if (y < first_year || y > last_year) return DayKind::unknown;
    const weekday day = weekday_of(date);
    if (day == Saturday || day == Sunday || detail::is_rule_holiday(date)) return DayKind::closed;
    if (std::binary_search(std::begin(detail::special_closures), std::end(detail::special_closures), date) ||
        std::binary_search(closures_.begin(), closures_.end(), date))
      return DayKind::closed;
    if (detail::is_rule_half_day(date) || std::binary_search(half_days_.begin(), half_days_.end(), date))
      return DayKind::half_day;
    return DayKind::session;
  }
  /// Known to be open. An unknown day is not a session.
  [[nodiscard]] bool is_session(Date date) const noexcept {
    const DayKind k = kind(date);
    return k == DayKind::session || k == DayKind::half_day;
  }

  /// Precondition of the two: `date` is a session.
  [[nodiscard]] Instant open(Date date) const noexcept {
    using namespace std::chrono_literals;
    ALARIS_EXPECTS(is_session(date));
    return new_york_instant(date, 9h + 30min);
  }
  [[nodiscard]] Instant close(Date date) const noexcept {
    using namespace std::chrono_literals;
    ALARIS_EXPECTS(is_session(date));
    return new_york_instant(date, kind(date) == DayKind::half_day ? 13h : 16h);
  }

  /// Strictly after or before; Date::max() or Date::min() beyond the known years.
  [[nodiscard]] Date next_session(Date date) const noexcept { return step(date, std::chrono::days(1)); }
  [[nodiscard]] Date previous_session(Date date) const noexcept { return step(date, std::chrono::days(-1)); }

  /// Sessions in (from, to]; negative when `to` is earlier.
  [[nodiscard]] int sessions_between(Date from, Date to) const noexcept {
    if (to < from) return -sessions_between(to, from);
    int count = 0;
    for (Date d = from + std::chrono::days(1); d <= to; d += std::chrono::days(1)) count += is_session(d);
    return count;
  }

 private:
  static constexpr int first_year = 1990, last_year = 2027;

  static void insert(std::vector<Date>& dates, Date date) {
    const auto at = std::lower_bound(dates.begin(), dates.end(), date);
    if (at == dates.end() || *at != date) dates.insert(at, date);
  }
  Date step(Date date, std::chrono::days by) const noexcept {
    // The longest closure since 1990 is 2001-09-11 to 14 with the weekend after it.
    for (int i = 0; i < 15; ++i)
      if (is_session(date += by)) return date;
    return by.count() > 0 ? Date::max() : Date::min();
  }

  std::vector<Date> closures_;
  std::vector<Date> half_days_;
};

}  // namespace alaris::inline v0
