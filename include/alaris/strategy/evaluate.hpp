// SPDX-License-Identifier: Apache-2.0
#pragma once
// From what is known to a candidate: every figure measured on the as-of view, none looked up later.

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include <alaris/market/as_of.hpp>
#include <alaris/strategy/atm_term.hpp>
#include <alaris/strategy/candidate.hpp>
#include <alaris/strategy/chain_quality.hpp>
#include <alaris/strategy/event_history.hpp>
#include <alaris/strategy/portfolio.hpp>
#include <alaris/strategy/settings.hpp>
#include <alaris/strategy/short_legs.hpp>
#include <alaris/volatility/adjusted_bars.hpp>
#include <alaris/volatility/event_calendar.hpp>
#include <alaris/volatility/physical_event.hpp>

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
  c.holds_calls = c.spread->has(OptionType::call);
  c.dividends_owed = c.holds_calls ? shares * dividends_until(dividends, today, c.spread->front) : 0.0;
  c.pin_distance = std::fabs(c.spot / c.spread->strike.dollars() - 1.0);
  c.sessions_to_spare = calendar.sessions_between(exit, last_trading_day(c.spread->front, calendar));
  c.borrow_rate = borrow_of(priced, *c.spread, dividends);
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

/// Volatility, volume and quality figures of a name; none of them needs the event.
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
  if (bars.size() >= 2) c.spot_move = std::fabs(bars.back().close / bars[bars.size() - 2].close - 1.0);

  const auto term = at_the_money_term(priced);
  if (const auto iv = volatility_at<Act365>(term, thirty_days, OutsideExpiries::nearest_volatility)) c.iv30 = *iv;
  if (const auto slope = term_slope_per_day(term)) c.term_slope_per_day = *slope;
  c.quality_score = score_chain(priced, view.dividends(c.symbol), settings.quality.max_parity_violation).value();
}

/// Reports of the name other than the announcement that is traded: results in the 15 sessions before the last one
/// known, and reports expected up to the back expiry.
template <market_source Market>
void measure_news(Candidate& c, const MarketView<Market>& view) {
  const auto said = view.earnings(c.symbol);
  const TradingCalendar& calendar = view.calendar();
  c.results_in_prior_sessions = 0.0;
  for (const Date session : past_event_sessions(said, view.last_session(), calendar))
    if (calendar.sessions_between(session, view.last_session()) < 15) c.results_in_prior_sessions += 1.0;
  c.other_events_before_back = 0.0;
  for (const EarningsConsensus& report : upcoming_earnings(said, view.last_session(), SessionSource::stated))
    if (report.date > view.last_session() && std::chrono::abs(report.date - c.event_date) > same_report_window &&
        report.date <= c.spread->back)
      c.other_events_before_back += 1.0;
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
  c.capital_at_risk = contract_multiplier * price->natural + cost.to_close();
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
  c.worst_leg_parity = worst_parity_violation(priced, c.spread->strike, expiries, dividends);
  detail::measure_short_legs(c, priced, spread, dividends, to_exit);
  measure_news(c, view);
}

/// What the order would do to the portfolio, every contract of it filled.
inline void project(Candidate& c, const Portfolio& portfolio, const SectorTable& sectors) {
  const double at_risk = c.contracts * c.capital_at_risk;
  c.nav = portfolio.nav;
  c.loss_today = portfolio.loss_today;
  c.position_at_risk = portfolio.capital_at_risk_in(c.symbol) + at_risk;
  c.sector_at_risk = portfolio.capital_at_risk_beside(c.symbol, sectors) + at_risk;
  c.event_night_at_risk = (c.event ? portfolio.capital_at_risk_over(c.event->last_close_before) : not_known) + at_risk;
  c.cash_after = portfolio.cash - at_risk;
  // A long calendar asks for its debit and no more, long options lend nothing: what is left in cash is free.
  c.excess_liquidity = c.what_if_excess_liquidity = c.cash_after;
  c.assignment_notional = portfolio.assignment_notional_in(c.symbol) +
                          (c.spread ? c.spread->strike.dollars() * contract_multiplier * c.contracts : not_known);
  StressLosses stress = c.stress;
  for (double& loss : stress) loss *= c.contracts;
  c.stress_loss = c.event ? portfolio.stress_loss_with(stress, c.event->last_close_before) : not_known;
  c.open_spreads_after = static_cast<double>(portfolio.spreads.size()) + 1.0;
  c.new_today_after = portfolio.opened_today + 1.0;
}

/// Net-of-cost results of one spread over capital at risk, on a grid of moves to +-5 physical event sigmas (trapezoid
/// in the normal score, step 0.25: spectrally small error).
[[nodiscard]] inline std::vector<ReturnOutcome> return_outcomes(const Candidate& c, const PricedChain& priced) {
  std::vector<ReturnOutcome> outcomes;
  const detail::PricedSpread spread = detail::price_spread(priced, *c.spread);
  if (spread.parts.empty() || !(c.capital_at_risk > 0.0) || !(c.sigma_physical >= 0.0)) return outcomes;
  double total = 0.0;
  for (int i = -20; i <= 20; ++i) {
    const double z = 0.25 * i, s = c.sigma_physical, weight = normal_pdf(z);
    const double pnl = contract_multiplier * detail::over_parts(spread, [&](const EventCalendar& part) {
                         return event_pnl(part, -0.5 * s * s + s * z);
                       });
    outcomes.push_back({weight, (pnl - c.round_trip_cost) / c.capital_at_risk});
    total += weight;
  }
  for (ReturnOutcome& outcome : outcomes) outcome.probability /= total;
  return outcomes;
}

/// Decides how many spreads: Kelly on the outcomes less one standard error, halved for a two-criteria signal, then the
/// caps of the portfolio and of the market's depth.
inline void size_candidate(Candidate& c, const PricedChain& priced, const StrategySettings& settings,
                           const Portfolio& portfolio, int past_trades) {
  if (settings.fixed_contracts) {
    c.size = *settings.fixed_contracts;
    c.contracts = std::max(c.size, 1);
    c.size_bound_by = "fixed";
    return;
  }
  const std::vector<ReturnOutcome> outcomes = return_outcomes(c, priced);
  double mean = 0.0, square = 0.0;
  for (const ReturnOutcome& o : outcomes) {
    mean += o.probability * o.return_on_risk;
    square += o.probability * o.return_on_risk * o.return_on_risk;
  }
  const double evidence = 8.0 + c.past_events;  // the prior of the physical event volatility counts as eight events
  const double standard_error = std::sqrt(std::max(square - mean * mean, 0.0) / evidence);
  SizingLimits limits = settings.sizing;
  const bool all_criteria = admits(
      all_of{SignalIvRv{settings.signal}, InvertedTermStructure{settings.signal}, UnderlyingVolume{settings.signal}},
      c);
  if (!all_criteria) limits.kelly_fraction *= 0.5, limits.small_sample_nav *= 0.5;
  const PortfolioLimits& p = settings.portfolio;
  const double per = c.capital_at_risk, held = portfolio.capital_at_risk_in(c.symbol);
  const double sector = portfolio.capital_at_risk_beside(c.symbol, settings.sectors);
  const double night = c.event ? portfolio.capital_at_risk_over(c.event->last_close_before) : not_known;
  const double worst = *std::max_element(c.stress.begin(), c.stress.end());  // one spread; all NaN or none
  const auto strictly_below = [](double limit) { return std::ceil(limit) - 1.0; };
  const std::array caps{
      SizeCap{"limit.contracts", p.max_contracts},
      SizeCap{"limit.notional", (p.max_notional - held) / per},
      SizeCap{"limit.position_nav", (p.max_position_nav * portfolio.nav - held) / per},
      SizeCap{"limit.sector_nav", (p.max_sector_nav * portfolio.nav - sector) / per},
      SizeCap{"limit.event_night_nav", (p.max_event_night_nav * portfolio.nav - night) / per},
      SizeCap{"limit.stress_loss", worst > 0.0 || worst != worst ? p.max_stress_loss_nav * portfolio.nav / worst : 1e9},
      SizeCap{"limit.assignment_notional",
              p.max_assignment_multiple * portfolio.cash /
                  (c.spread->strike.dollars() * contract_multiplier + p.max_assignment_multiple * per)},
      SizeCap{"limit.cash_reserve", (portfolio.cash - p.min_cash_fraction * portfolio.nav) / per},
      SizeCap{"liquidity.volume_share", strictly_below(settings.liquidity.max_volume_share * c.least_leg_volume)},
      SizeCap{"liquidity.open_interest_share",
              strictly_below(settings.liquidity.max_open_interest_share * c.least_leg_open_interest)},
  };
  const PositionSize size = position_size(outcomes, standard_error, portfolio.nav, per, past_trades, limits, caps);
  c.size = size.contracts;
  c.contracts = std::max(size.contracts, 1);
  c.size_bound_by = size.bound_by;
  c.kelly = size.kelly;
}

/// The state a decision is made in, besides the market.
struct DecisionContext {
  const Portfolio* portfolio;
  const EventHistory* history;
  VixStress vix{};
  int past_trades = 0;
  std::optional<CalendarSpread> proposed{};  // the spread to judge; nothing: the one the calendar rules choose
};

/// The candidate for one announcement at one view, sized; `fill_session` is the session an order would trade in.
template <market_source Market>
[[nodiscard]] Candidate evaluate(const MarketView<Market>& view, std::string_view symbol,
                                 const EarningsConsensus& report, Date fill_session, const StrategySettings& settings,
                                 const DecisionContext& context) {
  Candidate c{.symbol = std::string(symbol), .event_date = report.date, .session = report.session};
  c.event = sessions_around(report.date, report.session, view.calendar());
  c.session_derived = report.session_derived;
  c.agreeing_sources = report.agreeing_sources;
  c.disagreeing_sources = report.disagreeing_sources;
  c.tradeable_session = c.event.has_value() && !report.session_contradicted;
  c.days_to_event = static_cast<double>((report.date - fill_session).count());
  project(c, *context.portfolio, settings.sectors);

  const auto chain = view.chain(symbol);
  if (!chain) return c.missing = "no chain of the last session", c;
  const PricedChain priced{chain.get(), view.calendar().close(view.last_session()), view.short_rate(),
                           &view.calendar()};
  c.spot = chain->spot();
  if (!(c.spot > 0.0)) return c.missing = "no underlying price", c;
  if (!(priced.rate == priced.rate)) return c.missing = "no interest rate", c;
  measure_underlying(c, view, priced, settings);
  if (!c.event) return c.missing = "session of the announcement unknown", c;
  const auto spread = context.proposed ? listed_calendar(*chain, *context.proposed, *c.event, view.calendar())
                                       : choose_calendar(*chain, c.spot, *c.event, settings.calendar, view.calendar());
  if (!spread) return c.missing = std::string(name(spread.error())), c;
  c.spread = *spread;
  measure_spread(c, view, priced, settings, *context.history, context.vix.tripped);
  size_candidate(c, priced, settings, *context.portfolio, context.past_trades);
  // Costs per spread and the money rules depend on the size: measure again with it.
  if (c.size > 1) measure_spread(c, view, priced, settings, *context.history, context.vix.tripped);
  project(c, *context.portfolio, settings.sectors);
  return c;
}

}  // namespace alaris::inline v0
