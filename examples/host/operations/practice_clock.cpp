// SPDX-License-Identifier: Apache-2.0
#include "operations/practice_clock.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include <fmt/format.h>

#include <alaris/market/new_york.hpp>

#include "host_error.hpp"

namespace alaris::host {

using namespace std::chrono_literals;

Instant system_now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

PracticeClock::PracticeClock(std::string_view words, double speed)
    : calendar_(TradingCalendar::nyse()), anchor_(system_now()), speed_(speed) {
  const auto refuse = [&] {
    return HostError(ExitCode::usage, fmt::format("--clock: '{}' is not a New York time (2024-05-01T15:30, with "
                                                  "@SECONDS since 1970 when several processes share it)",
                                                  words));
  };
  std::string_view time = words;
  if (const auto at = words.find('@'); at != std::string_view::npos) {
    double seconds = 0.0;
    const std::string_view text = words.substr(at + 1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || end != text.data() + text.size() || !(seconds > 0.0 && seconds < 1e11)) throw refuse();
    anchor_ = Instant(std::chrono::microseconds(static_cast<std::int64_t>(seconds * 1e6)));
    time = words.substr(0, at);
  }
  // As if the wall clock showed UTC; New York's offset comes from its own rules.
  const auto wall = parse_instant(std::string(time) + "Z");
  if (!wall || !(speed > 0.0 && speed <= 10'000.0)) throw refuse();
  const auto of_day = wall->time_since_epoch() - std::chrono::floor<std::chrono::days>(wall->time_since_epoch());
  starts_at_ = new_york_instant(Date(std::chrono::floor<std::chrono::days>(wall->time_since_epoch())), of_day);
  if (new_york_date(*starts_at_) < calendar_.first_day() || new_york_date(*starts_at_) > calendar_.last_day())
    throw refuse();
}

Instant PracticeClock::now() const {
  const Instant system = system_now();
  if (!starts_at_) return system;
  auto left = std::chrono::microseconds(
      static_cast<std::int64_t>(speed_ * static_cast<double>(std::max(0us, system - anchor_).count())));
  Instant at = *starts_at_;
  const Date first = new_york_date(at);
  // From five minutes before each session opens to five minutes after it closes.
  for (Date session = calendar_.is_session(first) ? first : calendar_.next_session(first);
       session <= calendar_.last_day(); session = calendar_.next_session(session)) {
    at = std::max(at, calendar_.open(session) - 5min);
    const auto room = std::max(0us, calendar_.close(session) + 5min - at);
    if (left < room) return at + left;
    left -= room;
    at += room;
  }
  return at;
}

std::chrono::microseconds PracticeClock::tolerance() const {
  return std::max<std::chrono::microseconds>(
      5s, std::chrono::microseconds(static_cast<std::int64_t>(practises() ? speed_ * 250'000.0 : 0.0)));
}

}  // namespace alaris::host
