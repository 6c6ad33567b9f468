// SPDX-License-Identifier: Apache-2.0
#pragma once
// How the limit of a working order moves: patient first, at the market's own price at last. Prices are what one spread
// costs per share (an exit that receives money has a negative cost), so one rule serves both directions.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <alaris/core/money.hpp>
#include <alaris/core/time.hpp>
#include <alaris/market/combination.hpp>
#include <alaris/market/ticks.hpp>

namespace alaris::inline v0 {

/// What a working order is to do now.
struct LadderStep {
  enum class Action : std::uint8_t { work, wait, cancel } action = Action::wait;
  Money limit{};  // most to pay per spread and share, when working

  friend bool operator==(const LadderStep&, const LadderStep&) = default;
};

namespace detail {

/// `share` of the way from mid to natural, on a tick no nearer to the market, never above `most`.
[[nodiscard]] inline LadderStep work_at(const CombinationPrice& price, double share, double most,
                                        const TickLadder& ticks) noexcept {
  const double aim = std::min(price.mid + share * price.crossing(), most);
  if (!(std::fabs(aim) < 1e6)) return {};
  return {.action = LadderStep::Action::work, .limit = away_from_market(ticks, OrderSide::buy, Money::rounded(aim))};
}

}  // namespace detail

/// Prices that an order of so many legs may carry in any class: cents for the net of several; a single option in the
/// coarser steps of classes outside the penny programme, which every class takes.
[[nodiscard]] inline TickLadder ticks_for(std::size_t legs) {
  return legs > 1 ? TickLadder::pennies() : TickLadder::outside_programme();
}

/// An entry: two minutes at mid plus a quarter of the gap to natural, one minute at natural, then it is cancelled.
///   elapsed     since the order first worked
///   price       of the combination now; nothing without a two-sided market: the order waits at its last price
///   most_to_pay dollars per share at which the edge still survives its costs; never exceeded. NaN: waits
[[nodiscard]] inline LadderStep entry_step(std::chrono::microseconds elapsed,
                                           const std::optional<CombinationPrice>& price, double most_to_pay,
                                           const TickLadder& ticks) noexcept {
  using namespace std::chrono_literals;
  if (elapsed >= 3min) return {.action = LadderStep::Action::cancel, .limit = {}};
  if (!price || most_to_pay != most_to_pay) return {};
  return detail::work_at(*price, elapsed < 2min ? 0.25 : 1.0, most_to_pay, ticks);
}

/// An exit: at mid, then a quarter of the gap nearer to natural every two minutes, and there until it is done.
///   least_to_receive  dollars per share below which the spread is not given away; see calendar_exit_floor
[[nodiscard]] inline LadderStep exit_step(std::chrono::microseconds elapsed,
                                          const std::optional<CombinationPrice>& price, double least_to_receive,
                                          const TickLadder& ticks) noexcept {
  using namespace std::chrono_literals;
  if (!price || least_to_receive != least_to_receive) return {};
  const auto quarters = std::clamp<std::int64_t>(elapsed / 2min, 0, 4);
  return detail::work_at(*price, 0.25 * static_cast<double>(quarters), -least_to_receive, ticks);
}

/// A long calendar of one strike is worth its intrinsic difference or more; it is never sold for five cents less.
[[nodiscard]] constexpr double calendar_exit_floor(double intrinsic_difference) noexcept {
  return (intrinsic_difference > 0.0 ? intrinsic_difference : 0.0) - 0.05;
}

/// How pressing an exit that is not done has become.
enum class ExitUrgency : std::uint8_t { closed, working, degraded, critical };

/// Exits work from 15 minutes after the open to 15 minutes before the close (09:45 to 15:45); an hour before the close
/// (15:00) the unfinished exit is degraded, half an hour before it (15:30) critical. Half days move with their close.
[[nodiscard]] constexpr ExitUrgency exit_urgency(Instant now, Instant open, Instant close) noexcept {
  using namespace std::chrono_literals;
  if (now < open + 15min || now >= close - 15min) return ExitUrgency::closed;
  if (now >= close - 30min) return ExitUrgency::critical;
  return now >= close - 60min ? ExitUrgency::degraded : ExitUrgency::working;
}

}  // namespace alaris::inline v0
