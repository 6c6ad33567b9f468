// SPDX-License-Identifier: Apache-2.0
#pragma once
// A chosen spread as the calendars it consists of, with the event's variance taken out of its legs' volatilities.

#include <algorithm>
#include <span>
#include <vector>

#include <alaris/market/combination.hpp>
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

/// `volatility_of(contract)` says what volatility a leg is priced at.
template <class Volatility>
PricedSpread price_spread(const PricedChain& priced, const CalendarSpread& spread, Volatility volatility_of) {
  PricedSpread result;
  double front = 0.0, back = 0.0;
  int rights = 0;
  for (const OptionType type : {OptionType::put, OptionType::call})
    if (spread.has(type)) {
      front += volatility_of(OptionContract{spread.front, spread.strike, type});
      back += volatility_of(OptionContract{spread.back, spread.strike, type});
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

/// At the volatilities of the legs' own quotes.
inline PricedSpread price_spread(const PricedChain& priced, const CalendarSpread& spread) {
  return price_spread(priced, spread, [&](const OptionContract& leg) { return priced.implied_volatility(leg); });
}

/// Sum over the calendars of a spread; NaN when the spread could not be priced.
template <class F>
double over_parts(const PricedSpread& spread, F value) {
  if (spread.parts.empty()) return not_known;
  double sum = 0.0;
  for (const EventCalendar& part : spread.parts) sum += value(part);
  return sum;
}

/// The middle of the volatilities of a contract and of its neighbours in strike, same right, that have one; of two
/// their mean. One absurd quote of the three does not move it beyond the other two. NaN when the contract is not
/// listed.
inline double volatility_among_neighbours(const PricedChain& priced, const OptionContract& contract) {
  const OptionContract* below = nullptr;
  const OptionContract* above = nullptr;
  bool listed = false;
  for (const OptionQuote& quote : priced.chain->of_expiry(contract.expiry)) {
    if (quote.contract.type != contract.type) continue;
    if (quote.contract.strike < contract.strike) below = &quote.contract;
    if (!above && contract.strike < quote.contract.strike) above = &quote.contract;
    listed = listed || quote.contract.strike == contract.strike;
  }
  std::vector<double> known;
  for (const OptionContract* each : {below, &contract, above})
    if (const double volatility = each ? priced.implied_volatility(*each) : not_known; volatility == volatility)
      known.push_back(volatility);
  if (!listed || known.empty()) return not_known;
  std::sort(known.begin(), known.end());
  return 0.5 * (known[(known.size() - 1) / 2] + known[known.size() / 2]);
}

}  // namespace detail

/// What a long calendar's legs, or those that close one, are worth together, dollars per share and positive paid: base
/// diffusion and one event, the volatilities read from the strikes around the legs, so that a bad quote of a leg is
/// held against its neighbours and not against itself. NaN for other legs and where the event's variance cannot be
/// told.
[[nodiscard]] inline double model_value(const PricedChain& priced, std::span<const Leg> legs) {
  const std::vector<Leg> bought(legs.begin(), legs.end());
  const auto opening = calendar_of(bought), closed = calendar_of(reversed(bought));
  if (!opening && !closed) return not_known;
  const detail::PricedSpread spread =
      detail::price_spread(priced, opening ? *opening : *closed,
                           [&](const OptionContract& leg) { return detail::volatility_among_neighbours(priced, leg); });
  const double debit =
      detail::over_parts(spread, [](const EventCalendar& part) { return event_calendar_greeks(part).debit; });
  return opening ? debit : -debit;
}

}  // namespace alaris::inline v0
