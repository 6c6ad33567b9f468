// SPDX-License-Identifier: Apache-2.0
#pragma once
// A long calendar spread across a scheduled event, priced as base diffusion plus one jump: its debit, its Greeks with
// the event where it is (not smeared into a volatility that is frozen), and what it is worth once the event has passed.
//   source   Leung & Santoli, 2014; European options on a carried underlying (American value: de-Americanise the
//            quotes first); closed forms throughout, also the expected profit over the event
//   units    dollars per share, theta per year, every vega per 1.00; long the back expiry, short the front, same strike
//   error    golden values to the last printed digit; 1e-12 of the spot against quadrature over the event's move

#include <algorithm>
#include <cmath>

#include <alaris/core/expected.hpp>
#include <alaris/core/option.hpp>
#include <alaris/core/time.hpp>
#include <alaris/numeric/normal.hpp>
#include <alaris/numeric/roots.hpp>
#include <alaris/volatility/event.hpp>

namespace alaris::inline v0 {

/// Both expiries lie behind the event, the event lies ahead. Implied volatility of a leg: sqrt(base^2 + event^2 / T).
struct EventCalendar {
  OptionType type = OptionType::call;
  double spot;
  double strike;
  double rate;
  double dividend_yield = 0.0;
  Years<Act365> front;
  Years<Act365> back;
  double front_base;  // volatility without the event, per square root of a year
  double back_base;
  double sigma_event;  // standard deviation of the event's log move
};

/// Base volatilities of both legs from their implied ones: base^2 = iv^2 - event^2 / T.
///   error   invalid_input (T, volatility or event volatility outside its domain), negative_base_variance
[[nodiscard]] inline expected<EventCalendar, EventFault> with_implied_volatilities(EventCalendar calendar,
                                                                                   double front_implied,
                                                                                   double back_implied) noexcept {
  if (!(calendar.front.value > 0.0) || !(calendar.back > calendar.front) || !(front_implied >= 0.0) ||
      !(back_implied >= 0.0) || !(calendar.sigma_event >= 0.0) || !std::isfinite(front_implied + back_implied))
    return unexpected(EventFault::invalid_input);
  const double jump = calendar.sigma_event * calendar.sigma_event;
  const double front = front_implied * front_implied - jump / calendar.front.value;
  const double back = back_implied * back_implied - jump / calendar.back.value;
  if (front < 0.0 || back < 0.0) return unexpected(EventFault::negative_base_variance);
  calendar.front_base = std::sqrt(front);
  calendar.back_base = std::sqrt(back);
  return calendar;
}

struct EventCalendarGreeks {
  double debit;
  double delta;
  double gamma;
  double theta;            // time passes, base and event volatility stay: what a quiet day earns
  double theta_frozen_iv;  // time passes, both implied volatilities stay: what ordinary software reports
  double vega_base;        // both base volatilities move together
  double vega_event;       // negative: a long calendar is short event volatility
  double vega_parallel;    // both implied volatilities move together
};

namespace detail {

/// A European option as a function of spot and total variance.
struct EventLeg {
  double price;
  double delta;
  double gamma;
  double by_variance;     // d price / d total variance
  double theta_of_rates;  // d price / d (calendar time) at fixed total variance
};

[[nodiscard]] inline EventLeg event_leg(const EventCalendar& c, double spot, double years, double variance) noexcept {
  const double w = sign(c.type), discount = std::exp(-c.rate * years), carry = std::exp(-c.dividend_yield * years);
  const double stock = spot * carry, paid = c.strike * discount;
  if (!(variance > 0.0)) {  // at or after expiry, or no volatility: the discounted intrinsic value
    const double in = w * (stock - paid) > 0.0 ? 1.0 : 0.0;
    return {.price = std::max(w * (stock - paid), 0.0),
            .delta = in * w * carry,
            .gamma = 0.0,
            .by_variance = 0.0,
            .theta_of_rates = in * w * (c.dividend_yield * stock - c.rate * paid)};
  }
  const double stdev = std::sqrt(variance), d1 = std::log(stock / paid) / stdev + 0.5 * stdev, d2 = d1 - stdev;
  const double in_stock = w * stock * normal_cdf(w * d1), in_cash = w * paid * normal_cdf(w * d2);
  return {.price = in_stock - in_cash,
          .delta = in_stock / spot,
          .gamma = carry * normal_pdf(d1) / (spot * stdev),
          .by_variance = 0.5 * stock * normal_pdf(d1) / stdev,
          .theta_of_rates = c.dividend_yield * in_stock - c.rate * in_cash};
}

/// Back minus front at `spot`, `elapsed` later, base volatilities plus a variance common to both legs.
[[nodiscard]] inline EventLeg calendar_at(const EventCalendar& c, double spot, Years<Act365> elapsed,
                                          double extra_variance) noexcept {
  const double front = std::max(c.front.value - elapsed.value, 0.0), back = std::max(c.back.value - elapsed.value, 0.0);
  const EventLeg sold = event_leg(c, spot, front, c.front_base * c.front_base * front + extra_variance);
  const EventLeg held = event_leg(c, spot, back, c.back_base * c.back_base * back + extra_variance);
  return {held.price - sold.price, held.delta - sold.delta, held.gamma - sold.gamma,
          held.by_variance - sold.by_variance, held.theta_of_rates - sold.theta_of_rates};
}

}  // namespace detail

/// Value and Greeks now, before the event.
///   domain   spot, strike > 0; 0 < front < back; volatilities >= 0; otherwise NaN results
[[nodiscard]] inline EventCalendarGreeks event_calendar_greeks(const EventCalendar& c) noexcept {
  const bool in_domain = c.spot > 0.0 && c.strike > 0.0 && c.front.value > 0.0 && c.back > c.front &&
                         c.front_base >= 0.0 && c.back_base >= 0.0 && c.sigma_event >= 0.0;
  if (!in_domain) {
    const double none = std::nan("");
    return {none, none, none, none, none, none, none, none};
  }
  const double jump = c.sigma_event * c.sigma_event, t1 = c.front.value, t2 = c.back.value;
  const double front_rate = c.front_base * c.front_base, back_rate = c.back_base * c.back_base;
  const double w1 = front_rate * t1 + jump, w2 = back_rate * t2 + jump;
  const detail::EventLeg front = detail::event_leg(c, c.spot, t1, w1), back = detail::event_leg(c, c.spot, t2, w2);
  const double carried = back.theta_of_rates - front.theta_of_rates;
  return {.debit = back.price - front.price,
          .delta = back.delta - front.delta,
          .gamma = back.gamma - front.gamma,
          .theta = carried - back.by_variance * back_rate + front.by_variance * front_rate,
          .theta_frozen_iv = carried - back.by_variance * w2 / t2 + front.by_variance * w1 / t1,
          .vega_base = 2.0 * (back.by_variance * c.back_base * t2 - front.by_variance * c.front_base * t1),
          .vega_event = 2.0 * c.sigma_event * (back.by_variance - front.by_variance),
          .vega_parallel = 2.0 * (back.by_variance * std::sqrt(w2 * t2) - front.by_variance * std::sqrt(w1 * t1))};
}

/// What the spread is worth at `spot` when the event has passed and `elapsed` has gone by: base volatilities only, an
/// expired leg at its intrinsic value.
[[nodiscard]] inline double value_after_event(const EventCalendar& calendar, double spot,
                                              Years<Act365> elapsed = {}) noexcept {
  return detail::calendar_at(calendar, spot, elapsed, 0.0).price;
}
/// Its delta then.
[[nodiscard]] inline double delta_after_event(const EventCalendar& calendar, double spot,
                                              Years<Act365> elapsed = {}) noexcept {
  return detail::calendar_at(calendar, spot, elapsed, 0.0).delta;
}
/// Profit against the debit after a log move of the stock over the event, revalued, costs left out.
[[nodiscard]] inline double event_pnl(const EventCalendar& calendar, double log_move,
                                      Years<Act365> elapsed = {}) noexcept {
  return value_after_event(calendar, calendar.spot * std::exp(log_move), elapsed) -
         event_calendar_greeks(calendar).debit;
}
/// The worse profit of a move by plus and by minus `sigmas` event volatilities; a loss is negative.
[[nodiscard]] inline double worst_event_pnl(const EventCalendar& calendar, double sigmas,
                                            Years<Act365> elapsed = {}) noexcept {
  const double move = sigmas * calendar.sigma_event;
  return std::min(event_pnl(calendar, move, elapsed), event_pnl(calendar, -move, elapsed));
}

/// What the event really does: its physical log standard deviation, and how long and how volatile the wait until the
/// spread is revalued is.
struct PhysicalEvent {
  double sigma_event;
  Years<Act365> elapsed{};
  double diffusion = 0.0;  // realised volatility over `elapsed`, per square root of a year
};

/// Expected profit when the stock's move is exp(N(-v/2, v)), v = sigma_event^2 + diffusion^2 elapsed, around its
/// forward, and the spread is then revalued at base volatilities. Exact: the mean of a Black price over a lognormal
/// move is the Black price with that variance added. 0 when sigma_event is the implied one and nothing elapses.
[[nodiscard]] inline double expected_event_pnl(const EventCalendar& calendar, const PhysicalEvent& physical) noexcept {
  const double elapsed = physical.elapsed.value;
  const double spot = calendar.spot * std::exp((calendar.rate - calendar.dividend_yield) * elapsed);
  const double moved = physical.sigma_event * physical.sigma_event + physical.diffusion * physical.diffusion * elapsed;
  return detail::calendar_at(calendar, spot, physical.elapsed, moved).price - event_calendar_greeks(calendar).debit;
}

/// Spots between which the spread is worth at least its debit after the event.
struct BreakEvens {
  double lower;
  double upper;
};

/// To 1e-11 of the strike; both NaN when the spread is below its debit even at the strike.
[[nodiscard]] inline BreakEvens break_evens_after_event(const EventCalendar& calendar,
                                                        Years<Act365> elapsed = {}) noexcept {
  const double debit = event_calendar_greeks(calendar).debit;
  const auto gain = [&](double spot) { return value_after_event(calendar, spot, elapsed) - debit; };
  if (!(gain(calendar.strike) >= 0.0)) return {std::nan(""), std::nan("")};
  const auto edge = [&](double factor) {
    double inside = calendar.strike, outside = calendar.strike * factor;
    for (int i = 0; i < 60 && gain(outside) >= 0.0; ++i) inside = outside, outside *= factor;
    return find_root(gain, {inside, outside}, 1e-11 * calendar.strike).value_or(std::nan(""));
  };
  return {edge(0.97), edge(1.0 / 0.97)};
}

}  // namespace alaris::inline v0
