// SPDX-License-Identifier: Apache-2.0
#include "store/run_files.hpp"

#include <cmath>
#include <cstdlib>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alaris/market/new_york.hpp>

#include "text/csv.hpp"

namespace alaris::host {
namespace {

using Json = nlohmann::ordered_json;

/// NaN has no JSON number: not known is null.
Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

/// "sell 1 2024-05-10 100 call; buy 1 2024-06-07 100 call"
std::string legs_text(const std::vector<Leg>& legs) {
  std::string text;
  for (const Leg& leg : legs)
    text +=
        fmt::format("{}{} {} {} {:g} {}", text.empty() ? "" : "; ", leg.ratio > 0 ? "buy" : "sell", std::abs(leg.ratio),
                    to_string(leg.contract.expiry), leg.contract.strike.dollars(), name(leg.contract.type));
  return text;
}

Json figures(const Candidate& c) {
  return {{"spot", number(c.spot)},
          {"iv30", number(c.iv30)},
          {"rv30", number(c.rv30)},
          {"rv30_with_events", number(c.rv30_with_events)},
          {"front_iv", number(c.front_iv)},
          {"back_iv", number(c.back_iv)},
          {"front_iv_over_rv30", number(c.front_iv / c.rv30)},
          {"term_slope_per_day", number(c.term_slope_per_day)},
          {"underlying_volume", number(c.underlying_volume)},
          {"sigma_base", number(c.sigma_base)},
          {"sigma_event", number(c.sigma_event)},
          {"sigma_physical", number(c.sigma_physical)},
          {"implied_move", number(c.implied_move)},
          {"past_events", number(c.past_events)},
          {"debit_mid", number(c.debit_mid)},
          {"debit_natural", number(c.debit_natural)},
          {"round_trip_cost", number(c.round_trip_cost)},
          {"expected_pnl", number(c.expected_pnl)},
          {"net_delta", number(c.net_delta)},
          {"capital_at_risk", number(c.capital_at_risk)},
          {"event_loss", number(c.event_loss)},
          {"quality_score", number(c.quality_score)},
          {"kelly", number(c.kelly)}};
}

Json mean_json(const MeanEstimate& mean) {
  return {{"count", mean.count},
          {"mean", number(mean.mean)},
          {"lower_95", number(mean.lower)},
          {"upper_95", number(mean.upper)}};
}

}  // namespace

std::string decisions_jsonl(const BacktestResult& result) {
  std::string out;
  for (const DecisionRecord& d : result.decisions) {
    const Candidate& c = d.candidate;
    Json findings = Json::array();
    for (const Finding& f : d.findings)
      findings.push_back({{"rule", f.rule->name},
                          {"code", f.rule->code},
                          {"outcome", name(f.outcome())},
                          {"excused", f.excused},
                          {"observed", number(f.seen.observed)},
                          {"relation", symbol(f.rule->required)},
                          {"limit", number(f.seen.limit)},
                          {"unit", f.rule->unit},
                          {"margin", number(f.margin())}});
    const Json line{{"schema", "alaris/decision/1"},
                    {"at", new_york_text(d.at)},
                    {"fill_session", to_string(d.fill_session)},
                    {"symbol", c.symbol},
                    {"event_date", to_string(c.event_date)},
                    {"session", name(c.session)},
                    {"session_derived", c.session_derived},
                    {"action", name(d.action)},
                    {"decided_by", d.decided_by},
                    {"reason", d.reason},
                    {"contracts", d.contracts},
                    {"size_bound_by", c.size_bound_by},
                    {"legs", c.spread ? legs_text(c.spread->legs()) : ""},
                    {"figures", figures(c)},
                    {"findings", std::move(findings)}};
    out += line.dump() + "\n";
  }
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

std::string trades_csv(const BacktestResult& result) {
  std::string out =
      "trade_id,symbol,event_date,session,structure,strike,front,back,contracts,entered,exited,paid,received,paid_at_"
      "mid,"
      "received_at_mid,implied_move,realised_move,fees,pnl,pnl_at_mid,capital_at_risk,exit_reason\n";
  for (const TradeRecord& t : result.trades)
    out += csv_row({csv_field(t.id),
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
                    std::string(name(t.exit_reason))});
  return out;
}

std::string equity_csv(const BacktestResult& result) {
  std::string out = "date,cash,nav,nav_at_mid,open_spreads\n";
  for (const EquityPoint& p : result.equity)
    out += csv_row({to_string(p.date), to_string(p.cash), to_string(p.nav), to_string(p.nav_at_mid),
                    std::to_string(p.open_spreads)});
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

std::string metrics_json(const BacktestSummary& s) {
  Json refusals = Json::object();
  for (const RuleCount& count : s.refusals) refusals[count.rule] = count.refused;
  const Json out{{"schema", "alaris/metrics/1"},
                 {"events", s.events},
                 {"traded", s.traded},
                 {"refused", s.refused},
                 {"not_filled", s.unfilled},
                 {"net_pnl", to_string(s.net_pnl)},
                 {"fees", to_string(s.fees)},
                 {"final_nav", to_string(s.final_nav)},
                 {"return_on_capital_at_risk", mean_json(s.return_on_risk)},
                 {"pnl_per_trade", mean_json(s.trades.pnl)},
                 {"pnl_per_trade_at_mid", mean_json(s.pnl_at_mid)},
                 {"win_rate", number(s.trades.pnl.count
                                         ? static_cast<double>(s.trades.wins) / static_cast<double>(s.trades.pnl.count)
                                         : std::nan(""))},
                 {"profit_factor", number(s.trades.profit_factor)},
                 {"total_return", number(s.equity.total_return)},
                 {"sharpe", number(s.equity.sharpe)},
                 {"max_drawdown", number(s.equity.max_drawdown)},
                 {"mean_quality_score", number(s.mean_quality_score)},
                 {"defective_days", s.defective_days},
                 {"decided_by", std::move(refusals)}};
  return out.dump(2) + "\n";
}

}  // namespace alaris::host
