// SPDX-License-Identifier: Apache-2.0
#pragma once
// When a lost connection is expected: the broker's nightly reset, its weekend one, and the gateway's own restart.

#include <chrono>
#include <optional>

#include <alaris/core/time.hpp>
#include <alaris/market/new_york.hpp>

namespace alaris::gateway {

struct RestartWindows {
  /// Time of day in New York at which the gateway restarts itself; nothing when it is not configured.
  std::optional<std::chrono::minutes> gateway_restart{};
  std::chrono::minutes restart_takes{10};

  /// 00:15 to 01:45 every night, Friday 23:00 to Saturday 03:00, and the configured restart.
  [[nodiscard]] bool planned(Instant at) const noexcept {
    using namespace std::chrono_literals;
    const auto local = new_york_time_of_day(at);
    const auto day = weekday_of(new_york_date(at));
    if (local >= 15min && local < 105min) return true;
    if (day == std::chrono::Friday && local >= 23h) return true;
    if (day == std::chrono::Saturday && local < 3h) return true;
    return gateway_restart && local >= *gateway_restart && local < *gateway_restart + restart_takes;
  }
  /// Two minutes before the gateway restarts nothing is sent: bytes written then never arrive.
  [[nodiscard]] bool too_close_to_restart(Instant at) const noexcept {
    using namespace std::chrono_literals;
    if (!gateway_restart) return false;
    const auto local = new_york_time_of_day(at);
    const auto until = (*gateway_restart - local + 24h) % 24h;
    return until > 0us && until <= 2min;
  }

 private:
  [[nodiscard]] static std::chrono::microseconds new_york_time_of_day(Instant at) noexcept {
    const auto local = at + new_york_offset(at);
    return local - std::chrono::floor<std::chrono::days>(local);
  }
};

}  // namespace alaris::gateway
