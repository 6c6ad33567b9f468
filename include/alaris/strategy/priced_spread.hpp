// SPDX-License-Identifier: Apache-2.0
#pragma once
// A chosen spread as the calendars it consists of, with the event's variance taken out of its legs' volatilities.

#include <vector>

#include <alaris/strategy/atm_term.hpp>
#include <alaris/strategy/calendar_spread.hpp>
#include <alaris/volatility/event.hpp>
#include <alaris/volatility/event_calendar.hpp>

namespace alaris::inline v0 {

namespace detail {

/// The calendars a spread consists of (two for a double calendar), calibrated to the implied volatilities of its legs.
struct PricedSpread {
  std::vector<EventCalendar> parts;
  double sigma_base = not_known;
  double sigma_event = not_known;
  double front_iv = not_known;
  double back_iv = not_known;
};

inline PricedSpread price_spread(const PricedChain& priced, const CalendarSpread& spread) {
  PricedSpread result;
  double front = 0.0, back = 0.0;
  int rights = 0;
  for (const OptionType type : {OptionType::put, OptionType::call})
    if (spread.has(type)) {
      front += priced.implied_volatility({spread.front, spread.strike, type});
      back += priced.implied_volatility({spread.back, spread.strike, type});
      ++rights;
    }
  result.front_iv = front / rights;
  result.back_iv = back / rights;
  const Years<Act365> t1 = priced.to_expiry(spread.front), t2 = priced.to_expiry(spread.back);
  const auto split = event_split(EventModel::both_after, ExpiryVolatility<Act365>{t1, result.front_iv},
                                 ExpiryVolatility<Act365>{t2, result.back_iv});
  if (!split) return result;
  result.sigma_base = split->sigma_base;
  result.sigma_event = split->sigma_event;
  for (const OptionType type : {OptionType::put, OptionType::call})
    if (spread.has(type))
      result.parts.push_back({.type = type,
                              .spot = priced.chain->spot(),
                              .strike = spread.strike.dollars(),
                              .rate = priced.rate,
                              .front = t1,
                              .back = t2,
                              .front_base = split->sigma_base,
                              .back_base = split->sigma_base,
                              .sigma_event = split->sigma_event});
  return result;
}

/// Sum over the calendars of a spread; NaN when the spread could not be priced.
template <class F>
double over_parts(const PricedSpread& spread, F value) {
  if (spread.parts.empty()) return not_known;
  double sum = 0.0;
  for (const EventCalendar& part : spread.parts) sum += value(part);
  return sum;
}

}  // namespace detail
}  // namespace alaris::inline v0
