// SPDX-License-Identifier: Apache-2.0
#include "report/evidence.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include <fmt/format.h>

#include "report/chart.hpp"
#include "report/figures.hpp"
#include "report/html.hpp"

namespace alaris::host {
namespace {

std::string row(std::string_view question, const std::string& answer, std::string_view meaning) {
  return fmt::format("<tr><td>{}</td><td class=\"number\">{}</td><td class=\"wide faint\">{}</td></tr>", question,
                     answer, meaning);
}

std::string look_ahead_row(const LookAheadCheck& check) {
  if (!check.not_made.empty()) return row("Look-ahead check", "not made", escaped(check.not_made));
  if (!check.differences.empty())
    return row("Look-ahead check", "<b class=\"bad\">FAILED</b>", escaped(check.differences.front()));
  if (check.borders.empty()) return row("Look-ahead check", "n/a", "There was no session to check.");
  return row("Look-ahead check", "<b class=\"good\">passed</b>",
             fmt::format("The future was cut off and made wrong after {} sessions: nothing decided, traded or booked "
                         "before them changed.",
                         check.borders.size()));
}

/// Position of a session in the equity curve.
double place_of(const BacktestResult& result, Date date) {
  const auto at = std::lower_bound(result.equity.begin(), result.equity.end(), date,
                                   [](const EquityPoint& p, Date d) { return p.date < d; });
  return static_cast<double>(at - result.equity.begin());
}

std::vector<ChartTick> ticks_of(const BacktestResult& result) {
  std::vector<ChartTick> ticks;
  const std::size_t every = std::max<std::size_t>(1, result.equity.size() / 6);
  for (std::size_t i = every / 2; i < result.equity.size(); i += every)
    ticks.push_back({static_cast<double>(i), to_string(result.equity[i].date)});
  return ticks;
}

ChartLine level(const BacktestResult& result, std::string label, double value) {
  return {std::move(label), "limit", {{0.0, value}, {static_cast<double>(result.equity.size() - 1), value}}};
}

}  // namespace

std::string honesty_section(const ReportContent& content) {
  const BacktestSummary& s = content.summary;
  const BacktestReview& r = content.review;
  std::string rows = row("Trades", metric("return_on_capital_at_risk.count", static_cast<int>(s.return_on_risk.count)),
                         s.return_on_risk.count < 30 ? "Fewer than 30: the sample proves nothing by itself."
                                                     : "One observation a trade; trades of one night are not "
                                                       "independent.");
  rows += row("P(Sharpe ratio above 0)", metric("sharpe_above_zero_probability", s.real_edge, decimal(s.real_edge)),
              "Probabilistic Sharpe ratio, given length, skewness and fat tails. One variant was tried; after a search "
              "use the deflated one of <code>backtest sweep</code>.");
  if (r.fills.touch.count > 0) {
    rows += row("The same trades at the touch", mean_in_dollars("fills.touch", r.fills.touch), "Dollars a trade, net.");
    rows += row("... by the fill model", mean_in_dollars("fills.model", r.fills.model), "A share of the half-spread.");
    rows += row("... at mid", mean_in_dollars("fills.mid", r.fills.mid), "Before fees: a price that nobody gets.");
  }
  rows += look_ahead_row(content.look_ahead);
  if (r.event_time.as_traded.count > 0) {
    rows += row("Report a session earlier than thought",
                mean_in_dollars("event_time.session_early", r.event_time.session_early),
                "The same spreads at mid, bought and sold a session early: neither crush nor move.");
    rows += row("... as traded", mean_in_dollars("event_time.as_traded", r.event_time.as_traded),
                fmt::format("At mid; trades with quotes on all six sessions: {}.",
                            metric("event_time.as_traded.count", static_cast<int>(r.event_time.as_traded.count))));
    rows += row("... a session later", mean_in_dollars("event_time.session_late", r.event_time.session_late),
                "Bought after the report at what was left.");
  }
  if (std::isfinite(r.capacity.median_capital_at_risk))
    rows += row("Capacity, median trade",
                metric("capacity.median_capital_at_risk", to_string(Money::rounded(r.capacity.median_capital_at_risk)),
                       dollars(r.capacity.median_capital_at_risk)),
                fmt::format("At risk within the liquidity limits, {} spreads; bound by {}.",
                            metric("capacity.median_spreads", r.capacity.median_spreads,
                                   fmt::format("{:g}", r.capacity.median_spreads)),
                            escaped(r.capacity.bound_by)));
  return "<h2>How far to believe it</h2><div class=\"scroll\"><table class=\"honest\"><tbody>" + rows +
         "</tbody></table></div>";
}

std::string attribution_section(const ReportContent& content) {
  if (content.review.trades.empty()) return "";
  const Attribution& a = content.review.total;
  const auto bar = [](const char* label, const char* key, double value) {
    return BarRow{label, value,
                  metric(fmt::format("attribution.{}", key), to_string(Money::rounded(value)), dollars(value))};
  };
  const BarRow bars[] = {bar("event volatility", "event_volatility", a.event_volatility),
                         bar("base volatility", "base_volatility", a.base_volatility),
                         bar("theta", "theta", a.theta),
                         bar("gamma over the move", "gamma", a.gamma),
                         bar("delta", "delta", a.delta),
                         bar("carry", "carry", a.carry),
                         bar("cost", "cost", a.cost),
                         bar("residual", "residual", a.residual)};
  int unexplained = 0;
  for (const TradeExplanation& trade : content.review.trades) unexplained += !trade.parts.complete();
  return "<h2>Why it made what it made</h2>" + bar_list(bars) +
         fmt::format(
             "<p class=\"faint\">Dollars, all trades; together the net P&amp;L. Event volatility is the "
             "announcement's variance, its disappearance at the report included; theta is the decay of base "
             "variance alone. The residual is what no volatility explains of the marks, at most {} here{}.</p>",
             metric("attribution.residual_bound", to_string(Money::rounded(a.residual_bound)),
                    dollars(a.residual_bound)),
             unexplained == 0 ? std::string()
                              : fmt::format("; {} trades held something that their marks do not show and "
                                            "exceed it",
                                            unexplained));
}

std::string moves_section(const ReportContent& content) {
  const BacktestReview& r = content.review;
  if (r.moves.empty()) return "";
  ScatterGroup entered{"entered", "second", {}, {}}, refused{"refused", "first", {}, {}};
  for (const PricedMove& move : r.moves) {
    ScatterGroup& group = move.entered ? entered : refused;
    group.points.push_back({100 * move.implied, 100 * move.realised});
    group.names.push_back(move.symbol + " " + to_string(move.date));
  }
  const ScatterGroup groups[] = {std::move(refused), std::move(entered)};
  return "<h2>Implied against realised move</h2>" +
         scatter_chart({"Realised against implied absolute move", "realised, %"}, "implied, %", groups) +
         fmt::format(
             "<p class=\"faint\">{} announcements; realised over implied {} on average{}. Below the diagonal "
             "options were dear.</p>",
             r.moves.size(),
             metric("realised_to_implied_move.mean", r.realised_to_implied.mean, decimal(r.realised_to_implied.mean)),
             std::isfinite(r.realised_to_implied.lower)
                 ? fmt::format(" [{}, {}]", decimal(r.realised_to_implied.lower), decimal(r.realised_to_implied.upper))
                 : "");
}

std::string risk_section(const ReportContent& content) {
  const BacktestResult& result = content.result;
  ChartLine at_entry{"at entry", "first", {}, true}, later{"while held", "second", {}, true};
  ChartLine vega{"base volatility, one point", "first", {}, true},
      event_vega{"announcement move, one point", "second", {}, true};
  for (std::size_t t = 0; t < content.review.trades.size() && t < result.trades.size(); ++t) {
    const auto& greeks = content.review.trades[t].greeks;
    for (std::size_t i = 0; i < greeks.size(); ++i) {
      const double x = place_of(result, greeks[i].date), lot = 100.0 * result.trades[t].contracts;
      (i == 0 ? at_entry : later).points.push_back({x, greeks[i].delta});
      vega.points.push_back({x, lot * greeks[i].vega});
      if (greeks[i].sigma_event > 0.0) event_vega.points.push_back({x, lot * greeks[i].event_vega});
    }
  }
  ChartLine event_loss{"loss at two event sigmas", "first", {}, true};
  for (const DecisionRecord& d : result.decisions)
    if (d.action == DecisionAction::enter && std::isfinite(d.candidate.event_loss / d.candidate.nav))
      event_loss.points.push_back({place_of(result, d.fill_session), 100 * d.candidate.event_loss / d.candidate.nav});
  if (result.equity.size() < 2 || at_entry.points.empty()) return "";
  const std::vector<ChartTick> ticks = ticks_of(result);
  const ChartLine deltas[] = {level(result, "limit at entry", content.limits.net_delta),
                              level(result, "limit at entry", -content.limits.net_delta), at_entry, later};
  const ChartLine losses[] = {level(result, "limit", 100 * content.limits.event_loss_nav), event_loss};
  const ChartLine vegas[] = {vega, event_vega};
  return "<h2>Risk through time, against its limits</h2>" +
         line_chart({"Net delta of a spread by session", "net delta, shares a spread and share"}, deltas, ticks) +
         line_chart({"Loss at two event sigmas by entry", "% of net asset value"}, losses, ticks) +
         line_chart({"Vega of the position by session", "dollars a position"}, vegas, ticks);
}

}  // namespace alaris::host
