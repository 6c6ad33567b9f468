// SPDX-License-Identifier: Apache-2.0
#pragma once
// The figures of a run, computed once: the table, metrics.json and the report all show these.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <alaris/backtest/performance.hpp>
#include <alaris/backtest/result.hpp>
#include <alaris/backtest/statistics.hpp>

namespace alaris::inline v0 {

struct RuleCount {
  std::string rule;
  int refused = 0;
};

struct BacktestSummary {
  int events = 0;
  int traded = 0;
  int refused = 0;
  int unfilled = 0;
  TradeStatistics trades;       // net, dollars a trade
  MeanEstimate pnl_at_mid;      // before fees, dollars a trade
  MeanEstimate return_on_risk;  // net P&L / capital at risk, per trade: the headline
  EquityStatistics equity;
  TrackRecord record;
  double real_edge = not_known;  // probability that the Sharpe ratio is above 0
  BootstrapInterval mean_trade;  // 95 %, dollars, net
  Money net_pnl;
  ByFill<Money> net_pnl_by_fills;  // of the same trades, fees paid
  Money interest;                  // on cash; in final_nav, in no other figure
  Money fees;
  Money final_nav;
  double mean_quality_score = not_known;
  int defective_days = 0;
  std::vector<RuleCount> refusals;  // by the rule that decided, most frequent first
};

[[nodiscard]] inline BacktestSummary summarise(const BacktestResult& result) {
  BacktestSummary s;
  s.events = static_cast<int>(result.events.size());
  for (const EventOutcome& event : result.events) {
    if (event.outcome == "traded") ++s.traded;
    if (event.outcome == "refused") ++s.refused;
    if (event.outcome == "not_filled") ++s.unfilled;
    if (event.outcome == "traded") continue;
    const auto at = std::find_if(s.refusals.begin(), s.refusals.end(),
                                 [&](const RuleCount& count) { return count.rule == event.decided_by; });
    if (at == s.refusals.end())
      s.refusals.push_back({event.decided_by, 1});
    else
      ++at->refused;
  }
  std::stable_sort(s.refusals.begin(), s.refusals.end(), [](const RuleCount& a, const RuleCount& b) {
    return a.refused != b.refused ? a.refused > b.refused : a.rule < b.rule;
  });

  std::vector<double> net, at_mid, on_risk, nav;
  for (const TradeRecord& trade : result.trades) {
    net.push_back(trade.pnl.dollars());
    at_mid.push_back(trade.pnl_at_mid.dollars());
    on_risk.push_back(trade.pnl.dollars() / trade.capital_at_risk);
    s.net_pnl += trade.pnl;
    for (const FillModel model : fill_models) s.net_pnl_by_fills[model] += trade.pnl_by_fills[model];
    s.fees += trade.fees;
  }
  // What cash earns by itself is no result of the strategy: its statistics are those of the rest.
  for (const EquityPoint& point : result.equity) nav.push_back((point.nav - point.interest).dollars());
  s.trades = trade_statistics(net);
  s.pnl_at_mid = estimate_mean(at_mid);
  s.return_on_risk = estimate_mean(on_risk);
  s.equity = equity_statistics(nav);
  s.record = track_record(nav);
  s.real_edge = probabilistic_sharpe(s.record);
  s.mean_trade = bootstrap_mean(net);
  if (!result.equity.empty()) {
    s.final_nav = result.equity.back().nav;
    s.interest = result.equity.back().interest;
  }

  double total = 0.0;
  int scored = 0;
  for (const QualityRecord& day : result.quality) {
    if (!day.defect.empty()) ++s.defective_days;
    if (day.score == day.score) total += day.score, ++scored;
  }
  if (scored > 0) s.mean_quality_score = total / scored;
  return s;
}

}  // namespace alaris::inline v0
