// SPDX-License-Identifier: Apache-2.0
#include "report/evidence.hpp"

#include <algorithm>
#include <cmath>
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

/// The best of many looks good by luck: of how many is this one?
std::string variants_row(const TriedVariants& tried) {
  if (!tried.known) return row("Variants tried", "not known how many", "After a search nothing here is evidence.");
  const std::string count = metric("variants_tried", tried.count);
  if (tried.count == 1)
    return row("Variants tried", count,
               "No other configuration of these names, this period and this data was run into this folder. What was "
               "tried elsewhere is not known.");
  return row("Variants tried", count,
             "Configurations of these names, this period and this data among the runs of this folder; what was tried "
             "elsewhere is not known.") +
         row("... P(better than luck)", metric("deflated_sharpe_probability", tried.deflated, decimal(tried.deflated)),
             "Deflated Sharpe ratio: against the best that so many worthless variants are expected to show.");
}

/// Position of a session in the equity curve.
double place_of(const BacktestResult& result, Date date) {
  const auto at = std::lower_bound(result.equity.begin(), result.equity.end(), date,
                                   [](const EquityPoint& p, Date d) { return p.date < d; });
  return static_cast<double>(at - result.equity.begin());
}

ChartLine level(const BacktestResult& result, std::string label, double value) {
  return {std::move(label), "limit", {{0.0, value}, {static_cast<double>(result.equity.size() - 1), value}}};
}

/// Did the trades with the dearer volatility earn more from its crush?
std::string crush_chart(const ReportContent& content) {
  ChartLine crush{"trades", "first", {}, true};
  const auto& trades = content.result.trades;
  for (std::size_t i = 0; i < std::min(trades.size(), content.review.trades.size()); ++i)
    for (const DecisionRecord& d : content.result.decisions) {
      if (entry_order_id(d.candidate.symbol, d.candidate.event_date) != trades[i].id) continue;
      const double ratio = d.candidate.iv30 / d.candidate.rv30;
      const double earned = content.review.trades[i].parts.event_volatility / trades[i].capital_at_risk;
      if (std::isfinite(ratio) && std::isfinite(earned)) crush.points.push_back({ratio, 100 * earned});
    }
  if (crush.points.empty()) return "";
  const auto [low, high] = std::minmax_element(crush.points.begin(), crush.points.end(),
                                               [](const ChartPoint& a, const ChartPoint& b) { return a.x < b.x; });
  ChartAxis axis;
  for (const double tick : round_ticks(low->x, std::max(high->x, low->x + 0.1), 6)) {
    axis.ticks.push_back({tick, fmt::format("{:.2f}", tick)});
    axis.low = std::min(axis.low, tick), axis.high = std::max(axis.high, tick);
  }
  return "<h2>IV30 / RV30 against the crush</h2>" +
         line_chart(
             {"Earned from the crush against IV30 / RV30 at the decision",
              "earned from the announcement's variance, % of capital at risk, upwards; IV30 / RV30 to the right"},
             {&crush, 1}, axis);
}

}  // namespace

ChartAxis session_axis(const BacktestResult& result) {
  ChartAxis axis{{}, 0.0, static_cast<double>(result.equity.size()) - 1.0};
  const std::size_t every = std::max<std::size_t>(1, result.equity.size() / 6);
  for (std::size_t i = every / 2; i < result.equity.size(); i += every)
    axis.ticks.push_back({static_cast<double>(i), to_string(result.equity[i].date)});
  return axis;
}

std::string honesty_section(const ReportContent& content) {
  const BacktestSummary& s = content.summary;
  const BacktestReview& r = content.review;
  std::string rows = row("Trades", metric("return_on_capital_at_risk.count", static_cast<int>(s.return_on_risk.count)),
                         s.return_on_risk.count < 30 ? "Fewer than 30: the sample proves nothing by itself."
                                                     : "One observation a trade; trades of one night are not "
                                                       "independent.");
  rows += row("P(Sharpe ratio above 0)", metric("sharpe_above_zero_probability", s.real_edge, decimal(s.real_edge)),
              "Probabilistic Sharpe ratio, given length, skewness and fat tails.");
  rows += variants_row(content.tried);
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
                 : "") +
         crush_chart(content);
}

namespace {

std::string titled(const char* title, const char* unit, std::span<const ChartLine> lines, const ChartAxis& axis) {
  return fmt::format("<h3>{}</h3>", title) + line_chart({std::string(title) + " by session", unit}, lines, axis);
}

/// Greeks of every spread. The delta is limited at the entry alone: its limit is marked there and nowhere else.
std::string spread_charts(const ReportContent& content, const ChartAxis& axis) {
  const BacktestResult& result = content.result;
  ChartLine at_entry{"at entry", "first", {}, true}, later{"while held", "second", {}, true},
      limit{"limit at entry", "limit", {}, true}, vega{"base volatility, one point", "first", {}, true},
      event_vega{"announcement move, one point", "second", {}, true}, theta{"a session", "first", {}, true};
  for (std::size_t t = 0; t < content.review.trades.size() && t < result.trades.size(); ++t) {
    const auto& greeks = content.review.trades[t].greeks;
    for (std::size_t i = 0; i < greeks.size(); ++i) {
      const double x = place_of(result, greeks[i].date), lot = 100.0 * result.trades[t].contracts;
      (i == 0 ? at_entry : later).points.push_back({x, greeks[i].delta});
      if (i == 0)
        for (const double side : {-1.0, 1.0}) limit.points.push_back({x, side * content.limits.net_delta});
      vega.points.push_back({x, lot * greeks[i].vega});
      if (greeks[i].sigma_event > 0.0) event_vega.points.push_back({x, lot * greeks[i].event_vega});
      theta.points.push_back({x, lot * greeks[i].theta});
    }
  }
  if (at_entry.points.empty()) return "";
  const ChartLine deltas[] = {limit, later, at_entry}, vegas[] = {vega, event_vega};
  return titled("Net delta of a spread", "shares a spread and share", deltas, axis) +
         titled("Vega of the positions", "dollars a position", vegas, axis) +
         titled("Theta of the positions", "dollars a position", {&theta, 1}, axis);
}

/// What the account carried against the limits of the portfolio, in percent of its value.
std::string account_charts(const ReportContent& content, const ChartAxis& axis) {
  const BacktestResult& result = content.result;
  ChartLine event_loss{"loss at two event sigmas, by entry", "first", {}, true};
  for (const DecisionRecord& d : result.decisions)
    if (d.action == DecisionAction::enter && std::isfinite(d.candidate.event_loss / d.candidate.nav))
      event_loss.points.push_back({place_of(result, d.fill_session), 100 * d.candidate.event_loss / d.candidate.nav});
  ChartLine stress{"worst case of the stress set", "first", {}, true}, at_risk{"all positions", "second", {}, true},
      night{"reporting before the next close", "first", {}, true};
  for (const AccountRisk& risk : result.account_risks) {
    const double x = place_of(result, risk.date);
    const double nav = result.equity[static_cast<std::size_t>(x)].nav.dollars();
    if (std::isfinite(risk.stress)) stress.points.push_back({x, 100 * risk.stress / nav});
    at_risk.points.push_back({x, 100 * risk.capital_at_risk / nav});
    if (risk.event_night > 0.0) night.points.push_back({x, 100 * risk.event_night / nav});
  }
  const ChartLine losses[] = {level(result, "limit", 100 * content.limits.event_loss_nav), event_loss},
                  stresses[] = {level(result, "limit", 100 * content.limits.stress_nav), stress},
                  nights[] = {level(result, "limit of one night", 100 * content.limits.event_night_nav), at_risk,
                              night};
  return titled("Loss at two event sigmas", "% of net asset value", losses, axis) +
         titled("Stress loss of the portfolio", "% of net asset value", stresses, axis) +
         titled("Capital at risk", "% of net asset value", nights, axis);
}

}  // namespace

std::string risk_section(const ReportContent& content) {
  if (content.result.equity.size() < 2 || content.result.trades.empty()) return "";
  const ChartAxis axis = session_axis(content.result);
  return "<h2>Risk through time, against its limits</h2>" + spread_charts(content, axis) +
         account_charts(content, axis) +
         "<p class=\"faint\">At closing marks; every session and position is a row of greeks.csv.</p>";
}

}  // namespace alaris::host
