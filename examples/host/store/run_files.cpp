// SPDX-License-Identifier: Apache-2.0
#include "store/run_files.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alaris/market/new_york.hpp>

#include "store/decision_json.hpp"
#include "text/csv.hpp"

namespace alaris::host {
namespace {

using Json = nlohmann::ordered_json;

Json mean_json(const MeanEstimate& mean) {
  return {{"count", mean.count},
          {"mean", json_number(mean.mean)},
          {"lower_95", json_number(mean.lower)},
          {"upper_95", json_number(mean.upper)}};
}

std::string money_text(double dollars) {
  return to_string(Money::rounded(dollars));
}

Json money_or_null(double dollars) {
  return std::isfinite(dollars) ? Json(money_text(dollars)) : Json(nullptr);
}

std::array<std::pair<const char*, double>, 9> attribution_parts(const Attribution& a) {
  return {{{"base_volatility", a.base_volatility},
           {"event_volatility", a.event_volatility},
           {"theta", a.theta},
           {"gamma", a.gamma},
           {"delta", a.delta},
           {"carry", a.carry},
           {"cost", a.cost},
           {"residual", a.residual},
           {"residual_bound", a.residual_bound}}};
}

Json attribution_json(const Attribution& a) {
  Json out = Json::object();
  for (const auto& [label, value] : attribution_parts(a)) out[label] = money_text(value);
  return out;
}

Json drawdown_json(const Drawdown& d, const BacktestResult& result) {
  const auto date = [&](std::size_t at) {
    return d.depth > 0.0 && at < result.equity.size() ? Json(to_string(result.equity[at].date)) : Json(nullptr);
  };
  return {{"depth", json_number(d.depth)},
          {"peak", date(d.peak)},
          {"trough", date(d.trough)},
          {"recovered", date(d.recovered)}};
}

Json exit_json(const ExitRecord& e) {
  return {{"schema", "alaris/decision/1"},
          {"kind", "exit"},
          {"at", new_york_text(e.at)},
          {"fill_session", to_string(e.session)},
          {"symbol", e.symbol},
          {"event_date", to_string(e.event_date)},
          {"trade_id", e.trade},
          {"action", "exit"},
          {"reason", name(e.reason)},
          {"observed", json_number(e.observed)},
          {"limit", json_number(e.limit)}};
}

/// One line of greeks.csv; `scale` turns a spread and share into the position.
struct RiskLine {
  double delta = 0.0, gamma = 0.0, vega = 0.0, event_vega = 0.0, theta = 0.0;
  void add(const SpreadGreeks& g, double scale) {
    delta += scale * g.delta;
    gamma += scale * g.gamma;
    vega += scale * g.vega;
    event_vega += scale * g.event_vega;
    theta += scale * g.theta;
  }
  [[nodiscard]] std::string text(Date date, const std::string& trade, double stress, double at_risk,
                                 double night) const {
    return csv_row({to_string(date), csv_field(trade), csv_number(delta), csv_number(gamma), csv_number(vega),
                    csv_number(event_vega), csv_number(theta), csv_number(stress), csv_number(at_risk),
                    csv_number(night)});
  }
};

Json look_ahead_json(const LookAheadCheck& check) {
  Json borders = Json::array();
  for (const Date border : check.borders) borders.push_back(to_string(border));
  return {{"made", check.not_made.empty()}, {"borders", std::move(borders)}, {"differences", check.differences}};
}

}  // namespace

/// As they were made; at one instant the entries come first.
std::string decisions_jsonl(const BacktestResult& result) {
  std::string out;
  auto exit = result.exits.begin();
  const auto exits_before = [&](Instant at) {
    for (; exit != result.exits.end() && exit->at < at; ++exit) out += exit_json(*exit).dump() + "\n";
  };
  for (const DecisionRecord& d : result.decisions) {
    exits_before(d.at);
    Json line{{"schema", "alaris/decision/1"}, {"kind", "entry"}};
    line.update(decision_json(d));
    out += line.dump() + "\n";
  }
  exits_before(Instant::max());
  return out;
}

std::string orders_csv(const BacktestResult& result) {
  std::string out = "order_id,decided,session,symbol,purpose,quantity,limit,legs,outcome\n";
  for (const OrderRecord& o : result.orders)
    out += csv_row({csv_field(o.order.id), new_york_text(o.decided), to_string(o.session), csv_field(o.order.symbol),
                    std::string(name(o.order.purpose)), std::to_string(o.order.quantity), csv_number(o.order.limit),
                    csv_field(legs_text(o.order.legs)), std::string(name(o.outcome))});
  return out;
}

std::string fills_csv(const BacktestResult& result) {
  std::string out = "order_id,at,symbol,expiry,strike,right,contracts,price,order_fees\n";
  for (const ComboFill& fill : result.fills)
    for (const LegFill& leg : fill.legs)
      out += csv_row({csv_field(fill.order_id), new_york_text(fill.at), csv_field(fill.symbol),
                      to_string(leg.contract.expiry), csv_number(leg.contract.strike.dollars()),
                      leg.contract.type == OptionType::call ? "C" : "P", std::to_string(leg.contracts),
                      to_string(Money::rounded(leg.price)), to_string(fill.fees)});
  return out;
}

std::string trades_csv(const BacktestResult& result, std::span<const TradeExplanation> explained) {
  std::string out =
      "trade_id,symbol,event_date,session,structure,strike,front,back,contracts,entered,exited,paid,received,paid_at_"
      "mid,"
      "received_at_mid,implied_move,realised_move,fees,pnl,pnl_at_mid,capital_at_risk,exit_reason,"
      "base_volatility,event_volatility,theta,gamma,delta,carry,cost,residual,residual_bound\n";
  for (std::size_t i = 0; i < result.trades.size(); ++i) {
    const TradeRecord& t = result.trades[i];
    std::vector<std::string> cells{csv_field(t.id),
                                   csv_field(t.symbol),
                                   to_string(t.event_date),
                                   std::string(name(t.session)),
                                   std::string(name(t.spread.structure)),
                                   csv_number(t.spread.strike.dollars()),
                                   to_string(t.spread.front),
                                   to_string(t.spread.back),
                                   std::to_string(t.contracts),
                                   to_string(t.entered),
                                   to_string(t.exited),
                                   csv_number(t.entry_net),
                                   csv_number(t.exit_net),
                                   csv_number(t.entry_mid),
                                   csv_number(t.exit_mid),
                                   csv_number(t.implied_move),
                                   csv_number(std::log(t.spot_after / t.spot_before)),
                                   to_string(t.fees),
                                   to_string(t.pnl),
                                   to_string(t.pnl_at_mid),
                                   to_string(Money::rounded(t.capital_at_risk)),
                                   std::string(name(t.exit_reason))};
    for (const auto& [label, value] : attribution_parts(i < explained.size() ? explained[i].parts : Attribution{}))
      cells.push_back(i < explained.size() ? money_text(value) : "");
    out += csv_row(cells);
  }
  return out;
}

std::string equity_csv(const BacktestResult& result) {
  std::string out = "date,cash,nav,nav_at_mid,open_spreads,interest,margin\n";
  for (const EquityPoint& p : result.equity)
    out += csv_row({to_string(p.date), to_string(p.cash), to_string(p.nav), to_string(p.nav_at_mid),
                    std::to_string(p.open_spreads), to_string(p.interest), to_string(p.margin)});
  return out;
}

std::string greeks_csv(const BacktestResult& result, std::span<const TradeExplanation> explained) {
  constexpr SpreadGreeks unknown{{}, not_known, not_known, not_known, not_known, not_known, not_known};
  std::map<std::string, std::size_t> place;
  for (std::size_t i = 0; i < std::min(result.trades.size(), explained.size()); ++i) place[explained[i].id] = i;
  std::string out = "date,trade,delta,gamma,vega,event_vega,theta,stress,capital_at_risk,event_night_at_risk\n";
  auto risk = result.risks.begin();
  for (const AccountRisk& account : result.account_risks) {
    RiskLine all;
    for (; risk != result.risks.end() && risk->date == account.date; ++risk) {
      RiskLine one;
      SpreadGreeks seen = unknown;
      double scale = 100.0;
      if (const auto at = place.find(risk->trade); at != place.end()) {
        scale *= result.trades[at->second].contracts;
        for (const SpreadGreeks& g : explained[at->second].greeks)
          if (g.date == risk->date) seen = g;
      }
      one.add(seen, scale);
      all.add(seen, scale);
      out += one.text(risk->date, risk->trade, risk->stress, risk->capital_at_risk, risk->event_night);
    }
    out += all.text(account.date, "portfolio", account.stress, account.capital_at_risk, account.event_night);
  }
  return out;
}

std::string events_csv(const BacktestResult& result) {
  std::string out = "symbol,event_date,session,known_in_advance,outcome,decided_by,reason,pnl\n";
  for (const EventOutcome& e : result.events)
    out += csv_row({csv_field(e.symbol), to_string(e.date), std::string(name(e.session)),
                    e.known_in_advance ? "true" : "false", csv_field(e.outcome), csv_field(e.decided_by),
                    csv_field(e.reason), e.pnl ? to_string(*e.pnl) : ""});
  return out;
}

std::string metrics_json(const BacktestResult& result, const BacktestSummary& s, const BacktestReview& review,
                         const LookAheadCheck& look_ahead, const TriedVariants& tried) {
  Json refusals = Json::object();
  for (const RuleCount& count : s.refusals) refusals[count.rule] = count.refused;
  const Json out{
      {"schema", "alaris/metrics/1"},
      {"events", s.events},
      {"traded", s.traded},
      {"refused", s.refused},
      {"not_filled", s.unfilled},
      {"net_pnl", to_string(s.net_pnl)},
      {"fees", to_string(s.fees)},
      {"interest", to_string(s.interest)},
      {"final_nav", to_string(s.final_nav)},
      {"return_on_capital_at_risk", mean_json(s.return_on_risk)},
      {"return_on_capital_at_risk_bootstrap_95",
       Json::array({json_number(review.return_on_risk.lower), json_number(review.return_on_risk.upper)})},
      {"pnl_per_trade", mean_json(s.trades.pnl)},
      {"pnl_per_trade_at_mid", mean_json(s.pnl_at_mid)},
      {"win_rate",
       json_number(s.trades.pnl.count ? static_cast<double>(s.trades.wins) / static_cast<double>(s.trades.pnl.count)
                                      : std::nan(""))},
      {"profit_factor", json_number(s.trades.profit_factor)},
      {"total_return", json_number(s.equity.total_return)},
      {"cagr", json_number(s.record.cagr)},
      {"sharpe", json_number(s.equity.sharpe)},
      {"sharpe_above_zero_probability", json_number(s.real_edge)},
      {"variants_tried", tried.known ? Json(tried.count) : Json(nullptr)},
      {"deflated_sharpe_probability", json_number(tried.deflated)},
      {"sortino", json_number(s.record.sortino)},
      {"longest_under_water_sessions", s.record.longest_under_water},
      {"pnl_per_trade_bootstrap_95", Json::array({json_number(s.mean_trade.lower), json_number(s.mean_trade.upper)})},
      {"max_drawdown", json_number(s.equity.max_drawdown)},
      {"drawdown", drawdown_json(review.drawdown, result)},
      {"attribution", attribution_json(review.total)},
      {"net_pnl_by_fills", Json{{"touch", to_string(s.net_pnl_by_fills.touch)},
                                {"model", to_string(s.net_pnl_by_fills.model)},
                                {"mid", to_string(s.net_pnl_by_fills.mid)}}},
      {"fills", Json{{"touch", mean_json(review.fills.touch)},
                     {"model", mean_json(review.fills.model)},
                     {"mid", mean_json(review.fills.mid)}}},
      {"event_time", Json{{"session_early", mean_json(review.event_time.session_early)},
                          {"as_traded", mean_json(review.event_time.as_traded)},
                          {"session_late", mean_json(review.event_time.session_late)}}},
      {"realised_to_implied_move", mean_json(review.realised_to_implied)},
      {"capacity", Json{{"median_spreads", json_number(review.capacity.median_spreads)},
                        {"median_capital_at_risk", money_or_null(review.capacity.median_capital_at_risk)},
                        {"bound_by", review.capacity.bound_by}}},
      {"entries_halted_from",
       result.entries_halted_from ? Json(to_string(*result.entries_halted_from)) : Json(nullptr)},
      {"look_ahead", look_ahead_json(look_ahead)},
      {"mean_quality_score", json_number(s.mean_quality_score)},
      {"defective_days", s.defective_days},
      {"decided_by", std::move(refusals)}};
  return out.dump(2) + "\n";
}

}  // namespace alaris::host
