// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a sceptic asks of a finished run, beyond its figures: why it earned, what the same trades make at other fills,
// what a misread announcement time costs, how much money the trades could carry, how deep it fell and for how long.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <alaris/backtest/performance.hpp>
#include <alaris/backtest/result.hpp>
#include <alaris/backtest/statistics.hpp>
#include <alaris/backtest/trade_attribution.hpp>
#include <alaris/policy/pre_trade_rules.hpp>

namespace alaris::inline v0 {

/// The same trades on the same sessions, bought and sold at other prices. Dollars a trade; fees as paid, none at mid.
struct FillSensitivity {
  MeanEstimate touch;  // at the quotes
  MeanEstimate model;  // the model's share of the half-spread
  MeanEstimate mid;    // between the quotes: what nobody gets
};

/// The same spreads at mid had the announcement been thought one session earlier or later. Dollars a trade, over the
/// trades that have quotes on all six sessions.
struct EventTimeSensitivity {
  MeanEstimate session_early;
  MeanEstimate as_traded;
  MeanEstimate session_late;
};

/// How much the trades could have carried within the liquidity limits.
struct Capacity {
  double median_spreads = not_known;          // whole spreads a trade
  double median_capital_at_risk = not_known;  // dollars a trade
  std::string bound_by{};                     // the limit that binds most often
};

/// What options implied before an announcement and what came: absolute log moves. Every announcement decided on for
/// which both are known.
struct PricedMove {
  std::string symbol{};
  Date date{};
  double implied = not_known;   // expected absolute move
  double realised = not_known;  // between the closes around the announcement
  bool entered = false;
};

struct BacktestReview {
  std::vector<TradeExplanation> trades{};  // in the order of the run's trades
  Attribution total{};                     // dollars, all trades
  BootstrapInterval return_on_risk{};      // 95 %, of the mean trade
  FillSensitivity fills{};
  EventTimeSensitivity event_time{};
  Capacity capacity{};
  Drawdown drawdown{};  // positions are those of the equity curve
  std::vector<PricedMove> moves{};
  MeanEstimate realised_to_implied{};  // absolute moves, one ratio an announcement
};

namespace detail {

/// Price of the legs at one session's quotes plus `share` of the way to what crossing them costs; legs that no longer
/// trade at their exercise value. Dollars per share, positive is paid.
template <market_source Market>
std::optional<double> net_price(const Market& market, const std::string& symbol, const std::vector<Leg>& legs,
                                Date date, double share, const TradingCalendar& calendar) {
  const auto chain = market.chain(symbol, date);
  if (!chain) return std::nullopt;
  double net = 0.0;
  std::vector<Leg> open;
  for (const Leg& leg : legs)
    if (last_trading_day(leg.contract.expiry, calendar) > date)
      open.push_back(leg);
    else
      net += leg.ratio * std::max(sign(leg.contract.type) * (chain->spot() - leg.contract.strike.dollars()), 0.0);
  const auto price = price_combination(open, *chain);
  if (!price) return std::nullopt;
  return net + price->mid + share * price->crossing();
}

/// Dollars of the whole position, before fees.
template <market_source Market>
std::optional<double> held_between(const TradeRecord& trade, const Market& market, Date in, Date out, double share,
                                   const TradingCalendar& calendar) {
  const std::vector<Leg> legs = trade.spread.legs();
  const auto paid = net_price(market, trade.symbol, legs, in, share, calendar);
  const auto received = net_price(market, trade.symbol, reversed(legs), out, share, calendar);
  if (!paid || !received) return std::nullopt;
  return -(*paid + *received) * 100.0 * trade.contracts;
}

inline double middle_of(std::vector<double> values) {
  if (values.empty()) return not_known;
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return 0.5 * (values[(n - 1) / 2] + values[n / 2]);
}

}  // namespace detail

[[nodiscard]] inline FillSensitivity fill_sensitivity(std::span<const TradeRecord> trades) {
  ByFill<std::vector<double>> made;
  for (const TradeRecord& trade : trades) {
    for (const FillModel model : fill_models) made[model].push_back(trade.pnl_by_fills[model].dollars());
    made.mid.back() = trade.pnl_at_mid.dollars();
  }
  return {estimate_mean(made.touch), estimate_mean(made.model), estimate_mean(made.mid)};
}

template <market_source Market>
[[nodiscard]] EventTimeSensitivity event_time_sensitivity(std::span<const TradeRecord> trades, const Market& market,
                                                          const TradingCalendar& calendar) {
  std::vector<double> early, traded, late;
  for (const TradeRecord& t : trades) {
    const auto held = [&](Date in, Date out) { return detail::held_between(t, market, in, out, 0.0, calendar); };
    const auto before = held(calendar.previous_session(t.entered), calendar.previous_session(t.exited));
    const auto as = held(t.entered, t.exited);
    const auto after = held(calendar.next_session(t.entered), calendar.next_session(t.exited));
    if (!before || !as || !after) continue;
    early.push_back(*before);
    traded.push_back(*as);
    late.push_back(*after);
  }
  return {estimate_mean(early), estimate_mean(traded), estimate_mean(late)};
}

/// Of the decisions that were entered, as each saw the market.
[[nodiscard]] inline Capacity capacity_of(std::span<const DecisionRecord> decisions, const LiquidityLimits& limits) {
  std::vector<double> spreads, at_risk;
  std::size_t by_volume = 0;
  for (const DecisionRecord& decision : decisions) {
    const Candidate& c = decision.candidate;
    if (decision.action != DecisionAction::enter) continue;
    const double volume = limits.max_volume_share * c.least_leg_volume;
    const double interest = limits.max_open_interest_share * c.least_leg_open_interest;
    const double most = std::floor(std::fmin(volume, interest));
    if (!(most >= 0.0)) continue;
    by_volume += volume <= interest;
    spreads.push_back(most);
    at_risk.push_back(most * c.capital_at_risk);
  }
  if (spreads.empty()) return {};
  return {std::floor(detail::middle_of(spreads)), detail::middle_of(at_risk),
          2 * by_volume >= spreads.size() ? "liquidity.volume_share" : "liquidity.open_interest_share"};
}

template <market_source Market>
[[nodiscard]] std::vector<PricedMove> event_moves(std::span<const DecisionRecord> decisions, const Market& market) {
  std::vector<PricedMove> moves;
  for (const DecisionRecord& decision : decisions) {
    const Candidate& c = decision.candidate;
    if (!c.event || !(c.implied_move > 0.0)) continue;
    const std::span<const Bar> bars = market.bars(c.symbol);
    const auto close_of = [&](Date date) {
      const auto at = std::lower_bound(bars.begin(), bars.end(), date, [](const Bar& b, Date d) { return b.date < d; });
      return at != bars.end() && at->date == date ? at->close : not_known;
    };
    const double realised =
        std::fabs(std::log(close_of(c.event->first_close_after) / close_of(c.event->last_close_before)));
    if (std::isfinite(realised))
      moves.push_back({c.symbol, c.event_date, c.implied_move, realised, decision.action == DecisionAction::enter});
  }
  return moves;
}

template <market_source Market>
[[nodiscard]] BacktestReview review(const BacktestResult& result, const Market& market, const LiquidityLimits& limits,
                                    const TradingCalendar& calendar) {
  BacktestReview r{.trades = explain_trades(result.trades, market, calendar)};
  r.total = total_attribution(r.trades);
  std::vector<double> on_risk, nav;
  for (const TradeRecord& trade : result.trades) on_risk.push_back(trade.pnl.dollars() / trade.capital_at_risk);
  for (const EquityPoint& point : result.equity) nav.push_back((point.nav - point.interest).dollars());
  r.return_on_risk = bootstrap_mean(on_risk);
  r.fills = fill_sensitivity(result.trades);
  r.event_time = event_time_sensitivity(result.trades, market, calendar);
  r.capacity = capacity_of(result.decisions, limits);
  r.drawdown = deepest_drawdown(nav);
  r.moves = event_moves(result.decisions, market);
  std::vector<double> ratios;
  for (const PricedMove& move : r.moves) ratios.push_back(move.realised / move.implied);
  r.realised_to_implied = estimate_mean(ratios);
  return r;
}

}  // namespace alaris::inline v0
