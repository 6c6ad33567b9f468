// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the short leg of a calendar can do before it is closed: how likely its holder exercises early with reason, what
// that takes, the dividends owed, and what borrowing the stock costs at least by the quotes.

#include <algorithm>
#include <cmath>
#include <span>

#include <alaris/market/events.hpp>
#include <alaris/market/quote.hpp>
#include <alaris/numeric/normal.hpp>
#include <alaris/pricing/american_early_exercise.hpp>
#include <alaris/volatility/event_calendar.hpp>

namespace alaris::inline v0 {

struct AssignmentOutlook {
  double probability;  // risk-neutral: the stock stands where early exercise is rational, on the last day that counts
  double cost;         // dollars per share that the holder gains there
};

namespace detail {
/// P(the stock is above `level` at `years`), base diffusion and, when it lies before, the event.
[[nodiscard]] inline double chance_above(const EventCalendar& c, double level, double years,
                                         bool event_before) noexcept {
  const double variance = c.front_base * c.front_base * years + (event_before ? c.sigma_event * c.sigma_event : 0.0);
  const double forward = c.spot * std::exp((c.rate - c.dividend_yield) * years);
  if (!(variance > 0.0)) return forward > level ? 1.0 : 0.0;
  const double stdev = std::sqrt(variance);
  return normal_cdf((std::log(forward / level) - 0.5 * variance) / stdev);
}
[[nodiscard]] inline AmericanInputs front_at(const EventCalendar& c, double spot, double elapsed) noexcept {
  return {.type = c.type,
          .spot = spot,
          .strike = c.strike,
          .years = c.front.value - elapsed,
          .rate = c.rate,
          .yield = c.dividend_yield,
          .volatility = c.front_base};
}
/// Where a yes turns into a no between a yes at `yes` and a no at `no`: bisection to 1e-10 of the strike.
template <class Rational>
[[nodiscard]] double exercise_level(double yes, double no, double strike, Rational rational) noexcept {
  while (std::fabs(yes - no) > 1e-10 * strike) {
    const double middle = 0.5 * (yes + no);
    (rational(middle) ? yes : no) = middle;
  }
  return yes;
}
}  // namespace detail

/// A short put on the planned exit date, after the event: rational below the level at which the interest on the strike
/// exceeds the call that the put contains. 0 where interest pays nothing.
[[nodiscard]] inline AssignmentOutlook put_assignment(const EventCalendar& c, Years<Act365> to_exit) noexcept {
  const double tau = c.front.value - to_exit.value;
  if (!(c.spot > 0.0) || !(c.strike > 0.0) || !(tau >= 0.0) || !(c.front_base >= 0.0) || !(c.sigma_event >= 0.0) ||
      !std::isfinite(c.rate))
    return {not_known, not_known};
  const auto rational = [&](double spot) {
    return put_exercise_now(detail::front_at(c, spot, to_exit.value)).rational();
  };
  const double deep = 1e-6 * c.strike;
  if (!rational(deep)) return {0.0, 0.0};
  const double level = detail::exercise_level(deep, c.strike, c.strike, rational);
  return {1.0 - detail::chance_above(c, level, to_exit.value, true), c.strike * (1.0 - std::exp(-c.rate * tau))};
}

/// A short call on the session before the share goes ex at `to_ex`: rational above the level at which the dividend
/// exceeds the interest on the strike and the put that the call contains. NaN for an amount that nobody stated.
[[nodiscard]] inline AssignmentOutlook call_assignment(const EventCalendar& c, Years<Act365> to_ex, double dividend,
                                                       bool event_before) noexcept {
  if (!(dividend >= 0.0) || !(c.spot > 0.0) || !(c.strike > 0.0) || !(c.front_base >= 0.0) || !(c.sigma_event >= 0.0) ||
      !(to_ex.value >= 0.0))
    return {not_known, not_known};
  const auto rational = [&](double spot) {
    return call_exercise_before_dividend(detail::front_at(c, spot, to_ex.value), dividend).rational();
  };
  const double deep = 1e3 * c.strike;
  if (to_ex > c.front || !rational(deep)) return {0.0, 0.0};
  const double level = detail::exercise_level(deep, c.strike, c.strike, rational);
  return {detail::chance_above(c, level, to_ex.value, event_before), dividend};
}

namespace detail {
/// The likelier of two assignments, and what both would take.
[[nodiscard]] inline AssignmentOutlook both(const AssignmentOutlook& one, const AssignmentOutlook& other) noexcept {
  const double sum = one.probability + other.probability;  // not known when either is not
  return {sum == sum ? std::max(one.probability, other.probability) : not_known, one.cost + other.cost};
}
}  // namespace detail

/// The assignment of the short leg of one calendar before the planned exit: of a call, the likeliest of its dividends.
///   dividends  as known, from the session `today` on
[[nodiscard]] inline AssignmentOutlook short_leg_outlook(const EventCalendar& part, std::span<const Dividend> dividends,
                                                         Date today, Date event, Date exit,
                                                         Years<Act365> to_exit) noexcept {
  if (part.type == OptionType::put) return put_assignment(part, to_exit);
  AssignmentOutlook all{0.0, 0.0};
  for (const Dividend& d : dividends)
    if (d.ex_date > today && d.ex_date <= exit)
      all = detail::both(all, call_assignment(part, years_between(today, d.ex_date), d.amount, event < d.ex_date));
  return all;
}

/// The likeliest assignment of the short legs of a spread before the planned exit, and what all of them would take.
[[nodiscard]] inline AssignmentOutlook assignment_outlook(std::span<const EventCalendar> parts,
                                                          std::span<const Dividend> dividends, Date today, Date event,
                                                          Date exit, Years<Act365> to_exit) noexcept {
  if (parts.empty()) return {not_known, not_known};
  AssignmentOutlook all{0.0, 0.0};
  for (const EventCalendar& part : parts)
    all = detail::both(all, short_leg_outlook(part, dividends, today, event, exit, to_exit));
  return all;
}

/// Dividends per share that go ex after `today` and on or before `front`; NaN for an amount that nobody stated.
[[nodiscard]] inline double dividends_until(std::span<const Dividend> dividends, Date today, Date front) noexcept {
  double sum = 0.0;
  for (const Dividend& d : dividends)
    if (d.ex_date > today && d.ex_date <= front) sum += d.amount;
  return sum;
}

/// One strike of one expiry, to ask what its quotes prove about the cost of borrowing the stock.
struct BorrowQuotes {
  double spot;
  double strike;
  double call_ask;
  double put_bid;
  double present_dividends;
  Years<Act365> to_expiry;
};

/// The least cost of borrow a year that leaves no profit in buying the call, selling the put (which may be exercised at
/// once) and selling the share short: S e^{-bT} <= C_ask - P_bid + K + PV(D). 0 when the quotes prove nothing; NaN
/// outside the domain. Fair quotes without borrow cost prove 0.
[[nodiscard]] inline double least_borrow(const BorrowQuotes& q) noexcept {
  const double paid = q.call_ask - q.put_bid + q.strike + q.present_dividends;
  if (!(q.spot > 0.0) || !(q.strike > 0.0) || !(q.to_expiry.value > 0.0) || !(paid > 0.0)) return not_known;
  return std::max(std::log(q.spot / paid) / q.to_expiry.value, 0.0);
}

}  // namespace alaris::inline v0
