// SPDX-License-Identifier: Apache-2.0
#pragma once
// Breakers fold events into a state. The state is a plain value of whole numbers: it can be stored, restored and
// replayed (breaker_text.hpp). Instants are microseconds since 1970 UTC (Instant::time_since_epoch().count()), sessions
// are days since 1970 of the session's date; the caller's calendar makes both.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

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
  bool high = false;  // above the trip level and not yet below the reset level: silence in between does not reset it

  [[nodiscard]] constexpr bool entries_blocked() const noexcept { return sessions_without_close > 1; }

  /// The state after a session whose index closed at `close` (NaN: none).
  [[nodiscard]] constexpr VixStress after(double close, const VixStressLimits& limits = {}) const noexcept {
    if (!(close > 0.0)) return {.tripped = true, .sessions_without_close = sessions_without_close + 1, .high = high};
    const bool now_high = close > limits.trip || (high && close >= limits.reset);
    return {.tripped = now_high, .sessions_without_close = 0, .high = now_high};
  }
  friend constexpr bool operator==(const VixStress&, const VixStress&) = default;
};

/// The same levels within a session: a tick beyond one counts once it has stood for 15 minutes. Feed ticks between
/// 09:31 and 16:00 New York only; one that is not known interrupts the confirmation.
struct VixConfirmation {
  static constexpr std::int64_t standing = 15 * 60'000'000LL;
  bool high = false;
  bool turning = false;  // beyond the level that would change `high`
  std::int64_t turning_since = 0;

  [[nodiscard]] constexpr VixConfirmation after(std::int64_t at, double value,
                                                const VixStressLimits& limits = {}) const noexcept {
    const bool beyond = high ? value > 0.0 && value < limits.reset : value > limits.trip;
    if (!beyond) return {.high = high, .turning = false, .turning_since = 0};
    const std::int64_t since = turning ? turning_since : at;
    if (at - since >= standing) return {.high = !high, .turning = false, .turning_since = 0};
    return {.high = high, .turning = true, .turning_since = since};
  }
  friend constexpr bool operator==(const VixConfirmation&, const VixConfirmation&) = default;
};

struct DailyLossLimits {
  double max_loss = 15'000.0;              // dollars, strictly more trips
  std::int64_t standing_for = 60'000'000;  // microseconds, on executable marks
};

/// What the account has lost since the previous session's close: realised, unrealised and fees; NaN where a position
/// has no two-sided quote or the time is outside 09:45 to the close.
struct LossMark {
  std::int64_t at;
  std::int64_t session;
  double at_executable;  // dollars, positive when losing
  double at_mid;
};

/// No new positions for the rest of a session that lost too much; survives a restart because it is a value. A loss at
/// executable marks must stand for a minute, because a wide quote is not a loss; one at midpoints counts at once.
struct DailyLoss {
  std::int64_t session = 0;         // of the last mark
  std::int64_t halted_session = 0;  // the session it tripped in; 0: none
  bool marked = false;              // the last mark was valid
  bool losing = false;              // beyond the limit at executable marks
  std::int64_t losing_since = 0;

  [[nodiscard]] constexpr bool tripped(std::int64_t today) const noexcept {
    return halted_session == today && halted_session != 0;
  }
  /// No valid mark today, no entries.
  [[nodiscard]] constexpr bool entries_blocked(std::int64_t today) const noexcept {
    return tripped(today) || session != today || !marked;
  }
  [[nodiscard]] constexpr DailyLoss after(const LossMark& mark, const DailyLossLimits& limits = {}) const noexcept {
    DailyLoss next =
        mark.session == session ? *this : DailyLoss{.session = mark.session, .halted_session = halted_session};
    next.marked = mark.at_executable == mark.at_executable;
    if (mark.at_executable > limits.max_loss) {
      if (!next.losing) next.losing_since = mark.at;
      next.losing = true;
    } else if (next.marked) {  // an unknown mark proves nothing either way
      next.losing = false;
      next.losing_since = 0;
    }
    const bool stands = next.losing && next.marked && mark.at - next.losing_since >= limits.standing_for;
    if (stands || mark.at_mid > limits.max_loss) next.halted_session = mark.session;
    return next;
  }
  friend constexpr bool operator==(const DailyLoss&, const DailyLoss&) = default;
};

namespace detail {
/// A person's reason says something.
[[nodiscard]] constexpr bool stated(std::string_view reason) noexcept {
  return reason.find_first_not_of(" \t\r\n") != std::string_view::npos;
}
}  // namespace detail

/// What became of an order that should not have. The last two do not count as failures.
enum class ExecutionEvent : std::uint8_t {
  reject,
  no_acknowledgement,  // none in 10 s
  unrequested_cancel,
  unbalanced_legs,
  ladder_expired,
  reject_in_halt
};

[[nodiscard]] constexpr bool is_failure(ExecutionEvent event) noexcept {
  return event != ExecutionEvent::ladder_expired && event != ExecutionEvent::reject_in_halt;
}

/// Too many failures in one session: latched until a person clears it with a reason.
struct ExecutionFailures {
  std::int64_t session = 0;
  int count = 0;
  bool latched = false;

  [[nodiscard]] constexpr ExecutionFailures after(std::int64_t today, ExecutionEvent event,
                                                  int max_failures = 5) const noexcept {
    const int now = (today == session ? count : 0) + is_failure(event);
    return {.session = today, .count = now, .latched = latched || now >= max_failures};
  }
  [[nodiscard]] constexpr ExecutionFailures cleared(std::string_view reason) const noexcept {
    return detail::stated(reason) ? ExecutionFailures{.session = session, .count = 0, .latched = false} : *this;
  }
  friend constexpr bool operator==(const ExecutionFailures&, const ExecutionFailures&) = default;
};

/// What closed trades really cost against what was budgeted, the last ten of them together: beyond one and a half times
/// the budget the model of costs is wrong and no entry rests on it. Latched until a person clears it with a reason.
struct CostOverrun {
  static constexpr std::size_t window = 10;
  std::array<std::int64_t, window> realised{};  // cents, the oldest is written over
  std::array<std::int64_t, window> modelled{};
  std::int64_t trades = 0;  // since the last clearing
  bool latched = false;

  /// The state after a trade closed; cents for fees and crossing of the round trip. More than 3 / 2 of the budget
  /// trips.
  [[nodiscard]] constexpr CostOverrun after(std::int64_t cost, std::int64_t budget) const noexcept {
    CostOverrun next = *this;
    const auto at = static_cast<std::size_t>(trades % static_cast<std::int64_t>(window));
    next.realised[at] = cost;
    next.modelled[at] = budget;
    ++next.trades;
    std::int64_t paid = 0, planned = 0;
    for (std::size_t i = 0; i < window; ++i) {
      paid += next.realised[i];
      planned += next.modelled[i];
    }
    next.latched = latched || (next.trades >= static_cast<std::int64_t>(window) && 2 * paid > 3 * planned);
    return next;
  }
  [[nodiscard]] constexpr CostOverrun cleared(std::string_view reason) const noexcept {
    return detail::stated(reason) ? CostOverrun{} : *this;
  }
  friend constexpr bool operator==(const CostOverrun&, const CostOverrun&) = default;
};

/// From weakest to strongest; a stronger command replaces a weaker one, never the other way.
enum class KillCommand : std::uint8_t { none, reduce_only, halt, flatten };

[[nodiscard]] constexpr std::string_view name(KillCommand command) noexcept {
  constexpr std::string_view names[] = {"none", "reduce_only", "halt", "flatten"};
  return names[static_cast<std::size_t>(command)];
}

/// Pulled by a person or by a P0; survives everything; let go only by a person with a reason.
struct KillSwitch {
  KillCommand command = KillCommand::none;

  [[nodiscard]] constexpr KillSwitch after(KillCommand pulled) const noexcept {
    return {.command = pulled > command ? pulled : command};
  }
  [[nodiscard]] constexpr KillSwitch cleared(std::string_view reason) const noexcept {
    return {.command = detail::stated(reason) ? KillCommand::none : command};
  }
  friend constexpr bool operator==(const KillSwitch&, const KillSwitch&) = default;
};

/// One name whose market is not open for business: a halt, a limit state, or 30 s without a two-sided quote. Entries
/// freeze and exit ladders pause until 5 minutes after it reopened.
struct MarketHalt {
  static constexpr std::int64_t silence = 30'000'000, settling = 300'000'000;
  bool halted = false;
  bool quoted = false;  // a two-sided quote was seen
  std::int64_t last_quote = 0;
  std::int64_t reopened = 0;

  [[nodiscard]] constexpr MarketHalt after_halt() const noexcept {
    MarketHalt next = *this;
    next.halted = true;
    return next;
  }
  [[nodiscard]] constexpr MarketHalt after_reopening(std::int64_t at) const noexcept {
    MarketHalt next = *this;
    next.halted = false;
    next.reopened = at;
    return next;
  }
  /// A two-sided quote; the first after a silence is a reopening.
  [[nodiscard]] constexpr MarketHalt after_two_sided_quote(std::int64_t at) const noexcept {
    MarketHalt next = *this;
    if (!quoted || at - last_quote >= silence) next.reopened = at;
    next.quoted = true;
    next.last_quote = at;
    return next;
  }
  /// Nobody trades it now, settled or not.
  [[nodiscard]] constexpr bool closed(std::int64_t now) const noexcept {
    return halted || !quoted || now - last_quote >= silence;
  }
  [[nodiscard]] constexpr bool frozen(std::int64_t now) const noexcept {
    return closed(now) || now - reopened < settling;
  }
  friend constexpr bool operator==(const MarketHalt&, const MarketHalt&) = default;
};

/// What may be sent. In reduce_only and in halted only orders that reduce risk; a halt is also latched until a person
/// clears it, its working entries are cancelled and its exit ladders wait for that person.
enum class TradingState : std::uint8_t { active, reduce_only, halted };

[[nodiscard]] constexpr std::string_view name(TradingState state) noexcept {
  switch (state) {
    case TradingState::active:
      return "active";
    case TradingState::reduce_only:
      return "reduce_only";
    case TradingState::halted:
      return "halted";
  }
  return "unknown";
}

/// The breakers of one account together: what is stored across restarts.
struct Breakers {
  VixStress vix{};
  DailyLoss daily_loss{};
  ExecutionFailures failures{};
  KillSwitch kill{};
  CostOverrun cost{};
  VixConfirmation vix_now{};     // the index within the session
  std::int64_t vix_session = 0;  // of its last tick

  [[nodiscard]] constexpr TradingState state(std::int64_t today) const noexcept {
    if (kill.command >= KillCommand::halt || failures.latched) return TradingState::halted;
    const bool blocked = kill.command == KillCommand::reduce_only || cost.latched ||
                         daily_loss.entries_blocked(today) || vix.entries_blocked();
    return blocked ? TradingState::reduce_only : TradingState::active;
  }
  friend constexpr bool operator==(const Breakers&, const Breakers&) = default;
};

}  // namespace alaris::inline v0
