// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a calendar spread loses in each scenario of the stress set, revalued, and what a portfolio of them loses at
// worst. One spread, all its calendars, at the exit date unless a scenario says otherwise; the cost to close is always
// in.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <alaris/core/option.hpp>
#include <alaris/volatility/event_calendar.hpp>

namespace alaris::inline v0 {

/// Moves are in implied event standard deviations of the log price. "Crush": both legs fall to their base volatility.
enum class StressScenario : std::uint8_t {
  up_1,
  down_1,
  up_2,
  down_2,
  up_3,
  down_3,
  up_5,
  down_5,
  gap_up_no_crush,  // 2 sigma, and the event's variance stays in both legs
  gap_down_no_crush,
  crush_no_move,
  back_volatility,  // no move, and the back leg's volatility falls by 30 % of itself on top of the crush
  assigned,         // the front is assigned at the open after 2 sigma against it; the shares move a day before they go
  wide_exit,        // crush without move, closed at three times today's spread
  postponed         // the event comes a week later; a front that no longer spans it loses the event's variance
};
inline constexpr std::size_t stress_scenarios = 15;

[[nodiscard]] constexpr std::string_view name(StressScenario scenario) noexcept {
  constexpr std::string_view names[stress_scenarios] = {"up_1",
                                                        "down_1",
                                                        "up_2",
                                                        "down_2",
                                                        "up_3",
                                                        "down_3",
                                                        "up_5",
                                                        "down_5",
                                                        "gap_up_no_crush",
                                                        "gap_down_no_crush",
                                                        "crush_no_move",
                                                        "back_volatility",
                                                        "assigned",
                                                        "wide_exit",
                                                        "postponed"};
  return names[static_cast<std::size_t>(scenario)];
}

/// Losses of one position in dollars by scenario; positive is lost, NaN not known.
using StressLosses = std::array<double, stress_scenarios>;

[[nodiscard]] constexpr double loss_in(const StressLosses& losses, StressScenario scenario) noexcept {
  return losses[static_cast<std::size_t>(scenario)];
}

struct StressInputs {
  std::span<const EventCalendar> parts;  // of one spread
  Years<Act365> to_exit;
  double cost_to_close;        // dollars per spread: fees and crossing as budgeted
  double fees_to_close;        // dollars per spread
  double crossing;             // natural less mid, dollars per share, today
  bool front_spans_postponed;  // the front still trades after an event a week later
};

namespace detail {

/// The front at its intrinsic value at the open, the shares it left behind and the back leg a day's move later, the
/// worse of both directions.
[[nodiscard]] inline double value_if_assigned(const EventCalendar& part, double spot, Years<Act365> elapsed) noexcept {
  const double day = part.front_base / std::sqrt(252.0), years = std::max(part.back.value - elapsed.value, 0.0);
  const double in_the_money = sign(part.type) * (spot - part.strike);
  double worst = 0.0;
  for (const double move : {-day, day}) {
    const double later = spot * std::exp(move);
    const double held = event_leg(part, later, years, part.back_base * part.back_base * years).price;
    const double shares = in_the_money > 0.0 ? sign(part.type) * (part.strike - later) : 0.0;
    worst = move < 0.0 ? held + shares : std::min(worst, held + shares);
  }
  return worst;
}

}  // namespace detail

/// Dollars per spread. All NaN when the spread could not be priced.
[[nodiscard]] inline StressLosses stress_losses(const StressInputs& in) noexcept {
  StressLosses losses{};
  losses.fill(std::nan(""));
  if (in.parts.empty()) return losses;
  const auto value = [&](auto each) {
    double sum = 0.0;
    for (const EventCalendar& part : in.parts) sum += each(part);
    return sum;
  };
  const double debit = value([](const EventCalendar& part) { return event_calendar_greeks(part).debit; });
  const auto set = [&](StressScenario scenario, double worth, double cost) {
    losses[static_cast<std::size_t>(scenario)] = contract_multiplier * (debit - worth) + cost;
  };
  const auto moved = [](const EventCalendar& part, double sigmas) {
    return part.spot * std::exp(sigmas * part.sigma_event);
  };
  constexpr double moves[] = {1, -1, 2, -2, 3, -3, 5, -5};
  for (std::size_t i = 0; i < std::size(moves); ++i)
    set(static_cast<StressScenario>(i),
        value([&](const EventCalendar& part) { return value_after_event(part, moved(part, moves[i]), in.to_exit); }),
        in.cost_to_close);
  const auto uncrushed = [&](double sigmas) {
    return value([&](const EventCalendar& part) {
      return detail::calendar_at(part, moved(part, sigmas), in.to_exit, part.sigma_event * part.sigma_event).price;
    });
  };
  set(StressScenario::gap_up_no_crush, uncrushed(2.0), in.cost_to_close);
  set(StressScenario::gap_down_no_crush, uncrushed(-2.0), in.cost_to_close);
  const double quiet = value([&](const EventCalendar& part) { return value_after_event(part, part.spot, in.to_exit); });
  set(StressScenario::crush_no_move, quiet, in.cost_to_close);
  set(StressScenario::wide_exit, quiet, in.fees_to_close + contract_multiplier * 3.0 * in.crossing);
  set(StressScenario::back_volatility, value([&](EventCalendar part) {
        part.back_base *= 0.7;
        return value_after_event(part, part.spot, in.to_exit);
      }),
      in.cost_to_close);
  set(StressScenario::assigned, value([&](const EventCalendar& part) {
        return detail::value_if_assigned(part, moved(part, 2.0 * sign(part.type)), in.to_exit);
      }),
      in.cost_to_close);
  set(StressScenario::postponed, value([&](const EventCalendar& part) {
        const double jump = part.sigma_event * part.sigma_event;
        const double front = std::max(part.front.value - in.to_exit.value, 0.0);
        const double back = std::max(part.back.value - in.to_exit.value, 0.0);
        const double front_variance = part.front_base * part.front_base * front + (in.front_spans_postponed ? jump : 0);
        return detail::event_leg(part, part.spot, back, part.back_base * part.back_base * back + jump).price -
               detail::event_leg(part, part.spot, front, front_variance).price;
      }),
      in.cost_to_close);
  return losses;
}

/// Everything at risk is lost in every scenario: a position that cannot be revalued.
[[nodiscard]] inline StressLosses all_lost(double capital_at_risk) noexcept {
  StressLosses losses{};
  losses.fill(capital_at_risk);
  return losses;
}

/// One position in the stress of a portfolio.
struct StressedPosition {
  StressLosses losses;  // of the whole position
  bool same_night;      // its event falls in the night that is judged
};

/// The loss in the worst case, dollars: any one position in its worst scenario; all names of the night two sigmas up,
/// or down, together; every position with its back volatility down, or closed at three times its spread. NaN when any
/// loss is not known. A gain in a joint scenario offsets, a position alone never helps.
[[nodiscard]] inline double stress_loss(std::span<const StressedPosition> positions) noexcept {
  double alone = 0.0, up = 0.0, down = 0.0, back = 0.0, wide = 0.0, known = 0.0;
  for (const StressedPosition& position : positions) {
    for (const double loss : position.losses) {
      alone = std::max(alone, loss);
      known += loss;
    }
    if (position.same_night) {
      up += loss_in(position.losses, StressScenario::up_2);
      down += loss_in(position.losses, StressScenario::down_2);
    }
    back += loss_in(position.losses, StressScenario::back_volatility);
    wide += loss_in(position.losses, StressScenario::wide_exit);
  }
  return known == known ? std::max({alone, up, down, back, wide}) : std::nan("");
}

}  // namespace alaris::inline v0
