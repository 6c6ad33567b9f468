// SPDX-License-Identifier: Apache-2.0
#pragma once
// New York's clock by rule, without a time-zone database: US daylight saving time since 1967.
//   source   Uniform Time Act of 1966; Energy Policy Act of 2005 (from 2007); 1974-1975 by the Emergency Daylight
//            Saving Time Energy Conservation Act and its amendment

#include <chrono>
#include <string>

#include <alaris/core/time.hpp>

namespace alaris::inline v0 {
namespace detail {

/// First day of daylight saving time and first day of standard time after it; both switch at 02:00 local time.
struct DaylightSaving {
  Date begins;
  Date ends;
};

[[nodiscard]] constexpr Date nth_sunday(std::chrono::year year, unsigned month, unsigned n) noexcept {
  using namespace std::chrono;
  return local_days(year_month_weekday(year, std::chrono::month(month), Sunday[n]));
}
[[nodiscard]] constexpr Date last_sunday(std::chrono::year year, unsigned month) noexcept {
  using namespace std::chrono;
  return local_days(year_month_weekday_last(year, std::chrono::month(month), weekday_last(Sunday)));
}

[[nodiscard]] constexpr DaylightSaving daylight_saving(std::chrono::year year) noexcept {
  const int y = static_cast<int>(year);
  if (y >= 2007) return {nth_sunday(year, 3, 2), nth_sunday(year, 11, 1)};
  if (y >= 1987) return {nth_sunday(year, 4, 1), last_sunday(year, 10)};
  if (y == 1974) return {make_date(1974, 1, 6), last_sunday(year, 10)};
  if (y == 1975) return {make_date(1975, 2, 23), last_sunday(year, 10)};
  return {last_sunday(year, 4), last_sunday(year, 10)};
}

}  // namespace detail

/// Offset from UTC of New York local time at an instant: -4 h or -5 h. Domain: 1967 and later.
[[nodiscard]] constexpr std::chrono::minutes new_york_offset(Instant at) noexcept {
  using namespace std::chrono;
  constexpr minutes standard = -hours(5), daylight = -hours(4);
  const local_time<microseconds> winter(at.time_since_epoch() + standard);
  const auto saving = detail::daylight_saving(civil(floor<days>(winter)).year());
  // Both switches, on the standard-time line: 02:00 standard in spring, 02:00 daylight = 01:00 standard in autumn.
  return winter >= saving.begins + hours(2) && winter < saving.ends + hours(1) ? daylight : standard;
}

/// The instant of a New York wall-clock time, given as time since midnight. In the hour that occurs twice in autumn the
/// first (daylight) one; a time skipped in spring is read as standard time, one hour later on the wall.
[[nodiscard]] constexpr Instant new_york_instant(Date date, std::chrono::microseconds time_of_day) noexcept {
  using namespace std::chrono;
  const Instant as_daylight(date.time_since_epoch() + time_of_day + hours(4));
  return new_york_offset(as_daylight) == -hours(4) ? as_daylight : as_daylight + hours(1);
}

/// The date a New York wall calendar shows at an instant.
[[nodiscard]] constexpr Date new_york_date(Instant at) noexcept {
  return Date(std::chrono::floor<std::chrono::days>(at.time_since_epoch() + new_york_offset(at)));
}

/// ISO 8601 text in New York time: "2024-05-02T16:00:00-04:00".
[[nodiscard]] inline std::string new_york_text(Instant at) {
  return to_string(at, new_york_offset(at));
}

}  // namespace alaris::inline v0
