// SPDX-License-Identifier: Apache-2.0
#pragma once
// Sessions of the NYSE and of US equity options: holidays and half days by rule, special closures by dated table.
//   source   NYSE rule 7.2 and its closure announcements; domain 1990 to 2027, every other day is unknown
//   cost     kind and is_session look up one bit of an array; nothing allocates, every function is constexpr

#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include <alaris/core/expects.hpp>
#include <alaris/core/time.hpp>
#include <alaris/market/new_york.hpp>

namespace alaris::inline v0 {

/// unknown is neither open nor closed: nothing trades on a day the calendar cannot vouch for.
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

/// A fixed-date holiday on Sunday moves to Monday, on Saturday to Friday. New Year's Day on a Saturday would close the
/// last Friday of the old year and is not made up.
[[nodiscard]] constexpr Date observed(Date holiday) noexcept {
  using namespace std::chrono;
  const weekday day(holiday);
  return day == Sunday ? holiday + days(1) : day == Saturday ? holiday - days(1) : holiday;
}

/// f(date) for every weekday or weekend date a rule closes in a year.
template <class F>
constexpr void for_each_holiday(int year, F f) {
  using namespace std::chrono;
  const Date new_year = make_date(year, 1, 1);
  f(weekday_of(new_year) == Saturday ? new_year : observed(new_year));
  if (year >= 1998) f(nth_weekday(year, 1, Monday, 3));   // Martin Luther King
  f(nth_weekday(year, 2, Monday, 3));                     // Washington
  f(easter(year) - days(2));                              // Good Friday
  f(last_monday(year, 5));                                // Memorial Day
  if (year >= 2022) f(observed(make_date(year, 6, 19)));  // Juneteenth
  f(observed(make_date(year, 7, 4)));
  f(nth_weekday(year, 9, Monday, 1));     // Labor Day
  f(nth_weekday(year, 11, Thursday, 4));  // Thanksgiving
  f(observed(make_date(year, 12, 25)));
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

/// Half days of one year that no rule gives.
inline constexpr Date special_half_days[] = {make_date(1997, 12, 26), make_date(1999, 12, 31), make_date(2003, 12, 26)};

/// f(date) for every early close a rule gives; some fall on days that are closed altogether.
template <class F>
constexpr void for_each_half_day(int year, F f) {
  using namespace std::chrono;
  if (year >= 1992) f(nth_weekday(year, 11, Thursday, 4) + days(1));
  f(make_date(year, 12, 24));
  if (year < 1995) return;
  // The eve of Independence Day; of a Thursday holiday it was the Friday after, until 2013.
  const Date eve = make_date(year, 7, 3);
  f(weekday_of(eve) == Wednesday && year < 2013 ? eve + days(2) : eve);
}

}  // namespace detail

/// Which days trade, and until when. A value of 3.5 kB: copies are independent, further closures and half days are
/// data.
class TradingCalendar {
 public:
  static constexpr int first_year = 1990, last_year = 2027;

  [[nodiscard]] static constexpr TradingCalendar nyse() noexcept { return TradingCalendar(); }

  /// A closure or an early close that no rule knows (a day of mourning, a storm), from a feed or the configuration.
  /// Outside the known years they change nothing; a closed day does not become a half day.
  constexpr void add_closure(Date date) noexcept {
    if (known(date)) set(open_, date, false), set(half_, date, false);
  }
  constexpr void add_half_day(Date date) noexcept {
    if (is_session(date)) set(half_, date, true);
  }

  [[nodiscard]] constexpr DayKind kind(Date date) const noexcept {
    if (!known(date)) return DayKind::unknown;
    return !get(open_, date) ? DayKind::closed : get(half_, date) ? DayKind::half_day : DayKind::session;
  }
  /// Known to be open. An unknown day is not a session.
  [[nodiscard]] constexpr bool is_session(Date date) const noexcept { return known(date) && get(open_, date); }

  /// Time of day at which the session ends: 16:00, on half days 13:00 (14:00 before 1993).
  /// Precondition of the three: `date` is a session.
  [[nodiscard]] constexpr std::chrono::minutes session_close(Date date) const noexcept {
    using namespace std::chrono;
    ALARIS_EXPECTS(is_session(date));
    if (!get(half_, date)) return hours(16);
    return civil(date).year() < year(1993) ? hours(14) : hours(13);
  }
  [[nodiscard]] constexpr Instant open(Date date) const noexcept {
    using namespace std::chrono_literals;
    ALARIS_EXPECTS(is_session(date));
    return new_york_instant(date, 9h + 30min);
  }
  [[nodiscard]] constexpr Instant close(Date date) const noexcept {
    return new_york_instant(date, session_close(date));
  }

  /// Strictly after or before; Date::max() or Date::min() when the known years hold none.
  [[nodiscard]] constexpr Date next_session(Date date) const noexcept {
    if (date < first_day()) date = first_day() - std::chrono::days(1);
    if (date >= last_day()) return Date::max();
    std::size_t bit = index(date + std::chrono::days(1)), word = bit / 64;
    for (std::uint64_t rest = open_[word] >> bit % 64 << bit % 64;; rest = open_[word]) {
      if (rest != 0) return at(word * 64 + static_cast<std::size_t>(std::countr_zero(rest)));
      if (++word == words) return Date::max();
    }
  }
  [[nodiscard]] constexpr Date previous_session(Date date) const noexcept {
    if (date > last_day()) date = last_day() + std::chrono::days(1);
    if (date <= first_day()) return Date::min();
    const std::size_t bit = index(date - std::chrono::days(1));
    std::size_t word = bit / 64;
    for (std::uint64_t rest = open_[word] << (63 - bit % 64) >> (63 - bit % 64);; rest = open_[word]) {
      if (rest != 0) return at(word * 64 + 63 - static_cast<std::size_t>(std::countl_zero(rest)));
      if (word-- == 0) return Date::min();
    }
  }

  /// The n-th session strictly after `date`, strictly before it for negative n; `date` itself for 0.
  [[nodiscard]] constexpr Date nth_session(Date date, int n) const noexcept {
    for (; n > 0 && date != Date::max(); --n) date = next_session(date);
    for (; n < 0 && date != Date::min(); ++n) date = previous_session(date);
    return date;
  }

  /// Known sessions in (from, to]; negative when `to` is earlier.
  [[nodiscard]] constexpr int sessions_between(Date from, Date to) const noexcept {
    return to < from ? -(through(from) - through(to)) : through(to) - through(from);
  }

  [[nodiscard]] static constexpr Date first_day() noexcept { return make_date(first_year, 1, 1); }
  [[nodiscard]] static constexpr Date last_day() noexcept { return make_date(last_year, 12, 31); }

  friend constexpr bool operator==(const TradingCalendar&, const TradingCalendar&) noexcept = default;

 private:
  static constexpr std::size_t words =
      static_cast<std::size_t>((make_date(last_year, 12, 31) - make_date(first_year, 1, 1)).count()) / 64 + 1;
  using Days = std::array<std::uint64_t, words>;

  constexpr TradingCalendar() noexcept {
    using namespace std::chrono;
    static_assert(weekday(make_date(first_year, 1, 1)) == Monday);
    const std::size_t end = index(last_day()) + 1;
    for (std::size_t bit = 0; bit < end; ++bit)
      if (bit % 7 < 5) open_[bit / 64] |= std::uint64_t{1} << bit % 64;
    for (int year = first_year; year <= last_year; ++year)
      detail::for_each_holiday(year, [this](Date date) { set(open_, date, false); });
    for (const Date date : detail::special_closures) set(open_, date, false);
    for (int year = first_year; year <= last_year; ++year)
      detail::for_each_half_day(year, [this](Date date) { add_half_day(date); });
    for (const Date date : detail::special_half_days) add_half_day(date);
  }

  [[nodiscard]] static constexpr bool known(Date date) noexcept { return date >= first_day() && date <= last_day(); }
  [[nodiscard]] static constexpr std::size_t index(Date date) noexcept {
    return static_cast<std::size_t>((date - first_day()).count());
  }
  [[nodiscard]] static constexpr Date at(std::size_t bit) noexcept {
    return first_day() + std::chrono::days(static_cast<int>(bit));
  }
  [[nodiscard]] static constexpr bool get(const Days& of, Date date) noexcept {
    return (of[index(date) / 64] >> index(date) % 64 & 1U) != 0;
  }
  static constexpr void set(Days& of, Date date, bool value) noexcept {
    const std::uint64_t mask = std::uint64_t{1} << index(date) % 64;
    std::uint64_t& word = of[index(date) / 64];
    word = value ? word | mask : word & ~mask;
  }
  /// Sessions from the first known day to `date`, both included.
  [[nodiscard]] constexpr int through(Date date) const noexcept {
    if (date < first_day()) return 0;
    const std::size_t bit = date > last_day() ? words * 64 - 1 : index(date);
    int count = 0;
    for (std::size_t word = 0; word < bit / 64; ++word) count += std::popcount(open_[word]);
    return count + std::popcount(open_[bit / 64] << (63 - bit % 64));
  }

  Days open_{};
  Days half_{};
};

}  // namespace alaris::inline v0
