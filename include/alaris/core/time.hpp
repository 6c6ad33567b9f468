// SPDX-License-Identifier: Apache-2.0
#pragma once
// Dates, instants and year fractions whose clock is part of the type.
//   Date           a civil date in New York; says nothing about the time of day
//   Instant        a point on the UTC time line; a Date never becomes one without a calendar
//   Years<Clock>   a year fraction; Act365 and TradingTime do not convert into each other
// Text is ISO 8601; parsers accept exactly what is documented and nothing else.

#include <charconv>
#include <chrono>
#include <compare>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace alaris::inline v0 {

using Date = std::chrono::local_days;
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

/// Actual days / 365 (fixed): the clock of discounting and of quoted volatility.
struct Act365 {};
/// Sessions count 1, non-trading days and half days by weight, normalised to a year of 1: the clock of diffusion.
struct TradingTime {};

template <class Clock>
struct Years {
  double value = 0.0;
  friend constexpr auto operator<=>(Years, Years) = default;
  friend constexpr Years operator+(Years a, Years b) noexcept { return {a.value + b.value}; }
  friend constexpr Years operator-(Years a, Years b) noexcept { return {a.value - b.value}; }
};

/// Act/365F between two instants; negative when `to` is earlier.
[[nodiscard]] constexpr Years<Act365> years_between(Instant from, Instant to) noexcept {
  return {static_cast<double>((to - from).count()) / (365.0 * 86400e6)};
}
[[nodiscard]] constexpr Years<Act365> years_between(Date from, Date to) noexcept {
  return {static_cast<double>((to - from).count()) / 365.0};
}

[[nodiscard]] constexpr Date make_date(int year, unsigned month, unsigned day) noexcept {
  using namespace std::chrono;
  return local_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day));
}
[[nodiscard]] constexpr std::chrono::year_month_day civil(Date date) noexcept {
  return std::chrono::year_month_day(date);
}
[[nodiscard]] constexpr std::chrono::weekday weekday_of(Date date) noexcept {
  return std::chrono::weekday(date);
}

namespace detail {
constexpr std::optional<int> digits(std::string_view text) noexcept {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}
}  // namespace detail

/// "2024-05-02", or nothing. Days that do not exist are refused.
[[nodiscard]] constexpr std::optional<Date> parse_date(std::string_view text) noexcept {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto y = detail::digits(text.substr(0, 4)), m = detail::digits(text.substr(5, 2)),
             d = detail::digits(text.substr(8, 2));
  if (!y || !m || !d) return std::nullopt;
  const std::chrono::year_month_day ymd{std::chrono::year(*y), std::chrono::month(static_cast<unsigned>(*m)),
                                        std::chrono::day(static_cast<unsigned>(*d))};
  if (!ymd.ok()) return std::nullopt;
  return Date(ymd);
}

/// "2024-05-02T16:00[:00[.123456]](Z|+hh:mm|-hh:mm)", or nothing. An instant without an offset is refused.
[[nodiscard]] constexpr std::optional<Instant> parse_instant(std::string_view text) noexcept {
  using namespace std::chrono;
  if (text.size() < 17 || text[10] != 'T' || text[13] != ':') return std::nullopt;
  const auto date = parse_date(text.substr(0, 10));
  const auto hour = detail::digits(text.substr(11, 2)), minute = detail::digits(text.substr(14, 2));
  if (!date || !hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  text.remove_prefix(16);
  microseconds within = hours(*hour) + minutes(*minute);
  if (text.front() == ':') {
    if (text.size() < 4) return std::nullopt;
    const auto second = detail::digits(text.substr(1, 2));
    if (!second || *second > 59) return std::nullopt;
    within += seconds(*second);
    text.remove_prefix(3);
    if (text.front() == '.') {
      text.remove_prefix(1);
      std::int64_t scale = 100'000;
      bool any = false;
      while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        if (scale == 0) return std::nullopt;
        within += microseconds((text.front() - '0') * scale);
        scale /= 10;
        any = true;
        text.remove_prefix(1);
      }
      if (!any) return std::nullopt;
    }
  }
  minutes offset{0};
  if (text == "Z") {
  } else if (text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':') {
    const auto h = detail::digits(text.substr(1, 2)), m = detail::digits(text.substr(4, 2));
    if (!h || !m || *h > 14 || *m > 59) return std::nullopt;
    offset = hours(*h) + minutes(*m);
    if (text[0] == '-') offset = -offset;
  } else {
    return std::nullopt;
  }
  return Instant(date->time_since_epoch()) + within - offset;
}

/// "2024-05-02"
[[nodiscard]] inline std::string to_string(Date date) {
  const auto ymd = civil(date);
  char out[16];
  std::snprintf(out, sizeof out, "%04d-%02u-%02u", static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                static_cast<unsigned>(ymd.day()));
  return out;
}

/// "2024-05-02T16:00:00-04:00"; microseconds only when there are any. The offset is the caller's (New York, UTC, ...).
[[nodiscard]] inline std::string to_string(Instant at, std::chrono::minutes offset = std::chrono::minutes{0}) {
  using namespace std::chrono;
  const auto local = local_time<microseconds>(at.time_since_epoch() + offset);
  const Date date = floor<days>(local);
  const auto within = hh_mm_ss<microseconds>(local - date);
  char out[48];
  int n = std::snprintf(out, sizeof out, "T%02d:%02d:%02d", static_cast<int>(within.hours().count()),
                        static_cast<int>(within.minutes().count()), static_cast<int>(within.seconds().count()));
  if (within.subseconds().count() != 0)
    n += std::snprintf(out + n, sizeof out - static_cast<std::size_t>(n), ".%06d",
                       static_cast<int>(within.subseconds().count()));
  const auto magnitude = static_cast<int>(abs(offset).count());
  std::snprintf(out + n, sizeof out - static_cast<std::size_t>(n), "%c%02d:%02d", offset.count() < 0 ? '-' : '+',
                magnitude / 60, magnitude % 60);
  return to_string(date) + out;
}

}  // namespace alaris::inline v0
