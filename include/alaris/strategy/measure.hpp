// SPDX-License-Identifier: Apache-2.0
#pragma once
// The figures of a candidate, each measured on the as-of view and none looked up later.

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <alaris/market/as_of.hpp>
#include <alaris/market/contract_change.hpp>
#include <alaris/strategy/candidate.hpp>
#include <alaris/strategy/chain_quality.hpp>
#include <alaris/strategy/event_history.hpp>
#include <alaris/strategy/priced_spread.hpp>
#include <alaris/strategy/settings.hpp>
#include <alaris/strategy/short_legs.hpp>
#include <alaris/volatility/adjusted_bars.hpp>
#include <alaris/volatility/physical_event.hpp>

namespace alaris::inline v0 {

namespace detail {

/// The standard deviation that the chain before the last session priced for an event in between, from the two nearest
/// expiries behind it; NaN when it cannot be told.
inline double event_sigma_before(const PricedChain& priced) {
  if (!priced.previous || !(priced.previous->spot() > 0.0)) return not_known;
  const PricedChain eve{priced.previous, priced.calendar->close(priced.previous->date()), priced.rate, priced.calendar};
  auto term = at_the_money_term(eve);
  const Years<Act365> event = years_between(eve.at, priced.at);
  std::erase_if(term, [&](const auto& point) { return point.to_expiry < event; });
  if (term.size() < 2) return not_known;
  const auto split = event_split(EventModel::both_after, term[0], term[1]);
  return split ? split->sigma_event : not_known;
}

/// Volume of one right and expiry summed over the five listed strikes nearest to a strike.
inline double volume_around(const OptionChain& chain, const OptionContract& contract) {
  std::vector<std::pair<std::int32_t, double>> near;
  for (const OptionQuote& quote : chain.of_expiry(contract.expiry))
    if (quote.contract.type == contract.type)
      near.emplace_back(std::abs(quote.contract.strike.thousandths() - contract.strike.thousandths()), quote.volume);
  std::sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  double sum = 0.0;
  for (std::size_t i = 0; i < std::min<std::size_t>(5, near.size()); ++i) sum += near[i].second;
  return sum;
}

inline void measure_depth(Candidate& c, const OptionChain& chain) {
  double volume = std::numeric_limits<double>::infinity(), interest = volume, size = volume;
  const auto least = [](double a, double b) { return b != b || a != a ? not_known : std::min(a, b); };
  for (const Leg& leg : c.spread->legs()) {
    const OptionQuote& quote = *chain.find(leg.contract);
    volume = least(volume, volume_around(chain, leg.contract));
    interest = least(interest, quote.open_interest);
    size = least(size, least(quote.bid_size, quote.ask_size));
  }
  c.least_leg_volume = volume;
  c.least_leg_open_interest = interest;
  c.least_displayed_size = size;
}

/// What the quotes of a strike prove about the cost of borrowing the stock, the larger of the two expiries.
inline double borrow_of(const PricedChain& priced, const CalendarSpread& spread, std::span<const Dividend> known) {
  double most = 0.0;
  for (const Date expiry : {spread.front, spread.back}) {
    const OptionQuote* call = priced.chain->find({expiry, spread.strike, OptionType::call});
    const OptionQuote* put = priced.chain->find({expiry, spread.strike, OptionType::put});
    const double borrow = call && put ? least_borrow({.spot = priced.chain->spot(),
                                                      .strike = spread.strike.dollars(),
                                                      .call_ask = call->ask,
                                                      .put_bid = put->bid,
                                                      .present_dividends = present_dividends(known, priced, expiry),
                                                      .to_expiry = priced.to_expiry(expiry)})
                                      : not_known;
    if (borrow != borrow) return not_known;
    most = std::max(most, borrow);
  }
  return most;
}

/// Assignment, dividends, pinning and borrow of the chosen spread, at the candidate's size.
inline void measure_short_legs(Candidate& c, const PricedChain& priced, const PricedSpread& spread,
                               std::span<const Dividend> dividends, Years<Act365> to_exit) {
  const TradingCalendar& calendar = *priced.calendar;
  const Date today = priced.chain->date(), exit = c.event->first_close_after;
  const double shares = contract_multiplier * c.contracts;
  const AssignmentOutlook outlook = assignment_outlook(spread.parts, dividends, today, c.event_date, exit, to_exit);
  c.assignment_probability = outlook.probability;
  c.assignment_cost = shares * outlook.cost;
  c.short_legs.clear();
  for (const EventCalendar& part : spread.parts) {
    const AssignmentOutlook one = short_leg_outlook(part, dividends, today, c.event_date, exit, to_exit);
    c.short_legs.push_back({{c.spread->front, c.spread->strike, part.type}, one.probability, shares * one.cost});
  }
  c.holds_calls = c.spread->has(OptionType::call);
  c.dividends_owed = c.holds_calls ? shares * dividends_until(dividends, today, c.spread->front) : 0.0;
  c.pin_distance = std::fabs(c.spot / c.spread->strike.dollars() - 1.0);
  c.sessions_to_spare = calendar.sessions_between(exit, last_trading_day(c.spread->front, calendar));
  c.borrow_rate = borrow_of(priced, *c.spread, dividends);
}

/// The worst revaluation of the stress set, without the cost to close that is in every figure; dollars per spread. NaN
/// when one is not known. The wide exit is the quiet scenario with another cost.
inline double worst_before_costs(const StressLosses& losses, const RoundTrip& cost) {
  double worst = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < losses.size(); ++i)
    if (i != static_cast<std::size_t>(StressScenario::wide_exit))
      worst = losses[i] == losses[i] ? std::max(worst, losses[i] - cost.to_close()) : not_known;
  return worst;
}

/// The largest absolute delta of one spread after a move of 1, 2 or 3 event sigmas either way.
inline double worst_delta_after(const PricedSpread& spread, Years<Act365> to_exit) {
  double worst = spread.parts.empty() ? not_known : 0.0;
  for (const double sigmas : {-3.0, -2.0, -1.0, 1.0, 2.0, 3.0}) {
    const double delta = over_parts(spread, [&](const EventCalendar& part) {
      return delta_after_event(part, part.spot * std::exp(sigmas * part.sigma_event), to_exit);
    });
    worst = delta == delta ? std::max(worst, std::fabs(delta)) : not_known;
  }
  return worst;
}

}  // namespace detail

/// Volatility and volume figures of a name; none of them needs the event.
template <market_source Market>
void measure_underlying(Candidate& c, const MarketView<Market>& view, const PricedChain& priced,
                        const StrategySettings& settings) {
  const auto raw = view.bars(c.symbol);
  std::vector<Bar> bars(raw.begin(), raw.end());
  if (!adjust_for_splits(bars, view.splits(c.symbol))) bars.clear();
  const auto past = past_event_sessions(view.earnings(c.symbol), view.last_session(), view.calendar());
  if (const auto rv = realised_volatility(settings.estimator, bars, settings.realised, ExcludeSessions{past}))
    c.rv30 = *rv;
  if (const auto rv = realised_volatility(settings.estimator, bars, settings.realised)) c.rv30_with_events = *rv;
  if (bars.size() >= 30) {
    double sum = 0.0;
    for (const Bar& bar : std::span(bars).last(30)) sum += bar.volume;
    c.underlying_volume = sum / 30.0;
  }
  c.volume_ratio = volume_over_median(bars);
  if (bars.size() >= 2) {
    const Bar &before = bars[bars.size() - 2], &last = bars.back();
    double base = before.close;
    for (const Dividend& dividend : view.dividends(c.symbol))
      if (dividend.ex_date > before.date && dividend.ex_date <= last.date && dividend.amount > 0.0)
        base -= dividend.amount;
    c.spot_move = std::fabs(last.close / base - 1.0);
  }
  if (!past.empty() && past.back() == view.last_session()) c.spot_move_limit = 4.0 * detail::event_sigma_before(priced);

  const auto term = at_the_money_term(priced);
  if (const auto iv = volatility_at<Act365>(term, thirty_days, OutsideExpiries::nearest_volatility)) c.iv30 = *iv;
  if (const auto slope = term_slope_per_day(term)) c.term_slope_per_day = *slope;
}

/// How far the chain can be believed, the candidate's own legs in where it has a spread.
template <market_source Market>
void measure_quality(Candidate& c, const MarketView<Market>& view, const PricedChain& priced,
                     const StrategySettings& settings) {
  std::vector<OptionContract> own;
  if (c.spread)
    for (const Leg& leg : c.spread->legs()) own.push_back(leg.contract);
  const auto dividends = view.dividends(c.symbol);
  const DeskLimits limits = desk_limits(settings.quality, settings.cost.fees, view.last_session());
  c.quality_score = judge_chain(priced, dividends, limits, own).value();
  if (c.spread) c.failed_leg_checks = failed_checks(priced, dividends, own, limits);
}

/// Reports of the name other than the announcement that is traded: results in the quiet sessions before the last one
/// known, and reports expected up to the back expiry.
template <market_source Market>
void measure_news(Candidate& c, const MarketView<Market>& view, int quiet_sessions) {
  const auto said = view.earnings(c.symbol);
  const TradingCalendar& calendar = view.calendar();
  c.results_in_prior_sessions = 0.0;
  for (const Date session : past_event_sessions(said, view.last_session(), calendar))
    if (calendar.sessions_between(session, view.last_session()) < quiet_sessions) c.results_in_prior_sessions += 1.0;
  c.other_events_before_back = 0.0;
  for (const EarningsConsensus& report : upcoming_earnings(said, view.last_session(), SessionSource::stated))
    if (report.date > view.last_session() && std::chrono::abs(report.date - c.event_date) > same_report_window &&
        report.date <= c.spread->back)
      c.other_events_before_back += 1.0;
}

/// Legs that may deliver something else than 100 shares, and announced changes that would make them so; without tables
/// of splits and dividends neither is known, nor what a short call may owe, unless nothing is assumed to be in them.
template <market_source Market>
void measure_contracts(Candidate& c, const MarketView<Market>& view, bool assume_no_actions) {
  const HeldTables held = view.tables(c.symbol);
  if (!assume_no_actions && !held.dividends && c.holds_calls) c.dividends_owed = not_known;
  if (!assume_no_actions && !held.all()) return;
  const auto splits = view.splits(c.symbol);
  const auto dividends = view.dividends(c.symbol);
  const auto pending = view.pending_splits(c.symbol);
  c.pending_contract_changes = pending_contract_changes(pending, dividends, view.last_session(), c.spread->back);
  c.adjusted_legs = 0.0;
  for (const Leg& leg : c.spread->legs())
    c.adjusted_legs += may_be_adjusted(leg.contract, splits, dividends, view.last_session(), [&](Date effective) {
      const auto before = view.chain(c.symbol, view.session(view.calendar().previous_session(effective)));
      return !before || before->find(leg.contract) != nullptr;
    });
}

/// Prices the chosen spread: event variance, economics of one spread, depth and parity of its legs.
template <market_source Market>
void measure_spread(Candidate& c, const MarketView<Market>& view, const PricedChain& priced,
                    const StrategySettings& settings, const EventHistory& history, bool volatility_stress) {
  const OptionChain& chain = *priced.chain;
  const std::vector<Leg> legs = c.spread->legs();
  const auto price = price_combination(legs, chain);
  if (!price) return;
  c.debit_mid = price->mid;
  c.debit_natural = price->natural;
  const detail::PricedSpread spread = detail::price_spread(priced, *c.spread);
  c.front_iv = spread.front_iv;
  c.back_iv = spread.back_iv;
  c.sigma_base = spread.sigma_base;
  c.sigma_event = spread.sigma_event;
  c.implied_move = expected_abs_move(spread.sigma_event);
  const auto scores = history.of(c.symbol, view.last_session());
  c.past_events = static_cast<double>(scores.size());
  if (const auto sigma = physical_event_sigma(spread.sigma_event, scores, history.pooled_mean(view.last_session())))
    c.sigma_physical = *sigma;
  c.net_delta = detail::over_parts(spread, [](const EventCalendar& part) { return event_calendar_greeks(part).delta; });
  if (c.sigma_physical >= 0.0)
    c.expected_pnl = contract_multiplier * detail::over_parts(spread, [&](const EventCalendar& part) {
                       return expected_event_pnl(part, {.sigma_event = c.sigma_physical});
                     });
  const double strike = c.spread->strike.dollars(), years = thirty_days.value;
  c.vega30 = black_vega({chain.spot() * std::exp(priced.rate * years), strike, c.iv30 * std::sqrt(years),
                         std::exp(-priced.rate * years)},
                        years) /
             100.0;

  std::vector<TradedLeg> traded;
  for (const Leg& leg : legs) traded.push_back({leg.ratio, mid(*chain.find(leg.contract))});
  const int spreads = static_cast<int>(c.contracts);
  const RoundTrip cost =
      round_trip(settings.cost, traded, price->crossing(), spreads, volatility_stress, view.last_session());
  c.round_trip_cost = cost.total();
  c.round_trip_points = cost.volatility_points(c.vega30);
  const Years<Act365> to_exit = years_between(priced.at, view.calendar().close(c.event->first_close_after));
  const double worst = contract_multiplier * detail::over_parts(spread, [&](const EventCalendar& part) {
                         return worst_event_pnl(part, 2.0, to_exit);
                       });
  c.event_loss = (std::max(-worst, 0.0) + cost.to_close()) * c.contracts;
  c.delta_after_event = detail::worst_delta_after(spread, to_exit);
  const bool still_spanned = c.event->announced + std::chrono::days(7) + std::chrono::hours(12) <=
                             last_trading_instant(c.spread->front, view.calendar());
  c.stress = stress_losses({.parts = spread.parts,
                            .to_exit = to_exit,
                            .cost_to_close = cost.to_close(),
                            .fees_to_close = cost.fees_close,
                            .crossing = price->crossing(),
                            .front_spans_postponed = still_spanned});
  detail::measure_depth(c, chain);
  const Date expiries[] = {c.spread->front, c.spread->back};
  const auto dividends = view.dividends(c.symbol);
  const ParityStanding parity = parity_standing(priced, c.spread->strike, expiries, dividends,
                                                desk_limits(settings.quality, settings.cost.fees, view.last_session()));
  c.worst_leg_parity = parity.worst_violation;
  c.hard_to_borrow = parity.hard_to_borrow;
  detail::measure_short_legs(c, priced, spread, dividends, to_exit);
  c.borrow_rate = c.borrow_rate == c.borrow_rate ? std::max(c.borrow_rate, parity.borrow) : not_known;
  c.capital_at_risk = std::max(contract_multiplier * price->natural, detail::worst_before_costs(c.stress, cost)) +
                      cost.to_close() + c.dividends_owed / c.contracts;
  measure_contracts(c, view, settings.assume_no_actions);
  measure_news(c, view, settings.quiet_sessions);
}

}  // namespace alaris::inline v0
