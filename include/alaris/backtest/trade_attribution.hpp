// SPDX-License-Identifier: Apache-2.0
#pragma once
// The trades of a run explained from the market they were made in: marks of every session held, the parts of the
// result, the sensitivities on the way, the move that options implied and the one that came.

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <alaris/backtest/attribution.hpp>
#include <alaris/backtest/result.hpp>
#include <alaris/market/calendar.hpp>
#include <alaris/market/earnings.hpp>
#include <alaris/market/expiry.hpp>
#include <alaris/market/rates.hpp>
#include <alaris/market/source.hpp>
#include <alaris/market/trading_time.hpp>

namespace alaris::inline v0 {

/// One trade explained. Dollars of the whole position; the parts and the residual add up to its net P&L.
struct TradeExplanation {
  std::string id{};
  Attribution parts{};
  int sets_of_marks = 0;               // sessions on which every leg was quoted; below 2 nothing is explained
  std::vector<SpreadGreeks> greeks{};  // per spread and share, one a session with marks
};

namespace detail {

/// The dividends known at the close of `date` that go ex before an expiry, discounted, dollars per share.
inline double dividends_until(std::span<const Dividend> dividends, Date date, Instant known, Date expiry,
                              double rate) noexcept {
  double present = 0.0;
  for (const Dividend& d : dividends)
    if (d.ex_date > date && d.ex_date <= expiry && d.known_from <= known && d.amount > 0.0)
      present += d.amount * std::exp(-rate * years_between(date, d.ex_date).value);
  return present;
}

}  // namespace detail

/// The marks of a spread at the close of one session: mids of its quotes, intrinsic value once a leg stopped trading.
/// Nothing when a leg has no quote with a midpoint.
template <market_source Market>
[[nodiscard]] std::optional<SpreadMark> spread_mark(const Market& market, const std::string& symbol,
                                                    std::span<const Leg> legs, std::optional<EventSessions> event,
                                                    Date date, const TradingClock& clock,
                                                    const TradingCalendar& calendar) {
  const auto chain = market.chain(symbol, date);
  if (!chain || !(chain->spot() > 0.0)) return std::nullopt;
  const Instant close = calendar.close(date);
  const double known_rate = short_rate(market.rates(), date), rate = known_rate == known_rate ? known_rate : 0.0;
  SpreadMark mark{.date = date, .spot = chain->spot(), .legs = {}};
  for (const Leg& leg : legs) {
    LegMark m{.type = leg.contract.type, .ratio = leg.ratio, .strike = leg.contract.strike.dollars()};
    const Instant last = last_trading_instant(leg.contract.expiry, calendar);
    if (close < last) {
      const OptionQuote* quote = chain->find(leg.contract);
      if (!quote || !can_buy(*quote)) return std::nullopt;
      m.mid = 0.5 * (quote->bid + quote->ask);
      m.diffusion_years = clock.between(close, last).value;
      m.interest = rate * years_between(close, last).value;
      const double paid = detail::dividends_until(market.dividends(symbol), date, close, leg.contract.expiry, rate);
      m.dividends = -std::log(std::max(1.0 - paid / chain->spot(), 1e-6));
      m.before_event = event && close < event->announced && event->announced < last;
    } else {
      m.mid = std::max(sign(m.type) * (mark.spot - m.strike), 0.0);
    }
    mark.legs.push_back(m);
  }
  return mark;
}

/// Why a closed trade made what it made. What the marks of the legs do not hold (an assignment's shares, a mark that
/// stood while quotes were missing) is residual beyond its bound: `parts.complete()` says so.
template <market_source Market>
[[nodiscard]] TradeExplanation explain_trade(const TradeRecord& trade, const Market& market, const TradingClock& clock,
                                             const TradingCalendar& calendar) {
  TradeExplanation out{.id = trade.id};
  const std::vector<Leg> legs = trade.spread.legs();
  const auto event = sessions_around(trade.event_date, trade.session, calendar);
  std::vector<std::vector<LegState>> states;
  for (Date date = trade.entered; date <= trade.exited; date = calendar.next_session(date)) {
    const auto mark = spread_mark(market, trade.symbol, legs, event, date, clock, calendar);
    if (!mark) continue;
    states.push_back(leg_states(*mark));
    out.greeks.push_back(spread_greeks(date, states.back(), clock.sessions_per_year()));
  }
  out.sets_of_marks = static_cast<int>(states.size());
  out.parts = attribute(states) * (100.0 * trade.contracts);
  out.parts.cost = (trade.pnl - trade.pnl_at_mid).dollars();
  // Exact by construction; the bound gains the rounding of money, a millionth a share and leg at either end.
  out.parts.residual = trade.pnl.dollars() - out.parts.explained();
  out.parts.residual_bound += 2e-6 * 100.0 * trade.contracts * static_cast<double>(legs.size());
  return out;
}

template <market_source Market>
[[nodiscard]] std::vector<TradeExplanation> explain_trades(std::span<const TradeRecord> trades, const Market& market,
                                                           const TradingCalendar& calendar) {
  const TradingClock clock(calendar);
  std::vector<TradeExplanation> out;
  out.reserve(trades.size());
  for (const TradeRecord& trade : trades) out.push_back(explain_trade(trade, market, clock, calendar));
  return out;
}

/// The sum over trades.
[[nodiscard]] inline Attribution total_attribution(std::span<const TradeExplanation> trades) noexcept {
  Attribution sum;
  for (const TradeExplanation& trade : trades) sum += trade.parts;
  return sum;
}

}  // namespace alaris::inline v0
