// SPDX-License-Identifier: Apache-2.0
#pragma once
// When a copy is due and how long it is kept. New York's wall clock, across its changes; no clock is read here.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <alaris/core/time.hpp>
#include <alaris/market/new_york.hpp>

namespace alaris::host {

/// The latest instant not after `now` at which New York's wall clock showed `time_of_day`. A time that the spring
/// change skips counts one hour later, one that the autumn change repeats counts the first time.
[[nodiscard]] constexpr Instant latest_daily(Instant now, std::chrono::minutes time_of_day) noexcept {
  const Date today = new_york_date(now);
  const Instant at = new_york_instant(today, time_of_day);
  return at <= now ? at : new_york_instant(today - std::chrono::days(1), time_of_day);
}

/// Whether the day's copy has still to be made.
[[nodiscard]] constexpr bool due(Instant now, std::chrono::minutes time_of_day,
                                 const std::optional<Instant>& newest) noexcept {
  return !newest || *newest < latest_daily(now, time_of_day);
}

enum class Kept : std::uint8_t { database, configuration, trades };

/// One kind of content of one copy.
struct KeptCopy {
  std::string id{};
  Instant made{};
  Kept what = Kept::database;
  bool verified = false;
};

struct Retention {
  std::chrono::days database{90}, configuration{365}, trades{1826};
  [[nodiscard]] constexpr std::chrono::days of(Kept what) const noexcept {
    return what == Kept::database ? database : what == Kept::configuration ? configuration : trades;
  }
};

/// What may be deleted: older than its time, and a newer verified copy of the same kind remains.
[[nodiscard]] inline std::vector<KeptCopy> expired(Instant now, std::span<const KeptCopy> copies,
                                                   const Retention& retention) {
  std::vector<KeptCopy> found;
  for (const KeptCopy& copy : copies) {
    if (now - copy.made <= retention.of(copy.what)) continue;
    for (const KeptCopy& other : copies)
      if (other.what == copy.what && other.verified && other.made > copy.made &&
          now - other.made <= retention.of(other.what)) {
        found.push_back(copy);
        break;
      }
  }
  return found;
}

}  // namespace alaris::host
