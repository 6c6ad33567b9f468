// SPDX-License-Identifier: Apache-2.0
#pragma once
// From what is known to a candidate: measured, sized, and set against the portfolio.

#include <optional>
#include <string>
#include <string_view>

#include <alaris/market/as_of.hpp>
#include <alaris/strategy/candidate_size.hpp>
#include <alaris/strategy/measure.hpp>

namespace alaris::inline v0 {

/// The state a decision is made in, besides the market.
struct DecisionContext {
  const Portfolio* portfolio;
  const EventHistory* history;
  VixStress vix{};
  int past_trades = 0;
  std::optional<CalendarSpread> proposed{};  // the spread to judge; nothing: the one the calendar rules choose
};

/// The spread to judge, or why there is none.
inline void choose_spread(Candidate& c, const OptionChain& chain, const TradingCalendar& calendar,
                          const StrategySettings& settings, const DecisionContext& context) {
  if (!c.event) {
    c.missing = "session of the announcement unknown";
    return;
  }
  const auto spread = context.proposed ? listed_calendar(chain, *context.proposed, *c.event, calendar)
                                       : choose_calendar(chain, c.spot, *c.event, settings.calendar, calendar);
  if (spread)
    c.spread = *spread;
  else
    c.missing = std::string(name(spread.error()));
}

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
  const auto before = view.chain(symbol, view.session(view.calendar().previous_session(view.last_session())));
  const PricedChain priced{chain.get(), view.calendar().close(view.last_session()), view.short_rate(), &view.calendar(),
                           before.get()};
  c.spot = chain->spot();
  if (!(c.spot > 0.0)) return c.missing = "no underlying price", c;
  if (!(priced.rate == priced.rate)) return c.missing = "no interest rate", c;
  measure_underlying(c, view, priced, settings);
  choose_spread(c, *chain, view.calendar(), settings, context);
  measure_quality(c, view, priced, settings);
  if (!c.spread) return c;
  measure_spread(c, view, priced, settings, *context.history, context.vix.tripped);
  size_candidate(c, priced, settings, *context.portfolio, context.past_trades);
  // Costs per spread and the money rules depend on the size: measure again with it.
  if (c.size > 1) measure_spread(c, view, priced, settings, *context.history, context.vix.tripped);
  project(c, *context.portfolio, settings.sectors);
  return c;
}

}  // namespace alaris::inline v0
