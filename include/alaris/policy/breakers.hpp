// SPDX-License-Identifier: Apache-2.0
#pragma once
// Breakers fold events into a state. The state is a plain value: it can be stored, restored and replayed.

#include <cstdint>

namespace alaris::inline v0 {

struct VixStressLimits {
  double trip = 40.0;   // strictly above
  double reset = 35.0;  // strictly below
};

/// Turbulence: while tripped, slippage budgets grow. Fed with closes; a missing or stale close trips it as well, and
/// `entries_blocked` holds from the second session without one.
struct VixStress {
  bool tripped = false;
  int sessions_without_close = 0;

  [[nodiscard]] constexpr bool entries_blocked() const noexcept { return sessions_without_close > 1; }

  /// The state after a session whose index closed at `close` (NaN: none).
  [[nodiscard]] constexpr VixStress after(double close, const VixStressLimits& limits = {}) const noexcept {
    if (!(close > 0.0)) return {.tripped = true, .sessions_without_close = sessions_without_close + 1};
    const bool still = tripped && !(close < limits.reset) && sessions_without_close == 0;
    return {.tripped = close > limits.trip || still, .sessions_without_close = 0};
  }
  friend constexpr bool operator==(const VixStress&, const VixStress&) = default;
};

/// No new positions for the rest of a session that lost too much; survives a restart because it is a value.
struct DailyLoss {
  std::int64_t halted_session = 0;  // days since epoch of the session it tripped in; 0: none

  [[nodiscard]] constexpr bool entries_blocked(std::int64_t session) const noexcept {
    return halted_session == session && session != 0;
  }
  [[nodiscard]] constexpr DailyLoss after(std::int64_t session, double loss, double limit) const noexcept {
    return loss > limit || loss != loss ? DailyLoss{session} : *this;
  }
  friend constexpr bool operator==(const DailyLoss&, const DailyLoss&) = default;
};

}  // namespace alaris::inline v0
